"""What must not be seen: the names of unpublished notes, in links and in sentences around them.

A link to an unpublished note becomes plain text. Where that text is the note's name, its alias or
its title, neutral words stand in for it, in the page and in every plain-text copy of the sentence
(backlinks, search, claims, outlines).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.core.diagnostics import Diagnostic
from generator.graph.model import Graph
from generator.notes.keys import default_display
from generator.notes.model import Link, Note

NEUTRAL = "an unpublished note"


@dataclass(frozen=True, slots=True)
class Privacy:
    """The names no page may show.

    ``names`` gives, folded, what each unpublished note is called; ``patterns`` matches, per published
    note, the texts of its links to unpublished ones; ``anywhere`` the vault paths of all of them.
    """

    names: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, re.Pattern[str]]
    anywhere: tuple[str, ...]
    neutral: str = NEUTRAL

    def redact(self, path: str, text: str) -> str:
        """Give a plain text that stems from note ``path`` without names of unpublished notes."""
        pattern = self.patterns.get(path)
        return pattern.sub(NEUTRAL, text) if pattern is not None else text

    def reveals(self, target: str, text: str) -> bool:
        """Whether a link's display says what the unpublished note ``target`` is called."""
        folded = text.casefold()
        return any(name in folded for name in self.names.get(target, ()))

    def mentions(self, finding: Diagnostic) -> bool:
        """Whether a diagnostic's text names an unpublished note."""
        texts = (finding.message, finding.found, finding.expected, finding.hint)
        return self.names_any("\n".join(texts))

    def names_any(self, text: str) -> bool:
        """Whether a text holds the vault path (without ``.md``) of an unpublished note."""
        folded = text.casefold()
        return any(
            name in folded and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
            for name in self.anywhere
        )


def privacy(graph: Graph, visible: frozenset[str]) -> Privacy:
    """Collect the names of everything that is not ``visible`` (vault paths of the site's pages)."""
    hidden = {path for path in graph.notes if path not in visible}
    names = {path: _names(graph.notes[path]) for path in sorted(hidden)}
    patterns: dict[str, re.Pattern[str]] = {}
    if hidden:
        for path in sorted(graph.published):
            note = graph.notes[path]
            texts: set[str] = set()
            for link, destination in zip(note.links, graph.destinations[path], strict=True):
                if destination.path in hidden:
                    texts.update(_texts(link))
                    texts.update(
                        each for each in _spoken(graph.notes[destination.path]) if len(each) > 1
                    )
            if texts:
                patterns[path] = _any_of(texts)
    return Privacy(
        names, patterns, tuple(sorted(path.removesuffix(".md").casefold() for path in hidden))
    )


def _names(note: Note) -> tuple[str, ...]:
    return tuple(sorted({each.casefold() for each in _spoken(note)}))


def _spoken(note: Note) -> set[str]:
    """File name, title and aliases of a note, as people would write them."""
    return {each for each in (note.stem, note.title, *note.aliases) if each.strip()}


def _texts(link: Link) -> set[str]:
    """What a link shows where it has no text of its own."""
    name = link.target.rpartition("/")[2]
    shown = {
        link.target,
        name,
        name.removesuffix(".md"),
        default_display(link.target, link.subpath),
    }
    return {each for each in shown if each.strip()}


def _any_of(texts: set[str]) -> re.Pattern[str]:
    """Match any of the texts as whole words, the longest first."""
    longest = sorted(texts, key=lambda each: (-len(each), each))
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(each) for each in longest) + r")(?!\w)", re.IGNORECASE
    )
