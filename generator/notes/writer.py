"""Collects one note: renderers of the rules call it token by token, in the order of the note.

It keeps what has been found so far (links, tags, headings, items, statements …), the frames of the
blocks that are open with their rendered pieces, and the text of the statement being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeAlias

from markdown_it.token import Token

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes import fields
from generator.notes.engine import Parser
from generator.notes.model import (
    AnchorHole,
    Block,
    BlockId,
    EmbedHole,
    Fence,
    Field,
    Heading,
    Hole,
    Html,
    ImageSize,
    Link,
    LinkKind,
    Statement,
    StatementEnd,
    StatementKind,
    Table,
    Tag,
)
from generator.notes.places import Places, breaks, locate, places_of
from generator.notes.sanitize import RelativeImage, clean
from generator.notes.sentences import sentences_at
from generator.notes.syntax import Renderer
from generator.vault.model import ObsidianSettings


@dataclass(frozen=True, slots=True)
class Safe:
    """HTML of our own that raw HTML around it must not change (formulas, code)."""

    html: str


Piece: TypeAlias = str | Hole | Safe


NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Frame:
    """An open block: its kind, its lines (from 0, ``stop`` excluded), its pieces so far.

    ``opening`` is how many pieces its opening tag takes, ``end`` its closing tag. ``last`` is where
    the pieces of its last finished child begin (-1: none yet), ``last_lines`` that child's lines.
    """

    kind: str
    line: int
    stop: int
    pieces: list[Piece] = field(default_factory=list)
    opening: int = 0
    end: str = ""
    last: int = -1
    last_lines: tuple[int, int] = (0, 0)
    item: int | None = None
    inline: Renderer | None = None  # who renders inline content that stands directly in it
    data: Mapping[str, Any] = field(
        default_factory=lambda: NOTHING
    )  # what the block's renderers keep until it closes
    block_ids: tuple[tuple[str, Position], ...] = ()


@dataclass(frozen=True, slots=True)
class SectionStart:
    """Where a section begins; where it ends is known when the note is read."""

    level: int
    heading: int | None
    line: int
    parent: int | None


@dataclass(slots=True)
class Item:
    """A list item while it is read."""

    symbol: str
    line: int
    position: Position
    section: int
    parent: int | None
    list_line: int
    end_line: int = 0
    status: str | None = None
    status_width: int = 0  # how much of the first text is the state's brackets
    texts: list[str] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    block_id: str | None = None


@dataclass(slots=True)
class Run:
    """The inline content being read and the statement text it gives.

    ``marks`` pairs offsets in the text with offsets in the content; ``links`` pairs link indexes
    with offsets in the text.
    """

    content: str
    places: Places
    kind: StatementKind
    text: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)  # the same as a reader sees it
    length: int = 0
    marks: list[tuple[int, int]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    raw_html: bool = False
    item: int | None = None
    block_id: str = ""
    block_id_start: int = 0


class Writer:
    """See the module's description. One writer reads one note, once."""

    def __init__(
        self,
        path: str,
        source: Sequence[str],
        parser: Parser,
        *,
        settings: ObsidianSettings,
        nonce: str,
    ) -> None:
        self.path = path
        self.source = source
        self.parser = parser
        self.settings = settings
        self.nonce = nonce
        self.env: dict[str, Any] = {}
        self.links: list[Link] = []
        self.external_links: list[tuple[str, Position]] = []
        self.tags: list[Tag] = []
        self.headings: list[Heading] = []
        self.sections: list[SectionStart] = [SectionStart(0, None, 1, None)]
        self.section = 0
        self.block_ids: list[BlockId] = []
        self._ids: dict[str, int] = {}  # block ids in lower case: their lines
        self._anchors: dict[int, list[str]] = {}  # ids of finished blocks
        self.fields: list[Field] = []
        self.items: list[Item] = []
        self.tables: list[Table] = []
        self.fences: list[Fence] = []
        self.statements: list[Statement] = []
        self.body: list[Block] = []
        self.footnotes: list[tuple[str, list[Piece]]] = []
        self.needs: set[str] = set()
        self.diagnostics: list[Diagnostic] = []
        self.frames: list[Frame] = []
        self.pieces: list[Piece] = []
        self.open_items: list[int] = []
        self.run = Run("", [(0, 1, 1)], StatementKind.PARAGRAPH)
        self.store: dict[str, Any] = {}  # what a syntax remembers over the note, under its name
        self.at_end: list[Callable[[Writer], None]] = []

    # ------------------------------------------------------------------ blocks

    def write(self, tokens: Iterable[Token]) -> None:
        """Render the block tokens of the whole note, then what rules left for its end."""
        renderers = self.parser.renderers
        for token in tokens:
            top = token.level == 0
            if top and token.nesting >= 0:
                self.open("block", token)
            inline = token.type == "inline"
            render = self.frames[-1].inline if inline else renderers.get(token.type)
            if render is not None:
                render(self, token)
            if top and token.nesting <= 0:
                self._finish_block()
        self._put_anchors()
        for finish in self.at_end:
            finish(self)

    def open(
        self,
        kind: str,
        token: Token,
        html: str = "",
        end: str = "",
        *,
        inline: Renderer | None = None,
    ) -> Frame:
        """Open a frame for the block of ``token``: ``html`` is its opening tag, ``end`` its closing
        one, ``inline`` renders inline content directly in it."""
        first, stop = token.map or self._lines_around()
        if stop > first + 1:
            while stop > first + 1 and not self.source[stop - 1].strip():
                stop -= 1
        frame = Frame(kind, first, stop, end=end, inline=inline)
        if html:
            frame.pieces.append(html)
            frame.opening = 1
        self.frames.append(frame)
        self.pieces = frame.pieces
        return frame

    def close(self) -> Frame:
        """Close the innermost frame and add its pieces to the one around it."""
        frame = self.frames.pop()
        if frame.end:
            frame.pieces.append(frame.end)
        if frame.block_ids:
            self._resolve_block_ids(frame)
        outer = self.frames[-1]
        outer.last = len(outer.pieces)
        outer.last_lines = (frame.line, frame.stop)
        outer.pieces.extend(frame.pieces)
        self.pieces = outer.pieces
        return frame

    def _lines_around(self) -> tuple[int, int]:
        return (self.frames[-1].line, self.frames[-1].stop) if self.frames else (0, 1)

    def _finish_block(self) -> None:
        frame = self.frames.pop()
        if frame.block_ids:
            self._resolve_block_ids(frame)
        heading = self.store.pop("heading", None)
        html = join(frame.pieces)
        if html:
            self.body.append(Block(frame.line + 1, frame.stop, html, heading))
        self.pieces = []

    def put(self, piece: Piece) -> None:
        """Add a rendered piece where the note is being read."""
        self.pieces.append(piece)

    def frame(self, kind: str) -> Frame | None:
        """The innermost open frame of ``kind``."""
        for frame in reversed(self.frames):
            if frame.kind == kind:
                return frame
        return None

    # ------------------------------------------------------------------ inline content

    def inline(self, token: Token, kind: StatementKind, places: Places | None = None) -> Run:
        """Render the inline content of ``token`` as one statement of ``kind``."""
        content = token.content
        first = token.map[0] if token.map else 0
        run = Run(
            content,
            places or places_of(self.source, content, first),
            kind,
            item=self.open_items[-1] if self.open_items else None,
        )
        self.env["kind"] = kind
        outer_run, outer_pieces = self.run, self.pieces
        self.run, self.pieces = run, []
        children = self.parser.inline(content, self.env)
        renderers = self.parser.renderers
        for child in children:
            renderers[child.type](self, child)
        if "::" in content or (run.item is not None and fields.DATE_SIGNS.search(content)):
            # "[!note]" before a callout's title forbids the form of a whole line.
            self._find_fields(run, children, title=token.type == "callout_title")
        pieces = trim_breaks(self.pieces)
        if run.raw_html:
            pieces = self.cleaned(pieces)
        self.run, self.pieces = outer_run, outer_pieces
        self.pieces.extend(pieces)
        self._end_statement(run)
        return run

    def say(self, text: str, start: int, plain: str | None = None) -> None:
        """Add ``text`` to the statement; it stands verbatim at offset ``start`` of the content.

        ``plain`` is what a reader sees of it, where that differs.
        """
        if not text:
            return
        run = self.run
        run.plain.append(text if plain is None else plain)
        run.marks.append((run.length, start))
        run.text.append(text)
        run.length += len(text)

    def position(self, token: Token) -> Position:
        """Where an inline token begins in the note."""
        return self.position_at(token.map[0] if token.map else 0)

    def position_at(self, offset: int) -> Position:
        """Where an offset of the inline content stands in the note."""
        line, column = locate(self.run.places, offset)
        return Position(self.path, line, column)

    def place(self, line: int, column: int) -> Position:
        """A position in this note."""
        return Position(self.path, line, column)

    def spoken(self) -> tuple[int, int]:
        """How much text the statement has; for :meth:`take_back`."""
        run = self.run
        return len(run.text), run.length

    def take_back(self, spoken: tuple[int, int]) -> None:
        """Drop the text said since: it does not stand in the statement (a footnote in it)."""
        run, (parts, length) = self.run, spoken
        del run.text[parts:], run.plain[parts:], run.marks[parts:]
        run.length = length

    def cleaned(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Pieces with raw HTML made harmless; images of the vault in it become embeds."""
        return [
            self._relative_image(piece) if isinstance(piece, RelativeImage) else piece
            for piece in clean(pieces, self.nonce)
        ]

    def _relative_image(self, image: RelativeImage) -> EmbedHole:
        link = self.add_link(
            LinkKind.MARKDOWN,
            image.target,
            "",
            display=image.alt or None,
            position=self.position_at(0),
            embed=True,
        )
        name = image.alt or image.target.rsplit("/", 1)[-1]
        return EmbedHole(link, name, ImageSize(image.width, image.height))

    def _end_statement(self, run: Run) -> None:
        whole = "".join(run.text)
        text = whole.strip()
        if run.links and text:
            sentences = sentences_at(whole, [at for _, at in run.links])
            for (index, _), sentence in zip(run.links, sentences, strict=True):
                self.links[index] = _with_sentence(self.links[index], sentence)
        if text:
            cut = len(whole) - len(whole.lstrip())
            offsets = self._text_offsets(run, cut)
            self.add_statement(run.kind, text, offsets)

    def _text_offsets(self, run: Run, cut: int) -> list[tuple[int, int, int]]:
        """Places of the statement's text, of which the first ``cut`` characters are left out.

        A run of text has one place, and one more where a line begins or a ``\\`` was dropped in it.
        """
        places = run.places
        if len(places) == 1 and len(run.marks) == 1:
            line, column = locate(places, run.marks[0][1])
            return [(0, line, column + cut)]
        result: list[tuple[int, int, int]] = []
        known = (-1, 0)  # line and column minus offset of the last place
        for index, (start, at) in enumerate(run.marks):
            end = run.marks[index + 1][0] if index + 1 < len(run.marks) else run.length
            if end <= cut:
                continue
            for begin in (at, *breaks(places, at, at + end - start)):
                line, column = locate(places, begin)
                offset = start + begin - at - cut
                if offset < 0:
                    column -= offset
                    offset = 0
                if (line, column - offset) == known:
                    continue
                if result and result[-1][0] == offset:
                    result.pop()
                result.append((offset, line, column))
                known = (line, column - offset)
        return result

    def add_statement(
        self, kind: StatementKind, text: str, offsets: Sequence[tuple[int, int, int]]
    ) -> None:
        """Record a statement and put its end mark."""
        _, line, column = offsets[0]
        index = len(self.statements)
        self.statements.append(
            Statement(
                index, kind, text, Position(self.path, line, column), self.section, tuple(offsets)
            )
        )
        self.put(StatementEnd(index))

    def _find_fields(self, run: Run, children: list[Token], *, title: bool) -> None:
        opaque = self.parser.opaque
        spans = [t.map for t in children if t.map and t.type in opaque]
        item = self.items[run.item] if run.item is not None else None
        task = item is not None and item.status is not None
        found = fields.find(run.content, spans, item=item is not None, full=not task and not title)
        for each in found:
            self.fields.append(
                Field(
                    each.key,
                    each.raw,
                    self.position_at(each.start),
                    self.section,
                    each.form,
                    run.item,
                    not task,
                )
            )

    # ------------------------------------------------------------------ findings

    def begin_section(self, heading: int, level: int, line: int) -> None:
        """Begin the section of a heading; it lies in the last one of a lower level."""
        parent = self.section
        while self.sections[parent].level >= level:
            above = self.sections[parent].parent
            assert above is not None  # the root has level 0
            parent = above
        self.section = len(self.sections)
        self.sections.append(SectionStart(level, heading, line, parent))

    def add_link(
        self,
        kind: LinkKind,
        target: str,
        subpath: str,
        *,
        display: str | None,
        position: Position,
        embed: bool = False,
    ) -> int:
        """Record an internal link and give its index."""
        index = len(self.links)
        self.links.append(
            Link(index, kind, embed, target, subpath, display, position, self.section)
        )
        self.run.links.append((index, self.run.length))
        if self.run.item is not None:
            self.items[self.run.item].links.append(index)
        return index

    def add_tag(self, name: str, position: Position) -> None:
        """Record a tag of the running text."""
        self.tags.append(Tag(name, position, self.section))
        if self.run.item is not None:
            self.items[self.run.item].tags.append(name)

    def complain(
        self,
        code: str,
        position: Position,
        message: str,
        *,
        found: str = "",
        expected: str = "",
        hint: str = "",
    ) -> None:
        """Report something about the note."""
        self.diagnostics.append(
            diagnostic(code, position, message, found=found, expected=expected, hint=hint)
        )

    def line_position(self, line: int, text: str = "") -> Position:
        """Position of ``text`` in source line ``line`` (from 0), or of its first visible character."""
        source = self.source[line] if line < len(self.source) else ""
        column = source.find(text) if text else len(source) - len(source.lstrip())
        return Position(self.path, line + 1, max(0, column) + 1)

    # ------------------------------------------------------------------ block ids

    def mark_block(self, name: str, position: Position) -> None:
        """A ``^id`` at the end of the inline content being read: it names the item or block it ends."""
        frame = self._named_frame()
        if frame.kind != "footnote" and self._is_new_id(name, position):
            frame.block_ids += ((name, position),)
            if frame.item is not None:
                self.items[frame.item].block_id = name

    def mark_previous(self, name: str, position: Position) -> None:
        """A ``^id`` alone on its line: it names the block before it in the same container."""
        if not self._is_new_id(name, position):
            return
        outer = self.frames[-2]
        if outer.kind != "block" and outer.last >= 0:
            html = join(outer.pieces[outer.last :])
            first, last = outer.last_lines
            outer.pieces.insert(outer.last, AnchorHole(f"^{name}"))
            self.block_ids.append(BlockId(name, position, first + 1, last, len(self.body), html))
        elif outer.kind == "block" and self.body:
            block, index = self.body[-1], len(self.body) - 1
            self._anchors.setdefault(index, []).append(name)
            self.block_ids.append(
                BlockId(name, position, block.line, block.end_line, index, block.html)
            )
        else:
            self.put(AnchorHole(f"^{name}"))
            line = position.line
            self.block_ids.append(BlockId(name, position, line, line, len(self.body), ()))

    def _is_new_id(self, name: str, position: Position) -> bool:
        first = self._ids.setdefault(name.lower(), position.line)
        if first == position.line:
            return True
        self.complain(
            "NT221",
            position,
            f"the block id ^{name} stands on line {first} already; links go there",
        )
        return False

    def _named_frame(self) -> Frame:
        """The block that an id at the end of the current content names: the list item; else the
        whole quote or callout; else the block."""
        for frame in reversed(self.frames):
            if frame.kind in ("item", "footnote"):
                return frame
        for frame in self.frames:
            if frame.kind == "quote":
                return frame
        return self.frames[-1]

    def _resolve_block_ids(self, frame: Frame) -> None:
        before = after = ""
        if frame.item is not None:
            symbol = self.items[frame.item].symbol
            number = symbol[:-1]
            before = f'<ol start="{int(number)}">\n' if number else "<ul>\n"
            after = "</ol>\n" if number else "</ul>\n"
        html = join([before, *frame.pieces, after])
        for name, position in frame.block_ids:
            self.block_ids.append(
                BlockId(name, position, frame.line + 1, frame.stop, len(self.body), html)
            )
            frame.pieces.insert(frame.opening, AnchorHole(f"^{name}"))

    def _put_anchors(self) -> None:
        for index, names in self._anchors.items():
            block = self.body[index]
            anchors = tuple(AnchorHole(f"^{name}") for name in names)
            self.body[index] = replace(block, html=(*anchors, *block.html))


def _with_sentence(link: Link, sentence: str) -> Link:
    """``dataclasses.replace`` for the one field; that function costs more than reading a link."""
    return Link(
        link.index,
        link.kind,
        link.embed,
        link.target,
        link.subpath,
        link.display,
        link.position,
        link.section,
        sentence,
    )


def join(pieces: Iterable[Piece]) -> Html:
    """Join neighbouring strings."""
    result: list[str | Hole] = []
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
        elif isinstance(piece, Safe):
            text.append(piece.html)
        else:
            if text:
                result.append("".join(text))
                text = []
            result.append(piece)
    if text:
        result.append("".join(text))
    return tuple(result)


BREAK = "<br>\n"


def trim_breaks(pieces: list[Piece]) -> list[Piece]:
    """Drop line breaks at either end (left where a comment or block id was taken out)."""
    start, end = 0, len(pieces)
    while start < end and pieces[start] in (BREAK, "\n", ""):
        start += 1
    while end > start and pieces[end - 1] in (BREAK, "\n", "", " "):
        end -= 1
    kept = pieces[start:end]
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(" \t")
    return kept
