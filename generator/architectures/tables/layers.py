"""The ``layers`` of a fenced block: a table's rows in YAML, with the same types and fields."""

from __future__ import annotations

from generator.architectures.blocks import block_type
from generator.architectures.model import Family
from generator.architectures.tables.finish import finished
from generator.architectures.tables.model import (
    Draft,
    DraftRow,
    Question,
    StatedSize,
    TableReading,
)
from generator.architectures.tables.text import normal, read_size
from generator.architectures.tables.words import Wording, type_of
from generator.architectures.yaml_source import YamlNode
from generator.core.diagnostics import diagnostic
from generator.core.source import Position


def read_layers(
    node: YamlNode, path: str, family: Family | None = None, *, variant: str = ""
) -> TableReading:
    """Read the ``layers`` of a fenced block: a list of mappings with ``type`` and a table's fields.

    A layer's ``output_size`` is checked as a table's is; ``width: num_classes`` leaves the class count
    to the parameter. Everything that is wrong is a diagnostic at its line.
    """
    position = Position(path, node.line, node.column)
    draft = Draft(rows=[], understood=0, total=0)
    for each in node.value if isinstance(node.value, tuple) else ():
        draft.total += 1
        place = Position(path, each.line, each.column)
        kind = each.get("type")
        if not isinstance(each.value, dict) or kind is None:
            draft.problems.append(
                diagnostic("NT510", place, "a layer needs a 'type'", expected="type: conv")
            )
            continue
        named, implied = _named_type(str(kind.value))
        row = DraftRow(named, dict(implied), place)
        for name, value in each.value.items():
            row.places[name] = Position(path, value.line, value.column)
            if _is_width(row.type, name) and str(value.value) in ("num_classes", "classes"):
                row.classes = True
            elif name == "rows" and isinstance(value.value, tuple):
                row.values[name] = tuple(_inner(inner.plain()) for inner in value.value)
            elif name not in ("type", "output_size"):
                row.values[name] = value.plain()
        row.places["type"] = Position(path, kind.line, kind.column)
        stated = each.get("output_size")
        if stated is not None:
            row.output = _yaml_size(stated, path)
        draft.rows.append(row)
        draft.understood += 1
    if not draft.rows and not draft.problems:
        draft.problems.append(
            diagnostic("NT510", position, "layers is empty", expected="a list of layers")
        )
    return finished("layers", draft, position, Question(family, variant))


def _named_type(text: str) -> Wording:
    """Find the row type that a ``type`` names, in the words a table's cell may use."""
    block = block_type(text)
    if block is not None:
        return block.name, {}
    return type_of(normal(text)) or (text, {})


def _inner(row: object) -> object:
    """Give a row inside a repeat its type's own name."""
    if not isinstance(row, dict) or "type" not in row:
        return row
    named, implied = _named_type(str(row["type"]))
    return {**implied, **row, "type": named}


def _is_width(kind: str, name: str) -> bool:
    block = block_type(kind)
    field = block.field(name) if block is not None else None
    return field is not None and field.name == "width"


def _yaml_size(node: YamlNode, path: str) -> StatedSize | None:
    value = node.plain()
    text = "x".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
    size = read_size(normal(text))
    if size is None:
        return None
    if size[1] is None:
        size = (None, size[0], size[0])
    return StatedSize(*size, Position(path, node.line, node.column), text)
