"""The typed intermediate representation: a network as a list of primitive operations.

A :class:`Network` is a directed acyclic graph in registration order: a node's position in the tuple
is the order in which its module is created in the generated class, so parameters and buffers come
out in ``state_dict`` order, and it is also a valid order of evaluation. Everything the tests, the
site and the documentation say about a model is computed from this graph in plain Python
(:mod:`generator.architectures.arithmetic`); torch is never imported.

Axes: a feature map has shape ``(C, H, W)``, a vector ``(F,)``; the batch axis is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]
Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Input:
    """The network's input; always node 0."""


@dataclass(frozen=True, slots=True)
class Conv2d:
    """2-D convolution: weight ``(out, in // groups, kH, kW)``."""

    in_channels: int
    out_channels: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True, slots=True)
class ConvTranspose2d:
    """Transposed 2-D convolution: weight ``(in, out // groups, kH, kW)``."""

    in_channels: int
    out_channels: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True, slots=True)
class SparseConv2d:
    """LeNet-5's C3: ``connections[o]`` lists the input maps that feed output map ``o``; trainable
    weights only for those, one bias per output map (LeCun et al. 1998, Table I).

    Stored as ``weight`` of shape ``(sum(len(c) for c in connections), kH, kW)`` in table order, and
    ``bias`` of shape ``(out,)``."""

    in_channels: int
    connections: tuple[tuple[int, ...], ...]
    kernel: Pair


@dataclass(frozen=True, slots=True)
class TrainableSubsample:
    """LeNet-5's S2 and S4: sum over non-overlapping 2x2 windows, times ``weight[c]``, plus
    ``bias[c]`` (both of shape ``(C,)``)."""

    channels: int
    kernel: Pair = (2, 2)


@dataclass(frozen=True, slots=True)
class RadialBasis:
    """LeNet-5's output: squared distance to fixed ±1 codes, a buffer ``codes`` of shape
    ``(out, in)``."""

    in_features: int
    out_features: int


@dataclass(frozen=True, slots=True)
class BatchNorm2d:
    """Batch normalisation over ``features`` channels, affine, with running statistics."""

    features: int
    eps: float = 1e-5
    momentum: float = 0.1


@dataclass(frozen=True, slots=True)
class BatchNorm1d:
    """Batch normalisation over a vector of ``features``."""

    features: int
    eps: float = 1e-5
    momentum: float = 0.1


@dataclass(frozen=True, slots=True)
class GroupNorm:
    """Group normalisation (``groups=1`` is layer normalisation over C, H, W), affine."""

    groups: int
    features: int
    eps: float = 1e-5


@dataclass(frozen=True, slots=True)
class LocalResponseNorm:
    """Local response normalisation as torch defines it (alpha divided by ``size``)."""

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0


LEAKY_SLOPE = 0.01  # torch.nn.LeakyReLU


@dataclass(frozen=True, slots=True)
class Activation:
    """An element-wise function: relu, relu6, leaky_relu, elu, gelu, silu, mish, tanh, sigmoid,
    hardswish, hardsigmoid, softplus, scaled_tanh (1.7159 tanh(2x/3)), or softmax over features.

    ``slope`` is leaky_relu's for negative inputs."""

    function: str
    inplace: bool = False
    slope: float = LEAKY_SLOPE


@dataclass(frozen=True, slots=True)
class MaxPool2d:
    """Maximum pooling."""

    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil_mode: bool = False


@dataclass(frozen=True, slots=True)
class AvgPool2d:
    """Average pooling."""

    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True


@dataclass(frozen=True, slots=True)
class AdaptiveAvgPool2d:
    """Average pooling to a fixed output size ``(H, W)``."""

    size: Pair


@dataclass(frozen=True, slots=True)
class Dropout:
    """Element dropout with probability ``p``."""

    p: float
    inplace: bool = False


@dataclass(frozen=True, slots=True)
class Flatten:
    """``(C, H, W)`` to ``(C*H*W,)``."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Affine map: weight ``(out, in)``."""

    in_features: int
    out_features: int
    bias: bool = True


@dataclass(frozen=True, slots=True)
class Add:
    """Element-wise sum of two or more inputs of one shape."""


@dataclass(frozen=True, slots=True)
class Multiply:
    """Element-wise product; the second input broadcasts (squeeze-excite: ``(C, 1, 1)``)."""


@dataclass(frozen=True, slots=True)
class Concat:
    """Concatenation along channels, in input order."""


@dataclass(frozen=True, slots=True)
class ChannelAffine:
    """``x[:, c] * scale[c] + shift[c]`` with constants (torchvision's ``transform_input``)."""

    scale: tuple[float, ...]
    shift: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PadShortcut:
    """CIFAR ResNet's option A: take every ``stride``-th position, then zero-pad channels evenly
    before and after to ``out_channels`` (He et al. 2015, section 4.2)."""

    in_channels: int
    out_channels: int
    stride: int


Op: TypeAlias = (
    Input
    | Conv2d
    | ConvTranspose2d
    | SparseConv2d
    | TrainableSubsample
    | RadialBasis
    | BatchNorm2d
    | BatchNorm1d
    | GroupNorm
    | LocalResponseNorm
    | Activation
    | MaxPool2d
    | AvgPool2d
    | AdaptiveAvgPool2d
    | Dropout
    | Flatten
    | Linear
    | Add
    | Multiply
    | Concat
    | ChannelAffine
    | PadShortcut
)


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. ``inputs`` are indices of earlier nodes.

    ``name`` is the dotted path of the ``nn.Module`` that performs it in the generated class
    (``layer1.0.conv1``), or ``""`` where the class does it functionally. One module may serve
    several nodes (ResNet's ``relu``): the name then repeats. ``row`` is the index of the layer row
    the node came from (for the site's layer table and diagram), ``label`` that row's short name.
    ``output`` names an auxiliary output that exists in training only, as in
    :attr:`Network.auxiliary`: its nodes carry ``"aux_logits1"`` …; the main path has ``""``.
    """

    op: Op
    inputs: tuple[int, ...]
    name: str = ""
    row: int = 0
    label: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its nodes, default input shape ``(C, H, W)``, and what it returns.

    ``result`` is the index of the main output's node; ``auxiliary`` the (name, node index) pairs
    returned in training mode besides it, in the order of the named tuple's fields after ``logits``.
    ``minimum_eval`` and ``minimum_train`` are the least square input sizes that work (computed).
    """

    nodes: tuple[Node, ...]
    input_shape: Shape
    result: int
    auxiliary: tuple[tuple[str, int], ...] = ()
