"""Inception-v3 block C: 7×7 branches factorised into 1×7 and 7×1 (Szegedy et al. 2015, figure 6)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AvgPool2d, Concat, Pair


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the branches in registration order and join them."""
    base, start = names.module("block"), builder.at

    inner = fields.integer("channels_7x7")
    one = _conv(builder, f"{base}.branch1x1", 192, (1, 1))
    builder.at = start
    _conv(builder, f"{base}.branch7x7_1", inner, (1, 1))
    _conv(builder, f"{base}.branch7x7_2", inner, (1, 7))
    seven = _conv(builder, f"{base}.branch7x7_3", 192, (7, 1))
    builder.at = start
    _conv(builder, f"{base}.branch7x7dbl_1", inner, (1, 1))
    _conv(builder, f"{base}.branch7x7dbl_2", inner, (7, 1))
    _conv(builder, f"{base}.branch7x7dbl_3", inner, (1, 7))
    _conv(builder, f"{base}.branch7x7dbl_4", inner, (7, 1))
    double = _conv(builder, f"{base}.branch7x7dbl_5", 192, (1, 7))
    builder.at = start
    builder.add(AvgPool2d((3, 3), (1, 1), (1, 1)))
    pooled = _conv(builder, f"{base}.branch_pool", 192, (1, 1))
    builder.add(Concat(), "", (one, seven, double, pooled))


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
    name="inception_c",
    synonyms=("inception-c", "mixed c"),
    doc="Inception-v3 block C: 7×7 branches factorised into 1×7 and 7×1 (Szegedy et al. 2015, figure 6).",
    fields=(
        BlockField(
            "channels_7x7",
            FieldType.INT,
            default=128,
            minimum=1,
            maximum=65536,
            doc="inner filters of the 7×7 branches",
            synonyms=("channels",),
        ),
    ),
    lower=lower,
    label="inception C",
)
