"""Plain text, escapes, entities and line breaks (CommonMark; single line breaks by rules 8.9)."""

from __future__ import annotations

from html import escape as escape_html

from markdown_it.rules_inline import entity, escape, newline
from markdown_it.token import Token

from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import BREAK, Writer


def render_text(writer: Writer, token: Token) -> None:
    content = token.content
    if content:
        writer.say(content, token.map[0] if token.map else 0)
        writer.put(escape_html(content, quote=False))


def render_soft_break(writer: Writer, token: Token) -> None:
    """A line break shows as one, unless Obsidian's strict line breaks are on."""
    writer.say("\n", token.map[0] if token.map else 0)
    writer.put("\n" if writer.settings.strict_line_breaks else BREAK)


def render_hard_break(writer: Writer, token: Token) -> None:
    writer.say("\n", token.map[0] if token.map else 0)
    writer.put(BREAK)


SYNTAX = Syntax(
    "text",
    inline=(InlineRule("\n", newline), InlineRule("\\", escape), InlineRule("&", entity)),
    render={
        "text": render_text,
        "text_special": render_text,
        "softbreak": render_soft_break,
        "hardbreak": render_hard_break,
    },
)
