"""LeNet-5's layer C3: a convolution whose output maps read chosen input maps only.

LeCun et al. 1998, section II-B and table I.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, ArchitectureError, Builder, Names
from generator.architectures.ir import SparseConv2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the sparse convolution and its activation."""
    connections = fields.table("connections")
    if not connections or any(
        not each or max(each) >= builder.channels or len(set(each)) != len(each)
        for each in connections
    ):
        raise ArchitectureError(
            "each output map needs distinct input maps that exist",
            row=builder.row,
            field="connections",
            expected=f"lists of numbers from 0 to {builder.channels - 1}",
        )
    builder.add(
        SparseConv2d(builder.channels, connections, fields.pair("kernel")), names.module("conv")
    )
    function = fields.text("activation")
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))


def label(fields: Fields) -> str:
    """Write ``sparse conv 5×5, 16``."""
    height, width = fields.pair("kernel")
    return f"sparse conv {height}×{width}, {len(fields.table('connections'))}"


BLOCK = BlockType(
    name="sparse_conv",
    synonyms=("sparse convolution", "partially connected conv"),
    doc="Convolution with a connection table.",
    fields=(
        BlockField(
            "connections",
            FieldType.TABLE,
            required=True,
            minimum=0,
            maximum=65535,
            doc="for each output map the input maps it reads",
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(5, 5),
            minimum=1,
            maximum=63,
            doc="window size",
            synonyms=("kernel size", "filter size", "k"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="none",
            choices=ACTIVATIONS,
            doc="element-wise function",
            synonyms=("act",),
        ),
    ),
    lower=lower,
    label=label,
)
