"""Inception-v3's auxiliary classifier, which runs in training only.

Szegedy et al. 2015, section 4, as the published PyTorch network builds it: 5×5 average pooling with
step 3, 128 1×1 filters, 768 5×5 filters, global average, classes.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ArchitectureError, Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d, AvgPool2d, Flatten


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the head on the named row's output; the main path goes on where it was."""
    base, back = names.module("head"), builder.at
    source = fields.text("source")
    if source not in builder.taps:
        raise ArchitectureError(
            f"no row is called '{source}'", row=builder.row, field="source", found=source
        )
    builder.at = builder.taps[source]
    builder.head(fields.text("output"), builder.label)
    builder.add(AvgPool2d((5, 5), (3, 3)))
    builder.conv(128, (1, 1), f"{base}.conv0.conv")
    builder.norm("batch", f"{base}.conv0.bn", eps=1e-3)
    builder.activation("relu")
    builder.conv(768, (5, 5), f"{base}.conv1.conv", padding=(0, 0))
    builder.norm("batch", f"{base}.conv1.bn", eps=1e-3)
    builder.activation("relu")
    builder.add(AdaptiveAvgPool2d((1, 1)))
    builder.add(Flatten())
    builder.linear(fields.integer("classes"), f"{base}.fc")
    builder.end_head(back, field=fields.integer("field"))


def label(fields: Fields) -> str:
    """Write the row's name."""
    return f"auxiliary head {fields.text('output')}"


BLOCK = BlockType(
    name="inception_aux",
    synonyms=("inception auxiliary",),
    doc="Auxiliary classifier of Inception v3.",
    fields=(
        BlockField(
            "source",
            FieldType.TEXT,
            required=True,
            doc="name of the row whose output it reads",
            synonyms=("from", "input"),
        ),
        BlockField(
            "output",
            FieldType.TEXT,
            required=True,
            doc="name of the training-only output",
        ),
        BlockField(
            "field",
            FieldType.INT,
            default=1,
            minimum=1,
            maximum=16,
            doc="its place among the auxiliary fields of what training returns",
        ),
        BlockField(
            "classes",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=1_000_000,
            doc="number of classes",
            synonyms=("num_classes",),
        ),
    ),
    lower=lower,
    label=label,
)
