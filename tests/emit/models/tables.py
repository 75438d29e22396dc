"""Layer tables that between them use every kind of row."""

from __future__ import annotations

from generator.architectures.model import ParamValue, Row


def row(kind: str, /, **fields: ParamValue) -> Row:
    """Write one row."""
    return Row(kind, fields)


_INCEPTION = {
    "ch1x1": 64,
    "ch3x3red": 96,
    "ch3x3": 128,
    "ch5x5red": 16,
    "ch5x5": 32,
    "pool_proj": 32,
}

TABLES: dict[str, tuple[Row, ...]] = {
    "plain": (
        row("conv", width=16),
        row("max_pool", kernel=2),
        row("conv", width=32, norm="batch"),
        row("global_avg_pool"),
        row("linear", width=10),
    ),
    "residuals": (
        row("conv", width=64, kernel=7, stride=2, norm="batch"),
        row("max_pool", kernel=3, stride=2, padding=1),
        row("residual", width=64, repeat=2),
        row("residual", width=128, stride=2, repeat=2),
        row("residual", width=128, stride=2, shortcut="pad", out=160),
        row("residual", kind="bottleneck", width=128, repeat=4),
        row("global_avg_pool"),
        row("linear", width=100),
    ),
    "dense": (
        row("conv", width=64, kernel=7, stride=2, norm="batch"),
        row("dense_block", layers=4, growth=12),
        row("transition"),
        row("dense_block", layers=6, growth=12, bottleneck=0, dropout=0.2),
        row("norm", kind="batch", activation="relu"),
        row("global_avg_pool"),
        row("linear", width=100),
    ),
    "fires": (
        row("conv", width=96, kernel=7, stride=2),
        row("max_pool", kernel=3, stride=2),
        row("fire", squeeze=16, expand1x1=64, expand3x3=64),
        row("fire", squeeze=16, expand1x1=64, expand3x3=64),
        row("fire", squeeze=32, expand1x1=128, expand3x3=128),
        row("dropout", p=0.5),
        row("conv", width=20, kernel=1),
        row("global_avg_pool"),
    ),
    "separable": (
        row("conv", width=32, stride=2, norm="batch", activation="relu6"),
        row("depthwise_separable", width=64),
        row("inverted_residual", t=6, width=64, repeat=3),
        row("inverted_residual", t=6, width=96, stride=2),
        row(
            "inverted_residual",
            kernel=5,
            expanded=240,
            width=96,
            se=True,
            activation="hardswish",
        ),
        row("squeeze_excite"),
        row("conv", width=64, kernel=1, norm="batch"),
        row("global_avg_pool"),
        row("dropout", p=0.2),
        row("linear", width=10),
    ),
    "inceptions": (
        row("conv", width=64, kernel=7, stride=2),
        row("inception", **_INCEPTION, norm="batch"),
        row("inception", **{**_INCEPTION, "ch1x1": 128}, norm="batch"),
        row("inception", **_INCEPTION),
        row("avg_pool", kernel=7),
        row("linear", width=10),
    ),
    "perceptron": (
        row("linear", width=32),
        row("dropout", p=0.3),
        row("linear", width=10),
    ),
    "sparse": (
        row("conv", width=6, kernel=5, padding=0, activation="scaled_tanh"),
        row("subsample", activation="scaled_tanh"),
        row("sparse_conv", kernel=5, connections=((0, 1, 2), (1, 2, 3), (0, 1, 2, 3, 4, 5))),
        row("subsample"),
        row("linear", width=84),
        row("rbf", width=10),
    ),
    "stages": (
        row("vgg_stage", width=16, convs=2, norm="batch"),
        row("vgg_stage", width=32, convs=2),
        row("linear", width=64, dropout=0.5),
        row("linear", width=10),
    ),
    "norms": (
        row("conv", width=32, norm="group"),
        row("norm", kind="lrn"),
        row("conv", width=32, dilation=2, kernel=3, activation="gelu"),
        row("conv_transpose", width=8, kernel=2, stride=2),
        row("adaptive_avg_pool", size=4),
        row("flatten"),
        row("linear", width=10, norm="batch", activation="silu"),
        row("linear", width=5),
    ),
    "gated": (
        row("squeeze_excite", reduction=1),
        row("conv", width=8),
        row("global_avg_pool"),
        row("linear", width=10),
    ),
    "normed_classes": (
        row("conv", width=32, norm="batch"),
        row("global_avg_pool"),
        row("linear", width=10, norm="batch"),
    ),
    "convolutions_only": (
        row("conv", width=32, norm="batch"),
        row("conv", width=10, kernel=1, norm="batch"),
        row("global_avg_pool"),
    ),
}
