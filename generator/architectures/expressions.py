"""Expressions over a network's parameters: ``= widths[i] * 2`` in a specification's rows.

A family from a vault is data that nobody vouched for, so this is a small calculator over Python's
expression syntax, not an interpreter: numbers, parameters, indexing, arithmetic, comparison,
choice, and a few functions. Values stay small, so no expression uses up time or memory.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

MAX_LENGTH = 400
MAX_NUMBER = 10**12
MAX_ITEMS = 4096


class ExpressionError(Exception):
    """An expression that cannot be evaluated; its text says why, for people."""


def evaluate(text: str, scope: Mapping[str, object]) -> object:
    """Evaluate an expression with the names in ``scope``. Raises :class:`ExpressionError`."""
    return _value(_parsed(text.strip()), scope)


# ``layer{i + 1}``: an expression in braces inside a name.
BRACED = re.compile(r"\{([^{}]*)\}")


def fill(text: str, scope: Mapping[str, object]) -> str:
    """Replace each ``{expression}`` in ``text`` by its value. Raises :class:`ExpressionError`."""

    def written(match: re.Match[str]) -> str:
        value = evaluate(match[1], scope)
        if isinstance(value, str | int) and len(str(value)) <= 100:
            return str(value)
        raise ExpressionError(f"{{{match[1]}}} is neither a short text nor a whole number")

    return BRACED.sub(written, text)


def round_channels(value: object, divisor: object = 8) -> int:
    """Round channels to a multiple of ``divisor``, never down by more than a tenth.

    The rule of the MobileNet papers' code (Howard et al. 2017; Sandler et al. 2018)."""
    number, step = _number(value), int(_number(divisor))
    if step < 1:
        raise ExpressionError("the divisor must be at least 1")
    rounded = max(step, int(number + step / 2) // step * step)
    return rounded + step if rounded < 0.9 * number else rounded


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"'{text[:60]}' is not an expression") from None


_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: lambda a, b: _number(a) < _number(b),
    ast.LtE: lambda a, b: _number(a) <= _number(b),
    ast.Gt: lambda a, b: _number(a) > _number(b),
    ast.GtE: lambda a, b: _number(a) >= _number(b),
}


def _value(node: ast.expr, scope: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=value) if value is None or isinstance(value, str | int | float):
            return _small(value) if isinstance(value, int | float) else value
        case ast.Name(id=name):
            if name not in scope:
                raise ExpressionError(f"there is no parameter '{name}'")
            return scope[name]
        case ast.BinOp(left=left, op=symbol, right=right) if type(symbol) in _ARITHMETIC:
            first, second = _number(_value(left, scope)), _number(_value(right, scope))
            if second == 0 and not isinstance(symbol, ast.Add | ast.Sub | ast.Mult):
                raise ExpressionError("division by zero")
            return _small(_ARITHMETIC[type(symbol)](first, second))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(_value(operand, scope))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, scope)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(each, scope) for each in values)
        case ast.BoolOp(values=values):
            return any(_value(each, scope) for each in values)
        case ast.Compare(left=left, ops=[symbol], comparators=[right]):
            if type(symbol) not in _COMPARISON:
                raise ExpressionError("only == != < <= > >= compare")
            return _COMPARISON[type(symbol)](_value(left, scope), _value(right, scope))
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body, scope) if _value(test, scope) else _value(other, scope)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return tuple(_value(each, scope) for each in items)
        case ast.Subscript(value=inner, slice=index):
            return _item(_value(inner, scope), _value(index, scope))
        case ast.Attribute(value=inner, attr=name):
            return _item(_value(inner, scope), name)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(each, scope) for each in arguments))
        case _:
            raise ExpressionError(f"'{ast.unparse(node)[:60]}' is not allowed here")


def _item(whole: object, key: object) -> object:
    if isinstance(whole, Mapping) and key in whole:
        return whole[key]
    if isinstance(whole, tuple | str) and isinstance(key, int) and -len(whole) <= key < len(whole):
        return whole[key]
    raise ExpressionError(f"there is no item {key!r}")


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return value
    raise ExpressionError(f"{str(value)[:40]!r} is not a number")


def _small(value: float) -> float:
    if not abs(value) <= MAX_NUMBER:
        raise ExpressionError("a number grows too large")
    return value


def _sequence(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple | list) and len(value) <= MAX_ITEMS:
        return tuple(value)
    raise ExpressionError("needs a list")


def _call(function: Callable[..., object]) -> Callable[..., object]:
    """Turn a wrong number of arguments into an :class:`ExpressionError`."""

    def checked(*arguments: object) -> object:
        try:
            return function(*arguments)
        except (TypeError, ValueError, OverflowError):
            raise ExpressionError("a function's arguments do not fit") from None

    return checked


def _count(stop: object) -> tuple[object, ...]:
    number = int(_number(stop))
    if not 0 <= number <= MAX_ITEMS:
        raise ExpressionError(f"a range has at most {MAX_ITEMS} items")
    return tuple(range(number))


FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "min": _call(lambda *values: min(_number(each) for each in values)),
    "max": _call(lambda *values: max(_number(each) for each in values)),
    "len": _call(lambda value: len(_sequence(value))),
    "sum": _call(lambda value: sum(_number(each) for each in _sequence(value))),
    "int": _call(lambda value: int(value[:12] if isinstance(value, str) else _number(value))),
    "round": _call(lambda value: round(_number(value))),
    "range": _call(_count),
    "round_channels": _call(round_channels),
}
