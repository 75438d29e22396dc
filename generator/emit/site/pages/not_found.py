"""The page a server shows for an address that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.emit.site.context import Site
from generator.emit.site.model import Page, PageKind


@dataclass(frozen=True, slots=True)
class NotFoundView:
    """``base`` leads to the site's root from any address: a server shows the page at all of them."""

    base: str


def plan(site: Site) -> Iterator[Page]:
    """Plan ``404.html``."""
    address = site.input.graph.snapshot.config.site_url
    base = urlsplit(address).path.rstrip("/") + "/" if address else ""
    yield Page("404.html", "Not found", NotFoundView(base))


KIND = PageKind("not_found", "not_found.html.jinja", plan, bare=True)
