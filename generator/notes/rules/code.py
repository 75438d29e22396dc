"""Code: `` `inline` ``, fenced and indented (CommonMark; rules 8.12). Nothing in it is read."""

from __future__ import annotations

import re
from html import escape

from markdown_it.rules_block import code, fence
from markdown_it.rules_inline import backtick
from markdown_it.token import Token

from generator.notes.highlight import highlight
from generator.notes.model import Fence
from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Safe, Writer

# The language is what the info line begins with: `python`, `{python}`, `python:title`, `c++ {1,3}`.
_LANGUAGE = re.compile(r"\{?\.?([^\s{},:]+)")


def render_inline(writer: Writer, token: Token) -> None:
    start, end = token.map or (0, 0)
    writer.say(writer.run.content[start:end], start, token.content)
    writer.put(Safe(f"<code>{escape(token.content, quote=False)}</code>"))


def render_fence(writer: Writer, token: Token) -> None:
    """Record the block; its language may have a rule of its own to show it."""
    info = token.info.strip()
    match = _LANGUAGE.match(info)
    language = match[1] if match else ""
    first, stop = token.map or (0, 1)
    position = writer.line_position(first, token.markup)
    index = len(writer.fences)
    writer.fences.append(
        Fence(index, language, info, token.content, position, first + 2, writer.section)
    )
    last = writer.source[stop - 1] if stop <= len(writer.source) else ""
    if stop - first < 2 or not last.rstrip().endswith(token.markup[0] * len(token.markup)):
        writer.complain(
            "NT214",
            position,
            "this code block is never closed",
            hint=f"close it with {token.markup}; it now takes everything to the end of its block",
        )
    writer.open("fence", token)
    special = writer.parser.fences.get(language.lower())
    if special is not None:
        special(writer, token)
    else:
        show(writer, token.content, language)
    writer.close()


def show(writer: Writer, content: str, language: str) -> None:
    code_html = highlight(content, language)
    name = f' data-language="{escape(language)}"' if language else ""
    writer.put(Safe(f'<pre class="nt-code"{name}><code>{code_html}</code></pre>\n'))


def render_indented(writer: Writer, token: Token) -> None:
    writer.open("code", token)
    show(writer, token.content, "")
    writer.close()


SYNTAX = Syntax(
    "code",
    inline=(InlineRule("`", backtick),),
    block=(
        BlockRule(code),
        BlockRule(fence, "`~", ("paragraph", "reference", "blockquote", "list")),
    ),
    render={
        "code_inline": render_inline,
        "fence": render_fence,
        "code_block": render_indented,
    },
    opaque=("code_inline",),
)
