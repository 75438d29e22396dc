"""The normalisation row: batch, group, layer or local response norm."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names
from generator.architectures.ir import LocalResponseNorm


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the norm, then an activation where given."""
    if fields.text("kind") == "lrn":
        builder.add(
            LocalResponseNorm(
                size=fields.integer("size"),
                alpha=fields.number("alpha"),
                beta=fields.number("beta"),
                k=fields.number("k"),
            ),
            names.module("norm", functional=True),
        )
    else:
        builder.norm(
            fields.text("kind"),
            names.module("norm"),
            eps=fields.number("eps"),
            momentum=fields.number("momentum"),
            groups=fields.integer("groups"),
        )
    function = fields.text("activation")
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))


def label(fields: Fields) -> str:
    """Write ``batch norm``."""
    return "LRN" if fields.text("kind") == "lrn" else f"{fields.text('kind')} norm"


BLOCK = BlockType(
    name="norm",
    synonyms=(
        "normalization",
        "normalisation",
        "normalization layer",
        "归一化",
        "正規化",
        "정규화",
    ),
    doc="Normalisation over channels.",
    fields=(
        BlockField(
            "kind",
            FieldType.CHOICE,
            default="batch",
            choices=("batch", "group", "layer", "lrn"),
            doc="which normalisation",
            synonyms=("type of norm",),
        ),
        BlockField(
            "eps",
            FieldType.FLOAT,
            default=1e-5,
            minimum=0,
            maximum=1,
            doc="ε",
            synonyms=("epsilon",),
        ),
        BlockField(
            "momentum",
            FieldType.FLOAT,
            default=0.1,
            minimum=0,
            maximum=1,
            doc="the batch norm's momentum",
        ),
        BlockField(
            "groups",
            FieldType.INT,
            default=32,
            minimum=1,
            maximum=65536,
            doc="groups of a group norm",
            synonyms=("group", "g"),
        ),
        BlockField(
            "size",
            FieldType.INT,
            default=5,
            minimum=1,
            maximum=512,
            doc="channels a local response norm looks at",
            synonyms=("n", "local size"),
        ),
        BlockField("alpha", FieldType.FLOAT, default=1e-4, minimum=0, maximum=100, doc="its α"),
        BlockField("beta", FieldType.FLOAT, default=0.75, minimum=0, maximum=10, doc="its β"),
        BlockField("k", FieldType.FLOAT, default=2.0, minimum=0, maximum=100, doc="its k"),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="none",
            choices=ACTIVATIONS,
            doc="element-wise function after it",
            synonyms=("act", "nonlinearity", "nl", "activation function"),
        ),
    ),
    lower=lower,
    label=label,
)
