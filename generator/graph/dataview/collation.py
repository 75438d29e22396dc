"""The order of texts: an approximation of the Unicode collation that ``localeCompare`` uses.

Letters are compared without accents and case first, then by accents, then lower case before upper
case; punctuation and symbols come before digits, digits before letters. The same table is in the
JavaScript runtime (``dataviewjs/runtime.js``), and one fixture tests both.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# The root collation's order of ASCII marks (CLDR root, "non-ignorable").
_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
# Letters that do not decompose but sort with a base letter.
_BASES = {
    "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss",
    "þ": "th", "ð": "d",
}  # fmt: skip

Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=65536)
def collation_key(text: str) -> Key:
    """A key that orders texts as ``localeCompare`` does; equal only for canonically equal texts."""
    primary: list[tuple[int, int]] = []
    accents: list[int] = []
    cases: list[int] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            accents.append(ord(char))
            continue
        lower = char.lower()
        upper = int(lower != char)
        for base in _BASES.get(lower, lower):
            primary.append(_rank(base))
        if lower in _BASES:
            accents.append(ord(lower))
        else:
            accents.append(0)
        cases.append(upper)
    return tuple(primary), tuple(accents), tuple(cases)


def compare_text(first: str, second: str) -> int:
    """Negative, zero or positive, as ``first.localeCompare(second)``."""
    if first == second:
        return 0
    a, b = collation_key(first), collation_key(second)
    return (a > b) - (a < b)


def _rank(char: str) -> tuple[int, int]:
    """Class and order in it: blanks, marks, other symbols, digits, letters by code point."""
    if char.isspace():
        return (0, ord(char))
    mark = _MARKS.find(char)
    if mark >= 0:
        return (1, mark)
    if char.isdecimal():
        return (3, unicodedata.decimal(char))
    if char.isalpha():
        return (4, ord(char))
    return (2, ord(char))
