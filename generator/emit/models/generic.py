"""A network without a template to readable code: the IR's tree as classes and forward passes.

Modules of one shape share a class whose arguments are what differs between them; chains are written
as ``nn.Sequential``. Paths, and so state-dict keys, are kept exactly. The result is lines of text
for ``generic.py.jinja`` to arrange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from generator.architectures import arithmetic
from generator.architectures.ir import (
    Activation,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GroupNorm,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Network,
    RadialBasis,
    Shape,
)
from generator.emit.models.layers import Argument, Symbol, Value, constructor, functional, show
from generator.emit.models.tree import Call, Kind, Scope, build_tree, calls

# Operations that hand channels on as they are: behind them the input's channels still count.
_CHANNELWISE = (
    Activation,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Dropout,
    LocalResponseNorm,
    MaxPool2d,
)
_CHANNEL_ARGUMENTS = frozenset(
    {"in_channels", "out_channels", "channels", "features", "in_features", "out_features", "groups"}
)
# Blocks inside blocks that have a name of their own, by their children.
_KNOWN_BLOCKS = {
    frozenset({"conv", "bn"}): "ConvNorm",
    frozenset({"avgpool", "fc1", "activation", "fc2", "scale_activation"}): "SqueezeExcite",
}
_REPEATS = 3  # so many equal lines in a row become a loop
_NESTED = 3  # calls written inside each other at most
_WIDTH = 60

Fields: TypeAlias = tuple[tuple[str, Argument], ...]  # module path, argument


@dataclass(frozen=True, slots=True)
class BlockClass:
    """A small class that modules of one shape share."""

    name: str
    doc: str
    arguments: tuple[tuple[str, str], ...]  # name and type
    positional: int
    body: tuple[str, ...]
    forward: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkClass:
    """One network: constructor lines, forward passes, and what the methods need.

    ``head`` is the path of the layer with one output per class (``""`` for none), ``heads`` it and
    those of the auxiliary outputs, ``trainable`` the key prefixes that ``freeze_backbone`` leaves.
    ``folds`` are the (convolution, batch norm) paths that can become one.
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


@dataclass(frozen=True, slots=True)
class Generic:
    """What the generic template arranges; ``uses`` are the helper classes and functions needed."""

    blocks: tuple[BlockClass, ...]
    networks: tuple[NetworkClass, ...]
    uses: frozenset[str]


def describe(networks: Sequence[Network], *, taken: frozenset[str]) -> Generic:
    """Describe networks that share a module; ``taken`` are the class names already given away."""
    drafts = [_Draft(network) for network in networks]
    groups = _grouped(drafts, taken)
    described = tuple(_network(draft, groups) for draft in drafts)
    blocks = tuple(group.text() for group in groups.values())
    lines = [line for each in described for line in (*each.body, *each.features, *each.forward)]
    lines += [line for each in blocks for line in (*each.body, *each.forward)]
    helpers = ("SparseConv2d", "TrainableSubsample", "RadialBasis", "ScaledTanh", "PadShortcut")
    uses = {each for each in (*helpers, "_channel_affine") if any(f"{each}(" in x for x in lines)}
    return Generic(blocks, described, frozenset(uses))


# ------------------------------------------------------------------ values and their symbols


class _Draft:
    """A network with its tree, shapes, and the values its caller chooses put in as symbols."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.shapes = arithmetic.shapes(network)
        self.root = build_tree(network)
        self.replaced: dict[tuple[int, str], Symbol] = {}
        self.head = arithmetic.head(network)
        self.fixed_channels = not self._free_input()
        for index in self.head_nodes():
            self.replaced[index, _outputs(network, index)] = Symbol("num_classes")
            self._free_outputs(index)

    def head_nodes(self) -> tuple[int, ...]:
        """The layers with one output per class: the main one, then those of auxiliary outputs."""
        found = [] if self.head is None else [self.head]
        for _, index in self.network.auxiliary:
            while not isinstance(self.network.nodes[index].op, Linear | Conv2d | RadialBasis):
                index = self.network.nodes[index].inputs[0]
            found.append(index)
        return tuple(found)

    def fields(self, scope: Scope) -> Fields:
        """All constructor arguments of a module and everything below, in order of creation."""
        if scope.kind is Kind.LEAF:
            path = ".".join(scope.path)
            index = scope.nodes[0]
            _, arguments = constructor(self.network.nodes[index].op)
            return tuple(
                (path, replace(each, value=self.replaced.get((index, each.name), each.value)))
                for each in arguments
            )
        return tuple(pair for child in scope.children.values() for pair in self.fields(child))

    def _free_input(self) -> bool:
        """Put ``in_channels`` where the input's channels count; false where that cannot be."""
        found: dict[tuple[int, str], Symbol] = {}
        waiting, seen = [(0, "in_channels")], set()
        while waiting:
            source, text = waiting.pop()
            for index, node in enumerate(self.network.nodes):
                if source not in node.inputs or index in seen:
                    continue
                seen.add(index)
                match node.op:
                    case Conv2d(groups=1):
                        found[index, "in_channels"] = Symbol(text)
                    case Linear():
                        found[index, "in_features"] = Symbol(text)
                    case BatchNorm2d() | BatchNorm1d():
                        found[index, "features"] = Symbol(text)
                        waiting.append((index, text))
                    case Flatten() if text == "in_channels":
                        _, height, width = self.shapes[source]
                        waiting.append((index, f"in_channels * {height * width}"))
                    case op if isinstance(op, _CHANNELWISE) and source != self.network.result:
                        waiting.append((index, text))
                    case _:
                        return False
        self.replaced |= found
        return True

    def _free_outputs(self, head: int) -> None:
        """Put ``num_classes`` into the norms behind the layer that gives one output per class."""
        source = head
        while True:
            following = [i for i, node in enumerate(self.network.nodes) if source in node.inputs]
            if len(following) != 1:
                return
            source = following[0]
            if isinstance(self.network.nodes[source].op, BatchNorm2d | BatchNorm1d | GroupNorm):
                self.replaced[source, "features"] = Symbol("num_classes")


def _outputs(network: Network, index: int) -> str:
    return "out_channels" if isinstance(network.nodes[index].op, Conv2d) else "out_features"


# ------------------------------------------------------------------ shared classes


@dataclass(slots=True)
class _Group:
    """Modules of one shape. ``names`` gives each field its argument's name, ``""`` for a constant."""

    name: str
    members: list[tuple[_Draft, Scope]]
    fields: list[Fields]
    groups: Mapping[object, _Group]
    names: list[str]
    texts: dict[int, tuple[str, ...]]  # field to its value per member, pairs made alike

    def arguments(self) -> list[str]:
        """Names of the class's arguments: channels in and out first."""
        ordered = dict.fromkeys(each for each in self.names if each)
        first = [each for each in ("channels", "in_channels", "out_channels") if each in ordered]
        return first + [each for each in ordered if each not in first]

    def positional(self) -> int:
        """How many arguments go by position."""
        return sum(1 for each in self.arguments()[:2] if each.endswith("channels"))

    def call(self, values: Sequence[str]) -> str:
        """Write a construction; ``values`` are the texts of the fields there."""
        parts = []
        for position, name in enumerate(self.arguments()):
            text = values[self.names.index(name)]
            parts.append(text if position < self.positional() else f"{name}={text}")
        return f"{self.name}({', '.join(parts)})"

    def text(self) -> BlockClass:
        """Write the class."""
        draft, scope = self.members[0]
        values = [
            name or show(argument.value)
            for name, (_, argument) in zip(self.names, self.fields[0], strict=True)
        ]
        body = _children(draft, scope, values, self.groups)
        shape_in, shape_out = draft.shapes[scope.entry], draft.shapes[scope.exit]
        types = {
            name: _type(argument.value)
            for name, (_, argument) in zip(self.names, self.fields[0], strict=True)
        }
        for field, texts in self.texts.items():
            types[self.names[field]] = (
                "tuple[int, int]" if texts[0].startswith("(") else types[self.names[field]]
            )
        lines = _Forward(draft.network).lines(
            calls(scope, draft.network), entry=scope.entry, exit=scope.exit
        )
        return BlockClass(
            name=self.name,
            doc=f"First used on {_shape(shape_in)}, which it turns into {_shape(shape_out)}.",
            arguments=tuple((name, types[name]) for name in self.arguments()),
            positional=self.positional(),
            body=tuple(body),
            forward=tuple(lines),
        )


def _grouped(drafts: Sequence[_Draft], taken: frozenset[str]) -> dict[object, _Group]:
    """Collect the modules that become classes, by shape, inner ones first."""
    found: dict[object, _Group] = {}
    for draft in drafts:
        for scope in draft.root.walk():
            if scope is draft.root or scope.kind is not Kind.CLASS:
                continue
            key = _signature(draft, scope)
            group = found.setdefault(key, _Group("", [], [], found, [], {}))
            group.members.append((draft, scope))
            group.fields.append(draft.fields(scope))
    used = set(taken)
    bases = [_base_name(*group.members[0]) for group in found.values()]
    for base, group in zip(bases, found.values(), strict=True):
        group.name = _class_name(base, group, [*found.values()], bases, used)
        used.add(group.name)
        _name_arguments(group)
    return found


def _signature(draft: _Draft, scope: Scope) -> object:
    """What two modules must agree in to share a class: all but the values of arguments."""
    nodes = draft.network.nodes
    if scope.kind is Kind.LEAF:
        name, arguments = constructor(nodes[scope.nodes[0]].op)
        return (name, tuple(each.name for each in arguments), len(scope.nodes))
    steps = calls(scope, draft.network)
    known = {scope.entry: 0} | {each.output: at for at, each in enumerate(steps, 1)}
    flow = tuple(
        (
            step.reference,
            functional(nodes[step.output].op, ["x"] * len(step.inputs))
            if step.module is None
            else "",
            tuple(known.get(each, -1) for each in step.inputs),
        )
        for step in steps
    )
    children = tuple((name, _signature(draft, child)) for name, child in scope.children.items())
    return (scope.kind, children, flow)


def _base_name(draft: _Draft, scope: Scope) -> str:
    """Make a class name of the row's label: ``inverted residual t=6`` to ``InvertedResidual``."""
    known = _KNOWN_BLOCKS.get(frozenset(scope.children))
    if known is not None:
        return known
    if len(scope.path) > 2 and not scope.path[-1].isdigit():
        words = re.findall(r"[a-z]+", scope.path[-1].lower())
    else:
        label = draft.network.nodes[scope.first].label
        words = re.findall(r"[a-z]+", re.split(r"[^A-Za-z \-]", label)[0].lower())
    return "".join(each.capitalize() for each in words[:2] if len(each) > 1) or "Block"


def _class_name(
    base: str, group: _Group, groups: Sequence[_Group], bases: Sequence[str], used: set[str]
) -> str:
    """Tell classes of one base name apart by the children only some of them have."""
    alike = [other for other, each in zip(groups, bases, strict=True) if each == base]
    name = base
    if len(alike) > 1:
        common = set.intersection(*(set(each.members[0][1].children) for each in alike))
        extra = [each for each in group.members[0][1].children if each not in common]
        name = base + "".join(each.capitalize() for each in extra[:1] if each.isalpha())
    number = 2
    unique = name
    while unique in used:
        unique, number = f"{name}{number}", number + 1
    return unique


def _name_arguments(group: _Group) -> None:
    """Find the fields that differ between members and name them; equal columns share a name."""
    columns = list(
        zip(*(tuple(arg.value for _, arg in each) for each in group.fields), strict=True)
    )
    group.names = [""] * len(columns)
    by_column: dict[tuple[Value, ...], str] = {}
    used: set[str] = set()
    ins = tuple(_channels(draft, scope.entry) for draft, scope in group.members)
    outs = tuple(_channels(draft, scope.exit) for draft, scope in group.members)
    first = True
    for position, column in enumerate(columns):
        path, argument = group.fields[0][position]
        symbolic = any(isinstance(each, Symbol) for each in column)
        channel = argument.name in _CHANNEL_ARGUMENTS
        if len(set(column)) == 1 and not symbolic:
            continue
        if column not in by_column:
            leaf = "_".join(path.split(".")[len(group.members[0][1].path) :]).removesuffix("_conv")
            plain = tuple(_number(each, ins[at]) for at, each in enumerate(column))
            if channel and (plain == ins or (first and argument.name.startswith("in_"))):
                name = "channels" if ins == outs else "in_channels"
            elif channel and plain == outs:
                name = "out_channels"
            elif channel:
                name = f"{leaf}_channels"
            else:
                name = argument.name if argument.name not in used else f"{leaf}_{argument.name}"
            while name in used:
                name += "_"
            by_column[column] = name
            used.add(name)
        first = first and not channel
        group.names[position] = by_column[column]
        shown = [show(each) for each in column]
        if any(each.startswith("(") for each in shown) and not all(
            each.startswith("(") for each in shown
        ):
            group.texts[position] = tuple(
                f"({each}, {each})" if not each.startswith("(") else each for each in shown
            )


def _channels(draft: _Draft, index: int) -> int:
    return draft.shapes[index][0]


def _number(value: Value, symbol: int) -> Value:
    return symbol if isinstance(value, Symbol) else value


def _type(value: Value) -> str:
    match value:
        case bool():
            return "bool"
        case int() | Symbol():
            return "int"
        case float():
            return "float"
        case str():
            return "str"
        case (int() as height, int() as width):
            return "int" if height == width else "tuple[int, int]"
        case _:
            return "tuple[tuple[int, ...], ...]"


# ------------------------------------------------------------------ constructors


def _children(
    draft: _Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, _Group]
) -> list[str]:
    """Write ``self.<child> = …`` for every child; ``values`` are the texts of the fields."""
    lines, at = [], 0
    for name, child in scope.children.items():
        count = len(draft.fields(child))
        text = _construct(draft, child, values[at : at + count], groups)
        lines.append(f"self.{name} = {text}")
        at += count
    return lines


def _construct(
    draft: _Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, _Group]
) -> str:
    """Write the construction of a module from the texts of its fields."""
    match scope.kind:
        case Kind.LEAF:
            return _leaf(draft, scope, values)
        case Kind.CLASS:
            group = groups[_signature(draft, scope)]
            return group.call(_alike(group, draft, scope, values))
    inner, at = {}, 0
    for name, child in scope.children.items():
        count = len(draft.fields(child))
        inner[name] = _construct(draft, child, values[at : at + count], groups)
        at += count
    if scope.numbered:
        return f"nn.Sequential({', '.join(_run_lengths(list(inner.values())))})"
    pairs = ", ".join(f"{name!r}: {text}" for name, text in inner.items())
    if scope.kind is Kind.CHAIN:
        return f"nn.Sequential(OrderedDict({{{pairs}}}))"
    return f"nn.ModuleDict({{{pairs}}})"


def _alike(group: _Group, draft: _Draft, scope: Scope, values: Sequence[str]) -> list[str]:
    """Write pairs as pairs where another member of the class needs one."""
    member = next(
        i for i, each in enumerate(group.members) if each[0] is draft and each[1] is scope
    )
    texts = list(values)
    for position, shown in group.texts.items():
        if texts[position] == show(group.fields[member][position][1].value):
            texts[position] = shown[member]
    return texts


def _leaf(draft: _Draft, scope: Scope, values: Sequence[str]) -> str:
    name, arguments = constructor(draft.network.nodes[scope.nodes[0]].op)
    parts = []
    for argument, text in zip(arguments, values, strict=True):
        constant = text == show(argument.value)
        if argument.default is not None and constant and argument.value == argument.default:
            continue
        parts.append(text if argument.positional else f"{argument.name}={text}")
    return f"{name}({', '.join(parts)})"


def _run_lengths(items: Sequence[str]) -> list[str]:
    """Write runs of equal constructions as a loop."""
    found: list[str] = []
    start = 0
    while start < len(items):
        end = start
        while end < len(items) and items[end] == items[start]:
            end += 1
        if end - start >= _REPEATS:
            found.append(f"*({items[start]} for _ in range({end - start}))")
        else:
            found.extend(items[start:end])
        start = end
    return found


# ------------------------------------------------------------------ forward passes


class _Forward:
    """Writes a list of calls as assignments to few, well-named variables."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def lines(
        self, steps: Sequence[Call], *, entry: int, exit: int, wanted: Sequence[int] = ()
    ) -> list[str]:
        """Write the steps and the return of ``exit``."""
        body, variables = self.statements(steps, entry=entry, kept=(exit, *wanted))
        if body and body[-1].startswith(f"{variables[exit]} = "):
            value = body.pop().split(" = ", 1)[1]
            return [*body, f"result: Tensor = {value}", "return result"]
        return [*body, f"return {variables[exit]}"]

    def statements(
        self,
        steps: Sequence[Call],
        *,
        entry: int,
        kept: Sequence[int],
        name: str = "x",
        notes: Mapping[int, str] = MappingProxyType({}),
    ) -> tuple[list[str], dict[int, str]]:
        """Write the steps; gives the lines and the variables of the ``kept`` values.

        ``name`` is the variable of the ``entry``; ``notes`` are values to copy to a variable.
        """
        uses: dict[int, int] = dict.fromkeys(kept, 1)
        for step in steps:
            for each in step.inputs:
                uses[each] = uses.get(each, 0) + 1
        several = {each for step in steps if len(step.inputs) > 1 for each in step.inputs}
        variables = {entry: name}
        found: list[tuple[str, str, int]] = []  # target, expression, nesting
        for step in steps:
            inputs = [variables[each] for each in step.inputs]
            for each in step.inputs:
                uses[each] -= 1
            free = [variables[each] for each in step.inputs if not uses[each]]
            live = {variables[each] for each, count in uses.items() if count and each in variables}
            target = self._target(step, free, live, entry, several)
            variables[step.output] = target
            _append(found, target, self._expression(step, inputs), inputs)
            if step.output in notes:
                found.append((notes[step.output], target, _NESTED))
        return [f"{target} = {expression}" for target, expression, _ in found], variables

    def _target(
        self, step: Call, free: Sequence[str], live: set[str], entry: int, several: set[int]
    ) -> str:
        """Choose the variable: the input's if nobody needs it any more, else a new one."""
        branches = step.inputs == (entry,) and step.output in several
        if free and not branches:
            return "x" if "x" in free else free[0]
        own = "_".join(step.reference) if step.reference else "out"
        if not own.isidentifier() or own in ("x", "self") or not isinstance(step.module, Scope):
            own = "out"
        if step.module is not None and step.module.kind is Kind.LEAF and "out" not in live:
            own = "out"
        name, number = own, 2
        while name in live:
            name, number = f"{own}_{number}", number + 1
        return name

    def _expression(self, step: Call, inputs: Sequence[str]) -> str:
        if step.module is None:
            return functional(self.network.nodes[step.output].op, inputs)
        return f"{_reference(step.reference)}({', '.join(inputs)})"


def _append(
    found: list[tuple[str, str, int]], target: str, expression: str, inputs: Sequence[str]
) -> None:
    """Add an assignment, inside the one before it where that reads well."""
    if found and len(inputs) == 1 and inputs[0] == target == found[-1][0]:
        _, before, nesting = found[-1]
        call = re.fullmatch(rf"([\w.\[\]\"]+)\({target}\)", expression)
        if (
            call
            and nesting < _NESTED
            and len(before) + len(call[1]) + 2 <= _WIDTH
            and "(" in before
        ):
            found[-1] = (target, f"{call[1]}({before})", nesting + 1)
            return
    found.append((target, expression, 1))


def _reference(path: Sequence[str]) -> str:
    """Write the path to a module: attributes, and keys of containers."""
    if path[0].startswith("self."):
        return path[0]
    text = f"self.{path[0]}"
    for part in path[1:]:
        text += f"[{part}]" if part.isdigit() else f'["{part}"]'
    return text


# ------------------------------------------------------------------ the whole network


def _network(draft: _Draft, groups: Mapping[object, _Group]) -> NetworkClass:
    network, root = draft.network, draft.root
    features_node = _features(draft)
    steps = list(_split(calls(root, network), features_node))
    auxiliary = {index for index, node in enumerate(network.nodes) if node.output}
    main = [each for each in steps if each.output not in auxiliary]
    writer = _Forward(network)
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
    )


def _with_auxiliary(
    draft: _Draft, writer: _Forward, steps: Sequence[Call], auxiliary: set[int]
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


def _features(draft: _Draft) -> int:
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


def _root_body(draft: _Draft, groups: Mapping[object, _Group]) -> Iterator[str]:
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
            yield f"self.{name} = {_construct(draft, child, texts, groups)}"


def _elements(
    draft: _Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, _Group]
) -> Iterator[str]:
    items: list[tuple[str, str]] = []
    at = 0
    for child in scope.children.values():
        count = len(draft.fields(child))
        text = _construct(draft, child, values[at : at + count], groups)
        last = child.exit if child.exit >= 0 else child.last
        items.append((text, _shape(draft.shapes[last])))
        at += count
    start, before = 0, _shape(draft.shapes[scope.entry]) if scope.entry >= 0 else ""
    while start < len(items):
        end = start
        while end < len(items) and items[end] == items[start]:
            end += 1
        text, shape = items[start]
        note = f"  # {shape}" if shape != before else ""
        before = shape
        if end - start >= _REPEATS:
            yield f"    *({text} for _ in range({end - start})),{note}"
        else:
            for offset in range(end - start):
                yield f"    {text},{note if offset == 0 else ''}"
        start = end


def _trainable(draft: _Draft, features_node: int, heads: tuple[str, ...]) -> tuple[str, ...]:
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


def _shape(shape: Shape) -> str:
    return f"(B, {', '.join(str(each) for each in shape)})"


__all__ = ["BlockClass", "Generic", "NetworkClass", "describe"]
