"""Paragraphs and headings underlined with ``===`` or ``---`` (CommonMark), read in one go.

markdown-it looks at every line of a paragraph twice, once for each of the two. A paragraph here
also goes on through a ``%%comment%%`` that blank lines or other blocks stand in (rules 8.2).
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from generator.notes.model import AnchorHole, EmbedHole, StatementKind
from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Writer

# What decides whether a comment is open: code spans, escapes and the marks themselves.
_COMMENT = re.compile(r"(?P<code>`+)(?!`)|\\.|%%", re.DOTALL)

_BLANKS = " \t\n\v\f\r"  # what markdown-it trims


def paragraph(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Take lines up to a blank one or one where another block begins."""
    interrupts = state.md.block.ruler.getRules("paragraph")
    around, state.parentType = state.parentType, "paragraph"
    end = state.lineMax
    first = state.bMarks[start] + state.tShift[start]
    state.env["paragraph_start"] = first
    line, level = start + 1, 0
    while True:
        stops, level = _stops(state, line, end, interrupts[0])
        if stops:
            past = _comment_end(state, first, line, end)
            if past == line:
                break
            line, level = past, 0
            if line >= end:
                break
            continue
        line += 1
    raw = state.getLines(start, line, state.blkIndent, False)
    content = raw.strip(_BLANKS)
    # A line of nothing but a form feed is no blank line, and still no text.
    first_text = start + raw[: len(raw) - len(raw.lstrip(_BLANKS))].count("\n")
    state.line = line + (1 if level else 0)
    kind = "heading" if level else "paragraph"
    tag = f"h{level}" if level else "p"
    state.push(f"{kind}_open", tag, 1).map = [start, state.line]
    token = state.push("inline", "", 0)
    token.content = content
    token.map = [first_text, line]
    token.children = []
    state.push(f"{kind}_close", tag, -1)
    state.parentType = around
    return True


def _stops(state: StateBlock, line: int, end: int, interrupts: object) -> tuple[bool, int]:
    """Whether the paragraph ends before ``line``, and its heading level if that underlines it."""
    if line >= end:
        return True, 0
    pos, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if pos >= stop:
        return True, 0
    indent = state.sCount[line] - state.blkIndent
    if indent > 3 or state.sCount[line] < 0:
        return False, 0
    if indent >= 0 and state.src[pos] in "-=":
        underline = state.src[pos:stop].rstrip(" \t")
        if underline.count(underline[0]) == len(underline):
            return True, 1 if underline[0] == "=" else 2
    assert callable(interrupts)
    return bool(interrupts(state, line, end, True)), 0


def _comment_end(state: StateBlock, first: int, line: int, end: int) -> int:
    """The line after the one that closes a comment still open before ``line``; else ``line``."""
    src = state.src
    if src.find("%%", first, state.eMarks[line - 1]) < 0:
        return line
    if not _comment_open(src[first : state.eMarks[line - 1]]):
        return line
    for number in range(line, end):
        if 0 <= state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return number
        if src.find("%%", state.bMarks[number], state.eMarks[number]) >= 0:
            return number + 1
    return end


def _comment_open(text: str) -> bool:
    pos, is_open = 0, False
    while (match := _COMMENT.search(text, pos)) is not None:
        pos = match.end()
        if match[0] == "%%":
            is_open = not is_open
        elif match["code"] and not is_open:
            close = re.search(rf"(?<!`){match[0]}(?!`)", text[pos:])
            pos += close.end() if close else 0
        elif is_open and match[0].startswith("\\"):
            pos = match.start() + 1
    return is_open


def render_open(writer: Writer, token: Token) -> None:
    writer.open("hidden" if token.hidden else "paragraph", token, inline=render_inline)


def render_close(writer: Writer, _token: Token) -> None:
    """Wrap what the paragraph holds; a lone embed stands without the wrapping."""
    frame = writer.frames[-1]
    shown = [p for p in frame.pieces if not (isinstance(p, str) and not p.strip())]
    if len(shown) == 1 and isinstance(shown[0], EmbedHole) and frame.kind == "paragraph":
        embed = shown[0]
        frame.pieces[:] = [
            EmbedHole(embed.link, embed.alt, embed.size, embed.hint, block=True), "\n"
        ]  # fmt: skip
    elif shown and any(not isinstance(p, AnchorHole) for p in shown):
        if frame.kind == "paragraph":
            frame.pieces.insert(0, "<p>")
            frame.opening = 1
            frame.end = "</p>\n"
    else:
        frame.pieces[:] = shown
    writer.close()


def render_inline(writer: Writer, token: Token) -> None:
    """The paragraph's content; directly in a list item it is the item's text."""
    around = writer.frames[-2]
    if around.item is None:
        writer.inline(token, StatementKind.PARAGRAPH)
        return
    item = writer.items[around.item]
    if around.last < 0:
        writer.env["item_text"] = token.content  # a task's state may begin it
    run = writer.inline(token, StatementKind.LIST_ITEM)
    writer.env.pop("item_text", None)
    start = item.status_width if not item.texts else 0
    stop = run.block_id_start if run.block_id else len(run.content)
    item.texts.append(run.content[start:stop].rstrip())


SYNTAX = Syntax(
    "paragraph",
    block=(BlockRule(paragraph),),
    render={
        "paragraph_open": render_open,
        "paragraph_close": render_close,
    },
)
