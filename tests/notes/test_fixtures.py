"""Every fixture file of notes, case by case (see :mod:`tests.notes.cases`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notes.cases import FIXTURES, check, read_cases

FILES = sorted(FIXTURES.rglob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_fixture(path: Path) -> None:
    check(path)


def test_titles_are_distinct() -> None:
    titles = [case.title for path in FILES for case in read_cases(path)]
    assert len(titles) == len(set(titles))
