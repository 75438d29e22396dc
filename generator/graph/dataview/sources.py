"""A query's source (``FROM``) -> the paths of the pages it means, in order."""

from __future__ import annotations

from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.syntax import (
    BinarySource,
    CsvSource,
    FolderSource,
    LinkSource,
    NegatedSource,
    Source,
    TagSource,
)


def matching_paths(source: Source, index: PageIndex, origin: str) -> tuple[str, ...]:
    """Give the paths a source matches for a query in note ``origin``.

    Only visible notes, and table files for ``csv``. Raises :class:`EvaluationError`.
    """
    match source:
        case TagSource():
            return index.tagged(source.tag)
        case FolderSource():
            return _in_folder(source.path, index)
        case LinkSource():
            return _linked(source, index, origin)
        case CsvSource():
            return (_table_path(source.path, index, origin),)
        case NegatedSource():
            # A long row of signs is no deep recursion: the grammar bounds it.
            without = frozenset(matching_paths(source.child, index, origin))
            return tuple(path for path in index.paths if path not in without)
        case BinarySource():
            return _combined(source, index, origin)


def _combined(source: BinarySource, index: PageIndex, origin: str) -> tuple[str, ...]:
    """Fold ``a and b or c`` from the left: there is no precedence (rule 13.4)."""
    spine: list[BinarySource] = []
    node: Source = source
    while isinstance(node, BinarySource):
        spine.append(node)
        node = node.left
    paths = matching_paths(node, index, origin)
    for each in reversed(spine):
        right = matching_paths(each.right, index, origin)
        if each.operator == "&":
            known = frozenset(paths)
            paths = tuple(path for path in right if path in known)
        else:
            paths = tuple(dict.fromkeys((*paths, *right)))
    return paths


def _in_folder(path: str, index: PageIndex) -> tuple[str, ...]:
    """Notes below a folder, else the note of that path; a folder that is not there is empty."""
    path = path.strip("/")
    if not path:
        return index.paths
    below = tuple(each for each in index.paths if each.startswith(path + "/"))
    if below:
        return below
    return tuple(each for each in (path, path + ".md") if each in index.visible)[:1]


def _linked(source: LinkSource, index: PageIndex, origin: str) -> tuple[str, ...]:
    path = index.find(source.path, origin)
    if path is None:
        # A target nobody has written yet can still be linked to.
        wanted = source.path.casefold()
        return tuple(
            each
            for each in index.paths
            if any(
                link.target.casefold() == wanted and destination.path is None
                for link, destination in zip(
                    index.graph.notes[each].links, index.graph.destinations[each], strict=True
                )
            )
        )
    if source.incoming:
        return index.incoming(path)
    if path not in index.visible:
        raise EvaluationError(
            f'Could not find file "{source.path}" during link lookup - does it exist?'
        )
    return tuple(each for each in index.outgoing(path) if each in index.visible)


def _table_path(path: str, index: PageIndex, origin: str) -> str:
    """A table's path, relative to the query's note if there is one."""
    if path.startswith("/"):
        return path[1:]
    folder = origin.rpartition("/")[0]
    beside = f"{folder}/{path}" if folder else path
    return beside if index.text(beside) is not None else path
