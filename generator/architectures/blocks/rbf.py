"""LeNet-5's output: squared distance of a vector to one fixed ±1 code per class.

LeCun et al. 1998, section II-B.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ArchitectureError, Builder, Names
from generator.architectures.ir import RadialBasis


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the distances to the codes."""
    if len(builder.shape) != 1:
        raise ArchitectureError("radial basis units need a vector", row=builder.row)
    builder.add(RadialBasis(builder.channels, fields.integer("width")), names.module("rbf"))


def label(fields: Fields) -> str:
    """Write ``RBF 10``."""
    return f"RBF {fields.integer('width')}"


BLOCK = BlockType(
    name="rbf",
    synonyms=("radial basis", "radial basis function", "euclidean rbf", "gaussian connections"),
    doc="Distances to fixed codes.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=1000,
            doc="number of codes",
            synonyms=("units", "classes", "out", "outputs"),
        ),
    ),
    lower=lower,
    label=label,
)
