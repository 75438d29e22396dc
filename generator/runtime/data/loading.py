"""Prepared images in batches: in an order that the seed and the epoch fix, shared out to processes.

What happens to an image depends on seed, epoch and the image alone, not on which worker reads it or
where a run was interrupted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from generator.runtime.data.examples import Example
from generator.runtime.data.prepare import Augment, Preparation

Sample = tuple[Tensor, int] | str
Batch = tuple[Tensor, Tensor] | str  # images (B, C, H, W) and labels (B,), or what went wrong


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of the work is this process's: number ``rank`` of ``world``."""

    rank: int = 0
    world: int = 1


@dataclass(frozen=True)
class Images(Dataset[Sample]):
    """Examples as tensors; a key is an epoch and an index."""

    examples: tuple[Example, ...]
    preparation: Preparation
    augment: Augment
    seed: int

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, key: tuple[int, int]) -> Sample:
        """Give an image as (C, size, size) and its label, or the message that it cannot be read."""
        epoch, index = key
        example = self.examples[index]
        draw = random.Random(f"image {self.seed} {epoch} {index}")
        try:
            image = self.preparation.tensor(example, augment=self.augment, draw=draw)
        except Exception as error:  # a broken file may lead a reader to any
            return f"{example.image} cannot be read as an image: {error}"
        return image, example.label


@dataclass
class TrainingOrder(Sampler[tuple[int, int]]):
    """A fresh shuffle each epoch, from batch ``first`` on; every process has as many images."""

    count: int
    batch: int
    seed: int
    share: Share
    epoch: int = 0
    first: int = 0

    def per_process(self) -> int:
        """Give how many images a process sees in an epoch: whole batches, or one smaller one."""
        own = self.count // self.share.world
        return own // self.batch * self.batch or own

    def batches(self) -> int:
        """Give how many batches an epoch has."""
        return -(-self.per_process() // self.batch)

    def __len__(self) -> int:
        return self.per_process() - self.first * self.batch

    def __iter__(self) -> Iterator[tuple[int, int]]:
        order = list(range(self.count))
        random.Random(f"order {self.seed} {self.epoch}").shuffle(order)
        own = order[self.share.rank :: self.share.world][: self.per_process()]
        return ((self.epoch, index) for index in own[self.first * self.batch :])


@dataclass
class ValidationOrder(Sampler[tuple[int, int]]):
    """Each image once, in order, shared out to the processes."""

    count: int
    share: Share
    own: range = field(init=False)

    def __post_init__(self) -> None:
        self.own = range(self.share.rank, self.count, self.share.world)

    def __len__(self) -> int:
        return len(self.own)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((0, index) for index in self.own)


def loader(
    images: Images,
    order: Sampler[tuple[int, int]],
    *,
    batch: int,
    workers: int,
    pinned: bool,
) -> DataLoader[Sample]:
    """Load batches in this order, by ``workers`` processes beside this one."""
    return DataLoader(
        images,
        batch_size=batch,
        sampler=order,
        num_workers=workers,
        collate_fn=collate,
        persistent_workers=workers > 0,
        pin_memory=pinned,
    )


def collate(samples: list[Sample]) -> Batch:
    """Stack samples to a batch; the first that could not be read speaks for all."""
    images: list[Tensor] = []
    labels: list[int] = []
    for each in samples:
        if isinstance(each, str):
            return each
        images.append(each[0])
        labels.append(each[1])
    return torch.stack(images), torch.tensor(labels)
