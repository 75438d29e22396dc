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
        ("py", '@a.b\nclass C(D): r\'<\\\'\' + f"""{x}\\n" """ # "\nx = \'open\n"""open <'),
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


PYTHON = {
    "def f(a: int = 0x1F) -> None: ...": ["k def", "nf f", "nb int", "m 0x1F", "k None"],
    "class Net(nn.Module): x = self.type": ["k class", "nc Net"],
    "a = b'q' + rb\"\"\"x\n'y' \"\"\" + f'{z!r}'": ["s b'q'", 's rb"""x\n\'y\' """', "s f'{z!r}'"],
    "x1 = [1.5e-3, 2., .5j, y.0] # 'no' \"text\"": [
        "m 1.5e-3",
        "m 2.",
        "m .5j",
        "c1 # 'no' \"text\"",
    ],
    "    @torch.no_grad()\nm @ n": ["nd     @torch.no_grad"],
    "definition = undef or classes": ["k or"],
    "s = 'it\\'s' + 'open": ["s 'it\\'s'", "nb open"],
    "数 = print(é)": ["nb print"],
}


@pytest.mark.parametrize("code", PYTHON)
def test_python(code: str) -> None:
    spans = re.findall(r'<span class="(\w+)">(.*?)</span>', highlight(code, "python"), re.DOTALL)
    assert [f"{colour} {unescape(text)}" for colour, text in spans] == PYTHON[code]
