"""Which of two opposite things a sentence says of its subject: "mixes the channels", "keeps them apart".

A clause that names no subject goes on with the one before it. A word that is denied says the
opposite; where a clause says both, it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import LEARNED, PARAMETERS
from generator.claims.wording import NEGATIONS, Concept, Spoken, Words, forms

CONDITIONAL = wordset("if")
JOINTS = wordset("and → not")
HEAD = 4  # words of a clause that its subject is among


@dataclass(frozen=True, slots=True)
class Told:
    """Two opposites, ``yes`` and ``no``, that may be said of a subject.

    ``others`` are subjects of which the same may be said; of ``about`` the sentence has to hold a word
    each, and none of ``never``.
    """

    subject: Concept
    yes: Concept
    no: Concept
    others: Concept = frozenset()
    about: tuple[Concept, ...] = ()
    never: Concept = frozenset()

    def __call__(self, said: Spoken) -> bool | None:
        """What the sentence says, ``None`` for nothing or for both."""
        whole = said.whole
        if not whole.has(self.subject) or not whole.has(self.yes, self.no):
            return None
        if whole.has(self.never, CONDITIONAL) or not all(whole.has(each) for each in self.about):
            return None
        return agreed(opposite(words, self.yes, self.no) for words in self.clauses(said))

    def clauses(self, said: Spoken) -> Iterator[Words]:
        """The clauses that speak of the subject, by its name or after one that begins with it."""
        mine = False
        for words in (part for clause in said.clauses for part in self._parts(clause)):
            named, other = words.has(self.subject), words.has(self.others)
            if named != other:
                mine = named
            if mine and not other:
                yield words
            opening = words.part(0, HEAD)
            mine = mine and (not named or opening.has(self.subject)) and not other

    def _parts(self, words: Words) -> Iterator[Words]:
        """A clause, or two where an "and" has a subject on either side."""
        for at in words.at(JOINTS):
            sides = words.part(0, at), words.part(at + 1, len(words.terms))
            if all(each.has(self.subject, self.others) for each in sides):
                yield from sides
                return
        yield words


def agreed(found: Iterator[bool | None]) -> bool | None:
    """What all say that say anything."""
    told = {each for each in found if each is not None}
    return told.pop() if len(told) == 1 else None


def opposite(words: Words, yes: Concept, no: Concept) -> bool | None:
    """Whether one of two opposites is said, each word of them affirmed or denied."""
    return agreed(
        words.denied(at - 3, at + 3) is not good
        for good, concept in ((True, yes), (False, no))
        for at in words.at(concept)
    )


# ------------------------------------------------------------------ having weights

OWNING = forms(
    "have add need cost bring introduce carry learn require contribute train pay"
) | wordset("extra more own lots many additional price full plenty cost")
LACKING = NEGATIONS | wordset("zero free")


def owns(words: Words, *, weights: bool = False) -> bool | None:
    """Whether something is said to have weights; ``weights``: they were spoken of before."""
    nouns = words.at(PARAMETERS | LEARNED)
    if not nouns and not weights:
        return None
    span = words if not nouns else words.part(nouns[0] - 8, nouns[0] + 5)
    lacking = span.at(LACKING - wordset("neither nor"))
    if lacking:  # "not free", "not without"
        return any(other - one < 3 for one, other in pairwise(lacking))
    also = bool(nouns) or span.has("some", "too", "also", "well")
    return True if also and span.has(OWNING) else None
