"""YAML as values that know their lines: families' specifications and fenced ``notetorch`` blocks.

Reads YAML 1.2 core scalars (``yes`` is text, ``012`` is twelve). The parser's events become a tree
here, without recursion and with bounds, since the text may come from anyone: no aliases, no tags,
limited depth and size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import yaml

Scalar: TypeAlias = str | int | float | bool | None

MAX_CHARACTERS = 400_000
MAX_DEPTH = 24

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlError(Exception):
    """Text that is no YAML, or more of YAML than is read here. ``line`` and ``column`` count from 1."""

    def __init__(self, message: str, line: int, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value and where it stands: a scalar, a tuple of nodes or a mapping from keys to nodes.
    ``key_lines`` gives the lines of a mapping's keys."""

    value: Scalar | tuple[YamlNode, ...] | dict[str, YamlNode]
    line: int
    column: int

    def plain(self) -> object:
        """Give the value without positions: scalars, tuples and dicts."""
        if isinstance(self.value, tuple):
            return tuple(each.plain() for each in self.value)
        if isinstance(self.value, dict):
            return {key: each.plain() for key, each in self.value.items()}
        return self.value

    def get(self, key: str) -> YamlNode | None:
        """Give a mapping's value under ``key``, ``None`` if there is none."""
        return self.value.get(key) if isinstance(self.value, dict) else None


def read_yaml(text: str, *, first_line: int = 1) -> YamlNode:
    """Read one YAML document; lines count from ``first_line``. Raises :class:`YamlError`."""
    if len(text) > MAX_CHARACTERS:
        raise YamlError(f"longer than {MAX_CHARACTERS} characters", first_line)
    try:
        return _tree(text, first_line)
    except UnicodeError:
        raise YamlError("text that is not Unicode", first_line) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line = mark.line if mark else 0
        raise YamlError(str(problem), first_line + line, mark.column + 1 if mark else 1) from None


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("column", "items", "key", "keys", "line", "mapping")

    def __init__(self, line: int, column: int, *, mapping: bool) -> None:
        self.line, self.column, self.mapping = line, column, mapping
        self.items: list[YamlNode] = []
        self.keys: dict[str, YamlNode] = {}
        self.key: str | None = None


def _tree(text: str, first_line: int) -> YamlNode:
    stack: list[_Open] = []
    root: YamlNode | None = None
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent):
            continue
        mark = event.start_mark
        assert mark is not None
        line, column = first_line + mark.line, mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise YamlError("a second document", line, column)
            continue
        if isinstance(event, yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("aliases (*name) are not read here", line, column)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) >= MAX_DEPTH:
                raise YamlError(f"nested deeper than {MAX_DEPTH}", line, column)
            stack.append(_Open(line, column, mapping=isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            node = YamlNode(_scalar(event.value) if plain else event.value, line, column)
        else:
            done = stack.pop()
            node = YamlNode(
                done.keys if done.mapping else tuple(done.items), done.line, done.column
            )
        if stack:
            _put(stack[-1], node)
        else:
            root = node
    return YamlNode(None, first_line, 1) if root is None else root


def _put(parent: _Open, node: YamlNode) -> None:
    if not parent.mapping:
        parent.items.append(node)
    elif parent.key is None:
        if isinstance(node.value, tuple | dict):
            raise YamlError("a key must be text", node.line, node.column)
        # Keys stay text, whatever they look like: `1x1: 3`, `5: 2`, `true: no`.
        parent.key = _written(node.value)
        if parent.key in parent.keys:
            raise YamlError(f"'{parent.key}' stands twice", node.line, node.column)
    else:
        parent.keys[parent.key] = node
        parent.key = None


def _written(value: Scalar) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


# Scalars of the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema).
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _scalar(text: str) -> Scalar:
    if text in WORDS:
        return WORDS[text]
    if text[0] in "-+.0123456789":
        if INTEGER.fullmatch(text):
            return int(text)
        if len(text) < 40 and FLOAT.fullmatch(text):
            return float(text)
    return text
