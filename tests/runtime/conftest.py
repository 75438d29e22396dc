"""The committed package under another name, and the command run on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

from generator.cli import main
from generator.runtime.package import Package, load_package

GENERATED = Path(__file__).parents[2] / "generated_models"
Command = Callable[..., Result]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of several test processes would wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in a folder whose name is no identifier."""
    folder = tmp_path_factory.mktemp("copied") / "my nets-2"
    shutil.copytree(GENERATED, folder, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    return folder


@pytest.fixture(scope="session")
def package(nets: Path) -> Package:
    return load_package(nets)


@pytest.fixture
def command(nets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `notetorch NAME ARGUMENTS --models <the copy>` in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, status: int = 0, models: Path | None = nets) -> Result:
        package = [] if models is None else ["--models", str(models)]
        result = CliRunner().invoke(main, [*arguments, *package])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result

    return run
