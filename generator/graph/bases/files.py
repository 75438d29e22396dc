"""Files of the vault as a base sees them: notes that are visible, and what those link to."""

from __future__ import annotations

from collections.abc import Mapping

from generator.graph.dataview.date_text import read_date
from generator.graph.dataview.links import infer_link
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.values import Record, Value, ValueLink
from generator.notes.model import Data

# Columns that are a file's own, as the app heads them.
FILE_HEADERS: Mapping[str, str] = {
    "name": "file name",
    "basename": "file base name",
    "path": "file path",
    "folder": "folder",
    "ext": "file extension",
    "size": "file size",
    "ctime": "created time",
    "mtime": "modified time",
    "tags": "file tags",
    "links": "file links",
    "embeds": "file embeds",
    "backlinks": "file backlinks",
    "file": "file",
    "properties": "file properties",
}


def base_files(index: PageIndex) -> tuple[str, ...]:
    """All files a base may list: visible notes and the files they link to, sorted by path."""
    linked = {
        target
        for path in index.paths
        for target in index.outgoing(path)
        if target not in index.graph.notes
    }
    return tuple(sorted({*index.paths, *linked}))


def note_properties(index: PageIndex, path: str) -> Record:
    """A file's front matter with texts that are links or dates as those."""
    if path not in index.properties:
        note = index.graph.notes.get(path)
        properties = () if note is None or index.hides(path) else note.properties
        index.properties[path] = {
            each.key: index.shown_value(_property(each.value), path) for each in properties
        }
    return index.properties[path]


def file_field(index: PageIndex, path: str, name: str) -> Value:
    """A file property such as ``mtime`` (Obsidian help, "File properties"); ``None`` if unknown."""
    folder, _, file_name = path.rpartition("/")
    match name:
        case "name":
            return file_name.removesuffix(".md")
        case "basename":
            return file_name.rpartition(".")[0] or file_name
        case "path":
            return path
        case "folder":
            return folder or "/"
        case "ext":
            return file_name.rpartition(".")[2] if "." in file_name else ""
        case "size":
            return float(index.size(path))
        case "file":
            return ValueLink(path)
        case "properties":
            return note_properties(index, path)
        case "backlinks":
            return tuple(ValueLink(each) for each in index.incoming(path))
    page = index.page(path)
    file = page.get("file") if page is not None else None
    if not isinstance(file, Mapping):
        return () if name in ("tags", "links", "embeds") else None
    match name:
        case "ctime" | "mtime":
            return file[name]
        case "tags":
            return file["etags"]
        case "links" | "embeds":
            links = file["outlinks"]
            assert isinstance(links, tuple)
            return tuple(
                each
                for each in links
                if isinstance(each, ValueLink) and (name == "links" or each.embed)
            )
    return None


def _property(data: Data) -> Value:
    match data:
        case str():
            date = read_date(data.replace(" ", "T", 1))
            if date is not None and date[1] == len(data):
                return date[0]
            if data.startswith("[[") and data.endswith("]]") and data.count("[[") == 1:
                return infer_link(data[2:-2])
            return data
        case bool() | None:
            return data
        case int() | float():
            return float(data) if abs(data) < 1e300 else float("inf")
        case tuple():
            return tuple(_property(each) for each in data)
        case Mapping():
            return {key: _property(each) for key, each in data.items()}
    return None
