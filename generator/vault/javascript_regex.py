"""JavaScript regular expressions, run where they mean what their author meant.

Obsidian's settings and Dataview's functions take JavaScript expressions. Translating them to
Python's dialect would be wrong in corners, and Python cannot interrupt one that backtracks
without end; the JavaScript engine does both.
"""

from __future__ import annotations

import json
from typing import Any

# One match may take this long (seconds of CPU time), far above what an honest pattern needs.
TIME_LIMIT = 0.3
MEMORY_LIMIT = 64 * 1024 * 1024

_FUNCTIONS = r"""
var expression;  // var: only those are found from outside
var compile = (source, flags) => { expression = new RegExp(source, flags); };
var test = (text) => { expression.lastIndex = 0; return expression.test(text); };
var replace = (text, by) => JSON.stringify(text.replace(expression, by));
var split = (text, limit) =>
  JSON.stringify(limit < 0 ? text.split(expression) : text.split(expression, limit));
"""


class RegexError(Exception):
    """The expression is malformed, or a match took longer than :data:`TIME_LIMIT`."""


class JavascriptRegex:
    """A compiled expression. After one match that took too long every further one fails at once,
    so that a bad pattern costs its time limit once and not once a row."""

    def __init__(self, source: str, flags: str = "") -> None:
        import quickjs  # 10 ms to import: only vaults that use expressions pay for it

        self._failure: str = ""
        self._engine_error = quickjs.JSException
        self._context = quickjs.Context()
        self._context.set_memory_limit(MEMORY_LIMIT)
        self._context.set_time_limit(TIME_LIMIT)
        self._context.eval(_FUNCTIONS)
        self._call("compile", source, flags)

    def test(self, text: str) -> bool:
        """Whether the expression occurs in ``text``; ``False`` once it has failed."""
        try:
            return bool(self._call("test", text))
        except RegexError:
            return False

    def search(self, text: str) -> bool:
        """Like :meth:`test`, but raises :class:`RegexError` on failure."""
        return bool(self._call("test", text))

    def replace(self, text: str, by: str) -> str:
        """``text.replace(expression, by)``: all occurrences with the flag ``g``, else the first."""
        return str(json.loads(self._call("replace", text, by)))

    def split(self, text: str, limit: int = -1) -> list[str | None]:
        """``text.split(expression)``: captured groups are part of the result."""
        parts: list[str | None] = json.loads(self._call("split", text, limit))
        return parts

    def _call(self, function: str, *arguments: str | int) -> Any:
        if self._failure:
            raise RegexError(self._failure)
        try:
            return self._context.get(function)(*[_encodable(each) for each in arguments])
        except self._engine_error as error:
            message = str(error).split("\n", 1)[0]
            if "interrupted" in message:
                message = self._failure = "the expression takes too long"
            elif "out of memory" in message:
                message = self._failure = "the expression needs too much memory"
            raise RegexError(message.removeprefix("SyntaxError: ")) from None


def _encodable(value: str | int) -> str | int:
    """The engine takes UTF-8, which has no lone surrogates."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
