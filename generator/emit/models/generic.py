"""A network without a template to readable code: the IR's tree as classes and forward passes.

Modules of one shape share a class (:mod:`~generator.emit.models.blocks`); chains are written as
``nn.Sequential``. Paths, and so state-dict keys, are kept exactly. The result is lines of text for
``generic.py.jinja`` to arrange.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.architectures import arithmetic
from generator.architectures.ir import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Linear,
    Network,
    Op,
    RadialBasis,
)
from generator.emit.models.blocks import REPEATS, BlockClass, Group, construct, group_blocks
from generator.emit.models.forward import Forward
from generator.emit.models.layers import show
from generator.emit.models.symbols import Draft, shape_text
from generator.emit.models.tree import Call, Kind, Scope, calls


@dataclass(frozen=True, slots=True)
class NetworkClass:
    """One network: constructor lines, forward passes, and what the methods need.

    ``head`` is the path of the layer with one output per class (``""`` for none), ``heads`` it and
    those of the auxiliary outputs, ``trainable`` the key prefixes that ``freeze_backbone`` leaves.
    ``folds`` are the (convolution, batch norm) paths that can become one. ``output`` is what a class
    gets: ``scores``, or ``distances``, of which the smallest names the class.
    """

    body: tuple[str, ...]
    features: tuple[str, ...]
    forward: tuple[str, ...]
    in_channels: int
    num_classes: int
    fixed_channels: bool
    heads: tuple[str, ...]
    trainable: tuple[str, ...]
    auxiliary: tuple[str, ...]
    folds: tuple[tuple[str, str], ...]
    folds_follow: bool
    output: str


@dataclass(frozen=True, slots=True)
class Generic:
    """What the generic template arranges; ``uses`` are the helper classes and functions needed,
    ``heads`` the kinds of the layers with one output per class. Of these layers and of the
    convolutions is said which have a bias: ``all``, ``some``, ``none``, or ``""`` without layers."""

    blocks: tuple[BlockClass, ...]
    networks: tuple[NetworkClass, ...]
    uses: frozenset[str]
    heads: frozenset[str]
    heads_biased: str
    convolutions_biased: str


def describe(networks: Sequence[Network], *, taken: frozenset[str]) -> Generic:
    """Describe networks that share a module; ``taken`` are the class names already given away."""
    drafts = [Draft(network) for network in networks]
    groups = group_blocks(drafts, taken)
    described = tuple(_network(draft, groups) for draft in drafts)
    blocks = tuple(group.text() for group in groups.values())
    lines = [line for each in described for line in (*each.body, *each.features, *each.forward)]
    lines += [line for each in blocks for line in (*each.body, *each.forward)]
    helpers = ("SparseConv2d", "TrainableSubsample", "RadialBasis", "ScaledTanh", "PadShortcut")
    uses = {each for each in (*helpers, "_channel_affine") if any(f"{each}(" in x for x in lines)}
    heads: list[Op] = [
        node.op
        for network, each in zip(networks, described, strict=True)
        for node in network.nodes
        if node.name in each.heads
    ]
    return Generic(
        blocks=blocks,
        networks=described,
        uses=frozenset(uses),
        heads=frozenset(type(op).__name__ for op in heads),
        heads_biased=_biased(heads),
        convolutions_biased=_biased(
            node.op for each in networks for node in each.nodes if isinstance(node.op, Conv2d)
        ),
    )


def _biased(layers: Iterable[Op]) -> str:
    """Say which of the layers that can have a bias have one."""
    found = {op.bias for op in layers if isinstance(op, Conv2d | Linear)}
    match sorted(found):
        case [False, True]:
            return "some"
        case [True]:
            return "all"
        case [False]:
            return "none"
    return ""


def _network(draft: Draft, groups: Mapping[object, Group]) -> NetworkClass:
    network, root = draft.network, draft.root
    features_node = _features(draft)
    steps = list(_split(calls(root, network), features_node))
    auxiliary = {index for index, node in enumerate(network.nodes) if node.output}
    main = [each for each in steps if each.output not in auxiliary]
    writer = Forward(network)
    front = [each for each in main if each.output <= features_node]
    features = writer.lines(front, entry=0, exit=features_node)
    if not front:
        features = ["return x"]
    if network.auxiliary:
        forward = _with_auxiliary(draft, writer, steps, auxiliary)
    else:
        back = [each for each in main if each.output > features_node]
        rest = writer.lines(back, entry=features_node, exit=network.result)
        forward = ["x = self.forward_features(x)", *rest]
    heads = tuple(
        network.nodes[index].name
        for index, _ in sorted(draft.replaced)
        if draft.replaced[index, _].text == "num_classes"
    )
    folds = tuple(_folds(network))
    last = network.nodes[network.result].op
    return NetworkClass(
        body=tuple(_root_body(draft, groups)),
        features=tuple(features),
        forward=tuple(forward),
        in_channels=network.input_shape[0],
        num_classes=draft.shapes[network.result][0],
        fixed_channels=draft.fixed_channels,
        heads=heads,
        trainable=_trainable(draft, features_node, heads),
        auxiliary=tuple(name for name, _ in network.auxiliary),
        folds=folds,
        folds_follow=_folds_follow(network, folds),
        output="distances" if isinstance(last, RadialBasis) else "scores",
    )


def _with_auxiliary(
    draft: Draft, writer: Forward, steps: Sequence[Call], auxiliary: set[int]
) -> list[str]:
    """Write one pass in which auxiliary heads run in training only."""
    network = draft.network
    heads = {
        name: [each for each in steps if network.nodes[each.output].output == name]
        for name, _ in network.auxiliary
    }
    # What a head starts from is noted under the head's name, and becomes its output.
    notes = {own[0].inputs[0]: name for name, own in heads.items()}
    main = [each for each in steps if each.output not in auxiliary]
    middle = _waist(main, min(auxiliary), network.result)
    before = [each for each in main if each.output <= middle]
    after = [each for each in main if each.output > middle]
    lines, variables = writer.statements(before, entry=0, kept=(middle,), notes=notes)
    lines.append("if self.training:")
    for name, index in sorted(network.auxiliary, key=lambda each: each[1]):
        source = heads[name][0].inputs[0]
        inner, found = writer.statements(heads[name], entry=source, kept=(index,), name=name)
        assert found[index] == name
        lines += [f"    {each}" for each in inner]
    rest, variables = writer.statements(
        after, entry=middle, kept=(network.result,), name=variables[middle]
    )
    names = ", ".join(name for name, _ in network.auxiliary)
    return [
        *lines,
        *rest,
        f"result: Tensor = {variables[network.result]}",
        f"return Outputs(result, {names}) if self.training else result",
    ]


def _waist(steps: Sequence[Call], first: int, result: int) -> int:
    """Find the value on the main path, just before the auxiliary heads' nodes, that is all the rest
    needs; the result itself where the heads stand in the middle of a block."""
    middle = max((each.output for each in steps if each.output < first), default=0)
    needed = {
        source
        for each in steps
        if each.output > middle
        for source in each.inputs
        if source <= middle
    }
    return middle if needed == {middle} else result


def _features(draft: Draft) -> int:
    """Find the last feature map: what enters the flatten, or the global pooling just before."""
    index = draft.network.result
    nodes = draft.network.nodes
    while len(draft.shapes[index]) < 3 and nodes[index].inputs:
        index = nodes[index].inputs[0]
    before = index
    while isinstance(nodes[before].op, Dropout):
        before = nodes[before].inputs[0]
    if isinstance(nodes[before].op, AdaptiveAvgPool2d):
        return nodes[before].inputs[0]
    return index


def _split(steps: Sequence[Call], features_node: int) -> Iterator[Call]:
    """Take a chain apart where the feature map leaves it in the middle."""
    for step in steps:
        module = step.module
        if (
            module is None
            or module.kind is not Kind.CHAIN
            or not module.numbered
            or not module.first <= features_node < module.last
            or module.exit == features_node
        ):
            yield step
            continue
        children = list(module.children.values())
        at = next(
            (i for i, each in enumerate(children) if each.exit == features_node), len(children) - 1
        )
        count = len(children) - at - 1
        front = f"self.{step.reference[0]}[:-{count}]"
        yield replace(step, reference=(front,), output=children[at].exit)
        for offset, child in enumerate(children[at + 1 :]):
            back = f"self.{step.reference[0]}[{offset - count}]"
            yield Call(child, (back,), (child.entry,), child.exit)


def _root_body(draft: Draft, groups: Mapping[object, Group]) -> Iterator[str]:
    """Write the network's modules; chains have a line, and a shape, for each element."""
    values = [show(argument.value) for _, argument in draft.fields(draft.root)]
    at = 0
    for name, child in draft.root.children.items():
        count = len(draft.fields(child))
        texts = values[at : at + count]
        at += count
        if child.kind in (Kind.CHAIN, Kind.OPEN) and child.numbered:
            yield f"self.{name} = nn.Sequential("
            yield from _elements(draft, child, texts, groups)
            yield ")"
        else:
            yield f"self.{name} = {construct(draft, child, texts, groups)}"


def _elements(
    draft: Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, Group]
) -> Iterator[str]:
    items: list[tuple[str, str]] = []
    at = 0
    for child in scope.children.values():
        count = len(draft.fields(child))
        text = construct(draft, child, values[at : at + count], groups)
        last = child.exit if child.exit >= 0 else child.last
        items.append((text, shape_text(draft.shapes[last])))
        at += count
    start, before = 0, shape_text(draft.shapes[scope.entry]) if scope.entry >= 0 else ""
    while start < len(items):
        end = start
        while end < len(items) and items[end] == items[start]:
            end += 1
        text, shape = items[start]
        note = f"  # {shape}" if shape != before else ""
        before = shape
        if end - start >= REPEATS:
            yield f"    *({text} for _ in range({end - start})),{note}"
        else:
            for offset in range(end - start):
                yield f"    {text},{note if offset == 0 else ''}"
        start = end


def _trainable(draft: Draft, features_node: int, heads: tuple[str, ...]) -> tuple[str, ...]:
    """Key prefixes of the layers behind the last feature map, or of the heads if there are none."""
    nodes = draft.network.nodes
    behind, names = {features_node}, []
    owned = {
        key for key, _, kind in arithmetic.state_manifest(draft.network) if kind == "parameter"
    }
    for index, node in enumerate(nodes):
        if behind & set(node.inputs):
            behind.add(index)
            if node.name and any(key.startswith(f"{node.name}.") for key in owned):
                names.append(f"{node.name}.")
    if not names:
        names = [f"{each}." for each in heads]
    if names and all(each.startswith("classifier.") for each in names):
        return ("classifier.",)
    return tuple(dict.fromkeys(names))


def _folds(network: Network) -> Iterator[tuple[str, str]]:
    """Find batch norms that directly follow a convolution nobody else reads."""
    for index, node in enumerate(network.nodes):
        if not isinstance(node.op, BatchNorm2d):
            continue
        source = node.inputs[0]
        before = network.nodes[source]
        readers = sum(each.inputs.count(source) for each in network.nodes)
        if isinstance(before.op, Conv2d) and readers == 1 and index != source:
            yield before.name, node.name


def _folds_follow(network: Network, folds: tuple[tuple[str, str], ...]) -> bool:
    """Whether the norm registered next after each convolution is the one to fold into it."""
    pairs, convolution = [], ""
    for node in network.nodes:
        if isinstance(node.op, Conv2d):
            convolution = node.name
        elif isinstance(node.op, BatchNorm2d):
            pairs.append((convolution, node.name))
    return tuple(pairs) == folds
