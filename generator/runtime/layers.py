"""A network of a package layer by layer: what its modules do to one input, seen through hooks.

Rows are the modules that compute something themselves, in the order they run, then those with
parameters that run in training only. What a network does without a module (a functional ReLU, a
concatenation) is in no row; its multiply-adds are in the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from generator.emit.summary import aligned, times
from generator.runtime.network import network_options, require_size
from generator.runtime.package import Package


@dataclass(frozen=True, slots=True)
class Layer:
    """One run of a module: ``output`` is its shape without the batch axis, empty if it did not run."""

    path: str
    kind: str
    output: tuple[int, ...]
    parameters: int
    macs: int


def layer_table(package: Package, name: str, *, size: int | None = None) -> list[str]:
    """One aligned line a layer, then totals, for an input of ``size`` pixels squared."""
    facts = package.facts(name)
    size = size or facts.input_size[1]
    options = network_options(package, name, size=size)
    require_size(package, name, size, options=options)
    with torch.device("meta"):
        model = package.create(name, **options).eval()
    shape = (facts.input_size[0], size, size)
    layers, total = trace(model, torch.empty(1, *shape, device="meta"))
    rows: list[tuple[str, ...]] = [("layer", "module", "output", "parameters", "multiply-adds")]
    rows += [
        (
            each.kind + ("" if each.output else " (training only)"),
            each.path,
            times(each.output) or "-",
            f"{each.parameters:,}",
            f"{each.macs:,}",
        )
        for each in layers
    ]
    parameters = sum(each.numel() for each in model.parameters() if each.requires_grad)
    return [
        f"{name}: input {times(shape)}, from {'; '.join(facts.sources) or package.folder}",
        *aligned(rows, right={3, 4}),
        f"parameters {parameters:,}, multiply-adds {total:,} (one image, evaluation)",
    ]


def count_macs(model: nn.Module, x: Tensor) -> int:
    """Count the multiply-adds of one pass of the whole batch ``x``, as torch's own counter does."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(x)
    return int(counter.get_total_flops()) // 2


def trace(model: nn.Module, x: Tensor) -> tuple[list[Layer], int]:
    """Run ``model`` once on ``x``; give its layers as they ran, those that did not, and all
    multiply-adds."""
    layers: list[Layer] = []
    seen: set[nn.Module] = set()
    started: dict[str, int] = {}
    handles = []

    with torch.no_grad(), FlopCounterMode(display=False) as counter:

        def before(path: str) -> Any:
            def hook(_module: nn.Module, _inputs: Any) -> None:
                started[path] = counter.get_total_flops()

            return hook

        def after(path: str) -> Any:
            def hook(module: nn.Module, _inputs: Any, output: Any) -> None:
                if not isinstance(output, Tensor):
                    return
                own = 0 if module in seen else _size(module)
                seen.add(module)
                macs = (counter.get_total_flops() - started[path]) // 2
                shape = tuple(output.shape[1:])
                layers.append(Layer(path, describe(module), shape, own, macs))

            return hook

        leaves = [(path, each) for path, each in model.named_modules() if not list(each.children())]
        for path, module in leaves:
            handles.append(module.register_forward_pre_hook(before(path)))
            handles.append(module.register_forward_hook(after(path)))
        try:
            model(x)
        finally:
            for handle in handles:
                handle.remove()
    idle = [(path, each) for path, each in leaves if each not in seen and _size(each)]
    layers += [Layer(path, describe(each), (), _size(each), 0) for path, each in idle]
    return layers, int(counter.get_total_flops()) // 2


def describe(module: nn.Module) -> str:
    """Name a module as ``notetorch summary`` does for a vault where it is of a common type."""
    match module:
        case nn.Conv2d():
            depthwise = module.groups == module.in_channels > 1
            groups = f", {module.groups} groups" if module.groups > 1 and not depthwise else ""
            kind = "depthwise conv" if depthwise else "conv"
            stride = _stride(module.stride)
            return f"{kind} {_window(module.kernel_size)}, {module.out_channels}{stride}{groups}"
        case nn.Linear():
            return f"linear {module.out_features}"
        case nn.MaxPool2d():
            return f"max pool {_window(module.kernel_size)}{_stride(module.stride)}"
        case nn.AvgPool2d():
            return f"avg pool {_window(module.kernel_size)}{_stride(module.stride)}"
        case nn.AdaptiveAvgPool2d():
            one = module.output_size in (1, (1, 1))
            return "global avg pool" if one else f"adaptive avg pool {_window(module.output_size)}"
        case nn.BatchNorm2d() | nn.BatchNorm1d():
            return "batch norm"
        case nn.Dropout():
            return f"dropout {module.p:g}"
        case _:
            return type(module).__name__


def _size(module: nn.Module) -> int:
    return sum(each.numel() for each in module.parameters())


def _window(size: Any) -> str:
    height, width = size if isinstance(size, tuple) else (size, size)
    return f"{height}×{width}"


def _stride(stride: Any) -> str:
    height, width = stride if isinstance(stride, tuple) else (stride, stride)
    if height == width:
        return f", /{height}" if height != 1 else ""
    return f", /{height}×{width}"
