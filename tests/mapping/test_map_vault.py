"""Mapping as a whole: what it may never do, what edits change, and how long it takes."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.core.codes import CODES
from generator.mapping.map_vault import map_vault
from generator.mapping.model import Architecture, Outcome, VaultMapping
from generator.vault.model import Config
from tests.mapping.vaults import FAMILIES, graph_of, map_notes, model, snapshot

WORDS = """# VGG;## ResNet-50;## CNN;# Classic models;### Details;## Related work;Prose.;notetorch:
num_classes:: 10;num_classes:: 12;arch:: vgg;arch:: none;arch:: nobody;module:: x;variant:: 19;layers:
dropout:: many;layers:: 2,2;- [[VGG]];#arch/lenet;---;```notetorch;params: {num_classes: 3};```;
  - {type: conv, width: 8};notetorch: false;  vgg: {dropout: 0.1};> [!note] x;convolution 3x3;
| t | c | n | s |;|---|---|---|---|;| 1 | 16 | 1 | 1 |;| 6 | 24 | 2 | 2 |"""
LINES = st.sampled_from(WORDS.replace("\n", ";").split(";"))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(LINES, max_size=12).map("\n".join), min_size=1, max_size=3))
def test_any_notes_are_mapped(texts: list[str]) -> None:
    notes = {f"{name}.md": text for name, text in zip(("VGG", "b", "c"), texts, strict=False)}
    mapping = map_notes(notes)
    assert mapping == map_notes(notes)
    names = [each.name for each in mapping.architectures]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)
    for each in mapping.architectures:
        assert each.sources
    for refused in mapping.refused:
        assert refused.diagnostics
    for found in mapping.diagnostics:
        assert found.code in CODES
    graph = graph_of(snapshot(notes))
    assert len(mapping.decisions) == sum(len(note.sections) for note in graph.notes.values())


def without_lines(architecture: Architecture) -> object:
    """An architecture without the places it came from."""
    sources = tuple(replace(each, line=0) for each in architecture.sources)
    values = [(each.name, each.setting.value, each.setting.level) for each in architecture.values]
    return replace(architecture, sources=sources, values=()), values


NOTE = "# CNNs\nConvolutions.\n## VGG\nnum_classes:: 10\n## LeNet\nText.\n## AlexNet\nText.\n"


def same(before: VaultMapping, after: VaultMapping, *but: str) -> bool:
    """Whether all architectures but some are equal, places aside."""
    first = {
        each.name: without_lines(each) for each in before.architectures if each.name not in but
    }
    second = {
        each.name: without_lines(each) for each in after.architectures if each.name not in but
    }
    return first == second


def test_a_blank_line_changes_nothing() -> None:
    assert same(map_notes({"a.md": NOTE}), map_notes({"a.md": "\n" + NOTE.replace("## ", "\n## ")}))


def test_a_value_changes_its_model_only() -> None:
    before, after = map_notes({"a.md": NOTE}), map_notes({"a.md": NOTE.replace(":: 10", ":: 11")})
    assert same(before, after, "vgg")
    assert not same(before, after)


def test_renaming_a_heading_within_the_family_keeps_the_network() -> None:
    before, after = map_notes({"a.md": NOTE}), map_notes({"a.md": NOTE.replace("LeNet", "LeNet-5")})
    assert same(before, after, "lenet")
    assert model(before, "lenet").ir == model(after, "lenet").ir
    assert model(before, "lenet").module == model(after, "lenet").module


def test_deleting_a_section_removes_its_model_only() -> None:
    before = map_notes({"a.md": NOTE})
    after = map_notes({"a.md": NOTE.replace("## AlexNet\nText.\n", "")})
    assert same(before, after, "alexnet")
    assert "alexnet" not in [each.name for each in after.architectures]


def test_an_unpublished_note_changes_nothing() -> None:
    private = "---\npublish: false\n---\n# VGG\nnum_classes:: 73519\n# MobileNet\nmodule:: canary\n"
    with_private, without = map_notes({"a.md": NOTE, "p.md": private}), map_notes({"a.md": NOTE})
    assert with_private.architectures == without.architectures
    assert with_private.refused == without.refused


def test_named_variants_do_not_change() -> None:
    mapping = map_notes({"a.md": "## VGG-16\nnum_classes:: 10\n"})
    assert model(mapping, "vgg").variant == "vgg16"
    found = next(each for each in mapping.families if each.name == "vgg").variant("vgg16")
    assert found is not None
    assert "num_classes" not in found[1].params


def test_configuration() -> None:
    config = Config(
        path="notetorch.toml",
        names={"vgg": ("Small windows",), "nobody": ("x",)},
        values={"vgg": {"num_classes": 7, "num_clases": 8, "dropout": 3}, "vvg": {}},
        value_lines={"vgg.num_classes": 2, "vgg.num_clases": 3, "vgg.dropout": 4},
    )
    mapping = map_notes({"a.md": "## Small windows\nText.\n## LeNet\n"}, config=config)
    assert [each.name for each in mapping.architectures] == ["lenet"]
    assert [each.name for each in mapping.refused] == ["vgg"]
    found = sorted((each.code, each.position.line) for each in mapping.diagnostics)
    assert found == [("NT405", 4), ("NT407", 3), ("NT413", 1), ("NT413", 1)]
    assert {each.position.path for each in mapping.diagnostics} == {"notetorch.toml"}


def test_families_from_elsewhere_map_alike() -> None:
    vgg = next(each for each in FAMILIES if each.name == "vgg")
    own = replace(vgg, name="pebble", names=("Pebble", "stone network"), homonyms=("Pebble",))
    notes = {"a.md": "## Stone networks\nText.\n", "b.md": "## Pebble\nA small stone.\n"}
    mapping = map_notes(notes, families=(own,))
    assert [each.name for each in mapping.architectures] == ["pebble"]
    assert [each.outcome for each in mapping.decisions if each.level] == [
        Outcome.MODEL,
        Outcome.NONE,
    ]


def test_the_position_of_a_diagnostic_is_in_its_note() -> None:
    mapping = map_notes({"a.md": "## VGG\ntext\n> dropout:: 9\n"})
    (found,) = mapping.diagnostics
    assert (found.position.path, found.position.line) == ("a.md", 3)
    assert "0 to" in found.expected


@pytest.mark.slow
def test_three_thousand_notes_in_a_second_or_so() -> None:
    chance = random.Random(1)
    words = [
        "memo",
        "plan",
        "kernel",
        "budget",
        "review",
        "travel",
        "paper",
        "attention",
        "method",
        "garden",
        "meeting",
    ]

    def prose(count: int) -> str:
        return " ".join(chance.choice(words) for _ in range(count))

    notes = {}
    for number in range(1500):
        notes[f"log/{prose(2)} {number}.md"] = (
            f"## Tasks\n{prose(9)}\n## Read\nOn ResNet and CNNs.\n"
        )
        notes[f"papers/{prose(4)} {number}.md"] = (
            f"# {prose(5)}\n{prose(30)}\n## Results\n### ResNet\n{prose(9)}\n## {prose(3)}\n{prose(9)}\n"
        )
    for name in ("LeNet", "AlexNet", "VGG", "ResNet", "GoogLeNet"):
        notes[f"{name}.md"] = "Text about convolutions.\n"
    notes["Inception.md"] = "A film by Nolan.\n"
    graph = graph_of(snapshot(notes))
    started = time.process_time()
    mapping = map_vault(graph, FAMILIES, config=Config())
    spent = time.process_time() - started
    assert [each.name for each in mapping.architectures] == [
        "alexnet",
        "inception",
        "lenet",
        "resnet",
        "vgg",
    ]
    assert len([each for each in mapping.decisions if each.outcome is Outcome.MODEL]) == 5
    # Half a second on an idle core; loaded machines take longer.
    assert spent < 4
