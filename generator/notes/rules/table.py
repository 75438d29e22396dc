"""Pipe tables (GFM; rules 1.3, 8.11). A ``\\|`` in a cell is a bar of its text."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

from generator.notes.model import Cell, StatementKind, Table
from generator.notes.places import Places
from generator.notes.syntax import BlockRule, Renderer, Syntax
from generator.notes.writer import Writer


def located_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """markdown-it's rule; each row then knows where its text begins in the line."""
    if line + 2 > end:
        return False
    start = state.bMarks[line + 1] + state.tShift[line + 1]
    if state.src[start : start + 1] not in ("|", "-", ":"):
        return False
    if state.src.count("-", start, state.eMarks[line + 1]) < 2:
        return False  # Obsidian help: "at least two hyphens"
    known = len(state.tokens)
    if not table(state, line, end, silent):
        return False
    for token in state.tokens[known:]:
        if token.type == "tr_open" and token.map:
            number = token.map[0]
            begin = state.bMarks[number] + state.tShift[number]
            token.meta = {"column": begin - (state.src.rfind("\n", 0, begin) + 1)}
    return True


def render_open(writer: Writer, token: Token) -> None:
    writer.open("table", token, "<table>\n", "</table>\n", inline=render_cell_inline)
    writer.store["rows"] = []


def render_row_open(writer: Writer, token: Token) -> None:
    line = token.map[0] if token.map else 0
    writer.store["cells"] = _cell_places(writer.source[line], line, token.meta.get("column", 0))
    writer.store["row"] = []
    writer.put("<tr>\n")


def _cell_places(source: str, line: int, start: int) -> list[Places]:
    """Places of each cell's trimmed content, in which ``\\|`` is one character less."""
    result: list[Places] = []
    start += len(source[start:]) - len(source[start:].lstrip())
    text = source[start:].rstrip()
    pos = 1 if text.startswith("|") else 0
    while pos <= len(text):
        stop = pos
        while stop < len(text) and not (text[stop] == "|" and text[stop - 1 : stop] != "\\"):
            stop += 1
        cell = text[pos:stop]
        lead = len(cell) - len(cell.lstrip())
        places: Places = [(0, line + 1, start + pos + lead + 1)]
        dropped = 0
        for match in re.finditer(r"\\\|", cell):
            if match.start() >= lead:
                offset = match.start() - lead - dropped
                dropped += 1
                places.append((offset, line + 1, start + pos + match.start() + 2))
        result.append(places)
        pos = stop + 1
    return result


def render_cell_open(writer: Writer, token: Token) -> None:
    style = token.attrs.get("style")
    writer.put(f'<{token.tag} style="{style}">' if style else f"<{token.tag}>")
    row = writer.store["row"]
    cells = writer.store["cells"]
    places = cells[len(row)] if len(row) < len(cells) else None
    if places is None:
        line = cells[0][0][1]
        places = [(0, line, len(writer.source[line - 1]) + 1)]
    writer.store["cell"] = places


def render_cell_inline(writer: Writer, token: Token) -> None:
    """A cell's content; called for the cells of the table that is being read."""
    places = writer.store["cell"]
    plain = ""
    if token.content:
        plain = "".join(writer.inline(token, StatementKind.CELL, places).plain).strip()
    _, line, column = places[0]
    writer.store["row"].append(
        Cell(
            token.content,
            plain,
            writer.place(line, column),
        )
    )


def render_cell_close(writer: Writer, token: Token) -> None:
    writer.put(f"</{token.tag}>\n")


def render_row_close(writer: Writer, _token: Token) -> None:
    writer.put("</tr>\n")
    writer.store["rows"].append(tuple(writer.store["row"]))


def render_close(writer: Writer, _token: Token) -> None:
    frame = writer.frames[-1]
    header, *rows = writer.store["rows"]
    position = header[0].position if header else writer.line_position(frame.line)
    writer.tables.append(Table(header, tuple(rows), position, frame.stop, writer.section))
    writer.close()


def _put(html: str) -> Renderer:
    def render(writer: Writer, _token: Token) -> None:
        writer.put(html)

    return render


SYNTAX = Syntax(
    "table",
    block=(BlockRule(located_table, "", ("paragraph", "reference")),),
    render={
        "table_open": render_open,
        "table_close": render_close,
        "thead_open": _put("<thead>\n"),
        "thead_close": _put("</thead>\n"),
        "tbody_open": _put("<tbody>\n"),
        "tbody_close": _put("</tbody>\n"),
        "tr_open": render_row_open,
        "tr_close": render_row_close,
        "th_open": render_cell_open,
        "td_open": render_cell_open,
        "th_close": render_cell_close,
        "td_close": render_cell_close,
    },
)
