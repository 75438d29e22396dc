"""How long one pass takes, in the forms people would run: the forms take turns, so that whatever else
the machine does falls on all of them alike."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.emit.summary import aligned, times
from generator.runtime.layers import count_macs
from generator.runtime.network import create, device_of, network_options, require_size
from generator.runtime.package import Package
from generator.runtime.problem import RunError

_WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of every round of one form, and the greatest memory it took on a CUDA device."""

    form: str
    seconds: tuple[float, ...]
    memory: int


def bench(
    package: Package,
    name: str,
    *,
    batch: int,
    size: int | None,
    threads: int | None,
    rounds: int,
    device: str | None,
    compiled: bool,
    progress: Callable[[str], None],
) -> list[str]:
    """Time a network in evaluation mode; one aligned line a form.

    ``ratio`` is the median over the rounds of a form's time to eager's in the same round.
    """
    facts = package.facts(name)
    place = device_of(device)
    if threads is not None:
        torch.set_num_threads(threads)
    size = size or facts.input_size[1]
    options = network_options(package, name, size=size)
    require_size(package, name, size, options=options, batch=batch)
    torch.manual_seed(0)
    model, _ = create(package, name, options=options)
    model = model.eval().to(place)
    x = torch.randn(batch, facts.input_size[0], size, size, device=place)
    macs = count_macs(model, x) // batch
    timings = measure(forms(model, compiled=compiled), x, rounds=rounds, progress=progress)
    parameters = sum(each.numel() for each in model.parameters())
    where = f"{place}" + (f", {torch.get_num_threads()} threads" if place.type == "cpu" else "")
    return [
        f"{name}: input {times((batch, *x.shape[1:]))} on {where}; {rounds} rounds; "
        f"torch {torch.__version__}",
        f"parameters {parameters:,}, multiply-adds {macs:,} an image",
        *table(timings, batch=batch, macs=macs, cuda=place.type == "cuda"),
    ]


def forms(model: nn.Module, *, compiled: bool) -> dict[str, nn.Module]:
    """Give the network in each form to time."""
    made = {"eager": model, "channels last": _channels_last(model)}
    best = made["channels last"]
    if hasattr(model, "fold_batch_norm"):
        best = _channels_last(model.fold_batch_norm())  # type: ignore[operator]
        made["folded, channels last"] = best
    if compiled:
        made["compiled, " + list(made)[-1]] = torch.compile(best)  # type: ignore[assignment]
    return made


def measure(
    networks: dict[str, nn.Module],
    x: Tensor,
    *,
    rounds: int,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Timing]:
    """Time each network once a round, after two passes that do not count."""
    inputs = {
        form: x if form == "eager" else x.contiguous(memory_format=torch.channels_last)
        for form in networks
    }
    seconds: dict[str, list[float]] = {form: [] for form in networks}
    memory: dict[str, int] = {}
    with torch.inference_mode():
        for form, network in networks.items():
            progress(f"warming up: {form} …")
            memory[form] = _warm_up(form, network, inputs[form])
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds} …")
            for form, network in networks.items():
                started = time.perf_counter()
                network(inputs[form])
                _wait(x.device)
                seconds[form].append(time.perf_counter() - started)
    return [Timing(form, tuple(seconds[form]), memory[form]) for form in networks]


def table(timings: list[Timing], *, batch: int, macs: int, cuda: bool) -> list[str]:
    """Lay timings out; the first one is what the others are compared with."""
    head = ("form", "best ms", "median ms", "images/s", "ratio", "GMAC/s")
    rows: list[tuple[str, ...]] = [head + (("peak MB",) if cuda else ())]
    for each in timings:
        median = statistics.median(each.seconds)
        ratio = statistics.median(
            own / eager for own, eager in zip(each.seconds, timings[0].seconds, strict=True)
        )
        row = (
            each.form,
            f"{min(each.seconds) * 1e3:.2f}",
            f"{median * 1e3:.2f}",
            f"{batch / median:,.1f}",
            f"{ratio:.2f}",
            f"{macs * batch / median / 1e9:,.1f}",
        )
        rows.append(row + ((f"{each.memory / 1e6:,.0f}",) if cuda else ()))
    return aligned(rows, right=set(range(1, len(rows[0]))))


def _warm_up(form: str, network: nn.Module, x: Tensor) -> int:
    """Run a network until it is fast; give the most memory it took on a CUDA device, in bytes."""
    if x.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(x.device)
    try:
        for _ in range(_WARM_UP):
            network(x)
            _wait(x.device)
    except torch.OutOfMemoryError:
        raise RunError(f"{x.device} has too little memory: lower --batch or --size") from None
    except Exception as error:
        if not form.startswith("compiled"):
            raise
        # Whatever the compiler meets here, most often a missing C++ compiler.
        reason = str(error).strip().split("\n")[0]
        raise RunError(f"--compile does not work here: {reason}") from None
    return torch.cuda.max_memory_allocated(x.device) if x.device.type == "cuda" else 0


def _channels_last(model: nn.Module) -> nn.Module:
    return copy.deepcopy(model).to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _wait(device: torch.device) -> None:
    """Wait for the device: CUDA computes while Python goes on."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
