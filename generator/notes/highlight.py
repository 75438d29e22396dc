"""Code to HTML with classes for its parts (Pygments' short names), once per distinct block."""

from __future__ import annotations

from functools import lru_cache
from html import escape

# Beyond this, colours are not worth the time; and a lexer is a set of regular expressions that
# hostile text can slow down.
LONGEST = 40_000
LONGEST_LINE = 2_000

# Languages of Obsidian notes that are no code to colour, or that would only cost a search.
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "notetorch-none"})
_ALIASES = {"dataviewjs": "js", "base": "yaml", "notetorch": "yaml", "jsonc": "json"}


@lru_cache(maxsize=4096)
def highlight(code: str, language: str) -> str:
    """Give ``code`` as escaped HTML, coloured if Pygments knows ``language``."""
    name = _ALIASES.get(language.lower(), language.lower())
    too_long = len(code) > LONGEST or max(map(len, code.split("\n"))) > LONGEST_LINE
    if name in _PLAIN or too_long:
        return escape(code)
    from pygments import highlight as colour  # imported only for notes with code

    lexer = _lexer(name)
    if lexer is None:
        return escape(code)
    html = str(colour(code, lexer, _formatter()))
    return html if code.endswith("\n") else html.removesuffix("\n")  # Pygments ends every line


@lru_cache(maxsize=256)
def _lexer(name: str):  # type: ignore[no-untyped-def]
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter():  # type: ignore[no-untyped-def]
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)
