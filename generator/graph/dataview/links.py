"""The inside of ``[[…]]`` -> a link value, as Dataview infers it."""

from __future__ import annotations

import re

from generator.graph.dataview.emoji import emoji_end
from generator.graph.dataview.values import ValueLink

_PIPE = re.compile(r"(?<!\\)\|")


def infer_link(inner: str, *, embed: bool = False) -> ValueLink:
    """Read ``path#subpath|display``; an escaped pipe belongs to the path."""
    pipe = _PIPE.search(inner)
    # A pipe at the very start is a separator too.
    target = inner if pipe is None else inner[: pipe.start()]
    display = None if pipe is None else inner[pipe.end() :]
    return infer_target(target.replace("\\|", "|"), display=display, embed=embed)


def infer_target(target: str, *, display: str | None = None, embed: bool = False) -> ValueLink:
    """Split a link's target; of several ``#`` parts only the first two count (rule 12.3)."""
    if "#^" in target:
        path, block = target.split("#^")[:2]
        return ValueLink(path, display, block, embed, "block")
    if "#" in target:
        path, heading = target.split("#")[:2]
        return ValueLink(path, display, header_text(heading), embed, "header")
    return ValueLink(target, display, None, embed, "file")


def header_text(heading: str) -> str:
    """Reduce a heading to letters, digits, ``_``, ``-`` and emoji with single blanks between."""
    out: list[str] = []
    at = 0
    while at < len(heading):
        after = emoji_end(heading, at)
        if after > at:
            out.append(heading[at:after])
            at = after
            continue
        char = heading[at]
        out.append(char if char.isalpha() or char in "0123456789_-" else " ")
        at += 1
    return " ".join("".join(out).split())
