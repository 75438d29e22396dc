"""Claims: checkable statements of notes, and what checking them gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.core.source import Position


class Status(StrEnum):
    """Result of a claim."""

    VERIFIED = "verified"
    FALSE = "false"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement with its verdict.

    ``id`` is stable under edits elsewhere: made of note, heading path and a hash of the statement.
    ``statement`` indexes the note's statements; ``start``/``end`` are offsets into its text.
    ``kind`` names the recogniser. ``expected`` is what the note states, ``computed`` what is true,
    both formatted for people; ``how`` is the computation shown (``10·3·3·3 = 270``) or, for an
    unchecked claim, why. ``subject`` is the registry name of the model it is about (``""``: plain
    arithmetic). ``check`` is Python source of a test body that asserts the claim, made only from
    checked literals; it may call ``create_model`` and helpers the claims test file defines.
    """

    id: str
    path: str
    section: int
    statement: int
    start: int
    end: int
    position: Position
    text: str
    kind: str
    subject: str
    expected: str
    computed: str
    how: str
    status: Status
    check: str = ""
