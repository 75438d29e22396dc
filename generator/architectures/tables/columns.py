"""Which column of a table with several configurations a section means.

Papers print a family's depths side by side (``18-layer | 34-layer | …``, ``A | B | …``). The
section's variant decides; its name, aliases and numbers are looked for in the columns' headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.architectures.tables.model import Question
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position


def choose_column(
    labels: Mapping[int, str], question: Question, position: Position
) -> tuple[int, list[Diagnostic]]:
    """Give the index of the column to read, with a remark when the choice was not forced."""
    if len(labels) == 1:
        return next(iter(labels)), []
    wanted = _wanted(question)
    scored = [(_score(label, wanted), -index) for index, label in labels.items()]
    best = max(scored)
    index = -best[1]
    if best[0] > 0:
        return index, []
    return index, [
        diagnostic(
            "NT514",
            position,
            f"the table holds {len(labels)} configurations; the first, '{labels[index]}', is used",
            found=", ".join(each or "–" for each in labels.values()),
            hint="name one in the heading, or set variant::, or keep one column",
        )
    ]


def _wanted(question: Question) -> tuple[str, ...]:
    """Everything that spells the wanted variant."""
    name = question.variant
    if question.family is None:
        return (name,) if name else ()
    found = question.family.variant(name or question.family.default)
    if found is None:
        return (name,)
    _, variant = found
    return (variant.name, *variant.aliases)


def _score(label: str, wanted: tuple[str, ...]) -> int:
    """How well a header names the variant: its whole name, its letter, or its depth."""
    text = re.sub(r"[\s_-]+", "", label.casefold())
    words = set(re.findall(r"[a-z]+|\d+", label.casefold()))
    best = 0
    for name in wanted:
        folded = re.sub(r"[\s_-]+", "", name.casefold())
        if folded and folded == text:
            best = max(best, 4)
        elif folded and folded in text:
            best = max(best, 3)
        # vgg_d is column D; D-LRN is another configuration.
        letter = re.fullmatch(r"[a-z]+[_ -]([a-f])", name.casefold())
        if letter and letter[1] in words and "lrn" not in words:
            best = max(best, 3)
        depth = re.search(r"\d+", name)
        if depth and depth[0] in words and "lrn" not in words:
            best = max(best, 2 if not letter else 1)
    return best
