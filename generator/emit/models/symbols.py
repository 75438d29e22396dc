"""A network as the generic emitter works on it: its tree, its shapes, and the values that the
generated class leaves to its caller (``in_channels``, ``num_classes``) put in as symbols."""

from __future__ import annotations

from dataclasses import replace
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
from generator.emit.models.layers import Argument, Symbol, constructor
from generator.emit.models.tree import Kind, Scope, build_tree

# Operations that hand channels on as they are: behind them the input's channels still count.
_CHANNELWISE = (
    Activation,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Dropout,
    LocalResponseNorm,
    MaxPool2d,
)
Fields: TypeAlias = tuple[tuple[str, Argument], ...]  # module path, argument


class Draft:
    """A network with its tree, shapes, and the values its caller chooses put in as symbols."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.shapes = arithmetic.shapes(network)
        self.root = build_tree(network)
        self.replaced: dict[tuple[int, str], Symbol] = {}
        self.fixed_channels = not self._free_input()
        self._free_classes()

    def _free_classes(self) -> None:
        """Put ``num_classes`` into the layers with one output per class: the main output's, then
        those of auxiliary outputs, with the norms behind them."""
        for result in (self.network.result, *(index for _, index in self.network.auxiliary)):
            found: dict[tuple[int, str], Symbol] = {}
            index = result
            while not isinstance(op := self.network.nodes[index].op, Linear | Conv2d | RadialBasis):
                flat = isinstance(op, Flatten) and self.shapes[index] == self.shapes[result][:1]
                if isinstance(op, BatchNorm2d | BatchNorm1d | GroupNorm):
                    found[index, "features"] = Symbol("num_classes")
                elif not isinstance(op, _CHANNELWISE) and not flat:
                    return  # a sum, a product: the classes come from no single layer
                index = self.network.nodes[index].inputs[0]
            if isinstance(op, Conv2d) and op.groups != 1:
                return
            name = "out_channels" if isinstance(op, Conv2d) else "out_features"
            if getattr(op, name) == self.shapes[result][0]:
                self.replaced |= {**found, (index, name): Symbol("num_classes")}

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


def shape_text(shape: Shape) -> str:
    """Write a batch's shape: ``(B, 64, 56, 56)``."""
    return f"(B, {', '.join(str(each) for each in shape)})"
