"""The page of one note: its text, what it is about, what links to it, and what is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site import dates
from generator.emit.site.body import BodyWriter
from generator.emit.site.context import Site
from generator.emit.site.listing import Listing, listing
from generator.emit.site.local_graph import local_graph
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.note_parts import (
    LinkingNote,
    OutlineEntry,
    backlinks,
    distinct_tags,
    outline,
    repeated_title,
)
from generator.emit.site.properties import ShownProperty, shown_properties
from generator.emit.site.snippets import description
from generator.notes.model import Note


@dataclass(frozen=True, slots=True)
class NoteView:
    """What the note template shows. ``listing`` is set for a folder's index note."""

    body: Markup
    made: Markup
    aliases: tuple[str, ...]
    tags: Markup
    created: str
    modified: str
    properties: tuple[ShownProperty, ...]
    outline: tuple[OutlineEntry, ...]
    backlinks: tuple[LinkingNote, ...]
    graph: Markup
    listing: Listing | None


def plan(site: Site) -> Iterator[Page]:
    """Plan one page for each published note (the root's index note is the home page)."""
    for path, note in site.notes.items():
        page = site.addresses.pages[path]
        if page != "index.html":
            yield _page(site, note, page)


def _page(site: Site, note: Note, page: str) -> Page:
    writer = BodyWriter(site, page)
    folder = note.path.rpartition("/")[0]
    return Page(
        path=page,
        title=note.title,
        description=description(site, note),
        crumbs=site.crumbs(note.path),
        area=Area.NOTES,
        view=NoteView(
            body=Markup(writer.note(note, without_heading=repeated_title(note))),
            made=Markup(writer.made(note, 0)),
            aliases=note.aliases,
            tags=Markup(" ".join(writer.tag(name) for name in distinct_tags(note))),
            created=dates.created(site, note),
            modified=dates.modified(site, note),
            properties=shown_properties(writer, note),
            outline=outline(site, note),
            backlinks=backlinks(site, note),
            graph=Markup(local_graph(site, note, page)),
            listing=listing(site, folder) if page == site.addresses.folders[folder] else None,
        ),
        findings=tuple(writer.diagnostics),
        scripts=tuple(writer.scripts),
    )


KIND = PageKind("note", "note.html.jinja", plan)
