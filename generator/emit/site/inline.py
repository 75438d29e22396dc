"""Markdown that stands in no note's body (an inline value, a canvas's card) to HTML pieces.

It is parsed by the notes stage like any note; what it links to becomes a link by vault path, since
the site's links are known by their place in a note.
"""

from __future__ import annotations

from generator.emit.site.model import Piece, Pieces, TargetLink
from generator.graph.model import Graph
from generator.graph.resolve import resolve_path
from generator.notes.model import (
    AnchorHole,
    Block,
    EmbedHole,
    HeadingEndHole,
    HeadingHole,
    LinkHole,
    Note,
    StatementEnd,
    TagHole,
)
from generator.notes.parse import parse_note


def inline_markdown(graph: Graph, text: str, source: str) -> Pieces:
    """Render a text as a note of the vault would show it, without the paragraph around it."""
    note = parse_note(source, text.encode("utf-8", "replace"), settings=graph.snapshot.settings)
    pieces: list[Piece] = []
    for block in note.body:
        pieces += _block(graph, note, block)
    if len(note.body) == 1 and pieces and isinstance(pieces[0], str):
        last = pieces[-1]
        if pieces[0].startswith("<p>") and isinstance(last, str) and last.endswith("</p>\n"):
            if len(pieces) == 1:
                return (pieces[0][3:-5],)
            return (pieces[0][3:], *pieces[1:-1], last[:-5])
    return tuple(pieces)


def _block(graph: Graph, note: Note, block: Block) -> list[Piece]:
    pieces: list[Piece] = []
    for piece in block.html:
        match piece:
            case str() | TagHole():
                pieces.append(piece)
            case LinkHole() | EmbedHole():
                pieces.append(_written_link(graph, note, piece))
            case HeadingHole():
                pieces.append(f"<h{note.headings[piece.heading].level}>")
            case HeadingEndHole():
                pieces.append(f"</h{note.headings[piece.heading].level}>")
            case StatementEnd() | AnchorHole():
                pass
            case _:  # a query inside a query's result stays unanswered, as in Dataview
                pass
    return pieces


def _written_link(graph: Graph, note: Note, hole: LinkHole | EmbedHole) -> TargetLink:
    link = note.links[hole.link]
    path = resolve_path(graph, link.target, note.path) or link.target
    subpath = link.subpath.removeprefix("#")
    match hole:
        case LinkHole():
            return TargetLink(path, hole.html, subpath)
        case EmbedHole():
            return TargetLink(
                path, "", subpath, embed=True, alt=hole.alt, size=hole.size, hint=hole.hint
            )
