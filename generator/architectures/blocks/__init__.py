"""The layer and block types that rows can have, one per file; this list is the registry.

Adding a type is one file with a ``BLOCK`` and one line here. No type imports another: what they
share is the :class:`~generator.architectures.builder.Builder`.
"""

from __future__ import annotations

from functools import cache

from generator.architectures.blocks import (
    activation,
    adaptive_avg_pool,
    avg_pool,
    channel_affine,
    conv,
    conv_transpose,
    dense_block,
    depthwise_separable,
    dropout,
    fire,
    flatten,
    global_avg_pool,
    googlenet_aux,
    inception,
    inception_a,
    inception_aux,
    inception_b,
    inception_c,
    inception_d,
    inception_e,
    inverted_residual,
    linear,
    max_pool,
    norm,
    rbf,
    repeat,
    residual,
    sparse_conv,
    squeeze_excite,
    subsample,
    transition,
    vgg_stage,
)
from generator.architectures.blocks.fields import BlockType, fold

BLOCKS: tuple[BlockType, ...] = (
    conv.BLOCK,
    conv_transpose.BLOCK,
    depthwise_separable.BLOCK,
    max_pool.BLOCK,
    avg_pool.BLOCK,
    global_avg_pool.BLOCK,
    adaptive_avg_pool.BLOCK,
    norm.BLOCK,
    activation.BLOCK,
    dropout.BLOCK,
    flatten.BLOCK,
    linear.BLOCK,
    residual.BLOCK,
    inverted_residual.BLOCK,
    inception.BLOCK,
    fire.BLOCK,
    dense_block.BLOCK,
    transition.BLOCK,
    squeeze_excite.BLOCK,
    vgg_stage.BLOCK,
    inception_a.BLOCK,
    inception_b.BLOCK,
    inception_c.BLOCK,
    inception_d.BLOCK,
    inception_e.BLOCK,
    googlenet_aux.BLOCK,
    inception_aux.BLOCK,
    sparse_conv.BLOCK,
    subsample.BLOCK,
    rbf.BLOCK,
    channel_affine.BLOCK,
    repeat.BLOCK,
)


def block_type(name: str) -> BlockType | None:
    """Find a block type by its name or a synonym; case, blanks, ``-`` and ``_`` do not matter."""
    return _by_name().get(fold(name))


@cache
def _by_name() -> dict[str, BlockType]:
    found: dict[str, BlockType] = {}
    for block in BLOCKS:
        found.setdefault(fold(block.name), block)
    for block in BLOCKS:
        for other in block.synonyms:
            found.setdefault(fold(other), block)
    return found
