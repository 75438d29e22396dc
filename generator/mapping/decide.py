"""One note to decisions: what each section is, by DESIGN's order of precedence, and its units.

A *unit* is a section that is a network, with the sections whose fields and tables speak for it: its
parts, and sections below it that name the same family again. Which units share a model, and under
which name, is decided for the whole vault in :mod:`generator.mapping.assemble`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Block, read_blocks
from generator.mapping.evidence import means_network, only_links
from generator.mapping.explicit import Explicit
from generator.mapping.model import Decision, Outcome
from generator.mapping.statements import (
    Draft,
    Surroundings,
    heading_of,
    name_section,
    section_text,
)
from generator.mapping.tokens import is_generic, is_name
from generator.notes.model import Note


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


def decide_note(note: Note, around: Surroundings) -> NoteMap:
    """Decide what every section of a note is."""
    blocks = read_blocks(note)
    drafts = [name_section(note, index, blocks, around) for index in range(len(note.sections))]
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


# ------------------------------------------------------------------ what speaks against a name


def _close(drafts: list[Draft], why: str) -> None:
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


def _gate(note: Note, drafts: list[Draft], around: Surroundings) -> None:
    """Turn names into mentions or nothing: scopes, homonyms, indexes of links."""
    for index, draft in enumerate(drafts):
        unknown = draft.rule == "unknown-variant" and draft.reading.homonym
        if not unknown and (draft.outcome is not None or draft.family is None):
            continue
        scope = _scope_above(note, drafts, index)
        if scope is not None:
            draft.set(
                Outcome.MENTION, "mention-scope", f"it stands under {section_text(note, scope)!r}"
            )
        elif (draft.reading.homonym or draft.reading.soft) and not means_network(
            note,
            index,
            around.lexicon,
            family=draft.family or draft.reading.families[0],
            homonym=draft.reading.homonym,
        ):
            words = " ".join(draft.reading.used)
            draft.set(
                Outcome.NONE,
                "homonym",
                f"{words!r} means other things too, and nothing else in the note speaks of networks",
            )
        elif not unknown and only_links(note, index):
            draft.set(Outcome.MENTION, "index", "it holds only links to other notes")


def _scope_above(note: Note, drafts: list[Draft], index: int) -> int | None:
    above = note.sections[index].parent
    while above is not None:
        if drafts[above].reading.scope and not drafts[above].is_network:
            return above
        above = note.sections[above].parent
    return None


def _yield_root(note: Note, drafts: list[Draft]) -> None:
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
            f"the heading {section_text(note, main)!r} names the same family",
        )


def _find_own(
    note: Note, drafts: list[Draft], blocks: Sequence[Block], around: Surroundings
) -> None:
    """Sections that define layers under a name nobody knows are networks of the note's own, among
    experiments, too."""
    if not note.tables and not blocks:
        return
    for index, draft in enumerate(drafts):
        if draft.outcome is Outcome.MODEL or draft.family is not None:
            continue
        if draft.outcome is not None and draft.rule not in ("unknown-variant",):
            continue
        broken = any(block.broken and block.section == index for block in blocks)
        if not broken and not around.has_rows(note, index, blocks, None, False):
            continue
        named = _named_above(note, drafts, index)
        if named is None or drafts[named].is_network:
            continue  # a table under a network's part speaks for that network
        drafts[named].own = _own_name(section_text(note, named))
        drafts[named].set(
            Outcome.MODEL, "layers", "its layer table or block defines a network of its own"
        )


_DATED = re.compile(r"^\d{4}-\d\d-\d\d(?:\s*[-–—:,|]\s*|\s+)")  # the day of a log's entry


def _own_name(heading: str) -> str:
    """What a network of the note's own is called: "What we trained: PlanktonNet" is PlanktonNet, and so is
    "2024-05-02 PlanktonNet"."""
    before, _, tail = heading.rpartition(": ")
    heading = tail if is_name(tail) and not is_name(before) else heading
    return _DATED.sub("", heading) or heading


def _named_above(note: Note, drafts: list[Draft], index: int) -> int | None:
    """The section whose name a table's network takes: this one, or the one above if its heading
    only says "Architecture" or "Layers". ``None`` where a network above takes the table itself: its
    part has no network's name."""
    at: int | None = index
    while at is not None:
        if drafts[at].is_network or drafts[at].outcome is Outcome.PART:
            return None
        above = note.sections[at].parent
        if above is None or not is_generic(section_text(note, at)):
            parent = None if is_name(section_text(note, at)) else above
            while parent is not None:
                if drafts[parent].is_network and drafts[at].rule in ("leftover", "no-name"):
                    return None
                parent = note.sections[parent].parent
            return at
        at = above
    return None


def _contain(note: Note, drafts: list[Draft]) -> None:
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


def _settle(note: Note, drafts: list[Draft]) -> None:
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
                draft.reason += f"; part of {section_text(note, unit)!r}"


def _same_above(note: Note, drafts: list[Draft], index: int) -> int | None:
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


def _units(note: Note, drafts: list[Draft]) -> tuple[Unit, ...]:
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
                draft.own or section_text(note, index),
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


def _decision(note: Note, index: int, draft: Draft) -> Decision:
    heading = heading_of(note, index)
    reading = draft.reading
    assert draft.outcome is not None
    families = reading.families
    return Decision(
        path=note.path,
        section=index,
        text=section_text(note, index),
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


# ------------------------------------------------------------------ what to tell the user


def _report(
    note: Note, drafts: list[Draft], blocks: Sequence[Block], around: Surroundings
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
            and (near := around.near.find(section_text(note, index)))
        ):
            found.append(
                diagnostic(
                    "NT401",
                    place,
                    f"{section_text(note, index)!r} is nearly the name of an architecture",
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
    heading = heading_of(note, index)
    return heading.position if heading is not None else Position(note.path)
