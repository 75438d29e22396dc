"""Everything a reader asks about a network in numbers, from its IR alone.

Input: a :class:`Network` and, where it matters, an input shape ``(C, H, W)``. Output: shapes,
parameters, multiply-adds, receptive fields, memory, the state-dict manifest, and the ledger (one
typed row per node) that the site, the command line and the generated tests read. No torch.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    Network,
    Node,
    Op,
    PadShortcut,
    Pair,
    RadialBasis,
    Shape,
    SparseConv2d,
    TrainableSubsample,
)
from generator.architectures.operations import (
    ShapeError,
    Tensor,
    multiply_adds,
    output_shape,
    tensors,
)

__all__ = [
    "LedgerRow",
    "ReceptiveField",
    "RowSummary",
    "ShapeError",
    "Tensor",
    "activation_bytes",
    "buffers",
    "head",
    "layer_rows",
    "ledger",
    "macs",
    "minimum_size",
    "node_macs",
    "node_parameters",
    "parameters",
    "receptive_field",
    "receptive_fields",
    "shapes",
    "state_manifest",
]

BYTES_PER_ELEMENT = 4  # float32, torch's default


def shapes(
    network: Network, input_shape: Shape | None = None, *, training: bool = True
) -> tuple[Shape, ...]:
    """Give each node's output shape without the batch axis.

    ``input_shape`` is ``(C, H, W)``, the network's own by default. With ``training=False`` the
    auxiliary heads, which do not run then, are left out: their nodes get ``()``. Raises
    :class:`ShapeError` with the node that cannot take what reaches it.
    """
    image = input_shape or network.input_shape
    key = (id(network.nodes), image, training or not network.auxiliary)
    known = _SHAPES.get(key)
    if known is None:
        known = (network.nodes, _shapes(network.nodes, image, training=training))
        if len(_SHAPES) >= MOST_KNOWN:
            _SHAPES.clear()
        _SHAPES[key] = known
    return known[1]


# Shapes computed last: what counts, checks and lists a network asks for the same ones. The nodes are
# kept with them, so that their identity stays their own.
_SHAPES: dict[tuple[int, Shape, bool], tuple[tuple[Node, ...], tuple[Shape, ...]]] = {}
MOST_KNOWN = 64


def _shapes(nodes: tuple[Node, ...], image: Shape, *, training: bool) -> tuple[Shape, ...]:
    found: list[Shape] = []
    for index, node in enumerate(nodes):
        if isinstance(node.op, Input):
            found.append(image)
        elif node.output and not training:
            found.append(())
        else:
            try:
                before = node.inputs
                entering = (
                    (found[before[0]],)
                    if len(before) == 1
                    else tuple(found[each] for each in before)
                )
                found.append(output_shape(node.op, entering))
            except ShapeError as error:
                where = f"{node.name or node.label or type(node.op).__name__}: {error.message}"
                raise ShapeError(where, node=index) from None
    return tuple(found)


def state_manifest(network: Network) -> tuple[tuple[str, Shape, str], ...]:
    """List ``(key, shape, "parameter" | "buffer")`` in ``state_dict`` order.

    A module that serves several nodes is listed once, where it is first used.
    """
    return tuple(
        (f"{node.name}.{each.name}", each.shape, each.kind)
        for node, owned in _owners(network)
        for each in owned
    )


def _owners(network: Network) -> Iterator[tuple[Node, tuple[Tensor, ...]]]:
    """Pair the nodes that own tensors with these, a shared module where it is first used."""
    seen: set[str] = set()
    for node in network.nodes:
        if node.name in seen:
            continue
        owned = tensors(node.op)
        if owned:
            seen.add(node.name)
            yield node, owned


def parameters(network: Network) -> int:
    """Count trainable parameters, auxiliary heads included."""
    return _elements(network, "parameter")


def buffers(network: Network) -> int:
    """Count buffer elements (batch-norm statistics and step counters, fixed codes)."""
    return _elements(network, "buffer")


def _elements(network: Network, kind: str) -> int:
    return sum(
        each.elements for _, owned in _owners(network) for each in owned if each.kind == kind
    )


def node_parameters(network: Network) -> tuple[int, ...]:
    """Count each node's trainable parameters; a shared module counts at its first use only."""
    seen: set[str] = set()
    counts = []
    for node in network.nodes:
        owned = sum(each.elements for each in tensors(node.op) if each.kind == "parameter")
        counts.append(0 if owned and node.name in seen else owned)
        if owned:
            seen.add(node.name)
    return tuple(counts)


def macs(network: Network, input_shape: Shape | None = None, *, training: bool = False) -> int:
    """Count multiply-adds of one forward pass of one sample.

    Convolutions and matrix products only: half of what ``torch.utils.flop_counter`` reports.
    Auxiliary heads count with ``training=True``. Raises :class:`ShapeError`.
    """
    return sum(node_macs(network, input_shape, training=training))


def node_macs(
    network: Network, input_shape: Shape | None = None, *, training: bool = False
) -> tuple[int, ...]:
    """Count each node's multiply-adds for one sample. Raises :class:`ShapeError`."""
    known = shapes(network, input_shape, training=training)
    return tuple(
        0
        if node.output and not training
        else multiply_adds(node.op, tuple(known[each] for each in node.inputs), known[index])
        for index, node in enumerate(network.nodes)
    )


# ------------------------------------------------------------------ receptive fields


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What one output position sees: ``size`` pixels (height, width) of the input, neighbouring
    positions ``stride`` pixels apart. ``whole`` says that it sees the whole input."""

    size: Pair = (1, 1)
    stride: Pair = (1, 1)
    whole: bool = False


def receptive_fields(network: Network) -> tuple[ReceptiveField, ...]:
    """Give each node's receptive field: r = r₀ + (f − 1)·d·j and j = j₀·s, over all paths the widest.

    A squeeze-excite gate sees the whole map; by convention only the gated path counts here, as in
    published figures.
    """
    found: list[ReceptiveField] = []
    for node in network.nodes:
        before = [found[each] for each in node.inputs]
        found.append(_seen(node.op, before))
    return tuple(found)


def receptive_field(network: Network) -> ReceptiveField:
    """Give the receptive field of the last feature map on the main path, before global pooling."""
    fields = receptive_fields(network)
    best = fields[0]
    for index in _main_path(network):
        if not fields[index].whole:
            best = fields[index]
    return best


def _seen(op: Op, before: list[ReceptiveField]) -> ReceptiveField:
    match op:
        case Input():
            return ReceptiveField()
        case Conv2d():
            return _widened(before[0], op.kernel, op.stride, op.dilation)
        case MaxPool2d() | AvgPool2d():
            return _widened(before[0], op.kernel, op.stride)
        case SparseConv2d():
            return _widened(before[0], op.kernel, (1, 1))
        case TrainableSubsample():
            return _widened(before[0], op.kernel, op.kernel)
        case ConvTranspose2d():
            # An output position is reached by ⌈f/s⌉ inputs; positions move apart by j/s.
            reach = tuple(-(-k // s) for k, s in zip(op.kernel, op.stride, strict=True))
            wide = _widened(before[0], (reach[0], reach[1]), (1, 1))
            stride = tuple(max(1, j // s) for j, s in zip(wide.stride, op.stride, strict=True))
            return ReceptiveField(wide.size, (stride[0], stride[1]), whole=wide.whole)
        case AdaptiveAvgPool2d() | Flatten() | Linear() | RadialBasis() | BatchNorm1d():
            return ReceptiveField(before[0].size, before[0].stride, whole=True)
        case PadShortcut():
            return _widened(before[0], (1, 1), (op.stride, op.stride))
        case Multiply():
            return before[0]
        case Add() | Concat():
            return ReceptiveField(
                (max(each.size[0] for each in before), max(each.size[1] for each in before)),
                (max(each.stride[0] for each in before), max(each.stride[1] for each in before)),
                whole=any(each.whole for each in before),
            )
        case (
            BatchNorm2d()
            | GroupNorm()
            | LocalResponseNorm()
            | Activation()
            | Dropout()
            | ChannelAffine()
        ):
            return before[0]
        case _:
            assert_never(op)


def _widened(
    field: ReceptiveField, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)
) -> ReceptiveField:
    size = tuple(
        r + (k - 1) * d * j
        for r, k, d, j in zip(field.size, kernel, dilation, field.stride, strict=True)
    )
    jump = tuple(j * s for j, s in zip(field.stride, stride, strict=True))
    return ReceptiveField((size[0], size[1]), (jump[0], jump[1]), whole=field.whole)


def _main_path(network: Network) -> list[int]:
    """Indices the main output depends on, ascending."""
    needed = {network.result}
    for index in range(network.result, -1, -1):
        if index in needed:
            needed.update(network.nodes[index].inputs)
    return sorted(needed)


def head(network: Network) -> int | None:
    """Find the node that gives one output per class: the linear layer or convolution whose outputs are
    the result's, behind nothing but norms, functions and pooling. ``None`` where the result comes
    from a sum or a block, or is a map of another layer: then no layer alone decides their number."""
    known = shapes(network)
    index = network.result
    while True:
        node = network.nodes[index]
        match node.op:
            case Linear() | RadialBasis():
                return index
            case Conv2d(groups=groups):
                return index if groups == 1 else None
            case Flatten() if known[node.inputs[0]][0] != known[index][0]:
                return None
            case op if isinstance(op, CHANNELWISE) and len(node.inputs) == 1:
                index = node.inputs[0]
            case _:
                return None


# Operations that hand channels on as they are.
CHANNELWISE = (
    Activation, AdaptiveAvgPool2d, AvgPool2d, BatchNorm1d, BatchNorm2d, Dropout, Flatten, GroupNorm,
    LocalResponseNorm, MaxPool2d,
)  # fmt: skip


# ------------------------------------------------------------------ memory and smallest input


def activation_bytes(
    network: Network, input_shape: Shape | None = None, *, training: bool = True
) -> int:
    """Estimate activation memory of one float32 sample, in bytes.

    Training: the outputs that the backward pass reads, so that they stay until then. Evaluation:
    the largest sum of outputs alive at one time. What an operation needs inside (dropout masks, a
    response norm's sums) is not counted. Raises :class:`ShapeError`.
    """
    known = shapes(network, input_shape, training=training)
    if training:
        return BYTES_PER_ELEMENT * sum(prod(known[index]) for index in _kept_for_backward(network))
    owner: list[int] = []  # whose memory a node writes to: its own, or its input's
    for index, node in enumerate(network.nodes):
        passes_on = getattr(node.op, "inplace", False) or isinstance(node.op, Flatten | Dropout)
        owner.append(owner[node.inputs[0]] if passes_on else index)
    last_use = {}
    for index, node in enumerate(network.nodes):
        if known[index]:
            last_use.update({owner[each]: index for each in (index, *node.inputs)})
    alive = peak = 0
    for index in range(len(known)):
        if index in last_use:
            alive += prod(known[index])
        peak = max(peak, alive)
        alive -= sum(prod(known[each]) for each, last in last_use.items() if last == index)
    return BYTES_PER_ELEMENT * peak


def _kept_for_backward(network: Network) -> set[int]:
    """Nodes whose outputs some derivative reads: the node's own, or that of one it feeds."""
    kept: set[int] = set()
    viewed: list[int] = []  # a flattened map is the map itself
    for index, node in enumerate(network.nodes):
        viewed.append(viewed[node.inputs[0]] if isinstance(node.op, Flatten) else index)
        reads_input, reads_output = _read_by_backward(node.op)
        if reads_input:
            kept.update(viewed[each] for each in node.inputs)
        if reads_output:
            kept.add(index)
    return kept


def _read_by_backward(op: Op) -> tuple[bool, bool]:
    """Tell whether an operation's derivative reads its input, and its output (torch's formulas)."""
    match op:
        case Activation("relu" | "tanh" | "sigmoid" | "softmax"):
            return False, True
        case Activation("leaky_relu" | "elu"):
            return not op.inplace, op.inplace
        case AdaptiveAvgPool2d():
            return op.size != (1, 1), False  # a mean's derivative is a constant
        case Input() | Add() | Concat() | PadShortcut() | ChannelAffine() | Flatten() | Dropout():
            return False, False
        case _:
            return True, False


def minimum_size(network: Network, *, training: bool) -> int:
    """Find the least square input that the network takes: a batch of one in evaluation, of two in
    training (auxiliary heads then run, too). Searches up to the network's own input size."""
    channels, height, width = network.input_shape

    def fits(size: int) -> bool:
        try:
            shapes(network, (channels, size, size), training=training)
        except ShapeError:
            return False
        return True

    # Maps grow with the image, so whatever is too small stays so for any smaller one.
    too_small, fitting = 0, max(height, width)
    while fitting - too_small > 1:
        size = (too_small + fitting) // 2
        if fits(size):
            fitting = size
        else:
            too_small = size
    return fitting


# ------------------------------------------------------------------ the ledger


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One node in numbers. ``kind`` is the torch class or function it is (``Conv2d``, ``Add``);
    ``input`` and ``output`` are shapes; ``parameters`` and ``macs`` of this node alone."""

    index: int
    name: str
    kind: str
    op: Op
    inputs: tuple[int, ...]
    input: Shape
    output: Shape
    parameters: int
    macs: int
    row: int
    label: str
    auxiliary: str


def ledger(network: Network, input_shape: Shape | None = None) -> tuple[LedgerRow, ...]:
    """List every node in order of evaluation, auxiliary heads too. Raises :class:`ShapeError`."""
    known = shapes(network, input_shape)
    costs = node_macs(network, input_shape, training=True)
    counts = node_parameters(network)
    return tuple(
        LedgerRow(
            index=index,
            name=node.name,
            kind=type(node.op).__name__,
            op=node.op,
            inputs=node.inputs,
            input=known[node.inputs[0]] if node.inputs else known[index],
            output=known[index],
            parameters=counts[index],
            macs=costs[index],
            row=node.row,
            label=node.label,
            auxiliary=node.output,
        )
        for index, node in enumerate(network.nodes)
    )


@dataclass(frozen=True, slots=True)
class RowSummary:
    """One layer row of the family's or note's table, its nodes added up.

    ``label`` is the row's short name, ``input``/``output`` the shapes at its borders, ``nodes`` the
    (first, last) node. ``auxiliary`` names the training-only output it belongs to.
    """

    row: int
    label: str
    name: str
    input: Shape
    output: Shape
    parameters: int
    macs: int
    nodes: tuple[int, int]
    auxiliary: str = ""


def layer_rows(network: Network, input_shape: Shape | None = None) -> tuple[RowSummary, ...]:
    """Summarise the network by layer rows, in order; the input node is left out.

    Rows are the units of the architecture's own table (a VGG stage, an inception block). Raises
    :class:`ShapeError`.
    """
    groups: list[list[LedgerRow]] = []
    for each in ledger(network, input_shape)[1:]:
        if groups and groups[-1][-1].row == each.row:
            groups[-1].append(each)
        else:
            groups.append([each])
    return tuple(
        RowSummary(
            row=group[0].row,
            label=group[-1].label,
            name=_common_name(group),
            input=group[0].input,
            output=group[-1].output,
            parameters=sum(each.parameters for each in group),
            macs=sum(each.macs for each in group),
            nodes=(group[0].index, group[-1].index),
            auxiliary=group[0].auxiliary,
        )
        for group in groups
    )


def _common_name(group: list[LedgerRow]) -> str:
    """Give the module path that all named nodes of a row share, or the first one's."""
    paths = [each.name.split(".") for each in group if each.name]
    if not paths:
        return ""
    shared = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ".".join(shared) or ".".join(paths[0])
