"""One note to decisions: what each section is, by DESIGN's order of precedence, and its units.

A *unit* is a section that is a network, with the sections whose fields and tables speak for it: its
parts, and sections below it that name the same family again. Which units share a model, and under
which name, is decided for the whole vault in :mod:`generator.mapping.assemble`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.graph.model import Destination
from generator.mapping.blocks import Block, read_blocks
from generator.mapping.evidence import means_network, only_links
from generator.mapping.explicit import (
    PROPERTY,
    Explicit,
    Meaning,
    fallback_family,
    read_explicit,
)
from generator.mapping.lexicon import Lexicon
from generator.mapping.model import Decision, Outcome
from generator.mapping.suggest import NearNames
from generator.mapping.tokens import Reading, Verdict, is_generic, read_heading
from generator.notes.model import Heading, Link, Note

_EMPTY = Explicit()


@dataclass(frozen=True, slots=True)
class Unit:
    """A section that is a network.

    ``family`` is ``None`` for an architecture that only its own layers define; ``name`` is then what
    it is called. ``variant`` is what ``arch::`` or the heading names. ``sections`` are all whose
    fields count, ``sources`` those that are the network, ``containers`` the collections around it,
    outermost first. ``problems`` of error level refuse it.
    """

    path: str
    section: int
    family: str | None
    variant: str | None
    name: str
    rule: str
    explicit: Explicit
    about: bool  # the note as a whole is about this family
    sections: tuple[int, ...]
    sources: tuple[int, ...]
    containers: tuple[int, ...]
    problems: tuple[Diagnostic, ...] = ()
    fallback: str | None = None  # the family most likely meant by an ``arch`` that nobody knows


@dataclass(frozen=True, slots=True)
class NoteMap:
    """What one note's sections are."""

    decisions: tuple[Decision, ...]
    units: tuple[Unit, ...]
    blocks: tuple[Block, ...]
    diagnostics: tuple[Diagnostic, ...]


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
class _Draft:
    """A section while it is being decided."""

    reading: Reading
    explicit: Explicit = _EMPTY
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


def decide_note(note: Note, around: Surroundings) -> NoteMap:
    """Decide what every section of a note is."""
    blocks = read_blocks(note)
    drafts = [_name(note, index, blocks, around) for index in range(len(note.sections))]
    if around.closed:
        _close(drafts, around.closed)
    else:
        _gate(note, drafts, around)
        _yield_root(note, drafts)
        _find_own(note, drafts, blocks, around)
        _contain(note, drafts)
    _settle(note, drafts)
    units = _units(note, drafts) if not around.closed else ()
    found = [] if around.closed else list(_report(note, drafts, blocks, around))
    return NoteMap(
        tuple(_decision(note, index, draft) for index, draft in enumerate(drafts)),
        units,
        blocks,
        tuple(found),
    )


# ------------------------------------------------------------------ naming


def _name(note: Note, index: int, blocks: Sequence[Block], around: Surroundings) -> _Draft:
    """What a section names by itself: explicitly, by its heading, or (the root) by the note's names."""
    lexicon = around.lexicon
    heading = _heading(note, index)
    draft = _name_root(note, lexicon) if heading is None else _name_heading(note, heading, around)
    if not _may_be_explicit(note, blocks):
        return draft
    explicit = read_explicit(note, index, blocks, lexicon)
    if explicit == _EMPTY:
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


def _heading(note: Note, index: int) -> Heading | None:
    heading = note.sections[index].heading
    return None if heading is None else note.headings[heading]


def _name_root(note: Note, lexicon: Lexicon) -> _Draft:
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


def _name_heading(note: Note, heading: Heading, around: Surroundings) -> _Draft:
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
        words = " ".join(reading.used)
        return _named(reading, "heading-tokens", f"{words!r} is a name of {reading.family}")
    if reading.verdict is Verdict.NOTHING and (heading.links or heading.tags):
        return _linked_or_tagged(note, heading, reading, around)
    return _unnamed(reading)


def _linked_or_tagged(
    note: Note, heading: Heading, reading: Reading, around: Surroundings
) -> _Draft:
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


def _named(reading: Reading, rule: str, reason: str) -> _Draft:
    return _Draft(reading, family=reading.family, variant=reading.variant, rule=rule, reason=reason)


def _unnamed(reading: Reading) -> _Draft:
    draft = _Draft(reading)
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


# ------------------------------------------------------------------ what speaks against a name


def _close(drafts: list[_Draft], why: str) -> None:
    """Nothing may come from this note: what names a network only mentions it."""
    reason = {
        "unmapped": "the note is not mapped (excluded, a template, a daily note, or says so)",
        "unpublished": "the note is not published, so nothing is generated from it",
    }[why]
    for draft in drafts:
        if draft.family or draft.own:
            draft.set(Outcome.MENTION, why, reason)
        else:
            draft.set(Outcome.NONE, why, reason)


def _gate(note: Note, drafts: list[_Draft], around: Surroundings) -> None:
    """Turn names into mentions or nothing: scopes, homonyms, indexes of links."""
    for index, draft in enumerate(drafts):
        if draft.outcome is not None or draft.family is None:
            continue
        scope = _scope_above(note, drafts, index)
        if scope is not None:
            draft.set(Outcome.MENTION, "mention-scope", f"it stands under {_text(note, scope)!r}")
        elif draft.reading.homonym and not means_network(
            note, index, around.lexicon, family=draft.family
        ):
            words = " ".join(draft.reading.used)
            draft.set(
                Outcome.NONE,
                "homonym",
                f"{words!r} means other things too, and nothing else in the note speaks of networks",
            )
        elif only_links(note, index):
            draft.set(Outcome.MENTION, "index", "it holds only links to other notes")


def _scope_above(note: Note, drafts: list[_Draft], index: int) -> int | None:
    above = note.sections[index].parent
    while above is not None:
        if drafts[above].reading.scope and not drafts[above].is_network:
            return above
        above = note.sections[above].parent
    return None


def _yield_root(note: Note, drafts: list[_Draft]) -> None:
    """Where a heading names what the note's name names, the heading is the network."""
    root = drafts[0]
    if root.outcome is not None or root.family is None:
        return
    same = [
        index
        for index, draft in enumerate(drafts)
        if index and draft.is_network and draft.family == root.family
    ]
    plain = [index for index in same if drafts[index].variant in (None, root.variant)]
    if plain or len(same) == 1:
        main = (plain or same)[0]
        root.unit = main
        root.set(
            Outcome.PART,
            "named-by-heading",
            f"the heading {_text(note, main)!r} names the same family",
        )


def _find_own(
    note: Note, drafts: list[_Draft], blocks: Sequence[Block], around: Surroundings
) -> None:
    """Sections that define layers under a name nobody knows are networks of the note's own."""
    if not note.tables and not blocks:
        return
    for index, draft in enumerate(drafts):
        if draft.outcome is Outcome.MODEL or draft.family is not None:
            continue
        if draft.outcome is not None and draft.rule not in ("unknown-variant",):
            continue
        if _scope_above(note, drafts, index) is not None or draft.reading.scope:
            continue
        broken = any(block.broken and block.section == index for block in blocks)
        if not broken and not around.has_rows(note, index, blocks, None, False):
            continue
        named = _named_above(note, drafts, index)
        if named is None or drafts[named].is_network:
            continue  # a table under a network's part speaks for that network
        drafts[named].own = _text(note, named)
        drafts[named].set(
            Outcome.MODEL, "layers", "its layer table or block defines a network of its own"
        )


def _named_above(note: Note, drafts: list[_Draft], index: int) -> int | None:
    """The section whose name a table's network takes: this one, or the one above if its heading
    only says "Architecture" or "Layers". ``None`` where a network above takes the table itself."""
    at: int | None = index
    while at is not None:
        if drafts[at].is_network or drafts[at].outcome is Outcome.PART:
            return None
        above = note.sections[at].parent
        if above is None or not is_generic(_text(note, at)):
            parent = above
            while parent is not None:
                if drafts[parent].is_network and drafts[at].rule in ("leftover", "no-name"):
                    return None
                parent = note.sections[parent].parent
            return at
        at = above
    return None


def _contain(note: Note, drafts: list[_Draft]) -> None:
    """Collections: a collective word, and sections directly below that are networks."""
    for index, draft in enumerate(drafts):
        if draft.outcome is not None and draft.outcome is not Outcome.NONE:
            continue
        if not draft.reading.collective or draft.reading.scope or draft.explicit.arch:
            continue
        below = [drafts[child] for child in note.sections[index].children]
        families = {each.family or each.own for each in below if each.is_network}
        if not families or (draft.is_network and families == {draft.family}):
            continue
        draft.family, draft.variant = None, None
        draft.set(Outcome.CONTAINER, "collection", "it announces several, and they stand below it")


# ------------------------------------------------------------------ outcomes and units


def _settle(note: Note, drafts: list[_Draft]) -> None:
    """Give every section an outcome and, where it speaks for a network, that network's section."""
    for index, draft in enumerate(drafts):
        if draft.outcome is None and draft.family is not None:
            draft.outcome = Outcome.MODEL
        if draft.outcome is Outcome.MODEL:
            same = _same_above(note, drafts, index)
            draft.unit = index if same is None else same
        elif draft.outcome is None:
            above = note.sections[index].parent
            unit = drafts[above].unit if above is not None else None
            if unit is None:
                draft.outcome = Outcome.NONE
            else:
                draft.unit = unit
                draft.outcome = Outcome.PART
                draft.family = drafts[unit].family
                draft.reason += f"; part of {_text(note, unit)!r}"


def _same_above(note: Note, drafts: list[_Draft], index: int) -> int | None:
    """The network above that this section names again, without naming another variant."""
    draft = drafts[index]
    if draft.explicit.arch is not None:
        return None
    above = note.sections[index].parent
    while above is not None:
        other = drafts[above]
        if other.outcome is Outcome.MODEL and other.unit is not None:
            same = draft.family is not None and other.family == draft.family
            plain = draft.variant in (None, other.variant) or draft.reading.variant is None
            return other.unit if same and plain else None
        above = note.sections[above].parent
    return None


def _units(note: Note, drafts: list[_Draft]) -> tuple[Unit, ...]:
    units: list[Unit] = []
    for index, draft in enumerate(drafts):
        if draft.outcome is not Outcome.MODEL or draft.unit != index:
            continue
        sections = tuple(i for i, each in enumerate(drafts) if each.unit == index)
        containers: list[int] = []
        above = note.sections[index].parent
        while above is not None:
            if drafts[above].outcome is Outcome.CONTAINER:
                containers.insert(0, above)
            above = note.sections[above].parent
        units.append(
            Unit(
                note.path,
                index,
                draft.family,
                draft.variant,
                draft.own or _text(note, index),
                draft.rule,
                draft.explicit,
                about=drafts[0].reading.family is not None
                and drafts[0].reading.family == draft.family
                and (index == 0 or drafts[0].outcome is Outcome.PART or drafts[0].unit == 0),
                sections=sections,
                sources=tuple(
                    i for i in sections if drafts[i].outcome is Outcome.MODEL or i == index
                ),
                containers=tuple(containers),
                problems=tuple(draft.explicit.problems),
                fallback=draft.fallback,
            )
        )
    return tuple(units)


def _decision(note: Note, index: int, draft: _Draft) -> Decision:
    heading = _heading(note, index)
    reading = draft.reading
    assert draft.outcome is not None
    families = reading.families
    return Decision(
        path=note.path,
        section=index,
        text=_text(note, index),
        level=note.sections[index].level,
        line=heading.position.line if heading is not None else 1,
        outcome=draft.outcome,
        family=draft.family,
        variant=draft.variant,
        rule=draft.rule,
        reason=draft.reason,
        used=reading.used,
        leftover=reading.leftover,
        rejected=", ".join(each for each in families if each != draft.family),
    )


def _text(note: Note, index: int) -> str:
    heading = _heading(note, index)
    return note.title if heading is None else heading.plain


# ------------------------------------------------------------------ what to tell the user


def _report(
    note: Note, drafts: list[_Draft], blocks: Sequence[Block], around: Surroundings
) -> Sequence[Diagnostic]:
    found: list[Diagnostic] = []
    for index, draft in enumerate(drafts):
        place = _place(note, index)
        if draft.rule == "unknown-variant" and draft.outcome is Outcome.NONE:
            family = around.lexicon.families[draft.reading.families[0]]
            names = [each.name for network in family.networks for each in network.variants]
            found.append(
                diagnostic(
                    "NT402",
                    place,
                    f"{family.title} has no variant {draft.reading.unknown!r}; nothing is generated",
                    found=draft.reading.unknown,
                    expected=", ".join(names),
                )
            )
        elif (
            draft.rule == "no-name"
            and draft.outcome in (Outcome.NONE, Outcome.PART)
            and (near := around.near.find(_text(note, index)))
        ):
            found.append(
                diagnostic(
                    "NT401",
                    place,
                    f"{_text(note, index)!r} is nearly the name of an architecture",
                    hint=f"did you mean {near!r}?",
                )
            )
        if draft.outcome is not Outcome.MODEL:
            found.extend(draft.explicit.problems)
    for block in blocks:
        found.extend(block.diagnostics)
        if drafts[block.section].unit is None and drafts[block.section].rule != "arch-none":
            found.append(
                diagnostic(
                    "NT403",
                    block.position,
                    "this notetorch block stands in a section that names no architecture",
                    hint="add `arch: name` or `layers:` to it",
                )
            )
    return found


def _place(note: Note, index: int) -> Position:
    heading = _heading(note, index)
    return heading.position if heading is not None else Position(note.path)
