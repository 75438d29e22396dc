"""Numbers of recurrent cells and of attention that follow from their equations: gates, sums, scales, tables.

An LSTM has three gates and a candidate, a GRU two and one; the weights of attention sum to 1, its scores
are divided by √d_k and make a table of queries × keys; a filter of a grouped convolution sees the channels
of its group.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, number_reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.sayings.convolutions import SEEING
from generator.claims.wording import NEGATIONS, STOPS, Term, Words

KIND = "sequence shape"


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of gates, sums and scales of attention, tables of scores, channels of a group."""
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        if sentence.question or words.has("if", "would", "could", "not", "never"):
            continue
        for find in (_gates, _sums, _scales, _tables, _grouped):
            yield from find(sentence, words)


def _stated(
    sentence: Sentence, piece: Piece, readings: tuple[Reading, ...], *used: Piece
) -> Candidate:
    stated = piece.quantity if piece.quantity is not None else piece.size
    places = tuple(each.start for each in used)
    return claiming(KIND, sentence, piece, stated, readings, used=places)


# ------------------------------------------------------------------ gates

CELLS = {"lstm": 3, "lstms": 3, "gru": 2, "grus": 2}
OTHER_CELLS = wordset(
    "peephole peepholes coupled minimal mgu bidirectional layers layer stacked more fewer than less"
)


def _gates(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "An LSTM has three gates, a GRU two"; by another count the candidate is a gate, too."""
    if not words.has("gate", "gates") or words.has(OTHER_CELLS):
        return
    cells = [at for at in range(len(words.terms)) if words.terms[at].spellings & CELLS.keys()]
    for nth, at in enumerate(cells):
        end = cells[nth + 1] if nth + 1 < len(cells) else len(words.terms)
        numbers = [each for each in range(at + 1, end) if _plain(words.terms[each])]
        if len(numbers) != 1 or not _gated(words, numbers[0], end):
            continue
        cell = next(iter(words.terms[at].spellings & CELLS.keys())).removesuffix("s")
        count = CELLS[cell]
        layer = f"nn.{cell.upper()}(8, 16)"
        source = f"{layer}.weight_ih_l0.shape[0] // 16"
        how = f"{'an LSTM' if cell == 'lstm' else 'a GRU'} has {count} gates and a candidate"
        blocks = Reading(Fraction(count + 1), how, source, doubtful=True)
        readings = (number_reading(count, how, f"{source} - 1"), blocks)
        yield _stated(sentence, words.terms[numbers[0]].piece, readings)


def _plain(term: Term) -> bool:
    return term.piece.quantity is not None and 0 < term.count < 100


def _gated(words: Words, at: int, end: int) -> bool:
    """Whether a number counts gates, or stands where the gates of a cell before it were counted."""
    if words.part(at + 1, at + 3).has("gate", "gates"):
        return True
    alone = at + 1 >= end or words.terms[at + 1].means(STOPS | {".", "and"})
    return alone and words.part(0, at).has("gate", "gates")


# ------------------------------------------------------------------ sums of attention weights

SUMMING = wordset("sum sums add adds summing")


def _sums(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "The attention weights of a query sum to 1"."""
    weights = words.has("attention", "softmax", "alpha", "α") and words.has(
        "weight", "row", "rows", "softmax", "alpha", "probabilities"
    )
    if not weights or words.has("column", "columns", "head", "heads", "parameter"):
        return
    for at in words.at(SUMMING):
        number = next((e for e in words.terms[at + 1 : at + 4] if e.piece.quantity), None)
        summed = words.terms[at].piece.gist == "be" or words.part(at, at + 3).has("to", "up")
        if number is None or number.piece.numeral or not summed:
            continue
        source = "round(float(torch.softmax(torch.rand(7), 0).sum()), 4)"
        reading = number_reading(1, "a softmax's outputs sum to 1", source)
        yield _stated(sentence, number.piece, (reading,))


# ------------------------------------------------------------------ the scale of scores

WIDTHS = wordset("d_k d_q d_head")
DIVIDED = wordset("divided divide divides scaled scale dividing")


def _scales(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "d_k = 64, so the scores are divided by 8"."""
    places = [at for at in words.at(DIVIDED) if words.part(at + 1, at + 4).has("by")]
    if not places or words.has("heads", "head"):
        return
    width = next((
        words.terms[at + 2] for at in words.at(WIDTHS)
        if words.part(at + 1, at + 2).has("=", "be", "of") and _counted(words.part(at + 2, at + 3))
    ), None)  # fmt: skip
    after = words.terms[places[0] + 1 : places[0] + 4]
    stated = next((each for each in after if each.piece.quantity is not None), None)
    if width is None or stated is None or stated is width:
        return
    value = Fraction(str(round(width.count**0.5, 9)))
    how = f"√{width.count} = {float(value):g}"
    source = f"{width.count} ** 0.5"
    yield _stated(sentence, stated.piece, (number_reading(value, how, source),), width.piece)


def _counted(words: Words) -> bool:
    return bool(words.terms) and words.terms[0].count > 0


# ------------------------------------------------------------------ tables of scores

QUERIES = wordset("query queries")
KEYS = wordset("key keys")
SCORED = wordset("score scores table attention →")
OTHER_MATRICES = wordset("k v q k^t kt output values")


def _tables(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "QKᵀ for 20 queries and 50 keys is 20×50"; "KQᵀ" is the other way round."""
    counts = [_count_before(words, noun) for noun in (QUERIES, KEYS)]
    sizes = [each for each in words.terms if len(each.piece.size) == 2]
    if len(sizes) != 1 or counts[0] is None or counts[1] is None:
        return
    if any(name.startswith(("kq", "k^tq")) for name in words.known) or words.has("head", "heads"):
        return
    if not words.has(SCORED) and not any(name.startswith("qk") for name in words.known):
        return
    if words.has(OTHER_MATRICES):
        return
    shape = (counts[0].count, counts[1].count)
    source = (
        f'tuple((torch.empty({shape[0]}, 8, device="meta") @ '
        f'torch.empty({shape[1]}, 8, device="meta").T).shape)'
    )
    how = f"{shape[0]} queries for {shape[1]} keys"
    reading = Reading(shape, how, source)
    yield _stated(sentence, sizes[0].piece, (reading,), counts[0].piece, counts[1].piece)


def _count_before(words: Words, noun: frozenset[str]) -> Term | None:
    """The number right before a noun."""
    found = [words.terms[at - 1] for at in words.at(noun) if at and words.terms[at - 1].count > 0]
    return found[0] if len(found) == 1 else None


# ------------------------------------------------------------------ channels of a group

OF_CHANNELS = wordset("channel maps map fmap")


def _grouped(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "With 4 groups on 64 channels each filter sees 16 of them"."""
    number = _groups(words)
    if (
        number is None
        or not words.has("filter", "filters")
        or words.has("weight", "parameter", *NEGATIONS)
    ):
        return
    seen = [at for at in words.at(SEEING | wordset("covers cover spans depth deep")) if at]
    seen = [at for at in seen if words.part(at - 5, at).has("filter", "filters")]
    stated = next((place for at in seen if (place := _channels(words, at)) is not None), None)
    inputs = _inputs(words, stated, number)
    if stated is None or inputs is None or inputs.count % number.count:
        return
    value = inputs.count // number.count
    source = f"nn.Conv2d({inputs.count}, {inputs.count}, 3, groups={number.count}).weight.shape[1]"
    reading = number_reading(value, f"{inputs.count}/{number.count} = {value}", source)
    again = [e.piece for e in words.terms if e.count == inputs.count]
    yield _stated(sentence, words.terms[stated].piece, (reading,), number.piece, *again)


def _channels(words: Words, seen: int) -> int | None:
    """Where it stands how many channels are seen, behind a verb or "depth"."""
    after = range(seen + 1, min(seen + 5, len(words.terms)))
    stated = next((at for at in after if words.terms[at].piece.quantity is not None), None)
    if stated is None:
        return None
    depth = words.part(seen, stated).has("depth", "deep")
    return stated if depth or words.part(stated + 1, stated + 4).has(OF_CHANNELS, "of") else None


def _groups(words: Words) -> Term | None:
    """The number of groups: "groups=4", "in 2 groups"."""
    for at in words.at(wordset("groups group")):
        near = [*words.terms[at + 1 : at + 3], *words.terms[max(0, at - 1) : at]]
        if found := next((each for each in near if each.count > 1), None):
            return found
    return None


def _inputs(words: Words, stated: int | None, number: Term) -> Term | None:
    """The channels that go in: "64→64", "over 12 channels", all numbers of channels but the stated one."""
    arrows = [
        words.terms[at - 1] for at in words.at(wordset("→")) if at and words.terms[at - 1].count
    ]
    if len(arrows) == 1:
        return arrows[0]
    found = [
        each
        for at, each in enumerate(words.terms)
        if at != stated and each is not number and each.count > 1
        and words.part(at + 1, at + 3).has(OF_CHANNELS)
        and not words.part(at + 1, at + 3).has("output")
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None
