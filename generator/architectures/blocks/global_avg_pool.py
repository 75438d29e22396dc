"""The global average pooling row: each channel becomes its mean."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockType, Fields
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d


def lower(builder: Builder, _fields: Fields, names: Names) -> None:
    """Add adaptive average pooling to 1×1."""
    builder.add(AdaptiveAvgPool2d((1, 1)), names.module("pool", functional=True))


BLOCK = BlockType(
    name="global_avg_pool",
    synonyms=(
        "global average pool",
        "global average pooling",
        "global avg pooling",
        "gap",
        "global pool",
        "global pooling",
        "globalaveragepooling2d",
        "avgpool (global)",
        "global avgpool",
        "全局平均池化",
        "グローバル平均プーリング",
        "전역 평균 풀링",
    ),
    doc="Average over all positions.",
    fields=(),
    lower=lower,
    label="global avg pool",
)
