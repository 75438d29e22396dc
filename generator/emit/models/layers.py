"""One operation of the IR as source text: its module's constructor, or a functional call.

Values stay apart from text until a class knows which of them are its arguments, so a constructor is
a callable's name and :class:`Argument` values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

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
    Op,
    PadShortcut,
    Pair,
    RadialBasis,
    SparseConv2d,
    TrainableSubsample,
)
from generator.emit.models.literals import literal


@dataclass(frozen=True, slots=True)
class Symbol:
    """A value that the class's caller chooses: ``in_channels``, or an expression over it."""

    text: str


Plain: TypeAlias = "bool | int | float | str | tuple[Plain, ...]"
Value: TypeAlias = "Plain | Symbol"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a constructor; left out where it has its ``default``."""

    name: str
    value: Value
    default: Value | None = None
    positional: bool = False


_MODULES = {
    "relu": "nn.ReLU",
    "relu6": "nn.ReLU6",
    "leaky_relu": "nn.LeakyReLU",
    "elu": "nn.ELU",
    "gelu": "nn.GELU",
    "silu": "nn.SiLU",
    "mish": "nn.Mish",
    "tanh": "nn.Tanh",
    "sigmoid": "nn.Sigmoid",
    "hardswish": "nn.Hardswish",
    "hardsigmoid": "nn.Hardsigmoid",
    "softplus": "nn.Softplus",
    "scaled_tanh": "ScaledTanh",
    "softmax": "nn.Softmax",
}
_ONE: Pair = (1, 1)
_ZERO: Pair = (0, 0)


def constructor(op: Op) -> tuple[str, tuple[Argument, ...]]:
    """Give the callable that makes the operation's module, and its arguments.

    Raises ``TypeError`` for an operation that has no module (sum, concatenation).
    """
    match op:
        case Conv2d():
            return "nn.Conv2d", (
                Argument("in_channels", op.in_channels, positional=True),
                Argument("out_channels", op.out_channels, positional=True),
                Argument("kernel", op.kernel, positional=True),
                Argument("stride", op.stride, _ONE),
                Argument("padding", op.padding, _ZERO),
                Argument("dilation", op.dilation, _ONE),
                Argument("groups", op.groups, 1),
                Argument("bias", op.bias, True),
            )
        case ConvTranspose2d():
            return "nn.ConvTranspose2d", (
                Argument("in_channels", op.in_channels, positional=True),
                Argument("out_channels", op.out_channels, positional=True),
                Argument("kernel", op.kernel, positional=True),
                Argument("stride", op.stride, _ONE),
                Argument("padding", op.padding, _ZERO),
                Argument("output_padding", op.output_padding, _ZERO),
                Argument("groups", op.groups, 1),
                Argument("bias", op.bias, True),
            )
        case SparseConv2d():
            return "SparseConv2d", (
                Argument("connections", op.connections, positional=True),
                Argument("kernel", (op.kernel[0], op.kernel[1]), positional=True),
            )
        case TrainableSubsample():
            return "TrainableSubsample", (
                Argument("channels", op.channels, positional=True),
                Argument("kernel", op.kernel, positional=True),
            )
        case RadialBasis():
            return "RadialBasis", (
                Argument("in_features", op.in_features, positional=True),
                Argument("out_features", op.out_features, positional=True),
            )
        case BatchNorm2d() | BatchNorm1d():
            return f"nn.{type(op).__name__}", (
                Argument("features", op.features, positional=True),
                Argument("eps", op.eps, 1e-5),
                Argument("momentum", op.momentum, 0.1),
            )
        case GroupNorm():
            return "nn.GroupNorm", (
                Argument("groups", op.groups, positional=True),
                Argument("features", op.features, positional=True),
                Argument("eps", op.eps, 1e-5),
            )
        case LocalResponseNorm():
            return "nn.LocalResponseNorm", (
                Argument("size", op.size, positional=True),
                Argument("alpha", op.alpha, 1e-4),
                Argument("beta", op.beta, 0.75),
                Argument("k", op.k, 1.0),
            )
        case Activation("softmax"):
            return "nn.Softmax", (Argument("dim", 1),)
        case Activation():
            slope = Argument("slope", op.slope, LEAKY_SLOPE, positional=True)
            return _MODULES[op.function], (slope, Argument("inplace", op.inplace, False))
        case MaxPool2d():
            return "nn.MaxPool2d", (
                Argument("kernel", op.kernel, positional=True),
                Argument("stride", op.stride, op.kernel),
                Argument("padding", op.padding, _ZERO),
                Argument("ceil_mode", op.ceil_mode, False),
            )
        case AvgPool2d():
            return "nn.AvgPool2d", (
                Argument("kernel", op.kernel, positional=True),
                Argument("stride", op.stride, op.kernel),
                Argument("padding", op.padding, _ZERO),
                Argument("ceil_mode", op.ceil_mode, False),
                Argument("count_include_pad", op.count_include_pad, True),
            )
        case AdaptiveAvgPool2d():
            return "nn.AdaptiveAvgPool2d", (Argument("size", op.size, positional=True),)
        case Dropout():
            return "nn.Dropout", (
                Argument("p", op.p, positional=True),
                Argument("inplace", op.inplace, False),
            )
        case Flatten():
            return "nn.Flatten", ()
        case Linear():
            return "nn.Linear", (
                Argument("in_features", op.in_features, positional=True),
                Argument("out_features", op.out_features, positional=True),
                Argument("bias", op.bias, True),
            )
        case PadShortcut():
            return "PadShortcut", (
                Argument("in_channels", op.in_channels, positional=True),
                Argument("out_channels", op.out_channels, positional=True),
                Argument("stride", op.stride, positional=True),
            )
        case Input() | Add() | Multiply() | Concat() | ChannelAffine():
            raise TypeError(f"{type(op).__name__} has no module")
        case _:
            assert_never(op)


def functional(op: Op, inputs: Sequence[str]) -> str:
    """Write an operation that has no module of its own as an expression over variables."""
    x = inputs[0] if inputs else ""
    match op:
        case Add():
            return " + ".join(inputs)
        case Multiply():
            return " * ".join(inputs)
        case Concat():
            return f"torch.cat([{', '.join(inputs)}], 1)"
        case Flatten():
            return f"torch.flatten({x}, 1)"
        case ChannelAffine():
            return f"_channel_affine({x}, {literal(op.scale)}, {literal(op.shift)})"
        case Activation("scaled_tanh"):
            return f"1.7159 * torch.tanh(2 / 3 * {x})"
        case Activation("softmax"):
            return f"torch.softmax({x}, 1)"
        case Activation("tanh" | "sigmoid"):
            return f"torch.{op.function}({x})"
        case Activation():
            slope = f", {op.slope!r}" if op.slope != LEAKY_SLOPE else ""
            return f"F.{op.function}({x}{slope}{', inplace=True' if op.inplace else ''})"
        case MaxPool2d():
            mode = ", ceil_mode=True" if op.ceil_mode else ""
            return f"F.max_pool2d({x}, {_window(op.kernel, op.stride, op.padding)}{mode})"
        case AvgPool2d():
            mode = ", ceil_mode=True" if op.ceil_mode else ""
            mode += "" if op.count_include_pad else ", count_include_pad=False"
            return f"F.avg_pool2d({x}, {_window(op.kernel, op.stride, op.padding)}{mode})"
        case AdaptiveAvgPool2d():
            return f"F.adaptive_avg_pool2d({x}, {show(op.size)})"
        case Dropout():
            return f"F.dropout({x}, {literal(op.p)}, training=self.training)"
        case LocalResponseNorm():
            values = f"alpha={op.alpha!r}, beta={op.beta!r}, k={op.k!r}"
            return f"F.local_response_norm({x}, {op.size}, {values})"
        case PadShortcut():
            before = (op.out_channels - op.in_channels) // 2
            after = op.out_channels - op.in_channels - before
            strided = f"{x}[:, :, ::{op.stride}, ::{op.stride}]"
            return f"F.pad({strided}, (0, 0, 0, 0, {before}, {after}))"
        case _:
            raise TypeError(f"{type(op).__name__} needs a module")


def show(value: Value) -> str:
    """Write a value: a square pair as one number, a symbol as itself."""
    match value:
        case Symbol(text):
            return text
        case (int() as height, int() as width) if height == width:
            return literal(height)
        case tuple():
            inner = ", ".join(
                show(each) if isinstance(each, Symbol) else literal(each) for each in value
            )
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case _:
            return literal(value)


def _window(kernel: Pair, stride: Pair, padding: Pair) -> str:
    parts = [show(kernel)]
    if stride != kernel:
        parts.append(f"stride={show(stride)}")
    if padding != _ZERO:
        parts.append(f"padding={show(padding)}")
    return ", ".join(parts)
