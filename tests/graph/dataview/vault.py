"""A vault of notes written as text, parsed and resolved, for query tests."""

from __future__ import annotations

import textwrap
from datetime import datetime

from generator.graph.model import Graph
from generator.graph.resolve import build_graph
from generator.notes.parse import parse_note
from generator.vault.model import Config
from tests.graph.notes import make_snapshot

NOW = datetime(2024, 5, 15, 13, 30)


def make_graph(notes: dict[str, str], *, config: Config | None = None, **files: str) -> Graph:
    """Notes by path; further files by name with ``__`` for the dot."""
    texts = {path: textwrap.dedent(text).encode() for path, text in notes.items()}
    others = {name.replace("__", "."): text.encode() for name, text in files.items()}
    snapshot = make_snapshot({**texts, **others}, config=config)
    return build_graph(snapshot, {path: parse_note(path, text) for path, text in texts.items()})
