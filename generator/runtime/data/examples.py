"""Labelled images before they are read, and their division into training and validation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_VALIDATED = 0.2  # share of each class that is held back where the data has no validation part


@dataclass(frozen=True, slots=True)
class Pixels:
    """A grey image in memory, one byte a pixel, row by row."""

    width: int
    height: int
    values: bytes


@dataclass(frozen=True, slots=True)
class Example:
    """An image, in a file or in memory, and the index of its class."""

    image: Path | Pixels
    label: int


@dataclass(frozen=True, slots=True)
class Examples:
    """A data set with its classes by name; ``train`` and ``val`` have no image in common."""

    classes: tuple[str, ...]
    train: tuple[Example, ...]
    val: tuple[Example, ...]


def split(classes: Sequence[str], examples: Sequence[Example], *, seed: int) -> Examples:
    """Hold back a fifth of every class for validation, drawn by ``seed``.

    A class keeps at least one image for training.
    """
    draw = random.Random(f"split {seed}")
    train: list[Example] = []
    val: list[Example] = []
    for label in range(len(classes)):
        members = [each for each in examples if each.label == label]
        draw.shuffle(members)
        held = min(max(1, round(len(members) * _VALIDATED)), len(members) - 1)
        val += members[:held]
        train += members[held:]
    return Examples(tuple(classes), tuple(train), tuple(val))
