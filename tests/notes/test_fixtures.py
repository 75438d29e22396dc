"""Every fixture file of notes, case by case (see :mod:`tests.notes.cases`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notes.cases import FIXTURES, check, read_cases

FILES = sorted(FIXTURES.rglob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_fixture(path: Path, request: pytest.FixtureRequest) -> None:
    check(path, refresh=request.config.getoption("--refresh"))


# Rules of reading a note that rest on Obsidian's or Dataview's documentation or behaviour.
RULES = [
    *(f"1.{n}" for n in (1, 2, 3, 4, 7, 8, 9, 12, 13)),
    *(f"3.{n}" for n in (1, 4, 5, 6, 7, 8, 9, 10)),
    *(f"4.{n}" for n in (1, 2, 3, 4, 5, 6, 9, 10, 11)),
    *(f"5.{n}" for n in range(1, 8)),
    *(f"6.{n}" for n in range(1, 11)),
    *(f"7.{n}" for n in range(1, 11)),
    *(f"8.{n}" for n in range(1, 16)),
    *(f"10.{n}" for n in range(1, 5)),
    *(f"11.{n}" for n in range(1, 10)),
]


def test_every_rule_has_a_case() -> None:
    shown = {case.rule for path in FILES for case in read_cases(path)}
    assert set(RULES) <= shown


def test_titles_are_distinct() -> None:
    titles = [case.title for path in FILES for case in read_cases(path)]
    assert len(titles) == len(set(titles))
