"""Sizes of a sentence: windows, maps, tables, and what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from generator.claims.described.senses import (
    ASIDE,
    LARGEST_KERNEL,
    LINKS,
    MAP_NOUNS,
    POOL_NOUNS,
    SPREAD,
    TABLES,
    TURNING,
    WINDOW_NOUNS,
    Mention,
    Sense,
    phrase_after,
)
from generator.claims.passage import Piece, Sentence, Sort


def size(sentence: Sentence, at: int) -> Mention:
    """Say what a size is: a window, a map, a table, or what is seen."""
    pieces = sentence.pieces
    piece = pieces[at]
    phrase = list(phrase_after(pieces, at))
    words = {pieces[index].gist for index in phrase}
    last = phrase[-1] if phrase else -1
    small = len(piece.size) in (2, 3) and max(piece.size[:2]) <= LARGEST_KERNEL
    if len(piece.size) == 4:
        return Mention(at, piece, Sense.MAP)
    worked_out = at + 1 < len(pieces) and pieces[at + 1].gist in ("=", "≈")
    if len(piece.size) == 2 and not worked_out and sees(pieces, at):
        return Mention(at, piece, Sense.FIELD)
    result = at + 1 < len(pieces) and pieces[at + 1].word.lower() in ("result", "results")
    if result or (words & MAP_NOUNS and not words & WINDOW_NOUNS):
        return Mention(at, piece, Sense.MAP, last)
    written = len(piece.size) == 3 and "weight" in words  # "3×3×256 weights per filter"
    if written and min(piece.size) <= LARGEST_KERNEL:
        return Mention(at, piece, Sense.KERNEL, last)
    windows = WINDOW_NOUNS | POOL_NOUNS | {"layer"}
    noun = next((index for index in phrase if pieces[index].gist in windows), -1)
    if small and noun >= 0:
        return Mention(at, piece, Sense.KERNEL, noun)
    convolved = _convolved(pieces, at)
    if convolved is not None:
        return Mention(at, piece, convolved, at - 1 if convolved is Sense.KERNEL else -1)
    label = _said_before(pieces, at)
    if len(piece.size) == 3 and _goes_on(pieces, at) and _window_behind(pieces, at):
        return Mention(at, piece, Sense.MAP)
    if label is Sense.KERNEL and small:
        return Mention(at, piece, Sense.KERNEL, at - 1)
    if label is Sense.MAP:
        return Mention(at, piece, Sense.MAP)
    if len(piece.size) == 2 and (sentence.has(*TABLES) or "fc" in words):
        return Mention(at, piece, Sense.TABLE)
    flat = len(piece.size) == 2 and small and not _goes_on(pieces, at)
    return Mention(at, piece, Sense.KERNEL if flat else Sense.MAP)


def sees(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number stands behind a word for seeing: "look at a 7×7 patch", "covers 9 pixels", or is
    what a receptive field is said to be: "the receptive field after the first 3×3 is 3"."""
    before = [each.gist for each in pieces[:at]]
    if before[-1:] in (["be"], ["="], ["→"]) and "rf" in before and before.count("be") <= 1:
        return True
    for back in range(at - 1, max(-1, at - 7), -1):
        piece = pieces[back]
        if piece.gist in SPREAD:
            return True
        product = piece.sort is Sort.SIZE and pieces[back + 1].gist in ("=", "≈")
        stops = piece.gist[0] in "#@%~" and not product
        if stops or piece.gist in (",", ";", ".", ")", "than", "with", "after"):
            return False
    return False


def _said_before(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What the words before a size make of it: "filters of size 3×3", "an image of 6×6", "into 28×28"."""
    for back in range(at - 1, max(-1, at - 7), -1):
        gist = pieces[back].gist
        if gist in WINDOW_NOUNS or gist in POOL_NOUNS:
            said = back > 0 and pieces[back - 1].sort is Sort.SIZE and back == at - 1
            return Sense.MAP if said else Sense.KERNEL  # "after the 3×3 convolution 6×6"
        if gist in MAP_NOUNS or gist in TURNING:
            earlier = {each.gist for each in pieces[max(0, back - 4) : back]}
            spread = gist == "on" and "dilation" in earlier
            return Sense.KERNEL if spread else Sense.MAP  # "dilation 2 on a 3×3"
        if gist not in LINKS and gist not in ASIDE:
            return None
    return None


def _convolved(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What a size is in the notation of a convolution: "6×6×3 ∗ 3×3×3 = 4×4"."""
    sizes = [index for index, piece in enumerate(pieces) if piece.sort is Sort.SIZE]
    for one, other in pairwise(sizes):
        between = [each.gist for each in pieces[one + 1 : other]]
        starred = [gist for gist in between if gist in ("x", "*")]
        if len(starred) != 1 or len(between) > 5 or {"=", "→", "+", ","} & set(between):
            continue
        result = next((each for each in sizes if each > other), -1)
        links = {each.gist for each in pieces[other + 1 : max(result, other + 1)]}
        if result < 0 or not links & {"=", "→", "give", "be"}:
            continue
        if at == other:
            return Sense.KERNEL
        if at in (one, result):
            return Sense.MAP
    return None


def _window_behind(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a sentence names its window later: "conv 6×6×3 → 4×4×5 with 3×3 filters"."""
    return any(
        piece.sort is Sort.SIZE and pieces[index + 1].gist in WINDOW_NOUNS
        for index, piece in enumerate(pieces[:-1])
        if index > at + 2
    )


def _goes_on(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a size is followed by what it becomes: "7×7 → 14×14"."""
    following = [each.gist for each in pieces[at + 1 : at + 3]]
    counted = at > 0 and pieces[at - 1].numeral  # "one 5×5 → two 3×3"
    goes = len(following) == 2 and following[0] in ("→", "to", "into") and following[1][0] in "#@"
    return goes and not counted
