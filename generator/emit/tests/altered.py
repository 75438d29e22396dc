"""A network's IR with other numbers of classes and input channels.

Classes that the generic emitter writes have no other arguments. Input: a :class:`Network` and values
for ``num_classes`` and ``in_channels``; output: the network such a class then is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.architectures.arithmetic import head, shapes
from generator.architectures.ir import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    GroupNorm,
    Linear,
    Network,
    Node,
    RadialBasis,
)
from generator.architectures.model import ParamValue


def classes_and_channels(network: Network) -> dict[str, ParamValue]:
    """Give the present values of what can be altered."""
    found: dict[str, ParamValue] = {"in_channels": network.input_shape[0]}
    last = head(network)
    return found if last is None else {"num_classes": _outputs(network.nodes[last]), **found}


def altered(network: Network, params: Mapping[str, ParamValue]) -> Network:
    """Change classes and input channels. Raises :class:`ShapeError` where the network does not let
    them change."""
    nodes = list(network.nodes)
    present = classes_and_channels(network)
    channels, classes = params.get("in_channels"), params.get("num_classes")
    if isinstance(channels, int) and channels != present["in_channels"]:
        _set_input(nodes, network.input_shape[0], channels)
    else:
        channels = network.input_shape[0]
    if isinstance(classes, int) and classes != present.get("num_classes"):
        for index in _heads(network):
            _set_outputs(nodes, index, classes)
    changed = replace(network, nodes=tuple(nodes), input_shape=(channels, *network.input_shape[1:]))
    shapes(changed)
    return changed


def head_names(network: Network) -> list[str]:
    """List the module paths of the layers with one output per class and of the norms behind them."""
    behind = set(_heads(network))
    for index, node in enumerate(network.nodes):
        if behind.intersection(node.inputs):
            behind.add(index)
    return [network.nodes[index].name for index in sorted(behind) if network.nodes[index].name]


def _set_input(nodes: list[Node], before: int, channels: int) -> None:
    """Set the channels of every layer that reads the image, norms and pooling before it passed."""
    passing = {0}
    for index, node in enumerate(nodes):
        if not passing.intersection(node.inputs):
            continue
        match node.op:
            case Conv2d(groups=1) as op:
                nodes[index] = replace(node, op=replace(op, in_channels=channels))
            case Linear() as op:
                width = op.in_features // before * channels
                nodes[index] = replace(node, op=replace(op, in_features=width))
            case BatchNorm2d() | BatchNorm1d() as op:
                nodes[index] = replace(node, op=replace(op, features=channels))
                passing.add(index)
            case _:
                passing.add(index)


def _heads(network: Network) -> list[int]:
    """Find the layers with one output per class, those of auxiliary outputs too."""
    last = head(network)
    found = [] if last is None else [last]
    for _, index in network.auxiliary:
        while not isinstance(network.nodes[index].op, Linear | Conv2d | RadialBasis):
            index = network.nodes[index].inputs[0]
        found.append(index)
    return found


def _set_outputs(nodes: list[Node], index: int, classes: int) -> None:
    """Set a layer's outputs, and the features of the norms behind it."""
    node = nodes[index]
    match node.op:
        case Linear() | RadialBasis() as op:
            nodes[index] = replace(node, op=replace(op, out_features=classes))
        case Conv2d() as op:
            nodes[index] = replace(node, op=replace(op, out_channels=classes))
    behind = {index}
    for later in range(index + 1, len(nodes)):
        node = nodes[later]
        if behind.intersection(node.inputs):
            behind.add(later)
            if isinstance(node.op, BatchNorm2d | BatchNorm1d | GroupNorm):
                nodes[later] = replace(node, op=replace(node.op, features=classes))


def _outputs(node: Node) -> int:
    match node.op:
        case Linear(out_features=classes) | RadialBasis(out_features=classes):
            return classes
        case Conv2d(out_channels=classes):
            return classes
    raise TypeError(f"{type(node.op).__name__} gives no outputs per class")
