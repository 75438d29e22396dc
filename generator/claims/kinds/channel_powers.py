"""Weights in units of C²: "three 3×3 layers cost 27C² weights against 49C² for one 7×7".

With C channels in and out a k×l layer has k·l·C² weights. The layers of a clause are added up, each as
often as the clause says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.expression import Binary, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import LARGEST_WINDOW

KIND = "parameters"

_COMPARING = wordset("against versus vs instead compared than rather")
_PARTING = _COMPARING | wordset("where whereas while but , ; : ( ) .")
# Sizes beside these words may be what layers see.
_SEEING = wordset(
    "see sees look looks rf window field area receptive patch reach reaches cover covers"
)
_ONE = wordset("a an one single the full by followed")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find multiples of C² beside the layers that have so many weights."""
    for sentence in context.sentences:
        if sentence.question or sentence.has("not", "depthwise", "separable", "bottleneck"):
            continue
        if context.speaks_of("weight", "parameter"):
            for segment in _segments(sentence):
                yield from _judged(sentence, segment)


def _segments(sentence: Sentence) -> Iterator[Sequence[Piece]]:
    """The parts of a sentence that words put side by side; layers alone go with what follows."""
    found: list[Piece] = []
    for piece in sentence.pieces:
        ends = piece.gist in _PARTING and any(_coefficient(each) for each in found)
        if ends:
            yield found
            found = []
        elif piece.gist not in _PARTING - _COMPARING:
            found.append(piece)
    yield found


def _coefficient(piece: Piece) -> int:
    """The 27 of ``27C²``; 0 for anything else."""
    match piece.expression:
        case Binary("*", Number(value), Binary("^", Name(_), Number(two))) if two == 2:
            return int(value) if value.denominator == 1 else 0
        case _:
            return 0


def _judged(sentence: Sentence, segment: Sequence[Piece]) -> Iterator[Candidate]:
    stated = [each for each in segment if _coefficient(each)]
    own = _chosen(segment)
    layers = [_layer(own, at) for at, each in enumerate(own) if len(each.size) == 2]
    if len(stated) != 1 or not layers or None in layers:
        return
    known = [each for each in layers if each is not None]
    value = sum(count * height * width for count, height, width in known)
    terms = " + ".join(
        (f"{count}·" if count > 1 else "") + f"{height}·{width}" for count, height, width in known
    )
    measured = " + ".join(
        f"{count} * parameters(nn.Conv2d(c, c, ({height}, {width}), bias=False))"
        for count, height, width in known
    )
    coefficient = _coefficient(stated[0])
    line = f"assert all({measured} == {coefficient} * c ** 2 for c in (2, 5))"
    reading = Reading(value == coefficient, f"{terms} = {value} for each C²", "", (line,))
    numbers = tuple(each.start for each in sentence.pieces if each.size or each.numeral)
    candidate = claiming(
        KIND,
        sentence,
        stated[0],
        True,
        (reading,),
        expected=f"{coefficient}C²",
        computed=f"{value}C²",
        used=numbers,
        decisive=True,
    )
    certain = len(own) == len(segment) and not sentence.words & _SEEING
    found = candidate if certain else if_true(candidate)
    if found is not None:
        yield found


def _chosen(segment: Sequence[Piece]) -> Sequence[Piece]:
    """The layers that a weight count speaks of first, where others stand against them."""
    sizes = [at for at, each in enumerate(segment) if len(each.size) == 2]
    for at in range(sizes[0], sizes[-1]) if sizes else ():
        if segment[at].gist in _COMPARING:
            return segment[:at]
    return segment


def _layer(segment: Sequence[Piece], at: int) -> tuple[int, int, int] | None:
    """How often a window comes, and its sides; ``None`` where that is not said."""
    height, width = segment[at].size
    if max(height, width) > LARGEST_WINDOW:
        return None
    for piece in reversed(segment[max(0, at - 3) : at]):
        if piece.sort is Sort.NUMBER and piece.quantity is not None:
            count: Fraction = piece.quantity.value
            return (int(count), height, width) if 1 <= count <= 20 else None
        if piece.gist in _ONE:
            return 1, height, width
    return None
