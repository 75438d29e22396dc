"""The IR's arithmetic against torch itself, run on the meta device and, for small networks, for real."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from generator.architectures import arithmetic, ir
from generator.architectures.arithmetic import ShapeError
from generator.architectures.lower import lower_rows
from generator.architectures.model import Row
from tests.architectures.built import VARIANTS, build
from tests.architectures.torch_oracle import make_state, run

# The deepest variants repeat what their shallower relatives show; they run with the slow tests.
DEEP = re.compile(r"101|152|110|56|44|34|wide|vgg13|vgg19|_bn")
NAMES = [
    pytest.param(name, marks=pytest.mark.slow) if DEEP.search(name) else name
    for name in sorted(VARIANTS)
]
FLEXIBLE = [each for each in NAMES if each not in ("lenet5", "lenet5_1998", "googlenet_paper")]


def check(network: ir.Network, shape: tuple[int, ...], *, training: bool) -> None:
    """Shapes of every node and multiply-adds agree with torch's."""
    state = make_state(network)
    with FlopCounterMode(display=False) as counter:
        outputs = run(network, state, torch.empty((1, *shape), device="meta"), training=training)
    expected = arithmetic.shapes(network, shape, training=training)
    for node, output, known in zip(network.nodes, outputs, expected, strict=True):
        if not node.output or training:
            assert tuple(output.shape[1:]) == known, node
    assert counter.get_total_flops() == 2 * arithmetic.macs(network, shape, training=training)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_and_cost_at_the_default_size(name: str) -> None:
    network = build(name)
    check(network, network.input_shape, training=True)


@pytest.mark.parametrize("name", FLEXIBLE)
@pytest.mark.parametrize("size", [(161, 263), (97, 97)])
def test_shapes_and_cost_at_other_sizes(name: str, size: tuple[int, int]) -> None:
    network = build(name)
    check(network, (network.input_shape[0], *size), training=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("training", [False, True])
def test_minimum_size_is_the_least_torch_takes(name: str, training: bool) -> None:
    network = build(name)
    least = arithmetic.minimum_size(network, training=training)
    channels = network.input_shape[0]
    check(network, (channels, least, least), training=training)
    if least > 1:
        smaller = torch.empty((2, channels, least - 1, least - 1), device="meta")
        with pytest.raises(RuntimeError):
            run(network, make_state(network), smaller, training=training)
        with pytest.raises(ShapeError):
            arithmetic.shapes(network, (channels, least - 1, least - 1), training=training)


ODD_LAYERS = [
    [
        Row(
            "conv",
            {"width": 8, "kernel": (3, 5), "stride": (2, 1), "padding": (0, 2), "dilation": 2},
        )
    ],
    [Row("conv", {"width": 6, "kernel": 4})],
    [Row("conv", {"width": 6, "kernel": 3, "padding": "valid", "groups": 3})],
    [
        Row("conv", {"width": 9, "norm": "lrn"}),
        Row("max_pool", {"kernel": 3, "stride": 2, "ceil_mode": True}),
    ],
    [Row("max_pool", {"kernel": 3, "stride": 3, "padding": 1, "ceil_mode": True})],
    [Row("avg_pool", {"kernel": (2, 3), "stride": (3, 2), "padding": (1, 1)})],
    [
        Row(
            "conv_transpose",
            {"width": 5, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1},
        )
    ],
    [Row("conv_transpose", {"width": 6, "kernel": 4, "stride": 3, "groups": 3})],
    [Row("adaptive_avg_pool", {"size": (3, 2)}), Row("norm", {"kind": "layer"})],
    [Row("conv", {"width": 64}), Row("norm", {"kind": "group", "groups": 8})],
    [Row("residual", {"width": 6, "stride": 2, "shortcut": "pad"})],
    [
        Row(
            "residual",
            {"width": 8, "kind": "bottleneck", "stride": 2, "groups": 2, "base_width": 32},
        )
    ],
    [
        Row("fire", {"squeeze": 2, "expand1x1": 3, "expand3x3": 5}),
        Row("squeeze_excite", {"reduction": 4}),
    ],
    [Row("dense_block", {"layers": 3, "growth": 4}), Row("transition", {})],
    [Row("inverted_residual", {"width": 5, "expanded": 17, "kernel": 5, "se": True, "stride": 2})],
    [Row("depthwise_separable", {"width": 7, "stride": 2, "kernel": 5, "norm": "none"})],
    [
        Row(
            "inception",
            dict.fromkeys(("ch1x1", "ch3x3red", "ch3x3", "ch5x5red", "ch5x5", "pool_proj"), 3),
        )
    ],
    [Row("flatten", {}), Row("linear", {"width": 7, "norm": "batch"}), Row("linear", {"width": 3})],
]


@pytest.mark.parametrize("rows", ODD_LAYERS, ids=lambda rows: "+".join(row.type for row in rows))
@pytest.mark.parametrize("size", [(17, 17), (18, 23), (31, 16)])
def test_unusual_layers(rows: list[Row], size: tuple[int, int]) -> None:
    network = lower_rows(rows, in_channels=3, input_size=size)
    assert isinstance(network, ir.Network), network
    check(network, network.input_shape, training=True)


@pytest.mark.parametrize(
    "rows",
    [
        [
            Row("conv", {"width": 4, "kernel": 3}),
            Row("conv", {"width": 4, "kernel": 5, "stride": 2}),
        ],
        [
            Row("conv", {"width": 4, "kernel": 3, "dilation": 3}),
            Row("max_pool", {"kernel": 3, "stride": 2}),
            Row("conv", {"width": 2}),
        ],
        [Row("residual", {"width": 4, "repeat": 2, "stride": 2})],
        [
            Row("conv", {"width": 3, "stride": 2}),
            Row("conv_transpose", {"width": 2, "kernel": 2, "stride": 2}),
        ],
    ],
    ids=["convs", "dilated", "residual", "transposed"],
)
def test_receptive_field_is_what_gradients_reach(rows: list[Row]) -> None:
    network = lower_rows(rows, in_channels=1, input_size=64, activation="softplus")
    assert isinstance(network, ir.Network)
    field = arithmetic.receptive_field(network)
    x = torch.rand(1, 1, 64, 64, requires_grad=True)
    state = {key: torch.rand_like(value) + 0.1 for key, value in make_state(network, "cpu").items()}
    output = run(network, state, x)[network.result]
    middle = output.shape[2] // 2
    output[0, 0, middle, middle].backward()
    touched = x.grad[0, 0].abs().sum(1).nonzero()
    reach = int(touched.max() - touched.min() + 1)
    assert reach <= field.size[0]
    # Max pooling passes one gradient a window on, and a stride skips positions at the border.
    slack = 4 if any(row.type in ("max_pool", "conv_transpose") for row in rows) else 0
    assert reach >= field.size[0] - slack


# Published receptive fields: Araujo, Norris and Sim 2019, Computing Receptive Fields of
# Convolutional Neural Networks, Distill, table 2 (alexnet, vgg_16, resnet_v1_50, _101, _152,
# mobilenet_v1), whose AlexNet has the same windows.
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("alexnet", 195),
        ("vgg16", 212),
        ("resnet50_v1", 483),
        ("resnet101_v1", 1027),
        ("resnet152_v1", 1507),
        ("mobilenet_v1", 315),
    ],
)
def test_published_receptive_fields(name: str, size: int) -> None:
    field = arithmetic.receptive_field(build(name))
    assert field.size == (size, size)
    assert field.stride == (32, 32)


def test_ledger_adds_up() -> None:
    for name in VARIANTS:
        network = build(name)
        rows = arithmetic.ledger(network)
        assert sum(each.parameters for each in rows) == arithmetic.parameters(network)
        assert sum(each.macs for each in rows) == arithmetic.macs(network, training=True)
        summary = arithmetic.layer_rows(network)
        assert sum(each.parameters for each in summary) == arithmetic.parameters(network)
        assert sum(each.macs for each in summary) == arithmetic.macs(network, training=True)
        main = [each for each in summary if not each.auxiliary]
        for before, after in pairwise(main):
            assert before.output == after.input, (name, before, after)


def test_activation_memory() -> None:
    rows = [Row("conv", {"width": 4}), Row("max_pool", {}), Row("linear", {"width": 10})]
    network = lower_rows(rows, in_channels=1, input_size=8)
    assert isinstance(network, ir.Network)
    # Input 64, convolution 256 (ReLU in place), pooling 64 (flattened as it is) elements; nothing
    # reads the 10 scores.
    assert arithmetic.activation_bytes(network) == 4 * (64 + 256 + 64)
    # At most input and convolution live together, then convolution and pooling.
    assert arithmetic.activation_bytes(network, training=False) == 4 * (64 + 256)


# Nets whose operations hold nothing inside; the size to try.
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("convnet", 32),
        ("lenet5", 32),
        ("resnet20_cifar", 32),
        ("resnet18", 64),
        ("googlenet", 64),
        ("mobilenet_v2", 64),
        ("mobilenet_v3_small", 64),
    ],
)
def test_activation_memory_is_what_the_backward_pass_keeps(name: str, size: int) -> None:
    network = build(name)
    shape = (network.input_shape[0], size, size)
    state = make_state(network, "cpu")
    for key, _, kind in arithmetic.state_manifest(network):
        state[key].requires_grad_(kind == "parameter")
    owned = {value.untyped_storage().data_ptr() for value in state.values()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if tensor.is_floating_point() and storage.data_ptr() not in owned:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    x = torch.rand(1, *shape)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        outputs = run(network, state, x, training=True)
    assert len(outputs) == len(network.nodes)  # alive until here, so that addresses differ
    assert arithmetic.activation_bytes(network, shape) == pytest.approx(
        sum(kept.values()), rel=0.01
    )


def test_head_is_the_class_layer() -> None:
    for name in VARIANTS:
        network = build(name)
        found = arithmetic.head(network)
        assert found is not None
        assert arithmetic.shapes(network)[found][0] == arithmetic.shapes(network)[network.result][0]
