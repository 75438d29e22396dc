"""Raw HTML in notes (rules 8.13; Obsidian help: HTML content). It is cleaned, never trusted."""

from __future__ import annotations

import re

from markdown_it.rules_block import html_block
from markdown_it.rules_inline import html_inline
from markdown_it.token import Token

from generator.notes import fields
from generator.notes.model import Field
from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Writer

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# A tag that stands alone and has no attributes needs no cleaning.
_BREAK = re.compile(r"<(br|wbr)\s*/?>", re.IGNORECASE)
_LOST = re.compile(r"<(script|iframe|object|embed|form|style|link|meta)\b", re.IGNORECASE)


def render_inline(writer: Writer, token: Token) -> None:
    """A tag: kept as it is until the whole content is known, then cleaned with it."""
    content = token.content
    simple = _BREAK.fullmatch(content)
    if simple is not None:
        if simple[1].lower() == "br":
            writer.say("\n", token.map[0] if token.map else 0)
        writer.put(f"<{simple[1].lower()}>")
    elif not content.startswith("<!"):
        writer.run.raw_html = True
        writer.put(content)
        _report(writer, content, offset=token.map[0] if token.map else 0)


def render_block(writer: Writer, token: Token) -> None:
    frame = writer.open("html", token)
    content = token.content
    writer.run.places = [(0, frame.line + 1, 1)]
    pieces = writer.cleaned([content])
    if any(not isinstance(piece, str) or piece.strip() for piece in pieces):
        writer.pieces += pieces
        if not content.endswith("\n"):
            writer.put("\n")
    if "::" in content:
        _find_fields(writer, content, frame.line)
    _report(writer, content, offset=0)
    writer.close()


def _find_fields(writer: Writer, content: str, line: int) -> None:
    """Dataview reads inline fields in HTML too, line by line; not in comments."""
    shown = _COMMENT.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), content)
    for number, text in enumerate(shown.split("\n"), line):
        if "::" in text:
            for each in fields.find(text, ()):
                position = writer.line_position(number, each.key)
                writer.fields.append(Field(each.key, each.raw, position, writer.section, each.form))


def _report(writer: Writer, content: str, *, offset: int) -> None:
    match = _LOST.search(_COMMENT.sub("", content))
    if match is None:
        return
    name = match[1].lower()
    if name == "iframe" and "https://" in content.lower():
        return
    writer.complain(
        "NT218",
        writer.position_at(offset),
        f"<{name}> is not shown",
        hint="pages hold no scripts, styles or forms of notes, and frames only by https",
    )


SYNTAX = Syntax(
    "html",
    inline=(InlineRule("<", html_inline),),
    block=(BlockRule(html_block, "<", ("paragraph", "reference", "blockquote")),),
    render={"html_inline": render_inline, "html_block": render_block},
    opaque=("html_inline",),
)
