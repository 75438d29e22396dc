"""A small data set that can be learned: noise around one of three shades of grey."""

from __future__ import annotations

import random
from pathlib import Path

SHADES = {"bright": 200, "dark": 50, "middle": 125}
CLASSES = tuple(SHADES)
_SIDE = 12


def write_images(folder: Path, *, train: int, val: int = 0) -> Path:
    """Write so many images of each class, below ``train/`` and, if any, ``val/``."""
    from PIL import Image

    draw = random.Random(0)
    for part, count in (("train", train), ("val", val)):
        for name, shade in SHADES.items() if count else ():
            target = folder / part / name
            target.mkdir(parents=True)
            for number in range(count):
                values = bytes(shade + draw.randrange(-50, 50) for _ in range(_SIDE * _SIDE))
                image = Image.frombytes("L", (_SIDE, _SIDE), values)
                image.save(target / f"{number}.{'png' if number % 2 else 'JPG'}")
    return folder
