"""Constants that rescale each input channel, as converted weights need (``transform_input``)."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import Builder, Names
from generator.architectures.ir import ChannelAffine


def lower(builder: Builder, fields: Fields, _names: Names) -> None:
    """Add the rescaling; classes do it functionally."""
    builder.add(ChannelAffine(fields.numbers("scale"), fields.numbers("shift")))


BLOCK = BlockType(
    name="channel_affine",
    synonyms=("transform input", "transform_input", "input transform"),
    doc="Per-channel scale and shift by constants.",
    fields=(
        BlockField(
            "scale",
            FieldType.FLOATS,
            required=True,
            minimum=-1000,
            maximum=1000,
            doc="factor per channel",
        ),
        BlockField(
            "shift",
            FieldType.FLOATS,
            required=True,
            minimum=-1000,
            maximum=1000,
            doc="offset per channel",
        ),
    ),
    lower=lower,
    label="transform input",
)
