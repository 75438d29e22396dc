"""Results as HTML pieces (rules 13.7 and 16)."""

from __future__ import annotations

import pytest

from generator.graph.dataview.dates import Date, Duration
from generator.graph.dataview.render import render
from generator.graph.dataview.results import (
    CalendarResult,
    ListResult,
    QueryError,
    ScriptResult,
    TableResult,
    TaskGroup,
    TaskItem,
    TaskResult,
    ValueResult,
)
from generator.graph.dataview.values import (
    Element,
    ExternalLink,
    Function,
    ListPair,
    Markup,
    Rendered,
    Value,
    ValueLink,
)


def html(result: object) -> str:
    """The HTML with links as ``<L path|text>`` and Markdown as ``<M text>``."""
    pieces = render(
        result,  # type: ignore[arg-type]
        "n.md",
        markdown=lambda text, path: (("M", text, path),),
        link=lambda link, shown: ("L", link.path, shown),
    )
    return "".join(p if isinstance(p, str) else f"<{p[0]} {p[1]}|{p[2]}>" for p in pieces)


def check(value: Value, expected: str, *, inline: bool = False) -> None:
    """A value in a list item (or inline) is written so."""
    if inline:
        shown = html(ValueResult(value))
        assert shown == f'<span class="dataview dataview-inline-query">{expected}</span>'
    else:
        assert (
            html(ListResult((value,)))
            == f'<ul class="dataview list-view-ul"><li>{expected}</li></ul>'
        )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "-"),
        (True, "true"),
        (1.5, "1.5"),
        ("plain words", "plain words"),
        ("**b** <i>", "<M **b** <i>|n.md>"),
        ("1. a", "<M 1. a|n.md>"),
        ("", ""),
        (Date.of(2024, 1, 2), "January 02, 2024"),
        (Date.of(2024, 1, 2, 13, offset=60), "12:00 PM - January 02, 2024"),
        (Duration.of(hours=1), "1 hour"),
        (ValueLink("a/B.md"), "<L a/B.md|B>"),
        (ValueLink("a/B.md", "<x>"), "<L a/B.md|&lt;x&gt;>"),
        (ValueLink("a/B.md", None, "H", False, "header"), "<L a/B.md|B &gt; H>"),
        (
            ExternalLink("https://a.org/?a=1&b", "<d>"),
            '<a class="external-link" rel="noopener" href="https://a.org/?a=1&amp;b">&lt;d&gt;</a>',
        ),
        (ExternalLink("javascript:alert(1)", "x"), "x"),
        (Function(lambda: None), "&lt;function&gt;"),
        (ListPair(ValueLink("A.md"), 1.0), "<L A.md|A>: 1"),
        (
            (1.0, "b"),
            '<ul class="dataview dataview-ul dataview-result-list-ul">'
            '<li class="dataview-result-list-li">1</li><li class="dataview-result-list-li">b</li></ul>',
        ),
        (
            {"<k>": 1.0},
            '<ul class="dataview dataview-ul dataview-result-object-ul">'
            '<li class="dataview dataview-li dataview-result-object-li"><b>&lt;k&gt;</b>: 1</li></ul>',
        ),
    ],
)
def test_rule_16_1_values(value: Value, expected: str) -> None:
    check(value, expected)


def test_rule_16_1_inline_lists_stay_on_one_line() -> None:
    check(
        (1.0, (2.0,)),
        '<span class="dataview dataview-result-list-span">1, <span class="dataview dataview-result-list-span">2</span></span>',
        inline=True,
    )
    check((), "&lt;empty list&gt;", inline=True)
    check({"a": 1.0}, '<span class="dataview dataview-result-object-span">a: 1</span>', inline=True)


def test_values_end_at_a_depth() -> None:
    deep: Value = ("bottom",)
    for _ in range(200):
        deep = (deep,)
    shown = html(ListResult((deep,)))
    assert "..." in shown
    assert "bottom" not in shown


def test_rule_13_7_a_table_counts_its_rows() -> None:
    shown = html(
        TableResult(("File", "*n*"), ((ValueLink("A.md"), 1.0), (ValueLink("B.md"), None)))
    )
    assert 'File <span class="dataview small-text">(2)</span>' in shown
    assert '<th class="table-view-th"><M *n*|n.md></th>' in shown
    assert "<tr><td><L B.md|B></td><td>-</td></tr>" in shown
    assert "No results to show for table query." in html(TableResult(("File",), ()))


def test_empty_lists_and_tasks_say_so() -> None:
    assert "No results to show for list query." in html(ListResult(()))
    assert "No results to show for task query." in html(TaskResult(()))
    assert "0 results" in html(CalendarResult(()))


def test_tasks_are_lists_with_boxes() -> None:
    child = TaskItem("below", None, "t.md", 3, ValueLink("t.md"))
    items = (
        TaskItem("*a*", "x", "t.md", 1, ValueLink("t.md"), (child,)),
        TaskItem("b", '"', "t.md", 2, ValueLink("t.md")),
    )
    shown = html(TaskResult((TaskGroup("key", items, 2),)))
    assert '<h4>key <span class="dataview small-text">(2)</span></h4>' in shown
    assert (
        'class="dataview task-list-item is-checked" data-task="x"><input class="dataview task-list-item-checkbox" type="checkbox" disabled checked> <M *a*|t.md>'
        in shown
    )
    assert '<li class="dataview task-list-basic-item">below</li>' in shown
    assert 'data-task="&quot;"' in shown


def test_a_calendar_has_a_table_a_month() -> None:
    days = (
        (Date.of(2024, 2, 29), (ValueLink("A.md"), ValueLink("B.md"))),
        (Date.of(2024, 3, 1), (ValueLink("C.md"),)),
    )
    shown = html(CalendarResult(days))
    assert "<caption>February 2024</caption>" in shown
    assert "<td>29<br><L A.md|A><br><L B.md|B></td>" in shown
    assert "<caption>March 2024</caption>" in shown


def test_errors_are_shown_as_text() -> None:
    shown = html(QueryError("Error: <b>", cause="Do <this>."))
    assert (
        shown == '<pre class="dataview dataview-error">Error: &lt;b&gt;\n\nDo &lt;this&gt;.</pre>'
    )


def test_what_scripts_write_is_made_harmless_and_what_is_ours_stays() -> None:
    result = ScriptResult(
        (
            Element(
                "p",
                (
                    ("class", "x nt-y"),
                    ("onclick", "alert(1)"),
                    ("style", "color: red; position: fixed"),
                ),
                ("a < b", Rendered("**m**")),
            ),
            Element("script", (), ("alert(1)",)),
            Element('img src=x onerror="alert(1)"', (), ("kept text",)),
            Element("a", (("href", "javascript:alert(1)"),), ("go",)),
            Markup("<b onmouseover=x>bold</b><script>alert(2)</script><img src=y onerror=z>"),
            TaskResult((TaskItem("t", " ", "t.md", 1, ValueLink("t.md")),)),
            Rendered((ValueLink("A.md"),)),
        )
    )
    shown = html(result)
    assert '<p class="x" style="color:red">a &lt; b<M **m**|n.md></p>' in shown
    for bad in (
        "alert",
        "onclick",
        "onerror",
        "onmouseover",
        "<script",
        "nt-y",
        "javascript",
        "position",
    ):
        assert bad not in shown
    assert "kept text" in shown
    assert "<b>bold</b>" in shown
    assert '<input class="dataview task-list-item-checkbox" type="checkbox" disabled>' in shown
    assert "<L A.md|A>" in shown


def test_a_script_cannot_write_the_marker_of_a_piece() -> None:
    link = Rendered(ValueLink("A.md"))
    shown = html(ScriptResult((Element("i", (), ("nt0123456789abcdef0z",)), link)))
    assert shown.count("<L A.md|A>") == 1
