"""What windows take off a map: "a 3×3 filter without padding costs two pixels per dimension", "six of them eat
up 12", "one pixel on each side".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.described.layer import SAME, Layer
from generator.claims.described.senses import LOSING, Mention, Sense
from generator.claims.described.statement import Said, states
from generator.claims.layers import Window, layer_source
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence

KIND = "output size"

BORDERS = wordset("side sides border borders edge edges")
AXES = wordset("dimension dimensions direction directions height width axis")
SIDE = 64  # of the map that is measured
MOST_LAYERS = 12


def recognise(context: Context) -> Iterator[Candidate]:
    """Find how much smaller a convolution makes a map."""
    for said in context.course.numbers:
        sentence = context.sentences[said.sentence]
        if not sentence.words & LOSING or sentence.has("parameter", "weight", "mult", "mac"):
            continue
        layers = [
            each
            for each in context.course.layers
            if each.sentence == said.sentence and each.kernel is not None and not each.varies
        ]
        if len(layers) == 1 and _lost(sentence, said.mention) and _plain(context, said, layers[0]):
            found = _candidate(sentence, said.mention, layers[0])
            if found is not None:
                yield found


def _lost(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number says what is lost: pixels, or a number behind "by"."""
    pieces, at = sentence.pieces, mention.index
    by = at > 0 and pieces[at - 1].gist == "by" and mention.sense is Sense.OTHER
    behind = any(each.gist in LOSING for each in pieces[:at])
    ahead = any(each.gist in ("smaller", "lost") for each in pieces[at + 1 : at + 4])
    noun = pieces[mention.noun].gist if mention.noun > at else ""
    pixels = mention.sense is Sense.SIDE and noun not in ("wide", "high", "tall")
    return (pixels or by) and (behind or ahead)


def _plain(context: Context, said: Said, layer: Layer) -> bool:
    """Whether nothing but one convolution of stride 1 with a padding that is said is spoken of."""
    maps = any(each.sentence == said.sentence for each in context.course.maps())
    one = layer.kind == "conv" and layer.stride in (None, (1, 1)) and layer.pad is not None
    stated = states(context.sentences[said.sentence], said.mention.index)
    return one and not maps and stated and layer.pad != SAME and layer.count <= MOST_LAYERS


def _candidate(sentence: Sentence, mention: Mention, layer: Layer) -> Candidate | None:
    assert layer.kernel is not None
    assert layer.pad is not None
    stated = mention.piece.quantity
    spread = layer.dilation or (1, 1)
    less = spread[0] * (layer.kernel[0] - 1) - 2 * layer.pad[0]
    if stated is None or layer.kernel[0] != layer.kernel[1] or not 0 < less * layer.count < SIDE:
        return None
    window = Window(layer.kernel, (1, 1), layer.pad, spread)
    single = layer_source(window, 1, 1)
    stack = single if layer.count == 1 else f"nn.Sequential({', '.join([single] * layer.count)})"
    lost = f"({SIDE} - output({stack}, (1, {SIDE}, {SIDE}))[-1])"
    times = f"{layer.count}·" if layer.count > 1 else ""
    pads = f" - 2·{layer.pad[0]}" if layer.pad[0] else ""
    how = f"{times}({layer.kernel[0]}-1{pads}) = {less * layer.count}"
    both = Reading(Fraction(less * layer.count), how, lost)
    half = Reading(Fraction(less * layer.count, 2), f"{how}, half on each side", f"{lost} / 2")
    bordered = bool(sentence.words & BORDERS) and not sentence.has(*AXES)
    readings = (
        (half, replace(both, doubtful=True)) if bordered else (both, replace(half, doubtful=True))
    )
    return claiming(KIND, sentence, mention.piece, stated, readings, used=layer.used)
