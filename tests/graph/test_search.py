"""Embedded searches: which notes each form finds (Obsidian help: Search)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.search import run_search
from tests.graph.dataview.vault import make_graph

GRAPH = make_graph(
    {
        "pets/Cats.md": "---\nstatus: done\nempty:\n---\nThe happy cat. #pet/cat",
        "pets/Dogs.md": "---\nstatus: [draft, open]\n---\nA dog, not a cat. #pet",
        "Trains.md": 'Steam and "rail" #carpet `#pet`',
        "Hidden.md": "---\npublish: false\n---\nA cat dog. #pet",
    }
)


def check(search: str, expected: str | None) -> None:
    """The search finds these notes (by stem), or is not evaluated."""
    found = run_search(GRAPH, search)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert [GRAPH.notes[path].stem for path in found.paths] == expected.split()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("CAT", "Cats Dogs"),
        ("cat dog", "Dogs"),
        ("happy OR steam", "Cats Trains"),
        ("happy cat OR steam rail", "Cats Trains"),
        ("cat -dog", "Cats"),
        ("cat -(dog cat)", "Cats"),
        ("(happy OR steam) -rail", "Cats"),
        ('"a cat"', "Dogs"),
        (r'"\"rail\""', "Trains"),
        ("tag:#pet", "Cats Dogs"),
        ("tag:pet/cat", "Cats"),
        ("tag:#PET -tag:#pet/cat", "Dogs"),
        ("path:pets", "Cats Dogs"),
        ("file:cat", "Cats"),
        ("trains", "Trains"),
        ("content:trains", ""),
        ("[status]", "Cats Dogs"),
        ("[status:draft]", "Dogs"),
        ("[empty:null]", "Cats"),
        ("[status:null]", ""),
        ("nothing-like-this", ""),
    ],
)
def test_rule_4_11_searches(search: str, expected: str) -> None:
    check(search, expected)


@pytest.mark.parametrize(
    "search",
    ["", "  ", "line:(a b)", "task:call", "/a+/", "(cat", "cat)", "OR", "[a:b OR c]", '"x'],
)
def test_rule_4_11_what_is_not_evaluated_stays_its_source(search: str) -> None:
    check(search, None)


@given(st.text(alphabet='ab ()"-:[]/\\OR#tag', max_size=60))
def test_any_search_ends(search: str) -> None:
    run_search(GRAPH, search)


def test_deep_brackets_end() -> None:
    check("(" * 5000 + "a" + ")" * 5000, None)
