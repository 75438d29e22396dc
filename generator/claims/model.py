"""Claims: checkable statements of notes, and what checking them gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.architectures.ir import Network
from generator.core.source import Position


class Status(StrEnum):
    """Result of a claim."""

    VERIFIED = "verified"
    FALSE = "false"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number of a network that a note may repeat: ``what`` is ``parameters``, ``macs``
    or ``depth``; ``tolerance`` how far (as a share) the arithmetic may lie from it."""

    what: str
    value: int
    source: str
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Subject:
    """The network a section is about, or one that a sentence can name.

    ``name`` is the registry name (``create_model(name)``). ``variant`` and ``family`` are what it
    is in the library, ``siblings`` the registry names of the family's other networks, ``names``
    further spoken names. ``changed`` says that the note gives it values of its own: then only its
    own numbers count, no sibling's.
    """

    name: str
    network: Network
    variant: str = ""
    family: str = ""
    siblings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    changed: bool = False
    figures: tuple[Figure, ...] = ()


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
