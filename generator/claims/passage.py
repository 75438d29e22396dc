"""A statement as a recogniser reads it: sentences of pieces, and their *gist*.

A piece is a word under its canonical spelling, a number, a size, an expression or a mark. The gist
is the sentence's pieces as one line: ``10 kernels of 3×3×3`` becomes ``#0 filters of @2``. Patterns
of recognisers run over gists only, never over a note's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property

from generator.claims.expression import Expression
from generator.claims.quantity import Quantity
from generator.claims.tokens import Token
from generator.notes.model import Statement

MAX_PIECES = 150  # what is longer is a list or a log; patterns would take long on it


class Sort(StrEnum):
    """What a piece is; the value is its mark in the gist (words and marks stand for themselves)."""

    NUMBER = "#"
    SIZE = "@"
    EXPRESSION = "%"
    SYMBOLIC = "~"
    WORD = "w"
    MARK = "m"


_NUMBERS = frozenset((Sort.NUMBER.value, Sort.SIZE.value, Sort.EXPRESSION.value))


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a sentence with its offsets in the statement's text.

    ``quantity`` is a number's (or a numeric expression's) stated value, ``size`` the factors of a
    size such as 3×3×64, ``expression`` the tree of anything computed. ``word`` is the text as
    written. ``tokens`` are (first, last + 1) in the passage's tokens.
    """

    sort: Sort
    gist: str
    start: int
    end: int
    tokens: tuple[int, int]
    word: str = ""
    quantity: Quantity | None = None
    size: tuple[int, ...] = ()
    expression: Expression | None = None
    numeral: bool = False

    @property
    def count(self) -> int:
        """The whole number that the piece is, or nought."""
        exact = self.quantity is not None and self.quantity.value.denominator == 1
        return int(self.quantity.value) if self.quantity is not None and exact else 0

    @property
    def in_percent(self) -> bool:
        """Whether the piece is a number with its sign of per cent."""
        return self.quantity is not None and self.quantity.text.endswith("%")

    @property
    def titled(self) -> bool:
        """Whether the piece begins with a capital, and so something else: the title of a link."""
        return self.word[:1].isupper()


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence, itself only: its pieces, its gist, and where each piece begins in the gist.

    ``words`` are the words and marks of the gist, ``sorts`` the marks of its numbers and sizes.
    """

    pieces: tuple[Piece, ...]
    gist: str
    starts: tuple[int, ...]
    words: frozenset[str]
    sorts: frozenset[str]
    question: bool = False

    @property
    def start(self) -> int:
        """Offset of the first piece."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Offset after the last piece."""
        return self.pieces[-1].end

    def has(self, *words: str) -> bool:
        """Whether one of these canonical words stands in the sentence."""
        return not self.words.isdisjoint(words)

    def find(self, pattern: Pattern) -> Iterator[Found]:
        """Find a gist pattern, left to right; a sentence too long to be one has none."""
        if (pattern.sorts and pattern.sorts.isdisjoint(self.sorts)) or len(
            self.pieces
        ) > MAX_PIECES:
            return iter(())
        matches = list(pattern.regex.finditer(self.gist))
        return self._found(pattern, matches) if matches else iter(())

    def _found(self, pattern: Pattern, matches: Sequence[re.Match[str]]) -> Iterator[Found]:
        for match in matches:
            groups = {
                name: self.piece_at(match.start(name))
                for name in pattern.names
                if match.group(name) is not None
            }
            first = self.index_at(match.start())
            last = self.index_at(max(match.start(), match.end() - 1))
            yield Found(groups, first, last + 1, match)

    def piece_at(self, offset: int) -> Piece:
        """Give the piece at a gist offset."""
        return self.pieces[self.index_at(offset)]

    def index_at(self, offset: int) -> int:
        """Give the index of the piece at a gist offset."""
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        return low

    def index_of(self, piece: Piece) -> int:
        """Give a piece's index in the sentence."""
        return self.pieces.index(piece)

    def clause_ends(self) -> tuple[int, ...]:
        """Give the indices of the commas and conjunctions that end clauses."""
        ends = (",", ";", "and", "but", "while", "whereas")
        return tuple(at for at, each in enumerate(self.pieces) if each.gist in ends)

    def words_before(self, piece: Piece, count: int) -> tuple[str, ...]:
        """Give the gists of up to ``count`` pieces before this one, nearest last."""
        index = self.index_of(piece)
        return tuple(each.gist for each in self.pieces[max(0, index - count) : index])

    def words_after(self, piece: Piece, count: int) -> tuple[str, ...]:
        """Give the gists of up to ``count`` pieces after this one."""
        index = self.index_of(piece)
        return tuple(each.gist for each in self.pieces[index + 1 : index + 1 + count])


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern's match: the pieces of its groups, and which pieces it covers."""

    groups: dict[str, Piece]
    first: int
    last: int
    match: re.Match[str]

    def __getitem__(self, name: str) -> Piece:
        return self.groups[name]

    def get(self, name: str) -> Piece | None:
        """Give a group's piece, if it took part."""
        return self.groups.get(name)


@dataclass(frozen=True)
class Pattern:
    """A gist pattern; ``sorts`` are the marks of its groups, one of which has to occur."""

    source: str
    names: tuple[str, ...]
    sorts: frozenset[str]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: most notes need few."""
        return re.compile(self.source)


_RUN = re.compile(r"<\*(.+?)\*>")
_GAP = re.compile(r"<\.\.(\d+)>")
_GROUP = re.compile(r"<(\w+):([#@%~]+)>")


@cache
def pattern(text: str) -> Pattern:
    """Compile a gist pattern: a regular expression over the gist, with three short forms.

    ``<n:#>`` is a group for a number, ``<k:@>`` for a size, ``<e:#%>`` for either; ``<*of the a*>`` is any
    run of these words, perhaps empty; ``<..6>`` are up to six words, no numbers between.
    """
    text = _RUN.sub(lambda each: f"(?:(?:{'|'.join(each[1].split())}) )*", text)
    text = _GAP.sub(lambda each: rf"(?:[^\s#@%~.;]+ ){{0,{each[1]}}}", text)
    names = tuple(dict.fromkeys(each[1] for each in _GROUP.finditer(text)))
    sorts = frozenset("".join(each[2] for each in _GROUP.finditer(text)))
    text = _GROUP.sub(lambda each: rf"(?P<{each[1]}>[{re.escape(each[2])}]\d+)", text)
    return Pattern(rf"(?<!\S)(?:{text})(?:(?<=\s)|(?!\S))", names, sorts)


@dataclass(frozen=True, slots=True)
class Passage:
    """A statement made ready: its tokens, its sentences, and the values it binds to names."""

    statement: Statement
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    bindings: dict[str, Fraction] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The statement's text."""
        return self.statement.text

    @property
    def numbered(self) -> bool:
        """Whether a number, a size or something computed stands in a sentence."""
        return any(not _NUMBERS.isdisjoint(each.sorts) for each in self.sentences)
