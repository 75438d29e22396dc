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
    """What is missing, and every place that names it."""

    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class BrokenView:
    """The missing things by kind."""

    notes: tuple[BrokenTarget, ...]
    files: tuple[BrokenTarget, ...]
    fragments: tuple[BrokenTarget, ...]


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
    view = BrokenView(_targets(notes), _targets(files), _targets(fragments))
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


def _targets(found: dict[str, list[Place]]) -> tuple[BrokenTarget, ...]:
    return tuple(
        BrokenTarget(name, tuple(sorted(found[name], key=lambda each: (each.path, each.line))))
        for name in sorted(found, key=natural)
    )


KIND = PageKind("broken", "broken.html.jinja", plan)
