"""Python code to HTML with classes for its parts, in one pass of one regular expression.

The site shows every generated module and its tests, for which Pygments would need ten times as long as
this and a third of a small vault's build. Values within f-strings are left in the string's colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from keyword import kwlist

_KEYWORDS = frozenset(kwlist)
_BUILTINS = frozenset(
    "abs all any bool bytearray bytes callable chr classmethod complex dict dir divmod enumerate "
    "filter float format frozenset getattr globals hasattr hash help hex id input int isinstance "
    "issubclass iter len list locals map max min next object oct open ord pow print property range "
    "repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip".split()
)

# A string that is not closed, for one quote on its line, is none. Nothing is tried twice.
_PART = re.compile(
    r'''
    (?P<c1> \#[^\n]* )
  | (?P<s> (?<!\w) (?:[rR][bBfF]?|[bBfF][rR]?|[uU])?
      (?: """ (?:[^\\"]|\\.|"(?!""))*+ """ | \'\'\' (?:[^\\\']|\\.|\'(?!\'\'))*+ \'\'\'
        | " (?:[^\\"\n]|\\.)*+ " | \' (?:[^\\\'\n]|\\.)*+ \' ) )
  | (?P<nd> ^[ \t]*@[\w.]+ )
  | (?P<m> (?<![\w.]) (?: 0[xX][\da-fA-F_]+ | 0[bB][01_]+ | 0[oO][0-7_]+
      | (?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*) (?:[eE][+-]?\d[\d_]*)? [jJ]? ) )
  | (?P<defines> def|class )(?P<gap> [ \t]+ )(?P<name> \w+ )
  | (?P<word> (?<!\w)[^\W\d]\w*+ )
    ''',
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def python(code: str) -> str:
    """Give Python code as escaped HTML: comments, strings, numbers, keywords, builtins, definitions."""
    return "".join(_pieces(code))


def _pieces(code: str) -> Iterator[str]:
    end = 0
    for part in _PART.finditer(code):
        kind = part.lastgroup or ""
        text = part[0]
        if kind == "word":
            kind = "k" if text in _KEYWORDS else "nb" if _is_builtin(text, part) else ""
            if not kind:
                continue
        yield escape(code[end : part.start()], quote=False)
        end = part.end()
        if kind == "name":
            colour = "nf" if part["defines"] == "def" else "nc"
            yield f'<span class="k">{part["defines"]}</span>{part["gap"]}'
            yield f'<span class="{colour}">{part["name"]}</span>'
        else:
            yield f'<span class="{kind}">{escape(text, quote=False)}</span>'
    yield escape(code[end:], quote=False)


def _is_builtin(word: str, part: re.Match[str]) -> bool:
    start = part.start()
    return word in _BUILTINS and not (start and part.string[start - 1] == ".")
