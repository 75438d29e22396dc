"""What share of a normal convolution a separable one costs: "with 3×3 kernels and 256 filters about a
ninth".

The share is 1/N + 1/f². Words for a share ("a third", "one ninth") are rough: one close to the share is
right, one far from it is wrong, and what lies between is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.passage import Sentence, pattern
from generator.claims.quantity import show
from generator.claims.scene import whole

KIND = "share"

PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
}  # fmt: skip
_OF = (
    r"of (?:the cost of |the price of |the mult of |the operation of |what )?(?:a|an|the) "
    r"(?:standard|full|usual|conv)"
)
SHARE = pattern(
    rf"(?:<w:#> |a |an |only )*(?P<part>{'|'.join(PARTS)}) (?:as much as|{_OF})|<e:%> {_OF}"
)
FILTERS = pattern(
    r"<n:#> (?:output )?(?:channel|filters|fmap)|(?:~\d+) = <m:#>|to <k:#> (?:output )?channel"
)
NEAR, FAR = Fraction(6, 100), Fraction(1, 4)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shares of the cost of separable convolutions."""
    for sentence in context.sentences:
        if sentence.question or not sentence.has("separable") or sentence.has("not", "if"):
            continue
        given = _given(sentence)
        found = list(sentence.find(SHARE))
        if given is None or len(found) != 1:
            continue
        match = found[0]
        piece = match.get("e")
        if piece is not None and piece.quantity is not None:
            stated, place = piece.quantity.value, piece.start
            if "%" in context.passage.text[piece.start : piece.end]:
                continue  # an exact share: see share
        else:
            part = match.match.group("part")
            times = match.get("w")
            number = whole(times) if times is not None else (1,)
            if part is None or not number:
                continue
            at = sentence.index_at(match.match.start("part"))
            stated, place = Fraction(number[0], PARTS[part]), sentence.pieces[at].start
        filters, side, used = given
        share = Fraction(1, filters) + Fraction(1, side * side)
        apart = abs(stated - share) / share
        if NEAR < apart < FAR:
            continue
        line = (
            f"assert abs(separable_share(n={filters}, f={side}) - "
            f"Fraction({stated.numerator}, {stated.denominator})) <= Fraction(6, 100) * "
            f"separable_share(n={filters}, f={side})"
        )
        how = f"1/{filters} + 1/{side}² ≈ {show(share)}"
        every = tuple(each.start for each in sentence.pieces if each.numeral)
        yield Candidate(
            KIND,
            sentence.start,
            sentence.pieces[match.last - 1].end,
            place,
            True,
            (Reading(apart <= NEAR, how, "", (line,)),),
            expected=f"{stated.numerator}/{stated.denominator} of a normal convolution",
            computed=show(share),
            used=(*used, *every),
        )


def _given(sentence: Sentence) -> tuple[int, int, tuple[int, ...]] | None:
    """The filters and the side of the kernel, if the sentence gives each once."""
    sizes = [
        each for each in sentence.pieces if len(each.size) == 2 and each.size[0] == each.size[1]
    ]
    counts = []
    for found in sentence.find(FILTERS):
        piece = next(each for each in map(found.get, "nmk") if each is not None)
        value = whole(piece)
        if value is not None and value[0] > 8:
            counts.append(piece)
    if len({each.size for each in sizes}) != 1 or sizes[0].size[0] < 2:
        return None
    values = {whole(each) for each in counts}
    if len(values) != 1:
        return None
    value = values.pop()
    assert value is not None
    used = tuple(each.start for each in (*sizes, *counts))
    return value[0], sizes[0].size[0], used
