"""```` ```ad-type ```` blocks of the Admonition plugin: callouts of old notes (rules 10.1)."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from generator.notes.callouts import callout_close, callout_open, callout_title
from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Writer

_OPENING = re.compile(r"(`{3,}|~{3,})[ \t]*ad-([\w-]+)[^`]*\Z")
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([^`]*)\Z")
# The lines a block may begin with (Admonition's documentation, "Usage").
_OPTION = re.compile(r"(title|collapse|icon|color)[ \t]*:[ \t]*(.*)\Z", re.IGNORECASE)


def admonition(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Recognise a block; its body is Markdown."""
    match = _OPENING.match(_text(state, line))
    if match is None or state.is_code_block(line):
        return False
    if silent:
        return True
    fence, kind = match[1], match[2].lower()
    close, repaired = _find_close(state, line, end, fence)
    options: dict[str, tuple[str, int]] = {}
    body = line + 1
    while body < close and (option := _OPTION.match(_text(state, body))) is not None:
        options.setdefault(option[1].lower(), (option[2].strip(), body))
        body += 1
    token = state.push("admonition_open", "", 1)
    token.map = [line, min(close + 1, end)]
    token.meta = {
        "kind": kind,
        "fold": {"open": "+", "closed": "-"}.get(options.get("collapse", ("", 0))[0].lower(), ""),
        "repaired": repaired,
        "closed": close < end,
    }
    if "title" in options:
        title, where = options["title"]
        inner = state.push("admonition_title", "", 0)
        inner.content, inner.map = title, [where, where + 1]
    around, last = state.parentType, state.lineMax
    state.parentType, state.lineMax = "admonition", close
    state.md.block.tokenize(state, body, close)
    state.parentType, state.lineMax = around, last
    state.push("admonition_close", "", -1)
    state.line = min(close + 1, end)
    return True


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _find_close(state: StateBlock, line: int, end: int, fence: str) -> tuple[int, bool]:
    """The line that closes the block, and whether inner fences had to be paired to find it.

    Old notes put fences of the same length inside. CommonMark would close the block at the first
    one; here an inner fence with a language takes the next bare one, unless that leaves the block,
    or a fence after it, without an end.
    """
    marks: list[tuple[int, bool]] = []  # line, whether it opens (has an info text)
    stop = end
    for number in range(line + 1, end):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            stop = number
            break
        match = _FENCE.match(_text(state, number))
        if match is not None and match[1].startswith(fence) and not state.is_code_block(number):
            marks.append((number, bool(match[2])))
    first = next((number for number, opens in marks if not opens), None)
    if first is None:
        return stop, False
    if not any(opens for number, opens in marks if number < first):
        return first, False
    paired = _paired_close(marks)
    if paired is not None and (_balanced(marks, paired) or not _balanced(marks, first)):
        return paired, True
    return first, False


def _paired_close(marks: list[tuple[int, bool]]) -> int | None:
    inside = False
    for number, opens in marks:
        if not inside and not opens:
            return number
        inside = opens
    return None


def _balanced(marks: list[tuple[int, bool]], close: int) -> bool:
    """Whether the fences after ``close`` have an end each."""
    inside = False
    for number, opens in marks:
        if number > close:
            inside = opens or not inside
    return not inside


def render_open(writer: Writer, token: Token) -> None:
    meta = token.meta
    frame = callout_open(writer, token, meta["kind"], fold=meta["fold"])
    position = writer.line_position(frame.line)
    if meta["repaired"]:
        writer.complain(
            "NT215",
            position,
            "fences of the same length stand inside each other; they were paired by their languages",
            hint="give the outer block more back-ticks, or write a callout (> [!note])",
        )
    if not meta["closed"]:
        writer.complain("NT214", position, "this block is never closed", hint="close it with ```")


def render_close(writer: Writer, _token: Token) -> None:
    callout_close(writer)


SYNTAX = Syntax(
    "admonition",
    block=(BlockRule(admonition, "`~", ("paragraph", "reference", "blockquote", "list")),),
    render={
        "admonition_open": render_open,
        "admonition_title": callout_title,
        "admonition_close": render_close,
    },
)
