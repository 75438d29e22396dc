"""What the words of a sentence say of each other: concepts, the verbs between them, and denials.

A sentence is read as a line of terms. A concept is a set of words in all their forms. What two
concepts have to do with each other is affirmed or denied by the negations that stand between them or
before their verb; of the other words none matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import TypeAlias

from generator.claims.lexicon import WORDS, wordset
from generator.claims.passage import Passage, Piece, Sentence, Sort
from generator.claims.quantity import Hedge

Concept: TypeAlias = frozenset[str]

CALLED = frozenset("fgh")
NEGATIONS = wordset(
    "not never no without neither nor nothing none doesnt dont isnt arent wont cant"
)
# What ends a clause; a conjunction joins two more often than not.
STOPS = wordset(", ; : ( ) — – while whereas but yet because since so although though")
# "Unlike a dense layer, …", "instead of being added": said of something else.
ASIDES = tuple(tuple(each.split()) for each in (
    "unlike", "instead of", "rather than", "as opposed to", "in contrast to", "compared to",
    "compared with", "other than",
))  # fmt: skip
_ASIDE_BEGINS = frozenset(each[0] for each in ASIDES)
# "No matter how large", "not only".
IDIOMS = {("no", "matter"): "regardless", ("without", "matter"): "regardless",
          ("nothing", "but"): "only", ("not", "only"): "", ("not", "just"): "",
          ("not", "merely"): "", ("nothing", "other"): "only",
    ("so", "does"): "likewise",
    ("so", "do"): "likewise",
    ("anything", "but"): "not",
    ("neither", "of"): "not",
          ("as", "they"): "unchanged", ("as", "it"): "unchanged", ("as", "is"): "unchanged"}  # fmt: skip


_IDIOM_BEGINS = frozenset(first for first, _ in IDIOMS)
_OPENED, _CLOSED = frozenset("("), frozenset(")")


@cache
def forms(text: str) -> Concept:
    """Give verbs and nouns, in their plain form, with all their regular forms."""
    found: set[str] = set()
    for word in text.split():
        stem = word.removesuffix("e")
        found |= {word, f"{word}s", f"{word}es", f"{stem}ed", f"{stem}ing"}
        if not word.endswith("e"):
            found |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
        if word.endswith("y"):
            found |= {f"{word[:-1]}ies", f"{word[:-1]}ied"}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Term:
    """One word: its spellings (canonical and as written), and the piece it comes from."""

    spellings: Concept
    piece: Piece

    def means(self, concept: Concept) -> bool:
        """Whether the word belongs to a concept."""
        return not self.spellings.isdisjoint(concept)

    @property
    def count(self) -> int:
        """The whole number that the term is, or nought."""
        return self.piece.count

    @property
    def bounded(self) -> bool:
        """Whether the term is a number that is a bound only: "≥ 0"."""
        quantity = self.piece.quantity
        return quantity is not None and quantity.hedge in (Hedge.OVER, Hedge.UNDER)


@dataclass(frozen=True, eq=False)
class Words:
    """Terms in a row, asked for concepts; equal to itself only."""

    terms: tuple[Term, ...]

    @cached_property
    def known(self) -> Concept:
        """Every spelling that occurs."""
        return frozenset().union(*(each.spellings for each in self.terms))

    def has(self, *concepts: Concept | str) -> bool:
        """Whether a word of one of the concepts occurs."""
        known = self.known
        for each in concepts:  # noqa: SIM110 - asked so often that a generator would show
            if each in known if isinstance(each, str) else not known.isdisjoint(each):
                return True
        return False

    def at(self, concept: Concept) -> list[int]:
        """Give the places of a concept's words."""
        if self.known.isdisjoint(concept):
            return []
        return [at for at, each in enumerate(self.terms) if each.means(concept)]

    def before(self, first: Concept, second: Concept, distance: int) -> bool:
        """Whether a word of the first concept stands at most so far before one of the second."""
        return any(0 < b - a <= distance for a in self.at(first) for b in self.at(second))

    def near(self, first: Concept, second: Concept, distance: int) -> bool:
        """Whether words of two concepts stand at most so far apart."""
        return any(0 < abs(a - b) <= distance for a in self.at(first) for b in self.at(second))

    def part(self, first: int, last: int) -> Words:
        """Give the terms from one place up to another."""
        return Words(self.terms[max(0, first) : max(0, last)])

    def denied(self, first: int, last: int) -> bool:
        """Whether an odd number of negations stands from one place up to another. "Neither … nor"
        is one, and "not this but that" none."""
        span = self.part(first, last)
        ends = span.at(frozenset({"but"}))
        span = span.part(ends[-1] + 1, last) if ends else span
        doubled = span.has("neither") and span.has("nor")
        return (len(span.at(NEGATIONS)) - doubled) % 2 == 1

    def affirmed(self, verb: int) -> bool:
        """Whether what a verb says is not denied just before it."""
        return not self.denied(verb - 3, verb)

    def relates(
        self, verbs: Concept, nouns: Concept, *, ahead: int = 10, behind: int = 8
    ) -> bool | None:
        """Whether verbs are said of nouns, after or before them, or denied of them."""
        for noun in self.at(nouns):
            verb = self.verb_of(verbs, noun, ahead=ahead, behind=behind)
            if verb is not None:
                return self.says(verb, noun)
        return None

    def says(self, verb: int, noun: int) -> bool:
        """Whether a verb is said of a noun and not denied of it."""
        first = min(verb, noun)
        return not self.denied(first - 5, max(verb, noun))

    def _other_part(self, first: int, last: int, objects: Concept) -> bool:
        """Whether an "and" between two places begins another part of the sentence."""
        between = self.part(first, last)
        return between.has("and") and not between.has(objects)

    def verb_of(
        self,
        verbs: Concept,
        noun: int,
        *,
        ahead: int = 10,
        behind: int = 8,
        objects: Concept = frozenset(),
        states: Concept = frozenset(),
    ) -> int | None:
        """The nearest verb that a noun goes with, as its object or as its subject.

        A verb after the noun has another object where one of the ``objects`` follows it, but for
        words of a state ("unchanged"), which have none.
        """
        found = [
            each
            for each in self.at(verbs)
            if 0 < noun - each <= ahead
            or (
                0 < each - noun <= behind
                and not self._other_part(noun + 1, each, objects)
                and (
                    self.terms[each].means(states) or not self.part(each + 1, each + 5).has(objects)
                )
            )
        ]
        return min(found, key=lambda each: (abs(each - noun), each), default=None)


@dataclass(frozen=True)
class Spoken:
    """A sentence as terms, whole and clause by clause."""

    whole: Words
    clauses: tuple[Words, ...]

    def each(self) -> Iterator[Words]:
        """Give the clauses, and then all of them together."""
        yield from self.clauses
        if len(self.clauses) > 1:
            yield self.whole


@lru_cache(maxsize=64)
def spoken(words: Words) -> Spoken:
    """Read a sentence's words; what it only compares with is left out."""
    whole = _without_asides(words.terms)
    clauses: list[list[Term]] = [[]]
    for each in whole:
        if each.means(STOPS):
            clauses.append([])
        else:
            clauses[-1].append(each)
    return Spoken(Words(tuple(whole)), tuple(Words(tuple(each)) for each in clauses if each))


def line(passage: Passage, sentence: Sentence) -> Words:
    """Give a sentence's terms, nothing left out."""
    return Words(tuple(_idioms([e for piece in sentence.pieces for e in _terms(passage, piece)])))


def _terms(passage: Passage, piece: Piece) -> Iterator[Term]:
    """A piece's terms: a word with hyphens is several, a variable is its letters."""
    if piece.gist in ('"', "'"):
        return
    if piece.sort is Sort.SYMBOLIC:
        letters = passage.text[piece.start : piece.end].casefold()
        name, index, _ = letters.translate(_MARKUP).partition("^")
        base = {name} if index and name in _INDEXED else set()
        yield Term(frozenset({letters.translate(_MARKUP), *base}), piece)
        return
    if piece.sort not in (Sort.WORD, Sort.MARK):
        size = "x".join(map(str, piece.size))
        written = piece.quantity.text.lower() if piece.quantity is not None else ""
        zero = {"zero"} if piece.quantity is not None and piece.quantity.value == 0 else set()
        yield Term(frozenset({size or written or piece.gist, *zero}), piece)
        return
    written = piece.word.lower().partition("'")[0]
    if "-" in written[1:] and piece.gist == written and not written.startswith("non-"):
        for part in written.split("-"):
            for gist in WORDS.get(part, part).split():
                yield Term(frozenset({gist, part}), piece)
        return
    yield Term(frozenset({piece.gist, *([written] if written else [])}), piece)


_INDEXED = frozenset("wb")  # weights and biases of a layer
_MARKUP = str.maketrans("", "", "$\\{}[]() ")


def _idioms(terms: Sequence[Term]) -> list[Term]:
    """Put one word for each idiom; ``f(x)`` is no clause in brackets."""
    terms = [
        each
        for at, each in enumerate(terms)
        if not (at and each.means(_OPENED) and terms[at - 1].means(CALLED))
        and not (at > 2 and each.means(_CLOSED) and terms[at - 3].means(CALLED))
    ]
    found: list[Term] = []
    skipped = False
    for one, other in pairwise([*terms, None]):
        if one is None or skipped:
            skipped = False
            continue
        if not one.means(_IDIOM_BEGINS):
            found.append(one)
            continue
        meaning = next((
            word for (a, b), word in IDIOMS.items()
            if other is not None and a in one.spellings and b in other.spellings
        ), None)  # fmt: skip
        skipped = meaning is not None
        if meaning is None:
            found.append(one)
        elif meaning:
            found.append(Term(frozenset({meaning}), one.piece))
    return found


def _without_asides(terms: Sequence[Term]) -> list[Term]:
    """Leave out what stands after "unlike" and the like, up to the end of its clause."""
    if not any(each.means(_ASIDE_BEGINS) for each in terms):
        return list(terms)
    found: list[Term] = []
    inside = False
    for at, each in enumerate(terms):
        if inside:
            counted = each.count and any(_runs(terms, at - 2, aside) for aside in ASIDES)
            inside = not each.means(STOPS) and not counted
            continue
        inside = each.means(_ASIDE_BEGINS) and any(_runs(terms, at, aside) for aside in ASIDES)
        if not inside:
            found.append(each)
    return found


def _runs(terms: Sequence[Term], at: int, words: Sequence[str]) -> bool:
    following = terms[at : at + len(words)]
    return len(following) == len(words) and all(
        word in term.spellings for term, word in zip(following, words, strict=True)
    )
