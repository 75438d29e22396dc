"""Sizes of maps that go through the layers a statement describes.

Maps and layers are read in the order of the text: a map is what the layers between it and the map
before make of that one; where none stand between, what the layer named before (or right after) does.
Any other pairing of a layer with an earlier map makes a size true as well, and none makes it false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.architectures.ir import Shape
from generator.architectures.operations import ShapeError
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.company import goes_to
from generator.claims.described.layer import SAME, Layer, numbered
from generator.claims.described.senses import Sense
from generator.claims.described.stages import Role, Stage, stages_of
from generator.claims.described.statement import Course, states
from generator.claims.layers import (
    LARGEST,
    Window,
    arranged,
    layer_source,
    window_how,
    window_shape,
)
from generator.claims.lexicon import wordset
from generator.claims.lopsided import ONE_WAY
from generator.claims.passage import Sentence

KIND = "output size"

SLIDING = ("conv", "pool", "transposed", "depthwise", "pointwise", "pad")
TOPIC = wordset(
    "conv convolve filter filters pool stride pad cnn cnns convnet convolutional layer layers fmap image "
    "kernel_size conv2d transposed depthwise dilation network networks vision"
)
OTHER_SUBJECTS = wordset("grows grow varies regardless whatever loss removed epochs")
ENLARGING = wordset("doubles double doubling upsamples upsample upsampling up-sampling enlarges")
HALVING = wordset("halves halve halving halved")
CHANGED = wordset(
    "switch set setting turn enable enabled change changed ceil_mode ceil ceiling rounding mode otherwise else "
    "drop drops without same now instead another again remove removing"
)
MOST_VARIANTS = 60
MEANS = wordset("( lessthan by with through via after using under use at for")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find sizes of maps."""
    read = context.course
    layers = [_spoken(context, each) for each in read.layers if each.kind in SLIDING]
    layers = [each for each in layers if each.kernel is not None or each.kind == "pool"]
    if (
        not layers
        or not (context.speaks_of(*TOPIC) or any(map(_in_notation, context.sentences)))
        or any(_other_subject(each) for each in context.sentences)
    ):
        return
    stages = _restarted(list(stages_of(read)))
    flat = any((e.kernel or (1, 1))[1] == 1 < (e.kernel or (1, 1))[0] for e in layers)
    if flat and any(each.order == "hw" for each in stages):
        return  # length × channels, not height × width
    for nth, stage in enumerate(stages):
        sentence = read.sentences[stage.said.sentence]
        if not states(sentence, stage.said.mention.index):
            continue
        found = _candidate(read, layers, stages, nth)
        if found is not None:
            yield found


def _restarted(stages: list[Stage]) -> list[Stage]:
    """Leave out a map that a chain of sides begins with again: "from 41×41 …: 41 → 39 → 18"."""
    again = len(stages) > 2 and stages[0].shape[1:] == stages[1].shape[1:]
    sides = again and stages[0].order != "side" and stages[1].order == stages[2].order == "side"
    return stages[1:] if sides else stages


def _other_subject(sentence: Sentence) -> bool:
    """Whether a sentence is about something else, or a size that nothing here computes."""
    none = "without output-pad" in sentence.gist or _zero_output_padding(sentence)
    extra = sentence.has("output-pad", "output_padding") and not none
    return extra or sentence.has(*OTHER_SUBJECTS)


def _in_notation(sentence: Sentence) -> bool:
    """Whether a sentence writes a convolution as such: "6×6 ∗ 3×3 = 4×4"."""
    pieces = sentence.pieces
    return any(
        each.gist in ("x", "*") and pieces[at - 1].size and pieces[at + 1].size
        for at, each in enumerate(pieces[:-1])
        if at
    )


def _zero_output_padding(sentence: Sentence) -> bool:
    pieces = sentence.pieces
    return any(
        each.gist in ("output-pad", "output_padding")
        and any(e.quantity is not None and e.quantity.value == 0 for e in pieces[at + 1 : at + 3])
        for at, each in enumerate(pieces)
    )


def _spoken(context: Context, layer: Layer) -> Layer:
    """A layer with what its sentence or the heading says of its kind: that it enlarges, or halves."""
    sentence = context.sentences[layer.sentence]
    enlarges = bool(sentence.words & ENLARGING)
    if layer.kind == "conv" and ("transposed" in context.heading or enlarges):
        return replace(layer, kind="transposed")
    if layer.kind == "transposed" and layer.kernel is None and enlarges:
        return replace(layer, kernel=(2, 2), stride=(2, 2))
    if layer.kind == "pool" and layer.kernel is None and sentence.words & HALVING:
        return replace(layer, kernel=(2, 2), stride=(2, 2))
    return layer


# ------------------------------------------------------------------ what makes them


def _candidate(
    read: Course, layers: Sequence[Layer], stages: Sequence[Stage], nth: int
) -> Candidate | None:
    stage = stages[nth]
    before = _input_of(stages, nth)
    if before is None or stage.role is Role.IN or _restated(read, before, stage):
        return None
    listed = _in_one_order(layers, stages, nth)
    natural, placed = _between(read, layers, stages, nth) if listed is None else ([listed], True)
    readings = list(_readings(natural, before, stage))
    if len(natural) == 1 and natural[0].varies:
        instead = list(_instead(layers, natural[0], stages, stage))
        if instead:
            readings = [*instead, *(replace(each, doubtful=True) for each in readings)]
    sure = bool(readings) and placed and _certain(read, layers, natural, stages, nth)
    if listed is None and not _on_its_way(read, natural, before, stage):
        readings += _otherwise(layers, stages, nth)
    if not readings:
        return None
    piece = stage.said.mention.piece
    used = {offset for each in layers for offset in each.used}
    used |= {each.said.mention.piece.start for each in stages}
    here = read.sentences[stage.said.sentence]
    used |= {each.start for each in here.pieces if each.numeral}
    used |= {e.mention.piece.start for e in read.numbers if e.mention.sense is Sense.BATCH}
    return claiming(
        KIND,
        here,
        piece,
        piece.size or piece.quantity,  # type: ignore[arg-type]
        distinct(readings),
        expected="" if piece.size else piece.quantity.text,  # type: ignore[union-attr]
        affirm_only=not sure,
        used=tuple(sorted(used)),
    )


def _certain(
    read: Course,
    layers: Sequence[Layer],
    natural: Sequence[Layer],
    stages: Sequence[Stage],
    nth: int,
) -> bool:
    """Whether a map is said to be what these layers make, so that another size is wrong."""
    stage, before = stages[nth], stages[max(0, nth - 1)]
    here = read.sentences[stage.said.sentence]
    at = stage.said.mention.index
    told = natural[-1].varies and 0 < at - natural[-1].last <= 2  # "…, with padding 2 28×28"
    comes_out = stage.role is Role.OUT or told or bool(_behind(read, layers, stage))
    own = all(each.sentence == stage.said.sentence for each in natural)
    near = own or (len(layers) == 1 and not here.words & CHANGED)
    counts = stage.order == "side" and here.has("parameter", "weight")
    described = all(each.kernel is not None and each.named for each in natural)
    described = described and not any(_of_two(read, each) for each in natural)
    one_way = len(set(stage.shape[1:])) > 1 and _one_way(read, stages, nth)
    plain = not here.has("or") and not counts and not _changed(read, stage) and not one_way
    return comes_out and near and described and plain and _comparable(before, stage)


def _one_way(read: Course, stages: Sequence[Stage], nth: int) -> bool:
    """Whether the words around a map tell its sides apart; those behind it may be of the next one: "into
    28×28, with padding only at the top and bottom into 32×28"."""
    said = stages[nth].said
    pieces = read.sentences[said.sentence].pieces
    after = stages[nth + 1] if nth + 1 < len(stages) else None
    end = len(pieces)
    if after is not None and after.said.sentence == said.sentence and after.role is Role.OUT:
        between = [e.gist for e in pieces[said.mention.index + 1 : after.said.mention.index]]
        end = said.mention.index if between[:1] == [","] and between.count(",") == 1 else end
    return any(each.gist in ONE_WAY for each in pieces[:end])


def _of_two(read: Course, layer: Layer) -> bool:
    """Whether some of what is said of a layer stands behind "another", and so is of that one."""
    said = read.sentences[layer.sentence].pieces[layer.first + 1 : layer.last]
    return any(each.gist == "another" for each in said)


def _on_its_way(read: Course, natural: Sequence[Layer], before: Stage, stage: Stage) -> bool:
    """Whether one layer, or another such, stands between two maps of a chain: nothing else is meant."""
    if len(natural) != 1 or before.said.sentence != stage.said.sentence:
        return False
    first, last = before.said.mention.index, stage.said.mention.index
    layer = natural[0]
    between = {e.gist for e in read.sentences[stage.said.sentence].pieces[first + 1 : last]}
    inside = layer.sentence == stage.said.sentence and first < layer.first < last
    once_more = layer.sentence == stage.said.sentence and layer.last < first
    return (inside and bool({"→", "then"} & between)) or (once_more and "another" in between)


def _changed(read: Course, stage: Stage) -> bool:
    """Whether the sentence speaks of a stride or a padding that belongs to none of its layers."""
    taken = {offset for each in read.layers for offset in each.used}
    return any(
        each.sentence == stage.said.sentence
        and each.mention.sense in (Sense.STRIDE, Sense.PAD, Sense.DILATION)
        and each.mention.piece.start not in taken
        for each in read.numbers
    )


def _comparable(before: Stage, stage: Stage) -> bool:
    """Whether a number may be compared: a bare one beside a map may be anything."""
    named = stage.said.mention.sense in (Sense.SIDE, Sense.MAP)
    return named or before.order == stage.order == "side"


def _input_of(stages: Sequence[Stage], nth: int) -> Stage | None:
    """The map that goes in: the one before, else one after it that the words say goes in."""
    if nth:
        return stages[nth - 1]
    after = [each for each in stages if each.role is Role.IN]
    return after[0] if after and stages[nth].role is Role.OUT else None


def _otherwise(layers: Sequence[Layer], stages: Sequence[Stage], nth: int) -> Iterator[Reading]:
    """Other pairings: any layer, with any stride and padding spoken of, and any other map."""
    stage = stages[nth]
    windows = [each for each in layers if each.kind != "pad"]
    strides = {each.stride for each in windows}
    pads = {each.pad for each in windows}
    kinds = {each.kind for each in windows if each.kind != "pool"}
    variants = {
        replace(each, stride=stride, pad=pad, count=1, kind=kind)
        for each in windows
        for stride in strides
        for pad in pads
        for kind in ({each.kind} if each.kind == "pool" else kinds)
    }
    if len(variants) > MOST_VARIANTS:
        return
    counts = {layer.count for layer in layers}
    for source in stages:
        if source is stage:
            continue
        for each in sorted(variants, key=repr):
            for many in counts if len(stages) == 2 else counts | {1}:
                for reading in _readings([each] * many, source, stage):
                    yield replace(reading, doubtful=True)


def _instead(
    layers: Sequence[Layer], layer: Layer, stages: Sequence[Stage], stage: Stage
) -> Iterator[Reading]:
    """What a layer makes of the map that the layer it varies takes: "stride 1 → 5×5, stride 2 → 3×3"."""
    before = [
        each for each in layers if (each.sentence, each.first) < (layer.sentence, layer.first)
    ]
    while before and before[-1].varies:
        before.pop()
    sources = [
        each for each in stages if before and each.place < (before[-1].sentence, before[-1].last)
    ]
    if sources:
        yield from _readings([layer], sources[-1], stage)


def _restated(read: Course, before: Stage, stage: Stage) -> bool:
    """Whether a map is named again to go on with: "55 becomes 27, 27 becomes 13"."""
    if before.shape != stage.shape or before.said.sentence != stage.said.sentence:
        return False
    pieces = read.sentences[stage.said.sentence].pieces
    between = pieces[before.said.mention.index + 1 : stage.said.mention.index]
    on = goes_to(pieces, stage.said.mention.index) and between[-1:] and between[-1].gist != "→"
    return bool(on) or {each.gist for each in between} <= {",", "and", "then"}


def _in_one_order(layers: Sequence[Layer], stages: Sequence[Stage], nth: int) -> Layer | None:
    """Read "32 → 28 → 14 with a 5×5 convolution, 2×2 pooling": maps and layers in one order."""
    together = list(numbered(layers))
    if len(together) != len(stages) - 1 or len(together) < 2 or nth == 0:
        return None
    first, last = stages[0].place, stages[-1].place
    behind = all((each.sentence, each.first) > last for each in together)
    ahead = all((each.sentence, each.last) < first for each in together)
    return together[nth - 1] if behind or ahead else None


def _behind(read: Course, layers: Sequence[Layer], stage: Stage) -> list[Layer]:
    """The layer that is named right after what it makes: "224 → 112 by the 7×7/2 conv"."""
    pieces = read.sentences[stage.said.sentence].pieces
    at = stage.said.mention.index + 1
    if at >= len(pieces) or pieces[at].gist not in MEANS:
        return []
    after = [e for e in layers if e.sentence == stage.said.sentence and e.first > at]
    near = after and not {each.gist for each in pieces[at : after[0].first]} & {
        ",",
        "then",
        "→",
        ";",
    }
    return list(numbered(after[:1])) if near else []


def _chain_end(read: Course, stages: Sequence[Stage], nth: int) -> int:
    """The last of the maps that arrows lead to from one: "572 → 570 → 568 with 3×3 convolutions"."""
    while nth + 1 < len(stages):
        one, other = stages[nth].said, stages[nth + 1].said
        pieces = read.sentences[one.sentence].pieces[one.mention.index + 1 : other.mention.index]
        if one.sentence != other.sentence or [each.gist for each in pieces] != ["→"]:
            break
        nth += 1
    return nth


def _between(
    read: Course, layers: Sequence[Layer], stages: Sequence[Stage], nth: int
) -> tuple[list[Layer], bool]:
    """The layers that a map has gone through since the one before it, and whether they stand there."""
    stage, before = stages[nth], _input_of(stages, nth) or stages[nth]
    leading = bool(_behind(read, layers, stages[0]))  # "28×28 (3×3 convolution) → 26×26"
    end = _chain_end(read, stages, nth)
    chain = [] if leading else _behind(read, layers, stages[end])
    if chain:
        ends = nth > 1 and _chain_end(read, stages, nth - 1) == nth
        step = end != nth or (ends and len(chain) > 1)
        return [replace(chain[0], count=1)] if step else chain, True
    spent = [] if leading else _behind(read, layers, before)
    inside = [
        each
        for each in layers
        if before.place < (each.sentence, each.last) and (each.sentence, each.first) < stage.place
    ]
    inside = [each for each in inside if replace(each, count=1) not in spent]
    if inside:
        return list(numbered(inside)), True
    last = [each for each in layers if (each.sentence, each.first) < before.place]
    if last:
        alone = before is stages[0] and stage is stages[-1]
        return list(numbered(last)) if alone else [replace(last[-1], count=1)], True
    after = [each for each in layers if (each.sentence, each.first) > stage.place]
    return after[:1], False


# ------------------------------------------------------------------ readings


def _readings(layers: Sequence[Layer], source: Stage, stage: Stage) -> Iterator[Reading]:
    """What layers make of a map, as the other one is written; with a doubt where padding is open."""
    plain = _through(layers, source, stage, padded=False) if layers else None
    if plain is None:
        return
    yield plain
    if stage.order == "side" and any(len(set(each.kernel or (1,))) > 1 for each in layers):
        # "a 3×5 filter": who says which of the two is the height?
        turned = [replace(e, kernel=e.kernel[::-1]) if e.kernel else e for e in layers]
        other = _through(turned, source, stage, padded=False)
        if other is not None:
            yield replace(other, doubtful=True)
    sides = source.shape[1:]
    whole = all(side % _window(e, padded=False).stride[0] == 0 for e in layers for side in sides)
    if whole and any(_open(each) for each in layers):
        padded = _through(layers, source, stage, padded=True)
        if padded is not None and padded.value != plain.value:
            yield replace(padded, how="with padding that is not mentioned", doubtful=True)
    for overlapping in _overlapping(layers):
        found = _through(overlapping, source, stage, padded=False)
        if found is not None and found.value != plain.value:
            yield found


def _overlapping(layers: Sequence[Layer]) -> Iterator[list[Layer]]:
    """Layers with the steps of two that 3×3 pooling takes in AlexNet and, padded, in ResNet, where no
    stride is stated."""
    open_ones = [
        each.kind == "pool" and each.stride is None and each.kernel == (3, 3) for each in layers
    ]
    if not any(open_ones):
        return
    for pad in (0, 1):
        yield [
            replace(each, stride=(2, 2), pad=each.pad or (pad, pad)) if is_open else each
            for each, is_open in zip(layers, open_ones, strict=True)
        ]


def _open(layer: Layer) -> bool:
    """Whether nothing is said of a layer's padding."""
    return layer.pad is None and layer.kernel is not None and max(layer.kernel) > 1


def _window(layer: Layer, *, padded: bool) -> Window:
    kernel = layer.kernel or (2, 2)  # pooling of which nothing is said
    stride = layer.stride or (kernel if layer.kind == "pool" else (1, 1))
    dilation = layer.dilation or (1, 1)
    kept = (kernel[0] - 1) * dilation[0] // 2, (kernel[1] - 1) * dilation[1] // 2
    pad = layer.pad if layer.pad is not None else (kept if padded else (0, 0))
    kind = layer.kind if layer.kind in ("pool", "transposed", "pad") else "conv"
    return Window(kernel, stride, kept if pad == SAME else pad, dilation, kind)


def _through(
    layers: Sequence[Layer], source: Stage, stage: Stage, *, padded: bool
) -> Reading | None:
    channels = source.shape[0] or layers[0].inflow or 1
    shape: Shape = (channels, source.shape[1], source.shape[2])
    sources, how, side = [], "", stage.order == "side"
    for nth, each in enumerate(layers):
        window = _window(each, padded=padded)
        if (
            0 in window.kernel
            or 0 in window.stride
            or 0 in window.dilation
            or min(window.padding) < 0
        ):
            return None
        made = _made(each, shape[0], stage, last=nth == len(layers) - 1)
        if max(made, *shape) > LARGEST:
            return None
        sources.append(layer_source(window, shape[0], made))
        how = window_how(window, shape[-1], 1) if side else window_how(window, shape[1])
        try:
            shape = window_shape(window, shape, made)
        except ShapeError:
            return None
    layer = sources[0] if len(sources) == 1 else f"nn.Sequential({', '.join(sources)})"
    measured = f"output({layer}, {(channels, source.shape[1], source.shape[2])})"
    value, code = arranged(shape, measured, stage.order)
    if stage.batch is not None:
        batch = source.batch if source.batch is not None else stage.batch
        assert isinstance(value, tuple)
        value, code = (batch, *value), f"({batch}, *{code})"
    if len(layers) > 1:
        how = f"{len(layers)} layers; the last: {how}"
    return Reading(value if isinstance(value, Fraction) else tuple(value), how, code)


def _made(layer: Layer, channels: int, stage: Stage, *, last: bool) -> int:
    """How many maps a layer makes: what is said, else what the note states."""
    if layer.kind in ("pool", "depthwise", "pad"):
        return channels
    if layer.filters is not None:
        return layer.filters
    if layer.channels is not None and layer.inputs is None:
        return layer.channels
    return stage.shape[0] if last and stage.shape[0] else channels
