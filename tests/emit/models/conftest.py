"""One rendered package for all tests here, under a name that nothing knows beforehand."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

from tests.emit.models import plans
from tests.emit.models.tables import TABLES

# Threads of several test processes would wait for each other.
torch.set_num_threads(1)


def load(folder: Path, name: str, files: dict[str, str]) -> ModuleType:
    """Write a package and import it."""
    package = folder / name
    package.mkdir(parents=True)
    for path, text in files.items():
        (package / path).write_text(text, encoding="utf-8", newline="\n")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Every built-in family, rendered and imported."""
    folder = tmp_path_factory.mktemp("families")
    yield load(folder, "some_nets", plans.files(*plans.all_families()))


@pytest.fixture(scope="session")
def table_nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The networks of layer tables, and families without their templates."""
    folder = tmp_path_factory.mktemp("tables")
    made = [plans.table(name, rows, size=64) for name, rows in TABLES.items()]
    bare = [plans.without_templates(each) for each in plans.all_families()]
    yield load(folder, "table_nets", plans.files(*made, *bare))
