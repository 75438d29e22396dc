"""Coloured code: classes only, nothing of the note unescaped."""

from __future__ import annotations

import json
import re
import typing
from html import unescape
from pathlib import Path

import pytest
from pygments.lexers import PythonLexer

from generator.notes.highlight import LONGEST, LONGEST_OTHER, colour, highlight
from generator.notes.python_lexer import QuickPythonLexer


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


def test_code_that_lexers_are_slow_with_stays_plain() -> None:
    assert "<span" not in highlight("int x;\n" + "\n \t" * 100, "java")
    assert "<span" not in highlight("int x;\n" * (LONGEST_OTHER // 7 + 1), "java")
    assert "<span" in highlight("int x;\n" * 20, "java")


def test_only_what_has_a_colour_of_its_own_is_an_element() -> None:
    assert highlight("a.b = (c, d)\n", "python") == "a.b = (c, d)\n"
    assert highlight("# one\n# two\n", "python").count("<span") == 2
    assert highlight("# a\n\n\nx", "python").endswith("</span>\n\n\nx")


# Modules of the standard library with most of the language in them, the generated ones, and corners.
PYTHON = [
    *(Path(module.__file__ or "") for module in (re, json, typing, pytest)),
    *sorted(Path(__file__).parents[2].glob("generated_models/**/*.py")),
]
CORNERS = r'''
x = rb"a" + u'b' + Rb"""c""" + f"{a.b!r:>{width}} {{}}" "%s" % (1,) + ""
    "not a docstring"
    r"""but this"""
match x:
    case [1, 2.5e3, .5, 0x1F, 1_000]: pass
match = case = 1; match.case(type=1, input=2)
async def f(self, *, a: int = 1) -> None: await g(not a is None, lambda q: q in b or c and d)
@decorated.by(cls)
class __A__(B, metaclass=C): __slots__ = (); x.__init__()
a @ b; a := 1; x[1:2, ...]; from .a import (b as c, d); raise E from None
print(.1.real, 1..real, "it's", 'say "x"', "50 % of {}".format(3), "\\n", "unclosed
'''


@pytest.mark.parametrize("code", [*(path.read_text("utf-8") for path in PYTHON), CORNERS])
def test_the_quick_python_lexer_colours_as_pygments_does(code: str) -> None:
    usual, quick = (
        colour(lexer(stripnl=False, ensurenl=False).get_tokens(code))
        for lexer in (PythonLexer, QuickPythonLexer)
    )
    assert quick == usual
