"""Code as coloured HTML: the notes' own highlighter, for the site's modules and tests."""

from __future__ import annotations

from generator.notes.highlight import highlight

__all__ = ["highlight"]
