"""Values <-> the JSON that crosses to scripts and back. What comes back is never trusted."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from generator.graph.dataview.date_text import read_date
from generator.graph.dataview.dates import UNITS, Date, Duration
from generator.graph.dataview.values import (
    Element,
    ExternalLink,
    Function,
    ListPair,
    Markup,
    Record,
    Value,
    ValueLink,
    value_text,
)

# Parts of list items that JavaScript makes again from the others.
_ALIASES = frozenset({"subtasks", "real", "header", "position"})
_DEEPEST = 20


class EncodingError(Exception):
    """A message of a script that is none."""


def encode(value: Value, depth: int = 0) -> Any:
    """Give the JSON form of a value; deeper than any sensible value is text."""
    match value:
        case None | bool() | str():
            return value
        case float() | int():
            if math.isfinite(value):
                return int(value) if value == int(value) and abs(value) < 2**53 else value
            return {"$": "number", "v": "NaN" if math.isnan(value) else value_text(value)}
        case Date():
            text = value.moment.isoformat(timespec="milliseconds")
            return {"$": "date", "v": text, "o": value.offset}
        case Duration():
            return {"$": "duration", "v": list(value.amounts)}
        case ValueLink():
            return {
                "$": "link",
                "path": value.path,
                "display": value.display,
                "subpath": value.subpath,
                "embed": value.embed,
                "type": value.kind,
            }
        case ListPair():
            return {
                "$": "pair",
                "k": encode(value.key, depth + 1),
                "v": encode(value.value, depth + 1),
            }
        case ExternalLink():
            return {"$": "elink", "u": value.url, "d": value.display}
        case tuple():
            return "…" if depth > _DEEPEST else [encode(each, depth + 1) for each in value]
        case Mapping():
            if depth > _DEEPEST:
                return "…"
            return {"$": "object", "v": {k: encode(each, depth + 1) for k, each in value.items()}}
    return None


def encode_page(page: Record) -> str:
    """Give the JSON text of a page object.

    List items are written once each and name their children by place; tasks are those of them
    that are tasks.
    """
    fields: dict[str, Any] = {}
    for key, value in page.items():
        if key == "file" and isinstance(value, Mapping):
            fields[key] = {"$": "object", "v": _file(value)}
        else:
            fields[key] = encode(value)
    return json.dumps({"$": "object", "v": fields}, ensure_ascii=False, separators=(",", ":"))


def _file(file: Record) -> dict[str, Any]:
    encoded: dict[str, Any] = {}
    for key, value in file.items():
        if key == "lists" and isinstance(value, tuple):
            encoded[key] = {"$": "items", "v": _items(value)}
        else:
            # The tasks are those of the lists; the place is kept for their name.
            encoded[key] = {} if key == "tasks" else encode(value)
    return encoded


def _items(items: tuple[Value, ...]) -> list[Any]:
    places = {id(item): place for place, item in enumerate(items)}
    encoded = []
    for item in items:
        assert isinstance(item, Mapping)
        children = item["children"]
        assert isinstance(children, tuple)
        fields = {
            key: encode(value)
            for key, value in item.items()
            if key not in _ALIASES and key != "children"
        }
        fields["children"] = [places[id(child)] for child in children]
        encoded.append({"$": "object", "v": fields})
    return encoded


def decode(form: Any, depth: int = 0) -> Value:
    """Read a value that a script sent. Raises :class:`EncodingError` for anything else."""
    if depth > 2 * _DEEPEST:
        raise EncodingError("nested too deeply")
    match form:
        case None | bool() | str():
            return form
        case int() | float():
            return float(form)
        case list():
            return tuple(decode(each, depth + 1) for each in form)
        case {"$": "number", "v": str(text)}:
            return {"Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)
        case {"$": "date", "v": str(text), "o": None | int() as offset}:
            found = read_date(text)
            if found is None or isinstance(offset, bool) or not -1440 < (offset or 0) < 1440:
                return text
            return Date(found[0].moment, offset)
        case {"$": "duration", "v": list(amounts)} if len(amounts) == len(UNITS):
            return Duration(tuple(_number(each) for each in amounts))
        case {"$": "link", "path": str(path), **rest}:
            return ValueLink(
                path,
                _text(rest.get("display")),
                _text(rest.get("subpath")),
                rest.get("embed") is True,
                str(rest.get("type", "file")),
            )
        case {"$": "function"}:
            return Function(lambda *_arguments: None)
        case {"$": "pair", "k": key, "v": value}:
            return ListPair(decode(key, depth + 1), decode(value, depth + 1))
        case {"$": "elink", "u": str(url), "d": str(display)}:
            return ExternalLink(url, display)
        case {"$": "object", "v": dict(fields)}:
            return {str(key): decode(each, depth + 1) for key, each in fields.items()}
        case {"$": "html", "v": str(html)}:
            return Markup(html)
        case {"$": "el", "t": str(tag), "a": list(attributes), "c": list(children)}:
            return Element(
                tag, _attributes(attributes), tuple(_child(each, depth + 1) for each in children)
            )
    raise EncodingError("an unknown form")


def _child(form: Any, depth: int) -> Any:
    """A child of an element inside a value: text, elements and markup; values as their text."""
    match form:
        case str():
            return form
        case {"$": "rendered", "s": str(text)}:
            return text
    return decode(form, depth)


def _attributes(pairs: list[Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
    )


def _number(form: Any) -> float:
    if isinstance(form, int | float) and not isinstance(form, bool):
        return float(form)
    raise EncodingError("a number was expected")


def _text(form: Any) -> str | None:
    return None if form is None else str(form)
