"""The values of Dataview's expressions: their types, truth, total order and text.

Plain Python values stand for most: ``None``, ``bool``, ``float``, ``str``, tuples for arrays,
mappings for objects. Everything is immutable, so that results can cross to the site as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, TypeAlias

from generator.graph.dataview.collation import compare_text
from generator.graph.dataview.date_text import date_text, duration_text
from generator.graph.dataview.dates import Date, Duration
from generator.graph.dataview.numbers import number_text

if TYPE_CHECKING:
    from _typeshed import SupportsAllComparisons

# What Dataview writes for null: an escaped hyphen, since the text is Markdown.
NULL_TEXT = "\\-"


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A link as a value. ``kind`` is ``file``, ``header`` or ``block``.

    ``path`` is a vault path where the link was resolved, else the text as written.
    """

    path: str
    display: str | None = None
    subpath: str | None = None
    embed: bool = False
    kind: str = "file"

    def with_display(self, display: str | None) -> ValueLink:
        """The same link with other text."""
        return replace(self, display=display)


@dataclass(frozen=True, slots=True)
class Function:
    """A lambda, or a built-in passed as a value."""

    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class ListPair:
    """An item of a list query: what the row is, and its value."""

    key: Value
    value: Value


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """The result of ``elink``."""

    url: str
    display: str


@dataclass(frozen=True, slots=True)
class Element:
    """An HTML element that JavaScript made; only the renderer decides which tags survive.

    ``children`` may be values too: they are rendered as values are anywhere.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML source that JavaScript wrote (``innerHTML``): sanitised when rendered."""

    html: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A value among an element's children, rendered as ``dv.el`` does (``inline`` lists or not)."""

    value: Value
    inline: bool = False


Child: TypeAlias = "str | Element | Markup | Rendered | View"
View: TypeAlias = "object"  # a result of results.py inside an element: a table, a list

Value: TypeAlias = (
    "bool | float | str | Date | Duration | ValueLink | Function | ListPair | ExternalLink"
    " | Element | Markup | tuple[Value, ...] | Mapping[str, Value] | None"
)
Record: TypeAlias = Mapping[str, "Value"]


class TooLargeError(Exception):
    """An expression's result grew beyond what any note needs."""


def type_of(value: Value) -> str:
    """Dataview's name of a value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case float() | int():
            return "number"
        case str():
            return "string"
        case Date():
            return "date"
        case Duration():
            return "duration"
        case ValueLink():
            return "link"
        case tuple():
            return "array"
        case Function():
            return "function"
        case ListPair() | ExternalLink():
            return "widget"
        case Element() | Markup():
            return "html"
    return "object"


def is_truthy(value: Value) -> bool:
    """Whether a value counts as true: not null, zero or empty."""
    match value:
        case None:
            return False
        case bool():
            return value
        case float() | int():
            return value != 0  # NaN is not 0, so it is true
        case str() | tuple():
            return len(value) > 0
        case ValueLink():
            return bool(value.path)
        case Date():
            return value.milliseconds() != 0
        case Duration():
            return value.milliseconds() != 0
        case Mapping():
            return len(value) > 0
    return True


def compare(first: Value, second: Value, normalize: Callable[[str], str] = str) -> int:
    """Order any two values: nulls first, then by type name, then within the type (rule 13.13).

    ``normalize`` maps a link's path to the file it means, so that two spellings are equal.
    """
    if first is None or second is None:
        return (first is not None) - (second is not None)
    kind, other = type_of(first), type_of(second)
    if kind != other:
        return (kind > other) - (kind < other)
    match first, second:
        case str(), str():
            return compare_text(first, second)
        case bool(), bool():
            return first - second
        case float() | int(), float() | int():
            return -1 if first < second else 0 if first == second else 1
        case ValueLink(), ValueLink():
            return _compare_links(first, second, normalize)
        case Date(), Date():
            if first.milliseconds() != second.milliseconds():
                return -1 if first.milliseconds() < second.milliseconds() else 1
            return 0 if first.offset == second.offset else 1
        case Duration(), Duration():
            if first.milliseconds() < second.milliseconds():
                return -1
            return 0 if first == second else 1
        case tuple(), tuple():
            for a, b in zip(first, second, strict=False):
                if order := compare(a, b):
                    return order
            return len(first) - len(second)
        case Mapping(), Mapping():
            keys, others = tuple(sorted(first)), tuple(sorted(second))
            if order := compare(keys, others):
                return order
            return next((o for key in keys if (o := compare(first[key], second[key]))), 0)
    return 0


def sort_key(normalize: Callable[[str], str] = str) -> Callable[[Value], SupportsAllComparisons]:
    """A key for ``sorted`` that orders by :func:`compare`."""
    return cmp_to_key(lambda a, b: compare(a, b, normalize))


def value_text(value: Value, *, nested: bool = False, room: int = 1_000_000) -> str:
    """The text of any value, as ``string()`` and joins give it (rules 12.5, 14).

    Raises :class:`TooLargeError` beyond ``room`` characters.
    """
    writer = _Writer(room)
    writer.write(value, nested=nested)
    return "".join(writer.parts)


class _Writer:
    """Text in parts with a bound: shared sub-values can otherwise double without end."""

    def __init__(self, room: int) -> None:
        self.parts: list[str] = []
        self._room = room

    def _add(self, text: str) -> None:
        self._room -= len(text) + 1
        if self._room < 0:
            raise TooLargeError
        self.parts.append(text)

    def write(self, value: Value, *, nested: bool) -> None:
        match value:
            case tuple():
                self._add("[" if nested else "")
                for index, each in enumerate(value):
                    self._add(", " if index else "")
                    self.write(each, nested=True)
                self._add("]" if nested else "")
            case Mapping():
                self._add("{ ")
                for index, (key, each) in enumerate(value.items()):
                    self._add(f"{', ' if index else ''}{key}: ")
                    self.write(each, nested=True)
                self._add(" }")
            case ListPair():
                self.write(value.key, nested=False)
                self._add(": ")
                self.write(value.value, nested=False)
            case _:
                self._add(_atom_text(value))


def _atom_text(value: Value) -> str:
    match value:
        case None:
            return NULL_TEXT
        case bool():
            return "true" if value else "false"
        case float() | int():
            return number_text(float(value))
        case str():
            return value
        case Date():
            return date_text(value)
        case Duration():
            return duration_text(value)
        case ValueLink():
            return link_markdown(value)
        case Function():
            return "<function>"
        case ExternalLink():
            return f"[{value.display}]({value.url})"
        case Markup():
            return value.html
    return ""


def link_markdown(link: ValueLink) -> str:
    """A link as Markdown: ``[[path#s|name > s]]`` (rule 12.5)."""
    path = link.path.replace("|", "\\|")
    subpath = (link.subpath or "").replace("|", "\\|")
    if link.kind == "header":
        path += "#" + subpath
    elif link.kind == "block":
        path += "#^" + subpath
    return f"{'!' if link.embed else ''}[[{path}|{link_display(link)}]]"


def link_display(link: ValueLink) -> str:
    """The text a link shows: its own, or the file's name and the place in it."""
    if link.display:
        return link.display
    title = file_title(link.path)
    return title if link.kind == "file" else f"{title} > {link.subpath or ''}"


def file_title(path: str) -> str:
    """A file's name without folders and ``.md``."""
    return path.rpartition("/")[2].removesuffix(".md")


def _compare_links(first: ValueLink, second: ValueLink, normalize: Callable[[str], str]) -> int:
    if order := compare_text(normalize(first.path), normalize(second.path)):
        return order
    if order := compare_text(first.kind, second.kind):
        return order
    if bool(first.subpath) != bool(second.subpath):
        return 1 if first.subpath else -1
    return compare_text(first.subpath or "", second.subpath or "")
