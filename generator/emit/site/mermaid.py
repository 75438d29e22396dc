"""Mermaid drawings: a source that the page's script draws, and the notes its nodes stand for.

Nodes of the class ``internal-link`` lead to the note their text names (Obsidian help: Advanced
formatting syntax, "Linking files in a diagram").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from markupsafe import escape

_NAME = r"[^\s\"'()\[\]{}<>;,:&|#-]+"
# "[text]", '("text")', "{text}" and the other shapes of a node.
_SHAPE = r'[\[({>/\\|]+(?:"([^"\n]+)"|([^"\[\](){}\n]+?))[\])}/\\|]+'
# "class A,B internal-link": the nodes by their names, or by a text in quotes.
_CLASS = re.compile(r"^[ \t]*class[ \t]+(.+?)[ \t]+internal-link[ \t]*;?[ \t]*$", re.MULTILINE)
_MEMBER = re.compile(r'"([^"\n]+)"|([^",\n]+)')
# "A:::internal-link", with the node's shape between or not.
_INLINE = re.compile(rf"({_NAME})(?:{_SHAPE})?:::internal-link\b")
_TEXT = re.compile(rf"({_NAME}){_SHAPE}")


def linked_names(source: str) -> tuple[str, ...]:
    """Give the texts of the nodes that lead to notes, each once."""
    if "internal-link" not in source:
        return ()
    texts = {match[1]: (match[2] or match[3]).strip() for match in _TEXT.finditer(source)}
    found = dict.fromkeys(texts.get(name, name) for name in _linked(source))
    return tuple(name for name in found if name)


def _linked(source: str) -> Iterator[str]:
    for match in _CLASS.finditer(source):
        for member in _MEMBER.finditer(match[1]):
            yield (member[1] or member[2]).strip()
    for match in _INLINE.finditer(source):
        yield match[1]


def drawing(source: str, shown: str, href: Callable[[str], str | None]) -> str:
    """Give the HTML of a drawing; ``shown`` is that of its source, and ``href`` gives the address
    of the note a text names."""
    links = {name: target for name in linked_names(source) if (target := href(name)) is not None}
    data = f' data-links="{escape(json.dumps(links, ensure_ascii=False))}"' if links else ""
    return f'<figure class="nt-mermaid"{data}>{shown}</figure>'
