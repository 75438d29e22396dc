"""GoogLeNet's auxiliary classifier, which runs in training only.

Szegedy et al. 2014, section 5: average pooling (5×5 step 3; the published PyTorch weights use an
adaptive 4×4), 128 1×1 filters, 1024 units, 70 % dropout, classes.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ArchitectureError, Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d, AvgPool2d, Dropout, Flatten


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
    if fields.text("norm") == "batch":
        builder.add(AdaptiveAvgPool2d((4, 4)))
        builder.conv(128, (1, 1), f"{base}.conv.conv")
        builder.norm("batch", f"{base}.conv.bn", eps=1e-3)
    else:
        builder.add(AvgPool2d((5, 5), (3, 3)))
        builder.conv(128, (1, 1), f"{base}.conv", bias=True)
    builder.activation("relu")
    builder.add(Flatten())
    builder.linear(1024, f"{base}.fc1")
    builder.activation("relu")
    builder.add(Dropout(fields.number("dropout")), f"{base}.dropout")
    builder.linear(fields.integer("classes"), f"{base}.fc2")
    builder.end_head(back, field=fields.integer("field"))


def label(fields: Fields) -> str:
    """Write the row's name."""
    return f"auxiliary head {fields.text('output')}"


BLOCK = BlockType(
    name="googlenet_aux",
    synonyms=("googlenet auxiliary", "auxiliary classifier"),
    doc="Auxiliary classifier of GoogLeNet.",
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
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="batch",
            choices=("batch", "none"),
            doc="normalisation after its convolution",
        ),
        BlockField(
            "dropout",
            FieldType.FLOAT,
            default=0.7,
            minimum=0,
            maximum=1,
            doc="dropout probability",
        ),
    ),
    lower=lower,
    label=label,
)
