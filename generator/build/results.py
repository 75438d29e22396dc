"""What the generated tests gave when they were last run, kept between builds for the site.

``notetorch test`` runs pytest in the models folder with a JUnit report, condenses it to one record
a test file, and stores that with the digest of the module and the test file it speaks of: results of
other code are never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

from generator.core.digest import digest

FILE = "results.json"


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: its name, ``passed`` / ``failed`` / ``skipped``, seconds, and the failure's message."""

    name: str
    outcome: str
    seconds: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class TestRun:
    """The run of one test file (``stem`` such as ``test_vgg``)."""

    stem: str
    stamp: str
    cases: tuple[TestCase, ...]


def stamp(models: Path, stem: str) -> str:
    """Digest of a test file and the module it tests, as they are on disk now."""
    parts = []
    for path in (models / "tests" / f"{stem}.py", models / f"{stem.removeprefix('test_')}.py"):
        parts.append(path.read_bytes() if path.is_file() else b"")
    return digest(b"\0".join(parts))


def read_junit(report: Path, models: Path) -> tuple[TestRun, ...]:
    """Condense pytest's JUnit XML to one :class:`TestRun` per file, sorted by name."""
    cases: dict[str, list[TestCase]] = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        stem = next(
            (part for part in case.get("classname", "").split(".") if part.startswith("test_")), ""
        )
        failure = case.find("failure")
        failure = case.find("error") if failure is None else failure
        skipped = case.find("skipped")
        outcome = (
            "failed" if failure is not None else "skipped" if skipped is not None else "passed"
        )
        message = "" if failure is None else failure.get("message", "").splitlines()[0][:300]
        cases.setdefault(stem, []).append(
            TestCase(case.get("name", ""), outcome, float(case.get("time", "0")), message)
        )
    return tuple(
        TestRun(stem, stamp(models, stem), tuple(cases[stem])) for stem in sorted(cases) if stem
    )


def save(folder: Path, runs: tuple[TestRun, ...]) -> None:
    """Store the runs, replacing earlier ones of the same files and keeping the rest."""
    known = {run.stem: run for run in _read(folder)} | {run.stem: run for run in runs}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(known[stem]) for stem in sorted(known)], indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path, models: Path) -> Mapping[str, TestRun]:
    """Stored runs that speak of the code now on disk, by test file stem."""
    return {run.stem: run for run in _read(folder) if run.stamp == stamp(models, run.stem)}


def _read(folder: Path) -> tuple[TestRun, ...]:
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(
            TestRun(
                str(run["stem"]),
                str(run["stamp"]),
                tuple(
                    TestCase(
                        str(each["name"]),
                        str(each["outcome"]),
                        float(each["seconds"]),
                        str(each["message"]),
                    )
                    for each in run["cases"]
                ),
            )
            for run in data
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
