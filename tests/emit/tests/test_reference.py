"""The shared reference computes what torch's own layers compute."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from generator.architectures.arithmetic import shapes, state_manifest
from generator.architectures.lower import lower
from generator.architectures.spec import built_in_families
from generator.emit.tests.render import shared_files
from generator.emit.tests.tables import layer_calls, network_source


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    """``reference.py`` and ``checks.py``, imported from a package of some name."""
    folder = tmp_path_factory.mktemp("shared")
    package = folder / "of_any_name"
    package.mkdir()
    for name, text in shared_files().items():
        (package / name).write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield {name: importlib.import_module(f"of_any_name.{name}") for name in ("reference", "checks")}
    sys.path.remove(str(folder))


# One line of a table, the layer of torch it stands for, and the shape that enters.
LAYERS: list[tuple[str, Callable[[], nn.Module], tuple[int, ...]]] = [
    (
        "Conv('m', (6, 3, 4), 4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2, bias=False)",
        lambda: nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), groups=2, bias=False),
        (4, 5, 5),
    ),
    (
        "Conv('m', (6, 3, 3), 4, 6, 3, padding=1, dilation=2)",
        lambda: nn.Conv2d(4, 6, 3, padding=1, dilation=2),
        (4, 5, 5),
    ),
    (
        "ConvTranspose('m', (6, 10, 10), 4, 6, 3, stride=2, padding=1, output_padding=1, groups=2)",
        lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2),
        (4, 5, 5),
    ),
    ("BatchNorm('m', 4, eps=0.1, momentum=0.3)", lambda: nn.BatchNorm2d(4, 0.1, 0.3), (4, 5, 5)),
    ("BatchNorm('m', 7, axes=1)", lambda: nn.BatchNorm1d(7), (7,)),
    ("GroupNorm('m', 2, 6, eps=0.1)", lambda: nn.GroupNorm(2, 6, 0.1), (6, 5, 5)),
    (
        "LocalResponseNorm('m', size=3, alpha=0.5, beta=0.6, k=1.5)",
        lambda: nn.LocalResponseNorm(3, 0.5, 0.6, 1.5),
        (6, 5, 5),
    ),
    (
        "MaxPool('m', (4, 3, 3), 3, 2, padding=1, ceil_mode=True)",
        lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True),
        (4, 5, 5),
    ),
    (
        "AvgPool('m', (4, 3, 3), 3, 2, padding=1, count_include_pad=False)",
        lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False),
        (4, 5, 5),
    ),
    ("AdaptiveAvgPool('m', (4, 3, 2), (3, 2))", lambda: nn.AdaptiveAvgPool2d((3, 2)), (4, 5, 5)),
    ("Dropout(0.4, 'm')", lambda: nn.Dropout(0.4), (4, 5, 5)),
    ("Flatten((100,), 'm')", lambda: nn.Flatten(), (4, 5, 5)),
    ("Linear('m', (3,), 7, 3, bias=False)", lambda: nn.Linear(7, 3, bias=False), (7,)),
    *(
        (f"Activation('{name}', 'm')", kind, (4, 5, 5))
        for name, kind in {
            "relu": nn.ReLU,
            "relu6": nn.ReLU6,
            "leaky_relu": nn.LeakyReLU,
            "elu": nn.ELU,
            "gelu": nn.GELU,
            "silu": nn.SiLU,
            "mish": nn.Mish,
            "tanh": nn.Tanh,
            "sigmoid": nn.Sigmoid,
            "hardswish": nn.Hardswish,
            "hardsigmoid": nn.Hardsigmoid,
            "softplus": nn.Softplus,
        }.items()
    ),
    ("Activation('softmax', 'm')", lambda: nn.Softmax(1), (7,)),
]


class Holder(nn.Module):
    """A model of one layer."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.m = layer

    def forward(self, x: Tensor) -> Any:
        return self.m(3 * x)


def table(shared: dict[str, ModuleType], *lines: str, **settings: object) -> Any:
    """Read the lines of a network."""
    scope = vars(shared["reference"])
    return scope["Network"](*(eval(line, dict(scope)) for line in lines), **settings)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("line", "make", "shape"), LAYERS, ids=[each[0] for each in LAYERS])
def test_layer(
    line: str,
    make: Callable[[], nn.Module],
    shape: tuple[int, ...],
    training: bool,
    shared: dict[str, ModuleType],
) -> None:
    """Value, statistics, words and state-dict entries are those of the layer."""
    network = table(shared, f"Input({shape})", line, features=0)
    model = shared["checks"].randomised(lambda: Holder(make())).train(training)
    state = {key: value.clone() for key, value in model.state_dict().items()}
    x = shared["checks"].images(shape, 3)
    torch.manual_seed(2)
    with shared["checks"].record(model) as calls:
        found = model(x)
    torch.manual_seed(2)
    wanted = network.run(state, 3 * x, training=training)[-1]
    torch.testing.assert_close(wanted, found, rtol=1e-12, atol=1e-12)
    assert calls == network.calls(training=training)
    assert shared["checks"].manifest(model) == list(network.state().items())
    for key, value in model.state_dict().items():
        torch.testing.assert_close(state[key], value)


def test_join_and_scale(shared: dict[str, ModuleType]) -> None:
    """Operations that no layer performs."""
    network = table(
        shared,
        "Input((2, 4, 4))",
        "ChannelAffine((2.0, 3.0), (1.0, -1.0))",
        "Add((-1, -2))",
        "Concat((4, 4, 4), (-1, -3))",
        "AdaptiveAvgPool('', (4, 1, 1), 1)",
        "Multiply((-2, -1))",
        "PadShortcut((8, 2, 2), 4, 8, 2)",
        features=0,
    )
    x = torch.randn(3, 2, 4, 4, dtype=torch.float64)
    scaled = torch.stack([2 * x[:, 0] + 1, 3 * x[:, 1] - 1], 1)
    joined = torch.cat([scaled + x, x], 1)
    gated = joined * joined.mean((2, 3), keepdim=True)
    result = network.run({}, x)[-1]
    torch.testing.assert_close(result[:, 2:6], gated[:, :, ::2, ::2])
    assert not result[:, :2].any()
    assert not result[:, 6:].any()


def test_lenet_of_1998(shared: dict[str, ModuleType]) -> None:
    """Sparse connections, trained subsampling and radial basis functions, by hand."""
    network = table(
        shared,
        "Input((2, 6, 6))",
        "SparseConv('c', (2, 4, 4), 2, ((1,), (0, 1)), 3)",
        "Subsample('s', (2, 2, 2), 2)",
        "Flatten((8,))",
        "RadialBasis('r', (3,), 8, 3)",
        features=0,
    )
    state = {key: torch.randn(shape) for key, shape in network.state().items()}
    x = torch.randn(2, 2, 6, 6)
    dense = torch.zeros(2, 2, 3, 3)
    dense[0, 1], dense[1, 0], dense[1, 1] = state["c.weight"]
    maps = nn.functional.conv2d(x, dense, state["c.bias"])
    pooled = nn.functional.avg_pool2d(maps, 2) * 4
    pooled = pooled * state["s.weight"][:, None, None] + state["s.bias"][:, None, None]
    wanted = torch.cdist(pooled.flatten(1), state["r.codes"]) ** 2
    torch.testing.assert_close(network.run(state, x)[-1], wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("family", built_in_families(), ids=lambda each: each.name)
def test_tables_say_what_the_ir_says(family: Any, shared: dict[str, ModuleType]) -> None:
    """A network written as lines and read back has the IR's shapes, state and calls."""
    for spec in family.networks:
        ir = lower(spec, {each.name: each.default for each in spec.parameters})
        network = eval(network_source(ir), dict(vars(shared["reference"])))
        assert network.shapes == list(shapes(ir))
        manifest = [(key, shape) for key, shape, _ in state_manifest(ir)]
        assert list(network.state().items()) == manifest
        assert network.calls(training=True) == layer_calls(ir)
        assert list(network.auxiliary.items()) == list(ir.auxiliary)


def test_a_table_in_terms_of_another(shared: dict[str, ModuleType]) -> None:
    """What two networks share is written once, and read back it is the same network."""
    spec = next(
        network
        for family in built_in_families()
        for network in family.networks
        if network.module == "googlenet"
    )
    defaults = {each.name: each.default for each in spec.parameters}
    first, scaled = lower(spec, defaults), lower(spec, {**defaults, "transform_input": True})
    scope = dict(vars(shared["reference"]))
    scope["FIRST"] = eval(network_source(first), scope)
    text = network_source(scaled, earlier={"FIRST": first})
    assert text.count("\n") < 10
    assert eval(text, scope).lines == eval(network_source(scaled), scope).lines
    other = lower(spec, {**defaults, "kernel_5x5": 5, "in_channels": 1, "num_classes": 3})
    text = network_source(other, earlier={"FIRST": first, "SCALED": scaled})
    scope["SCALED"] = eval(network_source(scaled), scope)
    assert eval(text, scope).lines == eval(network_source(other), scope).lines
