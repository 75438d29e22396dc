"""Which modules a mapping gives, and what each one holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.architectures import arithmetic
from generator.architectures.lower import lower
from generator.architectures.spec import built_in_families
from generator.emit.models.plan import class_name, kept_modules, plan_modules
from generator.emit.models.render import render_module, render_modules
from generator.mapping.model import Refused, Source, VaultMapping
from tests.emit.models import plans
from tests.emit.models.tables import TABLES, row

MODULES = {
    "convnet": ["convnet"],
    "lenet": ["lenet5", "lenet5_1998"],
    "alexnet": ["alexnet", "alexnet_2012"],
    "vgg": ["vgg"],
    "resnet": ["resnet", "resnet_cifar"],
    "inception": ["googlenet", "googlenet_paper", "inception_v3"],
    "mobilenet": ["mobilenet_v1", "mobilenet_v2", "mobilenet_v3"],
}


@pytest.mark.parametrize("name", MODULES)
def test_a_family_gives_all_its_classes(name: str) -> None:
    assert sorted(plans.plans(plans.own(name))) == MODULES[name]


def test_the_own_network_lies_where_its_variant_does() -> None:
    planned = plans.plans(plans.own("mobilenet", variant="mobilenet_v1"))
    assert planned["mobilenet_v1"].names() == ("mobilenet", "mobilenet_v1")
    assert planned["mobilenet_v2"].names() == ("mobilenet_v2",)


def test_own_values_do_not_touch_named_variants() -> None:
    plain = plans.plans(plans.own("vgg"))["vgg"]
    changed = plans.plans(plans.own("vgg", given={"num_classes": 10}))["vgg"]
    assert plain.variants == changed.variants
    assert changed.own is not None
    assert dict(changed.own.overrides) == {"num_classes": 10}
    assert not changed.own.info.published


def test_family_and_variant_of_one_name_are_one_factory() -> None:
    planned = plans.plans(plans.own("alexnet", given={"dropout": 0.1}))["alexnet"]
    assert planned.names() == ("alexnet",)
    assert not planned.networks()[0].info.published
    assert plans.plans(plans.own("alexnet"))["alexnet"].networks()[0].info.published


def test_a_module_of_its_own_holds_one_network_with_its_values_as_defaults() -> None:
    other = plans.own("vgg", given={"hidden": 64}, called="vgg_small")
    planned = plans.plans(plans.own("vgg"), other)
    assert sorted(planned) == ["vgg", "vgg_small"]
    assert planned["vgg_small"].names() == ("vgg_small",)
    assert planned["vgg_small"].defaults["hidden"] == 64
    assert "hidden: int = 64" in render_module(planned["vgg_small"])


def test_a_familys_own_layer_table_stands_beside_the_named_variants() -> None:
    rows = TABLES["plain"]
    bare = plans.table("vgg", rows)
    family = replace(bare, family=plans.family("vgg"), own_module=False)
    planned = plans.plans(family)
    assert "vgg16" in planned["vgg"].names()
    assert planned["vgg_table"].names() == ("vgg",)


def test_modules_of_refused_sections_are_kept_with_their_family() -> None:
    refused = Refused("resnet", "resnet", plans.NOTE, ())
    mapping = VaultMapping((), (), (refused,), built_in_families(), ())
    assert kept_modules(mapping) == {"resnet", "resnet_cifar"}


def test_no_line_number_reaches_a_module() -> None:
    for name in MODULES:
        here = plans.own(name)
        below = plans.own(name, source=replace(plans.NOTE, line=99, section=7))
        assert render_modules(plan_modules(plans.mapped(here))) == render_modules(
            plan_modules(plans.mapped(below))
        )


def test_unpublished_sources_are_not_named() -> None:
    secret = Source("Secret.md", 0, "Secret", "", 1, "Secret", published=False)
    plan = plans.plans(replace(plans.own("vgg"), sources=(plans.NOTE, secret)))["vgg"]
    assert "Secret" not in render_module(plan)


def test_stated_figures_are_the_arithmetic() -> None:
    """The planner takes exact figures of a specification on trust; here they are held to it."""
    for family in built_in_families():
        for network in family.networks:
            for variant in network.variants:
                exact = {each.what: each.value for each in variant.figures if not each.tolerance}
                params = {each.name: each.default for each in network.parameters}
                ir = lower(network, {**params, **variant.params}, input_size=variant.input_size)
                computed = {
                    "parameters": arithmetic.parameters(ir),
                    "macs": arithmetic.macs(ir),
                }
                assert exact == {key: computed[key] for key in exact}, variant.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("tiny_net", "TinyNet"), ("vgg_note2", "VggNote2"), ("tensor", "TensorNetwork")],
)
def test_class_names(name: str, expected: str) -> None:
    assert class_name(name) == expected


def test_a_vaults_template_is_used_only_if_trusted() -> None:
    family = plans.own("vgg")
    assert family.family is not None
    network = replace(family.family.networks[0], template="mine.py.jinja")
    mine = replace(family.family, folder="_notetorch/vgg", networks=(network,))
    mapping = plans.mapped(replace(family, family=mine))
    templates = {"_notetorch/vgg/mine.py.jinja": "NAMES = {{ plan.names() | list | string | lit }}"}
    trusted = plan_modules(mapping, trusted=True, templates=templates)
    assert "NAMES" in render_module(trusted[0])
    untrusted = plan_modules(mapping, templates=templates)
    assert "NAMES" not in render_module(untrusted[0])
    assert "def vgg16(" in render_module(untrusted[0])


def test_a_vaults_template_runs_in_a_sandbox() -> None:
    plan = plans.plans(plans.own("vgg"))["vgg"]
    escape = "{{ plan.__class__.__mro__[1].__subclasses__() }}"
    with pytest.raises(Exception, match="unsafe"):
        render_module(replace(plan, template="", template_source=escape))
    with pytest.raises(Exception, match="undefined"):
        render_module(replace(plan, template="", template_source="{{ no_such_value }}"))


@pytest.mark.parametrize(
    ("name", "heading", "expected"),
    [
        ("pebblenet", "PebbleNet", "PebbleNet"),
        ("tiny_net", "tiny net", "TinyNet"),
        ("my_vgg", "PebbleNet", "MyVgg"),
        ("net_3d", "3D net", "Net3d"),
        ("sequence", "Sequence", "SequenceNetwork"),
    ],
)
def test_a_class_is_spelled_as_its_heading(name: str, heading: str, expected: str) -> None:
    source = replace(plans.NOTE, heading=heading)
    planned = plans.plans(
        plans.table(name, [row("flatten"), row("linear", width=3)], source=source)
    )
    assert planned[name].class_name == expected
