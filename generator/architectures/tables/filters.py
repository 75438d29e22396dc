"""MobileNet's layout: type and stride, filter shape, input size.

Howard et al. 2017, table 1: ``Conv dw / s1 | 3 × 3 × 32 dw | 112 × 112 × 32``. Every convolution has
batch norm and ReLU (section 3.2). Rows under one ``5×`` repeat together.
"""

from __future__ import annotations

import re
from itertools import pairwise

from generator.architectures.tables.headers import INPUT, OUTPUT, read_header
from generator.architectures.tables.model import Draft, DraftRow, Grid, Question, StatedSize
from generator.architectures.tables.operations import PREFIX_TIMES, read_operations
from generator.architectures.tables.rows import is_summary, started, unknown_layer
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import diagnostic
from generator.notes.model import Cell

SHAPES = frozenset(
    ("filtershape", "filtershapes", "weightshape", "kernelshape", "filterdimensions")
)
NUMBER = re.compile(r"\d+")


def read(grid: Grid, _question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` without a column of filter shapes."""
    keys = [key(normal(each)) for each in grid.header]
    shaped = next((i for i, each in enumerate(keys) if each in SHAPES), None)
    typed = next(
        (i for i, each in enumerate(keys) if i != shaped and each.startswith(("type", "layer"))),
        None,
    )
    if shaped is None or typed is None:
        return None
    kinds = [read_header(each).kind for each in grid.header]
    strided = next((i for i, each in enumerate(keys) if each in ("stride", "strides", "s")), None)
    draft = Draft(rows=[], understood=0, total=0)
    groups = 0
    open_times = 1
    for cells in grid.rows:
        types = normal(cells[typed]).split("\n")
        shapes = normal(cells[shaped]).split("\n")
        times = PREFIX_TIMES.search(types[0])
        count = int(times[1] or times[2]) if times else 1
        if count != open_times or count == 1 or (times and len(types) > 1):
            groups += 1
        open_times = count
        for line, text in enumerate(types):
            if absent(text) or is_summary(text):
                continue
            shape = shapes[line] if line < len(shapes) else ""
            row = _row(text, shape, cells, (typed, shaped, strided), draft)
            if row is None:
                continue
            sizes = {
                kind: _stated(cells[index], line)
                for index, kind in enumerate(kinds)
                if kind in (INPUT, OUTPUT)
            }
            row.input, row.output = sizes.get(INPUT), sizes.get(OUTPUT)
            row.group = groups if count > 1 else 0
            if count > 1:
                row.values["repeat"] = count
    _pairs(draft)
    return draft


def _pairs(draft: Draft) -> None:
    """A count before a depthwise row only, whose pointwise row follows, is the pair's: the paper
    prints one ``5×`` before both."""
    for row, following in pairwise(draft.rows):
        pointwise = following.values.get("kernel") == (1, 1) and following.type == "conv"
        if row.group and row.values.get("depthwise") and pointwise and not following.group:
            following.group = row.group
            following.values["repeat"] = row.values["repeat"]


def _row(
    text: str,
    shape: str,
    cells: tuple[Cell, ...],
    columns: tuple[int, int, int | None],
    draft: Draft,
) -> DraftRow | None:
    typed, shaped, strided = columns
    operations = read_operations(PREFIX_TIMES.sub("", text), times=False)
    draft.total += 1
    if operations is None:
        draft.problems.append(unknown_layer(cells[typed].position, text))
        return None
    operation = operations[0]
    if operation.type == "input":
        draft.total -= 1
        return None
    row = started(operation, cells[typed].position)
    row.places = dict.fromkeys(row.values, cells[typed].position)
    row.places["stride"] = cells[typed if strided is None else strided].position
    if strided is not None and (found := NUMBER.search(normal(cells[strided]))):
        row.values["stride"] = int(found[0])
    row.places |= dict.fromkeys(("kernel", "width"), cells[shaped].position)
    if not _shape(row, [int(each) for each in NUMBER.findall(shape)], shape):
        draft.problems.append(
            diagnostic(
                "NT510",
                cells[shaped].position,
                f"'{shape[:60]}' is no filter shape of a {row.type} row",
                found=shape[:60],
                expected="height × width × input × output, with dw for depthwise",
            )
        )
        return None
    numbers = [int(each) for each in NUMBER.findall(shape)]
    _weights(row, numbers, cells[shaped], shape)
    draft.understood += 1
    draft.rows.append(row)
    return row


def _weights(row: DraftRow, numbers: list[int], cell: Cell, text: str) -> None:
    """Keep the input channels that a filter shape states, to be checked."""
    if row.type in ("conv", "linear") and len(numbers) > 1:
        inside = numbers[0] if row.type == "linear" else numbers[2]
        row.weights = StatedSize(inside, None, None, cell.position, text)


def _shape(row: DraftRow, numbers: list[int], text: str) -> bool:
    """Put the filter shape into the row's fields; false when it does not fit."""
    match row.type:
        case "conv":
            depthwise = "dw" in text.casefold() or bool(row.values.get("depthwise"))
            if depthwise and len(numbers) == 3:
                row.values |= {"depthwise": True, "kernel": (numbers[0], numbers[1])}
            elif not depthwise and len(numbers) == 4:
                row.values |= {"kernel": (numbers[0], numbers[1]), "width": numbers[3]}
            else:
                return False
            row.values |= {"norm": "batch", "activation": "relu"}
        case "max_pool" | "avg_pool":
            if len(numbers) == 2:
                row.values["kernel"] = (numbers[0], numbers[1])
        case "linear":
            if len(numbers) != 2:
                return False
            row.values["width"] = numbers[1]
        case _:
            pass
    return True


def _stated(cell: Cell, line: int) -> StatedSize | None:
    lines = normal(cell).split("\n")
    text = lines[min(line, len(lines) - 1)]
    size = read_size(text)
    return None if size is None else StatedSize(*size, cell.position, text)
