"""Formulas people write, and what cannot be shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.notes.macros import definitions
from generator.notes.mathml import to_mathml

FORMULAS = (Path(__file__).parent / "fixtures" / "formulas.lst").read_text(encoding="utf-8")


@pytest.mark.parametrize("tex", [line for line in FORMULAS.splitlines() if line])
def test_formula_is_shown(tex: str) -> None:
    formula = to_mathml(tex, display=True)
    assert formula.error == ""
    assert formula.html.startswith("<math")
    assert formula == to_mathml(tex, display=True)


def text(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"x \tag{1}", "x(1)"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a=bc=d"),  # not numbered in Obsidian
        (r"\ce{SO4^2-}", "SO42−"),
        (r"\ce{2H2 + O2 -> 2H2O}", "2H2+O2→2H2O"),
        (r"\substack{a \\ b}", "ab"),
        (r"\unicode{x41}", "A"),
        (r"\text{if $x>0$ and}", "if x>0 and"),
        (r"\href{https://e.org}{y}", "y"),
        (r"a % comment", "a"),
        (r"\text{a \& b_c}", "a &amp; b_c"),
        (r"\newcommand{\f}[2][x]{#1#2} \f{y} \f[z]{w}", "xyzw"),
        (r"\let\old\phi \renewcommand{\phi}{\old+} \phi", "ϕ+"),
        (r"\begin{aligned}[t] a \end{aligned}", "a"),
        (r"\begin{alignat}{2} a &= b \end{alignat}", "a=b"),
        (r"\mbox{if $x$} \colorbox{red}{y}", "ifxy"),
        (r"x \tag{$\ast$}", "x(∗)"),
        (r"\label{eq:a} z \eqref{eq:a}", "z(eq:a)"),
    ],
)
def test_formula_shows(tex: str, shown: str) -> None:
    formula = to_mathml(tex, display=True)
    assert formula.error == ""
    plain = text(formula.html).replace("&gt;", ">")
    assert "".join(plain.split()) == "".join(shown.split())


def test_text_keeps_its_blanks() -> None:
    assert "a\u00a0&amp;\u00a0b" in to_mathml(r"\text{a \& b}", display=False).html


@pytest.mark.parametrize(
    "tex",
    [
        "(" * 40,
        r"\langle " * 40,
        "a(" * 20 + "{" + "b[" * 20 + "}",
        r"\begin{matrix} a & " + "⌈" * 40 + r" \end{matrix}",
        r"\let\open=( " + r"\open" * 40,
        r"\bigl| " * 40,
    ],
)
def test_brackets_without_end_are_refused(tex: str) -> None:
    """math-core would take hours for each of these."""
    assert "never closed" in to_mathml(tex, display=True).error


@pytest.mark.parametrize(
    "tex", [r"\def\a{\a}\a", r"\def\a{\b\b}\def\b{\a}\a", r"\def\a#1{#1#1}" + r"\a{" * 30]
)
def test_macros_without_end_are_refused(tex: str) -> None:
    assert "too long" in to_mathml(tex, display=True).error


@pytest.mark.parametrize(
    "tex", [r"\frac{1}{", "{", "}", "x_", r"\nosuchcommand", "a_b_c", r"\left( x", r"\begin{a}"]
)
def test_invalid_formula_is_an_error(tex: str) -> None:
    formula = to_mathml(tex, display=False)
    assert formula.error
    assert formula.html == ""


def test_macros_hold_for_later_formulas() -> None:
    macros = definitions(r"\newcommand{\half}[1]{\frac{#1}{2}} \def\op{\mathrm{op}}")
    macros += definitions(r"\DeclareMathOperator*{\best}{best}")
    assert [macro.name for macro in macros] == ["\\half", "\\op", "\\best"]
    formula = to_mathml(r"\half{x} \op \best", display=False, macros=macros)
    assert text(formula.html) == "x2opbest"


def test_a_macro_may_be_defined_again() -> None:
    first = definitions(r"\def\v{a}")
    later = definitions(r"\renewcommand{\v}{b}")
    assert text(to_mathml(r"\v", display=False, macros=(*first, *later)).html) == "b"


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>a()</script><img onerror=a()>}",
        r"\href{javascript:a()}{x}",
        r"\class{x\" onclick=\"a()}{y}",
        r"\color{red\" onclick=\"a()}{y}",
        r"\cssId{x}{y} \style{a:b}{z} \label{id} \ref{<b>} \tag{<b onclick=a()>}",
        r"\ce{<img onerror=a()>}",
        r"\unicode{60}script\unicode{62}",
    ],
)
def test_formulas_bring_no_html(tex: str) -> None:
    parser = Elements()
    parser.feed(to_mathml(tex, display=True).html)
    assert not parser.names & {"script", "img", "b", "a"}
    assert not {name for name in parser.attributes if name.startswith("on")} | (
        parser.attributes & {"id", "href", "src"}
    )
