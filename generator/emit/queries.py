"""Queries of notes to HTML pieces: the site asks, the query engines answer, values are written out.

An inline value is Markdown of the note it stands in. It is parsed by the notes stage like any note, and
what it links to becomes a link by vault path, since the site's links are known by their place in a note.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from generator.core.diagnostics import Diagnostic
from generator.emit.site.model import Piece, Pieces, TargetLink
from generator.graph.dataview.render import render
from generator.graph.dataview.values import ValueLink
from generator.graph.model import Graph
from generator.graph.queries import answer
from generator.graph.resolve import resolve_path
from generator.notes.model import (
    AnchorHole,
    Block,
    EmbedHole,
    HeadingEndHole,
    HeadingHole,
    LinkHole,
    Note,
    QueryHole,
    StatementEnd,
    TagHole,
)
from generator.notes.parse import parse_note

_EPOCH = datetime(1970, 1, 1)


def query_renderer(
    graph: Graph, *, now: str, report: list[Diagnostic] | None = None
) -> Callable[[str, QueryHole], Pieces | None]:
    """Give the function that answers a page's queries; only published notes exist for them.

    What is wrong with a query is appended to ``report`` when it is answered.

    ``now`` is an ISO date, or ``""`` where no note has one: dates then count from the epoch, so that
    the same vault gives the same pages.
    """
    moment = _EPOCH
    if now:
        moment = datetime.fromisoformat(now).replace(tzinfo=None)

    def pieces(path: str, hole: QueryHole) -> Pieces | None:
        found = answer(graph, path, hole, now=moment)
        if report is not None:
            report.extend(found.diagnostics)
        if found.result is None:
            return None
        return render(found.result, path, markdown=markdown, link=_target)

    def markdown(text: str, source: str) -> Pieces:
        return inline_markdown(graph, text, source)

    return pieces


def _target(link: ValueLink, html: str) -> Piece:
    return TargetLink(path=link.path, html=html, subpath=link.subpath or "")


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
                link = note.links[piece.link]
                found = resolve_path(graph, link.target, note.path)
                html = piece.html if isinstance(piece, LinkHole) else ""
                pieces.append(
                    TargetLink(found or link.target, html, link.subpath.removeprefix("#"))
                )
            case HeadingHole():
                pieces.append(f"<h{note.headings[piece.heading].level}>")
            case HeadingEndHole():
                pieces.append(f"</h{note.headings[piece.heading].level}>")
            case StatementEnd() | AnchorHole():
                pass
            case _:  # a query inside a query's result stays unanswered, as in Dataview
                pass
    return pieces
