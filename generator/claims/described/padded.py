"""Where a map is padded by itself, without a layer: "padding a 6×6 image by 1 gives 8×8"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.claims.described.senses import Mention, Sense
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence

MOST = 64
LAYERS = wordset(
    "conv convolve filter filters pool fc transposed depthwise pointwise separable layer stride"
)
VERBS = wordset("a an the it each our this that with by")


@dataclass(frozen=True, slots=True)
class Padded:
    """A padding by its number; ``told`` says that the words speak of padding a map."""

    mention: Mention
    told: bool


def paddings(sentence: Sentence, found: Mapping[int, Mention]) -> Iterator[Padded]:
    """Find the paddings of a sentence that stand between two of its maps, and no layer with them."""
    maps = [at for at, each in found.items() if each.sense is Sense.MAP]
    layered = any(each.gist in LAYERS for each in sentence.pieces) or any(
        each.sense in (Sense.KERNEL, Sense.STRIDE) for each in found.values()
    )
    for at, each in found.items():
        if each.sense is not Sense.PAD or len(each.values) != 1 or not 0 < each.values[0] < MOST:
            continue
        around = _around(maps, at)
        if around is None:
            continue
        first, last = around
        grows = min(found[last].values[:2]) > max(found[first].values[:2])  # no window makes it so
        alone = not any(found[k].sense is Sense.KERNEL for k in found if k < at)
        told = _told(sentence, first, last, at, alone=alone) or (grows and not layered)
        windows = any(found[k].sense is Sense.KERNEL for k in found if first < k < last)
        between = {piece.gist for piece in sentence.pieces[first:last]}
        if not windows and not between & LAYERS and (told or not layered):
            yield Padded(each, told)


def _around(maps: Sequence[int], at: int) -> tuple[int, int] | None:
    """The map before a padding and the one after it, else the first two after it."""
    before = [each for each in maps if each < at]
    after = [each for each in maps if each > at]
    if before and after:
        return before[-1], after[0]
    return (after[0], after[1]) if len(after) > 1 else None


def _told(sentence: Sentence, first: int, last: int, at: int, *, alone: bool) -> bool:
    """Whether a verb says that something is padded, not a label in front of the number; ``alone`` says that
    no window stands before: "a pad of 1 on a 6×6 gives 8×8"."""
    pieces = sentence.pieces
    verbs = VERBS | ({"of", "on"} if alone else set())
    for index in range(max(0, min(first, at) - 5), last):
        following = pieces[index + 1].gist if index + 1 < len(pieces) else ""
        if pieces[index].gist == "pad" and (following in verbs or following[:1] == "@"):
            return True
    return False
