"""Dataview's functions: their argument types, what they do, and where they map over lists.

A function is a list of variants tried in order by the types of the arguments; positions marked as
vectorised map over arrays (rules section 14; Dataview documentation, "Functions"). The results for
odd arguments are Dataview's own, measured, not what one might expect.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from generator.graph.dataview.date_text import (
    SHORTHANDS,
    format_date,
    format_duration,
    grouped,
    read_date,
    read_duration,
    read_formatted_date,
    shorthand_date,
)
from generator.graph.dataview.dates import Date, DateRangeError
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.numbers import rounded, rounded_to
from generator.graph.dataview.plain_text import plain_text
from generator.graph.dataview.values import (
    ExternalLink,
    Function,
    Value,
    ValueLink,
    compare,
    is_truthy,
    sort_key,
    type_of,
)
from generator.vault.javascript_regex import RegexError

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context

Implementation = Callable[..., Value]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function. ``variants`` pair argument types (``None``: any number of any) with what is
    done; ``vector`` gives, by number of arguments, the positions that map over lists."""

    name: str
    variants: tuple[tuple[tuple[str, ...] | None, Implementation], ...]
    vector: Mapping[int, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __call__(self, context: Context, *arguments: Value) -> Value:
        """Apply the first variant whose types fit. Raises :class:`EvaluationError`."""
        types = tuple(type_of(argument) for argument in arguments)
        mapped = [p for p in self.vector.get(len(types), ()) if types[p] == "array"]
        if mapped:
            return self._map(context, arguments, mapped)
        for wanted, implementation in self.variants:
            if wanted is None or _fits(wanted, types):
                return implementation(context, *arguments)
        raise EvaluationError(
            f"No implementation of '{self.name}' found for arguments: {', '.join(types)}"
        )

    def _map(self, context: Context, arguments: tuple[Value, ...], mapped: list[int]) -> Value:
        """Apply to each element; several lists run side by side up to the shortest."""
        length = min(len(cast(tuple[Value, ...], arguments[p])) for p in mapped)
        context.spend(length)
        return tuple(
            self(
                context,
                *(
                    cast(tuple[Value, ...], argument)[place] if p in mapped else argument
                    for p, argument in enumerate(arguments)
                ),
            )
            for place in range(length)
        )


def _fits(wanted: tuple[str, ...], types: tuple[str, ...]) -> bool:
    return len(wanted) == len(types) and all(
        want in ("*", have) for want, have in zip(wanted, types, strict=True)
    )


def _builtin(
    name: str,
    *variants: tuple[str | None, Implementation],
    vector: Mapping[int, tuple[int, ...]] | None = None,
) -> Builtin:
    """Make a function from variants whose types are written as one text, ``"string number"``."""
    return Builtin(
        name,
        tuple((None if types is None else tuple(types.split()), each) for types, each in variants),
        MappingProxyType(dict(vector or {})),
    )


def _null(_context: Context, *_arguments: Value) -> Value:
    return None


def _same(_context: Context, value: Value, *_rest: Value) -> Value:
    return value


# ---------------------------------------------------------------------- constructors


def _object(_context: Context, *arguments: Value) -> Value:
    if len(arguments) % 2:
        raise EvaluationError("object() requires an even number of arguments")
    result: dict[str, Value] = {}
    for key, value in zip(arguments[::2], arguments[1::2], strict=True):
        if not isinstance(key, str):
            raise EvaluationError("keys should be of type string for object(key1, value1, ...)")
        result[key] = value
    return result


def _list(_context: Context, *arguments: Value) -> Value:
    return arguments


def _date_of_text(context: Context, text: str) -> Value:
    if text in SHORTHANDS:
        return context.date(lambda: shorthand_date(text, context.now))
    return _whole_date(text)


def _whole_date(text: str) -> Date | None:
    found = read_date(text)
    return found[0] if found is not None and found[1] == len(text) else None


def _date_of_link(context: Context, link: ValueLink) -> Value:
    for text in (link.display or "", link.path):
        date = _whole_date(text)
        if date is not None:
            return date
    file = (context.resolve(link.path) or {}).get("file")
    return file.get("day") if isinstance(file, Mapping) else None


def _date_by_format(_context: Context, text: str, form: str) -> Value:
    if form in ("x", "X"):
        match = _NUMBER.search(text)
        if match is None:
            raise EvaluationError(f"Not a number for format ({form}): {text}")
        factor = 1000 if form == "X" else 1
        try:
            return Date.from_milliseconds(math.trunc(float(match[0])) * factor)
        except DateRangeError:
            return None
    date = read_formatted_date(text, form)
    if date is None:
        raise EvaluationError(f"Can't handle format ({form}) on date string ({text})")
    return date


def _duration(_context: Context, text: str) -> Value:
    text = text.strip()
    found = read_duration(text)
    return found[0] if found is not None and found[1] == len(text) else None


def _number(_context: Context, text: str) -> Value:
    match = _NUMBER.search(text)
    return float(match[0]) if match else None


def _file_link(
    context: Context, target: str, display: str | None = None, embed: bool = False
) -> Value:
    return ValueLink(context.normalize(target), display, None, embed)


def _embed(_context: Context, link: ValueLink, embed: bool = True) -> Value:
    return ValueLink(link.path, link.display, link.subpath, embed, link.kind)


def _typeof(_context: Context, value: Value) -> Value:
    kind = type_of(value)
    return "unknown" if kind == "html" else kind


# ---------------------------------------------------------------------- numbers


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

    return _builtin(
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

    return _builtin(name, ("array function", over), ("null function", _null))


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


# ---------------------------------------------------------------------- lists and objects


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

    built = _builtin(
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


def _sort(context: Context, values: tuple[Value, ...]) -> Value:
    context.spend(len(values))
    return tuple(sorted(values, key=sort_key(context.normalize)))


def _sort_by(context: Context, values: tuple[Value, ...], key: Function) -> Value:
    order = sort_key(context.normalize)
    keyed = [(order(context.call(key, value)), value) for value in values]
    return tuple(value for _, value in sorted(keyed, key=lambda pair: pair[0]))


def _unique(context: Context, values: tuple[Value, ...]) -> Value:
    """Distinct values in order: neighbours after sorting, as Dataview does."""
    context.spend(len(values))
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

    return _builtin(
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


# ---------------------------------------------------------------------- texts


def _regex_test(context: Context, pattern: str, text: str) -> Value:
    return _with_regex(lambda: context.regex(pattern).search(text))


def _regex_match(context: Context, pattern: str, text: str) -> Value:
    if not pattern.startswith("^") and not pattern.endswith("$"):
        pattern = f"^{pattern}$"
    return _with_regex(lambda: context.regex(pattern).search(text))


def _regex_replace(context: Context, text: str, pattern: str, by: str) -> Value:
    try:
        return context.text_of(context.regex(pattern, "g").replace(text, by))
    except RegexError:
        raise EvaluationError(f"Invalid regexp '{pattern}' in regexreplace") from None


def _split(context: Context, text: str, pattern: str, limit: float = -1) -> Value:
    count = int(limit) if math.isfinite(limit) else -1
    parts = _with_regex(lambda: context.regex(pattern).split(text, count))
    assert isinstance(parts, list)
    return tuple(part or "" for part in parts)


def _with_regex(call: Callable[[], object]) -> Value:
    try:
        return cast(Value, call())
    except RegexError as error:
        raise EvaluationError(f"Invalid regular expression: {error}") from None


def _replace(context: Context, text: str, part: str, by: str) -> Value:
    if not part:  # split on "" is every character
        return context.text_of(by.join(text))
    context.room(len(text) + text.count(part) * len(by))
    return text.replace(part, by)


def _pad(context: Context, text: str, length: float, filler: str, *, left: bool) -> Value:
    missing = math.trunc(length) - len(text) if math.isfinite(length) else 0
    if length == math.inf:
        context.room(math.inf)
    if missing <= 0 or not filler:
        return text
    context.room(missing + len(text))
    padding = (filler * (missing // len(filler) + 1))[:missing]
    return padding + text if left else text + padding


def _padding(name: str, *, left: bool) -> Builtin:
    def pad(context: Context, text: str, length: float, filler: str = " ") -> Value:
        return _pad(context, text, length, filler, left=left)

    return _builtin(
        name,
        ("string number", pad),
        ("string number string", pad),
        *_NULLS_2,
        *_NULLS_3,
        vector={2: (0, 1), 3: (0, 1, 2)},
    )


def _substring(_context: Context, text: str, start: float, end: float = math.inf) -> Value:
    """``String.prototype.substring``: negative is 0, swapped ends are put right."""
    low, high = (
        0 if math.isnan(each) or each < 0 else int(min(each, len(text))) for each in (start, end)
    )
    return text[min(low, high) : max(low, high)]


def _truncate(_context: Context, text: str, length: float, suffix: str = "...") -> Value:
    if len(text) > length - len(suffix):
        return text[: max(0, int(length) - len(suffix))] + suffix
    return text


def _display(context: Context, value: Value) -> Value:
    match value:
        case None:
            return ""
        case tuple():
            return context.text_of(", ".join(str(_display(context, each)) for each in value))
        case str():
            return plain_text(value)
        case ValueLink():
            if value.display:
                return plain_text(value.display)
            return plain_text(context.text(value).rpartition("|")[2].removesuffix("]]"))
    return context.text(value)


# ---------------------------------------------------------------------- utilities

# What en-US writes for a currency, and how many decimals it has (CLDR; ISO 4217).
_CURRENCIES = {
    "USD": ("$", 2), "EUR": ("€", 2), "GBP": ("£", 2), "JPY": ("¥", 0), "INR": ("₹", 2),
    "CNY": ("CN¥", 2), "KRW": ("₩", 0), "BRL": ("R$", 2), "CAD": ("CA$", 2), "AUD": ("A$", 2),
    "MXN": ("MX$", 2), "NZD": ("NZ$", 2), "ILS": ("₪", 2), "VND": ("₫", 0), "TWD": ("NT$", 2),
    "HKD": ("HK$", 2), "PHP": ("₱", 2), "XAF": ("FCFA", 0), "XOF": ("F\u202fCFA", 0),
}  # fmt: skip
_NO_DECIMALS = frozenset({"CLP", "ISK", "UGX", "PYG", "RWF", "VUV", "DJF", "GNF", "KMF", "BIF"})


def _currency(_context: Context, amount: float, code: str = "USD") -> Value:
    code = code.upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise EvaluationError(f"Invalid currency code : {code}")
    symbol, digits = _CURRENCIES.get(code, (f"{code}\u00a0", 0 if code in _NO_DECIMALS else 2))
    sign = "-" if amount < 0 else ""
    if not math.isfinite(amount):
        return sign + symbol + grouped(abs(amount))
    return f"{sign}{symbol}{abs(rounded_to(amount, digits)):,.{digits}f}"


def _hash(text: str, seed: float = 0) -> float:
    """The 53-bit hash cyrb53 (public domain, github.com/bryc) over UTF-16 code units."""
    start = int(seed) & 0xFFFFFFFF if math.isfinite(seed) else 0
    high, low = 0xDEADBEEF ^ start, 0x41C6CE57 ^ start
    units = text.encode("utf-16-le", "surrogatepass")
    for place in range(0, len(units), 2):
        unit = units[place] | units[place + 1] << 8
        high = (high ^ unit) * 2654435761 & 0xFFFFFFFF
        low = (low ^ unit) * 1597334677 & 0xFFFFFFFF
    high = (high ^ high >> 16) * 2246822507 & 0xFFFFFFFF
    high ^= (low ^ low >> 13) * 3266489909 & 0xFFFFFFFF
    low = (low ^ low >> 16) * 2246822507 & 0xFFFFFFFF
    low ^= (high ^ high >> 13) * 3266489909 & 0xFFFFFFFF
    return float(4294967296 * (low & 0x1FFFFF) + high)


def _meta(_context: Context, link: ValueLink) -> Value:
    return {
        "display": link.display,
        "embed": link.embed,
        "path": link.path,
        "subpath": link.subpath,
        "type": link.kind,
    }


_NULLS_2 = (("null *", _null), ("* null", _null))
_NULLS_3 = (("null * *", _null), ("* null *", _null), ("* * null", _null))


def _false(_context: Context, *_arguments: Value) -> Value:
    return False


def _mapped_number(name: str, apply: Implementation) -> Builtin:
    return _builtin(name, ("number", apply), ("null", _null), vector={1: (0,)})


def _mapped_text(name: str, apply: Callable[[str], str]) -> Builtin:
    return _builtin(
        name, ("string", lambda _c, text: apply(text)), ("null", _null), vector={1: (0,)}
    )


def _link_alone(context: Context, target: Value, _display: None) -> Value:
    return _LINK(context, target)


_LINK: Builtin = _builtin(
    "link",
    ("string", _file_link),
    ("link", _same),
    ("null", _null),
    ("string string", _file_link),
    ("string string boolean", _file_link),
    ("link string", lambda _c, link, display: link.with_display(display)),
    ("null *", _null),
    ("* null", _link_alone),
    vector={1: (0,), 2: (0, 1)},
)

# In the order of Dataview's documentation.
FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "object": _builtin("object", (None, _object)),
        "list": _builtin("list", (None, _list)),
        "array": _builtin("array", (None, _list)),
        "date": _builtin(
            "date",
            ("string", _date_of_text),
            ("date", _same),
            ("link", _date_of_link),
            ("string string", _date_by_format),
            ("null string", _null),
            ("null", _null),
            vector={1: (0,)},
        ),
        "dur": _builtin(
            "dur", ("string", _duration), ("duration", _same), ("null", _null), vector={1: (0,)}
        ),
        "number": _builtin(
            "number", ("number", _same), ("string", _number), ("null", _null), vector={1: (0,)}
        ),
        "string": _builtin("string", ("*", lambda context, value: context.text(value))),
        "link": _LINK,
        "embed": _builtin(
            "embed",
            ("link", _embed),
            ("link boolean", _embed),
            ("null", _null),
            *_NULLS_2,
            vector={1: (0,), 2: (0, 1)},
        ),
        "elink": _builtin(
            "elink",
            ("string string", lambda _c, url, text: ExternalLink(url, text)),
            ("string null", lambda _c, url, _n: ExternalLink(url, url)),
            ("null *", _null),
            ("string", lambda _c, url: ExternalLink(url, url)),
            ("null", _null),
            vector={1: (0,), 2: (0,)},
        ),
        "typeof": _builtin("type", ("*", _typeof)),
        "round": _builtin(
            "round",
            ("number", lambda _c, value: rounded(value)),
            ("null", _null),
            ("number number", _round_to),
            ("number null", lambda _c, value, _n: rounded(value)),
            ("null *", _null),
            vector={1: (0,), 2: (0,)},
        ),
        "trunc": _mapped_number("trunc", _whole(math.trunc)),
        "floor": _mapped_number("floor", _whole(math.floor)),
        "ceil": _mapped_number("ceil", _whole(math.ceil)),
        "min": _extreme("min", _lesser),
        "max": _extreme("max", _greater),
        "sum": _builtin(
            "sum", ("array", lambda c, values: _reduce_operator(c, values, "+")), ("*", _same)
        ),
        "product": _builtin(
            "product", ("array", lambda c, values: _reduce_operator(c, values, "*")), ("*", _same)
        ),
        "average": _builtin("average", ("array", _average), ("*", _same)),
        "minby": _extreme_by("minby", lambda order: order <= 0),
        "maxby": _extreme_by("maxby", lambda order: order > 0),
        "contains": _contains("contains", lambda text, part: part in text, deep=True),
        "icontains": _contains(
            "icontains", lambda text, part: part.lower() in text.lower(), deep=True
        ),
        "econtains": _contains("econtains", lambda text, part: part in text, deep=False),
        "containsword": _builtin(
            "containsword", ("string string", _contains_word), *_NULLS_2, vector={2: (0, 1)}
        ),
        "extract": _builtin("extract", (None, _extract)),
        "sort": _builtin(
            "sort", ("array", _sort), ("array function", _sort_by), ("*", _same)
        ),
        "reverse": _builtin(
            "reverse",
            ("array", lambda _c, values: values[::-1]),
            ("string", lambda _c, text: text[::-1]),
            ("*", _same),
        ),
        "length": _builtin(
            "length",
            ("array", _length),
            ("object", _length),
            ("string", _length),
            ("null", lambda _c, _n: 0.0),
        ),
        "nonnull": _builtin(
            "nonnull", ("array", _nonnull), (None, lambda c, *values: _nonnull(c, values))
        ),
        "firstvalue": _builtin("firstvalue", ("array", _first_value), ("null", _null)),
        "all": _quantifier("all", all),
        "any": _quantifier("any", any),
        "none": _quantifier("all", _none_of),
        "join": _builtin(
            "join",
            ("array string", _join),
            ("array null", lambda c, values, _n: _join(c, values)),
            ("* string", _join),
            ("array", _join),
            ("*", _join),
            vector={2: (1,)},
        ),
        "filter": _builtin("filter", ("array function", _filter), ("null *", _null)),
        "map": _builtin("map", ("array function", _map), ("null *", _null)),
        "flat": _builtin("flat", ("array", _flat), ("array number", _flat), ("null", _null)),
        "slice": _builtin(
            "slice",
            ("array", _slice),
            ("array number", _slice),
            ("array number number", _slice),
            ("null", _null),
        ),
        "unique": _builtin("unique", ("array", _unique), ("null", _null)),
        "reduce": _builtin(
            "reduce",
            ("array string", _reduce_operator),
            ("array function", _reduce_function),
            *_NULLS_2,
            vector={2: (1,)},
        ),
        "regextest": _builtin(
            "regextest", ("string string", _regex_test), ("null *", _false), ("* null", _false),
            vector={2: (0, 1)},
        ),
        "regexmatch": _builtin(
            "regexmatch", ("string string", _regex_match), ("null *", _false), ("* null", _false),
            vector={2: (0, 1)},
        ),
        "regexreplace": _builtin(
            "regexreplace", ("string string string", _regex_replace), *_NULLS_3,
            vector={3: (0, 1, 2)},
        ),
        "replace": _builtin(
            "replace", ("string string string", _replace), *_NULLS_3, vector={3: (0, 1, 2)}
        ),
        "lower": _mapped_text("lower", str.lower),
        "upper": _mapped_text("upper", str.upper),
        "split": _builtin(
            "split",
            ("string string", _split),
            ("string string number", _split),
            *_NULLS_2,
            *_NULLS_3,
        ),
        "startswith": _builtin(
            "startswith", ("string string", lambda _c, text, part: text.startswith(part)),
            *_NULLS_2, vector={2: (0, 1)},
        ),
        "endswith": _builtin(
            "endswith", ("string string", lambda _c, text, part: text.endswith(part)),
            *_NULLS_2, vector={2: (0, 1)},
        ),
        "padleft": _padding("padleft", left=True),
        "padright": _padding("padright", left=False),
        "substring": _builtin(
            "substring", ("string number", _substring), ("string number number", _substring),
            *_NULLS_2, *_NULLS_3, vector={2: (0, 1), 3: (0, 1, 2)},
        ),
        "truncate": _builtin(
            "truncate", ("string number string", _truncate), ("string number", _truncate),
            *_NULLS_2, *_NULLS_3, vector={2: (0, 1), 3: (0, 1, 2)},
        ),
        "default": _builtin(
            "default", ("* *", lambda _c, value, other: other if value is None else value),
            vector={2: (0, 1)},
        ),
        "ldefault": _builtin(
            "ldefault", ("* *", lambda _c, value, other: other if value is None else value)
        ),
        "display": _builtin("display", ("*", _display)),
        "choice": _builtin(
            "choice", ("* * *", lambda _c, test, yes, no: yes if is_truthy(test) else no),
            vector={3: (0,)},
        ),
        "striptime": _builtin(
            "striptime", ("date", lambda _c, date: date.without_time()), ("null", _null),
            vector={1: (0,)},
        ),
        "dateformat": _builtin(
            "dateformat", ("date string", lambda _c, date, form: format_date(date, form)),
            ("null string", _null), vector={2: (0,)},
        ),
        "durationformat": _builtin(
            "durationformat",
            ("duration string", lambda _c, duration, form: format_duration(duration, form)),
            ("null string", _null), vector={2: (0,)},
        ),
        "currencyformat": _builtin(
            "currencyformat", ("number string", _currency), ("null string", _null),
            ("number", _currency), ("null", _null), vector={2: (0,)},
        ),
        "localtime": _builtin(
            "localtime", ("date", lambda _c, date: date.local()), ("null", _null), vector={1: (0,)}
        ),
        "hash": _builtin(
            "hash",
            ("string number", lambda _c, text, variant: _hash(text, variant)),
            ("string string", lambda _c, seed, text: _hash(seed + text)),
            ("string string number", lambda _c, seed, text, variant: _hash(seed + text, variant)),
        ),
        "meta": _builtin("meta", ("link", _meta)),
    }
)  # fmt: skip
