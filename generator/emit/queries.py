"""Queries of notes to HTML pieces: the site asks, the query engines answer, values are written out.

An inline value is Markdown of the note it stands in. It is parsed by the notes stage like any note, and
what it links to becomes a link by vault path, since the site's links are known by their place in a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from generator.core.diagnostics import Diagnostic
from generator.emit.site.model import Piece, Pieces, TargetLink
from generator.graph.dataview.render import render
from generator.graph.dataview.values import ValueLink
from generator.graph.model import Graph
from generator.graph.queries import answer
from generator.graph.resolve import resolve_path
from generator.notes.embeds import read_options
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

    A query is answered once, however many pages show it. What is wrong with it is then appended to
    ``report``.

    ``now`` is an ISO date, or ``""`` where no note has one: dates then count from the epoch, so that
    the same vault gives the same pages.
    """
    moment = _EPOCH
    if now:
        moment = datetime.fromisoformat(now).replace(tzinfo=None)

    known = {file.path for file in graph.snapshot.files}
    answered: dict[tuple[str, QueryHole], Pieces | None] = {}

    def pieces(path: str, hole: QueryHole) -> Pieces | None:
        if (path, hole) not in answered:
            answered[path, hole] = answer_anew(path, hole)
        return answered[path, hole]

    def answer_anew(path: str, hole: QueryHole) -> Pieces | None:
        found = answer(graph, path, hole, now=moment)
        if report is not None:
            report.extend(found.diagnostics)
        if found.result is None:
            return None

        def target(link: ValueLink, html: str) -> Piece:
            # A script's own picture is named as a note would name it.
            full = link.path if link.path in known else resolve_path(graph, link.path, path)
            return _target(replace(link, path=full or link.path), html)

        return render(found.result, path, markdown=markdown, link=target)

    def markdown(text: str, source: str) -> Pieces:
        return inline_markdown(graph, text, source)

    return pieces


def _target(link: ValueLink, html: str) -> Piece:
    subpath = link.subpath or ""
    if not link.embed:
        return TargetLink(path=link.path, html=html, subpath=subpath)
    alt, size = read_options(link.display or "")
    return TargetLink(link.path, html, subpath, embed=True, alt=alt, size=size)


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
