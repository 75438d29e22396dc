"""Specifications: the built-in ones are sound, broken ones from a vault are diagnostics."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.architectures import arithmetic
from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import built_in_families, load_families, read_spec
from tests.architectures.built import FIXTURES, VARIANTS, families

SPECS = FIXTURES / "specs"
BROKEN = sorted(path.stem for path in SPECS.glob("*.yaml") if path.stem != "good")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_specification(name: str) -> None:
    content = (SPECS / f"{name}.yaml").read_bytes()
    code, line, column, message = re.match(
        r"# expect: (NT\d+) (\d+):(\d+) (.*)", content.decode()
    ).groups()  # type: ignore[union-attr]
    found, diagnostics = load_families({"broken": {"spec.yaml": content}})
    assert [each.name for each in found] == [each.name for each in built_in_families()]
    (problem,) = diagnostics
    assert (problem.code, problem.position.path) == (code, "_notetorch/broken/spec.yaml")
    assert (problem.position.line, problem.position.column) == (int(line), int(column))
    assert message in problem.message


def test_a_vault_family_works_like_a_built_in_one() -> None:
    content = (SPECS / "good.yaml").read_bytes()
    found, diagnostics = load_families({"tinynet": {"spec.yaml": content}})
    assert not diagnostics
    family = found[-1]
    assert (family.name, family.title, family.folder) == (
        "tinynet",
        "Tiny net",
        "_notetorch/tinynet",
    )
    assert family.default == "tinynet"
    (network,) = family.networks
    built = lower(network, resolve_params(network, {"widths": (4, 4, 4)}))
    expected = 4 * 27 + 8 + 2 * (4 * 4 * 9 + 8) + 4 * 10 + 10
    assert arithmetic.parameters(built) == expected
    names = [node.name for node in built.nodes if node.name]
    assert names[:4] == ["features.0", "features.1", "features.2", "features.3"]
    assert names[-1] == "classifier.0"


def test_a_vault_family_replaces_a_built_in_one_of_its_name() -> None:
    content = (SPECS / "good.yaml").read_bytes()
    found, _ = load_families({"vgg": {"spec.yaml": content}})
    assert [each.name for each in found] == [each.name for each in built_in_families()]
    replaced = next(each for each in found if each.name == "vgg")
    assert replaced.networks[0].module == "tinynet"


def test_a_family_folder_needs_a_specification() -> None:
    _, (problem,) = load_families({"empty": {"model.py.jinja": b""}})
    assert (problem.code, problem.position.path) == ("NT501", "_notetorch/empty")


def test_loading_is_quick_and_cached() -> None:
    built_in_families.cache_clear()
    start = time.process_time()
    first = load_families()[0]
    assert time.process_time() - start < 0.5  # 0.03 s on an idle machine
    assert load_families()[0][0] is first[0]


def test_built_in_families_document_everything() -> None:
    names = set()
    for family in families().values():
        assert family.title
        assert family.variant(family.default) is not None
        assert not names & {each.casefold() for each in family.names}
        names |= {each.casefold() for each in family.names}
        assert set(family.homonyms) <= set(family.names)
        assert all(family.variant(each) for each in family.hints)
        for network in family.networks:
            assert network.doc.endswith(".")
            assert network.papers
            assert network.formula
            assert network.template == f"{network.module}.py.jinja"
            for parameter in network.parameters:
                assert parameter.doc, (network.module, parameter.name)
                for column in parameter.columns:
                    assert column.doc, (network.module, parameter.name, column.name)
            assert {"num_classes", "in_channels"} <= {each.name for each in network.parameters}


def test_localised_names() -> None:
    def named(text: str) -> str | None:
        for family in families().values():
            if text.casefold() in {each.casefold() for each in family.names}:
                return family.name
            if family.variant(text):
                return family.name
        return None

    for text, family in {
        "卷积神经网络": "convnet",
        "畳み込みニューラルネットワーク": "convnet",
        "합성곱 신경망": "convnet",
        "réseau de neurones convolutif": "convnet",
        "redes neuronales convolucionales": "convnet",
        "Faltungsnetz": "convnet",
        "свёрточная нейронная сеть": "convnet",
        "残差网络": "resnet",
        "Res Net": "resnet",
        "deep residual learning": "resnet",
        "Le Net": "lenet",
        "Alex Net": "alexnet",
        "GoogLeNet": "inception",
        "Inception v1": "inception",
        "MobileNetV2": "mobilenet",
    }.items():
        assert named(text) == family, text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "title: x",
                "names: [a]",
                "networks:",
                "  - module: m",
                "    class: M",
                "    rows:",
                "      - {type: conv, width: 3}",
                "      - {type: '= 3'}",
                "      - for: i",
                "        in: '= range(9)'",
                "        rows: [{type: flatten}]",
                "    parameters:",
                "      a: {type: int, default: 1}",
                "    variants: {m: {}}",
                "default: m",
                "? [",
                "- - -",
                "\t",
                "%",
                "&a *a",
                "!!x",
                "{}",
                "'",
                '"',
                "# ",
                "...",
                "---",
            ]
        ),
        max_size=14,
    ).map("\n".join)
)
def test_no_specification_raises(text: str) -> None:
    found, diagnostics = load_families({"any": {"spec.yaml": text.encode()}})
    assert len(found) > len(built_in_families()) or diagnostics


def test_every_row_template_names_its_line() -> None:
    text = (SPECS / "good.yaml").read_text("utf-8")
    (network,) = read_spec(text, "tinynet").networks
    lines = text.splitlines()
    for row in network.rows:
        line = row["line"]
        assert isinstance(line, int)
        assert lines[line - 1].lstrip().startswith("- ")


def test_variant_names_are_unique() -> None:
    count = sum(len(network.variants) for f in families().values() for network in f.networks)
    assert count == len(VARIANTS)
