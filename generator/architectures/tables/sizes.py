"""Sizes that a table states against those that the arithmetic gives.

A contradiction is a warning at the stated size's cell; the model is built by the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from generator.architectures import ir
from generator.architectures.arithmetic import RowSummary, layer_rows
from generator.architectures.operations import show
from generator.architectures.tables.model import StatedSize, TableReading
from generator.core.diagnostics import Diagnostic, diagnostic

# Which part of a row a further stated size is about; 0 and above count its layers with weights.
INPUT_OF_ROW, OUTPUT_OF_ROW, PARAMETERS_OF_ROW = -1, -2, -3


def size_problems(reading: TableReading, network: ir.Network) -> list[Diagnostic]:
    """Compare stated with computed sizes; one that follows from an earlier one is left out."""
    summary = {each.row: each for each in layer_rows(network)}
    weighted: dict[int, list[int]] = {}
    for node in network.nodes:
        if isinstance(node.op, ir.Conv2d):
            weighted.setdefault(node.row, []).append(node.op.in_channels)
        elif isinstance(node.op, ir.Linear):
            weighted.setdefault(node.row, []).append(node.op.in_features)
    compared: list[tuple[int, int, StatedSize, ir.Shape]] = []
    problems: list[Diagnostic] = []
    for index, stated in enumerate(reading.outputs):
        if stated is not None and index in summary:
            compared.append((index, 1, stated, summary[index].output))
    seen = {(each[0], each[2].position) for each in compared}
    for index, part, stated in reading.stated:
        if index not in summary or (index - 1, stated.position) in seen:
            continue
        if part == PARAMETERS_OF_ROW:
            problems.extend(_parameter_problems(stated, summary[index]))
            continue
        if part == INPUT_OF_ROW:
            compared.append((index - 1, 2, stated, summary[index].input))
        elif part == OUTPUT_OF_ROW:
            compared.append((index, 1, stated, (summary[index].output[0],)))
        elif part < len(weighted.get(index, ())):
            compared.append((index, 0, stated, (weighted[index][part],)))
    fitted = True
    for _, _, stated, shape in sorted(compared, key=lambda each: each[:2]):
        fits = _fits(stated, shape)
        if not fits and fitted:
            problems.append(
                diagnostic(
                    "NT520",
                    stated.position,
                    f"the table says {stated.text}, the arithmetic {_like(stated, shape)}",
                    found=stated.text,
                    expected=_like(stated, shape),
                    hint="the model is built by the arithmetic; correct the size or the row",
                )
            )
        fitted = fits
    return problems


def _parameter_problems(stated: StatedSize, row: RowSummary) -> Iterator[Diagnostic]:
    """Compare a row's parameters with those the table counts, which may leave out biases."""
    weights = row.parameters - row.output[0]
    if stated.channels not in (row.parameters, weights):
        yield diagnostic(
            "NT520",
            stated.position,
            f"the table says {stated.text} parameters, the arithmetic {row.parameters:,}",
            found=stated.text,
            expected=f"{row.parameters:,}",
            hint="the model is built by the arithmetic; correct the count or the row",
        )


def _fits(stated: StatedSize, computed: ir.Shape) -> bool:
    channels = computed[0]
    if stated.height is None and stated.channels == prod(computed):
        return True  # what a flatten makes of it
    height, width = computed[1:] if len(computed) == 3 else (1, 1)
    if stated.height is None:
        # One number: a vector's length, or the side of a square map.
        return stated.channels in (channels, height) and (
            stated.channels == channels or height == width
        )
    fits = (stated.height, stated.width) == (height, width)
    if len(computed) == 1 and stated.channels is None:
        return True  # 1×1 beside a pooling and linear row
    if len(computed) == 1 and not fits and stated.channels is not None:
        # The input of a flatten: 7×7×512 is the vector's length.
        return stated.channels * (stated.height or 1) * (stated.width or 1) == channels
    return fits and (stated.channels is None or stated.channels == channels)


def _like(stated: StatedSize, computed: ir.Shape) -> str:
    """Write a computed shape in the order the table uses: height × width × channels."""
    if len(computed) == 1:
        return str(computed[0])
    if stated.channels is None or stated.height is None:
        return show(computed[1:])
    return show((*computed[1:], computed[0]))
