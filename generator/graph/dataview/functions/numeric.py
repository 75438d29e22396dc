"""Functions on numbers, and on lists of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.functions.builtin import (
    NULLS_2,
    Builtin,
    Implementation,
    builtin,
    mapped_number,
    null,
    same,
)
from generator.graph.dataview.numbers import rounded, rounded_to
from generator.graph.dataview.values import (
    Function,
    Value,
    compare,
)

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context


def _round_to(_context: Context, value: float, places: float) -> Value:
    if places <= 0:
        return rounded(value)
    if places > 100:
        raise EvaluationError("toFixed() digits argument must be between 0 and 100")
    return rounded_to(value, int(places))


def _whole(function: Callable[[float], int]) -> Implementation:
    def apply(_context: Context, value: float) -> Value:
        return float(function(value)) if math.isfinite(value) else value

    return apply


def _lesser(context: Context, first: Value, second: Value) -> Value:
    return first if compare(first, second, context.normalize) <= 0 else second


def _greater(context: Context, first: Value, second: Value) -> Value:
    return first if compare(first, second, context.normalize) > 0 else second


def _extreme(name: str, pick: Implementation) -> Builtin:
    def over(context: Context, *values: Value) -> Value:
        best: Value = None
        for index, value in enumerate(values):
            context.spend(1)
            if index == 0 or best is None:
                best = value
            elif value is not None:
                best = pick(context, best, value)
        return best

    def over_list(context: Context, values: tuple[Value, ...]) -> Value:
        # A list of one list is that list's extreme, as the original's recursion has it.
        while len(values) == 1 and isinstance(values[0], tuple):
            values = values[0]
        return over(context, *values)

    return builtin(
        name,
        ("* null", lambda _c, a, _b: a),
        ("null *", lambda _c, _a, b: b),
        ("* *", pick),
        ("array", over_list),
        (None, over),
    )


def _extreme_by(name: str, keep: Callable[[int], bool]) -> Builtin:
    def over(context: Context, values: tuple[Value, ...], key: Function) -> Value:
        keyed = [(context.call(key, value), value) for value in values]
        known = [pair for pair in keyed if pair[0] is not None]
        if not known:
            return values[0] if values else None
        best = known[0]
        for pair in known[1:]:
            if not keep(compare(best[0], pair[0], context.normalize)):
                best = pair
        return best[1]

    return builtin(name, ("array function", over), ("null function", null))


def _reduce_operator(context: Context, values: tuple[Value, ...], operator: str) -> Value:
    if not values:
        return None
    if operator not in ("+", "-", "*", "/", "&", "|"):
        raise EvaluationError("reduce(array, op) supports '+', '-', '/', '*', '&', and '|'")
    total = values[0]
    for value in values[1:]:
        total = context.operate(operator, total, value)
    return total


def _reduce_function(context: Context, values: tuple[Value, ...], function: Function) -> Value:
    if not values:
        return None
    total = values[0]
    for value in values[1:]:
        if value is not None:
            total = context.call(function, total, value)
    return total


def _average(context: Context, values: tuple[Value, ...]) -> Value:
    total = _reduce_operator(context, values, "+")
    return None if total is None else context.operate("/", total, float(len(values)))


FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "round": builtin(
            "round",
            ("number", lambda _c, value: rounded(value)),
            ("null", null),
            ("number number", _round_to),
            ("number null", lambda _c, value, _n: rounded(value)),
            ("null *", null),
            vector={1: (0,), 2: (0,)},
        ),
        "trunc": mapped_number("trunc", _whole(math.trunc)),
        "floor": mapped_number("floor", _whole(math.floor)),
        "ceil": mapped_number("ceil", _whole(math.ceil)),
        "min": _extreme("min", _lesser),
        "max": _extreme("max", _greater),
        "sum": builtin(
            "sum", ("array", lambda c, values: _reduce_operator(c, values, "+")), ("*", same)
        ),
        "product": builtin(
            "product", ("array", lambda c, values: _reduce_operator(c, values, "*")), ("*", same)
        ),
        "average": builtin("average", ("array", _average), ("*", same)),
        "minby": _extreme_by("minby", lambda order: order <= 0),
        "maxby": _extreme_by("maxby", lambda order: order > 0),
        "reduce": builtin(
            "reduce",
            ("array string", _reduce_operator),
            ("array function", _reduce_function),
            *NULLS_2,
            vector={2: (1,)},
        ),
    }
)
