"""Horizontal rules: ``---``, ``***``, ``___`` (CommonMark; rules 8.14)."""

from __future__ import annotations

from markdown_it.rules_block import hr
from markdown_it.token import Token

from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Writer


def render(writer: Writer, token: Token) -> None:
    writer.open("divider", token)
    writer.put("<hr>\n")
    writer.close()


SYNTAX = Syntax(
    "divider",
    block=(BlockRule(hr, "-*_", ("paragraph", "reference", "blockquote", "list")),),
    render={"hr": render},
)
