"""What one note says, as immutable values: the result of parsing and all later stages' input.

Nothing here is a markdown-it token. Every element carries its position, and the index of the
innermost *section* it stands in, so a later stage asks "what is in this section" without parsing.
The rendered body is HTML with *holes*: places whose content depends on other notes (links, embeds,
queries) or on the page that shows them (ids), filled by the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from generator.core.diagnostics import Diagnostic
from generator.core.source import Position

# A front-matter or field value in YAML 1.2 core terms. Dates stay text (their original spelling).
Scalar: TypeAlias = str | int | float | bool | None
Data: TypeAlias = "Scalar | tuple[Data, ...] | Mapping[str, Data]"


@dataclass(frozen=True, slots=True)
class Property:
    """One front-matter key with its value; ``position`` is where the key stands.

    ``paths`` maps ``"a.b"``-style paths below this property (including itself) to lines.
    """

    key: str
    value: Data
    position: Position
    paths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag without its ``#``, in the spelling of the note. ``origin``: ``frontmatter`` or ``inline``."""

    name: str
    position: Position
    section: int
    origin: str = "inline"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. ``text`` is its raw Markdown, ``plain`` the text a reader sees, ``key`` the
    comparison key of Obsidian (rules 3.1), ``slug`` the unique fragment on the note's own page.

    ``nested`` headings stand in a quote, callout or list: shown, but no link targets and no sections.
    ``links`` and ``tags`` index :attr:`Note.links` and :attr:`Note.tags` inside the heading.
    """

    index: int
    level: int
    text: str
    plain: str
    key: str
    slug: str
    position: Position
    section: int
    nested: bool = False
    links: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The note (index 0, level 0, the root) or the part below one heading.

    Lines are 1-based and inclusive. ``end_line`` is the last line of the section with its
    sub-sections, ``own_end_line`` the last before the first sub-section. ``heading`` indexes
    :attr:`Note.headings` (``None`` for the root).
    """

    index: int
    level: int
    heading: int | None
    line: int
    end_line: int
    own_end_line: int
    parent: int | None
    children: tuple[int, ...]


class LinkKind(StrEnum):
    """How a link is written."""

    WIKI = "wiki"
    MARKDOWN = "markdown"
    FRONTMATTER = "frontmatter"


@dataclass(frozen=True, slots=True)
class Link:
    """An internal link or embed. ``target`` is the path part as written (decoded, trimmed),
    ``subpath`` starts with ``#`` or is empty, ``display`` is the text after ``|`` or ``None``.

    ``sentence`` is the plain text of the sentence or line the link stands in (for backlinks).
    """

    index: int
    kind: LinkKind
    embed: bool
    target: str
    subpath: str
    display: str | None
    position: Position
    section: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Display size of an embed in CSS pixels (rules 4.2, 4.3)."""

    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class BlockId:
    """A ``^id``: ``block`` indexes the :attr:`Note.body` block that holds it; ``line``..``end_line``
    is the source the id denotes; ``html`` the rendered pieces of just that part."""

    name: str
    position: Position
    line: int
    end_line: int
    block: int
    html: Html


@dataclass(frozen=True, slots=True)
class Field:
    """A Dataview inline field ``key:: value`` (rules section 11). ``raw`` is the value's text.

    ``form`` is ``line``, ``bracket``, ``paren`` or ``emoji`` (a task's date mark, rules 11.8);
    ``item`` is the list item's index when in one.
    ``page`` says whether Dataview merges it into the page (not so in tasks).
    """

    key: str
    raw: str
    position: Position
    section: int
    form: str = "line"
    item: int | None = None
    page: bool = True


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list item or task (rules 12.6). ``status`` is the character between ``[ ]``, ``None`` for
    plain items. ``symbol`` is ``-``, ``*``, ``+`` or ``1.``; ``text`` the raw Markdown of the item
    (without marker, status and sub-items). ``list_line`` is the first line of the whole list."""

    index: int
    symbol: str
    status: str | None
    text: str
    position: Position
    end_line: int
    section: int
    parent: int | None
    children: tuple[int, ...]
    list_line: int
    tags: tuple[str, ...] = ()
    links: tuple[int, ...] = ()
    block_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: raw Markdown and the text a reader sees."""

    text: str
    plain: str
    position: Position


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table outside code: ``header`` cells and rows, all of the same length."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    position: Position
    end_line: int
    section: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block. ``content`` has quote and list prefixes removed; ``position`` is the
    opening fence, ``content_line`` the first content line. ``language`` is the first info word."""

    index: int
    language: str
    info: str
    content: str
    position: Position
    content_line: int
    section: int


class StatementKind(StrEnum):
    """What a statement's text stood in."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    CELL = "cell"
    HEADING = "heading"
    MATH = "math"


@dataclass(frozen=True, slots=True)
class Statement:
    """One run of prose: a paragraph, the inline content of a list item, cell or heading, or a
    block formula, as claims read it.

    ``text`` keeps what a reader sees: markup gone, links as their display text, math as
    ``$…$``/``$$…$$``, soft breaks as ``\\n``; comments and embeds are absent; inline code stays in
    back-ticks. ``offsets`` maps text offsets to places, ascending, each valid up to the next one.
    """

    index: int
    kind: StatementKind
    text: str
    position: Position
    section: int
    offsets: tuple[tuple[int, int, int], ...] = ()  # (text offset, line, column)

    def locate(self, offset: int) -> Position:
        """Give the source position of ``text[offset]``."""
        line, column, start = self.position.line, self.position.column, 0
        for known, known_line, known_column in self.offsets:
            if known > offset:
                break
            line, column, start = known_line, known_column, known
        return Position(self.position.path, line, column + max(0, offset - start))


# ------------------------------------------------------------------ the rendered body


@dataclass(frozen=True, slots=True)
class LinkHole:
    """An internal link; ``html`` is its rendered display text when the note gives one, else ``""``
    (the site then writes the default display of rules 1.7).

    ``pieces`` is the same with its own holes where the display has some (an image in a Markdown
    link), else empty; ``html`` then stands in words for them."""

    link: int
    html: str = ""
    pieces: Html = ()


@dataclass(frozen=True, slots=True)
class EmbedHole:
    """An embed of an image, file, note, section or block. ``alt`` and ``hint`` as rules 4.3 say.

    ``block`` is true where the embed is alone in its paragraph (the ``<p>`` is then left out).
    """

    link: int
    alt: str = ""
    size: ImageSize = ImageSize()
    hint: str = ""
    block: bool = False


@dataclass(frozen=True, slots=True)
class TagHole:
    """A tag in running text, as written without ``#``."""

    name: str


@dataclass(frozen=True, slots=True)
class HeadingHole:
    """The opening of a heading: the site writes ``<hN id=…>`` (no id when transcluded)."""

    heading: int


@dataclass(frozen=True, slots=True)
class HeadingEndHole:
    """The end of a heading: the site adds its anchor and model links, then ``</hN>``."""

    heading: int


@dataclass(frozen=True, slots=True)
class AnchorHole:
    """A place for ``id`` (block ids ``^x``, footnotes ``fn-…``): an empty anchor, dropped when
    transcluded."""

    id: str


@dataclass(frozen=True, slots=True)
class FootnoteHole:
    """A footnote reference (``back=False``) or return link; ``number`` counts from 1, ``nth`` too."""

    number: int
    nth: int = 1
    back: bool = False


@dataclass(frozen=True, slots=True)
class QueryHole:
    """A query to evaluate. ``language``: ``dataview``, ``dataviewjs``, ``base``, ``query``, ``inline``
    (Dataview expression) or ``inlinejs``. ``fence`` indexes :attr:`Note.fences` (``None`` inline)."""

    language: str
    source: str
    position: Position
    fence: int | None = None


@dataclass(frozen=True, slots=True)
class StatementEnd:
    """The end of a statement's inline content: claim badges go here."""

    statement: int


@dataclass(frozen=True, slots=True)
class MermaidHole:
    """A Mermaid drawing's source."""

    source: str


Hole: TypeAlias = (
    LinkHole
    | EmbedHole
    | TagHole
    | HeadingHole
    | HeadingEndHole
    | AnchorHole
    | FootnoteHole
    | QueryHole
    | StatementEnd
    | MermaidHole
)
Html: TypeAlias = tuple["str | Hole", ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block of the note, rendered: sanitised HTML with holes.

    ``heading`` indexes the heading this block is (``None`` otherwise): a section's blocks are those
    between its heading block and the next heading block of its level or above.
    """

    line: int
    end_line: int
    html: Html
    heading: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note. ``digest`` is of its bytes; ``title`` the ``title`` property or the file stem.

    ``frontmatter_lines`` is (first, last) line of the block with its fences, ``None`` if there is none.
    """

    path: str
    digest: str
    stem: str
    title: str
    lines: int
    properties: tuple[Property, ...]
    frontmatter_lines: tuple[int, int] | None
    aliases: tuple[str, ...]
    tags: tuple[Tag, ...]
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    external_links: tuple[tuple[str, Position], ...]
    block_ids: tuple[BlockId, ...]
    fields: tuple[Field, ...]
    items: tuple[ListItem, ...]
    tables: tuple[Table, ...]
    fences: tuple[Fence, ...]
    statements: tuple[Statement, ...]
    body: tuple[Block, ...]
    words: int
    needs: frozenset[str]  # what the page must load: "mermaid", "math"
    diagnostics: tuple[Diagnostic, ...]

    def property(self, *names: str) -> Property | None:
        """Find a front-matter property by name, ignoring case; the first of ``names`` that exists."""
        for name in names:
            for each in self.properties:
                if each.key.casefold() == name.casefold():
                    return each
        return None
