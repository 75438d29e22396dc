"""Inception-v3 block D: halves the map by a 3×3, a factorised 7×7 and a pooling (Szegedy et al. 2015)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockType, Fields
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Concat, MaxPool2d, Pair


def lower(builder: Builder, _fields: Fields, names: Names) -> None:
    """Add the branches in registration order and join them."""
    base, start = names.module("block"), builder.at

    _conv(builder, f"{base}.branch3x3_1", 192, (1, 1))
    three = _conv(builder, f"{base}.branch3x3_2", 320, (3, 3), stride=(2, 2), padding=(0, 0))
    builder.at = start
    _conv(builder, f"{base}.branch7x7x3_1", 192, (1, 1))
    _conv(builder, f"{base}.branch7x7x3_2", 192, (1, 7))
    _conv(builder, f"{base}.branch7x7x3_3", 192, (7, 1))
    seven = _conv(builder, f"{base}.branch7x7x3_4", 192, (3, 3), stride=(2, 2), padding=(0, 0))
    builder.at = start
    pooled = builder.add(MaxPool2d((3, 3), (2, 2)))
    builder.add(Concat(), "", (three, seven, pooled))


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
    name="inception_d",
    synonyms=("inception-d", "mixed d"),
    doc="Inception-v3 block D: halves the map by a 3×3, a factorised 7×7 and a pooling.",
    fields=(),
    lower=lower,
    label="inception D",
)
