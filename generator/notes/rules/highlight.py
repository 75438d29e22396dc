"""``==highlighted==`` (rules 8.1; Obsidian help: Basic formatting syntax)."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer

_MARKER = ord("=")


def highlight(state: StateInline, silent: bool) -> bool:
    """Push each ``==`` as a delimiter; pairs are found when the line is read."""
    if silent:
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length != 2:
        state.append_pending("=" * scanned.length)
        state.pos += scanned.length
        return True
    state.push("text", "", 0).content = "=="
    state.delimiters.append(
        Delimiter(
            marker=_MARKER,
            length=0,  # no rule of three
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
    )
    state.pos += 2
    return True


def pair(state: StateInline) -> None:
    """Turn matched delimiters into opening and closing tokens."""
    _pair(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state, meta["delimiters"])


def _pair(state: StateInline, delimiters: list[Delimiter]) -> None:
    for delimiter in delimiters:
        if delimiter.marker == _MARKER and delimiter.end != -1:
            for index, kind in (
                (delimiter.token, "mark_open"),
                (delimiters[delimiter.end].token, "mark_close"),
            ):
                token = state.tokens[index]
                token.type, token.content = kind, ""


def render_open(writer: Writer, _token: Token) -> None:
    writer.put("<mark>")


def render_close(writer: Writer, _token: Token) -> None:
    writer.put("</mark>")


SYNTAX = Syntax(
    "highlight",
    inline=(InlineRule("=", highlight),),
    pairs=pair,
    render={"mark_open": render_open, "mark_close": render_close},
)
