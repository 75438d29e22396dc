"""The token rule on single texts: what is used, what is left over, which variant is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.mapping.lexicon import build_lexicon
from generator.mapping.tokens import Verdict, is_generic, read_heading
from tests.mapping.vaults import FAMILIES

LEXICON = build_lexicon(FAMILIES, {"vgg": ("windows of three",)})
READINGS = Path(__file__).parent / "fixtures" / "readings.tsv"
LINES = [
    tuple(line.split("\t"))
    for line in READINGS.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_reading(line: tuple[str, ...]) -> None:
    text, verdict, families, variant, used, leftover = line
    reading = read_heading(text, LEXICON)
    assert (
        reading.verdict.value,
        ", ".join(reading.families) or "-",
        (reading.variant or "-") if reading.verdict is Verdict.NAMES else "-",
        "|".join(reading.used),
        "|".join(reading.leftover),
    ) == (verdict, families, variant, used, leftover)


def test_names_from_the_configuration() -> None:
    reading = read_heading("Windows of three", LEXICON)
    assert (reading.verdict, reading.family) == (Verdict.NAMES, "vgg")


@pytest.mark.parametrize(
    ("text", "homonym"),
    [
        ("Inception", True),
        ("Inception (2010)", True),
        ("CNN", True),
        ("the original Inception", True),
        ("CNNs", False),
        ("Inception network", False),
        ("Inception v3", False),
        ("Inception (Szegedy et al. 2014)", False),
        ("Inception (GoogLeNet)", False),
        ("CNN (convolutional neural network)", False),
    ],
)
def test_homonyms(text: str, homonym: bool) -> None:
    reading = read_heading(text, LEXICON)
    assert (reading.verdict, reading.homonym) == (Verdict.NAMES, homonym)


@pytest.mark.parametrize("text", ["Architecture", "2.1 The layers", "Network structure", "结构"])
def test_generic_headings(text: str) -> None:
    assert is_generic(text)
    assert not is_generic(f"{text} of Pebble")


@pytest.mark.parametrize(
    "text", ["Related work", "4. Experimental results", "Baselines", "Links", "相关工作", "実験"]
)
def test_scopes(text: str) -> None:
    assert read_heading(text, LEXICON).scope


@pytest.mark.parametrize("text", ["Linked lists", "Resource limits", "Evaluation of integrals"])
def test_no_scopes(text: str) -> None:
    assert not read_heading(text, LEXICON).scope


PIECES = st.sampled_from(
    [
        "ResNet",
        "VGG",
        "CNN",
        "Inception",
        "网络",
        "残差",
        "(",
        ")",
        "[[",
        "]]",
        "-",
        "16",
        "v2",
        "et al. 2015",
        "%%",
        "<b>",
        "#tag",
        "loss",
        "the",
        "×",
        "｜",
        "\u200b",
        "é",
        "ß",
        "1.",
        "Chapter 7:",
        "+",
        "()",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(PIECES, max_size=9).map(" ".join),
        st.lists(PIECES, max_size=9).map("".join),
    )
)
def test_any_text_is_read_and_always_the_same(text: str) -> None:
    first = read_heading(text, LEXICON)
    assert first == read_heading(text, LEXICON)
    if first.verdict is Verdict.NAMES:
        assert first.family is not None
        assert not first.leftover
    if first.verdict is Verdict.NOTHING:
        assert not first.families


def test_a_long_heading_takes_no_time() -> None:
    for text in (
        "ResNet " * 2000,
        "a" * 20000 + " ResNet",
        "R" * 350 + " et al VGG",
        "(" * 390 + "VGG",
    ):
        assert read_heading(text, LEXICON).verdict is not Verdict.UNKNOWN_VARIANT
