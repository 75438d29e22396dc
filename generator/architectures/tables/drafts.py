"""From a draft to typed rows: every value checked at its cell, groups made repeats.

What does not fit is reported where it stands; sizes that rows state are kept beside them for
:mod:`.sizes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import typed_values
from generator.architectures.builder import ArchitectureError
from generator.architectures.model import ParamValue, Row
from generator.architectures.tables.model import Draft, DraftRow, StatedSize
from generator.architectures.tables.rows import unknown_layer
from generator.architectures.tables.sizes import INPUT_OF_ROW, OUTPUT_OF_ROW, PARAMETERS_OF_ROW
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position

# What a table leaves open when it prints "k" for the classes: ImageNet's, as the papers mean it.
DEFAULT_CLASSES = 1000


def typed_row(row: DraftRow, problems: list[Diagnostic]) -> Mapping[str, ParamValue]:
    """Type a row's values; what does not fit is reported at its cell."""
    block = block_type(row.type)
    if block is None:
        problems.append(unknown_layer(row.places.get("type", row.position), row.type))
        return {}
    typed: dict[str, ParamValue] = {}
    for name, value in row.values.items():
        try:
            typed |= typed_values(block, {name: value})
        except ArchitectureError as error:
            problems.append(
                diagnostic(
                    "NT510",
                    row.places.get(name, row.position),
                    error.message,
                    found=error.found,
                    expected=error.expected,
                )
            )
    return typed


def check_complete(draft: Draft, problems: list[Diagnostic]) -> None:
    """Report required fields that no cell gives, once all cells can be read."""
    if problems:
        return
    for row in draft.rows:
        block = block_type(row.type)
        for name in missing_fields(row):
            field = block.field(name) if block is not None else None
            problems.append(
                diagnostic(
                    "NT511",
                    row.places.get(name, row.position),
                    f"the {row.type.replace('_', ' ')} row gives no {name.replace('_', ' ')}",
                    expected=field.doc if field is not None else "",
                )
            )


def grouped(
    draft: Draft, typed: list[Mapping[str, ParamValue]]
) -> tuple[
    list[Row],
    list[Mapping[str, Position]],
    list[StatedSize | None],
    list[tuple[int, int, StatedSize]],
]:
    """Make rows of drafts; rows of one group become a repeat row. Besides rows, their places and
    their outputs this gives the further sizes they state."""
    rows: list[Row] = []
    places: list[Mapping[str, Position]] = []
    outputs: list[StatedSize | None] = []
    further: list[tuple[int, int, StatedSize]] = []
    drafts = draft.rows
    index = 0
    while index < len(drafts):
        each = drafts[index]
        end = index + 1
        while each.group and end < len(drafts) and drafts[end].group == each.group:
            end += 1
        following = drafts[end].input if end < len(drafts) else None
        output = drafts[end - 1].output or following
        where = {"": each.position, **each.places}
        number = len(rows)
        if each.input is not None and number:
            further.append((number, INPUT_OF_ROW, each.input))
        if each.window is not None:
            further.append((number, INPUT_OF_ROW, each.window))
        if each.maps is not None:
            further.append((number, OUTPUT_OF_ROW, each.maps))
        if each.parameters is not None and end == index + 1 and each.type in ("conv", "linear"):
            place = each.places.get("parameters", each.position)
            count = StatedSize(each.parameters, None, None, place, f"{each.parameters:,}")
            further.append((number, PARAMETERS_OF_ROW, count))
        for layer, inner_row in enumerate(drafts[index:end]):
            if inner_row.weights is not None:
                further.append((number, layer, inner_row.weights))
        if end - index > 1:
            inner = tuple(
                MappingProxyType(
                    {"type": drafts[i].type}
                    | {name: value for name, value in typed[i].items() if name != "repeat"}
                )
                for i in range(index, end)
            )
            times = typed[index].get("repeat", 1)
            rows.append(Row("repeat", MappingProxyType({"times": times, "rows": inner})))
        else:
            fields = dict(typed[index])
            if output is not None and output.height is not None and output.width is not None:
                fields["output_size"] = (output.height, output.width)
            if each.classes:
                fields["width"] = DEFAULT_CLASSES
            rows.append(Row(each.type, MappingProxyType(fields)))
        places.append(MappingProxyType(where))
        outputs.append(output)
        index = end
    return rows, places, outputs, further


def missing_fields(row: DraftRow) -> list[str]:
    """List the required fields that a row does not give; the class count may stay open."""
    block = block_type(row.type)
    if block is None:
        return []
    required = [each.name for each in block.fields if each.required]
    if row.type == "conv" and not row.values.get("depthwise"):
        required.append("width")
    names = {known.name for key in row.values if (known := block.field(key)) is not None}
    return [
        name for name in required if name not in names and not (name == "width" and row.classes)
    ]
