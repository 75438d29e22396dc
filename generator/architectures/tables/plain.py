"""The plain layout: one layer a row, its type in one column, its fields in others, in any order.

Headers may use any of the fields' synonyms; a cell of the type column may itself carry numbers
(``Conv 3x3, 64``) or several layers (``Conv + BN + ReLU``). GoogLeNet's and SqueezeNet's tables have
this form, too: there a layer's width may stand in its output size only, and a 1×1 convolution in a
column of its 3×3.
"""

from __future__ import annotations

import re
from dataclasses import replace

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import fold
from generator.architectures.tables.cells import CLASSES, CellError, find_field, read_cell
from generator.architectures.tables.headers import (
    CHANNELS_IN,
    FIELD,
    INPUT,
    NAME,
    OUTPUT,
    REMARK,
    TYPE,
    UNKNOWN,
    Column,
    read_header,
)
from generator.architectures.tables.model import Draft, DraftRow, Grid, Question, StatedSize
from generator.architectures.tables.operations import (
    BRACKETED,
    Operation,
    bracket_problem,
    nearest_type,
    read_operations,
)
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes.model import Cell

# Rows that sum a table up; they are no layers.
SUMMARY = re.compile(
    r"(?:sub)?total|sum|flops|params?|parameters|macs|top-?\d.*|error|合计|总计|合計|총합|summe|somme",
    re.IGNORECASE,
)


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when its header is none."""
    columns = _columns(grid)
    typed = _type_column(columns, grid)
    if typed is None:
        return None
    others = [
        each
        for index, each in enumerate(columns)
        if index != typed and each.kind in (FIELD, OUTPUT, INPUT)
    ]
    if not others and not question.explicit:
        return None
    if sum(each.kind == UNKNOWN for each in columns) > max(1, len(others)):
        return None
    draft = Draft(rows=[], understood=0, total=0)
    cells_in_order = list(grid.rows)
    if _upside_down(typed, cells_in_order):
        cells_in_order.reverse()
    for cells in cells_in_order:
        _row(columns, typed, cells, draft)
    _widths_from_sizes(draft)
    return draft


def _upside_down(typed: int, rows: list[tuple[Cell, ...]]) -> bool:
    """Some books print a network from its output down to its input."""
    found = read_operations(normal(rows[-1][typed])) if len(rows) > 1 else None
    return found is not None and found[0].type == "input"


def _columns(grid: Grid) -> list[Column]:
    columns = [read_header(each) for each in grid.header]
    # In tables of inception and fire blocks "depth" counts layers, not channels.
    blocks = [block_type("inception"), block_type("fire")]
    special = any(
        column.kind == FIELD and any(block and block.field(each) for block in blocks)
        for column in columns
        for each in column.spellings
        if re.search(r"\dx\d|proj", each)
    )
    kernels = ("kernel", "kernel size", "filter size", "window", "patch size")
    windowed = any(fold(each) in map(fold, kernels) for c in columns for each in c.spellings)
    if windowed:  # then "Size" is the map's
        columns = [
            replace(each, kind=OUTPUT)
            if each.kind == FIELD and fold(each.spellings[0]) == "size"
            else each
            for each in columns
        ]
    if special:
        columns = [
            replace(each, kind=REMARK)
            if each.spellings and key(each.spellings[0]) == "depth"
            else each
            for each in columns
        ]
    return columns


def _type_column(columns: list[Column], grid: Grid) -> int | None:
    """Choose the column that names the layers: the one whose cells are understood most often."""
    best, most = None, 0
    for index, column in enumerate(columns):
        if column.kind in (TYPE, NAME):
            understood = sum(
                read_operations(normal(cells[index])) is not None for cells in grid.rows
            )
            if understood > most:
                best, most = index, understood
    return best


def _row(columns: list[Column], typed: int, cells: tuple[Cell, ...], draft: Draft) -> None:
    text = normal(cells[typed])
    if absent(text) or is_summary(text):
        return
    sizes = {
        each.kind: _stated(cells[index])
        for index, each in enumerate(columns)
        if each.kind in (INPUT, OUTPUT)
    }
    operations = read_operations(text)
    if operations is not None and operations[0].type == "input":
        draft.input = sizes.get(OUTPUT) or sizes.get(INPUT) or _size_in(cells)
        if draft.input is not None and draft.input.channels is None:
            draft.input = replace(draft.input, channels=_input_channels(columns, cells))
        return
    draft.total += 1
    if operations is None:
        draft.problems.append(unknown_layer(cells[typed].position, text))
        return
    draft.understood += 1
    rows = [started(each, cells[typed].position) for each in operations if each.type != "input"]
    reduce = None
    for index, column in enumerate(columns):
        if column.kind == FIELD and index != typed:
            _field(column, cells[index], rows, draft)
            reduce = _reduction(column, cells[index], rows[0]) or reduce
    rows[0].input = sizes.get(INPUT)
    rows[-1].output = sizes.get(OUTPUT)
    if reduce is not None:
        reduce.input, rows[0].input = rows[0].input, None
        draft.rows.append(reduce)
    draft.rows.extend(rows)


def _input_channels(columns: list[Column], cells: tuple[Cell, ...]) -> int | None:
    """Find the channels of an input row where a convolution would have its width."""
    conv = block_type("conv")
    assert conv is not None
    for column, cell in zip(columns, cells, strict=True):
        field = conv.field(column.spellings[0]) if column.kind == FIELD else None
        if field is not None and field.name == "width" and normal(cell).isdigit():
            return int(normal(cell))
    return None


def _channels_in(columns: list[Column], cells: tuple[Cell, ...]) -> int | None:
    """Read the channels that reach a row, where a column gives them."""
    for column, cell in zip(columns, cells, strict=True):
        if column.kind == CHANNELS_IN and re.fullmatch(r"\d{1,5}", normal(cell)):
            return int(normal(cell))
    return None


def is_summary(text: str) -> bool:
    """Say whether a row's first words sum the table up: ``# params.``, ``Total``."""
    return SUMMARY.fullmatch(text.strip(" :#.")) is not None


def started(operation: Operation, position: Position) -> DraftRow:
    """Start a row from a wording, keeping what its block type has fields for."""
    block = block_type(operation.type)
    assert block is not None
    row = DraftRow(operation.type, {}, position)
    for name, value in operation.values.items():
        if block.field(name) is not None:
            row.values[name] = value
    if operation.repeat > 1:
        row.values["repeat"] = operation.repeat
    return row


def unknown_layer(position: Position, text: str) -> Diagnostic:
    """Say that a cell names no layer, and why where brackets or a near word tell."""
    shown = " ".join(text.split())[:60]
    for bracket in BRACKETED.finditer(text):
        if problem := bracket_problem(bracket["body"]):
            return diagnostic("NT510", position, f"'{shown}': {problem}", found=shown)
    near = nearest_type(text)
    return diagnostic(
        "NT510",
        position,
        f"'{shown}' names no known layer",
        found=shown,
        expected="conv, pool, norm, activation, dropout, flatten, linear or a block",
        hint=f"did you mean '{near}'?" if near else "",
    )


def _field(column: Column, cell: Cell, rows: list[DraftRow], draft: Draft) -> None:
    """Give a field cell to the first of the row's operations that has such a field."""
    text = normal(cell).replace("\n", ", ")
    parts = [each.strip() for each in re.split(r"[/,]", text)]
    several = len(column.spellings) > 1
    texts = parts if several and len(parts) == len(column.spellings) else [text]
    if len(texts) > 1:
        try:
            for spelling, part in zip(column.spellings, texts, strict=True):
                _assign(spelling, part, cell, rows)
        except CellError:
            texts = [text]  # ``7x7/2 (x96)``: more than its parts
    if len(texts) == 1:
        try:
            _assign(column.spellings[0], text, cell, rows)
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


def _assign(spelling: str, text: str, cell: Cell, rows: list[DraftRow]) -> None:
    """Read a cell into the first row that has such a field; the channels of a pooling are stated, to
    be checked."""
    conv = block_type("conv")
    assert conv is not None
    spelt = conv.field(spelling)
    if spelt is not None and spelt.name == "width" and re.fullmatch(r"\d{1,6}", text):
        last = block_type(rows[-1].type)
        if len(rows) == 1 and last is not None and last.field("width") is None:
            rows[0].maps = StatedSize(int(text), None, None, cell.position, text)
            return
    for row in rows:
        block = block_type(row.type)
        field = find_field(block, spelling) if block is not None else None
        if block is None or field is None:
            continue
        if field.name == "width" and CLASSES.fullmatch(text) and row.type in ("linear", "conv"):
            row.classes = True
            row.values.pop("width", None)
            row.places["width"] = cell.position
            return
        values = read_cell(block, field, text)
        row.places[field.name] = cell.position
        row.places |= dict.fromkeys(values, cell.position)
        row.values |= values
        return


def _reduction(column: Column, cell: Cell, row: DraftRow) -> DraftRow | None:
    """Read ``#3x3 reduce`` and ``#3x3`` of a convolution: a 1×1 before it, and its own width.

    GoogLeNet's second convolution row (Szegedy et al. 2014, table 1)."""
    inception = block_type("inception")
    assert inception is not None
    field = inception.field(column.spellings[0])
    text = normal(cell)
    if row.type != "conv" or field is None or not re.fullmatch(r"\d+", text):
        return None
    if field.name == "ch3x3":
        row.values["width"] = int(text)
        row.places["width"] = cell.position
    if field.name != "ch3x3red":
        return None
    reduce = DraftRow("conv", {"width": int(text), "kernel": (1, 1)}, row.position)
    reduce.places["width"] = cell.position
    return reduce


def _stated(cell: Cell) -> StatedSize | None:
    text = normal(cell)
    size = read_size(text.split("\n")[-1]) if text else None
    return None if size is None else StatedSize(*size, cell.position, text)


def _size_in(cells: tuple[Cell, ...]) -> StatedSize | None:
    """Find the size of an input row in any of its cells."""
    for cell in cells:
        found = re.search(r"\d+x\d+(?:x\d+)?", normal(cell))
        size = read_size(found[0]) if found else None
        if found and size is not None:
            return StatedSize(*size, cell.position, found[0])
    return None


def _widths_from_sizes(draft: Draft) -> None:
    """Take a width that no cell gives from the stated output's channels.

    GoogLeNet's and SqueezeNet's tables give it nowhere else.
    """
    for index, row in enumerate(draft.rows):
        open_width = "width" not in row.values and not row.values.get("depthwise")
        if row.type not in ("conv", "linear", "depthwise_separable") or row.classes:
            continue
        output = row.output
        if output is None and index + 1 < len(draft.rows):
            output = draft.rows[index + 1].input
        if open_width and output is not None and output.channels is not None:
            row.values["width"] = output.channels
            row.places["width"] = output.position
