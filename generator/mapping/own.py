"""What notes can set for a network that only its own layers define."""

from __future__ import annotations

from generator.architectures.model import Parameter, ParamType

OWN_PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "num_classes",
        ParamType.INT,
        0,
        "outputs of the last layer; 0 leaves it as the table says",
        0,
        1_000_000,
        aliases=("classes",),
    ),
    Parameter("in_channels", ParamType.INT, 3, "channels of the input", 1, 4096),
    Parameter(
        "input_size",
        ParamType.INT,
        224,
        "side of the square input, in pixels",
        1,
        65536,
        aliases=("input", "image_size"),
    ),
    Parameter(
        "norm",
        ParamType.CHOICE,
        "none",
        "normalisation after convolutions whose row says nothing",
        choices=("none", "batch", "group", "layer", "local_response"),
        aliases=("normalization", "normalisation"),
    ),
    Parameter(
        "activation",
        ParamType.CHOICE,
        "relu",
        "activation after convolutions and hidden linear layers",
        choices=(
            *("relu", "relu6", "leaky_relu", "elu", "gelu", "silu", "mish", "tanh", "sigmoid"),
            *("hardswish", "hardsigmoid", "softplus", "none"),
        ),
    ),
)
