"""A statement's plain text as HTML again: code in back-ticks and formulas are shown as such."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from generator.notes.mathml import to_mathml

# What statements keep of a note's markup: `code`, $inline$ and $$display$$ formulas, ~~deleted~~.
# As in notes, `$5 and $6` is no formula.
_MARKED = re.compile(
    r"`([^`\n]+)`|\$\$([^$]+)\$\$|(?<!\\)\$(?!\s)([^$\n]*[^$\s])\$(?!\d)|~~([^~\n]+)~~"
)


def prose(text: str) -> Markup:
    """Give a plain text as HTML; a formula that cannot be shown stays as it is written."""
    if "`" not in text and "$" not in text and "~~" not in text:
        return escape(text)
    written, end = [], 0
    for match in _MARKED.finditer(text):
        written.append(str(escape(text[end : match.start()])))
        written.append(_shown(match))
        end = match.end()
    written.append(str(escape(text[end:])))
    return Markup("".join(written))


def _shown(match: re.Match[str]) -> str:
    code, display, inline, deleted = match.groups()
    if code is not None:
        return f"<code>{escape(code)}</code>"
    if deleted is not None:
        return f"<del>{prose(deleted)}</del>"
    formula = to_mathml(display or inline, display=False)
    return formula.html or str(escape(match.group()))
