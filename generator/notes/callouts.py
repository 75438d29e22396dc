"""The HTML of a callout: a titled box, which folds without a script where the note says so.

Class and attribute names are those themes and snippets for Obsidian expect.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from generator.notes.model import StatementKind

if TYPE_CHECKING:
    from generator.notes.writer import Frame, Piece, Writer

# The style of each type Obsidian knows by that name (Obsidian help: Callouts, "Supported types").
# A type of the user's own looks like a note.
STYLES = {
    "note": "note",
    "abstract": "abstract", "summary": "abstract", "tldr": "abstract",
    "info": "info",
    "todo": "todo",
    "tip": "tip", "hint": "tip", "important": "tip",
    "success": "success", "check": "success", "done": "success",
    "question": "question", "help": "question", "faq": "question",
    "warning": "warning", "caution": "warning", "attention": "warning",
    "failure": "failure", "fail": "failure", "missing": "failure",
    "danger": "danger", "error": "danger",
    "bug": "bug",
    "example": "example",
    "quote": "quote", "cite": "quote",
}  # fmt: skip


def callout_open(
    writer: Writer, token: Token, kind: str, *, fold: str = "", metadata: str = ""
) -> Frame:
    """Open a callout of type ``kind``; ``fold`` is ``-`` (closed), ``+`` (open) or empty."""
    element = "details" if fold else "div"
    classes = "callout"
    if fold:
        classes += " is-collapsible" + (" is-collapsed" if fold == "-" else "")
    html = (
        f'<{element} class="{classes}" data-callout="{escape(kind)}"'
        f' data-callout-style="{STYLES.get(kind, "note")}"'
        + (f' data-callout-fold="{fold}"' if fold else "")
        + (f' data-callout-metadata="{escape(metadata)}"' if metadata else "")
        + (" open>" if fold == "+" else ">")
        + "\n"
    )
    frame = writer.open("quote", token, html, f"</{element}>\n")
    frame.data = {"kind": kind, "element": element, "title_end": 0}
    return frame


def callout_title(writer: Writer, token: Token) -> None:
    """Write the title; an empty one is the type's name."""
    frame = writer.frames[-1]
    before, after = _title_markup(frame)
    writer.put(before)
    if token.content:
        writer.inline(token, StatementKind.PARAGRAPH)
    else:
        writer.put(_default_title(frame))
    writer.put(after)
    frame.data = {**frame.data, "title_end": len(frame.pieces)}


def callout_close(writer: Writer) -> None:
    """Close the callout; without a body it has no content element."""
    frame = writer.frames[-1]
    title_end: int = frame.data["title_end"]
    if not title_end:
        before, after = _title_markup(frame)
        title: list[Piece] = [before, _default_title(frame), after]
        frame.pieces[1:1] = title
        title_end = 1 + len(title)
    if len(frame.pieces) > title_end:
        frame.pieces.insert(title_end, '<div class="callout-content">\n')
        frame.end = "</div>\n" + frame.end
    writer.close()


def _title_markup(frame: Frame) -> tuple[str, str]:
    folds = frame.data["element"] == "details"
    element = "summary" if folds else "div"
    before = (
        f'<{element} class="callout-title"><span class="callout-icon"></span>'
        '<span class="callout-title-inner">'
    )
    fold = '<span class="callout-fold"></span>' if folds else ""
    return before, f"</span>{fold}</{element}>\n"


def _default_title(frame: Frame) -> str:
    name: str = frame.data["kind"]
    return escape(name[:1].upper() + name[1:], quote=False)
