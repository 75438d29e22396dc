"""The list of all pages for search engines (sitemaps.org), where the site's address is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.emit.site import dates
from generator.emit.site.context import Site
from generator.emit.site.model import Page, PageKind


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page's absolute URL and the ISO date of its last change, ``""`` where it is not known."""

    address: str
    changed: str


@dataclass(frozen=True, slots=True)
class SitemapView:
    """What the sitemap template shows."""

    entries: tuple[SitemapEntry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``sitemap.xml``; without an address of the site there is none."""
    if not site.address(""):
        return
    changed = {
        site.addresses.pages[path]: dates.newest(site, note) for path, note in site.notes.items()
    }
    pages = {*site.addresses.pages.values(), *site.addresses.folders.values()}
    pages |= {*site.addresses.models.values(), *site.addresses.tags.values(), "index.html"}
    entries = (SitemapEntry(site.address(page), changed.get(page, "")) for page in sorted(pages))
    yield Page("sitemap.xml", site.title, SitemapView(tuple(entries)))


KIND = PageKind("sitemap", "sitemap.xml.jinja", plan, bare=True)
