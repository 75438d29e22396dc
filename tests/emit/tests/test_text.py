"""What generated test files are made of."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from ruff import find_ruff_bin

from generator.emit.models.formatting import format_sources
from generator.emit.models.header import is_edited
from generator.emit.tests.render import render_test, render_tests, shared_files
from tests.emit.models import plans
from tests.emit.models.tables import TABLES, row

STANDARD = {
    "__future__",
    "collections",
    "copy",
    "dataclasses",
    "hashlib",
    "itertools",
    "json",
    "math",
    "re",
}
STANDARD |= {"contextlib", "pathlib", "typing"}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Tests of two families, a family without template, two tables, and the shared files."""
    architectures = [
        plans.own("lenet"),
        plans.own("convnet", given={"dropout": 0.5, "widths": (6, 12)}),
        plans.table("gated", TABLES["gated"]),
        plans.table("pytest", TABLES["plain"]),
        plans.table("small", TABLES["plain"]),
    ]
    planned = plans.plans(*architectures).values()
    tests = {f"test_{name}.py": text for name, text in render_tests(planned).items()}
    return {**tests, **shared_files()}


def test_imports_torch_and_pytest_only(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Import(names=found):
                    roots = {each.name.partition(".")[0] for each in found}
                case ast.ImportFrom(module=module, level=0):
                    roots = {str(module).partition(".")[0]}
                case _:
                    continue
            assert roots <= STANDARD | {"torch", "pytest"}, name


def test_reads_no_source(texts: dict[str, str]) -> None:
    """Tests may look at behaviour only: no file, no syntax tree, no text of the module."""
    for name, text in texts.items():
        tree = ast.parse(text)
        named = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
        reached = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
        assert not named & {"open", "ast", "inspect", "exec", "eval", "importlib"}, name
        assert not reached & {"read_text", "read_bytes", "getsource", "__doc__"}, name


def test_same_text_twice() -> None:
    plan = plans.plans(plans.own("lenet"))["lenet5"]
    assert render_test(plan) == render_test(plan)


def test_headers_say_who_wrote_it(texts: dict[str, str]) -> None:
    assert all(not is_edited(text) for text in texts.values())


def test_formatted(texts: dict[str, str]) -> None:
    assert format_sources(texts) == texts


def test_lint(texts: dict[str, str], tmp_path: Path) -> None:
    package = tmp_path / "nets"
    (package / "tests").mkdir(parents=True)
    for name, text in texts.items():
        (package / "tests" / name).write_text(text, encoding="utf-8")
    rules = "E4,E7,E9,F,I,B,UP,SIM,RUF100,PT,ARG"
    done = subprocess.run(
        [
            find_ruff_bin(),
            "check",
            "--isolated",
            "--no-cache",
            "--target-version=py311",
            f"--select={rules}",
            str(package),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_names_that_mean_something_else(texts: dict[str, str]) -> None:
    """Networks called like a name of the test file get another one there."""
    assert "from ..pytest import INFO" in texts["test_pytest.py"]
    assert "pytest as pytest_of_notes" in texts["test_pytest.py"]
    assert "small as small_of_notes" in texts["test_small.py"]
    for name in ("test_pytest.py", "test_small.py"):
        compile(texts[name], name, "exec")


def test_note_text_cannot_leave_a_comment() -> None:
    """A heading with a line break and code in it stays inside literals and comments."""
    hostile = plans.NOTE.__class__("a.md", 1, 'x"""\nimport os\n#', "x", 1, "x\nimport os")
    plan = plans.plans(plans.table("stone", (row("conv", width=4),), source=hostile))["stone"]
    tree = ast.parse(render_test(plan))
    imported = {
        name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names
    }
    assert "os" not in imported


def test_import_needs_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None; "
        "from generator.emit.tests.render import shared_files; shared_files()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
