"""Numbers that share what their neighbours say: lists, maps side by side, fields that grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.claims.described.senses import TURNING, Mention, Sense
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort


def alike(sentence: Sentence, found: Sequence[Mention]) -> Iterator[Mention]:
    """Let numbers of a list share a sense: "dilations 1, 2 and 4", "896 weights, … and another 32"."""
    pieces = sentence.pieces
    before: Mention | None = None
    counting: Mention | None = None
    sized: Mention | None = None
    field: Mention | None = None
    for each in found:
        if sized is not None and _another_map(pieces, sized, each):
            each = Mention(each.index, each.piece, Sense.MAP)
        if field is not None and _another_field(pieces, field, each):
            each = Mention(each.index, each.piece, Sense.FIELD, each.noun)
        if each.sense is Sense.FIELD:
            field = each
        if each.piece.sort is Sort.SIZE:
            sized = each
        if (
            before is not None
            and each.sense is Sense.OTHER
            and before.sense in (Sense.DILATION, Sense.STRIDE, Sense.PAD, Sense.CHANNELS)
            and before.noun < before.index
            and not (before.sense is not Sense.DILATION and goes_to(pieces, each.index))
            and {e.gist for e in pieces[before.index + 1 : each.index]} <= _joints(before.sense)
        ):
            each = Mention(each.index, each.piece, before.sense, before.noun)
        elif counting is not None and each.sense is Sense.OTHER and _counts(pieces, each.index):
            each = Mention(each.index, each.piece, counting.sense, counting.noun)
        before = each
        if each.sense in (Sense.FILTERS, Sense.UNITS, Sense.LAYERS):
            counting = each
        yield each


def goes_on_seeing(pieces: Sequence[Piece], mention: Mention) -> bool:
    """Whether a square of a later sentence is what is seen, too: "three of them → 7×7"."""
    size, at = mention.piece.size, mention.index
    if len(size) != 2 or mention.noun >= 0 or not at:
        return False
    after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
    return after in FIELD_ENDS and pieces[at - 1].gist in FIELD_WORDS


def _another_field(pieces: Sequence[Piece], one: Mention, other: Mention) -> bool:
    """Whether a number goes on with what is seen: "3, 5 and 7", "two see 5×5, three of them 7×7"."""
    before = pieces[other.index - 1]
    labelled = 0 <= other.noun < other.index and before.sort is not Sort.SIZE
    counted = other.noun > other.index and pieces[other.noun].gist not in PIXELS
    if counted or labelled or other.piece.numeral:
        return False
    if other.piece.sort is not one.piece.sort:
        return False
    if other.piece.size and len(other.piece.size) != 2:
        return False
    if other.sense not in (Sense.OTHER, Sense.KERNEL, Sense.MAP, Sense.SIDE):
        return False
    between = [each.gist for each in pieces[one.index + 1 : other.index]]
    if between and set(between) <= {",", "and", "or", "→", "then", "to", "("}:
        return True
    after = pieces[other.index + 1].gist if other.index + 1 < len(pieces) else ""
    told = before.gist in FIELD_WORDS or (
        before.numeral
        or (
            bool(other.piece.size)
            and (before.sort is Sort.SIZE or before.gist in ("layer", "conv"))
        )
    )
    ends = FIELD_ENDS - ({"with", "in", "if", "when", "as"} if before.numeral else set())
    return after in ends and told


PIXELS = wordset("px pixel pixels patch region area")
FIELD_WORDS = wordset(
    "→ to into it already even only just then give become becomes them : first second third fourth fifth last"
)
FIELD_ENDS = wordset(", ; ) ( and but px pixel pixels already in when if with again as") | {""}


def _another_map(pieces: Sequence[Piece], one: Mention, other: Mention) -> bool:
    """Whether a small size is a map like the one before it: "gives 5×5 at stride 1 and 3×3 at stride 2"."""
    if one.sense is not Sense.MAP or other.sense is not Sense.KERNEL or other.noun >= 0:
        return False
    made = one.index > 0 and pieces[one.index - 1].gist in TURNING
    between = [each.gist for each in pieces[one.index + 1 : other.index]]
    joined = bool({"and", ",", "but"} & set(between[-2:]))
    return made and joined and all(e[0] == "#" or e in BESIDE for e in between)


BESIDE = wordset("at with for stride pad and , but = of when without px pixels")


def goes_to(pieces: Sequence[Piece], at: int) -> bool:
    """Whether an arrow leads on from a number."""
    return at + 1 < len(pieces) and pieces[at + 1].gist == "→"


def _joints(sense: Sense) -> set[str]:
    """What may stand in a list of one sense: dilations go "from 1 to 512"."""
    return {",", "and", "then", "…"} | ({"to"} if sense is Sense.DILATION else set())


def _counts(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number stands for so many of what has been counted: "two filters have 54 weights, five
    have 135"."""
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    return after[:1] == ["have"]
