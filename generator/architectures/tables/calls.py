"""Layers written as code: ``nn.Conv2d(3, 64, 3, padding=1)``, ``Dense(10, activation='softmax')``.

Turns the calls of a cell, as torch and Keras spell them, into operations. What a call leaves out is
what the library leaves out: a convolution whose window is given has no padding. Values are read, never
evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod

from generator.architectures.blocks.fields import fold
from generator.architectures.builder import ACTIVATIONS
from generator.architectures.tables.model import Operation

# Each call's type, the fields its name implies, and the fields of its positional arguments; "inside" is
# what reaches the layer. Sources: torch.nn and keras.layers reference.
CALLS: Mapping[str, tuple[str, Mapping[str, object], tuple[str, ...]]] = {
    "Conv2d": (
        "conv",
        {},
        ("inside", "width", "kernel", "stride", "padding", "dilation", "groups", "bias"),
    ),
    "Conv2D": ("conv", {}, ("width", "kernel", "stride", "padding")),
    "Convolution2D": ("conv", {}, ("width", "kernel", "stride", "padding")),
    "DepthwiseConv2D": ("conv", {"depthwise": True}, ("kernel", "stride", "padding")),
    "SeparableConv2D": ("depthwise_separable", {}, ("width", "kernel", "stride", "padding")),
    "ConvTranspose2d": (
        "conv_transpose",
        {},
        ("inside", "width", "kernel", "stride", "padding", "output_padding", "groups", "bias"),
    ),
    "Conv2DTranspose": ("conv_transpose", {}, ("width", "kernel", "stride", "padding")),
    "MaxPool2d": ("max_pool", {}, ("kernel", "stride", "padding")),
    "MaxPool2D": ("max_pool", {}, ("kernel", "stride", "padding")),
    "MaxPooling2D": ("max_pool", {}, ("kernel", "stride", "padding")),
    "AvgPool2d": ("avg_pool", {}, ("kernel", "stride", "padding")),
    "AvgPool2D": ("avg_pool", {}, ("kernel", "stride", "padding")),
    "AveragePooling2D": ("avg_pool", {}, ("kernel", "stride", "padding")),
    "AdaptiveAvgPool2d": ("adaptive_avg_pool", {}, ("size",)),
    "GlobalAveragePooling2D": ("global_avg_pool", {}, ()),
    "BatchNorm1d": ("norm", {"kind": "batch"}, ()),
    "BatchNorm2d": ("norm", {"kind": "batch"}, ()),
    "BatchNormalization": ("norm", {"kind": "batch"}, ()),
    "GroupNorm": ("norm", {"kind": "group"}, ("groups",)),
    "LocalResponseNorm": ("norm", {"kind": "lrn"}, ()),
    "Linear": ("linear", {}, ("inside", "width", "bias")),
    "LazyLinear": ("linear", {}, ("width", "bias")),
    "Dense": ("linear", {}, ("width", "activation")),
    "Dropout": ("dropout", {}, ("p",)),
    "Dropout2d": ("dropout", {}, ("p",)),
    "Flatten": ("flatten", {}, ()),
    "Activation": ("activation", {}, ("function",)),
    "LogSoftmax": ("activation", {"function": "softmax"}, ()),
    "Input": ("input", {}, ("size",)),
    "InputLayer": ("input", {}, ("size",)),
}

# Arguments by name; the others (initialisers, data formats) change no layer.
KEYWORDS: Mapping[str, str] = {
    "in_channels": "inside", "in_features": "inside",
    "filters": "width", "units": "width", "out_channels": "width", "out_features": "width",
    "kernel_size": "kernel", "pool_size": "kernel", "stride": "stride", "strides": "stride",
    "padding": "padding", "output_padding": "output_padding", "dilation": "dilation",
    "dilation_rate": "dilation", "groups": "groups", "num_groups": "groups", "bias": "bias",
    "use_bias": "bias", "ceil_mode": "ceil_mode", "activation": "activation", "p": "p", "rate": "p",
    "negative_slope": "slope", "alpha": "slope", "output_size": "size", "shape": "size", "input_shape": "input",
}  # fmt: skip

CALL = re.compile(r"(?:[A-Za-z_][\w.]*\s*=\s*)?(?:[a-z_]\w*\.)*([A-Z][A-Za-z0-9]*)\s*\(")
BETWEEN = re.compile(r"[\s,;+>→-]*")
INTEGER = re.compile(r"\d{1,9}")
DECIMAL = re.compile(r"\d*\.\d+(?:e-?\d+)?|\d+\.")
WORD = re.compile(r"'[\w ]*'|\"[\w ]*\"|num_?classes|n_?classes", re.IGNORECASE)
PRODUCT = re.compile(r"\d{1,6}(?:\s*[*x]\s*\d{1,6})+")
PAIR = re.compile(r"[(\[]\s*((?:(?:None|-1)\s*,\s*)?\d{1,6}(?:\s*,\s*\d{1,6})*)\s*,?\s*[)\]]")


def read_calls(text: str) -> list[Operation] | None:
    """Read a cell that is nothing but calls; ``None`` where it is anything else."""
    found: list[Operation] = []
    position = 0
    while (call := CALL.search(text, position)) is not None:
        if BETWEEN.fullmatch(text, position, call.start()) is None:
            return None
        arguments, position = _arguments(text, call.end())
        code = call[0].endswith("2d(") or "." in call[0]
        operations = _operations(call[1], arguments, code=code) if arguments is not None else None
        if operations is None:
            return None
        found.extend(operations)
    return found if found and BETWEEN.fullmatch(text, position) else None


def _arguments(text: str, start: int) -> tuple[list[str] | None, int]:
    """Split what stands up to the closing bracket at its own commas; ``None`` without one."""
    parts, depth, begin = [], 0, start
    for position in range(start, len(text)):
        sign = text[position]
        if sign in "([":
            depth += 1
        elif sign in ")]" and depth:
            depth -= 1
        elif sign == ")" or (sign == "," and not depth):
            parts.append(text[begin:position].strip())
            begin = position + 1
            if sign == ")":
                return [each for each in parts if each], begin
    return None, start


def _operations(name: str, arguments: list[str], *, code: bool) -> list[Operation] | None:
    """Give a call's layer, before it the input it states; ``None`` for what is no layer's call. In
    ``code`` a word where a number belongs is wrong, else the brackets may hold a remark."""
    if name in CALLS:
        kind, implied, positional = CALLS[name]
    elif (function := fold(name)) in _FUNCTIONS:
        kind, implied, positional = "activation", {"function": _FUNCTIONS[function]}, ("slope",)
    else:
        return None
    values = dict(implied)
    places = list(positional)
    for argument in arguments:
        keyword, equals, text = argument.rpartition("=")
        value = _value(text.strip())
        if value is None and not equals:
            if not code:
                return None  # words in brackets: Dense (softmax)
            value = text.strip()
        field = KEYWORDS.get(keyword.strip(), "") if equals else places.pop(0) if places else ""
        if field and value is not None:
            values[field] = value
    slope = values.pop("slope", None)
    if slope is not None and values.get("function") == "leaky_relu":
        values["function"] = f"leaky_relu({slope})"
    before = [Operation("input", {"size": values.pop("input")})] if "input" in values else []
    if "kernel" in values and kind not in ("max_pool", "avg_pool"):
        values.setdefault("padding", "valid")
    return [*before, Operation(kind, values)]


_FUNCTIONS = {fold(each): each for each in ACTIVATIONS if each != "none"}


def _value(text: str) -> object:
    """Read one argument: a number, a pair, a quoted word; ``None`` for anything else."""
    if text in ("True", "False"):
        return text == "True"
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    if PRODUCT.fullmatch(text):
        return prod(int(each) for each in INTEGER.findall(text))
    if (several := PAIR.fullmatch(text)) is not None:
        sides = tuple(int(each) for each in INTEGER.findall(several[1].removeprefix("-1")))
        return sides[0] if len(sides) == 1 else sides
    return text.strip("'\"") if WORD.fullmatch(text) else None
