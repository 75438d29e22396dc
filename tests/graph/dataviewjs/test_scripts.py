"""Scripts: the ``dv`` API, what they may not do, and how they end (rules section 15)."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.graph.dataview.render import render
from generator.graph.dataview.results import QueryError, ScriptResult
from generator.graph.dataview.values import link_display
from generator.graph.dataviewjs import run_script
from generator.graph.dataviewjs.process import ScriptProcess
from generator.graph.dataviewjs.run import MOST_COSTLY
from tests.graph.dataview.vault import NOW, make_graph

PATH = "ML/Networks.md"
GRAPH = make_graph(
    {
        PATH: "#Vision #Learning\nn:: 3\n[[ML/Basics]] [[Gone]] ![[p.png]] [[Networks]]\n- [ ] task [due:: 2024-01-05]\n  - [x] sub",
        "ML/Basics.md": "---\naliases: [Base]\n---\n#a/b #c\nn:: 1\nday:: 2024-02-03\n[[Networks]]",
        "Other.md": "n:: 2\n[[Networks]] again [[Networks]]",
        "Hidden.md": "---\npublish: false\n---\n[[Networks]] sesame",
    },
    p__png="",
    t__csv="a,b\n1,x\n",
    **{"views/hello__js": "dv.paragraph('Hello ' + input.name)", "bad__js": "null.x"},
)


def run(code: str, *, inline: bool = False, lenient: bool = False, path: str = PATH) -> str:
    """The HTML a script writes, links as ``[text]`` and Markdown as it is; or its error."""
    result = run_script(GRAPH, path, code, now=NOW, inline=inline, lenient=lenient)
    if isinstance(result, QueryError):
        return result.message
    pieces = render(
        result,
        path,
        markdown=lambda text, _path: (text,),
        link=lambda link, _shown: f"[{link_display(link)}]",
    )
    return "".join(pieces)


def check(expression: str, expected: str) -> None:
    """An expression's value, as text."""
    assert run(f"dv.value.toString({expression})", inline=True) == expected


def cells(code: str) -> list[list[str]]:
    """The cells of the one table a script writes."""
    result = run_script(GRAPH, PATH, code, now=NOW)
    assert isinstance(result, ScriptResult), result
    shown = run(code, lenient=True)
    body = shown.partition("<tbody")[2].partition(">")[2].partition("</tbody>")[0]
    return [
        [cell.removesuffix("</td>") for cell in row.removesuffix("</tr>").split("<td>")[1:]]
        for row in body.split("<tr>")[1:]
    ]


CONNECTIONS = """
const here = dv.current().file.path;
const file = dv.page(here).file;
const linked = file.inlinks.concat(file.outlinks).array().map(link => link.path);
const paths = new Set(linked.filter(path => !path.endsWith(".png")));
paths.delete(here);
dv.table(["Connections", "Tags"],
  dv.array([...paths]).map(path => [dv.fileLink(path), dv.page(path).file.tags.join(" ")]).slice(0, 20));
"""


def test_a_table_of_connections_and_their_tags() -> None:
    graph = make_graph(
        {PATH: "[[ML/Basics]]", "ML/Basics.md": "#a/b #c", "Other.md": "[[Networks]]"}
    )
    result = run_script(graph, PATH, CONNECTIONS, now=NOW)
    assert isinstance(result, ScriptResult), result
    assert "#a/b #a #c" in "".join(
        map(str, render(result, PATH, markdown=lambda t, _p: (t,), link=lambda v, _h: v.path))
    )


def test_rule_12_4_a_missing_page_fails_as_in_dataview_and_is_named() -> None:
    result = run_script(GRAPH, PATH, CONNECTIONS, now=NOW, lenient=False)
    assert isinstance(result, QueryError)
    assert result.message.startswith(
        "Evaluation Error: TypeError: Cannot read properties of undefined (reading 'file')"
    )
    assert "at line 8" in result.message
    assert result.cause == "There is no note `Gone`, so it has no page."
    assert CONNECTIONS[: result.offset].count("\n") == 7


def test_rule_12_4_lenient_gives_an_empty_page_only_where_the_script_would_fail() -> None:
    result = run_script(GRAPH, PATH, CONNECTIONS, now=NOW, lenient=True)
    assert isinstance(result, ScriptResult)
    assert result.missing == ("Gone",)
    assert cells(CONNECTIONS) == [["[Basics]", "#a/b #a #c"], ["[Other]", ""], ["[Gone]", ""]]
    assert run("dv.span(dv.page('Gone') ? 'yes' : 'no')", lenient=True) == "<span>no</span>"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dv.current().file.name", "Networks"),
        ("dv.current().n", "3"),
        ("dv.page('Basics').file.path", "ML/Basics.md"),
        ("dv.page(dv.fileLink('Basics')).n", "1"),
        ("dv.page('p.png')", "\\-"),
        ("dv.page('Hidden')", "\\-"),
        ("dv.pages().file.name", "Basics, Networks, Other"),
        ("dv.pages('#a').n", "1"),
        ("dv.pages('\"ML\"').length", "2"),
        ("dv.pages('[[Networks]]').file.path", "ML/Basics.md, ML/Networks.md, Other.md"),
        ("dv.pagePaths('-#a')", "ML/Networks.md, Other.md"),
        ("dv.pages().where(p => p.n > 1).sort(p => p.n, 'desc').n", "3, 2"),
        (
            "dv.current().file.inlinks",
            "[[ML/Basics.md|Basics]], [[ML/Networks.md|Networks]], [[Other.md|Other]]",
        ),
        ("dv.current().file.tasks.text", "task [due:: 2024-01-05], sub"),
        ("dv.current().file.tasks[0].due", "January 05, 2024"),
        ("dv.current().file.tasks[0].children[0].completed", "true"),
        ("dv.current().file.lists.length", "2"),
        ("Array.isArray(dv.current().file.tags)", "true"),
        ("dv.page('Basics').day.month", "2"),
        ("dv.page('Basics').file.aliases[0]", "Base"),
        ("dv.evaluate('1 + n', {n: 2}).value", "3"),
        ("dv.evaluate('1 +').successful", "false"),
        ("dv.evaluate('1 +').error", 'Failed to parse expression "1 +"'),
        ("dv.tryEvaluate('this.n * 2')", "6"),
        ("dv.func.upper('abc')", "ABC"),
        ("dv.func.map([1, 2], x => x + 1)", "2, 3"),
        ("dv.date('2024-01-31').plus({months: 1}).toFormat('yyyy-MM-dd')", "2024-02-29"),
        ("dv.date('today').toISODate()", "2024-05-15"),
        ("dv.date('nonsense')", "\\-"),
        ("dv.duration('1h 30m')", "1 hour, 30 minutes"),
        ("dv.parse('[[A]], [[B]]').length", "2"),
        ("dv.parse('x')", "x"),
        ("dv.literal({a: '2024-01-01'}).a", "January 01, 2024"),
        ("dv.compare(1, 2)", "-1"),
        ("dv.equal([1], [1])", "true"),
        ("dv.clone({a: [1]})", "{ a: [1] }"),
        ("dv.fileLink('a/b.md', false, 'x')", "[[a/b.md|x]]"),
        ("dv.sectionLink('a.md', 'Some *head*')", "[[a.md#Some head|a > Some head]]"),
        ("dv.blockLink('a.md', 'id')", "[[a.md#^id|a > id]]"),
        (
            "dv.isArray(dv.array(1)) && dv.isDataArray(dv.array([1])) && !dv.isDataArray([1])",
            "true",
        ),
        ("dv.io.normalize('Basics')", "ML/Basics.md"),
        (
            "dv.luxon.DateTime.fromISO('2024-01-01').diff(dv.luxon.DateTime.fromISO('2023-12-30'), 'days').days",
            "2",
        ),
        ("dv.luxon.Duration.fromObject({minutes: 90}).toFormat('h:mm')", "1:30"),
        ("new Date().toISOString()", "2024-05-15T13:30:00.000Z"),
        ("Math.random() === Math.random()", "false"),
        (
            "typeof fetch + typeof require + typeof process + typeof std + typeof os + typeof Atomics",
            "undefined" * 6,
        ),
    ],
)
def test_rule_15_2_data(expression: str, expected: str) -> None:
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dv.array([3,1,2]).sort()", "1, 2, 3"),
        ("dv.array(['b','A','a']).sort(x => x, 'desc')", "b, A, a"),
        ("dv.array([1,2,3]).where(x => x > 1).map(x => x * 2)", "4, 6"),
        ("dv.array([1,2]).flatMap(x => [x, x])", "1, 1, 2, 2"),
        ("dv.array([1,2,3]).limit(2).concat(dv.array([9]))", "1, 2, 9"),
        ("dv.array([1,2,3]).slice(-2)", "2, 3"),
        ("dv.array([{a: [1, 2]}, {a: 3}, {}]).a", "1, 2, 3"),
        ("dv.array([{a: [1, 2]}, {}]).into('a').length", "1"),
        (
            "dv.array([{k: 1, v: 'x'}, {k: 0, v: 'y'}, {k: 1, v: 'z'}]).groupBy(e => e.k).map(g => g.key + g.rows.v.join(''))",
            "0y, 1xz",
        ),
        ("dv.array([1,2]).groupBy(x => x % 2).groupIn(x => x).length", "2"),
        ("dv.array([2,1,2]).distinct()", "1, 2"),
        ("dv.array([1,2]).indexOf(2) + ',' + dv.array([1]).includes(5)", "1,false"),
        ("dv.array([1,2]).find(x => x > 1) + dv.array([5]).first() + dv.array([7]).last()", "14"),
        ("dv.array([[1],null]).join('; ')", "1; \\-"),
        ("dv.array([1,2]).join()", "1, 2"),
        (
            "dv.array([1,2,3]).sum() + dv.array([1,3]).avg() + dv.array([1,3]).max() - dv.array([1,3]).min()",
            "10",
        ),
        (
            "dv.array([1]).every(x => x) && dv.array([0,1]).some(x => x) && dv.array([0]).none(x => x)",
            "true",
        ),
        ("[...dv.array([1,2])].length", "2"),
        ("dv.array([1,2])[1]", "2"),
        ("dv.array([{children: [{children: []}]}]).expand('children').length", "2"),
        ("(() => { let n = 0; dv.array([1,2]).forEach(x => { n += x }); return n })()", "3"),
        (
            "(() => { const a = dv.array([2,1]); a.sortInPlace(); a.mutate((x, i, all) => { all[i] = x * 10 }); return a })()",
            "10, 20",
        ),
    ],
)
def test_rule_15_4_data_arrays(expression: str, expected: str) -> None:
    check(expression, expected)


def test_rule_15_1_this_dv_and_dataview_are_the_same() -> None:
    assert run("dv.span(this === dv && dv === dataview)") == "<span>true</span>"


def test_rule_15_1_with_await_a_script_may_return() -> None:
    assert run("const r = await dv.query('LIST FROM #a'); dv.list(r.value.values); return;") == (
        '<ul class="dataview list-view-ul"><li>[Basics]</li></ul>'
    )
    assert run("return 1").startswith("Evaluation Error: SyntaxError")


def test_rule_15_3_rendering() -> None:
    shown = run(
        "dv.header(2, 'H'); dv.paragraph('p **x**'); dv.span(5); dv.el('b', 'q', {cls: 'c', attr: {title: 't'}});"
        "dv.list([1, [2]]); dv.table(['a'], [[1], [dv.fileLink('x.md')]]);"
    )
    assert shown.startswith('<h2>H</h2><p>p **x**</p><span>5</span><b class="c" title="t">q</b>')
    assert '<ul class="dataview list-view-ul"><li>1</li>' in shown
    assert "<td>[x]</td>" in shown
    assert run("dv.header(7, 'x')").startswith("Evaluation Error: Error: Unrecognized level '7'")


def test_rule_15_3_task_lists_are_grouped_by_file() -> None:
    shown = run("dv.taskList(dv.current().file.tasks)")
    assert "<h4>[Networks]" in shown
    assert shown.count("<input") == 2
    assert "<h4>" not in run("dv.taskList(dv.current().file.tasks, false)")
    assert "<h4>x" in run("dv.taskList([{key: 'x', rows: dv.current().file.tasks}])")


def test_rule_15_2_queries() -> None:
    assert "[Basics]" in run("dv.execute('LIST FROM #a')")
    assert "PARSING FAILED" in run("dv.execute('LISST')")
    assert (
        run("dv.span((await dv.tryQuery('TABLE WITHOUT ID n FROM #a')).values[0][0])")
        == "<span>1</span>"
    )
    assert (
        run(
            "dv.span((await dv.query('TABLE n FROM #a', null, {forceId: false})).value.headers.length)"
        )
        == "<span>1</span>"
    )
    assert run("const r = await dv.query('nope'); dv.span(r.successful)") == "<span>false</span>"
    assert (
        run("const r = await dv.query('TASK'); dv.span(r.value.values[0].children.length)")
        == "<span>1</span>"
    )


def test_rule_16_2_markdown_tables_are_padded_and_escaped() -> None:
    assert run(
        "dv.container.appendText(dv.markdownTable(['a', 'b|c'], [[1, 'x|y'], ['long', [1]]]))"
    ) == (
        "| a    | b\\|c                |\n| ---- | ------------------- |\n"
        "| 1    | x\\|y                |\n| long | &lt;ul&gt;&lt;li&gt;1&lt;/li&gt;&lt;/ul&gt; |\n"
    )
    assert run("dv.container.appendText(dv.markdownList([1, 2]))") == "- 1\n- 2\n"
    assert run("dv.container.appendText(dv.markdownTaskList(dv.current().file.tasks))") == (
        "- [ ] task [due:: 2024-01-05]\n    - [x] sub\n"
    )
    assert "| [[ML/Basics.md" in run(
        "dv.container.appendText(await dv.tryQueryMarkdown('TABLE n FROM #a'))"
    )


def test_files_that_may_be_read() -> None:
    assert run("dv.span((await dv.io.load('Other.md')).split('\\n')[0])") == "<span>n:: 2</span>"
    assert run(
        "dv.span(String(await dv.io.load('Hidden.md')) + String(await dv.io.load('/etc/passwd')))"
    ) == ("<span>undefinedundefined</span>")
    assert (
        run("const rows = await dv.io.csv('t.csv'); dv.span(rows[0].a + rows[0].b)")
        == "<span>1x</span>"
    )


def test_views() -> None:
    assert run("await dv.view('views/hello', {name: 'you'})") == "<p>Hello you</p>"
    assert "custom view not found" in run("await dv.view('none')")
    failed = run("await dv.view('bad')")
    assert "Failed to execute view &#x27;bad.js&#x27;" in failed
    assert "Cannot read properties of null (reading &#x27;x&#x27;)" in failed


def test_elements_can_be_built_by_hand() -> None:
    shown = run(
        "const box = dv.container.createDiv({cls: ['a', 'b']}); box.createEl('p', {text: '<x>'}).style.color = 'red';"
        "const li = document.createElement('li'); li.textContent = 'one'; li.classList.add('k'); li.dataset.dayName = 'd';"
        "box.append(li, ' tail'); box.innerHTML += '<i>y</i>'; this.container.appendText('end')"
    )
    assert shown.startswith('<div class="a b"><p style="color:red">&lt;x&gt;</p><li class="k"')
    assert "<i>y</i></div>end" in shown


def test_more_markup_keeps_the_tables_that_are_there() -> None:
    shown = run(
        "dv.table(['n'], [[1]]); dv.paragraph('**b** [[Basics]]'); dv.span('words');"
        "dv.container.innerHTML += '<i>more</i>'; dv.container.innerHTML = '<b>' + dv.container.innerHTML + '</b>'"
    )
    assert shown.startswith('<b><table class="dataview')
    assert shown.endswith("<p>**b** [[Basics]]</p><span>words</span><i>more</i></b>")
    assert run("dv.container.innerHTML = '<nt-written place=\"7\"></nt-written>x'") == "x"


def test_rule_10_3_inline_scripts_show_their_value() -> None:
    assert run("dv.current().n + 1", inline=True) == "4"
    assert run("undefined", inline=True) == ""
    assert (
        run("[1, 2]", inline=True) == '<span class="dataview dataview-result-list-span">1, 2</span>'
    )


def test_timers_run_after_the_script() -> None:
    assert run("setTimeout(() => dv.span('b'), 10); dv.span('a')") == "<span>a</span><span>b</span>"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "let x = 1;\n\nx.y.z",
            "Evaluation Error: TypeError: Cannot read properties of undefined (reading 'z')\n    at line 3",
        ),
        ("null.x = 1", "TypeError: Cannot set properties of null (setting 'x')"),
        ("let a = {};\na.b.c(1)", "Cannot read properties of undefined (reading 'c')"),
        ("window.renderChart({}, 1)", "TypeError: window.renderChart is not a function\n"),
        (
            "dv.pages().file.sorted()",
            "TypeError: (intermediate value).file.sorted is not a function",
        ),
        ("(5)()", "TypeError: not a function"),
        ("throw new Error('mine')", "Evaluation Error: Error: mine\n    at line 1"),
        ("throw 'text'", "Evaluation Error: text"),
        (
            "dv.page(5)",
            "Evaluation Error: Error: dv.page only handles string and link paths; was provided type 'number'\n    at line 1",
        ),
        ("dv.pages('#a or')", "Failed to parse query in 'pagePaths'"),
        ("let = (", "Evaluation Error: SyntaxError"),
        ("app.workspace.openLinkText('x')", "app.workspace.openLinkText is not available"),
        ("app.vault.modify(1, 'x')", "app.vault.modify is not available where a site is built"),
        ("await dv.io.csv('no.csv')", "Could not find CSV for path 'no.csv' (relative to origin"),
        ("fetch('x')", "ReferenceError: fetch is not defined"),
        ("require('fs')", "ReferenceError: require is not defined"),
        ("await import('fs')", "could not load module 'fs'"),
        ("dv.paragraph('x'.repeat(5e6))", "The script's output is too large."),
        ("for (let i = 0; i < 70000; i++) dv.container.append('x')", "output is too large."),
        (
            "await new Promise(() => {})",
            "Evaluation Error: The script waits for something that never happens.",
        ),
    ],
)
def test_rule_15_7_errors(code: str, message: str) -> None:
    assert message in run(code)


BOMBS = {
    "endless loop": "while (true);",
    "endless loop in a promise": "await 1; while (true);",
    "endless loop in a getter": "({get a() { while (true); }}).a",
    "endless questions": "for (let i = 0; ; i++) dv.evaluate(`1 + ${i}`)",
    "one question after another": "let n = 0; for (;;) n = dv.evaluate(`${n} + 1`).value",
    "memory": "const all = []; while (true) all.push(new Array(100000).fill(1));",
    "one long string": "let s = 'aaaaaaaa'; while (true) s += s;",
    "regular expression": "/^(a+)+$/.test('a'.repeat(50) + '!')",
    "stack": "function f() { f(); } f();",
    "stack caught": "function f() { try { f() } finally { f() } } f();",
    "built-in loop": "new Array(4294967295).join('x')",
    "deep value": "let a = []; for (let i = 0; i < 100000; i++) a = [a]; dv.list(a)",
    "wide value": "const a = [1,2,3,4,5,6,7,8]; const b = [a,a,a,a,a,a,a,a], c = [b,b,b,b,b,b,b,b], d = [c,c,c,c,c,c,c,c]; dv.list([d,d,d,d,d,d,d,d].map(x => [x,x,x,x,x,x,x,x]))",
    "circle": "const a = {}; a.a = a; dv.list([a])",
    "timers": "const again = () => setTimeout(again); again()",
    "source": "eval('('.repeat(1000000))",
    "no output": "nt.finish = () => 5; JSON.stringify = () => 'x'",
    "lying output": 'JSON.stringify = () => \'{"children": [{"$": "el"}, 1, {"$": "table", "h": 1}]}\'',
}


# Run with the real limits; the others with shorter ones, to spare the suite's time.
FULL = ("endless loop", "memory", "regular expression", "stack", "built-in loop")


@pytest.mark.parametrize("name", BOMBS)
def test_every_script_ends_within_two_seconds_and_harms_no_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("1")  # the process is there
    if name not in FULL:
        monkeypatch.setattr("generator.graph.dataviewjs.run.SECONDS", 0.25)
        monkeypatch.setattr("generator.graph.dataviewjs.run.RUNNING", 0.6)
    start = time.monotonic()
    result = run_script(GRAPH, PATH, BOMBS[name], now=NOW)
    # With something for a busy machine, where answering questions has no limit of two seconds.
    assert time.monotonic() - start < (2.5 if name in FULL else 8)
    if name not in ("circle", "timers", "deep value", "endless questions"):
        assert isinstance(result, QueryError), result
    assert run("dv.span(1 + 1)") == "<span>2</span>"


def test_a_vault_of_endless_scripts_is_built_in_good_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generator.graph.dataviewjs.run.SECONDS", 0.2)
    monkeypatch.setattr("generator.graph.dataviewjs.run.HURRIED", 0.02)
    graph = make_graph({"n.md": "#t"})
    causes = []
    for _ in range(MOST_COSTLY + 2):
        result = run_script(graph, "n.md", "while (true);", now=NOW)
        assert isinstance(result, QueryError)
        assert result.kind == "stopped"
        causes.append(result.cause)
    assert causes[:MOST_COSTLY] == ["A loop or a regular expression takes too long."] * MOST_COSTLY
    assert all("gets less time" in cause for cause in causes[MOST_COSTLY:])
    # Another vault, or another build, starts anew.
    other = run_script(make_graph({"n.md": ""}), "n.md", "while (true);", now=NOW)
    assert isinstance(other, QueryError)
    assert other.cause == "A loop or a regular expression takes too long."


@pytest.mark.parametrize(
    "code",
    [
        "for (let i = 0; i < 50; i++) await dv.query(`LIST {q} WHERE ${i} < 99`)",
        "for (let i = 0; i < 50; i++) dv.execute(`LIST {q} WHERE ${i} < 99`)",
    ],
)
def test_a_script_of_exploding_queries_is_stopped(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["generator.graph.dataview.execute"], "STEPS", 300_000)
    graph = make_graph({f"{n}.md": "---\nl: [1, 2, 3, 4, 5, 6, 7, 8, 9]\n---" for n in range(9)})
    query = " ".join(f"FLATTEN l AS l{n}" for n in range(6))
    start = time.process_time()
    result = run_script(graph, "1.md", code.replace("{q}", query), now=NOW)
    assert time.process_time() - start < 6
    assert isinstance(result, QueryError)


def test_a_script_that_nothing_changed_for_does_not_run_again() -> None:
    known: dict[str, str] = {}
    reports = SimpleNamespace(get=known.get, put=known.__setitem__)
    code = "dv.list(dv.pages('#a').file.name)"
    notes = {PATH: "x", "A.md": "#a"}

    def result(**more: str) -> tuple[object, bool]:
        with closing(ScriptProcess(reports)) as process:
            made = run_script(make_graph(notes | more), PATH, code, now=NOW, process=process)
            return made, process.is_started()

    first, ran = result()
    assert ran
    assert result() == (first, False)
    second, ran = result(**{"B.md": "#a"})
    assert ran
    assert second != first
    # What did not end is not kept.
    kept = len(known)
    with closing(ScriptProcess(reports)) as process:
        run_script(make_graph(notes), PATH, "while (true);", now=NOW, process=process)
    assert len(known) == kept


def test_scripts_leave_no_traces_for_others() -> None:
    run("globalThis.leak = 1; Array.prototype.map = null; dv.page = null; Object.prototype.x = 1")
    assert run("dv.span(typeof leak + typeof [].map + typeof dv.page + typeof ({}).x)") == (
        "<span>undefinedfunctionfunctionundefined</span>"
    )


def test_the_same_script_gives_the_same_result() -> None:
    code = "dv.span(Math.random() + ' ' + Date.now() + ' ' + dv.pages().file.name.join())"
    assert run(code) == run(code)


ORDER = json.loads(
    (Path(__file__).parents[1] / "dataview" / "fixtures" / "text_order.json").read_text("utf-8")
)


def test_texts_have_the_same_order_as_in_queries() -> None:
    pairs = json.dumps(list(pairwise(ORDER)))
    assert (
        run(f"dv.span({pairs}.every(([a, b]) => dv.compare(a, b) < 0 && dv.compare(b, a) > 0))")
        == "<span>true</span>"
    )


CODE_PARTS = st.sampled_from(
    [
        "dv",
        ".",
        "current()",
        "page('Basics')",
        "page('Gone')",
        ".file",
        ".tags",
        ".n",
        "pages()",
        ".map(p",
        "=>",
        "p.n)",
        "[0]",
        "+",
        ";",
        "dv.list(",
        "dv.table([],",
        ")",
        "(",
        "const",
        "x",
        "=",
        "x",
        "null",
        "await",
        "dv.query('LIST')",
        ".value",
        '"',
        "'",
        "`",
        "{",
        "}",
        "=>",
        "function",
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(CODE_PARTS, max_size=8).map(" ".join) | st.text(max_size=20))
def test_any_text_is_a_result_or_an_error(code: str) -> None:
    assert isinstance(run_script(GRAPH, PATH, code, now=NOW), ScriptResult | QueryError)


def test_rule_15_5_data_arrays_count_as_arrays() -> None:
    check("Array.isArray(dv.array([1])) && Array.isArray([1]) && !Array.isArray('a')", "true")


def test_rule_15_6_lists_of_the_file_are_data_arrays_and_fields_plain_ones() -> None:
    graph = make_graph({"n.md": "a:: 1\na:: 2\n#t"})
    code = (
        "dv.span([dv.isDataArray(dv.current().file.tags), dv.isDataArray(dv.current().a)].join())"
    )
    result = run_script(graph, "n.md", code, now=NOW)
    assert isinstance(result, ScriptResult)
    html = render(result, "n.md", markdown=lambda text, _: (text,), link=lambda *_: "")
    assert "".join(html) == "<span>true,false</span>"


def test_rule_15_8_the_calls_that_notes_use_most() -> None:
    shown = run(
        """
        const rows = dv.pages('').where(p => p.n).sort(p => p.n, 'desc').map(p => [p.file.link, p.n]);
        dv.header(2, "Numbers");
        dv.table(["File", "n"], rows);
        dv.list(dv.pages('').groupBy(p => p.file.folder).map(g => `${g.key}: ${g.rows.length}`));
        dv.el("b", dv.date("2024-05-01").toFormat("yyyy"));
        this.container.createDiv().innerHTML = "<i>by hand</i>";
        """
    )
    for part in ("<h2>", "[Networks]", "ML: 2", "<b>2024</b>", "<i>by hand</i>"):
        assert part in shown


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Luxon
        ("dv.luxon.DateTime.fromISO('2024-W10-3').toISODate()", "2024-03-06"),
        ("dv.luxon.DateTime.fromISO('2024-060').toISODate()", "2024-02-29"),
        ("dv.luxon.DateTime.fromISO('20240501T1030').toFormat('HH:mm')", "10:30"),
        ("dv.luxon.DateTime.fromISO('2024-2-3').toISODate()", "\\-"),
        ("dv.luxon.DateTime.fromFormat('10:05', 'HH:mm').toFormat('f')", "5/15/2024, 10:05 AM"),
        ("dv.date('2024-05-01').toRelative()", "14 days ago"),
        ("dv.date('2024-05-14').toRelativeCalendar()", "yesterday"),
        ("dv.date('2024-03-01').diff(dv.date('2024-01-31'), 'months').months", "1.032258064516129"),
        ("dv.date('2024-07-01').diff(dv.date('2024-01-01'), 'quarters').quarters", "2"),
        ("dv.luxon.Duration.fromObject({months: 1, weeks: 2}).as('weeks')", "6"),
        (
            "dv.luxon.Duration.fromObject({hours: 50}).shiftTo('days', 'hours').toHuman()",
            "2 days, 2 hours",
        ),
        (
            "dv.luxon.Interval.fromDateTimes(dv.date('2024-01-01'), dv.date('2024-01-31')).length('days')",
            "30",
        ),
        ("dv.date('2024-01-05').toLocaleString({month: 'long', day: 'numeric'})", "January 5"),
        # The engine has no Intl.
        ("(1234567.891).toLocaleString()", "1,234,567.891"),
        ("(5).toLocaleString('en-US', {style: 'currency', currency: 'EUR'})", "€5.00"),
        ("new Intl.NumberFormat('en', {maximumFractionDigits: 1}).format(2.25)", "2.3"),
        ("new Date(2024, 0, 5).toLocaleDateString()", "1/5/2024"),
        (
            "new Date(2024, 0, 5, 13, 4).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'})",
            "01:04 PM",
        ),
        # Moment
        ("moment('2024-01-31').add(1, 'month').format('L')", "02/29/2024"),
        ("moment().format('dddd, Do MMM YYYY [at] h:mm a')", "Wednesday, 15th May 2024 at 1:30 pm"),
        ("moment('05/03/2024', 'DD/MM/YYYY').format('YYYY-MM-DD')", "2024-03-05"),
        ("moment('2024-05-15').startOf('week').format('YYYY-MM-DD')", "2024-05-12"),
        ("moment('2024-05-15').diff('2024-04-15', 'months')", "1"),
        ("moment('2024-05-10').fromNow()", "6 days ago"),
        ("moment('2024-05-15').isSame(moment('2024-05-01'), 'month')", "true"),
        ("moment.duration(90, 'minutes').asHours()", "1.5"),
        ("moment('rubbish').format()", "Invalid date"),
        # Obsidian
        ("app.vault.getMarkdownFiles().map(file => file.basename)", "Basics, Networks, Other"),
        ("app.workspace.getActiveFile().path", "ML/Networks.md"),
        ("app.vault.getAbstractFileByPath('Hidden.md')", "\\-"),
        (
            "app.metadataCache.getFileCache(app.vault.getFileByPath('ML/Basics.md')).frontmatter.aliases",
            "Base",
        ),
        ("app.metadataCache.getFirstLinkpathDest('Basics', '').extension", "md"),
    ],
)
def test_rule_15_2_dates_numbers_and_files(expression: str, expected: str) -> None:
    check(expression, expected)


def test_rule_16_2_markdown_lists_nest() -> None:
    check("JSON.stringify(dv.markdownList(['a', ['b'], {d: 1}]))", r'"- a\n- - b\n\n- - d: 1\n\n"')
