"""Sizes of maps that are right but for one of two sides which have to be the same: "6×5" for 5×5.

Where all windows and maps of a statement are square, what is made of them is, whatever else it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, agrees
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Piece, Sentence
from generator.claims.quantity import Agreement
from generator.claims.reading.sentences import passage

# Kinds whose sizes are of maps and windows, and words with which these need not be square.
OF_MAPS = frozenset(("output size", "structure", "receptive field"))
ONE_WAY = wordset(
    "horizontal horizontally vertical vertically height width left right top bottom row rows column "
    "columns only rectangular non-square anisotropic asymmetric axis direction frequency time portrait "
    "wide high tall long"
)


def one_side_wrong(candidate: Candidate, sentences: Sequence[Sentence]) -> Reading | None:
    """Give the reading that a stated size is, but for one of the sides that it has twice."""
    stated = candidate.stated
    if candidate.kind not in OF_MAPS or not isinstance(stated, tuple) or _square(stated):
        return None
    pieces = [each for sentence in sentences for each in sentence.pieces]
    others = [e.size for e in pieces if len(e.size) > 1 and e.start != candidate.at]
    if not all(map(_square, others)) or _one_way(pieces):
        return None
    if any(agrees(stated, each.value) is Agreement.TRUE for each in candidate.readings):
        return None
    return next((e for e in candidate.readings if not e.doubtful and _but_one(stated, e)), None)


def _one_way(pieces: Sequence[Piece]) -> bool:
    """Whether a word says that sides differ; "on top of each other" and "at a time" say nothing of them."""
    gists = [each.gist for each in pieces]
    return any(
        gist in ONE_WAY and (gist, before) not in (("top", "on"), ("time", "a"))
        for before, gist in zip(["", *gists], gists, strict=False)
    )


def _square(size: Sequence[int]) -> bool:
    """Whether two sides beside each other are the same."""
    return any(one == other for one, other in pairwise(size))


def _but_one(stated: Sequence[int], reading: Reading) -> bool:
    """Whether a size is a square reading's but for one number."""
    value = reading.value
    if not isinstance(value, tuple) or len(value) != len(stated):
        return False
    return _square(value) and sum(a != b for a, b in zip(stated, value, strict=True)) == 1


# ------------------------------------------------------------------ a window or map of unequal sides


@dataclass(frozen=True, slots=True)
class Squared:
    """A statement with the sides of one size made the same; ``piece`` states that size, ``shift`` how
    much longer the statement has become by it."""

    piece: Piece
    stated: tuple[int, ...]
    size: tuple[int, ...]
    passage: Passage
    shift: int

    def place(self, at: int) -> int:
        """An offset of the changed statement in the stated one."""
        return at - self.shift if at > self.piece.start else at


def squares(read: Passage) -> Iterator[Squared]:
    """Give a statement with the sides of its only size that has unequal ones made the same, both ways.

    Sizes with a side of one are left out: such windows and maps are common.
    """
    text = read.statement.text
    pieces = [each for sentence in read.sentences for each in sentence.pieces]
    sizes = {each.start: _sides(each, text) for each in pieces}
    uneven = [each for each in pieces if sizes[each.start] and not _square(sizes[each.start])]
    if len(uneven) != 1 or 1 in sizes[uneven[0].start] or _one_way(pieces):
        return
    piece, sides = uneven[0], sizes[uneven[0].start]
    digits = list(re.finditer(r"\d+", text[piece.start : piece.end]))
    if tuple(int(each[0]) for each in digits) != sides:
        return
    for at, other in ((0, 1), (1, 0)):
        start, end = (piece.start + each for each in digits[at].span())
        changed = text[:start] + digits[other][0] + text[end:]
        shift = len(changed) - len(text)
        offsets = tuple(
            (known + shift if known > start else known, line, column)
            for known, line, column in read.statement.offsets
        )
        size = list(sides)
        size[at] = size[other]
        statement = replace(read.statement, text=changed, offsets=offsets)
        yield Squared(piece, sides, tuple(size), passage(statement), shift)


def _sides(piece: Piece, text: str) -> tuple[int, ...]:
    """The sides of a size; "7×0" is one, too."""
    written = _NOUGHT.fullmatch(text, piece.start, piece.end)
    if written is not None:
        return int(written[1]), int(written[2])
    return piece.size if len(piece.size) in (2, 3) else ()


_NOUGHT = re.compile(r"(?=0|\d+ ?[x×]0)(\d+) ?[x×] ?(\d+)")
