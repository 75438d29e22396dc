"""Figures in tables that compare networks."""

from __future__ import annotations

import pytest

from generator.claims.check import check_note
from generator.claims.kinds.tables import Measure, measured
from generator.notes.parse import parse_note
from tests.claims.corpus import catalogue


def statuses(text: str, *, heading: str = "Models", subject: str = "") -> dict[str, str]:
    """Give each claim's statement and verdict."""
    note = parse_note("Notes/Sizes.md", f"# {heading}\n\n{text}\n".encode())
    known = catalogue()
    subjects = {each.index: known[subject] for each in note.sections} if subject else {}
    claims = check_note(note, subjects, catalogue=known)
    return {f"{each.position.line}:{each.text}": each.status.value for each in claims}


def test_a_row_names_the_network_and_a_column_what_is_counted() -> None:
    found = statuses(
        "| model | parameters | GFLOPs | layers | Params (M) | top-1 | size (MB) |\n"
        "|---|---|---|---|---:|---|---|\n"
        "| VGG-16 | 138M | 15.5 | 16 | 138 | 71.6 | 528 |\n"
        "| **ResNet-152** | 80M | 11.5 | 151 | 60.2 | 78.3 | 230 |\n"
        "| DenseNet-121 | 8M | 2.9 | 121 | 8 | 74 | 30 |\n"
    )
    assert found == {
        "5:138M": "verified", "5:15.5": "verified", "5:16": "verified", "5:138": "verified",
        "6:80M": "false", "6:11.5": "verified", "6:151": "false", "6:60.2": "verified",
    }  # fmt: skip


def test_a_column_names_the_network() -> None:
    found = statuses(
        "|  | VGG-16 | ResNet-50 |\n|---|---|---|\n| Parameters | 138M | 35.6M |\n| Depth | 16 | 50 |"
    )
    assert found == {
        "5:138M": "verified",
        "5:35.6M": "false",
        "6:16": "verified",
        "6:50": "verified",
    }


def test_two_columns_are_about_the_section() -> None:
    table = "| Property | Value |\n|---|---|\n| Parameters | 61M |\n| Layers | 9 |"
    assert statuses(table, heading="AlexNet", subject="alexnet") == {
        "5:61M": "verified",
        "6:9": "false",
    }
    assert statuses(table) == {}
    other = table.replace("Value", "DenseNet")
    assert statuses(other, heading="AlexNet", subject="alexnet") == {}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Params", Measure("parameters", 1, "mac")),
        ("#params (M)", Measure("parameters", 10**6, "mac")),
        ("Parameters [millions]", Measure("parameters", 10**6, "mac")),
        ("GFLOPs", Measure("macs", 10**9, "flop")),
        ("FLOPs (G)", Measure("macs", 10**9, "flop")),
        ("MACs", Measure("macs", 1, "mac")),
        ("Layers", Measure("depth", 1, "mac")),
        ("Params change", None),
        ("Size (MB)", None),
    ],
)
def test_labels(label: str, expected: Measure | None) -> None:
    assert measured(label) == expected
