"""The IR's flat list of operations as the tree of modules its dotted paths describe.

Each functional operation (a sum, a concatenation, a flatten) is given to the module whose forward
pass performs it. Every module then is a leaf, a chain (``nn.Sequential``), a class with a forward
pass of its own, or *open*: a mere container whose children its parent calls one by one, because
values enter or leave it in the middle.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from generator.architectures.ir import Input, Network, Node


class Kind(Enum):
    """What a module of the tree is in code."""

    LEAF = "leaf"
    CHAIN = "chain"
    CLASS = "class"
    OPEN = "open"


@dataclass(slots=True)
class Scope:
    """A module: a leaf with the ``nodes`` it performs, or a container of ``children``.

    ``own`` are the functional nodes of its forward pass; ``first`` and ``last`` the range of node
    indices it spans; ``entry`` and ``exit`` the value it takes and the one it gives.
    """

    path: tuple[str, ...] = ()
    children: dict[str, Scope] = field(default_factory=dict)
    nodes: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    first: int = -1
    last: int = -1
    entry: int = -1
    exit: int = -1
    kind: Kind = Kind.LEAF

    @property
    def numbered(self) -> bool:
        """Whether the children are 0, 1, 2 …, as in ``nn.Sequential``."""
        return bool(self.children) and list(self.children) == [
            str(index) for index in range(len(self.children))
        ]

    @property
    def series(self) -> bool:
        """Whether the children are numbered, alone or behind one word (``denselayer1`` …)."""
        return self.numbered or len({each.rstrip("0123456789") for each in self.children}) == 1

    def walk(self) -> Iterator[Scope]:
        """Give all modules below and this one, children first."""
        for child in self.children.values():
            yield from child.walk()
        yield self

    def all_nodes(self) -> set[int]:
        """Node indices of this module and everything below."""
        found = set(self.nodes) | set(self.own)
        for child in self.children.values():
            found |= child.all_nodes()
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """One step of a forward pass: a child module or (``module`` is ``None``) a functional node,
    the values it takes, and the value it gives. ``reference`` is the module's path from the class
    that calls it."""

    module: Scope | None
    reference: tuple[str, ...]
    inputs: tuple[int, ...]
    output: int


_COMPONENT = re.compile(r"^(?:[A-Za-z][A-Za-z0-9_]*|[0-9]+)$")


def build_tree(network: Network) -> Scope:
    """Build the tree; its root is the network itself.

    Raises ``ValueError`` for a module path that is no path in Python.
    """
    root = Scope(kind=Kind.CLASS)
    for index, node in enumerate(network.nodes):
        if node.name:
            _insert(root, node, index)
    _span(root)
    inner = [each for each in root.walk() if each is not root]
    homes = [each for each in inner if each.children and not each.numbered]
    homes.sort(key=lambda each: -len(each.path))  # the deepest first
    homes.append(root)
    for index, node in enumerate(network.nodes):
        if not node.name and not isinstance(node.op, Input):
            home = _home(homes, network, index)
            home.own.append(index)
            _extend(root, home.path, index)
    consumers = _consumers(network)
    for scope in root.walk():
        if scope is not root:
            _classify(scope, network, consumers)
    root.entry, root.exit = 0, network.result
    return root


def calls(scope: Scope, network: Network) -> list[Call]:
    """List the steps of a module's forward pass in order of evaluation."""
    found = [Call(None, (), network.nodes[each].inputs, each) for each in scope.own]
    for name, child in scope.children.items():
        found.extend(_child_calls(child, (name,), network))
    return sorted(found, key=lambda each: each.output)


def _child_calls(child: Scope, reference: tuple[str, ...], network: Network) -> Iterator[Call]:
    match child.kind:
        case Kind.LEAF:
            for each in child.nodes:
                yield Call(child, reference, network.nodes[each].inputs, each)
        case Kind.OPEN:
            for each in child.own:
                yield Call(None, (), network.nodes[each].inputs, each)
            for name, inner in child.children.items():
                yield from _child_calls(inner, (*reference, name), network)
        case Kind.CHAIN | Kind.CLASS:
            yield Call(child, reference, (child.entry,), child.exit)


def _insert(root: Scope, node: Node, index: int) -> None:
    scope = root
    for depth, part in enumerate(parts := node.name.split("."), 1):
        if _COMPONENT.match(part) is None or keyword.iskeyword(part):
            raise ValueError(f"{node.name!r} is no module path")
        scope = scope.children.setdefault(part, Scope(path=tuple(parts[:depth])))
    scope.nodes.append(index)


def _span(scope: Scope) -> tuple[int, int]:
    """Set the range of nodes of a module and all below it."""
    ranges = [_span(child) for child in scope.children.values()]
    indices = [*scope.nodes, *scope.own, *(end for pair in ranges for end in pair)]
    scope.first, scope.last = min(indices, default=0), max(indices, default=0)
    return scope.first, scope.last


def _extend(root: Scope, path: tuple[str, ...], index: int) -> None:
    """Widen the range of a module, and of all it lies in, to a node."""
    scope = root
    for part in (*path, ""):
        scope.first, scope.last = min(scope.first, index), max(scope.last, index)
        if part:
            scope = scope.children[part]


def _home(homes: Sequence[Scope], network: Network, index: int) -> Scope:
    """Find the module whose forward pass performs a functional node.

    It is the deepest container around the node, or just before it (a block ends in its sum), or
    just after it (a head begins with a pooling), that came from the same layer row and still takes
    a single value from outside when the node is its own. ``homes`` are the containers, the deepest
    first and the root last.
    """
    row = network.nodes[index].row
    containers, root = homes[:-1], homes[-1]
    for scope in containers:
        inside = scope.first < index < scope.last
        behind = scope.last == index - 1 and network.nodes[scope.last].row == row
        if (inside or behind) and len(_outside(scope, network, index, until=index)) <= 1:
            return scope
    for scope in containers:
        before = scope.first == index + 1 and network.nodes[scope.first].row == row
        if before and len(_outside(scope, network, index)) <= 1:
            return scope
    return root


def _outside(scope: Scope, network: Network, *more: int, until: int | None = None) -> set[int]:
    """Values from outside that a module, with some nodes more, takes; ``until`` leaves out the
    nodes behind it, whose own inputs may not have a home yet."""
    inside = scope.all_nodes() | set(more)
    return {
        source
        for each in inside
        if until is None or each <= until
        for source in network.nodes[each].inputs
        if source not in inside
    }


def _consumers(network: Network) -> dict[int, set[int]]:
    """Map each node to those that use its value; the network's results are used by ``-1``."""
    found: dict[int, set[int]] = {index: set() for index in range(len(network.nodes))}
    for index, node in enumerate(network.nodes):
        for source in node.inputs:
            found[source].add(index)
    for index in (network.result, *(each for _, each in network.auxiliary)):
        found[index].add(-1)
    return found


def _classify(scope: Scope, network: Network, consumers: dict[int, set[int]]) -> None:
    """Decide what a module is in code; its children are decided already."""
    if not scope.children:
        scope.kind = Kind.LEAF
        if len(scope.nodes) == 1:
            scope.exit = scope.nodes[0]
            scope.entry = network.nodes[scope.exit].inputs[0]
        return
    inside = scope.all_nodes()
    taken = _outside(scope, network)
    given = {each for each in inside if consumers[each] - inside}
    if len(taken) != 1 or len(given) != 1:
        scope.kind = Kind.OPEN
        return
    scope.entry, scope.exit = taken.pop(), given.pop()
    if scope.series and _is_chain(scope, consumers):
        scope.kind = Kind.CHAIN
    else:
        scope.kind = (
            Kind.CLASS if all(each.isidentifier() for each in scope.children) else Kind.OPEN
        )


def _is_chain(scope: Scope, consumers: dict[int, set[int]]) -> bool:
    """Whether the children, one after the other, are all there is."""
    if scope.own:
        return False
    value = scope.entry
    for child in scope.children.values():
        once = child.kind in (Kind.CHAIN, Kind.CLASS) or len(child.nodes) == 1
        if not once or child.kind is Kind.OPEN or child.entry != value:
            return False
        if value != scope.entry and len(consumers[value] - child.all_nodes()) > 0:
            return False
        value = child.exit
    return value == scope.exit
