"""Excalidraw drawings: the picture exported beside one, else the texts in it.

The plugin keeps a drawing in a note: a line that asks to switch the view, its texts, and its data in
a form of its own. With "auto-export" on it writes a picture next to the note.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from generator.notes.model import Block, Note

# What the plugin calls the picture of `Plan.excalidraw.md`: after the note, with or without
# `.excalidraw`, with a theme where both are exported.
_ENDINGS = (".svg", ".png", ".light.svg", ".light.png")
_BANNER = "EXCALIDRAW VIEW"
_TEXTS = "text elements"


def picture(note: Note, files: Container[str]) -> str | None:
    """The vault path of the picture exported beside a drawing, if there is one among ``files``."""
    stem = note.path.removesuffix(".md")
    names = (f"{name}{ending}" for name in (stem, stem.removesuffix(".excalidraw")) for ending in _ENDINGS)  # fmt: skip
    return next((name for name in names if name in files), None)


def is_banner(block: Block) -> bool:
    """Whether a block is the plugin's line to those who see the note without it."""
    return any(isinstance(piece, str) and _BANNER in piece for piece in block.html)


def texts(note: Note) -> Sequence[Block]:
    """The blocks of the texts in a drawing."""
    shown: list[Block] = []
    inside = False
    for block in note.body:
        if block.heading is not None:
            inside = note.headings[block.heading].key == _TEXTS
        elif inside:
            shown.append(block)
    return shown
