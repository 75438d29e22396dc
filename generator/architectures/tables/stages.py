"""The stage layout of ResNet and DenseNet: a stage a row, a depth a column, blocks in brackets.

He et al. 2015, table 1 (``[3x3, 64; 3x3, 64] x2``), Xie et al. 2016, table 1 (with ``C=32``) and Huang
et al. 2017, table 1 (dense blocks, transitions). The tables leave out what their captions and texts
say: batch norm everywhere, where stages halve the map (the output sizes tell), and in which of a
bottleneck's convolutions (the first 1×1).
"""

from __future__ import annotations

import re

from generator.architectures.tables.columns import choose_column
from generator.architectures.tables.headers import NAME, OUTPUT, TYPE, UNKNOWN, read_header
from generator.architectures.tables.model import (
    Draft,
    DraftRow,
    Grid,
    Operation,
    Question,
    StatedSize,
)
from generator.architectures.tables.operations import read_operations
from generator.architectures.tables.rows import is_summary, started, unknown_layer
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import diagnostic
from generator.core.source import Position
from generator.notes.model import Cell

# Two windows at least: one in brackets may be a remark.
BRACKET = re.compile(r"[\[({][^\[\](){}]*\dx\d[^\[\](){}]*\dx\d[^\[\](){}]*[\])}]")
OPENED = re.compile(r"(?:[\[({]|\\begin).*\d\s*(?:[x×*✕∗]|\\times)", re.IGNORECASE | re.DOTALL)
ALONE = re.compile(r"\[\s*(\d+x\d+(?:\s*,\s*\d+)?)\s*\]")
WINDOW_FIRST = re.compile(r"\d+x\d+\s*,\s*\d+")
GROWTH = re.compile(r"\bk\s*=\s*(\d+)", re.IGNORECASE)
DEFAULT_GROWTH = 32  # Huang et al. 2017, caption of table 1


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when no cell holds a bracketed block."""
    if not any(OPENED.search(cell.text) for cells in grid.rows for cell in cells):
        return None  # most tables, at little cost
    columns = [read_header(each) for each in grid.header]
    bracketed = [
        index
        for index in range(len(columns))
        if any(BRACKET.search(normal(cells[index])) for cells in grid.rows)
    ]
    named = next((i for i, each in enumerate(columns) if each.kind in (NAME, TYPE)), None)
    if not bracketed or named in bracketed:
        return None
    sized = next((i for i, each in enumerate(columns) if each.kind == OUTPUT), None)
    used = [
        index
        for index, each in enumerate(columns)
        if index in bracketed or (each.kind == UNKNOWN and index not in (named, sized))
    ]
    labels = {index: normal(grid.header[index]) for index in used}
    chosen, notes = choose_column(labels, question, grid.position)
    growth = GROWTH.search(labels[chosen])
    reader = _Reader(
        Draft(rows=[], understood=0, total=0, notes=notes),
        growth=int(growth[1]) if growth else DEFAULT_GROWTH,
        dense=any("dense" in normal(each).casefold() for cells in grid.rows for each in cells),
    )
    for cells in grid.rows:
        name = normal(cells[named]) if named is not None else ""
        cell = _cell(cells, chosen, used)
        if cell is None or is_summary(name):
            continue
        size = _stated(cells[sized]) if sized is not None else None
        reader.row(name, cell, size)
    reader.finish()
    draft = reader.draft
    bottlenecks = [row for row in draft.rows if row.values.get("kind") == "bottleneck"]
    if bottlenecks and not any(row.values.get("groups") for row in bottlenecks):
        first = "stride_in_1x1" not in question.given
        for row in bottlenecks:
            row.values["stride_in_1x1"] = first
    return draft


def _cell(cells: tuple[Cell, ...], chosen: int, used: list[int]) -> Cell | None:
    """Give the chosen depth's cell of a row; a cell that stands alone spans the row."""
    filled = [index for index in used if not absent(normal(cells[index]))]
    if chosen in filled:
        return cells[chosen]
    if len(filled) == 1 and BRACKET.search(normal(cells[filled[0]])) is None:
        return cells[filled[0]]
    return None


def _stated(cell: Cell) -> StatedSize | None:
    text = normal(cell)
    size = read_size(text.split("\n")[-1]) if text else None
    return None if size is None else StatedSize(*size, cell.position, text)


class _Reader:
    """Collects the rows of the chosen column."""

    def __init__(self, draft: Draft, *, growth: int, dense: bool) -> None:
        self.draft = draft
        self.growth = growth
        self.dense = dense
        self.side: int | None = None  # the map's stated side so far
        self.stages = 0

    def row(self, name: str, cell: Cell, size: StatedSize | None) -> None:
        text = normal(cell)
        self.draft.total += 1
        if size is not None and size.height is None and size.channels is not None:
            size = StatedSize(None, size.channels, size.channels, size.position, size.text)
        if self.dense and self._transition(name, text, cell, size):
            return
        if alone := ALONE.fullmatch(text):
            text = alone[1]  # Zagoruyko and Komodakis 2016, table 1: [3×3, 16]
        if WINDOW_FIRST.match(text):
            text = f"conv {text}"
        elif re.fullmatch(r"\d+x\d+", text):
            text = f"{name} {text}"
        operations = read_operations(text)
        if operations is None:
            self.draft.problems.append(unknown_layer(cell.position, text))
            return
        self.draft.understood += 1
        made = [
            self._made(each, cell.position, size) for each in operations if each.type != "input"
        ]
        for row in made:
            # A cell's stated size holds from its pooling on: its blocks then keep it.
            keeps = row.type == "max_pool" and all(
                each.values.get("stride") == 1 for each in made if each.type == "residual"
            )
            if row is made[-1] or keeps or row.type == "global_avg_pool":
                row.output = None if row.type in ("linear", "activation") else size
        self.draft.rows.extend(made)
        if size is not None and size.height is not None:
            self.side = size.height

    def _made(self, operation: Operation, position: Position, size: StatedSize | None) -> DraftRow:
        if operation.type == "avg_pool" and "stride" not in operation.values:
            operation = Operation("global_avg_pool", operation.values)
        row = started(operation, position)
        row.places = dict.fromkeys(row.values, position)
        window = operation.values.get("kernel")
        if row.type == "global_avg_pool" and isinstance(window, tuple):
            row.window = StatedSize(
                None, window[0], window[1], position, f"{window[0]}x{window[1]}"
            )
        if row.type == "conv":
            row.values["norm"] = "batch"
            if "width" not in row.values and self.dense:
                row.values["width"] = 2 * self.growth  # Huang et al. 2017, section 4.1
        if row.type == "dense_block":
            row.values["growth"] = self.growth
        if row.type == "residual":
            row.values["stride"] = self._stride(size)
            self.stages += 1
        return row

    def _stride(self, size: StatedSize | None) -> int:
        """The stage's step: what the stated sizes say, else 2 for all stages but the first."""
        if size is not None and size.height and self.draft.rows:
            last = self.draft.rows[-1]
            halved = last.type in ("max_pool", "conv") and self.stages == 0
            before = size.height if halved else self.side
            if before and before >= size.height:
                return max(1, round(before / size.height))
        return 1 if self.stages == 0 else 2

    def _transition(self, name: str, text: str, cell: Cell, size: StatedSize | None) -> bool:
        """Read DenseNet's transition, printed as one row or as a convolution and a pooling row."""
        rows = self.draft.rows
        follows = bool(rows) and rows[-1].type == "transition" and rows[-1].output is None
        pools = "pool" in text.casefold()
        if "transition" in key(name) and not follows:
            rows.append(DraftRow("transition", {}, cell.position))
            if not pools:
                rows[-1].input = size
        elif not (follows and pools):
            return False
        if self._transition_windows(text, rows[-1], cell):
            self.draft.understood += 1
        if pools:
            rows[-1].output = size
        if size is not None and size.height is not None:
            self.side = size.height
        return True

    def _transition_windows(self, text: str, row: DraftRow, cell: Cell) -> bool:
        """Take the pooling's step; a window of another size, or no 1×1, is no transition."""
        for operation in read_operations(text) or []:
            window = operation.values.get("kernel")
            stride = operation.values.get("stride", 2)
            if operation.type == "conv" and window in (None, (1, 1)):
                continue
            if operation.type in ("avg_pool", "max_pool") and window in (None, (stride, stride)):
                row.values["stride"] = stride
                row.places["stride"] = cell.position
                continue
            self.draft.problems.append(
                diagnostic(
                    "NT510",
                    cell.position,
                    "a transition is a 1×1 convolution and a pooling whose window is its step",
                    found=text[:60].replace("\n", ", "),
                )
            )
            return False
        return True

    def finish(self) -> None:
        """Add the norm that precedes DenseNet's global pooling (BN-ReLU before every layer)."""
        rows = self.draft.rows
        if self.dense:
            for index, row in enumerate(rows):
                if row.type == "global_avg_pool" and index and rows[index - 1].type != "norm":
                    norm = DraftRow("norm", {"kind": "batch", "activation": "relu"}, row.position)
                    rows.insert(index, norm)
                    break
        self.draft.part = not any(row.type == "linear" for row in rows)
