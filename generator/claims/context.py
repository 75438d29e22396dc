"""What a recogniser knows about a statement: its passage, its facts, the networks it may be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from generator.claims.described.statement import Course, course
from generator.claims.model import Subject
from generator.claims.naming import Mention, mentions
from generator.claims.passage import Passage, Sentence
from generator.claims.scene import Scene, scene
from generator.claims.wording import Words, line


@dataclass(frozen=True)
class Context:
    """A statement in its section. ``subject`` is the network the section describes, ``catalogue``
    every network a sentence can name, by registry name. ``heading`` are the canonical words of the
    headings above it, ``named`` the networks that each sentence names, ``recent`` the registry name of
    the one that the section named last before, ``earlier`` the sentences of the statements before."""

    passage: Passage
    scene: Scene
    subject: Subject | None = None
    catalogue: Mapping[str, Subject] = field(default_factory=lambda: MappingProxyType({}))
    heading: frozenset[str] = frozenset()
    named: tuple[tuple[Mention, ...], ...] = ()
    recent: str = ""
    earlier: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The statement's sentences."""
        return self.passage.sentences

    @cached_property
    def course(self) -> Course:
        """The layers and numbers the statement describes, in reading order."""
        return course(self.sentences, self.heading)

    @cached_property
    def lines(self) -> tuple[Words, ...]:
        """The words of each sentence, as qualitative statements are read."""
        return tuple(line(self.passage, each) for each in self.sentences)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The canonical words of the statement and of its headings."""
        return self.heading.union(*(each.words for each in self.sentences))

    def mentions(self, sentence: Sentence) -> tuple[Mention, ...]:
        """Give the networks a sentence of the statement names."""
        return self.named[self.sentences.index(sentence)]

    def speaks_of(self, *words: str) -> bool:
        """Whether the statement or its headings contain one of these canonical words."""
        return not self.spoken.isdisjoint(words)


def context(
    passage: Passage,
    earlier: Sequence[Sentence] = (),
    *,
    subject: Subject | None = None,
    catalogue: Mapping[str, Subject] | None = None,
    heading: frozenset[str] = frozenset(),
    names: Mapping[str, str] | None = None,
    recent: str = "",
) -> Context:
    """Put a passage in its section; ``earlier`` are the sentences before it there."""
    family = subject.family if subject is not None else ""
    return Context(
        passage,
        scene(passage.sentences, earlier),
        subject,
        catalogue or {},
        heading,
        tuple(mentions(each, passage.text, names or {}, family) for each in passage.sentences),
        recent,
        tuple(earlier),
    )
