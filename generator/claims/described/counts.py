"""How many parameters, weights or biases a described layer has, as far as its description tells."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from generator.claims.candidate import Reading
from generator.claims.described.layer import Layer
from generator.claims.described.senses import Sense
from generator.claims.described.statement import Course, Place, elements
from generator.claims.layers import (
    LARGEST,
    conv_parameters,
    linear_parameters,
    one_filter,
    separable_parameters,
)
from generator.claims.quantity import show

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
CONVOLUTIONS = ("conv", "pointwise", "transposed", "depthwise", "separable")


def layer_counts(
    read: Course, layer: Layer, sense: Sense, place: Place, *, bias: bool, single: bool = False
) -> list[Reading]:
    """One layer's count; none where the statement does not say all that it takes.

    Several where several maps may go into it, the likeliest first: the one before the layer, else before
    the ``place`` of the count. ``single`` takes a convolution without a number of filters for one filter.
    """
    out = layer.outflow
    if sense is Sense.BIASES:
        return [] if out is None else [_biases(out)]
    if layer.kind == "norm" and out is not None:
        source = f'parameters(nn.BatchNorm2d({out}, device="meta"))'
        how = f"a scale and a shift for each of {out} channels: 2·{out} = {2 * out:,}"
        return [Reading(Fraction(2 * out), how, source)]
    inflows = inputs_of(read, layer, place)
    if layer.kind == "conv" and out is None:
        flat = not inflows and layer.kernel is not None
        known = flat or single or layer.depth is not None
        found = [filter_count(layer, each, bias=bias) for each in (inflows or [1]) if known]
        if layer.kernel is not None and inflows and not single:
            found += [_convolution(layer, each, each, bias=bias) for each in inflows]
    else:
        found = [_count(layer, each, out, bias=bias) for each in inflows if out is not None]
    return [each for each in found if each is not None]


def _count(layer: Layer, inflow: int, out: int, *, bias: bool) -> Reading | None:
    if max(out, inflow) > LARGEST * 100:
        return None
    if layer.kind in CONVOLUTIONS:
        return _convolution(layer, inflow, out, bias=bias)
    match layer.kind:
        case "fc":
            return linear_parameters(inflow, out, bias=bias)
        case "embedding":
            source = f'parameters(nn.Embedding({inflow}, {out}, device="meta"))'
            return Reading(Fraction(inflow * out), f"{inflow:,}·{out} = {inflow * out:,}", source)
        case "multiheadattention":
            value = 4 * out * out + (4 * out if bias else 0)
            how = f"4·{out}·{out}" + (f" + 4·{out}" if bias else "")
            source = f'parameters(nn.MultiheadAttention({out}, 1, bias={bias}, device="meta"))'
            return Reading(Fraction(value), f"{how} = {value:,}", source)
        case "lstm" | "gru" | "rnn":
            return _recurrent(layer.kind, inflow, out, bias=bias)
        case _:
            return None


def inputs_of(read: Course, layer: Layer, place: Place) -> list[int]:
    """What may go into a layer: what is said, else the depths of the maps around it.

    A layer behind another one takes what that makes, or stands for it and takes what that takes.
    """
    if layer.inflow is None:
        return _depths(read, layer, place)
    found = [layer.inflow]
    if layer.inherited:
        found += [each.inflow for each in read.layers if each is not layer and each.inflow]
    return list(dict.fromkeys(found))


def filter_count(layer: Layer, inflow: int | None, *, bias: bool) -> Reading | None:
    """One filter's count."""
    if layer.kernel is None or inflow is None:
        return None
    return one_filter(layer.kernel, inflow, bias=bias)


def one_bias(layer: Layer, two: Reading) -> list[Reading]:
    """A recurrent layer with one bias a gate, as textbooks write it; without any it is in doubt."""
    assert isinstance(two.value, Fraction)
    less = GATES[layer.kind] * (layer.outflow or 0)
    one = two.value - less
    return [
        Reading(one, f"with one bias a gate {show(one)}", f"{two.source} - {less}"),
        Reading(one - less, "without biases", doubtful=True),
    ]


def added(parts: Sequence[Reading]) -> Reading:
    """Several counts together."""
    if len(parts) == 1:
        return parts[0]
    values = [each.value for each in parts if isinstance(each.value, Fraction)]
    total = sum(values, Fraction())
    shown = " + ".join(show(each) for each in values)
    return Reading(total, f"{shown} = {show(total)}", " + ".join(each.source for each in parts))


def _biases(out: int) -> Reading:
    source = f'nn.Conv2d(1, {out}, 1, device="meta").bias.numel()'
    return Reading(Fraction(out), f"one bias for each of {out} outputs", source)


def _recurrent(kind: str, inputs: int, hidden: int, *, bias: bool) -> Reading:
    """Gates times hidden·(inputs + hidden), with torch's two biases a gate."""
    gates = GATES[kind]
    value = gates * hidden * (inputs + hidden) + (2 * gates * hidden if bias else 0)
    inner = f"{hidden}·({inputs} + {hidden})" + (f" + 2·{hidden}" if bias else "")
    layer = f'nn.{kind.upper()}({inputs}, {hidden}, bias={bias}, device="meta")'
    return Reading(Fraction(value), f"{gates}·({inner}) = {value:,}", f"parameters({layer})")


def _convolution(layer: Layer, inflow: int, out: int, *, bias: bool) -> Reading | None:
    kernel = layer.kernel or ((1, 1) if layer.kind == "pointwise" else None)
    if kernel is None or prod(kernel) == 0:
        return None
    if layer.depth is not None and inflow != layer.depth:
        return _volumetric(layer, inflow, kernel, out, bias=bias)
    if layer.kind == "depthwise":
        if inflow != out:
            return None
        return conv_parameters(kernel, out, out, bias=bias, groups=out)
    if layer.kind == "separable":
        return separable_parameters(kernel, inflow, out, bias=bias)
    groups = (layer.groups or 1) if layer.depth is None else 1
    if inflow % groups or out % groups:
        return None
    return conv_parameters(kernel, inflow, out, bias=bias, groups=groups)


def _volumetric(
    layer: Layer, inflow: int, kernel: tuple[int, int], out: int, *, bias: bool
) -> Reading:
    """A window of three sides over so many channels: a 3-D convolution."""
    assert layer.depth is not None
    window = (*kernel, layer.depth)
    value = out * (prod(window) * inflow + bias)
    shown = "·".join(map(str, (*window, inflow)))
    how = f"{out}·({shown}{' + 1' if bias else ''}) = {value:,}"
    source = f'parameters(nn.Conv3d({inflow}, {out}, {window}, bias={bias}, device="meta"))'
    return Reading(Fraction(value), how, source)


def _depths(read: Course, layer: Layer, place: Place) -> list[int]:
    """What goes into a layer by the maps of its statement, the last one before it first."""
    flat = layer.kind == "fc"
    maps = [each for each in read.maps() if flat or len(each.mention.values) >= 3]
    here = (layer.sentence, layer.last)
    before = [each for each in maps if each.place < here]
    later = [each for each in maps if here < each.place < place]
    found = []
    for each in [*reversed(before), *reversed(later), *maps]:
        values = each.mention.values
        if flat:
            coloured = any(sentence.has("rgb") for sentence in read.sentences)
            colours = (layer.colours or (3 if coloured else None)) if len(values) == 2 else None
            found.append(elements(each.mention) * (colours or 1))
        else:
            a, b, c = values[-3:]
            found.append(a if b == c != a else c)
    return list(dict.fromkeys(found))
