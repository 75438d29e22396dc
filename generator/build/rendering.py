"""Modules and their test files to text and to coloured HTML: in parallel where several are new.

Both take longer than the rest of a small vault's build together, and no module needs another.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from generator.emit.models.plan import ModulePlan
from generator.emit.models.render import render_modules
from generator.emit.site.highlight import highlight
from generator.emit.tests.render import render_tests

_ENOUGH_FOR_PROCESSES = 4  # modules; below, starting processes costs more than it saves


@dataclass(frozen=True, slots=True)
class Rendered:
    """A module and its test file as they are written, and both as the site shows them."""

    module: str
    code: str
    test: str
    coloured_code: str
    coloured_test: str


def render(plans: Sequence[ModulePlan], *, jobs: int | None = None) -> list[Rendered]:
    """Render modules, each with its tests; in the order of ``plans``."""
    processes = min(jobs or os.cpu_count() or 1, len(plans))
    forks = "fork" in multiprocessing.get_all_start_methods()  # plans are inherited, not sent
    if processes < 2 or len(plans) < _ENOUGH_FOR_PROCESSES or not forks:
        return _batch(plans)
    batches = [plans[start::processes] for start in range(processes)]
    with ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_inherit,
        initargs=(batches,),
    ) as pool:
        found = {
            each.module: each for part in pool.map(_inherited, range(processes)) for each in part
        }
    return [found[plan.module] for plan in plans]


def _batch(plans: Sequence[ModulePlan]) -> list[Rendered]:
    codes, tests = render_modules(plans), render_tests(plans)
    return [
        Rendered(
            name,
            codes[name],
            tests[name],
            highlight(codes[name], "python"),
            highlight(tests[name], "python"),
        )
        for name in (plan.module for plan in plans)
    ]


_batches: list[Sequence[ModulePlan]] = []  # of a process started here


def _inherit(batches: list[Sequence[ModulePlan]]) -> None:
    _batches[:] = batches


def _inherited(number: int) -> list[Rendered]:
    return _batch(_batches[number])
