"""Which of several sections about one architecture comes first."""

from __future__ import annotations

from generator.mapping.built import Built, Vault
from generator.notes.model import Note


def rank(built: Built, vault: Vault) -> tuple[int, int, str, int]:
    """Who comes first: explicit, root or heading of a note about it, heading; reading notes last.

    Then the shortest path, then the line.
    """
    unit = built.unit
    note = vault.notes[unit.path]
    if unit.explicit.arch is not None:
        kind = 0
    elif is_reading_note(note):
        kind = 3
    else:
        kind = 1 if unit.about else 2
    return kind, len(unit.path), unit.path, note.sections[unit.section].line


_PAPER_TAGS = frozenset(
    ["paper", "papers", "literature", "paper-notes", "papernotes", "reading", "zotero"]
)
_PAPER_KEYS = ("citekey", "doi", "arxiv", "bibtex", "zotero", "zotero-key", "authors", "venue")


def is_reading_note(note: Note) -> bool:
    """Whether a note is about a paper: by its tags, its properties, or its folder."""
    if any(each.name.casefold().split("/")[0] in _PAPER_TAGS for each in note.tags):
        return True
    kind = note.property("type", "category", "kind")
    if kind is not None and str(kind.value).strip("[]\"'# ").casefold() in _PAPER_TAGS:
        return True
    folders = {each.casefold() for each in note.path.split("/")[:-1]}
    return note.property(*_PAPER_KEYS) is not None or bool(folders & _PAPER_TAGS)
