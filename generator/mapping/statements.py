"""What a section names by itself: in so many words, by its heading, or (the root) by the note's names.

What speaks against a name (the place it stands in, its other meanings) is
:mod:`generator.mapping.decide`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from generator.core.diagnostics import Diagnostic
from generator.graph.model import Destination
from generator.mapping.blocks import Block
from generator.mapping.explicit import PROPERTY, Explicit, Meaning, fallback_family, read_explicit
from generator.mapping.lexicon import Lexicon
from generator.mapping.model import Outcome
from generator.mapping.suggest import NearNames
from generator.mapping.tokens import Reading, Verdict, read_heading
from generator.notes.model import Heading, Link, Note

NOTHING_SAID = Explicit()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What deciding about one note needs to know beyond the note.

    ``subject`` gives the family that another note is about. ``has_rows`` says whether a section's
    own tables or block define layers. ``closed`` says why nothing may be generated from the note
    (``unmapped``, ``unpublished``), or is empty.
    """

    lexicon: Lexicon
    near: NearNames
    destinations: Sequence[Destination]
    subject: Callable[[str], str | None]
    has_rows: Callable[[Note, int, Sequence[Block], str | None, bool], bool]
    closed: str = ""


@dataclass(slots=True)
class Draft:
    """A section while it is being decided."""

    reading: Reading
    explicit: Explicit = NOTHING_SAID
    outcome: Outcome | None = None
    family: str | None = None
    variant: str | None = None
    own: str = ""  # the name of an architecture of the note's own
    fallback: str | None = None
    rule: str = ""
    reason: str = ""
    unit: int | None = None
    problems: list[Diagnostic] = field(default_factory=list)

    def set(self, outcome: Outcome, rule: str, reason: str) -> None:
        """Settle what the section is."""
        self.outcome, self.rule, self.reason = outcome, rule, reason

    @property
    def is_network(self) -> bool:
        """Whether the section names a network and nothing has spoken against it."""
        return self.outcome in (None, Outcome.MODEL) and bool(self.family or self.own)


def note_subject(note: Note, lexicon: Lexicon) -> str | None:
    """The family a note's title, file name or alias names, if it names one."""
    draft = _name_root(note, lexicon)
    return draft.family


def name_section(note: Note, index: int, blocks: Sequence[Block], around: Surroundings) -> Draft:
    """What a section names by itself: explicitly, by its heading, or (the root) by the note's names."""
    lexicon = around.lexicon
    heading = heading_of(note, index)
    draft = _name_root(note, lexicon) if heading is None else _name_heading(note, heading, around)
    if not _may_be_explicit(note, blocks):
        return draft
    explicit = read_explicit(note, index, blocks, lexicon)
    if explicit == NOTHING_SAID:
        return draft
    draft.explicit = explicit
    arch = explicit.arch
    if arch is None:
        return draft
    draft.variant = None if arch.family != draft.family else draft.variant
    match arch.meaning:
        case Meaning.NOTHING:
            draft.family = None
            draft.set(Outcome.NONE, "arch-none", f"line {arch.position.line} says `{arch.text}`")
        case Meaning.FAMILY:
            draft.family = arch.family
            draft.variant = arch.variant or draft.variant
            draft.set(
                Outcome.MODEL,
                arch.rule,
                f"line {arch.position.line} says it is {arch.text!r}",
            )
        case Meaning.OWN:
            draft.own = arch.text
            draft.fallback = draft.family or fallback_family(arch, lexicon)
            draft.family = None
            draft.set(
                Outcome.MODEL,
                arch.rule,
                f"line {arch.position.line} calls it {arch.text!r}, a name of the note's own",
            )
    return draft


def _may_be_explicit(note: Note, blocks: Sequence[Block]) -> bool:
    return (
        bool(blocks)
        or any(each.key.casefold() in ("arch", "variant", "module") for each in note.fields)
        or any(each.name.casefold().startswith("arch/") for each in note.tags)
        or note.property(PROPERTY) is not None
    )


def _name_root(note: Note, lexicon: Lexicon) -> Draft:
    """The root is named by the title, else the file name, else an alias."""
    title = read_heading(note.title, lexicon)
    names = [(title, note.title)]
    if note.stem != note.title:
        names.append((read_heading(note.stem, lexicon), note.stem))
    for reading, text in names:
        if reading.verdict is Verdict.NAMES:
            return _named(reading, "title", f"the note is called {text!r}")
        if reading.verdict is not Verdict.NOTHING:
            break
    speaking = next((each for each, _ in names if each.verdict is not Verdict.NOTHING), title)
    aliases = [(read_heading(alias, lexicon), alias) for alias in note.aliases]
    named = [(each, alias) for each, alias in aliases if each.verdict is Verdict.NAMES]
    families = {each.family for each, _ in named}
    if len(families) == 1 and (
        speaking.verdict is Verdict.NOTHING
        or (families == {speaking.family} and not speaking.aspect)
    ):
        # An alias that means only one thing settles one that could mean two.
        reading, alias = min(named, key=lambda each: each[0].homonym)
        return _named(reading, "alias", f"the note has the alias {alias!r}")
    return _unnamed(speaking)


def _name_heading(note: Note, heading: Heading, around: Surroundings) -> Draft:
    reading = read_heading(heading.text, around.lexicon)
    if reading.verdict is Verdict.NAMES:
        link = _only_link(note, heading)
        if link is not None:
            draft = _named(reading, "link", f"the heading is a link to {link.target!r}")
            target = around.destinations[link.index].path
            if target not in (None, note.path) and around.subject(str(target)) == reading.family:
                draft.set(
                    Outcome.MENTION,
                    "link-only",
                    f"the heading only links to {target}, which is about it",
                )
            return draft
        words = ", ".join(repr(each) for each in reading.used)
        return _named(reading, "heading-tokens", f"{words} names {reading.family}")
    if reading.verdict is Verdict.NOTHING and (heading.links or heading.tags):
        return _linked_or_tagged(note, heading, reading, around)
    return _unnamed(reading)


def _linked_or_tagged(
    note: Note, heading: Heading, reading: Reading, around: Surroundings
) -> Draft:
    """A family's tag, or a link to a note named so, in a heading whose words name nothing."""
    if reading.aspect or reading.scope:
        return _unnamed(reading)
    said: list[tuple[Reading, str, str, str | None]] = []
    for index in heading.links:
        link = note.links[index]
        if not link.embed and link.target:
            found = read_heading(link.target.rsplit("/", 1)[-1].removesuffix(".md"), around.lexicon)
            target = around.destinations[index].path
            said.append((found, "link", f"the heading links to {link.target!r}", target))
    for index in heading.tags:
        tag = note.tags[index].name
        if not tag.casefold().startswith("arch/"):
            found = read_heading(tag.rsplit("/", 1)[-1], around.lexicon)
            said.append((found, "tag", f"the heading has the tag #{tag}", None))
    named = [each for each in said if each[0].verdict is Verdict.NAMES]
    families = {each[0].family for each in named}
    if len(families) != 1:
        return _unnamed(reading)
    found, rule, reason, target = named[0]
    draft = _named(found, rule, reason)
    if target not in (None, note.path) and around.subject(str(target)) == found.family:
        draft.set(Outcome.MENTION, "link-only", f"{reason}, which is about it")
    return draft


def _only_link(note: Note, heading: Heading) -> Link | None:
    """The link that is the whole heading, numbering and signs aside."""
    links = [note.links[index] for index in heading.links if not note.links[index].embed]
    if len(links) != 1 or not links[0].target:
        return None
    start, end = heading.text.find("["), heading.text.rfind("]")
    around = heading.text[:start] + heading.text[end + 1 :] if end > start >= 0 else heading.text
    around = around.partition("(")[0] if around.lstrip().startswith("(") else around
    return links[0] if not any(each.isalpha() for each in around) else None


def _named(reading: Reading, rule: str, reason: str) -> Draft:
    return Draft(reading, family=reading.family, variant=reading.variant, rule=rule, reason=reason)


def _unnamed(reading: Reading) -> Draft:
    draft = Draft(reading)
    match reading.verdict:
        case Verdict.TWO_FAMILIES:
            names = " and ".join(reading.families)
            draft.set(Outcome.NONE, "two-families", f"it names {names}")
        case Verdict.UNKNOWN_VARIANT:
            draft.set(
                Outcome.NONE,
                "unknown-variant",
                f"{reading.family} has no variant called {reading.unknown!r}",
            )
        case Verdict.LEFTOVER:
            words = ", ".join(repr(each) for each in reading.leftover)
            draft.rule = "leftover"
            draft.reason = f"beside {reading.family} it says {words}"
        case _:
            draft.rule = "no-name"
            draft.reason = "no architecture's name stands in it"
    return draft


def heading_of(note: Note, index: int) -> Heading | None:
    heading = note.sections[index].heading
    return None if heading is None else note.headings[heading]


def section_text(note: Note, index: int) -> str:
    heading = heading_of(note, index)
    return note.title if heading is None else heading.plain
