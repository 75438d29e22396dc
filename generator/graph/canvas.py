"""A ``.canvas`` file -> typed cards and connections (JSON Canvas 1.0, jsoncanvas.org).

Unknown keys are nobody's business; cards and connections that lack what they need are left out and
reported. Cards that show a file are links of the vault.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.graph.model import Graph
from generator.graph.paths import ATTACHMENT_EXTENSIONS
from generator.vault.model import Snapshot

# The six preset colours, in the order of their numbers; the shades are the reader's choice.
PRESETS = ("red", "orange", "yellow", "green", "cyan", "purple")
SIDES = ("top", "right", "bottom", "left")
# More than anyone draws; a hostile file has no bound.
_MOST = 5000
_LARGEST = 1e7


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a card is and what colour it has: a preset's name, ``#rrggbb``, or ``""``."""

    x: float
    y: float
    width: float
    height: float
    color: str = ""


@dataclass(frozen=True, slots=True)
class TextCard:
    """A card with Markdown of its own."""

    id: str
    frame: Frame
    text: str


@dataclass(frozen=True, slots=True)
class FileCard:
    """A card that shows a file, or the place ``subpath`` (``#…``) in it.

    ``path`` is the vault path as written; :func:`file_of` says whether there is such a file.
    """

    id: str
    frame: Frame
    path: str
    subpath: str = ""


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A card that shows a web page."""

    id: str
    frame: Frame
    url: str


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A frame around others. ``background`` is an image's vault path; ``style`` ``cover``,
    ``ratio`` or ``repeat``."""

    id: str
    frame: Frame
    label: str = ""
    background: str = ""
    style: str = "cover"


Card: TypeAlias = TextCard | FileCard | LinkCard | GroupCard


@dataclass(frozen=True, slots=True)
class End:
    """One end of a connection: the card, the side it leaves from (``""`` for the nearest), and
    whether it has an arrow's head."""

    card: str
    side: str
    arrow: bool


@dataclass(frozen=True, slots=True)
class Connection:
    """A line between two cards."""

    id: str
    start: End
    end: End
    label: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A canvas: cards in the order they are drawn (groups first stay below), and connections."""

    path: str
    cards: tuple[Card, ...]
    connections: tuple[Connection, ...]

    def bounds(self) -> Frame:
        """The smallest frame around all cards; empty at the origin for an empty canvas."""
        if not self.cards:
            return Frame(0, 0, 0, 0)
        frames = [card.frame for card in self.cards]
        left, top = min(f.x for f in frames), min(f.y for f in frames)
        right = max(f.x + f.width for f in frames)
        bottom = max(f.y + f.height for f in frames)
        return Frame(left, top, right - left, bottom - top)


def read_canvas(path: str, content: bytes) -> tuple[Canvas, tuple[Diagnostic, ...]]:
    """Read a canvas file; an empty one is a canvas too. Never raises."""
    problems: list[str] = []
    data = _json(content, problems)
    cards = tuple(
        card for each in _rows(data, "nodes", problems) if (card := _card(each, problems))
    )
    known = {card.id for card in cards}
    connections = tuple(
        line for each in _rows(data, "edges", problems) if (line := _line(each, known, problems))
    )
    found = tuple(diagnostic("NT306", Position(path), problem) for problem in problems[:20])
    return Canvas(path, cards, connections), found


def file_of(graph: Graph, card: FileCard, *, visible: frozenset[str] | None = None) -> str | None:
    """The vault path of the file a card shows; ``None`` if it does not exist or may not be shown.

    ``visible`` are the notes that may be shown (default: the published ones).
    """
    shown = graph.published if visible is None else visible
    known = {file.path for file in graph.snapshot.files}
    if card.path not in known or (card.path in graph.notes and card.path not in shown):
        return None
    return card.path


def canvas_findings(snapshot: Snapshot) -> tuple[Diagnostic, ...]:
    """Report what is wrong with the vault's canvases: cards that cannot be read, files that are
    missing. Canvases in excluded and template folders are left alone."""
    hidden = snapshot.excluded | snapshot.templates
    found: list[Diagnostic] = []
    for file in snapshot.files:
        if file.extension == "canvas" and file.path in snapshot.texts and file.path not in hidden:
            canvas, problems = read_canvas(file.path, snapshot.texts[file.path])
            found += problems
            found += missing_files(snapshot, canvas)
    return tuple(found)


def missing_files(snapshot: Snapshot, canvas: Canvas) -> tuple[Diagnostic, ...]:
    """Report the cards whose file is not in the vault."""
    known = {file.path for file in snapshot.files}
    found = []
    for card in canvas.cards:
        if isinstance(card, FileCard) and card.path not in known:
            extension = card.path.rpartition(".")[2].lower()
            code = "NT302" if extension in ATTACHMENT_EXTENSIONS else "NT301"
            message = f"The card's file `{card.path}` is not in the vault."
            found.append(diagnostic(code, Position(canvas.path), message, found=card.path))
    return tuple(found)


def _json(content: bytes, problems: list[str]) -> Mapping[str, Any]:
    if not content.strip():
        return {}
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problems.append(f"The canvas is not valid JSON: {getattr(error, 'msg', 'not readable')}.")
        return {}
    if not isinstance(data, dict):
        problems.append("The canvas is not a JSON object.")
        return {}
    return data


def _rows(data: Mapping[str, Any], name: str, problems: list[str]) -> list[Mapping[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list):
        problems.append(f"`{name}` is not a list.")
        return []
    if len(rows) > _MOST:
        problems.append(f"The canvas has more than {_MOST} {name}; the rest is left out.")
    return [each for each in rows[:_MOST] if isinstance(each, dict)]


def _card(data: Mapping[str, Any], problems: list[str]) -> Card | None:
    name, kind = data.get("id"), data.get("type")
    numbers = [data.get(key) for key in ("x", "y", "width", "height")]
    if not isinstance(name, str) or not all(map(_is_size, numbers)):
        problems.append(f"A card has no id or no size: {_short(data)}.")
        return None
    x, y, width, height = (float(number) for number in numbers if number is not None)
    frame = Frame(x, y, max(0.0, width), max(0.0, height), _color(data))
    match kind, data:
        case "text", {"text": str(text)}:
            return TextCard(name, frame, text)
        case "file", {"file": str(path)}:
            return FileCard(name, frame, path.strip("/"), _text(data, "subpath"))
        case "link", {"url": str(url)}:
            return LinkCard(name, frame, url)
        case "group", _:
            style = _text(data, "backgroundStyle")
            return GroupCard(
                name,
                frame,
                _text(data, "label"),
                _text(data, "background"),
                style if style in ("cover", "ratio", "repeat") else "cover",
            )
    problems.append(f"A card is of no known kind: {_short(data)}.")
    return None


def _line(data: Mapping[str, Any], known: set[str], problems: list[str]) -> Connection | None:
    start, end = data.get("fromNode"), data.get("toNode")
    if start not in known or end not in known:
        problems.append(f"A connection leads to no card: {_short(data)}.")
        return None
    return Connection(
        _text(data, "id"),
        End(str(start), _side(data, "fromSide"), data.get("fromEnd", "none") == "arrow"),
        End(str(end), _side(data, "toSide"), data.get("toEnd", "arrow") == "arrow"),
        _text(data, "label"),
        _color(data),
    )


def _is_size(number: object) -> bool:
    return (
        isinstance(number, int | float)
        and not isinstance(number, bool)
        and math.isfinite(number)
        and abs(number) <= _LARGEST
    )


def _side(data: Mapping[str, Any], key: str) -> str:
    side = _text(data, key)
    return side if side in SIDES else ""


def _color(data: Mapping[str, Any]) -> str:
    color = _text(data, "color")
    if color in tuple("123456"):
        return PRESETS[int(color) - 1]
    digits = color.removeprefix("#")
    hexadecimal = all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return color if color.startswith("#") and len(digits) in (3, 6) and hexadecimal else ""


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _short(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:79] + "…"
