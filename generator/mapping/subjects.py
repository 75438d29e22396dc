"""What each section's statements are about, and their verdicts: the mapping handed to the claims stage.

A section that defines an architecture speaks of that network; a heading that names another variant of it
speaks of that variant; a section that is part of one speaks of what its parent does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from generator.architectures.lower import lower, resolve_params
from generator.architectures.model import Family, NetworkSpec, Variant
from generator.claims.check import check_note, claim_diagnostics
from generator.claims.model import Claim, Figure, Subject
from generator.core.diagnostics import Diagnostic
from generator.graph.model import Graph
from generator.mapping.model import Architecture, Outcome, VaultMapping
from generator.notes.model import Note

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stating:
    """A note that may state something, with the network each of its sections is about."""

    note: Note
    subjects: Mapping[int, Subject]


# What checks notes, against a catalogue and further names: :func:`check_notes`, or a memory of it.
CheckNotes: TypeAlias = Callable[
    [Sequence[Stating], Mapping[str, Subject], Mapping[str, str]], Sequence[tuple[Claim, ...]]
]


def check_notes(
    stating: Sequence[Stating], catalogue: Mapping[str, Subject], spoken: Mapping[str, str]
) -> list[tuple[Claim, ...]]:
    """Check notes one after the other."""
    return [
        check_note(each.note, each.subjects, catalogue=catalogue, spoken=spoken) for each in stating
    ]


def check_claims(
    graph: Graph, mapping: VaultMapping, *, check: CheckNotes = check_notes
) -> tuple[dict[str, tuple[Claim, ...]], tuple[Diagnostic, ...]]:
    """Check what every note states; templates and excluded notes state nothing.

    Gives the claims of each note that makes any, by path, and what is wrong with them.
    """
    catalogue = Catalogue(mapping)
    sections = _subjects(graph, mapping, catalogue)
    silent = graph.snapshot.templates | graph.snapshot.excluded
    stating = [
        Stating(note, sections.get(path, {}))
        for path, note in sorted(graph.notes.items())
        if path not in silent
    ]
    checked = check(stating, catalogue, catalogue.spoken())
    found = {
        each.note.path: claims for each, claims in zip(stating, checked, strict=True) if claims
    }
    diagnostics = [each for claims in found.values() for each in claim_diagnostics(claims)]
    return found, tuple(diagnostics)


class Catalogue(Mapping[str, Subject]):
    """Every network that can be created, by registry name; its IR is made when it is asked for."""

    def __init__(self, mapping: VaultMapping) -> None:
        self._own = {each.name: each for each in mapping.architectures}
        self._named: dict[str, tuple[Family, NetworkSpec, Variant]] = {}
        for each in mapping.architectures:
            for network in each.family.networks if each.family else ():
                for variant in network.variants:
                    assert each.family is not None
                    self._named.setdefault(variant.name, (each.family, network, variant))
        self._made: dict[str, Subject] = {}

    def __getitem__(self, name: str) -> Subject:
        if name not in self._made:
            own = self._own.get(name)
            self._made[name] = _own(own) if own is not None else _named(*self._named[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._named

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._own, *self._named))

    def __len__(self) -> int:
        return len(self._own.keys() | self._named.keys())

    def spoken(self) -> dict[str, str]:
        """Give the aliases of variants and families, by the registry name they stand for."""
        names: dict[str, str] = {}
        for each in self._own.values():
            for name in each.family.names if each.family else ():
                names.setdefault(name, each.name)
        for name, (_, _, variant) in self._named.items():
            names |= dict.fromkeys(variant.aliases, name)
        return names


def _own(each: Architecture) -> Subject:
    family = each.family
    found = family.variant(each.variant) if family is not None else None
    return Subject(
        name=each.name,
        network=each.ir,
        variant=each.variant,
        family=family.name if family else "",
        siblings=_siblings(family, each.variant),
        changed=each.changed,
        figures=_figures(found[1]) if found and not each.changed else (),
    )


def _named(family: Family, network: NetworkSpec, variant: Variant) -> Subject:
    params = resolve_params(network, variant.params)
    return Subject(
        name=variant.name,
        network=lower(network, params, input_size=variant.input_size),
        variant=variant.name,
        family=family.name,
        siblings=_siblings(family, variant.name),
        names=variant.aliases,
        figures=_figures(variant),
    )


def _siblings(family: Family | None, variant: str) -> tuple[str, ...]:
    return tuple(
        each.name
        for network in (family.networks if family else ())
        for each in network.variants
        if each.name != variant
    )


def _figures(variant: Variant) -> tuple[Figure, ...]:
    return tuple(
        Figure(each.what, each.value, each.source, each.tolerance) for each in variant.figures
    )


def _subjects(
    graph: Graph, mapping: VaultMapping, catalogue: Catalogue
) -> dict[str, dict[int, Subject]]:
    """Give the subject of every section that has one, by note path and section index."""
    made = {
        (source.path, source.section): each.name
        for each in mapping.architectures
        for source in each.sources
    }
    found: dict[str, dict[int, Subject]] = {}
    for decision in mapping.decisions:
        note = graph.notes[decision.path]
        sections = found.setdefault(decision.path, {})
        name = made.get((decision.path, decision.section))
        if name is not None:
            subject = catalogue[name]
            named = decision.variant
            if named and named != subject.variant and named in catalogue:
                subject = catalogue[named]
            elif _says_which(note, decision.section, subject.variant):
                subject = _only(subject)
            sections[decision.section] = subject
        elif decision.outcome is Outcome.PART:
            above = _above(note, decision.section, sections)
            if above is not None:
                sections[decision.section] = above
    return found


def _says_which(note: Note, section: int, variant: str) -> bool:
    """Whether a heading has the numbers of its variant's name: "VGG-16"."""
    heading = note.sections[section].heading
    numbers = set(re.findall(r"\d+", variant))
    if heading is None or not numbers:
        return False
    return numbers <= set(re.findall(r"\d+", note.headings[heading].plain))


def _only(subject: Subject) -> Subject:
    """A network whose heading names its variant: it stands for no other one of its family."""
    forms = (each for each in subject.siblings if each.startswith(f"{subject.variant}_"))
    return replace(subject, siblings=tuple(forms))


def _above(note: Note, section: int, known: Mapping[int, _T]) -> _T | None:
    """Give what is known of the nearest section around this one."""
    parent = note.sections[section].parent
    while parent is not None:
        if parent in known:
            return known[parent]
        parent = note.sections[parent].parent
    return None
