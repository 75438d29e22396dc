"""Compiled templates are kept as Python keeps compiled modules."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from generator.emit.compiled import CompiledTemplates


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CompiledTemplates:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    cache = CompiledTemplates("test")
    cache.directory = str(tmp_path / "kept")
    return cache


def _render(kept: CompiledTemplates, source: str) -> str:
    loader = jinja2.DictLoader({"page": source})
    return jinja2.Environment(loader=loader, bytecode_cache=kept).get_template("page").render(n=3)


def test_a_template_is_compiled_once(
    kept: CompiledTemplates, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _render(kept, "{{ n }}!") == "3!"
    with monkeypatch.context() as patched:
        patched.setattr(jinja2.Environment, "compile", None)
        assert _render(kept, "{{ n }}!") == "3!"
    assert _render(kept, "{{ n + 1 }}!") == "4!"  # another source is another template


def test_nothing_is_written_where_python_writes_nothing(
    kept: CompiledTemplates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _render(kept, "{{ n }}") == "3"
    assert not Path(kept.directory).exists()


def test_a_folder_that_cannot_be_made_is_no_error(kept: CompiledTemplates, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    kept.directory = str(tmp_path / "file" / "kept")
    assert _render(kept, "{{ n }}") == "3"


def test_the_folder_lies_with_the_compiled_modules() -> None:
    folder = Path(CompiledTemplates("pages").directory)
    assert folder.name == "templates-pages"
    assert "__pycache__" in folder.parts or sys.pycache_prefix is not None
