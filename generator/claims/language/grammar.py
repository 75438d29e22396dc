"""The grammar of the language: a claim's text as comparisons of evaluated terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import TypeAlias

from generator.claims.expression import literal
from generator.claims.language.functions import FUNCTIONS
from generator.claims.language.terms import ClaimError, Comparison, Part, Term, within
from generator.claims.model import Subject

Models: TypeAlias = Callable[[str], "Subject | None"]

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d_]*(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s?(?P<unit>[kKMGB](?![\w.])|thousand\b|million\b|billion\b)?"
    r"|(?P<name>[A-Za-z]\w*(?:\.\w+)*)"
    r"|(?P<path>(?:\.\w+)+)"
    r"|(?P<op>==|!=|<=|>=|~=|[=≈≤≥≠<>]|\*\*|//|±|\+/-|[-+*/%(),×·^]))"
)
UNITS = {
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "G": 10**9,
    "B": 10**9,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "~=", "≈", "≤", "≥", "≠")
SIGNS = {"≈": "~=", "≤": "<=", "≥": ">=", "≠": "!="}
MAX_LENGTH = 400
MAX_BITS = 2048


def read(text: str, models: Models, known: Sequence[str]) -> tuple[Comparison, ...]:
    """Read and evaluate a claim: its comparisons, all of which it states.

    ``models`` gives a network by registry name, ``known`` all names for "did you mean". Raises
    :class:`ClaimError` with a message for the note's author.
    """
    if len(text) > MAX_LENGTH:
        raise ClaimError(f"longer than {MAX_LENGTH} characters", 0)
    return _Reader(text, models, known).claim()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    unit: str = ""


class _Reader:
    def __init__(self, text: str, models: Models, known: Sequence[str]) -> None:
        self.text, self.models, self.known = text, models, known
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0

    def _tokens(self) -> list[_Token]:
        found: list[_Token] = []
        at = depth = 0
        while self.text[at:].strip():
            match = TOKEN.match(self.text, at)
            if match is None:
                place = at + len(self.text[at:]) - len(self.text[at:].lstrip())
                raise ClaimError(f"cannot read {self.text[place]!r}", place)
            kind = match.lastgroup if match.lastgroup != "unit" else "number"
            assert kind is not None
            text, unit, at = match[kind], match["unit"] or "", match.end()
            if kind == "number" and depth and "," in text:
                # In brackets a comma separates: (3,224,224) has three numbers.
                text, unit = text.partition(",")[0], ""
                at = match.start(kind) + len(text)
            depth += (text == "(") - (text == ")")
            found.append(_Token(kind, text, match.start(kind), unit))
        return found

    # ------------------------------------------------------------ grammar

    def claim(self) -> tuple[Comparison, ...]:
        found = [*self.comparison()]
        while self.take("and"):
            found += self.comparison()
        token = self.peek()
        if token is not None:
            raise ClaimError(f"unexpected {token.text!r}", token.at)
        return tuple(found)

    def comparison(self) -> list[Comparison]:
        left = self.sum()
        found = []
        while (token := self.peek()) is not None and token.text in COMPARISONS:
            self.at += 1
            right = self.sum()
            operator = SIGNS.get(token.text, token.text)
            tolerance = self.tolerance(right, token) if operator == "~=" else Fraction(0)
            self.comparable(left, operator, right, token)
            found.append(Comparison(left, operator, right, tolerance, token.at))
            left = right
        if not found:
            token = self.peek()
            if token is not None and token.text == "=":
                raise ClaimError("a comparison is written ==", token.at)
            place = token.at if token else len(self.text)
            raise ClaimError("a comparison is missing: ==, !=, <, <=, >, >= or ~=", place)
        return found

    def tolerance(self, right: Term, token: _Token) -> Fraction:
        """``± 2%`` or ``± 5000``; one per cent without."""
        if not isinstance(right.value, Fraction):
            raise ClaimError("~= compares numbers", token.at)
        if not (self.take("±") or self.take("+/-")):
            return abs(right.value) / 100
        term = self.power()
        if not isinstance(term.value, Fraction):
            raise ClaimError("a tolerance is a number or a percentage", token.at)
        if self.take("%"):
            return abs(right.value) * term.value / 100
        return abs(term.value)

    def comparable(self, left: Term, operator: str, right: Term, token: _Token) -> None:
        sizes = isinstance(left.value, tuple), isinstance(right.value, tuple)
        if sizes[0] != sizes[1]:
            raise ClaimError("a shape and a number cannot be compared", token.at)
        if sizes[0] and operator not in ("==", "!="):
            raise ClaimError("shapes compare with == and !=", token.at)

    def sum(self) -> Term:
        return self.chain(self.product, ("+", "-"))

    def product(self) -> Term:
        return self.chain(self.power, ("*", "/", "//", "×", "·"))

    def chain(self, part: Callable[[], Term], operators: tuple[str, ...]) -> Term:
        left = part()
        while (token := self.peek()) is not None and token.text in operators:
            self.at += 1
            left = _combined(
                left, {"×": "*", "·": "*"}.get(token.text, token.text), part(), token.at
            )
        return left

    def power(self) -> Term:
        if token := self.take("-"):
            inner = self.power()
            if not isinstance(inner.value, Fraction):
                raise ClaimError("a shape cannot be negative", token.at)
            return Term(-inner.value, f"-({inner.source})", f"-{inner.text}", inner.plain)
        left = self.atom()
        for sign in ("**", "^"):
            if token := self.take(sign):
                return _combined(left, "**", self.power(), token.at)
        return left

    def atom(self) -> Term:
        token = self.peek()
        if token is None:
            raise ClaimError("something is missing at the end", len(self.text))
        self.at += 1
        self.depth += 1
        if self.depth > 200:
            raise ClaimError("too deeply nested", token.at)
        if token.kind == "number":
            return _number(token)
        if token.kind == "name":
            return self.call(token)
        if token.text == "(":
            return self.group(token)
        raise ClaimError(f"unexpected {token.text!r}", token.at)

    def group(self, opening: _Token) -> Term:
        parts = [self.sum()]
        comma = False
        while self.take(","):
            comma = True
            if self.peek() is not None and self.peek().text == ")":  # type: ignore[union-attr]
                break
            parts.append(self.sum())
        self.expect(")", opening)
        if not comma:
            inner = parts[0]
            return Term(inner.value, f"({inner.source})", f"({inner.text})", inner.plain)
        return _tuple(parts, opening.at)

    def call(self, name: _Token) -> Term:
        if name.text not in FUNCTIONS:
            if name.text in ("true", "false", "and"):
                raise ClaimError(f"unexpected {name.text!r}", name.at)
            close = get_close_matches(name.text, FUNCTIONS, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ClaimError(f"no function {name.text!r}{hint}", name.at)
        opening = self.take("(")
        if opening is None:
            raise ClaimError(f"{name.text} needs its arguments in brackets", name.at)
        function = FUNCTIONS[name.text]
        found: list[Term | Part] = []
        if self.peek() is not None and self.peek().text != ")":  # type: ignore[union-attr]
            found.append(self.argument(model=function.model))
            while self.take(","):
                found.append(self.argument(model=False))
        self.expect(")", opening)
        try:
            return function.apply(name.text, found)
        except ClaimError as error:
            raise ClaimError(error.message, name.at if error.at < 0 else error.at) from None

    def argument(self, *, model: bool) -> Term | Part:
        token = self.peek()
        if model and token is not None and token.kind == "name":
            self.at += 1
            return self.part(self.spoken(token))
        return self.sum()

    def spoken(self, token: _Token) -> _Token:
        """A model by the name people use: ``VGG-16``."""
        name = token.text
        while self.take("-"):
            following = self.peek()
            if following is None or following.kind not in ("name", "number"):
                raise ClaimError("something is missing after '-'", token.at)
            self.at += 1
            name = f"{name}-{following.text}"
        if (following := self.peek()) is not None and following.kind == "path":
            self.at += 1
            name += following.text
        return _Token("name", name, token.at)

    def part(self, token: _Token) -> Part:
        """``vgg16`` or ``vgg16.features``: a network, or one module of it."""
        name, _, path = token.text.partition(".")
        subject = self.models(name)
        if subject is None:
            close = get_close_matches(name, self.known, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ClaimError(f"no model {name!r}{hint}", token.at)
        if path and not any(within(node.name, path) for node in subject.network.nodes):
            tops = sorted({node.name.split(".")[0] for node in subject.network.nodes if node.name})
            raise ClaimError(f"{name} has no part {path!r}; it has {', '.join(tops)}", token.at)
        return Part(subject, path)

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, text: str) -> _Token | None:
        token = self.peek()
        if token is not None and token.text == text:
            self.at += 1
            return token
        return None

    def expect(self, text: str, opening: _Token) -> None:
        if not self.take(text):
            raise ClaimError("this bracket is not closed", opening.at)


def _number(token: _Token) -> Term:
    plain = token.text.replace("_", "").replace(",", "")
    mantissa, _, power = plain.lower().partition("e")
    if len(plain) > 40 or abs(int(power or 0)) > 60:
        raise ClaimError("this number is too large", token.at)
    value = Fraction(mantissa) * Fraction(10) ** int(power or 0) * UNITS.get(token.unit, 1)
    return Term(value, literal(value), f"{token.text}{token.unit}", plain=True)


def _tuple(parts: Sequence[Term], at: int) -> Term:
    values = []
    for each in parts:
        if not isinstance(each.value, Fraction) or each.value.denominator != 1:
            raise ClaimError("a shape holds whole numbers", at)
        values.append(int(each.value))
    tail = "," if len(values) == 1 else ""
    source = f"({', '.join(each.source for each in parts)}{tail})"
    return Term(tuple(values), source, "×".join(map(str, values)), all(p.plain for p in parts))


def _combined(left: Term, operator: str, right: Term, at: int) -> Term:
    first, second = left.value, right.value
    if not (isinstance(first, Fraction) and isinstance(second, Fraction)):
        raise ClaimError("arithmetic needs numbers", at)
    match operator:
        case "+":
            value, source = first + second, f"({left.source} + {right.source})"
        case "-":
            value, source = first - second, f"({left.source} - ({right.source}))"
        case "*":
            value, source = first * second, f"{left.source} * {right.source}"
        case "/" | "//" if second == 0:
            raise ClaimError("division by zero", at)
        case "/":
            value, source = first / second, f"Fraction({left.source}) / ({right.source})"
        case "//":
            value, source = Fraction(first // second), f"({left.source}) // ({right.source})"
        case _:
            if second.denominator != 1 or abs(second) > 64 or (first == 0 and second < 0):
                raise ClaimError("this power is too large", at)
            value, source = first ** int(second), f"Fraction({left.source}) ** ({right.source})"
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise ClaimError("this number is too large", at)
    return Term(value, source, f"{left.text}{operator}{right.text}", left.plain and right.plain)
