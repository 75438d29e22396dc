"""One pass over the training images, and one over the validation images."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.runtime.data.loading import Batch, Share
from generator.runtime.problem import RunError, UsageError
from generator.runtime.training.loss import Loss
from generator.runtime.training.optimiser import Schedule
from generator.runtime.training.processes import summed


@dataclass(frozen=True, slots=True)
class Result:
    """Means over the images seen: ``accuracy`` from 0 to 1, ``rate`` in images a second."""

    loss: float
    accuracy: float
    rate: float


@dataclass(slots=True)
class Sums:
    """What an epoch adds up, on the device: reading it there would wait for every batch."""

    loss: Tensor
    right: Tensor
    images: int = 0
    seconds: float = 0.0

    @classmethod
    def begin(cls, device: torch.device, values: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)) -> Sums:
        """Go on from stored values (loss, right answers, images, seconds)."""
        exact = torch.float32 if device.type == "mps" else torch.float64  # it has no other
        loss, right = torch.tensor(values[:2], dtype=exact).to(device).unbind()
        return cls(loss.clone(), right.clone(), int(values[2]), values[3])

    def add(self, loss: Tensor, scores: Tensor, labels: Tensor) -> None:
        """Add a batch: its mean loss, and how many of its classes were found."""
        self.loss += loss.detach().to(self.loss.dtype) * len(labels)
        self.right += (scores.detach().argmax(1) == labels).sum()
        self.images += len(labels)

    def values(self) -> tuple[float, ...]:
        """Give what to store."""
        return (self.loss.item(), self.right.item(), float(self.images), self.seconds)

    def result(self, share: Share) -> Result:
        """Give the means over all processes."""
        device = self.loss.device
        loss, right, images = summed(self.values()[:3], share, device)
        return Result(loss / images, right / images, images / max(self.seconds, 1e-9))


@dataclass(frozen=True, slots=True)
class Trainer:
    """What does not change from batch to batch. ``model`` is the network, ``parallel`` the same with
    gradients averaged over the processes."""

    model: nn.Module
    parallel: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: Schedule
    loss: Loss
    clip: float
    device: torch.device
    share: Share

    def train(
        self, batches: Iterable[Batch], sums: Sums, *, step: int, stop: Callable[[], bool]
    ) -> int:
        """Learn from the batches, the first of which is the run's step number ``step``.

        Gives how many batches there were: all, or fewer if ``stop`` said so after one.
        """
        training_mode(self.model)
        done = 0
        started = time.perf_counter() - sums.seconds
        for images, labels in self._arriving(batches):
            self.schedule.set(self.optimizer, step + done)
            self.optimizer.zero_grad(set_to_none=True)
            with self._precision():
                outputs = self.parallel(images)
                loss = self.loss.training(outputs, labels)
            loss.backward()  # type: ignore[no-untyped-call]
            if self.clip > 0:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
            self.optimizer.step()
            sums.add(loss, self.loss.scores(outputs), labels)
            done += 1
            sums.seconds = time.perf_counter() - started
            if stop():
                break
        if not bool(torch.isfinite(sums.loss)):
            raise RunError("the loss is no longer a number: lower --lr, or raise --warmup")
        return done

    def evaluate(self, batches: Iterable[Batch]) -> Result:
        """Measure on the batches, in evaluation mode."""
        self.model.eval()
        sums = Sums.begin(self.device)
        started = time.perf_counter()
        with torch.inference_mode():
            for images, labels in self._arriving(batches):
                with self._precision():
                    outputs = self.model(images)
                sums.add(self.loss.validation(outputs, labels), self.loss.scores(outputs), labels)
        sums.seconds = time.perf_counter() - started
        return sums.result(self.share)

    def _arriving(self, batches: Iterable[Batch]) -> Iterator[tuple[Tensor, Tensor]]:
        """Move batches to the device, channels last."""
        for batch in batches:
            if isinstance(batch, str):
                raise UsageError(batch)
            images, labels = (each.to(self.device, non_blocking=True) for each in batch)
            yield images.contiguous(memory_format=torch.channels_last), labels

    def _precision(self) -> AbstractContextManager[object]:
        """Compute in bfloat16 where it is sound, on CUDA devices that have it; else in float32."""
        half = self.device.type == "cuda" and torch.cuda.is_bf16_supported()
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=half)


def training_mode(model: nn.Module) -> None:
    """Put a network into training mode, but not norms that are frozen: their statistics stay too."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            parameters = list(module.parameters())
            if parameters and not any(each.requires_grad for each in parameters):
                module.eval()
