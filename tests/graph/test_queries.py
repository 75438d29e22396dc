"""Queries as holes of a note: which language, what result, which finding at which place."""

from __future__ import annotations

from dataclasses import replace

from generator.graph.bases.model import BaseResult
from generator.graph.dataview.results import (
    ListResult,
    QueryError,
    ScriptResult,
    TableResult,
    ValueResult,
)
from generator.graph.queries import Answer, answer, base_hole, query_holes
from generator.graph.search import SearchResult
from generator.vault.model import Config
from tests.graph.dataview.vault import NOW, make_graph


def answers(text: str, *, config: Config | None = None) -> list[Answer]:
    graph = make_graph({"n.md": text, "other.md": "k:: 1"}, config=config)
    return [answer(graph, "n.md", hole, now=NOW) for hole in query_holes(graph.notes["n.md"])]


def check(
    text: str, result: type, *found: tuple[str, int, int], config: Config | None = None
) -> Answer:
    """The one query of a note has this kind of result and these findings."""
    (given,) = answers(text, config=config)
    assert isinstance(given.result, result)
    places = [(d.code, d.position.line, d.position.column) for d in given.diagnostics]
    assert places == list(found)
    return given


def test_every_language() -> None:
    check("```dataview\nLIST\n```", ListResult)
    check("> ```dataview\n> TABLE k\n> ```", TableResult)
    check("```dataviewjs\ndv.span(1)\n```", ScriptResult)
    check("text `= 1 + 1` here", ValueResult)
    check("text `$= 1 + 1` here", ScriptResult)
    check("```query\nx\n```", SearchResult)
    check("```base\nviews: []\n```", BaseResult)


def test_a_search_for_lines_is_left_to_be_shown_as_its_source() -> None:
    (given,) = answers("```query\nline:(x y)\n```")
    assert given == Answer(None)


def test_findings_stand_at_the_line_and_column_in_the_note() -> None:
    check("# H\n\n```dataview\nLIST\nWHERE )\n```", QueryError, ("NT701", 5, 7))
    check("> ```dataview\n> LIST\n> WHERE )\n> ```", QueryError, ("NT701", 3, 9))
    check("```dataview\nLIST WHERE nope()\n```", QueryError, ("NT702", 1, 1))
    check("```base\nfilters:\n  and: [\n```", QueryError, ("NT701", 4, 1))
    check("a `= 1 +` b", QueryError, ("NT701", 1, 3))
    check("```dataviewjs\nlet a = 1;\nnull.x\n```", QueryError, ("NT703", 3, 1))
    check("```dataviewjs\nwhile (true);\n```", QueryError, ("NT704", 1, 1))


def test_a_missing_page_is_named() -> None:
    code = "[[Gone]]\n```dataviewjs\ndv.span(dv.page('Gone').file.name)\n```"
    given = check(code, ScriptResult, ("NT705", 2, 1))
    assert "`Gone`" in given.diagnostics[0].message
    strict = check(code, QueryError, ("NT703", 3, 11), config=Config(dataview_lenient=False))
    assert strict.diagnostics[0].hint == "There is no note `Gone`, so it has no page."


def test_errors_among_what_a_script_wrote_are_found_too() -> None:
    check("```dataviewjs\ndv.execute('LISST')\n```", ScriptResult, ("NT701", 1, 1))


def test_a_message_is_one_line() -> None:
    given = check("```dataview\nLIST WHERE nope()\n```", QueryError, ("NT702", 1, 1))
    assert "\n" not in given.diagnostics[0].message
    assert "Unrecognized function name 'nope'" in given.diagnostics[0].message


BASE = """\
views:
  - {type: table, name: First, order: [file.name]}
  - {type: list, name: Second, order: [file.name, this.file.name]}
"""


def test_rule_9_2_an_embedded_base_shows_the_view_that_is_named() -> None:
    graph = make_graph({"n.md": "one"}, x__base=BASE)
    graph = replace(graph, snapshot=replace(graph.snapshot, texts={"x.base": BASE.encode()}))
    for subpath, names in (("", ["First", "Second"]), ("#second", ["Second"])):
        result = answer(graph, "n.md", base_hole(graph, "x.base", subpath), now=NOW).result
        assert isinstance(result, BaseResult)
        assert [each.name for each in result.views] == names


def test_findings_of_an_embedded_base_stand_in_its_file() -> None:
    broken = "filters: x\nviews: [\n"
    graph = make_graph({"n.md": "one"})
    graph = replace(graph, snapshot=replace(graph.snapshot, texts={"x.base": broken.encode()}))
    (found,) = answer(graph, "n.md", base_hole(graph, "x.base"), now=NOW).diagnostics
    assert found.position.path == "x.base"
