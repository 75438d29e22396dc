"""Drawings: what is drawn follows the network, and the drawing is plain, safe SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from generator.architectures.arithmetic import shapes
from generator.architectures.ir import Network
from generator.architectures.lower import lower, lower_rows, resolve_params
from generator.architectures.model import Row
from generator.emit.site.diagram import diagram
from generator.emit.site.stages import Stage, StageKind, stages
from tests.emit.site.vaults import FAMILIES

VARIANTS = [variant.name for each in FAMILIES for n in each.networks for variant in n.variants]


def network(name: str) -> Network:
    spec, variant = next(found for each in FAMILIES if (found := each.variant(name)) is not None)
    return lower(spec, resolve_params(spec, variant.params), input_size=variant.input_size)


def rows(*items: tuple[str, dict[str, int]]) -> Network:
    built = lower_rows([Row(kind, fields) for kind, fields in items], input_size=32)
    assert isinstance(built, Network), built
    return built


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_drawn(name: str) -> None:
    ir = network(name)
    drawn = diagram(ir, title="a <b> & c")
    svg = ElementTree.fromstring(drawn)
    assert "id=" not in drawn
    assert svg.get("role") == "img"
    label = svg.get("aria-label") or ""
    assert label.startswith("a <b> & c: input")
    boxes = [each for each in svg.iter() if "box" in (each.get("class") or "").split()]
    heads = sum(len(stage.auxiliary) for stage in stages(ir))
    assert len(boxes) == len(stages(ir)) + heads
    width, height = (float(each) for each in (svg.get("viewBox") or "").split()[2:])
    for box in boxes:
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= width
        assert float(box.get("y", 0)) + float(box.get("height", 0)) <= height


@pytest.mark.parametrize("name", VARIANTS)
def test_stages_end_where_the_network_does(name: str) -> None:
    ir = network(name)
    found = stages(ir)
    assert found[0].kind is StageKind.INPUT
    assert found[0].output == ir.input_shape
    assert found[-1].output == shapes(ir)[ir.result]


@pytest.mark.parametrize(
    ("name", "skips"), [("vgg16", 0), ("resnet18", 8), ("resnet50", 16), ("mobilenet_v2", 10)]
)
def test_skip_connections(name: str, skips: int) -> None:
    assert sum(each.residual * each.count for each in stages(network(name))) == skips


def labelled(name: str, label: str) -> Stage:
    return next(each for each in stages(network(name)) if each.label.startswith(label))


def test_a_bottleneck_in_words() -> None:
    stage = labelled("resnet50", "bottleneck 128")
    assert stage.steps == ("1×1, 128", "3×3 /2, 128", "1×1, 512")
    assert stage.output == (512, 28, 28)


def test_inception_branches_and_heads() -> None:
    stage = labelled("googlenet", "inception 4a")
    assert stage.branches[0] == ("1×1, 192",)
    assert stage.branches[3] == ("max 3×3", "1×1, 64")
    assert len(stage.auxiliary) == 1
    inner = labelled("inception_v3", "inception E")
    assert inner.branches[1] == ("1×1, 384", "1×3, 384 ∥ 3×1, 384")


def test_what_branches_share_comes_before_them() -> None:
    fire = stages(rows(("fire", {"squeeze": 4, "expand1x1": 8, "expand3x3": 8})))[1]
    assert fire.steps == ("1×1, 4",)
    assert fire.branches == (("1×1, 8",), ("3×3, 8",))


def test_features_handed_on_are_no_branches() -> None:
    dense = stages(rows(("conv", {"width": 8}), ("dense_block", {"layers": 6, "growth": 4})))[-1]
    assert dense.branches == ()


def test_equal_rows_are_drawn_once() -> None:
    found = stages(rows(*[("conv", {"width": 8})] * 6))
    assert [each.count for each in found] == [1, 1, 5]
    drawn = diagram(rows(*[("conv", {"width": 8})] * 6), title="x")
    assert re.search(r"× 5", drawn)
