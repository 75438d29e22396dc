"""What notes can set for a network that its own layers define, whatever family it is of."""

from __future__ import annotations

from dataclasses import replace

from generator.architectures.model import NetworkSpec, Parameter, ParamType, Variant

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
        "batch_norm",
        ParamType.BOOL,
        False,
        "short for norm: batch",
        aliases=("bn", "batchnorm"),
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


def own_parameters(network: NetworkSpec | None, variant: Variant | None) -> tuple[Parameter, ...]:
    """The parameters of a network with rows of its own; a family's class gives input defaults."""
    if network is None or variant is None:
        return OWN_PARAMETERS
    defaults = {"in_channels": network.in_channels, "input_size": variant.input_size}
    return tuple(
        replace(each, default=defaults.get(each.name, each.default)) for each in OWN_PARAMETERS
    )
