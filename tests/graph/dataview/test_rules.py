"""Single rules of Dataview that have no test beside the module they concern."""

from __future__ import annotations

import pytest

from generator.graph.dataview import evaluate_inline
from generator.graph.dataview.results import ValueResult
from generator.graph.dataview.values import Value, value_text
from tests.graph.dataview.vault import NOW, make_graph

GRAPH = make_graph({"n.md": "x:: 1", "a|b.md": ""})


def value_of(expression: str) -> Value:
    result = evaluate_inline(GRAPH, "n.md", expression, now=NOW)
    assert isinstance(result, ValueResult), result
    return result.value


@pytest.mark.parametrize(
    ("rule", "expression", "expected"),
    [
        ("12.3", "meta([[F#A: B]]).subpath", "A B"),
        ("12.3", "meta([[F#A#B]]).subpath", "A"),
        ("12.5", "string([[F]])", "[[F|F]]"),
        ("12.5", "string([[a/F.md#S]])", "[[a/F.md#S|F > S]]"),
        ("12.5", "string([[F|name]])", "[[F|name]]"),
        ("13.9", "1 + 2 * 3 > 6 and false or true", "true"),
        ("13.9", "true or true and false", "false"),
        ("13.9", "8 - 2 - 1", "5"),
        ("13.12", 'contains([["a"]], "a")', "false"),
    ],
)
def test_rule(rule: str, expression: str, expected: str) -> None:
    found = value_text(value_of(expression))
    assert found == expected, (rule, found)
