"""Inception-v3 block E: 3×3 branches that fan out into 1×3 and 3×1 (Szegedy et al. 2015, figure 7)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockType, Fields
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AvgPool2d, Concat, Pair


def lower(builder: Builder, _fields: Fields, names: Names) -> None:
    """Add the branches in registration order and join them."""
    base, start = names.module("block"), builder.at

    one = _conv(builder, f"{base}.branch1x1", 320, (1, 1))
    builder.at = start
    fork = _conv(builder, f"{base}.branch3x3_1", 384, (1, 1))
    wide = _conv(builder, f"{base}.branch3x3_2a", 384, (1, 3))
    builder.at = fork
    tall = _conv(builder, f"{base}.branch3x3_2b", 384, (3, 1))
    three = builder.add(Concat(), "", (wide, tall))
    builder.at = start
    _conv(builder, f"{base}.branch3x3dbl_1", 448, (1, 1))
    fork = _conv(builder, f"{base}.branch3x3dbl_2", 384, (3, 3))
    wide = _conv(builder, f"{base}.branch3x3dbl_3a", 384, (1, 3))
    builder.at = fork
    tall = _conv(builder, f"{base}.branch3x3dbl_3b", 384, (3, 1))
    double = builder.add(Concat(), "", (wide, tall))
    builder.at = start
    builder.add(AvgPool2d((3, 3), (1, 1), (1, 1)))
    pooled = _conv(builder, f"{base}.branch_pool", 192, (1, 1))
    builder.add(Concat(), "", (one, three, double, pooled))


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
    name="inception_e",
    synonyms=("inception-e", "mixed e"),
    doc="Inception-v3 block E: 3×3 branches that fan out into 1×3 and 3×1 (Szegedy et al. 2015, figure 7).",
    fields=(),
    lower=lower,
    label="inception E",
)
