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
    ops = [network.nodes[index].op for index in group]
    paths = _Paths(network, frozenset(group))
    adds = [index for index in group if isinstance(network.nodes[index].op, Add)]
    joins = [index for index in group if isinstance(network.nodes[index].op, Concat)]
    branches: tuple[tuple[str, ...], ...] = ()
    if adds:
        # The block's own path; its other input is the shortcut.
        steps = max(paths.branches(adds[0]), key=len)
    elif joins and all(len(each) > 0 for each in paths.branches(joins[-1])):
        branches = paths.branches(joins[-1])
        steps = paths.words(paths.meeting(joins[-1]))
    else:
        steps = paths.words(group[-1])
    if any(isinstance(op, Multiply) for op in ops):
        steps = (*steps, "squeeze and excite")
    label = network.nodes[group[0]].label
    return Stage(label, _kind(ops), steps, branches, len(adds), known[group[-1]])


class _Paths:
    """Ways through the nodes of one layer row, ``inside``, followed backwards."""

    def __init__(self, network: Network, inside: frozenset[int]) -> None:
        self.network = network
        self.inside = inside
        self._meetings: dict[int, int] = {}

    def path(self, end: int) -> list[int]:
        """Nodes from ``end`` back to the first one outside; a join is passed as one step."""
        found = [end]
        while found[-1] in self.inside:
            node = self.network.nodes[found[-1]]
            if not node.inputs:
                break
            joined = isinstance(node.op, Concat)
            found.append(self.meeting(found[-1]) if joined else node.inputs[0])
        return found

    def meeting(self, join: int) -> int:
        """The node where all the paths into ``join`` begin."""
        if join not in self._meetings:
            paths = [self.path(each) for each in self.network.nodes[join].inputs]
            others = [set(each) for each in paths[1:]]
            self._meetings[join] = next(
                (each for each in paths[0] if all(each in other for other in others)), paths[0][-1]
            )
        return self._meetings[join]

    def branches(self, join: int) -> tuple[tuple[str, ...], ...]:
        """What each path into a join or sum does, from where they part."""
        start = self.meeting(join)
        return tuple(self.words(each, start) for each in self.network.nodes[join].inputs)

    def words(self, end: int, start: int = -1) -> tuple[str, ...]:
        """Say what happens between ``start`` and ``end``, the first step first."""
        path = self.path(end)
        if start in path:
            path = path[: path.index(start)]
        said: list[str] = []
        for index in reversed(path):
            if index not in self.inside:
                continue
            op = self.network.nodes[index].op
            inner = self.branches(index) if isinstance(op, Concat) else ()
            said.append(" ∥ ".join(" → ".join(each) for each in inner if each) or _words(op))
        return _counted(said)


def _kind(ops: Sequence[Op]) -> StageKind:
    if any(isinstance(op, Conv2d | ConvTranspose2d | SparseConv2d) for op in ops):
        return StageKind.CONV
    if any(isinstance(op, Linear | RadialBasis) for op in ops):
        return StageKind.LINEAR
    pools = MaxPool2d | AvgPool2d | AdaptiveAvgPool2d | TrainableSubsample
    return StageKind.POOL if any(isinstance(op, pools) for op in ops) else StageKind.OTHER


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
    return _counted([_words(op) for op in ops])


def _counted(texts: Sequence[str]) -> tuple[str, ...]:
    said: list[tuple[str, int]] = []
    for text in texts:
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
