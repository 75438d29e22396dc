"""The inception block of GoogLeNet: four branches side by side, joined along channels.

Szegedy et al. 2014, figure 2b: 1×1; 1×1 then 3×3; 1×1 then 5×5; 3×3 max pooling then 1×1. With batch
norm the layout is the published PyTorch one (each convolution ``.conv`` and ``.bn``), without it each
branch is a plain Sequential.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Concat, MaxPool2d, Pair


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the four branches in the order of the paper's table and join them."""
    base, start = names.module("block"), builder.at
    kernel = fields.integer("kernel_5x5")
    outputs = []
    for branch, steps in enumerate(
        (
            ((fields.integer("ch1x1"), (1, 1)),),
            ((fields.integer("ch3x3red"), (1, 1)), (fields.integer("ch3x3"), (3, 3))),
            ((fields.integer("ch5x5red"), (1, 1)), (fields.integer("ch5x5"), (kernel, kernel))),
        ),
        start=1,
    ):
        builder.at = start
        _convolutions(builder, fields, f"{base}.branch{branch}", steps)
        outputs.append(builder.at)
    builder.at = start
    builder.add(
        MaxPool2d((3, 3), (1, 1), (1, 1), ceil_mode=fields.flag("ceil_mode")), f"{base}.branch4.0"
    )
    _convolutions(
        builder, fields, f"{base}.branch4", ((fields.integer("pool_proj"), (1, 1)),), first=1
    )
    outputs.append(builder.at)
    builder.add(Concat(), "", outputs)


def _convolutions(
    builder: Builder,
    fields: Fields,
    branch: str,
    steps: tuple[tuple[int, Pair], ...],
    *,
    first: int = 0,
) -> None:
    """Add convolutions of one branch; ``first`` is the next index in its Sequential."""
    index = first
    alone = first == 0 and len(steps) == 1
    for width, kernel in steps:
        if fields.text("norm") == "batch":
            name = branch if alone else f"{branch}.{index}"
            builder.conv(width, kernel, f"{name}.conv")
            builder.norm("batch", f"{name}.bn", eps=fields.number("eps"))
            builder.activation("relu")
            index += 1
        else:
            builder.conv(width, kernel, f"{branch}.{index}", bias=True)
            builder.activation("relu", f"{branch}.{index + 1}")
            index += 2


def label(fields: Fields) -> str:
    """Write ``inception`` with its output channels."""
    width = sum(fields.integer(each) for each in ("ch1x1", "ch3x3", "ch5x5", "pool_proj"))
    return f"inception {width}"


BLOCK = BlockType(
    name="inception",
    synonyms=("inception block", "inception module", "inception layer"),
    doc="GoogLeNet's four-branch block.",
    fields=(
        BlockField(
            "ch1x1",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="filters of the 1×1 branch",
            synonyms=("#1x1", "1x1", "# 1x1", "#1×1", "1×1"),
        ),
        BlockField(
            "ch3x3red",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="1×1 filters before the 3×3",
            synonyms=(
                "#3x3 reduce",
                "3x3 reduce",
                "#3×3 reduce",
                "3×3 reduce",
                "3x3 red",
                "#3x3red",
                "3x3r",
                "#3×3 red",
            ),
        ),
        BlockField(
            "ch3x3",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="filters of the 3×3 branch",
            synonyms=("#3x3", "3x3", "#3×3", "3×3"),
        ),
        BlockField(
            "ch5x5red",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="1×1 filters before the 5×5",
            synonyms=(
                "#5x5 reduce",
                "5x5 reduce",
                "#5×5 reduce",
                "5×5 reduce",
                "5x5 red",
                "#5x5red",
                "5x5r",
                "#5×5 red",
            ),
        ),
        BlockField(
            "ch5x5",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="filters of the 5×5 branch",
            synonyms=("#5x5", "5x5", "#5×5", "5×5"),
        ),
        BlockField(
            "pool_proj",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="1×1 filters after the pooling",
            synonyms=("pool proj", "pool projection", "proj", "pool proj.", "pool", "pooling"),
        ),
        BlockField(
            "kernel_5x5",
            FieldType.INT,
            default=5,
            minimum=1,
            maximum=31,
            doc="window of the third branch (published PyTorch weights use 3)",
        ),
        BlockField(
            "ceil_mode",
            FieldType.BOOL,
            default=False,
            doc="the pooling rounds up",
        ),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="none",
            choices=("none", "batch"),
            doc="normalisation after each convolution",
            synonyms=("normalization", "normalisation", "batch norm", "bn"),
        ),
        BlockField(
            "eps",
            FieldType.FLOAT,
            default=1e-3,
            minimum=0,
            maximum=1,
            doc="the norms' ε",
        ),
    ),
    lower=lower,
    label=label,
)
