"""Front-matter values as a reader sees them: links, lists, dates and ticks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from generator.emit.site import dates
from generator.emit.site.body import BodyWriter
from generator.notes.model import Data, Link, LinkHole, LinkKind, Note

# Shown elsewhere on the page, or settings for Obsidian and for this program.
_UNSHOWN = frozenset(
    ("title", "alias", "aliases", "tag", "tags", "cssclass", "cssclasses", "publish", "draft"),
) | {"permalink", "notetorch", "description", "image", "cover"}


@dataclass(frozen=True, slots=True)
class ShownProperty:
    """A property's name and its value as HTML."""

    key: str
    value: Markup


def shown_properties(writer: BodyWriter, note: Note) -> tuple[ShownProperty, ...]:
    """Give the properties a reader may care for, in the order of the note."""
    return tuple(
        ShownProperty(each.key, Markup(_value(writer, note, each.value)))
        for each in note.properties
        if each.key.casefold() not in _UNSHOWN
        and each.value not in (None, "", ())
        and not dates.is_date(each)
    )


def _value(writer: BodyWriter, note: Note, value: Data) -> str:
    match value:
        case None:
            return ""
        case bool():
            mark, says = ("✓", "yes") if value else ("✗", "no")
            return f'<span role="img" aria-label="{says}">{mark}</span>'
        case str():
            return _text(writer, note, value)
        case int() | float():
            return str(escape(str(value)))
        case Mapping():
            rows = (
                f"<dt>{escape(key)}</dt><dd>{_value(writer, note, each)}</dd>"
                for key, each in value.items()
            )
            return f"<dl>{''.join(rows)}</dl>"
    items = (f"<li>{_value(writer, note, each)}</li>" for each in value)
    return f'<ul class="values">{"".join(items)}</ul>'


def _text(writer: BodyWriter, note: Note, text: str) -> str:
    stripped = text.strip()
    if stripped.startswith("[[") and stripped.endswith("]]"):
        for link in _links(note):
            inner = stripped[2:-2]
            if inner.split("|")[0].strip() == (link.target + link.subpath):
                shown = str(escape(link.display)) if link.display else ""
                return writer.pieces(note, (LinkHole(link.index, shown),))
    if stripped.startswith(("https://", "http://")) and " " not in stripped:
        address = escape(stripped)
        return f'<a href="{address}" rel="noopener noreferrer">{address}</a>'
    return str(escape(writer.site.plain(note.path, text)))


def _links(note: Note) -> Iterator[Link]:
    for link in note.links:
        if link.kind is LinkKind.FRONTMATTER:
            yield link
