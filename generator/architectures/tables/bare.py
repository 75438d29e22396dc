"""The bare layout: no column names a layer, the columns themselves say which block it is.

``convs | width | kernel | pool`` are VGG stages, ``t | c | n | s`` inverted residuals, ``s1x1 | e1x1 |
e3x3`` fire modules, ``#1x1 | #3x3 reduce | …`` inception blocks.
"""

from __future__ import annotations

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import BlockType
from generator.architectures.tables.cells import CellError, find_field, read_cell
from generator.architectures.tables.headers import (
    FIELD,
    INPUT,
    NAME,
    OUTPUT,
    TYPE,
    UNKNOWN,
    read_header,
)
from generator.architectures.tables.model import Draft, DraftRow, Grid, Question, StatedSize
from generator.architectures.tables.rows import is_summary
from generator.architectures.tables.text import absent, key, normal, read_size
from generator.core.diagnostics import diagnostic

# Blocks that columns alone can name, with the fields of which one must be there.
CANDIDATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vgg_stage", ("convs", "kernels")),
    ("fire", ("squeeze",)),
    ("inception", ("ch3x3red",)),
    ("inverted_residual", ("t", "expanded")),
    ("dense_block", ("growth",)),
    ("conv", ("kernel",)),
)


def read(grid: Grid, question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` when its columns are no block's fields."""
    columns = [read_header(each) for each in grid.header]
    fields = [
        (index, column.spellings[0])
        for index, column in enumerate(columns)
        if column.kind == FIELD and len(column.spellings) == 1
    ]
    # A header such as "block" or "layers" may be a field of just this block.
    loose = [
        (index, column.spellings[0])
        for index, column in enumerate(columns)
        if column.kind in (NAME, TYPE, UNKNOWN) and column.spellings
    ]
    chosen = _choose(fields, loose)
    if chosen is None:
        return None
    block, owned = chosen
    # Windows and widths alone may be anything, say a search grid.
    if block.name == "conv" and not question.explicit:
        return None
    draft = Draft(rows=[], understood=0, total=0, part=True)
    for cells in grid.rows:
        texts = [normal(cells[index]) for index, _ in owned]
        if all(absent(each) for each in texts) or is_summary(normal(cells[0])):
            continue
        draft.total += 1
        row = DraftRow(block.name, {}, cells[0].position)
        fine = True
        for index, spelling in owned:
            field = find_field(block, spelling)
            assert field is not None
            row.places[field.name] = cells[index].position
            try:
                row.values |= read_cell(block, field, normal(cells[index]).replace("\n", ", "))
            except CellError as error:
                fine = False
                draft.problems.append(
                    diagnostic(
                        "NT510",
                        cells[index].position,
                        error.message,
                        found=error.found,
                        expected=error.expected,
                    )
                )
        draft.understood += fine
        for index, column in enumerate(columns):
            size = read_size(normal(cells[index])) if column.kind in (INPUT, OUTPUT) else None
            if size is not None:
                stated = StatedSize(*size, cells[index].position, normal(cells[index]))
                if column.kind == INPUT:
                    row.input = stated
                else:
                    row.output = stated
        draft.rows.append(row)
    return draft


def _choose(
    fields: list[tuple[int, str]], loose: list[tuple[int, str]]
) -> tuple[BlockType, list[tuple[int, str]]] | None:
    """Find the block whose fields the columns are."""
    for name, marks in CANDIDATES:
        block = block_type(name)
        assert block is not None
        if any(find_field(block, spelling) is None for _, spelling in fields):
            continue
        owned = list(fields)
        taken = {_name(block, spelling) for _, spelling in owned}
        for index, spelling in loose:
            own = block.field(spelling) or block.field(key(spelling))
            if own is not None and own.name in marks and own.name not in taken:
                owned.append((index, spelling))
                taken.add(own.name)
        required = {each.name for each in block.fields if each.required}
        if len(owned) >= 2 and required <= taken and taken & set(marks):
            return block, owned
    return None


def _name(block: BlockType, spelling: str) -> str:
    field = find_field(block, spelling)
    return field.name if field is not None else ""
