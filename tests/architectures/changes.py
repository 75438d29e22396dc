"""Every parameter of every class, with another value it may have and values it may not."""

from __future__ import annotations

from generator.architectures.model import Parameter, ParamType
from tests.architectures.built import VARIANTS

CLASSES = {network.module: network for network, _ in VARIANTS.values()}
PARAMETERS = [
    (module, parameter.name)
    for module, network in sorted(CLASSES.items())
    for parameter in network.parameters
]

# Another value for each parameter whose type alone does not tell one.
OTHER: dict[tuple[str, str], object] = {
    ("vgg", "stages"): [{"width": 16, "kernels": [3, 1]}, {"width": 24, "kernels": [5], "pool": 0}],
    ("resnet", "layers"): [1, 2, 1, 1],
    ("resnet", "widths"): [32, 64, 128, 250],
    ("resnet", "groups"): 2,
    ("resnet_cifar", "widths"): [8, 16, 40],
    ("convnet", "widths"): [4, 8],
    ("mobilenet_v1", "blocks"): [{"width": 48, "stride": 2}],
    ("mobilenet_v2", "blocks"): [{"t": 3, "c": 24, "n": 2, "s": 2}],
    ("mobilenet_v3", "blocks"): [{"kernel": 5, "expanded": 40, "width": 24, "se": True}],
    ("mobilenet_v3", "last_channel"): 640,
    ("mobilenet_v2", "round_nearest"): 24,
    ("googlenet", "kernel_5x5"): 5,
    ("convnet", "kernel_size"): 5,
    ("lenet5", "input_size"): 28,
    ("lenet5_1998", "num_classes"): 7,
}
# Initialisation only: nothing in the IR shows it.
UNSEEN = {("resnet", "zero_init_residual")}


def other(module: str, parameter: Parameter) -> object:
    if (module, parameter.name) in OTHER:
        return OTHER[module, parameter.name]
    match parameter.type:
        case ParamType.INT:
            assert isinstance(parameter.default, int)
            return parameter.default + 3
        case ParamType.FLOAT:
            assert isinstance(parameter.default, float)
            return 0.5 if parameter.default != 0.5 else 0.25
        case ParamType.BOOL:
            return not parameter.default
        case ParamType.CHOICE:
            return next(each for each in parameter.choices if each != parameter.default)
        case _:
            value = parameter.default
            assert isinstance(value, tuple)
            first = value[0]
            assert hasattr(first, "items")
            return [dict(each) | {"ch1x1": 32} for each in value]  # type: ignore[call-overload]


def wrong(parameter: Parameter) -> list[object]:
    match parameter.type:
        case ParamType.INT:
            return ["many", 1.5, True, parameter.minimum - 1, parameter.maximum + 1]  # type: ignore[operator]
        case ParamType.FLOAT:
            return ["half", float("nan"), parameter.maximum + 1]  # type: ignore[operator]
        case ParamType.BOOL:
            return ["perhaps", 3]
        case ParamType.CHOICE:
            return ["nothing", 1]
        case ParamType.INTS:
            return [[], ["a"], [0], [parameter.maximum + 1]]  # type: ignore[operator]
        case ParamType.ROWS:
            return [[], 3, [{"colour": 1}], [{}], "x"]
