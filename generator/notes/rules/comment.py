"""``%%comment%%`` in a line or over several (rules 8.2; Obsidian help: Comments)."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer


def comment(state: StateInline, silent: bool) -> bool:
    """Recognise a comment; without an end it goes on to the end of the block."""
    src, pos = state.src, state.pos
    if not src.startswith("%%", pos):
        return False
    close = src.find("%%", pos + 2, state.posMax)
    end = close + 2 if close >= 0 else state.posMax
    if (pos == 0 or src[pos - 1] == "\n") and src[end : end + 1] == "\n" and end < state.posMax:
        end += 1  # a comment with lines of its own takes its last line break
    if not silent:
        hides = close < 0 and src[pos + 2 : end].strip() != ""
        state.push("comment", "", 0).meta = {"hides": hides}
    state.pos = end
    return True


def render(writer: Writer, token: Token) -> None:
    """A comment gives nothing; one that is never closed and hides something is reported."""
    if token.meta["hides"]:
        writer.complain(
            "NT213",
            writer.position(token),
            "this comment is never closed and hides what follows",
            hint="close it with %%",
        )


SYNTAX = Syntax(
    "comment", inline=(InlineRule("%", comment),), render={"comment": render}, opaque=("comment",)
)
