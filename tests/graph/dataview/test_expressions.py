"""Expressions give what Dataview gives (rules sections 13 and 14)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.evaluate import Context
from generator.graph.dataview.functions import FUNCTIONS
from generator.graph.dataview.grammar import DataviewSyntaxError, parse_expression
from generator.graph.dataview.values import TooLargeError, type_of, value_text

NOW = Date.of(2024, 5, 15, 13, 30)
CASES = [
    tuple(line.split(" -> "))
    for line in (Path(__file__).parent / "fixtures" / "expressions.txt")
    .read_text("utf-8")
    .split("\n")
    if line and not line.startswith("# ")
]


def context(**variables: object) -> Context:
    this = {"file": {"name": "Convolutional_networks"}}
    return Context({"this": this, **variables}, NOW)  # type: ignore[dict-item]


def check(expression: str, kind: str, text: str) -> None:
    """The expression evaluates to this type and text, or fails with this message."""
    found_kind, found_text = outcome(expression)
    assert (found_kind, text if text == "*" else found_text) == (kind, text)


def outcome(expression: str) -> tuple[str, str]:
    try:
        value = context().evaluate(parse_expression(expression), {})
    except (DataviewSyntaxError, EvaluationError) as error:
        return "error", str(error)
    return type_of(value), value_text(value)


@pytest.mark.parametrize(("expression", "kind", "text"), CASES)
def test_rule_14_expression(expression: str, kind: str, text: str) -> None:
    check(expression, kind, text)


def test_rule_14_every_function_is_there_and_used_in_a_case() -> None:
    assert len(FUNCTIONS) == 66
    cases = "\n".join(case[0] for case in CASES)
    assert [name for name in FUNCTIONS if f"{name}(" not in cases] == []


@pytest.mark.parametrize(
    ("shorthand", "text"),
    [
        ("now", "1:30 PM - May 15, 2024"),
        ("today", "May 15, 2024"),
        ("yesterday", "May 14, 2024"),
        ("tomorrow", "May 16, 2024"),
        ("sow", "May 13, 2024"),
        ("start-of-week", "May 13, 2024"),
        ("eow", "11:59 PM - May 19, 2024"),
        ("som", "May 01, 2024"),
        ("end-of-month", "11:59 PM - May 31, 2024"),
        ("soy", "January 01, 2024"),
        ("eoy", "11:59 PM - December 31, 2024"),
    ],
)
def test_rule_13_10_date_shorthands(shorthand: str, text: str) -> None:
    check(f"date({shorthand})", "date", text)
    check(f'date("{shorthand}")', "date", text)


@pytest.mark.parametrize(
    "unit",
    [
        "year",
        "yr",
        "years",
        "yrs",
        "month",
        "mo",
        "week",
        "wk",
        "w",
        "day",
        "d",
        "hour",
        "hr",
        "h",
        "minute",
        "min",
        "m",
        "second",
        "sec",
        "s",
    ],
)
def test_rule_13_10_duration_units(unit: str) -> None:
    value = context().evaluate(parse_expression(f"dur(2 {unit}) > dur(1 {unit})"), {})
    assert value is True


def test_rule_13_8_row_reaches_fields_that_are_keywords() -> None:
    value = context().evaluate(
        parse_expression('row["where"] + row.this.file.name'), {"where": "at "}
    )
    assert value == "at Convolutional_networks"


def test_rule_13_8_names_with_letters_of_any_script_and_emoji() -> None:
    row = {"größe": 1.0, "名前": 2.0, "🎄": 3.0, "a_b-c1": 4.0}
    value = context().evaluate(parse_expression("größe + 名前 + 🎄 + a_b-c1"), row)
    assert value == 10


def test_a_lambda_sees_the_row_and_its_arguments_first() -> None:
    value = context().evaluate(parse_expression("map([1,2], (x) => x * n)"), {"n": 10.0, "x": 99.0})
    assert value == (10.0, 20.0)


@pytest.mark.parametrize(
    "bomb",
    [
        '"a" * 1000000000',
        'padleft("a", 1000000000)',
        'padright("a", 5 / 0, "x")',
        'reduce(split(padleft("", 60), ""), (a, b) => a + a + "x")',
        'reduce(split(padleft("", 60), ""), (a, b) => list(a, a))',
        'string(reduce(split(padleft("", 60), ""), (a, b) => list(a, a)))',
        'map(flat(map(split(padleft("", 3000), ""), (x) => split(padleft("", 3000), ""))), (x) => x)',
        'regextest("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")',
        'replace(padleft("", 1000, "a"), "a", padleft("", 100000, "b"))',
    ],
)
def test_no_expression_can_take_all_time_or_memory(bomb: str) -> None:
    expression = parse_expression(bomb)
    with pytest.raises((EvaluationError, TooLargeError)):
        value_text(context().evaluate(expression, {}), room=1000)


def test_running_out_of_steps_is_an_error_of_its_own() -> None:
    small = Context({}, NOW, steps=10)
    with pytest.raises(OutOfBudgetError):
        small.evaluate(parse_expression("1+1+1+1+1+1+1+1+1+1+1+1"), {})


def test_long_and_deep_expressions() -> None:
    assert context().evaluate(parse_expression("+".join(["1"] * 20000)), {}) == 20000
    for deep in (
        "(" * 5000 + "1",
        "[" * 5000,
        "!" * 5000 + "1",
        "f(" * 5000,
        "a" + ".b" * 5000,
        "{a:" * 5000,
    ):
        with pytest.raises(DataviewSyntaxError):
            parse_expression(deep)


EXPRESSION_PARTS = st.sampled_from(
    [
        "1",
        "2.5",
        '"x"',
        '"a\\"',
        "date(today)",
        "date(2021-01-31)",
        "dur(1h)",
        "[[a|b]]",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        ".",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "=",
        "!=",
        "and",
        "or",
        "!",
        "null",
        "true",
        "x",
        "this",
        "row",
        "file.name",
        "length",
        "map",
        "filter",
        "(x)",
        "=>",
        "x",
        "🎄",
        "é",
        "#",
        "'",
        "&",
        "|",
        "list(1,null)",
        "regexreplace",
        "split",
    ]
)


@given(
    st.lists(EXPRESSION_PARTS, max_size=14).map(" ".join)
    | st.lists(EXPRESSION_PARTS, max_size=14).map("".join)
    | st.text(max_size=40)
)
def test_any_text_is_a_value_or_an_error(text: str) -> None:
    try:
        value = context().evaluate(parse_expression(text), {})
        assert isinstance(value_text(value), str)
    except (DataviewSyntaxError, EvaluationError):
        pass
