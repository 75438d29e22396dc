"""Hand-made notes and vaults for graph tests: only what resolving needs, no parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from generator.core.source import Position
from generator.notes.keys import heading_key
from generator.notes.model import (
    BlockId,
    Data,
    Heading,
    Link,
    LinkKind,
    Note,
    Property,
    Section,
)
from generator.vault.model import Config, ObsidianSettings, Snapshot, VaultFile

_WIKI = re.compile(r"(!?)\[\[([^\[\]|#]*)(#[^\[\]|]*)?(?:\|([^\[\]]*))?\]\]")


def make_note(path: str, text: str = "", **properties: Data) -> Note:
    """A note from lines of text: ATX headings, ``^ids`` at line ends and wiki-links only."""
    headings: list[Heading] = []
    links: list[Link] = []
    blocks: list[BlockId] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if match := re.match(r"(> )?(#{1,6}) (.+)", line):
            headings.append(
                Heading(
                    index=len(headings),
                    level=len(match[2]),
                    text=match[3],
                    plain=match[3],
                    key=heading_key(match[3]),
                    slug=heading_key(match[3]).replace(" ", "-"),
                    position=Position(path, number),
                    section=0,
                    nested=match[1] is not None,
                )
            )
        if match := re.search(r"(?:^| )\^([A-Za-z0-9-]+)$", line):
            blocks.append(BlockId(match[1], Position(path, number), number, number, 0, ()))
        for match in _WIKI.finditer(line):
            links.append(
                Link(
                    index=len(links),
                    kind=LinkKind.WIKI,
                    embed=bool(match[1]),
                    target=match[2].strip(),
                    subpath=match[3] or "",
                    display=match[4],
                    position=Position(path, number, match.start() + 1),
                    section=0,
                    sentence=line,
                )
            )
    stem = path.rpartition("/")[2].removesuffix(".md")
    aliases = properties.get("aliases", ())
    lines = text.count("\n") + 1
    return Note(
        path=path,
        digest="",
        stem=stem,
        title=stem,
        lines=lines,
        properties=tuple(
            Property(key.replace("_", "-"), value, Position(path, 2), MappingProxyType({}))
            for key, value in properties.items()
        ),
        frontmatter_lines=None,
        aliases=aliases if isinstance(aliases, tuple) else (str(aliases),),
        tags=(),
        headings=tuple(headings),
        sections=(Section(0, 0, None, 1, lines, lines, None, ()),),
        links=tuple(links),
        external_links=(),
        block_ids=tuple(blocks),
        fields=(),
        items=(),
        tables=(),
        fences=(),
        statements=(),
        body=(),
        words=0,
        needs=frozenset(),
        diagnostics=(),
    )


def make_snapshot(
    paths: Mapping[str, bytes] | tuple[str, ...],
    *,
    config: Config | None = None,
    settings: ObsidianSettings | None = None,
    **sets: frozenset[str],
) -> Snapshot:
    """A snapshot that holds these paths, with empty contents unless given."""
    texts = paths if isinstance(paths, Mapping) else dict.fromkeys(paths, b"")
    return Snapshot(
        root="/vault",
        files=tuple(VaultFile(path, path, len(texts[path])) for path in sorted(texts)),
        texts={path: text for path, text in texts.items() if path.endswith((".md", ".csv", ".js"))},
        settings=settings or ObsidianSettings(),
        config=config or Config(),
        **sets,
    )
