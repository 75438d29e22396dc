"""Reading a table: the first layout that fits it, if it is one of layers at all.

Input: a note's table and what its section is. Output: a :class:`TableReading`, or ``None`` for a table
that is just a table.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from generator.architectures.blocks import BLOCKS
from generator.architectures.model import Family
from generator.architectures.tables import (
    bare,
    filters,
    operators,
    parameter_rows,
    plain,
    stages,
    vgg,
)
from generator.architectures.tables.drafts import check_complete, missing_fields
from generator.architectures.tables.finish import finished
from generator.architectures.tables.model import Draft, Grid, Question, TableReading
from generator.core.diagnostics import Diagnostic
from generator.notes.model import Table

# The layouts, most particular first: (name, reader).
LAYOUTS: tuple[tuple[str, Callable[[Grid, Question], Draft | None]], ...] = (
    ("filters", filters.read),
    ("operators", operators.read),
    ("stages", stages.read),
    ("vgg", vgg.read),
    ("plain", plain.read),
    ("bare", bare.read),
)


def read_table(
    table: Table,
    family: Family | None,
    *,
    explicit: bool,
    variant: str = "",
    given: frozenset[str] = frozenset(),
) -> TableReading | None:
    """Read a note's table as layers; ``None`` when it is an ordinary table.

    ``explicit`` says that the section names its architecture by ``arch::``: then two understood rows
    are enough, else two thirds of all must be. ``variant`` chooses among configuration columns.
    ``given`` are parameters that the note sets itself: conventions of papers do not touch those.
    """
    grid = Grid(table.position.path, table.header, table.rows, table.position)
    question = Question(family, variant, given, explicit)
    rows = parameter_rows.read(grid, question)
    if rows is not None and _accepted(len(rows.rows), rows.total, explicit=explicit):
        return _parameter_reading(grid, rows)
    found: list[tuple[str, Draft]] = []
    for name, read in LAYOUTS:
        draft = read(grid, question)
        if draft is not None and _is_network(draft, explicit=explicit):
            found.append((name, draft))
            if draft.problems or not any(missing_fields(row) for row in draft.rows):
                break
    if not found or (family is not None and not explicit and all(map(_leaves_blocks, found))):
        return None
    # A layout that leaves no field open, if there is one: columns may give what wordings do not.
    name, draft = min(found, key=lambda each: any(missing_fields(row) for row in each[1].rows))
    return finished(name, draft, grid.position, question)


def why_ordinary(table: Table) -> str:
    """Say how near an ordinary table comes to one of layers: how many of its rows can be read as such,
    and what stands in the way. ``""`` where no row is a layer."""
    grid = Grid(table.position.path, table.header, table.rows, table.position)
    question = Question(None, "", frozenset(), explicit=True)
    drafts = [draft for _, read in LAYOUTS if (draft := read(grid, question)) is not None]
    if not drafts:
        return ""
    best = max(drafts, key=lambda each: each.understood)
    if not best.understood:
        return ""
    read_so = f"{best.understood} of {best.total} rows can be read as layers"
    open_fields: list[Diagnostic] = list(best.problems)
    check_complete(best, open_fields)
    for problem in open_fields:
        return f"{read_so}; line {problem.position.line}: {problem.message}"
    return read_so


def _leaves_blocks(found: tuple[str, Draft]) -> bool:
    """Say whether a draft only names blocks, "3× Inception | as in figure 5": then its section's
    family knows what they are."""
    return any(
        row.type in _BLOCKS and missing_fields(row) and not row.values.keys() - {"repeat"}
        for row in found[1].rows
    )


def _accepted(understood: int, total: int, *, explicit: bool) -> bool:
    return understood >= 2 and (explicit or understood * 3 >= total * 2)


def _is_network(draft: Draft, *, explicit: bool) -> bool:
    """Say whether a draft is one of layers: enough rows are understood and complete, and one of them
    has weights. "Convolution | finds edges" is understood, but no layer."""
    lacking = sum(bool(missing_fields(row)) for row in draft.rows)
    complete = len(draft.rows) - lacking
    weighted = any(row.type in _WEIGHTED and not missing_fields(row) for row in draft.rows)
    understood = min(draft.understood, complete)
    return weighted and _accepted(understood, draft.total, explicit=explicit)


# Row types without weights: a table of these alone is no network.
_WEIGHTLESS = (
    "max_pool", "avg_pool", "global_avg_pool", "adaptive_avg_pool", "norm", "activation", "dropout",
    "flatten", "channel_affine",
)  # fmt: skip
_WEIGHTED = frozenset(each.name for each in BLOCKS) - set(_WEIGHTLESS)
_BLOCKS = _WEIGHTED - {"conv", "conv_transpose", "linear"}


def _parameter_reading(grid: Grid, found: parameter_rows.ParameterRows) -> TableReading:
    return TableReading(
        layout="parameter",
        rows=(),
        places=(),
        outputs=(),
        position=grid.position,
        diagnostics=tuple(found.problems),
        broken=bool(found.problems),
        network=found.network.module,
        params=MappingProxyType({found.parameter.name: tuple(found.rows)}),
    )
