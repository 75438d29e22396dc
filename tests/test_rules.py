"""Every numbered rule of docs/obsidian.md has a test that names it.

``fixtures/rules.txt`` lists the numbers, each with the file that tests it. A test names its rules in
its own name (``test_rule_2_8_…``), in the first value of a case (``("2.5", …)``), or in the heading
of a fixture (``=== 7.1 …``).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
WHOLE = ("14",)  # sections without numbers of their own
STAGES = ("notes", "graph", "emit/site", "vault")

# What comes after "test_rule_": one number, or several ("8_4_and_8_5").
_IN_NAME = re.compile(r"def test_\w*?rules?_(\d+(?:_\d+)?(?:_and_\d+_\d+)*)(?=_|\()")
_IN_CASE = re.compile(r'^\s*\("(\d+\.\d+)",', re.MULTILINE)
_IN_HEADING = re.compile(r"^=== (\d+\.\d+)\b", re.MULTILINE)
_NUMBER = re.compile(r"\d+_\d+")


def named(path: Path) -> set[str]:
    """The rules a test module or a file of cases names."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return set(_IN_HEADING.findall(text))
    names = {
        number.replace("_", ".")
        for match in _IN_NAME.findall(text)
        for number in _NUMBER.findall(match) or [match]
        if "_" in number or number in WHOLE
    }
    return names | (set(_IN_CASE.findall(text)) if '"rule"' in text else set())


def listed() -> list[tuple[str, str]]:
    lines = (TESTS / "fixtures" / "rules.txt").read_text(encoding="utf-8").split("\n")
    return [(line.split()[0], line.split()[1]) for line in lines if line]


@pytest.mark.parametrize(("number", "place"), listed())
def test_the_rule_is_named_where_the_list_says(number: str, place: str) -> None:
    assert number in named(TESTS / place)


def test_the_list_has_every_rule_that_a_test_names() -> None:
    files = [
        path
        for stage in STAGES
        for path in sorted((TESTS / stage).rglob("*"))
        if path.suffix in (".py", ".txt")
    ]
    found = {number for path in files for number in named(path)}
    assert found - {number for number, _ in listed()} == set()


def test_the_list_is_without_gaps() -> None:
    numbers = {number for number, _ in listed()}
    sections = {number.partition(".")[0] for number in numbers}
    assert sections == {str(section) for section in range(1, 17)}
    for section in sorted(sections - set(WHOLE)):
        known = sorted(int(n.partition(".")[2]) for n in numbers if n.startswith(section + "."))
        first = 0 if section == "2" else 1
        assert known == list(range(first, first + len(known)))
