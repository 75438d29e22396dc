"""The site as its pages see it: the input with everything looked up that pages ask for often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.claims.model import Claim
from generator.core.diagnostics import Diagnostic
from generator.emit.site import visible
from generator.emit.site.highlight import highlight
from generator.emit.site.model import Crumb, Highlight, ModuleText, SiteInput
from generator.emit.site.privacy import Privacy, privacy
from generator.emit.site.urls import Addresses, plan_addresses, root_of, url
from generator.graph.model import Destination, Found
from generator.mapping.model import Architecture, Outcome
from generator.notes.model import Note
from generator.vault.model import VaultFile

DEFAULT_TITLE = "Notes"


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag of the published notes: its first spelling and the notes that carry it, sorted."""

    name: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a page kind needs; made once per build by :func:`prepare`.

    ``notes`` are the published notes by path. ``made`` gives the architectures a section defines,
    by note path and section index; ``said`` the claims by note path and statement index;
    ``contents`` the pages and folders directly in a folder, by its vault path.
    """

    input: SiteInput
    title: str
    addresses: Addresses
    privacy: Privacy
    notes: Mapping[str, Note]
    extras: tuple[str, ...]
    tags: Mapping[str, TagUse]
    modules: Mapping[str, ModuleText]
    made: Mapping[tuple[str, int], tuple[Architecture, ...]]
    parts: Mapping[tuple[str, int], tuple[Architecture, ...]]
    said: Mapping[tuple[str, int], tuple[Claim, ...]]
    files: Mapping[str, VaultFile]
    highlight: Highlight
    diagnostics: tuple[Diagnostic, ...]
    contents: Mapping[str, tuple[str, ...]]

    def name(self, path: str) -> str:
        """What a published page is called: the note's title, a canvas's file name."""
        note = self.notes.get(path)
        return note.title if note is not None else path.rpartition("/")[2]

    def plain(self, path: str, text: str) -> str:
        """A plain text of note ``path`` without names of unpublished notes."""
        return self.privacy.redact(path, text)

    def fragment(self, path: str, heading: int) -> str:
        """The fragment of a heading, remade where the heading links to an unpublished note."""
        found = self.notes[path].headings[heading]
        clean = self.plain(path, found.plain)
        return found.slug if clean == found.plain else f"nt-heading-{heading}"

    def fragment_at(self, path: str, line: int) -> str:
        """The fragment of the heading that a line of a note stands under, ``""`` above the first."""
        note = self.notes.get(path)
        above = [
            each
            for each in (note.headings if note is not None else ())
            if not each.nested and each.position.line <= line
        ]
        return self.fragment(path, above[-1].index) if above else ""

    def href(self, page: str, target: str, fragment: str = "") -> str:
        """The relative URL from site path ``page`` to site path ``target``."""
        if fragment and page == target:
            return url("", fragment)
        return root_of(page) + url(target, fragment)

    def address(self, path: str) -> str:
        """The absolute URL of a site path, ``""`` where the configuration does not give the site's."""
        base = self.input.graph.snapshot.config.site_url
        return f"{base.rstrip('/')}/{url(path)}" if base else ""

    def note_href(self, page: str, path: str, fragment: str = "") -> str | None:
        """The URL of a published note, canvas or base, ``None`` for anything else."""
        target = self.addresses.pages.get(path)
        return None if target is None else self.href(page, target, fragment)

    def destination_href(self, page: str, destination: Destination) -> str | None:
        """The URL of what a link resolved to: a page, heading, block or attachment."""
        if destination.path is None:
            return None
        attachment = self.addresses.files.get(destination.path)
        if attachment is not None:
            return self.href(page, attachment)
        fragment = ""
        note = self.notes.get(destination.path)
        if note is not None:
            if destination.found is Found.HEADING and destination.heading is not None:
                fragment = self.fragment(note.path, destination.heading)
            elif destination.found is Found.BLOCK and destination.block is not None:
                fragment = "^" + note.block_ids[destination.block].name
        return self.note_href(page, destination.path, fragment)

    def model_href(self, page: str, module: str, fragment: str = "") -> str | None:
        """The URL of a module's page, ``None`` when the module is not on the site."""
        target = self.addresses.models.get(module)
        return None if target is None else self.href(page, target, fragment)

    def crumbs(self, path: str) -> tuple[Crumb, ...]:
        """The folders above a vault path, outermost first."""
        parts = path.split("/")[:-1]
        folders = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return tuple(
            Crumb(part, self.addresses.folders[f]) for part, f in zip(parts, folders, strict=True)
        )


def prepare(site_input: SiteInput) -> tuple[Site, tuple[Diagnostic, ...]]:
    """Look everything up once; the diagnostics are about addresses."""
    graph = site_input.graph
    notes = {path: graph.notes[path] for path in sorted(graph.published)}
    extras = visible.extra_pages(graph)
    tags = _tags(notes)
    modules = {each.name: each for each in sorted(site_input.modules, key=lambda each: each.name)}
    addresses, found = plan_addresses(
        (*notes, *extras),
        files=visible.attachments(
            graph, extras, visible.queried_files(graph, extras, site_input.queries)
        ),
        tags=tags,
        modules=modules,
        redirects=visible.redirects(notes.values()),
    )
    hidden = privacy(graph, frozenset(addresses.pages))
    made, parts = _models_by_section(site_input)
    said: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for path, claims in site_input.claims.items():
        if path in notes:
            for claim in claims:
                said[path, claim.statement].append(claim)
    site = Site(
        input=site_input,
        title=graph.snapshot.config.title or DEFAULT_TITLE,
        addresses=addresses,
        privacy=hidden,
        notes=notes,
        extras=extras,
        tags=tags,
        modules=modules,
        made=made,
        parts=parts,
        said={key: tuple(claims) for key, claims in said.items()},
        files={each.path: each for each in graph.snapshot.files},
        highlight=site_input.highlight or highlight,
        diagnostics=tuple(
            each
            for each in sorted(site_input.diagnostics, key=Diagnostic.sort_key)
            if each.position.path in addresses.pages and not hidden.mentions(each)
        ),
        contents=_contents(addresses),
    )
    return site, found


def _tags(notes: Mapping[str, Note]) -> dict[str, TagUse]:
    """Collect tags by folded name, each nested tag with its parents."""
    spelled: dict[str, str] = {}
    users: dict[str, dict[str, None]] = defaultdict(dict)
    for path, note in notes.items():
        for tag in note.tags:
            parts = [each for each in tag.name.split("/") if each]
            for count in range(1, len(parts) + 1):
                name = "/".join(parts[:count])
                spelled.setdefault(name.casefold(), name)
                users[name.casefold()][path] = None
    return {key: TagUse(spelled[key], tuple(users[key])) for key in sorted(users)}


def _contents(addresses: Addresses) -> dict[str, tuple[str, ...]]:
    inside: dict[str, list[str]] = {folder: [] for folder in addresses.folders}
    for path in (*addresses.folders, *addresses.pages):
        if path:
            inside[path.rpartition("/")[0]].append(path)
    return {folder: tuple(paths) for folder, paths in inside.items()}


_BySection = dict[tuple[str, int], tuple[Architecture, ...]]


def _models_by_section(site_input: SiteInput) -> tuple[_BySection, _BySection]:
    """Which architectures a section defines, and which one a part of it belongs to."""
    made: dict[tuple[str, int], list[Architecture]] = defaultdict(list)
    for architecture in site_input.mapping.architectures:
        for source in architecture.sources:
            made[source.path, source.section].append(architecture)
    parts: dict[tuple[str, int], tuple[Architecture, ...]] = {}
    notes = site_input.graph.notes
    for decision in site_input.mapping.decisions:
        note = notes.get(decision.path)
        if decision.outcome is not Outcome.PART or note is None:
            continue
        above: int | None = decision.section
        while above is not None and (decision.path, above) not in made:
            above = note.sections[above].parent
        if above is not None:
            parts[decision.path, decision.section] = tuple(made[decision.path, above])
    return {key: tuple(found) for key, found in made.items()}, parts


def count_words(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun: ``1 note``, ``3 notes``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@lru_cache(maxsize=65536)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names as people do: case ignored, numbers by value (``2`` before ``10``)."""
    parts: list[tuple[int, int, str]] = []
    for piece in _pieces(text.casefold()):
        parts.append(
            (0, int(piece), piece) if piece.isdecimal() and piece.isascii() else (1, 0, piece)
        )
    return tuple(parts)


def _pieces(text: str) -> Iterable[str]:
    piece = ""
    for character in text:
        if piece and character.isdigit() != piece[-1].isdigit():
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece
