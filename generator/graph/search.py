"""A ``query`` block (an embedded search) -> the notes that match it.

The part of Obsidian's search language that asks about whole notes is evaluated: words, "phrases",
``tag:``, ``file:``, ``path:``, ``content:``, ``[property]``, ``-``, ``OR`` and parentheses (Obsidian
help: Search). What asks about lines, blocks, tasks or regular expressions is not: such a block is
shown as its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

from generator.graph.dataview.values import ValueLink
from generator.graph.model import Graph
from generator.notes.model import Data, Note

if TYPE_CHECKING:
    from generator.graph.dataview.render import Writer

# One token: a negation, a bracket, a [property:value], an operator, a phrase, or a word.
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<sign>-(?=\S)) | (?P<open>\() | (?P<close>\))
      | \[ \s* (?P<key>"[^"]*"|[^\]\[:"]+?) \s* (?: : \s* (?P<value>"[^"]*"|[^\]\["<>/()]*?) \s* )? \]
      | (?P<operator>[A-Za-z][A-Za-z-]*):(?=\S)
      | "(?P<phrase>(?:[^"\\]|\\.)*)"
      | (?P<word>[^\s()"\[\]]+)
    )""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"tag", "file", "path", "content"})
_DEEPEST = 50  # brackets within brackets

_Test: TypeAlias = Callable[["_Candidate"], bool]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The notes a search found, by vault path, in order of their names."""

    paths: tuple[str, ...]

    def write_to(self, writer: Writer[Any]) -> None:
        """Write the notes as a list of links."""
        writer.put('<div class="search-result">')
        if self.paths:
            writer.put("<ul>")
            for path in self.paths:
                writer.put("<li>")
                writer.value(ValueLink(path))
                writer.put("</li>")
            writer.put("</ul>")
        else:
            writer.put('<p class="search-empty">', escape("No matches found."), "</p>")
        writer.put("</div>")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A note as the search sees it, everything folded."""

    note: Note
    path: str
    text: str


class _UnsupportedError(Exception):
    """The search asks for something that is not evaluated here."""


def run_search(
    graph: Graph, source: str, *, visible: frozenset[str] | None = None
) -> SearchResult | None:
    """Find the notes among ``visible`` (default: the published ones) that a search means.

    ``None`` for a search that is empty or uses what is not evaluated. Never raises.
    """
    try:
        test = _Parser(source).whole()
    except (_UnsupportedError, RecursionError):
        return None
    shown = graph.published if visible is None else visible
    found = []
    for path in sorted(shown, key=lambda each: (graph.notes[each].stem.casefold(), each)):
        text = graph.snapshot.texts.get(path, b"").decode("utf-8", "replace")
        if test(_Candidate(graph.notes[path], path.casefold(), text.casefold())):
            found.append(path)
    return SearchResult(tuple(found))


class _Parser:
    """Reads a search. ``OR`` binds less than standing side by side (Obsidian help: Search terms)."""

    def __init__(self, source: str) -> None:
        self._tokens: list[re.Match[str]] = []
        self._at = 0
        end = len(source.rstrip())
        place = 0
        while place < end:
            match = _TOKEN.match(source, place, end)
            if match is None:
                raise _UnsupportedError
            self._tokens.append(match)
            place = match.end()

    def whole(self) -> _Test:
        test = self._either(0)
        if self._at < len(self._tokens):
            raise _UnsupportedError  # a bracket that was never opened
        return test

    def _either(self, depth: int) -> _Test:
        tests = [self._all(depth)]
        while (token := self._next()) is not None and token["word"] == "OR":
            self._at += 1
            tests.append(self._all(depth))
        return tests[0] if len(tests) == 1 else lambda note: any(each(note) for each in tests)

    def _all(self, depth: int) -> _Test:
        tests: list[_Test] = []
        while (token := self._next()) is not None and not token["close"] and token["word"] != "OR":
            tests.append(self._term(depth))
        if not tests:
            raise _UnsupportedError
        return tests[0] if len(tests) == 1 else lambda note: all(each(note) for each in tests)

    def _term(self, depth: int) -> _Test:
        token = self._take()
        if depth > _DEEPEST:
            raise _UnsupportedError
        if token["sign"]:
            test = self._term(depth + 1)
            return lambda note: not test(note)
        if token["open"]:
            test = self._either(depth + 1)
            if not self._take()["close"]:
                raise _UnsupportedError
            return test
        if token["key"]:
            return _has_property(token["key"], token["value"])
        if token["operator"]:
            return self._operator(token["operator"].lower())
        return _mentions(_text_of(token))

    def _operator(self, name: str) -> _Test:
        token = self._take()
        if name not in _OPERATORS:
            raise _UnsupportedError
        wanted = _text_of(token)
        match name:
            case "tag":
                return _has_tag(wanted)
            case "file":
                return lambda note: wanted in note.path.rpartition("/")[2]
            case "path":
                return lambda note: wanted in note.path
        return lambda note: wanted in note.text

    def _next(self) -> re.Match[str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> re.Match[str]:
        token = self._next()
        if token is None:
            raise _UnsupportedError
        self._at += 1
        return token


def _text_of(token: re.Match[str]) -> str:
    """The text a word or phrase looks for, folded."""
    if token["phrase"] is not None:
        return re.sub(r"\\(.)", r"\1", token["phrase"]).casefold()
    word = token["word"]
    if word is None or (word.startswith("/") and word.endswith("/") and len(word) > 1):
        raise _UnsupportedError  # an operator over brackets, or a regular expression
    return word.casefold()


def _mentions(wanted: str) -> _Test:
    """Words without an operator are looked for in the text and in the path."""
    return lambda note: wanted in note.text or wanted in note.path


def _has_tag(wanted: str) -> _Test:
    """``tag:a`` finds ``#a`` and ``#a/b``, not ``#b/a``."""
    name = wanted.removeprefix("#").strip("/")
    if not name:
        raise _UnsupportedError

    def test(note: _Candidate) -> bool:
        folded = (each.name.casefold() for each in note.note.tags)
        return any(each == name or each.startswith(name + "/") for each in folded)

    return test


def _has_property(key: str, value: str | None) -> _Test:
    """``[key]``, ``[key:value]`` (a part of the value, as in Obsidian), ``[key:null]``."""
    name = key.strip('"').strip()
    wanted = None if value is None else value.strip('"').casefold()
    if wanted is not None and " or " in f" {wanted} ":
        raise _UnsupportedError  # a search of its own inside the brackets

    def test(note: _Candidate) -> bool:
        found = note.note.property(name)
        if found is None:
            return False
        if value == "null":
            return found.value is None
        return wanted is None or _holds(found.value, wanted)

    return test


def _holds(value: Data, wanted: str) -> bool:
    match value:
        case tuple():
            return any(_holds(each, wanted) for each in value)
        case bool():
            return wanted == str(value).lower()
        case None:
            return False
        case str() | int() | float():
            return wanted in str(value).casefold()
    return False
