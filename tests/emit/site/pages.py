"""What the tests see of a built page: its links, ids and what it would load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import normpath
from urllib.parse import unquote, urlsplit

_INLINE = frozenset(("a", "b", "code", "em", "i", "mark", "mi", "mn", "span", "strong", "sup"))


@dataclass
class PageFacts(HTMLParser):
    """Reads one page. ``loads`` are addresses a browser fetches by itself, ``links`` those one can
    follow, ``text`` what is between the tags."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    handlers: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in _INLINE:
            self.text += " "
        for name, value in attrs:
            if name == "id" and value is not None:
                self.ids[value] += 1
            elif name == "href" and value is not None:
                (self.loads if tag == "link" else self.links).append(value)
            elif name in ("src", "poster", "data", "srcset") and value is not None:
                self.loads.append(value)
            elif name.startswith("on"):
                self.handlers.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        self.text += data


def facts(html: str) -> PageFacts:
    """Read a page."""
    page = PageFacts()
    page.feed(html)
    page.close()
    return page


def broken_links(site: Mapping[str, str]) -> list[str]:
    """Every address of a site's pages that does not lead to a file of it, or to an id in one."""
    pages = {path: facts(text) for path, text in site.items() if path.endswith(".html")}
    files = set(site)
    return [
        f"{path}: {address}"
        for path, page in pages.items()
        for address in (*page.links, *page.loads)
        if not _leads_somewhere(path, address, pages, files)
    ]


def _leads_somewhere(
    path: str, address: str, pages: Mapping[str, PageFacts], files: set[str]
) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "mailto", "data", "obsidian", "tel")
    folder = path.rpartition("/")[0]
    target = normpath(f"{folder}/{unquote(parts.path)}").lstrip("/") if parts.path else path
    if target not in files:
        return False
    fragment = unquote(parts.fragment)
    return not fragment or target not in pages or fragment in pages[target].ids


def repeated_ids(site: Mapping[str, str]) -> Iterator[str]:
    """Ids that a page has twice."""
    for path, text in site.items():
        if path.endswith(".html"):
            for name, count in facts(text).ids.items():
                if count > 1:
                    yield f"{path}: {name}"
