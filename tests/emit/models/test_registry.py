"""The package around the modules: finding, building, loading, running."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from types import ModuleType

import pytest
import torch

from generator.emit.models.header import is_edited, is_ours
from generator.emit.models.registry import render_package
from tests.emit.models import plans

NAMES = """
alexnet alexnet_2012 convnet googlenet googlenet_paper inception inception_v3 lenet lenet5
lenet5_1998 mobilenet mobilenet_v1 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small resnet
resnet101 resnet101_v1 resnet110_cifar resnet152 resnet152_v1 resnet18 resnet20_cifar
resnet32_cifar resnet34 resnet44_cifar resnet50 resnet50_v1 resnet56_cifar resnext101_32x8d
resnext101_64x4d resnext50_32x4d vgg vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg16_c vgg19
vgg19_bn wide_resnet101_2 wide_resnet50_2
""".split()


def test_names(nets: ModuleType) -> None:
    assert nets.list_models() == NAMES
    assert all(callable(getattr(nets, name)) for name in NAMES)
    assert set(NAMES) < set(nets.__all__)


def test_info(nets: ModuleType) -> None:
    info = nets.model_info("resnet50")
    assert (info.parameters, info.macs) == (25_557_032, 4_089_184_256)
    assert info.input_size == (3, 224, 224)
    assert info.published
    assert info.sources == ("Notes/Nets.md > Nets",)
    assert info.interpolation == "bilinear"
    assert len(info.mean) == len(info.std) == 3
    with pytest.raises(FrozenInstanceError):
        info.parameters = 1


def test_unknown_names_get_a_suggestion(nets: ModuleType) -> None:
    for function in (nets.create_model, nets.model_info):
        with pytest.raises(ValueError, match=r"did you mean .*resnet50"):
            function("resnet05")


def test_every_file_is_ours_and_none_knows_the_package() -> None:
    files = plans.files(*plans.all_families())
    assert {"__init__.py", "__main__.py", "py.typed", "ruff.toml"} < set(files)
    for text in files.values():
        assert is_ours(text)
        assert not is_edited(text)
        assert "generated_models" not in text


def test_the_registry_holds_names_not_counts() -> None:
    plain = plans.plans(plans.own("vgg"))
    changed = plans.plans(plans.own("vgg", given={"num_classes": 10, "hidden": 8}))
    assert render_package(plain.values()) == render_package(changed.values())


def test_modules_kept_on_disk_stay_registered() -> None:
    planned = plans.plans(plans.own("vgg"))
    text = render_package(planned.values(), kept={"resnet": ("resnet", "resnet50")})["__init__.py"]
    assert "from .resnet import resnet, resnet50" in text
    assert '"resnet50": "resnet"' in text


def test_a_module_works_as_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "anything.py"
    file.write_text(plans.files(plans.own("resnet"))["resnet.py"], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("anything", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.resnet18(num_classes=2).fc.out_features == 2


# ------------------------------------------------------------------ weights


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".safetensors"])
def test_weights_are_loaded(nets: ModuleType, tmp_path: Path, suffix: str) -> None:
    model = nets.resnet20_cifar()
    file = tmp_path / f"weights{suffix}"
    save(model.state_dict(), file)
    loaded = nets.create_model("resnet20_cifar", weights=file)
    for key, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], value)
    assert all(each.device.type == "cpu" for each in loaded.parameters())
    last = (
        nets.create_model("resnet20_cifar", weights=file, memory_format=torch.channels_last)
        .layer2[0]
        .conv1.weight
    )
    assert last.is_contiguous(memory_format=torch.channels_last)


def test_another_number_of_classes_is_said(nets: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "weights.pt"
    torch.save(nets.resnet20_cifar(num_classes=4).state_dict(), file)
    with pytest.warns(UserWarning, match="4 classes and resnet20_cifar has 10"):
        model = nets.create_model("resnet20_cifar", weights=file)
    assert model.fc.out_features == 10
    assert all(torch.isfinite(each).all() for each in model.parameters())


def test_the_files_number_of_classes_is_kept_on_request(
    nets: ModuleType, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    file = tmp_path / "weights.pt"
    saved = nets.resnet20_cifar(num_classes=4)
    torch.save(saved.state_dict(), file)
    model = nets.create_model("resnet20_cifar", weights=file, num_classes=4)
    assert torch.equal(model.fc.weight, saved.fc.weight)
    assert not recwarn.list


def test_old_files_do_not_count_batches(nets: ModuleType, tmp_path: Path) -> None:
    state = nets.resnet20_cifar().state_dict()
    old = {key: value for key, value in state.items() if "num_batches_tracked" not in key}
    torch.save(old, tmp_path / "old.pt")
    model = nets.create_model("resnet20_cifar", weights=tmp_path / "old.pt")
    assert model.bn1.num_batches_tracked == 0


def test_wrapped_and_wrong_files(nets: ModuleType, tmp_path: Path) -> None:
    model = nets.lenet5()
    torch.save({"model": model.state_dict(), "epoch": 3}, tmp_path / "checkpoint.pt")
    loaded = nets.create_model("lenet5", weights=str(tmp_path / "checkpoint.pt"))
    assert torch.equal(loaded.f6.weight, model.f6.weight)
    with pytest.raises(RuntimeError, match="does not fit convnet"):
        nets.create_model("convnet", weights=tmp_path / "checkpoint.pt")
    state = model.state_dict()
    state["f6.weight"] = state["f6.weight"][:3]
    torch.save(state, tmp_path / "wrong.pt")
    with pytest.raises(RuntimeError, match="size mismatch"):
        nets.create_model("lenet5", weights=tmp_path / "wrong.pt")


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model._orig_mod."])
@pytest.mark.parametrize("wrapper", ["", "state_dict", "model_state_dict"])
def test_names_of_wrapped_networks(
    nets: ModuleType, tmp_path: Path, prefix: str, wrapper: str
) -> None:
    model = nets.lenet5()
    state = {f"{prefix}{key}": value for key, value in model.state_dict().items()}
    torch.save({wrapper: state, "epoch": 3} if wrapper else state, tmp_path / "wrapped.pt")
    loaded = nets.create_model("lenet5", weights=tmp_path / "wrapped.pt")
    assert torch.equal(loaded.f6.weight, model.f6.weight)


def test_arguments_of_a_training_script_lie_beside_weights(
    nets: ModuleType, tmp_path: Path
) -> None:
    model = nets.lenet5()
    arguments = argparse.Namespace(lr=0.1)
    torch.save({"model": model.state_dict(), "args": arguments}, tmp_path / "checkpoint.pt")
    loaded = nets.create_model("lenet5", weights=tmp_path / "checkpoint.pt")
    assert torch.equal(loaded.f6.weight, model.f6.weight)


@pytest.mark.parametrize("state", [{}, {1: 2}, {"output.bias": 3}, {"output.bias": torch.ones(())}])
def test_files_of_something_else(nets: ModuleType, tmp_path: Path, state: object) -> None:
    torch.save(state, tmp_path / "other.pt")
    with pytest.raises(RuntimeError, match=r"does not fit lenet5: it has no 'output\.bias'"):
        nets.create_model("lenet5", weights=tmp_path / "other.pt")


def test_a_whole_pickled_network_is_not_run(nets: ModuleType, tmp_path: Path) -> None:
    torch.save(nets.lenet5(), tmp_path / "whole.pt")
    with pytest.raises(RuntimeError, match=r"holds no weights .*model\.state_dict\(\)"):
        nets.create_model("lenet5", weights=tmp_path / "whole.pt")


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"hello", b"hi!", bytes(64), b"PK\3\4" + bytes(40)])
def test_broken_files_are_said_to_be(
    nets: ModuleType, tmp_path: Path, suffix: str, content: bytes
) -> None:
    file = tmp_path / f"broken{suffix}"
    file.write_bytes(content)
    with pytest.raises(RuntimeError, match="holds no weights that can be read"):
        nets.create_model("lenet5", weights=file)


def test_a_file_without_a_mapping_is_said_to_be(nets: ModuleType, tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(RuntimeError, match="holds no weights"):
        nets.create_model("lenet5", weights=tmp_path / "list.pt")


def test_a_checkpoint_says_how_its_network_was_built(
    nets: ModuleType, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    saved = nets.lenet5(num_classes=4, input_size=28)
    built_with = {"num_classes": 4, "input_size": 28, "of_another_network": 1}
    file = tmp_path / "checkpoint.pt"
    torch.save({"model": saved.state_dict(), "model_options": built_with}, file)
    model = nets.create_model("lenet5", weights=file)
    assert torch.equal(model.output.weight, saved.output.weight)
    assert not recwarn.list
    with pytest.warns(UserWarning, match="4 classes and lenet5 has 6"):
        assert nets.create_model("lenet5", weights=file, num_classes=6).output.out_features == 6


@pytest.mark.parametrize(
    ("name", "prefix"), [("googlenet", "aux1."), ("inception_v3", "AuxLogits.")]
)
def test_published_weights_bring_heads_that_go(
    nets: ModuleType, tmp_path: Path, name: str, prefix: str
) -> None:
    whole = nets.create_model(name)
    assert any(key.startswith(prefix) for key in whole.state_dict())
    file = tmp_path / "whole.pt"
    torch.save(whole.state_dict(), file)
    model = nets.create_model(name, weights=file)
    assert not any(key.startswith(prefix) for key in model.state_dict())
    assert model.transform_input
    kept = nets.create_model(name, weights=file, aux_logits=True, transform_input=False)
    assert list(kept.state_dict()) == list(whole.state_dict())
    assert not kept.transform_input
    torch.save(model.state_dict(), file)
    assert nets.create_model(name, weights=file).aux_logits is False


def save(state: dict[str, torch.Tensor], file: Path) -> None:
    if file.suffix == ".safetensors":
        pytest.importorskip("safetensors.torch").save_file(state, file)
    else:
        torch.save(state, file)


# ------------------------------------------------------------------ running


def run(nets: ModuleType, *arguments: str) -> subprocess.CompletedProcess[str]:
    assert nets.__file__ is not None
    folder = Path(nets.__file__).parent
    return subprocess.run(
        [sys.executable, "-m", folder.name, *arguments],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_running_a_network(nets: ModuleType) -> None:
    done = run(nets, "resnet20_cifar", "--batch", "3", "--size", "40")
    assert done.returncode == 0, done.stderr
    assert "output      3 x 10" in done.stdout
    assert "parameters  269,722" in done.stdout
    assert "MACs        63,360,640 per image" in done.stdout
    assert " ms on cpu" in done.stdout


def test_running_on_an_image(nets: ModuleType, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (50, 70), (200, 30, 30)).save(tmp_path / "red.png")
    done = run(nets, "lenet5", "--image", str(tmp_path / "red.png"))
    assert done.returncode == 0, done.stderr
    assert "input       1 x 1 x 32 x 32 (red.png)" in done.stdout
    assert done.stdout.count("class ") == 5


def test_the_nearest_class_is_the_likeliest(nets: ModuleType, tmp_path: Path) -> None:
    """LeNet-5 of 1998 gives distances; most networks give scores."""
    image = pytest.importorskip("PIL.Image")
    image.new("L", (32, 32), 200).save(tmp_path / "gray.png")
    assert nets.model_info("lenet5_1998").output == "distances"
    assert nets.model_info("lenet5").output == "scores"
    torch.manual_seed(0)
    model = nets.lenet5_1998().eval()
    torch.save(model.state_dict(), tmp_path / "weights.pt")
    distances = model(torch.full((1, 1, 32, 32), (200 / 255 - 0.5) / 0.5))
    weights = str(tmp_path / "weights.pt")
    done = run(nets, "lenet5_1998", "--image", str(tmp_path / "gray.png"), "--weights", weights)
    first = next(line for line in done.stdout.splitlines() if line.startswith("class "))
    assert int(first.split()[1]) == int(distances.argmin())


def test_main_takes_arguments(nets: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module(f"{nets.__name__}.__main__").main(["lenet5", "--batch", "2"])
    assert "output      2 x 10" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "size"), [("lenet5", 28), ("alexnet", 80)])
def test_main_takes_images_of_a_size(
    nets: ModuleType, capsys: pytest.CaptureFixture[str], name: str, size: int
) -> None:
    importlib.import_module(f"{nets.__name__}.__main__").main([name, "--size", str(size)])
    said = capsys.readouterr().out
    assert f" x {size} x {size} " in said
    assert "output      1 x 10" in said


def test_listing(nets: ModuleType) -> None:
    done = run(nets, "--list")
    assert [line.split()[0] for line in done.stdout.splitlines()] == NAMES
    assert "138,357,544 parameters" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["resnet05"], 1, "did you mean"),
        (["resnet20_cifar", "--image", "missing.png"], 1, "missing.png"),
        (["lenet5", "--size", "0"], 1, "at least 1"),
        ([], 2, "--list"),
    ],
)
def test_mistakes_are_explained(
    nets: ModuleType, arguments: list[str], status: int, words: str
) -> None:
    done = run(nets, *arguments)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr
