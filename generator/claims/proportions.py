"""What one amount is of another, as a clause says it: "three quarters of", "25 % fewer than", "four times"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.expression import Call, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, quantity
from generator.claims.ratios import PARTS

LESS = wordset("fewer less lessthan smaller lighter cheaper lower")
MORE = wordset("more morethan larger bigger heavier higher extra additional")
SAVING = wordset("saves save saving")
TIMES = wordset("times x * fold")
EXACT = Fraction(1, 100)  # how far the share that a word says may be off
WORDED = {"twice": 2, "double": 2, "doubles": 2, "triple": 3, "thrice": 3}


@dataclass(frozen=True, slots=True)
class Proportion:
    """A stated proportion. ``scale`` is 100 for per cent; ``change`` is -1 where so much less is meant, 1
    where so much more, 0 where so much of it; ``inverse`` is set for "three times fewer"."""

    piece: Piece
    index: int
    quantity: Quantity
    scale: int = 1
    change: int = 0
    inverse: bool = False

    def of(self, ratio: Fraction) -> Fraction:
        """What would be stated of this ratio."""
        if self.inverse:
            return 1 / ratio
        return self.scale * (self.change * (ratio - 1) if self.change else ratio)

    def source(self, ratio: str) -> str:
        """The same in Python."""
        if self.inverse:
            return f"1 / ({ratio})"
        inner = f"{self.change} * ({ratio} - 1)" if self.change else ratio
        return f"{self.scale} * ({inner})"


def proportions(sentence: Sentence) -> Iterator[Proportion]:
    """Find the proportions of a sentence."""
    pieces = sentence.pieces
    for at in range(len(pieces)):
        found = _percent(pieces, at) or _part(pieces, at) or _times(pieces, at)
        if found is not None:
            yield found


def _change(pieces: Sequence[Piece], at: int) -> int:
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    for gist in after:
        if gist in LESS:
            return -1
        if gist in MORE:
            return 1
        if gist in (",", ";", "of", ")"):
            break
    before = {each.gist for each in pieces[max(0, at - 3) : at]}
    return -1 if before & SAVING else 0


def _percent(pieces: Sequence[Piece], at: int) -> Proportion | None:
    piece = pieces[at]
    match piece.expression:
        case Call("percent", Number(value, place, text)) if piece.quantity is not None:
            plain = replace(quantity(value, f"{text} %"), place=place, rounded=True)
            plain = plain.hedged(piece.quantity.hedge)
            return Proportion(piece, at, plain, 100, _change(pieces, at))
        case _:
            pass
    if piece.quantity is not None and at + 1 < len(pieces) and pieces[at + 1].gist == "percent":
        stated = replace(piece.quantity, rounded=True)
        return Proportion(piece, at, stated, 100, _change(pieces, at + 1))
    return None


def _part(pieces: Sequence[Piece], at: int) -> Proportion | None:
    """ "Three quarters of", "a third more", "half as many"."""
    if pieces[at].gist not in PARTS:
        return None
    before = pieces[at - 1] if at else None
    several = before is not None and before.numeral and before.quantity is not None
    times = before.quantity.value if several and before and before.quantity else Fraction(1)
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    change = _change(pieces, at)
    if not change and after[:1] not in (["of"], ["as"], ["the"], ["what"]):
        return None
    value = PARTS[pieces[at].gist] * times
    text = (
        f"{before.quantity.text} {pieces[at].word}"
        if several and before and before.quantity
        else pieces[at].word
    )
    shown = before if several and before is not None else pieces[at]
    hedge = Hedge.NONE
    near = {each.gist for each in pieces[max(0, at - 3) : at]}
    for words, told in (
        ({"about"}, Hedge.ABOUT),
        ({"lessthan"}, Hedge.UNDER),
        ({"morethan"}, Hedge.OVER),
    ):
        hedge = told if near & words else hedge
    stated = replace(quantity(value, text), place=EXACT, coarse=EXACT, rounded=True, hedge=hedge)
    return Proportion(shown, at, stated, 1, change)


def _times(pieces: Sequence[Piece], at: int) -> Proportion | None:
    """ "Four times as many", "twice the parameters", "three times fewer"."""
    piece = pieces[at]
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    worded = WORDED.get(piece.gist, 0)
    if worded and after[:1] and after[0] in ("as", "the", "what"):
        return Proportion(piece, at, quantity(worded, piece.word))
    if piece.sort is not Sort.NUMBER or piece.quantity is None or not after:
        return None
    if worded or after[0] not in TIMES or len(after) < 2:
        return None
    if after[1] in LESS:
        return Proportion(piece, at, piece.quantity, inverse=True)
    return Proportion(piece, at, piece.quantity)
