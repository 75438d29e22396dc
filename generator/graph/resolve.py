"""Parsed notes -> :class:`Graph`: where every link goes, who links back, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.graph.canvas import canvas_findings
from generator.graph.fragments import (
    block_name,
    find_block,
    find_heading,
    heading_link_text,
    is_footnote,
)
from generator.graph.model import Backlink, Destination, Found, Graph
from generator.graph.near_names import NearNames
from generator.graph.paths import ATTACHMENT_EXTENSIONS, PathIndex, link_key
from generator.graph.visibility import mapped, published
from generator.notes.keys import heading_key
from generator.notes.model import Link, Note
from generator.vault.model import Snapshot


def build_graph(snapshot: Snapshot, notes: Mapping[str, Note]) -> Graph:
    """Resolve every link of ``notes`` by Obsidian's rules; time is linear in notes and links.

    Never raises. Diagnostics cover notes that are published or mapped: a template's
    ``[[{{title}}]]`` is nobody's mistake; and the vault's canvases.
    """
    resolver = _Resolver(snapshot, notes)
    destinations: dict[str, tuple[Destination, ...]] = {}
    backlinks: dict[str, list[Backlink]] = defaultdict(list)
    for path in sorted(notes):
        note = notes[path]
        destinations[path] = tuple([resolver.destination(path, link) for link in note.links])
        for link, destination in zip(note.links, destinations[path], strict=True):
            if destination.path is not None and destination.path != path:
                backlinks[destination.path].append(
                    Backlink(path, link.index, link.sentence, link.position)
                )
    shown = published(snapshot, notes)
    may_map = mapped(snapshot, notes)
    diagnostics = _diagnostics(
        (notes[path] for path in sorted(shown | may_map)),
        destinations,
        resolver.index,
        notes,
        shown,
    )
    diagnostics += canvas_findings(snapshot)
    return Graph(
        snapshot=snapshot,
        notes=notes,
        destinations=MappingProxyType(destinations),
        backlinks=MappingProxyType(
            {
                path: tuple(sorted(links, key=lambda each: (each.position, each.link)))
                for path, links in sorted(backlinks.items())
            }
        ),
        published=shown,
        mapped=may_map,
        diagnostics=tuple(sorted(diagnostics, key=Diagnostic.sort_key)),
    )


def resolve_path(graph: Graph, target: str, source: str) -> str | None:
    """Give the vault path that link text ``target`` means in ``source``, or ``None``.

    For links outside notes' own text (canvases, results of queries); aliases are not tried.
    """
    return next(iter(_index(graph.snapshot).resolve(target, source)), None)


def place_in(note: Note, subpath: str) -> Destination:
    """Give the place ``subpath`` (``#A#B``, ``#^id`` or empty) of a note, for links that stand in no
    note's own text."""
    found, index = _find_fragment(note, subpath)
    return Destination(
        found,
        note.path,
        index if found is Found.HEADING else None,
        index if found is Found.BLOCK else None,
        (note.path,),
    )


def _find_fragment(note: Note, subpath: str) -> tuple[Found, int | None]:
    """The heading or block of a fragment, as an index into the note's headings or block ids."""
    if not subpath.strip("# ") or is_footnote(subpath):
        return Found.FILE, None
    name = block_name(subpath)
    index = find_heading(note, subpath) if name is None else find_block(note, name)
    kind = Found.HEADING if name is None else Found.BLOCK
    return (Found.MISSING_FRAGMENT if index is None else kind), index


# The index of the vault asked about last: callers ask for many links of one vault.
_last: tuple[Snapshot, PathIndex] | None = None


def _index(snapshot: Snapshot) -> PathIndex:
    global _last
    if _last is None or _last[0] is not snapshot:
        _last = (snapshot, PathIndex.of(_paths(snapshot)))
    return _last[1]


def _paths(snapshot: Snapshot) -> Iterable[str]:
    return (file.path for file in snapshot.files)


class _Resolver:
    """The indexes that resolving needs, built once for a vault."""

    def __init__(self, snapshot: Snapshot, notes: Mapping[str, Note]) -> None:
        self.index = PathIndex.of(_paths(snapshot))
        self._notes = notes
        self._aliases: dict[str, list[str]] = defaultdict(list)
        self._files: dict[tuple[str, str], tuple[tuple[str, ...], bool]] = {}
        self._fragments: dict[tuple[str, str], tuple[Found, int | None]] = {}
        if snapshot.config.resolve_aliases:
            for path in sorted(notes, key=lambda each: (len(each), each)):
                for alias in dict.fromkeys(link_key(each.strip()) for each in notes[path].aliases):
                    self._aliases[alias].append(path)

    def destination(self, source: str, link: Link) -> Destination:
        folder = source.rpartition("/")[0]
        asked = (link.target, folder) if link.target.strip() else ("", source)
        if asked not in self._files:
            self._files[asked] = self._find(link.target, source)
        candidates, by_alias = self._files[asked]
        if not candidates:
            return Destination(Found.MISSING)
        path = candidates[0]
        found, heading, block = self._fragment(path, link.subpath)
        return Destination(
            found=found,
            path=path,
            heading=heading,
            block=block,
            candidates=candidates,
            by_alias=by_alias,
        )

    def _find(self, target: str, source: str) -> tuple[tuple[str, ...], bool]:
        found = self.index.resolve(target, source)
        if found:
            return found, False
        aliased = tuple(self._aliases.get(link_key(target.strip()), ()))
        return aliased, bool(aliased)

    def _fragment(self, path: str, subpath: str) -> tuple[Found, int | None, int | None]:
        note = self._notes.get(path)
        if note is None:  # fragments of anything but notes are the viewer's business
            return Found.FILE, None, None
        asked = (path, subpath)
        if asked not in self._fragments:
            self._fragments[asked] = _find_fragment(note, subpath)
        found, index = self._fragments[asked]
        return (
            found,
            index if found is Found.HEADING else None,
            index if found is Found.BLOCK else None,
        )


def _diagnostics(
    notes: Iterable[Note],
    destinations: Mapping[str, tuple[Destination, ...]],
    index: PathIndex,
    everything: Mapping[str, Note],
    shown: frozenset[str],
) -> list[Diagnostic]:
    # A hint may name only what may be shown: the site lists these diagnostics.
    visible = frozenset(p for p in index.paths() if p not in everything or p in shown)
    notes_near = NearNames(path for path in visible if path.endswith(".md"))
    files_near = NearNames(path for path in visible if not path.endswith(".md"))
    out: list[Diagnostic] = []
    for note in notes:
        for link, destination in zip(note.links, destinations[note.path], strict=True):
            if destination.path in everything and destination.path not in shown:
                # Nothing is said of a link to a private note: these findings are published.
                continue
            match destination.found:
                case Found.MISSING:
                    out.append(_missing(link, notes_near, files_near))
                case Found.MISSING_FRAGMENT:
                    out.append(_missing_fragment(link, everything[destination.path or ""]))
                case _:
                    pass
            others = [path for path in destination.candidates if path in visible]
            if destination.by_alias:
                out.append(_by_alias(link, destination.path or "", index))
            elif len(others) > 1 and others[0] == destination.path:
                out.append(_ambiguous(link, others))
    return out


def _missing(link: Link, notes: NearNames, files: NearNames) -> Diagnostic:
    extension = link.target.rpartition(".")[2].lower() if "." in link.target else ""
    attachment = extension in ATTACHMENT_EXTENSIONS
    suggestion = (
        files.suggest(link.target)
        if attachment
        else notes.suggest(link.target) or files.with_extension(link.target)
    )
    return diagnostic(
        "NT302" if attachment else "NT301",
        link.position,
        f"The file `{link.target}` is not in the vault."
        if attachment
        else f"There is no note `{link.target}` yet.",
        found=link.target,
        hint=f"did you mean `{suggestion}`?" if suggestion else "",
    )


def _missing_fragment(link: Link, note: Note) -> Diagnostic:
    name = block_name(link.subpath)
    if name is None:
        what, hint = f"heading `{link.subpath.strip('#')}`", _near_heading(note, link.subpath)
    else:
        what, hint = f"block `^{name}`", ""
    message = f"`{note.path}` has no {what}."
    return diagnostic("NT303", link.position, message, found=link.subpath, hint=hint)


def _near_heading(note: Note, subpath: str) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    headings = {h.key: h.text for h in reversed(note.headings) if not h.nested and h.key}
    wanted = heading_key(subpath.rpartition("#")[2])
    found = process.extractOne(
        wanted, list(headings), scorer=JaroWinkler.similarity, score_cutoff=0.85
    )
    return f"did you mean `#{heading_link_text(headings[found[0]])}`?" if found else ""


def _ambiguous(link: Link, candidates: list[str]) -> Diagnostic:
    chosen, others = candidates[0], candidates[1:]
    listed = ", ".join(f"`{path}`" for path in others[:4])
    more = f" and {len(others) - 4} more" if len(others) > 4 else ""
    return diagnostic(
        "NT304",
        link.position,
        f"`{link.target}` means `{chosen}`, but could also mean {listed}{more}.",
        found=link.target,
        hint="write more of the path",
    )


def _shortest(path: str, index: PathIndex) -> str:
    """The link text Obsidian writes for a note: its name, or its path where the name is not enough."""
    name = path.rpartition("/")[2].removesuffix(".md")
    return name if index.resolve(name, "") == (path,) else path.removesuffix(".md")


def _by_alias(link: Link, path: str, index: PathIndex) -> Diagnostic:
    return diagnostic(
        "NT305",
        link.position,
        f"`{link.target}` is an alias of `{path}`, not a file name.",
        found=link.target,
        expected=f"[[{_shortest(path, index)}|{link.display or link.target}]]",
    )
