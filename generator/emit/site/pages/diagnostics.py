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


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic and the page of the note it is about."""

    message: Markup
    found: Markup
    expected: Markup
    hint: Markup
    place: str
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one code, with what the code means."""

    code: str
    severity: Severity
    title: str
    explanation: Markup
    findings: tuple[Finding, ...]


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
            tuple(_finding(site, each) for each in by_code[severity, code]),
        )
        for severity, code in sorted(by_code, key=lambda key: (_ORDER.index(key[0]), key[1]))
    )
    yield Page("-/diagnostics.html", "Diagnostics", DiagnosticsView(groups), Area.PROBLEMS)


def _finding(site: Site, each: Diagnostic) -> Finding:
    path = each.position.path
    return Finding(
        message=prose(site.plain(path, each.message)),
        found=prose(site.plain(path, each.found)),
        expected=prose(site.plain(path, each.expected)),
        hint=prose(site.plain(path, each.hint)),
        place=str(each.position),
        path=site.addresses.pages[path],
    )


KIND = PageKind("diagnostics", "diagnostics.html.jinja", plan)
