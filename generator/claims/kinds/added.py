"""Where two networks of a family differ: "three more convs, one each in blocks 3, 4 and 5", "17 more
blocks, all of them in conv4_x", "one conv to each of the last three blocks".

The convolutions between poolings, or the residual blocks of the stages, of both networks are counted
and compared place by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from generator.architectures.ir import Add, Conv2d
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.phrases import ORDERS
from generator.claims.referring import asserted, subject_named
from generator.claims.scene import whole

KIND = "comparison"

HOLDERS = wordset("block stage stages group groups")
ALL = wordset("all every each only")
LISTING = wordset(", and / & - –")
_STAGE = re.compile(r"conv([2-5])_x|layer([1-4])")


@dataclass(frozen=True, slots=True)
class Places:
    """The blocks or stages that a sentence speaks of, counted from 0 (from the end below 0), the pieces
    that say it, and the index of the first."""

    chosen: tuple[int, ...]
    pieces: tuple[Piece, ...]
    first: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of where one network has more than another."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        names = sorted({each.name for each in named})
        if sentence.question or len(sentence.pieces) > MAX_PIECES or len(names) != 2:
            continue
        subjects = [subject_named(context, each) for each in names]
        places = _places(sentence)
        if places is None or not asserted(sentence, places.first):
            continue
        one, other = (
            sorted(
                (each for each in subjects if each is not None), key=lambda each: sum(_levels(each))
            )
            if None not in subjects
            else (None, None)
        )
        if one is None or other is None:
            continue
        candidate = _candidate(context, sentence, places, one, other)
        if candidate is not None:
            yield candidate
            yield from _total(context, sentence, candidate, one, other)


def _candidate(
    context: Context, sentence: Sentence, places: Places, one: Subject, other: Subject
) -> Candidate | None:
    before, after = _levels(one), _levels(other)
    if not before or len(before) != len(after):
        return None
    count = _each(sentence, places)
    chosen = {each % len(after) for each in places.chosen if -len(after) <= each < len(after)}
    added = tuple(b - a for a, b in zip(before, after, strict=True))
    listed = f"tuple(b - a for a, b in zip({_source(one)}, {_source(other)}))"
    used = places.pieces
    if count is not None:
        number, piece = count
        stated = tuple(number if at in chosen else 0 for at in range(len(after)))
        held, line = added == stated, f"assert {listed} == {stated}"
        used = (*used, *([piece] if piece.sort is Sort.NUMBER else []))
    elif _all(sentence, places):
        held = all(bool(each) == (at in chosen) for at, each in enumerate(added))
        line = f"assert {{at for at, each in enumerate({listed}) if each}} == {chosen}"
    else:
        return None
    held = held and len(chosen) == len(places.chosen)
    how = f"{other.name} has {', '.join(map(str, added))} more than {one.name} in its blocks or stages"
    piece = min(used, key=lambda each: each.start)
    return claiming(
        KIND,
        sentence,
        piece,
        True,
        (Reading(held, how, "", (line,)),),
        expected=context.passage.text[piece.start : max(each.end for each in used)].strip(),
        subject=other.name,
        used=tuple(each.start for each in used),
        decisive=True,
    )


def _total(
    context: Context, sentence: Sentence, beside: Candidate, one: Subject, other: Subject
) -> Iterator[Candidate]:
    """Read how many there are more: "adds 17 blocks to", "the 17 blocks that", "differ by three convs"."""
    value = sum(_levels(other)) - sum(_levels(one))
    for piece in sentence.pieces:
        before, after = sentence.words_before(piece, 1), sentence.words_after(piece, 2)
        counted = piece.sort is Sort.NUMBER and after[:1] and after[0] in COUNTED
        if not counted or piece.start in beside.used or piece.quantity is None:
            continue
        if before in (("adds",), ("add",), ("by",)) or after[1:] in (("that",), ("which",)):
            how = f"{other.name} has {value} more than {one.name}"
            source = f"sum({_source(other)}) - sum({_source(one)})"
            yield claiming(
                KIND,
                sentence,
                piece,
                piece.quantity,
                (Reading(Fraction(value), how, source),),
                expected=context.passage.text[piece.start : piece.end].strip(),
                subject=other.name,
                decisive=True,
            )


COUNTED = wordset("block bottlenecks residual-blocks conv")

# ------------------------------------------------------------------ what is counted


def _levels(subject: Subject) -> tuple[int, ...]:
    """How many residual blocks stand on maps of each height, or convolutions where nothing branches."""
    network = subject.network
    kind = Add if networks.branching(network) else Conv2d
    known = networks.shapes(network) or ()
    heights = [
        known[at][1] for at, node in networks.main_nodes(network) if isinstance(node.op, kind)
    ]
    return tuple(len(list(group)) for _, group in groupby(heights))


def _source(subject: Subject) -> str:
    heights = "sum_heights" if networks.branching(subject.network) else "convolution_heights"
    return f'run_lengths({heights}(model("{subject.name}"), {subject.network.input_shape}))'


# ------------------------------------------------------------------ where


def _places(sentence: Sentence) -> Places | None:
    """Read "blocks 3, 4 and 5", "the last three blocks", "the third stage", "conv4_x"."""
    pieces = sentence.pieces
    for at in reversed(range(len(pieces))):
        piece = pieces[at]
        if stage := _STAGE.fullmatch(piece.gist):
            number = int(stage[2] or int(stage[1]) - 1)
            return Places((number - 1,), (piece,), at)
        if piece.gist not in HOLDERS:
            continue
        behind = _numbers(pieces, at + 1)
        if behind:
            values = [value for each in behind for value in whole(each) or ()]
            if sentence.words_before(behind[-1], 1) in (("to",), ("–",), ("-",)):
                values = list(range(values[0], values[-1] + 1))
            return Places(tuple(each - 1 for each in values), tuple(behind), at)
        count = pieces[at - 1] if at and pieces[at - 1].sort is Sort.NUMBER else None
        place = at - (2 if count is not None else 1)
        order = ORDERS.get(pieces[place].gist) if place >= 0 else None
        if order is None:
            continue
        if place > 1 and pieces[place - 1].gist in LISTING and pieces[place - 2].gist in ORDERS:
            both = (ORDERS[pieces[place - 2].gist], order)  # "the second and third stages"
            return Places(both, (pieces[place - 2], pieces[place]), place - 2)
        total = (whole(count) or (0,))[0] if count is not None else 1
        said = (pieces[place],) if count is None else (count,)
        step = -1 if order < 0 else 1
        return Places(tuple(order + step * each for each in range(total)), said, place)
    return None


def _numbers(pieces: Sequence[Piece], at: int) -> list[Piece]:
    """The numbers of a list that begins at a place: "3, 4 and 5", "3 to 5"."""
    found: list[Piece] = []
    while at < len(pieces):
        if pieces[at].sort is Sort.NUMBER and pieces[at].quantity is not None:
            found.append(pieces[at])
        elif not found or pieces[at].gist not in LISTING | {"to"}:
            break
        at += 1
    return found


def _each(sentence: Sentence, places: Places) -> tuple[int, Piece] | None:
    """How many are said to be in each place: "one each in", "one conv to each of", "one more in each"."""
    start = max(0, places.first - 9)
    before = sentence.pieces[start : places.first]
    at = next((at for at in reversed(range(len(before))) if before[at].gist == "each"), None)
    if at is None or (at + 1 < len(before) and before[at + 1].sort is Sort.NUMBER):
        return None
    for piece in reversed(before[max(0, at - 4) : at]):
        if piece.sort is Sort.NUMBER and (value := whole(piece)):
            return value[0], piece
        if piece.gist in (",", ":", "(", "which"):
            return None
    return None


def _all(sentence: Sentence, places: Places) -> bool:
    """Whether all of what one network has more is said to be there."""
    before = sentence.pieces[max(0, places.first - 9) : places.first]
    words = {each.gist for each in before} | {each.gist for each in sentence.pieces[:1]}
    return bool(words & ALL)
