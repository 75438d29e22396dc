"""A base as written, and the views it gives: rows of cells in groups.

Source: Obsidian help, "Bases syntax" and "Views".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from generator.graph.bases.syntax import Expression
from generator.graph.dataview.values import Value

if TYPE_CHECKING:
    from generator.graph.dataview.render import Writer


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter statement; ``text`` is its source."""

    text: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Combined:
    """Filters under ``and``, ``or`` or ``not`` (none of them)."""

    how: str
    filters: tuple[Filter, ...]


Filter: TypeAlias = Condition | Combined


@dataclass(frozen=True, slots=True)
class Order:
    """A property to sort or group by."""

    property: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One view of a base. ``summaries`` maps properties to the names of summary formulas."""

    kind: str
    name: str
    filter: Filter | None = None
    columns: tuple[str, ...] = ()
    sort: tuple[Order, ...] = ()
    group: Order | None = None
    limit: int | None = None
    image: str = ""
    summaries: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """A base: filters of all views, formulas, display names, summary formulas, and its views."""

    filter: Filter | None
    formulas: Mapping[str, Expression]
    names: Mapping[str, str]
    summaries: Mapping[str, Expression]
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class CellError:
    """A formula that failed on one file."""

    message: str


Cell: TypeAlias = "Value | CellError"


@dataclass(frozen=True, slots=True)
class Row:
    """One file with the cells of the view's columns; ``image`` is a card's picture."""

    path: str
    cells: tuple[Cell, ...]
    image: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of equal group key; ``summaries`` has a cell for each column, ``None`` for most."""

    key: Value
    rows: tuple[Row, ...]
    summaries: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewResult:
    """A view's rows. ``kind`` is ``table``, ``cards``, ``list`` or what the base says;
    ``total`` counts the rows before the limit; without ``grouped`` there is one group."""

    kind: str
    name: str
    headers: tuple[str, ...]
    groups: tuple[Group, ...]
    grouped: bool
    total: int


@dataclass(frozen=True, slots=True)
class BaseResult:
    """All views of a base, in order; ``problems`` are parts of it that could not be used."""

    views: tuple[ViewResult, ...]
    problems: tuple[str, ...] = ()

    def write_to(self, writer: Writer[Any]) -> None:
        """Write the views as HTML."""
        from generator.graph.bases.render import write_base

        write_base(self, writer)
