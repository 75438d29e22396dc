"""``^block-id`` at the end of a block or alone after it (rules 3.8, 3.9; Obsidian help: Link to a
block)."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.model import StatementKind
from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer

_LINKS = ("wikilink", "embed")
# Latin letters, digits and hyphens, up to the end of the block.
_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*\Z")


def block_id(state: StateInline, silent: bool) -> bool:
    """Recognise an id that ends the content: after a blank, at its beginning, or right behind a
    link or embed, where nothing else can be meant."""
    src, pos = state.src, state.pos
    if state.level or (pos and not src[pos - 1].isspace() and not _behind_link(state)):
        return False
    if state.env.get("kind") is StatementKind.CELL:
        return False
    match = _ID.match(src, pos)
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        state.push("block_id", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _behind_link(state: StateInline) -> bool:
    return not state.pending and state.tokens[-1:] != [] and state.tokens[-1].type in _LINKS


def render(writer: Writer, token: Token) -> None:
    """Name the block that ends here, or the one before when the id is all there is."""
    position = writer.position(token)
    start = token.map[0] if token.map else 0
    writer.run.block_id, writer.run.block_id_start = token.content, start
    alone = start == 0 and writer.frames[-1].kind == "paragraph"
    if alone:
        writer.mark_previous(token.content, position)
    else:
        writer.mark_block(token.content, position)


SYNTAX = Syntax("block_id", inline=(InlineRule("^", block_id),), render={"block_id": render})
