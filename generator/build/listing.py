"""Diagnostics for people and for programs: terminal text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from generator import __version__
from generator.core.codes import CODES
from generator.core.diagnostics import Diagnostic, Severity

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_PLACES = 3  # places shown for each code in the grouped listing


def grouped(diagnostics: Sequence[Diagnostic], *, limit: int = 30) -> list[str]:
    """One line per code with its count and first places, errors first; at most ``limit`` lines.

    An error is shown with its message and hint, because it has to be acted on.
    """
    groups: dict[tuple[int, str], list[Diagnostic]] = defaultdict(list)
    for each in sorted(diagnostics, key=Diagnostic.sort_key):
        groups[_ORDER[each.severity], each.code].append(each)
    lines: list[str] = []
    for (_, code), members in sorted(groups.items()):
        first = members[0]
        if first.severity is Severity.ERROR:
            lines.extend(line for each in members[:_PLACES] for line in _whole(each))
            if len(members) > _PLACES:
                lines.append(f"error {code}: … and {len(members) - _PLACES} more")
            continue
        places = ", ".join(str(each.position) for each in members[:_PLACES])
        more = f", … {len(members) - _PLACES} more" if len(members) > _PLACES else ""
        what = first.message if len(members) == 1 else CODES[code].title
        count = "" if len(members) == 1 else f" ({len(members)})"
        lines.append(f"{first.severity} {code}: {what}{count}: {places}{more}")
    if len(lines) > limit:
        lines = [*lines[: limit - 1], f"… {len(lines) - limit + 1} more lines (all with -v)"]
    return lines


def full(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Every diagnostic with message, found, expected and hint, in order of place."""
    return [line for each in sorted(diagnostics, key=Diagnostic.sort_key) for line in _whole(each)]


def _whole(each: Diagnostic) -> list[str]:
    lines = [f"{each.severity} {each.code}: {each.position}: {each.message}"]
    details: list[str] = []
    for name, text in (("found", each.found), ("expected", each.expected), ("hint", each.hint)):
        if "\n" in text:  # a piece of a file
            lines += [f"    {line}" for line in text.split("\n")]
        elif text:
            details.append(f"{name}: {text}")
    if details:
        lines.append("    " + "; ".join(details))
    return lines


def as_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    """Give the ``diagnostics[]`` of the report."""
    return [
        {
            "code": each.code,
            "severity": str(each.severity),
            "path": each.position.path,
            "line": each.position.line,
            "column": each.position.column,
            "message": each.message,
            "found": each.found,
            "expected": each.expected,
            "hint": each.hint,
        }
        for each in sorted(diagnostics, key=Diagnostic.sort_key)
    ]


def as_github(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Workflow commands that GitHub shows beside the changed lines."""
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    lines = []
    for each in sorted(diagnostics, key=Diagnostic.sort_key):
        position = each.position
        file = _escape(position.path, values=True)
        text = _escape(each.message + (f" ({each.hint})" if each.hint else ""))
        lines.append(
            f"::{names[each.severity]} file={file},line={position.line},"
            f"col={position.column},title={each.code}::{text}"
        )
    return lines


def _escape(text: str, *, values: bool = False) -> str:
    """Escape a workflow command's message, or a property value (GitHub docs: workflow commands)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if values else text


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0, the static-analysis exchange format."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    used = sorted({each.code for each in diagnostics})
    run = {
        "tool": {
            "driver": {
                "name": "notetorch",
                "version": __version__,
                "rules": [
                    {
                        "id": code,
                        "shortDescription": {"text": CODES[code].title},
                        "fullDescription": {"text": CODES[code].explanation},
                    }
                    for code in used
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": each.code,
                "level": levels[each.severity],
                "message": {"text": each.message},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": _uri(each.position.path)},
                            "region": {
                                "startLine": each.position.line,
                                "startColumn": each.position.column,
                            },
                        }
                    }
                ],
            }
            for each in sorted(diagnostics, key=Diagnostic.sort_key)
        ],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
