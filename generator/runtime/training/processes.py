"""Several processes that train one network, as ``torchrun`` starts them; one is the usual case."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
import torch.distributed.nn  # early: its defaults would keep a group that is there already
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from generator.runtime.data.loading import Share
from generator.runtime.network import device_of


@contextmanager
def processes(device: str | None) -> Iterator[tuple[Share, torch.device]]:
    """Join the other processes; give this one's share of the data and its device.

    Whatever :func:`shared` gave should be dropped before this ends. It keeps the group's threads
    alive, and a thread that still frees a tensor while the interpreter shuts down aborts the process.
    """
    if "RANK" not in os.environ:
        yield Share(), device_of(device)
        return
    own = device_of(device)
    if own.type == "cuda":
        own = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(own)
    dist.init_process_group("nccl" if own.type == "cuda" else "gloo")
    try:
        yield Share(dist.get_rank(), dist.get_world_size()), own
    finally:
        gc.collect()  # networks that are shared refer to themselves
        dist.destroy_process_group()


def shared(model: nn.Module, share: Share) -> nn.Module:
    """Have gradients averaged over all processes."""
    return model if share.world == 1 else DistributedDataParallel(model)


def summed(values: tuple[float, ...], share: Share, device: torch.device) -> tuple[float, ...]:
    """Add up numbers over all processes."""
    if share.world == 1:
        return values
    total = torch.tensor(values, dtype=torch.float64, device=device)
    dist.all_reduce(total)
    return tuple(total.tolist())
