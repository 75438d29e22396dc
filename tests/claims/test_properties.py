"""Properties: what a denial denies, and that the tests of layers by themselves run."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from generator.claims.model import Status
from generator.claims.reading.sentences import passage
from generator.claims.wording import Words, forms, line, spoken
from tests.claims.corpus import MARK, cases, check, note_of

HELPERS = resources.files("generator.emit.tests").joinpath("claims_helpers.py.txt")
IMPORTS = (
    "from fractions import Fraction\nfrom itertools import groupby, pairwise, product\n"
    "from math import ceil, floor, sqrt\nfrom typing import Any\nimport pytest, torch\n"
    "import torch.nn.functional as F\nfrom torch import nn\n"
    "from torch.overrides import TorchFunctionMode\n"
    "from torch.utils.flop_counter import FlopCounterMode\nShape = tuple\n"
)


def words_of(text: str) -> Words:
    read = passage(note_of("Test", text).statements[1])
    return spoken(line(read, read.sentences[0])).whole


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pooling changes the channels", True),
        ("pooling does not change the channels", False),
        ("the channels are changed by pooling", True),
        ("neither height nor the channels are changed", False),
        ("the height is not kept but the channels are changed", True),
        ("pooling is fast", None),
    ],
)
def test_what_is_said_is_affirmed_or_denied(text: str, said: bool | None) -> None:
    assert words_of(text).relates(forms("change"), frozenset({"channel"})) is said


def test_what_is_compared_with_is_left_out() -> None:
    words = words_of("Unlike a dense layer, a conv adds its branches instead of joining them.")
    assert not words.has("fc", "joining")
    assert words.has("conv", "adds")


def test_idioms_are_one_word() -> None:
    read = passage(note_of("Test", "No matter how large, f(x) is not only a sum.").statements[1])
    words = line(read, read.sentences[0])
    assert words.has("regardless")
    assert not words.has("not", "(", ")")


def test_checks_of_single_layers_agree_with_the_verdict() -> None:
    helpers: dict[str, Any] = {}
    exec(IMPORTS + HELPERS.read_text("utf-8"), helpers)
    ran = {Status.VERIFIED: 0, Status.FALSE: 0}
    bodies: set[tuple[str, Status]] = {
        (claim.check, claim.status)
        for case in cases()
        if case.source.startswith(("properties_general", "in_words"))
        for claim in check(case.heading, MARK.sub(lambda each: each[1], case.marked))
        if claim.kind in ("property", "scaling", "sequence shape")
        and claim.check
        and "model(" not in claim.check
    }
    for body, status in sorted(bodies):
        fails = (AssertionError, pytest.fail.Exception)
        if status is Status.FALSE:
            with pytest.raises(fails):
                exec(body, dict(helpers))
        else:
            exec(body, dict(helpers))
        ran[status] += 1
    assert min(ran.values()) > 15
