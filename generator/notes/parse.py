"""One note's bytes to a :class:`~generator.notes.model.Note`. Never raises, always the same result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.digest import digest
from generator.core.source import Position
from generator.notes.engine import MAX_NESTING, Parser
from generator.notes.grammar import parser as standard_parser
from generator.notes.keys import unique_slug
from generator.notes.model import Heading, ListItem, Note, Section
from generator.notes.properties import (
    FrontMatter,
    aliases_of,
    frontmatter_links,
    property_diagnostics,
    tags_of,
    title_of,
)
from generator.notes.writer import Item, SectionStart, Writer
from generator.vault.model import ObsidianSettings

_DEFAULTS = ObsidianSettings()


def parse_note(path: str, content: bytes, *, settings: ObsidianSettings = _DEFAULTS) -> Note:
    """Parse the note at vault path ``path``.

    Every problem of the note is in :attr:`Note.diagnostics`; the rest is read all the same.
    """
    return parse_with(standard_parser(), path, content, settings=settings)


def parse_with(parser: Parser, path: str, content: bytes, *, settings: ObsidianSettings) -> Note:
    """Parse with a grammar of one's own."""
    text, diagnostics = decode(path, content)
    front = _front_matter(path, text)
    nonce = digest(content, length=32)
    source = text.split("\n")
    writer = Writer(path, source, parser, settings=settings, nonce=nonce)
    links = frontmatter_links(front)
    writer.links.extend(links)
    writer.tags.extend(tags_of(front))
    writer.write(parser.blocks(_body(text, front.lines), writer.env))
    _report_parsing(writer)
    diagnostics += [
        *front.diagnostics,
        *property_diagnostics(front),
        *writer.diagnostics,
    ]
    return _note(path, content, text, front, writer, diagnostics)


def decode(path: str, content: bytes) -> tuple[str, list[Diagnostic]]:
    """Text with ``\\n`` as line end and no NUL, and what was wrong with its encoding."""
    found: list[Diagnostic] = []
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
        found.append(
            diagnostic(
                "NT201", Position(path), "the note is UTF-16, not UTF-8", hint="save it as UTF-8"
            )
        )
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8-sig", "replace")
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            text = content.decode("utf-8-sig", "replace")
            found.append(
                diagnostic(
                    "NT201",
                    Position(path, line, column),
                    f"byte 0x{content[error.start]:02X} is not UTF-8; it is shown as \ufffd",
                    hint="save the note as UTF-8",
                )
            )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd"), found


def _front_matter(path: str, text: str) -> FrontMatter:
    if not text.lstrip().startswith("---"):
        return FrontMatter()
    from generator.notes.frontmatter import read_front_matter  # YAML takes long to import

    return read_front_matter(path, text)


def _body(text: str, front_lines: int) -> str:
    """The text with the front matter's lines blank, so that line numbers stay."""
    if not front_lines:
        return text
    at = -1
    for _ in range(front_lines):
        at = text.find("\n", at + 1)
        if at < 0:
            return ""
    return "\n" * front_lines + text[at + 1 :]


def _report_parsing(writer: Writer) -> None:
    for line in sorted(writer.env.get("math_open", ())):
        writer.complain(
            "NT212",
            writer.line_position(line, "$$"),
            "this formula is never closed",
            hint="close it with $$",
        )
    if "too_deep" in writer.env:
        writer.complain(
            "NT220",
            writer.line_position(writer.env["too_deep"]),
            f"quotes and lists deeper than {MAX_NESTING} levels are not read",
        )


def _note(
    path: str,
    content: bytes,
    text: str,
    front: FrontMatter,
    writer: Writer,
    diagnostics: Sequence[Diagnostic],
) -> Note:
    stem = path.rsplit("/", 1)[-1].removesuffix(".md")
    lines = text.count("\n") + (not text.endswith("\n"))
    return Note(
        path=path,
        digest=digest(content),
        stem=stem,
        title=title_of(front.properties) or stem,
        lines=lines,
        properties=front.properties,
        frontmatter_lines=(1, front.lines) if front.lines else None,
        aliases=aliases_of(front.properties),
        tags=tuple(writer.tags),
        headings=_with_slugs(writer.headings),
        sections=_sections(writer.sections, max(lines, 1)),
        links=tuple(writer.links),
        external_links=tuple(writer.external_links),
        block_ids=tuple(writer.block_ids),
        fields=tuple(writer.fields),
        items=tuple(_item(index, each) for index, each in enumerate(writer.items)),
        tables=tuple(writer.tables),
        fences=tuple(writer.fences),
        statements=tuple(writer.statements),
        body=tuple(writer.body),
        words=_words(each.text for each in writer.statements),
        needs=frozenset(writer.needs),
        diagnostics=tuple(sorted(diagnostics, key=Diagnostic.sort_key)),
    )


# A word, or one character of a script that does not divide words by blanks.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")


def _words(texts: Iterable[str]) -> int:
    text = "\n".join(texts)
    return len(text.split()) if text.isascii() else len(_WORD.findall(text))


def _with_slugs(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Fragments in the order of the note; headings in quotes and lists take what is left."""
    used: dict[str, int] = {}
    slugs: dict[int, str] = {}
    for nested in (False, True):
        for each in headings:
            if each.nested is nested:
                slugs[each.index] = unique_slug(each.plain, used)
    return tuple(_with_slug(each, slugs[each.index]) for each in headings)


def _with_slug(heading: Heading, slug: str) -> Heading:
    return Heading(
        heading.index,
        heading.level,
        heading.text,
        heading.plain,
        heading.key,
        slug,
        heading.position,
        heading.section,
        heading.nested,
        heading.links,
        heading.tags,
    )


def _sections(starts: Sequence[SectionStart], lines: int) -> tuple[Section, ...]:
    children: list[list[int]] = [[] for _ in starts]
    ends = [lines] * len(starts)
    open_sections: list[int] = []
    for index, start in enumerate(starts):
        while open_sections and starts[open_sections[-1]].level >= start.level:
            ends[open_sections.pop()] = start.line - 1
        open_sections.append(index)
        if start.parent is not None:
            children[start.parent].append(index)
    return tuple(
        Section(
            index,
            start.level,
            start.heading,
            start.line,
            ends[index],
            starts[children[index][0]].line - 1 if children[index] else ends[index],
            start.parent,
            tuple(children[index]),
        )
        for index, start in enumerate(starts)
    )


def _item(index: int, item: Item) -> ListItem:
    return ListItem(
        index=index,
        symbol=item.symbol,
        status=item.status,
        text="\n".join(item.texts),
        position=item.position,
        end_line=item.end_line,
        section=item.section,
        parent=item.parent,
        children=tuple(item.children),
        list_line=item.list_line,
        tags=tuple(item.tags),
        links=tuple(item.links),
        block_id=item.block_id,
    )
