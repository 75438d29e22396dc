"""Embeds: images, sound, film, PDF, and other notes' text, each as it is shown in a page.

An embed that leads back to what is being shown, or is nested too deep, becomes a link. A missing
image is a labelled box; in a section that defines a model, the model's diagram stands in for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape

from generator.core.diagnostics import diagnostic
from generator.core.source import Position
from generator.emit.site import canvas_drawing, drawings
from generator.emit.site.diagram import diagram
from generator.emit.site.model import TargetLink
from generator.emit.site.prose import prose
from generator.graph.model import Destination, Found
from generator.graph.queries import base_hole
from generator.graph.resolve import place_in
from generator.graph.visibility import is_drawing
from generator.notes.keys import default_display
from generator.notes.model import Block, EmbedHole, Link, LinkKind, Note

if TYPE_CHECKING:
    from generator.emit.site.body import BodyWriter

# What Obsidian shows in place (Obsidian help: Accepted file formats).
IMAGES = frozenset(["avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"])
SOUNDS = frozenset(["flac", "m4a", "mp3", "ogg", "wav", "3gp"])
FILMS = frozenset(["mkv", "mov", "mp4", "ogv", "webm"])

# A page ends even where notes embed each other without a circle, each several times.
DEEPEST = 20
MOST = 500

_CLASS = re.compile(r"[^A-Za-z0-9_-]+")  # what a class name of a size hint may not hold
# The subpath of a PDF embed: page and height, joined by "&" (Obsidian help: Embed files).
_PDF_OPTION = re.compile(r"(page|height)=(\d+)")
_MEDIA_FRAGMENT = re.compile(r"t=[\d.,:]+")  # W3C Media Fragments, the temporal kind


def embed(writer: BodyWriter, note: Note, hole: EmbedHole) -> str:
    """Give the HTML of one embed of ``note`` as it stands in the writer's page."""
    destination = writer.site.input.graph.destinations[note.path][hole.link]
    return _embed(writer, note.links[hole.link], hole, destination)


def embed_target(writer: BodyWriter, piece: TargetLink) -> str:
    """Give the HTML of an embed that a query's result or a card asks for by vault path."""
    here = writer.trail[-1][0] if writer.trail else piece.path
    subpath = "#" + piece.subpath if piece.subpath else ""
    link = Link(0, LinkKind.WIKI, True, piece.path, subpath, None, Position(here), 0)
    hole = EmbedHole(0, piece.alt, piece.size, piece.hint)
    note = writer.site.input.graph.notes.get(piece.path)
    if note is not None:
        destination = place_in(note, subpath)
    elif piece.path in writer.site.files:
        destination = Destination(Found.FILE, piece.path)
    else:
        destination = Destination(Found.MISSING)
    return _embed(writer, link, hole, destination)


def beginning(writer: BodyWriter, path: str, subpath: str, *, longest: int) -> str:
    """Give how a published note, or the part ``subpath`` (``#…``) of it, begins: whole blocks, until
    they are ``longest`` characters. Nothing for what is being shown already."""
    target = writer.site.notes[path]
    destination = place_in(target, subpath)
    writer.embeds += 1
    place = _place(destination)
    if (path, place) in writer.trail or len(writer.trail) > DEEPEST or writer.embeds > MOST:
        return ""
    if destination.found is Found.BLOCK and destination.block is not None:
        return writer.embedded_pieces(target, target.block_ids[destination.block].html, place)
    shown: list[Block] = []
    for block in _blocks(target, destination):
        if longest <= 0:
            break
        shown.append(block)
        longest -= sum(len(each) for each in block.html if isinstance(each, str))
    return writer.embedded(target, shown, place)


def _embed(writer: BodyWriter, link: Link, hole: EmbedHole, destination: Destination) -> str:
    path = destination.path
    if path is None:
        return _missing(writer, link, hole)
    if path in writer.site.input.graph.notes:
        target = writer.site.notes.get(path)
        if target is None:
            return ""
        return _transclusion(writer, link, hole, destination, target)
    if path.lower().endswith(".base") and path in writer.site.addresses.pages:
        return _base(writer, path, link)
    if path.lower().endswith(".canvas") and path in writer.site.addresses.pages:
        return _canvas(writer, path)
    attachment = writer.site.addresses.files.get(path)
    if attachment is None:
        return _card(writer, path, writer.site.note_href(writer.page, path))
    return _media(writer, link, hole, path, writer.site.href(writer.page, attachment))


# ------------------------------------------------------------------ files


def _media(writer: BodyWriter, link: Link, hole: EmbedHole, path: str, href: str) -> str:
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower()
    if extension in IMAGES:
        return _image(link, hole, name, href)
    fragment = _MEDIA_FRAGMENT.search(link.subpath)
    source = escape(href + ("#" + quote(fragment.group(), safe="=,:") if fragment else ""))
    label = escape(hole.alt or name)
    if extension in SOUNDS:
        return f'<audio controls preload="none" src="{source}" aria-label="{label}"></audio>'
    if extension in FILMS:
        return (
            f'<video controls preload="metadata" src="{source}"{_size(hole)} '
            f'aria-label="{label}"></video>'
        )
    if extension == "pdf":
        return _pdf(link, name, href)
    return _card(writer, path, href)


def _image(link: Link, hole: EmbedHole, name: str, href: str) -> str:
    hints = [hole.hint, *(each for each in link.subpath.split("#") if each)]
    classes = "".join(f" hint-{_CLASS.sub('-', each)}" for each in hints if each.strip())
    alt = escape(hole.alt or name)
    image = f'<img class="nt-image{classes}" src="{escape(href)}" alt="{alt}"{_size(hole)} loading="lazy">'
    return f'<p class="nt-figure">{image}</p>' if hole.block else image


def _size(hole: EmbedHole) -> str:
    sizes = (("width", hole.size.width), ("height", hole.size.height))
    return "".join(f' {name}="{value}"' for name, value in sizes if value is not None)


def _pdf(link: Link, name: str, href: str) -> str:
    options = dict(_PDF_OPTION.findall(link.subpath))
    fragment = f"#page={options['page']}" if "page" in options else ""
    height = min(int(options.get("height", "600")[:5]), 4000)
    source = escape(href + fragment)
    return (
        f'<figure class="nt-pdf"><iframe src="{source}" height="{height}" loading="lazy" '
        f'title="{escape(name)}"></iframe>'
        f'<figcaption><a href="{source}">{escape(name)}</a></figcaption></figure>'
    )


def _card(writer: BodyWriter, path: str, href: str | None) -> str:
    """A box that names a file and leads to it (plain text when it is not published)."""
    if href is None:
        return writer.site.privacy.neutral
    name = escape(path.rpartition("/")[2])
    return f'<span class="nt-card"><a href="{escape(href)}">{name}</a></span>'


def _base(writer: BodyWriter, path: str, link: Link) -> str:
    """The views of a base, or the one the link names, where the queries can answer it.

    Its formulas call the note that shows it ``this`` (Obsidian help: Bases syntax).
    """
    site = writer.site
    card = _card(writer, path, site.note_href(writer.page, path))
    if len(writer.trail) > DEEPEST or (path, link.subpath) in writer.trail:
        return card
    pieces = site.input.queries(link.position.path, base_hole(site.input.graph, path, link.subpath))
    if pieces is None:
        return card
    writer.trail.append((path, link.subpath))
    body = writer.pieces_of_page(pieces)
    writer.trail.pop()
    return f'<div class="nt-embed">{card}\n{body}\n</div>'


def _canvas(writer: BodyWriter, path: str) -> str:
    """The whole canvas, small enough to be scrolled in its place."""
    card = _card(writer, path, writer.site.note_href(writer.page, path))
    if len(writer.trail) > DEEPEST or (path, "") in writer.trail:
        return card
    return f'<div class="nt-embed">{card}\n{canvas_drawing.canvas_drawing(writer, path)}\n</div>'


def _missing(writer: BodyWriter, link: Link, hole: EmbedHole) -> str:
    name = link.target.rpartition("/")[2]
    if name.rpartition(".")[2].lower() not in IMAGES:
        shown = escape(default_display(link.target, link.subpath))
        return f'<span class="nt-missing is-unresolved">“{shown}” is not in the vault yet</span>'
    stand_in = _diagram_for(writer, link)
    if stand_in:
        return (
            f'<figure class="nt-diagram nt-generated"><div class="nt-drawing">{stand_in.drawing}</div>'
            f'<figcaption>Generated from the model <a href="{escape(stand_in.href)}">{escape(stand_in.name)}</a>, '
            f"in place of the missing image <code>{escape(name)}</code>.</figcaption></figure>"
        )
    size = f' style="max-width:{hole.size.width}px"' if hole.size.width else ""
    plain = not hole.alt or hole.alt in (name, link.target) or hole.alt.isdecimal()
    alt = "" if plain else f"<br>{escape(hole.alt)}"
    return (
        f'<span class="nt-missing nt-missing-image" role="img"{size} '
        f'aria-label="Missing image {escape(name)}"><span>Missing image</span> '
        f"<code>{escape(name)}</code>{alt}</span>"
    )


@dataclass(frozen=True, slots=True)
class _StandIn:
    """A model's drawing in place of an image."""

    name: str
    href: str
    drawing: str


def _diagram_for(writer: BodyWriter, link: Link) -> _StandIn | None:
    """The drawing of the model a link's section defines, once per section and page."""
    key = (link.position.path, link.section)
    for architecture in writer.site.made.get(key, ()):
        href = writer.site.model_href(writer.page, architecture.module)
        if href is not None and key not in writer.illustrated:
            writer.illustrated.add(key)
            return _StandIn(
                architecture.name, href, diagram(architecture.ir, title=architecture.name)
            )
    return None


# ------------------------------------------------------------------ notes


def _transclusion(
    writer: BodyWriter, link: Link, hole: EmbedHole, destination: Destination, target: Note
) -> str:
    subpath = _place(destination)
    href = writer.site.destination_href(writer.page, destination) or ""
    title = prose(_title(writer, target, destination))
    head = f'<a class="nt-embed-from" href="{escape(href)}">{title}</a>'
    if destination.found is Found.MISSING_FRAGMENT:
        shown = escape(link.subpath.lstrip("#"))
        return (
            f'<div class="nt-embed">{head}<p class="nt-missing is-unresolved">'
            f"“{shown}” is not in this note</p></div>"
        )
    writer.embeds += 1
    if (target.path, subpath) in writer.trail:
        _report(writer, link, "This embed contains the place it stands in; a link stands here.")
        return f'<div class="nt-embed is-circular">{head}</div>'
    if len(writer.trail) > DEEPEST or writer.embeds > MOST:
        _report(writer, link, "Too many embeds within embeds; a link stands for this one.")
        return f'<div class="nt-embed is-circular">{head}</div>'
    if destination.found is Found.FILE and is_drawing(target):
        body = picture(writer, target, hole) or writer.embedded(target, drawings.texts(target), "")
    elif destination.found is Found.BLOCK and destination.block is not None:
        body = writer.embedded_pieces(target, target.block_ids[destination.block].html, subpath)
    else:
        body = writer.embedded(target, _blocks(target, destination), subpath)
    return f'<div class="nt-embed">{head}\n{body}\n</div>'


def picture(writer: BodyWriter, note: Note, hole: EmbedHole | None = None) -> str:
    """The picture exported beside an Excalidraw drawing, or nothing."""
    path = drawings.picture(note, writer.site.addresses.files)
    if path is None:
        return ""
    name = note.stem.removesuffix(".excalidraw")
    size = _size(hole) if hole is not None else ""
    href = escape(writer.site.href(writer.page, writer.site.addresses.files[path]))
    return (
        f'<p class="nt-figure"><img class="nt-image" src="{href}" alt="{escape(name)}"{size}'
        ' loading="lazy"></p>'
    )


def _place(destination: Destination) -> str:
    """A name for the part of a note that is shown: the whole, a heading's section, or a block."""
    if destination.found is Found.HEADING:
        return f"#{destination.heading}"
    if destination.found is Found.BLOCK:
        return f"^{destination.block}"
    return ""


def _blocks(target: Note, destination: Destination) -> Sequence[Block]:
    """The blocks of the whole note, or from a heading to the next one that is not below it."""
    if destination.found is not Found.HEADING or destination.heading is None:
        return target.body
    level = target.headings[destination.heading].level
    shown: list[Block] = []
    inside = False
    for block in target.body:
        if block.heading is not None:
            if inside and target.headings[block.heading].level <= level:
                break
            inside = inside or block.heading == destination.heading
        if inside and not _is_footnotes(block):
            shown.append(block)
    return shown


def _is_footnotes(block: Block) -> bool:
    """Whether a block is the list of footnotes at a note's end, which is no part of a section."""
    first = block.html[0] if block.html else ""
    return isinstance(first, str) and first.startswith('<section class="footnotes">')


def _title(writer: BodyWriter, target: Note, destination: Destination) -> str:
    name = writer.site.name(target.path)
    if destination.found is Found.HEADING and destination.heading is not None:
        plain = writer.site.plain(target.path, target.headings[destination.heading].plain)
        return f"{name} › {plain}"
    return name


def _report(writer: BodyWriter, link: Link, message: str) -> None:
    found = diagnostic("NT903", link.position, message, found=f"![[{link.target}{link.subpath}]]")
    if found not in writer.diagnostics and link.position.path in writer.site.notes:
        writer.diagnostics.append(found)
