"""Functions on lists and objects: searching, ordering, selecting, joining."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.functions.builtin import (
    NULLS_2,
    Builtin,
    builtin,
    null,
    same,
)
from generator.graph.dataview.values import (
    Function,
    Value,
    compare,
    is_truthy,
    sort_key,
)

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context


def _length(_context: Context, value: tuple[Value, ...] | Mapping[str, Value] | str) -> Value:
    return float(len(value))


def _contains(name: str, in_text: Callable[[str, str], bool], *, deep: bool) -> Builtin:
    def equal(context: Context, first: Value, second: Value) -> Value:
        return context.operate("=", first, second)

    def in_list(context: Context, values: tuple[Value, ...], wanted: Value) -> Value:
        context.spend(len(values))
        if deep:
            return any(is_truthy(built(context, value, wanted)) for value in values)
        return any(is_truthy(equal(context, wanted, value)) for value in values)

    built = builtin(
        name,
        ("array *", in_list),
        ("string string", lambda _c, text, part: in_text(text, part)),
        ("object string", lambda _c, value, key: key in value),
        ("* *", equal),
        vector={2: (1,)},
    )
    return built


def _contains_word(_context: Context, text: str, word: str) -> Value:
    # A word boundary in JavaScript knows ASCII letters, digits and _ only.
    boundary = r"(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))"
    return re.search(boundary + re.escape(word) + boundary, text, re.IGNORECASE) is not None


def _extract(context: Context, *arguments: Value) -> Value:
    if not arguments:
        return "extract(object, key1, ...) requires at least 1 argument"
    value, *keys = arguments
    if isinstance(value, tuple):
        return tuple(_extract(context, each, *keys) for each in value)
    result: dict[str, Value] = {}
    for key in keys:
        if not isinstance(key, str):
            raise EvaluationError("extract(object, key1, ...) must be called with string keys")
        result[key] = context.index(value, key)
    return result


def _spend_on_sorting(context: Context, values: tuple[Value, ...]) -> None:
    """Every element is compared as often as its number has binary digits, a comparison being some
    steps."""
    context.spend(4 * len(values) * len(values).bit_length())


def _sort(context: Context, values: tuple[Value, ...]) -> Value:
    _spend_on_sorting(context, values)
    return tuple(sorted(values, key=sort_key(context.normalize)))


def _sort_by(context: Context, values: tuple[Value, ...], key: Function) -> Value:
    _spend_on_sorting(context, values)
    order = sort_key(context.normalize)
    keyed = [(order(context.call(key, value)), value) for value in values]
    return tuple(value for _, value in sorted(keyed, key=lambda pair: pair[0]))


def _unique(context: Context, values: tuple[Value, ...]) -> Value:
    """Distinct values in order: neighbours after sorting, as Dataview does."""
    _spend_on_sorting(context, values)
    result: list[Value] = []
    for value in sorted(values, key=sort_key()):
        if not result or compare(result[-1], value) != 0:
            result.append(value)
    return tuple(result)


def _nonnull(_context: Context, values: Iterable[Value]) -> Value:
    return tuple(value for value in values if value is not None)


def _first_value(_context: Context, values: tuple[Value, ...]) -> Value:
    return next((value for value in values if value is not None), None)


def _quantifier(name: str, decide: Callable[[Iterable[bool]], bool]) -> Builtin:
    def by(context: Context, values: tuple[Value, ...], test: Function) -> Value:
        return decide(is_truthy(context.call(test, value)) for value in values)

    return builtin(
        name,
        ("array", lambda _c, values: decide(map(is_truthy, values))),
        ("array function", by),
        (None, lambda _c, *values: decide(map(is_truthy, values))),
    )


def _none_of(truths: Iterable[bool]) -> bool:
    return not any(truths)


def _join(context: Context, value: Value, separator: str = ", ") -> Value:
    if isinstance(value, tuple):
        return context.text_of(separator.join(context.text(each) for each in value))
    return context.text(value)


def _filter(context: Context, values: tuple[Value, ...], test: Function) -> Value:
    return tuple(value for value in values if is_truthy(context.call(test, value)))


def _map(context: Context, values: tuple[Value, ...], function: Function) -> Value:
    return tuple(context.call(function, value) for value in values)


def _flat(context: Context, values: tuple[Value, ...], depth: float = 1) -> Value:
    result: list[Value] = []
    for value in values:
        context.spend(1)
        if isinstance(value, tuple) and depth >= 1:
            result.extend(cast(tuple[Value, ...], _flat(context, value, depth - 1)))
        else:
            result.append(value)
    context.spend(len(result))
    return tuple(result)


def _slice(
    _context: Context, values: tuple[Value, ...], start: float = 0, end: float = math.inf
) -> Value:
    return values[_clamped(start, len(values)) : _clamped(end, len(values))]


def _clamped(place: float, length: int) -> int:
    """An index as ``Array.prototype.slice`` reads it, but never negative."""
    if math.isnan(place):
        return 0
    if math.isinf(place):
        return length if place > 0 else 0
    whole = math.trunc(place)
    return max(0, whole + length) if whole < 0 else min(whole, length)


FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "contains": _contains("contains", lambda text, part: part in text, deep=True),
        "icontains": _contains(
            "icontains", lambda text, part: part.lower() in text.lower(), deep=True
        ),
        "econtains": _contains("econtains", lambda text, part: part in text, deep=False),
        "containsword": builtin(
            "containsword", ("string string", _contains_word), *NULLS_2, vector={2: (0, 1)}
        ),
        "extract": builtin("extract", (None, _extract)),
        "sort": builtin("sort", ("array", _sort), ("array function", _sort_by), ("*", same)),
        "reverse": builtin(
            "reverse",
            ("array", lambda _c, values: values[::-1]),
            ("string", lambda _c, text: text[::-1]),
            ("*", same),
        ),
        "length": builtin(
            "length",
            ("array", _length),
            ("object", _length),
            ("string", _length),
            ("null", lambda _c, _n: 0.0),
        ),
        "nonnull": builtin(
            "nonnull", ("array", _nonnull), (None, lambda c, *values: _nonnull(c, values))
        ),
        "firstvalue": builtin("firstvalue", ("array", _first_value), ("null", null)),
        "all": _quantifier("all", all),
        "any": _quantifier("any", any),
        "none": _quantifier("all", _none_of),
        "join": builtin(
            "join",
            ("array string", _join),
            ("array null", lambda c, values, _n: _join(c, values)),
            ("* string", _join),
            ("array", _join),
            ("*", _join),
            vector={2: (1,)},
        ),
        "filter": builtin("filter", ("array function", _filter), ("null *", null)),
        "map": builtin("map", ("array function", _map), ("null *", null)),
        "flat": builtin("flat", ("array", _flat), ("array number", _flat), ("null", null)),
        "slice": builtin(
            "slice",
            ("array", _slice),
            ("array number", _slice),
            ("array number number", _slice),
            ("null", null),
        ),
        "unique": builtin("unique", ("array", _unique), ("null", null)),
    }
)
