"""Links resolved: which file, heading or block each link of the vault means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from generator.core.diagnostics import Diagnostic
from generator.core.source import Position
from generator.notes.model import Note
from generator.vault.model import Snapshot


class Found(StrEnum):
    """How far a link resolved."""

    FILE = "file"
    HEADING = "heading"
    BLOCK = "block"
    MISSING = "missing"  # no such file
    MISSING_FRAGMENT = "missing_fragment"  # file exists, heading or block does not


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link goes. ``path`` is a vault path or ``None``; ``heading`` indexes the target
    note's headings, ``block`` its block ids. ``candidates`` are the files an ambiguous link could
    mean (the chosen one first, 16 at most). ``by_alias`` marks the alias fallback (rules 2.10)."""

    found: Found
    path: str | None = None
    heading: int | None = None
    block: int | None = None
    candidates: tuple[str, ...] = ()
    by_alias: bool = False


@dataclass(frozen=True, slots=True)
class Backlink:
    """One link to a note from elsewhere: where it stands and the sentence around it."""

    source: str
    link: int
    sentence: str
    position: Position


@dataclass(frozen=True, slots=True)
class Graph:
    """The vault's notes with every link resolved.

    ``destinations[path][i]`` belongs to ``notes[path].links[i]``. ``published`` are the note paths
    that may appear in outputs. ``backlinks`` holds links between distinct notes, sorted by source
    and line, from all notes (the site shows only those of published ones).
    """

    snapshot: Snapshot
    notes: Mapping[str, Note]
    destinations: Mapping[str, tuple[Destination, ...]]
    backlinks: Mapping[str, tuple[Backlink, ...]]
    published: frozenset[str]
    mapped: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
