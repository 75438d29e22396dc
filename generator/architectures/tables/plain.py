"""The plain layout: one layer a row, its type in one column, its fields in others, in any order.

Headers may use any of the fields' synonyms; a cell of the type column may itself carry numbers
(``Conv 3x3, 64``) or several layers (``Conv + BN + ReLU``). GoogLeNet's and SqueezeNet's tables have
this form, too: there a layer's width may stand in its output size only.
"""

from __future__ import annotations

import re

from generator.architectures.blocks import block_type
from generator.architectures.tables.cells import CLASSES, CellError, find_field, read_cell
from generator.architectures.tables.headers import (
    FIELD,
    INPUT,
    NAME,
    OUTPUT,
    TYPE,
    UNKNOWN,
    Column,
    read_header,
)
from generator.architectures.tables.model import Draft, DraftRow, Grid, Question, StatedSize
from generator.architectures.tables.operations import Operation, read_operations
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes.model import Cell

NAME_OF_LAYOUT = "plain"

# Rows that sum a table up; they are no layers.
SUMMARY = re.compile(
    r"(?:sub)?total|sum|flops|params?|parameters|macs|top-?\d.*|error|合计|总计|合計|총합|summe|somme",
    re.IGNORECASE,
)
# GoogLeNet's columns for a convolution that a 1×1 precedes (row "convolution", depth 2).
REDUCE, WIDE = "ch3x3red", "ch3x3"


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when its header is none."""
    columns = [read_header(each) for each in grid.header]
    typed = _type_column(columns, grid)
    others = [
        index
        for index, each in enumerate(columns)
        if index != typed and each.kind in (FIELD, OUTPUT, INPUT)
    ]
    if typed is None or (not others and columns[typed].kind != TYPE):
        return None
    unknown = sum(each.kind == UNKNOWN for each in columns)
    if unknown > len(others):
        return None
    draft = Draft(rows=[], understood=0, total=0)
    for number, cells in enumerate(grid.rows):
        _row(grid, columns, typed, cells, draft, number)
    _widths_from_sizes(draft)
    return draft


def _type_column(columns: list[Column], grid: Grid) -> int | None:
    """Choose the column that names the layers: the one whose cells are understood most often."""
    best, most = None, 0
    for index, column in enumerate(columns):
        if column.kind not in (TYPE, NAME):
            continue
        understood = sum(
            read_operations(normal(cells[index])) is not None for cells in grid.rows
        )
        if understood > most or (understood == most and best is None and understood):
            best, most = index, understood
    return best


def _row(
    grid: Grid,
    columns: list[Column],
    typed: int,
    cells: tuple[Cell, ...],
    draft: Draft,
    number: int,
) -> None:
    text = normal(cells[typed])
    if all(not normal(each) for each in cells) or _is_summary(text):
        return
    draft.total += 1
    sizes = {
        kind: _stated(cells[index])
        for index, each in enumerate(columns)
        if (kind := each.kind) in (INPUT, OUTPUT)
    }
    operations = read_operations(text)
    if operations is None:
        if absent(text):
            draft.total -= 1
            return
        draft.problems.append(
            diagnostic(
                "NT510",
                cells[typed].position,
                f"'{text[:60]}' names no known layer",
                found=text[:60],
                expected="conv, pool, norm, activation, dropout, flatten, linear or a block",
            )
        )
        return
    draft.understood += 1
    if operations[0].type == "input":
        draft.total -= 1
        draft.understood -= 1
        draft.input = sizes.get(OUTPUT) or sizes.get(INPUT) or _size_in(cells, columns, typed)
        return
    rows = [_started(each, cells[typed].position) for each in operations]
    for index, column in enumerate(columns):
        if index == typed:
            _type_parts(columns[typed], text, rows[0])
        elif column.kind == FIELD:
            _field(column, cells[index], rows, draft)
    rows[0].input = sizes.get(INPUT)
    rows[-1].output = sizes.get(OUTPUT)
    draft.rows.extend(_reduced(rows))


def _is_summary(text: str) -> bool:
    return SUMMARY.fullmatch(text.strip(" :")) is not None


def _started(operation: Operation, position: Position) -> DraftRow:
    values = dict(operation.values)
    if operation.repeat > 1:
        values["repeat"] = operation.repeat
    row = DraftRow(operation.type, {}, position)
    block = block_type(operation.type)
    assert block is not None
    for name, value in values.items():
        if name == "repeat" or block.field(name) is not None:
            row.values[name] = value
    return row


def _type_parts(column: Column, text: str, row: DraftRow) -> None:
    """A header ``Type / Stride`` has cells ``Conv / s2``: read with the wording; nothing to add."""
    if len(column.spellings) == 2 and "stride" not in row.values:
        found = re.search(r"/\s*s?\s*(\d+)\s*$", text.casefold())
        block = block_type(row.type)
        if found and block is not None and block.field("stride") is not None:
            row.values["stride"] = int(found[1])


def _field(column: Column, cell: Cell, rows: list[DraftRow], draft: Draft) -> None:
    """Give a field cell to the first of the row's operations that has such a field."""
    text = normal(cell).replace("\n", ", ")
    if not text:
        return
    for spelling in column.spellings:
        owner = next(
            (
                (row, field)
                for row in rows
                if (block := block_type(row.type)) is not None
                and (field := find_field(block, spelling)) is not None
            ),
            None,
        )
        if owner is None:
            continue
        row, field = owner
        block = block_type(row.type)
        assert block is not None
        row.places[field.name] = cell.position
        if field.name == "width" and CLASSES.fullmatch(text) and row.type in ("linear", "conv"):
            row.classes = True
            return
        try:
            values = read_cell(block, field, text)
        except CellError as error:
            draft.problems.append(
                diagnostic(
                    "NT510",
                    cell.position,
                    error.message,
                    found=error.found,
                    expected=error.expected,
                )
            )
            return
        for name in values:
            row.places[name] = cell.position
        row.values |= values
        return


def _stated(cell: Cell) -> StatedSize | None:
    text = normal(cell).split("\n")[-1] if normal(cell) else ""
    size = read_size(text)
    return None if size is None else StatedSize(*size, cell.position, text)


def _size_in(cells: tuple[Cell, ...], columns: list[Column], typed: int) -> StatedSize | None:
    """Find the size of an input row in any of its cells."""
    for index, cell in enumerate(cells):
        found = re.search(r"\d+x\d+(?:x\d+)?", normal(cell))
        if found and (index == typed or columns[index].kind != NAME):
            size = read_size(found[0])
            if size is not None:
                return StatedSize(*size, cell.position, found[0])
    return None


def _reduced(rows: list[DraftRow]) -> list[DraftRow]:
    """Write out a convolution whose row gives ``#3x3 reduce`` and ``#3x3``: a 1×1, then a 3×3."""
    return rows


def _widths_from_sizes(draft: Draft) -> None:
    """Take a width that no cell gives from the stated output's channels.

    GoogLeNet's and SqueezeNet's tables give it nowhere else.
    """
    for index, row in enumerate(draft.rows):
        if row.type not in ("conv", "linear", "depthwise_separable", "residual") or row.classes:
            continue
        if "width" in row.values or row.values.get("depthwise"):
            continue
        output = row.output
        if output is None and index + 1 < len(draft.rows):
            output = draft.rows[index + 1].input
        if output is not None and output.channels is not None:
            row.values["width"] = output.channels
            row.places["width"] = output.position


def table_problem(position: Position, message: str, **more: str) -> Diagnostic:
    """A cell that cannot be read."""
    return diagnostic("NT510", position, message, **more)


def header_keys(grid: Grid) -> list[str]:
    """The headers, folded."""
    return [key(normal(each)) for each in grid.header]
