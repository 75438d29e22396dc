"""Values as people write them in notes, brought to what parameters take.

A field's text loses its markup (``**10**``, a trailing comment); numbers may be written the
scientific way, with a decimal comma, or as a list with any usual separator. Typing and range checks
are :func:`generator.architectures.parameters.read_parameter`'s.
"""

from __future__ import annotations

import re

from generator.architectures.model import Parameter, ParamType, ParamValue
from generator.architectures.parameters import read_parameter

_COMMENT = re.compile(r"%%.*?(?:%%|$)|<!--.*?-->", re.DOTALL)
_BLOCK_ID = re.compile(r"\s\^[A-Za-z0-9-]+\s*$")
_WRAPPERS = (("**", "**"), ("__", "__"), ("==", "=="), ("`", "`"), ("*", "*"), ("_", "_"))
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("$", "$"))
_LINK = re.compile(r"^!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]$")
_DECIMAL_COMMA = re.compile(r"([-+]?\d*),(\d+)")
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE]\+?\d{1,2}")
_SQUARE = re.compile(r"(\d{1,6})\s*[x×X]\s*\1")
_ARROWS = re.compile(r"\s*(?:->|→|=>|⇒|/|;|(?<=\d)\s*[-–—](?=\s*\d))\s*")


def plain_text(raw: str) -> str:
    """A field's text without comments, block id, emphasis, code marks, quotes or link brackets."""
    text = _BLOCK_ID.sub("", _COMMENT.sub(" ", raw)).strip()
    while True:
        before = text
        for opening, closing in (*_WRAPPERS, *_QUOTES):
            inner = text[len(opening) : -len(closing)]
            if (
                text.startswith(opening)
                and text.endswith(closing)
                and inner.strip()
                and closing not in inner
            ):
                text = inner.strip()
        if match := _LINK.match(text):
            text = (match.group(2) or match.group(1).rsplit("/", 1)[-1]).strip()
        if text == before:
            return text


def read_value(parameter: Parameter, raw: object) -> ParamValue:
    """Type a value for a parameter. ``raw`` is a field's text or what YAML or TOML gave.

    Raises :class:`generator.architectures.builder.ArchitectureError` when it does not fit.
    """
    return read_parameter(parameter, _prepared(parameter, raw) if isinstance(raw, str) else raw)


def _prepared(parameter: Parameter, raw: str) -> object:
    text = plain_text(raw)
    match parameter.type:
        case ParamType.FLOAT:
            decimal = _DECIMAL_COMMA.fullmatch(text.removesuffix("%").strip())
            return text.replace(",", ".") if decimal else text
        case ParamType.INT:
            return _whole(text)
        case ParamType.INTS:
            text = _ARROWS.sub(", ", text.strip("[]() "))
            parts = [part for part in re.split(r"[,\s]+", text) if part]
            return tuple(_whole(part) for part in parts) if parts else text
        case _:
            return text


def _whole(text: str) -> str | int:
    """A whole number in scientific writing (``1e3``), or a square's side (``3x3``) as a number;
    anything else as it is."""
    if square := _SQUARE.fullmatch(text):
        return square.group(1)
    if _SCIENTIFIC.fullmatch(text):
        number = float(text)
        if number.is_integer():
            return int(number)
    return text
