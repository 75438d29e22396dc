"""The feed of notes changed last (Atom, RFC 4287), where dates are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.core.digest import digest
from generator.emit.site import dates
from generator.emit.site.context import Site
from generator.emit.site.model import Page, PageKind
from generator.emit.site.snippets import description
from generator.emit.site.urls import url

_LATEST = 30


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A note in the feed; ``id`` stays the same when the site moves."""

    id: str
    title: str
    address: str
    updated: str
    summary: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """What the feed template shows."""

    id: str
    address: str
    updated: str
    entries: tuple[FeedEntry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``feed.xml``; without any dated note there is none."""
    dated = sorted(
        ((dates.newest(site, note), path) for path, note in site.notes.items()),
        key=lambda each: (each[0], each[1]),
        reverse=True,
    )
    latest = [each for each in dated[:_LATEST] if each[0]]
    if not latest:
        return
    entries = tuple(
        FeedEntry(
            id=f"urn:notetorch:{digest(path)}",
            title=site.name(path),
            address=site.address(site.addresses.pages[path]) or url(site.addresses.pages[path]),
            updated=f"{date}T00:00:00Z",
            summary=description(site, site.notes[path]),
        )
        for date, path in latest
    )
    view = FeedView(
        f"urn:notetorch:{digest(site.title)}", site.address(""), entries[0].updated, entries
    )
    yield Page("feed.xml", site.title, view)


KIND = PageKind("feed", "feed.xml.jinja", plan, bare=True)
