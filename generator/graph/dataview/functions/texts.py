"""Functions on texts; expressions are JavaScript's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.functions.builtin import (
    NULLS_2,
    NULLS_3,
    Builtin,
    builtin,
    false,
    mapped_text,
)
from generator.graph.dataview.values import (
    Value,
)
from generator.vault.javascript_regex import RegexError

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context


LAST_OF_ONE_UNIT = "\uffff"  # JavaScript takes characters beyond for two


def _regex_test(context: Context, pattern: str, text: str) -> Value:
    return _with_regex(lambda: context.regex(pattern).search(text))


def _regex_match(context: Context, pattern: str, text: str) -> Value:
    if not pattern.startswith("^") and not pattern.endswith("$"):
        pattern = f"^{pattern}$"
    return _with_regex(lambda: context.regex(pattern).search(text))


def _regex_replace(context: Context, text: str, pattern: str, by: str) -> Value:
    try:
        return context.text_of(context.regex(pattern, "g").replace(text, by))
    except RegexError:
        raise EvaluationError(f"Invalid regexp '{pattern}' in regexreplace") from None


def _split(context: Context, text: str, pattern: str, limit: float = -1) -> Value:
    count = int(limit) if math.isfinite(limit) else -1
    if not pattern and all(each <= LAST_OF_ONE_UNIT for each in text):
        return tuple(text if count < 0 else text[:count])  # every character, without the engine
    parts = _with_regex(lambda: context.regex(pattern).split(text, count))
    assert isinstance(parts, list)
    return tuple(part or "" for part in parts)


def _with_regex(call: Callable[[], object]) -> Value:
    try:
        return cast(Value, call())
    except RegexError as error:
        raise EvaluationError(f"Invalid regular expression: {error}") from None


def _replace(context: Context, text: str, part: str, by: str) -> Value:
    if not part:  # split on "" is every character
        return context.text_of(by.join(text))
    context.room(len(text) + text.count(part) * len(by))
    return text.replace(part, by)


def _pad(context: Context, text: str, length: float, filler: str, *, left: bool) -> Value:
    missing = math.trunc(length) - len(text) if math.isfinite(length) else 0
    if length == math.inf:
        context.room(math.inf)
    if missing <= 0 or not filler:
        return text
    context.room(missing + len(text))
    padding = (filler * (missing // len(filler) + 1))[:missing]
    return padding + text if left else text + padding


def _padding(name: str, *, left: bool) -> Builtin:
    def pad(context: Context, text: str, length: float, filler: str = " ") -> Value:
        return _pad(context, text, length, filler, left=left)

    return builtin(
        name,
        ("string number", pad),
        ("string number string", pad),
        *NULLS_2,
        *NULLS_3,
        vector={2: (0, 1), 3: (0, 1, 2)},
    )


def _substring(_context: Context, text: str, start: float, end: float = math.inf) -> Value:
    """``String.prototype.substring``: negative is 0, swapped ends are put right."""
    low, high = (
        0 if math.isnan(each) or each < 0 else int(min(each, len(text))) for each in (start, end)
    )
    return text[min(low, high) : max(low, high)]


def _truncate(_context: Context, text: str, length: float, suffix: str = "...") -> Value:
    if len(text) > length - len(suffix):
        return text[: max(0, int(length) - len(suffix))] + suffix
    return text


FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        "regextest": builtin(
            "regextest",
            ("string string", _regex_test),
            ("null *", false),
            ("* null", false),
            vector={2: (0, 1)},
        ),
        "regexmatch": builtin(
            "regexmatch",
            ("string string", _regex_match),
            ("null *", false),
            ("* null", false),
            vector={2: (0, 1)},
        ),
        "regexreplace": builtin(
            "regexreplace",
            ("string string string", _regex_replace),
            *NULLS_3,
            vector={3: (0, 1, 2)},
        ),
        "replace": builtin(
            "replace", ("string string string", _replace), *NULLS_3, vector={3: (0, 1, 2)}
        ),
        "lower": mapped_text("lower", str.lower),
        "upper": mapped_text("upper", str.upper),
        "split": builtin(
            "split",
            ("string string", _split),
            ("string string number", _split),
            *NULLS_2,
            *NULLS_3,
        ),
        "startswith": builtin(
            "startswith",
            ("string string", lambda _c, text, part: text.startswith(part)),
            *NULLS_2,
            vector={2: (0, 1)},
        ),
        "endswith": builtin(
            "endswith",
            ("string string", lambda _c, text, part: text.endswith(part)),
            *NULLS_2,
            vector={2: (0, 1)},
        ),
        "padleft": _padding("padleft", left=True),
        "padright": _padding("padright", left=False),
        "substring": builtin(
            "substring",
            ("string number", _substring),
            ("string number number", _substring),
            *NULLS_2,
            *NULLS_3,
            vector={2: (0, 1), 3: (0, 1, 2)},
        ),
        "truncate": builtin(
            "truncate",
            ("string number string", _truncate),
            ("string number", _truncate),
            *NULLS_2,
            *NULLS_3,
            vector={2: (0, 1), 3: (0, 1, 2)},
        ),
    }
)
