"""Comparison keys of headings, page fragments, default link texts."""

from __future__ import annotations

import pytest

from generator.notes.keys import default_display, heading_key, slug, unique_slug


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        # What Obsidian writes into a link for a heading (rules 3.2) has the heading's key.
        ("A B C", "A: B|C"),
        ("C", "C#"),
        ("a b", "a %% [[b]]"),
        ("ResNet benefits", "ResNet benefits/"),
        ("resnets RESIDUAL networks", "ResNets (residual networks)"),
    ],
)
def test_written_links_and_headings_have_one_key(written: str, heading: str) -> None:
    assert heading_key(written) == heading_key(heading)


@pytest.mark.parametrize("text", ["it's", "grad-cam", "snake_case"])
def test_signs_that_stay_in_a_key(text: str) -> None:
    assert heading_key(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Convolutional networks", "convolutional-networks"),
        ("ResNet benefits/", "resnet-benefits"),
        ("  A   B ", "a-b"),
        ("1. LeNet - 5", "1-lenet-5"),
        ("Größe & Tiefe", "größe-tiefe"),
        ("e\u0301", "\u00e9"),
        ("", "section"),
        ("!?", "section"),
        ("NT outline", "section-nt-outline"),
        ("fnref-2 x", "section-fnref-2-x"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slugs_take_the_first_free_number() -> None:
    used: dict[str, int] = {}
    names = [unique_slug(text, used) for text in ("a", "a-1", "a", "a", "a-1")]
    assert names == ["a", "a-1", "a-2", "a-3", "a-1-1"]


@pytest.mark.parametrize(
    ("target", "subpath", "expected"),
    [
        ("Example", "#Details", "Example > Details"),
        ("", "#H", "H"),
        ("N", "#A#B", "N > A > B"),
        ("a/N.md", "", "a/N"),
        ("N", "#^id", "N > ^id"),
    ],
)
def test_default_display(target: str, subpath: str, expected: str) -> None:
    assert default_display(target, subpath) == expected
