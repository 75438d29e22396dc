"""What a recogniser finds: a statement's phrase, what it states, and what is computed for it.

A reading is one way to understand the phrase, with its value and the Python that checks it. Several
readings are conventions that people do not spell out (weights with or without the bias): a statement
that is true under one of them is true, and false only when all of them refute it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

from generator.claims.quantity import Agreement, Quantity, agreement

Size: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to compute what a phrase is about.

    ``value`` is a number, a size, or for properties whether they hold. ``how`` shows the computation
    to people. ``setup`` are Python lines that come first, ``source`` is the Python expression whose
    value is compared with what is stated (``""``: the lines assert it themselves). ``doubtful``
    marks a reading that can only cast doubt: agreeing with it makes the phrase unchecked.
    """

    value: Fraction | Size | bool
    how: str
    source: str = ""
    setup: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One recognised statement.

    Before it can be false, every number of its sentence must be understood: have a role, be stated
    by a candidate, or be ``used`` by one.

    ``start``/``end`` bound the phrase in the statement's text, ``at`` is where the stated number
    begins. ``stated`` is a number, a size, or ``True`` for a property. Without readings it cannot
    be checked, and ``reason`` says why. ``subject`` is the registry name of the model it is about.
    """

    kind: str
    start: int
    end: int
    at: int
    stated: Quantity | Size | bool
    readings: tuple[Reading, ...] = ()
    reason: str = ""
    subject: str = ""
    expected: str = ""
    computed: str = ""
    # Only agreement counts: a mismatch is no verdict (the phrase may mean something else).
    affirm_only: bool = False
    # Offsets of further numbers in the sentence that the readings take into account.
    used: tuple[int, ...] = ()
    # The sentence says whose number it is and what it counts: no other reading of it is asked for,
    # and numbers beside it leave nothing open.
    decisive: bool = False
    # One of several like items: where it is not verified, its sentence's others of this kind are not
    # either, and where there are none, it is no claim.
    parallel: bool = False


class Placed(Protocol):
    """What has a place in a statement: a sentence, a piece of one."""

    @property
    def start(self) -> int:
        """Offset in the statement's text."""

    @property
    def end(self) -> int:
        """Offset after it."""


def claiming(
    kind: str,
    sentence: Placed,
    piece: Placed,
    stated: Quantity | Size | bool,
    readings: tuple[Reading, ...],
    *,
    expected: str = "",
    reason: str = "",
    subject: str = "",
    computed: str = "",
    affirm_only: bool = False,
    used: tuple[int, ...] = (),
    decisive: bool = False,
    parallel: bool = False,
) -> Candidate:
    """Make the candidate of one piece of a sentence, which states a number or a size.

    Shown is the sentence up to the piece; ``expected`` is what is stated, in the note's words (the
    number or the size alone, if nothing is given).
    """
    if not expected and isinstance(stated, Quantity):
        expected = stated.text
    elif not expected and isinstance(stated, tuple):
        expected = "×".join(map(str, stated))
    return Candidate(
        kind,
        sentence.start,
        piece.end,
        piece.start,
        stated,
        readings,
        reason,
        subject,
        expected,
        computed,
        affirm_only,
        used,
        decisive,
        parallel,
    )


def agrees(stated: Quantity | Size | bool, value: Fraction | Size | bool) -> Agreement:
    """Compare what is stated with a reading's value."""
    if isinstance(stated, Quantity) and isinstance(value, Fraction):
        return agreement(stated, value)
    return Agreement.TRUE if stated == value else Agreement.FALSE


def fitting(stated: Quantity | Size | bool, readings: Iterable[Reading]) -> list[Reading]:
    """Give the readings that make it true; those that only cast doubt do not."""
    return [
        each
        for each in readings
        if not each.doubtful and agrees(stated, each.value) is Agreement.TRUE
    ]


def if_true(candidate: Candidate | None) -> Candidate | None:
    """Give a candidate only if one of its readings makes it true: its sentence is not certain to be
    about what was computed."""
    if candidate is None:
        return None
    return candidate if fitting(candidate.stated, candidate.readings) else None


def number_reading(value: Fraction | int, how: str, source: str, *setup: str) -> Reading:
    """Make a reading with a number as its value."""
    return Reading(Fraction(value), how, source, tuple(setup))


def distinct(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Keep the first reading of each value."""
    found: dict[object, Reading] = {}
    for each in readings:
        found.setdefault((each.value, each.doubtful), each)
    return tuple(found.values())
