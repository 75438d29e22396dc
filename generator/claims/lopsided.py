"""Sizes of maps that are right but for one of two sides which have to be the same: "6×5" for 5×5.

Where all windows and maps of a statement are square, what is made of them is, whatever else it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, agrees
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence
from generator.claims.quantity import Agreement

# Kinds whose sizes are of maps and windows, and words with which these need not be square.
OF_MAPS = frozenset(("output size", "structure", "receptive field"))
ONE_WAY = wordset(
    "horizontal horizontally vertical vertically height width left right top bottom row rows column "
    "columns only rectangular non-square anisotropic asymmetric axis direction frequency time portrait"
)


def one_side_wrong(candidate: Candidate, sentences: Sequence[Sentence]) -> Reading | None:
    """Give the reading that a stated size is, but for one of the sides that it has twice."""
    stated = candidate.stated
    if candidate.kind not in OF_MAPS or not isinstance(stated, tuple) or _square(stated):
        return None
    pieces = [each for sentence in sentences for each in sentence.pieces]
    others = [e.size for e in pieces if len(e.size) > 1 and e.start != candidate.at]
    if not all(map(_square, others)) or any(each.gist in ONE_WAY for each in pieces):
        return None
    if any(agrees(stated, each.value) is Agreement.TRUE for each in candidate.readings):
        return None
    return next((e for e in candidate.readings if not e.doubtful and _but_one(stated, e)), None)


def _square(size: Sequence[int]) -> bool:
    """Whether two sides beside each other are the same."""
    return any(one == other for one, other in pairwise(size))


def _but_one(stated: Sequence[int], reading: Reading) -> bool:
    """Whether a size is a square reading's but for one number."""
    value = reading.value
    if not isinstance(value, tuple) or len(value) != len(stated):
        return False
    return _square(value) and sum(a != b for a, b in zip(stated, value, strict=True)) == 1
