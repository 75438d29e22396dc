"""The functions of the language: what they compute of networks, layers and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt

from generator.architectures import arithmetic
from generator.architectures.ir import AvgPool2d, Linear, MaxPool2d, Network
from generator.claims import networks
from generator.claims.language.terms import ClaimError, Part, Term


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language. ``model`` says that its first argument names a model."""

    apply: Callable[[str, Sequence[Term | Part]], Term]
    model: bool
    signature: str
    doc: str


def _part(name: str, found: Sequence[Term | Part], most: int) -> Part:
    if not found or not isinstance(found[0], Part):
        raise ClaimError(f"{name} needs a model: {name}(resnet18)", -1)
    if len(found) > most:
        raise ClaimError(f"{name} takes at most {most} arguments", -1)
    return found[0]


def _size(part: Part, found: Sequence[Term | Part]) -> tuple[int, int, int]:
    """The input shape: the model's own, or the size given."""
    channels, height, width = part.network.input_shape
    if len(found) < 2:
        return channels, height, width
    given = found[1]
    if not isinstance(given, Term):
        raise ClaimError("the input size is a number or a shape", -1)
    match given.value:
        case Fraction() as side if side.denominator == 1 and 1 <= side <= 4096:
            return channels, int(side), int(side)
        case (int(h), int(w)):
            return channels, h, w
        case (int(c), int(h), int(w)):
            return c, h, w
        case _:
            raise ClaimError(
                "the input size is a number, (height, width) or (channels, height, width)", -1
            )


def _shapes(part: Part, shape: tuple[int, int, int]) -> tuple[tuple[int, ...], ...]:
    known = networks.shapes(part.network, shape)
    if known is None:
        raise ClaimError(f"{part.subject.name} does not take {'×'.join(map(str, shape))}", -1)
    return known


def _params(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    counts = arithmetic.node_parameters(part.network)
    inside = part.nodes()
    # Without a path the auxiliary heads count: they are parameters of the model.
    value = sum(counts[index] for index in inside)
    return Term(Fraction(value), f"parameters({part.source})", f"{name}({part.text})")


def _macs(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 2)
    shape = _size(part, found)
    _shapes(part, shape)
    costs = arithmetic.node_macs(part.network, shape)
    value = sum(costs[index] for index in part.nodes())
    path = f', "{part.path}"' if part.path else ""
    source = f'macs(model("{part.subject.name}"), {shape}{path})'
    factor = 2 if name == "flops" else 1
    return Term(
        Fraction(factor * value), source if factor == 1 else f"2 * {source}", f"{name}({part.text})"
    )


def _shape(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 2)
    shape = _size(part, found)
    known = _shapes(part, shape)
    inside = [index for index in part.nodes() if known[index]]
    index = inside[-1] if part.path else part.network.result
    if part.path:
        index = _result(part.network, inside)
    path = f', "{part.path}"' if part.path else ""
    return Term(
        known[index], f'shape(model("{part.subject.name}"), {shape}{path})', f"{name}({part.text})"
    )


def _result(network: Network, inside: Sequence[int]) -> int:
    """The node a part ends in: the last whose output leaves the part, functional nodes included."""
    members = set(inside)
    first, last = inside[0], inside[-1]
    # Nodes without a name between the part's own ones (an addition, an activation) belong to it.
    for index in range(first, len(network.nodes)):
        node = network.nodes[index]
        if index in members:
            continue
        if not node.name and node.inputs and all(each in members for each in node.inputs):
            members.add(index)
            last = max(last, index) if index == last + 1 else last
    return last


def _field(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    fields = arithmetic.receptive_fields(part.network)
    if part.path:
        index = _result(part.network, part.nodes())
        field = fields[index]
        if field.whole:
            raise ClaimError(f"{part.text} sees the whole input", -1)
    else:
        field = arithmetic.receptive_field(part.network)
    path = f', "{part.path}"' if part.path else ""
    source = f'receptive_field(model("{part.subject.name}"), {part.network.input_shape[0]}{path})'
    return Term(Fraction(field.size[0]), source, f"{name}({part.text})")


def _depth(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    source = f'depth(model("{part.subject.name}"), {part.network.input_shape})'
    return Term(Fraction(networks.depth(part.network)), source, f"{name}({part.text})")


def _layer_count(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    kinds, label = {
        "convs": (networks.CONVOLUTIONS, '"Convolution"'),
        "linears": ((Linear,), '"Addmm"'),
        "pools": ((MaxPool2d, AvgPool2d), ""),
    }[name]
    value = networks.count(part.network, *kinds)
    shape = part.network.input_shape
    source = (
        f'layers(model("{part.subject.name}"), {shape}, {label})'
        if label
        else f'calls(model("{part.subject.name}"), {shape}, (nn.MaxPool2d, nn.AvgPool2d))'
    )
    return Term(Fraction(value), source, f"{name}({part.text})")


def _whole(name: str, found: Sequence[Term | Part], least: int, most: int) -> list[int]:
    values = []
    for each in found:
        if not isinstance(each, Term) or not isinstance(each.value, Fraction):
            raise ClaimError(f"{name} takes numbers", -1)
        if each.value.denominator != 1 or not 0 <= each.value <= 10**6:
            raise ClaimError(f"{name} takes whole numbers up to a million", -1)
        values.append(int(each.value))
    if not least <= len(values) <= most:
        raise ClaimError(f"{name} takes {least} to {most} numbers", -1)
    return values


def _conv_params(name: str, found: Sequence[Term | Part]) -> Term:
    inputs, outputs, kernel, *rest = _whole(name, found, 3, 4)
    bias = bool(rest[0]) if rest else True
    if min(inputs, outputs, kernel) < 1:
        raise ClaimError(f"{name} takes numbers from 1 on", -1)
    value = outputs * (kernel * kernel * inputs + bias)
    source = f'parameters(nn.Conv2d({inputs}, {outputs}, {kernel}, bias={bias}, device="meta"))'
    return Term(Fraction(value), source, f"{name}({inputs}, {outputs}, {kernel})")


def _linear_params(name: str, found: Sequence[Term | Part]) -> Term:
    inputs, outputs, *rest = _whole(name, found, 2, 3)
    bias = bool(rest[0]) if rest else True
    if min(inputs, outputs) < 1:
        raise ClaimError(f"{name} takes numbers from 1 on", -1)
    source = f'parameters(nn.Linear({inputs}, {outputs}, bias={bias}, device="meta"))'
    return Term(Fraction(inputs * outputs + bias * outputs), source, f"{name}({inputs}, {outputs})")


def _conv_out(name: str, found: Sequence[Term | Part]) -> Term:
    size, kernel, *rest = _whole(name, found, 2, 4)
    stride, padding = (*rest, 1, 0)[:2] if len(rest) != 1 else (rest[0], 0)
    if min(size, kernel, stride) < 1 or size + 2 * padding < kernel:
        raise ClaimError(f"a window of {kernel} does not fit in {size}", -1)
    value = (size + 2 * padding - kernel) // stride + 1
    source = f"conv_side(n={size}, f={kernel}, p={padding}, s={stride})"
    return Term(Fraction(value), source, f"{name}({size}, {kernel}, {stride}, {padding})")


def _rounded(name: str, found: Sequence[Term | Part]) -> Term:
    if (
        len(found) != 1
        or not isinstance(found[0], Term)
        or not isinstance(found[0].value, Fraction)
    ):
        raise ClaimError(f"{name} takes one number", -1)
    inner = found[0]
    assert isinstance(inner.value, Fraction)
    value = inner.value
    match name:
        case "floor":
            result = Fraction(floor(value))
        case "ceil":
            result = Fraction(ceil(value))
        case "abs":
            result = abs(value)
        case _:
            if value < 0:
                raise ClaimError("sqrt of a negative number", -1)
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            result = (
                root if root * root == value else Fraction(isqrt(floor(value * 10**60)), 10**30)
            )
    return Term(result, f"{name}({inner.source})", f"{name}({inner.text})", inner.plain)


FUNCTIONS: Mapping[str, Function] = {
    "params": Function(_params, True, "params(model[.part])", "trainable parameters"),
    "macs": Function(
        _macs, True, "macs(model[.part][, size])", "multiply-adds of one forward pass"
    ),
    "flops": Function(_macs, True, "flops(model[.part][, size])", "twice the multiply-adds"),
    "shape": Function(
        _shape, True, "shape(model[.part][, size])", "output shape (channels, height, width)"
    ),
    "receptive_field": Function(
        _field, True, "receptive_field(model[.part])", "side of what an output sees"
    ),
    "depth": Function(_depth, True, "depth(model)", "layers with weights on the longest path"),
    "convs": Function(_layer_count, True, "convs(model)", "convolutions"),
    "linears": Function(_layer_count, True, "linears(model)", "fully connected layers"),
    "pools": Function(_layer_count, True, "pools(model)", "pooling layers (global pooling aside)"),
    "conv_params": Function(
        _conv_params,
        False,
        "conv_params(in, out, kernel[, bias])",
        "parameters of a convolution; bias 1 or 0, 1 without",
    ),
    "linear_params": Function(
        _linear_params,
        False,
        "linear_params(in, out[, bias])",
        "parameters of a fully connected layer",
    ),
    "conv_out": Function(
        _conv_out, False, "conv_out(size, kernel[, stride[, padding]])", "⌊(n+2p-f)/s⌋+1"
    ),
    "floor": Function(_rounded, False, "floor(x)", "x rounded down"),
    "ceil": Function(_rounded, False, "ceil(x)", "x rounded up"),
    "abs": Function(_rounded, False, "abs(x)", "x without its sign"),
    "sqrt": Function(_rounded, False, "sqrt(x)", "square root"),
}
