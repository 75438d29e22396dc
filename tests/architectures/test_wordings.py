"""How one cell's wording is read: layers, numbers, sizes."""

from __future__ import annotations

import pytest

from generator.architectures.tables.operations import Operation, read_operations
from generator.architectures.tables.text import normal, read_size
from tests.architectures.built import FIXTURES

CASES = [
    line.split(" => ")
    for line in (FIXTURES / "wordings.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("wording", "expected"), CASES, ids=[case[0] for case in CASES])
def test_wording(wording: str, expected: str) -> None:
    found = read_operations(normal(wording))
    written = "-" if found is None else "; ".join(_written(each) for each in found)
    assert sorted(written.replace(";", " ;").split()) == sorted(expected.replace(";", " ;").split())


def _written(operation: Operation) -> str:
    repeat = f"×{operation.repeat}" if operation.repeat > 1 else ""
    values = " ".join(
        f"{name}={'x'.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in operation.values.items()
    )
    return f"{operation.type}{repeat} {values}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("112×112×64", (64, 112, 112)),
        ("$112^2\\times 64$", (64, 112, 112)),
        ("224²×3", (3, 224, 224)),
        ("224<sup>2</sup> x 3", (3, 224, 224)),
        ("14 × 14", (None, 14, 14)),
        ("(64, 112, 112)", (64, 112, 112)),
        ("[3, 32, 32]", (3, 32, 32)),
        ("1×1×1024", (1024, 1, 1)),
        ("6@28x28", (6, 28, 28)),
        ("4096", (4096, None, None)),
        ("4,096", (4096, None, None)),
        ("(64,112,112)", (64, 112, 112)),
        ("２８×２８", (None, 28, 28)),
        ("edges", None),
        ("3x", None),
        ("", None),
    ],
)
def test_stated_size(text: str, expected: object) -> None:
    assert read_size(normal(text)) == expected
