"""Regions of networks: the nodes that "the last stage", "module 3a" or "the second 3×3 conv" choose.

A region is chosen from the IR, and named by the paths of its modules, so that a test measures the
same modules of the generated model. What it has follows: parameters, multiply-adds, filters, maps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.architectures.ir import (
    BatchNorm2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    Op,
    SparseConv2d,
)
from generator.claims import networks, parts
from generator.claims.model import Subject

LAYERS: dict[str, tuple[type[Op], ...]] = {
    "conv": networks.CONVOLUTIONS,
    "fc": (Linear,),
    "pool": networks.POOLS,
    "norm": (BatchNorm2d,),
    "layer": networks.WEIGHTED,
}
# Modules that hold others, in the order of their size.
GROUPS = ("stage", "block", "module", "branch")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a phrase says of a region: its sort, which of several, a layer's kernel, its channels (in,
    out), whether it is depthwise, a module's own name, and what it is part of."""

    sort: str
    order: int | None = None
    plural: bool = False
    kernel: tuple[int, ...] = ()
    ends: tuple[int, int] | None = None
    depthwise: bool = False
    name: str = ""
    within: Choice | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Nodes of a network, and the paths of the modules that hold them."""

    subject: Subject
    nodes: tuple[int, ...]
    paths: tuple[str, ...]
    label: str

    @property
    def network(self) -> Network:
        """The network it is in."""
        return self.subject.network

    @property
    def model(self) -> str:
        """The model in Python."""
        return f'model("{self.subject.name}")'

    @property
    def run(self) -> str:
        """The model and its input shape in Python."""
        return f"{self.model}, {self.network.input_shape}"

    @property
    def modules(self) -> str:
        """The list of its modules in Python."""
        if len(self.paths) == 1:
            return f'[{self.model}.get_submodule("{self.paths[0]}")]'
        return f"[{self.model}.get_submodule(each) for each in {list(self.paths)}]"

    @property
    def module(self) -> str:
        """Its only module in Python."""
        return f'{self.model}.get_submodule("{self.paths[0]}")'

    def ops(self, *kinds: type[Op]) -> list[Op]:
        """Its layers of some kinds."""
        found = [self.network.nodes[at].op for at in self.nodes]
        return [each for each in found if isinstance(each, kinds)]

    @property
    def layer(self) -> Op | None:
        """Its only layer with weights, or its only pooling layer where it has none."""
        found = self.ops(*networks.WEIGHTED) or self.ops(*networks.POOLS)
        return found[0] if len(found) == 1 else None


# ------------------------------------------------------------------ choosing


def regions(subject: Subject, choice: Choice) -> list[Region]:
    """Give the regions a phrase may mean: none where the network has none."""
    scopes = [tuple(at for at, _ in networks.main_nodes(subject.network))]
    if choice.within is not None:
        scopes = [each.nodes for each in regions(subject, choice.within)]
    found = [nodes for scope in scopes for nodes in _chosen(subject, choice, scope)]
    return [_region(subject, nodes) for nodes in dict.fromkeys(found) if _named(subject, nodes)]


def _chosen(subject: Subject, choice: Choice, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    network = subject.network
    if choice.sort == "label":
        if pool := _POOL.fullmatch(choice.name):
            return _pool(subject, int(pool[1]))
        numbered = parts.layers(subject, choice.name.lower())
        return _by_name(subject, choice.name, scope) or ([numbered.nodes] if numbered else [])
    if choice.name:
        return _by_name(subject, choice.name, scope)
    if choice.sort == "stem":
        return _stem(subject)
    if choice.sort == "shortcut":
        projections = [
            inside
            for nodes in _blocks(subject, scope)
            if (inside := tuple(at for at in nodes if projects(network, at)))
        ]
        return _picked(projections, choice.order, plural=choice.plural)
    if choice.sort in GROUPS:
        every = _groups(subject, choice, scope)
        return _picked(every, choice.order, plural=choice.plural)
    kinds = LAYERS[choice.sort]
    whole = choice.within is None
    aside = whole or choice.plural or all(projects(network, at) for at in scope)
    if choice.sort == "norm" and not whole:  # "the convolution and its batch norm"
        behind = {at for at, node in networks.main_nodes(network) if set(node.inputs) & set(scope)}
        scope = tuple(sorted({*scope, *behind}))
    layers = [
        (at,)
        for at in scope
        if isinstance(network.nodes[at].op, kinds)
        and _fits(network.nodes[at].op, choice)
        and (aside or not projects(network, at))
    ]
    return _picked(layers, choice.order, plural=choice.plural)


def _picked(
    found: Sequence[tuple[int, ...]], order: int | None, *, plural: bool
) -> list[tuple[int, ...]]:
    if order is not None:
        return [found[order]] if -len(found) <= order < len(found) else []
    if plural and found:
        return [tuple(sorted(at for each in found for at in each))]
    return list(found)


def _fits(op: Op, choice: Choice) -> bool:
    if choice.kernel and getattr(op, "kernel", None) != choice.kernel:
        return False
    if choice.depthwise and not (isinstance(op, Conv2d) and op.groups == op.in_channels > 1):
        return False
    return choice.ends is None or ends(op) == choice.ends


def ends(op: Op | None) -> tuple[int, int] | None:
    """What goes into a layer and what comes out: channels or features."""
    if isinstance(op, Conv2d):
        return op.in_channels, op.out_channels
    if isinstance(op, Linear):
        return op.in_features, op.out_features
    if isinstance(op, SparseConv2d):
        return op.in_channels, len(op.connections)
    return None


def projects(network: Network, at: int) -> bool:
    """Whether a layer stands in a shortcut."""
    return ".downsample" in network.nodes[at].name or ".shortcut" in network.nodes[at].name


_POOL = re.compile(r"pool-?(\d)", re.IGNORECASE)


def _pool(subject: Subject, number: int) -> list[tuple[int, ...]]:
    """Choose a pooling layer by its number; AlexNet's last is called by that of the layer before it."""
    if networks.branching(subject.network):
        return []
    every = [
        (at,) for at, node in networks.main_nodes(subject.network) if isinstance(node.op, MaxPool2d)
    ]
    place = 3 if subject.family == "alexnet" and number == 5 else number
    return [every[place - 1]] if 0 < place <= len(every) else []


_MODULE = re.compile(r"(?:inception)?([345][a-e])")
_STAGE = re.compile(r"(?:layer|stage)[ -]?(\d)|conv(\d)_x")


def _by_name(subject: Subject, name: str, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Choose by a module's path, or by what papers call it: layer4, classifier.1, 3a, conv2_x."""
    network = subject.network
    lower = name.lower()
    paths = [name]
    if module := _MODULE.fullmatch(lower):
        paths = [f"inception{module[1]}", f"Mixed_{module[1]}"]
    elif stage := _STAGE.fullmatch(lower):
        paths = [f"layer{stage[1] or int(stage[2]) - 1}", f"inception{stage[1]}"]
    for path in (*paths, lower):
        inside = tuple(at for at in scope if _within(network.nodes[at].name, path))
        if inside:
            return [inside]
    return []


def _within(name: str, path: str) -> bool:
    if path.startswith("inception") and path[-1:].isdecimal():
        return name.startswith(path)  # all modules of a stage
    return name == path or name.startswith(f"{path}.")


def _stem(subject: Subject) -> list[tuple[int, ...]]:
    """Everything before the first block or module."""
    network = subject.network
    found: list[int] = []
    for at, node in networks.main_nodes(network):
        if group_of(subject, node.name) or isinstance(node.op, Flatten):
            return [tuple(found)] if found and len(found) < 20 else []
        found.append(at)
    return []


# ------------------------------------------------------------------ stages, blocks, modules

_GROUP = {
    "resnet": re.compile(r"layer\d+\.\d+"),
    "mobilenet": re.compile(r"features\.\d+"),
    "inception": re.compile(r"inception\d\w|Mixed_\d\w"),
}


def group_of(subject: Subject, name: str) -> str:
    """The path of the block or module that a layer stands in."""
    path = _path_of(subject, name)
    return path if path in _several(subject) else ""


def groups_of(subject: Subject, nodes: Sequence[int]) -> list[str]:
    """The path of the block or module of each of some nodes; none where there is no such one."""
    several = _several(subject)
    found = [_path_of(subject, subject.network.nodes[at].name) for at in nodes]
    return [path if path in several else "" for path in found]


def _path_of(subject: Subject, name: str) -> str:
    form = _GROUP.get(subject.family)
    found = form.match(name) if form else None
    return found[0] if found else ""


def _several(subject: Subject) -> set[str]:
    """The paths under which more than one convolution stands."""
    if subject.family not in _GROUP:
        return set()
    inside = Counter(
        path
        for each in subject.network.nodes
        if isinstance(each.op, Conv2d)
        and (path := _path_of(subject, each.name))
        and each.name.startswith(f"{path}.")
    )
    return {path for path, many in inside.items() if many > 1}


def _groups(subject: Subject, choice: Choice, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    sort = choice.sort
    if sort == "branch":
        found = _branches(subject, scope)
        place = BRANCHES.get(choice.kernel)
        if choice.kernel and len(found) == len(BRANCHES) + 1 and place is not None:
            return [found[place]]
    elif sort == "stage" or subject.family == "vgg":
        found = _stages(subject, scope)
    else:
        found = _blocks(subject, scope)
    wanted = choice.ends
    if wanted is None:
        return found
    return [each for each in found if channels(subject, each) == wanted]


# The branches of an inception module, by the kernels that the paper gives them; pooling comes last.
BRANCHES: dict[tuple[int, ...], int] = {(1, 1): 0, (3, 3): 1, (5, 5): 2}


def _blocks(subject: Subject, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    groups = dict(zip(scope, groups_of(subject, scope), strict=True))
    return _together(scope, groups.__getitem__)


def _stages(subject: Subject, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    network = subject.network
    if subject.family == "vgg":
        pools = 0
        places: dict[int, str] = {}
        for at in scope:
            if isinstance(network.nodes[at].op, Linear | Flatten):
                break
            places[at] = str(pools)
            pools += isinstance(network.nodes[at].op, MaxPool2d)
        # What follows the last pooling is no block.
        return [
            each
            for each in _together(scope, lambda at: places.get(at, ""))
            if any(isinstance(network.nodes[at].op, Conv2d) for at in each)
        ]
    if subject.family == "resnet":
        return _together(scope, lambda at: _top(network.nodes[at].name, r"layer\d+"))
    return _together(scope, lambda at: _top(network.nodes[at].name, r"inception\d"))


def _top(name: str, form: str) -> str:
    found = re.match(form, name)
    return found[0] if found else ""


def _together(scope: tuple[int, ...], key: Callable[[int], str]) -> list[tuple[int, ...]]:
    """Group neighbours, unnamed nodes left out."""
    found: dict[str, list[int]] = {}
    for at in scope:
        if group := key(at):
            found.setdefault(group, []).append(at)
    return [tuple(each) for each in found.values()]


def _branches(subject: Subject, scope: tuple[int, ...]) -> list[tuple[int, ...]]:
    form = r"[\w.]*?branch[^.]*"
    names = {at: subject.network.nodes[at].name for at in scope}
    return _together(scope, lambda at: _top(names[at], form))


def channels(subject: Subject, nodes: tuple[int, ...]) -> tuple[int, int] | None:
    """The channels that go into a block and come out of it."""
    convs = [
        op
        for at in nodes
        if isinstance(op := subject.network.nodes[at].op, Conv2d)
        and not projects(subject.network, at)
    ]
    return (convs[0].in_channels, convs[-1].out_channels) if convs else None


# ------------------------------------------------------------------ modules that hold them


def _named(subject: Subject, nodes: Iterable[int]) -> bool:
    return any(subject.network.nodes[at].name for at in nodes)


def _region(subject: Subject, nodes: tuple[int, ...]) -> Region:
    paths = tuple(_cover(subject.network, nodes))
    return Region(subject, nodes, paths, f"{_shown(paths)} of {subject.name}")


def _shown(paths: Sequence[str]) -> str:
    return ", ".join(paths) if len(paths) < 4 else f"{paths[0]}, …, {paths[-1]}"


def _cover(network: Network, nodes: Iterable[int]) -> Iterator[str]:
    """Give the paths of the largest modules that hold these nodes and no others."""
    chosen = {network.nodes[at].name for at in nodes} - {""}
    others = {each.name for each in network.nodes} - chosen - {""}
    done: list[str] = []
    for at in sorted(nodes):
        name = network.nodes[at].name
        if not name or any(_inside(name, each) for each in done):
            continue
        steps = name.split(".")
        path = next(
            prefix
            for length in range(1, len(steps) + 1)
            if not any(_inside(each, prefix := ".".join(steps[:length])) for each in others)
        )
        done.append(path)
        yield path


def _inside(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}.")
