"""VGG's layout: one column per configuration, each cell one or several layers (``conv3-64``).

Simonyan and Zisserman 2014, table 1: columns A to E; pooling and linear rows span all columns, so a
row's only filled cell counts for every one. A column is chosen by the section's variant.
"""

from __future__ import annotations

import re

from generator.architectures.tables.columns import choose_column
from generator.architectures.tables.model import Draft, Grid, Question, StatedSize
from generator.architectures.tables.operations import read_operations
from generator.architectures.tables.rows import started, unknown_layer
from generator.architectures.tables.text import absent, normal, read_size
from generator.notes.model import Cell

CONV = re.compile(r"(?<![a-z])conv(?:olution)?\s*\(?\d+(?:x\d+)?\)?\s*-\s*\d+", re.IGNORECASE)
# Rows between the header and the layers: ``11 weight layers``, ``A | A-LRN | B``.
CAPTION = re.compile(
    r"\d+\s*(?:weight\s*)?layers|[a-f](?:\s*-?\s*lrn)?|vgg\W*\d+\w*|.*configuration.*",
    re.IGNORECASE,
)


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when its cells are no configurations."""
    if not any("conv" in cell.text.casefold() for cells in grid.rows for cell in cells):
        return None  # most tables, at little cost
    if not _configurations(grid):
        return None
    labels, body = _labels(grid)
    # A first column that numbers or names the rows is no configuration.
    used = [
        index
        for index in range(len(grid.header))
        if any(read_operations(normal(cells[index])) is not None for cells in body)
    ]
    if not used or not _mostly_layers(body, used):
        return None
    chosen, notes = choose_column({index: labels[index] for index in used}, question, grid.position)
    draft = Draft(rows=[], understood=0, total=0, notes=notes)
    for cells in body:
        cell = _cell(cells, chosen, used)
        if cell is not None:
            _layers(cell, draft)
    draft.part = not any(row.type == "linear" for row in draft.rows)
    return draft


def _configurations(grid: Grid) -> bool:
    """Say whether cells hold whole layers: ``conv3-64`` anywhere, or any wording with its width in two
    columns or more."""
    if sum(CONV.search(normal(cell)) is not None for cells in grid.rows for cell in cells) >= 2:
        return True
    whole = sum(
        sum(_is_whole(normal(cells[index])) for cells in grid.rows) >= 2
        for index in range(len(grid.header))
    )
    return whole >= 2


def _is_whole(text: str) -> bool:
    operations = read_operations(text) or []
    return any(each.type == "conv" and "width" in each.values for each in operations)


def _labels(grid: Grid) -> tuple[list[str], list[tuple[Cell, ...]]]:
    """Give each column's names (header and caption rows below it) and the rows that remain."""
    labels = [normal(each) for each in grid.header]
    body = list(grid.rows)
    while body and all(
        absent(normal(cell)) or CAPTION.fullmatch(normal(cell).replace("\n", " "))
        for cell in body[0]
    ):
        for index, cell in enumerate(body.pop(0)):
            labels[index] = f"{labels[index]} {normal(cell)}".strip()
    return labels, body


def _mostly_layers(body: list[tuple[Cell, ...]], used: list[int]) -> bool:
    texts = [normal(cells[index]) for cells in body for index in used]
    filled = [each for each in texts if not absent(each)]
    return sum(read_operations(each) is not None for each in filled) * 3 >= len(filled) * 2


def _cell(cells: tuple[Cell, ...], chosen: int, used: list[int]) -> Cell | None:
    """Give the chosen configuration's cell of a row; a cell that stands alone spans the row."""
    filled = [index for index in used if not absent(normal(cells[index]))]
    if chosen in filled:
        return cells[chosen]
    if len(filled) == 1 and CONV.search(normal(cells[filled[0]])) is None:
        return cells[filled[0]]
    return None


def _layers(cell: Cell, draft: Draft) -> None:
    text = re.sub(r"(?<=\d)\s+(?=conv\d)", "\n", normal(cell), flags=re.IGNORECASE)
    draft.total += 1
    operations = read_operations(text)
    if operations is None:
        draft.problems.append(unknown_layer(cell.position, text))
        return
    if operations[0].type == "input":
        draft.total -= 1
        found = re.search(r"\d+x\d+(?:x\d+)?", text)
        size = read_size(found[0]) if found else None
        if size is not None:
            channels = size[0] or (3 if "rgb" in text.casefold() else None)
            draft.input = StatedSize(channels, size[1], size[2], cell.position, text)
        return
    draft.understood += 1
    for operation in (each for each in operations if each.type != "input"):
        row = started(operation, cell.position)
        row.places = dict.fromkeys(row.values, cell.position)
        draft.rows.append(row)
