"""The padding that keeps the size: "for a 5×5 filter, same padding means p = 2"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.passage import Sentence, Sort, pattern
from generator.claims.scene import Role

KIND = "padding"

KEEPS = pattern(
    r"same (?:conv|pad)|\" same \"|(?:keep|keeps|preserve|preserves|maintain|maintains|retain|"
    r"retains|unchanged|same|equal) <..5>(?:size|dimensions?|height|resolution|shape)|size "
    r"<..3>(?:unchanged|same|stays|preserved|kept)"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find paddings that should keep the size of a map."""
    known = context.scene
    for fact in known.of(Role.PAD):
        number, piece = fact.sentence, fact.piece
        if number < 0 or piece.sort is not Sort.NUMBER or piece.quantity is None:
            continue
        sentence = context.sentences[number]
        if (
            sentence.question
            or not _meant(sentence)
            or sentence.has("without", "not", "transposed")
        ):
            continue
        kernel, contested = known.near(Role.KERNEL, number, fact.index)
        stride, _ = known.near(Role.STRIDE, number, fact.index)
        if kernel is None or contested or (stride is not None and stride.value != (1,)):
            continue
        side = kernel.value[0]
        if any(each.sentence == number for each in known.of(Role.OUTPUT)) or side > 31:
            continue
        if len(kernel.value) > 1 and kernel.value[1] != side:
            continue
        value = Fraction(side - 1, 2)
        yield Candidate(
            KIND,
            sentence.start,
            piece.end,
            piece.start,
            piece.quantity,
            (
                Reading(
                    value,
                    f"({side}-1)/2 = {value}",
                    f"Fraction({side} - 1) / 2",
                    (f"assert conv_side(n=9, f={side}, p={(side - 1) // 2}) == 9",)
                    if side % 2
                    else (),
                ),
            ),
            expected=f"padding {piece.quantity.text}",
            affirm_only=kernel.sentence < 0,
        )


def _meant(sentence: Sentence) -> bool:
    return next(iter(sentence.find(KEEPS)), None) is not None
