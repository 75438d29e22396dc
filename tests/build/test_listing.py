"""Diagnostics in their four forms."""

from __future__ import annotations

import json

from generator.build.listing import as_github, as_json, as_sarif, full, grouped
from generator.core.codes import CODES
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position

INFO = next(code for code, entry in CODES.items() if entry.severity == "info")


def found() -> list[Diagnostic]:
    warnings = [diagnostic("NT804", Position("b.md", n, 2), "cannot copy") for n in range(1, 300)]
    error = diagnostic("NT801", Position("a.md", 5), "edited", found="x", hint="detach")
    return [*warnings, diagnostic(INFO, Position("c%,:.md"), "note\nthis"), error]


def test_grouped_is_one_line_a_code_errors_first() -> None:
    lines = grouped(found())
    assert lines[0] == "error NT801: a.md:5:1: edited"
    assert "hint: detach" in lines[1]
    assert "(299)" in lines[2]
    assert "b.md:1:2" in lines[2]
    assert "296 more" in lines[2]
    assert len(lines) == 4


def test_grouped_stays_short_whatever_is_found() -> None:
    many = [diagnostic(code, Position(f"{n}.md"), "x") for code in CODES for n in range(50)]
    assert len(grouped(many, limit=20)) == 20


def test_full_lists_every_one() -> None:
    assert sum("cannot copy" in line for line in full(found())) == 299


def test_github_annotations_are_escaped() -> None:
    line = next(each for each in as_github(found()) if "c%25" in each)
    assert line.startswith("::notice file=c%25%2C%3A.md,line=1,col=1,")
    assert line.endswith("note%0Athis")


def test_json_and_sarif_are_complete() -> None:
    assert len(as_json(found())) == 301
    run = json.loads(as_sarif(found()))["runs"][0]
    assert len(run["results"]) == 301
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"NT801", "NT804", INFO}
