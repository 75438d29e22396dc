"""Small forms of a network class: the same structure, narrow and shallow enough to run in float64.

Input: a network class and the settings of its networks. Output: for each structure not seen before
one setting with fewer channels, blocks and classes, lowered to a :class:`Network` for a small image.
What a parameter means is read off its name and size: long numbers are widths, numbers of layers and
repeats are depths, everything else (kernels, strides, groups, switches) stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.architectures.arithmetic import ShapeError, parameters, shapes
from generator.architectures.ir import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    GroupNorm,
    Linear,
    Network,
    Op,
    PadShortcut,
)
from generator.architectures.model import ParamValue
from generator.emit.tests.tables import feature_node

CLASSES = 5
# Parameters that are neither widths nor depths, whatever their size.
FIXED = frozenset({"num_classes", "in_channels", "input_size", "groups", "round_nearest", "pool"})
FIXED_PARTS = ("kernel", "stride", "padding", "dilation", "size")
DEPTHS = frozenset({"layers", "n", "repeat", "repeats", "depth", "blocks_per_stage", "convs"})
NARROWEST = 4
SMALLEST_WIDTH = 12  # a number below is no width
WIDTH_DIVISORS = (16, 8, 4, 2, 1)
MAX_DEPTH = 2
SMALL_PARAMETERS = 400_000
LEAST_IMAGE = 32
IMAGE_STEP = 16

Params = Mapping[str, ParamValue]
Lower = Callable[[Params, Network], Network]


@dataclass(frozen=True, slots=True)
class Small:
    """A small form: ``name`` is the network it stands for, ``params`` are all settings."""

    name: str
    params: Params
    network: Network


def small_forms(
    forms: Iterable[tuple[str, Params, Network]], lower: Lower, errors: tuple[type[Exception], ...]
) -> tuple[Small, ...]:
    """Give the small forms that between them show every structure, in order.

    A form is left out if each of its operations, with what enters it, occurs in an earlier one.
    ``forms`` are (name, all parameters, network); ``lower`` builds a network from other parameters
    in place of one, and raises one of ``errors`` where it cannot be.
    """
    found: list[Small] = []
    seen: set[tuple[str, ...]] = set()
    for name, params, network in forms:
        patterns = structure(network)
        if not patterns <= seen:
            found.append(_smallest(name, params, network, lower, errors))
            seen |= patterns
    return tuple(found)


def structure(network: Network) -> set[tuple[str, ...]]:
    """List the kinds of operations with the kinds of what enters them, whatever the channels."""
    kinds = [_kind(each.op) for each in network.nodes]
    return {
        (node.output, kind, *(kinds[index] for index in node.inputs))
        for node, kind in zip(network.nodes, kinds, strict=True)
    }


def _kind(op: Op) -> str:
    """An operation without its channels; of groups only whether there is one, some, or one each."""
    match op:
        case Conv2d():
            grouped = 1 if op.groups == 1 else 2 if op.groups < op.in_channels else 3
            return repr(replace(op, in_channels=0, out_channels=0, groups=grouped))
        case Linear():
            return repr(replace(op, in_features=0, out_features=0))
        case BatchNorm2d() | BatchNorm1d() | GroupNorm():
            return repr(replace(op, features=0))
        case Dropout():
            return f"Dropout {op.p > 0}"
        case PadShortcut():
            return repr(replace(op, in_channels=0, out_channels=0))
        case _:
            return repr(op)


def _smallest(
    name: str,
    params: Params,
    original: Network,
    lower: Lower,
    errors: tuple[type[Exception], ...],
) -> Small:
    least, best = parameters(original), Small(name, params, original)
    for reduced in _reductions(params):
        try:
            network = lower(reduced, original)
        except errors:
            continue
        if (count := parameters(network)) < least:
            least, best = count, Small(name, reduced, network)
        if least <= SMALL_PARAMETERS:
            break
    return replace(best, network=on_small_image(best.network))


def _reductions(params: Params) -> Iterator[dict[str, ParamValue]]:
    """Give reduced settings, the narrowest first: tables and lists alone, which single numbers may
    be tied to, then all; the last one keeps widths and depths."""
    fewer = {**params, "num_classes": CLASSES} if "num_classes" in params else dict(params)
    for divisor in WIDTH_DIVISORS:
        reduced = {key: _reduced(key, value, divisor) for key, value in fewer.items()}
        yield {key: reduced[key] if isinstance(fewer[key], tuple) else fewer[key] for key in fewer}
        yield reduced
    yield fewer


def _reduced(name: str, value: ParamValue, divisor: int) -> ParamValue:
    match value:
        case bool() | str() | float():
            return value
        case int() if name in FIXED or any(part in name for part in FIXED_PARTS):
            return value
        case int() if name in DEPTHS:
            return min(value, MAX_DEPTH)
        case int():
            return value if value < SMALLEST_WIDTH else max(NARROWEST, value // divisor)
        case tuple() if name in DEPTHS:  # one stage of two blocks shows how blocks follow
            return tuple(min(each, 1 if i else MAX_DEPTH) for i, each in enumerate(_ints(value)))
        case tuple():
            return _told_apart(value, tuple(_reduced(name, each, divisor) for each in value))
        case Mapping():
            return {key: _reduced(key, each, divisor) for key, each in value.items()}
    return value


def _told_apart(
    values: tuple[ParamValue, ...], reduced: tuple[ParamValue, ...]
) -> tuple[ParamValue, ...]:
    """Keep different widths different where both have become the narrowest."""
    found: dict[ParamValue, int] = {}
    for value in sorted(set(_ints(values))):
        narrow = reduced[values.index(value)]
        assert isinstance(narrow, int)
        found[value] = max(narrow, max(found.values(), default=0) + 2) if narrow != value else value
    return tuple(
        found.get(value, each) if isinstance(value, int) else each
        for value, each in zip(values, reduced, strict=True)
    )


def _ints(values: tuple[ParamValue, ...]) -> list[int]:
    return [each for each in values if isinstance(each, int)]


def on_small_image(network: Network, *, training: bool = True) -> Network:
    """Choose a small square image: large enough for a last feature map of at least 2x2, so that the
    pooling after it has something to do, and for training if that is wanted.

    A network that flattens its feature map keeps its own size.
    """
    channels, *own = network.input_shape
    features = feature_node(network)
    for size in range(LEAST_IMAGE, min(own), IMAGE_STEP):
        image = (channels, size, size)
        try:
            known = shapes(network, image, training=training)
        except ShapeError:
            continue
        if min(known[features][1:]) >= 2:
            return replace(network, input_shape=image)
    return network
