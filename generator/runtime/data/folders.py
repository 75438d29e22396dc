"""Images in folders, one folder a class: ``DIR/train/<class>/*.png``, and ``DIR/val/`` alike."""

from __future__ import annotations

from pathlib import Path

from generator.runtime.data.examples import Example, Examples, split
from generator.runtime.problem import UsageError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})


def read_folders(folder: Path, *, seed: int) -> Examples:
    """List the images below ``folder``; without ``val/`` a fifth of them is for validation.

    Classes are the folders of ``train/``, in order of their names. Raises :class:`UsageError` where
    there is nothing to learn from.
    """
    train = folder / "train"
    if not train.is_dir():
        raise UsageError(f"{folder} needs a folder train/ with one folder of images a class")
    classes = [each.name for each in _folders(train)]
    examples = _examples(train, classes)
    empty = [name for label, name in enumerate(classes) if all(e.label != label for e in examples)]
    if empty:
        raise UsageError(f"{train / empty[0]} holds no image ({', '.join(sorted(SUFFIXES))})")
    if len(classes) < 2:
        raise UsageError(f"{train} needs at least two folders, one a class; it has {len(classes)}")
    val = folder / "val"
    if not val.is_dir():
        divided = split(classes, examples, seed=seed)
        if not divided.val:
            raise UsageError(f"{train} is too small to hold images back; add a folder {val}")
        return divided
    unknown = [each.name for each in _folders(val) if each.name not in classes]
    if unknown:
        raise UsageError(f"{val / unknown[0]} is a class that {train} does not have")
    held = _examples(val, classes)
    if not held:
        raise UsageError(f"{val} holds no image; remove it to have some of {train} held back")
    return Examples(tuple(classes), tuple(examples), tuple(held))


def _examples(folder: Path, classes: list[str]) -> list[Example]:
    return [
        Example(path, label)
        for label, name in enumerate(classes)
        for path in sorted((folder / name).rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    ]


def _folders(folder: Path) -> list[Path]:
    return sorted(
        (each for each in folder.iterdir() if each.is_dir() and not each.name.startswith(".")),
        key=lambda each: each.name,
    )
