"""The maps that a statement speaks of, in the order of the text, and which of them go in or come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generator.claims.described.senses import Sense
from generator.claims.described.statement import Course, Place, Said
from generator.claims.layers import LARGEST
from generator.claims.lexicon import wordset
from generator.claims.passage import Sort

SOURCES = wordset("from on over onto for at takes need input taking turns turn")
JOINS = wordset(
    "print prints printed → to upto into output give becomes leaves be stays remains stay remain"
)
BETWEEN = wordset(
    "in have will therefore then a an the of map maps fmap volume output size only just exactly still again down "
    "up side us you with it image tensor shape :"
)
KEEPING = wordset("keeps keep keeping kept preserves preserve holds hold")
GOING_ON = wordset("% x * / + - = ≈ times percent")


class Role(StrEnum):
    """Whether the words around a map say that it goes in or comes out."""

    IN = "in"
    OUT = "out"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Stage:
    """A map where it is stated: its place, its sizes (``batch`` aside) and how they are written."""

    said: Said
    shape: tuple[int | None, int, int]  # channels, height, width
    order: str  # side, hw, hwc, chw
    role: Role
    batch: int | None = None

    @property
    def place(self) -> Place:
        """Sentence and index."""
        return self.said.place


def stages_of(read: Course) -> Iterator[Stage]:
    """The maps of a statement, and single sides where the numbers stand in a row of them."""
    taken = {offset for each in read.layers for offset in each.used}
    for said in read.numbers:
        mention = said.mention
        values = mention.values
        role = _role(read, said)
        if mention.sense is Sense.MAP and _plausible(values) and not read.product(said):
            yield from _sized(said, values, role)
        elif len(values) == 1 and mention.piece.start not in taken and _is_side(read, said):
            yield Stage(said, (None, values[0], values[0]), "side", role)


def _plausible(values: Sequence[int]) -> bool:
    return len(values) > 1 and min(values) > 0 and max(values) <= LARGEST


def _role(read: Course, said: Said) -> Role:
    pieces = read.sentences[said.sentence].pieces
    at = said.mention.index
    noun = {each.gist for each in pieces[at + 1 : at + 4]} if said.mention.noun > at else set()
    following = [each.gist for each in pieces[at + 1 : at + 3]]
    if following[:1] == ["out"] or following[:2] in (["comes", "out"], ["be", "give"]):
        return Role.OUT
    for back in range(at - 1, max(-1, at - 6), -1):
        gist = pieces[back].gist
        if gist == "of" and back and pieces[back - 1].gist in ("out", "input", "image", ",", "and"):
            return Role.IN
        kept = gist == "at" and KEEPING & {each.gist for each in pieces[max(0, back - 5) : back]}
        starred = gist == "=" and {"x", "*"} & {each.gist for each in pieces[:back]}
        if gist in JOINS or kept or starred:
            return Role.OUT
        if gist in SOURCES:
            return Role.IN
        if gist not in BETWEEN:
            break
    if noun & {"input", "image"} or following[:1] in (["in"], ["input"]):
        return Role.IN
    return Role.OPEN


def _sized(said: Said, values: tuple[int, ...], role: Role) -> Iterator[Stage]:
    match values:
        case (h, w):
            yield Stage(said, (None, h, w), "hw", role)
        case (a, b, c) if b == c != a:
            yield Stage(said, (a, b, c), "chw", role)
        case (a, b, c):
            yield Stage(said, (c, a, b), "hwc", role)
        case (n, a, b, c) if a == b != c:
            yield Stage(said, (c, a, b), "hwc", role, n)
        case (n, a, b, c):
            yield Stage(said, (a, b, c), "chw", role, n)
        case _:
            return


def _is_side(read: Course, said: Said) -> bool:
    """Whether a number is the side of a map: "64 px", "55 becomes 27", "a side of 28"."""
    mention = said.mention
    if mention.sense is Sense.SIDE:
        return True
    if mention.sense is not Sense.OTHER or mention.piece.numeral or mention.piece.sort is Sort.SIZE:
        return False
    quantity = mention.piece.quantity
    if quantity is None or not quantity.exact or not 0 <= quantity.value <= 4096:
        return False
    pieces = read.sentences[said.sentence].pieces
    at = mention.index
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    before = [each.gist for each in pieces[max(0, at - 2) : at]]
    if before[-1:] == ["="]:
        return False
    if read.sentences[said.sentence].has("parameter", "weight", "channel", "fc", "batch"):
        return False
    nearby = {each.gist for each in pieces[max(0, at - 4) : at]}
    joins = JOINS if nearby & {"output", "side", "width", "height"} else JOINS - {"be"}
    joined = set(before[-1:]) & (joins | {"from"}) or set(after[:1]) & (JOINS - {"be"})
    return bool(joined) and not set(after[:1]) & GOING_ON
