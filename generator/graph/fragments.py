"""The part of a link after ``#`` -> a heading or block of the target note.

Headings are compared by a key without punctuation; ``#A#B`` walks down the outline; ``#^id`` names
a block. A link whose fragment is not found still leads to the note.
"""

from __future__ import annotations

import re

from generator.notes.keys import heading_key
from generator.notes.model import Note

# What Obsidian leaves out when it writes a link to a heading (rules 3.2).
_UNSAFE = re.compile(r"[:#|^\\\r\n]|%%|\[\[|\]\]")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")


def find_heading(note: Note, subpath: str) -> int | None:
    """Find the heading that ``#A#B`` means, as an index into ``note.headings``.

    Each part must be deeper than the one before; the first match in the note wins. Headings nested
    in quotes and lists are no targets.
    """
    parts = [heading_key(part) for part in subpath.split("#") if part.strip()]
    if not parts:
        return None
    matched = level = 0
    for heading in note.headings:
        if heading.nested or heading.level <= level or heading.key != parts[matched]:
            continue
        matched, level = matched + 1, heading.level
        if matched == len(parts):
            return heading.index
    return None


def heading_link_text(text: str) -> str:
    """Write a heading as the part of a link after ``#``, as Obsidian does: ``A: B|C`` is ``A B C``."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def block_name(subpath: str) -> str | None:
    """Give the block id a subpath names (``#^id``, also after headings), else ``None``."""
    last = subpath.rpartition("#")[2].strip()
    return last[1:].strip() if last.startswith("^") and len(last) > 1 else None


def find_block(note: Note, name: str) -> int | None:
    """Find a block id, ignoring case, as an index into ``note.block_ids``."""
    wanted = name.lower()
    for index, block in enumerate(note.block_ids):
        if block.name.lower() == wanted:
            return index
    return None


def is_footnote(subpath: str) -> bool:
    """Whether a subpath names a footnote: ``#[^1]``."""
    return _FOOTNOTE.fullmatch(subpath.lstrip("#").strip()) is not None
