"""DenseNet's transition: norm, ReLU, a 1×1 that thins out the channels, then 2×2 average pooling.

Huang et al. 2017, section 3 (compression θ = 0.5 in the published networks).
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AvgPool2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add norm → ReLU → 1×1 convolution → average pooling."""
    base = names.module("block")
    width = (
        fields.integer("width")
        if fields.given("width")
        else max(1, int(builder.channels * fields.number("compression")))
    )
    builder.norm("batch", f"{base}.norm")
    builder.activation("relu", f"{base}.relu")
    builder.conv(width, (1, 1), f"{base}.conv")
    stride = fields.pair("stride")
    if stride != (1, 1):
        builder.add(AvgPool2d(stride, stride), f"{base}.pool")


BLOCK = BlockType(
    name="transition",
    synonyms=("transition layer", "transition block", "过渡层", "トランジション層"),
    doc="DenseNet's layer between dense blocks.",
    fields=(
        BlockField(
            "compression",
            FieldType.FLOAT,
            default=0.5,
            minimum=0.01,
            maximum=1,
            doc="output over input channels",
            synonyms=("theta", "θ", "reduction"),
        ),
        BlockField(
            "width",
            FieldType.INT,
            minimum=1,
            maximum=65536,
            doc="output channels, when given outright",
            synonyms=("filters", "channels", "out channels", "output channels"),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            default=(2, 2),
            minimum=1,
            maximum=16,
            doc="window and step of the pooling",
            synonyms=("strides", "s", "pool"),
        ),
    ),
    lower=lower,
    label="transition",
)
