"""The network of a training run: new, from weights, or as a checkpoint has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from generator.runtime.data.loading import TrainingOrder
from generator.runtime.network import create, network_options, require_size, stored_options
from generator.runtime.package import Package
from generator.runtime.problem import UsageError
from generator.runtime.training.checkpoint import Checkpoint
from generator.runtime.training.settings import Settings


@dataclass(frozen=True, slots=True)
class Built:
    """A network, the arguments it was built with, and the size of its inputs."""

    model: nn.Module
    options: dict[str, Any]
    size: int


def build_network(
    package: Package,
    settings: Settings,
    classes: int,
    order: TrainingOrder,
    saved: Checkpoint | None,
    say: Callable[[str], None],
) -> Built:
    """Build the network to train, new, from weights, or as a checkpoint has it."""
    name = settings.model
    weights = None if settings.weights is None else Path(settings.weights)
    stored = stored_options(weights) if saved is None else saved.options
    size = settings.size or int(stored.get("input_size", package.facts(name).input_size[1]))
    wanted = settings.num_classes or classes
    if wanted < classes:
        raise UsageError(f"--num-classes {wanted} is too few: the data has {classes} classes")
    takes = package.options(name)
    # Published weights need it, so a package gives it to whatever it loads, also what is made here.
    transform = True if "transform_input" in takes else None
    options = network_options(
        package, name, size=size, num_classes=wanted, transform_input=transform
    )
    batch = min(settings.batch_size, order.per_process())
    output = require_size(package, name, size, options=options, batch=batch, training=True)
    if tuple(output.shape) != (batch, wanted):
        raise UsageError(
            f"{name} gives {tuple(output.shape[1:])} for an image, not one score for each of "
            f"{wanted} classes; it cannot be trained as a classifier"
        )
    require_size(package, name, size, options=options)
    if saved is None:
        model, said = create(package, name, weights=weights, options=options, fresh_head=True)
        for line in said:
            say(line)
    else:
        model = _restored(package, name, saved, options)
    if settings.freeze_backbone:
        model.freeze_backbone()  # type: ignore[operator]
    return Built(model, {**options, "input_size": size}, size)


def _restored(package: Package, name: str, saved: Checkpoint, options: dict[str, Any]) -> nn.Module:
    """Build the network of a checkpoint, with the auxiliary heads that were trained."""
    auxiliary: tuple[str, ...] = getattr(package.module(name), "AUXILIARY", ())
    if auxiliary:
        kept = any(key.startswith(auxiliary) for key in saved.model)
        options = {**options, "aux_logits": kept}
    model, _ = create(package, name, options=options)
    try:
        model.load_state_dict(saved.model)
    except RuntimeError as error:
        raise UsageError(f"the network is no longer the one that was trained: {error}") from None
    return model
