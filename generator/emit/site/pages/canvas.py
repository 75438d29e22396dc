"""The page of a canvas: its cards where they lie, with arrows between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site.body import BodyWriter
from generator.emit.site.canvas_drawing import canvas_drawing
from generator.emit.site.context import Site
from generator.emit.site.model import Area, Page, PageKind


@dataclass(frozen=True, slots=True)
class CanvasView:
    """The drawing as HTML, empty for a canvas without cards."""

    drawing: Markup


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each published canvas."""
    for path in site.extras:
        if path.lower().endswith(".canvas"):
            page = site.addresses.pages[path]
            writer = BodyWriter(site, page)
            drawing = canvas_drawing(writer, path)
            yield Page(
                path=page,
                title=site.name(path),
                area=Area.NOTES,
                crumbs=site.crumbs(path),
                view=CanvasView(drawing),
                findings=tuple(writer.diagnostics),
                scripts=tuple(writer.scripts),
            )


KIND = PageKind("canvas", "canvas.html.jinja", plan)
