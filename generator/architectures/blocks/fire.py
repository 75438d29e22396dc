"""The fire module: a 1×1 squeeze, then 1×1 and 3×3 expansions side by side.

Iandola et al. 2016 (SqueezeNet), section 3.1.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Concat


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add squeeze, both expansions, their activations, and join them."""
    base = names.module("block")
    builder.conv(fields.integer("squeeze"), (1, 1), f"{base}.squeeze", bias=True)
    squeezed = builder.activation("relu", f"{base}.squeeze_activation")
    builder.conv(fields.integer("expand1x1"), (1, 1), f"{base}.expand1x1", bias=True)
    one = builder.activation("relu", f"{base}.expand1x1_activation")
    builder.at = squeezed
    builder.conv(fields.integer("expand3x3"), (3, 3), f"{base}.expand3x3", bias=True)
    three = builder.activation("relu", f"{base}.expand3x3_activation")
    builder.add(Concat(), "", (one, three))


def label(fields: Fields) -> str:
    """Write ``fire 16 → 64 + 64``."""
    squeeze, one, three = (fields.integer(each) for each in ("squeeze", "expand1x1", "expand3x3"))
    return f"fire {squeeze} → {one} + {three}"


BLOCK = BlockType(
    name="fire",
    synonyms=("fire module", "fire block", "fire layer"),
    doc="SqueezeNet's squeeze and expand.",
    fields=(
        BlockField(
            "squeeze",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="1×1 filters of the squeeze",
            synonyms=(
                "s1x1",
                "s1×1",
                "s_1x1",
                "squeeze 1x1",
                "#1x1 squeeze",
                "squeeze1x1",
                "s1x1 (#1x1 squeeze)",
                "squeeze planes",
            ),
        ),
        BlockField(
            "expand1x1",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="1×1 filters of the expansion",
            synonyms=(
                "e1x1",
                "e1×1",
                "e_1x1",
                "expand 1x1",
                "#1x1 expand",
                "e1x1 (#1x1 expand)",
                "expand1x1 planes",
            ),
        ),
        BlockField(
            "expand3x3",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="3×3 filters of the expansion",
            synonyms=(
                "e3x3",
                "e3×3",
                "e_3x3",
                "expand 3x3",
                "#3x3 expand",
                "e3x3 (#3x3 expand)",
                "expand3x3 planes",
            ),
        ),
    ),
    lower=lower,
    label=label,
)
