"""The page of everything a build has to say about the published notes, by code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.core.codes import CODES
from generator.core.diagnostics import Diagnostic, Severity
from generator.emit.site.context import Site
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.prose import prose

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_MOST = 50  # findings of one code that are listed


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic, and the page and heading of the note it is about. ``details`` are what was
    found and expected, where the message does not say it, and what to do."""

    message: Markup
    details: tuple[Markup, ...]
    place: str
    path: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one code, with what the code means; ``more`` counts those left out."""

    code: str
    severity: Severity
    title: str
    explanation: Markup
    findings: tuple[Finding, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DiagnosticsView:
    """The groups, errors first."""

    groups: tuple[Group, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``-/diagnostics.html``."""
    by_code: dict[tuple[Severity, str], list[Diagnostic]] = {}
    for each in site.diagnostics:
        by_code.setdefault((each.severity, each.code), []).append(each)
    groups = tuple(
        Group(
            code,
            severity,
            CODES[code].title if code in CODES else code,
            prose(CODES[code].explanation if code in CODES else ""),
            tuple(_finding(site, each) for each in by_code[severity, code][:_MOST]),
            max(0, len(by_code[severity, code]) - _MOST),
        )
        for severity, code in sorted(by_code, key=lambda key: (_ORDER.index(key[0]), key[1]))
    )
    yield Page("-/diagnostics.html", "Diagnostics", DiagnosticsView(groups), Area.PROBLEMS)


def _finding(site: Site, each: Diagnostic) -> Finding:
    path = each.position.path
    details = []
    if each.found and each.found not in each.message:
        details.append(f"found: {each.found}")
    if each.expected and each.expected not in each.message:
        details.append(f"expected: {each.expected}")
    if each.hint:
        details.append(each.hint)
    return Finding(
        message=prose(site.plain(path, each.message)),
        details=tuple(prose(site.plain(path, detail)) for detail in details),
        place=str(each.position),
        path=site.addresses.pages[path],
        fragment=site.fragment_at(path, each.position.line),
    )


KIND = PageKind("diagnostics", "diagnostics.html.jinja", plan)
