"""Functions for defaults, display, formats and hashes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from generator.graph.dataview.date_text import (
    format_date,
    format_duration,
    grouped,
)
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.functions.builtin import (
    Builtin,
    Implementation,
    builtin,
    null,
)
from generator.graph.dataview.numbers import rounded_as_written
from generator.graph.dataview.plain_text import plain_text
from generator.graph.dataview.values import (
    Value,
    ValueLink,
    is_truthy,
)

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context


T = TypeVar("T")


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
            shown = plain_text(context.text(value).rpartition("|")[2].removesuffix("]]"))
            return "!" + shown if value.embed else shown
    return context.text(value)


# What en-US writes for a currency, and how many decimals it has (CLDR; ISO 4217).
_CURRENCIES = {
    "USD": ("$", 2),
    "EUR": ("€", 2),
    "GBP": ("£", 2),
    "JPY": ("¥", 0),
    "INR": ("₹", 2),
    "CNY": ("CN¥", 2),
    "KRW": ("₩", 0),
    "BRL": ("R$", 2),
    "CAD": ("CA$", 2),
    "AUD": ("A$", 2),
    "MXN": ("MX$", 2),
    "NZD": ("NZ$", 2),
    "ILS": ("₪", 2),
    "VND": ("₫", 0),
    "TWD": ("NT$", 2),
    "HKD": ("HK$", 2),
    "PHP": ("₱", 2),
    "XAF": ("FCFA", 0),
    "XOF": ("F\u202fCFA", 0),
}
_NO_DECIMALS = frozenset({"CLP", "ISK", "UGX", "PYG", "RWF", "VUV", "DJF", "GNF", "KMF", "BIF"})
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def _currency(_context: Context, amount: float, code: str = "USD") -> Value:
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise EvaluationError(f"Invalid currency code : {code}")
    code = code.upper()
    decimals = 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2
    symbol, digits = _CURRENCIES.get(code, (f"{code}\u00a0", decimals))
    sign = "-" if amount < 0 else ""
    if not math.isfinite(amount):
        return sign + symbol + grouped(abs(amount))
    return f"{sign}{symbol}{abs(rounded_as_written(amount, digits)):,.{digits}f}"


def _hash(context: Context, text: str, seed: float = 0) -> float:
    """The 53-bit hash cyrb53 (public domain, github.com/bryc) over UTF-16 code units."""
    context.spend(len(text))
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


def _formatted(write: Callable[[T, str], str]) -> Implementation:
    def formatted(context: Context, value: T, form: str) -> Value:
        context.spend(8 * len(form))
        return context.text_of(write(value, form))

    return formatted


def _meta(_context: Context, link: ValueLink) -> Value:
    return {
        "display": link.display,
        "embed": link.embed,
        "path": link.path,
        "subpath": link.subpath,
        "type": link.kind,
    }


FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "default": builtin(
            "default",
            ("* *", lambda _c, value, other: other if value is None else value),
            vector={2: (0, 1)},
        ),
        "ldefault": builtin(
            "ldefault", ("* *", lambda _c, value, other: other if value is None else value)
        ),
        "display": builtin("display", ("*", _display)),
        "choice": builtin(
            "choice",
            ("* * *", lambda _c, test, yes, no: yes if is_truthy(test) else no),
            vector={3: (0,)},
        ),
        "striptime": builtin(
            "striptime",
            ("date", lambda _c, date: date.without_time()),
            ("null", null),
            vector={1: (0,)},
        ),
        "dateformat": builtin(
            "dateformat",
            ("date string", _formatted(format_date)),
            ("null string", null),
            vector={2: (0,)},
        ),
        "durationformat": builtin(
            "durationformat",
            ("duration string", _formatted(format_duration)),
            ("null string", null),
            vector={2: (0,)},
        ),
        "currencyformat": builtin(
            "currencyformat",
            ("number string", _currency),
            ("null string", null),
            ("number", _currency),
            ("null", null),
            vector={2: (0,)},
        ),
        "localtime": builtin(
            "localtime", ("date", lambda _c, date: date.local()), ("null", null), vector={1: (0,)}
        ),
        "hash": builtin(
            "hash",
            ("string number", _hash),
            ("string string", lambda c, seed, text: _hash(c, seed + text)),
            ("string string number", lambda c, seed, text, variant: _hash(c, seed + text, variant)),
        ),
        "meta": builtin("meta", ("link", _meta)),
    }
)
