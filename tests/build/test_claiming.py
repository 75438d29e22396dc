"""Claims are remembered while nothing they depend on has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import claiming
from generator.build.pipeline import Compilation, Options, compile_vault
from generator.claims.check import check_note
from generator.claims.model import Status

NOTES = {
    "VGG.md": "# VGG\nVGG-16 has 138 million parameters.\n",
    "LeNet.md": "# LeNet\nnum_classes:: 10\n\nThe last layer has 850 parameters.\n",
    "Other.md": "# History\nLeNet has 61,706 parameters, and 3 + 4 = 7.\n",
}


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the notes that are really checked; the vault lies in the current folder."""
    paths: list[str] = []

    def counting(note, subjects, **others):  # type: ignore[no-untyped-def]
        paths.append(note.path)
        return check_note(note, subjects, **others)

    monkeypatch.setattr(claiming, "check_note", counting)
    monkeypatch.chdir(tmp_path)
    for name, text in NOTES.items():
        write(name, text)
    return paths


def write(name: str, text: str) -> None:
    path = Path("v") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compiled(checked: list[str], *, cached: bool = True) -> Compilation:
    checked.clear()
    return compile_vault(Options(vault=Path("v"), cached=cached))


def test_nothing_changed(checked: list[str]) -> None:
    first = compiled(checked)
    assert checked == ["LeNet.md", "Other.md", "VGG.md"]
    second = compiled(checked)
    assert checked == []
    assert second.claims == first.claims
    assert second.diagnostics == first.diagnostics


def test_a_note_that_changed_is_checked_again(checked: list[str]) -> None:
    compiled(checked)
    write("VGG.md", NOTES["VGG.md"].replace("138", "238"))
    claims = compiled(checked).claims["VGG.md"]
    assert checked == ["VGG.md"]
    assert [each.status for each in claims] == [Status.FALSE]


def test_a_note_that_names_a_network_which_changed_is_checked_again(checked: list[str]) -> None:
    compiled(checked)
    write("LeNet.md", NOTES["LeNet.md"].replace(":: 10", ":: 20"))
    after = compiled(checked)
    assert checked == ["LeNet.md", "Other.md"]
    assert after.claims == compiled(checked, cached=False).claims


def test_a_new_name_is_looked_for_everywhere(checked: list[str]) -> None:
    compiled(checked)
    write("Net.md", "# Tiny\n| layer | filters |\n|---|---|\n| conv | 4 |\n| fc | 10 |\n")
    compiled(checked)
    assert checked == ["LeNet.md", "Net.md", "Other.md", "VGG.md"]
