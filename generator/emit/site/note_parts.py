"""What stands around a note's text: outline, backlinks, tags, claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from generator.claims.model import Claim
from generator.emit.site.context import Site, natural
from generator.emit.site.prose import prose
from generator.emit.site.snippets import cut
from generator.notes.model import Note

# A formula as statements keep it.
_FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+\$")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading in the margin: its depth below the note's highest heading, and where it is."""

    text: str
    fragment: str
    depth: int


@dataclass(frozen=True, slots=True)
class LinkingNote:
    """A note that links here, with the sentences it does so in."""

    title: str
    path: str
    sentences: tuple[Markup, ...]


def repeated_title(note: Note) -> int | None:
    """The first heading of level 1 that only says the page's title again."""
    for heading in note.headings:
        if (
            heading.level == 1
            and not heading.nested
            and heading.plain.strip() == note.title.strip()
        ):
            return heading.index
    return None


def distinct_tags(note: Note) -> tuple[str, ...]:
    """The note's tags, each once, in its spelling and order."""
    seen: dict[str, str] = {}
    for tag in note.tags:
        seen.setdefault(tag.name.casefold(), tag.name)
    return tuple(seen.values())


def outline(site: Site, note: Note) -> tuple[OutlineEntry, ...]:
    """The note's headings, when there are at least two; not the one that the title stands for."""
    title = repeated_title(note)
    headings = [each for each in note.headings if not each.nested and each.index != title]
    if len(headings) < 2:
        return ()
    highest = min(each.level for each in headings)
    return tuple(
        OutlineEntry(
            site.plain(note.path, each.plain) or "…",
            site.fragment(note.path, each.index),
            each.level - highest,
        )
        for each in headings
    )


def backlinks(site: Site, note: Note) -> tuple[LinkingNote, ...]:
    """The published notes that link here, by name, each sentence once."""
    sentences: dict[str, dict[str, None]] = {}
    for backlink in site.input.graph.backlinks.get(note.path, ()):
        if backlink.source in site.notes:
            known = sentences.setdefault(backlink.source, {})
            if backlink.sentence.strip():
                known[site.plain(backlink.source, backlink.sentence.strip())] = None
    return tuple(
        LinkingNote(
            site.name(source),
            site.addresses.pages[source],
            tuple(prose(each) for each in sentences[source]),
        )
        for source in sorted(sentences, key=lambda path: (natural(site.name(path)), path))
    )


def claim_text(site: Site, claim: Claim, *, longest: int) -> Markup:
    """A claim's words as HTML; where they are part of a formula, as one."""
    statements = site.notes[claim.path].statements
    whole = statements[claim.statement].text if 0 <= claim.statement < len(statements) else ""
    text = site.plain(claim.path, claim.text)
    if _in_formula(whole, claim.start):
        text = f"${text}"
    if _in_formula(whole, claim.end):
        text = f"{text}$"
    return prose(cut(text, longest))


def _in_formula(text: str, at: int) -> bool:
    return any(found.start() < at < found.end() for found in _FORMULA.finditer(text))
