"""What a query gives: plain frozen values for the site to render, or an error to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from generator.graph.dataview.dates import Date
from generator.graph.dataview.values import Element, Markup, Rendered, Value, ValueLink


@dataclass(frozen=True, slots=True)
class TableResult:
    """A table. ``headers`` are Markdown; the first shows the number of rows beside it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class ListResult:
    """A list. With both an id and a value an item is a ``ListPair``."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A task or list item shown with what is below it. ``status`` is ``None`` for plain items;
    ``text`` is Markdown of note ``path``."""

    text: str
    status: str | None
    path: str
    line: int
    link: ValueLink
    children: tuple[TaskItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks under one key; ``count`` is how many the query found in it."""

    key: Value
    entries: tuple[TaskGroup, ...] | tuple[TaskItem, ...]
    count: int


@dataclass(frozen=True, slots=True)
class TaskResult:
    """Tasks, grouped or not."""

    entries: tuple[TaskGroup, ...] | tuple[TaskItem, ...]


@dataclass(frozen=True, slots=True)
class CalendarResult:
    """Days with the notes that belong to them, by date."""

    days: tuple[tuple[Date, tuple[ValueLink, ...]], ...]


@dataclass(frozen=True, slots=True)
class ValueResult:
    """The value of an inline query."""

    value: Value


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """What a script wrote, in order. ``missing`` are the notes whose pages it asked for in vain
    and got empty ones for."""

    children: tuple[str | Element | Markup | Rendered | Result | QueryError, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryError:
    """A query that failed. ``message`` is Dataview's own text; ``offset`` the place in the query's
    text where that is known; ``cause`` says in our words what to do about it. ``kind`` is
    ``syntax``, ``failure``, or ``stopped`` for a script that did not end; ``label`` is what
    Dataview puts before the message."""

    message: str
    offset: int | None = None
    cause: str = ""
    kind: str = "failure"
    label: str = ""


Result: TypeAlias = TableResult | ListResult | TaskResult | CalendarResult | ValueResult
QueryResult: TypeAlias = TableResult | ListResult | TaskResult | CalendarResult
