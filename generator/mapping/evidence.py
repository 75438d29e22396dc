"""What a note's text says about a section beside its heading.

Three questions, each answered from the parsed note: is there a second sign that a homonym means the
network ("Inception" the film), is a section only an index of links, and which variant does its prose
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.architectures.model import Family
from generator.mapping.folding import Token, bare, clean, tokenise
from generator.mapping.lexicon import Lexicon, phrase_starts
from generator.mapping.markup import strip_markup
from generator.mapping.names import find_names
from generator.mapping.words import COUNTER_SIGNS, SIGN_LINKS, SIGNS
from generator.notes.model import LinkKind, Note, Statement, StatementKind

# Longer texts are cut: signs stand early, and a note may hold a book.
_MOST_CHARACTERS = 200_000


def subtree(note: Note, section: int) -> frozenset[int]:
    """A section's index with those of all sections below it."""
    found: set[int] = set()
    waiting = [section]
    while waiting:
        index = waiting.pop()
        found.add(index)
        waiting.extend(note.sections[index].children)
    return frozenset(found)


# ------------------------------------------------------------------ the second sign


def means_network(
    note: Note, section: int, lexicon: Lexicon, *, family: str, homonym: bool
) -> bool:
    """Whether a name with other meanings names the network here.

    A homonym needs a second sign in the note: a layer word, another architecture, a link to a
    paper. Where the section itself (for the root: the note) speaks of another meaning, two different
    signs must stand in that same place, also for names made of ordinary words.
    """
    inside = subtree(note, section)
    own = _tokens(_texts(note, inside))
    if any(_phrases_in(own, COUNTER_SIGNS)):
        return len(_signs(own, _links(note, inside), lexicon, family)) >= 2
    if not homonym:
        return True
    whole = _tokens([*_texts(note, None), note.path.rpartition("/")[0]])
    return bool(_signs(whole, _links(note, None), lexicon, family))


def _signs(
    tokens: tuple[Token, ...], links: Iterable[str], lexicon: Lexicon, family: str
) -> frozenset[str]:
    found = set(_phrases_in(tokens, SIGNS))
    for run in find_names(tokens, lexicon):
        for naming in run.namings:
            if not run.homonym:
                found.add(
                    f"family {naming.family}" if naming.family != family else "its other name"
                )
    found.update(host for link in links for host in SIGN_LINKS if host in link.lower())
    return frozenset(found)


def _texts(note: Note, sections: frozenset[int] | None) -> Iterator[str]:
    """The note's texts (of some sections); ``None``: all, with properties and tags."""
    left = _MOST_CHARACTERS
    for statement in note.statements:
        if sections is None or statement.section in sections:
            yield statement.text
            left -= len(statement.text)
            if left < 0:
                return
    for heading in note.headings:
        if sections is None or heading.section in sections:
            yield heading.plain
    for tag in note.tags:
        if sections is None or tag.section in sections:
            yield tag.name.replace("/", " ")
    for link in note.links:
        if sections is None or link.section in sections:
            yield link.target
    if sections is None:
        yield from note.aliases
        for each in note.properties:
            if isinstance(each.value, str):
                yield each.value


def _links(note: Note, sections: frozenset[int] | None) -> Iterator[str]:
    ranges = (
        None
        if sections is None
        else [(note.sections[i].line, note.sections[i].own_end_line) for i in sections]
    )
    for address, position in note.external_links:
        if ranges is None or any(first <= position.line <= last for first, last in ranges):
            yield address


def _tokens(texts: Iterable[str]) -> tuple[Token, ...]:
    # A strong separator between texts: no phrase and no name runs from one into the next.
    return tokenise(clean(" | ".join(strip_markup(text) for text in texts)))


def _phrases_in(tokens: Sequence[Token], table: tuple[str, ...]) -> Iterator[str]:
    """Phrases of a table among tokens, each once."""
    starts = phrase_starts(table)
    texts = tuple(token.text for token in tokens)
    seen: set[tuple[str, ...]] = set()
    for start, text in enumerate(texts):
        for phrase in starts.get(text, ()):
            if phrase not in seen and texts[start : start + len(phrase)] == phrase:
                seen.add(phrase)
                yield " ".join(phrase)


# ------------------------------------------------------------------ an index of links

_GLOSS = 12  # words that may follow the link of an index entry
_LEAD = 3  # words that may stand around a lone link ("see also …")
_QUERIES = frozenset({"dataview", "dataviewjs", "base", "query"})
_LINES = frozenset({StatementKind.PARAGRAPH, StatementKind.LIST_ITEM, StatementKind.CELL})


def only_links(note: Note, section: int) -> bool:
    """Whether a section (with those below it) holds links to notes and nothing else to speak of.

    Entries of an index may carry a short gloss when there are at least two of them. A picture, a
    table of numbers, code, a formula or a sentence of its own make it more than an index.
    """
    inside = subtree(note, section)
    entries = glossed = 0
    for fence in note.fences:
        if fence.section in inside:
            if fence.language not in _QUERIES:
                return False
            entries += 1
    for link in note.links:
        if link.section in inside and link.embed:
            if not _is_note(link.target):
                return False
            entries += 1
    if any(field.section in inside for field in note.fields):
        return False
    for statement in note.statements:
        if statement.section not in inside or statement.kind is StatementKind.HEADING:
            continue
        if statement.kind not in _LINES:
            return False
        words = _words_beside_links(note, statement)
        if words is None:
            return False
        entries += 1
        glossed += words > _LEAD
    return entries > 0 and (glossed == 0 or entries >= 2)


def _words_beside_links(note: Note, statement: Statement) -> int | None:
    """How many words stand beside the links of an index entry; ``None`` if it is no such entry."""
    last = statement.position.line + statement.text.count("\n")
    rest = statement.text
    first_display = None
    for link in note.links:
        if link.kind is LinkKind.FRONTMATTER or link.embed:
            continue
        if statement.position.line <= link.position.line <= last and (
            link.section == statement.section
        ):
            display = link.display or (link.target + link.subpath.replace("#", " > ")).strip(" >")
            for shown in (display, link.target.rsplit("/", 1)[-1]):
                if shown and shown in rest:
                    first_display = first_display or shown
                    rest = rest.replace(shown, " ", 1)
                    break
    if not rest.strip():
        return 0 if first_display else None if statement.text.strip() else 0
    if first_display is None:
        return None
    words = len(tokenise(clean(rest)))
    starts = statement.text.lstrip(" -*•→").startswith(first_display)
    return words if words <= _LEAD or (starts and words <= _GLOSS) else None


def _is_note(target: str) -> bool:
    name = target.rsplit("/", 1)[-1]
    stem, dot, extension = name.rpartition(".")
    return not (dot and stem and extension.lower() != "md" and len(extension) <= 5)


# ------------------------------------------------------------------ the variant in the prose


def prose_variant(
    note: Note, sections: Iterable[int], family: Family, lexicon: Lexicon
) -> tuple[str, str] | None:
    """The variant that the prose of some sections picks, with the words that pick it.

    A variant that is named, if no other is; else the one that a hint of the family points to.
    """
    inside = frozenset(sections)
    texts = [
        statement.text
        for statement in note.statements
        if statement.section in inside and statement.kind is not StatementKind.HEADING
    ]
    named = _variants_named(texts, family, lexicon)
    if len(named) == 1:
        return next(iter(named.items()))
    if named:
        return None
    squeezed = bare(clean(" ".join(texts)))
    hinted = {
        variant: word
        for variant, words in family.hints.items()
        for word in reversed(words)
        if bare(clean(word)) in squeezed
    }
    if len(hinted) > 1:
        # What hints at the default is said of its successors too.
        hinted.pop(family.default, None)
    return next(iter(hinted.items())) if len(hinted) == 1 else None


def _variants_named(texts: Iterable[str], family: Family, lexicon: Lexicon) -> dict[str, str]:
    named: dict[str, str] = {}
    own_names = lexicon.plain_names(family.name)
    for text in texts:
        if not lexicon.may_name(text):
            continue
        tokens = tokenise(clean(text))
        for run in find_names(tokens, lexicon):
            spelling = "".join(token.text for token in tokens[run.start : run.end])
            for naming in run.namings:
                if naming.family == family.name and naming.variant and spelling not in own_names:
                    words = " ".join(token.original for token in tokens[run.start : run.end])
                    named.setdefault(naming.variant, words)
    return named
