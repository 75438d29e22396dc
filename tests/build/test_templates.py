"""A vault's own template runs only where somebody outside the vault vouches for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build.new_family import write_family
from generator.build.pipeline import Built, Options, build_vault
from generator.core.diagnostics import Severity

TEMPLATE = '''"""{{ doc }}"""
from torch import nn

class {{ class_name }}(nn.Module):
    """My own layout."""
'''


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    found = tmp_path / "vault"
    found.mkdir()
    (found / "Note.md").write_text("# Pebble\n\nwidth:: 24\n", "utf-8")
    spec, _ = write_family(found, "pebble")
    text = spec.read_text("utf-8").replace(
        "class: Pebble\n", "class: Pebble\n    template: mine.py.jinja\n"
    )
    spec.write_text(text, "utf-8")
    _template(found, TEMPLATE)
    return found


def _template(vault: Path, text: str) -> None:
    (vault / "_notetorch/pebble/mine.py.jinja").write_text(text, "utf-8")


def _build(vault: Path, *, trust: bool = False) -> tuple[Built, str]:
    built = build_vault(Options(vault=vault, trust_templates=trust))
    module = built.folders.models / "pebble.py"
    return built, module.read_text("utf-8")


def _codes(built: Built) -> dict[str, int]:
    return {each.code: each.position.line for each in built.diagnostics}


def test_without_trust_the_rows_are_written_out(vault: Path) -> None:
    built, module = _build(vault)
    assert "My own layout" not in module
    assert "nn.Conv2d" in module
    assert _codes(built) == {"NT504": 1}


def test_with_trust_it_runs(vault: Path) -> None:
    built, module = _build(vault, trust=True)
    assert "My own layout" in module
    assert not built.diagnostics


def test_a_configuration_outside_the_vault_can_vouch(vault: Path) -> None:
    (vault.parent / "notetorch.toml").write_text("trust_templates = true\n", "utf-8")
    assert "My own layout" in _build(vault)[1]


def test_the_vault_cannot_vouch_for_itself(vault: Path) -> None:
    (vault / "notetorch.toml").write_text("trust_templates = true\n", "utf-8")
    built, module = _build(vault)
    assert "My own layout" not in module
    assert set(_codes(built)) == {"NT112", "NT504"}


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("\n{{ nothing }}\n", 2),
        ("\n\n{% if %}\n", 3),
        ("{{ ().__class__.__mro__[1].__subclasses__() }}\n", 1),
        ("class {{ class_name }}(\n", 1),
    ],
)
def test_what_fails_is_reported_and_the_last_good_module_stays(
    vault: Path, wrong: str, line: int
) -> None:
    _, before = _build(vault, trust=True)
    _template(vault, wrong)
    built, after = _build(vault, trust=True)
    assert after == before
    assert _codes(built) == {"NT505": line}
    assert built.diagnostics[0].severity is Severity.ERROR


def test_tests_that_a_template_adds(vault: Path) -> None:
    tests = vault / "_notetorch/pebble/test.py.jinja"
    tests.write_text("def test_mine() -> None:\n    assert {{ class_name }}()\n", "utf-8")
    built, _ = _build(vault, trust=True)
    assert "def test_mine()" in (built.folders.models / "tests/test_pebble.py").read_text("utf-8")
    assert not built.diagnostics
    tests.write_text("def test_mine() -> None:\n    {{ nothing }}\n", "utf-8")
    built, _ = _build(vault, trust=True)
    assert _codes(built) == {"NT505": 2}
    assert built.diagnostics[0].position.path.endswith("test.py.jinja")
    assert (
        "def test_mine"
        not in (_build(vault)[0].folders.models / "tests/test_pebble.py").read_text()
    )


def test_without_a_good_module_the_rows_are_written_out(vault: Path) -> None:
    _template(vault, "{{ nothing }}")
    built, module = _build(vault, trust=True)
    assert "nn.Conv2d" in module
    assert set(_codes(built)) == {"NT505"}


def test_a_template_that_is_not_there(vault: Path) -> None:
    (vault / "_notetorch/pebble/mine.py.jinja").unlink()
    built, module = _build(vault, trust=True)
    assert "nn.Conv2d" in module
    assert set(_codes(built)) == {"NT505"}
