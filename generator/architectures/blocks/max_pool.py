"""The max pooling row."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import MaxPool2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the pooling; its step is its window unless given, its padding none."""
    kernel = fields.pair("kernel")
    padding = fields.padding("padding")
    if padding == "same":
        padding = (kernel[0] // 2, kernel[1] // 2)
    builder.add(
        MaxPool2d(
            kernel=kernel,
            stride=fields.pair("stride") if fields.given("stride") else kernel,
            padding=padding if isinstance(padding, tuple) else (0, 0),
            ceil_mode=fields.flag("ceil_mode"),
        ),
        names.module("pool", functional=True),
    )


def label(fields: Fields) -> str:
    """Write ``max pool 3×3, /2``."""
    height, width = fields.pair("kernel")
    stride = fields.pair("stride") if fields.given("stride") else fields.pair("kernel")
    return f"max pool {height}×{width}, /{max(stride)}"


BLOCK = BlockType(
    name="max_pool",
    synonyms=(
        "max pool",
        "maxpool",
        "max pooling",
        "max-pooling",
        "maxpool2d",
        "maximum pooling",
        "pool",
        "pooling",
        "pooling layer",
        "subsampling",
        "最大池化",
        "池化",
        "池化层",
        "最大プーリング",
        "プーリング",
        "최대 풀링",
        "풀링",
        "max pool 2d",
        "mp",
    ),
    doc="Max pooling.",
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
    ),
    lower=lower,
    label=label,
)
