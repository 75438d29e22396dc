"""Turn values and note text into Python source that can only be what it stands for.

Everything of a note that reaches generated code passes through here: parameter values as literals,
names of notes and headings as escaped docstrings or one-line comments. No other path exists, so no
text of a note can add a statement, end a string or declare a source encoding.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping

from generator.architectures.model import ParamValue

# Cc controls, Cf invisible and bidirectional marks, Zl/Zp line breaks, Cs lone surrogates, Cn
# unassigned: none may stand raw in source.
_UNSAFE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Cn", "Co"})

# PEP 263: a comment on the first two lines that matches this declares the file's encoding.
_CODING = re.compile(r"(coding)([:=])", re.IGNORECASE)


# More equal items than this are written once.
MANY = 16


def literal(value: ParamValue) -> str:
    """Write a parameter value as a Python literal.

    Raises ``TypeError`` for a type that no parameter has and ``ValueError`` for a number that has
    no literal (infinity, not-a-number).
    """
    match value:
        case bool() | str():
            return repr(value)
        case int():
            return f"{value:_}" if abs(value) >= 10_000 else repr(value)
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value!r} has no Python literal")
            return repr(value)
        case tuple() if len(value) > MANY and len(set(map(repr, value))) == 1:
            return f"({literal(value[0])},) * {len(value)}"
        case tuple():
            inner = ", ".join(literal(each) for each in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case Mapping():
            inner = ", ".join(f"{key!r}: {literal(each)}" for key, each in value.items())
            return f"{{{inner}}}"
    raise TypeError(f"no parameter has a value of type {type(value).__name__}")


def one_line(text: str) -> str:
    """Put text on one line with every unsafe character written as its escape."""
    spaced = " ".join(text.split())
    return "".join(
        each
        if unicodedata.category(each) not in _UNSAFE
        else each.encode("unicode_escape", "surrogatepass").decode("ascii")
        for each in spaced
    )


def comment(text: str) -> str:
    """Make text safe after ``#``: one line, nothing that could declare an encoding."""
    return _CODING.sub(r"\1 \2", one_line(text))


def docstring(text: str) -> str:
    """Write text as a docstring literal, quotes included; lines are kept.

    Backslashes make it a raw literal, so a formula stays readable; where raw cannot hold the text
    (it contains three quotes, or a single line ends in a backslash or quote) everything is escaped.
    """
    lines = [_printable(line).rstrip() for line in text.strip().split("\n")]
    body = "\n".join(lines) + ("\n" if len(lines) > 1 else "")
    if '"""' in body or body.endswith(('"', "\\")):
        escaped = body.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""{escaped}"""'
    return f'r"""{body}"""' if "\\" in body else f'"""{body}"""'


def _printable(line: str) -> str:
    """Escape the unsafe characters of one line, keeping its indentation."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    return indent + one_line(line)
