"""``$inline$`` and ``$$display$$`` formulas (rules 8.4-8.6; Obsidian help: Math)."""

from __future__ import annotations

import re
from html import escape

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.macros import Macro, definitions
from generator.notes.mathml import to_mathml
from generator.notes.model import StatementKind
from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Safe, Writer

# A heading ends the search for the end of a block formula: no formula has such a line.
_HEADING = re.compile(r"#{1,6}[ \t]")
MOST_MACROS = 200
_BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)")
_DOLLARS = re.compile(r"\\.|\$\$|`+", re.DOTALL)
_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)


def inline_math(state: StateInline, silent: bool) -> bool:
    """Recognise a formula in running text."""
    src, pos = state.src, state.pos
    display = src.startswith("$$", pos)
    start = pos + 1 + display
    close = _find_display_end(state, start) if display else _find_inline_end(state, start)
    if close < 0:
        if not display:
            return False
        if not silent:
            state.append_pending("$$")  # neither does its second dollar begin a formula
        state.pos = pos + 2
        return True
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = src[start:close]
        token.meta = {"display": display}
    state.pos = close + 1 + display
    return True


def _find_inline_end(state: StateInline, start: int) -> int:
    """Where the closing dollar is: after no blank, before no digit; -1 if there is none."""
    src, end = state.src, state.posMax
    if start >= end or src[start].isspace():
        return -1
    if state.cache.get(-1, end) <= start:  # -1: from where on no dollar is left
        return -1
    pos = start
    while True:
        match = _DOLLAR.search(src, pos, end)
        if match is None:
            state.cache[-1] = min(start, state.cache.get(-1, end))
            return -1
        pos = match.end()
        if match[0] != "$":
            continue
        close = match.start()
        following = src[pos : pos + 1]
        if close == start or src[close - 1].isspace() or following.isdigit():
            return -1
        # A lone back-tick between two dollars is code, not a formula that cuts it in two.
        return -1 if src.count("`", start, close) % 2 else close


def _find_display_end(state: StateInline, start: int) -> int:
    if state.cache.get(-2, state.posMax) <= start:
        return -1
    for match in _DOLLARS.finditer(state.src, start, state.posMax):
        if match[0] == "$$":
            return match.start() if state.src[start : match.start()].strip() else -1
    state.cache[-2] = start
    return -1


def block_math(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Recognise a display formula that begins a line; it may hold blank lines."""
    src = state.src
    pos = state.bMarks[line] + state.tShift[line]
    if not src.startswith("$$", pos) or state.is_code_block(line):
        return False
    if silent and state.sCount[line] < state.blkIndent:
        return False  # a lazy line goes on with the paragraph above
    in_paragraph = silent and state.parentType == "paragraph"
    if in_paragraph and src.count("$$", state.env["paragraph_start"], pos) % 2:
        return False  # it closes a formula that began within the paragraph
    found = _find_block_end(state, line, end)
    if found is None:
        if not silent:
            state.env.setdefault("math_open", set()).add(line)
        return False
    last, close = found
    rest = src[close + 2 : state.eMarks[last]].strip()
    named = _BLOCK_ID.fullmatch(rest)
    blank_inside = any(state.isEmpty(n) for n in range(line, last))
    if rest and named is None and not blank_inside:
        return False  # text follows: a formula within a paragraph
    if silent:
        return True
    tex, places = _block_content(state, line, last, close)
    token = state.push("math_block", "", 0)
    token.content = tex
    token.map = [line, last + 1]
    token.meta = {"places": places, "id": named[1] if named else ""}
    state.line = last + 1
    if rest and named is None:
        state.bMarks[last] = close + 2
        state.tShift[last] = len(src[close + 2 : state.eMarks[last]]) - len(
            src[close + 2 : state.eMarks[last]].lstrip()
        )
        state.sCount[last] = state.blkIndent
        state.line = last
        token.map = [line, last]
    return True


def _find_block_end(state: StateBlock, line: int, end: int) -> tuple[int, int] | None:
    """Line and offset of the closing ``$$``."""
    pos = state.bMarks[line] + state.tShift[line] + 2
    for number in range(line, end):
        if number > line:
            pos = state.bMarks[number] + state.tShift[number]
            if 0 <= state.sCount[number] < state.blkIndent and not state.isEmpty(number):
                return None
            if _HEADING.match(state.src, pos):
                return None
        for match in _DOLLARS.finditer(state.src, pos, state.eMarks[number]):
            if match[0] == "$$":
                empty = number == line and not state.src[pos : match.start()].strip()
                return None if empty else (number, match.start())
    return None


def _block_content(
    state: StateBlock, line: int, last: int, close: int
) -> tuple[str, list[tuple[int, int, int]]]:
    """The formula without quote marks, and the place of each of its lines."""
    parts: list[str] = []
    places: list[tuple[int, int, int]] = []
    length = 0
    for number in range(line, last + 1):
        start = state.bMarks[number] + (state.tShift[number] if number > line else 0)
        if number == line:
            start += state.tShift[number] + 2
        stop = close if number == last else state.eMarks[number]
        part = state.src[start:stop]
        if number > line and part.lstrip().startswith(">"):
            stripped = part.lstrip(" \t>")  # a quote mark of a deeper or missing level
            start += len(part) - len(stripped)
            part = stripped
        column = start - (state.src.rfind("\n", 0, start) + 1) + 1
        places.append((length, number + 1, column))
        parts.append(part)
        length += len(part) + 1
    return "\n".join(parts), places


def render_inline(writer: Writer, token: Token) -> None:
    start, end = token.map or (0, 0)
    display = bool(token.meta["display"])
    writer.say(writer.run.content[start:end], start)
    kind = "block" if display else "inline"
    html = _formula(writer, token.content, start=start, display=display)
    writer.put(Safe(f'<span class="math math-{kind}">{html}</span>'))


def render_block(writer: Writer, token: Token) -> None:
    frame = writer.open("math", token, '<div class="math math-block">', "</div>\n")
    places = token.meta["places"]
    writer.run.places = places
    writer.put(_formula(writer, token.content, start=0, display=True))
    tex = token.content.strip()
    if tex:
        lead = len(token.content) - len(token.content.lstrip())
        _, line, column = places[0]
        offsets = [(0, line, column - 2)]
        offsets += [(2 + at - lead, number, place) for at, number, place in places if at > lead]
        if lead:
            inside = max((p for p in places if p[0] <= lead), key=lambda p: p[0])
            offsets = [(0, line, column - 2), (2, inside[1], inside[2] + lead - inside[0]),
                       *(o for o in offsets[1:] if o[0] > 2)]  # fmt: skip
        writer.add_statement(StatementKind.MATH, f"$${tex}$$", offsets)
    if token.meta["id"]:
        position = writer.line_position(frame.stop - 1, "^" + token.meta["id"])
        writer.mark_block(token.meta["id"], position)
    writer.close()


def _formula(writer: Writer, tex: str, *, start: int, display: bool) -> str:
    """MathML of a formula, or its source with a mark and a diagnostic."""
    writer.needs.add("math")
    macros: dict[str, Macro] = writer.store.setdefault("macros", {})
    formula = to_mathml(tex.strip(), display=display, macros=tuple(macros.values()))
    for macro in definitions(tex):
        if len(macros) < MOST_MACROS:
            macros[macro.name] = macro
    if not formula.error:
        return formula.html
    writer.complain(
        "NT211",
        writer.position_at(start),
        f"this formula cannot be shown: {formula.error}",
        found=tex.strip()[:80],
        hint="its source is shown instead",
    )
    marks = "$$" if display else "$"
    source = escape(f"{marks}{tex}{marks}")
    return f'<code class="nt-math-error" title="{escape(formula.error)}">{source}</code>'


SYNTAX = Syntax(
    "math",
    inline=(InlineRule("$", inline_math),),
    block=(BlockRule(block_math, "$", ("paragraph", "reference", "blockquote")),),
    render={"math_inline": render_inline, "math_block": render_block},
    opaque=("math_inline",),
)
