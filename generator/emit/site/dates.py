"""When a note was made and changed: its own properties first, then git's word, else nothing."""

from __future__ import annotations

import re
from datetime import date

from generator.emit.site.context import Site
from generator.notes.model import Note, Property

_CREATED = ("created", "date created", "creation date", "date")
_MODIFIED = ("modified", "updated", "date modified", "last modified", "lastmod")

# An ISO date at the beginning of a text: what can be compared and shown as a time.
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def created(site: Site, note: Note) -> str:
    """Give the ISO date of creation, or ``""``."""
    return _property(note, _CREATED) or site.files[note.path].created[:10]


def modified(site: Site, note: Note) -> str:
    """Give the ISO date of the last change, or ``""``."""
    return _property(note, _MODIFIED) or site.files[note.path].modified[:10]


def newest(site: Site, note: Note) -> str:
    """Give the later of the two."""
    return max(created(site, note), modified(site, note))


def is_date(found: Property) -> bool:
    """Whether a property says no more than the dates that the page shows anyway."""
    return (
        found.key.casefold() in (*_CREATED, *_MODIFIED)
        and isinstance(found.value, str)
        and _ISO.fullmatch(found.value.strip()) is not None
        and _exists(found.value.strip())
    )


def _property(note: Note, names: tuple[str, ...]) -> str:
    for name in names:
        found = note.property(name)
        if found is not None and isinstance(found.value, str):
            match = _ISO.match(found.value.strip())
            if match and _exists(match.group()):
                return match.group()
    return ""


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
