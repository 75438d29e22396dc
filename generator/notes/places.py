"""From an offset in a block's content to the line and column in the note.

Quote markers, list markers and indentation are not part of a block's content, but every line of it
is the end of a source line; so its column follows from the two lengths.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeAlias

# (offset in the content, line, column), ascending; valid up to the next one. Lines and columns
# count from 1.
Places: TypeAlias = "list[tuple[int, int, int]]"


# What markdown-it trims.
_BLANKS = " \t\n\v\f\r"


def places_of(source: Sequence[str], content: str, first: int) -> Places:
    """Places of ``content``, which begins in ``source[first]`` and takes as many lines as it has."""
    if "\n" not in content:
        return [(0, first + 1, _column(source, first, content))]
    result: Places = []
    offset = 0
    for number, part in enumerate(content.split("\n"), first):
        lead = len(part) - len(part.lstrip(" \t"))  # tabs may have become blanks
        column = _column(source, number, part)
        result.append((offset, number + 1, max(1, column - lead)))
        if lead >= column:
            result.append((offset + lead, number + 1, column))
        offset += len(part) + 1
    return result


def _column(source: Sequence[str], number: int, part: str) -> int:
    """Column of the first character of ``part`` that is no blank: ``part`` ends the line."""
    if number >= len(source):
        return 1
    return max(0, len(source[number].rstrip(_BLANKS)) - len(part.strip(_BLANKS))) + 1


def locate(places: Places, offset: int) -> tuple[int, int]:
    """Line and column of ``offset``."""
    if len(places) == 1:
        start, line, column = places[0]
    else:
        index = bisect_right(places, (offset, 1 << 60, 0)) - 1
        start, line, column = places[max(0, index)]
    return line, column + offset - start


def breaks(places: Places, start: int, stop: int) -> list[int]:
    """Offsets between ``start`` and ``stop`` (both excluded) from which on another place counts."""
    first = bisect_right(places, (start, 1 << 60, 0))
    result: list[int] = []
    for offset, _, _ in places[first : first + stop - start]:
        if offset >= stop:
            break
        result.append(offset)
    return result
