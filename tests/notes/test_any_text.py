"""What holds for any note: parsing never raises, twice gives the same, opaque text stays opaque."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.notes.model import EmbedHole, Html, LinkHole, Note
from generator.notes.parse import parse_note

# Pieces that open, close or break the syntaxes; text made of them reaches far into the rules.
PIECES = st.sampled_from(
    "[[ ]] ![[ ] [ ( ) | \\| # ## ^id ^[ [^1] [^1]: > >> - * 1. + [ ] [x] ` `` ``` ~~~ $ $$ % %% = == "
    "~~ ** _ \\ : :: https:// <b> </b> <div> <script> <!-- --> <% %> <a href=\" & &lt; --- === ___ "
    "- - > [!note] [!a|b]+ ```ad-note ```dataview ```mermaid `= x` key:: (k:: #tag a 1 word 中 é 🎄 "
    "\u200b \u00a0 title: {{x}} \\frac{1}{2} x_1 | |- |--|--| ]( ](<".split(" ")
    + ["\n", "\n\n", "\t", "    ", " ", "\r\n", "\0", "\n> ", "\n- ", "\n  - ", "---\n", "\n| a | b |\n|--|--|\n"]
)
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
def test_any_text_parses_and_twice_gives_the_same(text: str) -> None:
    note = read(text)
    again = read(text)
    assert note == again
    assert pickle.loads(pickle.dumps(note)) == note
    check_places(note, text)
    check_indexes(note)


def check_places(note: Note, text: str) -> None:
    """Every position lies in the note (or just behind the end of a line)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    positions = [each.position for group in (
        note.links, note.tags, note.headings, note.block_ids, note.fields, note.items, note.tables,
        note.fences, note.statements, note.diagnostics, note.properties,
    ) for each in group]  # fmt: skip
    positions += [position for _, position in note.external_links]
    for statement in note.statements:
        positions += [statement.locate(offset) for offset in range(len(statement.text))]
    for position in positions:
        assert 1 <= position.line <= len(lines) + 1, position
        width = len(lines[position.line - 1]) if position.line <= len(lines) else 0
        assert 1 <= position.column <= width + 2, position


def check_indexes(note: Note) -> None:
    for group in (note.links, note.headings, note.sections, note.items, note.fences, note.statements):
        assert [each.index for each in group] == list(range(len(group)))
    holes = [p for block in note.body for p in walk(block.html) if not isinstance(p, str)]
    shown = sorted(p.link for p in holes if isinstance(p, LinkHole | EmbedHole))
    assert len(shown) == len(set(shown))
    assert all(index < len(note.links) for index in shown)
    slugs = [each.slug for each in note.headings]
    assert len(slugs) == len(set(slugs))
    assert all(slugs)
    assert all(section.line <= section.own_end_line + 1 for section in note.sections[1:])


def walk(html: Html):  # type: ignore[no-untyped-def]
    for piece in html:
        yield piece
        if isinstance(piece, LinkHole):
            yield from walk(piece.pieces)


WRITTEN = "[[Secret]] ![[Pic.png]] #hidden [k:: v] (l:: w) [m](N.md)"


@given(NOTES, st.sampled_from(["`{}`", "``{}``", "\n```\n{}\n```\n", "\n~~~x\n{}\n~~~\n", "${}$", "\n$$\n{}\n$$\n", "%%{}%%", "<!-- {} -->", "\n%%\n{}\n\n# x\n%%\n"]))
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
    """Dangers in the note's page, with each hole filled by text that would break out of a tag."""
    found: list[str] = []
    for block in note.body:
        page = "".join(
            p if isinstance(p, str) else f'<nt-hole title="{getattr(p, "html", "")}">' for p in block.html
        )
        parser = Dangers()
        parser.feed(page)
        parser.close()
        found += parser.found
    return found


HTML = st.sampled_from(
    '<script> </script> <img src=x onerror=a()> <a href="javascript:a()"> </a> <svg onload=a()> </svg> '
    '<math> <mtext> </mtext> <mi> <mglyph> <style> </style> <iframe srcdoc="<script>"> <p id=x name=y> '
    "<div title=\" \"> ' \" < > <b <!-- --> <![CDATA[ ]]> <? ?> <noscript> <template> <select> <table> "
    "<td> <details open> <base href=x> <form> <input> [[a|b]] $x$ `c` [x](javascript:a) nt x".split(" ")
    + ["\n", "\n\n", "\n> ", " "]
)


@given(st.lists(HTML, max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
@example("<svg><style><img title='</style><img src=x onerror=a()>'>")
@example("x <math><mtext><table><mglyph><style><img src=x onerror=a()>")
@example('<div title="\n> [[a|" onclick=x() ]]">')
@example("[x](<javascript:a()>) [y](jav&#x61;script:a) ![z](javascript:a)")
@example("x <iframe srcdoc='<script>a()</script>' src=javascript:a()></iframe>")
def test_no_script_reaches_a_page(text: str) -> None:
    assert dangers(read(text)) == []
