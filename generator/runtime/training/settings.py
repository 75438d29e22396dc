"""What a training run is asked to do. The command line gives the values; checkpoints keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from generator.runtime.problem import UsageError

# What may differ when a run goes on: where and how fast it computes, not what.
_FREE = frozenset({"device", "threads", "workers", "out"})


@dataclass(frozen=True, slots=True)
class Settings:
    """A run's settings; ``None`` where the data, the network or the machine decides.

    ``batch_size`` is per process. ``warmup`` is the share of all steps in which the learning rate
    rises to ``lr``; ``clip`` is the greatest norm of all gradients together, 0 for any.
    """

    model: str
    data: str | None
    epochs: int
    batch_size: int
    lr: float
    weight_decay: float
    optimizer: str
    label_smoothing: float
    warmup: float
    clip: float
    augment: str | None
    seed: int
    device: str | None
    threads: int | None
    workers: int | None
    weights: str | None
    freeze_backbone: bool
    num_classes: int | None
    size: int | None
    out: str

    def stored(self) -> dict[str, Any]:
        """Give the settings as a checkpoint keeps them."""
        return asdict(self)

    def resumed(self, stored: Mapping[str, Any], *, given: frozenset[str]) -> Settings:
        """Give the settings of an interrupted run, with this machine's device and folder.

        ``given`` are the names of the settings that were asked for now: one that the run did not
        have is a :class:`UsageError`, because it would no longer be the same run.
        """
        now = self.stored()
        other = sorted(name for name in given & set(stored) - _FREE if now[name] != stored[name])
        if other or stored.get("model") != self.model:
            name = other[0] if other else "model"
            raise UsageError(
                f"the run to resume has {name.replace('_', '-')} {stored.get(name)}, not "
                f"{now[name]}; begin a new run with --weights and another --out"
            )
        return Settings(**{**now, **{k: v for k, v in stored.items() if k not in _FREE}})
