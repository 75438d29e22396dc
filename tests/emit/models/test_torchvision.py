"""Against torchvision itself, where it can be imported: the same function, bit for bit where it can be.

torchvision is no dependency; without it these tests are skipped and the facts it gave stand in
(``fixtures/published.json``). To run them: ``pip install --no-deps torchvision`` for the torch at
hand. Its compiled operators are not needed.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

PUBLISHED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "published.json").read_text(encoding="utf-8")
)["variants"]
# Sizes to compare at in evaluation; the size to train at (a batch of two). The large networks are
# compared at one small size: their blocks are those of the small ones.
SIZES: dict[str, tuple[tuple[int, ...], int]] = {
    "googlenet": ((224, 263), 96),
    "inception_v3": ((299, 263), 299),
    "alexnet": ((224, 263), 96),
}
LARGE = ("resnet101", "resnet152", "resnext", "wide", "vgg13", "vgg16", "vgg19")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def theirs() -> ModuleType:
    """Import torchvision.models; two operator schemas stand in for compiled operators."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        try:
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            break
    try:
        models = importlib.import_module("torchvision.models")
    except (ImportError, RuntimeError, AttributeError) as error:
        pytest.skip(f"torchvision cannot be imported: {error}")
    models._library = library  # type: ignore[attr-defined]
    return models


@pytest.mark.parametrize("name", PUBLISHED)
def test_same_function(nets: ModuleType, theirs: ModuleType, name: str) -> None:
    factory, options = PUBLISHED[name]["factory"], PUBLISHED[name]["options"]
    large = factory.startswith(LARGE)
    sizes, train_size = ((64,), 32) if large else SIZES.get(factory, ((224, 263), 64))
    extra = {"init_weights": True} if factory in ("googlenet", "inception_v3") else {}
    torch.manual_seed(3)
    ours = getattr(nets, factory)(**options)
    torch.manual_seed(3)
    other = getattr(theirs, factory)(**options, **extra)

    # The same seed gives the same tensors under the same names in the same order.
    assert list(ours.state_dict()) == list(other.state_dict())
    for key, value in other.state_dict().items():
        assert torch.equal(ours.state_dict()[key], value), key

    # Weights load both ways; what is constant at first is made random, so that it counts.
    ours.double(), other.double()
    ours.load_state_dict(other.state_dict(), strict=True)
    randomise(ours)
    other.load_state_dict(ours.state_dict(), strict=True)
    ours.eval(), other.eval()
    with torch.no_grad():
        for size in sizes:
            x = torch.randn(2, 3, size, size, dtype=torch.float64)
            close(ours(x), other(x))
            if hasattr(ours, "fold_batch_norm"):
                close(ours.fold_batch_norm()(x), other(x))

    # In training: values, gradients and buffers.
    ours.train(), other.train()
    x = torch.randn(2, 3, train_size, train_size, dtype=torch.float64)
    results = []
    for model in (ours, other):
        torch.manual_seed(5)
        results.append(model(x))
    one, two = results
    assert getattr(one, "_fields", None) == getattr(two, "_fields", None)
    for result in results:
        sum((each**2).mean() for each in outputs(result)).backward()  # type: ignore[union-attr]
    for mine, their in zip(outputs(one), outputs(two), strict=True):
        close(mine, their)
    for (key, mine), their in zip(ours.named_parameters(), other.parameters(), strict=True):
        close(mine.grad, their.grad, what=key)
    for (key, mine), their in zip(ours.named_buffers(), other.buffers(), strict=True):
        close(mine.double(), their.double(), what=key)


def randomise(model: nn.Module) -> None:
    with torch.no_grad():
        for key, value in (*model.named_parameters(), *model.named_buffers()):
            if key.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif value.is_floating_point() and value.dim() == 1:
                value.normal_(1.0 if key.endswith("weight") else 0.0, 0.3)
            elif value.is_floating_point():
                value.normal_(0, (1.5 / value[0].numel()) ** 0.5)


def outputs(result: Tensor | tuple[Tensor, ...]) -> list[Tensor]:
    return list(result) if isinstance(result, tuple) else [result]


def close(one: Tensor, two: Tensor, *, what: str = "output") -> None:
    scale = max(1.0, float(two.detach().abs().max()))
    assert torch.allclose(one, two, rtol=1e-8, atol=1e-8 * scale), what
