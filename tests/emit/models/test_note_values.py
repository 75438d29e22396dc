"""A value in a note changes the built network as the IR says, and its generated tests still pass."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from generator.architectures import arithmetic
from generator.architectures.ir import Dropout, Network
from generator.architectures.model import NetworkSpec
from generator.emit.models.plan import plan_modules
from generator.emit.models.registry import render_package
from generator.emit.models.render import render_modules
from generator.emit.tests.render import render_tests, shared_files
from generator.mapping.model import Architecture, VaultMapping
from tests.architectures.changes import CLASSES, PARAMETERS, other, wrong
from tests.emit.models.conftest import load
from tests.mapping.vaults import FAMILIES, map_notes

NUMBER = itertools.count()


def note(network: NetworkSpec, values: Mapping[str, object]) -> str:
    """A note whose one section is a network of this class with these values, in a module of its own."""
    (family,) = (each for each in FAMILIES if network.module in {n.module for n in each.networks})
    names = [each.name for each in network.variants]
    variant = family.default if family.default in names else names[0]
    lines = [
        "# A network",
        f"arch:: {family.name}",
        f"variant:: {variant}",
        "module:: changed",
        "",
        "```notetorch",
        f"params: {json.dumps(values)}",
        "```",
    ]
    return "\n".join(lines) + "\n"


def mapped(network: NetworkSpec, values: Mapping[str, object]) -> tuple[VaultMapping, Architecture]:
    mapping = map_notes({"Note.md": note(network, values)})
    (architecture,) = (each for each in mapping.architectures if each.name == "changed")
    return mapping, architecture


def package(tmp_path: Path, mapping: VaultMapping, *, tests: bool = False) -> ModuleType:
    """Render what a mapping gives, with tests if they are wanted, and import it."""
    planned = [each for each in plan_modules(mapping) if each.module == "changed"]
    files = {f"{name}.py": text for name, text in render_modules(planned).items()}
    files |= render_package(planned)
    name = f"changed_{next(NUMBER)}"
    module = load(tmp_path, name, files)
    if tests:
        folder = tmp_path / name / "tests"
        folder.mkdir()
        for file, text in shared_files().items():
            (folder / file).write_text(text, encoding="utf-8")
        for each, text in render_tests(planned).items():
            (folder / f"test_{each}.py").write_text(text, encoding="utf-8")
    return module


def built(module: ModuleType, architecture: Architecture) -> nn.Module:
    with torch.device("meta"):
        model: nn.Module = module.create_model(architecture.name)
    return model.eval()


def dropouts(network: Network) -> list[float]:
    return [each.op.p for each in network.nodes if isinstance(each.op, Dropout)]


@pytest.mark.parametrize(("module", "name"), PARAMETERS)
def test_a_value_changes_the_built_network(tmp_path: Path, module: str, name: str) -> None:
    network = CLASSES[module]
    parameter = network.parameter(name)
    assert parameter is not None
    value: Any = other(module, parameter)
    mapping, architecture = mapped(network, {name: value})
    assert not [each for each in mapping.diagnostics if each.severity != "info"]
    (setting,) = (each.setting for each in architecture.values if each.name == name)
    assert (setting.level, setting.position and setting.position.line) == ("block", 7)

    model, ir = built(package(tmp_path, mapping), architecture), architecture.ir
    shapes = {key: tuple(each.shape) for key, each in model.state_dict().items()}
    assert shapes == {key: shape for key, shape, _ in arithmetic.state_manifest(ir)}
    found = [each.p for each in model.modules() if isinstance(each, nn.Dropout)]
    assert found == dropouts(ir)
    with FlopCounterMode(display=False) as counter:
        model(torch.empty(1, *ir.input_shape, device="meta"))
    assert counter.get_total_flops() == 2 * arithmetic.macs(ir)


@pytest.mark.parametrize(("module", "name"), PARAMETERS)
def test_a_value_out_of_range_names_the_line(module: str, name: str) -> None:
    network = CLASSES[module]
    parameter = network.parameter(name)
    assert parameter is not None
    for value in wrong(parameter):
        if isinstance(value, float) and value != value:
            continue  # JSON has no word for it
        mapping = map_notes({"Note.md": note(network, {name: value})})
        found = [each for each in mapping.diagnostics if each.severity == "error"]
        assert found, value
        assert found[0].position.line == 7
        assert found[0].expected


@pytest.mark.slow
@pytest.mark.parametrize("module", sorted(CLASSES))
def test_generated_tests_pass_with_changed_values(tmp_path: Path, module: str) -> None:
    """All values at once that can be changed together."""
    network = CLASSES[module]
    values: dict[str, object] = {}
    for parameter in network.parameters:
        tried = {**values, parameter.name: other(module, parameter)}
        made = map_notes({"Note.md": note(network, tried)}).architectures
        if any(each.name == "changed" for each in made):
            values = tried
    assert len(values) >= len(network.parameters) / 2
    mapping, _ = mapped(network, values)
    name = package(tmp_path, mapping, tests=True).__name__
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{name}/tests"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"OMP_NUM_THREADS": "1", "PATH": ""},
    )
    assert done.returncode == 0, done.stdout[-4000:]
