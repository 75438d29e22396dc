"""All notes of a snapshot parsed: from the cache where their bytes are known, in parallel where many
are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from generator.build.cache import Cache, pickle_notes_quickly
from generator.build.processes import spread
from generator.core.digest import digest
from generator.notes.model import Note
from generator.notes.parse import parse_note
from generator.vault.model import ObsidianSettings, Snapshot

_ENOUGH_FOR_PROCESSES = 400  # notes; below, starting processes costs more than it saves
_BATCH = 64


def parse_notes(snapshot: Snapshot, cache: Cache, *, jobs: int | None = None) -> Mapping[str, Note]:
    """Parse every note; gives them by path, in path order. ``jobs`` limits the processes used."""
    known: dict[str, Note] = {}
    missing: list[tuple[str, bytes]] = []
    keys = note_keys(snapshot)
    for path, key in keys.items():
        cached = cache.get("notes", key)
        if isinstance(cached, Note):
            known[path] = cached
        else:
            missing.append((path, snapshot.texts[path]))
    for note in _parse(missing, snapshot.settings, jobs):
        known[note.path] = note
        cache.put("notes", keys[note.path], note)
    return {path: known[path] for path in keys}


def note_keys(snapshot: Snapshot) -> dict[str, str]:
    """Give what a parsed note depends on, by path in path order: path, bytes, Obsidian's settings."""
    settings = digest(repr(snapshot.settings))
    return {
        path: f"{path}\n{digest(snapshot.texts[path], length=32)}\n{settings}"
        for path in snapshot.note_paths()
        if path in snapshot.texts
    }


def _parse(
    notes: Sequence[tuple[str, bytes]], settings: ObsidianSettings, jobs: int | None
) -> list[Note]:
    settings = replace(settings, property_types=dict(settings.property_types))  # a proxy stays here
    pickle_notes_quickly()
    return spread(
        partial(_batch, settings=settings),
        notes,
        jobs=jobs,
        least=2 if jobs else _ENOUGH_FOR_PROCESSES,
        batch=_BATCH,
        sent=True,
    )


def _batch(notes: Sequence[tuple[str, bytes]], *, settings: ObsidianSettings) -> list[Note]:
    pickle_notes_quickly()
    return [parse_note(path, content, settings=settings) for path, content in notes]
