"""LeNet-5's trainable subsampling: a sum over 2×2 windows, times a weight, plus a bias.

LeCun et al. 1998, section II-B (layers S2 and S4).
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names
from generator.architectures.ir import TrainableSubsample


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the subsampling and its activation."""
    builder.add(TrainableSubsample(builder.channels, fields.pair("kernel")), names.module("pool"))
    function = fields.text("activation")
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))


def label(fields: Fields) -> str:
    """Write ``subsample 2×2``."""
    height, width = fields.pair("kernel")
    return f"subsample {height}×{width}"


BLOCK = BlockType(
    name="subsample",
    synonyms=("trainable subsampling", "trainable pooling"),
    doc="Pooling with a trainable scale and offset per channel.",
    fields=(
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(2, 2),
            minimum=1,
            maximum=63,
            doc="window and step",
            synonyms=("kernel size", "pool size", "k"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="none",
            choices=ACTIVATIONS,
            doc="element-wise function",
            synonyms=("act",),
        ),
    ),
    lower=lower,
    label=label,
)
