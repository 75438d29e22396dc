"""What the letters of a statement's formulas stand for, as its words say.

"Stride s", "an f×f filter", "where c_in is the number of channels coming in", "from m inputs to n
units": each gives the kinds ("stride", "kernel", "inputs" …) that a letter may be.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.claims.expression import Binary, Expression, Name
from generator.claims.laws import usual
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

# Nouns by what they make of a letter beside them; the first row that fits counts.
_KINDS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (wordset(words), wordset(kinds))
    for words, kinds in (
        ("stride", "stride"),
        ("strides jump", "stride jump"),
        ("pad zeros", "pad"),
        ("dilation rate", "dilation"),
        ("filters", "outputs"),
        ("filter window", "kernel"),
        ("heads head", "heads"),
        ("vocab vocabulary", "vocab"),
        ("layer conv", "depth"),
        ("hidden state", "hidden outputs"),
        ("unit class neurons output outputs", "outputs hidden size"),
        ("token tokens sequence context", "tokens"),
        ("embedding model", "width"),
        ("rf", "rf"),
        ("input image", "inputs size"),
        ("features feature", "inputs outputs width"),
        ("width", "size width"),
        ("map fmap volume height side size resolution length", "size"),
    )
)
_CHANNELS = wordset("channel maps planes depth")
_INWARD = wordset("input incoming coming entering rgb incoming deep")
_OUTWARD = wordset("output outgoing out going leaving")
_SIDES = wordset("size side sides width height length")
_COUNTING = wordset("number many count")
_COPULA = wordset("be : denotes denoting for stands counts being means as")
_STOPS = wordset(", ; ( ) [ ] . and but so with")
_VERBS = wordset("map fmap")  # "a layer that maps m inputs"
_NEAR = 7


def described(sentences: Sequence[Sentence], wanted: frozenset[str]) -> dict[str, frozenset[str]]:
    """Give the kinds that the words beside each wanted letter allow, where they agree on some."""
    found: dict[str, frozenset[str]] = {}
    for sentence in sentences:
        pieces = sentence.pieces
        for at, piece in enumerate(pieces):
            for letter in wanted.intersection(_letters(piece)):
                meant = _way(pieces, at) or _kinds_of(pieces, at)
                if isinstance(piece.expression, Binary):  # "a k×k conv", "k×k kernels"
                    if meant == {"depth"}:
                        meant = usual(letter) & {"kernel"}
                    elif "outputs" in meant:
                        meant = frozenset(("kernel",))
                if meant:
                    found[letter] = found.get(letter, meant) & meant
    return {letter: meant for letter, meant in found.items() if meant}


_FEATURES = wordset("channel input output unit features feature neurons")


def _way(pieces: Sequence[Piece], at: int) -> frozenset[str]:
    """What "from C to K channels" makes of its letters: inputs and outputs."""
    before = pieces[at - 1].gist if at else ""
    near = [each.gist for each in pieces[max(0, at - 4) : at + 5]]
    if not _FEATURES & set(near):
        return frozenset()
    if before == "from" and "to" in near[min(at, 4) :]:
        return frozenset(("inputs",))
    if before == "to" and "from" in near[: min(at, 4)]:
        return frozenset(("outputs",))
    return frozenset()


def _letters(piece: Piece) -> tuple[str, ...]:
    """The letter that a piece is, or the one that it is a square of: "n×n"."""
    if piece.word in ("i", "x"):
        return (piece.word,)
    if piece.sort is not Sort.SYMBOLIC or piece.expression is None:
        return ()
    found = _sides(piece.expression)
    return (found[0],) if found and len(set(found)) == 1 else ()


def _sides(expression: Expression) -> tuple[str, ...]:
    match expression:
        case Name(name):
            return (name,)
        case Binary("*", left, right) if not expression.bracketed:
            one, other = _sides(left), _sides(right)
            return one + other if one and other else ()
        case _:
            return ()


def _kinds_of(pieces: Sequence[Piece], at: int) -> frozenset[str]:
    before = _words(pieces, at, -1)
    after = _words(pieces, at, 1)
    following = pieces[at + 1].gist if at + 1 < len(pieces) else ""
    if following in ("=", "≈", "+", "-", "*", "/", "^"):
        after = []
    adjacent = bool(before) and before[-1] not in _VERBS and bool(kinds(before[-1:]))
    if following in _COPULA and not (adjacent and following == ":") and (meant := kinds(after)):
        return meant
    if adjacent:
        sized = before[-1] in _SIDES and {"filters", "filter", "conv"} & set(before)
        return frozenset(("kernel",)) if sized else kinds(before)
    if following == "the" and (meant := kinds(after)):
        return meant
    if after[:1] == ["filters"]:
        return frozenset(("outputs",))
    return kinds(after[:3])


def _words(pieces: Sequence[Piece], at: int, step: int) -> list[str]:
    """The words beside a piece, up to a stop or another letter, in reading order."""
    found: list[str] = []
    at += step
    while 0 <= at < len(pieces) and len(found) < _NEAR:
        piece = pieces[at]
        at += step
        if piece.sort is Sort.SIZE:  # "K 1×1 filters"
            continue
        if piece.sort not in (Sort.WORD, Sort.MARK) or piece.gist in _STOPS:
            break
        found.append(piece.gist)
    return found if step > 0 else found[::-1]


def kinds(words: Sequence[str]) -> frozenset[str]:
    """Give the kinds that the words of a phrase name."""
    said = set(words)
    if said & _COUNTING and "filter" in said:
        return frozenset(("outputs",))
    if said & _CHANNELS and not said & {"stride", "pad"}:
        if said & _INWARD:
            return frozenset(("inputs",))
        if said & _OUTWARD:
            return frozenset(("outputs",))
        return frozenset(("inputs", "outputs", "channels"))
    for nouns, meant in _KINDS:
        if said & nouns:
            return meant
    return frozenset()
