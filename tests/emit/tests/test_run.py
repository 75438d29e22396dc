"""Generated tests run wherever their folder lies, pass on our modules and fail on wrong ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.mutation_operators import mutants
from tests.emit.models import plans
from tests.emit.models.tables import row
from tests.emit.tests.folder import run, write

NAME = "pebbles"
ROWS = (
    row("conv", width=8, norm="batch"),
    row("max_pool", kernel=2),
    row("residual", width=8, repeat=2),
    row("global_avg_pool"),
    row("dropout", p=0.25),
    row("linear", width=5),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with one network of a layer table, under a name nothing knows."""
    folder = tmp_path_factory.mktemp("somewhere") / "my_models"
    write(folder, plans.table(NAME, ROWS, size=32))
    return folder


def check(package: Path, kind: str, part: str, copy: Path) -> None:
    """A module with one change of a kind, where the source says ``part``, fails its tests."""
    source = (package / f"{NAME}.py").read_text(encoding="utf-8")
    found = [each for each in mutants(source) if each.kind == kind and part in each.change]
    assert found
    shutil.copytree(package, copy)
    (copy / f"{NAME}.py").write_text(found[0].source, encoding="utf-8")
    done = run(copy, "-x", cwd=copy.parent)
    assert done.returncode == 1, f"{found[0].change}\n{done.stdout}"


def test_passes_from_any_folder(package: Path, tmp_path: Path) -> None:
    done = run(package, "--strict-markers", "-W", "error::pytest.PytestWarning", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_full_size_is_asked_for(package: Path) -> None:
    default = run(package, "--collect-only", cwd=package)
    slow = run(package, "--collect-only", "-m", "slow", cwd=package)
    assert "test_full_size" not in default.stdout
    assert "test_full_size" in slow.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("arithmetic", "+"),
        ("other pooling", "nn.MaxPool2d"),
        ("other activation", "nn.ReLU"),
        ("identity", "nn.Dropout"),
        ("argument dropped", "padding=1"),
        ("argument dropped", "bias=False"),
        ("number / 2", "0.25"),
    ],
)
def test_finds(kind: str, part: str, package: Path, tmp_path: Path) -> None:
    check(package, kind, part, tmp_path / "other_name")
