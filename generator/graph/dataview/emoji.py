"""Where an emoji ends: sequences with skin tones, joiners, flags and variation selectors.

An approximation of Unicode's emoji data by ranges (UTS #51), enough for names that contain them.
"""

from __future__ import annotations

_RANGES = (
    (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2194, 0x2199),
    (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF), (0x23E9, 0x23F3),
    (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0),
    (0x25FB, 0x25FE), (0x2600, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B07), (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D), (0x3297, 0x3297),
    (0x3299, 0x3299), (0x1F000, 0x1FAFF),
)  # fmt: skip
_FIRST = _RANGES[0][0]
_JOINER, _VARIATION, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"


def emoji_end(text: str, at: int) -> int:
    """Give the place after the emoji at ``at``; ``at`` itself if there is none."""
    if at >= len(text):
        return at
    if text[at] in "0123456789#*":
        # Keycaps: a digit, perhaps a variation selector, and the enclosing key.
        after = at + 1 + text.startswith(_VARIATION, at + 1)
        return after + 1 if text.startswith(_KEYCAP, after) else at
    if not _is_base(text[at]):
        return at
    at += 1
    if _is_flag(text[at - 1]) and at < len(text) and _is_flag(text[at]):
        return at + 1
    while at < len(text):
        if text[at] == _VARIATION or 0x1F3FB <= ord(text[at]) <= 0x1F3FF:
            at += 1
        elif text[at] == _JOINER and at + 1 < len(text) and _is_base(text[at + 1]):
            at += 2
        else:
            break
    return at


def _is_base(char: str) -> bool:
    code = ord(char)
    return code >= _FIRST and any(low <= code <= high for low, high in _RANGES)


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
