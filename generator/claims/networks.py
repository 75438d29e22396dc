"""Questions that notes answer about a whole network, asked of its IR.

Counts, depths and shapes; each with the Python that measures the same on the generated model. The
auxiliary heads, which run in training only, are left out unless a function says otherwise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import prod

from generator.architectures import arithmetic
from generator.architectures.ir import (
    AdaptiveAvgPool2d,
    Add,
    AvgPool2d,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    Node,
    Op,
    RadialBasis,
    Shape,
    SparseConv2d,
    TrainableSubsample,
)
from generator.architectures.operations import ShapeError
from generator.claims.model import Subject

WEIGHTED = (Conv2d, ConvTranspose2d, SparseConv2d, Linear, RadialBasis)
CONVOLUTIONS = (Conv2d, ConvTranspose2d, SparseConv2d)
POOLS = (MaxPool2d, AvgPool2d, TrainableSubsample)


def main_nodes(network: Network) -> Iterator[tuple[int, Node]]:
    """Walk the nodes of the main output, with their indices."""
    needed = {network.result}
    for index in range(network.result, -1, -1):
        if index in needed:
            needed.update(network.nodes[index].inputs)
    for index in sorted(needed):
        yield index, network.nodes[index]


# ------------------------------------------------------------------ counts


def parameters(network: Network) -> tuple[int, int]:
    """Count trainable parameters: (without auxiliary heads, with them)."""
    counts = arithmetic.node_parameters(network)
    main = sum(count for count, node in zip(counts, network.nodes, strict=True) if not node.output)
    return main, sum(counts)


def parameters_of(network: Network, *kinds: type[Op]) -> list[int]:
    """Count the parameters of each layer of these kinds, in order, auxiliary heads left out."""
    counts = arithmetic.node_parameters(network)
    return [counts[index] for index, node in main_nodes(network) if isinstance(node.op, kinds)]


def macs(network: Network, shape: Shape | None = None) -> int | None:
    """Count multiply-adds of one forward pass; ``None`` if the input does not fit."""
    try:
        return arithmetic.macs(network, shape)
    except ShapeError:
        return None


def count(network: Network, *kinds: type[Op]) -> int:
    """Count the layers of these kinds on the main path (a module used twice counts twice)."""
    return sum(isinstance(node.op, kinds) for _, node in main_nodes(network))


def longest(network: Network, weigh: Callable[[Op], bool]) -> int:
    """Count the layers on the path from input to output that has most of them."""
    depths: dict[int, int] = {}
    for index, node in main_nodes(network):
        before = max((depths[each] for each in node.inputs), default=0)
        depths[index] = before + weigh(node.op)
    return depths[network.result]


def depth(network: Network) -> int:
    """Count layers with weights on the longest path, as names such as ResNet-50 do."""
    return longest(network, lambda op: isinstance(op, WEIGHTED))


def kernels(network: Network) -> tuple[tuple[int, int], ...]:
    """Give each convolution's kernel, in order."""
    return tuple(
        node.op.kernel for _, node in main_nodes(network) if isinstance(node.op, CONVOLUTIONS)
    )


def first_convolution(network: Network) -> Conv2d | None:
    """Give the first convolution."""
    return next((node.op for _, node in main_nodes(network) if isinstance(node.op, Conv2d)), None)


def depthwise(network: Network) -> list[Conv2d]:
    """Give the convolutions that filter each channel by itself."""
    return [
        node.op
        for _, node in main_nodes(network)
        if isinstance(node.op, Conv2d) and node.op.groups == node.op.in_channels > 1
    ]


def widths(network: Network) -> tuple[int, ...]:
    """Give the outputs of each fully connected layer, in order."""
    return tuple(
        node.op.out_features for _, node in main_nodes(network) if isinstance(node.op, Linear)
    )


def expansions(network: Network) -> frozenset[Fraction]:
    """Give how many times bottlenecks widen: before their depthwise convolution, where they have
    one and do widen, else behind their 3×3 convolution."""
    convs = [node.op for _, node in main_nodes(network) if isinstance(node.op, Conv2d)]
    deep = [
        Fraction(middle.in_channels, first.in_channels)
        for first, middle in pairwise(convs)
        if middle.groups == middle.in_channels > 1 and first.out_channels > first.in_channels
        if first.kernel == (1, 1)
    ]
    plain = [
        Fraction(last.out_channels, last.in_channels)
        for middle, last in pairwise(convs)
        if middle.kernel != (1, 1)
        and last.kernel == (1, 1)
        and last.out_channels > last.in_channels
    ]
    return frozenset(deep or plain)


def branching(network: Network) -> bool:
    """Whether paths of different depth meet, so that "layers" can be counted in more than one way."""
    return any(isinstance(node.op, Concat | Add) for _, node in main_nodes(network))


# ------------------------------------------------------------------ shapes


def shapes(network: Network, shape: Shape | None = None) -> tuple[Shape, ...] | None:
    """Give every node's shape in evaluation; ``None`` if the input does not fit."""
    try:
        return arithmetic.shapes(network, shape, training=False)
    except ShapeError:
        return None


def last_map(network: Network, shape: Shape | None = None) -> tuple[int, Shape] | None:
    """Give the last feature map before global pooling or flattening: (node, shape)."""
    known = shapes(network, shape)
    if known is None:
        return None
    found: int | None = None
    for index, node in main_nodes(network):
        if isinstance(node.op, AdaptiveAvgPool2d | Flatten):
            break
        if len(known[index]) == 3:
            found = index
    return None if found is None else (found, known[found])


def flat_size(network: Network) -> int | None:
    """Give how many values the first flattening leaves."""
    known = shapes(network)
    if known is None:
        return None
    for index, node in main_nodes(network):
        if isinstance(node.op, Flatten):
            return prod(known[index])
    return None


def between(network: Network, start: int, end: int) -> tuple[int, ...] | None:
    """Give the nodes of the unbranched path after ``start`` up to ``end``, or ``None``."""
    path: deque[int] = deque()
    at = end
    while at != start:
        path.appendleft(at)
        inputs = network.nodes[at].inputs
        if len(inputs) != 1 or at < start:
            return None
        at = inputs[0]
    return tuple(path)


def named_before(network: Network, index: int) -> str:
    """Give the name of the node, or of the nearest one before it on its unbranched path."""
    at = index
    while not network.nodes[at].name:
        if len(network.nodes[at].inputs) != 1:
            return ""
        at = network.nodes[at].inputs[0]
    return network.nodes[at].name


def concatenating_blocks(network: Network) -> tuple[str, ...]:
    """Give the top-level modules that concatenate branches."""
    found = {
        named_before(network, node.inputs[0]).split(".")[0]
        for _, node in main_nodes(network)
        if isinstance(node.op, Concat)
    }
    return tuple(sorted(found - {""}))


# ------------------------------------------------------------------ which network


def alternatives(subject: Subject, *, named: bool) -> tuple[str, ...]:
    """Give the registry names of other networks the same words may mean.

    A family's name stands for all its networks; a variant's name also for its other forms
    (``resnet50`` and ``resnet50_v1``). A network with values of its own stands for itself.
    """
    if subject.changed:
        return ()
    base = subject.variant or subject.name
    if subject.name == subject.family and not named:
        return subject.siblings
    return tuple(each for each in subject.siblings if each.startswith(f"{base}_"))
