"""The page of one folder: its text, if a note gives one, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site.body import BodyWriter
from generator.emit.site.context import Site
from generator.emit.site.folder_text import folder_text
from generator.emit.site.listing import Listing, listing
from generator.emit.site.model import Area, Page, PageKind


@dataclass(frozen=True, slots=True)
class FolderView:
    """What the folder template shows; ``text_path`` is the page of the note the text is from."""

    text: Markup
    text_path: str
    listing: Listing


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each folder below the root that has no index note of its own."""
    own_pages = set(site.addresses.pages.values())
    for folder, page in site.addresses.folders.items():
        if folder and page not in own_pages:
            writer = BodyWriter(site, page)
            note = folder_text(site, folder)
            yield Page(
                path=page,
                title=folder.rpartition("/")[2],
                area=Area.NOTES,
                crumbs=site.crumbs(folder),
                view=FolderView(
                    text=Markup(writer.embedded(note, note.body, "") if note else ""),
                    text_path=site.addresses.pages[note.path] if note else "",
                    listing=listing(site, folder),
                ),
                findings=tuple(writer.diagnostics),
                scripts=tuple(writer.scripts),
            )


KIND = PageKind("folder", "folder.html.jinja", plan)
