"""Vault paths to site paths: which file shows what, and how one page names another.

Note ``A/B.md`` is ``A/B.html``, a canvas ``A/C.canvas.html``, a folder ``A/index.html``; everything
else lies below ``-/``. Names that Windows forbids are changed, and paths that are equal after case
folding get ``~2`` in path order, so that a site can be unpacked on any system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.digest import digest
from generator.core.source import Position
from generator.graph.model import Graph

RESERVED = "-"
RESERVED_FILES = ("404.html", "feed.xml", "sitemap.xml", ".nojekyll")

# What Windows forbids in a file name (Microsoft: Naming Files, Paths, and Namespaces).
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))]
)
_LONGEST = 200  # bytes of one name; file systems allow 255, the rest is for endings


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything lies. Keys are vault paths, tags folded, values site paths.

    ``redirects`` maps a site path to the vault path of the page that stands in for it.
    """

    pages: Mapping[str, str]
    folders: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    redirects: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Redirect:
    """A wish for a redirect: ``name`` as the note writes it, to the page of note ``path``."""

    name: str
    path: str
    position: Position
    permalink: bool = False


def plan_addresses(
    pages: Iterable[str],
    *,
    files: Iterable[str] = (),
    tags: Iterable[str] = (),
    modules: Iterable[str] = (),
    redirects: Iterable[Redirect] = (),
) -> tuple[Addresses, tuple[Diagnostic, ...]]:
    """Give every page, attachment, tag and module its own file.

    ``pages`` are the vault paths of published notes, canvases and bases. A renamed page and a
    permalink that cannot be served are diagnostics.
    """
    names = _Names()
    found: list[Diagnostic] = []
    ordered = sorted(pages)
    folders = _folders_of(ordered)
    places = {folder: _place(folder) for folder in folders}
    names.folders.update(each.casefold() for each in places.values() if each)
    folder_pages = {folder: names.claim(_join(places[folder], "index.html")) for folder in folders}
    page_paths: dict[str, str] = {}
    indexed: set[str] = set()
    for path in ordered:
        folder, _, name = path.rpartition("/")
        if name.casefold() == "index.md" and folder not in indexed:
            indexed.add(folder)
            page_paths[path] = folder_pages[folder]
            continue
        stem = name[: -len(".md")] if name.lower().endswith(".md") else name
        wanted = _join(places[folder], _name(stem) + ".html")
        page_paths[path] = got = names.claim(wanted)
        if got != wanted:
            found.append(_renamed(path, wanted, got))
    file_paths = names.claim_all({each: _inside("files", each) for each in sorted(files)})
    found.extend(
        _renamed(path, _inside("files", path), got)
        for path, got in file_paths.items()
        if got != _inside("files", path)
    )
    names.claim(_inside("tags", "index.html"))
    tag_paths = names.claim_all({each: _inside("tags", each) + ".html" for each in sorted(tags)})
    names.claim(_inside("models", "index.html"))
    models = names.claim_all({each: _inside("models", each) + ".html" for each in sorted(modules)})
    redirect_paths: dict[str, str] = {}
    for wish in sorted(redirects, key=lambda each: (not each.permalink, each.path, each.name)):
        target = page_paths.get(wish.path)
        wanted = _redirect_path(wish, places)
        if target is None or not wanted or wanted.casefold() == target.casefold():
            continue
        if names.is_free(wanted) and not wanted.startswith(RESERVED + "/"):
            redirect_paths[names.claim(wanted)] = wish.path
        elif wish.permalink:
            found.append(
                diagnostic(
                    "NT902",
                    wish.position,
                    "This permalink cannot be used: another page has the address, or it is reserved.",
                    found=wish.name,
                )
            )
    addresses = Addresses(page_paths, folder_pages, file_paths, tag_paths, models, redirect_paths)
    return addresses, tuple(found)


class _Names:
    """The site paths given out so far, compared as a file system that ignores case does."""

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.files: set[str] = {each.casefold() for each in RESERVED_FILES}

    def is_free(self, path: str) -> bool:
        key = path.casefold()
        above = key.rpartition("/")[0]
        while above:
            if above in self.files:
                return False
            above = above.rpartition("/")[0]
        return key not in self.files and key not in self.folders

    def claim(self, wanted: str) -> str:
        """Give ``wanted``, or its first free ``~n`` form, and mark it taken."""
        stem, dot, ending = wanted.rpartition(".")
        path, number = wanted, 1
        while not self.is_free(path):
            number += 1
            path = f"{stem}~{number}{dot}{ending}" if dot else f"{wanted}~{number}"
        self.files.add(path.casefold())
        self._enter(path)
        return path

    def claim_all(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Claim a batch in its order. No file takes the name of a folder that another one needs."""
        for path in wanted.values():
            self._enter(path)
        return {key: self.claim(path) for key, path in wanted.items()}

    def _enter(self, path: str) -> None:
        above = path.casefold().rpartition("/")[0]
        while above and above not in self.folders:
            self.folders.add(above)
            above = above.rpartition("/")[0]


def _folders_of(pages: Iterable[str]) -> list[str]:
    folders = {""}
    for path in pages:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(folders)


def _place(folder: str) -> str:
    """Site folder of a vault folder; a vault folder called ``-`` makes way for the reserved one."""
    if not folder:
        return ""
    parts = [_name(each) for each in folder.split("/")]
    if parts[0] == RESERVED:
        parts[0] = f"{RESERVED}~2"
    return "/".join(parts)


def _name(name: str) -> str:
    """One name that every file system takes: NFC, no forbidden character, no device, not too long."""
    name = _ILLEGAL.sub("_", unicodedata.normalize("NFC", name))
    if name.endswith((".", " ")):
        name = name[:-1] + "_"
    if name.partition(".")[0].casefold() in _DEVICES:
        stem, dot, rest = name.partition(".")
        name = f"{stem}_{dot}{rest}"
    data = name.encode("utf-8", "replace")
    if len(data) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        if not dot or len(ending) > 10:
            dot, ending = "", ""
        kept = data[: _LONGEST - 20].decode("utf-8", "ignore")
        name = f"{kept}-{digest(name, length=8)}{dot}{ending}"
    return name or "_"


def _inside(place: str, path: str) -> str:
    return _join(RESERVED, place, *(_name(each) for each in path.split("/")))


def _redirect_path(wish: Redirect, places: Mapping[str, str]) -> str:
    if not wish.permalink:
        folder = places.get(wish.path.rpartition("/")[0], "")
        name = wish.name.strip()
        return _join(folder, _name(name) + ".html") if name else ""
    parts = [each for each in wish.name.strip().split("/") if each not in ("", ".", "..")]
    if not parts:
        return ""
    if wish.name.rstrip().endswith("/"):
        parts.append("index")
    for ending in (".html", ".md"):
        parts[-1] = parts[-1].removesuffix(ending) or "index"
    return "/".join(_name(each) for each in parts) + ".html"


def _join(*parts: str) -> str:
    return "/".join(each for each in parts if each)


def _renamed(path: str, wanted: str, got: str) -> Diagnostic:
    return diagnostic(
        "NT901",
        Position(path),
        "Another file of the site has this address on systems that ignore case; this one is renamed.",
        found=wanted,
        expected=got,
        hint="rename one of the two",
    )


# ------------------------------------------------------------------ links between site files


def root_of(page: str) -> str:
    """The way from a page to the site's root: ``""`` at the root, ``../`` one folder below."""
    return "../" * page.count("/")


@lru_cache(maxsize=65536)
def url(path: str, fragment: str = "") -> str:
    """Percent-encode a site path and fragment; with :func:`root_of` in front it is a relative URL."""
    encoded = quote(path, safe="/~")
    return f"{encoded}#{quote(fragment, safe='')}" if fragment else encoded


def note_urls(graph: Graph) -> Mapping[str, str]:
    """Give the URL, relative to the site's root, of every published note by its vault path."""
    from generator.emit.site import visible

    pages = (*graph.published, *visible.extra_pages(graph))
    addresses, _ = plan_addresses(pages)
    return {path: url(addresses.pages[path]) for path in sorted(graph.published)}


def note_url(graph: Graph, path: str) -> str:
    """Give the URL of one published note; for many notes take :func:`note_urls` once."""
    return _urls_of(_Identity(graph))[path]


class _Identity:
    """A key for memoising by object identity."""

    __slots__ = ("graph",)

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def __hash__(self) -> int:
        return id(self.graph)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.graph is self.graph


@lru_cache(maxsize=1)
def _urls_of(key: _Identity) -> Mapping[str, str]:
    return note_urls(key.graph)
