"""What is worth reading is read, wherever it stands; what is about something else is not."""

from __future__ import annotations

import pytest

from generator.claims import triage
from generator.claims.triage import may_count, may_describe, names_layers
from tests.claims.corpus import cases, check, outcome

ABOUT_SOMETHING_ELSE = (
    "Switching between files will now keep the history for the last 20 files.",
    'Added a "Comment" option to the editor context menu under the "Format" submenu.',
    "To open a file inside a vault, use the format: `obsidian://vault/name/path`.",
    "Released on 2022/05/27.",
    "Fixed having a URL in image alt text breaks parsing.",
    "I was convinced that the conversion to 3 files was the same.",
)


@pytest.mark.parametrize("text", ABOUT_SOMETHING_ELSE)
def test_what_names_no_layer_is_not_read(text: str) -> None:
    assert not names_layers(text)
    assert not may_count(text, near=False)
    assert not may_describe(text, near=False)


def test_a_heading_says_what_a_statement_is_about() -> None:
    """Neither statement names a layer."""
    counted, said = "half of the image is lost, 12 of 24 columns", "The four paths are summed."
    for text, may in ((counted, may_count), (said, may_describe)):
        assert may(text, near=True)
        assert not may(text, near=False)


@pytest.mark.parametrize(
    "text", ["784·128 + 128 = 100480", "120M / 12.4M ≈ 10", r"$\frac{120}{12} = 10$"]
)
def test_arithmetic_is_read_without_a_network(text: str) -> None:
    assert not names_layers(text)
    assert may_count(text, near=False)


def test_a_table_says_what_it_counts() -> None:
    assert may_count("61.1", near=False, counting=True)
    assert not may_count("61.1", near=False)


def test_sums_are_read_under_a_heading_about_nothing() -> None:
    sums = [
        each
        for each in cases()
        if each.label in ("true", "false") and each.source.startswith("arithmetic")
    ]
    assert sums
    assert all(check("Notes", each.text) for each in sums)


def test_a_heading_about_nothing_hides_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a statement says by itself is found as if every statement were read."""
    chosen = cases()[::4]
    found = [outcome(check("Lecture 4", each.text)) for each in chosen]
    monkeypatch.setattr(triage, "names_layers", bool)
    read = [outcome(check("Lecture 4", each.text)) for each in chosen]
    assert [each.text for each, a, b in zip(chosen, found, read, strict=True) if a != b] == []
