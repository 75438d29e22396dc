"""The page of a base: its views where the queries can answer it, else its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site.body import BodyWriter
from generator.emit.site.context import Site
from generator.emit.site.model import Area, Page, PageKind
from generator.graph.queries import base_hole


@dataclass(frozen=True, slots=True)
class BaseView:
    """The views as HTML, and the source without lines that name an unpublished note."""

    result: Markup
    source: Markup


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each published base."""
    for path in site.extras:
        if path.lower().endswith(".base"):
            page = site.addresses.pages[path]
            text = site.input.graph.snapshot.texts[path].decode("utf-8", "replace")
            pieces = site.input.queries(path, base_hole(site.input.graph, path))
            source = "\n".join(
                line for line in text.splitlines() if not site.privacy.names_any(line)
            )
            writer = BodyWriter(site, page)
            yield Page(
                path=page,
                title=site.name(path),
                area=Area.NOTES,
                crumbs=site.crumbs(path),
                view=BaseView(
                    Markup(writer.pieces_of_page(pieces)) if pieces is not None else Markup(),
                    Markup(site.highlight(source, "yaml")),
                ),
            )


KIND = PageKind("base", "base.html.jinja", plan)
