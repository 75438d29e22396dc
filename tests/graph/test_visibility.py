"""Which notes are mapped and published."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.graph.visibility import mapped, published
from generator.notes.model import Data
from generator.vault.model import Config
from generator.vault.read import read_vault
from tests.graph.notes import make_note, make_snapshot


def check(
    properties: dict[str, Data],
    *,
    publishes: bool,
    maps: bool = True,
    path: str = "n.md",
    config: Config | None = None,
    **sets: frozenset[str],
) -> None:
    notes = {path: make_note(path, **properties)}
    snapshot = make_snapshot((path,), config=config, **sets)
    assert (path in published(snapshot, notes)) is publishes
    assert (path in mapped(snapshot, notes)) is maps


@pytest.mark.parametrize(
    ("properties", "publishes"),
    [
        ({}, True),
        ({"publish": False}, False),
        ({"Publish": "no"}, False),
        ({"publish": "False"}, False),
        ({"publish": (False,)}, False),
        ({"publish": None}, True),
        ({"publish": True}, True),
        ({"draft": True}, False),
        ({"draft": "yes"}, False),
        ({"draft": False}, True),
        ({"draft": True, "publish": True}, False),
        ({"publish": True, "Publish": False}, False),
    ],
)
def test_properties_decide_on_publishing(properties: dict[str, Data], publishes: bool) -> None:
    check(properties, publishes=publishes)


def test_excluded_files_and_templates_are_neither_published_nor_mapped() -> None:
    check({}, publishes=False, maps=False, excluded=frozenset({"n.md"}))
    check({}, publishes=False, maps=False, templates=frozenset({"n.md"}))


def test_publish_true_overrides_folder_rules_but_does_not_map() -> None:
    check({"publish": True}, publishes=True, maps=False, excluded=frozenset({"n.md"}))
    check({"publish": True}, publishes=True, maps=False, templates=frozenset({"n.md"}))


def test_explicit_publishing_inverts_the_default() -> None:
    config = Config(publish="explicit")
    check({}, publishes=False, config=config)
    check({"publish": True}, publishes=True, config=config)


def test_what_is_published_but_never_mapped() -> None:
    check({}, publishes=True, maps=False, dailies=frozenset({"n.md"}))
    check({"notetorch": False}, publishes=True, maps=False)
    check({}, publishes=True, maps=False, path="Drawing.excalidraw.md")
    check({"excalidraw_plugin": "parsed"}, publishes=True, maps=False)
    check({}, publishes=True, maps=False, path="log/n.md", config=Config(unmapped=("log",)))


@pytest.mark.parametrize(
    "head",
    [
        b"---\npublish: false\n  bad: [\n---\n",  # broken YAML
        b"---\npublish: false\n",  # never closed
        b"\n---\npublish: false\n---\n",  # not at the first byte
        b"\xef\xbb\xbf---\r\nDraft: yes\r\n---\r\n",
        b'---\n"publish": no\n---\n',
    ],
)
def test_front_matter_that_could_not_be_read_still_keeps_a_note_private(head: bytes) -> None:
    notes = {"n.md": make_note("n.md")}
    assert published(make_snapshot({"n.md": head + b"text"}), notes) == frozenset()


def test_a_sentence_about_publishing_hides_nothing() -> None:
    notes = {"n.md": make_note("n.md")}
    text = b"Set publish: false to hide.\n---\npublish: false\n---\n"
    assert published(make_snapshot({"n.md": text}), notes) == {"n.md"}


def test_rule_9_3_files_that_obsidian_excludes_are_neither_published_nor_mapped(
    tmp_path: Path,
) -> None:
    for path, text in {
        ".obsidian/app.json": '{"userIgnoreFilters": ["old/"], "strictLineBreaks": true}',
        "old/a.md": "a",
        "b.md": "b",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    snapshot, _ = read_vault(tmp_path)
    notes = {path: make_note(path) for path in snapshot.note_paths()}
    assert snapshot.settings.strict_line_breaks
    assert published(snapshot, notes) == mapped(snapshot, notes) == {"b.md"}
