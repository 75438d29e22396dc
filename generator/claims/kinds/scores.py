"""How many scores attention has: "a causal mask hides 10 of the 25 scores of 5 tokens", "2,000 tokens → 4M".

T tokens have T² scores a head. A causal mask hides T(T-1)/2 of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.claims.candidate import Candidate, Reading, claiming, number_reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import whole

KIND = "sequence shape"

TOKENS = wordset("token tokens words positions timesteps symbols")
SCORES = wordset("score scores entries")
TOPIC = wordset("score scores causal attention self-attention")
HIDDEN = wordset(
    "mask masked masks hidden hides hide -inf inf infinity blocked blocks removed zero forbidden set"
)
KEPT = wordset(
    "give survive survives survived remain remains left kept stay visible allowed unmasked keeps"
)
MANY = wordset("layer layers batch heads")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of attention scores."""
    if not any(each.words & TOPIC for each in context.sentences):
        return
    for sentence in context.sentences:
        words = {each.gist for each in sentence.pieces}
        if sentence.question or words & MANY:
            continue
        lengths = [at for at in range(len(sentence.pieces)) if _length(sentence, at)]
        for at, piece in enumerate(sentence.pieces):
            stated = piece.quantity
            if stated is None or piece.sort is not Sort.NUMBER or at in lengths or piece.numeral:
                continue
            length = _of(sentence, lengths, at)
            reading = _reading(sentence, at, length, causal="causal" in words) if length else None
            if reading is not None:
                used = tuple(sentence.pieces[each].start for each in lengths)
                yield claiming(KIND, sentence, piece, stated, (reading,), used=used, decisive=True)


def _length(sentence: Sentence, at: int) -> bool:
    """Whether a number counts tokens: "5 tokens", "T = 8 positions"."""
    pieces = sentence.pieces
    if whole(pieces[at]) is None or pieces[at].sort is not Sort.NUMBER:
        return False
    after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
    return after in TOKENS


def _of(sentence: Sentence, lengths: Sequence[int], at: int) -> int:
    """The number of tokens that a number of scores belongs to: the last before it, or the only one."""
    before = [each for each in lengths if each < at]
    chosen = before[-1:] or (list(lengths) if len(lengths) == 1 else [])
    found = whole(sentence.pieces[chosen[0]]) if chosen else None
    return found[0] if found else 0


def _reading(sentence: Sentence, at: int, length: int, *, causal: bool) -> Reading | None:
    """What a number of scores has to be: all of them, those that a mask hides, or those it leaves."""
    pieces = sentence.pieces
    gists = [each.gist for each in pieces]
    following = gists[at + 1 : at + 3]
    part_of_all = following[:1] == ["of"]
    counted = any(gist in SCORES for gist in gists[at + 1 : at + 4] if gist != "of")
    every = f"attention_scores({length})"
    if part_of_all or (causal and not counted and following[:1] and following[0] in KEPT):
        nearby = gists[at + 1 : _end(pieces, at)]
        left = next((each for told in (HIDDEN, KEPT) for each in nearby if each in told), "")
        before = gists[max(0, at - 4) : at]
        hidden = left in HIDDEN if left else bool({*before} & HIDDEN)
        if not left and not {*before} & (HIDDEN | KEPT):
            return None
        count = length * (length - 1) // 2
        if hidden and causal:
            how = f"{length}·({length} - 1)/2 = {count:,}"
            return number_reading(count, how, f"masked_scores({length})")
        kept = length * length - count
        how = f"{length}·({length} + 1)/2 = {kept:,}"
        return number_reading(kept, how, f"{every} - masked_scores({length})") if causal else None
    if counted or (not causal and _ends(pieces, at)):
        return number_reading(length * length, f"{length}² = {length * length:,}", every)
    return None


def _end(pieces: Sequence[Piece], at: int) -> int:
    """Where what is said of a number ends: at the next stop, or an "and" with a number of its own."""
    for here in range(at + 1, len(pieces)):
        if pieces[here].gist in (",", ";", "(", ")") or (
            pieces[here].gist == "and"
            and any(each.quantity is not None for each in pieces[here + 1 : here + 3])
        ):
            return here
    return len(pieces)


def _ends(pieces: Sequence[Piece], at: int) -> bool:
    """Whether nothing is counted by a number: "over 2,000 tokens → 2M", "over 1,000 tokens 500,000"."""
    if at + 1 >= len(pieces):
        return True
    return pieces[at + 1].gist in (",", ";", ".", "(", ")") or pieces[at + 1].titled
