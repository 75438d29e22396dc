"""A network to a file that runs without its Python code, for any number of images at once.

Nothing is said to be done before the file has been read back and gives what the network gives.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.runtime.network import create, network_options, require_size, stored_options
from generator.runtime.package import Package
from generator.runtime.problem import RunError, UsageError, extra

_TOLERANCE = 1e-4  # of the largest output; float32 on another engine differs by about 1e-6
_BATCHES = (1, 2, 5)  # sizes to compare: the file has to take more than the one it was made with

Outputs = Callable[[Tensor], Tensor]


class Format(StrEnum):
    """What to write: torch's own exported program, or ONNX."""

    PT2 = "pt2"
    ONNX = "onnx"


def export(
    package: Package,
    name: str,
    *,
    form: Format,
    out: Path | None,
    weights: Path | None,
    num_classes: int | None,
    size: int | None,
    fold_batch_norm: bool,
) -> list[str]:
    """Write a network to a file; say where, and how far its outputs are from the network's.

    Raises :class:`UsageError` before anything is written, :class:`RunError` if the file gives
    something else than the network; the file is then not there.
    """
    if form is Format.ONNX:
        for module in ("onnx", "onnxscript"):
            extra(module, name="onnx", needed_for="export to ONNX")
    facts = package.facts(name)
    stored = stored_options(weights)
    size = size or int(stored.get("input_size", facts.input_size[1]))
    options = network_options(package, name, size=size, num_classes=num_classes)
    require_size(package, name, size, options={**stored_for(package, name, weights), **options})
    torch.manual_seed(0)
    model, _ = create(package, name, weights=weights, options=options)
    model = model.eval()
    if hasattr(model, "drop_auxiliary"):  # they are for training
        model.drop_auxiliary()  # type: ignore[operator]
    original = model
    if fold_batch_norm:
        model = folded(model, name)
    target = out or Path(f"{name}.{form.value}")
    if target.is_dir():
        raise UsageError(f"--out {target} is a folder; name a file")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".tmp")
    x = torch.randn(_BATCHES[1], facts.input_size[0], size, size)
    try:
        with _quiet():
            read = _pt2(model, x, temporary) if form is Format.PT2 else _onnx(model, x, temporary)
            difference = compare(original, read, x[:1])
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    megabytes = target.stat().st_size / 1e6
    lines = [
        f"{target}: {name}, input (batch, {facts.input_size[0]}, {size}, {size}), "
        f"{megabytes:.1f} MB" + (", batch norms folded" if fold_batch_norm else ""),
        f"largest difference from the network, batches of {', '.join(map(str, _BATCHES))}: "
        f"{difference.largest:.2e}; outputs of different images differ by {difference.spread:.2e}",
    ]
    if weights is None:
        lines.append("the weights are random; --weights FILE exports trained ones")
    return lines


def stored_for(package: Package, name: str, weights: Path | None) -> dict[str, object]:
    """Give the stored options of a checkpoint that a network takes."""
    takes = package.options(name)
    return {key: value for key, value in stored_options(weights).items() if key in takes}


def folded(model: nn.Module, name: str) -> nn.Module:
    """Fold the batch norms of a network. Raises :class:`UsageError` where it has none."""
    if not hasattr(model, "fold_batch_norm"):
        raise UsageError(f"{name} has no batch norms to fold")
    copy: nn.Module = model.fold_batch_norm()  # type: ignore[operator]
    return copy


def _pt2(model: nn.Module, x: Tensor, file: Path) -> Outputs:
    """Write an exported program; give what runs the file."""
    batch = torch.export.Dim("batch")
    program = torch.export.export(model, (x,), dynamic_shapes=({0: batch},))
    with file.open("wb") as stream:
        torch.export.save(program, stream)
    with file.open("rb") as stream:
        loaded: Outputs = torch.export.load(stream).module()
    return loaded


def _onnx(model: nn.Module, x: Tensor, file: Path) -> Outputs:
    """Write an ONNX file; give what runs it: ONNX Runtime where installed, else ONNX's reference."""
    torch.onnx.export(
        model,
        (x,),
        file,
        dynamo=True,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        input_names=["images"],
        output_names=["scores"],
        external_data=False,
        verbose=False,
    )
    try:
        runtime = extra("onnxruntime", name="onnx", needed_for="checking an ONNX file")
        session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except UsageError:
        reference = extra("onnx.reference", name="onnx", needed_for="checking an ONNX file")
        session = reference.ReferenceEvaluator(str(file))

    def run(images: Tensor) -> Tensor:
        return torch.from_numpy(session.run(None, {"images": images.numpy()})[0])

    return run


@dataclass(frozen=True, slots=True)
class Difference:
    """How far outputs are apart: ``largest`` between network and file on the same image, ``spread``
    between images. Untrained deep networks have little spread, and then the first says little."""

    largest: float
    spread: float


def compare(model: nn.Module, exported: Outputs, x: Tensor) -> Difference:
    """Compare outputs on random images. Raises :class:`RunError` where they differ too much."""
    largest = spread = 0.0
    for batch in _BATCHES:
        images = torch.randn(batch, *x.shape[1:])
        with torch.inference_mode():
            expected: Tensor = model(images)
        with torch.no_grad():
            given = exported(images)
        if given.shape != expected.shape:
            raise RunError(
                f"the exported network gives {tuple(given.shape)} for {batch} images, not "
                f"{tuple(expected.shape)}"
            )
        difference = (given - expected).abs().max().item()
        if not difference <= 1e-5 + _TOLERANCE * expected.abs().max().item():
            raise RunError(
                f"the exported network's outputs differ by {difference:.3g} for {batch} images"
            )
        largest = max(largest, difference)
        spread = max(spread, (expected - expected[:1]).abs().max().item())
    return Difference(largest, spread)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporters' notes on their own workings off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
