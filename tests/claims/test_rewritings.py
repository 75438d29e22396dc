"""Another notation or unit leaves every verdict as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.claims.corpus import cases, check, outcome

_SIZE = re.compile(r"(?<![\d.,·*/+(×x])(\d+(?:[x×]\d+)+)(?![\dx×])(?!\.\d)")


def _latex(match: re.Match[str]) -> str:
    return "$" + re.sub("[x×]", r" \\times ", match[1]) + "$"


LINKED = "a link after it"  # no notation: its title may be read with what stands before it
REWRITINGS: dict[str, Callable[[str], str]] = {
    "crosses": lambda text: re.sub(r"(?<=\d) ?x ?(?=\d)", "×", text),
    "spaced crosses": lambda text: re.sub(r"(?<=\d)[x×](?=\d)", " × ", text),
    "letters x": lambda text: re.sub(r"(?<=\d)×(?=\d)", "x", text),
    "asterisks": lambda text: text.replace("·", "∗"),
    "LaTeX sizes": lambda text: _SIZE.sub(_latex, text),
    "M": lambda text: re.sub(r"(?<=\d) million\b", "M", text),
    "million": lambda text: re.sub(r"(?<=\d)M(?= param)", " million", text),
    "no thousands separators": lambda text: re.sub(r"(?<=\d),(?=\d{3}\b)", "", text),
    "narrow blanks": lambda text: re.sub(r"(?<=\d),(?=\d{3}\b)", "\u202f", text),
    "no-break blanks": lambda text: re.sub(r"(?<=\d) (?=[a-z])", "\u00a0", text),
    "tilde": lambda text: text.replace("about ", "~"),
    "minus sign": lambda text: re.sub(r"(?<=\d) ?- ?(?=\d)", " − ", text),
    "params": lambda text: text.replace("parameters", "params"),
    LINKED: lambda text: text.rstrip(".") + " [[Some note]].",
}
# Statements in prose; every third keeps this fast.
PROSE = [
    each
    for each in cases()
    if each.label in ("true", "false") and "$" not in each.text and "claim::" not in each.text
][::3]


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_rewriting_keeps_the_verdict(name: str) -> None:
    rewrite = REWRITINGS[name]
    changed = [(each, rewrite(each.text)) for each in PROSE]
    kept = lost = 0
    for each, text in changed:
        if text == each.text or outcome(check(each.heading, each.text)) != each.label:
            continue
        found = outcome(check(each.heading, text))
        assert found not in {"true": ("false",), "false": ("true",)}[each.label], text
        kept, lost = kept + (found == each.label), lost + (found != each.label)
    assert kept
    assert lost <= (kept / 50 if name == LINKED else 0), f"{lost} of {lost + kept}"
