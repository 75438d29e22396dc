"""One map through several equal layers ("two 2×2 poolings bring 28×28 down to 7×7"), or through one of
several ("28 becomes 26 for 3×3, 24 for 5×5")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.claims.calls import calls
from generator.claims.candidate import Candidate, Reading, Size
from generator.claims.context import Context
from generator.claims.kinds import output_size
from generator.claims.kinds.layer_chain import (
    JOINED,
    MAPS,
    NO_MAPS,
    is_map,
    map_candidate,
    runs_of,
    sides,
    stated_size,
    through,
    volume_of,
)
from generator.claims.layers import Window, arranged, layer_source
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired
from generator.claims.passage import Piece, Sentence
from generator.claims.scene import LARGEST_WINDOW, SAME, Role
from generator.claims.stack import Layer, layers, with_padding

EACH_TIME = wordset("each every per")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find maps that go through several layers at once, or through alternative ones."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", "global", *NO_MAPS):
            continue
        runs = list(runs_of(context.scene, sentence)) if sentence.words & (JOINED | {"be"}) else []
        if len(runs) == 1 and len(runs[0]) == 2:
            yield from _through_all(context, number, sentence, runs[0])
        yield from _alternatives(context, number, sentence)


def _through_all(
    context: Context, number: int, sentence: Sentence, run: Sequence[Piece]
) -> Iterator[Candidate]:
    found = layers(context.scene, number, taken=run, transposed=context.speaks_of("transposed"))
    if not found or not 2 <= len(found) <= 8 or sentence.words & EACH_TIME:
        return
    first, last = run
    size, channels = volume_of(first)
    order = output_size.order_of(last)
    coded = len(list(calls(sentence))) > 1
    if order is None or (len({each.window for each in found}) > 1 and not coded):
        return
    made = last.size[-1] if len(last.size) == 3 else 1
    side: Size = size
    reading: Reading | None = None
    for each in found:
        reading = through(each.window, side, channels, made, order)
        if reading is None:
            return
        side = sides(reading, order)
    assert reading is not None
    readings = [_whole_stack(found, size, channels, made, reading, order)]
    kept = last.size[:2] or (stated_size(last),) * 2
    if with_padding(found[0]) is not None and kept == size:
        readings.append(
            Reading(stated_size(last) or False, "with padding that is not mentioned", doubtful=True)
        )
    counted = (each.start for each in sentence.pieces if each.numeral)
    windows = (sentence.pieces[each.index].start for each in found)
    used = (*windows, *found[0].used, first.start, *counted)
    # Plain numbers may be channels: "two 1×1 convs, 64 → 16 and 16 → 64".
    sized = bool(first.size) or sentence.has(*MAPS)
    yield replace(map_candidate(sentence, last, tuple(readings), used), affirm_only=not sized)


def _whole_stack(
    found: Sequence[Layer], size: Size, channels: int, made: int, reading: Reading, order: str
) -> Reading:
    """The last layer's reading with the Python that runs them all."""
    sources, before = [], channels
    for each in found:
        sources.append(layer_source(each.window, before, made))
        before = before if each.window.kind == "pool" else made
    measured = f"output(nn.Sequential({', '.join(sources)}), {(channels, size[0], size[1])})"
    shape = (before, *sides(reading, order))
    value, source = arranged(shape, measured, order)
    return Reading(value, f"{len(found)} layers; the last: {reading.how}", source)


def _alternatives(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    known = context.scene
    pieces = sentence.pieces
    kernels = [at for at, each in enumerate(pieces) if len(each.size) == 2 and _small(each)]
    maps = [
        at
        for at, each in enumerate(pieces)
        if is_map(known, sentence, at, each) and at not in kernels
    ]
    if len(maps) < 3 or len(maps) != len(kernels) + 1 or sentence.has("→", "pool", "transposed"):
        return
    pads = {each.value for each in known.of(Role.PAD) if each.sentence == number}
    strides = {each.value for each in known.of(Role.STRIDE) if each.sentence == number}
    different = len({pieces[at].size for at in kernels}) > 1
    if not different or len(pads) != 1 or len(strides) > 1 or SAME in pads:
        return
    pad, step = pads.pop(), strides.pop() if strides else (1,)
    size, channels = volume_of(pieces[maps[0]])
    used = tuple(pieces[at].start for at in (*maps, *kernels))
    for kernel_at, at in paired(kernels, maps[1:]):
        piece, kernel = pieces[at], pieces[kernel_at].size
        order = output_size.order_of(piece)
        if order is None or 0 in step:
            return
        window = Window((kernel[0], kernel[1]), (step[0], step[-1]), (pad[0], pad[-1]))
        made = piece.size[-1] if len(piece.size) == 3 else 1
        reading = through(window, size, channels, made, order)
        if reading is not None:
            yield map_candidate(sentence, piece, (reading,), used)


def _small(piece: Piece) -> bool:
    return max(piece.size[:2]) <= LARGEST_WINDOW
