"""The dense block: each layer reads all earlier ones' outputs and adds ``growth`` channels.

Huang et al. 2017 (DenseNet), section 3: norm → ReLU → 1×1 (bottleneck) → norm → ReLU → 3×3, joined to
what it read.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Concat, Dropout


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the layers, each joined to its input."""
    base, growth = names.module("block"), fields.integer("growth")
    for index in range(1, fields.integer("layers") + 1):
        layer, start = f"{base}.denselayer{index}", builder.at
        builder.norm("batch", f"{layer}.norm1")
        builder.activation("relu", f"{layer}.relu1")
        if fields.integer("bottleneck"):
            builder.conv(fields.integer("bottleneck") * growth, (1, 1), f"{layer}.conv1")
            builder.norm("batch", f"{layer}.norm2")
            builder.activation("relu", f"{layer}.relu2")
            builder.conv(growth, (3, 3), f"{layer}.conv2")
        else:
            builder.conv(growth, (3, 3), f"{layer}.conv1")
        if fields.number("dropout") > 0:
            builder.add(Dropout(fields.number("dropout")), f"{layer}.dropout")
        builder.add(Concat(), "", (start, builder.at))


def label(fields: Fields) -> str:
    """Write ``dense block ×6, growth 32``."""
    return f"dense block ×{fields.integer('layers')}, growth {fields.integer('growth')}"


BLOCK = BlockType(
    name="dense_block",
    synonyms=("dense block", "denseblock", "稠密块", "密集块", "デンスブロック"),
    doc="DenseNet's block of layers that read all before them.",
    fields=(
        BlockField(
            "layers",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=512,
            doc="number of layers",
            synonyms=("n layers", "num layers", "number of layers", "depth"),
        ),
        BlockField(
            "growth",
            FieldType.INT,
            default=32,
            minimum=1,
            maximum=4096,
            doc="channels each layer adds",
            synonyms=("growth rate", "k", "width", "channels"),
        ),
        BlockField(
            "bottleneck",
            FieldType.INT,
            default=4,
            minimum=0,
            maximum=64,
            doc="1×1 filters over growth; 0 leaves the 1×1 out",
            synonyms=("bn size", "bn_size", "bottleneck factor"),
        ),
        BlockField(
            "dropout",
            FieldType.FLOAT,
            default=0.0,
            minimum=0,
            maximum=1,
            doc="dropout probability after each layer",
            synonyms=("drop rate",),
        ),
    ),
    lower=lower,
    label=label,
)
