"""Whatever a note says, its text stands for itself in generated code and nothing else."""

from __future__ import annotations

import ast
import tokenize
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.emit.models.header import first_line
from generator.emit.models.literals import comment, docstring, literal, one_line

HOSTILE = [
    '"""; import os; """',
    "\\",
    '\\"""',
    'ends in a quote"',
    "ends in a backslash\\",
    "line\nbreak\rreturn\x0bfeed\x0c\x85\u2028\u2029",
    "{{ braces }} {% raw %} {# #}",
    "coding: utf-7",
    "-*- coding=latin-1 -*-",
    "right-to-left \u202e override \u2066",
    "null \x00 byte",
    "lone \udc80 surrogate",
    "'''; raise SystemExit",
    "#",
    "",
]


def check(text: str) -> None:
    """A docstring of the text is one string, a comment of it one comment."""
    body = ast.parse(f"def f():\n    {docstring(text)}\n").body
    assert len(body) == 1
    assert isinstance(body[0], ast.FunctionDef)
    assert len(body[0].body) == 1
    assert ast.get_docstring(body[0]) is not None

    source = f"# {comment(text)}\nx = 1\n".encode()
    encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
    assert encoding == "utf-8"
    assert len(ast.parse(source).body) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    check(text)


@given(st.text())
def test_any_text_is_text(text: str) -> None:
    check(text)


@given(st.lists(st.text(), max_size=4))
def test_the_first_line_declares_no_encoding(sources: list[str]) -> None:
    line = first_line(sources)
    assert "\n" not in line
    assert tokenize.detect_encoding(BytesIO(f"{line}\nx = 1\n".encode()).readline)[0] == "utf-8"
    assert ast.parse(f"{line}\nx = 1\n").body


@pytest.mark.parametrize(
    "text",
    ["plain", "back\\slash", r"\frac{1}{2}", "two\nlines", 'a "quoted" word', "tab\tstop"],
)
def test_a_docstring_says_what_was_said(text: str) -> None:
    value = ast.literal_eval(docstring(text))
    assert " ".join(value.split()) == " ".join(text.split())


def test_a_formula_stays_readable() -> None:
    assert docstring(r"y = \max(0, x)") == 'r"""y = \\max(0, x)"""'


@pytest.mark.parametrize(
    "value",
    [True, 0, 10_000, -3, 0.1, 1e-5, "it's", (), (1,), (1, (2, 3)), ({"name": "3a", "w": 64},)],
)
def test_a_literal_reads_back(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_without_a_literal_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="literal"):
        literal(value)


@pytest.mark.parametrize("value", [None, {1}, b"bytes", object()])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        literal(value)  # type: ignore[arg-type]


def test_one_line_shows_what_cannot_be_seen() -> None:
    assert one_line("a\u202eb\n c") == "a\\u202eb c"
