"""The syntax trees of Dataview: expressions, sources and queries. ``at`` is an offset in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from generator.graph.dataview.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out: a number, text, date, duration, link, bool or null."""

    value: Value


@dataclass(frozen=True, slots=True)
class Shorthand:
    """``date(today)`` and the like: what it means depends on now."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A field of the row, or a global such as ``this``."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``; ``and`` and ``or`` are ``&`` and ``|``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negated:
    """``!child``."""

    child: Expression


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """``{a: 1}``."""

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """``(x, y) => body``."""

    parameters: tuple[str, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Index:
    """``object.name`` or ``object[index]``."""

    object: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``."""

    function: Expression
    arguments: tuple[Expression, ...]


Expression: TypeAlias = (
    "Literal | Shorthand | Variable | Binary | Negated | ListOf | ObjectOf | Lambda | Index | Call"
)


@dataclass(frozen=True, slots=True)
class TagSource:
    """``#tag``: notes with the tag or one below it."""

    tag: str


@dataclass(frozen=True, slots=True)
class FolderSource:
    """``"folder"`` or ``"file"``."""

    path: str


@dataclass(frozen=True, slots=True)
class LinkSource:
    """``[[link]]`` (notes that link there) or ``outgoing([[link]])``."""

    path: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class CsvSource:
    """``csv("path")``: the rows of a table file."""

    path: str


@dataclass(frozen=True, slots=True)
class NegatedSource:
    """``-source``: all other notes."""

    child: Source


@dataclass(frozen=True, slots=True)
class BinarySource:
    """``left and right`` (``&``) or ``left or right`` (``|``)."""

    operator: str
    left: Source
    right: Source


Source: TypeAlias = (
    "TagSource | FolderSource | LinkSource | CsvSource | NegatedSource | BinarySource"
)


@dataclass(frozen=True, slots=True)
class Named:
    """An expression with the name it gets: ``AS``, else its own text."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Where:
    """``WHERE condition``."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Sort:
    """``SORT key [DESC], …``: pairs of key and whether it descends."""

    keys: tuple[tuple[Expression, bool], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """``LIMIT amount``."""

    amount: Expression


@dataclass(frozen=True, slots=True)
class GroupBy:
    """``GROUP BY field``."""

    field: Named


@dataclass(frozen=True, slots=True)
class Flatten:
    """``FLATTEN field``."""

    field: Named


@dataclass(frozen=True, slots=True)
class LateFrom:
    """A second ``FROM``: it parses, and is an error when the query runs (rule 13.1)."""

    source: Source


Operation: TypeAlias = Where | Sort | Limit | GroupBy | Flatten | LateFrom


@dataclass(frozen=True, slots=True)
class Query:
    """A query. ``kind`` is ``table``, ``list``, ``task`` or ``calendar``; ``columns`` are a
    table's columns, a list's optional value or a calendar's date."""

    kind: str
    columns: tuple[Named, ...]
    with_id: bool
    source: Source
    operations: tuple[Operation, ...]
