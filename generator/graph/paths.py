"""Link text -> file: Obsidian's order of resolution over an index of the vault's paths.

The order is that of Obsidian's ``getFirstLinkpathDest``: paths are compared in lower case, an exact
path wins, otherwise any file whose path ends with the text, near files and short paths first.
"""

from __future__ import annotations

import posixpath
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

# Candidates told of one link: a vault with a README in each of 10,000 folders has that many.
MOST_CANDIDATES = 16

# Extensions of what people attach (Obsidian help, "Accepted file formats", and common documents
# besides). A link with another "extension" means a note: [[Version 2.0]], [[Node.js]].
# fmt: off
ATTACHMENT_EXTENSIONS = frozenset((
    "3gp", "7z", "avif", "base", "bib", "bmp", "canvas", "csv", "doc", "docx", "drawio", "epub",
    "excalidraw", "flac", "gif", "gz", "heic", "htm", "html", "ico", "ipynb", "jpeg", "jpg",
    "json", "m4a", "mkv", "mov", "mp3", "mp4", "npy", "npz", "odp", "ods", "odt", "ogg", "ogv",
    "onnx", "pdf", "png", "ppt", "pptx", "psd", "pt", "pth", "py", "svg", "tar", "tex", "tif",
    "tiff", "tsv", "txt", "wav", "webm", "webp", "xls", "xlsx", "xml", "yaml", "yml", "zip",
))
# fmt: on


def link_key(text: str) -> str:
    """Fold a path for comparison: NFC, no-break spaces as spaces, lower case."""
    return unicodedata.normalize("NFC", text.replace("\u00a0", " ").replace("\u202f", " ")).lower()


@dataclass(slots=True)
class PathIndex:
    """All files of a vault by lower-cased path and file name. Build with :meth:`of`."""

    _exact: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _ranked: dict[str, _Ranked] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str]) -> PathIndex:
        """Index vault paths; among paths equal in lower case the first keeps the exact match."""
        index = cls()
        for path in paths:
            key = link_key(path)
            index._exact.setdefault(key, path)
            index._by_name.setdefault(key.rpartition("/")[2], []).append(path)
        return index

    def resolve(self, target: str, source: str) -> tuple[str, ...]:
        """Give the files a link in note ``source`` could mean, Obsidian's choice first.

        At most :data:`MOST_CANDIDATES`. Empty when there is none. An empty target is the note
        itself. A target is tried as written, then with ``.md`` added.
        """
        target = target.strip()
        if not target:
            return (source,)
        return self._find(target, source) or self._find(target + ".md", source)

    def paths(self) -> tuple[str, ...]:
        """All indexed paths, grouped by name."""
        return tuple(path for group in self._by_name.values() for path in group)

    def _find(self, target: str, source: str) -> tuple[str, ...]:
        key = link_key(target)
        folder = link_key(source.rpartition("/")[0])
        if key.rpartition("/")[2] not in self._by_name:
            return ()
        if key.startswith(("./", "../")):
            key = _relative(key, folder)
            if key in self._exact:
                return (self._exact[key],)
        absolute = key.startswith("/")
        key = key[1:] if absolute else key
        if key in self._exact:
            # An exact path is what Obsidian takes; others of the name are still candidates.
            best = self._exact[key]
            others = () if absolute or "/" in key else self._rank(key).by_length
            return _first(best, others)
        if absolute:
            return ()
        return self._rank(key).near(folder)

    def _rank(self, key: str) -> _Ranked:
        if key not in self._ranked:
            named = self._by_name.get(key.rpartition("/")[2], ())
            self._ranked[key] = _Ranked([path for path in named if link_key(path).endswith(key)])
        return self._ranked[key]


class _Ranked:
    """The files one link text can mean, ready to be ordered for any source folder."""

    def __init__(self, paths: list[str]) -> None:
        self.by_length = tuple(sorted(paths, key=_length)[:MOST_CANDIDATES])
        self.by_path = sorted((link_key(path), path) for path in paths)

    def near(self, folder: str) -> tuple[str, ...]:
        """The best file first: shortest among those below ``folder``, else shortest of all.

        "Below" is a plain prefix, as in Obsidian: from folder ``a`` the file ``ab/N.md`` is near.
        The rest stays in order of length, so that one answer is shared by all folders.
        """
        if not folder or len(self.by_length) < 2:
            return self.by_length
        low = bisect_left(self.by_path, (folder,))
        best: str | None = None
        for key, path in self.by_path[low:]:
            if not key.startswith(folder):
                break
            if best is None or _length(path) < _length(best):
                best = path
        return self.by_length if best is None else _first(best, self.by_length)


def _first(best: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return (best, *[path for path in others[:MOST_CANDIDATES] if path != best])[:MOST_CANDIDATES]


def _length(path: str) -> tuple[int, str]:
    return (len(path), path)


def _relative(key: str, folder: str) -> str:
    """Resolve ``./`` and ``../`` against the source's folder; above the root is the root."""
    if key.startswith("./../"):
        key = key[2:]
    if key.startswith("./"):
        key = key[2:]
    while key.startswith("../"):
        key = key[3:]
        folder = posixpath.dirname(folder)
    return f"{folder}/{key}" if folder else key
