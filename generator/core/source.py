"""Positions in vault files: the coordinates every element and diagnostic carries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a vault file.

    ``path`` is vault-relative with ``/`` separators in Unicode NFC, ``line`` and ``column``
    count from 1, columns in Unicode code points. A whole file is line 1, column 1.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
