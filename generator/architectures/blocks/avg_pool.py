"""The average pooling row."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AvgPool2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the pooling; its step is its window unless given, its padding none."""
    kernel = fields.pair("kernel")
    padding = fields.padding("padding")
    if padding == "same":
        padding = (kernel[0] // 2, kernel[1] // 2)
    builder.add(
        AvgPool2d(
            kernel=kernel,
            stride=fields.pair("stride") if fields.given("stride") else kernel,
            padding=padding if isinstance(padding, tuple) else (0, 0),
            ceil_mode=fields.flag("ceil_mode"),
            count_include_pad=fields.flag("count_include_pad"),
        ),
        names.module("pool", functional=True),
    )


def label(fields: Fields) -> str:
    """Write ``avg pool 3×3, /2``."""
    height, width = fields.pair("kernel")
    stride = fields.pair("stride") if fields.given("stride") else fields.pair("kernel")
    return f"avg pool {height}×{width}, /{max(stride)}"


BLOCK = BlockType(
    name="avg_pool",
    synonyms=(
        "avg pool",
        "average pool",
        "avgpool",
        "average pooling",
        "mean pooling",
        "avgpool2d",
        "average pool 2d",
        "averagepooling2d",
        "平均池化",
        "平均プーリング",
        "평균 풀링",
        "ap",
    ),
    doc="Average pooling.",
    fields=(
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(2, 2),
            minimum=1,
            maximum=512,
            doc="window size",
            synonyms=(
                "kernel size",
                "filter size",
                "patch size",
                "patch",
                "window",
                "pool size",
                "pool",
                "size",
                "k",
                "f",
                "核大小",
                "カーネル",
                "커널",
            ),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            minimum=1,
            maximum=64,
            doc="step; the window size when left out",
            synonyms=("strides", "step", "s", "步长", "步幅", "ストライド", "스트라이드"),
        ),
        BlockField(
            "padding",
            FieldType.PADDING,
            minimum=0,
            maximum=256,
            doc="padding on each side",
            synonyms=("pad", "p", "填充", "パディング", "패딩"),
        ),
        BlockField(
            "ceil_mode",
            FieldType.BOOL,
            default=False,
            doc="round the output size up",
            synonyms=("ceil", "ceil mode"),
        ),
        BlockField(
            "count_include_pad",
            FieldType.BOOL,
            default=True,
            doc="whether padded zeros count in the mean",
        ),
    ),
    lower=lower,
    label=label,
)
