"""``*emphasis*``, ``**strong**``, ``~~deleted~~``: markdown-it's own rules (CommonMark, GFM)."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.token import Token

from generator.notes.syntax import InlineRule, Renderer, Syntax
from generator.notes.writer import Writer


def pair(state: StateInline) -> None:
    """Turn matched delimiters into opening and closing tokens."""
    strikethrough.postProcess(state)
    emphasis.postProcess(state)


def _element(html: str) -> Renderer:
    def render(writer: Writer, _token: Token) -> None:
        writer.put(html)

    return render


def _struck(html: str) -> Renderer:
    """Deleted text: the statement keeps the marks, so that nobody reads it as stated."""

    def render(writer: Writer, token: Token) -> None:
        writer.say("~~", token.map[0] if token.map else 0, "")
        writer.put(html)

    return render


SYNTAX = Syntax(
    "emphasis",
    inline=(InlineRule("~", strikethrough.tokenize), InlineRule("*_", emphasis.tokenize)),
    pairs=pair,
    render={
        "em_open": _element("<em>"),
        "em_close": _element("</em>"),
        "strong_open": _element("<strong>"),
        "strong_close": _element("</strong>"),
        "s_open": _struck("<del>"),
        "s_close": _struck("</del>"),
    },
)
