"""``- [ ] tasks`` with any character as their state (rules 8.8; Obsidian help: Task lists)."""

from __future__ import annotations

import re
from html import escape

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Safe, Writer

# One character between brackets, then a blank or nothing.
_TASK = re.compile(r"\[(.)\](?:[ \t]+|(?=\n)|\Z)")


def task(state: StateInline, silent: bool) -> bool:
    """Recognise the state at the very beginning of a list item."""
    if silent or state.pos or state.env.get("item_text") != state.src:
        return False
    match = _TASK.match(state.src)
    if match is None:
        return False
    state.push("task", "", 0).content = match[1]
    state.pos = match.end()
    return True


def render(writer: Writer, token: Token) -> None:
    """Give the item its state; the box cannot be changed on a static page."""
    status = token.content
    if writer.run.item is None:
        return
    writer.items[writer.run.item].status = status
    writer.items[writer.run.item].status_width = (token.map or (0, 0))[1]
    frame = writer.frame("item")
    if frame is not None and frame.pieces[:1] == ["<li>"]:
        done = "" if status == " " else " is-checked"
        frame.pieces[0] = f'<li class="task-list-item{done}" data-task="{escape(status)}">'
    checked = "" if status == " " else " checked"
    writer.put(Safe(f'<input type="checkbox" class="task-list-item-checkbox" disabled{checked}> '))


SYNTAX = Syntax("task", inline=(InlineRule("[", task),), render={"task": render})
