"""The built-in variants are the published networks: names, shapes, counts, costs, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import pytest

from generator.architectures import arithmetic, ir
from tests.architectures.built import FIXTURES, VARIANTS, build

PUBLISHED = json.loads((FIXTURES / "published.json").read_text("utf-8"))["networks"]
FIGURES = json.loads((FIXTURES / "paper_figures.json").read_text("utf-8"))

# The registry names of DESIGN section 5.
NAMES = [
    "convnet",
    "lenet5",
    "lenet5_1998",
    "alexnet",
    "alexnet_2012",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "vgg11_bn",
    "vgg13_bn",
    "vgg16_bn",
    "vgg19_bn",
    "vgg16_c",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnet50_v1",
    "resnet101_v1",
    "resnet152_v1",
    "resnet20_cifar",
    "resnet32_cifar",
    "resnet44_cifar",
    "resnet56_cifar",
    "resnet110_cifar",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "googlenet",
    "googlenet_paper",
    "inception_v3",
    "mobilenet_v1",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
]


def test_every_registry_name_is_a_variant() -> None:
    assert sorted(VARIANTS) == sorted(NAMES)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_same_state_and_cost_as_published(name: str) -> None:
    facts = PUBLISHED[name]
    network = build(facts["variant"], **facts["params"])
    manifest = arithmetic.state_manifest(network)
    assert manifest[0][0] == facts["first_key"]
    assert manifest[-1][0] == facts["last_key"]
    assert len(manifest) == facts["state_keys"]
    assert arithmetic.parameters(network) == facts["parameters"]
    assert arithmetic.buffers(network) == facts["buffer_elements"]
    assert network.input_shape == tuple(facts["input"])
    assert arithmetic.macs(network) == facts["macs"]
    assert _digest([key, list(shape)] for key, shape, _ in manifest) == facts["state_sha256"]
    order = _digest(key for key, _, kind in manifest if kind == "parameter")
    assert order == facts["param_order_sha256"]
    assert [name for name, _ in network.auxiliary] == facts["auxiliary"]


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_settings_no_key_shows(name: str) -> None:
    facts = PUBLISHED[name]
    nodes = build(facts["variant"], **facts["params"]).nodes
    norms = {(n.op.eps, n.op.momentum) for n in nodes if isinstance(n.op, ir.BatchNorm2d)}
    assert sorted(norms) == [tuple(each) for each in facts["batchnorm"]]
    rates = {n.op.p for n in nodes if isinstance(n.op, ir.Dropout)}
    assert sorted(rates) == sorted(facts["dropout"])
    pools = [n.name for n in nodes if isinstance(n.op, ir.MaxPool2d) and n.op.ceil_mode]
    assert pools == facts["ceil_mode_pools"]


@pytest.mark.parametrize("name", sorted(n for n in PUBLISHED if "crop" in PUBLISHED[n]))
def test_preprocessing_and_least_input(name: str) -> None:
    facts = PUBLISHED[name]
    _, variant = VARIANTS[facts["variant"]]
    assert variant.published
    assert variant.input_size == facts["crop"]
    assert variant.resize == facts["resize"]
    assert variant.interpolation == facts["interpolation"]
    assert list(variant.mean) == facts["mean"]
    assert list(variant.std) == facts["std"]
    network = build(facts["variant"])
    assert arithmetic.minimum_size(network, training=False) == facts["minimum_size"]


def test_only_torchvision_forms_are_called_published() -> None:
    published = {name for name, (_, variant) in VARIANTS.items() if variant.published}
    assert published == {facts["variant"] for facts in PUBLISHED.values()}


@pytest.mark.parametrize(
    "figure", FIGURES, ids=lambda f: f"{f['variant']}.{f['module']}.{f['what']}"
)
def test_paper_figures(figure: dict[str, object]) -> None:
    network = build(str(figure["variant"]), **dict(figure.get("params") or {}))
    computed = _measure(network, str(figure["module"]), str(figure["what"]))
    if figure["value"] is not None:
        assert computed == figure["value"]
    if "paper" in figure:
        assert computed == pytest.approx(figure["paper"], rel=figure["tolerance"])


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_figures_of_the_specification(name: str) -> None:
    network = build(name)
    for figure in VARIANTS[name][1].figures:
        computed = {"parameters": arithmetic.parameters, "macs": arithmetic.macs}[figure.what]
        assert computed(network) == pytest.approx(figure.value, rel=figure.tolerance or 1e-12)
        assert figure.source


def test_training_needs_more_room_than_evaluation_where_heads_pool() -> None:
    network = build("inception_v3")
    assert arithmetic.minimum_size(network, training=False) == 75
    assert arithmetic.minimum_size(network, training=True) > 75
    bare = build("inception_v3", aux_logits=False)
    assert arithmetic.minimum_size(bare, training=True) == 75


def _digest(items: Iterable[object]) -> str:
    text = json.dumps(list(items), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _measure(network: ir.Network, module: str, what: str) -> int:
    rows = [
        each
        for each in arithmetic.ledger(network)
        if not module or each.name == module or each.name.startswith(f"{module}.")
    ]
    assert rows, f"no module {module}"
    if what == "macs":
        return sum(each.macs for each in rows if not each.auxiliary)
    if what == "parameters":
        return sum(each.parameters for each in rows)
    kinds = (ir.Conv2d,) if what == "conv weights" else (ir.Conv2d, ir.Linear)
    owned = [each.op for each in rows if isinstance(each.op, kinds)]
    counts = [arithmetic.Tensor("weight", _weight(op)).elements for op in owned]
    if what == "conv and linear parameters":
        return sum(each.parameters for each in rows if isinstance(each.op, kinds))
    return sum(counts)


def _weight(op: ir.Conv2d | ir.Linear) -> tuple[int, ...]:
    if isinstance(op, ir.Linear):
        return (op.out_features, op.in_features)
    return (op.out_channels, op.in_channels // op.groups, *op.kernel)
