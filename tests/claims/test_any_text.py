"""Whatever a note says, looking for claims in it ends, raises nothing and gives the same twice."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.claims.check import check_note
from generator.notes.parse import parse_note
from tests.claims.corpus import FIXTURES, HEADINGS, PRECISION, cases, check

# What sentences with numbers are made of, in the order of no sentence.
WORDS = (
    "x xx xxx X × * · 3x 3x3 3×3×64 nxn HxW BxTxV 223.1.1.xxx 1.000 1,000 10_000 60M 4.1 G k ~ ≈ about "
    "at least ( ) [ ] { } = ≠ - − + / ^ ² $ $$ \\frac{1}{2} \\times \\cdot a_{i} n+2p-f+1 ⌊ ⌋ % ` `` "
    "layer layers parameters filters conv 5 152 one two VGG-16 ResNet it the of in with and or not no "
    "params(vgg16) == 3 claim:: output size 224 → 112 . , ; : ? ! ' n't stride-2 pad 2-3 10-20 a an I"
).split(" ")
SECONDS = 5


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """An endless loop becomes a failure, where the system can interrupt one."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def claims_of(text: str) -> object:
    note = parse_note("VGG.md", f"# VGG\n\n{text}\n".encode("utf-8", "replace"))
    if hasattr(signal, "SIGALRM"):
        signal.alarm(SECONDS)
    return check_note(note, {})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from([" ", "", " "]))
def test_words_in_any_order(words: list[str], between: str) -> None:
    text = between.join(words)
    assert claims_of(text) == claims_of(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    claims_of(text)


@pytest.mark.parametrize("text", ["xxx", "3xxx 5", "`223.1.1.xxx`.", "x" * 5000, "1 x " * 3000])
def test_what_is_no_product(text: str) -> None:
    claims_of(text)


def maimed(chance: random.Random, words: list[str], others: list[str]) -> list[str]:
    """Cut a statement, drop words of it, swap two, or let it go on as another one does."""
    match chance.randrange(5):
        case 0:
            return words[: chance.randrange(1, len(words) + 1)]
        case 1:
            return words[chance.randrange(len(words)) :]
        case 2:
            return [each for each in words if chance.random() > 0.15]
        case 3:
            return (
                words[: chance.randrange(1, len(words) + 1)]
                + others[chance.randrange(len(others)) :]
            )
        case _:
            one, other = chance.randrange(len(words)), chance.randrange(len(words))
            words[one], words[other] = words[other], words[one]
            return words


@pytest.mark.parametrize("seed", range(10))
def test_statements_cut_and_mixed(seed: int) -> None:
    """Half sentences about networks, as they stand in notes that are being written."""
    chance = random.Random(seed)
    statements = [
        each.text for folder in (FIXTURES, PRECISION, FIXTURES / "unseen") for each in cases(folder)
    ]
    for _ in range(200):
        one, other = chance.choice(statements), chance.choice(statements)
        text = " ".join(maimed(chance, one.split(" "), other.split(" ")))
        if hasattr(signal, "SIGALRM"):
            signal.alarm(SECONDS)
        check(chance.choice(list(HEADINGS)), text)
