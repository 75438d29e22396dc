"""What a layer table says, typed: rows with the places they come from, and sizes it states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from generator.architectures.model import Family, ParamValue, Row
from generator.core.diagnostics import Diagnostic
from generator.core.source import Position
from generator.notes.model import Cell


@dataclass(frozen=True, slots=True)
class StatedSize:
    """A size printed for a row: ``None`` where it leaves an axis open. ``position`` is its cell."""

    channels: int | None
    height: int | None
    width: int | None
    position: Position
    text: str = ""


@dataclass(slots=True)
class Operation:
    """One layer as a text words it: its type, field values, and how often it repeats; operations of
    one ``group`` (> 0) repeat together."""

    type: str
    values: dict[str, object] = field(default_factory=dict)
    repeat: int = 1
    group: int = 0


@dataclass(slots=True)
class DraftRow:
    """One layer row while a layout reads it. ``places`` gives the cell of each field."""

    type: str
    values: dict[str, object]
    position: Position
    places: dict[str, Position] = field(default_factory=dict)
    input: StatedSize | None = None
    output: StatedSize | None = None
    maps: StatedSize | None = None  # channels stated for a row that does not set them
    window: StatedSize | None = None  # a global pooling's window: the map it stands on
    weights: StatedSize | None = None  # input channels that a filter shape states
    parameters: int | None = None  # how many the table says it has
    group: int = 0  # rows of one group (> 0) repeat together
    classes: bool = False  # its width is the number of classes


@dataclass(slots=True)
class Draft:
    """What a layout read. ``understood`` of ``total`` rows made sense; ``problems`` are its others.

    ``input`` is the network's stated input, ``channels`` its channels where a column gives only
    those. ``notes`` are remarks on the reading.
    """

    rows: list[DraftRow]
    understood: int
    total: int
    problems: list[Diagnostic] = field(default_factory=list)
    input: StatedSize | None = None
    channels: int | None = None
    notes: list[Diagnostic] = field(default_factory=list)
    # True where the table lists a part of the network only (stages without their head).
    part: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a layout needs to know besides the table: the family and variant of its section.

    ``given`` are parameters that the note sets itself, ``explicit`` whether the section names its
    architecture outright.
    """

    family: Family | None
    variant: str
    given: frozenset[str] = frozenset()
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells. Layouts read the raw Markdown through :mod:`.text`."""

    path: str
    header: tuple[Cell, ...]
    rows: Sequence[tuple[Cell, ...]]
    position: Position


@dataclass(frozen=True, slots=True)
class TableReading:
    """A layer table read.

    ``rows`` are its layer rows; ``places[i]`` maps the fields of row ``i`` to their cells (``""`` is
    the row itself). Where the family has parameters that express the same network, ``network`` is
    the class's module and ``params`` their values; otherwise ``network`` is ``""`` and the rows
    replace the family's. ``in_channels`` and ``input_size`` (height, width) are stated or ``None``.

    ``broken`` says that some cell could not be read, so that no model can be built from it; the
    diagnostics say which.
    """

    layout: str
    rows: tuple[Row, ...]
    places: tuple[Mapping[str, Position], ...]
    outputs: tuple[StatedSize | None, ...]
    position: Position
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: bool = False
    network: str = ""
    params: Mapping[str, ParamValue] = field(default_factory=lambda: MappingProxyType({}))
    in_channels: int | None = None
    input_size: tuple[int, int] | None = None
    # Further sizes to check: (row, which layer with weights in it or -1 for the row's own input or
    # -2 for its output, size).
    stated: tuple[tuple[int, int, StatedSize], ...] = ()

    def place(self, row: int, field_name: str = "") -> Position:
        """Give the cell of a row's field, or the row's first cell, or the table."""
        if not 0 <= row < len(self.places):
            return self.position
        places = self.places[row]
        return places.get(field_name) or places.get("") or self.position
