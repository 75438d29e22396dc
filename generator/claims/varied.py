"""Networks with a value of their own: a width multiplier, a number of classes, a size of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import built_in_families
from generator.claims.candidate import Reading
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.referring import clause

CLASSES = "num_classes"
_WITH = wordset("with for to its and ,")
_SIZED = wordset("at on for input size resolution")
_SMALLEST = 64  # a smaller size is a map's, or a window's


@cache
def build(variant: str, parameter: str, value: float) -> Subject | None:
    """Build a network of the library with another value; ``None`` where it has no such parameter."""
    for family in built_in_families():
        found = family.variant(variant)
        if found is None or found[0].parameter(parameter) is None:
            continue
        network, known = found
        values = resolve_params(network, {**known.params, parameter: value})
        built = lower(network, values, input_size=known.input_size)
        # No variant: what circulates of the plain network is not this one's.
        return Subject(known.name, built, "", family.name)
    return None


def told(
    readings: Sequence[Reading], subject: Subject, parameter: str, value: float
) -> list[Reading]:
    """Say in readings of a network that was built with another value which it is."""
    plain = f'model("{subject.name}")'
    built = f'model("{subject.name}", {parameter}={value})'
    return [
        replace(
            each,
            how=f"with {parameter} {value:g}, {each.how}",
            source=each.source.replace(plain, built),
        )
        for each in readings
    ]


def classes(sentence: Sentence) -> int | None:
    """The number of classes that a sentence gives a network: "with 10 classes"."""
    found = {int(each.quantity.value) for each in _classes(sentence) if each.quantity is not None}
    return found.pop() if len(found) == 1 else None


def places(sentence: Sentence) -> tuple[int, ...]:
    """Where a sentence says how many classes a network has."""
    return tuple(each.start for each in _classes(sentence))


def _classes(sentence: Sentence) -> Iterator[Piece]:
    pieces = sentence.pieces
    for before, piece, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        stated = piece.quantity if piece.sort is Sort.NUMBER else None
        whole = stated is not None and stated.value.denominator == 1 and stated.value > 1
        if whole and after.gist == "class" and before.gist in _WITH:
            yield piece


def side(sentence: Sentence, index: int) -> int | None:
    """The side of the images that a sentence gives a network for a number: that in its clause, else the only
    one: "at 160×160"."""
    pieces = sentence.pieces
    found = {
        at: piece.size[0]
        for at, piece in enumerate(pieces)
        if at and len(piece.size) == 2 and piece.size[0] == piece.size[1] > _SMALLEST
        if pieces[at - 1 - (at > 1 and pieces[at - 1].gist in ("a", "an"))].gist in _SIZED
    }
    first, last = clause(sentence, index)
    own = {found[at] for at in found if first <= at < last} or set(found.values())
    return own.pop() if len(own) == 1 else None


def speaks(sentence: Sentence, index: int, subject: Subject, measure: str) -> bool:
    """Whether a sentence gives a network what changes a count: other classes, or images of another size."""
    if measure == "parameters":
        return classes(sentence) is not None
    own = side(sentence, index)
    other = own is not None and own not in subject.network.input_shape
    return other or sentence.has("resolution", "ρ")
