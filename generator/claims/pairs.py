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
