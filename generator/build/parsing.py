"""All notes of a snapshot parsed: from the cache where their bytes are known, in parallel where many
are not."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from generator.build.cache import Cache, pickle_notes_quickly
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
    processes = jobs if jobs is not None else (os.cpu_count() or 1)
    if processes < 2 or len(notes) < (2 if jobs else _ENOUGH_FOR_PROCESSES):
        return _batch((notes, settings))
    settings = replace(settings, property_types=dict(settings.property_types))  # a proxy stays here
    batches = [(notes[i : i + _BATCH], settings) for i in range(0, len(notes), _BATCH)]
    pickle_notes_quickly()
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(min(processes, len(batches)), mp_context=context) as pool:
        return [note for batch in pool.map(_batch, batches) for note in batch]


def _batch(work: tuple[Sequence[tuple[str, bytes]], ObsidianSettings]) -> list[Note]:
    notes, settings = work
    pickle_notes_quickly()
    return [parse_note(path, content, settings=settings) for path, content in notes]
