"""Networks as files: what is read back gives what the network gives, and is found out if not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from generator.runtime.export import compare
from generator.runtime.package import Package
from generator.runtime.problem import RunError
from tests.runtime.conftest import Command


@pytest.fixture
def trained(package: Package, tmp_path: Path) -> Path:
    """A checkpoint of three classes whose batch norms have seen something."""
    torch.manual_seed(0)
    model = package.create("resnet20_cifar", num_classes=3)
    model(torch.randn(8, 3, 32, 32))
    file = tmp_path / "weights.pt"
    options = {"num_classes": 3, "input_size": 40}
    torch.save({"model": model.state_dict(), "model_options": options}, file)
    return file


def test_an_exported_program_takes_any_batch(
    command: Command, package: Package, trained: Path, tmp_path: Path
) -> None:
    output = command(
        "export", "resnet20_cifar", "--weights", str(trained), "--fold-batch-norm"
    ).output
    assert "input (batch, 3, 40, 40)" in output
    assert "batch norms folded" in output
    program = torch.export.load(tmp_path / "resnet20_cifar.pt2").module()
    x = torch.randn(7, 3, 40, 40)
    model = package.create("resnet20_cifar", weights=trained).eval()
    given = program(x)
    assert given.shape == (7, 3)
    assert torch.allclose(given, model(x), atol=1e-4)
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.slow
def test_auxiliary_heads_stay_behind(command: Command, tmp_path: Path) -> None:
    command("export", "googlenet", "--size", "64", "--num-classes", "2", "--out", "x/net.pt2")
    program = torch.export.load(tmp_path / "x/net.pt2")
    assert not [key for key in program.state_dict if key.startswith("aux")]


@pytest.mark.slow
def test_onnx(command: Command, package: Package, trained: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    reference = pytest.importorskip("onnx.reference")
    command("export", "resnet20_cifar", "--weights", str(trained), "--format", "onnx")
    session = reference.ReferenceEvaluator(str(tmp_path / "resnet20_cifar.onnx"))
    x = torch.randn(3, 3, 40, 40)
    (given,) = session.run(None, {"images": x.numpy()})
    model = package.create("resnet20_cifar", weights=trained).eval()
    assert torch.allclose(torch.from_numpy(given), model(x), atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lenet5_1998", "pebblenet"])
def test_onnx_of_unusual_layers(command: Command, name: str) -> None:
    """Sums over windows, sparse connections, distances; a network of a layer table."""
    pytest.importorskip("onnxscript")
    output = command("export", name, "--format", "onnx").output
    difference, spread = re.findall(r"[\d.]+e[+-]\d+", output)
    assert float(difference) < 0.01 * float(spread)


@pytest.mark.parametrize("missing", ["onnx", "onnxscript"])
def test_onnx_without_its_extra(
    command: Command, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, missing, None)
    output = command("export", "lenet5", "--format", "onnx", status=2).output
    assert "pip install 'notetorch[onnx]'" in output


def test_a_head_that_would_be_random_is_refused(command: Command, trained: Path) -> None:
    arguments = ("export", "resnet20_cifar", "--weights", str(trained), "--num-classes", "4")
    assert "--num-classes 3 keeps the file's" in command(*arguments, status=2).output


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x: x.flatten(1)[:, :4] + 0.01, "differ by 0.01"),
        (lambda x: x.flatten(1)[:, :3], r"gives \(1, 3\) for 1 images"),
        (lambda x: x.flatten(1)[:, :4] * torch.nan, "differ by nan"),
    ],
)
def test_a_file_that_computes_something_else_is_found_out(wrong: object, words: str) -> None:
    class Picks(torch.nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.flatten(1)[:, :4]

    x = torch.rand(1, 1, 2, 2)
    assert compare(Picks(), Picks(), x).largest == 0
    with pytest.raises(RunError, match=words):
        compare(Picks(), wrong, x)  # type: ignore[arg-type]
