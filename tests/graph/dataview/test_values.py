"""Values: their order and text, and what field texts and properties mean (rules 11, 12.5, 13.13)."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.dataview.collation import compare_text
from generator.graph.dataview.dates import Date, Duration
from generator.graph.dataview.inline_values import canonical_name, inline_value, property_value
from generator.graph.dataview.numbers import number_text, rounded_to
from generator.graph.dataview.values import Value, compare, type_of, value_text

TEXTS_IN_ORDER = json.loads(
    (Path(__file__).parent / "fixtures" / "text_order.json").read_text("utf-8")
)


def check_field(text: str, kind: str, shown: str) -> None:
    """An inline field's text has this type and text."""
    value = inline_value(text)
    assert (type_of(value), value_text(value)) == (kind, shown)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("2021-08-04", "date", "August 04, 2021"),
        ("2021-08", "date", "August 01, 2021"),
        ("2021-08-04T10:30", "date", "10:30 AM - August 04, 2021"),
        ("2021-13-01", "string", "2021-13-01"),
        ("7 hours, 3 minutes", "duration", "7 hours, 3 minutes"),
        ("90m", "duration", "1 hour, 30 minutes"),
        ('"quoted, text"', "string", "quoted, text"),
        ("#tag", "string", "#tag"),
        ("[[A]]", "link", "[[A|A]]"),
        ("![[A.png|100]]", "link", "![[A.png|100]]"),
        ("true", "boolean", "true"),
        ("False", "boolean", "false"),
        ("-3.5", "number", "-3.5"),
        ("null", "string", "null"),
        ("1, null", "array", "1, null"),
        ("", "null", "\\-"),
        ("   ", "null", "\\-"),
        ('1, 2, "x"', "array", "1, 2, x"),
        ("1,", "array", "1"),
        ("a, b", "string", "a, b"),
        ("1, b", "string", "1, b"),
        ("[[A]], [[B]]", "array", "[[A|A]], [[B|B]]"),
        ("[[A]] and [[B]]", "string", "[[A]] and [[B]]"),
        ("3.5kg", "string", "3.5kg"),
        ("1:30", "string", "1:30"),
        ("truely", "string", "truely"),
        ("3d printer", "string", "3d printer"),
        ("2021-08-04 later", "string", "2021-08-04 later"),
        ("plain words", "string", "plain words"),
    ],
)
def test_rule_11_6_field_values(text: str, kind: str, shown: str) -> None:
    check_field(text, kind, shown)


def test_rule_11_11_property_values() -> None:
    value = property_value(
        {
            "day": "2024-01-02",
            "time": "3 hours",
            "to": "[[N]]",
            "text": "x, y",
            "n": 3,
            "l": (True, None),
        }
    )
    assert isinstance(value, dict)
    assert [type_of(each) for each in value.values()] == [
        "date",
        "duration",
        "link",
        "string",
        "number",
        "array",
    ]
    # A quoted number, tag or list stays text: only inline fields read those.
    assert property_value("5") == "5"
    assert property_value("#tag") == "#tag"
    assert value_text(property_value(10**400)) == "Infinity"


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Basic Field", "basic-field"),
        ("a_b-C1", "a_b-c1"),
        ("What? (now)", "what-now"),
        ("Größe", "größe"),
        ("🎄 tree", "🎄-tree"),
        ("***", ""),
        ("a  b", "a-b"),
    ],
)
def test_rule_11_4_canonical_names(name: str, canonical: str) -> None:
    assert canonical_name(name) == canonical


def test_rule_13_13_texts_are_ordered_as_readers_expect() -> None:
    for first, second in pairwise(TEXTS_IN_ORDER):
        assert compare_text(first, second) < 0, (first, second)
        assert compare_text(second, first) > 0
    assert compare_text("e\u0301", "é") == 0


ORDERED: list[Value] = [
    None,
    (1.0,),
    (1.0, 2.0),
    False,
    True,
    Date.of(2020),
    Date.of(2021),
    Duration.of(days=1),
    Duration.of(months=1),
    1.0,
    2.0,
    {"a": 1.0},
    {"a": 2.0},
    {"b": 0.0},
    "a",
    "B",
]


def test_rule_13_13_the_order_is_total() -> None:
    for i, first in enumerate(ORDERED):
        for j, second in enumerate(ORDERED):
            order = compare(first, second)
            assert (order > 0) - (order < 0) == (i > j) - (i < j), (first, second)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (0.1, "0.1"), (1e21, "1e+21"), (123456789012345680000.0, "123456789012345680000"),
        (1e-6, "0.000001"), (1.5e-7, "1.5e-7"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
        (100.0, "100"), (-2.5, "-2.5"), (float("inf"), "Infinity"), (float("nan"), "NaN"), (2.0**53, "9007199254740992"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_javascript_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text


@given(st.floats())
def test_every_number_is_read_back_from_its_text(number: float) -> None:
    text = number_text(number)
    if text not in ("NaN", "Infinity", "-Infinity"):
        assert float(text) == number


def test_rounding_goes_by_the_exact_value() -> None:
    assert rounded_to(1.005, 2) == 1.0  # 1.00499999999999989…
    assert rounded_to(2.5, 0) == 3.0
    assert rounded_to(-2.5, 0) == -3.0


@given(st.text(max_size=60))
def test_any_field_text_is_a_value(text: str) -> None:
    assert isinstance(value_text(inline_value(text)), str)
    assert inline_value(text) == inline_value(text)
