"""The transposed convolution row, which enlarges a feature map."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, ArchitectureError, Builder, Names
from generator.architectures.ir import ConvTranspose2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add transposed convolution → norm → activation."""
    norm, padding = fields.text("norm"), fields.padding("padding")
    channels = builder.channels
    groups = fields.integer("groups")
    if channels % groups or fields.integer("width") % groups:
        raise ArchitectureError(
            f"{groups} groups do not divide the channels", row=builder.row, field="groups"
        )
    kernel, stride = fields.pair("kernel"), fields.pair("stride")
    if padding == "same":
        # The output is stride times the input where kernel − stride is even.
        padding = (max(0, kernel[0] - stride[0]) // 2, max(0, kernel[1] - stride[1]) // 2)
    builder.add(
        ConvTranspose2d(
            in_channels=channels,
            out_channels=fields.integer("width"),
            kernel=kernel,
            stride=stride,
            padding=padding if isinstance(padding, tuple) else (0, 0),
            output_padding=fields.pair("output_padding"),
            groups=groups,
            bias=fields.flag("bias") if fields.given("bias") else norm == "none",
        ),
        names.module("conv"),
    )
    if norm != "none":
        builder.norm(norm, names.module("norm"))
    function = fields.text("activation") if fields.given("activation") else "relu"
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))


def label(fields: Fields) -> str:
    """Write ``up-conv 2×2, 64, ×2``."""
    height, width = fields.pair("kernel")
    return f"up-conv {height}×{width}, {fields.integer('width')}, ×{max(fields.pair('stride'))}"


BLOCK = BlockType(
    name="conv_transpose",
    synonyms=(
        "transposed conv",
        "transposed convolution",
        "deconv",
        "deconvolution",
        "up-conv",
        "up conv",
        "upconv",
        "convtranspose2d",
        "conv2dtranspose",
        "fractionally strided conv",
        "转置卷积",
        "反卷积",
        "転置畳み込み",
    ),
    doc="Transposed convolution, with norm and activation where given.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="output channels",
            synonyms=(
                "filters",
                "channels",
                "out channels",
                "output channels",
                "maps",
                "feature maps",
                "out",
                "units",
                "number of filters",
                "depth",
            ),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(2, 2),
            minimum=1,
            maximum=512,
            doc="window size",
            synonyms=("kernel size", "filter size", "patch size", "window", "k", "f"),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            default=(2, 2),
            minimum=1,
            maximum=64,
            doc="factor of enlargement",
            synonyms=("strides", "step", "s"),
        ),
        BlockField(
            "padding",
            FieldType.PADDING,
            minimum=0,
            maximum=256,
            doc="rows and columns cut from each side",
            synonyms=("pad", "p"),
        ),
        BlockField(
            "output_padding",
            FieldType.PAIR,
            default=(0, 0),
            minimum=0,
            maximum=63,
            doc="rows and columns added on one side",
            synonyms=("output padding",),
        ),
        BlockField(
            "groups",
            FieldType.INT,
            default=1,
            minimum=1,
            maximum=65536,
            doc="groups of channels that do not mix",
            synonyms=("group", "g"),
        ),
        BlockField("bias", FieldType.BOOL, doc="additive term; by default there without a norm"),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="none",
            choices=("none", "batch", "group", "layer"),
            doc="normalisation after it",
            synonyms=("normalization", "normalisation", "batch norm", "batchnorm", "bn"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            choices=ACTIVATIONS,
            doc="element-wise function; ReLU unless the rows name activations themselves",
            synonyms=("act", "nonlinearity", "nl", "activation function"),
        ),
    ),
    lower=lower,
    label=label,
)
