"""The adaptive average pooling row: any input size becomes one fixed size."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add adaptive average pooling to the stated size."""
    builder.add(AdaptiveAvgPool2d(fields.pair("size")), names.module("pool", functional=True))


def label(fields: Fields) -> str:
    """Write ``avg pool to 7×7``."""
    height, width = fields.pair("size")
    return f"avg pool to {height}×{width}"


BLOCK = BlockType(
    name="adaptive_avg_pool",
    synonyms=(
        "adaptive avg pool",
        "adaptive average pooling",
        "adaptiveavgpool2d",
        "adaptive pool",
    ),
    doc="Average pooling to a fixed output size.",
    fields=(
        BlockField(
            "size",
            FieldType.PAIR,
            default=(1, 1),
            minimum=1,
            maximum=512,
            doc="output size",
            synonyms=("output", "output size", "kernel", "kernel size"),
        ),
    ),
    lower=lower,
    label=label,
)
