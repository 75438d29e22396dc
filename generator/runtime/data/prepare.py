"""An image to the tensor a network expects: resized, cropped and normalised as its facts say.

Without augmentation this is what the generated package does with ``--image``.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor

from generator.runtime.data.examples import Example, Pixels
from generator.runtime.facts import Facts
from generator.runtime.problem import UsageError, extra

_PART = (0.35, 1.0)  # share of the area that a random crop keeps
_RATIO = (3 / 4, 4 / 3)  # its width to height (Szegedy et al. 2014, section 6)


class Augment(StrEnum):
    """What training does to its images: a random crop, and half of them mirrored."""

    NONE = "none"
    CROP = "crop"
    CROP_FLIP = "crop+flip"


@dataclass(frozen=True, slots=True)
class Preparation:
    """How to prepare images for a network: resized so that the shorter side is ``edge``, then
    cropped to ``size``; ``interpolation`` is Pillow's name of it."""

    channels: int
    size: int
    edge: int
    interpolation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, facts: Facts, size: int) -> Preparation:
        """Follow a network's facts, at another size in proportion."""
        _pillow()  # before the work, if it is missing
        channels = facts.input_size[0]
        if channels not in (1, 3):
            raise UsageError(f"an image has 1 or 3 channels, {facts.name} takes {channels}")
        edge = max(size, round(facts.resize * size / facts.input_size[1]))
        return cls(channels, size, edge, facts.interpolation, facts.mean, facts.std)

    def tensor(self, example: Example, *, augment: Augment, draw: random.Random) -> Tensor:
        """Read an image as (C, size, size). Raises ``OSError`` for a file that cannot be read."""
        image = _open(example).convert("L" if self.channels == 1 else "RGB")
        if augment is Augment.NONE:
            image = self._centre(image)
        else:
            image = self._part(image, draw)
            if augment is Augment.CROP_FLIP and draw.random() < 0.5:
                image = image.transpose(_pillow().Transpose.FLIP_LEFT_RIGHT)
        pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
        x = pixels.view(self.size, self.size, self.channels).permute(2, 0, 1) / 255
        mean, std = torch.tensor(self.mean), torch.tensor(self.std)
        return (x - mean[:, None, None]) / std[:, None, None]

    def _centre(self, image: Any) -> Any:
        scale = self.edge / min(image.size)
        width = max(self.edge, round(image.width * scale))
        height = max(self.edge, round(image.height * scale))
        image = image.resize((width, height), self._resampling())
        left, top = (width - self.size) // 2, (height - self.size) // 2
        return image.crop((left, top, left + self.size, top + self.size))

    def _part(self, image: Any, draw: random.Random) -> Any:
        area = image.width * image.height * draw.uniform(*_PART)
        ratio = math.exp(draw.uniform(math.log(_RATIO[0]), math.log(_RATIO[1])))
        width = min(image.width, math.sqrt(area * ratio))
        height = min(image.height, math.sqrt(area / ratio))
        left, top = draw.uniform(0, image.width - width), draw.uniform(0, image.height - height)
        box = (left, top, left + width, top + height)
        return image.resize((self.size, self.size), self._resampling(), box=box)

    def _resampling(self) -> Any:
        return getattr(_pillow().Resampling, self.interpolation.upper())


def _open(example: Example) -> Any:
    match example.image:
        case Pixels(width, height, values):
            return _pillow().frombytes("L", (width, height), values)
        case path:
            return _pillow().open(path)


def _pillow() -> Any:
    return extra("PIL.Image", name="demo", needed_for="reading images")
