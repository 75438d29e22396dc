"""Work on many items in several processes, where that is worth it and the system can fork.

The processes inherit what they work on, so nothing but results is sent between them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def spread(
    work: Callable[[Sequence[T]], list[R]],
    items: Sequence[T],
    *,
    jobs: int | None = None,
    least: int,
    batch: int,
) -> list[R]:
    """Give ``work``'s results, one an item and in their order.

    ``work`` takes any part of the items. Fewer than ``least`` are done here; ``batch`` is how many a
    process takes at a time, ``jobs`` limits the processes. Results have to be picklable.
    """
    processes = jobs or os.cpu_count() or 1
    forks = "fork" in multiprocessing.get_all_start_methods()
    if processes < 2 or len(items) < least or not forks:
        return work(items)
    batches = [items[start : start + batch] for start in range(0, len(items), batch)]
    with ProcessPoolExecutor(
        min(processes, len(batches)),
        mp_context=multiprocessing.get_context("fork"),
        initializer=_inherit,
        initargs=(work, batches),
    ) as pool:
        return [each for part in pool.map(_work_on, range(len(batches))) for each in part]


_inherited: dict[str, Any] = {}  # in a process started here: the work and its batches


def _inherit(work: object, batches: object) -> None:
    _inherited.update(work=work, batches=batches)


def _work_on(number: int) -> Any:
    return _inherited["work"](_inherited["batches"][number])
