"""The text of generated files: clean for formatter, linter and type checker, and never the note's."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from generator.emit.models.render import render_module
from generator.mapping.model import Source
from tests.emit.models import plans
from tests.emit.models.tables import TABLES
from tests.emit.models.test_literals import HOSTILE

STANDARD = set(sys.stdlib_module_names)


def everything() -> dict[str, str]:
    made = [plans.table(name, rows, size=64) for name, rows in TABLES.items()]
    return plans.files(*made, *plans.all_families())


def test_rendering_gives_the_same_bytes_twice() -> None:
    assert everything() == everything()


def test_modules_import_torch_and_the_standard_library_only() -> None:
    for name, text in everything().items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text)):
            found: list[str] = []
            if isinstance(node, ast.Import):
                found = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module or ""]
            assert all(each.split(".")[0] in STANDARD | {"torch"} for each in found), name
            if isinstance(node, ast.ImportFrom) and node.level:
                assert name in ("__init__.py", "__main__.py")


@pytest.mark.parametrize("options", [["check"], ["format", "--check"]])
@pytest.mark.parametrize("configured", [False, True])
def test_ruff_finds_nothing(tmp_path: Path, options: list[str], configured: bool) -> None:
    folder = tmp_path / "nets"
    folder.mkdir()
    for name, text in everything().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    isolated = [] if configured else ["--isolated"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *options, *isolated, "--no-cache", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_mypy_strict_finds_nothing(
    nets: ModuleType, table_nets: ModuleType, tmp_path: Path
) -> None:
    user = tmp_path / "user.py"
    user.write_text(
        "from some_nets import model_info, resnet50, vgg\n"
        "from some_nets.resnet import ResNet\n"
        "model: ResNet = resnet50(num_classes=10)\n"
        "parameters: int = model_info('vgg16').parameters\n"
        "vgg(dropout='no')  # a mistake\n",
        encoding="utf-8",
    )
    folders = [str(Path(each.__file__ or "").parent) for each in (nets, table_nets)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", *folders, str(user)],
        capture_output=True,
        text=True,
        check=False,
        env={"MYPYPATH": ":".join(str(Path(each).parent) for each in folders), "PATH": ""},
    )
    lines = [line for line in done.stdout.splitlines() if "error" in line]
    assert len([each for each in lines if "user.py:5" in each]) == 1, done.stdout
    assert len(lines) == 2, done.stdout  # the mistake and the summary


@pytest.mark.parametrize("text", HOSTILE)
def test_no_note_adds_code(text: str) -> None:
    """Everything but docstrings and strings is the same, whatever path and heading are."""
    calm = plans.own("convnet")
    source = Source(f"{text}.md", 1, text, "x", 3, text)
    assert shape(render_module(plan(replace(calm, sources=(source,))))) == shape(
        render_module(plan(calm))
    )
    mine = plans.table("mine", TABLES["plain"])
    other = plans.table("mine", TABLES["plain"], source=source)
    assert shape(render_module(plan(other))) == shape(render_module(plan(mine)))


def plan(architecture: object) -> object:
    planned = plans.plans(architecture)  # type: ignore[arg-type]
    return next(iter(planned.values()))


def shape(text: str) -> str:
    """Dump the syntax tree with the strings taken out."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)
