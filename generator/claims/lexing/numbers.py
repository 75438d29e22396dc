"""Numbers as they are written: thousands groups, decimal commas, digits that markup parts."""

from __future__ import annotations

import re

from generator.claims.lexing.cursor import Cursor
from generator.claims.tokens import Kind

MAX_DIGITS = 24

# A number: thousands groups by comma, apostrophe, underscore or a narrow blank, then decimals and
# an exponent. A plain blank separates groups only in a longer number (61 100 840), see the lexer.
NUMBER = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f'’]\d{3})+(?!\d)|\d+(?:_\d+)*)"
    r"(?:\.\d+)?(?:[eE][+-]?\d{1,3}(?![\d.]))?"
)
HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]+(?![\w.])")  # no product: 0x200000
LEADING_POINT = re.compile(r"\.\d+")
DECIMAL_COMMA = re.compile(r"(?:0,\d+|\d+,\d{1,2})(?![\d,.])")
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b")
VERSION = re.compile(r"\d+\.\d+\.\d+(?:\.\d+)*")


def leading_point(cursor: Cursor, at: int) -> bool:
    """Whether a point begins a number: ".5"."""
    before = cursor.text[at - 1] if at else " "
    return bool(LEADING_POINT.match(cursor.text, at, cursor.end)) and not before.isalnum()


def number(cursor: Cursor, at: int) -> int:
    """Read a number, or a version, an ordinal or the like as what cannot be computed."""
    for odd in (VERSION, ORDINAL, HEXADECIMAL):
        if found := odd.match(cursor.text, at, cursor.end):
            return cursor.add(Kind.STOP, found[0], at, found.end())
    found = NUMBER.match(cursor.text, at, cursor.end) or LEADING_POINT.match(
        cursor.text, at, cursor.end
    )
    if found is None:  # digits of another script
        return cursor.add(Kind.STOP, cursor.text[at], at, at + 1)
    literal, end = found[0], found.end()
    latex_groups = re.compile(r"(?:\{,\}|\\[,;! ])(\d{3})(?!\d)")
    while cursor.math and (more := latex_groups.match(cursor.text, end, cursor.end)):
        literal, end = literal + more[1], more.end()
    if comma := _decimal_comma(cursor, at):
        literal, end = comma.replace(",", "."), at + len(comma)
    elif _pair(cursor, at, end):
        end = at + len(literal.split(",")[0])
        literal = literal.split(",")[0]
    gaps = [cursor.broken(here - 1, here + 1) for here in range(at + 1, end)]
    digits = sum(each.isdecimal() for each in literal)
    if max(gaps, default=0) > 1 or digits > MAX_DIGITS:
        return cursor.add(Kind.STOP, literal, at, end)
    if any(gaps):
        return _starred(cursor, at, end)
    cursor.value(literal, at, end)
    return cursor.superscript(end)


def _decimal_comma(cursor: Cursor, at: int) -> str:
    """A number with a decimal comma ("0,89"): not inside brackets, where commas list things."""
    found = DECIMAL_COMMA.match(cursor.text, at, cursor.end)
    if found is None or (at and cursor.text[at - 1] in "([{,"):
        return ""
    return found[0] if _depth(cursor, at) == 0 else ""


def _pair(cursor: Cursor, at: int, end: int) -> bool:
    """Whether "224,224" in brackets is two numbers and no thousands group."""
    groups = cursor.text[at:end].split(",")
    opened = at > 0 and cursor.text[at - 1] in "([,"
    return opened and len(groups) > 1 and len(set(groups)) < len(groups)


def _depth(cursor: Cursor, at: int) -> int:
    before = cursor.text[max(0, at - 60) : at]
    return sum(before.count(each) for each in "([{") - sum(before.count(each) for each in ")]}")


def _starred(cursor: Cursor, at: int, end: int) -> int:
    """Digits with one source character of markup between them: emphasis was a product."""
    start = at
    for here in range(at + 1, end + 1):
        if here == end or cursor.broken(here - 1, here + 1):
            cursor.value(cursor.text[start:here], start, here)
            if here < end:
                cursor.add(Kind.OP, "*", here, here)
            start = here
    return end
