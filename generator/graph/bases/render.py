"""A base's views as HTML: tables, cards and lists."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from generator.graph.bases.model import BaseResult, Cell, CellError, Group, Row, ViewResult
from generator.graph.dataview.render import Writer
from generator.graph.dataview.values import ExternalLink, ValueLink

_TAG = re.compile(r"#[^\s#]+")
_ADDRESS = re.compile(r"https?://\S+")
# What a card may have instead of a picture (Obsidian help: Cards view).
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}){1,2}")


def write_base(result: BaseResult, writer: Writer[Any]) -> None:
    """Write all views, with their names where there are several."""
    writer.put('<div class="base">')
    for problem in result.problems:
        writer.put('<p class="dataview dataview-error">', escape(problem), "</p>")
    for view in result.views:
        writer.put(f'<section class="base-view base-view-{_word(view.kind)}">')
        if len(result.views) > 1:
            writer.put(f'<h4 class="base-view-name">{escape(view.name)}</h4>')
        _view(view, writer)
        writer.put("</section>")
    writer.put("</div>")


def _view(view: ViewResult, writer: Writer[Any]) -> None:
    if not any(group.rows for group in view.groups):
        writer.put('<p class="dataview dataview-error-message">No results.</p>')
        return
    match view.kind:
        case "cards":
            _cards(view, writer)
        case "list":
            _list(view, writer)
        case _:  # a view of a plug-in (a map) still has its rows
            _table(view, writer)


def _table(view: ViewResult, writer: Writer[Any]) -> None:
    writer.put('<table class="dataview table-view-table base-table"><thead><tr>')
    for place, header in enumerate(view.headers):
        count = f' <span class="dataview small-text">({view.total})</span>' if place == 0 else ""
        writer.put(f"<th>{escape(header)}{count}</th>")
    writer.put("</tr></thead><tbody>")
    for group in view.groups:
        if view.grouped:
            width = max(1, len(view.headers))
            writer.put(f'<tr class="base-group"><th colspan="{width}">')
            _key(group, writer)
            writer.put("</th></tr>")
        for row in group.rows:
            writer.put("<tr>")
            for cell in row.cells:
                writer.put("<td>")
                _cell(cell, writer)
                writer.put("</td>")
            writer.put("</tr>")
        if group.summaries:
            writer.put('<tr class="base-summary">')
            for summary in group.summaries:
                writer.put("<td>")
                if summary is not None:
                    _cell(summary, writer)
                writer.put("</td>")
            writer.put("</tr>")
    writer.put("</tbody></table>")


def _cards(view: ViewResult, writer: Writer[Any]) -> None:
    for group in view.groups:
        _group_heading(view, group, writer)
        writer.put('<div class="base-cards">')
        for row in group.rows:
            writer.put('<div class="base-card">')
            _cover(row, writer)
            for place, (header, cell) in enumerate(zip(view.headers, row.cells, strict=True)):
                if cell is None or cell == "":
                    continue
                kind = "title" if place == 0 else "property"
                writer.put(f'<div class="base-card-{kind}">')
                if place:
                    writer.put(f'<span class="base-card-label">{escape(header)}</span> ')
                _cell(cell, writer)
                writer.put("</div>")
            writer.put("</div>")
        writer.put("</div>")


def _cover(row: Row, writer: Writer[Any]) -> None:
    match row.image:
        case ValueLink():
            image = row.image
            embed = ValueLink(image.path, image.display, image.subpath, True, image.kind)
            writer.put('<div class="base-card-cover">')
            writer.value(embed)
            writer.put("</div>")
        case str() if _COLOUR.fullmatch(row.image):
            writer.put(
                f'<div class="base-card-cover" style="height:6rem;background-color:{row.image}"></div>'
            )
        case str() | ExternalLink():
            # Pictures on other hosts are not asked for: pages make no foreign requests.
            pass


def _list(view: ViewResult, writer: Writer[Any]) -> None:
    for group in view.groups:
        _group_heading(view, group, writer)
        writer.put('<ul class="dataview list-view-ul">')
        for row in group.rows:
            writer.put("<li>")
            shown = [cell for cell in row.cells if cell is not None and cell != ""]
            for place, cell in enumerate(shown):
                writer.put("" if place == 0 else ": " if place == 1 else ", ")
                _cell(cell, writer)
            writer.put("</li>")
        writer.put("</ul>")


def _group_heading(view: ViewResult, group: Group, writer: Writer[Any]) -> None:
    if view.grouped:
        writer.put('<h5 class="base-group">')
        _key(group, writer)
        writer.put("</h5>")


def _key(group: Group, writer: Writer[Any]) -> None:
    if group.key is None or group.key == "":
        writer.put("None")
    else:
        _cell(group.key, writer)
    writer.put(f' <span class="dataview small-text">({len(group.rows)})</span>')


def _cell(cell: Cell, writer: Writer[Any]) -> None:
    match cell:
        case CellError():
            writer.put('<span class="dataview dataview-error">', escape(cell.message), "</span>")
        case None | ():
            pass
        case bool():
            checked = " checked" if cell else ""
            writer.put(f'<input type="checkbox" disabled{checked}>')
        case str() if not _TAG.fullmatch(cell):
            _text(cell, writer)
        case tuple():
            for place, each in enumerate(cell):
                writer.put(", " if place else "")
                _cell(each, writer)
        case _:
            writer.value(cell, inline=True)


def _text(text: str, writer: Writer[Any]) -> None:
    """A text as it is, since properties hold no Markdown; an address is a link."""
    if _ADDRESS.fullmatch(text):
        writer.value(ExternalLink(text, text))
    else:
        writer.put(escape(text))


def _word(kind: str) -> str:
    return "".join(char for char in kind if char.isalnum()) or "table"
