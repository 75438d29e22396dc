"""What holds for any note: parsing never raises, twice gives the same, opaque text stays opaque."""

from __future__ import annotations

import ast
import pickle
from html.parser import HTMLParser

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.core.source import Position
from generator.notes.model import EmbedHole, Html, LinkHole, LinkKind, Note
from generator.notes.parse import parse_note
from tests.notes.cases import FIXTURES


def read_pieces(name: str) -> list[str]:
    """Pieces of text, one a line, in Python's spelling."""
    lines = (FIXTURES / f"{name}.lst").read_text(encoding="utf-8").splitlines()
    return [ast.literal_eval(line) for line in lines]


# Pieces that open, close or break the syntaxes; text made of them reaches far into the rules.
PIECES = st.sampled_from(read_pieces("pieces"))
NOTES = st.lists(PIECES, max_size=40).map("".join)


def read(text: str) -> Note:
    return parse_note("Note.md", text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes(content: bytes) -> None:
    note = parse_note("Note.md", content)
    assert note == parse_note("Note.md", content)


@given(st.one_of(NOTES, st.text(max_size=200)))
@settings(max_examples=300, deadline=None)
@example("- [ ] ![[x] a](b)")
@example("> [!note]\n> $$\n> a\n\n$$")
@example("---\na: .nan\n---\n")
@example("\n| a | b |\n|--|--|\n[[\\\\|1")
def test_any_text_parses_and_twice_gives_the_same(text: str) -> None:
    note = read(text)
    again = read(text)
    assert note == again
    assert pickle.loads(pickle.dumps(note)) == note
    check_places(note, text)
    check_indexes(note)
    for block in note.body:
        check_balanced(block.html)
    for each in note.block_ids:
        check_balanced(each.html)


def check_places(note: Note, text: str) -> None:
    """Every position lies in the note (or just behind the end of a line)."""
    lines = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .removeprefix("\ufeff")
        .replace("\0", "\ufffd")
        .split("\n")
    )
    positions = [each.position for group in (
        note.links, note.tags, note.headings, note.block_ids, note.fields, note.items, note.tables,
        note.fences, note.statements, note.diagnostics, note.properties,
    ) for each in group]  # fmt: skip
    positions += [position for _, position in note.external_links]
    for statement in note.statements:
        positions += [statement.locate(offset) for offset in range(len(statement.text))]
    check_exact(note, lines)
    for position in positions:
        assert 1 <= position.line <= len(lines) + 1, position
        width = len(lines[position.line - 1]) if position.line <= len(lines) else 0
        assert 1 <= position.column <= width + 2, position


def check_exact(note: Note, lines: list[str]) -> None:
    """What stands at a position is what was found there."""

    def source(position: Position) -> str:
        return (
            lines[position.line - 1][position.column - 1 :] if position.line <= len(lines) else ""
        )

    for tag in note.tags:
        if tag.origin == "inline":
            assert source(tag.position).startswith(f"#{tag.name}"), tag
    for link in note.links:
        if link.kind == LinkKind.WIKI:
            assert source(link.position).startswith("![[" if link.embed else "[["), link
    for item in note.items:
        assert source(item.position).startswith(item.symbol), item
    for fence in note.fences:
        assert source(fence.position).startswith(("```", "~~~")), fence
    for field in note.fields:
        if field.form != "emoji":
            assert source(field.position).startswith(field.key), field
    for table in note.tables:
        for row in (table.header, *table.rows):
            assert len(row) == len(table.header)
            for cell in row:
                start = source(cell.position)
                start = start.removeprefix("\\" * cell.text.startswith("|"))
                assert start.startswith(cell.text[:1]), cell
    for statement in note.statements:
        for offset, character in enumerate(statement.text):
            if character in "123456789":
                assert source(statement.locate(offset))[:1] == character, (statement, offset)


def check_indexes(note: Note) -> None:
    for group in (
        note.links,
        note.headings,
        note.sections,
        note.items,
        note.fences,
        note.statements,
    ):
        assert [each.index for each in group] == list(range(len(group)))
    holes = [p for block in note.body for p in walk(block.html) if not isinstance(p, str)]
    shown = sorted(p.link for p in holes if isinstance(p, LinkHole | EmbedHole))
    assert len(shown) == len(set(shown))
    assert all(index < len(note.links) for index in shown)
    slugs = [each.slug for each in note.headings]
    assert len(slugs) == len(set(slugs))
    assert all(slugs)
    assert all(section.line <= section.own_end_line + 1 for section in note.sections[1:])


VOID = {"br", "hr", "img", "input", "wbr", "col", "source", "track", "mspace", "mprescripts"}


class Balance(HTMLParser):
    """Fails where a tag closes what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<mspace/>` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def check_balanced(html: Html) -> None:
    """Every block's HTML closes what it opens, so that nothing reaches around it."""
    parser = Balance()
    parser.feed("".join(piece for piece in html if isinstance(piece, str)))
    parser.close()
    assert not parser.open
    for piece in html:
        if isinstance(piece, LinkHole):
            check_balanced((piece.html,))
            check_balanced(piece.pieces)


def walk(html: Html):  # type: ignore[no-untyped-def]
    for piece in html:
        yield piece
        if isinstance(piece, LinkHole):
            yield from walk(piece.pieces)


WRITTEN = "[[Secret]] ![[Pic.png]] #hidden [k:: v] (l:: w) [m](N.md)"


@given(
    NOTES,
    st.sampled_from(
        [
            "`{}`",
            "``{}``",
            "\n```\n{}\n```\n",
            "\n~~~x\n{}\n~~~\n",
            "${}$",
            "\n$$\n{}\n$$\n",
            "%%{}%%",
            "<!-- {} -->",
            "\n%%\n{}\n\n# x\n%%\n",
        ]
    ),
)
@settings(deadline=None)
def test_nothing_is_found_in_code_formulas_and_comments(before: str, frame: str) -> None:
    # Before the frame stands something that is closed: a paragraph of its own.
    start = "".join(c for c in before if c.isalnum() or c in " #[]|")
    note = read(start + "\n\n" + frame.format(WRITTEN))
    alone = read(start)
    assert [link.target for link in note.links] == [link.target for link in alone.links]
    assert [tag.name for tag in note.tags] == [tag.name for tag in alone.tags]
    assert [f.key for f in note.fields] == [f.key for f in alone.fields]


class Dangers(HTMLParser):
    """Collects what a page of ours must never hold from a note."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "object", "embed", "form", "base", "meta", "link", "svg"):
            self.found.append(tag)
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("id", "name", "srcdoc", "formaction"):
                self.found.append(f"{tag} {name}")
            if address.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f"{tag} {name}={address}")

    handle_startendtag = handle_starttag


def dangers(note: Note) -> list[str]:
    """Dangers in the note's page, its links' texts included."""
    found: list[str] = []
    for block in note.body:
        parser = Dangers()
        parser.feed(page(block.html))
        parser.close()
        found += parser.found
    return found


def page(html: Html) -> str:
    """HTML as a site could fill it: a link's text stands in an element, other holes in quotes."""
    parts = []
    for piece in html:
        match piece:
            case str():
                parts.append(piece)
            case LinkHole():
                parts.append(f"<a>{page(piece.pieces) if piece.pieces else piece.html}</a>")
            case _:
                parts.append('<i title="hole"></i>')
    return "".join(parts)


HTML = st.sampled_from(read_pieces("hostile_pieces"))


@given(st.lists(HTML, max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
@example("<svg><style><img title='</style><img src=x onerror=a()>'>")
@example("x <math><mtext><table><mglyph><style><img src=x onerror=a()>")
@example('<div title="\n> [[a|" onclick=x() ]]">')
@example("[<img src=x onerror=a()>](N.md) ^[<script>a()</script>]")
@example("| <script> | [[a\\|<script>]] |\n|--|--|\n| <b onclick=a()> | x |")
@example("# <script> [<b onclick=a()>](N)\n> [!<script>|<b onclick=a()>] <script>")
@example("[x](<javascript:a()>) [y](jav&#x61;script:a) ![z](javascript:a)")
@example("x <iframe srcdoc='<script>a()</script>' src=javascript:a()></iframe>")
def test_no_script_reaches_a_page(text: str) -> None:
    assert dangers(read(text)) == []
