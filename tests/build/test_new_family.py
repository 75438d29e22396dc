"""A family of one's own: written, built, named in headings, wrong names refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build.new_family import write_family
from generator.build.pipeline import Options, build_vault, compile_vault


def test_a_new_family_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    vault = tmp_path / "vault"
    write_family(vault, "pebble_net")
    (vault / "Note.md").write_text("# Pebble net\n\nwidth:: 8\n\n## Pebble nets in practice\n")
    done = compile_vault(Options(vault=vault, cached=False))
    (made,) = done.mapping.architectures
    assert made.name == "pebble_net"
    assert made.params()["width"] == 8
    assert [each.severity for each in done.diagnostics] == []


def test_a_broken_value_in_it_names_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    vault = tmp_path / "vault"
    spec, _ = write_family(vault, "pebble_net")
    text = spec.read_text()
    spec.write_text(text.replace("type: max_pool", "type: max_pol", 1))
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "max_pool" in row)
    (vault / "Note.md").write_text("# Pebble net\n")
    done = compile_vault(Options(vault=vault, cached=False))
    assert done.mapping.architectures == ()
    found = [each for each in done.diagnostics if each.position.path.endswith("spec.yaml")]
    assert [each.position.line for each in found] == [line]


def test_a_broken_family_keeps_its_last_good_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    vault = tmp_path / "vault"
    spec, _ = write_family(vault, "pebble_net")
    (vault / "Note.md").write_text("# Pebble net\n")
    options = Options(vault=vault, cached=False)
    build_vault(options)
    module = tmp_path / "generated_models" / "pebble_net.py"
    before = module.read_text()
    good = spec.read_text()
    spec.write_text(good.replace("type: max_pool", "type: max_pol", 1))
    build_vault(options)
    assert module.read_text() == before
    spec.unlink()
    spec.parent.joinpath("example.md").unlink()
    spec.parent.rmdir()
    build_vault(options)
    assert not module.exists()


@pytest.mark.parametrize("name", ["class", "Pebble", "../x", "", "a-b", "1st"])
def test_names_that_cannot_be_modules_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="module name"):
        write_family(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_family_is_left_alone(tmp_path: Path) -> None:
    write_family(tmp_path, "pebble_net")
    with pytest.raises(FileExistsError):
        write_family(tmp_path, "pebble_net")
