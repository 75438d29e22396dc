"""A script of a note -> what it wrote, or why it failed.

The script runs over what is known so far. Questions it asks meanwhile (a page, a query) are
answered, and it runs again from the start, until it asks no more: it is deterministic, so it asks
the same again and goes on from there. Mostly one or two runs are enough, because the page of the
script and the pages linked with it are sent along.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from generator.graph.dataview import page_index, run_query
from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.execute import page_context, query_data
from generator.graph.dataview.functions import FUNCTIONS
from generator.graph.dataview.grammar import (
    DataviewSyntaxError,
    parse_expression,
    parse_query,
    parse_source,
)
from generator.graph.dataview.inline_values import inline_value, property_value
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.results import (
    ListResult,
    QueryError,
    ScriptResult,
    TableResult,
)
from generator.graph.dataview.sources import matching_paths
from generator.graph.dataview.tables import csv_rows
from generator.graph.dataview.tasks import grouping_result
from generator.graph.dataview.values import Element, Markup, Rendered, Value, ValueLink
from generator.graph.dataviewjs.encoding import EncodingError, decode, encode, encode_page
from generator.graph.dataviewjs.process import PROCESS, ScriptProcess, Stopped
from generator.graph.model import Graph

# Seconds of processor time for one run of a script, of real time for all its runs before the
# process is ended, and of processor time for answering its questions.
SECONDS = 1.0
RUNNING = 1.75
# A vault full of scripts that do not end must be built too: after so many of them, each script
# gets less processor time.
MOST_COSTLY = 5
COSTLY = 0.4  # the share of its processor time that a script used and failed
HURRIED = 0.1
HURRIED_RUNNING = 1.0
HURRIED_ANSWERING = 0.5
ANSWERING = 5.0
MOST_RUNS = 40
MOST_QUESTIONS = 2000
# Pages sent along before they are asked for.
MOST_LINKED = 200
MOST_EXECUTED = 50
# What a question that used up its steps takes from the time for answers; and how many queries that
# a script only shows may do so.
EXHAUSTED = 1.5
MOST_EXHAUSTED = 3
# Characters the runtime puts before a script's first line.
_PREAMBLE = len("const dataview = this;const dv = this;")


def run_script(
    graph: Graph,
    path: str,
    code: str,
    *,
    now: datetime,
    visible: frozenset[str] | None = None,
    lenient: bool = True,
    inline: bool = False,
    process: ScriptProcess = PROCESS,
) -> ScriptResult | QueryError:
    """Run a ``dataviewjs`` block (or, with ``inline``, a ``$=`` expression) of note ``path``.

    Only notes in ``visible`` (default: the published ones) exist for it. With ``lenient``, a
    script that fails because a linked note has no page runs once more with empty pages in their
    place. Never raises; a script that does not end is stopped.
    """
    index = page_index(graph, visible)
    costly = _costly_scripts(index)
    hurried = costly >= MOST_COSTLY
    script = _Script(
        graph=graph,
        index=index,
        path=path,
        code=code,
        now=now,
        inline=inline,
        process=process,
        seconds=HURRIED if hurried else SECONDS,
        running=HURRIED_RUNNING if hurried else RUNNING,
        answering=HURRIED_ANSWERING if hurried else ANSWERING,
    )
    result, missed = script.run(lenient=False)
    if lenient and missed and isinstance(result, QueryError):
        second, _ = script.run(lenient=True)
        if isinstance(second, ScriptResult):
            return second
    if isinstance(result, QueryError) and script.used > COSTLY * script.seconds:
        _remember_costly(index, costly + 1)
    return result


_costly: tuple[PageIndex | None, int] = (None, 0)


def _costly_scripts(index: PageIndex) -> int:
    """How many scripts of this build used much time in vain."""
    return _costly[1] if _costly[0] is index else 0


def _remember_costly(index: PageIndex, number: int) -> None:
    global _costly
    _costly = (index, number)


@dataclass(slots=True)
class _Script:
    graph: Graph
    index: PageIndex
    path: str
    code: str
    now: datetime
    inline: bool
    process: ScriptProcess
    seconds: float  # of processor time a run may use
    running: float  # seconds left
    used: float = 0.0  # seconds of processor time, of all runs and answers
    answering: float = ANSWERING
    answers: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def run(self, *, lenient: bool) -> tuple[ScriptResult | QueryError, tuple[str, ...]]:
        """Run until nothing is asked any more; give the result and the pages that were missing."""
        self._send_along()
        for _ in range(MOST_RUNS):
            text, started = self._input(lenient=lenient), time.monotonic()
            reply = self.process.run(text, seconds=self.seconds, deadline=started + self.running)
            self.running -= time.monotonic() - started
            self.used += reply.used
            report = _report(reply.report)
            questions = report.get("questions")
            if isinstance(questions, list) and self.running > 0 and self._answer_all(questions):
                continue
            if isinstance(reply, Stopped):
                return _stopped(reply, hurried=self.seconds < SECONDS), ()
            if questions:
                break
            missed = tuple(each for each in report.get("missed") or () if isinstance(each, str))
            return self._result(report, missed, lenient=lenient), missed
        return QueryError(
            "Evaluation Error: the script asks for one thing after another without end; "
            "it was stopped.",
            kind="stopped",
        ), ()

    # ------------------------------------------------------------------ input

    def _input(self, *, lenient: bool) -> str:
        head = json.dumps(
            {
                "code": self.code,
                "path": self.path,
                "now": Date(self.now.replace(tzinfo=None)).milliseconds(),
                "lenient": lenient,
                "inline": self.inline,
                "vault": self.graph.snapshot.config.title,
                "answers": self.answers,
            },
            ensure_ascii=False,
        )
        pages = ",".join(f"{_key(path)}:{text}" for path, text in self.pages.items())
        return f'{head[:-1]},"pages":{{{pages}}}}}'.encode("utf-8", "replace").decode()

    def _send_along(self) -> None:
        """Answer beforehand what scripts nearly always ask: their page, and those linked with it."""
        page = self.index.page(self.path)
        if page is None or self.answers:
            return
        self._answer_page(_key(["page", self.path]), self.path)
        if "dv.page(" not in self.code:
            return
        file = page["file"]
        assert isinstance(file, Mapping)
        for name in ("inlinks", "outlinks"):
            links = file[name]
            assert isinstance(links, tuple)
            for link in links[:MOST_LINKED]:
                if isinstance(link, ValueLink):
                    self._answer_page(_key(["page", link.path]), link.path)

    def _answer_page(self, key: str, target: str) -> None:
        found = self.index.find(target, self.path)
        page = None if found is None else self.index.page(found)
        if found is not None and page is not None and found not in self.pages:
            self.pages[found] = _encoded(self.index, found)
        self.answers[key] = {"ok": found if page is not None else None}

    # ------------------------------------------------------------------ questions

    def _answer_all(self, questions: list[Any]) -> bool:
        """Answer new questions; ``False`` if there were none, or there is no time for all."""
        new = [each for each in questions if isinstance(each, str) and each not in self.answers]
        for key in new:
            started = time.process_time()
            if len(self.answers) > MOST_QUESTIONS or self.answering < 0 or not self._take(key):
                return False
            spent = time.process_time() - started
            self.answering -= spent
            self.used += spent
        return bool(new)

    def _take(self, key: str) -> bool:
        """Answer one question; ``False`` if it is none."""
        try:
            asked = json.loads(key)
        except ValueError:
            return False
        match asked:
            case ["page", str(target)]:
                self._answer_page(key, target)
            case [str(kind), *details]:
                self.answers[key] = self._answer(kind, details)
            case _:
                return False
        return True

    def _answer(self, kind: str, details: list[Any]) -> dict[str, Any]:
        try:
            return {"ok": self._answered(kind, details)}
        except DataviewSyntaxError as error:
            return {"error": error.message}
        except OutOfBudgetError as error:
            self.index.exhausted += 1
            self.answering -= EXHAUSTED
            return {"error": str(error)}
        except (EvaluationError, EncodingError) as error:
            return {"error": str(error)}
        except RecursionError:
            return {"error": "nested too deeply"}

    def _answered(self, kind: str, details: list[Any]) -> Any:
        now = Date(self.now.replace(tzinfo=None, microsecond=0))
        match kind, details:
            case "paths", [str(source)]:
                return self._paths(source)
            case "query", [str(text), str(origin), bool() | None as with_id]:
                query = parse_query(text)
                return encode(query_data(query, self.index, origin, now=now, with_id=with_id))
            case "evaluate", [str(text), variables]:
                row = decode(variables)
                context = page_context(self.index, self.path, now)
                fields = row if isinstance(row, Mapping) else {}
                try:
                    expression = parse_expression(text)
                except DataviewSyntaxError:
                    raise EvaluationError(f'Failed to parse expression "{text}"') from None
                return encode(context.evaluate(expression, fields))
            case "function", [str(name), list(arguments)]:
                function = FUNCTIONS.get(name)
                if function is None:
                    raise EvaluationError(f"Unrecognized function name '{name}'")
                context = page_context(self.index, self.path, now)
                return encode(function(context, *[decode(each) for each in arguments]))
            case "literal", [str(text)]:
                return encode(property_value(text))
            case "parse", [str(text)]:
                return encode(inline_value(text))
            case "normalize", [str(target), str(origin)]:
                return self.index.find(target, origin) or target
            case "load", [str(target), str(origin)]:
                return self._text(target, origin)
            case "csv", [str(target), str(origin)]:
                table = self._text(target, origin)
                return None if table is None else encode(csv_rows(table))
            case "view", [str(name), str(origin)]:
                return self._view(name, origin)
        raise EvaluationError("the script engine asked something unknown")

    def _paths(self, source: str) -> list[str]:
        if not source.strip():
            paths = self.index.paths
        else:
            try:
                paths = matching_paths(parse_source(source), self.index, self.path)
            except DataviewSyntaxError as error:
                raise EvaluationError(
                    f"Failed to parse query in 'pagePaths': {error.message}"
                ) from None
        for path in paths:
            if path in self.index.visible and path not in self.pages:
                self.pages[path] = _encoded(self.index, path)
        return list(paths)

    def _text(self, target: str, origin: str) -> str | None:
        found = self.index.find(target, origin)
        return None if found is None else self.index.text(found)

    def _view(self, name: str, origin: str) -> dict[str, str]:
        for target in (f"{name}.js", f"{name}/view.js"):
            path = self.index.find(target, origin)
            text = None if path is None else self.index.text(path)
            if path is not None and text is not None:
                return {"path": path, "code": text}
        raise EvaluationError(
            f"Dataview: custom view not found for '{name}.js' or '{name}/view.js'."
        )

    # ------------------------------------------------------------------ output

    def _result(
        self, report: Mapping[str, Any], missed: tuple[str, ...], *, lenient: bool
    ) -> ScriptResult | QueryError:
        error = report.get("error")
        if error:
            place = _place(self.code, str(report.get("stack", "")))
            offset = None if place is None else _offset(self.code, place)
            where = "" if place is None else f"\n    at line {place[0]}"
            return QueryError(
                f"Evaluation Error: {_as_in_obsidian(str(error), self.code, offset)}{where}",
                offset=offset,
                cause=self._cause(missed),
            )
        children = report.get("children")
        if not isinstance(children, list):
            return QueryError("Evaluation Error: the script gave no readable result.")
        try:
            reader = _Reader(self)
            return ScriptResult(
                tuple(reader.child(each, 0) for each in children),
                missing=tuple(dict.fromkeys(missed)) if lenient else (),
            )
        except EncodingError as problem:
            return QueryError(f"Evaluation Error: the script's result is {problem}.")

    def _cause(self, missed: tuple[str, ...]) -> str:
        """Name what has no page: the usual reason for such errors."""
        if not missed:
            return ""
        target = missed[0]
        if self.index.find(target, self.path) is not None:
            return f"`{target}` is not a note, so it has no page."
        return f"There is no note `{target}`, so it has no page."


class _Reader:
    """What a script wrote, as values the renderer knows."""

    def __init__(self, script: _Script) -> None:
        self._script = script
        self._executed = 0
        self._exhausted = script.index.exhausted

    def child(self, form: Any, depth: int) -> Any:
        if depth > 80:
            raise EncodingError("nested too deeply")
        match form:
            case str():
                return form
            case {"$": "el", "t": str(tag), "a": list(), "c": list(children)}:
                shell = decode({**form, "c": []})
                assert isinstance(shell, Element)
                inner = tuple(self.child(each, depth + 1) for each in children)
                return Element(tag, shell.attributes, inner)
            case {"$": "html", "v": str(html)}:
                return Markup(html)
            case {"$": "rendered", "v": value, **rest}:
                return Rendered(decode(value), rest.get("i") is True)
            case {"$": "table", "h": list(headers), "r": list(rows)}:
                cells = tuple(_row(decode(row)) for row in rows)
                return TableResult(tuple(str(each) for each in headers), cells)
            case {"$": "list", "v": list(items)}:
                return ListResult(tuple(decode(each) for each in items))
            case {"$": "tasks", "v": list(items), **rest}:
                return grouping_result(
                    tuple(decode(each) for each in items), by_file=rest.get("f") is True
                )
            case {"$": "execute", "v": str(text)}:
                script = self._script
                self._executed += 1
                exhausted = script.index.exhausted - self._exhausted
                if self._executed > MOST_EXECUTED or exhausted > MOST_EXHAUSTED:
                    raise EncodingError("too large: it runs too many queries")
                return run_query(
                    script.graph, script.path, text, now=script.now, visible=script.index.visible
                )
            case {"$": "error", "v": str(message)}:
                return QueryError(_as_in_obsidian(message, "", None))
        raise EncodingError("not readable")


def _row(row: Value) -> tuple[Value, ...]:
    return row if isinstance(row, tuple) else (row,)


def _key(value: object) -> str:
    """JSON exactly as JavaScript writes it, so that questions find their answers."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_pages_as_json: tuple[PageIndex | None, dict[str, str]] = (None, {})


def _encoded(index: PageIndex, path: str) -> str:
    """The JSON of a page, made once for the scripts of a build."""
    global _pages_as_json
    if _pages_as_json[0] is not index:
        _pages_as_json = (index, {})
    known = _pages_as_json[1]
    if path not in known:
        page = index.page(path)
        known[path] = "null" if page is None else encode_page(page)
    return known[path]


def _report(text: str) -> Mapping[str, Any]:
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}


def _stopped(reply: Stopped, *, hurried: bool) -> QueryError:
    match reply.why:
        case "time":
            cause = "A loop or a regular expression takes too long."
            if hurried:
                cause = "So many scripts of this vault do not end that each gets less time."
            return QueryError(
                "Evaluation Error: the script does not end; it was stopped.",
                cause=cause,
                kind="stopped",
            )
        case "memory":
            return QueryError(
                "Evaluation Error: the script needs too much memory; it was stopped.",
                kind="stopped",
            )
    return QueryError(f"Evaluation Error: {reply.message or 'the script was stopped.'}")


_PROPERTY = re.compile(r"cannot (read|set) property '(.*?)' of (undefined|null)", re.DOTALL)
# What is called: names with dots up to the place of the error, which is a dot or a name's begin.
_BEFORE = re.compile(r"[\w$.?]*$")
_CALLED = re.compile(r"[\w$.?]+(?=\()")


def _as_in_obsidian(error: str, code: str, offset: int | None) -> str:
    """The most frequent messages in the words of Obsidian's JavaScript engine, which name what
    was read or called."""
    if match := _PROPERTY.search(error):
        verb, name, of = match.groups()
        doing = "reading" if verb == "read" else "setting"
        shown = f"Cannot {verb} properties of {of} ({doing} '{name}')"
        return error[: match.start()] + shown + error[match.end() :]
    if offset is not None and error == "TypeError: not a function":
        before, called = _BEFORE.search(code[:offset]), _CALLED.match(code, offset)
        if called is not None:
            name = (before[0] if before else "") + called[0]
            if name.startswith("."):
                name = "(intermediate value)" + name
            return f"TypeError: {name} is not a function"
    return error


# A frame of the stack: the worker starts the runtime at a line far below any script's.
_FRAME = re.compile(r"<input>:(\d+):(\d+)")


def _place(code: str, stack: str) -> tuple[int, int] | None:
    """Line and column in the script of the innermost frame that lies in it, from 1."""
    for match in _FRAME.finditer(stack):
        line, column = int(match[1]), int(match[2])
        if line <= code.count("\n") + 1:
            return line, max(1, column - _PREAMBLE) if line == 1 else column
    return None


def _offset(code: str, place: tuple[int, int]) -> int:
    line, column = place
    before = sum(len(each) + 1 for each in code.split("\n")[: line - 1])
    return min(len(code), before + column - 1)
