"""Text -> syntax tree: the expressions of filters and formulas, in JavaScript's precedence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.graph.bases.syntax import (
    Binary,
    Call,
    Expression,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Pattern,
    Unary,
)

DEEPEST = 40
# From the loosest to the tightest; operators of a level are left-associative.
_LEVELS = (
    ("||",),
    ("&&",),
    ("==", "!=", "===", "!=="),
    (">=", "<=", ">", "<"),
    ("+", "-"),
    ("*", "/", "%"),
)
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*(?:-(?=\w)(?!\d+(?!\w))\w+)*)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<mark>===|!==|==|!=|>=|<=|\|\||&&|[-+*/%<>!().,:\[\]{}])
    )""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN = re.compile(r"\s*/((?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


class BaseSyntaxError(Exception):
    """An expression that does not parse; ``offset`` is where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (``number``, ``name``, ``text``, ``mark``, ``end``), text and place."""

    kind: str
    text: str
    at: int
    end: int


def parse(text: str) -> Expression:
    """Parse a whole filter statement or formula. Raises :class:`BaseSyntaxError`."""
    parser = _Parser(text)
    result = parser.level(0)
    if parser.token.kind != "end":
        raise parser.unexpected()
    return result


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.token = self._read(0)

    def unexpected(self) -> BaseSyntaxError:
        what = "the end" if self.token.kind == "end" else f"`{self.token.text}`"
        return BaseSyntaxError(f"unexpected {what}", self.token.at)

    def _read(self, at: int) -> Token:
        match = _TOKEN.match(self.text, at)
        if match is None:
            rest = self.text[at:]
            start = at + len(rest) - len(rest.lstrip())
            if start >= len(self.text):
                return Token("end", "", len(self.text), len(self.text))
            return Token("mark", self.text[start], start, start + 1)
        kind = match.lastgroup or "mark"
        return Token(kind, match[kind], match.start(kind), match.end())

    def _next(self) -> Token:
        token = self.token
        self.token = self._read(token.end)
        return token

    def _is(self, *marks: str) -> bool:
        return self.token.kind == "mark" and self.token.text in marks

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise self.unexpected()
        self._next()

    def level(self, number: int) -> Expression:
        """An expression of operators from a level on."""
        if number == len(_LEVELS):
            return self._unary()
        result = self.level(number + 1)
        while self._is(*_LEVELS[number]):
            operator = self._next().text
            result = Binary(operator[:2], result, self.level(number + 1))
        return result

    def _nested(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BaseSyntaxError("nested too deeply", self.token.at)
        try:
            return self.level(0)
        finally:
            self.depth -= 1

    def _unary(self) -> Expression:
        operators: list[str] = []
        while self._is("!", "-"):
            operators.append(self._next().text)
            if len(operators) > DEEPEST:
                raise BaseSyntaxError("nested too deeply", self.token.at)
        result = self._postfix()
        for operator in reversed(operators):
            result = Unary(operator, result)
        return result

    def _postfix(self) -> Expression:
        result = self._atom()
        for _ in range(2 * DEEPEST):
            if self._is("."):
                self._next()
                if self.token.kind != "name":
                    raise self.unexpected()
                name = self._next().text
                if self._is("("):
                    result = Call(result, name, self._arguments())
                else:
                    result = Member(result, Literal(name))
            elif self._is("["):
                self._next()
                key = self._nested()
                self._expect("]")
                result = Member(result, key)
            else:
                break
        return result

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        items = self._list(")")
        self._expect(")")
        return items

    def _list(self, closing: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        while not self._is(closing):
            items.append(self._nested())
            if not self._is(","):
                break
            self._next()
        return tuple(items)

    def _atom(self) -> Expression:
        token = self.token
        if self._is("/"):
            return self._pattern()
        if self._is("("):
            self._next()
            inner = self._nested()
            self._expect(")")
            return inner
        if self._is("["):
            self._next()
            items = self._list("]")
            self._expect("]")
            return ListOf(items)
        if self._is("{"):
            return self._object()
        if token.kind == "number":
            return Literal(float(self._next().text))
        if token.kind == "text":
            return Literal(_unquoted(self._next().text))
        if token.kind == "name":
            self._next()
            if token.text in _WORDS:
                return Literal(_WORDS[token.text])
            return Call(None, token.text, self._arguments()) if self._is("(") else Name(token.text)
        raise self.unexpected()

    def _pattern(self) -> Expression:
        match = _PATTERN.match(self.text, self.token.at)
        if match is None:
            raise self.unexpected()
        self.token = self._read(match.end())
        return Pattern(match[1], match[2])

    def _object(self) -> Expression:
        self._expect("{")
        entries: list[tuple[str, Expression]] = []
        while not self._is("}"):
            if self.token.kind not in ("name", "text"):
                raise self.unexpected()
            token = self._next()
            name = _unquoted(token.text) if token.kind == "text" else token.text
            self._expect(":")
            entries.append((name, self._nested()))
            if not self._is(","):
                break
            self._next()
        self._expect("}")
        return ObjectOf(tuple(entries))


def _unquoted(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1], flags=re.DOTALL
    )
