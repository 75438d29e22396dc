"""What a plain table leaves to its other cells: widths from sizes, windows from parameter counts.

Input: the rows as their own cells give them. They are completed in place, by what the table states
about them elsewhere; a row whose cells say everything stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import isqrt

from generator.architectures.tables.model import Draft, DraftRow

# Sides of the images that networks are usually shown: MNIST, CIFAR, and ImageNet's crops.
USUAL_SIDES = (28, 32, 48, 64, 96, 128, 160, 192, 224, 227, 256, 299)


def complete(draft: Draft) -> None:
    """Fill in what other cells say about a row."""
    # A layer without parameters is none: "Output | 1000 | 0" names what the last one gives.
    draft.rows = [row for row in draft.rows if row.type != "linear" or row.parameters != 0]
    _vector_input(draft)
    _softmax_layers(draft)
    _flattened(draft)
    _widths_from_sizes(draft)
    _widths_of_residuals(draft)
    _windows_from_parameters(draft)
    _repeated_valid(draft)


def broken_chain(draft: Draft) -> bool:
    """Say whether most rows do not take what the row before them gives: alternatives side by side, or
    exercises, are no network."""
    links = [fits for before, row in pairwise(draft.rows) for fits in _link(before, row)]
    broken = links.count(False)
    return broken >= 2 and broken * 2 > len(links)


def _link(before: DraftRow, row: DraftRow) -> Iterator[bool]:
    given, taken = before.output, row.input
    if given and taken and given.height is not None and taken.height is not None:
        yield (given.height, given.width) == (taken.height, taken.width)
    if row.weights is not None and isinstance(width := before.values.get("width"), int):
        yield row.weights.channels == width


def _vector_input(draft: Draft) -> None:
    """Read a single number that reaches a linear layer first as a vector's length: an image's pixels
    where it is a usual one."""
    size = draft.input
    first = next((each for each in draft.rows if each.type not in ("flatten", "dropout")), None)
    if first is None or first.type != "linear":
        return
    size = size or first.weights
    if size is None or size.channels is None:
        return
    if size.height not in (None, 1):
        return
    length, channels, side = size.channels, size.channels, 1
    for depth in (1, 3):
        root = isqrt(length // depth)
        if depth * root * root == length and root in USUAL_SIDES:
            channels, side = depth, root
    draft.input = replace(size, channels=channels, height=side, width=side)


def _softmax_layers(draft: Draft) -> None:
    """Take ``Softmax | 10`` for the last linear layer, unless that many features reach it."""
    width: object = None
    for row in draft.rows:
        stated = row.maps or row.output
        if row.type == "activation" and row.values.get("function") == "softmax" and stated:
            if stated.channels is not None and isinstance(width, int) and stated.channels != width:
                row.type = "linear"
                row.values = {"width": stated.channels, "activation": "none"}
                row.places["width"] = stated.position
                row.maps = None
        elif row.type in ("linear", "conv"):
            width = row.values.get("width", width)
            if row.output is not None and row.output.channels is not None:
                width = row.values.get("width", row.output.channels)


def _flattened(draft: Draft) -> None:
    """Take a "linear" row as wide as the map before it has numbers for its flattening: the 9216 of
    AlexNet, listed as a layer."""
    for before, row in pairwise(draft.rows):
        size = before.output
        if row.type != "linear" or size is None or size.channels is None or not size.height:
            continue
        if before.type not in ("max_pool", "avg_pool", "conv") or size.height == 1:
            continue
        length = size.channels * size.height * (size.width or size.height)
        stated = row.output.channels if row.output is not None else None
        if row.values.get("width", stated) == length:
            row.type, row.values, row.maps = "flatten", {}, None


def _widths_from_sizes(draft: Draft) -> None:
    """Take a width that no cell gives from the stated output's channels.

    GoogLeNet's and SqueezeNet's tables give it nowhere else.
    """
    for index, row in enumerate(draft.rows):
        open_width = "width" not in row.values and not row.values.get("depthwise")
        if row.type not in ("conv", "conv_transpose", "linear", "depthwise_separable"):
            continue
        output = row.output
        if output is None and index + 1 < len(draft.rows):
            output = draft.rows[index + 1].input
        vector = output is not None and output.channels is None and output.width == 1
        if row.type == "linear" and output is not None and vector:  # 4096×1
            output = replace(output, channels=output.height, height=1)
        if open_width and not row.classes and output is not None and output.channels is not None:
            row.values["width"] = output.channels
            row.places["width"] = output.position


def _widths_of_residuals(draft: Draft) -> None:
    """Take a residual block's width from a column of output channels: a bottleneck is a quarter as
    wide inside (He et al. 2015)."""
    for row in draft.rows:
        out = row.values.get("out")
        if row.type == "residual" and isinstance(out, int) and "width" not in row.values:
            narrow = row.values.get("kind") == "bottleneck"
            row.values["width"] = max(1, out // 4) if narrow else out
            row.places["width"] = row.places.get("out", row.position)


def _windows_from_parameters(draft: Draft) -> None:
    """Solve the window of a convolution from its parameter count, as ``model.summary()`` prints it.

    ``parameters = width · (window² · channels + 1)``, without the 1 where there is no bias. The first
    layer's channels are 1 or 3 where the table does not say.
    """
    channels = draft.input.channels if draft.input is not None else draft.channels
    possible: tuple[int, ...] = (channels,) if channels is not None else (3, 1)
    for row in draft.rows:
        width = row.values.get("width")
        if row.type == "conv" and isinstance(width, int) and row.parameters is not None:
            solved = _window(row.parameters, width, possible)
            if solved is not None:
                inside, side, bias = solved
                if len(possible) > 1:
                    draft.channels = inside
                row.values.setdefault("kernel", (side, side))
                row.values.setdefault("bias", bias)
        if row.type in CHANNELS_KEPT:
            continue
        possible = (width,) if row.type == "conv" and isinstance(width, int) else ()


def _repeated_valid(draft: Draft) -> None:
    """Leave out the padding of repeated convolutions where the map loses what their windows take."""
    outputs = {row.group: row.output for row in draft.rows}
    for before, row in pairwise(draft.rows):
        taken, given = before.output, outputs[row.group] if row.group else row.output
        times, window = row.values.get("repeat", 1), row.values.get("kernel", 3)
        side = window[0] if isinstance(window, tuple) else window
        if row.type != "conv" or "stride" in row.values or taken is None or given is None:
            continue
        if not (isinstance(times, int) and isinstance(side, int) and taken.height and given.height):
            continue
        if times > 1 and taken.height - given.height == times * (side - 1) > 0:
            row.values.setdefault("padding", "valid")


# Row types that hand on as many channels as reach them.
CHANNELS_KEPT = frozenset(("max_pool", "avg_pool", "norm", "activation", "dropout"))


def _window(parameters: int, width: int, possible: tuple[int, ...]) -> tuple[int, int, bool] | None:
    """Give channels, window and bias that explain a convolution's parameters, ``None`` if none do."""
    for bias in (True, False):
        for channels in possible:
            area, rest = divmod(parameters - bias * width, width * channels)
            side = isqrt(max(area, 0))
            if rest == 0 and side and side * side == area:
                return channels, side, bias
    return None
