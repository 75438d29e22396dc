"""Tokens of a statement's text: what formulas are parsed from and sentences are read from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What a token is. ``WORD`` is a word or, with one letter, perhaps a variable; ``FUNCTION``
    a LaTeX command with arguments (``frac``, ``sqrt``); ``OP`` an operator or punctuation."""

    NUMBER = "number"
    WORD = "word"
    OP = "op"
    FUNCTION = "function"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its offsets in the statement's text.

    ``text`` is normalised (``*`` for every multiplication sign, words as written), ``value`` and
    ``place`` (of the last digit) are a number's. ``math`` says that it stands in a formula,
    ``spaced`` that white space stands before it, ``cross`` that a ``*`` was written as x or ×.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    place: Fraction = Fraction(1)
    math: bool = False
    spaced: bool = False
    cross: bool = False

    def is_op(self, *texts: str) -> bool:
        """Whether this is one of these operators."""
        return self.kind is Kind.OP and self.text in texts
