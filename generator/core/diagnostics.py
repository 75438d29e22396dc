"""Diagnostics: what is wrong with the input, where, and what to do about it.

A diagnostic is a value. Stages return them beside their results; nothing in the user's vault
raises. The codes and their documentation are the table in :mod:`generator.core.codes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.core.codes import CODES
from generator.core.source import Position


class Severity(StrEnum):
    """How much a diagnostic matters: ``error`` makes the exit status 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding at one place.

    ``message`` says what is wrong in one sentence; ``found``, ``expected`` and ``hint`` are
    optional, short and plain text.
    """

    code: str
    position: Position
    message: str
    found: str = ""
    expected: str = ""
    hint: str = ""
    severity: Severity = Severity.WARNING

    def sort_key(self) -> tuple[Position, str, str]:
        """Order by place, then code: the order every listing uses."""
        return (self.position, self.code, self.message)


def diagnostic(
    code: str,
    position: Position,
    message: str,
    *,
    found: str = "",
    expected: str = "",
    hint: str = "",
) -> Diagnostic:
    """Make a diagnostic with the severity its code has in the table.

    Raises ``KeyError`` for an undocumented code: that is our bug, never the user's.
    """
    return Diagnostic(
        code=code,
        position=position,
        message=message,
        found=found,
        expected=expected,
        hint=hint,
        severity=Severity(CODES[code].severity),
    )
