"""Markdown source -> the words a reader sees, for the function ``display``."""

from __future__ import annotations

import re

# Each takes one construct of inline or block syntax away and keeps its words.
_STEPS = (
    (re.compile(r"\[\[[^\[\]|]*\|([^\[\]]*)\]\]"), r"\1"),  # [[target|text]]
    (re.compile(r"\[\[([^\[\]|]*)\]\]"), r"\1"),  # [[target]]
    (re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)"), r"\1"),  # [text](address)
    (re.compile(r"<[^<>]+>"), ""),  # HTML tags
    (re.compile(r"^[ \t]*(?:#{1,6}|[-*+]|\d+\.|>)[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|~~)(?=\S)([^*_~]+)\1"), r"\2"),
    (re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_]+)\1(?![\w*_])"), r"\2"),
    (re.compile(r"`([^`]*)`"), r"\1"),
)


def plain_text(markdown: str) -> str:
    """Take the usual inline markup away; unbalanced marks stay as they are."""
    for pattern, kept in _STEPS:
        markdown = pattern.sub(kept, markdown)
    return markdown
