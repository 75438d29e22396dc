"""Coloured code: classes only, nothing of the note unescaped."""

from __future__ import annotations

import re
from html import unescape

import pytest

from generator.notes.highlight import LONGEST, highlight


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "def f(x: int) -> str:\n    return '<b>' # & \"\n"),
        ("js", "let a = `<script>`;"),
        ("nosuch", "<a href='x'>"),
        ("", "a < b\n\n\n"),
        ("html", "<script>a()</script>"),
        ("notetorch", "arch: vgg\nparams: {depth: 16}\n"),
    ],
)
def test_code_keeps_its_text(language: str, code: str) -> None:
    html = highlight(code, language)
    assert unescape(re.sub(r"</?span[^>]*>", "", html)) == code
    assert "<" not in re.sub(r"</?span[^>]*>", "", html)


def test_known_languages_have_colours() -> None:
    assert 'class="k"' in highlight("def f(): pass", "python")
    assert "<span" in highlight("x = 1", "Python")


def test_code_that_is_too_long_stays_plain() -> None:
    assert "<span" not in highlight("x = 1\n" * LONGEST, "python")


def test_only_what_has_a_colour_of_its_own_is_an_element() -> None:
    assert highlight("a.b = (c, d)\n", "python") == "a.b = (c, d)\n"
    assert highlight("# one\n# two\n", "python").count("<span") == 2
    assert highlight("# a\n\n\nx", "python").endswith("</span>\n\n\nx")
