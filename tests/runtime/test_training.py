"""Training: the parts against values worked out by hand, and whole runs on images it can learn."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn

from generator.runtime.network import network_options, require_size
from generator.runtime.package import Package
from generator.runtime.problem import RunError, UsageError
from generator.runtime.training import run as runs
from generator.runtime.training.epoch import training_mode
from generator.runtime.training.interrupt import interruptible
from generator.runtime.training.loss import Loss
from generator.runtime.training.optimiser import Schedule, optimiser
from generator.runtime.training.settings import Settings
from tests.runtime.conftest import Command
from tests.runtime.images import write_images

pytest.importorskip("PIL.Image")

USUAL = Settings(
    model="lenet5",
    data=None,
    epochs=2,
    batch_size=6,
    lr=1e-3,
    weight_decay=0.01,
    optimizer="adamw",
    label_smoothing=0.0,
    warmup=0.05,
    clip=1.0,
    augment=None,
    seed=0,
    device="cpu",
    threads=None,
    workers=0,
    weights=None,
    freeze_backbone=False,
    num_classes=None,
    size=None,
    out="run",
)


@pytest.fixture(scope="session")
def shades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_images(tmp_path_factory.mktemp("shades"), train=10, val=4)


def train(
    package: Package, settings: Settings, *, resume: bool = False, given: tuple[str, ...] = ()
) -> list[str]:
    said: list[str] = []
    runs.train(package, settings, resume=resume, given=frozenset(given), say=said.append)
    return said


def state(folder: Path, name: str = "last.pt") -> dict[str, Any]:
    content: dict[str, Any] = torch.load(folder / name, weights_only=True)
    return content


def metrics(folder: Path) -> list[dict[str, float]]:
    """What does not depend on the clock."""
    lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    timed = ("seconds", "images_per_second")
    return [{k: v for k, v in json.loads(each).items() if k not in timed} for each in lines]


def check_same(one: Path, two: Path) -> None:
    """Two runs came to the same network, optimiser and figures, to the last bit."""
    first, second = state(one), state(two)
    assert list(first["model"]) == list(second["model"])
    for key, value in first["model"].items():
        assert torch.equal(value, second["model"][key]), key
    for index, values in first["optimizer"]["state"].items():
        for key, value in values.items():
            assert torch.equal(value, second["optimizer"]["state"][index][key])
    assert metrics(one) == metrics(two)


# ------------------------------------------------------------------ loss


class Outputs(NamedTuple):
    logits: Tensor
    aux2: Tensor | None
    aux1: Tensor | None


LABELS = torch.tensor([0, 1])
EVEN, SURE = torch.zeros(2, 2), torch.tensor([[9.0, -9.0], [-9.0, 9.0]])


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (EVEN, math.log(2)),
        (Outputs(EVEN, None, None), math.log(2)),
        (Outputs(EVEN, EVEN, None), 1.25 * math.log(2)),
        (Outputs(EVEN, EVEN, EVEN), 1.5 * math.log(2)),
        (Outputs(SURE, EVEN, EVEN), 0.5 * math.log(2)),
    ],
)
def test_auxiliary_outputs_count_with_their_weight(outputs: Any, expected: float) -> None:
    loss = Loss(distances=False, auxiliary_weight=0.25)
    assert loss.training(outputs, LABELS).item() == pytest.approx(expected, abs=1e-6)


def test_the_smallest_distance_names_the_class() -> None:
    distances = torch.tensor([[1.0, 30.0], [40.0, 2.0]])
    near = Loss(distances=True, auxiliary_weight=0.3)
    assert near.scores(distances).argmax(1).tolist() == [0, 1]
    assert near.training(distances, LABELS).item() < 1e-6
    assert Loss(distances=False, auxiliary_weight=0.3).training(distances, LABELS).item() > 20


def test_smoothing_is_for_training_only() -> None:
    loss = Loss(distances=False, auxiliary_weight=0.3, smoothing=0.2)
    assert loss.training(SURE, LABELS).item() == pytest.approx(0.1 * 18, abs=1e-4)
    assert loss.validation(SURE, LABELS).item() < 1e-6


@pytest.mark.parametrize(
    ("name", "distances", "weight"),
    [
        ("googlenet", False, 0.3),
        ("googlenet_paper", False, 0.3),
        ("inception_v3", False, 0.4),
        ("lenet5_1998", True, 0.3),
        ("resnet18", False, 0.3),
    ],
)
def test_the_package_says_what_its_networks_need(
    package: Package, name: str, distances: bool, weight: float
) -> None:
    loss = Loss.of(package, name, smoothing=0.0)
    assert (loss.distances, loss.auxiliary_weight) == (distances, weight)


# ------------------------------------------------------------------ optimiser


def test_the_learning_rate_rises_and_falls() -> None:
    schedule = Schedule.of(replace(USUAL, epochs=10, warmup=0.2, lr=1.0), batches=10)
    rates = [schedule.at(step) for step in range(100)]
    assert rates[:20] == pytest.approx([(step + 1) / 21 for step in range(20)])
    assert rates[20] == 1
    assert rates[60] == pytest.approx(0.5)
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert 0 < rates[99] < 0.01


@pytest.mark.parametrize("warmup", [0.0, 0.05, 0.99])
def test_a_run_of_one_step_learns(warmup: float) -> None:
    schedule = Schedule.of(replace(USUAL, epochs=1, warmup=warmup, lr=1.0), batches=1)
    assert schedule.at(0) == 1


@pytest.mark.parametrize("kind", ["adamw", "sgd"])
def test_biases_and_norms_do_not_decay(kind: str) -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    model[0].requires_grad_(False)
    groups = optimiser(model, replace(USUAL, optimizer=kind, weight_decay=0.3)).param_groups
    decay = {id(each): group["weight_decay"] for group in groups for each in group["params"]}
    assert decay == {
        id(model[1].weight): 0.0,
        id(model[1].bias): 0.0,
        id(model[3].weight): 0.3,
        id(model[3].bias): 0.0,
    }


def test_frozen_norms_keep_their_statistics() -> None:
    model = nn.Sequential(nn.BatchNorm2d(2), nn.BatchNorm2d(2), nn.Dropout())
    model[0].requires_grad_(False)
    training_mode(model)
    assert [each.training for each in model] == [False, True, True]


# ------------------------------------------------------------------ input sizes


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("inception_v3", 298, "cannot train on inputs of 298×298: the least is 299×299"),
        ("vgg11", 31, "the least is 32×32"),
        ("lenet5", 15, "the least is 16×16"),
        ("lenet5_1998", 31, "the least is 32×32"),
        ("pebblenet", 40, "it is made for 32×32"),
    ],
)
def test_sizes_a_network_cannot_train_at(
    package: Package, name: str, size: int, words: str
) -> None:
    options = network_options(package, name, size=size)
    with pytest.raises(UsageError, match=words):
        require_size(package, name, size, options=options, training=True)


@pytest.mark.parametrize(("name", "size"), [("inception_v3", 75), ("resnet18", 1), ("lenet5", 16)])
def test_sizes_a_network_takes(package: Package, name: str, size: int) -> None:
    options = network_options(package, name, size=size)
    assert options == ({"input_size": 16} if name == "lenet5" else {})
    output = require_size(package, name, size, options=options)
    assert output.shape[0] == 2


# ------------------------------------------------------------------ whole runs


def test_a_run_learns_and_leaves_its_files(package: Package, shades: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"
    settings = replace(USUAL, data=str(shades), out=str(out), epochs=12, lr=3e-3, augment="none")
    said = train(package, settings)
    found = metrics(out)
    assert [each["epoch"] for each in found] == list(range(1, 13))
    assert found[-1]["train_loss"] < 0.5 * found[0]["train_loss"]
    assert max(each["val_accuracy"] for each in found) > 0.8
    assert len([line for line in said if line.startswith("epoch")]) == 12
    assert sorted(each.name for each in out.iterdir()) == ["best.pt", "last.pt", "metrics.jsonl"]
    assert state(out)["classes"] == ["bright", "dark", "middle"]

    best = package.create("lenet5", weights=out / "best.pt").eval()
    assert best.output.out_features == 3
    (images, labels) = next(iter(_validation(package, settings)))
    right = (best(images).argmax(1) == labels).float().mean().item()
    assert right == pytest.approx(max(each["val_accuracy"] for each in found))


def _validation(package: Package, settings: Settings) -> Any:
    from generator.runtime.data.folders import read_folders
    from generator.runtime.data.loading import Images, Share, ValidationOrder, loader
    from generator.runtime.data.prepare import Augment, Preparation

    examples = read_folders(Path(str(settings.data)), seed=0).val
    preparation = Preparation.of(package.facts(settings.model), 32)
    images = Images(examples, preparation, Augment.NONE, 0)
    return loader(images, ValidationOrder(12, Share()), batch=12, workers=0, pinned=False)


def test_the_same_seed_gives_the_same_run_whoever_reads(
    package: Package, shades: Path, tmp_path: Path
) -> None:
    settings = replace(USUAL, data=str(shades), augment="crop+flip")
    for name, workers in (("one", 0), ("two", 0), ("read", 2)):
        train(package, replace(settings, out=str(tmp_path / name), workers=workers))
        torch.rand(3)  # what was drawn before is of no consequence
    check_same(tmp_path / "one", tmp_path / "two")
    check_same(tmp_path / "one", tmp_path / "read")
    train(package, replace(settings, out=str(tmp_path / "other"), seed=1))
    assert metrics(tmp_path / "one") != metrics(tmp_path / "other")


class _AskedAfter:
    """Asks to stop once it was looked at so often: after each batch, and after each epoch."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def asked(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize(
    ("model", "optimizer", "looks"),
    [
        ("lenet5", "adamw", 0),  # after the first batch
        ("lenet5", "adamw", 4),  # after the last batch of an epoch
        ("lenet5", "adamw", 5),  # between epochs
        ("lenet5", "sgd", 8),
        ("resnet20_cifar", "adamw", 2),
    ],
)
def test_an_interrupted_run_goes_on_to_the_same_end(
    package: Package,
    shades: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    optimizer: str,
    looks: int,
) -> None:
    settings = replace(USUAL, model=model, data=str(shades), optimizer=optimizer)
    train(package, replace(settings, out=str(tmp_path / "whole")))
    cut = replace(settings, out=str(tmp_path / "cut"))
    with monkeypatch.context() as patch:

        @contextmanager
        def stopping() -> Iterator[_AskedAfter]:
            yield _AskedAfter(looks)

        patch.setattr(runs, "interruptible", stopping)
        said = train(package, cut)
    assert "--resume continues" in said[-1]
    package.create(model, weights=tmp_path / "cut" / "last.pt")
    train(package, cut, resume=True)
    check_same(tmp_path / "whole", tmp_path / "cut")
    assert "epochs are done" in train(package, cut, resume=True)[1]


def test_control_c_is_noted_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as interrupt:
        assert not interrupt.asked
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_fine_tuning_starts_from_weights(package: Package, shades: Path, tmp_path: Path) -> None:
    torch.manual_seed(5)
    start = package.create("resnet20_cifar")
    torch.save(start.state_dict(), tmp_path / "start.pt")
    settings = replace(
        USUAL,
        model="resnet20_cifar",
        data=str(shades),
        epochs=1,
        weights=str(tmp_path / "start.pt"),
        freeze_backbone=True,
        out=str(tmp_path / "run"),
    )
    said = train(package, settings)
    assert any("the last layer was replaced by a fresh one" in line for line in said)
    assert any("195 parameters to train, 3 classes" in line for line in said)
    trained = state(tmp_path / "run")["model"]
    for key, value in start.state_dict().items():
        if not key.startswith("fc."):
            assert torch.equal(trained[key], value), key


def test_auxiliary_heads_are_trained_and_resumed(
    package: Package, shades: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    settings = replace(
        USUAL, model="googlenet", data=str(shades), epochs=1, batch_size=15, size=32, out=str(out)
    )
    train(package, settings)
    before = package.create("googlenet", num_classes=3).state_dict()
    trained = state(out)["model"]
    assert list(trained) == list(before)
    assert any(key.startswith("aux1.") for key in trained)
    assert "epochs are done" in train(package, settings, resume=True)[1]
    assert package.create("googlenet", weights=out / "best.pt").transform_input


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "resnet05"}, "did you mean"),
        ({"num_classes": 2}, "too few: the data has 3 classes"),
        ({"model": "lenet5_1998", "num_classes": 11}, "only 10 digits"),
        ({"size": 15}, "the least is 16×16"),
        ({"device": "abacus"}, "--device abacus"),
        ({"weights": __file__}, "holds no weights"),
        ({"model": "resnet20_cifar", "batch_size": 1, "size": 4}, "cannot"),
    ],
)
def test_what_cannot_be_trained_is_said(
    package: Package, shades: Path, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    settings = replace(USUAL, data=str(shades), out=str(tmp_path / "run"), **changes)
    with pytest.raises(UsageError, match=words):
        train(package, settings)
    assert not (tmp_path / "run").exists()


def test_a_run_is_not_overwritten_nor_changed(
    package: Package, shades: Path, tmp_path: Path
) -> None:
    settings = replace(USUAL, data=str(shades), epochs=1, out=str(tmp_path / "run"))
    with pytest.raises(UsageError, match="leave out --resume"):
        train(package, settings, resume=True)
    train(package, settings)
    with pytest.raises(UsageError, match="holds a run already"):
        train(package, settings)
    with pytest.raises(UsageError, match=r"has lr 0\.001, not 0\.5"):
        train(package, replace(settings, lr=0.5), resume=True, given=("lr",))
    with pytest.raises(UsageError, match="has model lenet5, not vgg11"):
        train(package, replace(settings, model="vgg11"), resume=True)
    train(package, replace(settings, lr=0.5), resume=True)  # not asked for: the run's own counts
    (tmp_path / "run" / "last.pt").write_bytes(b"hello")
    with pytest.raises(UsageError, match="is no checkpoint"):
        train(package, settings, resume=True)


def test_a_run_keeps_its_classes(package: Package, tmp_path: Path) -> None:
    data = write_images(tmp_path / "data", train=2)
    settings = replace(USUAL, data=str(data), epochs=1, out=str(tmp_path / "run"))
    train(package, settings)
    (data / "train" / "dark").rename(data / "train" / "darker")
    with pytest.raises(UsageError, match="the data bright, darker, middle"):
        train(package, settings, resume=True)


def test_a_loss_that_is_no_number_ends_the_run(
    package: Package, shades: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    wild = replace(USUAL, data=str(shades), out=str(out), optimizer="sgd", lr=1e30, clip=0.0)
    with pytest.raises(RunError, match="lower --lr"):
        train(package, wild)
    assert not list(out.iterdir())


def test_digits_are_learned_in_seconds(command: Command, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    output = command("train", "lenet5", "--epochs", "3", "--lr", "3e-3", "--device", "cpu").output
    assert "1,438 images to train on, 359 held back" in output
    assert max(each["val_accuracy"] for each in metrics(tmp_path / "runs/lenet5")) > 0.9


@pytest.mark.slow
def test_distances_are_learned(command: Command, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    command("train", "lenet5_1998", "--epochs", "4", "--lr", "3e-3", "--device", "cpu")
    assert metrics(tmp_path / "runs/lenet5_1998")[-1]["val_accuracy"] > 0.9


@pytest.mark.parametrize("missing", ["sklearn.datasets", "PIL.Image"])
def test_without_the_extra_the_way_to_it_is_told(
    command: Command, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    pytest.importorskip("sklearn.datasets")
    monkeypatch.setitem(sys.modules, missing, None)
    assert "pip install 'notetorch[demo]'" in command("train", "lenet5", status=2).output


@pytest.mark.slow
def test_two_processes_train_the_same_network_as_one(
    package: Package, nets: Path, shades: Path, tmp_path: Path
) -> None:
    """Twice half the batch is the whole batch, for a network without batch norms."""
    train(package, replace(USUAL, data=str(shades), out=str(tmp_path / "one"), augment="crop"))
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    training = ["-m", "generator", "train", "lenet5", "--models", str(nets), "--device", "cpu"]
    asked = ["--data", str(shades), "--batch-size", "3", "--epochs", "2", "--augment", "crop"]
    rest = ["--workers", "0", "--threads", "1", "--out", str(tmp_path / "two")]
    done = subprocess.run(
        [*launcher, *training, *asked, *rest], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("epoch 1/2") == 1
    one, two = state(tmp_path / "one")["model"], state(tmp_path / "two")["model"]
    for key, value in one.items():
        assert torch.allclose(value, two[key], atol=1e-5), key
    for first, second in zip(metrics(tmp_path / "one"), metrics(tmp_path / "two"), strict=True):
        assert first == pytest.approx(second, rel=1e-4)


def test_nothing_of_the_other_processes_is_left(tmp_path: Path) -> None:
    """A thread of the group that outlives it aborts the interpreter's shutdown, now and then."""
    script = tmp_path / "join.py"
    script.write_text(
        textwrap.dedent(
            """
            import weakref
            import torch
            import torch.distributed
            from generator.runtime.data.loading import Share
            from generator.runtime.training.processes import processes, shared

            def train():
                network = shared(torch.nn.Linear(2, 1), Share(0, 2))
                network(torch.ones(1, 2)).sum().backward()

            with processes("cpu"):
                group = weakref.ref(torch.distributed.group.WORLD)
                train()
            assert group() is None
            """
        )
    )
    world = {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, **world, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
