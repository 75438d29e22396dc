"""Factors that a clause states: "doubles", "four times", "a quarter", "from 8 to 16", "2 instead of 1"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from generator.claims.lexicon import wordset
from generator.claims.wording import Term, Words, forms

MULTIPLES: Mapping[Fraction, frozenset[str]] = {
    Fraction(1, 2): forms("halve"),
    Fraction(1, 4): wordset("quarters quartered quartering"),
    Fraction(2): forms("double") | wordset("twice twofold"),
    Fraction(3): forms("triple") | wordset("thrice threefold"),
    Fraction(4): forms("quadruple") | wordset("fourfold"),
    Fraction(6): wordset("sixfold"),
    Fraction(8): forms("octuple") | wordset("eightfold"),
    Fraction(9): wordset("ninefold"),
}
PARTS: Mapping[str, Fraction] = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fourth": Fraction(1, 4),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
    "ninth": Fraction(1, 9),
    "sixteenth": Fraction(1, 16),
}
FALLING = forms("cut reduce shrink divide lower drop fall decrease") | wordset(
    "fewer less smaller cheaper"
)
TIMES = wordset("times fold x × *")
CHOICES = (("instead", "of"), ("rather", "than"), ("in", "place"))


@dataclass(frozen=True, slots=True, order=True)
class Factor:
    """A factor, the term that says it, and the term that belongs to a noun (the same mostly).

    ``step`` says that it can only be a cause: "from 8 to 16", "doubling".
    """

    value: Fraction
    at: int
    noun: int
    step: bool = False


def factors(words: Words) -> list[Factor]:
    """Find the factors of a clause; one that repeats its neighbour ("doubles from 8 to 16") is left
    out."""
    found = sorted((*_worded(words), *_numbered(words)), key=lambda each: each.at)
    kept: list[Factor] = []
    for each in [*found, *_steps(words), *_multipliers(words)]:
        near = [other for other in kept if abs(other.at - each.at) <= 7 and other.at < each.at]
        if each.step and near and near[-1].value == each.value:
            continue
        kept.append(each)
    return sorted(kept, key=lambda each: each.at)


def _worded(words: Words) -> Iterator[Factor]:
    falling = words.has(FALLING)
    for value, concept in MULTIPLES.items():
        for at in words.at(concept):
            if not words.denied(at - 2, at):
                yield Factor(value, at, _noun(words, at))
    for at, term in enumerate(words.terms):
        part = next((PARTS[each] for each in term.spellings if each in PARTS), None)
        if part is None:
            continue
        before = words.part(at - 4, at)
        compared = words.part(at + 1, at + 3).has("many", "much")
        led = before.has("to", "by", "only", "a", "an", "in", "one", "leaves", "about")
        if led or compared:
            by = before.has("by") and falling
            yield Factor(1 - part if by else part, at, _noun(words, at))


def _noun(words: Words, at: int) -> int:
    """Where the noun of a factor is looked for: "twice as many heads" goes with what follows."""
    return at + 2 if words.part(at + 1, at + 3).has("many", "much") else at


def _numbered(words: Words) -> Iterator[Factor]:
    """ "4 times as many", "by a factor of 4", "4-fold"."""
    for at, term in enumerate(words.terms):
        if term.count < 2:
            continue
        after, before = words.part(at + 1, at + 3), words.part(at - 3, at)
        times = words.part(at + 1, at + 2).has(TIMES) and words.part(at + 2, at + 5).has(
            "as",
            "the",
            "more",
            "fewer",
            "less",
            "larger",
            "bigger",
            "smaller",
            "many",
            "much",
            "longer",
        )
        if times or after.has("fold") or before.has("factor"):
            inverse = words.part(at + 1, at + 4).has("fewer", "less", "smaller") or (
                before.has("factor") and words.has(FALLING)
            )
            value = Fraction(1, term.count) if inverse else Fraction(term.count)
            yield Factor(value, at, _noun(words, at + 1) if times else at)


def _steps(words: Words) -> Iterator[Factor]:
    """ "From 8 to 16", "8 → 16", "16 instead of 8"; a stride by itself is one instead of 1."""
    sides = [
        (at, side)
        for at, each in enumerate(words.terms)
        if (side := _side(each)) and not words.part(at + 1, at + 2).has(TIMES)
    ]
    for (first, before), (second, after) in pairwise(sides):
        between = words.part(first + 1, second)
        if (
            len(between.terms) <= 5
            and between.has("to", "→")
            and (between.has("→") or words.part(first - 4, first).has("from"))
            and not _describes(words, first)
        ):
            yield Factor(Fraction(after, before), first, second, step=True)
        elif len(between.terms) <= 5 and any(between.has(a) and between.has(b) for a, b in CHOICES):
            yield Factor(Fraction(before, after), first, second, step=True)
    chosen = words.has("instead", "rather")
    for at in words.at(wordset("stride")):
        count = next((each.count for each in words.terms[at + 1 : at + 3] if each.count), 0)
        if count > 1 and not chosen:
            yield Factor(Fraction(count), at, at, step=True)


def _multipliers(words: Words) -> Iterator[Factor]:
    """ "A width multiplier of 0.5", "α = 0.5"."""
    for at in words.at(wordset("multiplier α alpha")):
        if not words.part(at + 1, at + 2).has("of", "="):
            continue
        for place in range(at + 2, min(at + 3, len(words.terms))):
            stated = words.terms[place].piece.quantity
            if stated is not None and 0 < stated.value < 1:
                yield Factor(stated.value, place, at, step=True)


def _describes(words: Words, at: int) -> bool:
    """Whether "from 64 to 128" says what a layer is: "a 3×3 convolution from 64 to 128 channels"."""
    origin = next(
        (back for back in range(at - 1, at - 5, -1) if words.part(back, back + 1).has("from")), -1
    )
    return origin > 0 and words.part(origin - 1, origin).has(LAYERS)


LAYERS = wordset("conv layer fc filters filter pointwise depthwise embedding")


def _side(term: Term) -> int:
    size = term.piece.size
    if len(size) == 2 and size[0] == size[1]:
        return size[0]
    return term.count
