"""Bases: expressions, filters, views and what is written of them (rule 9.2)."""

from __future__ import annotations

import contextlib
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.bases import run_base
from generator.graph.bases.evaluate import Scope, read_base_duration
from generator.graph.bases.grammar import BaseSyntaxError, parse
from generator.graph.bases.model import BaseResult, CellError, ViewResult
from generator.graph.dataview import page_index
from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.execute import page_context
from generator.graph.dataview.render import render
from generator.graph.dataview.results import QueryError
from generator.graph.dataview.values import Value, value_text
from tests.graph.dataview.vault import NOW, make_graph

GRAPH = make_graph(
    {
        "Home.md": "---\ntopic: cnn\n---\n[[books/A]] ![[cover.png]]",
        "books/A.md": "---\ntags: [book, ml/vision]\nprice: 10\nage: 4\nstatus: done\ndue: 2024-05-01\nauthor: '[[books/B]]'\nTitle-Case: yes\nlist: [b, a]\nnested: {x: 1}\ncover: '[[cover.png]]'\n---\n#inline [[B]]",
        "books/B.md": "---\ntags: [book]\nprice: 2.5\nage: 2\nstatus: open\n---\n[[Home]]",
        "books/deep/C.md": "---\nprice: 7\nstatus: open\n---\n",
        "Secret.md": "---\npublish: false\nprice: 99\n---\n[[books/A]] sesame",
    },
    cover__png="",
    lost__png="",
)
INDEX = page_index(GRAPH)
NOW_DATE = Date(NOW)


def evaluate(expression: str, *, path: str = "books/A.md", **formulas: str) -> Value:
    context = page_context(page_index(GRAPH), path, NOW_DATE)
    scope = Scope(
        page_index(GRAPH),
        context,
        path,
        "Home.md",
        {name: parse(f) for name, f in formulas.items()},
    )
    return scope.evaluate(parse(expression))


def check(expression: str, text: str) -> None:
    """The expression on ``books/A.md``, standing in ``Home.md``, has this text."""
    assert value_text(evaluate(expression)) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 % 4 - 1", "2"), ("-2 + 1", "-1"), ("10 / 4", "2.5"),
        ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "true"), ("1 == 1 && 1 != 2", "true"), ("!(true || false)", "false"),
        ("'a' + 1", "a1"), ('"a" + "b"', "ab"), ("'it\\'s'", "it's"), ("[1, [2]][1][0]", "2"), ("{'a': {b: 5}}.a.b", "5"),
        ("price / age", "2.5"), ("note.price", "10"), ('note["price"]', "10"), ("PRICE", "10"), ("missing", "\\-"),
        ("missing + 1", "\\-"), ("missing > 1", "false"), ("nested.x", "1"), ("Title-Case", "yes"), ("list[0]", "b"),
        ("file.name", "A"), ("file.basename", "A"), ("file.ext", "md"), ("file.folder", "books"), ("file.path", "books/A.md"),
        ("file.tags", "#inline, #book, #ml/vision"), ("file.links.length > 0", "true"), ("file.size > 0", "true"),
        ("this.file.name", "Home"), ("this.topic", "cnn"), ("file.properties.price", "10"),
        ("file.backlinks", "[[Home.md|Home]]"),
        ("due + '1M' + '2d'", "June 03, 2024"), ("due - '1 week'", "April 24, 2024"), ("due - date('2024-04-30')", "86400000"),
        ("due > '2024-04-30'", "true"), ("due == '2024-05-01'", "true"), ("due.year + due.month", "2029"),
        ("now() > today()", "true"), ("(now() + '1d') - now()", "86400000"), ("due < now()", "true"),
        ("duration('5h') * 2 - duration('1h')", "9 hours"), ("date('2024-12-01') + '1M' + '4h' + '3m'", "4:03 AM - January 01, 2025"),
        ("null || 'x'", "x"), ("author == link('B')", "true"), ("author.price", "2.5"),
        ("author.asFile().name", "B"), ("[link('books/B')].contains(author)", "true"),
        ("false && missingFunction()", "false"), ("1.5e1", "15"), ("icon('x')", ""),
    ],
)  # fmt: skip
def test_rule_9_2_expressions(expression: str, text: str) -> None:
    check(expression, text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("if(price > 5, 'dear', 'cheap')", "dear"), ("if(missing, 1)", "\\-"), ("list(price).length", "1"), ("list(list).length", "2"),
        ("max(1, 3, 2) - min(1, 3)", "2"), ("number('3.4') + number(true)", "4.4"), ("escapeHTML('<b>')", "&lt;b&gt;"),
        ("link('https://a.org', 'A')", "[A](https://a.org)"), ("link('books/B', 'b')", "[[books/B.md|b]]"),
        ("image('cover.png')", "![[cover.png|cover.png]]"), ("file('B').path", "books/B.md"), ("file('Nowhere')", "\\-"),
        ("1.isTruthy()", "true"), ("'a'.isType('string') && true.isType('boolean') && [1].isType('list')", "true"),
        ("123.toString() + '!'", "123!"), ("missing.isEmpty()", "true"), ("''.isEmpty() && [].isEmpty() && {}.isEmpty()", "true"), ("0.isEmpty()", "false"),
        ("due.format('YYYY-MM-DD dddd Do [at] HH')", "2024-05-01 Wednesday 1st at 00"), ("now().time()", "13:30:00"), ("now().date().format('HH:mm')", "00:00"),
        ("due.relative()", "15 days ago"), ("(now() + '30s').relative()", "in a few seconds"), ("(now() + '1M').relative()", "in a month"),
        ("'hello'.contains('ell') && 'hello'.containsAll('h', 'e') && 'hello'.containsAny('x', 'e')", "true"),
        ("'hello'.startsWith('he') && 'hello'.endsWith('lo')", "true"), ("'AbC'.lower()", "abc"), ("'a:b:c'.replace(':', '-')", "a-b-c"),
        ("'a:b:c:d'.replace(/:/, '-')", "a-b:c:d"), ("'a:b:c:d'.replace(/:/g, '-')", "a-b-c-d"), ("'John Smith'.replace(/(\\w+) (\\w+)/, '$2, $1')", "Smith, John"),
        ("'123'.repeat(2)", "123123"), ("'hello'.reverse()", "olleh"), ("'hello'.slice(1, 4)", "ell"), ("'hello'.slice(-2)", "lo"), ("'a,b,c,d'.split(',', 3)", "a, b, c"),
        ("'a1b2'.split(/\\d/).length", "3"), ("'hello world'.title()", "Hello World"), ("'  hi '.trim()", "hi"), ("'abc'.length", "3"),
        ("(-5).abs()", "5"), ("(2.1).ceil() + (2.9).floor()", "5"), ("(2.5).round()", "3"), ("(2.3333).round(2)", "2.33"), ("(3.14159).toFixed(2)", "3.14"), ("price.toFixed(2) + ' dollars'", "10.00 dollars"),
        ("[1,2,3].contains(2) && [1,2].containsAll(1,2) && [1].containsAny(3,1)", "true"), ("[1,2,3,4].filter(value > 2)", "3, 4"), ("[5,6].map(value + index)", "5, 7"),
        ("[1,2,3].reduce(acc + value, 0)", "6"), ("[1,2,3].reduce(if(acc == null || value > acc, value, acc), null)", "3"), ("[1,[2,3]].flat()", "1, 2, 3"),
        ("[1,2].join('+')", "1+2"), ("[3,1,2].sort().reverse()", "3, 2, 1"), ("[1,2,2].unique().length", "2"), ("[1,2,3,4].slice(1,3)", "2, 3"), ("list.sort().join()", "ab"),
        ("file.asLink('x')", "[[books/A.md|x]]"), ("file.hasLink('B')", "true"), ("file.hasLink(this.file)", "false"), ("this.file.hasLink(file)", "true"), ("author.linksTo(this)", "true"),
        ("file.hasProperty('Price') && !file.hasProperty('x')", "true"), ("file.hasTag('ml')", "true"), ("file.hasTag('ML/Vision', 'z')", "true"), ("file.hasTag('vision')", "false"), ("file.inFolder('books') && !file.inFolder('boo')", "true"),
        ("nested.keys()", "x"), ("nested.values()", "1"), ("/abc/.matches('xabcx')", "true"), ("/ABC/i.matches('abc')", "true"),
    ],
)  # fmt: skip
def test_rule_9_2_functions(expression: str, text: str) -> None:
    check(expression, text)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("nope(1)", "there is no function `nope`"),
        ("'a'.nope()", "a string has no function `nope`"),
        ("'a' - 1", "cannot apply - to a string and a number"),
        ("number('x')", "`number` takes"),
        ("date('x')", "`date` takes"),
        ("'a'.repeat()", "wrong arguments for `repeat`"),
        ("'a'.repeat(10000000000)", "too long a text"),
        ("/(/.matches('a')", "`matches`"),
    ],
)
def test_errors_say_what_is_wrong(expression: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message.replace("(", r"\(")):
        evaluate(expression)


def test_formulas_use_each_other_but_not_themselves() -> None:
    assert evaluate("formula.total", total="formula.each * 2", each="price + 1") == 22
    with pytest.raises(EvaluationError, match="uses itself"):
        evaluate("formula.a", a="formula.b", b="formula.a")


@pytest.mark.parametrize(
    "text",
    ["1 +", "(", "a b", "'open", "f(", "[1", "{a 1}", "a..b", "@", "/open", "!" * 100, "(" * 100],
)
def test_what_does_not_parse(text: str) -> None:
    with pytest.raises(BaseSyntaxError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1d", 86400000),
        ("2 hours", 7200000),
        ("1h 30m", 5400000),
        ("-1s", -1000),
        ("1M", 30 * 86400000),
        ("x", None),
        ("", None),
        ("1x", None),
    ],
)
def test_durations(text: str, milliseconds: float | None) -> None:
    duration = read_base_duration(text)
    assert (duration.milliseconds() if duration else None) == milliseconds


def run(text: str, **options: str) -> BaseResult:
    result = run_base(GRAPH, "Home.md", textwrap.dedent(text), now=NOW, **options)  # type: ignore[arg-type]
    assert isinstance(result, BaseResult), result
    return result


def rows(view: ViewResult) -> list[list[str]]:
    return [
        [cell.message if isinstance(cell, CellError) else value_text(cell) for cell in row.cells]
        for group in view.groups
        for row in group.rows
    ]


def test_a_base_without_anything_lists_visible_files() -> None:
    (view,) = run("").views
    assert rows(view) == [
        ["[[Home.md|Home]]"], ["[[books/A.md|A]]"], ["[[books/B.md|B]]"], ["[[books/deep/C.md|C]]"], ["[[cover.png|cover.png]]"],
    ]  # fmt: skip


def test_filters_formulas_order_limit_and_names() -> None:
    result = run(
        """
        filters:
          and:
            - file.ext == "md"
            - or:
                - file.hasTag("book")
                - file.inFolder("books/deep")
            - not:
                - price > 50
        formulas:
          ppu: (price / age).toFixed(2)
          bad: 'price - "x"'
        properties:
          price: {displayName: Price}
          formula.ppu: {displayName: Per unit}
        views:
          - type: table
            name: All
            order: [file.name, price, formula.ppu, note.status, file.mtime, formula.bad]
            sort: [{property: price, direction: DESC}]
            limit: 2
        """
    )
    (view,) = result.views
    assert view.headers == ("file name", "Price", "Per unit", "status", "modified time", "bad")
    assert (view.total, view.grouped) == (3, False)
    assert rows(view)[0][:4] == ["[[books/A.md|A]]", "10", "2.50", "done"]
    assert rows(view)[1][:4] == ["[[books/deep/C.md|C]]", "7", "\\-", "open"]
    assert "cannot apply -" in rows(view)[0][5]


def test_groups_and_summaries() -> None:
    (view,) = run(
        """
        filters: price
        summaries:
          mine: values.mean().round(1)
        views:
          - type: table
            order: [file.name, price, status]
            groupBy: {property: status, direction: DESC}
            summaries: {price: mine, status: Unique, file.name: Nope}
        """
    ).views
    assert [(value_text(group.key), len(group.rows)) for group in view.groups] == [
        ("open", 2),
        ("done", 1),
    ]
    unknown, average, unique = view.groups[0].summaries
    assert unknown == CellError("there is no summary `Nope`")
    assert (average, unique) == (4.8, 1.0)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Average", "6.5"), ("Min", "2.5"), ("Max", "10"), ("Sum", "19.5"), ("Range", "7.5"), ("Median", "7"), ("Stddev", "3.082207001484488"), ("Filled", "3"), ("Empty", "0"), ("Unique", "3"), ("Checked", "0"), ("Unchecked", "0"), ("Earliest", "\\-"), ("Latest", "\\-")],
)  # fmt: skip
def test_default_summaries(name: str, text: str) -> None:
    (view,) = run(
        f"filters: price\nviews:\n  - type: table\n    order: [price]\n    summaries: {{price: {name}}}"
    ).views
    summary = view.groups[0].summaries[0]
    assert not isinstance(summary, CellError)
    assert value_text(summary) == text


def test_a_view_can_be_asked_for_by_name() -> None:
    text = "views:\n- {type: table, name: One}\n- {type: list, name: Two}"
    assert [view.name for view in run(text, view="two").views] == ["Two"]
    assert [view.name for view in run(text, view="none").views] == ["One", "Two"]


def test_broken_parts_are_said_and_let_nothing_through() -> None:
    result = run(
        "filters: price >\nformulas: {x: '('}\nviews: [{type: table, filters: {odd: [a]}}]"
    )
    assert len(result.problems) == 3
    assert rows(result.views[0]) == []
    failing = run("filters: file.nope()")
    assert failing.problems == ("The filter `file.nope()` fails: a file has no function `nope`.",)


@pytest.mark.parametrize("text", ["- a", "x: [", "\t", "a: &a [*a]", "'"])
def test_what_is_no_base_is_an_error(text: str) -> None:
    result = run_base(GRAPH, "Home.md", text, now=NOW)
    assert isinstance(result, QueryError | BaseResult)


def test_an_alias_bomb_ends() -> None:
    levels = "".join(
        f"l{i}: &l{i} {{and: [*l{i - 1}, *l{i - 1}, *l{i - 1}]}}\n" for i in range(1, 30)
    )
    result = run_base(GRAPH, "Home.md", f"l0: &l0 price\n{levels}filters: *l29\n", now=NOW)
    assert isinstance(result, BaseResult)
    assert result.problems


def test_nothing_of_an_unpublished_note_is_in_a_base() -> None:
    result = run(
        "formulas: {a: file.backlinks, b: file('Secret'), c: link('Secret'), d: 'file.hasLink(\"Secret\")'}\n"
        "views: [{type: table, order: [file.name, price, formula.a, formula.b, formula.c, formula.d]}]"
    )
    everything = repr(rows(result.views[0]))
    for word in ("Secret", "sesame", "99", "lost.png"):
        assert word not in everything


def html(text: str) -> str:
    pieces = render(
        run(text),
        "Home.md",
        markdown=lambda t, _p: (t,),
        link=lambda link, shown: f"[{'!' if link.embed else ''}{shown}]",
    )
    return "".join(pieces)


def test_views_as_html() -> None:
    shown = html(
        """
        filters: price
        formulas: {bad: "price - 'x'", ok: price > 5, raw: "'<b>'"}
        views:
          - {type: table, name: T & T, order: [file.name, formula.ok, formula.bad], groupBy: status, summaries: {file.name: Filled}}
          - {type: cards, name: C, order: [file.name, price, missing], image: note.cover}
          - {type: list, name: L, order: [file.name, price]}
          - {type: map, name: M}
        """
    )
    assert '<h4 class="base-view-name">T &amp; T</h4>' in shown
    assert (
        '<tr class="base-group"><th colspan="3">done <span class="dataview small-text">(1)</span></th></tr>'
        in shown
    )
    assert '<td>[A]</td><td><input type="checkbox" disabled checked></td>' in shown
    assert "cannot apply - to a number and a string</span>" in shown
    assert (
        '<div class="base-card-cover">[!cover.png]</div><div class="base-card-title">[A]</div>'
        in shown
    )
    assert '<span class="base-card-label">price</span> 10' in shown
    assert "<li>[A]: 10</li>" in shown
    assert 'class="base-view base-view-map"' in shown
    assert "No results." in html("filters: price > 1000")


CHAIN = "".join(f"  f{n}: formula.f{n + 1} + formula.f{n + 1}\n" for n in range(60))


def test_a_formula_is_evaluated_once_for_a_file() -> None:
    text = f"filters: price\nformulas:\n{CHAIN}  f60: '1'\nviews: [{{type: table, order: [formula.f0]}}]"
    result = run(text)
    assert isinstance(result, BaseResult)
    assert {row.cells for group in result.views[0].groups for row in group.rows} == {(2.0**60,)}


@pytest.mark.parametrize(
    "text",
    [
        "filters: '" + "1+" * 300_000 + "1'",
        "formulas: {a: '[1,2,3,4,5,6,7,8,9].map(@)'}".replace(
            "@", "[1,2,3,4,5,6,7,8,9].map(" * 8 + "value" + ")" * 8
        )
        + "\nviews: [{type: table, order: [formula.a]}]",
        "formulas: {a: 'now().format(\"Y\".repeat(900000))'}\nviews: [{type: table, order: [formula.a]}]",
        "formulas: {a: '\"a\".repeat(100000000)'}\nviews: [{type: table, order: [formula.a]}]",
    ],
    ids=["long filter", "nested map", "long format", "long text"],
)
def test_what_explodes_is_stopped(text: str) -> None:
    result = run_base(GRAPH, "Home.md", text, now=NOW)
    assert isinstance(result, QueryError)
    assert "The query " in result.message


def test_texts_are_no_markdown() -> None:
    shown = html(
        """
        filters: price
        formulas: {stars: "'*'.repeat(4)", mixed: "['**b**', '<i>', '#tag']", url: "'https://example.org/?a=1&b=2'"}
        views: [{type: table, order: [formula.stars, formula.mixed, formula.url]}]
        """
    )
    assert "<td>****</td><td>**b**, &lt;i&gt;, #tag</td>" in shown
    assert 'href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>' in shown


def test_a_card_may_have_a_colour_for_a_picture() -> None:
    cards = "filters: price\nformulas: {c: \"'%s'\"}\nviews: [{type: cards, image: formula.c}]"
    assert 'style="height:6rem;background-color:#a0B1c2"' in html(cards % "#a0B1c2")
    assert "base-card-cover" not in html(cards % "#a0;x:y")


PARTS = st.sampled_from(
    [
        "price",
        "file",
        ".",
        "name",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "+",
        "-",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        "&&",
        "||",
        "!",
        "'x'",
        "1",
        "/a/",
        "if(",
        "list",
        ".map(",
        "value",
        "due",
        "null",
        "this",
    ]
)


@given(st.lists(PARTS, max_size=10).map("".join) | st.text(max_size=30))
def test_any_text_is_a_value_or_an_error(text: str) -> None:
    with contextlib.suppress(BaseSyntaxError, EvaluationError):
        evaluate(text)


@given(st.text(alphabet="abviewsfltr:[]{}-,&* \n'\"#", max_size=60))
def test_any_text_is_a_base_or_an_error(text: str) -> None:
    assert run_base(GRAPH, "Home.md", text, now=NOW) == run_base(GRAPH, "Home.md", text, now=NOW)
