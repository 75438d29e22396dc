"""Notes -> the page objects that queries see, and the indexes that sources ask.

Only visible notes exist here. A link to any other note is not a link any more: it leaves no name
in a result (its own text stays where that does not tell the name).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.graph.dataview.date_text import day_in, read_date
from generator.graph.dataview.dates import Date
from generator.graph.dataview.inline_values import (
    TAG,
    canonical_name,
    inline_value,
    property_value,
    raw_value,
)
from generator.graph.dataview.links import infer_link, infer_target
from generator.graph.dataview.values import Record, Value, ValueLink, file_title
from generator.graph.model import Graph
from generator.graph.paths import PathIndex
from generator.notes.keys import default_display
from generator.notes.model import Field, Link, LinkKind, ListItem, Note

# What stands for the name of a note that is not shown.
NEUTRAL = "an unpublished note"

# Properties that date a note, the same as on its page.
_CREATED = ("created", "date created", "creation date", "date")
_MODIFIED = ("modified", "updated", "date modified", "last modified", "lastmod")

# What may be a tag in an item's text.
_ITEM_TAG = re.compile(r"""#[^\s,;.:!?'"`()\[\]{}]+""")

_WIKI_LINK = re.compile(r"!?\[\[([^\[\]\n]*)\]\]")


@dataclass(slots=True)
class PageIndex:
    """The visible notes of a vault as queries see them. Build with :meth:`of`.

    Page objects are made when first asked for. ``exhausted`` counts the queries that used up their
    steps: where many do, the others get fewer (:func:`.execute.page_context`).
    """

    graph: Graph
    visible: frozenset[str]
    paths: tuple[str, ...] = ()  # of visible notes, sorted
    exhausted: int = 0
    properties: dict[str, Record] = field(default_factory=dict)  # of files, as bases see them
    _files: PathIndex = field(default_factory=PathIndex)
    _sizes: Mapping[str, int] = field(default_factory=dict)
    _dates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    _incoming: Mapping[str, list[str]] = field(default_factory=dict)
    _tagged: Mapping[str, list[str]] | None = None
    _pages: dict[str, Record] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, visible: frozenset[str] | None = None) -> PageIndex:
        """Index the notes of ``visible`` (default: the published ones)."""
        shown = graph.published if visible is None else visible & frozenset(graph.notes)
        files = graph.snapshot.files
        index = cls(graph=graph, visible=shown, paths=tuple(sorted(shown)))
        index._files = PathIndex.of(file.path for file in files)
        index._sizes = {file.path: file.size for file in files}
        index._dates = {file.path: (file.created, file.modified) for file in files}
        incoming: dict[str, list[str]] = defaultdict(list)
        for path in index.paths:
            targets = (each.path for each in graph.destinations.get(path, ()))
            for target in dict.fromkeys(targets):
                if target is not None:
                    incoming[target].append(path)
        index._incoming = incoming
        return index

    # ------------------------------------------------------------------ look-ups

    def page(self, path: str) -> Record | None:
        """The page object of a visible note, by its vault path."""
        if path not in self.visible:
            return None
        if path not in self._pages:
            self._pages[path] = _Page(self, self.graph.notes[path]).record()
        return self._pages[path]

    def find(self, text: str, source: str) -> str | None:
        """The path of the file that link text means in note ``source``; hidden notes are none."""
        asked = (text, source.rpartition("/")[0] if text.strip() else source)
        if asked not in self._resolved:
            found = next(iter(self._files.resolve(text, source)), None)
            hidden = found is not None and self.hides(found)
            self._resolved[asked] = None if hidden else found
        return self._resolved[asked]

    def hides(self, path: str) -> bool:
        """Whether a path is a note that may not be shown."""
        return path in self.graph.notes and path not in self.visible

    def incoming(self, path: str) -> tuple[str, ...]:
        """Visible notes with a link to a file, sorted."""
        return tuple(self._incoming.get(path, ()))

    def outgoing(self, path: str) -> tuple[str, ...]:
        """Files that a visible note links to, each once, in order of the links."""
        targets = (each.path for each in self.graph.destinations.get(path, ()))
        return tuple(
            each for each in dict.fromkeys(targets) if each is not None and not self.hides(each)
        )

    def tagged(self, tag: str) -> tuple[str, ...]:
        """Visible notes with a tag (with its ``#``) or one below it; case does not count."""
        if self._tagged is None:
            tagged: dict[str, list[str]] = defaultdict(list)
            for path in self.paths:
                for each in dict.fromkeys(
                    each.lower() for each in all_tags(own_tags(self.graph.notes[path]))
                ):
                    tagged[each].append(path)
            self._tagged = tagged
        return tuple(self._tagged.get(tag.lower(), ()))

    def text(self, path: str) -> str | None:
        """The text of a visible note or other file that was read."""
        content = None if self.hides(path) else self.graph.snapshot.texts.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    def dates(self, path: str) -> tuple[str, str]:
        """Created and modified times from git, ``""`` when unknown."""
        return self._dates.get(path, ("", ""))

    def size(self, path: str) -> int:
        """A file's size in bytes."""
        return self._sizes.get(path, 0)

    # ------------------------------------------------------------------ privacy

    def shown_link(self, link: ValueLink, source: str) -> Value:
        """A link with the path it resolves to; to a hidden note, plain text instead."""
        candidates = self._files.resolve(link.path, source)
        if not candidates:
            return link
        if not self.hides(candidates[0]):
            return ValueLink(candidates[0], link.display, link.subpath, link.embed, link.kind)
        return self._neutral(candidates[0], link.display)

    def shown_text(self, text: str, source: str) -> str:
        """A text whose links to hidden notes became plain text."""
        if "[[" not in text or len(self.visible) == len(self.graph.notes):
            return text

        def shown(match: re.Match[str]) -> str:
            link = infer_link(match[1])
            candidates = self._files.resolve(link.path, source)
            if not candidates or not self.hides(candidates[0]):
                return match[0]
            return self._neutral(candidates[0], link.display)

        return _WIKI_LINK.sub(shown, text)

    def shown_value(self, value: Value, source: str) -> Value:
        """A value with its links resolved and nothing of hidden notes in it."""
        match value:
            case str():
                return self.shown_text(value, source)
            case ValueLink():
                return self.shown_link(value, source)
            case tuple():
                return tuple(self.shown_value(each, source) for each in value)
            case Mapping():
                return {key: self.shown_value(each, source) for key, each in value.items()}
        return value

    def _neutral(self, path: str, display: str | None) -> str:
        note = self.graph.notes[path]
        names = (note.stem, note.title, *note.aliases)
        told = display is None or any(
            name and name.casefold() in display.casefold() for name in names
        )
        return NEUTRAL if told or display is None else display


def own_tags(note: Note) -> tuple[str, ...]:
    """A note's tags with ``#``, those of the text before those of the properties."""
    inline = [f"#{tag.name}" for tag in note.tags if tag.origin == "inline"]
    others = [f"#{tag.name}" for tag in note.tags if tag.origin != "inline"]
    return tuple(dict.fromkeys(inline + others))


def _tags_in(text: str) -> tuple[str, ...]:
    """The tags of a list item, which Dataview finds by itself: in code and brackets too."""
    found = (match[0] for match in _ITEM_TAG.finditer(text))
    return tuple(dict.fromkeys(each for each in found if TAG.fullmatch(each)))


def all_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Tags, each followed by those above it: ``#a/b`` brings ``#a`` (rules section 12)."""
    return tuple(dict.fromkeys(each for tag in tags for each in _with_parents(tag)))


def _with_parents(tag: str) -> Iterator[str]:
    yield tag
    while "/" in tag:
        tag = tag.rpartition("/")[0]
        yield tag


class _Page:
    """The making of one page object."""

    def __init__(self, index: PageIndex, note: Note) -> None:
        self._index = index
        self._note = note
        self._links = [self._link(link) for link in note.links]
        self._item_fields: dict[int, list[Field]] = defaultdict(list)
        for each in note.fields:
            if each.item is not None:
                self._item_fields[each.item].append(each)

    def record(self) -> Record:
        """``file`` first, then the note's own fields under their names (rules section 12)."""
        fields = self._fields()
        result: dict[str, Value] = {"file": self._file(fields)}
        for key, value in fields.items():
            result.setdefault(key, value)
        return result

    def _file(self, fields: Mapping[str, Value]) -> Record:
        note, index = self._note, self._index
        created, modified = index.dates(note.path)
        ctime = self._property_date(_CREATED) or _utc(created)
        mtime = self._property_date(_MODIFIED) or _utc(modified)
        tags = own_tags(note)
        items = self._items()
        file: dict[str, Value] = {
            "path": note.path,
            "folder": note.path.rpartition("/")[0],
            "name": file_title(note.path),
            "link": ValueLink(note.path),
            "outlinks": self._outlinks(),
            "inlinks": tuple(ValueLink(path) for path in index.incoming(note.path)),
            "etags": tags,
            "tags": all_tags(tags),
            "aliases": note.aliases,
            "lists": items,
            "tasks": tuple(item for item in items if isinstance(item, Mapping) and item["task"]),
            "ctime": ctime,
            "cday": ctime.without_time() if ctime else None,
            "mtime": mtime,
            "mday": mtime.without_time() if mtime else None,
            "size": float(index.size(note.path)),
            "starred": False,
            "frontmatter": {
                each.key: index.shown_value(raw_value(each.value), note.path)
                for each in note.properties
            },
            "ext": note.path.rpartition(".")[2],
        }
        day = _day(note.path, fields)
        if day is not None:
            file["day"] = day
        return file

    # ------------------------------------------------------------------ fields

    def _fields(self) -> dict[str, Value]:
        """Properties, then inline fields (those of list items first); repeated keys make lists."""
        values: dict[str, list[Value]] = defaultdict(list)
        for each in self._note.properties:
            if each.key != "position":
                values[each.key].append(property_value(each.value))
        in_lists = [each for each in self._note.fields if each.page and each.item is not None]
        in_text = [each for each in self._note.fields if each.page and each.item is None]
        for inline in (*in_lists, *in_text):
            values[inline.key].append(inline_value(inline.raw))
        return self._named(values)

    def _named(self, values: Mapping[str, list[Value]]) -> dict[str, Value]:
        """Add the canonical names that are still free; one value stands for itself."""
        canonical: dict[str, list[Value]] = defaultdict(list)
        for key, each in values.items():
            name = canonical_name(key)
            if name and name not in values:
                canonical[name] += each
        return {
            key: self._index.shown_value(
                each[0] if len(each) == 1 else tuple(each), self._note.path
            )
            for key, each in (*values.items(), *canonical.items())
        }

    def _property_date(self, names: tuple[str, ...]) -> Date | None:
        for name in names:
            found = self._note.property(name)
            if found is not None and isinstance(found.value, str):
                date = read_date(found.value.strip().replace(" ", "T", 1))
                if date is not None:
                    return date[0]
        return None

    # ------------------------------------------------------------------ links

    def _outlinks(self) -> tuple[Value, ...]:
        """Links of the properties, of the text, then embeds; hidden notes are left out."""
        order = sorted(
            self._note.links,
            key=lambda link: (
                2 if link.embed else 0 if link.kind is LinkKind.FRONTMATTER else 1,
                link.index,
            ),
        )
        return tuple(each for link in order if (each := self._links[link.index]) is not None)

    def _link(self, link: Link) -> ValueLink | None:
        destination = self._index.graph.destinations[self._note.path][link.index]
        path = destination.path
        if path is not None and self._index.hides(path):
            return None
        display = link.display
        if display is None:
            display = default_display(link.target, link.subpath)
        value = infer_target(link.target + link.subpath, display=display, embed=link.embed)
        if path is None:
            return value
        return ValueLink(path, value.display, value.subpath, value.embed, value.kind)

    # ------------------------------------------------------------------ list items

    def _items(self) -> tuple[Value, ...]:
        """List items and tasks in order; children are the same objects (rule 12.6)."""
        note = self._note
        finished = self._finished()
        records: dict[int, dict[str, Value]] = {}
        for item in sorted(note.items, key=lambda each: each.index, reverse=True):
            children = tuple(records[child] for child in item.children if child in records)
            records[item.index] = self._item(item, children, finished[item.index])
        return tuple(records[item.index] for item in note.items)

    def _finished(self) -> dict[int, bool]:
        """Whether a task and all tasks below it are done."""
        finished: dict[int, bool] = {}
        for item in sorted(self._note.items, key=lambda each: each.index, reverse=True):
            below = all(finished.get(child, True) for child in item.children)
            finished[item.index] = below and (item.status is None or item.status in "xX")
        return finished

    def _item(
        self, item: ListItem, children: tuple[Record, ...], finished: bool
    ) -> dict[str, Value]:
        note, index = self._note, self._index
        section = self._section(item)
        link = (
            ValueLink(note.path, None, item.block_id, False, "block") if item.block_id else section
        )
        values: dict[str, list[Value]] = defaultdict(list)
        for each in self._item_fields.get(item.index, ()):
            values[each.key].append(index.shown_value(inline_value(each.raw), note.path))
        links = [self._links[place] for place in item.links]
        mark = f" ^{item.block_id}" if item.block_id else ""
        # What is below an item is not of its lines.
        last = item.position.line + item.text.count("\n") if item.children else item.end_line
        record: dict[str, Value] = {
            "symbol": item.symbol,
            "link": link,
            "section": section,
            "text": index.shown_text(item.text, note.path) + mark,
            "tags": _tags_in(item.text),
            "line": float(item.position.line - 1),
            "lineCount": float(last - item.position.line + 1),
            "list": float(item.list_line - 1),
            "outlinks": tuple(each for each in links if each is not None),
            "path": note.path,
            "children": children,
            "task": item.status is not None,
            "annotated": bool(values),
            "position": {
                "start": {
                    "line": float(item.position.line - 1),
                    "col": float(item.position.column - 1),
                },
                "end": {"line": float(last - 1), "col": 0.0},
            },
            "subtasks": children,
            "real": item.status is not None,
            "header": section,
        }
        if item.parent is not None:
            record["parent"] = float(note.items[item.parent].position.line - 1)
        if item.block_id:
            record["blockId"] = item.block_id
        for key, found in values.items():
            record.setdefault(key, found[0] if len(found) == 1 else tuple(found))
        if item.status is not None:
            record |= self._task(item.status, values, finished)
        return record

    def _task(
        self, status: str, values: Mapping[str, list[Value]], finished: bool
    ) -> dict[str, Value]:
        done = status in ("x", "X")
        task: dict[str, Value] = {
            "status": status,
            "checked": status not in ("", " "),
            "completed": done,
            "fullyCompleted": finished,
        }
        for name, keys in _TASK_DATES.items():
            value = next((values[key][0] for key in keys if key in values), None)
            if value is not None:
                task[name] = value
        return task

    def _section(self, item: ListItem) -> ValueLink:
        """The heading above an item, as a link."""
        above = [h for h in self._note.headings if h.position.line <= item.position.line]
        outer = [heading for heading in above if not heading.nested]
        if not outer:
            return ValueLink(self._note.path)
        return infer_target(f"{self._note.path}#{outer[-1].text.replace('#', ' ')}")


# A task's dates and the fields that give them.
_TASK_DATES = {
    "created": ("created", "ctime", "cday"),
    "due": ("due", "duetime", "dueday"),
    "completion": ("completed", "completion", "comptime", "compday"),
    "start": ("start",),
    "scheduled": ("scheduled",),
}


def _utc(text: str) -> Date | None:
    """A time of git's, as local (UTC) time."""
    found = read_date(text.removesuffix("Z")) if text else None
    return found[0] if found else None


def _day(path: str, fields: Mapping[str, Value]) -> Date | None:
    """The day a note is about: a field ``date`` or ``day``, else a date in its name."""
    for key, value in fields.items():
        if key.lower() not in ("date", "day"):
            continue
        first = value[0] if isinstance(value, tuple) and value else value
        if isinstance(first, Date):
            return first
        if isinstance(value, ValueLink):
            for text in (value.path, value.subpath or "", value.display or ""):
                if (found := day_in(text)) is not None:
                    return found
    return day_in(file_title(path))
