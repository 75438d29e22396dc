"""What the text after ``|`` means for an embed: size, alternative text, or a hint for the theme."""

from __future__ import annotations

import re

from generator.notes.model import EmbedHole, ImageSize

# `300` or `300x200`; a capital X or a unit makes it text (rules 4.3).
_SIZE = re.compile(r"([0-9]{1,5})(?:x([0-9]{1,5}))?")
# Words by which image plug-ins and themes place an image.
_PLACES = frozenset({"left", "center", "centre", "right", "inline", "inl", "inlR", "inlL"})


def embed_hole(link: int, target: str, options: str) -> EmbedHole:
    """Give the hole of an embed of ``target`` from the text written after its first ``|``."""
    alt, size = read_options(options)
    hint = ""
    if alt.startswith("|") and alt.strip("|"):
        alt, hint = "", alt.strip("|")  # `||g`: nothing but a mark for a style sheet
    elif alt.strip().lower() in _PLACES:
        alt, hint = "", alt.strip().lower()
    return EmbedHole(link, alt.strip() or target.rsplit("/", 1)[-1], size, hint)


def read_options(options: str) -> tuple[str, ImageSize]:
    """Split ``alt|640x480`` into alternative text and size; without a size all of it is text."""
    before, _, last = options.rpartition("|")
    match = _SIZE.fullmatch(last)
    if match is None:
        return options, ImageSize()
    return before, ImageSize(int(match[1]), int(match[2]) if match[2] else None)
