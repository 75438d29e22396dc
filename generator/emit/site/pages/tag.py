"""The pages of tags: one for each tag with its notes, and one that lists them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.emit.site.context import Site, count_words, natural
from generator.emit.site.listing import Entry
from generator.emit.site.model import Area, Crumb, Page, PageKind

_INDEX = "-/tags/index.html"


@dataclass(frozen=True, slots=True)
class TagView:
    """Tags (all, or those below the page's own tag) and the notes that carry the tag."""

    tags: tuple[Entry, ...]
    notes: tuple[Entry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan the list of tags and a page for each."""
    top = [key for key in site.tags if "/" not in key]
    yield Page(_INDEX, "Tags", TagView(_entries(site, top), ()), Area.TAGS)
    below: dict[str, list[str]] = {}
    for key in site.tags:
        below.setdefault(key.rpartition("/")[0], []).append(key)
    for key, use in site.tags.items():
        parents = [key[:at] for at, character in enumerate(key) if character == "/"]
        yield Page(
            path=site.addresses.tags[key],
            title=f"#{use.name}",
            area=Area.TAGS,
            crumbs=(
                Crumb("Tags", _INDEX),
                *(Crumb(f"#{site.tags[each].name}", site.addresses.tags[each]) for each in parents),
            ),
            view=TagView(
                _entries(site, below.get(key, [])),
                tuple(
                    Entry(site.name(path), site.addresses.pages[path], path.rpartition("/")[0])
                    for path in sorted(use.notes, key=lambda each: (natural(site.name(each)), each))
                ),
            ),
        )


def _entries(site: Site, keys: list[str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            f"#{site.tags[key].name}",
            site.addresses.tags[key],
            count_words(len(site.tags[key].notes), "note"),
        )
        for key in sorted(keys, key=natural)
    )


KIND = PageKind("tag", "tag.html.jinja", plan)
