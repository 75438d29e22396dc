"""Work on many items in several processes, where that is worth it.

Where the system can fork, the processes inherit what they work on, and nothing but results is sent
between them.
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
    sent: bool = False,
) -> list[R]:
    """Give ``work``'s results, one an item and in their order.

    ``work`` takes any part of the items. Fewer than ``least`` are done here; ``batch`` is how many a
    process takes at a time, ``jobs`` limits the processes. Results have to be picklable. Where the
    system cannot fork, all is done here, unless ``work`` and items may be ``sent``: then they have to
    be picklable, too.
    """
    processes = jobs or os.cpu_count() or 1
    forks = "fork" in multiprocessing.get_all_start_methods()
    if processes < 2 or len(items) < least or not (forks or sent):
        return work(items)
    batches = [items[start : start + batch] for start in range(0, len(items), batch)]
    processes = min(processes, len(batches))
    if not forks:
        with ProcessPoolExecutor(
            processes, mp_context=multiprocessing.get_context("spawn")
        ) as pool:
            return [each for part in pool.map(work, batches) for each in part]
    with ProcessPoolExecutor(
        processes,
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
