"""The links around one note as a small drawing: neighbours on a ring, a fixed place for each.

Static SVG with ordinary links, so it needs no script and is the same at every build.
"""

from __future__ import annotations

from math import cos, pi, sin

from markupsafe import escape

from generator.emit.site.context import Site, natural
from generator.notes.model import Note

_MOST = 14  # neighbours drawn; the list of backlinks has them all
_WIDTH, _HEIGHT = 280, 250
_LONGEST = 20


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
    paths = sorted(outgoing | incoming, key=lambda path: (natural(site.name(path)), path))
    if not paths:
        return ""
    shown = paths[:_MOST]
    x, y = _WIDTH / 2, _HEIGHT / 2
    lines, nodes = [], []
    for at, path in enumerate(shown):
        angle = 2 * pi * (at + 0.5) / len(shown) - pi / 2
        dx, dy = x + 82 * cos(angle), y + 92 * sin(angle)
        lines.append(f'<line x1="{x:g}" y1="{y:g}" x2="{dx:.1f}" y2="{dy:.1f}"/>')
        both = " both" if path in outgoing and path in incoming else ""
        nodes.append(
            f'<a href="{escape(site.note_href(page, path) or "")}"><title>{escape(site.name(path))}'
            f'</title><circle class="near{both}" cx="{dx:.1f}" cy="{dy:.1f}" r="4.5"/>'
            f'<text x="{dx:.1f}" y="{dy + (16 if sin(angle) >= 0 else -9):.1f}">'
            f"{escape(_short(site.name(path)))}</text></a>"
        )
    more = (
        f'<text class="more" x="{x:g}" y="{_HEIGHT - 2}">and {len(paths) - _MOST} more</text>'
        if len(paths) > _MOST
        else ""
    )
    return (
        f'<svg class="nt-near" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="group" '
        f'aria-label="Notes linked with this one">{"".join(lines)}'
        f'<circle class="here" cx="{x:g}" cy="{y:g}" r="6.5"/>{"".join(nodes)}{more}</svg>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
