"""Which line breaks of a paragraph the writer meant, and which only wrap a long sentence.

Obsidian shows every line break, so one fact a line is common: "two 3×3 see 5×5", "three see 7×7". In
text that an editor wrapped, a line is as long as the next word allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from generator.notes.model import Statement, StatementKind

NARROWEST, WIDEST = 56, 120  # columns that text is wrapped at
LONGEST, MOST = 20_000, 300  # characters, lines; what is longer is a log
NEAR = 0.8  # of the widest line: as long as wrapped lines are, give or take a long word

# What no sentence ends with, or begins with where a line break stands before it.
GOING_ON = frozenset(
    "of the a an and or nor but with to in on at by for from than as is are was were be been has have "
    "had its their each every per about around roughly nearly almost over under into onto "
    "between both via using without not no that which where when while whereas if then so because "
    "since although though through after before versus vs".split()
)
SIGNS = frozenset("→⇒=≈+−-×·*/,:(–—<>≤≥|&")


def parted(statement: Statement) -> Iterator[Statement]:
    """Give a statement line by line where the writer parted it so; offsets are the whole one's."""
    text = statement.text
    ends = line_ends(statement)
    if not ends:
        yield statement
        return
    for start, end in pairwise([0, *ends, len(text)]):
        if text[start:end].strip():
            yield replace(statement, text=" " * start + text[start:end].replace("\n", " ", 1))


def line_ends(statement: Statement) -> tuple[int, ...]:
    """Give the offsets of the line breaks that end a sentence."""
    lines = statement.text.split("\n") if len(statement.text) < LONGEST else []
    if not 1 < len(lines) <= MOST or statement.kind is StatementKind.MATH or "$$" in statement.text:
        return ()
    starts = list(accumulate((len(each) + 1 for each in lines), initial=0))
    widths = [
        _width(statement, start, start + len(line))
        for start, line in zip(starts, lines, strict=False)
    ]
    widest, inner = max(widths), sorted(widths[:-1])
    wrapped = NARROWEST <= widest <= WIDEST and inner[-2:][0] >= NEAR * widest
    found = []
    for at, (line, following) in enumerate(pairwise(lines)):
        word = following.split(None, 1)[0] if following.strip() else ""
        full = wrapped and widths[at] + 1 + len(word) > NEAR * widest
        full = full or (widths[at] >= NARROWEST and word[:1].islower())
        inside = statement.text.count("$", 0, starts[at + 1]) % 2  # of a formula
        if not full and not inside and not _goes_on(line, word):
            found.append(starts[at] + len(line))
    return tuple(found)


def _width(statement: Statement, start: int, end: int) -> int:
    """How long a line is in the source, its markup included."""
    return statement.locate(max(start, end - 1)).column if end > start else 0


def _goes_on(line: str, word: str) -> bool:
    """Whether a sentence goes on over a line break, by what stands before and after it."""
    last = line.split()[-1] if line.split() else ""
    signs = last[-1:] in SIGNS or word[:1] in SIGNS
    return signs or last.lower() in GOING_ON or word.lower().rstrip(",") in GOING_ON
