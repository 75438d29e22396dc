"""The one place where mapping asks what layers a section's own tables and blocks define.

Tables are read by :mod:`generator.architectures.tables`; a block's ``layers`` list has the same row
types written as YAML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.architectures.model import Family, ParamValue, Row
from generator.architectures.yaml_source import YamlNode
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Block
from generator.notes.model import Note


@dataclass(frozen=True, slots=True)
class SectionRows:
    """Layer rows with the place of each. ``level`` is ``table`` or ``block``."""

    rows: tuple[Row, ...]
    places: tuple[Position, ...]
    level: str
    diagnostics: tuple[Diagnostic, ...] = ()

    def place(self, row: int) -> Position:
        """Where a row stands; the first row's place for an error without one."""
        return self.places[row] if 0 <= row < len(self.places) else self.places[0]


def section_rows(
    note: Note,
    sections: Sequence[int],
    blocks: Sequence[Block],
    family: Family | None,
    *,
    explicit: bool,
) -> SectionRows | None:
    """The layers that some sections of a note define; a block's win over a table's.

    ``explicit`` says that the section names its architecture with ``arch``: tables are then read
    more readily. Gives ``None`` where nothing is a layer table.
    """
    inside = frozenset(sections)
    found = [
        _from_block(note.path, block.layers)
        for block in blocks
        if block.section in inside and block.layers is not None and not block.broken
    ]
    return found[0] if found else None


def _from_block(path: str, layers: YamlNode) -> SectionRows:
    rows: list[Row] = []
    places: list[Position] = []
    problems: list[Diagnostic] = []
    items = layers.value if isinstance(layers.value, tuple) else ()
    for node in items:
        place = Position(path, node.line, node.column)
        kind = node.get("type")
        if not isinstance(node.value, dict) or kind is None or not isinstance(kind.value, str):
            problems.append(
                diagnostic(
                    "NT410",
                    place,
                    "a layer is a mapping with a `type`",
                    expected="{type: conv, width: 64, kernel: 3}",
                )
            )
            continue
        name = node.get("name")
        fields: dict[str, ParamValue] = {
            key: _value(each)
            for key, each in node.value.items()
            if key not in ("type", "name") and each.value is not None
        }
        rows.append(
            Row(
                kind.value,
                MappingProxyType(fields),
                str(name.value) if name is not None and name.value is not None else "",
            )
        )
        places.append(place)
    if not rows and not problems:
        problems.append(
            diagnostic("NT410", Position(path, layers.line, layers.column), "`layers` is empty")
        )
    return SectionRows(
        tuple(rows), tuple(places) or (Position(path, layers.line),), "block", tuple(problems)
    )


def _value(node: YamlNode) -> ParamValue:
    if isinstance(node.value, tuple):
        return tuple(_value(each) for each in node.value if each.value is not None)
    if isinstance(node.value, dict):
        return MappingProxyType(
            {key: _value(each) for key, each in node.value.items() if each.value is not None}
        )
    return "" if node.value is None else node.value
