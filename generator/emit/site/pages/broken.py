"""The page of broken links: notes not written yet, files that are missing, headings that are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site.context import Site, natural
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.prose import prose
from generator.graph.model import Found
from generator.notes.model import Link

# What is shown in full: a vault of thousands of notes may have thousands of links to unwritten ones.
_DETAILED = 100
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a broken link stands."""

    note: str
    path: str
    fragment: str
    line: int
    sentence: Markup


@dataclass(frozen=True, slots=True)
class BrokenTarget:
    """What is missing, and the first places that name it of ``count`` in all."""

    name: str
    places: tuple[Place, ...]
    count: int


@dataclass(frozen=True, slots=True)
class BrokenGroup:
    """Missing things of one kind, those named most often first; ``others`` without their places."""

    title: str
    about: str
    targets: tuple[BrokenTarget, ...]
    others: tuple[BrokenTarget, ...]


@dataclass(frozen=True, slots=True)
class BrokenView:
    """The kinds of missing things there are."""

    groups: tuple[BrokenGroup, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``-/broken.html``."""
    notes: dict[str, list[Place]] = defaultdict(list)
    files: dict[str, list[Place]] = defaultdict(list)
    fragments: dict[str, list[Place]] = defaultdict(list)
    for path, note in site.notes.items():
        for link, destination in zip(note.links, site.input.graph.destinations[path], strict=True):
            target = destination.path
            if destination.found is Found.MISSING:
                group = files if _is_file(link.target) else notes
                group[link.target].append(_place(site, path, link))
            elif (
                destination.found is Found.MISSING_FRAGMENT
                and target is not None
                and target in site.notes
            ):
                fragments[site.notes[target].title + link.subpath].append(_place(site, path, link))
    groups = (
        _group(
            "Missing attachments",
            "Images and other files that notes show or link to, but the vault does not hold.",
            files,
        ),
        _group(
            "Missing headings and blocks",
            "The note exists, the place in it does not; the link leads to its top.",
            fragments,
        ),
        _group("Notes not written yet", "Links that wait for their note.", notes),
    )
    view = BrokenView(tuple(each for each in groups if each.targets))
    yield Page("-/broken.html", "Broken links", view, Area.PROBLEMS)


def _is_file(target: str) -> bool:
    """Whether a target names something else than a note: it has an ending that looks like one."""
    _, dot, ending = target.rpartition("/")[2].rpartition(".")
    return bool(dot) and ending.isalnum() and len(ending) <= 5 and ending.lower() != "md"


def _place(site: Site, path: str, link: Link) -> Place:
    note = site.notes[path]
    heading = note.sections[link.section].heading
    return Place(
        note=note.title,
        path=site.addresses.pages[path],
        fragment="" if heading is None else site.fragment(path, heading),
        line=link.position.line,
        sentence=prose(site.plain(path, link.sentence)),
    )


def _group(title: str, about: str, found: dict[str, list[Place]]) -> BrokenGroup:
    targets = [
        BrokenTarget(
            name,
            tuple(sorted(found[name], key=lambda each: (each.path, each.line))[:_PLACES]),
            len(found[name]),
        )
        for name in sorted(found, key=lambda name: (-len(found[name]), natural(name), name))
    ]
    return BrokenGroup(title, about, tuple(targets[:_DETAILED]), tuple(targets[_DETAILED:]))


KIND = PageKind("broken", "broken.html.jinja", plan)
