"""``#tag`` (rules 5; Obsidian help: Tags)."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.model import TagHole
from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer

# What a tag cannot hold: blanks, general and supplemental punctuation, and these signs.
_TAG = re.compile(r"#([^\u2000-\u206F\u2E00-\u2E7F\s'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]+)")


def tag(state: StateInline, silent: bool) -> bool:
    """Recognise a tag at the beginning of a line or after a blank."""
    pos = state.pos
    if state.linkLevel or (pos and not state.src[pos - 1].isspace()):
        return False
    match = _TAG.match(state.src, pos, state.posMax)
    name = match[1].rstrip("/") if match else ""
    if match is None or not name or name.isdecimal():
        return False
    if not silent:
        state.push("tag", "", 0).content = name
    state.pos = match.end()
    return True


def render(writer: Writer, token: Token) -> None:
    """Record the tag and leave its hole."""
    writer.add_tag(token.content, writer.position(token))
    writer.say("#" + token.content, token.map[0] if token.map else 0)
    writer.put(TagHole(token.content))


SYNTAX = Syntax("tag", inline=(InlineRule("#", tag),), render={"tag": render})
