"""The home page: the vault's own introduction, then its models, folders and latest notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site import dates
from generator.emit.site.body import BodyWriter
from generator.emit.site.context import Site, natural
from generator.emit.site.folder_text import folder_text
from generator.emit.site.listing import Entry, Listing, listing
from generator.emit.site.model import Page, PageKind
from generator.emit.site.models import ModelCard, model_cards
from generator.emit.site.note_parts import repeated_title

_LATEST = 8


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the home template shows. ``heading`` is the site's title where no note gives one."""

    heading: str
    text: Markup
    models: tuple[ModelCard, ...]
    listing: Listing
    latest: tuple[Entry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``index.html``."""
    page = "index.html"
    writer = BodyWriter(site, page)
    note = folder_text(site, "")
    text, heading = "", site.title
    if note is not None and site.addresses.pages[note.path] == page:
        text = writer.note(note, without_heading=repeated_title(note))
        named = note.property("title") is not None or repeated_title(note) is not None
        heading = note.title if named else site.title
    elif note is not None:
        text = writer.embedded(note, note.body, "")
        first = note.body[0] if note.body else None
        if (
            first is not None
            and first.heading is not None
            and note.headings[first.heading].level == 1
        ):
            heading = ""
    shown = site.addresses.pages[note.path] if note is not None else page
    inside = listing(site, "")
    yield Page(
        path=page,
        title=site.title,
        view=HomeView(
            heading,
            Markup(text),
            model_cards(site),
            Listing(inside.folders, tuple(each for each in inside.notes if each.path != shown)),
            latest(site),
        ),
        findings=tuple(writer.diagnostics),
        scripts=tuple(writer.scripts),
    )


def latest(site: Site) -> tuple[Entry, ...]:
    """The notes changed last, newest first, where dates are known."""
    dated = [(dates.newest(site, note), path) for path, note in site.notes.items()]
    dated = [each for each in dated if each[0]]
    dated.sort(key=lambda each: (natural(site.name(each[1])), each[1]))
    dated.sort(key=lambda each: each[0], reverse=True)
    return tuple(
        Entry(site.name(path), site.addresses.pages[path], date) for date, path in dated[:_LATEST]
    )


KIND = PageKind("home", "home.html.jinja", plan)
