"""The token rule on a corpus of headings and titles: no false model, hardly one missed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from generator.mapping.model import Decision, Outcome
from tests.mapping.vaults import map_notes

CORPUS = Path(__file__).parent / "fixtures" / "headings.tsv"
LEAST_RECALL = 0.95


def corpus() -> list[tuple[str | None, str, str]]:
    """(expected family, heading, body) for every line of the corpus."""
    found = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            family, heading, *body = line.split("\t")
            found.append((None if family == "-" else family, heading, body[0] if body else "Text."))
    return found


@cache
def decided(place: str) -> tuple[Decision, ...]:
    """What each line of the corpus becomes, each in a note of its own."""
    texts = {}
    for number, (_, heading, body) in enumerate(corpus()):
        quoted = '"' + heading.replace("\\", "\\\\").replace('"', '\\"') + '"'
        texts[f"n{number:04}.md"] = (
            f"---\ntitle: {quoted}\n---\n{body}\n"
            if place == "title"
            else f"## {heading}\n{body}\n"
        )
    decisions = map_notes(texts).decisions
    level = 0 if place == "title" else 2
    return tuple(each for each in decisions if each.level == level)


@pytest.mark.parametrize("place", ["heading", "title"])
def test_no_false_model(place: str) -> None:
    wrong = [
        (heading, got.family)
        for (family, heading, _), got in zip(corpus(), decided(place), strict=True)
        if got.outcome is Outcome.MODEL and got.family != family
    ]
    assert not wrong


@pytest.mark.parametrize("place", ["heading", "title"])
def test_recall(place: str) -> None:
    expected = [
        (heading, got)
        for (family, heading, _), got in zip(corpus(), decided(place), strict=True)
        if family is not None
    ]
    missed = [(heading, got.rule) for heading, got in expected if got.outcome is not Outcome.MODEL]
    assert len(missed) <= (1 - LEAST_RECALL) * len(expected), missed


def test_corpus_is_large_and_mostly_negative() -> None:
    families = [family for family, _, _ in corpus()]
    assert len(families) >= 400
    assert families.count(None) * 3 >= len(families) * 2
