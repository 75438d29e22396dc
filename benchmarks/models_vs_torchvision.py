"""Generated models against torchvision's, forward passes in one run: prints ratios.

    python benchmarks/models_vs_torchvision.py generated_models [--models resnet18 googlenet]

torchvision is no dependency of the project: install it for this run (``pip install --no-deps
torchvision`` beside a CPU torch will do; its compiled operators are not needed). Times on a shared
machine wander, so each round measures every form once, and what counts is the ratio of the best
times.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

# Ratio to torchvision eager that the folded, channels-last form should stay below.
TARGETS = {"googlenet": 0.55, "mobilenet_v2": 0.50, "resnet18": 0.75}
MODELS = ("resnet18", "mobilenet_v2", "googlenet", "vgg11")


def main() -> None:
    """Measure and print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="folder of generated models")
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="measure the process's CPU time, steadier on a busy machine: with --threads 1 and a "
        "--batch of at least 16, below which one thread takes slower kernels for 1x1 convolutions",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    package = arguments.package.resolve()
    sys.path.insert(0, str(package.parent))
    ours, theirs = importlib.import_module(package.name), torchvision_models()

    print(f"{'model':<20}{'torchvision':>12}  ratios: eager  channels-last  folded")
    for name in arguments.models:
        x = torch.randn(arguments.batch, 3, arguments.size, arguments.size)
        forms = {
            "torchvision": getattr(theirs, name)(**_quick(name)).eval(),
            "eager": ours.create_model(name).eval(),
            "channels-last": ours.create_model(name, memory_format=torch.channels_last).eval(),
        }
        last = forms["channels-last"]
        forms["folded"] = last.fold_batch_norm() if hasattr(last, "fold_batch_norm") else last
        clock = time.process_time if arguments.cpu_time else time.perf_counter
        best = measure(forms, x, rounds=arguments.rounds, clock=clock)
        base = best["torchvision"]
        ratios = [best[each] / base for each in ("eager", "channels-last", "folded")]
        target = TARGETS.get(name)
        verdict = "" if target is None else f"  target {target}: {ratios[-1] <= target}"
        columns = "  ".join(f"{each:>12.2f}" for each in ratios)
        print(f"{name:<20}{base * 1000:>9.0f} ms  {columns}{verdict}", flush=True)


def measure(
    forms: dict[str, nn.Module], x: Tensor, *, rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Give each form's best seconds of a forward pass; the forms take turns, each round another first."""
    times: dict[str, list[float]] = {name: [] for name in forms}
    with torch.inference_mode():
        for model in forms.values():
            model(x)
        for turn in range(rounds):
            order = list(forms.items())
            for name, model in order[turn % len(order) :] + order[: turn % len(order)]:
                start = clock()
                model(x)
                times[name].append(clock() - start)
    return {name: min(each) for name, each in times.items()}


def torchvision_models() -> object:
    """Import torchvision.models, also where the wheel's compiled operators do not load."""
    library = torch.library.Library("torchvision", "DEF")
    for schema in ("nms", "qnms"):
        try:
            library.define(f"{schema}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            break  # the compiled operators are there
    globals()["_library"] = library  # a library's definitions go when it is collected
    return importlib.import_module("torchvision.models")


def _quick(name: str) -> dict[str, object]:
    """Skip a slow initialisation: values make no difference to the time."""
    return {"init_weights": False} if name in ("googlenet", "inception_v3") else {}


if __name__ == "__main__":
    main()
