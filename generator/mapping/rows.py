"""The one place where mapping asks what layers a section's own tables and blocks define.

Reading and building them is :mod:`generator.architectures.tables`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.architectures.model import Family
from generator.architectures.tables import TableReading, read_layers, read_table
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.mapping.blocks import Block
from generator.notes.model import Note


@dataclass(frozen=True, slots=True)
class Layers:
    """What a section's table or block says; ``level`` is ``table`` or ``block``."""

    reading: TableReading
    level: str
    diagnostics: tuple[Diagnostic, ...]

    @property
    def replace_rows(self) -> bool:
        """Whether the rows stand for the network; otherwise parameters of its class do."""
        return not self.reading.network

    @property
    def broken(self) -> bool:
        """Whether something in it could not be read."""
        return self.reading.broken or (self.replace_rows and not self.reading.rows)


def section_layers(
    note: Note,
    sections: Sequence[int],
    blocks: Sequence[Block],
    family: Family | None,
    *,
    explicit: bool,
    variant: str = "",
    given: frozenset[str] = frozenset(),
) -> Layers | None:
    """The layers that some sections of a note define; a block's win over a table's.

    ``explicit`` says that the section names its architecture with ``arch``: tables are then read
    more readily. ``given`` are the parameters the note sets itself. Gives ``None`` where nothing is
    a layer table.
    """
    inside = frozenset(sections)
    for block in blocks:
        if block.section in inside and block.layers is not None and not block.broken:
            reading = read_layers(block.layers, note.path, family, variant=variant)
            return Layers(reading, "block", reading.diagnostics)
    tables = (table for table in note.tables if table.section in inside)
    readings = [
        found
        for table in tables
        if (found := read_table(table, family, explicit=explicit, variant=variant, given=given))
        is not None
    ]
    if not readings:
        return None
    first, *others = readings
    unused = tuple(
        diagnostic(
            "NT415",
            other.position,
            f"a second layer table of one section: the one on line {first.position.line} is used",
            hint="write all layers in one table, or give each table a heading of its own",
        )
        for other in others
    )
    return Layers(first, "table", (*first.diagnostics, *unused))
