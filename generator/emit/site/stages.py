"""A network in a dozen steps: its IR condensed to what a drawing of it shows.

Input: a :class:`Network`. Output: stages in order of evaluation, one for each layer row, runs of
equal rows taken together; each says what happens in it, which branches it has, and what leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from generator.architectures.arithmetic import shapes
from generator.architectures.ir import (
    Activation,
    AdaptiveAvgPool2d,
    Add,
    AvgPool2d,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Input,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Multiply,
    Network,
    Op,
    PadShortcut,
    Pair,
    RadialBasis,
    Shape,
    SparseConv2d,
    TrainableSubsample,
)


class StageKind(StrEnum):
    """What a stage mainly does; the drawing colours it by this."""

    INPUT = "input"
    CONV = "conv"
    POOL = "pool"
    LINEAR = "linear"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a network.

    ``steps`` are its operations in words, ``branches`` those of parallel paths that are joined,
    ``residual`` the number of skip connections in it, ``count`` how many equal rows it stands for,
    ``output`` the shape that leaves it, ``auxiliary`` the training-only outputs that leave after it.
    """

    label: str
    kind: StageKind
    steps: tuple[str, ...]
    branches: tuple[tuple[str, ...], ...]
    residual: int
    output: Shape
    count: int = 1
    auxiliary: tuple[str, ...] = ()


def stages(network: Network) -> tuple[Stage, ...]:
    """Condense a network; the first stage is its input."""
    known = shapes(network)
    result = [Stage("input", StageKind.INPUT, (), (), 0, known[0])]
    ends = [0]  # the last node of each stage, to hang auxiliary outputs on
    signatures: list[object] = [None]
    for group in _groups(network):
        stage = _stage(network, group, known)
        if not stage.steps and not stage.branches and len(result) > 1:
            # Dropout, flatten, an activation: not worth a box, but they may change the shape.
            result[-1] = replace(result[-1], output=stage.output)
            ends[-1] = group[-1]
            continue
        signature = (stage, _signature(network, group))
        if signature == signatures[-1]:
            result[-1] = replace(result[-1], count=result[-1].count + 1)
            ends[-1] = group[-1]
            continue
        result.append(stage)
        ends.append(group[-1])
        signatures.append(signature)
    return _with_auxiliary(network, result, ends)


def _groups(network: Network) -> list[list[int]]:
    """Indices of the main path's nodes, by layer row; auxiliary heads are left out."""
    groups: list[list[int]] = []
    for index, node in enumerate(network.nodes):
        if isinstance(node.op, Input) or node.output:
            continue
        if groups and network.nodes[groups[-1][-1]].row == node.row:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _signature(network: Network, group: Sequence[int]) -> tuple[Op, ...]:
    return tuple(network.nodes[index].op for index in group)


def _stage(network: Network, group: list[int], known: Sequence[Shape]) -> Stage:
    inside = set(group)
    ops = [network.nodes[index].op for index in group]
    joins = [index for index in group if isinstance(network.nodes[index].op, Concat)]
    adds = [index for index in group if isinstance(network.nodes[index].op, Add)]
    branches: tuple[tuple[str, ...], ...] = ()
    steps: tuple[str, ...] = ()
    if joins and len(network.nodes[joins[-1]].inputs) > 2 and not adds:
        outer = _outermost(network, joins, inside)
        branches = tuple(
            words(_path(network, start, inside)) for start in network.nodes[outer].inputs
        )
        if len(joins) > 1 and sum(len(each) == 0 for each in branches) > 1:
            branches = ()  # features handed on from block to block, not parallel paths
    if adds:
        paths = [_path(network, start, inside) for start in network.nodes[adds[0]].inputs]
        steps = words(max(paths, key=lambda path: (len(words(path)), len(path))))
    elif not branches:
        steps = words(ops)
    if any(isinstance(op, Multiply) for op in ops):
        steps = (*steps, "squeeze and excite")
    label = network.nodes[group[0]].label
    return Stage(label, _kind(ops), steps, branches, len(adds), known[group[-1]])


def _outermost(network: Network, joins: Sequence[int], inside: set[int]) -> int:
    """The first join that no other join of the same block takes as an input."""
    fed: set[int] = set()
    for index in joins:
        for start in network.nodes[index].inputs:
            fed.update(_reach(network, start, inside, depth=1))
    return next((index for index in joins if index not in fed), joins[-1])


def _reach(network: Network, start: int, inside: set[int], *, depth: int) -> set[int]:
    reached = {start} if start in inside else set()
    if depth and start in inside:
        for each in network.nodes[start].inputs:
            reached |= _reach(network, each, inside, depth=depth - 1)
    return reached


def _path(network: Network, end: int, inside: set[int]) -> list[Op]:
    """The operations that lead to ``end`` from where its row begins, along first inputs."""
    path: list[Op] = []
    index = end
    while index in inside:
        node = network.nodes[index]
        path.append(node.op)
        if isinstance(node.op, Add) or not node.inputs:
            break
        if isinstance(node.op, Concat):
            path[-1:] = _split(network, node.inputs)
            index = network.nodes[node.inputs[0]].inputs[0] if node.inputs[0] in inside else -1
            while index in inside and not isinstance(network.nodes[index].op, Conv2d):
                index = network.nodes[index].inputs[0]
            continue
        index = node.inputs[0]
    return path[::-1]


def _split(network: Network, inputs: Sequence[int]) -> list[Op]:
    """The convolutions that stand side by side just before an inner join, last first."""
    found: list[Op] = []
    for index in inputs:
        op: Op = network.nodes[index].op
        while not isinstance(op, Conv2d) and network.nodes[index].inputs:
            index = network.nodes[index].inputs[0]
            op = network.nodes[index].op
        found.append(op)
    return found[::-1]


def _kind(ops: Sequence[Op]) -> StageKind:
    if any(isinstance(op, Conv2d | ConvTranspose2d | SparseConv2d) for op in ops):
        return StageKind.CONV
    if any(isinstance(op, Linear | RadialBasis) for op in ops):
        return StageKind.LINEAR
    if any(
        isinstance(op, MaxPool2d | AvgPool2d | AdaptiveAvgPool2d | TrainableSubsample) for op in ops
    ):
        return StageKind.POOL
    return StageKind.OTHER


def _with_auxiliary(
    network: Network, result: list[Stage], ends: Sequence[int]
) -> tuple[Stage, ...]:
    for name, index in network.auxiliary:
        entry = _entry(network, index)
        position = next((at for at, end in enumerate(ends) if entry <= end), len(ends) - 1)
        result[position] = replace(result[position], auxiliary=(*result[position].auxiliary, name))
    return tuple(result)


def _entry(network: Network, index: int) -> int:
    """The node of the main path that an auxiliary head starts from."""
    while network.nodes[index].output and network.nodes[index].inputs:
        index = network.nodes[index].inputs[0]
    return index


# ------------------------------------------------------------------ operations in words


def words(ops: Sequence[Op]) -> tuple[str, ...]:
    """Say what a chain of operations does; equal neighbours are counted, small print left out."""
    said: list[tuple[str, int]] = []
    for op in ops:
        text = _words(op)
        if not text:
            continue
        if said and said[-1][0] == text:
            said[-1] = (text, said[-1][1] + 1)
        else:
            said.append((text, 1))
    return tuple(text if count == 1 else f"{count} × {text}" for text, count in said)


def _words(op: Op) -> str:
    match op:
        case Conv2d():
            over = f"{size(op.kernel)}{_stride(op.stride)}"
            if op.groups > 1 and op.groups == op.in_channels:
                return f"{over} depthwise"
            grouped = f" in {op.groups} groups" if op.groups > 1 else ""
            return f"{over}, {op.out_channels}{grouped}"
        case SparseConv2d():
            return f"{size(op.kernel)}, {len(op.connections)} (sparse)"
        case ConvTranspose2d():
            return f"{size(op.kernel)}{_stride(op.stride, '×')}, {op.out_channels} transposed"
        case MaxPool2d():
            return f"max {size(op.kernel)}{_stride(op.stride)}"
        case AvgPool2d():
            return f"mean {size(op.kernel)}{_stride(op.stride)}"
        case AdaptiveAvgPool2d():
            return "global mean" if op.size == (1, 1) else f"mean to {size(op.size)}"
        case TrainableSubsample():
            return f"subsample {size(op.kernel)}"
        case Linear():
            return f"linear {op.out_features}"
        case RadialBasis():
            return f"radial basis {op.out_features}"
        case LocalResponseNorm():
            return "response norm"
        case PadShortcut():
            return "padded shortcut"
        case Activation() if op.function == "softmax":
            return "softmax"
        case Dropout() | Flatten() | Activation():
            return ""
        case _:
            return ""


def size(pair: Pair) -> str:
    """Write a kernel size: ``3×3``."""
    return f"{pair[0]}×{pair[1]}"


def _stride(pair: Pair, sign: str = "/") -> str:
    if pair == (1, 1):
        return ""
    return f" {sign}{pair[0]}" if pair[0] == pair[1] else f" {sign}{pair[0]},{pair[1]}"
