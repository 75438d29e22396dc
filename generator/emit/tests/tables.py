"""A network as the lines of a test file: one call of ``reference.py`` per operation.

Input: a :class:`Network`. Output: Python source of a ``Network(...)`` literal, made of checked
literals only, and the same facts in numbers and digests as ``checks.py`` finds them on a model.
What a layer says of itself (:func:`layer_calls`) is written here a second time on purpose: the
generator computes it from the IR, the test file from the model.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import assert_never

from generator.architectures.arithmetic import (
    ShapeError,
    macs,
    parameters,
    shapes,
    state_manifest,
)
from generator.architectures.ir import (
    LEAKY_SLOPE,
    Activation,
    AdaptiveAvgPool2d,
    Add,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    ChannelAffine,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GroupNorm,
    Input,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Multiply,
    Network,
    Node,
    PadShortcut,
    Pair,
    RadialBasis,
    Shape,
    SparseConv2d,
    TrainableSubsample,
)
from generator.core.digest import digest

# Class names of the activation modules in torch.nn and, for scaled_tanh, in the generated module.
ACTIVATION_CLASSES = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "softplus": "Softplus",
    "scaled_tanh": "ScaledTanh",
    "softmax": "Softmax",
}

DIGEST_LENGTH = 12

# A network is written in terms of another where that saves a third of its lines, in runs of so many.
MOST_WRITTEN = 2 / 3
SHORTEST_RUN = 4
NOTHING: Mapping[str, Network] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """A network in numbers, as ``checks.Facts``. ``macs`` is ``None`` where the model's own layers
    hide their products from ``torch.utils.flop_counter``."""

    parameters: int
    macs: int | None
    input_shape: Shape
    state: tuple[int, str]
    layers: tuple[int, str]


def facts(network: Network) -> Facts:
    """Compute a network's numbers at its own input size. Raises :class:`ShapeError`."""
    manifest = [[key, list(shape)] for key, shape, _ in state_manifest(network)]
    calls = layer_calls(network)
    hidden = any(isinstance(each.op, SparseConv2d | RadialBasis) for each in network.nodes)
    return Facts(
        parameters=parameters(network),
        macs=None if hidden else macs(network),
        input_shape=network.input_shape,
        state=(
            len(manifest),
            digest(json.dumps(manifest, separators=(",", ":")), length=DIGEST_LENGTH),
        ),
        layers=(len(calls), digest("\n".join(sorted(calls)), length=DIGEST_LENGTH)),
    )


def layer_calls(network: Network) -> list[str]:
    """List the calls of modules in one pass in training, in the words of ``checks.record``."""
    known = shapes(network)
    return [
        f"{node.name}: {settings(node)}, {by(known[node.inputs[0]])} to {by(known[index])}"
        for index, node in enumerate(network.nodes)
        if node.name
    ]


def settings(node: Node) -> str:
    """Say what kind of layer performs an operation, with everything that can be set."""
    op = node.op
    match op:
        case Conv2d():
            return (
                f"Conv2d {op.in_channels}>{op.out_channels} {by(op.kernel)} stride {by(op.stride)}"
                f" padding {by(op.padding)} dilation {by(op.dilation)} groups {op.groups}"
                f" bias {op.bias}"
            )
        case ConvTranspose2d():
            return (
                f"ConvTranspose2d {op.in_channels}>{op.out_channels} {by(op.kernel)}"
                f" stride {by(op.stride)} padding {by(op.padding)}"
                f" output padding {by(op.output_padding)} groups {op.groups} bias {op.bias}"
            )
        case BatchNorm2d() | BatchNorm1d():
            return f"{type(op).__name__} {op.features} eps {op.eps} momentum {op.momentum}"
        case GroupNorm():
            return f"GroupNorm {op.groups} of {op.features} eps {op.eps}"
        case LocalResponseNorm():
            return f"LocalResponseNorm {op.size} alpha {op.alpha} beta {op.beta} k {op.k}"
        case MaxPool2d():
            return (
                f"MaxPool2d {by(op.kernel)} stride {by(op.stride)} padding {by(op.padding)}"
                f" ceil {op.ceil_mode}"
            )
        case AvgPool2d():
            return (
                f"AvgPool2d {by(op.kernel)} stride {by(op.stride)} padding {by(op.padding)}"
                f" ceil {op.ceil_mode} count padding {op.count_include_pad}"
            )
        case AdaptiveAvgPool2d():
            return f"AdaptiveAvgPool2d {by(op.size)}"
        case Dropout():
            return f"Dropout {op.p}"
        case Linear():
            return f"Linear {op.in_features}>{op.out_features} bias {op.bias}"
        case Activation("leaky_relu"):
            return f"LeakyReLU {op.slope}"
        case Activation():
            return ACTIVATION_CLASSES[op.function]
        case (
            SparseConv2d()
            | TrainableSubsample()
            | RadialBasis()
            | PadShortcut()
            | Flatten()
            | Input()
            | Add()
            | Multiply()
            | Concat()
            | ChannelAffine()
        ):
            return type(op).__name__
        case _:
            assert_never(op)


@lru_cache(maxsize=4096)
def by(shape: Shape) -> str:
    """Write a shape or size: ``64x56x56``."""
    return "x".join(str(each) for each in shape)


def feature_node(network: Network) -> int:
    """Find the last feature map before pooling and classifier: what ``forward_features`` returns.

    It is what enters the flattening on the main path, or the global pooling just before that; in a
    network that never flattens, the input of its last convolution.
    """
    known = shapes(network, training=False)
    index = network.result
    while len(known[index]) < 3 and network.nodes[index].inputs:
        index = network.nodes[index].inputs[0]
    before = index
    while isinstance(network.nodes[before].op, Dropout):
        before = network.nodes[before].inputs[0]
    if isinstance(network.nodes[before].op, AdaptiveAvgPool2d):
        return network.nodes[before].inputs[0]
    return index


def network_source(
    network: Network, *, indent: int = 0, earlier: Mapping[str, Network] = NOTHING
) -> str:
    """Write the network as a call of ``reference.Network``, one operation a line.

    ``earlier`` maps expressions to networks that stand before it in the file: what is the same in
    one of them is taken from there, ``*expression.lines[3:40]``.
    """
    lines = _shortest(_lines(network), {text: _lines(each) for text, each in earlier.items()})
    lines.append(f"features={feature_node(network)}")
    if network.result != len(network.nodes) - 1:
        lines.append(f"result={network.result}")
    if network.auxiliary:
        pairs = ", ".join(f'"{name}": {index}' for name, index in network.auxiliary)
        lines.append(f"auxiliary={{{pairs}}}")
    inner = "".join(f"{' ' * (indent + 4)}{line},\n" for line in lines)
    return f"Network(\n{inner}{' ' * indent})"


def _lines(network: Network) -> list[str]:
    """Write the operations; the formatter leaves tables alone, so quotes are set here."""
    known = shapes(network)
    return [
        _line(node, index, known[index]).replace("'", '"')
        for index, node in enumerate(network.nodes)
    ]


def _shortest(lines: list[str], earlier: Mapping[str, list[str]]) -> list[str]:
    """Take runs of lines from the earlier network that leaves the fewest to be written out."""
    ways = [_reusing(lines, expression, others) for expression, others in earlier.items()]
    best = min(ways, key=len, default=lines)
    return best if len(best) <= len(lines) * MOST_WRITTEN else lines


def _reusing(lines: list[str], expression: str, others: list[str]) -> list[str]:
    written = []
    done = 0
    matcher = difflib.SequenceMatcher(None, others, lines, autojunk=False)
    for run in matcher.get_matching_blocks():
        if run.size >= SHORTEST_RUN:
            last = run.a + run.size
            end = "" if last == len(others) else last
            written += [*lines[done : run.b], f"*{expression}.lines[{run.a}:{end}]"]
            done = run.b + run.size
    return [*written, *lines[done:]]


_CLASSES = {
    "Conv2d": "Conv",
    "ConvTranspose2d": "ConvTranspose",
    "SparseConv2d": "SparseConv",
    "TrainableSubsample": "Subsample",
    "BatchNorm2d": "BatchNorm",
    "BatchNorm1d": "BatchNorm",
    "MaxPool2d": "MaxPool",
    "AvgPool2d": "AvgPool",
    "AdaptiveAvgPool2d": "AdaptiveAvgPool",
}


def _line(node: Node, index: int, shape: Shape) -> str:
    op = node.op
    name = type(op).__name__
    of = [each - index for each in node.inputs]
    arguments: list[str]
    match op:
        case Input():
            return f"Input({shape!r})"
        case Conv2d():
            arguments = [
                repr(node.name),
                repr(shape),
                str(op.in_channels),
                str(op.out_channels),
                _size(op.kernel),
                *_given("stride", op.stride, (1, 1)),
                *_given("padding", op.padding, (0, 0)),
                *_given("dilation", op.dilation, (1, 1)),
                *_given("groups", op.groups, 1),
                *_given("bias", op.bias, True),
            ]
        case ConvTranspose2d():
            arguments = [
                repr(node.name),
                repr(shape),
                str(op.in_channels),
                str(op.out_channels),
                _size(op.kernel),
                *_given("stride", op.stride, (1, 1)),
                *_given("padding", op.padding, (0, 0)),
                *_given("output_padding", op.output_padding, (0, 0)),
                *_given("groups", op.groups, 1),
                *_given("bias", op.bias, True),
            ]
        case SparseConv2d():
            arguments = [
                repr(node.name),
                repr(shape),
                str(op.in_channels),
                repr(op.connections),
                _size(op.kernel),
            ]
        case TrainableSubsample():
            arguments = [repr(node.name), repr(shape), str(op.channels), _size(op.kernel)]
        case RadialBasis() | Linear():
            arguments = [repr(node.name), repr(shape), str(op.in_features), str(op.out_features)]
            if isinstance(op, Linear):
                arguments.extend(_given("bias", op.bias, True))
        case BatchNorm2d() | BatchNorm1d():
            arguments = [
                repr(node.name),
                str(op.features),
                *_given("eps", op.eps, 1e-5),
                *_given("momentum", op.momentum, 0.1),
                *_given("axes", 1 if isinstance(op, BatchNorm1d) else 2, 2),
            ]
        case GroupNorm():
            arguments = [repr(node.name), str(op.groups), str(op.features)]
            arguments.extend(_given("eps", op.eps, 1e-5))
        case LocalResponseNorm():
            arguments = [
                repr(node.name),
                *_given("size", op.size, 5),
                *_given("alpha", op.alpha, 1e-4),
                *_given("beta", op.beta, 0.75),
                *_given("k", op.k, 2.0),
            ]
        case Activation():
            arguments = [
                repr(op.function),
                *([repr(node.name)] if node.name else []),
                *_given("slope", op.slope, LEAKY_SLOPE),
            ]
        case MaxPool2d():
            arguments = [
                repr(node.name),
                repr(shape),
                _size(op.kernel),
                _size(op.stride),
                *_given("padding", op.padding, (0, 0)),
                *_given("ceil_mode", op.ceil_mode, False),
            ]
        case AvgPool2d():
            arguments = [
                repr(node.name),
                repr(shape),
                _size(op.kernel),
                _size(op.stride),
                *_given("padding", op.padding, (0, 0)),
                *_given("ceil_mode", op.ceil_mode, False),
                *_given("count_include_pad", op.count_include_pad, True),
            ]
        case AdaptiveAvgPool2d():
            arguments = [repr(node.name), repr(shape), _size(op.size)]
        case Dropout():
            arguments = [repr(op.p), *([repr(node.name)] if node.name else [])]
        case Flatten():
            arguments = [repr(shape), *([repr(node.name)] if node.name else [])]
        case Add() | Multiply():
            return f"{name}({tuple(of)!r})"
        case Concat():
            return f"Concat({shape!r}, {tuple(of)!r})"
        case ChannelAffine():
            arguments = [repr(op.scale), repr(op.shift)]
        case PadShortcut():
            arguments = [
                repr(shape),
                str(op.in_channels),
                str(op.out_channels),
                str(op.stride),
                *([repr(node.name)] if node.name else []),
            ]
        case _:
            assert_never(op)
    arguments.extend(_given("of", of[0], -1))
    return f"{_CLASSES.get(name, name)}({', '.join(arguments)})"


def _size(size: Pair) -> str:
    return str(size[0]) if size[0] == size[1] else repr(size)


def _given(name: str, value: object, default: object) -> list[str]:
    """Write a keyword argument, or nothing where it has its default."""
    if value == default:
        return []
    text = _size(value) if isinstance(value, tuple) and len(value) == 2 else repr(value)
    return [f"{name}={text}"]


__all__ = [
    "Facts",
    "ShapeError",
    "facts",
    "feature_node",
    "layer_calls",
    "network_source",
]
