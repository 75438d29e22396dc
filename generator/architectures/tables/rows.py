"""Starting rows from wordings: what of an operation its block type has fields for, and what is no layer.

Every layout begins its rows here; what their cells add is the layout's.
"""

from __future__ import annotations

import re

from generator.architectures.blocks import block_type
from generator.architectures.tables.cells import CLASSES
from generator.architectures.tables.model import Draft, DraftRow, Operation, StatedSize
from generator.architectures.tables.operations import BRACKETED, bracket_problem
from generator.architectures.tables.words import nearest_type
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position

# Rows that sum a table up; they are no layers.
SUMMARY = re.compile(
    r"(?:sub)?total|sum|flops|params?|parameters|macs|top-?\d.*|error|合计|总计|合計|총합|summe|somme",
    re.IGNORECASE,
)


def is_summary(text: str) -> bool:
    """Say whether a row's first words sum the table up: ``# params.``, ``Total``."""
    return SUMMARY.fullmatch(text.strip(" :#.")) is not None


def started(operation: Operation, position: Position) -> DraftRow:
    """Start a row from a wording, keeping what its block type has fields for."""
    block = block_type(operation.type)
    assert block is not None
    row = DraftRow(operation.type, {}, position)
    if isinstance(inside := operation.values.get("inside"), int):
        row.weights = StatedSize(inside, None, None, position, str(inside))
    for name, value in operation.values.items():
        if block.field(name) is not None:
            row.values[name] = value
    if isinstance(width := row.values.get("width"), str) and CLASSES.fullmatch(width):
        row.classes = True
        del row.values["width"]
    if operation.repeat > 1:
        layered = row.type == "dense_block" and "layers" not in row.values
        row.values["layers" if layered else "repeat"] = operation.repeat
    return row


def started_rows(operations: list[Operation], position: Position, draft: Draft) -> list[DraftRow]:
    """Start the rows of a wording; those that repeat together get one group."""
    rows = []
    for each in operations:
        row = started(each, position)
        if each.group:
            row.group = len(draft.rows) + each.group
        rows.append(row)
    return rows


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
