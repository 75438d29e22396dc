"""What certain properties mean: title, aliases, tags and links (rules 1.12, 6.5-6.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes.model import Data, Link, LinkKind, Property, Tag


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a note's front matter says. ``lines`` counts its lines with both fences, 0 if none.

    ``places`` maps paths of values (``"links.0"``) to where each value's text begins.
    """

    properties: tuple[Property, ...] = ()
    lines: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    places: Mapping[str, Position] = field(default_factory=dict)


# A property's text that is a link as a whole.
_LINK = re.compile(r"\s*!?\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]*))?\]\]\s*")
# Names that Obsidian 1.9 no longer reads, and what took their place (Obsidian help: Properties).
_DEPRECATED = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}


def title_of(properties: tuple[Property, ...]) -> str:
    """The ``title`` property as text, ``""`` without one."""
    for each in properties:
        if each.key.lower() == "title" and isinstance(each.value, str | int | float):
            return _text(each.value).strip()
    return ""


def aliases_of(properties: tuple[Property, ...]) -> tuple[str, ...]:
    """Aliases in every form Dataview reads: a list, one text with commas, a number."""
    found: list[str] = []
    for each in properties:
        if each.key.lower() in ("aliases", "alias"):
            if isinstance(each.value, tuple):
                found += [_text(value).strip() for value in each.value if value is not None]
            elif each.value is not None:
                found += [part.strip() for part in _text(each.value).split(",")]
    return tuple(dict.fromkeys(name for name in found if name))


def tags_of(front: FrontMatter) -> tuple[Tag, ...]:
    """Tags in every form: a list, a text with commas or blanks; ``#`` may stand before each."""
    found: list[Tag] = []
    for each in front.properties:
        if each.key.lower() in ("tags", "tag"):
            for path, value in _leaves(each.value, each.key):
                position = front.places.get(path, each.position)
                for part in re.split(r"[,\s]+", _text(value)):
                    name = part.removeprefix("#").rstrip("/")
                    if name:
                        found.append(Tag(name, position, 0, "frontmatter"))
    return tuple(found)


def frontmatter_links(front: FrontMatter) -> tuple[Link, ...]:
    """Property values that are links as a whole."""
    found: list[Link] = []
    for each in front.properties:
        for path, value in _leaves(each.value, each.key):
            match = _LINK.fullmatch(value) if isinstance(value, str) else None
            if match is None:
                continue
            target, hash_, subpath = match[1].partition("#")
            found.append(
                Link(
                    index=len(found),
                    kind=LinkKind.FRONTMATTER,
                    embed=False,
                    target=target.strip(),
                    subpath=f"#{subpath.strip()}" if hash_ and subpath.strip() else "",
                    display=match[2] or None,
                    position=front.places.get(path, each.position),
                    section=0,
                    sentence=f"{path}: {match[2] or match[1]}",
                )
            )
    return tuple(found)


def property_diagnostics(front: FrontMatter) -> Iterator[Diagnostic]:
    """Forms that Obsidian no longer reads, or reads as something else than meant."""
    for each in front.properties:
        name = each.key.lower()
        if name in _DEPRECATED:
            yield diagnostic(
                "NT208",
                each.position,
                f"Obsidian no longer reads the property {each.key!r}",
                expected=_DEPRECATED[name],
                hint="it is read here; rename it to keep it working in Obsidian",
            )
        elif name in _DEPRECATED.values() and _several(name, each.value):
            yield diagnostic(
                "NT208",
                each.position,
                f"Obsidian reads the text of {each.key!r} as one value",
                expected="a list",
                hint="it is read as several here; write it as a YAML list",
            )
        for path, value in _bracketed(each.value, each.key):
            yield diagnostic(
                "NT207",
                front.places.get(path, each.position),
                f"[[{value}]] without quotes is a list in YAML, not a link",
                hint=f'write "[[{value}]]"',
            )


def _several(name: str, value: Data) -> bool:
    """Whether a text would be read as more than one value."""
    between = r"," if name == "aliases" else r"[,\s]"
    return isinstance(value, str) and re.search(between, value.strip()) is not None


def _leaves(value: Data, path: str) -> Iterator[tuple[str, Data]]:
    if isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _leaves(each, f"{path}.{index}")
    elif isinstance(value, str | int | float) or value is None:
        if value is not None:
            yield path, value
    else:
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}")


def _bracketed(value: Data, path: str) -> Iterator[tuple[str, str]]:
    """Lists of one list of one text: what ``[[Name]]`` is in YAML."""
    if isinstance(value, tuple):
        inner = value[0] if len(value) == 1 else None
        if isinstance(inner, tuple) and len(inner) == 1 and isinstance(inner[0], str):
            yield path, inner[0]
        else:
            for index, each in enumerate(value):
                yield from _bracketed(each, f"{path}.{index}")


def _text(value: Data) -> str:
    """A scalar as the text JavaScript would give."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
