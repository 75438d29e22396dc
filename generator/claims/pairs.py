"""Lists that go together: "p=1 for 3×3, p=2 for 5×5", "3×3, 5×5 and 7×7 have 9, 25 and 49"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def paired(keys: Sequence[int], values: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Pair places of keys with places of values, by their order in a sentence.

    Either keys and values take turns, or all of the one come before all of the other and there are
    as many. Anything else gives no pairs.
    """
    if len(keys) != len(values) or not keys:
        return ()
    ordered = sorted([(each, "key") for each in keys] + [(each, "value") for each in values])
    kinds = [each for _, each in ordered]
    turns = all(first != second for first, second in pairwise(kinds))
    grouped = sum(first != second for first, second in pairwise(kinds)) == 1
    if not (turns or grouped):
        return ()
    return tuple(zip(sorted(keys), sorted(values), strict=True))


def paired_by_clause(
    keys: Sequence[int], values: Sequence[int], ends: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Pair a key and a value that stand in one clause: "padding 2 for 5×5, for 7×7 padding 3".

    ``ends`` are the places where clauses end. A clause with more than one of either gives no pairs.
    """
    found: list[tuple[int, int]] = []
    for first, last in pairwise((-1, *ends, max((*keys, *values, *ends, 0)) + 1)):
        mine = [each for each in keys if first < each < last]
        theirs = [each for each in values if first < each < last]
        if len(mine) != len(theirs) or len(mine) > 1:
            return ()
        found += zip(mine, theirs, strict=True)
    return tuple(found)
