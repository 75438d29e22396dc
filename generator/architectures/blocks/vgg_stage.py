"""The VGG stage: some convolutions of one width, then a pooling.

Simonyan and Zisserman 2014, table 1: same convolutions with ReLU, 2×2 max pooling with step 2.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names
from generator.architectures.ir import MaxPool2d, Pair


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add convolution, norm where asked and activation for each kernel, then the pooling."""
    norm, function = fields.text("norm"), fields.text("activation")
    for kernel in _kernels(fields):
        builder.conv(
            fields.integer("width"),
            kernel,
            names.module("conv"),
            bias=fields.flag("bias") if fields.given("bias") else True,
        )
        if norm != "none":
            builder.norm(norm, names.module("norm"))
        builder.activation(function, names.module("activation", functional=True))
    pool = fields.pair("pool")
    if pool != (0, 0):
        builder.add(MaxPool2d(pool, pool), names.module("pool", functional=True))


def _kernels(fields: Fields) -> tuple[Pair, ...]:
    if fields.given("kernels"):
        return tuple((each, each) for each in fields.integers("kernels"))
    return (fields.pair("kernel"),) * fields.integer("convs")


def label(fields: Fields) -> str:
    """Write ``3×3, 3×3, 64 + max pool``."""
    sizes = ", ".join(f"{height}×{width}" for height, width in _kernels(fields))
    end = " + max pool" if fields.pair("pool") != (0, 0) else ""
    return f"{sizes}, {fields.integer('width')}{end}"


BLOCK = BlockType(
    name="vgg_stage",
    synonyms=("vgg block", "vgg stage", "conv stage", "conv block", "vgg块"),
    doc="Convolutions of one width and a max pooling.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="output channels of each convolution",
            synonyms=(
                "filters",
                "channels",
                "out channels",
                "output channels",
                "maps",
                "feature maps",
                "out",
                "#out",
                "# out",
                "c",
                "planes",
                "number of filters",
                "cout",
                "depth",
                "通道数",
                "채널",
            ),
        ),
        BlockField(
            "convs",
            FieldType.INT,
            default=1,
            minimum=1,
            maximum=64,
            doc="number of convolutions",
            synonyms=("convolutions", "layers", "conv layers", "# convs", "number of convs"),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(3, 3),
            minimum=1,
            maximum=63,
            doc="their window",
            synonyms=("kernel size", "filter size", "k"),
        ),
        BlockField(
            "kernels",
            FieldType.INTS,
            minimum=1,
            maximum=63,
            doc="one window per convolution, when they differ",
            synonyms=("kernel sizes",),
        ),
        BlockField(
            "pool",
            FieldType.PAIR,
            default=(2, 2),
            minimum=0,
            maximum=63,
            doc="window and step of the max pooling; 0 for none",
            synonyms=("pooling", "max pool", "pool size"),
        ),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="none",
            choices=("none", "batch", "group", "layer"),
            doc="normalisation after each convolution",
            synonyms=("normalization", "normalisation", "batch norm", "bn"),
        ),
        BlockField(
            "bias",
            FieldType.BOOL,
            doc="additive term; there by default (published VGG keeps it before a norm)",
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="relu",
            choices=ACTIVATIONS,
            doc="element-wise function",
            synonyms=("act", "nonlinearity", "nl"),
        ),
    ),
    lower=lower,
    label=label,
)
