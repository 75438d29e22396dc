"""The sentence a link stands in: what a backlink shows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

# Where a sentence ends in a statement's text: a line break, or a full stop (with closing quotes)
# and a blank; the marks of Chinese and Japanese need no blank. "e.g. " and initials do not end one.
_END = re.compile(r"\n+|(?<![\s.][A-Za-z])(?<!\b(?:e\.g|i\.e))[.!?…][\"')\]”’]*\s+|[。！？]\s*")
LONGEST = 400


def sentences_at(text: str, offsets: Sequence[int]) -> list[str]:
    """Give the sentence around each offset, without blanks at its ends, at most 400 characters."""
    starts = [0, *(match.end() for match in _END.finditer(text))]
    result = []
    for offset in offsets:
        index = bisect_right(starts, offset) - 1
        # A link at the very end of a sentence's blank belongs to the text before it.
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        first = max(starts[index], min(offset - LONGEST // 2, end - LONGEST))
        last = min(end, first + LONGEST)
        sentence = " ".join(text[first:last].split())
        result.append("…" * (first > starts[index]) + sentence + "…" * (last < end))
    return result
