"""Cases in plain text: a title, a note, and views of it with what they show.

    === 5.3 a comma ends a tag
    #a,b
    --- tags
    a 1:1

A title begins with the rule's number where there is one. Characters that cannot be seen are written
``<TAB>``, ``<CR>``, ``<NUL>``, ``<BOM>`` or ``<U+200B>``; a blank at a line's end as ``<SP>``.
``pytest tests/notes --refresh`` writes what the views show now; read the difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from generator.notes.parse import parse_note
from generator.vault.model import ObsidianSettings
from tests.notes.views import VIEWS

FIXTURES = Path(__file__).parent / "fixtures"
_NAMES = {"TAB": "\t", "CR": "\r", "NUL": "\0", "BOM": "\ufeff", "SP": " "}
_SIGN = re.compile(r"<(TAB|CR|NUL|BOM|SP|U\+[0-9A-F]{4,5})>")


@dataclass
class Case:
    title: str
    note: str
    expected: dict[str, str] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """The number of the rule it shows, or ``""``."""
        match = re.match(r"\d+\.\d+", self.title)
        return match[0] if match else ""

    def text(self) -> str:
        return _SIGN.sub(lambda m: _NAMES.get(m[1]) or chr(int(m[1][2:], 16)), self.note)


def read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    for chunk in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
        title, _, rest = chunk.partition("\n")
        parts = re.split(r"(?m)^--- (\w+)\n", rest)
        note = parts[0].removesuffix("\n")
        views = dict(zip(parts[1::2], (p.rstrip("\n") for p in parts[2::2]), strict=True))
        cases.append(Case(title.strip(), note, views))
    return cases


def shown(case: Case, *, strict_line_breaks: bool = False) -> dict[str, str]:
    """What each of the case's views shows."""
    settings = ObsidianSettings(strict_line_breaks=strict_line_breaks)
    note = parse_note("Note.md", case.text().encode(), settings=settings)
    return {name: "\n".join(VIEWS[name](note)) for name in case.expected}


def check(path: Path, *, refresh: bool = False) -> None:
    """Hold every case of a file to its views; or, when refreshing, write them."""
    cases = read_cases(path)
    assert cases, f"{path} has no cases"
    results = [shown(case, strict_line_breaks="(strict)" in case.title) for case in cases]
    if refresh:
        path.write_text(
            "\n".join(_written(c, r) for c, r in zip(cases, results, strict=True)), encoding="utf-8"
        )
        return
    for case, result in zip(cases, results, strict=True):
        assert result == case.expected, f"{path.name}: {case.title}"


def _written(case: Case, result: dict[str, str]) -> str:
    views = "".join(f"--- {name}\n{text}\n" for name, text in result.items())
    return f"=== {case.title}\n{case.note}\n{views}"
