"""Short plain texts from notes: descriptions for previews, words for the search."""

from __future__ import annotations

from generator.emit.site.context import Site
from generator.notes.model import Note, StatementKind

_PROSE = frozenset({StatementKind.PARAGRAPH, StatementKind.LIST_ITEM})
_UNSEARCHED = frozenset({StatementKind.HEADING, StatementKind.MATH})


def description(site: Site, note: Note, *, longest: int = 160) -> str:
    """Give the note's ``description`` property or its first prose, cut at a word."""
    given = note.property("description")
    if given is not None and isinstance(given.value, str) and given.value.strip():
        return cut(site.plain(note.path, given.value), longest)
    for statement in note.statements:
        if statement.kind in _PROSE and len(statement.text) > 20:
            return cut(site.plain(note.path, statement.text), longest)
    return ""


def words(site: Site, note: Note, *, longest: int = 8000) -> str:
    """Give the note's prose for the full-text search; headings are found by name anyway."""
    texts = (each.text for each in note.statements if each.kind not in _UNSEARCHED)
    return cut(site.plain(note.path, " ".join(texts)), longest)


def cut(text: str, longest: int) -> str:
    """Give ``text`` on one line, at most ``longest`` characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
