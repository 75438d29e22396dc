"""The text of an inline field or property -> a value, and the names fields go by (rules 11.4-11.11)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.graph.dataview.date_text import read_date, read_duration
from generator.graph.dataview.dates import normalized
from generator.graph.dataview.emoji import emoji_end
from generator.graph.dataview.links import infer_link
from generator.graph.dataview.values import Value
from generator.notes.model import Data

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
TAG = re.compile(r"#[^\u2000-\u206F\u2E00-\u2E7F'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]*")
_LINK = re.compile(r"(!?)\[\[([^\[\]]*?)\]\]")
_BOOL = re.compile(r"true|false|True|False")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_NULL = re.compile("null")
_COMMA = re.compile(r"\s*,\s*")


def inline_value(text: str) -> Value:
    """Read a field's value: one value, a list of values between commas, or else the text itself.

    The first kind that matches at the start decides; if rubbish follows, all is text
    (``3.5kg``, ``1:30``, ``a, b``).
    """
    if not text.strip():
        return None
    first = _atom(text, 0)
    if first is None:
        return text
    value, at = first
    comma = _COMMA.match(text, at)
    if comma is None:
        return value if at == len(text) else text
    values, at = [value], comma.end()
    while (following := _atom(text, at)) is not None:
        values.append(following[0])
        at = following[1]
        comma = _COMMA.match(text, at)
        if comma is None or _atom(text, comma.end()) is None:
            break
        at = comma.end()
    return tuple(values) if at == len(text) else text


def property_value(data: Data) -> Value:
    """Read a front-matter value: texts that are dates, durations or links become those."""
    match data:
        case str():
            return _property_text(data)
        case bool() | None:
            return data
        case int() | float():
            return _number(data)
        case tuple():
            return tuple(property_value(each) for each in data)
        case Mapping():
            return {key: property_value(each) for key, each in data.items()}
    return None


def raw_value(data: Data) -> Value:
    """A front-matter value as it is, for ``file.frontmatter``."""
    match data:
        case str() | bool() | None:
            return data
        case int() | float():
            return _number(data)
        case tuple():
            return tuple(raw_value(each) for each in data)
        case Mapping():
            return {key: raw_value(each) for key, each in data.items()}
    return None


def canonical_name(name: str) -> str:
    """The form of a field's name that queries can use: lower case, ``-`` for blanks."""
    out: list[str] = []
    at = 0
    while at < len(name):
        after = emoji_end(name, at)
        if after > at:
            out.append(name[at:after])
            at = after
            continue
        char = name[at]
        if char.isalpha() or char in "0123456789_-":
            out.append(char.lower())
        elif char.isspace() and (at == 0 or not name[at - 1].isspace()):
            out.append("-")
        at += 1
    return "".join(out)


def _number(data: int | float) -> float:
    try:
        return float(data)
    except OverflowError:
        return float("inf")


def _property_text(text: str) -> Value:
    for read in (read_date, read_duration):
        found = read(text)
        if found is not None and found[1] == len(text):
            return found[0]
    link = _LINK.fullmatch(text)
    return infer_link(link[2], embed=bool(link[1])) if link else text


def _atom(text: str, at: int) -> tuple[Value, int] | None:
    """Read one value at ``at``; order decides between kinds (rule 11.6)."""
    date = read_date(text, at)
    if date is not None:
        return date
    duration = read_duration(text, at)
    if duration is not None:
        return normalized(duration[0]), duration[1]
    if match := _STRING.match(text, at):
        return _unescaped(match[1]), match.end()
    if match := TAG.match(text, at):
        return match[0], match.end()
    if match := _LINK.match(text, at):
        return infer_link(match[2], embed=bool(match[1])), match.end()
    if match := _BOOL.match(text, at):
        return match[0].lower() == "true", match.end()
    if match := _NUMBER.match(text, at):
        return float(match[0]), match.end()
    if match := _NULL.match(text, at):
        return "null", match.end()  # the word, not the value: so Dataview has it
    return None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: match[1] if match[1] in '"\\' else match[0], text)
