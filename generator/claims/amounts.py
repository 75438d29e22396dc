"""The amounts that a statement gives: counts and results that may be compared or added up.

An amount is a number that counts something, the result of written-out arithmetic, or a multiple of
one letter's power (``27C²``). Its unit is what the words beside it count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.claims.context import Context
from generator.claims.expression import Binary, Name, Number, evaluate, names, python
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Hedge
from generator.claims.scene import Scene

# What counts go by, each unit under one name; numbers of different units are not compared.
UNITS = {
    **dict.fromkeys(("weight", "parameter"), "weights"),
    **dict.fromkeys(("mult", "mac", "operation", "flop", "multiplications"), "operations"),
    **dict.fromkeys(("values", "activations", "inputs", "entries", "scores"), "values"),
}
# Nouns of what is no amount here.
OTHERS = wordset(
    "layer layers channel filters filter x times percent epoch epochs image images blocks block unit "
    "head heads gpu class bias pixel pixels px stride dim dims step steps maps map convs conv stage "
    "stages modules module tokens token years days hours bottlenecks input output outputs inputs mb "
    "mib gb gib kb kib ms group groups dimensions fc ones"
)
_SIGNS = ("+", "-", "*", "/", "^")
_GOING_ON = (*_SIGNS, "=", "≈", "x", "%", "→")
_SETTINGS = wordset("multiplier rate factor")
_NEAR = 3
_APART = 8
_LARGE = 1000  # no stride, kernel or number of filters is


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is counted or computed: where it stands, its value, Python, and its unit."""

    sentence: int
    index: int
    piece: Piece
    value: Fraction
    source: str
    unit: str
    parts: tuple[Amount, ...] = ()  # what it is the sum of

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in reading order."""
        return self.sentence, self.index

    @property
    def slack(self) -> Fraction:
        """How far the true value may be from the stated one."""
        if self.parts:
            return sum((each.slack for each in self.parts), Fraction(0))
        stated = self.piece.quantity
        if stated is None or stated.exact:
            return Fraction(0)
        return max(stated.place / 2, stated.slack if stated.hedge is Hedge.ABOUT else Fraction(0))


def amounts(context: Context, number: int, skipped: frozenset[int]) -> list[Amount]:
    """List the amounts of a sentence, those of one letter alone where there are such."""
    sentence = context.sentences[number]
    lettered = [each for each in _monomials(number, sentence) if each.index not in skipped]
    if lettered:
        return lettered
    return [each for each in _counts(context.scene, number, sentence) if each.index not in skipped]


def _monomials(number: int, sentence: Sentence) -> Iterator[Amount]:
    """``27C²``, ``18C^2``: multiples of the same power of the same letter."""
    found = []
    for at, piece in enumerate(sentence.pieces):
        match piece.expression:
            case Binary("*", Number(), Name() | Binary("^", Name(), Number()) as power) if (
                piece.sort is Sort.SYMBOLIC
            ):
                ones = dict.fromkeys(names(piece.expression), Fraction(1))
                value = evaluate(piece.expression, ones)
                source = python(piece.expression, ones)
                found.append((power, Amount(number, at, piece, value, source, "")))
            case _:
                pass
    if len({power for power, _ in found}) == 1:
        yield from (each for _, each in found)


def added(parts: Sequence[Amount]) -> Amount:
    """Several amounts taken together, at the place of the last."""
    value = sum((each.value for each in parts), Fraction(0))
    source = " + ".join(each.source for each in parts)
    unit = next((each.unit for each in parts if each.unit), "")
    last = parts[-1]
    return Amount(last.sentence, last.index, last.piece, value, source, unit, tuple(parts))


def _counts(known: Scene, number: int, sentence: Sentence) -> Iterator[Amount]:
    """The counts of a sentence, those that words add up as one: "432 for the depthwise part + 240"."""
    found: list[Amount] = []
    for each in _single(known, number, sentence):
        first = found[-1].index + 1 if found else 0
        between = [piece.gist for piece in sentence.pieces[first : each.index]]
        plus = found and between.count("+") == 1 and len(between) < _APART
        if plus and all(gist[0] not in "#@~%,;=" for gist in between):
            found[-1] = added((*(found[-1].parts or (found[-1],)), each))
        else:
            found.append(each)
    yield from found


def _single(known: Scene, number: int, sentence: Sentence) -> Iterator[Amount]:
    pieces = sentence.pieces
    for at, piece in enumerate(pieces):
        quantity = piece.quantity
        if piece.sort is not Sort.NUMBER or quantity is None or quantity.upper is not None:
            continue
        after = [each.gist for each in pieces[at + 1 : at + 1 + _NEAR]]
        before = pieces[at - 1].gist if at else ""
        unit = _unit(pieces, at) or _unit_before_bracket(pieces, at)
        signs = {"factor", "→", *_SIGNS} - ({"+"} if _plus_words(pieces, at) else set())
        one = quantity.value == 1 and _labelled(pieces, at)
        if piece.numeral or quantity.value <= 0 or before in signs or one:
            continue
        if after[:1] and (after[0] in _GOING_ON or (after[0] in OTHERS and not unit)):
            continue
        result = before in ("=", "≈")
        if before == "=" and at > 1 and isinstance(pieces[at - 2].expression, Name):
            continue  # a letter's value
        told = result or unit or quantity.value >= _LARGE or _moved(pieces, at)
        if known.role_of(piece) is None or told:
            yield Amount(number, at, piece, quantity.value, python(Number(quantity.value)), unit)


def _labelled(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is a setting: "a width multiplier of 1"."""
    before = [each.gist for each in pieces[max(0, at - 2) : at]]
    if before[-1:] in (["of"], ["="], [":"]):
        before.pop()
    return bool(before) and before[-1] in _SETTINGS


def _moved(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is one of two between which a share is said to lie: "from 49 to 27 by 45 %"."""
    for first in (at, at - 2):
        gists = [each.gist for each in pieces[max(0, first - 1) : first + 5]]
        if first and len(gists) == 6 and (gists[0], gists[2], gists[4]) == ("from", "to", "by"):
            return "%" in gists[5][:1] or pieces[first + 4].quantity is not None
    return False


def _plus_words(pieces: Sequence[Piece], at: int) -> bool:
    """Whether words stand in front of the plus before a number: it adds up counts, not numbers."""
    return at > 1 and pieces[at - 1].gist == "+" and pieces[at - 2].sort is Sort.WORD


def _unit_before_bracket(pieces: Sequence[Piece], at: int) -> str:
    """What a number in brackets counts: the noun before them, "fewer MACs (301 M versus 4,089 M)"."""
    opened = next((here for here in range(at, -1, -1) if pieces[here].gist in ("(", ")")), 0)
    if not opened or pieces[opened].gist == ")":
        return ""
    return UNITS.get(pieces[opened - 1].gist, "")


def _unit(pieces: Sequence[Piece], at: int) -> str:
    """What a number counts: the noun after it, adjectives between."""
    for each in pieces[at + 1 : at + 1 + _NEAR]:
        if each.gist in UNITS:
            return UNITS[each.gist]
        if each.sort is not Sort.WORD or each.gist in OTHERS:
            return ""
    return ""
