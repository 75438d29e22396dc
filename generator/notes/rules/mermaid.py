"""Mermaid drawings in fenced blocks (rules 8.7; Obsidian help: Advanced formatting syntax)."""

from __future__ import annotations

from markdown_it.token import Token

from generator.notes.model import MermaidHole
from generator.notes.syntax import Syntax
from generator.notes.writer import Writer


def render(writer: Writer, token: Token) -> None:
    writer.needs.add("mermaid")
    writer.put(MermaidHole(token.content))
    writer.put("\n")


SYNTAX = Syntax("mermaid", fences={"mermaid": render})
