"""Commands of the Templater plugin left in a note: shown as they are, never run (rules 10.2)."""

from __future__ import annotations

from bisect import bisect_left
from html import escape

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Safe, Writer

# A command ends within so many characters, or it is text.
LONGEST = 20_000


def inline_command(state: StateInline, silent: bool) -> bool:
    """Recognise ``<% … %>`` in running text."""
    src, pos = state.src, state.pos
    if not src.startswith("<%", pos) or state.html_terminator_last("%>") < pos + 2:
        return False
    end = src.find("%>", pos + 2, state.posMax)
    if end < 0:
        return False
    if not silent:
        state.push("template", "", 0).content = src[pos : end + 2]
    state.pos = end + 2
    return True


def block_command(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Recognise a command that begins a line and goes over several, blank ones too."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("<%", start) or state.is_code_block(line):
        return False
    if "template_last" not in state.env:
        state.env["template_last"] = state.src.rfind("%>")
    if state.env["template_last"] < start:
        return False
    close = state.src.find("%>", start + 2, start + LONGEST)
    last = bisect_left(state.eMarks, close, line, end) if close >= 0 else end
    if last in (line, end) or state.src[close + 2 : state.eMarks[last]].strip():
        return False  # no end, or all on one line, or text after it: part of a paragraph
    for number in range(line, last + 1):
        if 0 <= state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return False
    if not silent:
        token = state.push("template_block", "", 0)
        token.content = state.getLines(line, last + 1, state.blkIndent, False)
        token.map = [line, last + 1]
        state.line = last + 1
    return True


def render_inline(writer: Writer, token: Token) -> None:
    writer.put(Safe(f'<code class="nt-template">{escape(token.content, quote=False)}</code>'))
    _report(writer, writer.position(token).line - 1)


def render_block(writer: Writer, token: Token) -> None:
    frame = writer.open("template", token)
    code = escape(token.content, quote=False)
    writer.put(Safe(f'<pre class="nt-code nt-template"><code>{code}</code></pre>\n'))
    writer.close()
    _report(writer, frame.line)


def _report(writer: Writer, line: int) -> None:
    if not writer.store.setdefault("template", False):
        writer.store["template"] = True
        writer.complain(
            "NT219",
            writer.line_position(line, "<%"),
            "a Templater command was left in this note; it is shown, not run",
            hint="template folders are left out when Obsidian's or Templater's settings name them",
        )


SYNTAX = Syntax(
    "templater",
    inline=(InlineRule("<", inline_command),),
    block=(BlockRule(block_command, "<", ("paragraph", "blockquote")),),
    render={"template": render_inline, "template_block": render_block},
    opaque=("template",),
)
