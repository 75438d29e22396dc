"""What the table tests share: a note's table, read for a family, and its cells changed."""

from __future__ import annotations

import re
from functools import cache

from generator.architectures import arithmetic
from generator.architectures.lower import lower, resolve_params
from generator.architectures.tables import TableReading, lower_table, read_table
from generator.notes.model import Table
from generator.notes.parse import parse_note
from tests.architectures.built import FIXTURES, families


@cache
def published(name: str) -> str:
    """A paper's table, typed as a note."""
    return (FIXTURES / "tables" / f"{name}.md").read_text("utf-8")


def tables(text: str) -> tuple[Table, ...]:
    """The tables of a note."""
    return parse_note("note.md", text.encode()).tables


def read(
    text: str, family: str = "", *, variant: str = "", explicit: bool = False
) -> TableReading | None:
    """Read a note's only table."""
    (table,) = tables(text)
    return read_table(
        table, families()[family] if family else None, explicit=explicit, variant=variant
    )


def counts(reading: TableReading | None) -> tuple[int, int]:
    """Parameters and multiply-adds of the network a table gives."""
    assert reading is not None
    assert not reading.broken, [each.message for each in reading.diagnostics]
    network, problems = lower_table(reading)
    assert network is not None, problems
    return arithmetic.parameters(network), arithmetic.macs(network)


def family_counts(reading: TableReading | None, family: str) -> tuple[int, int]:
    """The same of the family's class with the parameters the table gives."""
    assert reading is not None
    spec = next(each for each in families()[family].networks if each.module == reading.network)
    network = lower(spec, resolve_params(spec, reading.params))
    return arithmetic.parameters(network), arithmetic.macs(network)


def rows_of(text: str) -> list[list[str]]:
    """A Markdown table's cells, header first, delimiter row left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in (lines[0], *lines[2:])
    ]


def as_table(rows: list[list[str]]) -> str:
    """A Markdown table of cells."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["# Note", "", lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]) + "\n"


def reordered(text: str, order: list[int]) -> str:
    """The same table with its columns in another order."""
    return as_table([[row[index] for index in order] for row in rows_of(text)])


def with_headers(text: str, headers: list[str]) -> str:
    """The same table under other headers."""
    rows = rows_of(text)
    assert len(headers) == len(rows[0])
    return as_table([headers, *rows[1:]])


def with_cell(text: str, row: int, column: int, value: str) -> str:
    """The same table with one cell replaced; row 1 is the first below the header."""
    rows = rows_of(text)
    rows[row][column] = value
    return as_table(rows)
