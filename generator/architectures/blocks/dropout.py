"""The dropout row."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import Dropout


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add element dropout."""
    builder.add(
        Dropout(fields.number("p"), inplace=fields.flag("inplace")),
        names.module("dropout", functional=True),
    )


def label(fields: Fields) -> str:
    """Write ``dropout 0.5``."""
    return f"dropout {fields.number('p'):g}"


BLOCK = BlockType(
    name="dropout",
    synonyms=("drop out", "dropout layer", "随机失活", "ドロップアウト", "드롭아웃"),
    doc="Sets elements to zero at random in training.",
    fields=(
        BlockField(
            "p",
            FieldType.FLOAT,
            default=0.5,
            minimum=0,
            maximum=1,
            doc="probability of zero",
            synonyms=("rate", "dropout", "probability", "prob", "drop", "ratio", "drop rate"),
        ),
        BlockField("inplace", FieldType.BOOL, default=False, doc="write into its input"),
    ),
    lower=lower,
    label=label,
)
