"""What is in a folder: its folders and its notes, by name."""

from __future__ import annotations

from dataclasses import dataclass

from generator.emit.site.context import Site, natural


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a listing: what it is called, its site path, and a short remark."""

    title: str
    path: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Folders and notes directly in a folder."""

    folders: tuple[Entry, ...]
    notes: tuple[Entry, ...]


def listing(site: Site, folder: str) -> Listing:
    """List a folder's published content; its own index note is left out."""
    here = site.addresses.folders[folder]
    folders, notes = [], []
    for path in site.contents[folder]:
        page = site.addresses.pages.get(path)
        if page is None:
            folders.append(Entry(path.rpartition("/")[2], site.addresses.folders[path]))
        elif page != here:
            notes.append(Entry(site.name(path), page))
    return Listing(_by_name(folders), _by_name(notes))


def _by_name(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda each: (natural(each.title), each.path)))
