"""Modules of one shape as one small class: what differs between them becomes its arguments.

Also the construction of any module of the tree as an expression, since a class and a network write
their children alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.emit.models.forward import Forward
from generator.emit.models.layers import Symbol, Value, constructor, functional, show
from generator.emit.models.symbols import Draft, Fields, shape_text
from generator.emit.models.tree import Kind, Scope, calls

_CHANNEL_ARGUMENTS = frozenset(
    {"in_channels", "out_channels", "channels", "features", "in_features", "out_features", "groups"}
)
# Blocks inside blocks that have a name of their own, by their children.
_KNOWN_BLOCKS = {
    frozenset({"conv", "bn"}): "ConvNorm",
    frozenset({"avgpool", "fc1", "activation", "fc2", "scale_activation"}): "SqueezeExcite",
}
REPEATS = 3  # so many equal lines in a row become a loop


@dataclass(frozen=True, slots=True)
class BlockClass:
    """A small class that modules of one shape share."""

    name: str
    doc: str
    arguments: tuple[tuple[str, str], ...]  # name and type
    positional: int
    body: tuple[str, ...]
    forward: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Modules of one shape. ``names`` gives each field its argument's name, ``""`` for a constant."""

    name: str
    members: list[tuple[Draft, Scope]]
    fields: list[Fields]
    groups: Mapping[object, Group]
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
        lines = Forward(draft.network).lines(
            calls(scope, draft.network), entry=scope.entry, exit=scope.exit
        )
        return BlockClass(
            name=self.name,
            doc=f"First used on {shape_text(shape_in)}, which it turns into {shape_text(shape_out)}.",
            arguments=tuple((name, types[name]) for name in self.arguments()),
            positional=self.positional(),
            body=tuple(body),
            forward=tuple(lines),
        )


def group_blocks(drafts: Sequence[Draft], taken: frozenset[str]) -> dict[object, Group]:
    """Collect the modules that become classes, by shape, inner ones first."""
    found: dict[object, Group] = {}
    for draft in drafts:
        for scope in draft.root.walk():
            if scope is draft.root or scope.kind is not Kind.CLASS:
                continue
            key = _signature(draft, scope)
            group = found.setdefault(key, Group("", [], [], found, [], {}))
            group.members.append((draft, scope))
            group.fields.append(draft.fields(scope))
    used = set(taken)
    bases = [_base_name(*group.members[0]) for group in found.values()]
    for base, group in zip(bases, found.values(), strict=True):
        group.name = _class_name(base, group, [*found.values()], bases, used)
        used.add(group.name)
        _name_arguments(group)
    return found


def _signature(draft: Draft, scope: Scope) -> object:
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


def _base_name(draft: Draft, scope: Scope) -> str:
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
    base: str, group: Group, groups: Sequence[Group], bases: Sequence[str], used: set[str]
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


def _name_arguments(group: Group) -> None:
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


def _channels(draft: Draft, index: int) -> int:
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
    draft: Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, Group]
) -> list[str]:
    """Write ``self.<child> = …`` for every child; ``values`` are the texts of the fields."""
    lines, at = [], 0
    for name, child in scope.children.items():
        count = len(draft.fields(child))
        text = construct(draft, child, values[at : at + count], groups)
        lines.append(f"self.{name} = {text}")
        at += count
    return lines


def construct(
    draft: Draft, scope: Scope, values: Sequence[str], groups: Mapping[object, Group]
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
        inner[name] = construct(draft, child, values[at : at + count], groups)
        at += count
    if scope.numbered:
        return f"nn.Sequential({', '.join(run_lengths(list(inner.values())))})"
    pairs = ", ".join(f"{name!r}: {text}" for name, text in inner.items())
    if scope.kind is Kind.CHAIN:
        return f"nn.Sequential(OrderedDict({{{pairs}}}))"
    return f"nn.ModuleDict({{{pairs}}})"


def _alike(group: Group, draft: Draft, scope: Scope, values: Sequence[str]) -> list[str]:
    """Write pairs as pairs where another member of the class needs one."""
    member = next(
        i for i, each in enumerate(group.members) if each[0] is draft and each[1] is scope
    )
    texts = list(values)
    for position, shown in group.texts.items():
        if texts[position] == show(group.fields[member][position][1].value):
            texts[position] = shown[member]
    return texts


def _leaf(draft: Draft, scope: Scope, values: Sequence[str]) -> str:
    name, arguments = constructor(draft.network.nodes[scope.nodes[0]].op)
    parts = []
    for argument, text in zip(arguments, values, strict=True):
        constant = text == show(argument.value)
        if argument.default is not None and constant and argument.value == argument.default:
            continue
        parts.append(text if argument.positional else f"{argument.name}={text}")
    return f"{name}({', '.join(parts)})"


def run_lengths(items: Sequence[str]) -> list[str]:
    """Write runs of equal constructions as a loop."""
    found: list[str] = []
    start = 0
    while start < len(items):
        end = start
        while end < len(items) and items[end] == items[start]:
            end += 1
        if end - start >= REPEATS:
            found.append(f"*({items[start]} for _ in range({end - start}))")
        else:
            found.extend(items[start:end])
        start = end
    return found
