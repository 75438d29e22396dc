"""The plain layout: one layer a row, its type in one column, its fields in others, in any order.

Headers may use any of the fields' synonyms; a cell of the type column may itself carry numbers
(``Conv 3x3, 64``) or several layers (``Conv + BN + ReLU``). GoogLeNet's and SqueezeNet's tables have
this form, too: there a layer's width may stand in its output size only, and a 1×1 convolution in a
column of its 3×3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import fold
from generator.architectures.tables.cells import CLASSES, CellError, find_field, read_cell
from generator.architectures.tables.details import details_of, is_description, read_detail
from generator.architectures.tables.drafts import missing_fields
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
from generator.architectures.tables.inferred import broken_chain, complete
from generator.architectures.tables.model import (
    Draft,
    DraftRow,
    Grid,
    Operation,
    Question,
    StatedSize,
)
from generator.architectures.tables.operations import read_operations
from generator.architectures.tables.rows import is_summary, started_rows, unknown_layer
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import diagnostic
from generator.notes.model import Cell

# A row that has a result of its own is an experiment, not a layer.
RESULT = re.compile(r"\b(?:top-?\d|acc(?:uracy)?|errors?|f1|auc|psnr)\b", re.IGNORECASE)


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when its header is none."""
    columns = _columns(grid)
    if not question.explicit and any(RESULT.search(normal(each)) for each in grid.header):
        return None
    typed = _type_column(columns, grid)
    if typed is None:
        return None
    sheet = _Sheet(
        columns,
        typed,
        _wordings(grid, typed),
        details_of(columns, typed),
        batched=any(BATCHED.fullmatch(normal(cell)) for cells in grid.rows for cell in cells),
    )
    others = [
        each
        for index, each in enumerate(columns)
        if index != typed and each.kind in (FIELD, OUTPUT, INPUT)
    ]
    unknown = sum(
        each.kind == UNKNOWN and index != typed and index not in sheet.details
        for index, each in enumerate(columns)
    )
    if unknown > max(1, len(others)):
        return None
    draft = Draft(rows=[], understood=0, total=0)
    lines = list(zip(grid.rows, sheet.wordings, strict=True))
    if _upside_down(sheet.wordings):
        lines.reverse()
    wording = ""
    for cells, text in lines:
        # A cell left empty goes on with what stands above it, as merged cells of papers do.
        wording = wording if absent(text) and _describes(columns, cells) else text
        _row(sheet, wording, cells, draft)
    complete(draft)
    if question.explicit:
        return draft
    if broken_chain(draft) or (not others and not _says_all(draft)):
        return None
    return draft


def _describes(columns: list[Column], cells: tuple[Cell, ...]) -> bool:
    """Say whether a row without a name gives two or more fields of a layer."""
    given = [
        column.kind == FIELD and not absent(normal(cell))
        for column, cell in zip(columns, cells, strict=True)
    ]
    return sum(given) > 1


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table's columns: which names the layers, in which wordings, and which describe them; whether
    its sizes begin with the number of examples."""

    columns: list[Column]
    typed: int
    wordings: list[str]
    details: tuple[int, ...]
    batched: bool


# ``[1, 64, 112, 112]``: torchinfo counts examples.
BATCHED = re.compile(r"[(\[]\s*\d+\s*(?:,\s*\d+\s*){3}[)\]]")
EXAMPLES = re.compile(r"(?<=[(\[])\s*\d+\s*,\s*")


def _says_all(draft: Draft) -> bool:
    """Say whether rows without columns of their own are layers: each complete, in its one wording."""
    return (
        draft.understood == draft.total >= 3
        and not draft.problems
        and not any(missing_fields(row) for row in draft.rows)
    )


# ``Conv-1``, ``Dropout 6``: a name and a number; ``Conv2d: 1-3`` always only counts.
NUMBERED = re.compile(r"(.*?[^\W\d])[-_ #]*(\d{1,3})")
LEADING = re.compile(r"(\d{1,3})[.):]?\s+([^\W\d].*)", re.DOTALL)
DEEP_NUMBER = re.compile(r":\s*\d+(?:-\d+)+$")


def _wordings(grid: Grid, typed: int) -> list[str]:
    """The texts of the column that names the layers, without numbers that only count them: through
    the whole table (torch's ``Conv2d-1``, ``ReLU-2``) or through the layers of a name."""
    texts = [DEEP_NUMBER.sub("", normal(cells[typed])) for cells in grid.rows]
    leading = [match for each in texts if (match := LEADING.fullmatch(each))]
    if [int(match[1]) for match in leading] == list(range(1, len(leading) + 1)) and leading[1:]:
        texts = [match[2] if (match := LEADING.fullmatch(each)) else each for each in texts]
    found = [
        (index, match) for index, each in enumerate(texts) if (match := NUMBERED.fullmatch(each))
    ]
    numbers = [int(match[2]) for _, match in found]
    names = [key(match[1]) for _, match in found]
    counted = {
        name: [n for n, other in zip(numbers, names, strict=True) if other == name]
        for name in names
    }
    whole = numbers == list(range(1, len(numbers) + 1))
    each_name = all(own == list(range(1, len(own) + 1)) for own in counted.values())
    if len(found) >= 2 and (whole or each_name):
        for index, match in found:
            texts[index] = match[1]
    return texts


def _upside_down(wordings: list[str]) -> bool:
    """Some books print a network from its output down to its input."""
    found = read_operations(wordings[-1]) if len(wordings) > 1 else None
    return found is not None and found[0].type == "input"


def _columns(grid: Grid) -> list[Column]:
    columns = _outputs([read_header(each) for each in grid.header], grid)
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


def _outputs(columns: list[Column], grid: Grid) -> list[Column]:
    """Take "out" for the size of the output where its cells are sizes or another column is the width."""
    conv = block_type("conv")
    assert conv is not None
    width = conv.field("width")
    wide = {
        at: key(each.spellings[0])
        for at, each in enumerate(columns)
        if each.kind == FIELD and conv.field(each.spellings[0]) is width
    }
    sizes = {
        at
        for at, header in wide.items()
        if (header == "out" and len(wide) > 1)
        or (header in MADE and any(SIDES.fullmatch(normal(cells[at])) for cells in grid.rows))
    }
    return [replace(e, kind=OUTPUT) if at in sizes else e for at, e in enumerate(columns)]


# What a layer makes: its maps, or how many.
MADE = ("out", "maps", "map", "featuremaps", "featuremap", "features")
SIDES = re.compile(r"[(\[]?\s*\d+\s*(?:[x×*]|,\s)\s*\d+.*", re.IGNORECASE)


def _type_column(columns: list[Column], grid: Grid) -> int | None:
    """Choose the column that names the layers: of those that mostly do the one that says most about
    them. One of descriptions does where names ("block 1") are no layers."""
    described = details_of(columns, -1)
    enough = len(grid.rows) * 2
    best, most = None, 0
    for kinds in ((TYPE, NAME), (UNKNOWN, REMARK), (FIELD,)):
        said = {
            index: _said(grid, index)
            for index, column in enumerate(columns)
            if column.kind in kinds and (column.kind != REMARK or index in described)
        }
        readable = [index for index, (named, _) in said.items() if named * 3 >= enough]
        if readable:
            return max(readable, key=lambda index: (said[index][1], said[index][0], -index))
        for index, (named, _) in said.items():
            if named > most and kinds[0] == TYPE:
                best, most = index, named
    return best


def _said(grid: Grid, column: int) -> tuple[int, int]:
    """Count a column's cells that name layers, and those that give values besides."""
    found = [read_operations(each) for each in _wordings(grid, column)]
    named = [each for each in found if each is not None]
    return len(named), sum(any(each.values for each in operations) for operations in named)


def _row(sheet: _Sheet, text: str, cells: tuple[Cell, ...], draft: Draft) -> None:
    columns, place = sheet.columns, cells[sheet.typed].position
    if absent(text) or is_summary(text):
        return
    sizes = _sizes(sheet, cells)
    operations = _with_details(sheet, text, cells)
    if operations is not None and operations[0].type == "input":
        size = sizes.get(OUTPUT) or sizes.get(INPUT) or _size_in(operations[0], cells)
        width = _input_width(columns, cells)
        if size is not None and size.channels is None and width is not None:
            size = replace(size, channels=width.channels)
        draft.input = size or width
        operations = [each for each in operations if each.type != "input"]
        if not operations:
            return
    draft.total += 1
    if operations is None:
        draft.problems.append(unknown_layer(place, text))
        return
    before = len(draft.problems)
    rows = started_rows([each for each in operations if each.type != "input"], place, draft)
    reduce = None
    for index, column in enumerate(columns):
        if index == sheet.typed:
            continue
        if column.kind == FIELD:
            _field(column, cells[index], rows, draft)
            reduce = _reduction(column, cells[index], rows[0]) or reduce
        elif column.kind == CHANNELS_IN:
            rows[0].weights = _product(cells[index]) or rows[0].weights
        elif column.kind == REMARK and PARAMETERS.fullmatch(key(column.spellings[0])):
            rows[0].parameters = _count(normal(cells[index]))
            rows[0].places["parameters"] = cells[index].position
    for index in sheet.details:
        _detail(cells[index], rows[0], named=columns[index].kind == REMARK)
    draft.understood += len(draft.problems) == before
    rows[0].input = sizes.get(INPUT)
    shaping = [each for each in rows if each.type not in ELEMENTWISE and not each.group]
    (shaping or rows)[-1].output = sizes.get(OUTPUT)
    if reduce is not None:
        reduce.input, rows[0].input = rows[0].input, None
        draft.rows.append(reduce)
    draft.rows.extend(rows)


def _with_details(sheet: _Sheet, text: str, cells: tuple[Cell, ...]) -> list[Operation] | None:
    """Read what a row's name says, and what follows the layer in a column of descriptions: "conv"
    beside "64 filters, BN, ReLU" is three layers."""
    operations = read_operations(text)
    if operations is None or len(operations) > 1:
        return operations
    for index in (each for each in sheet.details if is_description(sheet.columns[each])):
        detailed = read_operations(f"{text}, {normal(cells[index])}")
        kinds = [each.type for each in detailed or ()]
        if detailed and kinds[1:] and kinds[0] == operations[0].type not in kinds[1:]:
            return detailed
    return operations


PARAMETERS = re.compile(r"#?(?:numberof|num|total|trainable|no)?#?(?:weights?)?param(?:eter)?s?#?")


def _count(text: str) -> int | None:
    """Read an exact count: ``18,496``, not ``2.7K``."""
    digits = re.sub(r"(?<=\d)[,_ ](?=\d{3}\b)", "", text)
    return int(digits) if re.fullmatch(r"\d{1,12}", digits) else None


def _detail(cell: Cell, row: DraftRow, *, named: bool) -> None:
    """Take what a description says about a layer and no cell of its own does."""
    for name, value in read_detail(normal(cell), row.type, named=named).items():
        if name not in row.values:
            row.values[name] = value
            row.places[name] = cell.position


def _input_width(columns: list[Column], cells: tuple[Cell, ...]) -> StatedSize | None:
    """Find the channels, or the length, of an input row where a convolution would have its width."""
    conv = block_type("conv")
    assert conv is not None
    for column, cell in zip(columns, cells, strict=True):
        field = conv.field(column.spellings[0]) if column.kind == FIELD else None
        if field is not None and field.name == "width" and normal(cell).isdigit():
            return StatedSize(int(normal(cell)), None, None, cell.position, normal(cell))
    return None


def _product(cell: Cell) -> StatedSize | None:
    """Read how many numbers reach a row: ``400`` or ``16*5*5``."""
    text = normal(cell)
    if re.fullmatch(r"\d{1,6}(?:x\d{1,6})*", text) is None:
        return None
    inside = prod(int(each) for each in text.split("x"))
    return StatedSize(inside, None, None, cell.position, text)


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


# Blocks that never take a step themselves.
UNSTEPPED = frozenset(("vgg_stage", "inception", "fire", "dense_block", "squeeze_excite"))
ELEMENTWISE = frozenset(("norm", "activation", "dropout"))

# In place of a pooling's window.
GLOBALLY = re.compile(r"global(?:ly)?|all|whole(?: map)?|full|entire(?: map)?", re.IGNORECASE)


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
        if row.type == "avg_pool" and GLOBALLY.fullmatch(text):
            row.type = "global_avg_pool"
            return
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
    last = block_type(rows[-1].type)
    stepped = spelt is not None and spelt.name == "stride" and not absent(text)
    if last is not None and last.name in UNSTEPPED and stepped and not re.match(r"1\b", text):
        raise CellError(
            f"a {last.name.replace('_', ' ')} row has no stride of its own",
            found=text[:60],
            expected="a row of its own for the layer that makes the step",
        )


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


def _sizes(sheet: _Sheet, cells: tuple[Cell, ...]) -> dict[str, StatedSize | None]:
    """Read the sizes a row states; ``1×28×28 → 32×26×26`` is both."""
    sizes: dict[str, StatedSize | None] = {}
    for column, cell in zip(sheet.columns, cells, strict=True):
        if column.kind not in (INPUT, OUTPUT):
            continue
        text = normal(cell)
        before, arrow, after = (EXAMPLES.sub("", text) if sheet.batched else text).partition("→")
        if arrow:
            sizes |= {INPUT: _stated(before, cell), OUTPUT: _stated(after, cell)}
        else:
            sizes[column.kind] = _stated(before, cell)
    return sizes


def _stated(text: str, cell: Cell) -> StatedSize | None:
    size = read_size(text.split("\n")[-1]) if text else None
    return None if size is None else StatedSize(*size, cell.position, text.strip())


def _size_in(operation: Operation, cells: tuple[Cell, ...]) -> StatedSize | None:
    """Find the size of an input row in its wording or in any of its cells."""
    said = operation.values.get("size")
    texts = ["x".join(map(str, said)) if isinstance(said, tuple) else "", *map(normal, cells)]
    for text, cell in zip(texts, (cells[0], *cells), strict=True):
        found = re.search(r"\d+x\d+(?:x\d+)?", text)
        size = read_size(found[0]) if found else None
        if found and size is not None:
            return StatedSize(*size, cell.position, found[0])
    return None
