"""The page of a canvas: its cards where they lie, with arrows between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from generator.emit.queries import inline_markdown
from generator.emit.site.body import BodyWriter
from generator.emit.site.canvas import Canvas, Card, CardKind, Edge, read_canvas
from generator.emit.site.context import Site
from generator.emit.site.embeds import IMAGES
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.snippets import description

_MARGIN = 40.0
# Unit vectors out of a card's sides.
_OUT = {"top": (0, -1), "right": (1, 0), "bottom": (0, 1), "left": (-1, 0)}


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as the template shows it: its place as CSS, what it is, its content as HTML."""

    kind: CardKind
    style: str
    colour: str
    title: Markup
    body: Markup


@dataclass(frozen=True, slots=True)
class CanvasView:
    """The cards, the arrows as one SVG, and the size of the whole in CSS pixels."""

    cards: tuple[ShownCard, ...]
    arrows: Markup
    width: int
    height: int


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each published canvas."""
    for path in site.extras:
        if path.lower().endswith(".canvas"):
            page = site.addresses.pages[path]
            writer = BodyWriter(site, page)
            canvas = read_canvas(site.input.graph.snapshot.texts[path])
            yield Page(
                path=page,
                title=site.name(path),
                area=Area.NOTES,
                crumbs=site.crumbs(path),
                view=_view(writer, path, canvas),
                findings=tuple(writer.diagnostics),
                scripts=tuple(writer.scripts),
            )


def _view(writer: BodyWriter, path: str, canvas: Canvas) -> CanvasView:
    shown = [each for each in canvas.cards if _is_shown(writer.site, each)]
    places = {each.id: each for each in shown}
    left = min((each.x for each in shown), default=0) - _MARGIN
    top = min((each.y for each in shown), default=0) - _MARGIN
    right = max((each.x + each.width for each in shown), default=0) + _MARGIN
    bottom = max((each.y + each.height for each in shown), default=0) + _MARGIN
    return CanvasView(
        cards=tuple(_card(writer, path, each, left, top) for each in shown),
        arrows=Markup(
            "".join(
                _arrow(writer.site, each, places, left, top)
                for each in canvas.edges
                if each.start in places and each.end in places
            )
        ),
        width=int(right - left),
        height=int(bottom - top),
    )


def _is_shown(site: Site, card: Card) -> bool:
    """A card of a file that is not published leaves nothing, not even its place."""
    if card.kind is CardKind.GROUP:
        return not site.privacy.names_any(card.content)
    hidden = card.content not in site.addresses.pages and card.content not in site.addresses.files
    return not (card.kind is CardKind.FILE and card.content in site.files and hidden)


def _card(writer: BodyWriter, path: str, card: Card, left: float, top: float) -> ShownCard:
    title, body = Markup(), Markup()
    match card.kind:
        case CardKind.TEXT:
            pieces = inline_markdown(writer.site.input.graph, card.content, path)
            body = Markup(writer.pieces_of_page(pieces))
        case CardKind.FILE:
            title, body = _file(writer, card)
        case CardKind.LINK:
            title = _address(card.content)
        case CardKind.GROUP:
            title = escape(card.content)
    tint = f";--tint:{card.colour}" if card.colour.startswith("#") else ""
    return ShownCard(
        card.kind,
        f"left:{card.x - left:g}px;top:{card.y - top:g}px;"
        f"width:{card.width:g}px;height:{card.height:g}px{tint}",
        card.colour,
        title,
        body,
    )


def _file(writer: BodyWriter, card: Card) -> tuple[Markup, Markup]:
    site = writer.site
    name = card.content.rpartition("/")[2]
    note = site.notes.get(card.content)
    if note is not None:
        link = writer.to(card.content, card.subpath.lstrip("#"))
        return Markup(link), escape(description(site, note, longest=400))
    attachment = site.addresses.files.get(card.content)
    if attachment is not None:
        href = escape(site.href(writer.page, attachment))
        if name.rpartition(".")[2].lower() in IMAGES:
            return Markup(), Markup(f'<img src="{href}" alt="{escape(name)}" loading="lazy">')
        return Markup(f'<a class="internal-link" href="{href}">{escape(name)}</a>'), Markup()
    page = site.note_href(writer.page, card.content)
    if page is not None:
        return Markup(
            f'<a class="internal-link" href="{escape(page)}">{escape(name)}</a>'
        ), Markup()
    return Markup(f'<span class="is-unresolved">{escape(name)}</span>'), Markup()


def _address(address: str) -> Markup:
    if address.lower().startswith(("https://", "http://")):
        text = escape(address)
        return Markup(
            f'<a class="external-link" rel="noopener noreferrer" href="{text}">{text}</a>'
        )
    return escape(address)


# ------------------------------------------------------------------ arrows


def _arrow(site: Site, edge: Edge, cards: dict[str, Card], left: float, top: float) -> str:
    start, end = cards[edge.start], cards[edge.end]
    start_side = edge.start_side or _facing(start, end)
    end_side = edge.end_side or _facing(end, start)
    x1, y1 = _port(start, start_side, left, top)
    x2, y2 = _port(end, end_side, left, top)
    reach = max(40.0, (abs(x2 - x1) + abs(y2 - y1)) / 3)
    (ox1, oy1), (ox2, oy2) = _OUT[start_side], _OUT[end_side]
    curve = (
        f"M{x1:g} {y1:g}C{x1 + ox1 * reach:g} {y1 + oy1 * reach:g} "
        f"{x2 + ox2 * reach:g} {y2 + oy2 * reach:g} {x2:g} {y2:g}"
    )
    parts = [f'<path class="edge" d="{curve}"/>']
    if edge.end_arrow:
        parts.append(_tip(x2, y2, end_side))
    if edge.start_arrow:
        parts.append(_tip(x1, y1, start_side))
    if edge.label and not site.privacy.names_any(edge.label):
        parts.append(
            f'<text x="{(x1 + x2) / 2:g}" y="{(y1 + y2) / 2:g}">{escape(edge.label)}</text>'
        )
    colour = f' data-colour="{escape(edge.colour)}"' if edge.colour in tuple("123456") else ""
    return f"<g{colour}>{''.join(parts)}</g>"


def _facing(card: Card, other: Card) -> str:
    """The side of ``card`` that looks towards ``other``."""
    dx = (other.x + other.width / 2) - (card.x + card.width / 2)
    dy = (other.y + other.height / 2) - (card.y + card.height / 2)
    if abs(dx) > abs(dy):
        return "right" if dx > 0 else "left"
    return "bottom" if dy > 0 else "top"


def _port(card: Card, side: str, left: float, top: float) -> tuple[float, float]:
    ox, oy = _OUT[side]
    x = card.x - left + card.width * (ox + 1) / 2
    y = card.y - top + card.height * (oy + 1) / 2
    return x, y


def _tip(x: float, y: float, side: str) -> str:
    ox, oy = _OUT[side]
    return (
        f'<path class="tip" d="M{x:g} {y:g}L{x + ox * 11 - oy * 6:g} {y + oy * 11 - ox * 6:g}'
        f'L{x + ox * 11 + oy * 6:g} {y + oy * 11 + ox * 6:g}z"/>'
    )


KIND = PageKind("canvas", "canvas.html.jinja", plan)
