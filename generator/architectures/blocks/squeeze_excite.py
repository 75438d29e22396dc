"""The squeeze-and-excite gate: each channel scaled by what the whole map says of it.

Hu et al. 2018: global average, 1×1 down, ReLU, 1×1 up, sigmoid, product.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d, Multiply


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the gate and multiply what came in by it."""
    base, start, channels = names.module("block"), builder.at, builder.channels
    squeezed = max(1, channels // fields.integer("reduction"))
    builder.add(AdaptiveAvgPool2d((1, 1)), f"{base}.avgpool")
    builder.conv(squeezed, (1, 1), f"{base}.fc1", bias=True)
    builder.activation("relu", f"{base}.activation", inplace=False)
    builder.conv(channels, (1, 1), f"{base}.fc2", bias=True)
    gate = builder.activation(fields.text("gate"), f"{base}.scale_activation", inplace=False)
    builder.add(Multiply(), "", (start, gate))


def label(fields: Fields) -> str:
    """Write ``squeeze-excite /16``."""
    return f"squeeze-excite /{fields.integer('reduction')}"


BLOCK = BlockType(
    name="squeeze_excite",
    synonyms=(
        "se",
        "se block",
        "squeeze-and-excitation",
        "squeeze and excitation",
        "squeeze-excite",
        "squeeze excitation",
        "se layer",
        "se module",
        "squeeze & excite",
    ),
    doc="Channel gate.",
    fields=(
        BlockField(
            "reduction",
            FieldType.INT,
            default=16,
            minimum=1,
            maximum=1024,
            doc="channels over the gate's inner channels",
            synonyms=("r", "ratio", "reduction ratio", "se ratio"),
        ),
        BlockField(
            "gate",
            FieldType.CHOICE,
            default="sigmoid",
            choices=("sigmoid", "hardsigmoid"),
            doc="function that bounds the gate",
            synonyms=("activation",),
        ),
    ),
    lower=lower,
    label=label,
)
