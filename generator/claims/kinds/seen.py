"""What stacks of described layers see: "three stacked 3×3 convolutions look at 7×7, two of them at 5×5".

A layer with a k×k window sees (k-1)·d·(the strides before it) more than the layers before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.layer import Layer, numbered
from generator.claims.described.mentions import Sense
from generator.claims.described.statement import Course, Place, Said, states
from generator.claims.lexicon import wordset

KIND = "receptive field"

SEEING = wordset(
    "rf see sees seen cover covers look looks view views reach reaches span spans effective stretches "
    "stretch"
)
ORDINALS = wordset("first second third fourth fifth last next another additional each")
SEVERAL = wordset(
    "epochs replace replaced replacing instead as same by grows need needs require requires wider "
    "larger bigger smaller than"
)
SLIDING = ("conv", "pool", "depthwise", "again", "filter")
LARGEST_FIELD = 300  # what a test measures in no time


def recognise(context: Context) -> Iterator[Candidate]:
    """Find receptive fields of described layers."""
    if not any(each.words & SEEING for each in context.sentences):
        return
    read = context.course
    stated = [each for each in read.numbers if _states_field(each)]
    before: Place = (-1, -1)
    for nth, said in enumerate(stated):
        sentence = read.sentences[said.sentence]
        if states(sentence, said.mention.index):
            found = _candidate(read, stated, nth, before)
            if found is not None:
                yield found
        before = said.place


def _states_field(said: Said) -> bool:
    """Whether a number is what is seen: a side, or a square."""
    return said.mention.sense is Sense.FIELD and not said.mention.piece.numeral


def _candidate(read: Course, stated: Sequence[Said], nth: int, before: Place) -> Candidate | None:
    said = stated[nth]
    mention = said.mention
    known = [
        each for each in read.before(said.place) if each.kind in SLIDING and each.kernel is not None
    ]
    fresh = [each for each in known if (each.sentence, each.last) > before]
    times = _times(read, said, before)
    if not known or (not fresh and times is None):
        return None
    pieces = read.sentences[said.sentence].pieces
    grows = mention.index and pieces[mention.index - 1].gist == "by"
    if grows or read.sentences[said.sentence].has("epochs"):
        return None
    stack = list(numbered(fresh)) if fresh else [replace(known[-1], count=1)] * (times or 1)
    reading = _seen(stack, sized=bool(mention.piece.size))
    if reading is None:
        return None
    readings = [reading]
    if not mention.piece.size and mention.noun > mention.index:
        readings += _areas(stack, reading)  # "looks at nine pixels"
    for each in known:
        single = _seen([replace(each, count=1)], sized=bool(mention.piece.size))
        readings += [replace(single, doubtful=True)] if single is not None else []
    return claiming(
        KIND,
        read.sentences[said.sentence],
        mention.piece,
        mention.piece.size or mention.piece.quantity,  # type: ignore[arg-type]
        distinct(readings),
        affirm_only=not _plain(read, said, known, fresh),
    )


def _areas(stack: Sequence[Layer], side: Reading) -> list[Reading]:
    """A square's number of pixels, and of values in all of its channels."""
    assert isinstance(side.value, Fraction)
    area = side.value * side.value
    channels = stack[0].inflow or 1
    return [
        Reading(area * many, f"({side.how})²·{many}", f"field ** 2 * {many}", side.setup)
        for many in dict.fromkeys((1, channels))
    ]


def _plain(read: Course, said: Said, known: Sequence[Layer], fresh: Sequence[Layer]) -> bool:
    """Whether a sentence has one stack and says what it sees, and nothing else."""
    sentence = read.sentences[said.sentence]
    fields = [each for each in read.numbers if each.mention.sense is Sense.FIELD]
    taken = {offset for each in known for offset in each.used}
    spare = [
        each
        for each in read.numbers
        if each.mention.sense in (Sense.DILATION, Sense.STRIDE)
        and each.mention.piece.start not in taken
    ]
    here = all(each.named and each.sentence == said.sentence for each in known)
    ordinal = sentence.words & (SEVERAL | ORDINALS)
    told = len(fields) == 1 or _times(read, said, (said.sentence, -1)) is not None
    alone = len(known) == len(fresh) or len(known) == 1
    return told and alone and here and not spare and not ordinal


def _times(read: Course, said: Said, before: Place) -> int | None:
    """The number of layers that a numeral gives: "two of them"."""
    pieces = read.sentences[said.sentence].pieces
    first = before[1] + 1 if before[0] == said.sentence else 0
    for piece in reversed(pieces[first : said.mention.index]):
        if piece.numeral and piece.quantity is not None and 1 <= piece.quantity.value <= 20:
            return int(piece.quantity.value)
    return None


def _seen(stack: Sequence[Layer], *, sized: bool) -> Reading | None:
    """The side of what a stack of layers sees."""
    side, jump = 1, 1
    terms, layers = [], []
    for each in stack:
        assert each.kernel is not None
        kernel, step = each.kernel[0], (each.stride or (1, 1))[0]
        if each.kind == "pool" and each.stride is None:
            step = kernel
        spread = (each.dilation or (1, 1))[0]
        if each.kernel[0] != each.kernel[1] or min(kernel, step, spread) < 1:
            return None
        side += (kernel - 1) * spread * jump
        terms.append("·".join(str(n) for n in (f"({kernel}-1)", spread, jump) if n != 1))
        jump *= step
        layers.append(_source(each, kernel, step, spread))
        if side > LARGEST_FIELD:
            return None
    how = f"1+{'+'.join(terms)} = {side}"
    setup = f"field = seen({', '.join(layers)}, size={2 * side + 32})"
    value = (side, side) if sized else Fraction(side)
    return Reading(value, how, "(field, field)" if sized else "field", (setup,))


def _source(layer: Layer, kernel: int, step: int, spread: int) -> str:
    if layer.kind == "pool":
        return f"nn.AvgPool2d({kernel}, {step})"
    stride = f", stride={step}" if step > 1 else ""
    dilation = f", dilation={spread}" if spread > 1 else ""
    return f"nn.Conv2d(1, 1, {kernel}{stride}{dilation})"
