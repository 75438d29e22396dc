"""A canvas file as values (JSON Canvas 1.0): cards with their places, and the arrows between them.

Anything that is not as the format says is left out; a file that is no JSON object has no cards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CardKind(StrEnum):
    """What a card holds."""

    TEXT = "text"
    FILE = "file"
    LINK = "link"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Card:
    """A card: ``content`` is Markdown, a vault path, an address, or a group's label."""

    id: str
    kind: CardKind
    content: str
    subpath: str
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two cards, by the sides it leaves and enters."""

    start: str
    end: str
    start_side: str
    end_side: str
    start_arrow: bool
    end_arrow: bool
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Canvas:
    """All cards (groups first, as they lie below) and edges."""

    cards: tuple[Card, ...] = ()
    edges: tuple[Edge, ...] = field(default=())


_CONTENT = {
    CardKind.TEXT: "text",
    CardKind.FILE: "file",
    CardKind.LINK: "url",
    CardKind.GROUP: "label",
}
_FARTHEST = 1e6  # what lies farther out, or is larger, is no drawing any more
_MOST = 5000


def read_canvas(content: bytes) -> Canvas:
    """Read a canvas file."""
    try:
        data = json.loads(content.decode("utf-8", "replace") or "{}")
    except (ValueError, RecursionError):
        return Canvas()
    if not isinstance(data, dict):
        return Canvas()
    cards = [card for each in _items(data, "nodes") if (card := _card(each)) is not None]
    known = {card.id for card in cards}
    edges = [edge for each in _items(data, "edges") if (edge := _edge(each, known)) is not None]
    cards.sort(key=lambda card: card.kind is not CardKind.GROUP)
    return Canvas(tuple(cards), tuple(edges))


def _items(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    items = data.get(key)
    return (
        [each for each in items[:_MOST] if isinstance(each, dict)]
        if isinstance(items, list)
        else []
    )


def _card(node: Mapping[str, object]) -> Card | None:
    kind = node.get("type")
    if kind not in list(CardKind):
        return None
    places = [node.get(key) for key in ("x", "y", "width", "height")]
    numbers = [
        float(each)
        for each in places
        if isinstance(each, int | float) and not isinstance(each, bool) and abs(each) < _FARTHEST
    ]
    if len(numbers) != len(places) or numbers[2] <= 0 or numbers[3] <= 0:
        return None
    kind = CardKind(str(kind))
    x, y, width, height = numbers
    return Card(
        _text(node, "id"),
        kind,
        _text(node, _CONTENT[kind]),
        _text(node, "subpath"),
        x,
        y,
        width,
        height,
        _colour(node),
    )


def _edge(edge: Mapping[str, object], known: set[str]) -> Edge | None:
    start, end = _text(edge, "fromNode"), _text(edge, "toNode")
    if start not in known or end not in known:
        return None
    return Edge(
        start,
        end,
        _side(edge, "fromSide"),
        _side(edge, "toSide"),
        _text(edge, "fromEnd") == "arrow",
        _text(edge, "toEnd") != "none",
        _text(edge, "label"),
        _colour(edge),
    )


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _side(edge: Mapping[str, object], key: str) -> str:
    side = _text(edge, key)
    return side if side in ("top", "right", "bottom", "left") else ""


def _colour(item: Mapping[str, object]) -> str:
    """One of the six preset colours (``"1"`` to ``"6"``), a hexadecimal colour, or ``""``."""
    colour = _text(item, "color").strip()
    if colour in tuple("123456"):
        return colour
    digits = colour.removeprefix("#")
    is_hex = colour.startswith("#") and len(digits) in (3, 6)
    return colour if is_hex and all(each in "0123456789abcdefABCDEF" for each in digits) else ""
