"""Dataview's inline queries: `` `= expression` `` and `` `$= script` `` (rules 10.3)."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token

from generator.notes.model import QueryHole
from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer

# No expression begins with these: `==x==`, `=>` and their like are code.
_NEVER_FIRST = "=<>~:"


def inline_query(state: StateInline, silent: bool) -> bool:
    """Recognise a code span that begins with ``=`` or ``$=``."""
    src, pos = state.src, state.pos
    if silent or not (src.startswith("`=", pos) or src.startswith("`$=", pos)):
        return False
    known = len(state.tokens) + bool(state.pending)
    if not backtick(state, False) or len(state.tokens) <= known:
        return len(state.tokens) > known or state.pos > pos
    token = state.tokens[-1]
    expression = token.content.removeprefix("$").removeprefix("=").strip()
    if expression and expression[0] not in _NEVER_FIRST:
        token.type = "inline_query"
        token.info = "inlinejs" if token.content.startswith("$") else "inline"
        token.content = expression
    return True


def render(writer: Writer, token: Token) -> None:
    writer.put(QueryHole(token.info, token.content, writer.position(token)))


SYNTAX = Syntax(
    "inline_query",
    inline=(InlineRule("`", inline_query),),
    render={"inline_query": render},
    opaque=("inline_query",),
)
