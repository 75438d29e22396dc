"""The depthwise-separable convolution: one filter per channel, then a 1×1 that mixes them.

Howard et al. 2017 (MobileNet), section 3.1 and figure 3: norm and activation follow both parts.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add depthwise convolution and pointwise convolution, each with norm and activation."""
    base = names.module("block")
    norm, function = fields.text("norm"), fields.text("activation")
    bias = norm == "none"
    builder.conv(
        builder.channels,
        fields.pair("kernel"),
        f"{base}.depthwise",
        stride=fields.pair("stride"),
        groups=builder.channels,
        bias=bias,
    )
    builder.norm(norm, f"{base}.bn1")
    builder.activation(function, f"{base}.relu")
    builder.conv(fields.integer("width"), (1, 1), f"{base}.pointwise", bias=bias)
    builder.norm(norm, f"{base}.bn2")
    builder.activation(function, f"{base}.relu")


def label(fields: Fields) -> str:
    """Write ``separable 3×3, 64, /2``."""
    height, width = fields.pair("kernel")
    stride = max(fields.pair("stride"))
    end = f", /{stride}" if stride > 1 else ""
    return f"separable {height}×{width}, {fields.integer('width')}{end}"


BLOCK = BlockType(
    name="depthwise_separable",
    synonyms=(
        "depthwise separable",
        "depthwise separable conv",
        "depthwise separable convolution",
        "separable conv",
        "separable convolution",
        "separable",
        "sepconv",
        "conv dw + pw",
        "dw separable",
        "深度可分离卷积",
        "深度方向分離畳み込み",
    ),
    doc="Depthwise convolution followed by a 1×1 convolution.",
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
                "#out",
                "# out",
                "c",
                "planes",
                "number of filters",
                "cout",
                "depth",
                "通道数",
                "通道",
                "输出通道",
                "输出通道数",
                "出力チャネル",
                "출력채널",
                "채널",
            ),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            default=(1, 1),
            minimum=1,
            maximum=64,
            doc="step of the depthwise part",
            synonyms=("strides", "step", "s", "步长", "步幅", "ストライド", "스트라이드"),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(3, 3),
            minimum=1,
            maximum=63,
            doc="window of the depthwise part",
            synonyms=("kernel size", "filter size", "patch size", "k"),
        ),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="batch",
            choices=("batch", "none", "group", "layer"),
            doc="normalisation after both parts",
            synonyms=("normalization", "normalisation", "batch norm", "bn"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="relu",
            choices=ACTIVATIONS,
            doc="element-wise function after both parts",
            synonyms=("act", "nonlinearity", "nl", "activation function"),
        ),
    ),
    lower=lower,
    label=label,
    stacked=True,
)
