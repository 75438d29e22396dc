"""Modules and their test files to text and to coloured HTML: in parallel where several are new.

Both take longer than the rest of a small vault's build together, and no module needs another.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from generator.build.processes import spread
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
    batch = -(-len(plans) // (jobs or os.cpu_count() or 1))  # the formatter is started once a batch
    return spread(_batch, plans, jobs=jobs, least=_ENOUGH_FOR_PROCESSES, batch=max(1, batch))


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
