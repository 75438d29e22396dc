"""Which note introduces a folder."""

from __future__ import annotations

from generator.emit.site.context import Site
from generator.notes.model import Note


def folder_text(site: Site, folder: str) -> Note | None:
    """Give a folder's ``index.md``, else ``README.md``, else the folder note (``F/F.md``, then
    ``F.md`` beside it); at the root ``Home.md`` comes last."""
    inside = folder + "/" if folder else ""
    name = folder.rpartition("/")[2]
    wanted = ["index.md", "readme.md", f"{name}.md".casefold() if folder else "home.md"]
    here = {
        path[len(inside) :].casefold(): path
        for path in reversed(site.contents[folder])
        if path in site.notes
    }
    for each in wanted:
        if each in here:
            return site.notes[here[each]]
    return site.notes.get(f"{folder}.md") if folder else None
