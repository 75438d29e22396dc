"""Fenced ``notetorch`` blocks: YAML that says what a section is and what its values are.

Keys: ``arch``, ``variant``, ``module``, ``params``, ``layers``, ``train``. Every value keeps its
line, so that whatever is wrong with it is reported there.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.architectures.yaml_source import YamlError, YamlNode, read_yaml
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.suggest import nearest
from generator.notes.model import Fence, Note

LANGUAGE = "notetorch"
BLOCK_KEYS = ("arch", "variant", "module", "params", "layers", "train")


@dataclass(frozen=True, slots=True)
class Located:
    """Something a note says, with its place. ``value`` is text, a number, a list, a mapping."""

    value: object
    position: Position


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, read. ``layers`` and ``train`` stay YAML nodes; a ``broken`` block says nothing."""

    section: int
    position: Position
    arch: Located | None = None
    variant: Located | None = None
    module: Located | None = None
    params: tuple[tuple[str, Located], ...] = ()
    layers: YamlNode | None = None
    train: YamlNode | None = None
    broken: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


def read_blocks(note: Note) -> tuple[Block, ...]:
    """Read all fenced ``notetorch`` blocks of a note."""
    return tuple(
        _read(note.path, fence) for fence in note.fences if fence.language.lower() == LANGUAGE
    )


def _read(path: str, fence: Fence) -> Block:
    try:
        root = read_yaml(fence.content, first_line=fence.content_line)
    except YamlError as error:
        problem = diagnostic(
            "NT410",
            Position(path, error.line, error.column),
            f"the notetorch block is not valid YAML: {error.message}",
            hint="the section's last good model is kept until this is corrected",
        )
        return Block(
            fence.section,
            fence.position,
            _salvaged("arch", path, fence),
            module=_salvaged("module", path, fence),
            broken=True,
            diagnostics=(problem,),
        )
    if root.value is None:
        return Block(fence.section, fence.position)
    if not isinstance(root.value, dict):
        problem = diagnostic(
            "NT410",
            _place(path, root),
            "a notetorch block is a list of keys with values",
            expected=", ".join(BLOCK_KEYS),
        )
        return Block(fence.section, fence.position, broken=True, diagnostics=(problem,))
    return _keys(path, fence, root.value)


def _salvaged(key: str, path: str, fence: Fence) -> Located | None:
    """What a line ``key: name`` of an unreadable block says: under which name it was generated."""
    for number, line in enumerate(fence.content.splitlines()):
        name, colon, value = line.partition(":")
        value = value.partition("#")[0].strip().strip("\"'")
        if colon and name.strip() == key and value:
            return Located(value, Position(path, fence.content_line + number))
    return None


def _keys(path: str, fence: Fence, keys: dict[str, YamlNode]) -> Block:
    problems: list[Diagnostic] = []
    broken = False
    texts: dict[str, Located] = {}
    params: list[tuple[str, Located]] = []
    for key, node in keys.items():
        place = _place(path, node)
        if key in ("arch", "variant", "module"):
            if isinstance(node.value, tuple | dict):
                broken = True
                problems.append(_shape(place, key, "a name"))
            elif node.value is not None:
                texts[key] = Located(node.value, place)
        elif key == "params":
            if isinstance(node.value, dict):
                params = [
                    (name, Located(each.plain(), _place(path, each)))
                    for name, each in node.value.items()
                ]
            elif node.value is not None:
                broken = True
                problems.append(_shape(place, key, "lines like `num_classes: 10`"))
        elif key == "layers":
            if not isinstance(node.value, tuple):
                broken = True
                problems.append(_shape(place, key, "a list of layers, each with a `type`"))
        elif key == "train":
            if not isinstance(node.value, dict):
                broken = True
                problems.append(_shape(place, key, "lines like `epochs: 10`"))
        else:
            near = nearest(key, BLOCK_KEYS)
            problems.append(
                diagnostic(
                    "NT411",
                    place,
                    f"a notetorch block has no key {key!r}",
                    found=key,
                    expected=", ".join(BLOCK_KEYS),
                    hint=f"did you mean {near!r}?" if near else "parameters stand under `params:`",
                )
            )
    return Block(
        fence.section,
        fence.position,
        texts.get("arch"),
        texts.get("variant"),
        texts.get("module"),
        tuple(params),
        keys.get("layers"),
        keys.get("train"),
        broken,
        tuple(problems),
    )


def _shape(place: Position, key: str, expected: str) -> Diagnostic:
    return diagnostic("NT410", place, f"`{key}` must be {expected}", expected=expected)


def _place(path: str, node: YamlNode) -> Position:
    return Position(path, node.line, node.column)
