"""Numbers as notes state them, and whether a computed number agrees.

A stated number carries how exactly it was meant: "270" is exact, "60 million" and "61.1M" are
rounded to their last digit, "about 4,000" looser still, "over 25 million" is a bound. Comparing
gives one of three answers, so that a doubtful case is left unchecked instead of judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import floor


class Hedge(StrEnum):
    """What the words before a number make of it."""

    NONE = "none"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


class Agreement(StrEnum):
    """How a computed number relates to a stated one. ``DOUBTFUL`` is neither right nor wrong:
    cut off instead of rounded, or rounded down where nothing says so."""

    TRUE = "true"
    DOUBTFUL = "doubtful"
    FALSE = "false"


# How far a rounded figure may lie from the truth, as a part of it: "60 million" for 61.1 million is
# usual, "100 million" for 138 million is not, whatever its trailing zeros say.
ROUNDED = Fraction(25, 1000)
HEDGED = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated number.

    ``place`` is the value of the last digit written (0.1M in "61.1M"), ``coarse`` that of the last
    digit that is not a trailing zero (10M in "60M"). ``rounded`` says that the writer rounds: a
    decimal or a unit such as M. ``upper`` is the other end of a range, ``None`` for one number.
    """

    value: Fraction
    place: Fraction
    coarse: Fraction
    rounded: bool
    text: str
    hedge: Hedge = Hedge.NONE
    upper: Fraction | None = None

    def hedged(self, hedge: Hedge) -> Quantity:
        """Give the same number with the words before it taken into account."""
        return self if hedge is Hedge.NONE else replace(self, hedge=hedge)

    @property
    def exact(self) -> bool:
        """Whether only this very number is meant."""
        return not self.rounded and self.hedge is Hedge.NONE and self.upper is None

    @property
    def slack(self) -> Fraction:
        """How far from the stated value a right number may lie."""
        if self.exact:
            return Fraction(0)
        hedged = self.hedge is Hedge.ABOUT
        share = abs(self.value) * (HEDGED if hedged else ROUNDED)
        least = self.place * Fraction(3, 4) if hedged else self.place / 2
        return max(least if self.rounded else Fraction(0), min(self.coarse / 2, share))


def quantity(value: Fraction | int, text: str = "") -> Quantity:
    """Make an exact stated number."""
    value = Fraction(value)
    return Quantity(value, Fraction(1), coarse_place(value, Fraction(1)), False, text or str(value))


def coarse_place(value: Fraction, place: Fraction) -> Fraction:
    """Give the place value of the last digit of ``value`` that is not a trailing zero.

    A zero written after the decimal point is meant: 9.0 is not 9.
    """
    if value == 0 or place < 1:
        return place
    while value % (place * 10) == 0:
        place *= 10
    return place


def agreement(stated: Quantity, computed: Fraction) -> Agreement:
    """Compare a stated number with what is true."""
    low, slack = stated.value, stated.slack
    if stated.upper is not None:
        inside = low - stated.place / 2 <= computed <= stated.upper + stated.place / 2
        return Agreement.TRUE if inside else Agreement.FALSE
    match stated.hedge:
        case Hedge.OVER:
            return Agreement.TRUE if computed >= low else Agreement.FALSE
        case Hedge.UNDER:
            return Agreement.TRUE if computed <= low else Agreement.FALSE
        case _:
            pass
    distance = abs(computed - low)
    if distance <= slack:
        return Agreement.TRUE
    if stated.exact:
        # "= 14" for 14.5: right only when rounded, which nothing here says.
        near = computed.denominator != 1 and (floor(computed) == low or distance <= Fraction(1, 2))
        return Agreement.DOUBTFUL if near else Agreement.FALSE
    if (
        stated.rounded
        and distance < stated.place
        and floor(computed / stated.place) == (low / stated.place)
    ):
        return Agreement.DOUBTFUL  # cut off after the last digit instead of rounded
    if stated.rounded and distance <= stated.place * Fraction(11, 20):
        return Agreement.DOUBTFUL  # rounded twice: 15.47, 15.5, 16
    loose = 2 * slack if stated.hedge is Hedge.ABOUT else min(stated.coarse / 2, HEDGED * abs(low))
    return Agreement.DOUBTFUL if distance <= loose and not stated.exact else Agreement.FALSE


def with_noun(text: str, noun: str) -> str:
    """Give a number as written with what it counts, unless it ends in that: "4.1 GFLOPs"."""
    return text if text.lower().endswith(("flop", "flops", "mac", "macs")) else f"{text} {noun}"


def show(value: Fraction) -> str:
    """Write a number for people: thousands separators, decimals only where needed.

    >>> show(Fraction(61100840)), show(Fraction(29, 2)), show(Fraction(1, 3))
    ('61,100,840', '14.5', '0.3333')
    """
    if value.denominator == 1:
        return f"{value.numerator:,}"
    digits, size = 4, abs(value)
    while size < Fraction(1, 10) and digits < 12:
        size, digits = size * 10, digits + 1
    scaled = round(abs(value) * 10**digits)
    whole, decimals = divmod(scaled, 10**digits)
    text = f"{whole:,}.{decimals:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text
