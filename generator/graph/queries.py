"""Every query of a note -> its result, and what to tell its author where it failed.

The one door for other stages: whatever language a query is in, it comes as a hole of the note's
body and leaves as a frozen result, which :func:`generator.graph.dataview.render.render` turns into
pieces of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.graph.bases import run_base
from generator.graph.bases.model import BaseResult
from generator.graph.dataview import evaluate_inline, run_query
from generator.graph.dataview.results import (
    QueryError,
    QueryResult,
    ScriptResult,
    ValueResult,
)
from generator.graph.dataviewjs import run_script
from generator.graph.dataviewjs.process import PROCESS, ScriptProcess
from generator.graph.model import Graph
from generator.graph.search import SearchResult, run_search
from generator.notes.model import Note, QueryHole

Result: TypeAlias = (
    QueryResult | ValueResult | ScriptResult | BaseResult | SearchResult | QueryError
)


@dataclass(frozen=True, slots=True)
class BaseHole(QueryHole):
    """A ``.base`` file that a note shows in place: ``![[x.base#View]]`` names the one ``view``."""

    view: str = ""


def base_hole(graph: Graph, path: str, subpath: str = "") -> BaseHole:
    """The query that a published base file is, all of it or the view ``subpath`` (``#View``)."""
    text = graph.snapshot.texts[path].decode("utf-8", "replace")
    return BaseHole("base", text, Position(path), view=subpath.strip("#").strip())


@dataclass(frozen=True, slots=True)
class Answer:
    """A query's result and the findings about it; ``result`` is ``None`` for a query that is shown
    as its source (searches that ask for more than whole notes)."""

    result: Result | None
    diagnostics: tuple[Diagnostic, ...] = ()


def query_holes(note: Note) -> Iterator[QueryHole]:
    """All queries of a note, in the order of its text."""
    for block in note.body:
        for piece in block.html:
            if isinstance(piece, QueryHole):
                yield piece


def answer(
    graph: Graph,
    path: str,
    hole: QueryHole,
    *,
    now: datetime,
    visible: frozenset[str] | None = None,
    process: ScriptProcess = PROCESS,
) -> Answer:
    """Run a query of note, or ``.base`` file, ``path`` (for a :class:`BaseHole`, the note that shows
    the base: its formulas call that note ``this``).

    Only notes in ``visible`` (default: the published ones) exist for it. The result depends on
    nothing but the arguments; ``process`` runs scripts. Never raises.
    """
    source = hole.source
    lenient = graph.snapshot.config.dataview_lenient
    result: Result
    match hole.language:
        case "dataview":
            result = run_query(graph, path, source, now=now, visible=visible)
        case "inline":
            result = evaluate_inline(graph, path, source, now=now, visible=visible)
        case "dataviewjs":
            result = run_script(
                graph, path, source, now=now, visible=visible, lenient=lenient, process=process
            )
        case "inlinejs":
            result = run_script(
                graph, path, source, now=now, visible=visible, lenient=lenient, process=process,
                inline=True,
            )  # fmt: skip
        case "base":
            view = hole.view if isinstance(hole, BaseHole) else ""
            result = run_base(graph, path, source, now=now, visible=visible, view=view)
        case "query":
            found = run_search(graph, source, visible=visible)
            if found is None:
                return Answer(None)
            result = found
        case _:
            return Answer(None)
    return Answer(result, tuple(_findings(graph.notes.get(path), hole, result)))


def _findings(note: Note | None, hole: QueryHole, result: Result) -> Iterator[Diagnostic]:
    if isinstance(result, ScriptResult):
        if result.missing:
            yield diagnostic(
                "NT705",
                hole.position,
                f"The script asks for the page of `{result.missing[0]}`, which does not exist.",
                found=", ".join(result.missing[:5]),
                hint="write the note, or let the script skip what has no page",
            )
        for child in result.children:
            if isinstance(child, QueryError):
                # Its offset is one in a text the script made.
                yield from _findings(note, hole, replace(child, offset=None))
    elif isinstance(result, BaseResult):
        for problem in result.problems:
            yield diagnostic("NT706", hole.position, problem)
    elif isinstance(result, QueryError):
        script = hole.language in ("dataviewjs", "inlinejs")
        code = {"syntax": "NT701", "stopped": "NT704"}.get(
            result.kind, "NT703" if script else "NT702"
        )
        yield diagnostic(
            code,
            _place(note, hole, result.offset),
            _first_words(result),
            hint=result.cause,
        )


def _first_words(error: QueryError) -> str:
    """The message in one line: those of Dataview, which have its label, go over many."""
    lines = [line.strip() for line in error.message.split("\n") if line.strip()]
    if error.kind != "syntax" or not error.label:
        text = " ".join(lines)
        return text if len(text) <= 300 else text[:299] + "…"
    expected = lines[-1] if lines else ""
    return "The query does not parse here" + (f"; expected {expected}." if expected else ".")


def _place(note: Note | None, hole: QueryHole, offset: int | None) -> Position:
    whole = note is None or isinstance(hole, BaseHole)
    if offset is not None and whole:  # a file that is a query as a whole
        before = hole.source[:offset]
        return Position(hole.position.path, before.count("\n") + 1)
    if offset is None or note is None or hole.fence is None:
        return hole.position
    fence = note.fences[hole.fence]
    before = hole.source[:offset]
    line = fence.content_line + before.count("\n")
    column = fence.position.column + offset - (before.rfind("\n") + 1)
    return Position(note.path, line, max(1, column))
