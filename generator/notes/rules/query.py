"""Fenced queries: Dataview, Dataview scripts, bases and searches (rules 4.11, 9.2, 13, 15)."""

from __future__ import annotations

from markdown_it.token import Token

from generator.notes.model import QueryHole
from generator.notes.syntax import Syntax
from generator.notes.writer import Writer


def render(writer: Writer, _token: Token) -> None:
    """Leave the query for the stage that knows the whole vault."""
    fence = writer.fences[-1]
    writer.put(QueryHole(fence.language.lower(), fence.content, fence.position, fence.index))
    writer.put("\n")


SYNTAX = Syntax("query", fences=dict.fromkeys(("dataview", "dataviewjs", "base", "query"), render))
