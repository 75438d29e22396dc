"""Arithmetic as notes write it: a Pratt parser over tokens, exact values, and two ways to write it.

``\\frac{64-4}{2}+1`` and ``(64 − 4)/2 + 1`` give the same tree; its value is a fraction, never a
float. Trees may contain names (``n + 2p - f + 1``), which a caller binds to values. Size is bounded:
what a note can write costs no more than a note's length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import TypeAlias, assert_never

from generator.claims.lexicon import MULTIPLIER_WORDS, MULTIPLIERS, wordset
from generator.claims.tokens import Kind, Token

MAX_DEPTH = 40
MAX_OPERATIONS = 100
MAX_BITS = 2048
MAX_EXPONENT = 64


@dataclass(frozen=True, slots=True)
class Number:
    """A literal. ``place`` is the value of its last digit, ``text`` as written."""

    value: Fraction
    place: Fraction = Fraction(1)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, with subscripts and layer indices as part of its spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / ^``. ``cross`` marks a product written with x or ×, as sizes are; ``bracketed``
    says that the whole stood in brackets."""

    operator: str
    left: Expression
    right: Expression
    cross: bool = False
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """``floor``, ``ceil``, ``sqrt`` or ``percent`` of one argument."""

    function: str
    of: Expression


Expression: TypeAlias = Number | Name | Negative | Binary | Call


class UncomputableError(Exception):
    """An expression has no exact value here: an unbound name, division by zero, too large."""


# ------------------------------------------------------------------ parsing


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed expression and the index of the token after it."""

    expression: Expression
    end: int


POWER, PRODUCT, SUM = 40, 30, 20
BINDING = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
CLOSING = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉"}
# Letters that name functions more often than factors: f(x) is a call, n(k+1) a product.
FUNCTION_LETTERS = wordset("f g h P p O E F σ φ ψ") | {"sigma", "phi", "psi"}


def parse(tokens: Sequence[Token], start: int = 0, end: int | None = None) -> Parsed | None:
    """Parse the longest expression that begins at ``tokens[start]``; ``None`` if none does."""
    parser = _Parser(tokens, len(tokens) if end is None else end)
    try:
        expression, after = parser.expression(start, 0, 0)
    except _StopError:
        return None
    return Parsed(expression, after)


class _StopError(Exception):
    """The tokens are no expression here."""


class _Parser:
    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self.tokens, self.end = tokens, end
        self.operations = 0

    def expression(self, at: int, least: int, depth: int) -> tuple[Expression, int]:
        self.operations += 1
        if depth > MAX_DEPTH or self.operations > MAX_OPERATIONS:
            raise _StopError
        left, at = self.prefix(at, depth)
        while at < self.end:
            token = self.tokens[at]
            if token.is_op("%") and least <= POWER:
                left, at = Call("percent", left), at + 1
                continue
            if token.is_op("\n"):
                following = self.peek(at + 1)
                if following and following.is_op("+", "*", "/") and following.spaced:
                    at += 1
                    continue
                break
            binding = BINDING.get(token.text, 0) if token.kind is Kind.OP else 0
            tower = isinstance(left, Binary) and left.operator == "^" and not left.bracketed
            if token.is_op("^") and tower:
                raise _StopError  # TeX refuses a tower of powers, and people disagree
            if binding and binding > least - (token.text == "^"):
                try:
                    right, after = self.operand(at + 1, token.text, binding, depth)
                except _StopError:
                    break
                left = Binary(token.text, left, right, cross=token.cross)
                at = after
            elif not binding and least < PRODUCT and self.juxtaposed(at):
                try:
                    right, after = self.expression(at, PRODUCT, depth + 1)
                except _StopError:
                    break
                if _mixed_number(left, self.tokens[at]):
                    raise _StopError
                left, at = Binary("*", left, right), after
            else:
                break
        return left, at

    def operand(self, at: int, operator: str, binding: int, depth: int) -> tuple[Expression, int]:
        if operator == "^":
            token = self.peek(at)
            if token and token.is_op("{"):
                return self.group(at, depth)
            if token and token.is_op("-", "+"):
                inner, after = self.prefix(at + 1, depth + 1)
                return (Negative(inner) if token.text == "-" else inner), after
            if token and token.math and token.kind is Kind.NUMBER and len(token.text) > 1:
                raise _StopError  # TeX takes one digit: 2^10 shows 2¹0, and two readings are none
            return self.prefix(at, depth + 1)
        if at < self.end and self.tokens[at].is_op("\n"):
            at += 1
        return self.expression(at, binding, depth + 1)

    def prefix(self, at: int, depth: int) -> tuple[Expression, int]:
        token = self.peek(at)
        if token is None:
            raise _StopError
        match token.kind:
            case Kind.NUMBER:
                return self.number(token, at)
            case Kind.WORD if is_name(token):
                self.refuse_call(token, at + 1)
                return Name(token.text), at + 1
            case Kind.WORD if token.text.lower() in ("floor", "ceil", "sqrt"):
                following = self.peek(at + 1)
                if following is None or not following.is_op("("):
                    raise _StopError
                inner, after = self.group(at + 1, depth)
                return Call(token.text.lower(), inner), after
            case Kind.FUNCTION:
                return self.function(token, at, depth)
            case Kind.OP if token.text in ("(", "[", "{", "⌊", "⌈"):
                return self.group(at, depth)
            case Kind.OP if token.text == "-":
                inner, after = self.expression(at + 1, PRODUCT, depth + 1)
                return Negative(inner), after
            case _:
                raise _StopError

    def number(self, token: Token, at: int) -> tuple[Expression, int]:
        """A number, with "million" after it where it takes part in a computation."""
        word = self.peek(at + 1)
        factor = (
            MULTIPLIER_WORDS.get(word.text.lower()) if word and word.kind is Kind.WORD else None
        )
        if word and word.text in ("M", "G", "B") and not (word.math or word.spaced):
            factor = MULTIPLIERS[word.text]
        if factor is not None and word is not None:
            around = (self.tokens[at - 1] if at else None, self.peek(at + 2))
            if any(each is not None and each.is_op("+", "-", "*", "/") for each in around):
                text = f"{token.text}{' ' if word.spaced else ''}{word.text}"
                return Number(token.value * factor, token.place * factor, text), at + 2
        return Number(token.value, token.place, token.text), at + 1

    def function(self, token: Token, at: int, depth: int) -> tuple[Expression, int]:
        top, after = self.argument(at + 1, depth)
        if token.text == "sqrt":
            return Call("sqrt", top), after
        bottom, after = self.argument(after, depth)
        return Binary("/", top, bottom, bracketed=True), after

    def argument(self, at: int, depth: int) -> tuple[Expression, int]:
        token = self.peek(at)
        if token is None:
            raise _StopError
        if token.is_op("{"):
            return self.group(at, depth)
        if token.kind is Kind.NUMBER and len(token.text) == 1:
            return Number(token.value, token.place, token.text), at + 1
        if token.kind is Kind.NUMBER and token.text.isdecimal() and len(token.text) == 2:
            raise _StopError  # \frac12: one digit each, written without braces
        if token.kind is Kind.WORD and is_name(token):
            return Name(token.text), at + 1
        raise _StopError

    def group(self, at: int, depth: int) -> tuple[Expression, int]:
        opening = self.tokens[at].text
        inner, after = self.expression(at + 1, 0, depth + 1)
        closing = self.peek(after)
        if closing is None or not closing.is_op(CLOSING[opening]):
            raise _StopError
        if opening in "⌊⌈":
            return Call("floor" if opening == "⌊" else "ceil", inner), after + 1
        if isinstance(inner, Binary):
            inner = Binary(inner.operator, inner.left, inner.right, inner.cross, bracketed=True)
        return inner, after + 1

    def juxtaposed(self, at: int) -> bool:
        """Whether the token at ``at`` multiplies what stands before it: ``2p``, ``(a)(b)``."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if before.is_op("%"):
            return False
        opens = token.is_op("(", "⌊", "⌈")
        name = token.kind is Kind.WORD and is_name(token)
        braces = token.is_op("{") or token.kind is Kind.FUNCTION
        if token.math and before.math:
            if before.kind is Kind.WORD and opens and _base(before) in FUNCTION_LETTERS:
                return False
            return opens or name or braces
        if token.spaced or token.math or before.math:
            return False
        if opens:
            return (
                before.kind is Kind.NUMBER
                or before.is_op(")")
                or (
                    before.kind is Kind.WORD
                    and is_name(before)
                    and _base(before) not in FUNCTION_LETTERS
                )
            )
        if not (name and before.kind is Kind.NUMBER):
            return False
        if token.text in MULTIPLIERS:  # "60M" is a number, "2k + 1" a formula
            following = self.peek(at + 1)
            closing = () if token.text in ("M", "G", "B", "T") else (")", "=")
            return following is not None and following.is_op(*BINDING, *closing)
        return True

    def refuse_call(self, token: Token, after: int) -> None:
        following = self.peek(after)
        called = following is not None and following.is_op("(", "[") and not following.spaced
        if called and (len(_base(token)) > 1 or _base(token) in FUNCTION_LETTERS):
            raise _StopError

    def peek(self, at: int) -> Token | None:
        return self.tokens[at] if at < self.end else None


def is_name(token: Token) -> bool:
    """Whether a word can be a variable: one letter (with its index), or in a formula a Greek or
    upright name."""
    if token.kind is not Kind.WORD:
        return False
    base = _base(token)
    return len(base) == 1 or (token.math and base.isalpha()) or token.text[:2].endswith("_")


def _base(token: Token) -> str:
    return token.text.partition("_")[0].partition("[")[0].rstrip("'")


def _mixed_number(left: Expression, token: Token) -> bool:
    """``2\\frac{1}{2}`` is two and a half as often as it is one: no reading."""
    return isinstance(left, Number) and token.kind is Kind.FUNCTION and token.text == "frac"


# ------------------------------------------------------------------ values


def names(expression: Expression) -> frozenset[str]:
    """Collect the variables."""
    match expression:
        case Number():
            return frozenset()
        case Name(name):
            return frozenset({name})
        case Negative(of) | Call(_, of):
            return names(of)
        case Binary(_, left, right):
            return names(left) | names(right)
        case _:
            assert_never(expression)


def evaluate(expression: Expression, values: Mapping[str, Fraction] | None = None) -> Fraction:
    """Compute the exact value. Raises :class:`UncomputableError`.

    A square root that is not rational is given to 30 digits.
    """
    match expression:
        case Number(value):
            return value
        case Name(name):
            if values is None or name not in values:
                raise UncomputableError(name)
            return values[name]
        case Negative(of):
            return -evaluate(of, values)
        case Call(function, of):
            return _called(function, evaluate(of, values))
        case Binary(operator, left, right):
            return _bounded(_combined(operator, evaluate(left, values), evaluate(right, values)))
        case _:
            assert_never(expression)


def _called(function: str, value: Fraction) -> Fraction:
    match function:
        case "floor":
            return Fraction(floor(value))
        case "ceil":
            return Fraction(ceil(value))
        case "percent":
            return value / 100
        case _:
            if value < 0:
                raise UncomputableError("root of a negative number")
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            if root * root == value:
                return root
            return Fraction(isqrt(floor(value * 10**60)), 10**30)


def _combined(operator: str, left: Fraction, right: Fraction) -> Fraction:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            if right == 0:
                raise UncomputableError("division by zero")
            return left / right
        case _:
            if right.denominator != 1 or abs(right) > MAX_EXPONENT or (left == 0 and right < 0):
                raise UncomputableError("power")
            return left ** int(right)


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise UncomputableError("too large")
    return value


# ------------------------------------------------------------------ writing

_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}


def written(expression: Expression) -> str:
    """Write for people on one line: ``(64-4)/2+1``, ``10·3·3·3``, ``3×3×64`` kept with its crosses."""
    return _written(expression, 0)


def _written(expression: Expression, level: int) -> str:
    match expression:
        case Number(value, _, text):
            return text or str(value)
        case Name(name):
            return name
        case Negative(of):
            return _wrap(f"-{_written(of, 3)}", needed=level > 1)
        case Call("percent", of):
            return f"{_written(of, 4)}%"
        case Call("floor", of):
            return f"⌊{_written(of, 0)}⌋"
        case Call("ceil", of):
            return f"⌈{_written(of, 0)}⌉"
        case Call(function, of):
            return f"{function}({_written(of, 0)})"
        case Binary(operator, left, right, cross):
            own = _LEVEL[operator]
            # Left-associative, but for powers: the other side binds one tighter.
            sides = (own + 1, own) if operator == "^" else (own, own + 1)
            sign = ("×" if cross else "·") if operator == "*" else operator
            text = f"{_written(left, sides[0])}{sign}{_written(right, sides[1])}"
            return _wrap(text, needed=own < level)
        case _:
            assert_never(expression)


def python(expression: Expression, values: Mapping[str, Fraction | str] | None = None) -> str:
    """Write as Python that evaluates exactly, given ``Fraction``, ``floor``, ``ceil`` and ``sqrt``.

    A variable becomes its value, or the identifier given for it. Only literals, operators, those
    four names and these identifiers come out, whatever the note wrote.
    """
    return _python(expression, values or {}, 0)


def _python(expression: Expression, values: Mapping[str, Fraction | str], level: int) -> str:
    match expression:
        case Number(value):
            return literal(value)
        case Name(name):
            given = values[name]
            if isinstance(given, str):
                return given
            return _wrap(literal(given), needed=given < 0)
        case Negative(of):
            return _wrap(f"-{_python(of, values, 3)}", needed=level > 1)
        case Call("percent", of):
            return _wrap(f"Fraction({_python(of, values, 0)}) / 100", needed=level > 2)
        case Call(function, of):
            return f"{function}({_python(of, values, 0)})"
        case Binary("^", left, right):
            base = _python(left, values, 5)
            if isinstance(right, Negative):
                base = f"Fraction({_python(left, values, 0)})"
            return f"{base} ** {_python(right, values, 5)}"
        case Binary("/", left, right):
            text = f"Fraction({_python(left, values, 0)}) / {_python(right, values, 3)}"
            return _wrap(text, needed=level > 2)
        case Binary(operator, left, right):
            own = _LEVEL[operator]
            text = f"{_python(left, values, own)} {operator} {_python(right, values, own + 1)}"
            return _wrap(text, needed=own < level)
        case _:
            assert_never(expression)


def literal(value: Fraction) -> str:
    """Write a number as a Python literal: ``11_689_512``, ``Fraction("14.5")``, ``Fraction(1, 3)``."""
    if value.denominator == 1:
        return f"{value.numerator:_}" if abs(value) >= 10_000 else str(value.numerator)
    tenths = value.denominator
    while tenths % 2 == 0:
        tenths //= 2
    while tenths % 5 == 0:
        tenths //= 5
    if tenths == 1 and value.denominator <= 10**12:
        digits = 0
        while (value * 10**digits).denominator != 1:
            digits += 1
        scaled = value * 10**digits
        sign = "-" if scaled < 0 else ""
        whole = f"{abs(scaled.numerator):0{digits + 1}d}"
        return f'Fraction("{sign}{whole[:-digits]}.{whole[-digits:]}")'
    return f"Fraction({value.numerator}, {value.denominator})"


def _wrap(text: str, *, needed: bool) -> str:
    return f"({text})" if needed else text
