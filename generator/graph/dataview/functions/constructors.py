"""Functions that make values of other ones: dates, durations, numbers, links, lists, objects."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.graph.dataview.date_text import (
    SHORTHANDS,
    read_date,
    read_duration,
    read_formatted_date,
    shorthand_date,
)
from generator.graph.dataview.dates import Date, DateRangeError
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.functions.builtin import (
    NULLS_2,
    Builtin,
    builtin,
    null,
    same,
)
from generator.graph.dataview.values import (
    ExternalLink,
    Value,
    ValueLink,
    type_of,
)

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


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


def _date_by_format(context: Context, text: str, form: str) -> Value:
    if form in ("x", "X"):
        match = _NUMBER.search(text)
        if match is None:
            raise EvaluationError(f"Not a number for format ({form}): {text}")
        factor = 1000 if form == "X" else 1
        try:
            return Date.from_milliseconds(math.trunc(float(match[0])) * factor)
        except DateRangeError:
            return None
    date = read_formatted_date(text, form, context.now)
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


def _link_alone(context: Context, target: Value, _display: None) -> Value:
    return _LINK(context, target)


_LINK: Builtin = builtin(
    "link",
    ("string", _file_link),
    ("link", same),
    ("null", null),
    ("string string", _file_link),
    ("string string boolean", _file_link),
    ("link string", lambda _c, link, display: link.with_display(display)),
    ("null *", null),
    ("* null", _link_alone),
    vector={1: (0,), 2: (0, 1)},
)


FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "object": builtin("object", (None, _object)),
        "list": builtin("list", (None, _list)),
        "array": builtin("array", (None, _list)),
        "date": builtin(
            "date",
            ("string", _date_of_text),
            ("date", same),
            ("link", _date_of_link),
            ("string string", _date_by_format),
            ("null string", null),
            ("null", null),
            vector={1: (0,)},
        ),
        "dur": builtin(
            "dur", ("string", _duration), ("duration", same), ("null", null), vector={1: (0,)}
        ),
        "number": builtin(
            "number", ("number", same), ("string", _number), ("null", null), vector={1: (0,)}
        ),
        "string": builtin("string", ("*", lambda context, value: context.text(value))),
        "link": _LINK,
        "embed": builtin(
            "embed",
            ("link", _embed),
            ("link boolean", _embed),
            ("null", null),
            *NULLS_2,
            vector={1: (0,), 2: (0, 1)},
        ),
        "elink": builtin(
            "elink",
            ("string string", lambda _c, url, text: ExternalLink(url, text)),
            ("string null", lambda _c, url, _n: ExternalLink(url, url)),
            ("null *", null),
            ("string", lambda _c, url: ExternalLink(url, url)),
            ("null", null),
            vector={1: (0,), 2: (0,)},
        ),
        "typeof": builtin("type", ("*", _typeof)),
    }
)
