"""Layers while they are read: what has been said of them so far, and those written as code."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.claims.calls import LayerCall
from generator.claims.described.layer import Layer, Pair
from generator.claims.described.senses import Mention

TORCH = {
    "conv2d": "conv",
    "transposed": "transposed",
    "pool": "pool",
    "fc": "fc",
    "conv1d": "conv",
    "bn": "norm",
    "layernorm": "norm",
    "groupnorm": "norm",
}


@dataclass(slots=True)
class Draft:
    """A layer being read."""

    sentence: int
    first: int
    last: int
    kind: str = ""
    values: dict[str, int | Pair] = field(default_factory=dict)
    count: int = 1
    used: list[int] = field(default_factory=list)
    named: bool = False
    varies: bool = False  # the one before it, with one thing said again: "stride 1 …, stride 2 …"
    held: bool = False  # it stands before its count, whatever is said of it behind

    def note(self, name: str, value: int | Pair, mention: Mention) -> None:
        """Take a number that says something of the layer; what is known stays."""
        self.values.setdefault(name, value)
        self.used.append(mention.piece.start)
        self.reaches(mention.index)

    def reaches(self, at: int) -> None:
        """Let the layer's description reach a place."""
        self.last = self.last if self.held else max(self.last, at)

    def finished(self) -> Layer:
        """Give the layer."""
        self.named = self.named or (
            self.kind != "pad"
            and bool(self.kind or {"stride", "pad", "dilation"} & set(self.values))
        )
        kind = self.kind or "conv"
        return Layer(
            kind, self.sentence, self.first, self.last, count=self.count, named=self.named, varies=self.varies,
            used=tuple(self.used), **self.values,  # type: ignore[arg-type]
        )  # fmt: skip


def called(number: int, call: LayerCall) -> Layer:
    """A layer written as code, with torch's defaults."""
    kernel = call.pair("kernel", (0, 0)) if "kernel" in call.arguments else None
    if call.layer == "conv1d" and kernel is not None:
        kernel = (kernel[0], 1)
    step = (
        call.pair("stride", kernel or (1, 1))
        if call.layer == "pool"
        else call.pair("stride", (1, 1))
    )
    inputs = call.value("in", 0) or None
    if call.layer == "multiheadattention":
        inputs = call.value("out", 0) or None
    return Layer(
        TORCH.get(call.layer, call.layer),
        number,
        call.first,
        call.last - 1,
        kernel=kernel,
        filters=call.value("out", 0) or None,
        inputs=inputs,
        stride=step,
        pad=call.pair("pad", (0, 0)),
        dilation=call.pair("dilation", (1, 1)),
        groups=call.value("groups", 1),
        bias=call.bias,
        code=True,
        used=tuple(each.piece.start for each in call.arguments.values()),
    )
