"""The repeat row: a group of rows that stands several times in a row.

It never reaches a builder: :mod:`generator.architectures.lower` writes the group out first.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ArchitectureError, Builder, Names


def lower(builder: Builder, _fields: Fields, _names: Names) -> None:
    """Refuse: a repeat is written out before rows become operations."""
    raise ArchitectureError("a repeat row needs 'rows'", row=builder.row, field="rows")


def label(fields: Fields) -> str:
    """Write ``×3``."""
    return f"×{fields.integer('times')}"


BLOCK = BlockType(
    name="repeat",
    synonyms=("loop", "group of rows"),
    doc="Rows that stand several times in a row.",
    fields=(
        BlockField(
            "times",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=512,
            doc="how often",
            synonyms=("n", "count", "×", "x"),
        ),
        BlockField("rows", FieldType.ROWS, required=True, doc="the rows", synonyms=("layers",)),
    ),
    lower=lower,
    label=label,
)
