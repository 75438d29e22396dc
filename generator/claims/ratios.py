"""The ratios that a sentence states: "45 % fewer", "8.4 times less", "a factor of 17", "a quarter of them"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.expression import Call, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Hedge, Quantity, quantity

LESS = wordset(
    "fewer less lessthan cheaper save saves saved saving savings reduction reduces reduce reducing smaller lower "
    "cut cuts drop drops shrinks falls down off"
)
MORE = wordset("more morethan larger bigger higher extra additional heavier expensive greater")
BACK = wordset("this that these those them it which")
PERCENT = pattern(r"<p:#> percent|<e:%>")
FACTOR = pattern(
    r"<f:#> (?:x|times|\*|fold) (?:<*so as about the parameter weight number of mult*>)(?:fewer|less|"
    r"lessthan|cheaper|smaller|more|morethan|many|much|larger|bigger|expensive|lower|what|this|that|the)|"
    r"factor (?:of )?<g:#>"
)
PARTS: Mapping[str, Fraction] = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "tenth": Fraction(1, 10),
    "thirds": Fraction(1, 3),
    "quarters": Fraction(1, 4),
    "fifths": Fraction(1, 5),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
    "ninth": Fraction(1, 9),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated share in per cent (``scale`` 100), as a factor (1), or as part of one (0)."""

    piece: Piece
    index: int
    quantity: Quantity
    scale: int


def ratios(sentence: Sentence) -> Iterator[Stated]:
    """The shares and factors of a sentence."""
    for found in sentence.find(PERCENT):
        piece = found.get("p") or found["e"]
        share, given = piece.expression, piece.quantity
        if given is None:
            continue
        if piece.sort is Sort.EXPRESSION:
            match share:
                case Call("percent", Number(value, place, text)):
                    plain = replace(quantity(value, f"{text} %"), place=place, rounded=True)
                    yield Stated(piece, sentence.index_of(piece), plain.hedged(given.hedge), 100)
                case _:
                    pass
        else:
            yield Stated(piece, sentence.index_of(piece), replace(given, rounded=True), 100)
    for found in sentence.find(FACTOR):
        piece = found.get("f") or found["g"]
        index = sentence.index_of(piece)
        ranged = "between" in {each.gist for each in sentence.pieces[max(0, index - 3) : index]}
        if piece.quantity is not None and piece.quantity.value > 1 and not ranged:
            given = replace(piece.quantity, rounded=True)
            yield Stated(piece, index, given.hedged(_hedge(sentence, index)), 1)
    yield from _parts(sentence)


def _parts(sentence: Sentence) -> Iterator[Stated]:
    """ "A quarter of them", "less than half of this", "three quarters of the …"."""
    pieces = sentence.pieces
    for at, piece in enumerate(pieces):
        if piece.gist not in PARTS:
            continue
        following = [each.gist for each in pieces[at + 1 : at + 4]]
        if not (_of_amount(following) or _of_both(pieces, at)):
            continue
        before = pieces[at - 1] if at else None
        times = before.quantity if before is not None else None
        value = PARTS[piece.gist] * (times.value if times is not None else 1)
        hedge = _hedge(sentence, at)
        hedge = Hedge.ABOUT if hedge is Hedge.NONE else hedge
        text = piece.word if times is None else f"{times.text} {piece.word}"
        yield Stated(piece, at, replace(quantity(value, text), hedge=hedge), 0)


def _of_amount(following: Sequence[str]) -> bool:
    """Whether a part is one of something pointed at, or of a number: "a third of that", "of the 120M"."""
    if following[:1] != ["of"] or len(following) < 2:
        return False
    number = following[1] in ("the", "its", "their") and following[2:3] and following[2][0] == "#"
    return following[1] in BACK | {"what"} or bool(number)


def _of_both(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a part ends its clause: "which is about a third"."""
    after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    whole = (before and before[-1] in ("a", "one")) or (at > 0 and pieces[at - 1].numeral)
    told = {"be", "→", "so", "i.e", "=", "about", "only", "that"} & set(before)
    return bool(whole and told) and after in ("", ",", ";", ")")


def _hedge(sentence: Sentence, at: int) -> Hedge:
    """What the words before a ratio make of it, where it is no number with a place of its own."""
    before = {each.gist for each in sentence.pieces[max(0, at - 2) : at]}
    if before & {"lessthan", "under"}:
        return Hedge.UNDER
    if before & {"morethan", "over"}:
        return Hedge.OVER
    return Hedge.ABOUT if before & {"some", "about"} else Hedge.NONE


def near_words(sentence: Sentence, index: int) -> frozenset[str]:
    """The words beside a share, in its own clause."""
    stops = (",", ";", "(", ")", "instead", "against", "versus", "vs", "compared")
    first = last = index
    while first > max(0, index - 6) and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    end = min(len(sentence.pieces), index + 5)
    while last + 1 < end and sentence.pieces[last + 1].gist not in stops:
        last += 1
    return frozenset(each.gist for each in sentence.pieces[first : last + 1])
