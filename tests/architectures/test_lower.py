"""Every parameter of every class does what it says to the IR; wrong values are refused."""

from __future__ import annotations

import pytest

from generator.architectures import arithmetic, ir
from generator.architectures.lower import ArchitectureError, lower, resolve_params
from generator.architectures.model import NetworkSpec
from tests.architectures.built import VARIANTS, build
from tests.architectures.changes import CLASSES, PARAMETERS, UNSEEN, other, wrong


@pytest.mark.parametrize(("module", "name"), PARAMETERS)
def test_a_parameter_changes_the_network(module: str, name: str) -> None:
    network = CLASSES[module]
    parameter = network.parameter(name)
    assert parameter is not None
    before = lower(network, resolve_params(network, {}))
    changed = {name: other(module, parameter)}
    if (module, name) == ("resnet", "stride_in_1x1"):
        changed["block"] = "bottleneck"
    after = lower(network, resolve_params(network, changed))
    if (module, name) in UNSEEN:
        assert after == before
    else:
        assert after.nodes != before.nodes or after.input_shape != before.input_shape
        arithmetic.ledger(after)
    same_arguments = name == "resolution_mult"
    assert parameter.argument is not same_arguments


@pytest.mark.parametrize(("module", "name"), PARAMETERS)
def test_values_out_of_range_are_refused(module: str, name: str) -> None:
    network = CLASSES[module]
    parameter = network.parameter(name)
    assert parameter is not None
    for value in wrong(parameter):
        with pytest.raises(ArchitectureError) as caught:
            resolve_params(network, {name: value})
        assert caught.value.field in (name, *(each.name for each in parameter.columns))
        assert caught.value.expected


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_classes_and_channels_reach_both_ends(name: str) -> None:
    network = build(name, num_classes=7, in_channels=2)
    shapes = arithmetic.shapes(network)
    assert shapes[network.result] == (7,)
    assert all(shapes[index] == (7,) for _, index in network.auxiliary)
    assert network.input_shape[0] == 2


@pytest.mark.parametrize(
    ("variant", "overrides"),
    [
        ("resnet18", {"groups": 2}),
        ("resnet50", {"layers": (3, 4, 6)}),
        ("resnet20_cifar", {"widths": (64, 32, 16)}),
        ("convnet", {"kernel_size": 4}),
        ("googlenet", {"in_channels": 1, "transform_input": True}),
        (
            "googlenet",
            {
                "blocks": [
                    dict.fromkeys(
                        ("ch1x1", "ch3x3red", "ch3x3", "ch5x5red", "ch5x5", "pool_proj"), 8
                    )
                    | {"name": "3a"}
                ]
            },
        ),
        ("lenet5", {"input_size": 16, "widths": 3}),
        ("mobilenet_v2", {"colour": "red"}),
    ],
)
def test_values_that_do_not_go_together_are_refused(
    variant: str, overrides: dict[str, object]
) -> None:
    with pytest.raises(ArchitectureError) as caught:
        build(variant, **overrides)
    assert len(caught.value.message) > 10


def test_nodes_are_in_order() -> None:
    for name in VARIANTS:
        network = build(name)
        assert isinstance(network.nodes[0].op, ir.Input)
        for index, node in enumerate(network.nodes[1:], start=1):
            assert node.inputs
            assert all(each < index for each in node.inputs)
            assert node.label


def test_lowering_is_cached_by_value() -> None:
    network: NetworkSpec = CLASSES["vgg"]
    params = resolve_params(network, {"hidden": 64})
    assert lower(network, params) is lower(network, dict(params))
    assert lower(network, params) is not lower(network, params, input_size=64)
