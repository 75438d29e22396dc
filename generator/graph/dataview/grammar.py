"""Text -> syntax trees: Dataview's grammar of expressions, sources and queries.

A recursive-descent parser with ordered choice and backtracking: where the original takes the first
alternative that matches (``trueish`` is ``true`` and rubbish), so does this. The furthest failure
is remembered for the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from generator.graph.dataview.date_text import SHORTHANDS, read_date, read_duration
from generator.graph.dataview.emoji import emoji_end
from generator.graph.dataview.links import infer_link
from generator.graph.dataview.syntax import (
    Binary,
    BinarySource,
    Call,
    CsvSource,
    Expression,
    Flatten,
    FolderSource,
    GroupBy,
    Index,
    Lambda,
    LateFrom,
    Limit,
    LinkSource,
    ListOf,
    Literal,
    Named,
    Negated,
    NegatedSource,
    ObjectOf,
    Operation,
    Query,
    Shorthand,
    Sort,
    Source,
    TagSource,
    Variable,
    Where,
)

# Deeper nesting than this is nobody's query; it would exhaust the stack instead.
DEEPEST = 50

_BLANK = re.compile(r"\s*")
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_BOOL = re.compile(r"true|false|True|False")
_LINK = re.compile(r"\[\[([^\[\]]*?)\]\]")
_TAG = re.compile(r"#[^\u2000-\u206F\u2E00-\u2E7F'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]*")
_MULTIPLY = re.compile(r"[*/%]")
_ADD = re.compile(r"[+-]")
_COMPARE = re.compile(r">=|<=|!=|>|<|=")
_COMBINE = re.compile(r"and|or|&|\|", re.IGNORECASE)
_SHORTHAND = re.compile("|".join(sorted(SHORTHANDS, key=lambda name: (-len(name), name))))
_QUERY_TYPE = re.compile(r"TABLE|LIST|TASK|CALENDAR", re.IGNORECASE)
_WITHOUT_ID = re.compile(r"WITHOUT\s+ID", re.IGNORECASE)
_AS = re.compile("AS", re.IGNORECASE)
_DIRECTION = re.compile("ASCENDING|DESCENDING|ASC|DESC", re.IGNORECASE)
_COMMENT = re.compile(r"//[^\n]*")
_NEWLINES = re.compile(r"[\r\n]+")
_HEADER = "TABLE or LIST or TASK or CALENDAR"
_KEYWORDS = frozenset({"from", "where", "limit", "group", "flatten"})

T = TypeVar("T")


class DataviewSyntaxError(Exception):
    """A text that does not parse. ``message`` is laid out as Dataview's own; ``offset`` is the
    place of the furthest failure."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class _Mismatch(Exception):  # noqa: N818 - control flow of ordered choice, never seen outside
    pass


def parse_expression(text: str) -> Expression:
    """Parse a whole text as an expression. Raises :class:`DataviewSyntaxError`."""
    return _Parser(text).whole(_Parser.expression)


def parse_source(text: str) -> Source:
    """Parse a whole text as a source of pages. Raises :class:`DataviewSyntaxError`."""
    return _Parser(text).whole(_Parser.source)


def parse_query(text: str) -> Query:
    """Parse a whole text as a query. Raises :class:`DataviewSyntaxError`."""
    return _Parser(text).whole(_Parser.query)


@dataclass(slots=True)
class _Parser:
    text: str
    at: int = 0
    depth: int = 0
    furthest: int = 0
    expected: set[str] = field(default_factory=set)

    # ------------------------------------------------------------------ machinery

    def whole(self, rule: Callable[[_Parser], T]) -> T:
        try:
            result = rule(self)
            if self.at < len(self.text):
                self._fail("EOF")
        except _Mismatch:
            raise DataviewSyntaxError(self._message(), self.furthest) from None
        return result

    def _note(self, *expected: str) -> None:
        """Note what could stand here."""
        self._merge(self.at, {*expected})

    def _merge(self, place: int, expected: set[str]) -> None:
        """Only what was expected furthest on counts for the message."""
        if place > self.furthest:
            self.furthest, self.expected = place, set()
        if place == self.furthest:
            self.expected |= expected

    def _fail(self, expected: str) -> _Mismatch:
        """Note what was expected here, and give up this alternative."""
        self._note(expected)
        raise _Mismatch

    def _described(self, expected: str, rule: Callable[[], T]) -> T:
        """Apply a rule; where it fails, all it expected furthest on goes by one name."""
        outer = self.furthest, self.expected
        self.furthest, self.expected = -1, set()
        try:
            result = rule()
        except _Mismatch:
            self.expected = {expected}
            self._merge(*outer)
            raise
        self._merge(*outer)
        return result

    def _match(self, pattern: re.Pattern[str], expected: str) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise self._fail(expected)
        self.at = match.end()
        return match[0]

    def _token(self, token: str) -> None:
        if not self.text.startswith(token, self.at):
            raise self._fail(f"'{token}'")
        self.at += len(token)

    def _blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _blanks(self) -> None:
        self._match(_BLANKS, "whitespace")

    def _maybe(self, rule: Callable[[], T]) -> T | None:
        """Try a rule; where it does not match, stay in place."""
        start = self.at
        try:
            return rule()
        except _Mismatch:
            self.at = start
            return None

    def _first(self, *rules: Callable[[], T]) -> T:
        """The first rule that matches."""
        start = self.at
        for rule in rules:
            try:
                return rule()
            except _Mismatch:
                self.at = start
        raise _Mismatch

    def _separated(self, rule: Callable[[], T], *, at_least: int = 0) -> tuple[T, ...]:
        """Matches of a rule between commas with optional blanks."""
        items: list[T] = []

        def following() -> T:
            self._blank()
            self._token(",")
            self._blank()
            return rule()

        item = self._maybe(rule)
        while item is not None:
            items.append(item)
            item = self._maybe(following)
        if len(items) < at_least:
            raise _Mismatch
        return tuple(items)

    def _left_associative(
        self,
        operand: Callable[[], T],
        operator: Callable[[], str],
        combine: Callable[[str, T, T], T],
    ) -> T:
        def following() -> tuple[str, T]:
            self._blank()
            symbol = operator()
            self._blank()
            return symbol, operand()

        result = operand()
        while (more := self._maybe(following)) is not None:
            result = combine(more[0], result, more[1])
        return result

    # ------------------------------------------------------------------ expressions

    def expression(self) -> Expression:
        """The loosest level: ``and`` and ``or``, equal and left-associative (rule 13.9)."""
        self.depth += 1
        if self.depth > DEEPEST:
            # Not a mismatch: no other alternative is worth trying.
            raise DataviewSyntaxError("The expression is nested too deeply.", self.at)
        try:
            return self._left_associative(self._comparison, self._combiner, Binary)
        finally:
            self.depth -= 1

    def _comparison(self) -> Expression:
        return self._left_associative(
            self._sum,
            lambda: self._match(_COMPARE, "'>=' or '<=' or '!=' or '=' or '>' or '<'"),
            Binary,
        )

    def _sum(self) -> Expression:
        return self._left_associative(
            self._product, lambda: self._match(_ADD, "'+' or '-'"), Binary
        )

    def _product(self) -> Expression:
        return self._left_associative(
            self._postfixed, lambda: self._match(_MULTIPLY, "'*' or '/' or '%'"), Binary
        )

    def _combiner(self) -> str:
        word = self._match(_COMBINE, "'and' or 'or'").lower()
        return {"and": "&", "or": "|"}.get(word, word)

    def _postfixed(self) -> Expression:
        """An atom followed by ``.name``, ``[index]`` and ``(arguments)``, without blanks."""
        result = self._atom()
        for _ in range(DEEPEST * 2):
            following = self._maybe(
                lambda inner=result: self._first(  # type: ignore[misc]
                    lambda: self._dot(inner),
                    lambda: self._brackets(inner),
                    lambda: self._call(inner),
                )
            )
            if following is None:
                break
            result = following
        return result

    def _dot(self, inner: Expression) -> Expression:
        self._token(".")
        return Index(inner, Literal(self._identifier()))

    def _brackets(self, inner: Expression) -> Expression:
        self._token("[")
        self._blank()
        index = self.expression()
        self._blank()
        self._token("]")
        return Index(inner, index)

    def _call(self, inner: Expression) -> Expression:
        self._token("(")
        self._blank()
        arguments = self._separated(self.expression)
        self._blank()
        self._token(")")
        return Call(inner, arguments)

    def _atom(self) -> Expression:
        described = self._described
        return self._first(
            self._embed,
            lambda: described("negated field", self._negated),
            lambda: described("list ('[1, 2, 3]')", self._list),
            lambda: described("object ('{ a: 1, b: 2 }')", self._object),
            self._lambda,
            self._parentheses,
            self._bool,
            self._number,
            lambda: Literal(self._string()),
            lambda: described("date", self._date),
            lambda: described("duration", self._duration),
            self._null,
            lambda: described("variable", self._variable),
        )

    def _embed(self) -> Expression:
        embed = self.text.startswith("!", self.at)
        self.at += embed
        match = _LINK.match(self.text, self.at)
        if match is None:
            raise self._fail("file link")
        self.at = match.end()
        return Literal(infer_link(match[1], embed=embed))

    def _negated(self) -> Expression:
        self._token("!")
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                raise DataviewSyntaxError("The expression is nested too deeply.", self.at)
            return Negated(self._postfixed())
        finally:
            self.depth -= 1

    def _list(self) -> Expression:
        self._token("[")
        self._blank()
        items = self._separated(self.expression)
        self._blank()
        self._token("]")
        return ListOf(items)

    def _object(self) -> Expression:
        self._token("{")
        self._blank()
        entries = self._separated(self._entry)
        self._blank()
        self._token("}")
        return ObjectOf(entries)

    def _entry(self) -> tuple[str, Expression]:
        name = self._first(self._identifier, self._string)
        self._blank()
        self._token(":")
        self._blank()
        return name, self.expression()

    def _lambda(self) -> Expression:
        self._blank()
        self._token("(")
        self._blank()
        parameters = self._separated(self._identifier)
        self._blank()
        self._token(")")
        self._blank()
        self._token("=>")
        self._blank()
        return Lambda(parameters, self.expression())

    def _parentheses(self) -> Expression:
        self._token("(")
        self._blank()
        inner = self.expression()
        self._blank()
        self._token(")")
        return inner

    def _bool(self) -> Expression:
        return Literal(self._match(_BOOL, "boolean").lower() == "true")

    def _number(self) -> Expression:
        return Literal(float(self._match(_NUMBER, "number")))

    def _null(self) -> Expression:
        self._token("null")
        return Literal(None)

    def _string(self) -> str:
        """``"…"`` with ``\\"`` and ``\\\\``; other escapes keep their backslash."""
        if not self.text.startswith('"', self.at):
            raise self._fail("string")
        out: list[str] = []
        at = self.at + 1
        while at < len(self.text):
            char = self.text[at]
            if char == '"':
                self.at = at + 1
                return "".join(out)
            if char == "\\" and at + 1 < len(self.text):
                escaped = self.text[at + 1]
                out.append(escaped if escaped in '"\\' else "\\" + escaped)
                at += 2
            else:
                out.append(char)
                at += 1
        self.at = at
        raise self._fail("string")

    def _date(self) -> Expression:
        self._token("date(")
        self._blank()
        match = _SHORTHAND.match(self.text, self.at)
        value: Expression
        if match is not None:
            self.at = match.end()
            value = Shorthand(match[0])
        else:
            found = read_date(self.text, self.at)
            if found is None:
                raise self._fail("date")
            value, self.at = Literal(found[0]), found[1]
        self._blank()
        self._token(")")
        return value

    def _duration(self) -> Expression:
        self._token("dur(")
        self._blank()
        found = read_duration(self.text, self.at)
        if found is None:
            raise self._fail("duration")
        self.at = found[1]
        self._blank()
        self._token(")")
        return Literal(found[0])

    def _variable(self) -> Expression:
        name = self._identifier()
        if name.lower() in _KEYWORDS:
            raise self._fail("variable")
        return Variable(name)

    def _identifier(self) -> str:
        end = identifier_end(self.text, self.at)
        if end == self.at:
            raise self._fail("variable identifier")
        name, self.at = self.text[self.at : end], end
        self._note(r"/[0-9\p{Letter}_-]/u", "text")
        return name

    # ------------------------------------------------------------------ sources

    def source(self) -> Source:
        self.depth += 1
        if self.depth > DEEPEST:
            raise DataviewSyntaxError("The source is nested too deeply.", self.at)
        try:
            return self._left_associative(self._source_atom, self._combiner, BinarySource)
        finally:
            self.depth -= 1

    def _source_atom(self) -> Source:
        return self._first(
            self._source_parentheses,
            self._source_negated,
            self._source_outgoing,
            self._source_link,
            lambda: FolderSource(self._string()),
            self._source_tag,
            self._source_csv,
        )

    def _source_parentheses(self) -> Source:
        self._token("(")
        self._blank()
        inner = self.source()
        self._blank()
        self._token(")")
        return inner

    def _source_negated(self) -> Source:
        self._first(lambda: self._token("-"), lambda: self._token("!"))
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                raise DataviewSyntaxError("The source is nested too deeply.", self.at)
            return NegatedSource(self._source_atom())
        finally:
            self.depth -= 1

    def _source_link(self) -> Source:
        match = _LINK.match(self.text, self.at)
        if match is None:
            raise self._fail("file link")
        self.at = match.end()
        return LinkSource(infer_link(match[1]).path, incoming=True)

    def _source_outgoing(self) -> Source:
        self._token("outgoing(")
        self._blank()
        link = self._source_link()
        self._token(")")
        assert isinstance(link, LinkSource)
        return LinkSource(link.path, incoming=False)

    def _source_tag(self) -> Source:
        tag = self._match(_TAG, "tag ('#hello/stuff')")
        self._note("text")
        return TagSource(tag)

    def _source_csv(self) -> Source:
        self._token("csv(")
        self._blank()
        path = self._string()
        self._token(")")
        return CsvSource(path)

    # ------------------------------------------------------------------ queries

    def query(self) -> Query:
        self._blanks_and_comments()
        kind, columns, with_id = self._described(_HEADER, self._header)
        self._blanks_and_comments()
        source = self._maybe(self._from)
        self._blanks_and_comments()
        operations: list[Operation] = []
        while (operation := self._maybe(self._operation)) is not None:
            operations.append(operation)
            self._blanks_and_comments()
        return Query(
            kind=kind,
            columns=columns,
            with_id=with_id,
            source=FolderSource("") if source is None else source,
            operations=tuple(operations),
        )

    def _blanks_and_comments(self) -> None:
        while match := _BLANKS.match(self.text, self.at) or _COMMENT.match(self.text, self.at):
            self.at = match.end()
        self._note("whitespace", "Not a comment")

    def _header(self) -> tuple[str, tuple[Named, ...], bool]:
        kind = self._match(_QUERY_TYPE, _HEADER).lower()
        return kind, *self._columns(kind)

    def _columns(self, kind: str) -> tuple[tuple[Named, ...], bool]:
        """What follows the query's type: columns, and whether rows show what they are."""
        if kind == "task":
            return (), True
        if kind == "calendar":
            self._blanks()
            return (self._named(),), True
        if self.at == len(self.text):
            return (), True
        self._blanks()
        with_id = self._maybe(lambda: self._match(_WITHOUT_ID, r"/WITHOUT\s+ID/i")) is None
        if not with_id:
            self._blank()
        if kind == "table":
            return self._separated(self._named), with_id
        value = self._maybe(self.expression)
        return (() if value is None else (Named("", value),)), with_id

    def _named(self) -> Named:
        return self._first(self._named_explicitly, self._named_by_text)

    def _named_explicitly(self) -> Named:
        expression = self.expression()
        self._blanks()
        self._match(_AS, "/AS/i")
        self._blanks()
        return Named(self._first(self._identifier, self._string), expression)

    def _named_by_text(self) -> Named:
        start = self.at
        expression = self.expression()
        text = self.text[start : self.at]
        return Named("".join(line.strip() for line in _NEWLINES.split(text)), expression)

    def _from(self) -> Source:
        self._keyword("FROM")
        return self.source()

    def _keyword(self, word: str) -> None:
        self._match(re.compile(word, re.IGNORECASE), f"/{word}/i")
        self._blanks()

    def _operation(self) -> Operation:
        described = self._described
        return self._first(
            lambda: LateFrom(self._from()),
            lambda: described("WHERE <expression>", self._where),
            lambda: described("SORT field [ASC/DESC]", self._sort),
            lambda: described("LIMIT <value>", self._limit),
            lambda: described("GROUP BY <value> [AS <name>]", self._group),
            lambda: described("FLATTEN <value> [AS <name>]", self._flatten),
        )

    def _where(self) -> Operation:
        self._keyword("WHERE")
        return Where(self.expression())

    def _sort(self) -> Operation:
        self._keyword("SORT")
        return Sort(self._separated(self._sort_key, at_least=1))

    def _sort_key(self) -> tuple[Expression, bool]:
        key = self.expression()
        self._blank()
        direction = self._maybe(lambda: self._match(_DIRECTION, f"/{_DIRECTION.pattern}/i")) or ""
        return key, direction.lower().startswith("desc")

    def _limit(self) -> Operation:
        self._keyword("LIMIT")
        return Limit(self.expression())

    def _group(self) -> Operation:
        self._keyword("GROUP BY")
        return GroupBy(self._named())

    def _flatten(self) -> Operation:
        self._keyword("FLATTEN")
        return Flatten(self._named())

    # ------------------------------------------------------------------ messages

    def _message(self) -> str:
        """The failure as Dataview prints it: the lines around it, and what could stand there."""
        lines = re.split(r"\r\n|[\n\r\u2028\u2029]", self.text[: self.furthest])
        row, column = len(lines) - 1, len(lines[-1])
        everything = re.split(r"\r\n|[\n\r\u2028\u2029]", self.text)
        if self.furthest >= len(self.text):
            got = "Got the end of the input"
        else:
            first, last = max(0, row - 2), min(len(everything), row + 3)
            width = len(str(last))
            shown = []
            for number in range(first, last):
                mark = "> " if number == row else "  "
                shown.append(f"{mark}{str(number + 1).rjust(width)} | {everything[number]}")
                if number == row:
                    shown.append(f"  {' ' * width} | {' ' * column}^")
            got = "\n".join(shown)
        names = sorted(self.expected)
        what = (
            f"Expected:\n\n{names[0]}"
            if len(names) == 1
            else "Expected one of the following: \n\n" + ", ".join(names)
        )
        return f"Error: \n-- PARSING FAILED {'-' * 50}\n\n{got}\n\n{what}\n"


def identifier_end(text: str, at: int) -> int:
    """Give the end of the identifier at ``at`` (``at`` itself if there is none).

    It starts with a letter or emoji and goes on with those, digits, ``_`` and ``-`` (rule 13.8).
    """
    start = at
    while at < len(text):
        char = text[at]
        if char.isalpha() or (at > start and (char in "0123456789_-")):
            at += 1
            continue
        after = emoji_end(text, at)
        if after == at:
            break
        at = after
    return at
