"""The syntax trees of a base's filters and formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from generator.graph.dataview.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, bool or null."""

    value: Value


@dataclass(frozen=True, slots=True)
class Pattern:
    """``/source/flags``."""

    source: str
    flags: str


@dataclass(frozen=True, slots=True)
class Name:
    """A property, or a word such as ``file``, ``note``, ``formula``, ``this``."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``!operand`` or ``-operand``."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Member:
    """``object.name`` or ``object[key]``."""

    object: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)`` or ``object.method(arguments)``."""

    object: Expression | None
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """``{"a": 1}``."""

    entries: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = (
    "Literal | Pattern | Name | Unary | Binary | Member | Call | ListOf | ObjectOf"
)
