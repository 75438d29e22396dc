"""Code to HTML with classes for its parts (Pygments' short names), once per distinct block."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.token import _TokenType

# Beyond this, colours are not worth the time; and a lexer is a set of regular expressions that
# hostile text can slow down, most of all by blank lines. Python is what the site shows most of, and
# its lexer here is linear.
LONGEST = 40_000
LONGEST_OTHER = 8_000
LONGEST_LINE = 2_000
BLANK_LINES = re.compile(r"(?:\n[^\S\n]*+){100}")

_PYTHON = "Python"  # as Pygments names it

# Languages of Obsidian notes that are no code to colour, or that would only cost a search.
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "notetorch-none"})
_ALIASES = {"dataviewjs": "js", "base": "yaml", "notetorch": "yaml", "jsonc": "json"}

# The classes that the site's style sheet colours. Names, operators and punctuation are most of any
# code and look like the text around them: they need no element.
COLOURED = frozenset(
    "k kc kd kn kp kr kt ow s s1 s2 sa sb sc sd se sh si sr ss sx m mb mf mh mi mo il "
    "na nb nc nd nf nn nt fm c c1 ch cm cp cs gd gi".split()
)


@lru_cache(maxsize=4096)
def highlight(code: str, language: str) -> str:
    """Give ``code`` as escaped HTML, coloured if Pygments knows ``language``."""
    name = _ALIASES.get(language.lower(), language.lower())
    too_long = len(code) > LONGEST or max(map(len, code.split("\n"))) > LONGEST_LINE
    if name in _PLAIN or too_long or BLANK_LINES.search(code):
        return escape(code)
    lexer = _lexer(name)
    if lexer is None or (lexer.name != _PYTHON and len(code) > LONGEST_OTHER):
        return escape(code)
    return colour(lexer.get_tokens(code))


def colour(tokens: Iterable[tuple[_TokenType, str]]) -> str:
    """Escape the texts of tokens, neighbours of one colour in one element."""
    written = []
    for colour, run in groupby(tokens, key=lambda token: _class(token[0])):
        text = escape("".join(each for _, each in run), quote=False)
        written.append(f'<span class="{colour}">{text}</span>' if colour else text)
    return "".join(written)


@lru_cache(maxsize=1024)
def _class(kind: _TokenType) -> str:
    """The class of a token's colour, its own or that of what it is a kind of, or ``""``."""
    from pygments.token import STANDARD_TYPES  # imported only for notes with code

    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    colour = STANDARD_TYPES.get(kind, "")
    return colour if colour in COLOURED else ""


@lru_cache(maxsize=256)
def _lexer(name: str):  # type: ignore[no-untyped-def]
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    if lexer.name != _PYTHON:
        return lexer
    from generator.notes.python_lexer import QuickPythonLexer

    return QuickPythonLexer(stripnl=False, ensurenl=False)
