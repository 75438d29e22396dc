"""Sizes with a batch axis ("``nn.Conv2d(3, 16, 5)`` on (8, 3, 32, 32) gives (8, 16, 28, 28)"), and one
layer in brackets between two maps ("1×1×100 → (ConvTranspose 4×4, 512 filters) → 4×4×512").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from generator.architectures.operations import ShapeError
from generator.claims.calls import LayerCall, calls
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.kinds import output_size
from generator.claims.kinds.layer_chain import map_candidate, through, volume_of
from generator.claims.layers import LARGEST, Window, layer_source, window_shape
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import whole
from generator.claims.stack import layers, with_padding

KIND = output_size.KIND


def recognise(context: Context) -> Iterator[Candidate]:
    """Find batches that go through a layer, and layers in brackets between arrows."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", "if", "would"):
            continue
        yield from _batch(sentence)
        yield from _bracketed(context, number, sentence)


def _batch(sentence: Sentence) -> Iterator[Candidate]:
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
    yield claiming(
        KIND,
        sentence,
        after,
        after.size,
        (Reading(shape, f"{source} gives {'×'.join(map(str, shape))}", measured),),
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
        kernel,
        stride,
        layer.pair("pad", (0, 0)),
        layer.pair("dilation", (1, 1)),
        kinds[layer.layer],
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
    """A map, one layer in brackets or after a comma, an arrow, and the map it makes."""
    pieces = sentence.pieces
    sizes = [at for at, each in enumerate(pieces) if each.sort is Sort.SIZE]
    if len(sizes) != 3 or sizes[0] > 2 or pieces[sizes[2] - 1].gist != "→":
        return
    a, b = pieces[sizes[0]], pieces[sizes[2]]
    inside = pieces[sizes[0] + 1 : sizes[2] - 1]
    gists = [each.gist for each in inside]
    opened = gists[:2] == ["→", "("] and gists[-1] == ")"
    if not (opened or gists[0] in (",", "through", "after", "with", "by")) or "→" in gists[1:]:
        return
    if not 2 <= len(a.size) <= 3 or len(a.size) != len(b.size) or {"and", "then"} & set(gists):
        return
    transposed = "transposed" in gists or context.speaks_of("transposed")
    described = layers(context.scene, number, taken=[a, b], transposed=transposed)
    order = output_size.order_of(b)
    if described is None or len(described) != 1 or order is None:
        return
    window = described[0].window
    if window.kind == "conv" and not {"conv", "filter", "filters", "transposed"} & set(gists):
        return
    spoken = {each: _bound(inside, each) for each in ("s", "p")}
    if spoken["s"]:
        window = replace(window, stride=(spoken["s"], spoken["s"]))
    if spoken["p"]:
        window = replace(window, padding=(spoken["p"], spoken["p"]))
    size, channels = volume_of(a)
    made = _filters(inside) or (b.size[-1] if len(b.size) == 3 else 1)
    reading = through(window, size, channels, made, order)
    if reading is None:
        return
    readings = [reading]
    wider = with_padding(described[0])
    if wider is not None and spoken["p"] is None:
        other = through(wider.window, size, channels, made, order)
        if other is not None and other.value != reading.value:
            readings.append(replace(other, how="with padding that is not mentioned", doubtful=True))
    used = tuple(each.start for each in (a, *inside))
    yield replace(map_candidate(sentence, b, tuple(readings), used), decisive=True)


def _bound(inside: tuple[Piece, ...], letter: str) -> int | None:
    """The value of ``s = 2`` or ``p = 0``."""
    for name, sign, value in zip(inside, inside[1:], inside[2:], strict=False):
        if isinstance(name.expression, Name) and name.expression.name.lower() == letter:
            number = whole(value)
            if sign.gist in ("=", ":") and number is not None and number[0] < 64:
                return number[0]
    return None


def _filters(inside: tuple[Piece, ...]) -> int | None:
    for piece, following in pairwise(inside):
        if following.gist in ("filters", "channel", "fmap") and piece.quantity is not None:
            return int(piece.quantity.value)
    return None
