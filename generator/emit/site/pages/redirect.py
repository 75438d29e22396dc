"""Small pages that lead from a note's permalink or alias to the note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.emit.site.context import Site
from generator.emit.site.model import Page, PageKind


@dataclass(frozen=True, slots=True)
class RedirectView:
    """Where the page leads."""

    target: str


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each redirect."""
    for path, target in sorted(site.addresses.redirects.items()):
        yield Page(path, site.name(target), RedirectView(site.addresses.pages[target]))


KIND = PageKind("redirect", "redirect.html.jinja", plan, bare=True)
