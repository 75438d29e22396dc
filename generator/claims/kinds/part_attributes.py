"""What a number says of a part of a network: its unit, and the readings of a region in that unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from generator.architectures.ir import Conv2d, Linear
from generator.claims import anatomy, contents, measures, parts
from generator.claims.anatomy import Region
from generator.claims.candidate import Reading
from generator.claims.context import Context
from generator.claims.direction import direction
from generator.claims.lexicon import wordset
from generator.claims.listing import of_one_sort
from generator.claims.passage import Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, quantity, show
from generator.claims.scene import LARGEST_WINDOW

SKIPPED = wordset(
    "trainable learnable learned conv main different output own separate such free output scalar "
    "individual of the its pieces 3x3 bottleneck residual inception basic dense"
)
UNITS = {
    "parameter": "parameters",
    "weight": "parameters",
    "bias": "biases",
    "mac": "mac",
    "flop": "flop",
    "mult": "mult",
    "operation": "operation",
    "filters": "filters",
    "filter": "filters",
    "fmap": "maps",
    "map": "maps",
    "channel": "channels",
    "unit": "units",
    "input": "inputs",
    "features": "values",
    "feature": "values",
    "values": "values",
    "activation": "values",
    "activations": "values",
    "logits": "units",
    "class": "units",
    "pixel": "side",
    "pixels": "side",
    "px": "side",
    "conv": "conv",
    "layer": "layer",
    "pool": "pool",
    "block": "block",
    "bottlenecks": "block",
    "residual-blocks": "block",
    "modules": "module",
    "module": "module",
    "bn": "norm",
}
HEDGES = {
    **dict.fromkeys(("about", "~", "≈", "some"), Hedge.ABOUT),
    **dict.fromkeys(("morethan", "over", ">", "≥"), Hedge.OVER),
    **dict.fromkeys(("lessthan", "under", "<", "≤", "upto"), Hedge.UNDER),
}
COUNTED = ("parameters", "biases", "mac", "flop", "mult", "operation")
COUNTS = (*anatomy.GROUPS, *anatomy.LAYERS)
COMPUTING = wordset("mac flop mult operation compute computation cost")
WINDOW = wordset("filters filter conv kernel pool window windows")


@dataclass(frozen=True, slots=True)
class Said:
    """A stated number or size, what it counts, and whether the words leave no doubt of that."""

    stated: Quantity | tuple[int, ...]
    unit: str
    sure: bool = True
    bias: bool | None = None
    side: str = ""  # "takes", "makes": what goes in, what comes out
    given: Fraction = Fraction(0)  # "224 → 112": the number before the arrow


def stated_by(context: Context, sentence: Sentence, at: int) -> Said | None:
    """Read what the number or size at a place counts; ``None`` where nothing says it."""
    said = _stated(context, sentence, at)
    if said is None:
        return None
    side = direction(sentence, at)
    before = [each.gist for each in sentence.pieces[max(0, at - 2) : at]]
    if len(before) == 2 and before[0][0] == "#" and before[1] == "of":
        side = ""  # "makes 64 of 192 channels"
    size = said.stated if isinstance(said.stated, tuple) else ()
    told = bool(side) and bool(size)
    return replace(said, side=side, sure=said.sure or told)


def _stated(context: Context, sentence: Sentence, at: int) -> Said | None:
    piece = sentence.pieces[at]
    gists = [each.gist for each in sentence.pieces]
    if piece.sort is Sort.SIZE:
        if (
            piece.word == "tuple"
            or len(piece.size) not in (2, 3)
            or _unit(gists, at + 1) in COUNTED
        ):
            return None
        if gists[at + 1 : at + 2] in (["="], ["*"], ["x"]):
            return None
        if gists[at - 1 : at] == ["→"] and gists[at + 1 : at + 2] in (["→"], ["/"]):
            small = len(piece.size) == 2 and max(piece.size) <= LARGEST_WINDOW
            return None if small else _size(gists, at, piece.size)  # "299 → 3×3/2 → 149"
        return _size(gists, at, piece.size)
    if piece.quantity is None:
        return None
    written = context.passage.text[piece.start : piece.end].rstrip()
    if piece.sort is Sort.EXPRESSION and not written.endswith("%"):
        joined = gists[at + 1 : at + 2] in ([], [","], ["and"], ["channel"], [")"])
        summed = "+" in written and joined and "channel" in gists
        return Said(piece.quantity, "filters") if summed else None
    if piece.sort is Sort.EXPRESSION:
        stated = piece.quantity.hedged(_hedge(gists, at))
        return _share(context, gists, at + 1, stated)
    if gists[at + 1 : at + 2] in (["%"], ["percent"]):
        stated = piece.quantity
        part = replace(
            stated, value=stated.value / 100, place=stated.place / 100, coarse=stated.coarse / 100
        )
        return _share(context, gists, at + 2, replace(part, rounded=True))
    piece = replace(piece, quantity=piece.quantity.hedged(_hedge(gists, at)))
    assert piece.quantity is not None
    before = [
        each for each in gists[max(0, at - 3) : at] if each not in ("of", "=", ":", "a", "be")
    ]
    if before[-1:] in (["stride"], ["pad"]) or gists[at + 1 : at + 2] in (["stride"],):
        unit = "stride" if "stride" in gists[max(0, at - 3) : at + 2] else "pad"
        return Said(piece.quantity, unit)
    if "steps" in before:
        return Said(piece.quantity, "stride")
    unit = _side(gists, at) or _unit(gists, at + 1) or _of_all(gists, at)
    if unit:
        if piece.numeral and piece.quantity.value == 1:
            return None
        return Said(piece.quantity, unit, bias=_biased(gists, at))
    return _step(sentence, at, piece.quantity) or _bare(context, gists, at, piece.quantity)


def _of_all(gists: Sequence[str], at: int) -> str:
    """The maps that a number is said to be some of: "48 of the 96 maps"."""
    partial = gists[at + 1 : at + 2] == ["of"] and gists[at + 2 : at + 3] in (
        ["the"],
        ["its"],
        ["all"],
    )
    told = partial and gists[at + 3 : at + 4] and gists[at + 3][0] == "#"
    unit = _unit(gists, at + 4) if told else ""
    return unit if unit in ("maps", "channels") else ""


def _step(sentence: Sentence, at: int, stated: Quantity) -> Said | None:
    """Read what a part makes of a number: "turns 224 pixels into 55", "112 → 56"."""
    here = at - 1
    gists = [each.gist for each in sentence.pieces]
    if here < 1 or gists[here] not in ("→", "to", "into", "give"):
        return None
    while here > 1 and gists[here - 1] in ("pixel", "pixels", "px"):
        here -= 1
    before = sentence.pieces[here - 1]
    if before.sort is not Sort.NUMBER or before.quantity is None or not stated.exact:
        return None
    if gists[at + 1 : at + 2] in WAYS:
        return None
    return Said(stated, "step", given=before.quantity.value)


def arguments_said(name: str, value: tuple[int, ...], *, linear: bool) -> Iterator[Said]:
    """What an argument of a layer as code states."""
    if name == "kernel":
        yield Said((value[0], value[-1]), "kernel")
        return
    units = {"in": "inputs", "out": "units"} if linear else {"in": "in channels", "out": "filters"}
    unit = {**units, "stride": "stride", "pad": "pad"}.get(name)
    side = "makes" if name == "out" else ""
    if unit is not None:
        yield Said(quantity(value[0]) if len(set(value)) == 1 else value, unit, side=side)


def carried(sentence: Sentence, at: int) -> Said | None:
    """Read "19 in C3" after "6 filters in C1": what the number before counts."""
    piece = sentence.pieces[at]
    if piece.quantity is None or piece.sort is not Sort.NUMBER:
        return None
    if piece.numeral and piece.quantity.value == 1:
        return None  # "every one in stage 3"
    gists = [each.gist for each in sentence.pieces]
    units = [_unit(gists, here + 1) for here in range(at) if gists[here][0] == "#"]
    told = [each for each in units if each]
    sure = bool(told) and told[-1] in ("filters", "channels", *COUNTS)
    return Said(piece.quantity, told[-1]) if sure else None


def _side(gists: Sequence[str], at: int) -> str:
    """Whether a number is one end of "from 64 to 128 channels"."""
    joints = ("to", "→", "into")
    if gists[at + 1 : at + 2] and gists[at + 1] in joints and gists[at + 2 : at + 3]:
        behind = gists[at + 2][0] == "#" and _unit(gists, at + 3)
        return "in channels" if behind == "channels" else ""
    before = gists[max(0, at - 2) : at]
    if len(before) == 2 and before[1] in joints and before[0][0] == "#":
        return "filters" if _unit(gists, at + 1) == "channels" else ""
    return ""


def _hedge(gists: Sequence[str], at: int) -> Hedge:
    return HEDGES.get(gists[at - 1], Hedge.NONE) if at else Hedge.NONE


def _biased(gists: Sequence[str], at: int) -> bool | None:
    """Whether the words after a number say that it counts biases, or that it does not."""
    after = list(gists[at + 1 : at + 7])
    if "bias" not in after:
        return None
    before = set(after[: after.index("bias")])
    if before & {"and", "plus", "+"}:
        return None
    return not before & {"without", "not"}


def _unit(gists: Sequence[str], at: int) -> str:
    here = at
    told = False
    while here < len(gists) and here < at + 3 and gists[here] in SKIPPED:
        told = told or gists[here] in ("trainable", "learnable")
        if gists[here] == "conv" and gists[here + 1 : here + 2] not in (["weight"], ["parameter"]):
            break
        if gists[here] == "of" and gists[here + 1 : here + 2] == ["the"]:
            break
        here += 1
    word = gists[here] if here < len(gists) else ""
    if word == "numbers" and told:
        return "parameters"
    if word in ("input", "output") and gists[here + 1 : here + 2] == ["channel"]:
        return "filters" if word == "output" else "channels"
    return UNITS.get(word, "")


def _bare(context: Context, gists: Sequence[str], at: int, stated: Quantity) -> Said | None:
    """A large number without a noun counts what the statement speaks of."""
    if gists[at - 1 : at] == ["="] or gists[at + 1 : at + 2] in WAYS:
        return None
    listed = gists[at - 2 : at - 1] and gists[at - 2][0] == "#"
    onward = gists[at - 1 : at] in (["on"], ["to"], ["give"]) and not listed
    if stated.exact and "channel" in gists[:at] and onward:
        ended = gists[at + 1 : at + 2] in ([], [","], ["and"], [")"])
        return Said(stated, "channels") if ended else None  # "3b goes on to 480"
    if stated.value < 100:
        return None
    if gists[at - 1 : at] and gists[at - 1] in ("→", "to", "into", "×", "*"):
        return None
    after = gists[at + 1 : at + 2]
    if after and after[0] not in ENDS:
        return None
    words = {each.gist for one in context.sentences for each in one.pieces}
    computing, counting = words & COMPUTING, words & {"parameter", "weight"}
    if bool(computing) == bool(counting):
        return None
    if stated.value < 10**5 and not stated.rounded and not _counting_so_far(gists, at):
        return None
    return Said(stated, "mac" if computing else "parameters")


def _counting_so_far(gists: Sequence[str], at: int) -> bool:
    return bool({"parameter", "weight"} & set(gists[:at])) or gists[at - 1 : at] in HOLDING


WAYS = (["→"], ["to"], ["*"], ["×"], ["x"], ["+"])
HOLDING = (["have"], ["need"], ["another"], ["mere"], ["its"], ["only"])
ENDS = wordset(", . ; ) ( and or but while in of be which more once when as because for on at with")


def _share(context: Context, gists: Sequence[str], after: int, stated: Quantity) -> Said | None:
    """A share of the network's parameters, or of its multiply-adds."""
    near = list(gists[after : after + 6])
    if of_one_sort(gists):
        return None
    if near[:1] == ["of"]:
        noun = next((each for each in near[1:] if each not in ARTICLES), "")
        if noun and noun not in WHOLE and noun[0] not in "#":
            return None
    elif near and near[0] not in SHARE_ENDS:
        return None
    if set(near[:2]) & {"fewer", "less", "more"}:
        return None
    words = {each.gist for one in context.sentences for each in one.pieces}
    computing = bool(set(near) & COMPUTING) or (
        bool(words & COMPUTING) and not words & {"parameter", "weight"}
    )
    doubtful = bool(words & COMPUTING) and bool(words & {"parameter", "weight"})
    return Said(stated, "mac share" if computing else "share", sure=not doubtful)


SHARE_ENDS = wordset(", . ; : ) ( and or of lie sit are in be which while but")
ARTICLES = wordset("the all its total these those overall whole entire about ~ network's model")
WHOLE = wordset(
    "network net model parameter weight everything them whole total mac flop mult operation compute "
    "these those all"
)


def _size(gists: Sequence[str], at: int, size: tuple[int, ...]) -> Said:
    """A window or a map, by what stands around it; where nothing tells, either."""
    after = gists[at + 1 : at + 2]
    before = [each for each in gists[max(0, at - 4) : at] if each not in NEUTRAL]
    mapped = bool(after) and after[0] in ("map", "fmap", "volume")  # "the last conv's 14×14 maps"
    windowed = bool(before) and before[-1] in WINDOW and not mapped
    if (after and after[0] in WINDOW) or windowed:
        return Said(size, "kernel")
    placed = bool(before) and before[-1] in ("at", "on", "over", "map", "fmap", "output")
    square = (size[0] == size[1] or placed) and max(size) > LARGEST_WINDOW
    return Said(size, "size", sure=square or len(size) == 3)


LARGEST_KERNEL = 31
NEUTRAL = wordset("of size be a the = : with")


# ------------------------------------------------------------------ measuring


def attribute(region: Region, said: Said) -> list[Reading]:
    """Measure of a region what a number states."""
    unit = said.unit
    if unit == "parameters":
        return contents.parameters(region, bias=said.bias)
    if unit == "biases":
        return contents.biases(region)
    if unit in measures.COMPUTATION:
        return contents.costs(region, unit)
    if unit in ("share", "mac share"):
        return list(_shares(region, "mac" if unit.startswith("mac") else "parameters"))
    if unit in COUNTS:
        return [] if unit == "layer" and region.layer else contents.counted(region, unit)
    if unit in ("kernel", "size"):
        assert isinstance(said.stated, tuple)
        return list(_sizes(region, said, len(said.stated)))
    return list(_numbers(region, said))


def _shares(region: Region, measure: str) -> Iterator[Reading]:
    own = contents.parameters(region) if measure == "parameters" else contents.costs(region, "mac")
    for one, every in product(own, parts.whole(region.subject, measure)):
        assert isinstance(one.value, Fraction)
        assert isinstance(every.value, Fraction)
        value = one.value / every.value
        how = f"{show(one.value)}/{show(every.value)} = {show(value)}"
        yield Reading(value, how, f"Fraction({one.source}, {every.source})")


def _sizes(region: Region, said: Said, axes: int) -> Iterator[Reading]:
    unit = said.unit
    op = region.layer
    kernel = getattr(op, "kernel", None)
    assert isinstance(said.stated, tuple)
    fits = max(said.stated[:2]) <= LARGEST_KERNEL  # "a 224×224 picture" is no window
    if kernel is not None and fits and (axes == 2 or isinstance(op, Conv2d)):
        value = kernel if axes == 2 or not isinstance(op, Conv2d) else (*kernel, op.in_channels)
        layer = _layer(region)
        tail = "" if axes == 2 else f" + ({layer}.in_channels,)"
        shown = "×".join(map(str, value))
        source = f"({layer}.kernel_size if isinstance({layer}.kernel_size, tuple) else ({layer}.kernel_size,) * 2)"
        yield Reading(value, f"{region.label} has {shown} windows", f"{source}{tail}")
    if unit == "kernel":
        return
    for shape, source, verb in contents.maps(region):
        if len(shape) != 3 or said.side not in ("", verb):
            continue
        last = (*shape[1:], shape[0])
        shown = "×".join(map(str, last))
        how = f"{region.label} {verb} {shown}"
        if axes == 2:
            yield Reading(last[:2], how, f"({source})[1:]")
        elif axes == 3:
            yield Reading(last, how, f"channels_last({source})")
            yield Reading(shape, how, source)


SIDES = {"in channels": "takes", "filters": "makes"}


def _layer(region: Region) -> str:
    """The only convolution or pooling layer of a region in Python."""
    if len(region.nodes) == 1:
        return region.module
    kinds = "(nn.Conv2d, nn.Linear)" if not isinstance(region.layer, Linear) else "nn.Linear"
    return (
        f"[each for module in {region.modules} for each in module.modules() "
        f"if isinstance(each, {kinds})][0]"
    )


def _numbers(region: Region, said: Said) -> Iterator[Reading]:
    """Stride, padding, filters, channels, units, values and sides."""
    unit = said.unit
    op = region.layer
    layer = _layer(region)
    if unit in ("stride", "pad"):
        name = "stride" if unit == "stride" else "padding"
        value = getattr(op, name, None)
        if value is not None:
            how = f"{region.label} has {name} {value[0]}"
            if isinstance(said.stated, tuple):
                yield Reading(value, how, f"{layer}.{name}")
            source = f"({layer}.{name} if isinstance({layer}.{name}, int) else {layer}.{name}[0])"
            yield Reading(Fraction(value[0]), how, source)
        return
    pair = anatomy.ends(op)
    names = ("in_features", "out_features") if isinstance(op, Linear) else (
        "in_channels", "out_channels",
    )  # fmt: skip
    wanted = {
        "filters": (1,), "maps": (1,), "channels": (0, 1), "in channels": (0,), "units": (1, 0), "inputs": (0,),
        "values": (0, 1),
    }.get(unit, ())  # fmt: skip
    if unit == "values" and not isinstance(op, Linear):
        wanted = ()
    if unit in ("channels", "maps", "values", "units") and wanted and said.side:
        wanted = (0,) if said.side == "takes" else (1,)
    if pair is not None:
        for side in wanted:
            how = f"{region.label} has {names[side].replace('_', ' ')} {pair[side]:,}"
            yield Reading(Fraction(pair[side]), how, f"{layer}.{names[side]}")
        if 0 in wanted and isinstance(op, Conv2d) and op.groups > 1:
            each = op.in_channels // op.groups
            how = f"each filter of {region.label} sees {each} of {op.in_channels} channels"
            yield Reading(Fraction(each), how, f"{layer}.weight.shape[1]")
    elif unit in ("filters", "maps", "channels", "in channels"):
        for shape, source, verb in contents.maps(region):
            if len(shape) == 3 and verb in (SIDES.get(unit) or said.side or verb):
                how = f"{region.label} {verb} {shape[0]:,} channels"
                yield Reading(Fraction(shape[0]), how, f"({source})[0]")
    if pair is None and unit in ("filters", "maps", "channels"):
        yield from _inner(region)
    if unit == "step":
        yield from _steps(region, said)
    if unit in ("values", "side"):
        for shape, source, verb in contents.maps(region):
            if not shape:
                continue
            value = prod(shape) if unit == "values" else shape[-1]
            shown = "×".join(map(str, (*shape[1:], shape[0])))
            python = f"torch.Size({source}).numel()" if unit == "values" else f"({source})[-1]"
            yield Reading(Fraction(value), f"{region.label} {verb} {shown}", python)


def _inner(region: Region) -> Iterator[Reading]:
    """The channels inside a block or a branch, which may be meant, too."""
    for each in region.ops(Conv2d):
        pair = anatomy.ends(each)
        if pair is not None:
            how = f"{region.label} makes {pair[1]:,} channels inside"
            yield Reading(Fraction(pair[1]), how, doubtful=True)


def _steps(region: Region, said: Said) -> Iterator[Reading]:
    """The side a part makes of the one it takes, or the channels of the channels."""
    every = contents.maps(region) if region.layer is not None else []
    entry = next((shape for shape, _, verb in every if verb == "takes" and len(shape) == 3), None)
    if entry is None:
        return
    axis = 1 if said.given == entry[1] else 0
    if said.given != entry[axis]:
        return
    for shape, source, verb in every:
        if verb == "makes" and len(shape) == 3:
            how = f"{region.label} makes {shape[axis]} of {entry[axis]}"
            yield Reading(Fraction(shape[axis]), how, f"({source})[{axis}]")
