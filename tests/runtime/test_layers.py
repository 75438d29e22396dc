"""A package's network layer by layer: the figures are those that the IR gives for the vault."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from generator.architectures import arithmetic
from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import built_in_families
from generator.runtime.layers import layer_table, trace
from generator.runtime.package import Package
from tests.runtime.conftest import Command

VARIANTS = {
    variant.name: (spec, variant)
    for family in built_in_families()
    for spec in family.networks
    for variant in spec.variants
}
NAMES = ["lenet5_1998", "alexnet", "vgg11_bn", "resnet18", "googlenet", "mobilenet_v3_small"]


@pytest.mark.parametrize("name", NAMES)
def test_layers_are_those_of_the_ir(package: Package, name: str) -> None:
    spec, variant = VARIANTS[name]
    network = lower(spec, resolve_params(spec, variant.params), input_size=variant.input_size)
    with torch.device("meta"):
        model = package.create(name).eval()
        layers, macs = trace(model, torch.empty(1, *network.input_shape))
    assert macs == arithmetic.macs(network)
    assert sum(each.parameters for each in layers) == arithmetic.parameters(network)
    assert sum(each.macs for each in layers) == macs
    expected = [
        (node.name, shape)
        for node, shape in zip(network.nodes, arithmetic.shapes(network), strict=True)
        if node.name and not node.output
    ]
    assert [(each.path, each.output) for each in layers if each.output] == expected


def test_the_table_reads_like_the_vaults(package: Package) -> None:
    lines = layer_table(package, "resnet18", size=64)
    assert lines[0].startswith("resnet18: input 3×64×64, from ")
    assert lines[1].split() == ["layer", "module", "output", "parameters", "multiply-adds"]
    assert lines[2].split() == [
        "conv",
        "7×7,",
        "64,",
        "/2",
        "conv1",
        "64×32×32",
        "9,408",
        "9,633,792",
    ]
    assert lines[-1] == "parameters 11,689,512, multiply-adds 148,557,824 (one image, evaluation)"


def test_what_runs_in_training_only_is_listed(command: Command) -> None:
    lines = command("summary", "googlenet", "--size", "64").output.splitlines()
    assert any("(training only)" in line and " aux1.fc1 " in line for line in lines)


def test_without_the_option_summary_asks_the_vault(command: Command, tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Net.md").write_text("# LeNet\n", encoding="utf-8")
    output = command("summary", "lenet5", models=None).output
    assert "activations 0.0364 MB kept for training" in output
    assert "receptive field" in output
    assert "from published" in output
