"""Shares between layers that differ in their windows: "two 3×3 layers in place of one 5×5 save 28 % of the
weights", "a 3×3 filter has 36 % of the weights of a 5×5", "a 5×5 layer costs 2.8 times as much as a 3×3".

With the same channels everywhere a k×l layer has k·l times the weights of a 1×1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.described.layer import Layer
from generator.claims.kinds import share
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence
from generator.claims.quantity import show
from generator.claims.ratios import LESS, MORE, Stated, near_words, ratios

KIND = share.KIND

COUNTED = wordset(
    "weight parameter mult mac operation flop cost expensive cheaper compute computation heavier lighter"
)
SAVING = LESS | wordset(
    "remove removes removing removed spare spares spared trims trim avoid avoids lighter"
)
OTHERS = share.OTHER_SHARES | wordset(
    "not pool depthwise separable pointwise grouped dilation stride asymmetric factorised 1-d"
)
COMPARING = wordset("than as morethan lessthan")
PAIRS = wordset("pair both")
# What may make more of a difference than the windows.
CHANGED = wordset(
    "bottleneck half halved double doubled twice training train trained version model network net in-front rest "
    "pruning pruned sparse before after followed first last"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shares between two sorts of windows of which nothing else is said."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has(*OTHERS):
            continue
        layers = [each for each in context.course.layers if each.sentence == number]
        stated = [each for each in ratios(sentence) if each.scale]
        if len(layers) != 2 or len(stated) != 1 or not all(_plain(each) for each in layers):
            continue
        near = near_words(sentence, stated[0].index)
        if near & COUNTED and layers[0].kernel != layers[1].kernel:
            yield _claim(sentence, stated[0], near, layers)


def _plain(layer: Layer) -> bool:
    """Whether a layer is a convolution of which only the window is known, and how often it is there."""
    known = (layer.inflow, layer.outflow, layer.stride, layer.groups, layer.dilation)
    return layer.kind == "conv" and layer.kernel is not None and set(known) == {None}


def _claim(
    sentence: Sentence, stated: Stated, near: frozenset[str], layers: list[Layer]
) -> Candidate:
    first, other = (_measured(sentence, each) for each in layers)
    between = {each.gist for each in sentence.pieces[layers[0].first : layers[1].first]}
    value, source = Fraction(first[0], other[0]), f"Fraction({first[1]}, {other[1]})"
    less = bool(near & SAVING)
    if not between & COMPARING:  # which of the two is spoken of, is left open
        upside = (stated.scale == 1 or bool(near & MORE)) is (value < 1)
    else:
        upside = stated.scale == 1 and less
    if upside:
        value, source = 1 / value, f"1 / {source}"
    if stated.scale == 100:
        value, source = 100 * value, f"100 * {source}"
        if near & MORE:
            value, source = value - 100, f"{source} - 100"
        elif less:
            value, source = 100 - value, f"100 - {source}"
    sign = "" if stated.scale == 1 else " %"
    how = f"{first[0]} and {other[0]} weights a pair of channels: {show(Fraction(round(value * 10), 10))}{sign}"
    used = tuple(offset for each in layers for offset in each.used)
    return claiming(
        KIND,
        sentence,
        stated.piece,
        stated.quantity,
        (Reading(value, how, source),),
        expected=stated.quantity.text,
        used=used,
        affirm_only=sentence.has(*CHANGED) or not all(_any(sentence, each) for each in layers),
    )


def _any(sentence: Sentence, layer: Layer) -> bool:
    """Whether a layer is any of its sort: "two stacked 3×3", "a 5×5", and none of a network's own."""
    before = sentence.pieces[max(0, layer.first - 2) : layer.first]
    return any(each.gist in ("a", "an", "stack", "single") or each.numeral for each in before)


def _measured(sentence: Sentence, layer: Layer) -> tuple[int, str]:
    """Weights of a layer for each pair of channels, and Python that measures those of 8 in and out."""
    assert layer.kernel is not None
    before = {each.gist for each in sentence.pieces[max(0, layer.first - 3) : layer.first]}
    count = 2 if layer.count == 1 and before & PAIRS else layer.count
    one = f"parameters(nn.Conv2d(8, 8, {layer.kernel}, bias=False))"
    return count * prod(layer.kernel), f"{count} * {one}" if count > 1 else one


__all__ = ["KIND", "recognise"]
