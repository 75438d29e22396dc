"""Inception-v3 block B: halves the map by a 3×3, a double 3×3 and a pooling (Szegedy et al. 2015)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockType, Fields
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Concat, MaxPool2d, Pair


def lower(builder: Builder, _fields: Fields, names: Names) -> None:
    """Add the branches in registration order and join them."""
    base, start = names.module("block"), builder.at

    three = _conv(builder, f"{base}.branch3x3", 384, (3, 3), stride=(2, 2), padding=(0, 0))
    builder.at = start
    _conv(builder, f"{base}.branch3x3dbl_1", 64, (1, 1))
    _conv(builder, f"{base}.branch3x3dbl_2", 96, (3, 3))
    double = _conv(builder, f"{base}.branch3x3dbl_3", 96, (3, 3), stride=(2, 2), padding=(0, 0))
    builder.at = start
    pooled = builder.add(MaxPool2d((3, 3), (2, 2)))
    builder.add(Concat(), "", (three, double, pooled))


def _conv(
    builder: Builder,
    name: str,
    width: int,
    kernel: Pair,
    *,
    stride: Pair = (1, 1),
    padding: Pair | None = None,
) -> int:
    """Add convolution, batch norm (ε = 0.001) and ReLU."""
    builder.conv(width, kernel, f"{name}.conv", stride=stride, padding=padding)
    builder.norm("batch", f"{name}.bn", eps=1e-3)
    return builder.activation("relu")


BLOCK = BlockType(
    name="inception_b",
    synonyms=("inception-b", "mixed b"),
    doc="Inception-v3 block B: halves the map by a 3×3, a double 3×3 and a pooling (Szegedy et al. 2015).",
    fields=(),
    lower=lower,
    label="inception B",
)
