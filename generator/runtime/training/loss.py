"""From what a network gives in training to one number to make smaller.

Cross-entropy, where the softmax runs over scores; over negated distances for a network that gives
distances (LeNet-5 of 1998: this is the maximum a posteriori criterion of LeCun et al. 1998, equation
9, without its constant for images of no class). Auxiliary outputs, which follow the main one, count
with the weight that the network's module states.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from generator.runtime.network import main_output
from generator.runtime.package import Package

_AUXILIARY_WEIGHT = 0.3  # where a module states none (Szegedy et al. 2014, section 5)


@dataclass(frozen=True, slots=True)
class Loss:
    """How to score a network's outputs; ``smoothing`` is the share given to all classes alike."""

    distances: bool
    auxiliary_weight: float
    smoothing: float = 0.0

    @classmethod
    def of(cls, package: Package, name: str, *, smoothing: float) -> Loss:
        """Follow what the package says of a network."""
        weight = getattr(package.module(name), "AUXILIARY_WEIGHT", _AUXILIARY_WEIGHT)
        return cls(package.facts(name).output == "distances", float(weight), smoothing)

    def scores(self, outputs: Tensor | tuple[Tensor | None, ...]) -> Tensor:
        """Give one score per class, (B, classes): the largest names the class."""
        main = main_output(outputs).float()
        return -main if self.distances else main

    def training(self, outputs: Tensor | tuple[Tensor | None, ...], labels: Tensor) -> Tensor:
        """Give the mean loss of a batch, auxiliary outputs and smoothing included."""
        auxiliary = () if isinstance(outputs, Tensor) else outputs[1:]
        total = self._entropy(self.scores(outputs), labels, self.smoothing)
        for each in auxiliary:
            if each is not None:
                one = self._entropy(self.scores(each), labels, self.smoothing)
                total = total + self.auxiliary_weight * one
        return total

    def validation(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Give the mean loss of a batch, of the main output alone and without smoothing."""
        return self._entropy(self.scores(outputs), labels, 0.0)

    @staticmethod
    def _entropy(scores: Tensor, labels: Tensor, smoothing: float) -> Tensor:
        return F.cross_entropy(scores, labels, label_smoothing=smoothing)
