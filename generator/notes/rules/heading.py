"""``# Headings`` (rules 3; Obsidian help: Basic formatting syntax)."""

from __future__ import annotations

from markdown_it.rules_block import heading
from markdown_it.token import Token

from generator.notes.keys import heading_key
from generator.notes.model import Heading, HeadingEndHole, HeadingHole, StatementKind
from generator.notes.places import Places
from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Writer


def render_open(writer: Writer, token: Token) -> None:
    """Begin the heading; one that stands in no other block begins a section."""
    nested = token.level > 0
    index = len(writer.headings)
    writer.store["heading_open"] = (index, int(token.tag[1]), nested)
    if not nested:
        writer.store["heading"] = index
        writer.begin_section(index, int(token.tag[1]), (token.map or [0])[0] + 1)
    writer.open("heading", token, inline=render_inline)
    writer.put(HeadingHole(index))


def render_inline(writer: Writer, token: Token) -> None:
    """The heading's text: :class:`Heading` is made here."""
    index, level, nested = writer.store["heading_open"]
    first = token.map[0] if token.map else 0
    links, tags = len(writer.links), len(writer.tags)
    places = _atx_places(writer, token) if "\n" not in token.content else None
    run = writer.inline(token, StatementKind.HEADING, places)
    raw = run.content
    if run.block_id:
        raw = raw[: run.block_id_start].rstrip()
    writer.headings.append(
        Heading(
            index,
            level,
            raw,
            " ".join("".join(run.plain).split()),
            heading_key(raw),
            "",
            writer.line_position(first),
            writer.section,
            nested,
            tuple(range(links, len(writer.links))),
            tuple(range(tags, len(writer.tags))),
        )
    )


def _atx_places(writer: Writer, token: Token) -> Places | None:
    """Closing hashes are no part of the content: count from the opening ones."""
    line = token.map[0] if token.map else 0
    source = writer.source[line]
    start = source.find("#")
    mark = source[start:].split(None, 1)[0] if start >= 0 else ""
    if not mark or mark.strip("#"):
        return None
    column = source.find(token.content, start + len(mark)) if token.content else -1
    return [(0, line + 1, column + 1)] if column >= 0 else None


def render_close(writer: Writer, _token: Token) -> None:
    index, level, nested = writer.store["heading_open"]
    if len(writer.headings) == index:  # a heading without text
        writer.headings.append(
            Heading(
                index,
                level,
                "",
                "",
                "",
                "",
                writer.line_position(writer.frames[-1].line),
                writer.section,
                nested,
            )
        )
    writer.put(HeadingEndHole(index))
    writer.close()


SYNTAX = Syntax(
    "heading",
    block=(BlockRule(heading, "#", ("paragraph", "reference", "blockquote")),),
    render={"heading_open": render_open, "heading_close": render_close},
)
