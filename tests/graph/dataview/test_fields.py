"""Inline fields of whole notes as their page shows them (rules 11.1 to 11.10)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.graph.dataview import PageIndex
from generator.graph.dataview.values import value_text
from tests.graph.dataview.vault import make_graph


def fields(text: str) -> dict[str, str]:
    page = PageIndex.of(make_graph({"n.md": text})).page("n.md")
    assert page is not None
    return {key: value_text(value) for key, value in page.items() if key != "file"}


def check(text: str, **expected: str) -> None:
    """A note has exactly these fields, besides canonical copies; ``_`` in names is a blank."""
    found = fields(text)
    names = {name.replace("_", " "): each for name, each in expected.items()}
    assert {key: each for key, each in found.items() if key in names} == names
    canonical = {name.lower().replace(" ", "-") for name in names}
    assert set(found) <= set(names) | canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 11.1 bracketed fields, with nesting and escapes
        ("a [k:: v] b", {"k": "v"}),
        ("a (k:: v) b", {"k": "v"}),
        ("[k:: [a] b]", {"k": "[a] b"}),
        ("[k:: a \\] b]", {"k": "a \\] b"}),
        ("[a [k:: v]]", {"k": "v"}),
        # 11.2 a bracketed field forbids the full-line form
        ("see x:: 1 [y:: 2]", {"y": "2"}),
        # 11.3 the full-line form and its keys
        ("Key:: value", {"Key": "value"}),
        ("**Bold Field**:: Nice!", {"Bold Field": "Nice!"}),
        ("> q:: 1", {"q": "1"}),
        ("# H k:: v", {"H k": "v"}),
        ("a [[b]] k:: v", {}),
        ("> [!note] co:: title\n> body:: 1 [b:: 2]", {"b": "2"}),
        ("> [!note] co (k:: v)\n> body:: 1", {"k": "v", "body": "1"}),
        ("empty::", {"empty": "\\-"}),
        # 11.5 repeated keys make a list, properties first
        ("a:: 1\na:: 2", {"a": "1, 2"}),
        ("---\na: 0\n---\na:: 1", {"a": "0, 1"}),
        ("t:: x\nt:: y\n- t:: z", {"t": "z, x, y"}),
        # 11.7 list items
        ("- k:: v", {"k": "v"}),
        ("- words before k:: v", {"words before k": "v"}),
        ("- x [k:: v] y", {"k": "v"}),
        ("- [ ] do k:: v", {}),
        ("- [ ] do [k:: v]", {}),
        # 11.8 dates of tasks stay in the task
        ("- [ ] do 📅 2024-05-01", {}),
        # 11.9 code is left out (a deviation, so that C++ makes no fields)
        ("```cpp\nstd::vector x;\n```", {}),
        ("`a:: b`", {}),
        # 11.10 very long lines are skipped
        ("k:: " + "x" * 40000, {}),
    ],
)
def test_rule_11_fields(text: str, expected: dict[str, str]) -> None:
    check(text, **{name.replace(" ", "_"): value for name, value in expected.items()})


def test_rule_11_4_canonical_copies() -> None:
    assert fields("Basic Field:: 1") == {"Basic Field": "1", "basic-field": "1"}
    assert fields("Basic Field:: 1\nbasic-field:: 2") == {"Basic Field": "1", "basic-field": "2"}
    assert fields("A b:: 1\na B:: 2")["a-b"] == "1, 2"


def test_rule_11_8_dates_by_emoji_beside_bracketed_ones() -> None:
    text = "- [x] t ➕ 2024-01-01 🛫 2024-01-02 ⏳ 2024-01-03 📅 2024-01-04 ✅ 2024-01-05 [due:: 2024-02-01]"
    page = PageIndex.of(make_graph({"n.md": text})).page("n.md")
    assert page is not None
    file = page["file"]
    assert isinstance(file, Mapping)
    tasks = file["tasks"]
    assert isinstance(tasks, tuple)
    (task,) = tasks
    assert isinstance(task, Mapping)
    days = {
        name: value_text(task[name])[:16]
        for name in ("created", "start", "scheduled", "completion")
    }
    assert days == {
        "created": "January 01, 2024",
        "start": "January 02, 2024",
        "scheduled": "January 03, 2024",
        "completion": "January 05, 2024",
    }
    assert value_text(task["due"]) == "January 04, 2024"
