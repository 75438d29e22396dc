"""What one operation does to shapes, and what it costs: the arithmetic of single IR operations.

Input: an operation and the shapes that enter it. Output: the shape that leaves it, the tensors it
owns, its multiply-adds. The rules are those of ``torch.nn`` (2.x), written out so that nothing here
needs torch; :mod:`generator.architectures.arithmetic` adds them up over a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import assert_never

from generator.architectures.ir import (
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
    RadialBasis,
    Shape,
    SparseConv2d,
    TrainableSubsample,
)


class ShapeError(Exception):
    """An operation cannot take the shape that reaches it. Callers turn it into a diagnostic.

    ``node`` is the operation's index in its network (``-1`` when it is not in one yet).
    """

    def __init__(self, message: str, *, node: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.node = node


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of a module's state: ``kind`` is ``parameter`` or ``buffer``."""

    name: str
    shape: Shape
    kind: str = "parameter"

    @property
    def elements(self) -> int:
        """Number of elements; 1 for a scalar."""
        return prod(self.shape)


def show(shape: Shape) -> str:
    """Write a shape as people do: ``64×56×56``; a vector is its length."""
    return "×".join(str(each) for each in shape)


def output_shape(op: Op, inputs: tuple[Shape, ...]) -> Shape:
    """Give the shape that leaves ``op``. Raises :class:`ShapeError` when the inputs do not fit."""
    match op:  # the commonest first: a network asks this of every node
        case Conv2d():
            height, width = _map_of(op.in_channels, inputs)
            return (
                op.out_channels,
                _window(height, op.kernel[0], op.stride[0], op.padding[0], op.dilation[0]),
                _window(width, op.kernel[1], op.stride[1], op.padding[1], op.dilation[1]),
            )
        case BatchNorm2d():
            _map_of(op.features, inputs)
            return inputs[0]
        case Activation() | Dropout():
            return inputs[0]
        case Add():
            if len(set(inputs)) != 1:
                raise ShapeError(f"cannot add {' and '.join(show(each) for each in inputs)}")
            return inputs[0]
        case MaxPool2d() | AvgPool2d():
            return _pooled(op, inputs)
        case ConvTranspose2d():
            height, width = _map_of(op.in_channels, inputs)
            sizes = tuple(
                (size - 1) * op.stride[axis]
                - 2 * op.padding[axis]
                + op.kernel[axis]
                + op.output_padding[axis]
                for axis, size in enumerate((height, width))
            )
            if min(sizes) < 1:
                raise ShapeError(f"a {show(inputs[0])} map is too small for this layer")
            return (op.out_channels, *sizes)
        case SparseConv2d():
            height, width = _map_of(op.in_channels, inputs)
            return (
                len(op.connections),
                _window(height, op.kernel[0], 1, 0, 1),
                _window(width, op.kernel[1], 1, 0, 1),
            )
        case TrainableSubsample():
            height, width = _map_of(op.channels, inputs)
            return (
                op.channels,
                _window(height, op.kernel[0], op.kernel[0], 0, 1),
                _window(width, op.kernel[1], op.kernel[1], 0, 1),
            )
        case AdaptiveAvgPool2d():
            _map_of(None, inputs)
            return (inputs[0][0], *op.size)
        case GroupNorm():
            _channels_of(op.features, inputs)
            return inputs[0]
        case BatchNorm1d():
            _vector_of(op.features, inputs)
            return inputs[0]
        case LocalResponseNorm():
            _map_of(None, inputs)
            return inputs[0]
        case ChannelAffine():
            _map_of(len(op.scale), inputs)
            return inputs[0]
        case Flatten():
            return (prod(inputs[0]),)
        case Linear():
            _vector_of(op.in_features, inputs)
            return (op.out_features,)
        case RadialBasis():
            _vector_of(op.in_features, inputs)
            return (op.out_features,)
        case Multiply():
            return _gated(inputs)
        case Concat():
            return _joined(inputs)
        case PadShortcut():
            height, width = _map_of(op.in_channels, inputs)
            return (op.out_channels, -(-height // op.stride), -(-width // op.stride))
        case Input():
            raise ShapeError("the input node takes its shape from the network")
        case _:
            assert_never(op)


def tensors(op: Op) -> tuple[Tensor, ...]:
    """List the tensors of the operation's module in ``state_dict`` order, parameters first."""
    match op:  # the commonest first
        case Conv2d():
            weight = (op.out_channels, op.in_channels // op.groups, *op.kernel)
            return _affine(weight, op.out_channels, bias=op.bias)
        case BatchNorm2d() | BatchNorm1d():
            return (
                *_affine((op.features,), op.features, bias=True),
                Tensor("running_mean", (op.features,), "buffer"),
                Tensor("running_var", (op.features,), "buffer"),
                Tensor("num_batches_tracked", (), "buffer"),
            )
        case Activation() | Add() | Concat() | MaxPool2d() | AvgPool2d():
            return ()
        case ConvTranspose2d():
            weight = (op.in_channels, op.out_channels // op.groups, *op.kernel)
            return _affine(weight, op.out_channels, bias=op.bias)
        case SparseConv2d():
            links = sum(len(each) for each in op.connections)
            return _affine((links, *op.kernel), len(op.connections), bias=True)
        case TrainableSubsample():
            return _affine((op.channels,), op.channels, bias=True)
        case RadialBasis():
            return (Tensor("codes", (op.out_features, op.in_features), "buffer"),)
        case GroupNorm():
            return _affine((op.features,), op.features, bias=True)
        case Linear():
            return _affine((op.out_features, op.in_features), op.out_features, bias=op.bias)
        case (
            Input()
            | LocalResponseNorm()
            | AdaptiveAvgPool2d()
            | Dropout()
            | Flatten()
            | Multiply()
            | ChannelAffine()
            | PadShortcut()
        ):
            return ()
        case _:
            assert_never(op)


def multiply_adds(op: Op, inputs: tuple[Shape, ...], output: Shape) -> int:
    """Count multiply-adds for one sample as ``torch.utils.flop_counter`` does (half its FLOPs).

    Only convolutions and matrix products count; biases, norms, activations and pooling do not.
    :class:`SparseConv2d` counts its real links, where a dense stand-in would count all pairs.
    """
    match op:
        case Conv2d():
            return prod(output) * (op.in_channels // op.groups) * prod(op.kernel)
        case ConvTranspose2d():
            return prod(inputs[0]) * (op.out_channels // op.groups) * prod(op.kernel)
        case SparseConv2d():
            links = sum(len(each) for each in op.connections)
            return links * prod(op.kernel) * prod(output[1:])
        case Linear():
            return op.in_features * op.out_features
        case _:
            return 0


# ------------------------------------------------------------------ shapes, piece by piece


def _map_of(channels: int | None, inputs: tuple[Shape, ...]) -> tuple[int, int]:
    shape = inputs[0]
    if len(shape) != 3:
        raise ShapeError(f"needs a feature map (channels×height×width), gets {show(shape)}")
    if channels is not None and shape[0] != channels:
        raise ShapeError(f"needs {channels} channels, gets {shape[0]}")
    return shape[1], shape[2]


def _channels_of(features: int, inputs: tuple[Shape, ...]) -> None:
    if inputs[0][0] != features:
        raise ShapeError(f"needs {features} channels, gets {inputs[0][0]}")


def _vector_of(features: int, inputs: tuple[Shape, ...]) -> None:
    shape = inputs[0]
    if len(shape) != 1:
        raise ShapeError(
            f"needs a vector of {features}, gets a {show(shape)} map: flatten it first"
        )
    if shape[0] != features:
        raise ShapeError(f"needs a vector of {features}, gets {shape[0]}")


def _window(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """⌊(n + 2p − d(f − 1) − 1)/s⌋ + 1, the size a sliding window leaves."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ShapeError(
            f"a window of {dilation * (kernel - 1) + 1} does not fit in size {size}"
            f" with padding {padding}"
        )
    return room // stride + 1


def _pooled(op: MaxPool2d | AvgPool2d, inputs: tuple[Shape, ...]) -> Shape:
    height, width = _map_of(None, inputs)
    sizes = []
    for axis, size in enumerate((height, width)):
        kernel, stride, padding = op.kernel[axis], op.stride[axis], op.padding[axis]
        if 2 * padding > kernel:
            raise ShapeError(f"pooling padding {padding} is more than half of window {kernel}")
        if not op.ceil_mode:
            sizes.append(_window(size, kernel, stride, padding, 1))
            continue
        out = (size + 2 * padding - kernel + stride - 1) // stride + 1
        # A window may not begin in the right-hand padding (torch.nn.MaxPool2d, ceil_mode).
        if (out - 1) * stride >= size + padding:
            out -= 1
        if out < 1:
            raise ShapeError(f"a window of {kernel} does not fit in size {size}")
        sizes.append(out)
    return (inputs[0][0], *sizes)


def _gated(inputs: tuple[Shape, ...]) -> Shape:
    value, gate = inputs
    fits = len(value) == len(gate) and all(
        each in (1, size) for size, each in zip(value, gate, strict=True)
    )
    if not fits:
        raise ShapeError(f"cannot multiply {show(value)} by {show(gate)}")
    return value


def _joined(inputs: tuple[Shape, ...]) -> Shape:
    if len({each[1:] for each in inputs}) != 1 or len({len(each) for each in inputs}) != 1:
        raise ShapeError(f"cannot concatenate {', '.join(show(each) for each in inputs)}")
    return (sum(each[0] for each in inputs), *inputs[0][1:])


def _affine(weight: Shape, outputs: int, *, bias: bool) -> tuple[Tensor, ...]:
    first = Tensor("weight", weight)
    return (first, Tensor("bias", (outputs,))) if bias else (first,)
