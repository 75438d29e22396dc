"""The flatten row: a feature map becomes a vector."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockType, Fields
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Flatten


def lower(builder: Builder, _fields: Fields, _names: Names) -> None:
    """Add the flatten; classes do it functionally."""
    if len(builder.shape) != 1:
        builder.add(Flatten())


BLOCK = BlockType(
    name="flatten",
    synonyms=("flattening", "reshape", "view", "展平", "拉平", "平坦化", "평탄화"),
    doc="Feature map to vector.",
    fields=(),
    lower=lower,
    label="flatten",
)
