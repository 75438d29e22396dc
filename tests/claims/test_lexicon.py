"""Words that are mistyped mean what they should; other words stay what they are."""

from __future__ import annotations

import pytest

from generator.claims.lexicon import meaning


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("paramters", "parameter"),
        ("paramaters", "parameter"),
        ("parametres", "parameter"),
        ("convoltuion", "conv"),
        ("convolutonal", "conv"),
        ("chanels", "channel"),
        ("channells", "channel"),
        ("multplications", "mult"),
        ("perimeters", "perimeters"),
        ("activators", "activators"),
        ("convolve", "convolve"),
    ],
)
def test_mistyped_words(word: str, meant: str) -> None:
    assert meaning(word) == meant
