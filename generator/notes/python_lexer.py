"""Pygments' Python lexer, asked for less: what the site gives no colour is taken in long runs.

Pygments tries dozens of expressions on every name, bracket and blank, most of any code. The rules
here stand before its own and take exactly those; what it would colour is still its own to find. The
coloured text is the same, in a quarter of the time (a test compares the two).
"""

from __future__ import annotations

from typing import ClassVar

from pygments import token
from pygments.lexer import inherit, words
from pygments.lexers.python import PythonLexer
from pygments.regexopt import regex_opt

# Every word Pygments may colour: those of its lists, and those its own expressions name.
_COLOURED_WORDS = {
    word
    for state in ("keywords", "expr-keywords", "builtins")
    for expression, *_ in PythonLexer.tokens[state]
    if isinstance(expression, words)
    for word in expression.words
} | set(
    "def class from import in is and or not self cls Ellipsis NotImplemented match case lazy".split()
)

_WITHOUT_COLOUR = "|".join(
    (
        r"[](){}[,:;][ ]*+",
        r"[-+*/=<>|&]++[ ]*+",
        r"(?<=\S)[ ]++",
        r"\.[A-Za-z][A-Za-z0-9_]*+\b",  # an attribute, whatever it is called
        r"[A-Za-z][A-Za-z0-9]*+_[A-Za-z0-9_]*+\b",  # no keyword or builtin has an underscore inside
        # A quote after a short word would make it a string's prefix.
        rf"(?!{regex_opt(sorted(_COLOURED_WORDS))}\b)[A-Za-z][A-Za-z0-9]*+\b(?![\"'])",
    )
)


class QuickPythonLexer(PythonLexer):
    """Python, with fewer and longer tokens than :class:`PythonLexer` where there is no colour."""

    tokens: ClassVar = {
        "root": [
            # Not the blanks before what Pygments looks for at the beginning of a line: docstrings
            # with their prefixes, ``match`` and ``case``.
            (r"\n(?:[^\S\n]*+\n)*+(?:[ ]++(?=[^\s\"'rRuUbBmc\\]))?", token.Whitespace),
            (rf"(?:{_WITHOUT_COLOUR})++", token.Text),
            (r"\d++(?=[],): ])", token.Number.Integer),
            (r'"[^"\\%{\n]*+"(?!")', token.String.Double),
            inherit,
        ]
    }
