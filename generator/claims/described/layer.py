"""A described layer, and what layers take over from those before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.claims.passage import Sentence

Pair = tuple[int, int]
SAME: Pair = (-1, -1)  # padding that keeps the size at stride 1
SLIDING = ("conv", "transposed", "depthwise", "pointwise", "separable")
WINDOWLESS = ("fc", "lstm", "gru", "rnn", "embedding", "norm")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as far as a sentence describes it; ``used`` are the offsets of the numbers that do.

    ``first`` and ``last`` are indices of pieces, ``count`` how many equal ones are spoken of, ``bias``
    whether it is said to have biases. Unsaid is ``None``.
    """

    kind: str
    sentence: int
    first: int
    last: int
    kernel: Pair | None = None
    depth: int | None = None
    filters: int | None = None
    inputs: int | None = None
    channels: int | None = None
    colours: int | None = None
    stride: Pair | None = None
    pad: Pair | None = None
    dilation: Pair | None = None
    groups: int | None = None
    count: int = 1
    bias: bool | None = None
    code: bool = False
    named: bool = True  # a word says that it is one
    inherited: bool = False  # its inputs are what the layer before makes
    varies: bool = False  # it may stand in place of the one before it: "stride 1 …, stride 2 …"
    used: tuple[int, ...] = ()

    @property
    def inflow(self) -> int | None:
        """How many channels come in, where the layer's own words say it."""
        if self.kind == "fc":
            return self.inputs
        for each in (self.inputs, self.depth, self.channels, self.colours):
            if each is not None:
                return each
        return None

    @property
    def outflow(self) -> int | None:
        """How many channels go out, where the layer's own words say it."""
        if self.filters is None and self.kind in ("depthwise", "norm"):
            return self.inflow
        return self.filters if self.filters is not None else self.channels


def connected(found: Sequence[Layer], sentences: Sequence[Sentence]) -> tuple[Layer, ...]:
    """Let each layer take over what it does not say from the one before it.

    Its inputs are what that one makes. "The same with 5×5" has all of its channels; channels that are
    "kept throughout" are those of the next layer, too.
    """
    out: list[Layer] = []
    for each in found:
        before = out[-1] if out else None
        if before is not None:
            each = _taking_over(each, before, again=_again(sentences[each.sentence], each, before))
        if each.kind != "again":
            out.append(each)
    for at, (one, other) in enumerate(pairwise(out)):
        if one.kind == "norm" and one.outflow is None and other.sentence == one.sentence:
            out[at] = replace(one, channels=other.outflow)  # "batch norm after a layer with …"
    return tuple(out)


def _again(sentence: Sentence, each: Layer, before: Layer) -> bool:
    """Whether a sentence speaks of the layer before it with one thing changed: "the same with 5×5", "with
    5×5 filters instead it would be"."""
    words = {piece.word.lower() for piece in sentence.pieces}
    supposed = words & {"instead", "would", "had", "it'd", "they'd"}
    return sentence.has("same") or (bool(supposed) and each.sentence != before.sentence)


def _taking_over(each: Layer, before: Layer, *, again: bool) -> Layer:
    silent = each.filters is None and each.channels is None
    if each.kind == "again" or (again and each.inflow is None and silent):
        kind = before.kind if each.kind == "again" else each.kind
        return replace(
            each, kind=kind, inputs=before.inflow, filters=before.outflow,
            kernel=each.kernel or before.kernel, stride=each.stride or before.stride,
            pad=each.pad or before.pad,
        )  # fmt: skip
    if each.kind in ("norm", "pool"):
        return replace(each, channels=before.outflow) if silent else each
    if before.kind == "norm" or (each.kind in (*SLIDING, "pool") and before.kind in WINDOWLESS):
        return each
    if each.kind == "conv" and each.kernel is None and each.filters is not None:
        # "ten filters of 3×3×3 …, twenty": the same ones
        return replace(
            each, kernel=before.kernel, depth=each.depth or before.depth,
            inputs=each.inputs if each.inputs is not None else before.inflow,
        )  # fmt: skip
    if before.channels is not None and silent and each.inflow is None:
        return replace(each, channels=before.channels)
    if each.inflow is None and before.outflow is not None:
        return replace(each, inputs=before.outflow, inherited=True)
    return each


def numbered(found: Sequence[Layer]) -> Iterator[Layer]:
    """Give every layer as often as it is counted."""
    for each in found:
        for _ in range(min(each.count, 20)):
            yield replace(each, count=1)
