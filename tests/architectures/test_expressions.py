"""The calculator of specifications: what it computes, and what it refuses."""

from __future__ import annotations

import pytest

from generator.architectures.expressions import ExpressionError, evaluate, fill, round_channels

SCOPE = {
    "widths": (64, 128, 256),
    "alpha": 0.75,
    "block": "basic",
    "flag": True,
    "rows": ({"c": 16, "name": "3a"}, {"c": 24, "name": "4a"}),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("widths[0] * 2 + 1", 129),
        ("widths[-1] // 3", 85),
        ("7 % 4", 3),
        ("-widths[0]", -64),
        ("len(widths) == 3 and not flag", False),
        ("block == 'basic' or flag", True),
        ("'batch' if flag else 'none'", "batch"),
        ("rows[1].c", 24),
        ("rows[0]['c']", 16),
        ("int(rows[1].name[0]) - 1", 3),
        ("max(1.0, alpha)", 1.0),
        ("sum(widths)", 448),
        ("round_channels(32 * alpha, 8)", 24),
        ("range(3)", (0, 1, 2)),
        ("[1, widths[1]]", (1, 128)),
        ("round(2.6)", 3),
        ("1 <= alpha", False),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert evaluate(text, SCOPE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "9 ** 9",
        "10 ** 10 ** 10",
        "'a' * 10",
        "widths * 1000",
        "1 / 0",
        "1 % 0",
        "widths[7]",
        "rows[0].missing",
        "widths.__class__",
        "().__class__",
        "__import__('os')",
        "open('x')",
        "(lambda: 1)()",
        "[x for x in widths]",
        "f'{widths}'",
        "999999999999 * 999999999999",
        "range(99999)",
        "int('x')",
        "min()",
        "1 if",
        "a := 1",
        "x" * 500,
        "(" * 200,
        "1 < 2 < 3",
        "1 << 60",
        "\x00",
        "len(3)",
        "block + 1",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, SCOPE)


def test_names_with_braces() -> None:
    assert fill("layer{i + 1}.+", {"i": 2}) == "layer3.+"
    with pytest.raises(ExpressionError):
        fill("{widths}", SCOPE)


def test_round_channels_follows_the_papers_code() -> None:
    # 32 · 0.35 = 11.2 → 8 would be 29 % down, so 16 (torchvision's _make_divisible).
    assert [round_channels(each, 8) for each in (11.2, 24, 12, 3, 115.2)] == [16, 24, 16, 8, 112]
