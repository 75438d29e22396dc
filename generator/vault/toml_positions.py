"""TOML text -> the line of every key in it.

``tomllib`` gives values without positions. This walks the statements of a document that
``tomllib`` has already accepted, so it only has to find where each one starts and ends: strings,
comments and nested brackets are stepped over, never interpreted.
"""

from __future__ import annotations

from collections.abc import Mapping

_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def key_lines(text: str) -> Mapping[str, int]:
    """Give the 1-based line of every dotted key and table header of a valid TOML document.

    Keys inside inline tables are not listed; see :func:`line_of`. A key written twice (headers of
    arrays of tables) keeps its first line.
    """
    lines: dict[str, int] = {}
    table: tuple[str, ...] = ()
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\r\n":
            at += 1
        elif char == "#":
            at = _line_end(text, at)
        else:
            line = text.count("\n", 0, at) + 1
            if char == "[":
                at += 2 if text.startswith("[[", at) else 1
                table, at = _key(text, at)
                name = table
                at = _line_end(text, at)
            else:
                own, at = _key(text, at)
                name = (*table, *own)
                at = _value_end(text, at)
            for length in range(1, len(name) + 1):
                lines.setdefault(".".join(name[:length]), line)
    return lines


def line_of(lines: Mapping[str, int], dotted: str) -> int:
    """Give the line of a key, or of the nearest enclosing key that has one, or 1."""
    while dotted:
        if dotted in lines:
            return lines[dotted]
        dotted = dotted.rpartition(".")[0]
    return 1


def _key(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Read a dotted key from ``at``; give its parts and the place after it."""
    parts: list[str] = []
    while at < len(text):
        char = text[at]
        if char in " \t.":
            at += 1
        elif char in "\"'":
            end = _string_end(text, at)
            parts.append(text[at + 1 : end - 1])
            at = end
        elif char in _BARE:
            end = at
            while end < len(text) and text[end] in _BARE:
                end += 1
            parts.append(text[at:end])
            at = end
        else:
            break
    return tuple(parts), at


def _value_end(text: str, at: int) -> int:
    """Give the place after the statement whose value follows ``at``."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char in "\"'":
            at = _string_end(text, at)
            continue
        if char == "#":
            at = _line_end(text, at)
            continue
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif char == "\n" and depth <= 0:
            return at + 1
        at += 1
    return at


def _string_end(text: str, at: int) -> int:
    """Give the place after the string that starts at ``at``."""
    quote = text[at]
    fence = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(fence)
    while at < len(text) and not text.startswith(fence, at):
        at += 2 if quote == '"' and text[at] == "\\" else 1
    at += len(fence)
    # Up to two quotes may stand directly before the closing fence of a multi-line string.
    while len(fence) == 3 and at < len(text) and text[at] == quote:
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
