"""Finishing a table: its rows typed, built once, checked, and folded into a family's parameters.

Input: a layout's draft. Output: a :class:`TableReading` whose rows hold at any input size: paddings
that stated sizes solved are written into the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from types import MappingProxyType

from generator.architectures import ir
from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import read_fields
from generator.architectures.lower import ArchitectureError, lower_rows
from generator.architectures.model import Row
from generator.architectures.tables.drafts import check_complete, grouped, typed_row
from generator.architectures.tables.fold import fold
from generator.architectures.tables.inferred import USUAL_SIDES
from generator.architectures.tables.model import Draft, Question, TableReading
from generator.architectures.tables.sizes import size_problems
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position


def finished(layout: str, draft: Draft, position: Position, question: Question) -> TableReading:
    problems = list(draft.problems)
    check_complete(draft, problems)
    typed = [typed_row(row, problems) for row in draft.rows]
    broken = bool(problems)
    rows, places, outputs, further = grouped(draft, typed)
    stated = _stated_input(draft)
    reading = TableReading(
        layout=layout,
        rows=tuple(rows),
        places=tuple(places),
        outputs=tuple(outputs),
        position=position,
        diagnostics=(*problems, *draft.notes),
        broken=broken,
        in_channels=stated[0],
        input_size=stated[1],
        stated=tuple(further),
    )
    if broken or not rows:
        return reading
    return _settled(reading, draft, question)


def _stated_input(draft: Draft) -> tuple[int | None, tuple[int, int] | None]:
    """The network's input, where the table states it."""
    first = draft.rows[0] if draft.rows else None
    size = draft.input or (first.input if first else None)
    if first is not None and first.type == "conv" and first.weights is not None:
        draft.channels = first.weights.channels
    if size is None:
        return draft.channels, None
    if size.height is None or size.width is None:
        # ``32`` alone is the side of a square image.
        side = size.channels
        return draft.channels, (side, side) if side is not None and side > 4 else None
    return size.channels or draft.channels, (size.height, size.width)


def _settled(reading: TableReading, draft: Draft, question: Question) -> TableReading:
    """Build the rows once, at the stated input: solve paddings, check sizes, look for a family's
    parameters that express the same network."""
    family = question.family
    found = family.variant(question.variant or family.default) if family is not None else None
    channels = reading.in_channels or (found[0].in_channels if found else 3)
    usual = found[1].input_size if found else USUAL_SIZE
    side = usual if reading.input_size else _assumed_size(reading, usual, channels)
    size = reading.input_size or (side, side)
    if side != usual:
        reading = replace(reading, input_size=size)
    problems = list(reading.diagnostics)
    rows = list(reading.rows)
    network = lower_rows(rows, in_channels=channels, input_size=size)
    if isinstance(network, tuple):
        repaired = _by_sizes(rows, reading, size)
        again = lower_rows(repaired, in_channels=channels, input_size=size)
        if isinstance(again, tuple):
            problems.extend(lowering_problems(reading, network))
            return replace(reading, diagnostics=tuple(problems), broken=True)
        for index, (before, after) in enumerate(zip(rows, repaired, strict=True)):
            if before != after:
                problems.append(_misprint(reading, index, before, after))
        rows, network = repaired, again
    problems.extend(size_problems(reading, network))
    rows = _padded(rows, network)
    network_again = lower_rows(rows, in_channels=channels, input_size=size)
    assert isinstance(network_again, ir.Network)
    settled = replace(reading, rows=tuple(rows), diagnostics=tuple(problems))
    if family is None:
        return settled
    classes = None if any(each.classes for each in draft.rows) else _classes(rows, network_again)
    expressed = fold(rows, network_again, family, part=draft.part, classes=classes)
    if expressed is None:
        return settled
    spec, params = expressed
    return replace(settled, network=spec.module, params=MappingProxyType(dict(params)))


def _classes(rows: list[Row], network: ir.Network) -> int | None:
    """The number of classes, where the rows end in a linear layer."""
    if not any(row.type == "linear" for row in rows):
        return None
    last = network.nodes[network.result].op
    return last.out_features if isinstance(last, ir.Linear) else None


def _assumed_size(reading: TableReading, usual: int, channels: int) -> int:
    """Guess the side of an input that the table does not state: the usual one, unless what the table
    states fits another better."""
    before, sure = _sides_before_first(reading)
    if sure:
        return before[0]
    best, fewest = usual, _contradictions(reading, channels, usual)
    for side in (*before, *USUAL_SIDES):
        if fewest == 0:
            break
        found = _contradictions(reading, channels, side)
        if found < fewest:
            best, fewest = side, found
    return best


def _contradictions(reading: TableReading, channels: int, side: int) -> float:
    """Count what a table states and its rows, built at an input size, do not give; also steps that
    nobody wrote and that leave out pixels."""
    network = lower_rows(reading.rows, in_channels=channels, input_size=side)
    if isinstance(network, tuple):
        return inf
    leaps = sum(
        isinstance(node.op, ir.Conv2d)
        and max(node.op.stride) > max(2, *node.op.kernel)
        and "stride" not in reading.rows[node.row].fields
        for node in network.nodes
    )
    return leaps + len(size_problems(reading, network))


def _sides_before_first(reading: TableReading) -> tuple[tuple[int, ...], bool]:
    """The sides that the first row's window and step would make its stated output from, and whether
    its padding leaves no choice."""
    output = reading.outputs[0] if reading.outputs else None
    values: Mapping[str, object] = reading.rows[0].fields
    kind: object = reading.rows[0].type
    inner = values.get("rows")
    if isinstance(inner, tuple) and isinstance(inner[0], Mapping):
        values, kind = {k: v for k, v in inner[0].items() if k != "type"}, inner[0]["type"]
    block = block_type(str(kind))
    if output is None or output.height is None or block is None or block.field("kernel") is None:
        return (), False
    try:
        fields = read_fields(block, {k: v for k, v in values.items() if k != "output_size"})
    except ArchitectureError:
        return (), False
    window = fields.pair("kernel")[0] if fields.given("kernel") else 3
    usual_step = window if kind in ("max_pool", "avg_pool") else 1
    step = fields.pair("stride")[0] if fields.given("stride") else usual_step
    known = fields.padding("padding") if block.field("padding") is not None else None
    if known == "valid" or isinstance(known, tuple):
        padding = known[0] if isinstance(known, tuple) else 0
        return (max(1, (output.height - 1) * step + window - 2 * padding),), True
    same, valid = output.height * step, (output.height - 1) * step + window
    usual = [each for each in (same, valid) if each in USUAL_SIDES]
    return ((*usual, same) if step == 1 else tuple(usual)), False


USUAL_SIZE = 224


def _by_sizes(rows: list[Row], reading: TableReading, size: tuple[int, int]) -> list[Row]:
    """Take steps from the stated sizes where a printed step contradicts both its neighbours.

    MobileNet's table prints step 2 for its last depthwise layer, between two 7×7 maps; followed to
    the letter the network does not fit together."""
    before = size[0]
    repaired = list(rows)
    for index, (row, output) in enumerate(zip(rows, reading.outputs, strict=True)):
        after = output.height if output is not None else None
        stride = row.fields.get("stride")
        if after and before and isinstance(stride, tuple) and after <= before:
            wanted = max(1, round(before / after))
            if stride != (wanted, wanted) and isinstance(stride[0], int) and stride[0] > 1:
                fields = {**row.fields, "stride": (wanted, wanted)}
                repaired[index] = Row(row.type, MappingProxyType(fields), row.name)
        before = after or 0
    return repaired


def _misprint(reading: TableReading, index: int, before: Row, after: Row) -> Diagnostic:
    def step(row: Row) -> str:
        stride = row.fields["stride"]
        return str(stride[0]) if isinstance(stride, tuple) else str(stride)

    return diagnostic(
        "NT521",
        reading.place(index, "stride"),
        f"stride {step(before)} contradicts the sizes around this row; built with {step(after)}",
        found=step(before),
        expected=step(after),
        hint="correct the cell; a known misprint of a paper stays one until then",
    )


def lowering_problems(
    reading: TableReading, errors: Sequence[ArchitectureError]
) -> list[Diagnostic]:
    return [
        diagnostic(
            "NT512",
            reading.place(error.row, error.field),
            f"this row cannot be built: {error.message}",
            found=error.found,
            expected=error.expected,
            hint=error.hint,
        )
        for error in errors
    ]


def _padded(rows: list[Row], network: ir.Network) -> list[Row]:
    """Fix the paddings and steps that stated sizes solved, so that they hold at any input size."""
    padded = []
    for index, row in enumerate(rows):
        fields = dict(row.fields)
        if "output_size" in fields:
            del fields["output_size"]
            op = next(
                (
                    node.op
                    for node in network.nodes
                    if node.row == index and isinstance(node.op, PADDED_OPERATIONS)
                ),
                None,
            )
            plain_row = row.type in ("conv", "max_pool", "avg_pool")
            if op is not None and plain_row and "padding" not in fields:
                fields["padding"] = op.padding
                fields["stride"] = op.stride
                if isinstance(op, ir.MaxPool2d | ir.AvgPool2d) and op.ceil_mode:
                    fields["ceil_mode"] = True
            block = block_type(row.type)
            if block is not None and block.stacked and "stride" not in fields:
                fields["stride"] = max(
                    (
                        node.op.stride
                        for node in network.nodes
                        if node.row == index and isinstance(node.op, ir.Conv2d)
                    ),
                    default=(1, 1),
                )
        padded.append(Row(row.type, MappingProxyType(fields), row.name))
    return padded


PADDED_OPERATIONS = (ir.Conv2d, ir.MaxPool2d, ir.AvgPool2d)


# ------------------------------------------------------------------ building


def lower_table(
    reading: TableReading,
    *,
    in_channels: int | None = None,
    input_size: int | None = None,
    num_classes: int | None = None,
    norm: str = "none",
    activation: str = "relu",
) -> tuple[ir.Network | None, tuple[Diagnostic, ...]]:
    """Build a reading's rows with generic module names; problems stand at their cells.

    What the caller gives wins over what the table states; without both, three channels and 224
    pixels. The diagnostics are those of building only, not the reading's own.
    """
    size: int | tuple[int, int] = input_size or reading.input_size or USUAL_SIZE
    found = lower_rows(
        reading.rows,
        in_channels=in_channels or reading.in_channels or 3,
        input_size=size,
        num_classes=num_classes,
        norm=norm,
        activation=activation,
    )
    if isinstance(found, ir.Network):
        return found, ()
    return None, tuple(lowering_problems(reading, found))
