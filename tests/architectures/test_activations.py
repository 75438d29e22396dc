"""A leaky ReLU's slope, in the ways tables give it, reaches the network."""

from __future__ import annotations

import pytest

from generator.architectures.ir import LEAKY_SLOPE, Activation, Network
from generator.architectures.tables import lower_table
from tests.architectures.tables import read

HEAD = "# Note\n\n| Layer | Kernel | Channels | Activation |\n|---|---|---|---|\n"


def slopes(table: str) -> list[float]:
    reading = read(table)
    assert reading is not None
    network, problems = lower_table(reading, input_size=32)
    assert not problems
    assert isinstance(network, Network)
    return [
        node.op.slope
        for node in network.nodes
        if isinstance(node.op, Activation) and node.op.function == "leaky_relu"
    ]


@pytest.mark.parametrize(
    ("cell", "slope"),
    [
        ("LeakyReLU", LEAKY_SLOPE),
        ("LeakyReLU 0.2", 0.2),
        ("LeakyReLU(0.2)", 0.2),
        ("leaky ReLU (α = 0.1)", 0.1),
        ("lrelu, slope 0.1", 0.1),
        ("leaky_relu(.25)", 0.25),
        ("Leaky ReLU, negative slope of 0.3", 0.3),
    ],
)
@pytest.mark.parametrize("kind", ["conv", "residual"])
def test_slope_in_a_column(kind: str, cell: str, slope: float) -> None:
    found = slopes(f"{HEAD}| conv | 3 | 8 | relu |\n| {kind} | 3 | 8 | {cell} |\n| fc | | 4 | |\n")
    assert set(found) == {slope}


def test_slope_in_a_wording() -> None:
    rows = "| conv 3x3, 8 filters, BN, LeakyReLU 0.2 |\n| conv 3x3, 8 filters, lrelu(0.1) |\n"
    assert slopes(f"# Note\n\n| Layer |\n|---|\n{rows}| gap |\n| fc 10 |\n") == [0.2, 0.1]


def test_slope_in_code() -> None:
    calls = ("LeakyReLU(0.1, inplace=True)", "LeakyReLU(negative_slope=0.3)", "LeakyReLU()")
    rows = "".join(f"| nn.Conv2d(8, 8, 3, padding=1) |\n| nn.{each} |\n" for each in calls)
    assert slopes(
        f"# Note\n\n| Layer |\n|---|\n{rows}| nn.Flatten() |\n| nn.LazyLinear(4) |\n"
    ) == [
        0.1,
        0.3,
        LEAKY_SLOPE,
    ]


def test_a_slope_out_of_range_stands_at_its_cell() -> None:
    reading = read(
        f"{HEAD}| conv | 3 | 8 | relu |\n| conv | 3 | 8 | leaky_relu(7) |\n| fc | | 4 | |"
    )
    assert reading is not None
    (problem,) = reading.diagnostics
    assert (problem.position.line, problem.found) == (6, "leaky_relu(7)")
