"""Results -> pieces of HTML: text, and whatever the caller makes of links and Markdown.

The site fills in what depends on the page: ``link`` makes a piece of a link's value, ``markdown``
gives the pieces of a Markdown text that stands in a note. Structure and class names are Dataview's,
so that themes for it apply.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Generic, Protocol, TypeVar, cast, runtime_checkable

from generator.core.digest import digest
from generator.graph.dataview.date_text import MONTHS, date_text, duration_text
from generator.graph.dataview.dates import Date, Duration
from generator.graph.dataview.links import infer_target
from generator.graph.dataview.numbers import number_text
from generator.graph.dataview.results import (
    CalendarResult,
    ListResult,
    QueryError,
    QueryResult,
    ScriptResult,
    TableResult,
    TaskGroup,
    TaskItem,
    TaskResult,
    ValueResult,
)
from generator.graph.dataview.values import (
    NULL_TEXT,
    Element,
    ExternalLink,
    Function,
    ListPair,
    Markup,
    Rendered,
    Value,
    ValueLink,
    link_display,
)
from generator.notes.sanitize import RelativeImage, clean

# Dataview's "maxRecursiveRenderDepth".
DEEPEST = 4
# Elements that HTML has no end tag for.
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
# Text that Markdown would give back unchanged: words with blanks between them.
_WORDS = re.compile(r"[^\W_]+(?:,? [^\W_]+)*")
# Addresses that may be linked to.
_SAFE_ADDRESS = re.compile(r"(?:https?|mailto|obsidian|tel|ftp|zotero):", re.IGNORECASE)

P = TypeVar("P")


def render(
    result: QueryResult | ValueResult | ScriptResult | QueryError | SelfWriting,
    path: str,
    *,
    markdown: Callable[[str, str], Sequence[str | P]],
    link: Callable[[ValueLink, str], P],
) -> tuple[str | P, ...]:
    """Give the HTML of a result of note ``path``, neighbouring strings joined.

    ``markdown(text, path)`` renders inline Markdown of a note; ``link(value, html)`` makes a piece
    of a link whose display is ``html``.
    """
    writer: Writer[P] = Writer(path, markdown, link)
    writer.result(result)
    return writer.joined()


@dataclass(frozen=True, slots=True)
class _Ours(Generic[P]):
    """Pieces that are known to be harmless, within a script's elements."""

    pieces: tuple[str | P, ...]


@runtime_checkable
class SelfWriting(Protocol):
    """A result of another query language, which writes itself with a :class:`Writer`."""

    def write_to(self, writer: Writer[Any], /) -> None:
        """Write the result as HTML."""


@dataclass(slots=True)
class Writer(Generic[P]):
    """HTML being written for note ``path``, with the caller's pieces in it."""

    path: str
    markdown: Callable[[str, str], Sequence[str | P]]
    link: Callable[[ValueLink, str], P]
    pieces: list[str | P] = field(default_factory=list)

    def joined(self) -> tuple[str | P, ...]:
        """What was written, neighbouring strings joined."""
        out: list[str | P] = []
        for piece in self.pieces:
            if isinstance(piece, str) and out and isinstance(out[-1], str):
                out[-1] += piece
            elif piece != "":
                out.append(piece)
        return tuple(out)

    def put(self, *html: str) -> None:
        """Write HTML as it is."""
        self.pieces += html

    # ------------------------------------------------------------------ results

    def result(self, result: object) -> None:
        """Write a result of any kind."""
        match result:
            case TableResult():
                self._table(result)
            case ListResult():
                self._list(result)
            case TaskResult():
                self.put('<div class="dataview dataview-container">')
                self._task_entries(result.entries)
                self.put("</div>")
            case CalendarResult():
                self._calendar(result)
            case ValueResult():
                self.put('<span class="dataview dataview-inline-query">')
                self.value(result.value, inline=True)
                self.put("</span>")
            case ScriptResult():
                self._script(result)
            case QueryError():
                self._error(result)
            case SelfWriting():
                result.write_to(self)

    def _error(self, error: QueryError) -> None:
        cause = f"\n\n{error.cause}" if error.cause else ""
        text = error.label + error.message + cause
        self.put('<pre class="dataview dataview-error">', escape(text), "</pre>")

    def _nothing(self, kind: str) -> None:
        self.put(
            '<div class="dataview dataview-error-box"><p class="dataview dataview-error-message">'
            f"Dataview: No results to show for {kind} query.</p></div>"
        )

    def _table(self, table: TableResult) -> None:
        self.put('<table class="dataview table-view-table"><thead class="table-view-thead">')
        self.put('<tr class="table-view-tr-header">')
        for place, header in enumerate(table.headers):
            self.put('<th class="table-view-th">')
            self.text(header, self.path)
            if place == 0:
                self.put(f' <span class="dataview small-text">({len(table.rows)})</span>')
            self.put("</th>")
        self.put('</tr></thead><tbody class="table-view-tbody">')
        for row in table.rows:
            self.put("<tr>")
            for cell in row:
                self.put("<td>")
                self.value(cell)
                self.put("</td>")
            self.put("</tr>")
        self.put("</tbody></table>")
        if not table.rows:
            self._nothing("table")

    def _list(self, result: ListResult) -> None:
        if not result.items:
            self._nothing("list")
            return
        self.put('<ul class="dataview list-view-ul">')
        for item in result.items:
            self.put("<li>")
            self.value(item)
            self.put("</li>")
        self.put("</ul>")

    def _task_entries(self, entries: Iterable[TaskGroup | TaskItem]) -> None:
        entries = tuple(entries)
        if not entries:
            self._nothing("task")
        for entry in entries:
            if isinstance(entry, TaskGroup):
                self.put("<h4>")
                self.value(entry.key)
                self.put(f' <span class="dataview small-text">({entry.count})</span></h4>')
                self.put('<div class="dataview result-group">')
                self._task_entries(entry.entries)
                self.put("</div>")
        items = tuple(entry for entry in entries if isinstance(entry, TaskItem))
        if items:
            self._task_items(items)

    def _task_items(self, items: tuple[TaskItem, ...]) -> None:
        self.put('<ul class="contains-task-list">')
        for item in items:
            if item.status is None:
                self.put('<li class="dataview task-list-basic-item">')
            else:
                checked = item.status not in ("", " ")
                self.put(
                    f'<li class="dataview task-list-item{" is-checked" if checked else ""}"'
                    f' data-task="{escape(item.status)}">'
                    '<input class="dataview task-list-item-checkbox" type="checkbox" disabled'
                    f"{' checked' if checked else ''}> "
                )
            self.text(item.text, item.path)
            if item.children:
                self._task_items(item.children)
            self.put("</li>")
        self.put("</ul>")

    def _calendar(self, result: CalendarResult) -> None:
        """One table a month that has entries, weeks starting on Monday."""
        if not result.days:
            self.put(
                '<pre class="dataview dataview-error">Dataview: Query returned 0 results.</pre>'
            )
            return
        months: dict[tuple[int, int], dict[int, tuple[ValueLink, ...]]] = {}
        for date, links in result.days:
            month = months.setdefault((date.moment.year, date.moment.month), {})
            month[date.moment.day] = links
        for (year, number), days in months.items():
            self.put('<table class="dataview dataview-calendar">')
            self.put(f"<caption>{MONTHS[number - 1]} {year}</caption><thead><tr>")
            self.put(*(f"<th>{name}</th>" for name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")))
            self.put("</tr></thead><tbody>")
            for week in calendar.Calendar().monthdayscalendar(year, number):
                self.put("<tr>")
                for day in week:
                    self.put("<td>", str(day) if day else "")
                    for link in days.get(day, ()):
                        self.put("<br>")
                        self.value(link)
                    self.put("</td>")
                self.put("</tr>")
            self.put("</tbody></table>")

    # ------------------------------------------------------------------ values

    def value(self, value: Value, *, inline: bool = False, depth: int = 0) -> None:
        """Write a value as a cell or item shows it; ``inline`` puts lists on one line."""
        if depth >= DEEPEST:
            self.put("...")
            return
        match value:
            case None:
                self.put(NULL_TEXT.removeprefix("\\"))
            case str():
                self.text(value, self.path)
            case bool():
                self.put("true" if value else "false")
            case float() | int():
                self.put(number_text(float(value)))
            case Date():
                self.put(escape(date_text(value.local())))
            case Duration():
                self.put(escape(duration_text(value)))
            case ValueLink():
                self.pieces.append(self.link(_with_place(value), escape(link_display(value))))
            case ListPair():
                self.value(value.key, inline=inline, depth=depth)
                self.put(": ")
                self.value(value.value, inline=inline, depth=depth)
            case ExternalLink():
                self._external(value)
            case Function():
                self.put("&lt;function&gt;")
            case Element() | Markup():
                self._cleaned([value])
            case tuple():
                self._array(value, inline=inline, depth=depth)
            case Mapping():
                self._object(value, inline=inline, depth=depth)

    def _array(self, values: tuple[Value, ...], *, inline: bool, depth: int) -> None:
        if inline:
            if not values:
                self.put("&lt;empty list&gt;")
                return
            self.put('<span class="dataview dataview-result-list-span">')
            for place, each in enumerate(values):
                self.put(", " if place else "")
                self.value(each, inline=True, depth=depth + 1)
            self.put("</span>")
            return
        self.put('<ul class="dataview dataview-ul dataview-result-list-ul">')
        for each in values:
            self.put('<li class="dataview-result-list-li">')
            self.value(each, depth=depth + 1)
            self.put("</li>")
        self.put("</ul>")

    def _object(self, value: Mapping[str, Value], *, inline: bool, depth: int) -> None:
        if inline:
            if not value:
                self.put("&lt;empty object&gt;")
                return
            self.put('<span class="dataview dataview-result-object-span">')
            for place, (key, each) in enumerate(value.items()):
                self.put(", " if place else "", f"{escape(key)}: ")
                self.value(each, inline=True, depth=depth + 1)
            self.put("</span>")
            return
        self.put('<ul class="dataview dataview-ul dataview-result-object-ul">')
        for key, each in value.items():
            self.put('<li class="dataview dataview-li dataview-result-object-li">')
            self.put(f"<b>{escape(key)}</b>: ")
            self.value(each, depth=depth + 1)
            self.put("</li>")
        self.put("</ul>")

    def _external(self, link: ExternalLink) -> None:
        shown = escape(link.display)
        if not _SAFE_ADDRESS.match(link.url):
            self.put(shown)
            return
        self.put(
            f'<a class="external-link" rel="noopener" href="{escape(link.url)}">', shown, "</a>"
        )

    def text(self, text: str, path: str) -> None:
        """Write Markdown that stands in note ``path``."""
        if _WORDS.fullmatch(text) or not text:
            self.put(text)
        else:
            self.pieces += self.markdown(text, path)

    # ------------------------------------------------------------------ what scripts write

    def _script(self, result: ScriptResult) -> None:
        self._cleaned(result.children)

    def _cleaned(self, children: Sequence[object]) -> None:
        """Write elements that a script made, made harmless as a whole.

        What is ours among them (tables, tasks, values) is a hole while the rest is cleaned.
        """
        inner: Writer[P] = Writer(self.path, self.markdown, self.link)
        inner._children(children)
        # The marker of a hole must not be writable by the script: it depends on all it wrote.
        nonce = digest("\0".join(each for each in inner.pieces if isinstance(each, str)), length=32)
        for piece in cast("list[Any]", clean(cast(Any, inner.pieces), nonce)):
            if isinstance(piece, _Ours):
                self.pieces += piece.pieces
            elif isinstance(piece, RelativeImage):
                shown = ValueLink(piece.target, embed=True)
                self.pieces.append(self.link(shown, escape(piece.alt)))
            else:
                self.pieces.append(piece)

    def _children(self, children: Sequence[object]) -> None:
        for child in children:
            match child:
                case str():
                    self.put(escape(child))
                case Element():
                    self._element(child)
                case Markup():
                    self.put(child.html)
                case _:
                    ours: Writer[P] = Writer(self.path, self.markdown, self.link)
                    if isinstance(child, Rendered):
                        ours.value(child.value, inline=child.inline)
                    else:
                        ours.result(child)
                    self.pieces.append(cast(P, _Ours(tuple(ours.pieces))))

    def _element(self, element: Element) -> None:
        # Names are checked when the whole is cleaned; here they must only stay names.
        tag = element.tag.lower()
        if not tag.isascii() or not tag.isalnum():
            self._children(element.children)
            return
        attributes = "".join(
            f' {name}="{escape(value)}"'
            for name, value in element.attributes
            if re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII)
        )
        self.put(f"<{tag}{attributes}>")
        if tag not in _VOID:
            self._children(element.children)
            self.put(f"</{tag}>")


def _with_place(link: ValueLink) -> ValueLink:
    """A link whose path names a place too (``link("Note#Heading")``), as Markdown reads it."""
    if link.kind != "file" or "#" not in link.path:
        return link
    return infer_target(link.path, display=link.display, embed=link.embed)
