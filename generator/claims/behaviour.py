"""What networks do, as properties: decided on the IR, and run on the generated model by tests.

Each function gives a reading whose value says whether the property holds, or ``None`` where it makes
no sense for the network. The Python it carries asserts the property on the real model, or on one
materialised part of it; names in it come from the IR, never from a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from generator.architectures.ir import (
    Activation,
    Add,
    BatchNorm2d,
    Concat,
    Conv2d,
    Network,
    Shape,
)
from generator.claims import networks
from generator.claims.candidate import Reading
from generator.claims.model import Subject

Property = Callable[[Subject], "Reading | None"]


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'


def _convolutions(network: Network) -> list[tuple[int, Conv2d]]:
    return [
        (index, node.op)
        for index, node in networks.main_nodes(network)
        if isinstance(node.op, Conv2d)
    ]


# ------------------------------------------------------------------ convolutions


def size_free(subject: Subject) -> Reading | None:
    """The number of parameters does not depend on the image's size."""
    found = _convolutions(subject.network)
    if not found:
        return None
    return Reading(
        True,
        f"the {len(found)} convolutions of {subject.name} have filters·(k·k·c) weights at any size",
        "",
        (f"check_size_free({_model(subject)})",),
    )


def shared(subject: Subject) -> Reading | None:
    """The same weights serve everywhere: a shifted input gives shifted features."""
    if not _convolutions(subject.network):
        return None
    how = f"a shifted input shifts the features of {subject.name}'s first convolution"
    return Reading(True, how, "", (f"check_shift(first_convolution({_model(subject)}))",))


def sparse(subject: Subject) -> Reading | None:
    """An output depends on a small part of the input only."""
    found = _convolutions(subject.network)
    if not found:
        return None
    index, op = found[0]
    known = networks.shapes(subject.network)
    if known is None:
        return None
    shape = known[subject.network.nodes[index].inputs[0]]
    inputs = op.kernel[0] * op.kernel[1] * op.in_channels // op.groups
    everything = shape[0] * shape[1] * shape[2]
    how = f"an output of {subject.name}'s first convolution depends on {inputs:,} of {everything:,} inputs"
    return Reading(
        inputs < everything, how, "", (f"check_sparsity(first_convolution({_model(subject)}))",)
    )


def pyramid(subject: Subject) -> Reading | None:
    """Height and width fall from input to output while channels rise."""
    levels = _levels(subject.network)
    if len(levels) < 2:
        return None
    channels = [each for _, each in levels]
    rising = channels == sorted(channels) and channels[-1] > channels[0]
    shown = " → ".join(f"{height}×{height}×{each}" for height, each in levels)
    return Reading(rising, shown, "", (f"check_pyramid({_model(subject)})",))


def _levels(network: Network) -> list[tuple[int, int]]:
    """The last number of channels at each height, while heights fall."""
    known = networks.shapes(network)
    if known is None:
        return []
    found: list[tuple[int, int]] = []
    for index, node in networks.main_nodes(network):
        shape: Shape = known[index]
        if len(shape) != 3 or shape[1] < 2 or not node.inputs:
            continue
        if found and found[-1][0] == shape[1]:
            found[-1] = (shape[1], shape[0])
        elif not found or shape[1] < found[-1][0]:
            found.append((shape[1], shape[0]))
    return found


def keeps_size(subject: Subject) -> Reading | None:
    """Convolutions with stride 1 keep height and width ("same" convolutions)."""
    wide = [
        op
        for _, op in _convolutions(subject.network)
        if op.stride == (1, 1) and op.kernel != (1, 1)
    ]
    if not wide:
        return None
    same = all(
        2 * pad == reach * (kernel - 1)
        for op in wide
        for pad, kernel, reach in zip(op.padding, op.kernel, op.dilation, strict=True)
    )
    how = f"{len(wide)} convolutions of {subject.name} with stride 1 {'keep' if same else 'change'} the size"
    return Reading(same, how, "", (f"check_same({_model(subject)})",))


def depthwise(subject: Subject) -> Reading | None:
    """A depthwise convolution has one filter a channel."""
    found = networks.depthwise(subject.network)
    if not found:
        return None
    op = found[0]
    how = f"a depthwise convolution of {subject.name} has {op.groups} filters for {op.groups} channels"
    line = (
        f"assert any(each.groups == each.in_channels == {op.groups} and each.weight.shape[1] == 1 "
        f"for each in used({_model(subject)}, nn.Conv2d))"
    )
    return Reading(True, how, "", (line,))


def denied(reading: Reading) -> Reading:
    """The statement that a property does not hold; its test fails where the property does."""
    lines = ("with pytest.raises(AssertionError):", *(f"    {each}" for each in reading.setup))
    return Reading(not reading.value, f"but {reading.how}", "", lines)


# ------------------------------------------------------------------ shortcuts


def residual(subject: Subject, layers: int | None = None) -> Reading | None:
    """A block gives g(branch + a): with a zero branch, g(a).

    ``layers`` asks for a branch with that many convolutions; ``None`` takes the first block.
    """
    network = subject.network
    for index, node in networks.main_nodes(network):
        if not isinstance(node.op, Add) or len(node.inputs) != 2:
            continue
        found = _branch(network, node.inputs)
        if found is None:
            continue
        start, path = found
        convs = [each for each in path if isinstance(network.nodes[each].op, Conv2d)]
        if not convs or (layers is not None and len(convs) != layers):
            continue
        names = _layer_names(network, path)
        block = parent(enclosing([network.nodes[each].name for each in path]))
        if not block or names is None:
            continue
        shape = networks.shapes(network)
        if shape is None:
            return None
        after = next((each.op for each in network.nodes if each.inputs == (index,)), None)
        last = after.function if isinstance(after, Activation) else ""
        line = f'check_residual(model("{subject.name}"), "{block}", {names}, {shape[start][0]}, "{last}")'
        how = f"{block} of {subject.name} adds its input to a branch of {len(convs)} convolutions"
        return Reading(True, how + (f", then {last}" if last else ""), "", (line,))
    return None


def activated_sum(subject: Subject) -> Reading | None:
    """A block's activation comes after the sum."""
    found = residual(subject)
    return found if found is not None and ", then " in found.how else None


def _branch(network: Network, inputs: tuple[int, ...]) -> tuple[int, tuple[int, ...]] | None:
    """Find (shortcut, branch) of a sum whose one input is the other's beginning."""
    for start, end in (inputs, inputs[::-1]):
        path = networks.between(network, start, end)
        if path:
            return start, path
    return None


def _layer_names(network: Network, path: tuple[int, ...]) -> list[str] | None:
    names = []
    for each in path:
        node = network.nodes[each]
        if node.name:
            names.append(node.name)
        elif isinstance(node.op, Activation):
            names.append(f"<{node.op.function}>")
        else:
            return None
    return names


def enclosing(names: list[str]) -> str:
    """The module path that all these names share."""
    paths = [each.split(".")[:-1] for each in names if each]
    shared_parts = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared_parts.append(parts[0])
    return ".".join(shared_parts)


# ------------------------------------------------------------------ branches


def concatenated(subject: Subject) -> Reading | None:
    """Parallel branches of one height and width are concatenated along channels."""
    network = subject.network
    known = networks.shapes(network)
    for index, node in networks.main_nodes(network):
        if not isinstance(node.op, Concat) or known is None:
            continue
        ends = [networks.named_before(network, each) for each in node.inputs]
        block = enclosing([each for each in ends if each])
        if not block or not all(ends):
            continue
        children = [f"{block}.{each[len(block) + 1 :].split('.')[0]}" for each in ends]
        if len(set(children)) != len(children):
            continue
        shapes = [known[each] for each in node.inputs]
        entry = _entry(network, index, block)
        how = (
            f"{block} of {subject.name} concatenates "
            f"{', '.join(str(each[0]) for each in shapes)} channels "
            f"to {known[index][0]}"
        )
        line = f'check_concatenation(model("{subject.name}"), "{block}", {children}, {known[entry][0]})'
        return Reading(True, how, "", (line,))
    return None


def _entry(network: Network, index: int, block: str) -> int:
    """The node whose output a block reads."""
    at = index
    while True:
        node = network.nodes[at]
        if node.name and not node.name.startswith(f"{block}."):
            return at
        if not node.inputs:
            return at
        at = node.inputs[0]


def cheaper(subject: Subject) -> Reading | None:
    """A 1×1 convolution before a larger one cuts the cost."""
    network = subject.network
    known = networks.shapes(network)
    if known is None:
        return None
    for reduce_at, wide_at in _reductions(network):
        reduce, wide = network.nodes[reduce_at].op, network.nodes[wide_at].op
        assert isinstance(reduce, Conv2d)
        assert isinstance(wide, Conv2d)
        pixels = known[wide_at][1] * known[wide_at][2]
        both = pixels * (
            reduce.in_channels * reduce.out_channels
            + wide.in_channels * wide.out_channels * wide.kernel[0] * wide.kernel[1]
        )
        direct = pixels * reduce.in_channels * wide.out_channels * wide.kernel[0] * wide.kernel[1]
        names = network.nodes[reduce_at].name, network.nodes[wide_at].name
        if not all(names):
            continue
        how = f"{both:,} multiplications in {enclosing(list(names))}, {direct:,} without the 1×1 convolution"
        line = f'check_reduction({_model(subject)}, "{names[0]}", "{names[1]}")'
        return Reading(both < direct, how, "", (line,))
    return None


def separable(subject: Subject) -> Reading | None:
    """A depthwise convolution and the pointwise one after it cost less than a standard one."""
    network = subject.network
    known = networks.shapes(network)
    convs = _convolutions(network)
    for (deep_at, deep), (point_at, point) in pairwise(convs):
        if known is None or deep.groups != deep.in_channels or deep.groups == 1:
            continue
        if point.kernel != (1, 1) or point.in_channels != deep.out_channels:
            continue
        window = deep.kernel[0] * deep.kernel[1]
        pixels = known[deep_at][1] * known[deep_at][2]
        both = pixels * deep.in_channels * (window + point.out_channels)
        direct = pixels * deep.in_channels * point.out_channels * window
        names = network.nodes[deep_at].name, network.nodes[point_at].name
        if not all(names):
            continue
        how = f"{both:,} multiplications depthwise-separably, {direct:,} with one convolution"
        line = f'check_separable({_model(subject)}, "{names[0]}", "{names[1]}")'
        return Reading(both < direct, how, "", (line,))
    return None


def _reductions(network: Network) -> Iterator[tuple[int, int]]:
    """Pairs of a 1×1 convolution and the larger one that follows it."""
    last: dict[int, int] = {}
    for index, node in networks.main_nodes(network):
        if isinstance(node.op, Conv2d):
            before = last.get(node.inputs[0]) if node.inputs else None
            if before is not None and node.op.kernel != (1, 1) and node.op.groups == 1:
                first = network.nodes[before].op
                if isinstance(first, Conv2d) and first.out_channels < first.in_channels:
                    yield before, index
            if node.op.kernel == (1, 1):
                last[index] = index
        elif isinstance(node.op, Activation | BatchNorm2d) and node.inputs[0] in last:
            last[index] = last[node.inputs[0]]


def auxiliary(subject: Subject) -> Reading | None:
    """Auxiliary outputs exist in training only."""
    heads = subject.network.auxiliary
    if not heads:
        return None
    how = f"{subject.name} has {len(heads)} auxiliary outputs in training and none after it"
    return Reading(True, how, "", (f"check_auxiliary({_model(subject)}, {len(heads)})",))


def inverted(subject: Subject) -> Reading | None:
    """A bottleneck expands with 1×1, filters depthwise, and projects linearly with 1×1."""
    network = subject.network
    convs = _convolutions(network)
    for (_, expand), (deep_at, deep), (project_at, project) in zip(
        convs, convs[1:], convs[2:], strict=False
    ):
        expands = expand.kernel == (1, 1) and expand.out_channels > expand.in_channels
        filters = deep.groups == deep.in_channels == expand.out_channels and deep.kernel != (1, 1)
        projects = project.kernel == (1, 1) and project.out_channels < project.in_channels
        if not (expands and filters and projects):
            continue
        if not _linear_after(network, project_at):
            continue
        block = enclosing([network.nodes[each].name for each in (deep_at, project_at)])
        if not block:
            continue
        how = (
            f"{block} of {subject.name}: {expand.in_channels} → {expand.out_channels} channels, "
            f"depthwise "
            f"{deep.kernel[0]}×{deep.kernel[1]}, → {project.out_channels}, no activation"
        )
        line = f'check_inverted(model("{subject.name}"), "{parent(block)}")'
        return Reading(True, how, "", (line,))
    return None


def _linear_after(network: Network, index: int) -> bool:
    """Whether no activation follows a convolution directly or after its norm."""
    following = {index}
    for at in range(index + 1, len(network.nodes)):
        node = network.nodes[at]
        if len(node.inputs) == 1 and node.inputs[0] in following:
            if isinstance(node.op, Activation):
                return False
            if isinstance(node.op, BatchNorm2d):
                following.add(at)
    return True


def parent(block: str) -> str:
    """``features.2.conv`` is part of the block ``features.2``."""
    head, _, tail = block.rpartition(".")
    return head if tail in ("conv", "block", "layers") and head else block
