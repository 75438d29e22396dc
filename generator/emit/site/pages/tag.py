"""The pages of tags: one for each tag with its notes, and one that lists them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.emit.site.context import Site, count_words, natural
from generator.emit.site.listing import Entry
from generator.emit.site.model import Area, Crumb, Page, PageKind

_INDEX = "-/tags/index.html"


@dataclass(frozen=True, slots=True)
class ListedTag:
    """A tag in a list: how many notes carry it, and the tags below it."""

    title: str
    path: str
    remark: str
    below: tuple[ListedTag, ...]


@dataclass(frozen=True, slots=True)
class TagView:
    """Tags (all, or those below the page's own tag) and the notes that carry the tag."""

    tags: tuple[ListedTag, ...]
    notes: tuple[Entry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan the list of tags and a page for each."""
    below: dict[str, list[str]] = {}
    for key in sorted(site.tags, key=natural):
        below.setdefault(key.rpartition("/")[0], []).append(key)
    yield Page(_INDEX, "Tags", TagView(_listed(site, below, ""), ()), Area.TAGS)
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
                _listed(site, below, key),
                tuple(
                    Entry(site.name(path), site.addresses.pages[path], path.rpartition("/")[0])
                    for path in sorted(use.notes, key=lambda each: (natural(site.name(each)), each))
                ),
            ),
        )


def _listed(site: Site, below: dict[str, list[str]], parent: str) -> tuple[ListedTag, ...]:
    return tuple(
        ListedTag(
            f"#{site.tags[key].name}",
            site.addresses.tags[key],
            count_words(len(site.tags[key].notes), "note"),
            _listed(site, below, key),
        )
        for key in below.get(parent, ())
    )


KIND = PageKind("tag", "tag.html.jinja", plan)
