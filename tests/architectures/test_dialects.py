"""Tables in the many ways people type them, and tables about layers that define no network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.core.diagnostics import Severity
from tests.architectures.built import FIXTURES
from tests.architectures.tables import counts, read


def cases(name: str) -> Iterator[tuple[str, str, str]]:
    """Name, expectation and text of each table in a fixture file."""
    for part in (FIXTURES / name).read_text("utf-8").split("\n=== ")[1:]:
        head, _, text = part.partition("\n")
        title, _, expected = head.partition(" :: ")
        yield title, expected.strip(), f"# Note\n\n{text}"


@pytest.mark.parametrize(
    ("title", "expected", "text"), [*cases("dialects.txt")], ids=lambda each: each.split("\n")[0]
)
def test_read_as_meant(title: str, expected: str, text: str) -> None:
    reading = read(text, variant="vgg_d" if title.startswith("vgg16") else "")
    assert counts(reading) == tuple(int(each) for each in expected.split())
    assert reading is not None
    assert {each.code for each in reading.diagnostics} <= {"NT514"}


@pytest.mark.parametrize(
    ("title", "text"),
    [(title, text) for title, _, text in cases("ordinary.txt")],
    ids=lambda each: each.split("\n")[0],
)
def test_no_network(title: str, text: str) -> None:
    assert read(text) is None, title


@pytest.mark.parametrize(
    ("title", "expected", "text"), [*cases("wrong_cells.txt")], ids=lambda each: each.split("\n")[0]
)
def test_wrong_cell(title: str, expected: str, text: str) -> None:
    reading = read(text)
    assert reading is not None, title
    (problem,) = reading.diagnostics
    position = problem.position
    assert f"{problem.code} {position.line}:{position.column} {problem.found}".strip() == expected
    assert reading.broken == (problem.severity is Severity.ERROR)
