"""Text values as people write them, typed for a parameter."""

from __future__ import annotations

import pytest

from generator.architectures.builder import ArchitectureError
from generator.architectures.model import Parameter, ParamType, ParamValue
from generator.mapping.values import plain_text, read_value

INT = Parameter("n", ParamType.INT, 1, "A number.", 1, 100_000)
FLOAT = Parameter("p", ParamType.FLOAT, 0.0, "A probability.", 0.0, 0.99)
BOOL = Parameter("b", ParamType.BOOL, False, "A switch.")
CHOICE = Parameter("c", ParamType.CHOICE, "relu", "A function.", choices=("relu", "leaky_relu"))
INTS = Parameter("l", ParamType.INTS, (1,), "Numbers.", 1, 4096)


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (INT, "10", 10),
        (INT, " 1_000 ", 1000),
        (INT, "1,000", 1000),
        (INT, "1 000", 1000),
        (INT, "1e3", 1000),
        (INT, "**12**", 12),
        (INT, "`12` ^id", 12),
        (INT, "12 %% twelve %%", 12),
        (INT, '"12"', 12),
        (INT, 12, 12),
        (INT, "3x3", 3),
        (INT, "3 × 3", 3),
        (FLOAT, "0.5", 0.5),
        (FLOAT, ".5", 0.5),
        (FLOAT, "0,5", 0.5),
        (FLOAT, "50 %", 0.5),
        (FLOAT, "1e-1", 0.1),
        (FLOAT, "0", 0.0),
        (BOOL, "yes", True),
        (BOOL, "✓", True),
        (BOOL, "✗", False),
        (BOOL, "Off", False),
        (BOOL, True, True),
        (CHOICE, "ReLU", "relu"),
        (CHOICE, "Leaky ReLU", "leaky_relu"),
        (CHOICE, "[[ReLU]]", "relu"),
        (INTS, "3, 4, 6, 3", (3, 4, 6, 3)),
        (INTS, "[3,4,6,3]", (3, 4, 6, 3)),
        (INTS, "3 4 6 3", (3, 4, 6, 3)),
        (INTS, "3-4-6-3", (3, 4, 6, 3)),
        (INTS, "64 → 128 → 256", (64, 128, 256)),
        (INTS, "7", (7,)),
        (INTS, (3, 4), (3, 4)),
    ],
)
def test_read(parameter: Parameter, text: object, value: ParamValue) -> None:
    read = read_value(parameter, text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (INT, "0"),
        (INT, "10.5"),
        (INT, "ten"),
        (INT, "3x5"),
        (INT, "10 classes"),
        (INT, "100001"),
        (INT, "1e999"),
        (INT, True),
        (INT, "²"),
        (FLOAT, "1"),
        (FLOAT, "nan"),
        (FLOAT, "inf"),
        (FLOAT, "-0.1"),
        (FLOAT, "half"),
        (BOOL, "maybe"),
        (CHOICE, "gelu"),
        (INTS, "3, x"),
        (INTS, "0, 1"),
        (INTS, ""),
        (INTS, "3, -4"),
    ],
)
def test_refused(parameter: Parameter, text: object) -> None:
    with pytest.raises(ArchitectureError) as caught:
        read_value(parameter, text)
    assert caught.value.expected


def test_plain_text_keeps_what_is_no_markup() -> None:
    assert plain_text("a_b") == "a_b"
    assert plain_text("**a** and **b**") == "**a** and **b**"
    assert plain_text("%% gone %%") == ""
