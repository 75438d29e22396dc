"""What a fixture can show of a parsed note: each view is a short text, one finding a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.core.source import Position
from generator.notes.model import (
    AnchorHole,
    EmbedHole,
    FootnoteHole,
    HeadingEndHole,
    HeadingHole,
    Hole,
    Html,
    LinkHole,
    MermaidHole,
    Note,
    QueryHole,
    StatementEnd,
    TagHole,
)


def at(position: Position) -> str:
    return f"{position.line}:{position.column}"


def rendered(html: Html) -> str:
    """HTML with its holes written out; ends of statements are left out."""
    return "".join(piece if isinstance(piece, str) else hole(piece) for piece in html)


def hole(piece: Hole) -> str:
    match piece:
        case LinkHole():
            inner = rendered(piece.pieces) if piece.pieces else piece.html
            return f"⟦link {piece.link}{' ' + inner if inner else ''}⟧"
        case EmbedHole():
            size = piece.size
            parts = [f"embed {piece.link} {piece.alt!r}"]
            if size.width is not None:
                parts.append(f"{size.width}x{size.height if size.height is not None else 'auto'}")
            if piece.hint:
                parts.append(f"hint={piece.hint}")
            return "⟦" + " ".join(parts + ["block"] * piece.block) + "⟧"
        case TagHole():
            return f"⟦#{piece.name}⟧"
        case HeadingHole():
            return f"⟦h {piece.heading}⟧"
        case HeadingEndHole():
            return "⟦/h⟧"
        case AnchorHole():
            return f"⟦id {piece.id}⟧"
        case FootnoteHole():
            return f"⟦{'back' if piece.back else 'note'} {piece.number}.{piece.nth}⟧"
        case QueryHole():
            source = piece.source.strip().replace("\n", "⏎")
            return f"⟦{piece.language} {source} {at(piece.position)} {piece.fence}⟧"
        case MermaidHole():
            return f"⟦mermaid {piece.source.strip()}⟧"
        case StatementEnd():
            return ""


def quoted(text: str | None) -> str:
    return "-" if text is None else '"' + text.replace("\n", "⏎") + '"'


def links(note: Note) -> Iterable[str]:
    for each in note.links:
        embed = "!" if each.embed else ""
        yield (
            f"{embed}{each.kind} {quoted(each.target)} {quoted(each.subpath)}"
            f" {quoted(each.display)} {at(each.position)}"
        )


def external(note: Note) -> Iterable[str]:
    return (f"{address} {at(position)}" for address, position in note.external_links)


def tags(note: Note) -> Iterable[str]:
    for each in note.tags:
        origin = "" if each.origin == "inline" else f" {each.origin}"
        yield f"{each.name} {at(each.position)}{origin}"


def headings(note: Note) -> Iterable[str]:
    for each in note.headings:
        nested = " nested" if each.nested else ""
        yield (
            f"h{each.level} {quoted(each.text)} plain={quoted(each.plain)} key={quoted(each.key)}"
            f" slug={each.slug} {at(each.position)} section={each.section}{nested}"
        )


def sections(note: Note) -> Iterable[str]:
    for each in note.sections:
        yield (
            f"{each.index} level={each.level} heading={each.heading} lines={each.line}-{each.end_line}"
            f" own=-{each.own_end_line} parent={each.parent} children={list(each.children)}"
        )


def ids(note: Note) -> Iterable[str]:
    for each in note.block_ids:
        html = rendered(each.html).replace("\n", "")
        yield f"{each.name} {at(each.position)} lines={each.line}-{each.end_line} block={each.block} {html}"


def fields(note: Note) -> Iterable[str]:
    for each in note.fields:
        item = "" if each.item is None else f" item={each.item}"
        page = "" if each.page else " not-page"
        yield f"{each.key}={quoted(each.raw)} {each.form} {at(each.position)}{item}{page}"


def items(note: Note) -> Iterable[str]:
    for each in note.items:
        extra = f" ^{each.block_id}" if each.block_id else ""
        extra += f" tags={list(each.tags)}" if each.tags else ""
        extra += f" links={list(each.links)}" if each.links else ""
        yield (
            f"{each.index} {each.symbol} {quoted(each.status)} {quoted(each.text)} {at(each.position)}"
            f"-{each.end_line} parent={each.parent} children={list(each.children)}"
            f" list={each.list_line}{extra}"
        )


def tables(note: Note) -> Iterable[str]:
    for each in note.tables:
        yield f"table {at(each.position)}-{each.end_line} section={each.section}"
        for row in (each.header, *each.rows):
            cells = (
                f"{cell.text}{'' if cell.plain == cell.text else f' → {cell.plain}'} {at(cell.position)}"
                for cell in row
            )
            yield "  " + " ¦ ".join(cells)


def fences(note: Note) -> Iterable[str]:
    for each in note.fences:
        yield (
            f"{each.index} {quoted(each.language)} {quoted(each.info)} {quoted(each.content)}"
            f" {at(each.position)} content={each.content_line}"
        )


def statements(note: Note) -> Iterable[str]:
    for each in note.statements:
        places = " ".join(f"{offset}@{line}:{column}" for offset, line, column in each.offsets)
        yield f"{each.kind} {quoted(each.text)} {at(each.position)} [{places}]"


def sentences(note: Note) -> Iterable[str]:
    return (f"{each.index}: {each.sentence}" for each in note.links)


def body(note: Note) -> Iterable[str]:
    for each in note.body:
        yield from rendered(each.html).rstrip("\n").split("\n")


def blocks(note: Note) -> Iterable[str]:
    for each in note.body:
        heading = "" if each.heading is None else f" heading={each.heading}"
        yield f"{each.line}-{each.end_line}{heading} {rendered(each.html)[:40]!r}"


def properties(note: Note) -> Iterable[str]:
    for each in note.properties:
        yield f"{each.key} = {each.value!r} {at(each.position)} {dict(each.paths)}"


def names(note: Note) -> Iterable[str]:
    yield f"title={note.title} aliases={list(note.aliases)} lines={note.lines}"
    yield f"frontmatter={note.frontmatter_lines} words={note.words} needs={sorted(note.needs)}"


def diagnostics(note: Note) -> Iterable[str]:
    for each in note.diagnostics:
        yield f"{each.code} {each.severity} {at(each.position)} {each.message}"


VIEWS: dict[str, Callable[[Note], Iterable[str]]] = {
    view.__name__: view
    for view in (
        links, external, tags, headings, sections, ids, fields, items, tables, fences, statements,
        sentences, body, blocks, properties, names, diagnostics,
    )
}  # fmt: skip
