"""Images for training: found, divided, prepared as the package prepares them, in a fixed order."""

from __future__ import annotations

import importlib
import random
from pathlib import Path

import pytest
import torch

from generator.runtime.data.digits import read_digits
from generator.runtime.data.examples import Example, Pixels, split
from generator.runtime.data.folders import read_folders
from generator.runtime.data.loading import (
    Images,
    Share,
    TrainingOrder,
    ValidationOrder,
    collate,
    loader,
)
from generator.runtime.data.prepare import Augment, Preparation
from generator.runtime.facts import Facts
from generator.runtime.package import Package
from generator.runtime.problem import UsageError
from tests.runtime.images import CLASSES, write_images

pillow = pytest.importorskip("PIL.Image")


def blank(label: int, number: int = 0) -> Example:
    return Example(Pixels(1, 1, bytes([number])), label)


@pytest.mark.parametrize(("count", "held"), [(2, 1), (3, 1), (5, 1), (10, 2), (13, 3), (100, 20)])
def test_a_fifth_of_each_class_is_held_back(count: int, held: int) -> None:
    examples = [blank(label, number) for label in (0, 1) for number in range(count)]
    found = split(["a", "b"], examples, seed=3)
    for label in (0, 1):
        assert sum(each.label == label for each in found.val) == held
        assert sum(each.label == label for each in found.train) == count - held
    assert len({*found.train, *found.val}) == 2 * count
    assert split(["a", "b"], examples, seed=3) == found
    assert count < 10 or split(["a", "b"], examples, seed=4) != found


def test_a_class_of_one_image_is_for_training() -> None:
    found = split(["a", "b"], [blank(0), blank(1, 1), blank(1, 2)], seed=0)
    assert [each.label for each in found.val] == [1]
    assert sorted(each.label for each in found.train) == [0, 1]


def test_digits() -> None:
    pytest.importorskip("sklearn")
    found = read_digits(seed=0)
    assert found.classes == tuple("0123456789")
    assert len(found.train) + len(found.val) == 1797
    assert 355 <= len(found.val) <= 363
    image = found.train[0].image
    assert isinstance(image, Pixels)
    assert len(image.values) == 64
    assert max(image.values) > 200


def test_folders_with_and_without_a_validation_part(tmp_path: Path) -> None:
    folder = write_images(tmp_path / "a", train=5)
    (folder / "train" / ".cache").mkdir()
    (folder / "train" / "dark" / "notes.txt").write_text("x")
    found = read_folders(folder, seed=0)
    assert found.classes == CLASSES
    assert (len(found.train), len(found.val)) == (12, 3)
    both = read_folders(write_images(tmp_path / "b", train=3, val=2), seed=0)
    assert (len(both.train), len(both.val)) == (9, 6)
    for each in (*both.train, *both.val):
        assert isinstance(each.image, Path)
        assert each.image.parent.name == CLASSES[each.label]
    assert all("val" in str(each.image) for each in both.val)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "needs a folder train/"),
        (["cat/1.png"], "needs a folder train/"),
        (["train/cat/1.png"], "at least two folders"),
        (["train/1.png"], "at least two folders"),
        (["train/cat/1.png", "train/dog/1.txt"], r"dog holds no image"),
        (["train/cat/1.png", "train/dog/1.png"], "too small to hold images back"),
        (["train/cat/1.png", "train/dog/1.png", "val/cow/1.png"], "cow is a class that"),
        (["train/cat/1.png", "train/dog/1.png", "val/cat/1.gif"], "val holds no image"),
    ],
)
def test_folders_to_learn_nothing_from(tmp_path: Path, files: list[str], words: str) -> None:
    for each in files:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_bytes(b"")
    with pytest.raises(UsageError, match=words):
        read_folders(tmp_path, seed=0)


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "inception_v3", "resnext101_64x4d"])
@pytest.mark.parametrize("shape", [(50, 50), (301, 90), (90, 301), (8, 8)])
@pytest.mark.parametrize("size", [None, 48])
def test_images_are_prepared_as_the_package_does(
    package: Package, tmp_path: Path, name: str, shape: tuple[int, int], size: int | None
) -> None:
    file = tmp_path / "noise.png"
    values = random.Random(0).randbytes(shape[0] * shape[1] * 3)
    pillow.frombytes("RGB", shape, values).save(file)
    facts = package.facts(name)
    size = size or facts.input_size[1]
    main = importlib.import_module(f"{package.root.__name__}.__main__")
    expected = main._read_image(file, package.root.model_info(name), size)[0]
    preparation = Preparation.of(facts, size)
    given = preparation.tensor(Example(file, 0), augment=Augment.NONE, draw=random.Random(0))
    assert torch.equal(given, expected)


def facts(channels: int) -> Facts:
    mean = (0.5,) * channels
    return Facts("net", "net", 1, 1, (channels, 8, 8), mean, mean, "bilinear", 8, ())


def test_other_channels_are_refused() -> None:
    with pytest.raises(UsageError, match="takes 4"):
        Preparation.of(facts(4), 8)


def test_augmentation_crops_and_mirrors() -> None:
    """On a ramp from left to right a mirrored image falls, and a crop has less contrast."""
    ramp = Example(Pixels(16, 16, bytes(range(0, 256, 16)) * 16), 0)
    preparation = Preparation.of(facts(1), 16)
    slopes = {Augment.NONE: set(), Augment.CROP: set(), Augment.CROP_FLIP: set()}
    contrasts = []
    for augment, found in slopes.items():
        for seed in range(24):
            x = preparation.tensor(ramp, augment=augment, draw=random.Random(seed))
            assert x.shape == (1, 16, 16)
            found.add(bool(x[0, 8, -1] > x[0, 8, 0]))
            contrasts.append(float(x[0, 8, -1] - x[0, 8, 0]))
    assert slopes == {Augment.NONE: {True}, Augment.CROP: {True}, Augment.CROP_FLIP: {True, False}}
    assert min(map(abs, contrasts)) < 0.8 * max(contrasts)


def test_an_image_depends_on_seed_epoch_and_index_alone() -> None:
    noise = Example(Pixels(16, 16, random.Random(0).randbytes(256)), 0)
    preparation = Preparation.of(facts(1), 8)

    def image(seed: int, epoch: int, index: int) -> torch.Tensor:
        sample = Images((noise, noise), preparation, Augment.CROP, seed)[epoch, index]
        assert isinstance(sample, tuple)
        return sample[0]

    first = image(0, 0, 0)
    assert torch.equal(first, image(0, 0, 0))
    for other in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
        assert not torch.equal(first, image(*other))


@pytest.mark.parametrize("world", [1, 2, 3])
def test_processes_share_an_epoch(world: int) -> None:
    orders = [TrainingOrder(23, 3, 0, Share(rank, world)) for rank in range(world)]
    seen = [[index for _, index in order] for order in orders]
    assert {len(each) for each in seen} == {23 // world // 3 * 3}
    assert len({index for each in seen for index in each}) == sum(map(len, seen))
    assert orders[0].batches() * 3 == len(seen[0])
    orders[0].epoch = 1
    assert [index for _, index in orders[0]] != seen[0]
    held = [index for rank in range(world) for _, index in ValidationOrder(23, Share(rank, world))]
    assert sorted(held) == list(range(23))


def test_an_epoch_goes_on_from_a_batch() -> None:
    whole = list(TrainingOrder(23, 3, 0, Share()))
    rest = TrainingOrder(23, 3, 0, Share(), first=4)
    assert list(rest) == whole[12:]
    assert len(rest) == len(whole) - 12


def test_fewer_images_than_a_batch_make_one() -> None:
    order = TrainingOrder(5, 64, 0, Share())
    assert (order.per_process(), order.batches(), len(list(order))) == (5, 1, 5)


@pytest.mark.parametrize("workers", [0, 1])
def test_an_unreadable_image_names_its_file(tmp_path: Path, workers: int) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    images = Images(
        (Example(tmp_path / "broken.png", 0),), Preparation.of(facts(1), 8), Augment.NONE, 0
    )
    order = ValidationOrder(1, Share())
    (batch,) = loader(images, order, batch=4, workers=workers, pinned=False)
    assert isinstance(batch, str)
    assert "broken.png cannot be read as an image" in batch


def test_samples_become_a_batch() -> None:
    batch = collate([(torch.zeros(1, 2, 2), 3), (torch.ones(1, 2, 2), 1)])
    assert not isinstance(batch, str)
    assert batch[0].shape == (2, 1, 2, 2)
    assert batch[1].tolist() == [3, 1]
