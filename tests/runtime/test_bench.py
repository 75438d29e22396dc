"""Timing: every form in turn, and figures that follow from the times."""

from __future__ import annotations

import pytest
import torch

from generator.runtime.bench import Timing, forms, measure, table
from generator.runtime.package import Package
from tests.runtime.conftest import Command


def test_forms_take_turns() -> None:
    order: list[str] = []

    class Named(torch.nn.Module):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            order.append(self.name)
            return x

    networks = {"eager": Named("a"), "channels last": Named("b")}
    timings = measure(networks, torch.rand(1, 1, 2, 2), rounds=3)
    assert "".join(order) == "aabb" + "ababab"
    assert [len(each.seconds) for each in timings] == [3, 3]


def test_figures_follow_from_the_times() -> None:
    timings = [
        Timing("eager", (0.2, 0.1, 0.4), 0),
        Timing("channels last", (0.1, 0.1, 0.1), 0),
    ]
    lines = table(timings, batch=4, macs=10**9, cuda=False)
    assert lines[1].split() == ["eager", "100.00", "200.00", "20.0", "1.00", "20.0"]
    assert lines[2].split() == ["channels", "last", "100.00", "100.00", "40.0", "0.50", "40.0"]


@pytest.mark.parametrize(("name", "folds"), [("lenet5", False), ("resnet20_cifar", True)])
def test_all_forms_compute_the_same(package: Package, name: str, folds: bool) -> None:
    torch.manual_seed(0)
    channels = package.facts(name).input_size[0]
    model = package.create(name)
    x = torch.randn(4, channels, 32, 32)
    model(x)
    made = forms(model.eval(), compiled=False)
    assert ("folded, channels last" in made) == folds
    for network in made.values():
        assert torch.allclose(network(x), model(x), atol=1e-4)


def test_the_command(command: Command) -> None:
    lines = command("bench", "lenet5", "--rounds", "2", "--batch", "3").output.splitlines()
    assert lines[0].startswith("lenet5: input 3×1×32×32 on cpu, 1 threads; 2 rounds")
    assert lines[1] == "parameters 61,706, multiply-adds 416,520 an image"
    assert [line.split("  ")[0] for line in lines[3:]] == ["eager", "channels last"]
