"""The activation row: one element-wise function. Softmax adds no layer: losses take logits."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the function."""
    function = fields.text("function")
    if function not in ("none", "softmax"):
        builder.activation(
            function,
            names.module("activation", functional=True),
            inplace=fields.flag("inplace"),
        )


def label(fields: Fields) -> str:
    """Write the function's name."""
    return fields.text("function")


BLOCK = BlockType(
    name="activation",
    synonyms=(
        "act",
        "nonlinearity",
        "non-linearity",
        "activation layer",
        "激活",
        "激活层",
        "活性化",
        "활성화",
    ),
    doc="An element-wise function; softmax adds no layer.",
    fields=(
        BlockField(
            "function",
            FieldType.CHOICE,
            default="relu",
            choices=ACTIVATIONS,
            doc="which function",
            synonyms=("activation", "act", "nl", "kind", "nonlinearity"),
        ),
        BlockField(
            "inplace",
            FieldType.BOOL,
            default=True,
            doc="whether to write into its input",
        ),
    ),
    lower=lower,
    label=label,
)
