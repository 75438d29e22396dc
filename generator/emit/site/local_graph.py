"""The links around one note as a small drawing: what links here on the left, where it leads on the right.

Static SVG with ordinary links, so it needs no script and is the same at every build.
"""

from __future__ import annotations

from markupsafe import escape

from generator.emit.site.context import Site, natural
from generator.notes.model import Note

_MOST = 9  # notes drawn on a side; backlinks and text have them all
_WIDTH, _ROW = 288, 23
_MIDDLE = _WIDTH / 2
_REACH = 26  # from the note in the middle to its neighbours' dots
_LONGEST = 16


def local_graph(site: Site, note: Note, page: str) -> str:
    """Draw the published notes that ``note`` links to or is linked from; ``""`` without any."""
    outgoing = {
        each.path
        for each in site.input.graph.destinations[note.path]
        if each.path is not None and each.path in site.notes and each.path != note.path
    }
    incoming = {
        each.source
        for each in site.input.graph.backlinks.get(note.path, ())
        if each.source in site.notes
    }
    left, right = _ordered(site, incoming - outgoing), _ordered(site, outgoing)
    if not left and not right:
        return ""
    rows = max(min(len(left), _MOST + 1), min(len(right), _MOST + 1), 1)
    height = rows * _ROW + 8
    drawn = [
        *_side(site, page, left, height, side=-1, mutual=frozenset()),
        *_side(site, page, right, height, side=1, mutual=frozenset(incoming)),
    ]
    return (
        f'<svg class="nt-near" viewBox="0 0 {_WIDTH} {height}" role="group" '
        f'aria-label="Notes linked with this one">{"".join(drawn)}'
        f'<circle class="here" cx="{_MIDDLE:g}" cy="{height / 2:g}" r="6"/></svg>'
    )


def _ordered(site: Site, paths: set[str]) -> list[str]:
    return sorted(paths, key=lambda path: (natural(site.name(path)), path))


def _side(
    site: Site, page: str, paths: list[str], height: float, *, side: int, mutual: frozenset[str]
) -> list[str]:
    shown = paths if len(paths) <= _MOST + 1 else paths[:_MOST]
    count = len(shown) + (len(shown) < len(paths))
    top = (height - (count - 1) * _ROW) / 2
    x = _MIDDLE + side * _REACH
    anchor = "start" if side > 0 else "end"
    text_x = x + side * 9
    lines, nodes = [], []
    for at, path in enumerate(shown):
        y = top + at * _ROW
        bend = _MIDDLE + side * _REACH * 0.55
        lines.append(
            f'<path d="M{_MIDDLE:g} {height / 2:g}C{bend:g} {height / 2:g} {bend:g} {y:g} {x:g} {y:g}"/>'
        )
        both = " both" if path in mutual else ""
        name = site.name(path)
        nodes.append(
            f'<a href="{escape(site.note_href(page, path) or "")}"><title>{escape(name)}</title>'
            f'<circle class="near{both}" cx="{x:g}" cy="{y:g}" r="4"/>'
            f'<text x="{text_x:g}" y="{y + 4:g}" text-anchor="{anchor}">{escape(_short(name))}'
            "</text></a>"
        )
    if len(shown) < len(paths):
        nodes.append(
            f'<text x="{text_x:g}" y="{top + len(shown) * _ROW + 4:g}" text-anchor="{anchor}">'
            f"and {len(paths) - len(shown)} more</text>"
        )
    return [*lines, *nodes]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
