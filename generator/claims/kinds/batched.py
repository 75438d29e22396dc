"""Sizes with a batch axis ("``nn.Conv2d(3, 16, 5)`` on (8, 3, 32, 32) gives (8, 16, 28, 28)"), and one
layer in brackets between two maps ("1×1×100 → (ConvTranspose 4×4, 512 filters) → 4×4×512").
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.architectures.operations import ShapeError
from generator.claims.calls import LayerCall, calls
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.kinds import output_size
from generator.claims.kinds.layer_chain import map_candidate, through, volume_of
from generator.claims.layers import LARGEST, Window, layer_source, window_shape
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.stack import layers

KIND = output_size.KIND
BRACKETED = pattern(r"<a:@> → \( (?P<layer>(?:[^\s();→]+ ){1,16}?)\) → <b:@>")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find batches that go through a layer, and layers in brackets between arrows."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", "if", "would"):
            continue
        yield from _batch(context, sentence)
        yield from _bracketed(context, number, sentence)


def _batch(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    written = list(calls(sentence))
    if len(written) != 1:
        return
    layer = written[0]
    rank = 2 if layer.layer == "fc" else 4
    sizes = [
        piece
        for at, piece in enumerate(sentence.pieces)
        if piece.sort is Sort.SIZE and not layer.first <= at < layer.last
    ]
    if len(sizes) != 2 or len({len(each.size) for each in sizes}) != 1 or len(sizes[0].size) < rank:
        return
    before, after = sizes
    if rank == 4 and len(before.size) != 4:
        return
    found = _through(layer, before.size)
    if found is None:
        return
    shape, source = found
    measured = f'tuple({source}(torch.empty({before.size}, device="meta")).shape)'
    yield Candidate(
        KIND,
        sentence.start,
        after.end,
        after.start,
        after.size,
        (Reading(shape, f"{source} gives {'×'.join(map(str, shape))}", measured),),
        expected="×".join(map(str, after.size)),
        used=(before.start, *_taken(sentence, layer)),
    )


def _taken(sentence: Sentence, layer: LayerCall) -> tuple[int, ...]:
    return tuple(each.start for each in sentence.pieces[layer.first : layer.last])


def _through(layer: LayerCall, size: tuple[int, ...]) -> tuple[tuple[int, ...], str] | None:
    """The output's shape and the layer as Python."""
    if max(size) > LARGEST:
        return None
    if layer.layer == "fc" and {"in", "out"} <= set(layer.arguments):
        inputs, made = layer.value("in", 0), layer.value("out", 0)
        if size[-1] != inputs or not 0 < made <= LARGEST:
            return None
        return (*size[:-1], made), f'nn.Linear({inputs}, {made}, device="meta")'
    kinds = {"conv2d": "conv", "transposed": "transposed", "pool": "pool"}
    if layer.layer not in kinds or "kernel" not in layer.arguments:
        return None
    if not set(layer.arguments) <= {"in", "out", "kernel", "stride", "pad", "dilation", "bias"}:
        return None
    kernel = layer.pair("kernel", (1, 1))
    stride = layer.pair("stride", kernel if layer.layer == "pool" else (1, 1))
    window = Window(
        kernel, stride, layer.pair("pad", (0, 0)), layer.pair("dilation", (1, 1)), kinds[layer.layer]
    )
    inputs, made = layer.value("in", size[1]), layer.value("out", size[1])
    whole = min((*kernel, *stride, made)) > 0 and max((*kernel, *stride, made)) <= LARGEST
    if inputs != size[1] or not whole:
        return None
    try:
        shape = window_shape(window, (size[1], size[2], size[3]), made)
    except ShapeError:
        return None
    return (size[0], *shape), layer_source(window, size[1], made)


def _bracketed(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    for found in sentence.find(BRACKETED):
        a, b = found["a"], found["b"]
        inside = sentence.pieces[found.first + 3 : found.last - 3]
        if not 2 <= len(a.size) <= 3 or len(a.size) != len(b.size):
            continue
        alone = sum(each.sort is Sort.SIZE for each in sentence.pieces) == 3
        if not alone:
            continue  # see layer_chain
        described = layers(
            context.scene, number, taken=[a, b], transposed=any(e.gist == "transposed" for e in inside)
        )
        order = output_size.order_of(b)
        if described is None or len(described) != 1 or order is None:
            continue
        size, channels = volume_of(a)
        made = _filters(inside) or (b.size[-1] if len(b.size) == 3 else 1)
        reading = through(described[0].window, size, channels, made, order)
        if reading is not None:
            used = tuple(each.start for each in (a, *inside))
            yield map_candidate(sentence, b, (reading,), used)


def _filters(inside: tuple[Piece, ...]) -> int | None:
    for piece, following in zip(inside, inside[1:], strict=False):
        if following.gist in ("filters", "channel", "fmap") and piece.quantity is not None:
            return int(piece.quantity.value)
    return None
