"""What the described convolutions cost: multiplications, or operations of which each has two.

A layer's cost is that of the map it reads, or of the map it makes; which of them the statement gives is
tried both ways. Where a 1×1 layer is put before another one, the cost may be that of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.about import Count, compared, counted, open_beside
from generator.claims.described.counts import added
from generator.claims.described.layer import SAME, Layer, Pair
from generator.claims.described.senses import Sense
from generator.claims.layers import LARGEST, Window, conv_cost, linear_parameters
from generator.claims.lexicon import wordset

KIND = "cost"

COSTS = (Sense.PRODUCTS, Sense.FLOPS)
LABELS = {
    **dict.fromkeys(("depthwise", "pointwise", "separable"), ""),
    "standard": "conv",
    "full": "conv",
}
LABELS |= {name: name for name, kind in LABELS.items() if not kind}
SQUEEZING = wordset(
    "squeeze squeezes squeezing squeezed bottleneck reduce reduces reducing compress compressing first"
)
ENDS = (":", ";", "instead", "against", "versus", "vs")
PRICED = ("conv", "depthwise", "pointwise", "separable")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find costs of described convolutions."""
    if not any(each.has("mult", "mac", "operation", "flop") for each in context.sentences):
        return
    for count in counted(context.course, COSTS):
        found = _candidate(count)
        if found is not None:
            yield found


def _candidate(count: Count) -> Candidate | None:
    mention = count.said.mention
    stated = mention.piece.quantity
    if stated is None or compared(count):
        return None
    alone = _squeezed_first(count)
    readings = alone or [each for group in count.groups for each in _together(count, group)]
    if not readings:
        return None
    natural = alone or _together(count, count.groups[0])
    squeezed = [] if alone else _squeezed(count)
    second = count.before != (-1, -1) and not count.sure
    if squeezed and second:
        readings, natural = [*squeezed, *readings], squeezed  # "… down to 12.4M"
    else:
        readings += squeezed
    used = {offset for group in count.groups for each in group for offset in each.used}
    used |= {each.mention.piece.start for each in count.read.maps()}
    return claiming(
        KIND,
        count.sentence,
        mention.piece,
        stated,
        distinct(readings),
        expected=f"{stated.text} multiplications",
        affirm_only=not ((count.sure or _label(count) or (second and squeezed)) and natural)
        or (not alone and not squeezed and _in_front(count))
        or open_beside(count),
        used=tuple(sorted(used)),
    )


# ------------------------------------------------------------------ readings


def _together(count: Count, group: Sequence[Layer]) -> list[Reading]:
    """What layers cost together: on each map that may be meant; none if one is not known."""
    found = []
    for size in _sizes(count):
        for inside in (True, False):
            parts = [_prices(count, each, size, inside=inside) for each in group]
            if parts and all(parts):
                pairs = zip(parts, group, strict=True)
                found.append(added([part[0] for part, each in pairs for _ in range(each.count)]))
            if len(group) == 1:
                found += parts[0]
    if all(each.kind == "fc" for each in group):
        counts = [
            linear_parameters(each.inputs or 0, each.outflow or 0, bias=False) for each in group
        ]
        found += [added(counts)] if all(each.inputs and each.outflow for each in group) else []
    if count.said.mention.sense is Sense.FLOPS:
        found += [_twice(each) for each in found]
    return found


def _label(count: Count) -> str:
    """Which convolution a cost is said to be of: what its clause says last before it, else after it."""
    pieces, at = count.sentence.pieces, count.said.mention.index
    if _both_steps([each.gist for each in pieces[:at]]):
        return "separable"
    for back in range(at - 1, -1, -1):
        gist = pieces[back].gist
        if gist in (",", ";", "instead", "lessthan", "than", "against", "versus", "vs"):
            break
        if gist in LABELS:
            separable = gist == "depthwise" and pieces[back + 1].gist == "separable"
            return "separable" if separable else LABELS[gist]
    for each in pieces[at + 1 : at + 7]:
        if each.gist in (",", ";", ")"):
            break
        if each.gist in LABELS:
            return LABELS[each.gist]
    return ""


def _both_steps(before: Sequence[str]) -> bool:
    """Whether a cost is that of both steps of a separable one: "depthwise 432 + pointwise 240 = 672"."""
    clause = list(before[max((at for at in range(len(before)) if before[at] in ENDS), default=0) :])
    summed = clause[-1:] in (["="], ["→"], ["together"]) or "altogether" in clause
    return summed and {"depthwise", "pointwise"} <= set(clause)


def _prices(count: Count, layer: Layer, size: Pair, *, inside: bool) -> list[Reading]:
    """A layer's cost for the channels that may go in, the likeliest first."""
    depth = _depth(count)
    inflows = dict.fromkeys([layer.inflow, depth] if layer.depth is None else [layer.inflow])
    if (
        layer.inherited
        and layer.kind in LABELS
        and depth
        and count.sentence.has("standard", "full")
    ):
        inflows = {depth: None}  # beside a normal convolution, on the same map
    kind = (_label(count) or layer.kind) if layer.kind in PRICED else layer.kind
    layer = _making(count, layer)
    found = [
        _price(replace(layer, kind=kind), each, size, inside=inside)
        for each in inflows
        if each is not None
    ]
    return [each for each in found if each is not None]


def _twice(each: Reading) -> Reading:
    assert isinstance(each.value, Fraction)
    return Reading(2 * each.value, f"2·({each.how})", f"2 * ({each.source})")


def _sizes(count: Count) -> list[Pair]:
    """The heights and widths of the statement's maps, the last before the count first."""
    found = []
    for each in reversed(count.read.maps()):
        values = each.mention.values
        if len(values) in (2, 3):
            a, b = values[:2]
            found.append(values[1:] if len(values) == 3 and values[1] == values[2] != a else (a, b))
    return list(dict.fromkeys(found))


def _price(layer: Layer, inflow: int, size: Pair, *, inside: bool) -> Reading | None:
    """A layer's cost where a map of this size goes in, or (``inside`` false) comes out."""
    kernel = layer.kernel or ((1, 1) if layer.kind == "pointwise" else None)
    out = layer.outflow
    if layer.kind not in PRICED or kernel is None or out is None:
        return None
    if 0 in kernel or max(inflow, out, *size) > LARGEST:
        return None
    stride = layer.stride or (1, 1)
    window = Window(kernel, stride, _padding(layer, kernel))
    if not inside:  # a map of that size comes out: any input that gives it costs the same
        window = Window(kernel, (1, 1), ((kernel[0] - 1) // 2, (kernel[1] - 1) // 2))
        if any(each % 2 == 0 for each in kernel):
            return None
    if 0 in stride:
        return None
    groups = layer.groups or 1
    match layer.kind:
        case "depthwise":
            return _reading(conv_cost(window, size, channels=inflow, filters=inflow, groups=inflow))
        case "pointwise":  # behind the depthwise one, or alone
            made = size if kernel == (1, 1) else _made(window, size)
            return _reading(conv_cost(Window((1, 1)), made, channels=inflow, filters=out))
        case "separable":
            deep = conv_cost(window, size, channels=inflow, filters=inflow, groups=inflow)
            made = _made(window, size)
            point = conv_cost(Window((1, 1)), made, channels=inflow, filters=out)
            both = [_reading(deep), _reading(point)]
            return added([each for each in both if each is not None]) if all(both) else None
        case _:
            if inflow % groups or out % groups:
                return None
            return _reading(conv_cost(window, size, channels=inflow, filters=out, groups=groups))


def _made(window: Window, size: Pair) -> Pair:
    sides = [
        (n + 2 * p - k) // s + 1
        for n, p, k, s in zip(size, window.padding, window.kernel, window.stride, strict=True)
    ]
    return sides[0], sides[1]


def _padding(layer: Layer, kernel: Pair) -> Pair:
    if layer.pad == SAME:
        return (kernel[0] - 1) // 2, (kernel[1] - 1) // 2
    return layer.pad or (0, 0)


def _reading(cost: tuple[int, str, str] | None) -> Reading | None:
    return Reading(Fraction(cost[0]), cost[1], cost[2]) if cost is not None else None


def _depth(count: Count) -> int | None:
    """The channels of the statement's map, where it has three sides."""
    solid = [each.mention.values for each in count.read.maps() if len(each.mention.values) == 3]
    if not solid:
        return None
    return _channels(solid[0])


def _channels(solid: Sequence[int]) -> int:
    a, b, c = solid
    return a if b == c != a else c


def _making(count: Count, layer: Layer) -> Layer:
    """A convolution that says nothing of its filters, with those of the map that it makes: "from 14×14×512
    to 14×14×128 with 3×3 filters"."""
    solid = [each for each in count.read.maps() if len(each.mention.values) == 3]
    if layer.kind != "conv" or layer.outflow is not None or len(solid) != 2:
        return layer
    taken, made = solid
    pieces = count.read.sentences[made.sentence].pieces
    before = pieces[made.mention.index - 1].gist if made.mention.index else ""
    if taken.sentence != made.sentence or before not in ("to", "into", "→"):
        return layer
    return replace(layer, filters=_channels(made.mention.values))


# ------------------------------------------------------------------ a 1×1 layer in front


def _squeezed_first(count: Count) -> list[Reading]:
    """Read "squeezing 28×28×192 to 16 channels first costs 2.4M, the 5×5 conv …": a 1×1 layer alone."""
    layer, inflow = count.groups[0][0] if count.groups else None, _depth(count)
    ahead = layer is not None and (layer.sentence, layer.first) > count.said.place
    if layer is None or not ahead or not inflow or not count.sentence.has(*SQUEEZING):
        return []
    narrow = [
        each.mention.values[0]
        for each in count.read.numbers
        if each.mention.sense in (Sense.CHANNELS, Sense.OUTPUTS, Sense.FILTERS)
        and each.sentence == count.said.sentence
        and each.place < count.said.place
        and each.mention.values
    ]
    one = replace(
        layer, kernel=(1, 1), inputs=inflow, filters=narrow[-1] if narrow else None, count=1
    )
    return _together(count, [one])


def _in_front(count: Count) -> bool:
    """Whether a cost is said beside a 1×1 layer in front of another one: it may be that of both."""
    own = count.groups[0] if count.groups else ()
    others = [each for each in count.read.layers if each.kind in PRICED and each not in own]
    thin = own and all(each.kernel == (1, 1) for each in own)
    return bool(thin and others) and count.sentence.has(*SQUEEZING, "front", "before", "via")


def _squeezed(count: Count) -> list[Reading]:
    """The cost of a 1×1 layer and of the other one behind it, wherever they stand in the text."""
    layers = [each for each in count.read.layers if each.kind in PRICED]
    small = [each for each in layers if each.kernel == (1, 1) or each.kind == "pointwise"]
    large = [
        _making(count, each) for each in layers if each not in small and each.kernel is not None
    ]
    inflow = _depth(count)
    implied = not small and len(large) == 1 and count.sentence.has(*SQUEEZING)
    if implied and inflow is not None and large[0].inflow not in (None, inflow):
        # "squeezing 28×28×192 to 16 channels before a 5×5": a 1×1 layer without a name
        small = [replace(large[0], kernel=(1, 1), filters=large[0].inflow, channels=None)]
    if len(small) != 1 or len(large) != 1 or inflow is None:
        return []
    narrow = small[0].outflow
    if narrow is None:
        return []
    pair = (
        replace(small[0], kernel=(1, 1), inputs=inflow, filters=narrow, depth=None),
        replace(large[0], inputs=narrow, depth=None),
    )
    return _together(count, pair)
