"""Networks as the commands need them: with the weights, classes and input size that were asked for."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generator.runtime.package import Package
from generator.runtime.problem import UsageError


def device_of(name: str | None) -> torch.device:
    """Find a device that works here; without a name CUDA where there is one, else the CPU."""
    try:
        device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UsageError(f"--device {name}: {_first_line(error)}") from None
    if device.type == "meta":
        raise UsageError("--device meta holds no values; take cpu or cuda")
    return device


def stored_options(weights: Path | None) -> dict[str, Any]:
    """Say how the network of a checkpoint was built; nothing for other files of weights."""
    if weights is None or weights.suffix == ".safetensors":
        return {}
    try:
        content = torch.load(weights, map_location="cpu", weights_only=True, mmap=True)
        return dict(content.get("model_options") or {})
    except Exception:  # create_model says what is wrong with the file
        return {}


def network_options(package: Package, name: str, *, size: int, **given: Any) -> dict[str, Any]:
    """Give the arguments for inputs of ``size`` pixels, and those of ``given`` that are not ``None``.

    A network that is made for one size is made for this one; any other takes it as it is.
    """
    options = {key: value for key, value in given.items() if value is not None}
    if "input_size" in package.options(name):
        plain = _attempt(package, name, size, options=options, batch=2, training=False)
        if isinstance(plain, str):
            options["input_size"] = size
    return options


def create(
    package: Package,
    name: str,
    *,
    weights: Path | None = None,
    options: Mapping[str, Any],
    fresh_head: bool = False,
) -> tuple[nn.Module, list[str]]:
    """Build a network and load its weights; also give the warnings this had.

    Without ``fresh_head`` weights of another number of classes are a :class:`UsageError`, as is
    everything else that ``create_model`` refuses.
    """
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model = package.create(name, weights=weights, **options)
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        raise UsageError(_first_line(error)) from None
    said = [str(each.message) for each in caught if each.category is UserWarning]
    if said and not fresh_head:
        raise UsageError(said[0].replace("num_classes=", "--num-classes "))
    return model, said


def require_size(
    package: Package,
    name: str,
    size: int,
    *,
    options: Mapping[str, Any],
    batch: int = 2,
    training: bool = False,
) -> Tensor:
    """Check that a network takes inputs of ``size``; give its output on the meta device.

    Raises :class:`UsageError` with the least size it takes.
    """
    output = _attempt(package, name, size, options=options, batch=batch, training=training)
    if isinstance(output, Tensor):
        return output
    usual = package.facts(name).input_size[1]
    works, fails = usual, size
    if size < usual:
        while works - fails > 1:
            middle = (works + fails) // 2
            tried = _attempt(package, name, middle, options=options, batch=batch, training=training)
            works, fails = (middle, fails) if isinstance(tried, Tensor) else (works, middle)
    elif isinstance(
        _attempt(package, name, usual, options=options, batch=batch, training=training), str
    ):
        raise UsageError(f"{name} cannot {'be trained' if training else 'run'} so: {output}")
    what = "train on" if training else "take"
    least = f"the least is {works}×{works}" if size < usual else f"it is made for {works}×{works}"
    raise UsageError(f"{name} cannot {what} inputs of {size}×{size}: {least} ({output})")


def main_output(outputs: Tensor | tuple[Tensor | None, ...]) -> Tensor:
    """Give the main output: the first, where auxiliary ones follow."""
    if isinstance(outputs, Tensor):
        return outputs
    assert isinstance(outputs[0], Tensor)
    return outputs[0]


def _attempt(
    package: Package,
    name: str,
    size: int,
    *,
    options: Mapping[str, Any],
    batch: int,
    training: bool,
) -> Tensor | str:
    """Run a network on the meta device, which computes shapes only; give its output or the error."""
    channels = package.facts(name).input_size[0]
    if "input_size" in options:
        options = {**options, "input_size": size}
    try:
        with torch.device("meta"):
            model = package.create(name, **options).train(training)
            return main_output(model(torch.empty(batch, channels, size, size)))
    except (RuntimeError, ValueError, TypeError) as error:
        return _first_line(error)


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]
