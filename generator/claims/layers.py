"""The arithmetic of one layer, as readings: what it has, what it gives, what it costs.

Values come from the same operations the networks are computed with; each reading also carries the
Python that builds the layer in torch and measures it. Sizes are height × width (× channels).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from generator.architectures.ir import Conv2d, ConvTranspose2d, MaxPool2d, Shape
from generator.architectures.operations import ShapeError, multiply_adds, output_shape, tensors
from generator.claims.candidate import Reading, Size, number_reading
from generator.claims.quantity import show

LARGEST = 10**6  # no channel count or side of a note's layer is larger


@dataclass(frozen=True, slots=True)
class Window:
    """A convolution or pooling as a note describes it."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    kind: str = "conv"  # conv, pool, transposed, pad


def pair(value: int | tuple[int, ...]) -> tuple[int, int]:
    """Give a number twice, or the first two of a size."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def brief(value: tuple[int, ...]) -> str:
    """Write a pair as torch takes it: one number when both agree."""
    return str(value[0]) if len(set(value)) == 1 else repr(tuple(value))


# ------------------------------------------------------------------ parameters


def conv_parameters(
    kernel: tuple[int, ...], channels: int, filters: int, *, bias: bool, groups: int = 1
) -> Reading:
    """Count a convolution's parameters: filters·(k·k·c) and one bias a filter."""
    op = Conv2d(channels, filters, pair(kernel), groups=groups, bias=bias)
    value = sum(each.elements for each in tensors(op))
    window = "·".join(str(each) for each in (*kernel, channels // groups))
    inner = f"({window} + 1)" if bias else window
    grouping = f", groups={groups}" if groups > 1 else ""
    source = (
        f"parameters(nn.Conv2d({channels}, {filters}, {brief(kernel)}{grouping}, bias={bias}, "
        f'device="meta"))'
    )
    return number_reading(value, f"{filters}·{inner} = {show(Fraction(value))}", source)


def one_filter(kernel: tuple[int, ...], channels: int, *, bias: bool) -> Reading:
    """Count one filter's parameters: k·k·c (+ 1)."""
    value = prod(kernel) * channels + bias
    factors = kernel if channels == 1 else (*kernel, channels)
    how = "·".join(str(each) for each in factors) + (" + 1" if bias else "")
    source = f'parameters(nn.Conv2d({channels}, 1, {brief(kernel)}, bias={bias}, device="meta"))'
    return number_reading(value, f"{how} = {show(Fraction(value))}", source)


def linear_parameters(inputs: int, outputs: int, *, bias: bool) -> Reading:
    """Count a fully connected layer's parameters: in·out (+ out)."""
    value = inputs * outputs + (outputs if bias else 0)
    how = f"{inputs}·{outputs}" + (f" + {outputs}" if bias else "")
    source = f'parameters(nn.Linear({inputs}, {outputs}, bias={bias}, device="meta"))'
    return number_reading(value, f"{how} = {show(Fraction(value))}", source)


def separable_parameters(
    kernel: tuple[int, ...], channels: int, filters: int, *, bias: bool
) -> Reading:
    """Count a depthwise k×k convolution followed by a pointwise one."""
    deep = prod(kernel) * channels + (channels if bias else 0)
    point = channels * filters + (filters if bias else 0)
    source = (
        f"parameters(nn.Conv2d({channels}, {channels}, {brief(kernel)}, groups={channels}, "
        f'bias={bias}, device="meta")) + '
        f'parameters(nn.Conv2d({channels}, {filters}, 1, bias={bias}, device="meta"))'
    )
    return number_reading(
        deep + point,
        f"{show(Fraction(deep))} depthwise + {show(Fraction(point))} pointwise = "
        f"{show(Fraction(deep + point))}",
        source,
    )


# ------------------------------------------------------------------ sizes


def layer_source(window: Window, channels: int, filters: int, *, groups: int = 1) -> str:
    """Write the layer as torch code on the meta device."""
    stride = "" if window.stride == (1, 1) else f", stride={brief(window.stride)}"
    padding = "" if window.padding == (0, 0) else f", padding={brief(window.padding)}"
    match window.kind:
        case "pool":
            return f"nn.MaxPool2d({brief(window.kernel)}, stride={brief(window.stride)}{padding})"
        case "pad":
            return f"nn.ZeroPad2d({window.padding[0]})"
        case "transposed":
            name = "nn.ConvTranspose2d"
        case _:
            name = "nn.Conv2d"
    dilation = "" if window.dilation == (1, 1) else f", dilation={brief(window.dilation)}"
    grouping = f", groups={groups}" if groups > 1 else ""
    return (
        f"{name}({channels}, {filters}, {brief(window.kernel)}{stride}{padding}{dilation}"
        f'{grouping}, bias=False, device="meta")'
    )


def window_shape(window: Window, shape: Shape, filters: int) -> Shape:
    """Give the output shape ``(C, H, W)``. Raises :class:`ShapeError`."""
    match window.kind:
        case "pool":
            return output_shape(MaxPool2d(window.kernel, window.stride, window.padding), (shape,))
        case "pad":
            return shape[0], shape[1] + 2 * window.padding[0], shape[2] + 2 * window.padding[1]
        case "transposed":
            op = ConvTranspose2d(shape[0], filters, window.kernel, window.stride, window.padding)
            return output_shape(op, (shape,))
        case _:
            conv = Conv2d(
                shape[0], filters, window.kernel, window.stride, window.padding, window.dilation
            )
            return output_shape(conv, (shape,))


def window_how(window: Window, size: int, axis: int = 0) -> str:
    """Show the size formula with its numbers: ``⌊(32+2·2-5)/1⌋+1 = 32``."""
    k, s = window.kernel[axis], window.stride[axis]
    p, d = window.padding[axis], window.dilation[axis]
    if window.kind == "pad":
        return f"{size}+2·{p} = {size + 2 * p}"
    if window.kind == "transposed":
        pads = f"-2·{p}" if p else ""
        return f"({size}-1)·{s}+{k}{pads} = {(size - 1) * s + k - 2 * p}"
    reach = d * (k - 1) + 1
    top = f"{size}{f'+2·{p}' if p else ''}-{reach}"
    room = size + 2 * p - reach
    if s == 1:
        return f"{top}+1 = {room + 1}"
    exact = room % s == 0
    return f"{'(' if exact else '⌊('}{top})/{s}{'' if exact else '⌋'}+1 = {room // s + 1}"


def arranged(shape: Shape, source: str, order: str) -> tuple[Fraction | Size, str]:
    """Put a ``(C, H, W)`` shape and its Python in the order a note states it."""
    match order:
        case "side":
            return Fraction(shape[-1]), f"{source}[-1]"
        case "hw":
            return tuple(shape[1:]), f"{source}[1:]"
        case "hwc":
            return (*shape[1:], shape[0]), f"channels_last({source})"
        case _:
            return tuple(shape), source


# ------------------------------------------------------------------ cost


def conv_cost(
    window: Window, size: Size, *, channels: int, filters: int, groups: int = 1
) -> tuple[int, str, str] | None:
    """Count a convolution's multiplications for one input: (value, how, Python)."""
    shape = (channels, size[0], size[1])
    if max(channels, filters, *size) > LARGEST:
        return None
    op = Conv2d(
        channels, filters, window.kernel, window.stride, window.padding, window.dilation, groups
    )
    try:
        result = output_shape(op, (shape,))
    except ShapeError:
        return None
    value = multiply_adds(op, (shape,), result)
    factors = (*result[1:], filters, *window.kernel, channels // groups)
    how = "·".join(str(each) for each in factors if each != 1) or "1"
    source = f"multiply_adds({layer_source(window, channels, filters, groups=groups)}, {shape})"
    return value, f"{how} = {show(Fraction(value))}", source
