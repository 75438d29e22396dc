"""The front matter of a note: where it is, and its YAML as typed values with line numbers.

python-frontmatter splits and loads it through a handler of our own, because its default one takes
a rule anywhere in the note for front matter and reads YAML 1.1 (where ``yes`` is true and ``1:30``
is ninety). Here YAML means the 1.2 core schema, dates keep their spelling, and every key knows its
line. Source: Obsidian help, "Properties".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes.model import Data, Property
from generator.notes.properties import FrontMatter

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# Values a front matter may unfold to: aliases of aliases grow exponentially.
MOST_VALUES = 20_000
DEEPEST = 40


def read_front_matter(path: str, text: str) -> FrontMatter:
    """Read the front matter of ``text`` (line ends are ``\\n``); never raises."""
    block = _block(text)
    if block is None:
        return FrontMatter((), 0, tuple(_misplaced(path, text)))
    handler = _ObsidianHandler(path)
    try:
        frontmatter.parse(block, handler=handler)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        handler.diagnostics.append(_malformed(path, error))
        handler.properties = []
    return FrontMatter(
        tuple(handler.properties),
        block.count("\n") + 1,
        tuple(handler.diagnostics),
        handler.places,
    )


# A line that is a fence: three hyphens, blanks after them forgiven.
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


def _block(text: str) -> str | None:
    """The front matter with both fences, if ``text`` begins with one."""
    first = _FENCE.match(text)
    last = _FENCE.search(text, first.end() + 1) if first else None
    return text[: last.end()] if last else None


def _misplaced(path: str, text: str) -> Iterator[Diagnostic]:
    """Say so when what looks like front matter is not where it counts."""
    if _FENCE.match(text):
        yield diagnostic(
            "NT203",
            Position(path),
            "the note begins like front matter, but no closing --- line follows",
            hint="add a line --- after the last property",
        )
        return
    start = re.match(r"\s+(?=---[ \t]*\n[\w-]+:)", text)
    if start is not None and _FENCE.search(text, start.end() + 3):
        yield diagnostic(
            "NT204",
            Position(path, text.count("\n", 0, start.end()) + 1),
            "this block looks like front matter, but front matter begins on the first line",
            hint="remove what stands before ---",
        )


def _malformed(path: str, error: Exception) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = Position(path, mark.line + 2, mark.column + 1) if mark else Position(path, 2)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0] or "unreadable"
    return diagnostic(
        "NT202",
        position,
        f"the front matter is not valid YAML: {problem}",
        hint="properties of this note are ignored; "
        "quote text that begins with [, {, @, % or holds ': '",
    )


class _Yaml12Loader(_Loader):
    """YAML with the scalars of the 1.2 core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)",  # `.nan` stays text: it would equal nothing, itself included
        "-+.0123456789",
    ),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
):
    for _character in _first:
        _Yaml12Loader.yaml_implicit_resolvers.setdefault(
            "" if _character == "\0" else _character, []
        ).append((f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z")))

_INFINITE = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf")}


class _ObsidianHandler(BaseHandler):
    """What python-frontmatter asks of a format: split the text, load the metadata."""

    FM_BOUNDARY = _FENCE
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.properties: list[Property] = []
        self.diagnostics: list[Diagnostic] = []
        self.places: dict[str, Position] = {}
        self.count = 0

    def split(self, text: str) -> tuple[str, str]:
        """The metadata without its fences, and no content: it is read elsewhere."""
        return text.split("\n", 1)[1].rsplit("---", 1)[0], ""

    def load(self, fm: str) -> dict[str, Data]:
        """Read the properties; positions count from the note's first line."""
        if fm.lstrip().startswith("{"):
            fm = fm.replace("\t", "  ")  # JSON may indent with tabs, YAML may not
        _refuse_deep_nesting(fm)
        loader = _Yaml12Loader(fm)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        if isinstance(root, MappingNode):
            self._properties(root)
        elif root is not None and not (isinstance(root, ScalarNode) and not root.value):
            self.diagnostics.append(
                diagnostic(
                    "NT205",
                    self._position(root),
                    "the front matter is not a list of properties",
                    found=_kind(root),
                    expected="lines like `key: value`",
                )
            )
        return {each.key: each.value for each in self.properties}

    def _properties(self, root: MappingNode) -> None:
        lines: dict[str, int] = {}
        for key_node, node in root.value:
            key = self._key(key_node)
            position = self._position(key_node)
            if key in lines:
                self._duplicate(key, position, lines[key])
                continue
            lines[key] = position.line
            paths = {key: position.line}
            value = self._data(node, key, paths, ())
            self.properties.append(Property(key, value, position, paths))

    def _key(self, node: Node) -> str:
        if isinstance(node, ScalarNode):
            return str(node.value)
        raise yaml.constructor.ConstructorError(
            None, None, "a key that is itself a list or mapping (quote {{…}} and […])",
            node.start_mark,
        )  # fmt: skip

    def _duplicate(self, key: str, position: Position, first: int) -> None:
        self.diagnostics.append(
            diagnostic(
                "NT206",
                position,
                f"the property {key!r} stands twice; line {first} is used",
                hint="remove one of them",
            )
        )

    def _position(self, node: Node) -> Position:
        mark = node.start_mark
        return Position(self.path, mark.line + 2, mark.column + 1)

    def _data(self, node: Node, path: str, paths: dict[str, int], around: tuple[int, ...]) -> Data:
        self.count += 1
        if self.count > MOST_VALUES or len(around) > DEEPEST or id(node) in around:
            raise yaml.constructor.ConstructorError(
                None, None, "aliases that unfold to too much", node.start_mark
            )
        paths.setdefault(path, node.start_mark.line + 2)
        place = self._position(node)
        if isinstance(node, ScalarNode) and node.style in ("'", '"'):
            place = replace(place, column=place.column + 1)
        self.places[path] = place
        around = (*around, id(node))
        if isinstance(node, SequenceNode):
            return tuple(
                self._data(each, f"{path}.{index}", paths, around)
                for index, each in enumerate(node.value)
            )
        if isinstance(node, MappingNode):
            result: dict[str, Data] = {}
            for key_node, value_node in node.value:
                key = self._key(key_node)
                line = key_node.start_mark.line + 2
                if key in result:
                    first = paths[f"{path}.{key}"]
                    self._duplicate(f"{path}.{key}", self._position(key_node), first)
                    continue
                paths[f"{path}.{key}"] = line
                result[key] = self._data(value_node, f"{path}.{key}", paths, around)
            return result
        return _scalar(node)


# Brackets, and the marks of list items and keys that follow each other on one line.
_NESTING = re.compile(r"[\[{\]}]|(?:[-?][ \t]+){50,}")


def _refuse_deep_nesting(text: str) -> None:
    """libyaml recurses without a limit: text that nests absurdly never reaches it."""
    if len(text) < 2 * DEEPEST:
        return
    depth = 0
    for match in _NESTING.finditer(text):
        depth += -1 if match[0] in "]}" else 1 if match[0] in "[{" else 2 * DEEPEST
        if depth > DEEPEST + 10:
            raise yaml.YAMLError("lists or mappings are nested too deeply")


def _scalar(node: Node) -> str | int | float | bool | None:
    text = str(node.value)
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" if len(text) < 300:
            base = {"0x": 16, "0o": 8}.get(text[:2], 10)
            return int(text[2:] if base != 10 else text, base)
        case "float":
            infinite = _INFINITE.get(text.lower())
            return float(text) if infinite is None else infinite
        case _:
            return text


def _kind(node: Node) -> str:
    return "a list" if isinstance(node, SequenceNode) else "text"
