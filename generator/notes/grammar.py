"""All syntaxes in their order: where two could begin at one place, the first in this list wins.

To add a syntax, write a file in :mod:`generator.notes.rules` and name it here.
"""

from __future__ import annotations

from functools import lru_cache

from generator.notes.engine import Parser
from generator.notes.rules import (
    admonition,
    block_id,
    code,
    comment,
    divider,
    emphasis,
    footnote,
    heading,
    highlight,
    html,
    inline_query,
    link,
    list,
    math,
    mermaid,
    paragraph,
    query,
    quote,
    table,
    tag,
    task,
    templater,
    text,
    wikilink,
)
from generator.notes.syntax import Syntax

GRAMMAR: tuple[Syntax, ...] = (
    table.SYNTAX,  # its first line can begin with anything
    templater.SYNTAX,
    comment.SYNTAX,
    inline_query.SYNTAX,
    admonition.SYNTAX,
    code.SYNTAX,  # from here on, indented lines are code already
    mermaid.SYNTAX,
    query.SYNTAX,
    math.SYNTAX,
    quote.SYNTAX,
    divider.SYNTAX,
    task.SYNTAX,
    list.SYNTAX,
    footnote.SYNTAX,
    wikilink.SYNTAX,
    link.SYNTAX,
    html.SYNTAX,
    heading.SYNTAX,
    tag.SYNTAX,
    block_id.SYNTAX,
    highlight.SYNTAX,
    emphasis.SYNTAX,
    text.SYNTAX,
    paragraph.SYNTAX,  # takes what nothing else took
)


@lru_cache(maxsize=1)
def parser() -> Parser:
    """The parser of this grammar, made once."""
    return Parser(GRAMMAR)
