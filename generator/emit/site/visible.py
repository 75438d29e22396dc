"""What the site holds besides notes: canvases and bases, attachments that are used, redirects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.emit.site import drawings
from generator.emit.site.inline import inline_markdown
from generator.emit.site.model import Pieces, Queries, TargetLink
from generator.emit.site.urls import Redirect
from generator.graph.canvas import FileCard, GroupCard, TextCard, read_canvas
from generator.graph.model import Graph
from generator.graph.queries import base_hole, query_holes
from generator.graph.visibility import is_drawing
from generator.notes.model import Note

PAGE_KINDS = ("canvas", "base")


def extra_pages(graph: Graph) -> tuple[str, ...]:
    """Vault paths of the canvases and bases that are published.

    They have no properties of their own, so folder rules alone decide; with
    ``publish = "explicit"`` none is published.
    """
    snapshot = graph.snapshot
    if snapshot.config.publish == "explicit":
        return ()
    hidden = snapshot.excluded | snapshot.templates
    return tuple(
        each.path
        for each in snapshot.files
        if each.extension in PAGE_KINDS and each.path not in hidden and each.path in snapshot.texts
    )


def attachments(graph: Graph, extras: Iterable[str], queried: Iterable[str]) -> tuple[str, ...]:
    """Vault paths of the files that published notes and canvases show or link to, sorted.

    ``queried`` are those that the results of queries name.
    """
    pages = {*extras, *graph.notes}
    known = {each.path for each in graph.snapshot.files}
    used = {
        destination.path
        for path in graph.published
        for destination in graph.destinations[path]
        if destination.path is not None
        and destination.path in known
        and destination.path not in pages
        and destination.path.rpartition(".")[2].lower() not in PAGE_KINDS
    }
    for path in extras:
        if path.lower().endswith(".canvas"):
            canvas, _ = read_canvas(path, graph.snapshot.texts[path])
            named = {each.path for each in canvas.cards if isinstance(each, FileCard)}
            named |= {each.background for each in canvas.cards if isinstance(each, GroupCard)}
            used |= (named & known) - pages
    used |= {
        picture
        for path in graph.published
        if is_drawing(graph.notes[path])
        and (picture := drawings.picture(graph.notes[path], known)) is not None
    }
    used |= {
        path
        for path in known.intersection(queried) - pages
        if path.rpartition(".")[2].lower() not in PAGE_KINDS
    }
    return tuple(sorted(used))


def queried_files(graph: Graph, extras: Iterable[str], queries: Queries) -> Iterator[str]:
    """What the answers to the queries of published notes and bases, and the texts of canvases,
    link to or show."""
    for path in sorted(graph.published):
        for hole in query_holes(graph.notes[path]):
            yield from _named(queries(path, hole))
    for path in extras:
        if path.lower().endswith(".base"):
            yield from _named(queries(path, base_hole(graph, path)))
        else:
            canvas, _ = read_canvas(path, graph.snapshot.texts[path])
            for card in canvas.cards:
                if isinstance(card, TextCard):
                    yield from _named(inline_markdown(graph, card.text, path))


def _named(pieces: Pieces | None) -> Iterator[str]:
    return (each.path for each in pieces or () if isinstance(each, TargetLink))


def redirects(notes: Iterable[Note]) -> Iterator[Redirect]:
    """The addresses besides its own that a note asks for: its permalink and its aliases."""
    for note in notes:
        permalink = note.property("permalink")
        if permalink is not None and isinstance(permalink.value, str) and permalink.value.strip():
            yield Redirect(permalink.value, note.path, permalink.position, permalink=True)
        aliases = note.property("aliases", "alias")
        for alias in note.aliases:
            if aliases is not None:
                yield Redirect(alias, note.path, aliases.position)
