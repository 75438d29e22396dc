"""The optimiser, and the learning rate of every step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn

from generator.runtime.training.settings import Settings


def optimiser(model: nn.Module, settings: Settings) -> torch.optim.Optimizer:
    """Make SGD with Nesterov's momentum of 0.9, or AdamW, over what is not frozen.

    Weights decay; biases and the scales and shifts of norms, which have one axis, do not.
    """
    trained = [each for each in model.parameters() if each.requires_grad]
    groups = [
        {
            "params": [each for each in trained if each.dim() > 1],
            "weight_decay": settings.weight_decay,
        },
        {"params": [each for each in trained if each.dim() <= 1], "weight_decay": 0.0},
    ]
    groups = [each for each in groups if each["params"]]
    if settings.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=settings.lr, momentum=0.9, nesterov=True)
    return torch.optim.AdamW(groups, lr=settings.lr)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A learning rate that rises linearly for ``warm`` steps, then falls to 0 as half a cosine."""

    lr: float
    warm: int
    steps: int

    @classmethod
    def of(cls, settings: Settings, *, batches: int) -> Schedule:
        """Spread over a run of so many batches an epoch."""
        steps = settings.epochs * batches
        return cls(settings.lr, min(round(settings.warmup * steps), steps - 1), steps)

    def at(self, step: int) -> float:
        """Give the learning rate of a step, counted from 0."""
        if step < self.warm:
            return self.lr * (step + 1) / (self.warm + 1)
        done = (step - self.warm) / (self.steps - self.warm)
        return self.lr * 0.5 * (1 + math.cos(math.pi * done))

    def set(self, optimizer: torch.optim.Optimizer, step: int) -> float:
        """Set the learning rate of a step, and give it."""
        lr = self.at(step)
        for group in optimizer.param_groups:
            group["lr"] = lr
        return lr
