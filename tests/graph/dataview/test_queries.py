"""Queries: what each clause does, in the order written (rules section 13)."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.graph.dataview import evaluate_inline, run_query
from generator.graph.dataview.results import (
    CalendarResult,
    ListResult,
    QueryError,
    TableResult,
    TaskGroup,
    TaskItem,
    TaskResult,
    ValueResult,
)
from generator.graph.dataview.values import value_text
from tests.graph.dataview.vault import NOW, make_graph

EXECUTE = sys.modules["generator.graph.dataview.execute"]  # the module, not the function

GRAPH = make_graph(
    {
        "Q.md": "title:: The queries",
        "b/One.md": "n:: 1\nkind:: x\nwhen:: 2024-01-01\nl:: 1, 2\n- [ ] first task [due:: 2024-05-01]\n  - [x] below\n- [x] other",
        "b/Two.md": "n:: 2\nkind:: y\nwhen:: 2024-02-03\nl:: 3\n- [ ] in two",
        "b/Three.md": "n:: 3\nkind:: x\nwhen:: 2024-02-03\nname:: [[One]]",
        "b/Four.md": "n:: four\nkind:: z",
    },
    rows__csv="Name,Count\n# comment\nres net,18\nvgg,\n",
)


def table(query: str) -> tuple[list[str], list[list[str]]]:
    result = run_query(GRAPH, "Q.md", query, now=NOW)
    assert isinstance(result, TableResult), result
    return list(result.headers), [[value_text(cell) for cell in row] for row in result.rows]


def items(query: str) -> list[str]:
    result = run_query(GRAPH, "Q.md", query, now=NOW)
    assert isinstance(result, ListResult), result
    return [value_text(item) for item in result.items]


def error(query: str) -> str:
    result = run_query(GRAPH, "Q.md", query, now=NOW)
    assert isinstance(result, QueryError), result
    return result.message


def test_rule_13_1_keywords_in_any_case_and_operations_in_any_order() -> None:
    assert items('LIST FROM "b" WHERE number(n) LIMIT 1') == ["[[b/One.md|One]]"]
    assert items('lIsT n froM "b" lImIt 2 wHere kind = "y" sOrt n') == []
    assert items('list from "b" sort n desc limit 2 where n = 3') == ["[[b/Three.md|Three]]"]


def test_rule_13_1_table_with_and_without_id() -> None:
    assert table('TABLE n, kind AS "Kind of" FROM "b" WHERE n = 1') == (
        ["File", "n", "Kind of"],
        [["[[b/One.md|One]]", "1", "x"]],
    )
    assert table('TABLE WITHOUT ID n + 1\nFROM "b" WHERE n = 1') == (["n + 1"], [["2"]])
    assert table('TABLE FROM "b" LIMIT 1') == (["File"], [["[[b/Four.md|Four]]"]])


def test_rule_13_1_list_with_value() -> None:
    assert items('LIST n FROM "b" WHERE n = 1') == ["[[b/One.md|One]]: 1"]
    assert items('LIST WITHOUT ID n * 2 FROM "b" WHERE n = 1') == ["2"]


def test_rule_13_1_a_second_from_and_wrong_spacing_are_errors() -> None:
    assert "Unrecognized query operation" in error('LIST FROM "b" WHERE n FROM "c"')
    assert "PARSING FAILED" in error('LIST FROM "b" GROUP  BY n')


def test_rule_13_2_column_names_are_the_text_without_line_ends() -> None:
    assert table('TABLE WITHOUT ID choice(n = 1,\n   "a",\n  "b") FROM "b" LIMIT 1')[0] == [
        'choice(n = 1,"a","b")'
    ]


def test_rule_13_3_comments() -> None:
    query = '// first\nLIST\n// no\nFROM "b"\n// WHERE n = 1\nWHERE n = 2\n//'
    assert items(query) == ["[[b/Two.md|Two]]"]


def test_rule_13_4_rows_of_a_table_file() -> None:
    assert table('TABLE WITHOUT ID name, count FROM csv("rows.csv")')[1] == [
        ["res net", "18"],
        ["vgg", "\\-"],
    ]
    assert "Could not find" in error('LIST FROM csv("none.csv")')


def test_rule_13_5_sort_is_stable_and_takes_several_keys() -> None:
    assert table('TABLE WITHOUT ID n FROM "b" SORT kind DESC, n ASC')[1] == [
        ["four"],
        ["2"],
        ["1"],
        ["3"],
    ]
    assert items('LIST FROM "b" SORT missing DESC') == [
        "[[b/Four.md|Four]]", "[[b/One.md|One]]", "[[b/Three.md|Three]]", "[[b/Two.md|Two]]",
    ]  # fmt: skip


def test_rule_13_5_limit_needs_a_number() -> None:
    assert len(items('LIST FROM "b" LIMIT 1 + 1')) == 2
    assert "limit should be a number, but got 'string'" in error('LIST FROM "b" LIMIT "x"')


def test_rule_13_5_flatten_lists_scalars_and_empty_lists() -> None:
    assert table('TABLE WITHOUT ID n, l FROM "b" FLATTEN l')[1] == [
        ["four", "\\-"], ["1", "1"], ["1", "2"], ["3", "\\-"], ["2", "3"],
    ]  # fmt: skip
    assert items('LIST FROM "b" FLATTEN list() AS e') == []
    assert table('TABLE WITHOUT ID e FROM "b" WHERE n = 1 FLATTEN map(l, (x) => x * 10) AS e')[
        1
    ] == [
        ["10"],
        ["20"],
    ]


def test_rule_13_5_groups_have_key_rows_and_their_name() -> None:
    headers, rows = table('TABLE rows.n, length(rows), key, kind FROM "b" GROUP BY kind')
    assert headers == ["kind", "rows.n", "length(rows)", "key", "kind"]
    assert rows == [
        ["x", "1, 3", "2", "x", "x"],
        ["y", "2", "1", "y", "y"],
        ["z", "four", "1", "z", "z"],
    ]
    assert items('LIST rows.file.link FROM "b" GROUP BY when') == [
        "\\-: [[b/Four.md|Four]]",
        "January 01, 2024: [[b/One.md|One]]",
        "February 03, 2024: [[b/Three.md|Three]], [[b/Two.md|Two]]",
    ]


def test_rule_13_6_failing_rows_are_left_out_unless_all_fail() -> None:
    assert table('TABLE WITHOUT ID n - 1 FROM "b"')[1] == [["0"], ["2"], ["1"]]
    message = error('LIST FROM "b" WHERE kind - 1')
    assert message.startswith("Every row during operation 'where' failed with an error; first 3:")
    assert "No implementation found for 'string - number'" in message


def test_rule_13_7_a_group_is_the_id_column() -> None:
    assert table('TABLE length(rows) FROM "b" GROUP BY kind = "x" AS is_x') == (
        ["is_x", "length(rows)"],
        [["false", "2"], ["true", "2"]],
    )


def test_rule_13_11_indexing_follows_links_and_maps_lists() -> None:
    assert items('LIST WITHOUT ID name.kind FROM "b" WHERE n = 3') == ["x"]
    assert items('LIST WITHOUT ID this.title FROM "b" LIMIT 1') == ["The queries"]


def tasks(query: str) -> TaskResult:
    result = run_query(GRAPH, "Q.md", query, now=NOW)
    assert isinstance(result, TaskResult), result
    return result


def test_tasks_stand_once_below_their_parent() -> None:
    found = tasks('TASK FROM "b"').entries
    assert [entry.text for entry in found if isinstance(entry, TaskItem)] == [
        "first task [due:: 2024-05-01]", "other", "in two",
    ]  # fmt: skip
    first = found[0]
    assert isinstance(first, TaskItem)
    assert [child.text for child in first.children] == ["below"]
    assert (first.status, first.path, first.line) == (" ", "b/One.md", 5)


def test_tasks_are_filtered_by_their_own_and_their_notes_fields() -> None:
    assert [
        e.text for e in tasks("TASK WHERE !completed AND n = 2").entries if isinstance(e, TaskItem)
    ] == ["in two"]
    assert [e.text for e in tasks("TASK WHERE completed").entries if isinstance(e, TaskItem)] == [
        "below",
        "other",
    ]


def test_tasks_in_groups() -> None:
    first, second = tasks("TASK WHERE !completed GROUP BY file.link").entries
    assert isinstance(first, TaskGroup)
    assert isinstance(second, TaskGroup)
    assert (value_text(first.key), first.count) == ("[[b/One.md|One]]", 1)
    assert (value_text(second.key), second.count) == ("[[b/Two.md|Two]]", 1)


def test_calendars_collect_notes_by_day() -> None:
    result = run_query(GRAPH, "Q.md", 'CALENDAR when FROM "b"', now=NOW)
    assert isinstance(result, CalendarResult)
    assert [(day.moment.date().isoformat(), len(links)) for day, links in result.days] == [
        ("2024-01-01", 1),
        ("2024-02-03", 2),
    ]
    assert "needs dates" in error('CALENDAR kind FROM "b"')


@pytest.mark.parametrize(
    ("query", "line", "says"),
    [
        ("TABEL x", "> 1 | TABEL x\n    | ^", "TABLE or LIST or TASK or CALENDAR"),
        ("LIST\nFROM #a\nWHERE (x", "Got the end of the input", "WHERE <expression>"),
        ("TABLE a, FROM #x", "> 1 | TABLE a, FROM #x\n    |              ^", "variable"),
        ("LIST WHERE ! x", "> 1 | LIST WHERE ! x\n    |              ^", "WHERE <expression>"),
        ('LIST FROM "b"\nWHERE n = \n,', "> 3 | ,\n    | ^", "list ('[1, 2, 3]'), negated field"),
        ("TABLE a AS\n", "", ""),
        ("", "Got the end of the input", "TABLE or LIST or TASK or CALENDAR"),
        ("LIST SORT n", "> 1 | LIST SORT n\n    |           ^", "WHERE <expression>"),
    ],
)
def test_syntax_errors_are_shown_as_dataview_shows_them(query: str, line: str, says: str) -> None:
    message = error(query)
    assert message.startswith("Error: \n-- PARSING FAILED " + "-" * 50 + "\n\n")
    assert line in message
    assert says in message


def test_a_syntax_error_has_its_place() -> None:
    result = run_query(GRAPH, "Q.md", "LIST\nFROM ^", now=NOW)
    assert isinstance(result, QueryError)
    assert (result.kind, result.offset) == ("syntax", 10)


def test_inline_queries() -> None:
    def inline(text: str) -> str:
        result = evaluate_inline(GRAPH, "Q.md", text, now=NOW)
        return (
            value_text(result.value)
            if isinstance(result, ValueResult)
            else "error: " + result.message
        )

    assert inline(" this.title ") == "The queries"
    assert inline("[[One]].n + 1") == "2"
    assert inline("date(today)") == "May 15, 2024"
    assert inline("file.name") == "\\-"
    assert inline("nope()") == "error: Unrecognized function name 'nope'"
    assert inline("1 +").startswith("error: Error: \n-- PARSING FAILED")


def test_rule_13_6_errors_are_labelled_as_dataview_labels_them() -> None:
    block = run_query(GRAPH, "Q.md", "LIST nope(1)", now=NOW)
    assert isinstance(block, QueryError)
    assert block.label == "Dataview: "
    assert block.message.startswith("Every row during final data extraction failed with an error;")
    inline = evaluate_inline(GRAPH, "Q.md", " nope() ", now=NOW)
    assert isinstance(inline, QueryError)
    assert inline.label == "Dataview (for inline query 'nope()'): "


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('LIST FROM "b" FROM #x', "Unrecognized query operation 'tag'"),
        ('LIST FROM "b" FROM "c"', "Unrecognized query operation 'folder'"),
        (
            "LIST LIMIT null",
            "Failed to execute 'limit' statement: limit should be a number, but got 'null' (null)",
        ),
    ],
)
def test_messages_of_queries_that_cannot_run(query: str, message: str) -> None:
    assert error(query) == message


HUNGRY = (
    "LIST FLATTEN l AS a FLATTEN l AS b FLATTEN l AS c FLATTEN l AS d FLATTEN l AS e FLATTEN l AS f",
    "LIST map(l, (a) => map(l, (b) => map(l, (c) => map(l, (d) => map(l, (e) => map(l, (f) => f))))))",
    'LIST sort(split("abcdefgh" * 60000, ""))',
    'LIST unique(split("a" * 500000, ""))',
    'LIST dateformat(date(now), "yyyy" * 200000)',
    'LIST hash("a" * 900000, "b")',
    'LIST "a" * 900000 < "b" * 900000',
    'LIST padleft("a", 100000000)',
)


@pytest.mark.parametrize("query", HUNGRY)
def test_what_explodes_is_stopped(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EXECUTE, "STEPS", 300_000)
    graph = make_graph(
        {f"{n}.md": "---\nl: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n---" for n in range(5)}
    )
    start = time.process_time()
    result = run_query(graph, "1.md", query, now=NOW)
    assert time.process_time() - start < 2
    assert isinstance(result, QueryError)
    assert result.message in (
        "The query takes too many steps.",
        "The query makes too long a text.",
    )


def test_where_many_queries_explode_each_gets_fewer_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(EXECUTE, "STEPS", 20_000)
    graph = make_graph({"1.md": "l:: 1"})
    needs = 'LIST length(split("a" * 3000, ""))'
    assert isinstance(run_query(graph, "1.md", needs, now=NOW), ListResult)
    for _ in range(EXECUTE.MOST_EXHAUSTED):
        assert isinstance(run_query(graph, "1.md", HUNGRY[3], now=NOW), QueryError)
    assert isinstance(run_query(graph, "1.md", needs, now=NOW), QueryError)
    assert isinstance(run_query(graph, "1.md", "LIST l", now=NOW), ListResult)


def test_only_visible_notes_exist() -> None:
    result = run_query(GRAPH, "Q.md", "LIST", now=NOW, visible=frozenset({"Q.md", "b/One.md"}))
    assert isinstance(result, ListResult)
    assert [value_text(item) for item in result.items] == ["[[Q.md|Q]]", "[[b/One.md|One]]"]


PARTS = st.sampled_from(
    'TABLE LIST TASK CALENDAR WITHOUT ID FROM WHERE SORT GROUP BY FLATTEN LIMIT AS DESC ASC "b" #tag [[One]] outgoing( csv( '
    '( ) - ! and or | & , n kind rows key file.link length( "x" 1 + = > date(today) // \\n l when this'.replace(
        "\\n", "\n"
    ).split(" ")
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=12).map(" ".join) | st.text(max_size=50))
def test_any_text_gives_a_result_or_an_error_and_always_the_same(text: str) -> None:
    first = run_query(GRAPH, "Q.md", text, now=NOW)
    assert first == run_query(GRAPH, "Q.md", text, now=NOW)
