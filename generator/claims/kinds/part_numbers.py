"""A number of a part that may be one of several: what the others say of which part it is.

A size with one side of a square that was measured is that square with a number changed; where a part's other
numbers fit one region, the number is of this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.claims.candidate import Reading, agrees, fitting
from generator.claims.kinds.part_attributes import Said
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence
from generator.claims.phrases import Phrase
from generator.claims.quantity import Agreement

# What else has two sides.
NO_MAPS = wordset("grid table matrix array mosaic crop image tile tiles cells")


@dataclass(frozen=True, slots=True)
class Owner:
    """The part a number belongs to. ``tight``: nothing between them can change the subject;
    ``adjacent``: nothing stands between them but a verb or a sign."""

    phrase: Phrase
    tight: bool
    adjacent: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of a part: what it states, of which part, and what each region that may be meant has.
    ``single``: no network has more than one such region. ``following``: the word behind it."""

    at: int
    piece: Piece
    said: Said
    owner: Owner
    subjects: tuple[Subject, ...]
    regions: tuple[tuple[Reading, ...], ...]
    single: bool
    following: str

    @property
    def fits(self) -> bool:
        """Whether any of the regions has what it states."""
        return any(fitting(self.said.stated, each) for each in self.regions)


def near(number: Measured, sentences: Sequence[Sentence]) -> bool:
    """Whether a size has one side of the square that was measured, and another that is about as
    long: "14×11" for a window of 11×11. Where images are no squares, maps are none."""
    size = number.said.stated
    if not isinstance(size, tuple) or len(size) != 2 or not max(size) < 2 * min(size):
        return False
    if number.following in NO_MAPS:
        return False
    oblong = {
        each.size[:2]
        for sentence in sentences
        for each in sentence.pieces
        if len(each.size) > 1 and each.size[0] != each.size[1]
    }
    squares = {each.value for one in number.regions for each in one}
    return oblong == {size} and any(
        isinstance(each, tuple) and len(set(each)) == 1 and each[0] in size for each in squares
    )


def in_company(number: Measured, others: Sequence[Measured]) -> tuple[tuple[Reading, ...], ...]:
    """What the regions have that the other numbers of a part fit, a telling one among them."""
    if isinstance(number.said.stated, tuple) and len(number.said.stated) == 2:
        return ()  # "runs the 3×3 there": a window of one of its layers
    part = number.owner.phrase.choice
    if part.kernel and part.order is None and part.within is None and not part.name:
        return ()  # "the 5×5 layer" may be one that only the sentence speaks of
    chosen = set(range(len(number.regions)))
    told, last = False, 0
    for each in others:
        if each is number or each.owner.phrase is not number.owner.phrase:
            continue
        stated = each.said.stated
        fit = {at for at, one in enumerate(each.regions) if fitting(stated, one)}
        inner = any(agrees(stated, r.value) is Agreement.TRUE for one in each.regions for r in one)
        if len(each.regions) != len(number.regions) or not (fit or inner):
            return ()
        if fit:
            chosen, last = chosen & fit, each.at
            told = told or (len(stated) == 3 if isinstance(stated, tuple) else stated.value >= 100)
    certain = told and (number.owner.tight or number.at < last)
    return tuple(number.regions[at] for at in sorted(chosen)) if certain else ()
