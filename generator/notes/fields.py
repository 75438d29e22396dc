"""Dataview inline fields in one run of inline content: where they stand and their raw text.

Source of the rules: Dataview's documentation ("Adding metadata") and behaviour (rules section 11).
Values stay text; what they mean is decided where queries are evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Dataview skips longer lines.
LONGEST_LINE = 32768

# Date marks of list items (Dataview: "Tasks"): the key and the signs it can begin with.
_SIGNS = (
    ("created", "\u2795"),
    ("start", "\U0001f6eb"),
    ("scheduled", "\u23f3\u231b"),
    ("due", "\U0001f4c5\U0001f4c6\U0001f5d3"),
    ("completion", "\u2705"),
)
_DATE_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(f"[{signs}]\ufe0f?\\s*(\\d{{4}}-\\d{{2}}-\\d{{2}})")) for key, signs in _SIGNS
)
DATE_SIGNS = re.compile("[" + "".join(signs for _, signs in _SIGNS) + "]")


# Emphasis that closes after a key: ``**Key**::``.
_CLOSING_MARKUP = re.compile(r"[*~`][_*~`]*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A field in the content: its key, its value's text, where its key begins, its form, and the
    places of its first sign (a bracket, a date's sign) and after its last."""

    key: str
    raw: str
    start: int
    form: str
    outer: tuple[int, int]


def find(
    content: str, opaque: Sequence[Sequence[int]], *, item: bool = False, full: bool = True
) -> list[Found]:
    """Find the fields of ``content``, in its order.

    ``opaque`` are spans (code, formulas, comments, links) in which no ``::`` counts. The lines of a
    list ``item`` are read as one, and have date marks. Without ``full`` only bracketed fields and
    date marks count (tasks).
    """
    masked = _mask(content, opaque)
    if item:
        marks = list(_date_marks(masked))
        found = _in_line(content, masked, 0, len(content), full=full and not marks)
        return _apart([*found, *marks])
    found = []
    start = 0
    for part in masked.split("\n"):
        end = start + len(part)
        if "::" in part:
            found.extend(_in_line(content, masked, start, end, full=full))
        start = end + 1
    return found


def _in_line(content: str, masked: str, start: int, end: int, *, full: bool) -> list[Found]:
    if end - start > LONGEST_LINE or "::" not in masked[start:end]:
        return []
    line, shown = masked[start:end], content[start:end]
    found = _bracketed(line, shown)
    if not found and full:
        found = _full_line(line, shown)
    return [
        Found(
            each.key,
            " ".join(each.raw.split()) if "\n" in each.raw else each.raw,
            each.start + start,
            each.form,
            (each.outer[0] + start, each.outer[1] + start),
        )
        for each in found
    ]


def _bracketed(line: str, shown: str) -> list[Found]:
    """Fields as ``[key:: value]`` and ``(key:: value)``."""
    result: list[Found] = []
    for opening, closing, form in (("[", "]", "bracket"), ("(", ")", "paren")):
        closers: dict[int, int] | None = None
        at = line.find(opening)
        while at >= 0:
            separator = line.find("::", at + 1)
            if separator < 0:
                break
            key = line[at + 1 : separator]
            next_bracket = re.search(r"[\[\]()]", key)
            if next_bracket is not None:
                at = line.find(opening, at + 1 + next_bracket.start())
                continue
            if closers is None:
                closers = _closers(line, opening, closing)
            end = closers.get(at)
            if end is None:
                at = line.find(opening, at + 1)
                continue
            name = key.strip()
            if name and "\0" not in name:
                lead = len(key) - len(key.lstrip())
                raw = shown[separator + 2 : end].strip()
                result.append(Found(name, raw, at + 1 + lead, form, (at, end + 1)))
            at = line.find(opening, end + 1)
    return _apart(result)


def _apart(found: Iterable[Found]) -> list[Found]:
    """Fields in order; one that is within another, or begins where it ends, is none (a quirk of
    Dataview's: of ``[a:: 1][b:: 2]`` it sees the first)."""
    result: list[Found] = []
    for each in sorted(found, key=lambda each: each.outer):
        if not result or result[-1].outer[1] < each.outer[0]:
            result.append(each)
    return result


def _closers(line: str, opening: str, closing: str) -> dict[int, int]:
    """For each opening bracket the place of its closing one; ``\\`` escapes."""
    result: dict[int, int] = {}
    waiting: list[int] = []
    for match in re.finditer(r"\\.|[" + re.escape(opening + closing) + "]", line, re.DOTALL):
        if match[0] == opening:
            waiting.append(match.start())
        elif match[0] == closing and waiting:
            result[waiting.pop()] = match.start()
    return result


def _full_line(line: str, shown: str) -> list[Found]:
    separator = line.find("::")
    text = line[:separator]
    start = next((i for i, c in enumerate(text) if _begins_key(c)), None)
    if start is None:
        return []
    key = _CLOSING_MARKUP.sub("", text[start:].rstrip()).strip()
    if not key or not all(_begins_key(c) or c in "-/" or c.isspace() for c in key):
        return []
    return [Found(key, shown[separator + 2 :].strip(), start, "line", (0, len(line)))]


def _begins_key(character: str) -> bool:
    return character.isalpha() or character == "_" or character in "0123456789"


def _date_marks(content: str) -> Iterable[Found]:
    for key, mark in _DATE_MARKS:
        match = mark.search(content)
        if match is not None:
            yield Found(key, match[1], match.start(), "emoji", match.span())


def _mask(content: str, spans: Sequence[Sequence[int]]) -> str:
    if not spans:
        return content
    parts: list[str] = []
    done = 0
    for start, end in spans:
        if start < done:
            continue
        parts.append(content[done:start])
        parts.append("\0" * (end - start))
        done = end
    parts.append(content[done:])
    return "".join(parts)
