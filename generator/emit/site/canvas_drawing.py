"""A canvas as HTML: its cards where they lie, with arrows between them, on a page or in a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from markupsafe import Markup, escape

from generator.emit.site import embeds
from generator.emit.site.context import Site
from generator.emit.site.inline import inline_markdown
from generator.graph.canvas import (
    Canvas,
    Card,
    Connection,
    FileCard,
    Frame,
    GroupCard,
    LinkCard,
    TextCard,
    read_canvas,
)

if TYPE_CHECKING:
    from generator.emit.site.body import BodyWriter

_MARGIN = 40.0
# A card of a note shows so many characters of it, or a block more.
_LONGEST = 3000
# Unit vectors out of a card's sides.
_OUT = {"top": (0, -1), "right": (1, 0), "bottom": (0, 1), "left": (-1, 0)}


@dataclass(frozen=True, slots=True)
class _ShownCard:
    """A card as it is drawn: its place as CSS, what it is, its content as HTML."""

    kind: str
    style: str
    colour: str
    title: Markup
    body: Markup


def canvas_drawing(writer: BodyWriter, path: str) -> Markup:
    """Draw a published canvas in the writer's page; ``""`` when it shows no card."""
    read, _ = read_canvas(path, writer.site.input.graph.snapshot.texts[path])
    cards = tuple(each for each in read.cards if _is_shown(writer.site, each))
    if not cards:
        return Markup()
    bounds = Canvas(path, cards, ()).bounds()
    left, top = bounds.x - _MARGIN, bounds.y - _MARGIN
    width, height = int(bounds.width + 2 * _MARGIN), int(bounds.height + 2 * _MARGIN)
    frames = {each.id: each.frame for each in cards}
    arrows = "".join(
        _arrow(writer.site, each, frames, left, top)
        for each in read.connections
        if each.start.card in frames and each.end.card in frames
    )
    writer.trail.append((path, ""))
    shown = [_card(writer, path, each, left, top) for each in cards]
    writer.trail.pop()
    groups = "".join(_section(each) for each in shown if each.kind == "group")
    others = "".join(_section(each) for each in shown if each.kind != "group")
    return Markup(
        '<div class="canvas" tabindex="0" role="group" aria-label="Canvas">\n'
        f'<div class="canvas-ground" style="width:{width}px;height:{height}px">\n{groups}'
        f'<svg class="canvas-edges" width="{width}" height="{height}" aria-hidden="true">'
        f"{arrows}</svg>\n{others}</div>\n</div>"
    )


def _section(card: _ShownCard) -> str:
    colour = f' data-colour="{escape(card.colour)}"' if card.colour else ""
    title = ""
    if card.kind == "group":
        title = f'<p class="canvas-label">{card.title}</p>'
    elif card.title:
        title = f'<p class="canvas-title">{card.title}</p>\n'
    return (
        f'<div class="canvas-card {card.kind}" style="{escape(card.style)}"{colour}>'
        f"{title}{card.body}</div>\n"
    )


def _is_shown(site: Site, card: Card) -> bool:
    """A card of a file that is not published leaves nothing, not even its place."""
    match card:
        case GroupCard():
            return not site.privacy.names_any(card.label)
        case FileCard():
            addressed = card.path in site.addresses.pages or card.path in site.addresses.files
            return addressed or card.path not in site.files
    return True


def _card(writer: BodyWriter, path: str, card: Card, left: float, top: float) -> _ShownCard:
    title, body = Markup(), Markup()
    match card:
        case TextCard():
            pieces = inline_markdown(writer.site.input.graph, card.text, path)
            kind, body = "text", Markup(writer.pieces_of_page(pieces))
        case FileCard():
            kind = "file"
            title, body = _file(writer, card)
        case LinkCard():
            kind, title = "link", _address(card.url)
        case GroupCard():
            kind, title = "group", escape(card.label)
        case _:
            assert_never(card)
    frame, colour = card.frame, card.frame.color
    place = (
        f"left:{frame.x - left:g}px;top:{frame.y - top:g}px;"
        f"width:{frame.width:g}px;height:{frame.height:g}px"
    )
    tint = f";--tint:{colour}" if colour.startswith("#") else ""
    if isinstance(card, GroupCard):
        place += _background(writer, card)
    return _ShownCard(kind, place + tint, "" if tint else colour, title, body)


# How a group's image fills it (JSON Canvas 1.0, "backgroundStyle").
_FILLINGS = {
    "cover": "background-size:cover;background-position:center",
    "ratio": "background-size:contain;background-position:center;background-repeat:no-repeat",
    "repeat": "background-repeat:repeat",
}


def _background(writer: BodyWriter, card: GroupCard) -> str:
    """The CSS of a group's image, where that is an image of the vault."""
    attachment = writer.site.addresses.files.get(card.background)
    if attachment is None or card.background.rpartition(".")[2].lower() not in embeds.IMAGES:
        return ""
    # In an address of ours only a quote of either kind could end the text.
    href = writer.site.href(writer.page, attachment).replace("'", "%27").replace('"', "%22")
    return f";background-image:url('{href}');{_FILLINGS[card.style]}"


def _file(writer: BodyWriter, card: FileCard) -> tuple[Markup, Markup]:
    site = writer.site
    name = card.path.rpartition("/")[2]
    if card.path in site.notes:
        link = writer.to(card.path, card.subpath.lstrip("#"))
        text = embeds.beginning(writer, card.path, card.subpath, longest=_LONGEST)
        return Markup(link), Markup(f'<div class="canvas-text">{text}</div>')
    attachment = site.addresses.files.get(card.path)
    if attachment is not None:
        href = escape(site.href(writer.page, attachment))
        if name.rpartition(".")[2].lower() in embeds.IMAGES:
            return Markup(), Markup(f'<img src="{href}" alt="{escape(name)}" loading="lazy">')
        return Markup(f'<a class="internal-link" href="{href}">{escape(name)}</a>'), Markup()
    page = site.note_href(writer.page, card.path)
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


def _arrow(site: Site, line: Connection, frames: dict[str, Frame], left: float, top: float) -> str:
    start, end = frames[line.start.card], frames[line.end.card]
    start_side = line.start.side or _facing(start, end)
    end_side = line.end.side or _facing(end, start)
    x1, y1 = _port(start, start_side, left, top)
    x2, y2 = _port(end, end_side, left, top)
    reach = max(40.0, (abs(x2 - x1) + abs(y2 - y1)) / 3)
    (ox1, oy1), (ox2, oy2) = _OUT[start_side], _OUT[end_side]
    curve = (
        f"M{x1:g} {y1:g}C{x1 + ox1 * reach:g} {y1 + oy1 * reach:g} "
        f"{x2 + ox2 * reach:g} {y2 + oy2 * reach:g} {x2:g} {y2:g}"
    )
    parts = [f'<path class="edge" d="{curve}"/>']
    if line.end.arrow:
        parts.append(_tip(x2, y2, end_side))
    if line.start.arrow:
        parts.append(_tip(x1, y1, start_side))
    if line.label and not site.privacy.names_any(line.label):
        parts.append(
            f'<text x="{(x1 + x2) / 2:g}" y="{(y1 + y2) / 2:g}">{escape(line.label)}</text>'
        )
    if line.color.startswith("#"):
        colour = f' style="--tint:{line.color}"'
    else:
        colour = f' data-colour="{line.color}"' if line.color else ""
    return f"<g{colour}>{''.join(parts)}</g>"


def _facing(frame: Frame, other: Frame) -> str:
    """The side of ``frame`` that looks towards ``other``."""
    dx = (other.x + other.width / 2) - (frame.x + frame.width / 2)
    dy = (other.y + other.height / 2) - (frame.y + frame.height / 2)
    if abs(dx) > abs(dy):
        return "right" if dx > 0 else "left"
    return "bottom" if dy > 0 else "top"


def _port(frame: Frame, side: str, left: float, top: float) -> tuple[float, float]:
    ox, oy = _OUT[side]
    x = frame.x - left + frame.width * (ox + 1) / 2
    y = frame.y - top + frame.height * (oy + 1) / 2
    return x, y


def _tip(x: float, y: float, side: str) -> str:
    ox, oy = _OUT[side]
    return (
        f'<path class="tip" d="M{x:g} {y:g}L{x + ox * 11 - oy * 6:g} {y + oy * 11 - ox * 6:g}'
        f'L{x + ox * 11 + oy * 6:g} {y + oy * 11 + ox * 6:g}z"/>'
    )
