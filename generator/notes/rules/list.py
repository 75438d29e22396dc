"""Lists and their items (CommonMark); what a task is says the rule of tasks (rules 12.6)."""

from __future__ import annotations

from markdown_it.rules_block import list_block
from markdown_it.token import Token

from generator.core.source import Position
from generator.notes.syntax import BlockRule, Syntax
from generator.notes.writer import Item, Writer


def render_list_open(writer: Writer, token: Token) -> None:
    if token.tag == "ol":
        start = token.attrs.get("start")
        html = f'<ol start="{int(start)}">\n' if start is not None else "<ol>\n"
        writer.open("list", token, html, "</ol>\n")
    else:
        writer.open("list", token, "<ul>\n", "</ul>\n")


def render_list_close(writer: Writer, _token: Token) -> None:
    writer.close()


def render_item_open(writer: Writer, token: Token) -> None:
    """Begin an item: the innermost open one is its parent."""
    frame = writer.open("item", token, "<li>", "</li>\n")
    parent = writer.open_items[-1] if writer.open_items else None
    outermost = next(f for f in writer.frames if f.kind == "list")
    index = len(writer.items)
    symbol = token.info + token.markup
    writer.items.append(
        Item(
            symbol,
            frame.line + 1,
            _marker_position(writer, frame.line, symbol),
            writer.section,
            parent,
            outermost.line + 1,
            frame.stop,
        )
    )
    if parent is not None:
        writer.items[parent].children.append(index)
    frame.item = index
    writer.open_items.append(index)


def _marker_position(writer: Writer, line: int, symbol: str) -> Position:
    """Where the marker stands; several items can begin on one line (``- - a``)."""
    known_line, after = writer.store.get("marker", (-1, 0))
    column = writer.source[line].find(symbol, after if known_line == line else 0)
    column = max(column, 0)
    writer.store["marker"] = (line, column + len(symbol))
    return Position(writer.path, line + 1, column + 1)


def render_item_close(writer: Writer, _token: Token) -> None:
    writer.close()
    writer.open_items.pop()


SYNTAX = Syntax(
    "list",
    block=(BlockRule(list_block, "-*+0123456789", ("paragraph", "reference", "blockquote")),),
    render={
        "bullet_list_open": render_list_open,
        "ordered_list_open": render_list_open,
        "bullet_list_close": render_list_close,
        "ordered_list_close": render_list_close,
        "list_item_open": render_item_open,
        "list_item_close": render_item_close,
    },
)
