"""With which power counts grow with what is changed, and the Python that measures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.claims.lexicon import wordset
from generator.claims.wording import Concept, Words

QUANTITIES: Mapping[str, Concept] = {
    "channels": wordset("channel multiplier α"),
    "filters": wordset("filters"),
    "kernel": wordset("filter kernel"),
    "map": wordset("image map fmap resolution picture height maps wide"),
    "input": wordset("input"),
    "stride": wordset("stride"),
    "length": wordset("length sequence sequences context token tokens t"),
    "heads": wordset("head heads"),
    "vocabulary": wordset("vocabulary vocab"),
    "width": wordset("width d_model d"),
}
NARROWED = wordset("pointwise multiplier network net thin thinner α alpha")
SMALL = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity that becomes ``factor`` times as large. ``sides`` are the sides it is on: of
    channels (in, out), of a map (height, width); 0 where nobody says."""

    what: str
    factor: Fraction
    sides: int = 0

    @classmethod
    def of(cls, what: str, factor: Fraction, words: Words, layer: str) -> Change | None:
        """The change of what a clause names; ``None`` where it stays open."""
        if what == "channels" or (what == "input" and words.has("channel")):
            what = "channels"
            both = words.has("both", "all", "multiplier") or (
                words.has("input") and words.has("output")
            )
            both = both or (words.has("in") and words.has("out"))
            both = both or (words.has("filters") and words.has("and"))
            one = words.has("input", "output", "one", "either")
            return cls(what, factor, 2 if both else 1 if one else 0)
        if what in ("width", "map") and layer == "conv" and _of_layers(words):
            several = words.has("each", "all", "both", "layers", NARROWED)
            return cls("channels", factor, 2 if several else 0)
        if layer == "conv" and what in ("map", "input", "width"):
            return _of_map(factor, words)
        if (
            what == "filters"
            and not words.has("number", "conv", "layer")
            and not words.has("doubling")
        ):
            return None
        return cls(what, factor)


def _of_layers(words: Words) -> bool:
    """Whether a width is the number of channels that layers have."""
    wide = words.has("width", "wide", "wider", "narrow", "thin", "multiplier")
    maps = words.has("image", "map", "fmap", "resolution", "picture", "height", "input")
    return wide and not maps and words.has(NARROWED, "layer", "conv")


def _of_map(factor: Fraction, words: Words) -> Change | None:
    if words.has("channel", "filters"):
        return None
    wide = words.has("width", "wide", "wider")
    high = words.has("height", "high", "tall", "higher")
    if wide != high:
        return Change("map", factor, 1)
    if not wide and words.has("large", "big", "larger", "bigger"):
        return None  # by its side or by its area
    return Change("map", factor, 2)


def power(layer: str, change: Change, target: str) -> tuple[int, ...]:
    """With which power of the factor a count grows; several where both may be meant."""
    match layer, change.what, target:
        case "conv", "channels", "weights" | "work":
            return (change.sides,) if change.sides else (1, 2)
        case "conv", "filters", "weights" | "work":
            return (1,)
        case "conv", "kernel", "weights" | "work":
            return (2,)
        case "conv", "map", "work":
            return (change.sides,)
        case ("conv", "map" | "stride", "weights") | ("attention", "heads" | "length", "weights"):
            return (0,)
        case "conv", "stride", "work":
            return (-2,)
        case ("attention", "length", "scores") | ("attention", "width", "weights"):
            return (2,)
        case "embedding", "vocabulary" | "width", "weights":
            return (1,)
        case _:
            return ()


def measured(layer: str, change: Change, target: str) -> str:
    """The ratio of the changed layer to the first, measured."""
    large = int(SMALL * change.factor)
    if target == "scores":
        return f"Fraction(torch.empty({large}, {large}).numel(), torch.empty({SMALL}, {SMALL}).numel())"
    if layer == "attention":
        width = large if change.what == "width" else SMALL
        heads = (2, max(1, int(2 * change.factor))) if change.what == "heads" else (2, 2)
        after = f'nn.MultiheadAttention({width}, {heads[1]}, bias=False, device="meta")'
        before = f'nn.MultiheadAttention({SMALL}, {heads[0]}, bias=False, device="meta")'
        return f"Fraction(parameters({after}), parameters({before}))"
    if layer == "embedding":
        rows, columns = (large, SMALL) if change.what == "vocabulary" else (SMALL, large)
        after, before = f"nn.Embedding({rows}, {columns})", f"nn.Embedding({SMALL}, {SMALL})"
        return f"Fraction(parameters({after}), parameters({before}))"
    return _convolved(change, target, large)


def _convolved(change: Change, target: str, large: int) -> str:
    inputs = large if change.what == "channels" and change.sides == 2 else SMALL
    outputs = large if change.what in ("channels", "filters") else SMALL
    kernels = (SMALL, large) if change.what == "kernel" else (1, 1)
    strided = change.what == "stride"
    pad = "" if strided else ', padding="same"'
    stride = f", stride={change.factor.numerator}" if strided else ""
    before = f'nn.Conv2d({SMALL}, {SMALL}, {kernels[0]}{pad}, bias=False, device="meta")'
    after = f'nn.Conv2d({inputs}, {outputs}, {kernels[1]}{pad}{stride}, bias=False, device="meta")'
    if target == "weights":
        return f"Fraction(parameters({after}), parameters({before}))"
    side = SMALL * (change.factor.numerator if strided else 1)
    height = large if change.what == "map" else side
    width = large if change.what == "map" and change.sides == 2 else side
    return (
        f"Fraction(multiply_adds({after}, ({inputs}, {height}, {width})), "
        f"multiply_adds({before}, ({SMALL}, {side}, {side})))"
    )
