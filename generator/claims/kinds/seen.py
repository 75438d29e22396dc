"""Receptive fields of described layers: "three stacked 3×3 convolutions look at 7×7, two of them at 5×5",
"3 after the first, 5 after the second", "conv 3×3 → pool 2×2 → conv 3×3: an output sees 8×8".

A layer with a k×k window sees (k-1)·d·(the strides before it) more than the layers before it. A number
that is seen belongs to the layers since the one before it, or to all so far; a numeral between the two
("three of them", "after the second") says how many equal ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.company import goes_on_seeing
from generator.claims.described.layer import Layer, numbered
from generator.claims.described.senses import Sense
from generator.claims.described.statement import Course, Place, Said, states
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence, pattern

KIND = "receptive field"

SEEING = wordset(
    "rf see sees seen cover covers looks look views view reach reaches span spans effective stretches "
    "stretch acts act behaves depends depend receptive"
)
ORDINALS = {
    each: nth
    for nth, each in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 1
    )
}
SEVERAL = wordset(
    "epochs replace replaced replacing instead same need needs require requires wider "
    "larger bigger smaller than"
)
SLIDING = ("conv", "pool", "depthwise", "again", "filter")
LARGEST_FIELD = 300  # what a test measures in no time
MOST_LAYERS = 32
JOINTS = wordset(", and or → then to px pixel pixels")


@dataclass(frozen=True, slots=True)
class Seen:
    """A stated field with the stacks it may be of, the likeliest first; ``sure`` that it is one of them."""

    said: Said
    stacks: tuple[tuple[Layer, ...], ...]
    others: tuple[tuple[Layer, ...], ...]
    sure: bool


def recognise(context: Context) -> Iterator[Candidate]:
    """Find receptive fields of described layers."""
    if not any(each.words & SEEING for each in context.sentences) and not context.speaks_of("rf"):
        return
    read = context.course
    stated = list(_fields(read))
    fields = {each.mention.piece.start for each in stated}
    known = [
        each
        for each in read.layers
        if each.kind in SLIDING and each.kernel is not None and not fields & set(each.used[:1])
    ]
    known = _counted_once(known)
    for nth, said in enumerate(stated):
        sentence = read.sentences[said.sentence]
        if not states(sentence, said.mention.index) or sentence.has("epochs", "transposed"):
            continue
        found = _candidate(read, _stacks(read, known, stated, nth))
        if found is not None:
            yield found
    for number, sentence in enumerate(read.sentences):
        layers = [each for each in known if each.sentence == number]
        if len(layers) == 1 and not sentence.has("parameter", "weight", "not"):
            yield from _growth(sentence, layers[0])


GROWTH = pattern(
    r"(?:by|adds?|plus|\+) <g:#> <*pixel pixels more further*>(?:(?:for|with|at|in|each|a|every|to|the|of) "
    r")*(?:layer|conv|step|time|one|rf)|"
    r"(?:each|a|every) <*further additional more extra next new such of these layer*>(?:@\d+ )"
    r"(?:<*conv layer filter*>)(?:[^\s#@%~.;]+ ){1,6}<h:#>"
)
GROWING = wordset("adds add plus increases increase enlarges grows grow extends widens")


def _growth(sentence: Sentence, layer: Layer) -> Iterator[Candidate]:
    """What one more layer adds: "grows by four per layer", "each further 3×3 layer adds 2 pixels"."""
    one = _seen([replace(layer, count=1)], sized=False)
    if one is None or layer.stride not in (None, (1, 1)) or not sentence.words & GROWING:
        return
    assert layer.kernel is not None
    for found in sentence.find(GROWTH):
        piece = found.get("g") or found["h"]
        more = (layer.kernel[0] - 1) * (layer.dilation or (1, 1))[0]
        how = f"{one.how.partition(' = ')[0].partition('+')[2]} = {more}"
        reading = Reading(Fraction(more), how, "field - 1", one.setup)
        if piece.quantity is not None:
            yield claiming(KIND, sentence, piece, piece.quantity, (reading,), used=layer.used)


def _fields(read: Course) -> Iterator[Said]:
    """The numbers that are what is seen, sides or squares."""
    seeing = -1
    for said in read.numbers:
        if said.mention.sense is Sense.FIELD and not said.mention.piece.numeral:
            seeing = said.sentence
            yield said
        elif 0 <= seeing == said.sentence - 1:
            here = read.sentences[said.sentence]
            if not here.words & SEEING and goes_on_seeing(here.pieces, said.mention):
                yield said


def _counted_once(known: Sequence[Layer]) -> list[Layer]:
    """Take "three 3×3 layers with dilations 1, 2 and 4" for three layers, not nine."""
    found: list[Layer] = []
    run: list[Layer] = []
    for each in known:
        if run and each.varies:
            run.append(each)
        else:
            found += _run(run)
            run = [each]
    return found + _run(run)


def _run(run: Sequence[Layer]) -> list[Layer]:
    once = len(run) > 1 and run[0].count == len(run)
    return [replace(each, count=1) for each in run] if once else list(run)


# ------------------------------------------------------------------ which layers


def _stacks(read: Course, layers: Sequence[Layer], stated: Sequence[Said], nth: int) -> Seen:
    said = stated[nth]
    before = stated[nth - 1].place if nth else (-1, -1)
    known = [each for each in layers if (each.sentence, each.first) < said.place]
    fresh = [each for each in known if (each.sentence, each.first) > before]
    many = _times(read, said, before, fresh)
    fields = _list_of(read, stated, nth)
    behind = _behind(read, layers, fields[-1])
    spread = _spread(read, layers, said, before)
    listed = _by_order(read, [*known, *behind], fields, said)
    stacks: list[list[Layer]] = []
    if listed:
        stacks += listed
    elif spread and known:
        stacks.append([replace(known[-1], dilation=(spread, spread), count=1)])
    elif many and known:
        them = read.sentences[said.sentence].has("them", "these")
        several = [each for each in known if each.count > 1] if them else []
        stacks.append([replace((several or known)[-1], count=1)] * many)
    elif fresh:
        stacks.append(list(numbered(fresh)))
        if len(fresh) < len(known):
            stacks.append(list(numbered(known)))
        if fresh[-1].varies or (len(fresh) == 1 and fresh[0].dilation):
            stacks.append([replace(fresh[-1], count=1)])
    elif behind:
        stacks.append(list(numbered(behind)))
    others = [[replace(each, count=1)] for each in (*known, *behind)]
    others += [list(numbered(known))] if known else []
    unique = [each for each in others if each not in stacks]
    sure = bool(stacks) and _plain(read, said, [*known, *behind], fresh or behind, bool(many))
    return Seen(said, tuple(map(tuple, stacks)), tuple(map(tuple, unique)), sure)


def _spread(read: Course, layers: Sequence[Layer], said: Said, before: Place) -> int:
    """A dilation that no layer has, between a field and the one before it: "dilation 4 reaches 9×9"."""
    taken = {offset for each in layers for offset in each.used}
    found = [
        each.mention.values[0]
        for each in read.numbers
        if each.mention.sense is Sense.DILATION
        and before < each.place < said.place
        and each.sentence == said.sentence
        and each.mention.piece.start not in taken
        and each.mention.values
    ]
    return found[0] if len(found) == 1 else 0


def _behind(read: Course, layers: Sequence[Layer], said: Said) -> list[Layer]:
    """The layers named right behind what they see: "7×7 is seen by three 3×3 layers"."""
    pieces = read.sentences[said.sentence].pieces
    after = [each.gist for each in pieces[said.mention.index + 1 : said.mention.index + 5]]
    if not {"by", "with", "when", "if", "after", "for"} & set(after[:3]):
        return []
    return [
        each for each in layers if each.sentence == said.sentence and each.first > said.place[1]
    ]


def _by_order(
    read: Course, known: Sequence[Layer], fields: Sequence[Said], said: Said
) -> list[list[Layer]]:
    """Read a list of fields: of so many equal layers, of so many of those described, or one of each."""
    if len(fields) < 2 or not known:
        return []
    place = fields.index(said)
    each_layer = list(numbered(known))
    if len(each_layer) == len(fields):
        return [each_layer[: place + 1], [each_layer[place]]]
    one = replace(known[-1], count=1)
    counts = [
        int(each.quantity.value)
        for each in read.sentences[said.sentence].pieces[: fields[0].mention.index]
        if each.numeral and each.quantity is not None and each.quantity.value <= MOST_LAYERS
    ]
    if len(counts) == len(fields):
        return [[one] * counts[place]]
    start = fields[0].mention.piece
    side = start.size[0] if start.size else int(start.quantity.value) if start.quantity else 0
    kernel = known[-1].kernel[0] if known[-1].kernel else 0
    if side != 1 and (side == kernel or _grows_by(fields, kernel)):
        return [[one] * (place + 1)]
    return [[one] * place] if side == 1 and place else []


def _grows_by(fields: Sequence[Said], kernel: int) -> bool:
    """Whether the fields of a list are those of one layer, two, three …, but for its first."""
    sides = [
        e.mention.piece.size[0] if e.mention.piece.size else (e.mention.values or (0,))[0]
        for e in fields
    ]
    grown = [1 + (nth + 1) * (kernel - 1) for nth in range(len(sides))]
    return len(sides) > 2 and kernel > 1 and sides[1:] == grown[1:]


def _list_of(read: Course, stated: Sequence[Said], nth: int) -> list[Said]:
    """The fields that stand together with one, nothing but commas among them."""
    first = last = nth
    while first and _joined(read, stated[first - 1], stated[first]):
        first -= 1
    while last + 1 < len(stated) and _joined(read, stated[last], stated[last + 1]):
        last += 1
    return list(stated[first : last + 1])


def _joined(read: Course, one: Said, other: Said) -> bool:
    pieces = read.sentences[one.sentence].pieces[one.mention.index + 1 : other.mention.index]
    return one.sentence == other.sentence and {each.gist for each in pieces} <= JOINTS


def _times(read: Course, said: Said, before: Place, fresh: Sequence[Layer]) -> int:
    """How many layers a word between a field and the one before it gives, 0 for none: "two of them",
    "after the second"."""
    pieces = read.sentences[said.sentence].pieces
    first = before[1] + 1 if before[0] == said.sentence else 0
    fresh = [each for each in fresh if each.sentence == said.sentence]
    taken = {offset for each in fresh for offset in each.used}
    counts = sum(each.count for each in fresh)
    for at in range(said.mention.index - 1, first - 1, -1):
        piece = pieces[at]
        if piece.gist in ORDINALS and len(fresh) < 2:
            told = {each.gist for each in pieces[at : said.mention.index]} & {"stride", "dilation"}
            return 0 if told else ORDINALS[piece.gist]
        counted = piece.numeral or pieces[at + 1].gist == "layer"
        if counted and piece.quantity is not None and 1 <= piece.quantity.value <= MOST_LAYERS:
            them = [each.gist for each in pieces[at + 1 : at + 3]] == ["of", "them"]
            own = (piece.start in taken and not them) or (
                counts > 1 and piece.quantity.value == counts
            )
            word = pieces[at - 1].gist if at else ""
            if own or (piece.quantity.value == 1 and word in ("each", "this", "the", *ORDINALS)):
                continue
            alone = len(fresh) == 1 and fresh[0].count == 1 and fresh[0].first < at
            return int(piece.quantity.value) if them or alone or not fresh else 0
    return 0


def _plain(
    read: Course, said: Said, known: Sequence[Layer], fresh: Sequence[Layer], many: bool
) -> bool:
    """Whether a sentence has one stack and says what it sees, and nothing else."""
    sentence = read.sentences[said.sentence]
    taken = {offset for each in known for offset in each.used}
    spare = [
        each
        for each in read.numbers
        if each.mention.sense in (Sense.DILATION, Sense.STRIDE)
        and each.mention.piece.start not in taken
        and each.place < said.place
    ]
    here = many or all(each.sentence == said.sentence for each in fresh)
    part = sentence.words & {*ORDINALS, "last"} and sentence.has("stride", "dilation") and not many
    alike = [each.gist for each in sentence.pieces].count("as") > 1
    grows = said.mention.index and sentence.pieces[said.mention.index - 1].gist == "by"
    # "dilated 3×3 kernels cover 7×7": how far apart, it does not say
    spread = sentence.has("dilation") and not any(each.dilation for each in known)
    plain = not (spare or grows or part or alike or spread)
    return here and plain and not sentence.words & SEVERAL


# ------------------------------------------------------------------ readings


def _candidate(read: Course, seen: Seen) -> Candidate | None:
    mention = seen.said.mention
    sentence = read.sentences[seen.said.sentence]
    if mention.index and sentence.pieces[mention.index - 1].gist == "by":
        return None
    sized = bool(mention.piece.size)
    readings: list[Reading] = []
    for stack in seen.stacks:
        reading = _seen(stack, sized=sized)
        if reading is None:
            continue
        readings.append(reading)
        if not sized and (mention.noun > mention.index or len(seen.stacks) == 1):
            readings += _areas(stack, reading)  # "looks at nine pixels"
    if not readings:
        return None
    for stack in seen.others:
        other = _seen(stack, sized=sized)
        readings += [replace(other, doubtful=True)] if other is not None else []
    used = {offset for stack in seen.stacks for each in stack for offset in each.used}
    used |= {each.start for each in sentence.pieces if each.numeral}
    used |= {e.mention.piece.start for e in read.numbers if e.mention.sense is Sense.LAYERS}
    return claiming(
        KIND,
        sentence,
        mention.piece,
        mention.piece.size or mention.piece.quantity,  # type: ignore[arg-type]
        distinct(readings),
        affirm_only=not seen.sure,
        used=tuple(sorted(used)),
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
    alike = [(term, len(list(group))) for term, group in groupby(terms)]
    shown = "+".join(term if many == 1 else f"{many}·{term}" for term, many in alike)
    how = f"1+{shown} = {side}"
    measured = f"seen({', '.join(layers)}, size={2 * side + 32})"
    summed = " + ".join(("1", *(each.replace("·", " * ") for each in terms)))
    setup = f"field = {measured if side <= LARGEST_FIELD else summed}"
    value = (side, side) if sized else Fraction(side)
    return Reading(value, how, "(field, field)" if sized else "field", (setup,))


def _source(layer: Layer, kernel: int, step: int, spread: int) -> str:
    if layer.kind == "pool":
        return f"nn.AvgPool2d({kernel}, {step})"
    stride = f", stride={step}" if step > 1 else ""
    dilation = f", dilation={spread}" if spread > 1 else ""
    return f"nn.Conv2d(1, 1, {kernel}{stride}{dilation})"
