"""Queries of notes to HTML pieces: the site asks, the query engines answer, values are written out.

What a result links to is a link by vault path; what a page then shows of it is the site's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import unescape

from generator.core.diagnostics import Diagnostic
from generator.emit.site.inline import inline_markdown
from generator.emit.site.model import Piece, Pieces, TargetLink
from generator.graph.dataview.render import render
from generator.graph.dataview.values import ValueLink
from generator.graph.dataviewjs.process import PROCESS, ScriptProcess
from generator.graph.model import Graph
from generator.graph.queries import answer
from generator.graph.resolve import resolve_path
from generator.notes.embeds import read_options
from generator.notes.model import QueryHole

_EPOCH = datetime(1970, 1, 1)


def query_renderer(
    graph: Graph,
    *,
    now: str,
    report: list[Diagnostic] | None = None,
    process: ScriptProcess = PROCESS,
) -> Callable[[str, QueryHole], Pieces | None]:
    """Give the function that answers a page's queries; only published notes exist for them.

    A query is answered once, however many pages show it. What is wrong with it is then appended to
    ``report``.

    ``now`` is an ISO date, or ``""`` where no note has one: dates then count from the epoch, so that
    the same vault gives the same pages. ``process`` runs scripts.
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
        found = answer(graph, path, hole, now=moment, process=process)
        if report is not None:
            report.extend(found.diagnostics)
        if found.result is None:
            return None

        def target(link: ValueLink, html: str) -> Piece:
            # A script's own picture is named as a note would name it.
            full = link.path if link.path in known else resolve_path(graph, link.path, path)
            return _target(replace(link, path=full or link.path), html)

        return render(found.result, path, markdown=markdown, link=target)

    written: dict[tuple[str, str], Pieces] = {}

    def markdown(text: str, source: str) -> Pieces:
        # Without links and HTML the note it stands in does not matter: many cells say the same.
        key = (text, source if "[" in text or "<" in text else "")
        if key not in written:
            written[key] = inline_markdown(graph, text, source)
        return written[key]

    return pieces


def _target(link: ValueLink, html: str) -> Piece:
    subpath = link.subpath or ""
    if not link.embed:
        return TargetLink(path=link.path, html=html, subpath=subpath)
    alt, size = read_options(unescape(html) if link.display is None else link.display)
    return TargetLink(link.path, html, subpath, embed=True, alt=alt, size=size)
