"""Which notes may become models, and which may appear in outputs.

Paths and settings are in the snapshot; this adds what a note's own properties say. Where it is
unclear whether a note is private, it is: an unpublished note must leave no byte in any output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.notes.model import Note
from generator.vault.filters import glob_filter
from generator.vault.model import Snapshot

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})

# A top-level line of front matter that says the note is private, for notes whose YAML is broken.
_PRIVATE = re.compile(
    r"""^\s*["']?(?:publish["']?\s*:\s*["']?(?:false|no|off|0)|draft["']?\s*:\s*["']?(?:true|yes|on|1))\b""",
    re.IGNORECASE | re.MULTILINE,
)
_LINES_SEARCHED = 200


def mapped(snapshot: Snapshot, notes: Mapping[str, Note]) -> frozenset[str]:
    """Give the paths of the notes whose sections may become models.

    All but Obsidian's excluded files, templates, daily notes, Excalidraw drawings, notes with
    ``notetorch: false``, and what the configuration's ``exclude`` and ``unmapped`` name.
    """
    unmapped = glob_filter(snapshot.config.unmapped)
    hidden = snapshot.excluded | snapshot.templates | snapshot.dailies
    return frozenset(
        path
        for path, note in notes.items()
        if path not in hidden
        and not unmapped(path)
        and not is_drawing(note)
        and _flag(note, "notetorch") is not False
    )


def published(snapshot: Snapshot, notes: Mapping[str, Note]) -> frozenset[str]:
    """Give the paths of the notes that may appear in outputs.

    ``publish: false`` and ``draft: true`` always win; ``publish: true`` overrides rules about
    folders. With ``publish = "explicit"`` in the configuration only ``publish: true`` publishes.
    """
    explicit = snapshot.config.publish == "explicit"
    hidden = snapshot.excluded | snapshot.templates
    paths: set[str] = set()
    for path, note in notes.items():
        says = _flag(note, "publish")
        if says is False or _flag(note, "draft") is True or _perhaps_private(note, snapshot):
            continue
        if says is True or not (explicit or path in hidden):
            paths.add(path)
    return frozenset(paths)


def is_drawing(note: Note) -> bool:
    """Whether a note is an Excalidraw drawing, by its name or its property."""
    return (
        note.path.lower().endswith(".excalidraw.md")
        or note.property("excalidraw-plugin") is not None
    )


def _flag(note: Note, name: str) -> bool | None:
    """A property as yes, no, or neither. The last of several spellings that says no wins."""
    answers = [_answer(each.value) for each in note.properties if each.key.casefold() == name]
    known = [each for each in answers if each is not None]
    if not known:
        return None
    # `Publish: true` beside `publish: false`: the careful reading.
    return all(known) if name != "draft" else any(known)


def _answer(value: object) -> bool | None:
    match value:
        case bool():
            return value
        case int() | float():
            return {0: False, 1: True}.get(int(value)) if value in (0, 1) else None
        case str():
            word = value.strip().casefold()
            return True if word in _TRUE else False if word in _FALSE else None
        case (single,):
            return _answer(single)
    return None


def _perhaps_private(note: Note, snapshot: Snapshot) -> bool:
    """Whether front matter that could not be read holds a line that makes the note private.

    Broken YAML, a block that is never closed, or one that follows a blank line gives no
    properties, yet its author believes the note to be private.
    """
    if note.properties:
        return False
    text = snapshot.texts.get(note.path, b"")[:65536].decode("utf-8", "replace")
    lines = _lines(text.lstrip("\ufeff").lstrip())
    if next(lines, "").strip() != "---":
        return False
    head: list[str] = []
    for line in lines:
        if line.strip() in ("---", "...") or len(head) >= _LINES_SEARCHED:
            break
        head.append(line)
    return _PRIVATE.search("\n".join(head)) is not None


def _lines(text: str) -> Iterator[str]:
    return iter(text.split("\n"))
