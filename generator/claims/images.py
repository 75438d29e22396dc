"""Images of another size than a network takes: "fed with 448×448 images", "for portrait photos (288×224)".

What a statement says of maps is then of those that this image leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Sentence, Sort

IMAGES = wordset("image input crop crops frame frames")
GIVEN = wordset("for on with at fed feed feeding given if when portrait landscape")
BETWEEN = wordset("of size a an the ( pixel px with be portrait landscape")
LEAST = 16  # what is smaller is no image


def of_other_size(
    sentences: Sequence[Sentence], subjects: Sequence[Subject]
) -> frozenset[tuple[int, ...]]:
    """The sizes of the images that a statement speaks of and none of some networks takes."""
    taken = {each.network.input_shape[1:] for each in subjects}
    sides = {side for each in taken for side in each}
    return frozenset(
        size
        for sentence in sentences
        for size, given, _ in _images(sentence)
        if size not in taken and (given or not sides & set(size))
    )


def places(sentence: Sentence) -> tuple[int, ...]:
    """Where the sizes of images stand."""
    return tuple(start for _, _, start in _images(sentence))


def _images(sentence: Sentence) -> Iterator[tuple[tuple[int, ...], bool, int]]:
    """The sizes of images, whether a network is said to be given them, and where they stand."""
    gists = [each.gist for each in sentence.pieces]
    for at, piece in enumerate(sentence.pieces):
        if piece.sort is not Sort.SIZE or len(piece.size) > 3 or min(piece.size[:2]) < LEAST:
            continue
        here = at - 1
        while here >= 0 and gists[here] in BETWEEN:
            here -= 1
        before = gists[here] if here >= 0 else ""
        named = before in IMAGES or (gists[at + 1 : at + 2] != [] and gists[at + 1] in IMAGES)
        led = gists[max(0, here - 2) : here + 1] if before in IMAGES else [before]
        if named:
            yield piece.size[:2], bool(GIVEN & set(led)), piece.start


__all__ = ["of_other_size", "places"]
