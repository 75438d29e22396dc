"""Names of places in a note: comparison keys, page fragments and default link texts."""

from __future__ import annotations

import re
import unicodedata

# Characters that Obsidian 1.13 takes for a blank when it compares a heading with a link's
# subpath; apostrophe, hyphen and underscore stay.
_KEY_BLANKS = str.maketrans(dict.fromkeys('!"#$%&()*+,.:;<=>?@^`{|}~/[]\\\r\n', " "))

# Fragments the site makes itself: its own ids and those of footnotes.
_RESERVED = re.compile(r"nt-|fn-\d|fnref-\d")


def heading_key(text: str) -> str:
    """Give what Obsidian compares when a link names a heading: punctuation blank, lower case."""
    return " ".join(text.translate(_KEY_BLANKS).split()).lower()


def slug(text: str) -> str:
    """Give a page fragment: Unicode letters and digits in lower case, blanks as ``-``.

    Marks that belong to letters (vowel signs) stay; what leaves nothing is ``section``. Never one
    of the ids the site uses itself.
    """
    kept = (
        character
        if character.isalnum() or character == "_" or _is_mark(character)
        else "-"
        if character == "-" or character.isspace()
        else ""
        for character in unicodedata.normalize("NFC", text).lower()
    )
    name = "-".join(part for part in "".join(kept).split("-") if part) or "section"
    return f"section-{name}" if _RESERVED.match(name) else name


def unique_slug(text: str, used: dict[str, int]) -> str:
    """Give the first free of ``slug``, ``slug-1``, ``slug-2`` … and add it to ``used``.

    ``used`` maps each fragment to the last number tried after it.
    """
    name = candidate = slug(text)
    number = used.get(name, 0)
    while candidate in used:
        number += 1
        candidate = f"{name}-{number}"
    used[name] = number
    used.setdefault(candidate, 0)
    return candidate


def default_display(target: str, subpath: str) -> str:
    """Give the text Obsidian shows for a link without one (``Note > Heading``, rules 1.7)."""
    parts = [part.strip() for part in subpath.split("#") if part.strip()]
    name = target.removesuffix(".md")
    return " > ".join(([name] if name else []) + parts)


def _is_mark(character: str) -> bool:
    return character > "\u02ff" and unicodedata.category(character).startswith("M")
