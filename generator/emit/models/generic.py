"""A network without a template to readable code: the IR's graph as classes and forward passes.

Module paths of the IR become a tree. A subtree that is a plain chain is an ``nn.Sequential``; one
with branches becomes a small class, and subtrees of one shape share a class whose arguments are what
differs between them. Paths, and so state-dict keys, are kept exactly.

The result is plain text blocks for ``generic.py.jinja`` to arrange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from generator.architectures import arithmetic
from generator.architectures.ir import (
    Activation,
    AdaptiveAvgPool2d,
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
    Op,
    RadialBasis,
    Shape,
)
from generator.emit.models.layers import Argument, Symbol, call, constructor, show

# Operations that pass channels on as they are, so that what follows still depends on the input's.
_CHANNELWISE = (Activation, AdaptiveAvgPool2d, Dropout, LocalResponseNorm, MaxPool2d)


@dataclass(slots=True)
class Scope:
    """A module of the tree: a leaf (``nodes`` of one operation) or a container of ``children``.

    ``own`` are the functional nodes that belong to its forward pass. ``first`` and ``last`` are the
    range of node indices it spans.
    """

    path: tuple[str, ...]
    children: dict[str, Scope] = field(default_factory=dict)
    nodes: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    first: int = 0
    last: int = 0
    entry: int = -1
    exit: int = -1
    kind: str = "class"  # leaf, sequence, named (sequence), class, open


@dataclass(frozen=True, slots=True)
class BlockClass:
    """A small class shared by subtrees of one shape."""

    name: str
    doc: str
    arguments: tuple[tuple[str, str], ...]  # name, type
    body: tuple[str, ...]  # lines of __init__ after super().__init__()
    forward: tuple[str, ...]
    shapes: str


@dataclass(frozen=True, slots=True)
class NetworkClass:
    """One network as text: constructor lines and forward passes."""

    body: tuple[str, ...]
    features: tuple[str, ...]
    forward: tuple[str, ...]
    features_doc: str
    in_channels: int
    num_classes: int
    free_channels: bool  # in_channels can be chosen
    head: str  # path of the layer with one output per class, "" for none
    auxiliary_heads: tuple[str, ...]
    trainable: tuple[str, ...]  # key prefixes that freeze_backbone leaves
    auxiliary: tuple[str, ...]
    folds: tuple[tuple[str, str], ...]
    adjacent: bool  # every batch norm follows its convolution in registration order


@dataclass(frozen=True, slots=True)
class Generic:
    """What the generic template arranges."""

    blocks: tuple[BlockClass, ...]
    networks: tuple[NetworkClass, ...]
    helpers: frozenset[str]


def describe(networks: Sequence[Network], *, taken: Iterable[str]) -> Generic:
    """Describe networks that share one module; ``taken`` are class names already in use."""
    trees = [_Tree(network) for network in networks]
    classes = _Classes(trees, set(taken))
    described = tuple(_network(tree, classes) for tree in trees)
    helpers = frozenset(
        name for network in networks for node in network.nodes for name in constructor_helpers(node.op)
    )
    return Generic(tuple(classes.text()), described, helpers)
