"""A note's rendered body for one page: the holes in its HTML filled.

What a hole becomes depends on the page that shows it: where links lead from there, whether the
note is the page's own or embedded in another (then it carries no ids), and what is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import assert_never

from markupsafe import escape

from generator.claims.model import Claim, Status
from generator.core.diagnostics import Diagnostic
from generator.emit.site import drawings, embeds, mermaid
from generator.emit.site.context import Site
from generator.emit.site.model import Piece, TargetLink
from generator.emit.site.raw_html import tame
from generator.emit.site.urls import root_of
from generator.graph.model import Found
from generator.graph.resolve import place_in, resolve_path
from generator.graph.visibility import is_drawing
from generator.notes.keys import default_display
from generator.notes.model import (
    AnchorHole,
    Block,
    EmbedHole,
    FootnoteHole,
    HeadingEndHole,
    HeadingHole,
    LinkHole,
    MermaidHole,
    Note,
    QueryHole,
    StatementEnd,
    TagHole,
)

# Site paths of the scripts that draw Mermaid's diagrams; only pages with one load them.
MERMAID = ("-/assets/vendor/mermaid-tiny-11.17.2/mermaid.js", "-/assets/mermaid.js")

_QUERY_NAMES = {
    "dataview": "Dataview query",
    "dataviewjs": "Dataview script",
    "base": "Base",
    "query": "Search",
}
_MARKS = {Status.VERIFIED: "✓", Status.FALSE: "✗", Status.UNCHECKED: "?"}


class BodyWriter:
    """Writes bodies of notes into one page, site path ``page``.

    ``trail`` are the places (path, subpath) being embedded now, outermost first: what an embed must
    not lead back to. ``illustrated`` are the sections whose missing image a diagram stands in for,
    ``scripts`` what the page has to load for what was written.
    """

    def __init__(self, site: Site, page: str) -> None:
        self.site = site
        self.page = page
        self.root = root_of(page)
        self.trail: list[tuple[str, str]] = []
        self.illustrated: set[tuple[str, int]] = set()
        self.embeds = 0
        self.scripts: dict[str, None] = {}
        self.diagnostics: list[Diagnostic] = []

    def note(self, note: Note, *, without_heading: int | None = None) -> str:
        """Give the whole body of the page's own note; the heading ``without_heading`` is shown by
        the page itself, and only its place stays."""
        self.trail.append((note.path, ""))
        drawing = is_drawing(note)
        written = [embeds.picture(self, note)] if drawing else []
        for block in note.body:
            if drawing and drawings.is_banner(block):
                continue
            if block.heading is not None and block.heading == without_heading:
                fragment = escape(self.site.fragment(note.path, block.heading))
                written.append(f'<a class="nt-here" id="{fragment}"></a>')
                written.append(self.made(note, self._section_of(note, block.heading)))
            else:
                written.append(self.pieces(note, block.html))
        self.trail.pop()
        return "\n".join(written)

    def embedded(self, note: Note, blocks: Iterable[Block], subpath: str) -> str:
        """Give blocks of a note for another page: no ids, no model links."""
        self.trail.append((note.path, subpath))
        written = "\n".join(self.pieces(note, each.html, embedded=True) for each in blocks)
        self.trail.pop()
        return written

    def embedded_pieces(self, note: Note, pieces: Sequence[Piece], subpath: str) -> str:
        """Give part of a block of a note for another page."""
        self.trail.append((note.path, subpath))
        written = self.pieces(note, pieces, embedded=True)
        self.trail.pop()
        return written

    def pieces_of_page(self, pieces: Sequence[Piece]) -> str:
        """Give pieces that stand in no note (a card, a query's result): links by path, tags, text."""
        written: list[str] = []
        split = False
        for piece in pieces:
            match piece:
                case str():
                    written.append(tame(piece))
                case TargetLink():
                    split |= _put(written, self._target(piece))
                case TagHole():
                    written.append(self.tag(piece.name))
                case _:  # the other holes need their note
                    pass
        return _joined(written, split=split)

    def to(self, path: str, subpath: str = "", html: str = "") -> str:
        """A link to a file of the vault by its path, plain text where it is not published."""
        return self._target(TargetLink(path, html, subpath))

    def pieces(
        self,
        note: Note,
        pieces: Sequence[Piece],
        *,
        embedded: bool = False,
        in_link: bool = False,
    ) -> str:
        """Give pieces of ``note``'s HTML with their holes filled; ``in_link`` for a link's text."""
        written: list[str] = []
        split = False  # a paragraph was ended for an embed, perhaps with nothing left in it
        for piece in pieces:
            if isinstance(piece, str):
                written.append(tame(piece, in_link=in_link))
                continue
            match piece:
                case LinkHole():
                    written.append(self._link(note, piece, embedded=embedded))
                case EmbedHole():
                    embed = embeds.embed(self, note, piece)
                    if piece.block:
                        written.append(embed)
                    else:
                        split |= _put(written, embed)
                case TagHole():
                    written.append(self.tag(piece.name))
                case HeadingHole():
                    written.append(self._heading(note, piece.heading, embedded=embedded))
                case HeadingEndHole():
                    written.append(self._heading_end(note, piece.heading, embedded=embedded))
                case AnchorHole():
                    if not embedded:
                        written.append(f'<a class="nt-here" id="{escape(_anchor(piece.id))}"></a>')
                case FootnoteHole():
                    written.append(_footnote(piece, embedded=embedded))
                case QueryHole():
                    written.append(self._query(note, piece, embedded=embedded))
                case StatementEnd():
                    self._put_claims(note, piece.statement, written)
                case MermaidHole():
                    self.scripts.update(dict.fromkeys(MERMAID))
                    written.append(self._mermaid(note, piece))
                case TargetLink():
                    split |= _put(written, self._target(piece))
                case _:
                    assert_never(piece)
        return _joined(written, split=split)

    def _mermaid(self, note: Note, hole: MermaidHole) -> str:
        """A drawing's source, which a script in the page turns into the drawing."""
        shown = _source("Mermaid drawing", hole.source, "mermaid")

        def href(name: str) -> str | None:
            path = resolve_path(self.site.input.graph, name, note.path)
            return None if path is None else self.site.note_href(self.page, path)

        return mermaid.drawing(hole.source, shown.replace("<details", "<details open", 1), href)

    # -------------------------------------------------------------- links and tags

    def _link(self, note: Note, hole: LinkHole, *, embedded: bool) -> str:
        link = note.links[hole.link]
        destination = self.site.input.graph.destinations[note.path][hole.link]
        shown = tame(hole.html, in_link=True)
        if hole.pieces:
            shown = self.pieces(note, hole.pieces, embedded=embedded, in_link=True)
        shown = shown or str(escape(default_display(link.target, link.subpath)))
        href = self.site.destination_href(self.page, destination)
        if href is not None:
            lost = destination.found is Found.MISSING_FRAGMENT
            extra = ' title="This heading or block does not exist."' if lost else ""
            kind = "internal-link is-lost" if lost else "internal-link"
            return f'<a class="{kind}" href="{escape(href)}"{extra}>{shown}</a>'
        if destination.path is None:
            return (
                f'<span class="is-unresolved" title="Not in the vault yet: {escape(link.target)}">'
                f"{shown}</span>"
            )
        return self._hidden(destination.path, tame(hole.html, in_link=True))

    def _target(self, piece: TargetLink) -> str:
        if piece.embed:
            return embeds.embed_target(self, piece)
        html = tame(piece.html, in_link=True)
        fragment = ""
        note = self.site.notes.get(piece.path)
        if note is not None and piece.subpath:
            fragment = self._fragment_of(note, piece.subpath)
        attachment = self.site.addresses.files.get(piece.path)
        href = (
            self.site.href(self.page, attachment)
            if attachment is not None
            else self.site.note_href(self.page, piece.path, fragment)
        )
        if href is None:
            if piece.path in self.site.input.graph.notes:
                return self._hidden(piece.path, html)
            return f'<span class="is-unresolved">{html or escape(piece.path)}</span>'
        shown = html or escape(self.site.name(piece.path))
        return f'<a class="internal-link" href="{escape(href)}">{shown}</a>'

    def _fragment_of(self, note: Note, subpath: str) -> str:
        place = place_in(note, "#" + subpath)
        if place.block is not None:
            return "^" + note.block_ids[place.block].name
        return "" if place.heading is None else self.site.fragment(note.path, place.heading)

    def _hidden(self, path: str, html: str) -> str:
        """Plain text in place of a link to what is not published."""
        if html and not self.site.privacy.reveals(path, html):
            return html
        return self.site.privacy.neutral

    def tag(self, name: str) -> str:
        """A tag as a link to its page."""
        target = self.site.addresses.tags.get(name.strip("/").casefold())
        if target is None:
            return f'<span class="tag">#{escape(name)}</span>'
        href = self.site.href(self.page, target)
        return f'<a class="tag" href="{escape(href)}">#{escape(name)}</a>'

    # -------------------------------------------------------------- headings and models

    def _heading(self, note: Note, index: int, *, embedded: bool) -> str:
        heading = note.headings[index]
        if embedded or heading.nested:
            return f"<h{heading.level}>"
        return f'<h{heading.level} id="{escape(self.site.fragment(note.path, index))}">'

    def _heading_end(self, note: Note, index: int, *, embedded: bool) -> str:
        heading = note.headings[index]
        if embedded or heading.nested:
            return f"</h{heading.level}>"
        fragment = self.site.href(self.page, self.page, self.site.fragment(note.path, index))
        return (
            f'<a class="nt-anchor" href="{escape(fragment)}" aria-label="Link to this section">#</a>'
            f"</h{heading.level}>" + self.made(note, self._section_of(note, index))
        )

    def _section_of(self, note: Note, heading: int) -> int | None:
        for section in note.sections:
            if section.heading == heading:
                return section.index
        return None

    def made(self, note: Note, section: int | None) -> str:
        """The bar that links a section to the models it defines."""
        if section is None:
            return ""
        links = []
        for architecture in self.site.made.get((note.path, section), ()):
            href = self.site.model_href(
                self.page, architecture.module, f"nt-model-{architecture.name}"
            )
            if href is not None:
                links.append(
                    f'<a class="nt-model" href="{escape(href)}">{escape(architecture.name)}</a>'
                )
        if not links:
            return ""
        return f'<p class="nt-made"><span class="nt-label">Generated model</span> {" ".join(links)}</p>'

    # -------------------------------------------------------------- queries and claims

    def _query(self, note: Note, hole: QueryHole, *, embedded: bool) -> str:
        pieces = self.site.input.queries(note.path, hole)
        if pieces is not None:
            return self.pieces(note, pieces, embedded=embedded)
        if hole.fence is None:
            return f'<code class="nt-query">{escape(hole.source)}</code>'
        return _source(_QUERY_NAMES.get(hole.language, "Query"), hole.source, "js")

    def _put_claims(self, note: Note, statement: int, written: list[str]) -> None:
        """Add a statement's badges, each at the end of the line that its claim ends in."""
        claims = self.site.said.get((note.path, statement), ())
        if not claims:
            return
        text = note.statements[statement].text
        breaks = _breaks(written, text.count("\n"))
        badges = [""] * (len(breaks) + 1)
        for each in claims:
            line = min(text.count("\n", 0, each.end), len(breaks))
            badges[line] += f" {self.claim(each)}"
        for (at, start), badge in zip(reversed(breaks), reversed(badges[:-1]), strict=True):
            written[at] = written[at][:start] + badge + written[at][start:]
        written.append(badges[-1])

    def claim(self, claim: Claim) -> str:
        """The badge beside a checked statement: its verdict, the right number, and on hover what is
        stated and how it was checked: one statement may have several."""
        href = escape(self.site.href(self.page, "-/claims.html", claim_id(claim)))
        stated = f"{claim.expected} ({claim.how})" if claim.how else claim.expected
        about = escape(self.site.plain(claim.path, stated))
        mark = _MARKS[claim.status]
        match claim.status:
            case Status.VERIFIED:
                text, says = "", f"Verified: {about}"
            case Status.FALSE:
                text, says = f" {escape(claim.computed)}", f"False: {about}"
            case Status.UNCHECKED:
                text, says = "", f"Not checked: {about}"
            case _:
                assert_never(claim.status)
        return (
            f'<a class="nt-claim nt-claim-{claim.status}" href="{href}" title="{says}">'
            f'{mark}<span class="nt-hidden"> {claim.status}</span>{text}</a>'
        )


def claim_id(claim: Claim) -> str:
    """The fragment of a claim on the page of all claims."""
    return f"nt-claim-{claim.id}"


_BLOCK = re.compile(r"<(?:p|li|td|th|div|dd|dt|summary|blockquote|h[1-6])\b[^>]*>")


def _breaks(written: Sequence[str], count: int) -> list[tuple[int, int]]:
    """Find the line breaks of the block that is being written: (piece, where in it); none where it shows
    another number of lines than it has."""
    found: list[tuple[int, int]] = []
    for at in range(len(written) - 1, -1, -1):
        begins = max((each.end() for each in _BLOCK.finditer(written[at])), default=-1)
        breaks = [m.start() for m in re.finditer("<br>", written[at]) if m.start() >= begins]
        found += [(at, start) for start in reversed(breaks)]
        if begins >= 0 or len(found) > count:
            break
    return found[::-1] if len(found) == count else []


def _anchor(name: str) -> str:
    """The id of an anchor: block ids are the note's own, footnotes the page's."""
    return name if name.startswith("^") else f"nt-{name}"


def _footnote(hole: FootnoteHole, *, embedded: bool) -> str:
    if hole.back:
        if embedded:
            return ""
        target = _reference(hole)
        return f'<a class="footnote-back" href="#{target}" aria-label="Back to the text">↩</a>'
    if embedded:
        return f'<sup class="footnote-ref">{hole.number}</sup>'
    return (
        f'<sup class="footnote-ref"><a id="{_reference(hole)}" href="#nt-fn-{hole.number}">'
        f"{hole.number}</a></sup>"
    )


def _reference(hole: FootnoteHole) -> str:
    return f"nt-fnref-{hole.number}" + (f"-{hole.nth}" if hole.nth > 1 else "")


def _source(name: str, source: str, language: str) -> str:
    return (
        f'<details class="nt-source"><summary>{name} (source)</summary>'
        f'<pre><code class="language-{language}">{escape(source)}</code></pre></details>'
    )


_PHRASING = ("<img", "<span", "<a", "<audio", "<video")


def _put(written: list[str], embed: str) -> bool:
    """Add an embed; tell whether the paragraph around it was ended for it."""
    outside = _leaves_paragraph(written, embed)
    written.append(f"</p>{embed}<p>" if outside else embed)
    return outside


# What is left of a paragraph's lines beside an embed that ended it.
_EDGE = re.compile(r"<p>(?:\s|<br>)+|(?:\s|<br>)+</p>")


def _joined(written: list[str], *, split: bool) -> str:
    html = "".join(written)
    if not split:
        return html
    html = _EDGE.sub(lambda edge: "<p>" if edge[0].startswith("<p>") else "</p>", html)
    return html.replace("<p></p>", "")


def _leaves_paragraph(written: list[str], embed: str) -> bool:
    """Whether an embed stands in a paragraph that cannot hold it: it has to be ended around it."""
    if not embed or embed.startswith(_PHRASING):
        return False
    for piece in reversed(written):
        opened, closed = piece.rfind("<p>"), piece.rfind("</p>")
        if opened >= 0 or closed >= 0:
            return opened > closed
    return False
