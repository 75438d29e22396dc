"""Block quotes, and callouts: quotes whose first line is ``[!type]± title`` (rules 7; Obsidian help:
Callouts)."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, blockquote
from markdown_it.token import Token

from generator.notes.callouts import callout_close, callout_open, callout_title
from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Writer

# Type, metadata after a bar, fold mark, title.
_CALLOUT = re.compile(r"\[!([^\]\[|]+)(?:\|([^\]\[]*))?\]([+-]?)[ \t]*(.*)")


def callout_line(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Recognise a callout's first line: it is a line of its own, whatever follows."""
    if silent or state.parentType != "blockquote" or not state.tokens:
        return False
    opening = state.tokens[-1]
    if opening.type != "blockquote_open" or not opening.map or opening.map[0] != line:
        return False
    start = state.bMarks[line] + state.tShift[line]
    match = _CALLOUT.match(state.src, start, state.eMarks[line])
    if match is None or state.is_code_block(line) or not match[1].strip() or match[1][0] == " ":
        return False
    opening.meta = {
        "type": match[1].strip().lower(),
        "metadata": (match[2] or "").strip(),
        "fold": match[3],
    }
    token = state.push("callout_title", "", 0)
    token.content = match[4].strip()
    token.map = [line, line + 1]
    state.line = line + 1
    return True


def render_open(writer: Writer, token: Token) -> None:
    meta = token.meta
    if "type" in meta:
        callout_open(writer, token, meta["type"], fold=meta["fold"], metadata=meta["metadata"])
    else:
        writer.open("quote", token, "<blockquote>\n", "</blockquote>\n")


def render_close(writer: Writer, _token: Token) -> None:
    if writer.frames[-1].data:
        callout_close(writer)
    else:
        writer.close()


SYNTAX = Syntax(
    "quote",
    block=(
        BlockRule(callout_line, "["),
        BlockRule(blockquote, ">", ("paragraph", "reference", "blockquote", "list")),
    ),
    render={
        "blockquote_open": render_open,
        "blockquote_close": render_close,
        "callout_title": callout_title,
    },
)
