"""Building a network node by node: the primitives that every block type shares.

A :class:`Builder` holds the nodes so far, the current node and its shape. A block adds operations;
each returns the new node's index and becomes current. Shapes are known while building, so a block
reads the channels that reach it, and a layer that does not fit is an :class:`ArchitectureError` at
its row. Module paths come from :class:`Names`, one per row.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from generator.architectures.ir import (
    LEAKY_SLOPE,
    Activation,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    GroupNorm,
    Input,
    Linear,
    LocalResponseNorm,
    Network,
    Node,
    Op,
    Pair,
    Shape,
)
from generator.architectures.operations import ShapeError, output_shape, show, tensors

# Bounds that keep a hostile specification from using up memory or time. The largest published
# network of the seed families has about 600 nodes and 150 million parameters.
MAX_NODES = 20_000
MAX_CHANNELS = 1_000_000
MAX_PARAMETERS = 20_000_000_000


class ArchitectureError(Exception):
    """Rows that cannot be built. Callers turn it into a diagnostic; it never reaches the user raw.

    ``row`` is the index of the row, ``field`` the field at fault ("" for the whole row), ``place``
    the (line, column) of a specification's row template, where that is known.
    """

    def __init__(
        self,
        message: str,
        *,
        row: int = -1,
        field: str = "",
        found: str = "",
        expected: str = "",
        hint: str = "",
        place: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.row = row
        self.field = field
        self.found = found
        self.expected = expected
        self.hint = hint
        self.place = place


class Builder:
    """The network under construction. ``at`` is the current node's index; a block that branches
    remembers it and sets it back."""

    def __init__(self, input_shape: Shape) -> None:
        self.input_shape = input_shape
        self.at = 0
        self.taps: dict[str, int] = {}
        self._auxiliary: list[tuple[int, str, int]] = []
        self.row = -1
        self.label = ""
        self.output = ""
        self._nodes: list[Node] = [Node(Input(), (), row=-1, label="input")]
        self._shapes: list[Shape] = [input_shape]
        self._next_slot: dict[str, int] = {}
        self._parameters = 0

    @property
    def shape(self) -> Shape:
        """Shape of the current node."""
        return self._shapes[self.at]

    @property
    def channels(self) -> int:
        """Channels of the current feature map, or features of the current vector."""
        return self.shape[0]

    def add(self, op: Op, name: str = "", inputs: Sequence[int] | None = None) -> int:
        """Append an operation on ``inputs`` (the current node by default) and make it current.

        Raises :class:`ArchitectureError` when it does not fit or the network grows out of bounds.
        """
        sources = (self.at,) if inputs is None else tuple(inputs)
        try:
            shape = output_shape(op, tuple(self._shapes[each] for each in sources))
        except ShapeError as error:
            raise ArchitectureError(error.message, row=self.row) from None
        self._parameters += sum(each.elements for each in tensors(op))
        if len(self._nodes) >= MAX_NODES:
            raise ArchitectureError(f"more than {MAX_NODES} operations", row=self.row)
        if max(shape) > MAX_CHANNELS * 1000 or self._parameters > MAX_PARAMETERS:
            raise ArchitectureError(
                f"the network is too large: {self._parameters:,} parameters here",
                row=self.row,
                expected=f"at most {MAX_PARAMETERS:,}",
            )
        self._nodes.append(
            Node(op, sources, name, row=self.row, label=self.label, output=self.output)
        )
        self._shapes.append(shape)
        self.at = len(self._nodes) - 1
        return self.at

    # -------------------------------------------------------------- shared primitives

    def conv(
        self,
        width: int,
        kernel: Pair,
        name: str,
        *,
        stride: Pair = (1, 1),
        padding: Pair | None = None,
        dilation: Pair = (1, 1),
        groups: int = 1,
        bias: bool = False,
    ) -> int:
        """Add a convolution of ``width`` filters; ``padding`` defaults to half the window."""
        channels = self._feature_map("a convolution")
        if groups < 1 or channels % groups or width % groups:
            raise ArchitectureError(
                f"{groups} groups divide neither {channels} input nor {width} output channels"
                if channels % groups and width % groups
                else f"{groups} groups do not divide {channels if channels % groups else width}"
                " channels",
                row=self.row,
                field="groups",
                found=str(groups),
            )
        half = tuple((d * (k - 1) + 1) // 2 for d, k in zip(dilation, kernel, strict=True))
        return self.add(
            Conv2d(
                in_channels=channels,
                out_channels=width,
                kernel=kernel,
                stride=stride,
                padding=(half[0], half[1]) if padding is None else padding,
                dilation=dilation,
                groups=groups,
                bias=bias,
            ),
            name,
        )

    def norm(
        self,
        kind: str,
        name: str,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        groups: int = 32,
    ) -> int:
        """Add a normalisation: ``batch``, ``group``, ``layer``, ``lrn``; ``none`` adds nothing."""
        features = self.channels
        match kind:
            case "none":
                return self.at
            case "batch" if len(self.shape) == 1:
                return self.add(BatchNorm1d(features, eps=eps, momentum=momentum), name)
            case "batch":
                return self.add(BatchNorm2d(features, eps=eps, momentum=momentum), name)
            case "layer":
                return self.add(GroupNorm(1, features, eps=eps), name)
            case "group":
                if features % groups:
                    raise ArchitectureError(
                        f"{groups} groups do not divide {features} channels",
                        row=self.row,
                        field="groups",
                        found=str(groups),
                    )
                return self.add(GroupNorm(groups, features, eps=eps), name)
            case "lrn":
                return self.add(LocalResponseNorm(), name)
            case _:
                raise ArchitectureError(
                    f"unknown normalisation '{kind}'", row=self.row, field="norm", found=kind
                )

    def activation(self, function: str, name: str = "", *, inplace: bool = True) -> int:
        """Add an element-wise function; ``none`` adds nothing. Where torch has an in-place form it
        is used, as published networks do. ``leaky_relu(0.2)`` has a slope of its own."""
        function, _, slope = function.removesuffix(")").partition("(")
        if function in ("none", "softmax"):
            # Softmax belongs to the loss (torch.nn.CrossEntropyLoss takes logits).
            return self.at
        return self.add(
            Activation(
                function,
                inplace=inplace and function in IN_PLACE_FUNCTIONS,
                slope=float(slope) if slope else LEAKY_SLOPE,
            ),
            name,
        )

    def linear(self, width: int, name: str, *, bias: bool = True) -> int:
        """Add an affine map of the current vector to ``width`` features."""
        if len(self.shape) != 1:
            raise ArchitectureError(
                f"a linear layer needs a vector, gets a {show(self.shape)} map",
                row=self.row,
                hint="put a flatten or global pooling row before it",
            )
        return self.add(Linear(prod(self.shape), width, bias=bias), name)

    def head(self, output: str, label: str) -> None:
        """Mark what follows as the training-only output ``output`` until :meth:`end_head`."""
        self.output = output
        self.label = label

    def end_head(self, back_to: int, *, field: int) -> None:
        """Register the current node as the auxiliary output and go back to ``back_to``.

        ``field`` is its place among the auxiliary fields of what the class returns in training.
        """
        self._auxiliary.append((field, self.output, self.at))
        self.output = ""
        self.at = back_to

    # -------------------------------------------------------------- names and the result

    def slot(self, pattern: str) -> str:
        """Replace every ``+`` in a module path by the next free index of its container.

        ``features.+`` is ``features.0``, then ``features.1``: how ``nn.Sequential`` numbers.
        """
        parts: list[str] = []
        for part in pattern.split("."):
            if part == "+":
                container = ".".join(parts)
                index = self._next_slot.get(container, 0)
                self._next_slot[container] = index + 1
                parts.append(str(index))
            else:
                parts.append(part)
        return ".".join(parts)

    def network(self) -> Network:
        """Give the finished network; its result is the current node."""
        return Network(
            nodes=tuple(self._nodes),
            input_shape=self.input_shape,
            result=self.at,
            auxiliary=tuple((name, index) for _, name, index in sorted(self._auxiliary)),
        )

    def _feature_map(self, what: str) -> int:
        if len(self.shape) != 3:
            raise ArchitectureError(
                f"{what} needs a feature map, gets a vector of {show(self.shape)}", row=self.row
            )
        return self.shape[0]


# Every function an activation field may name; ``none`` and ``softmax`` add no layer.
ACTIVATIONS = (
    "none",
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "mish",
    "tanh",
    "sigmoid",
    "hardswish",
    "hardsigmoid",
    "softplus",
    "scaled_tanh",
    "softmax",
)

# Functions whose torch module takes ``inplace`` (torch.nn, 2.x).
IN_PLACE_FUNCTIONS = frozenset(
    ("relu", "relu6", "leaky_relu", "elu", "silu", "mish", "hardswish", "hardsigmoid")
)


class Names:
    """Module paths for one row: a fixed list, or a pattern with ``+`` slots, or one plain path."""

    def __init__(self, builder: Builder, name: str, names: tuple[str, ...] = ()) -> None:
        self._builder = builder
        self._listed = list(names)
        self._fixed = bool(names)
        # All slots but the last belong to the row; the last one counts its modules.
        head, plus, tail = name.rpartition("+")
        self._pattern = builder.slot(head.rstrip(".")) + ".+" + tail if plus and head else name
        self._used = False

    def module(self, role: str = "", *, functional: bool = False) -> str:
        """Give the path of the row's next module.

        A plain path names the first; later ones are ``<path>_<role>``, or ``""`` where the class may
        do them functionally (``functional=True``).
        """
        if self._fixed:
            return self._builder.slot(self._listed.pop(0)) if self._listed else ""
        if "+" in self._pattern:
            return self._builder.slot(self._pattern)
        first, self._used = not self._used, True
        if first:
            return self._pattern
        return "" if functional else f"{self._pattern}_{role}"
