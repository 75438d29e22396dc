"""A run's state on disk: whole files only, whatever happens while one is written.

``last.pt`` holds all that a run needs to go on exactly as if it had never stopped, ``best.pt`` the
network that did best in validation. Both load with ``create_model(name, weights=...)``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor

from generator.runtime.problem import UsageError

LAST, BEST, METRICS = "last.pt", "best.pt", "metrics.jsonl"


@dataclass(slots=True)
class Progress:
    """How far a run is: ``batch`` batches into ``epoch`` (both from 0), with that epoch's sums so far
    (loss, right answers, images, seconds), and one line of metrics for each finished epoch."""

    epoch: int = 0
    batch: int = 0
    sums: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    best: float = -1.0
    metrics: list[dict[str, float]] = field(default_factory=list)


@dataclass(slots=True)
class Checkpoint:
    """Everything that is saved; ``options`` are the arguments the network was built with."""

    model: dict[str, Tensor]
    options: dict[str, Any]
    classes: tuple[str, ...]
    settings: dict[str, Any]
    optimizer: dict[str, Any]
    progress: Progress
    random: Tensor

    def save(self, folder: Path) -> None:
        """Write ``last.pt`` and the metrics."""
        content = {
            **self._network(),
            "optimizer": self.optimizer,
            "random": self.random,
            "progress": {
                name: getattr(self.progress, name) for name in Progress.__dataclass_fields__
            },
        }
        _replace(folder / LAST, lambda file: torch.save(content, file))
        lines = "".join(json.dumps(each) + "\n" for each in self.progress.metrics)
        _replace(folder / METRICS, lambda file: file.write_text(lines, encoding="utf-8"))

    def save_best(self, folder: Path) -> None:
        """Write ``best.pt``: the network, without what only training needs."""
        _replace(folder / BEST, lambda file: torch.save(self._network(), file))

    def _network(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "model_options": self.options,
            "classes": list(self.classes),
            "settings": self.settings,
        }

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read ``last.pt``. Raises :class:`UsageError` where there is none to go on from."""
        file = folder / LAST
        if not file.is_file():
            raise UsageError(f"there is no {file} to resume; leave out --resume to begin")
        try:
            content = torch.load(file, map_location="cpu", weights_only=True)
            return cls(
                model=content["model"],
                options=content["model_options"],
                classes=tuple(content["classes"]),
                settings=content["settings"],
                optimizer=content["optimizer"],
                progress=Progress(**content["progress"]),
                random=content["random"],
            )
        except Exception as error:  # a foreign file may lead torch's reader to any
            raise UsageError(f"{file} is no checkpoint of a training run: {error}") from None


def _replace(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside ``target`` and put it in its place in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".tmp")
    write(temporary)
    os.replace(temporary, target)
