"""Inception-v3 block A: 1×1, 5×5, double 3×3 and average-pooled branches (Szegedy et al. 2015)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AvgPool2d, Concat, Pair


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the branches in registration order and join them."""
    base, start = names.module("block"), builder.at

    one = _conv(builder, f"{base}.branch1x1", 64, (1, 1))
    builder.at = start
    _conv(builder, f"{base}.branch5x5_1", 48, (1, 1))
    five = _conv(builder, f"{base}.branch5x5_2", 64, (5, 5))
    builder.at = start
    _conv(builder, f"{base}.branch3x3dbl_1", 64, (1, 1))
    _conv(builder, f"{base}.branch3x3dbl_2", 96, (3, 3))
    double = _conv(builder, f"{base}.branch3x3dbl_3", 96, (3, 3))
    builder.at = start
    builder.add(AvgPool2d((3, 3), (1, 1), (1, 1)))
    pooled = _conv(builder, f"{base}.branch_pool", fields.integer("pool_features"), (1, 1))
    builder.add(Concat(), "", (one, five, double, pooled))


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
    name="inception_a",
    synonyms=("inception-a", "mixed a"),
    doc="Inception-v3 block A: 1×1, 5×5, double 3×3 and average-pooled branches (Szegedy et al. 2015).",
    fields=(
        BlockField(
            "pool_features",
            FieldType.INT,
            default=64,
            minimum=1,
            maximum=65536,
            doc="filters after the pooling",
            synonyms=("pool proj",),
        ),
    ),
    lower=lower,
    label="inception A",
)
