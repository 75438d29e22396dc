"""How many values a map has, what they take in memory, and what global pooling leaves of it.

"28×28×192 is 150,528 activations, so one float32 copy takes about 602 kB."
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import prod

from generator.claims.calls import calls
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.senses import Sense
from generator.claims.described.statement import Course, Said, states
from generator.claims.layers import LARGEST
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import show

KIND = "sequence shape"

WIDTHS = {
    **dict.fromkeys(("fp32", "float32", "single", "fp-32", "floats", "float"), 4),
    **dict.fromkeys(("fp16", "float16", "half", "bf16", "bfloat16"), 2),
    **dict.fromkeys(("int8", "uint8"), 1),
    **dict.fromkeys(("fp64", "float64", "double"), 8),
}
SCALES = {
    **dict.fromkeys(("byte", "bytes"), (1,)),
    **dict.fromkeys(("kb", "kilobyte", "kilobytes"), (1000, 1024)),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), (10**6, 2**20)),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes"), (10**9, 2**30)),
    "kib": (1024,),
    "mib": (2**20,),
    "gib": (2**30,),
}
TOPIC = wordset(
    "conv pool tensor volume activation activations map fmap image parameter weight layer float32 fp32 "
    "fp16 float16 bf16 embedding logits attention feature features flattened cnn token tokens "
    "flatten unrolled vector filters fc"
)
VECTOR = wordset("vector length values numbers features flattened unit channel")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find sizes of maps in values and in bytes."""
    if not context.speaks_of(*TOPIC):
        return
    read = context.course
    for said in read.numbers:
        sentence = read.sentences[said.sentence]
        found: Iterator[Candidate] = iter(())
        pooled = sentence.has("global") and sentence.has("pool")
        if said.mention.sense is Sense.VALUES and not pooled:
            found = _values(read, said, sentence)
        elif said.mention.sense is Sense.BYTES and not context.mentions(sentence):
            found = _bytes(read, said, sentence)
        elif pooled:
            found = _pooled(read, said, sentence)
        yield from (each for each in found if states(sentence, said.mention.index))
    for sentence in context.sentences:
        yield from _connected(sentence)


# ------------------------------------------------------------------ values


def _values(read: Course, said: Said, sentence: Sentence) -> Iterator[Candidate]:
    """A map's number of values: of the last map before, or of any other."""
    stated = said.mention.piece.quantity
    maps = [each for each in read.maps() if each.sentence <= said.sentence]
    before = [each for each in maps if each.place < said.place]
    if stated is None or not maps or stated.value < 10:
        return
    chosen = before[-1] if before else maps[0]
    readings = [_elements(_coloured(each, sentence)) for each in [chosen, *maps]]
    readings += [_elements(e.mention.values[1:]) for e in maps if len(e.mention.values) > 2]
    readings += [
        _elements((int(many.value), *_coloured(chosen, sentence)))
        for each in _before(read, chosen)
        if (many := each.quantity) is not None and many.value.denominator == 1 and many.value > 1
    ]
    yield claiming(
        KIND,
        sentence,
        said.mention.piece,
        stated,
        distinct(readings),
        affirm_only=_resized(chosen, said, sentence)
        or _taken(chosen, said, sentence)
        or (len(maps) > 1 and not _goes_on(chosen, said, sentence)),
        used=tuple(
            each.mention.piece.start
            for each in read.numbers
            if each in maps
            or each.mention.sense in (Sense.UNITS, Sense.FILTERS)
            or each.mention.piece.numeral
            or (each.mention.sense is Sense.OTHER and each.place < chosen.place)
        ),
    )


def _before(read: Course, said: Said) -> Iterator[Piece]:
    """The pieces of a statement before a place."""
    for number, sentence in enumerate(read.sentences[: said.sentence + 1]):
        yield from sentence.pieces[: said.mention.index if number == said.sentence else None]


def _coloured(said: Said, sentence: Sentence) -> tuple[int, ...]:
    """A map's size, with the three channels of an image that is said to be in colour."""
    size = said.mention.values
    return (*size, 3) if len(size) == 2 and sentence.has("rgb") else size


def _goes_on(chosen: Said, said: Said, sentence: Sentence) -> bool:
    """Whether a number follows the map it counts: "22×22×8, that is 3,872 values"."""
    if chosen.sentence != said.sentence or not chosen.place < said.place:
        return False
    between = sentence.pieces[chosen.mention.index + 1 : said.mention.index]
    if [each.gist for each in between] == [","]:
        return True  # "7×7×40, i.e. 1,960 values"
    return len(between) < 6 and bool(
        {each.gist for each in between}
        & {"be", "=", "flattened", "flatten", "unrolled", "i.e", "ie", "or"}
    )


def _resized(chosen: Said, said: Said, sentence: Sentence) -> bool:
    """Whether a map goes through a layer before it is counted: "13×13×256 → pool → flatten → 9216"."""
    between = sentence.pieces[chosen.mention.index + 1 : said.mention.index]
    return chosen.sentence == said.sentence and any(
        each.gist in ("pool", "conv") for each in between
    )


def _taken(chosen: Said, said: Said, sentence: Sentence) -> bool:
    """Whether values are what a table takes that is named after them: "maps the 128 entries to 256, so it is
    256×128"."""
    between = sentence.pieces[said.mention.index + 1 : chosen.mention.index]
    definite = said.mention.index and sentence.pieces[said.mention.index - 1].gist in ("the", "its")
    return bool(definite) and any(each.gist in ("to", "into", "→") for each in between)


def _elements(size: tuple[int, ...]) -> Reading:
    value = prod(size)
    shown = "·".join(map(str, size))
    source = f'torch.empty({size}, device="meta").numel()'
    return Reading(Fraction(value), f"{shown} = {value:,}", source)


# ------------------------------------------------------------------ bytes


def _bytes(read: Course, said: Said, sentence: Sentence) -> Iterator[Candidate]:
    """Memory of the values or parameters that are counted before, or of a map."""
    stated = said.mention.piece.quantity
    unit = sentence.pieces[said.mention.noun].gist
    if stated is None or unit not in SCALES:
        return
    named = [WIDTHS[each.gist] for each in sentence.pieces if each.gist in WIDTHS]
    if not named and not sentence.has("parameter", "weight", "activations", "activation", "volume"):
        return
    counted = [
        each
        for each in read.numbers
        if each.place < said.place
        and each.mention.sense in (Sense.VALUES, Sense.PARAMETERS, Sense.WEIGHTS)
        and each.mention.values
    ]
    maps = [each for each in read.maps() if each.place < said.place]
    bases = [(each.mention.values[0], each) for each in reversed(counted)]
    bases += [(prod(each.mention.values), each) for each in reversed(maps)]
    readings = [
        _memory(value, width, scale)
        for value, _ in bases
        for width in (dict.fromkeys(named) or (4,))
        for scale in SCALES[unit]
    ]
    if readings:
        yield claiming(
            KIND,
            sentence,
            said.mention.piece,
            replace(stated, rounded=True),
            distinct(readings),
            expected=f"{stated.text} {unit}",
            affirm_only=len(bases) > 2 or len(set(named)) != 1,
            used=tuple(each.mention.piece.start for _, each in bases),
        )


def _memory(value: int, width: int, scale: int) -> Reading:
    amount = Fraction(value * width, scale)
    how = f"{value:,} values of {width} bytes: {show(amount)}"
    return Reading(amount, how, f"Fraction({value} * {width}, {scale})")


# ------------------------------------------------------------------ global pooling


def _pooled(read: Course, said: Said, sentence: Sentence) -> Iterator[Candidate]:
    """Global pooling leaves one value a channel."""
    maps = [each for each in read.maps() if each.place < said.place]
    solid = [each for each in maps if len(each.mention.values) == 3]
    if not solid:
        return
    a, b, c = solid[-1].mention.values
    channels = a if b == c != a else c
    mention = said.mention
    source = f"tuple(nn.AdaptiveAvgPool2d(1)(torch.empty(1, {channels}, 7, 7)).shape[1:])"
    used = (solid[-1].mention.piece.start,)
    if mention.sense is Sense.MAP and len(mention.values) == 3:
        last = mention.values[0] != 1
        shape = (channels, 1, 1) if last else (1, 1, channels)
        source = source if last else f"channels_last({source})"
        reading = Reading(shape, "global pooling leaves one value a channel", source)
        yield claiming(KIND, sentence, mention.piece, mention.values, (reading,), used=used)
        return
    near = {each.gist for each in sentence.pieces[max(0, mention.index - 4) : mention.index + 3]}
    if mention.piece.quantity is not None and near & VECTOR and mention.piece.sort is Sort.NUMBER:
        reading = Reading(
            Fraction(channels), "global pooling leaves one value a channel", f"{source}[0]"
        )
        yield claiming(KIND, sentence, mention.piece, mention.piece.quantity, (reading,), used=used)


# ------------------------------------------------------------------ batches of vectors


def _connected(sentence: Sentence) -> Iterator[Candidate]:
    """Read "``nn.Linear(784, 10)`` maps (32, 784) to (32, 10)"."""
    written = [each for each in calls(sentence) if each.layer == "fc"]
    if len(written) != 1 or not {"in", "out"} <= set(written[0].arguments):
        return
    call = written[0]
    sizes: list[Piece] = [
        piece
        for at, piece in enumerate(sentence.pieces)
        if piece.sort is Sort.SIZE and not call.first <= at < call.last
    ]
    inputs, made = call.value("in", 0), call.value("out", 0)
    if len(sizes) != 2 or sizes[0].size[-1] != inputs or not 0 < made <= LARGEST:
        return
    before, after = sizes
    if len(before.size) != len(after.size) or max(before.size) > LARGEST:
        return
    layer = f'nn.Linear({inputs}, {made}, device="meta")'
    shape = (*before.size[:-1], made)
    measured = f'tuple({layer}(torch.empty({before.size}, device="meta")).shape)'
    reading = Reading(shape, f"{layer} gives {'×'.join(map(str, shape))}", measured)
    used = (before.start, *(each.piece.start for each in call.arguments.values()))
    yield claiming(KIND, sentence, after, after.size, (reading,), used=used)
