"""A statement as a recogniser reads it: sentences of pieces, and their *gist*.

A piece is a word under its canonical spelling, a number, a size, an expression or a mark. The gist
is the sentence's pieces as one line: ``10 kernels of 3×3×3`` becomes ``#0 filters of @2``. Patterns
of recognisers run over gists only, never over a note's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise

from generator.claims.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    UncomputableError,
    evaluate,
    names,
    parse,
)
from generator.claims.lexicon import (
    ABBREVIATIONS,
    LONGEST_RUN,
    MULTIPLIER_WORDS,
    MULTIPLIERS,
    NUMERALS,
    RATE_PREFIX,
    RATE_UNITS,
    RUNS,
    WORDS,
    meaning,
)
from generator.claims.lexing.lexer import tokenize
from generator.claims.quantity import Hedge, Quantity, coarse_place
from generator.claims.tokens import Kind, Token
from generator.notes.model import Statement, StatementKind

MAX_PIECES = 150  # what is longer is a list or a log; patterns would take long on it


class Sort(StrEnum):
    """What a piece is; the value is its mark in the gist (words and marks stand for themselves)."""

    NUMBER = "#"
    SIZE = "@"
    EXPRESSION = "%"
    SYMBOLIC = "~"
    WORD = "w"
    MARK = "m"


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its pieces, its gist, and where each piece begins in the gist.

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
        if len(self.pieces) > MAX_PIECES or (
            pattern.sorts and pattern.sorts.isdisjoint(self.sorts)
        ):
            return
        for match in pattern.regex.finditer(self.gist):
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


def passage(statement: Statement) -> Passage:
    """Read a statement."""
    formula = statement.kind is StatementKind.MATH
    tokens = tokenize(statement.text, formula=formula, broken=_breaks(statement))
    sentences = []
    for first, last in _sentence_spans(tokens):
        pieces, asked = _carded(_glossed(_hedged(_runs(_Reader(tokens, first, last).read()))))
        if not pieces:
            continue
        question = asked or (last < len(tokens) and tokens[last].is_op("?"))
        sentences.append(_sentence(tuple(pieces), question=question))
    found = tuple(sentences)
    return Passage(statement, tokens, found, _bindings(found))


def _breaks(statement: Statement) -> Callable[[int, int], int]:
    """Count source characters that stand between two neighbours in the text: markup."""
    offsets = statement.offsets

    def broken(start: int, end: int) -> int:
        gap = 0
        for index in range(1, len(offsets)):
            offset, line, column = offsets[index]
            if start < offset < end:
                before, before_line, before_column = offsets[index - 1]
                if before_line == line:
                    gap += column - before_column - (offset - before)
                else:
                    gap += 2
        return gap

    return broken


def _sentence_spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Split into sentences: (first, last + 1), where the ending mark is ``tokens[last]``."""
    first = line = 0
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.is_op("\n"):
            if _is_field(tokens[line:index]) or _is_card(tokens[line:index]):
                yield first, line
                yield line, index
                first = index + 1
            elif first == index:
                first = index + 1
            line = index + 1
        elif token.is_op(";") and not token.math:
            yield first, index
            first = index + 1
        elif token.is_op(".", "?", "!"):
            apart = following is None or following.spaced or following.is_op("\n")
            before = tokens[index - 1] if index else None
            short = before and token.text == "." and before.text.lower() in ABBREVIATIONS
            if apart and not short:
                yield first, index
                first = index + 1
    yield first, len(tokens)


def _is_field(line: Sequence[Token]) -> bool:
    """Whether a line is an inline field, ``key:: value``: it is no part of what follows."""
    colons = [at for at, each in enumerate(line[:8]) if each.is_op(":")]
    return (
        len(colons) > 1
        and colons[0] > 0
        and line[colons[0]].end == line[colons[1]].start
        and all(each.kind is Kind.WORD for each in line[: colons[0]])
    )


def _is_card(line: Sequence[Token]) -> bool:
    """Whether a line is a flashcard, ``question::answer``: the next line is another one."""
    return any(
        one.is_op(":") and other.is_op(":") and one.end == other.start
        for one, other in pairwise(line)
    )


def _sentence(pieces: tuple[Piece, ...], *, question: bool) -> Sentence:
    marked, starts, at = [], [], 0
    for index, piece in enumerate(pieces):
        gist = piece.gist
        if piece.sort not in (Sort.WORD, Sort.MARK):
            gist = f"{piece.sort.value}{index}"
            piece = replace(piece, gist=gist)
        marked.append(piece)
        starts.append(at)
        at += len(gist) + 1
    words = {each.gist for each in marked}
    if "convolve" in words:
        words.add("conv")
    sorts = {each.sort.value for each in marked}
    return Sentence(
        tuple(marked),
        " ".join(each.gist for each in marked),
        tuple(starts),
        frozenset(words),
        frozenset(sorts),
        question,
    )


# ------------------------------------------------------------------ pieces


class _Reader:
    """Groups the tokens of one sentence into pieces."""

    def __init__(self, tokens: Sequence[Token], first: int, last: int) -> None:
        self.tokens, self.at, self.last = tokens, first, last
        self.out: list[Piece] = []

    def read(self) -> list[Piece]:
        while self.at < self.last:
            token = self.tokens[self.at]
            if token.kind is Kind.NUMBER or token.kind is Kind.FUNCTION:
                self._computed()
            elif token.is_op("(", "[", "⌊", "⌈", "{"):
                if not self._tuple() and not self._wider_than_group():
                    self._mark()
            elif token.kind is Kind.WORD:
                self._word()
            else:
                self._mark()
        return self.out

    def _add(
        self,
        sort: Sort,
        gist: str,
        first: int,
        last: int,
        *,
        word: str = "",
        quantity: Quantity | None = None,
        size: tuple[int, ...] = (),
        expression: Expression | None = None,
        numeral: bool = False,
    ) -> None:
        tokens = self.tokens
        end = tokens[last - 1].end if last > first else tokens[first].end
        self.out.append(
            Piece(
                sort,
                gist,
                tokens[first].start,
                max(end, tokens[first].end),
                (first, last),
                word,
                quantity,
                size,
                expression,
                numeral,
            )
        )
        self.at = last

    def _mark(self) -> None:
        token = self.tokens[self.at]
        text = "?" if token.kind is Kind.STOP else token.text
        if token.is_op("\n"):
            text = ","
        elif token.is_op("-") and self._hyphen():
            self.at += 1
            return
        if token.is_op("'") and self._plural():
            self.at += 2
            return
        if text == "," and self.out and self.out[-1].gist == ",":
            self.at += 1  # "…, i.e. …"
            return
        self._add(Sort.MARK, text, self.at, self.at + 1)
        self._unwrap()

    def _plural(self) -> bool:
        """The ending of "two 3×3's"."""
        following = self.tokens[self.at + 1] if self.at + 1 < self.last else None
        sized = bool(self.out) and self.out[-1].sort in (Sort.SIZE, Sort.NUMBER)
        glued = following is not None and not following.spaced and following.text == "s"
        return sized and glued and not self.tokens[self.at].spaced

    def _unwrap(self) -> None:
        """A size in brackets is the size: "(3×4)"."""
        if len(self.out) > 2 and self.out[-1].gist in (")", "]"):
            opening, size, _ = self.out[-3:]
            if opening.gist in ("(", "[") and size.sort is Sort.SIZE:
                self.out[-3:] = [size]

    def _hyphen(self) -> bool:
        """A hyphen between a number and a word ("152-layer") joins nothing that matters."""
        token = self.tokens[self.at]
        following = self.tokens[self.at + 1] if self.at + 1 < self.last else None
        return (
            not token.spaced
            and following is not None
            and following.kind is Kind.WORD
            and not following.spaced
        )

    def _word(self) -> None:
        token = self.tokens[self.at]
        lower = token.text.lower().replace("’", "'")
        if lower.endswith("n't") or lower == "cannot":
            self._add(Sort.WORD, "not", self.at, self.at + 1, word=token.text)
            return
        lower = lower.partition("'")[0]
        if self._multiplied(token):
            return
        if lower in NUMERALS and not token.math:
            value = Fraction(NUMERALS[lower])
            self._quantity(value, Fraction(1), self.at, self.at + 1, numeral=True)
            return
        single = len(token.text.partition("_")[0].partition("[")[0].rstrip("'")) == 1
        article = not token.math and lower in ("a", "i")
        if (single or (token.math and lower not in WORDS and len(lower) < 9)) and not article:
            found = parse(self.tokens, self.at, self.last)
            if found is not None and not self._slack_letter(token, found.end):
                self._expression(found.expression, self.at, found.end)
                return
        head, dash, tail = lower.rpartition("-")
        if dash and tail.isdecimal() and WORDS.get(head, head) in _COUNTED:  # "stride-2"
            self._add(Sort.WORD, WORDS.get(head, head), self.at, self.at + 1, word=token.text)
            self.at -= 1
            self._quantity(Fraction(int(tail)), Fraction(1), self.at, self.at + 1)
            return
        if self._glued(token):
            return
        at = self.at
        for part in meaning(lower).split():
            self._add(Sort.WORD, part, at, at + 1, word=token.text)

    def _glued(self, token: Token) -> bool:
        """Read "conv3x3" as a layer and its size, "3x3 s2" and "(s2, p1)" with stride and padding."""
        at = self.at
        if found := _LAYER_SIZE.fullmatch(token.text.lower()):
            self._add(Sort.WORD, WORDS.get(found[1], found[1]), at, at + 1, word=token.text)
            self._add(Sort.SIZE, "@", at, at + 1, size=(int(found[2]), int(found[3])))
            return True
        last = self.out[-1] if self.out else None
        listed = last is not None and (last.sort is Sort.SIZE or last.gist in ("(", ","))
        if not (listed and (found := _LETTER_VALUE.fullmatch(token.text))):
            return False
        meaning = "stride" if found[1] == "s" else "pad"
        self._add(Sort.WORD, meaning, at, at + 1, word=token.text)
        self._quantity(Fraction(int(found[2])), Fraction(1), at, at + 1)
        return True

    def _slack_letter(self, token: Token, end: int) -> bool:
        """A lone letter x in prose is a sign or a ratio ("5x fewer"), not a variable."""
        return not token.math and token.text in "xX" and end == self.at + 1

    def _multiplied(self, token: Token) -> bool:
        """Scale the number before by "million", "M", "GFLOPs"; say whether the word was used up."""
        last = self.out[-1] if self.out else None
        if last is None or last.sort is not Sort.NUMBER or last.tokens[1] != self.at:
            return False
        factor, rest = _factor(token)
        if factor is None or last.quantity is None:
            return False
        following = self.tokens[self.at + 1] if self.at + 1 < self.last else None
        if token.spaced and len(token.text) == 1:
            role = following is not None and WORDS.get(following.text.lower()) in (
                "parameter", "weight", "mac", "flop", "mult", "operation",
            )  # fmt: skip
            apart = following is None or following.is_op(",", ")", ";", ".", "/", "&", "|")
            named = following is not None and following.kind is Kind.WORD and not token.math
            alone = following is None and len(self.out) < 3 and not token.math  # a table's cell
            counted = any(each.gist in ("parameter", "mac", "flop") for each in self.out)
            fraction = (last.quantity.place < 1 and (apart or named)) or alone
            fraction = fraction or (counted and apart and not token.math)  # "params: VGG-16 138 M"
            if token.text not in "MGB" or not (role or fraction):
                return False
        q = last.quantity
        scaled = replace(
            q,
            value=q.value * factor,
            place=q.place * factor,
            coarse=q.coarse * factor,
            upper=None if q.upper is None else q.upper * factor,
            rounded=True,
            text=f"{q.text}{' ' if token.spaced else ''}{token.text}",
        )
        self.out[-1] = replace(
            last,
            quantity=scaled,
            end=token.end,
            tokens=(last.tokens[0], self.at + 1),
            expression=Number(scaled.value, scaled.place, scaled.text),
        )
        self.at += 1
        if rest:
            self._add(Sort.WORD, rest, self.at - 1, self.at, word=token.text)
        return True

    def _computed(self) -> None:
        found = parse(self.tokens, self.at, self.last)
        if found is None:
            self._mark_number()
            return
        self._expression(found.expression, self.at, found.end)

    def _mark_number(self) -> None:
        token = self.tokens[self.at]
        if token.kind is Kind.NUMBER:
            self._quantity(token.value, token.place, self.at, self.at + 1)
        else:
            self._add(Sort.MARK, "?", self.at, self.at + 1)

    def _wider_than_group(self) -> bool:
        """Read an expression that begins with a bracket, unless the bracket is all of it."""
        found = parse(self.tokens, self.at, self.last)
        if found is None:
            return False
        closes = self.tokens[self.at].text in "⌊⌈"
        if not closes and self._closing(self.at) == found.end - 1:
            return False
        self._expression(found.expression, self.at, found.end)
        return True

    def _closing(self, at: int) -> int:
        depth = 0
        for index in range(at, self.last):
            token = self.tokens[index]
            if token.is_op("(", "[", "{"):
                depth += 1
            elif token.is_op(")", "]", "}"):
                depth -= 1
                if depth == 0:
                    return index
        return -1

    def _tuple(self) -> bool:
        """Read "(64, 56, 56)" as a size."""
        if self.tokens[self.at].text not in "([":
            return False
        close = self._closing(self.at)
        inside = self.tokens[self.at + 1 : close] if close > 0 else ()
        if len(inside) < 3 or len(inside) % 2 == 0:
            return False
        numbers, commas = inside[::2], inside[1::2]
        whole = all(
            each.kind is Kind.NUMBER and each.value.denominator == 1 and each.text.isdecimal()
            for each in numbers
        )
        if not whole or not all(each.is_op(",") for each in commas):
            return False
        size = tuple(int(each.value) for each in numbers)
        self._add(Sort.SIZE, "@", self.at, close + 1, size=size, word="tuple")
        return True

    # ------------------------------------------------------------ expressions to pieces

    def _expression(self, expression: Expression, first: int, last: int) -> None:
        match expression:
            case Number(value, place):
                if self._by_size(first):
                    return
                self._quantity(value, place, first, last)
                return
            case _:
                pass
        if self._range(expression, first, last) or self._size(expression, first, last):
            return
        if names(expression):
            self._add(Sort.SYMBOLIC, "~", first, last, expression=expression)
            return
        try:
            value = evaluate(expression)
        except UncomputableError:
            self._add(Sort.MARK, "?", first, last)
            return
        stated = expression_quantity(expression, value, self._source(first, last))
        self._add(Sort.EXPRESSION, "%", first, last, quantity=stated, expression=expression)

    def _source(self, first: int, last: int) -> str:
        return " ".join(each.text for each in self.tokens[first:last])

    def _quantity(
        self, value: Fraction, place: Fraction, first: int, last: int, *, numeral: bool = False
    ) -> None:
        token = self.tokens[first]
        stated = Quantity(value, place, coarse_place(value, place), place != 1, token.text)
        self._add(
            Sort.NUMBER,
            "#",
            first,
            last,
            quantity=stated,
            numeral=numeral,
            expression=Number(value, place, token.text),
        )

    def _by_size(self, first: int) -> bool:
        """Read "3 by 3 by 64"."""
        size, at = [], first
        while at < self.last and self.tokens[at].kind is Kind.NUMBER:
            size.append(self.tokens[at].value)
            following = self.tokens[at + 1] if at + 1 < self.last else None
            if following is None or following.text.lower() != "by" or at + 2 >= self.last:
                at += 1
                break
            behind = self.tokens[at + 3] if at + 3 < self.last else None
            # "284 by 2×2 pooling", "from 49 to 27 by 45 %"
            crossed = behind is not None and (behind.cross or behind.is_op("%"))
            if self.tokens[at + 2].kind is not Kind.NUMBER or crossed:
                at += 1
                break
            at += 2
        if len(size) < 2 or any(each.denominator != 1 for each in size):
            return False
        self._add(Sort.SIZE, "@", first, at, size=tuple(int(each) for each in size))
        return True

    def _range(self, expression: Expression, first: int, last: int) -> bool:
        """Read "25-26 million": two ascending numbers around an unspaced dash."""
        if not (isinstance(expression, Binary) and expression.operator == "-"):
            return False
        left, right = expression.left, expression.right
        if not (isinstance(left, Number) and isinstance(right, Number)) or last - first != 3:
            return False
        if any(each.spaced for each in self.tokens[first + 1 : last]) or self.tokens[first].math:
            return False
        if left.value >= right.value:
            return False
        place = min(left.place, right.place)
        stated = Quantity(
            left.value,
            place,
            coarse_place(left.value, place),
            False,
            f"{left.text}-{right.text}",
            upper=right.value,
        )
        self._add(Sort.NUMBER, "#", first, last, quantity=stated, expression=expression)
        return True

    def _size(self, expression: Expression, first: int, last: int) -> bool:
        """A product of plain whole numbers: a size. "2 × 3×3" is a count and a size."""
        if isinstance(expression, Binary) and expression.operator == "/":
            # "7×7/2": the size, then a stride.
            tail = self.tokens[last - 2 : last]
            if (
                not expression.bracketed
                and factors(expression.left)
                and len(tail) == 2
                and tail[0].is_op("/")
                and not tail[0].spaced
                and not tail[0].math
                and any(each.cross for each in self.tokens[first:last])
            ):
                return self._size(expression.left, first, last - 2)
        size = factors(expression)
        if size is None:
            return False
        products = [index for index in range(first, last) if self.tokens[index].is_op("*")]
        if len(products) != len(size) - 1 or last - first != 2 * len(size) - 1:
            return False
        spaced = [self._loose(index) for index in products]
        if True in spaced and False in spaced:
            if spaced.count(True) != 1:
                return False
            at = spaced.index(True)
            cut = products[at]
            for part, begin, end in ((size[: at + 1], first, cut), (size[at + 1 :], cut + 1, last)):
                if begin == cut + 1:
                    self._add(Sort.MARK, "x", cut, cut + 1)
                if len(part) == 1:
                    token = self.tokens[begin]
                    self._quantity(token.value, token.place, begin, end)
                else:
                    self._add(Sort.SIZE, "@", begin, end, size=part, expression=None)
            return True
        self._add(Sort.SIZE, "@", first, last, size=size, expression=expression)
        return True

    def _loose(self, index: int) -> bool:
        return self.tokens[index].spaced and self.tokens[index + 1].spaced


_COUNTED = frozenset(("stride", "pad", "dilation", "groups"))
_LAYER_SIZE = re.compile(r"(conv|deconv|maxpool|avgpool|pool|dw|kernel)-?(\d{1,2})[x×](\d{1,2})")
_LETTER_VALUE = re.compile(r"([sp])([0-9])")
_HEDGES = {
    "about": Hedge.ABOUT,
    "~": Hedge.ABOUT,
    "≈": Hedge.ABOUT,
    "some": Hedge.ABOUT,
    "over": Hedge.OVER,
    "morethan": Hedge.OVER,
    ">": Hedge.OVER,
    "≥": Hedge.OVER,
    "lessthan": Hedge.UNDER,
    "upto": Hedge.UNDER,
    "<": Hedge.UNDER,
    "≤": Hedge.UNDER,
}
_BOUNDS = frozenset(("morethan", "lessthan", "upto"))


def factors(expression: Expression) -> tuple[int, ...] | None:
    """Give the factors of an unbracketed product of plain whole numbers."""
    match expression:
        case Number(value, place) if value.denominator == 1 and place == 1 and value > 0:
            return (int(value),)
        case Binary("*", left, right) if not expression.bracketed:
            first, second = factors(left), factors(right)
            return first + second if first and second else None
        case _:
            return None


def _factor(token: Token) -> tuple[Fraction | None, str]:
    """What a word after a number multiplies it by, and the word that is left ("GFLOPs" → flop)."""
    text, lower = token.text, token.text.lower()
    if lower in MULTIPLIER_WORDS:
        return Fraction(MULTIPLIER_WORDS[lower]), ""
    if text in MULTIPLIERS:
        return Fraction(MULTIPLIERS[text]), ""
    head, dash, tail = text.partition("-")
    if dash and head in MULTIPLIERS and not token.spaced and tail:
        return Fraction(MULTIPLIERS[head]), WORDS.get(tail.lower(), tail.lower())
    if lower[:1] in RATE_PREFIX and lower[1:] in RATE_UNITS and lower not in WORDS:
        return Fraction(RATE_PREFIX[lower[:1]]), RATE_UNITS[lower[1:]]
    return None, ""


def expression_quantity(expression: Expression, value: Fraction, text: str) -> Quantity:
    """Give the number an expression states: exact, but for scientific notation, ``3.8 × 10^9``."""
    match expression:
        case Binary("*", Number(mantissa, place), Binary("^", Number(base), _)) if base == 10:
            scale = value / mantissa if mantissa else Fraction(1)
            return Quantity(value, place * scale, coarse_place(mantissa, place) * scale, True, text)
        case Call("percent", Number(share, place)):
            return Quantity(value, place / 100, coarse_place(share, place) / 100, True, text)
        case _:
            return Quantity(value, Fraction(1), Fraction(1), False, text)


_RUN_BEGINNINGS = frozenset(key[0] for key in RUNS)


def _runs(pieces: list[Piece]) -> list[Piece]:
    """Replace runs of words that mean one thing."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        begins = pieces[at].gist in _RUN_BEGINNINGS or pieces[at].word.lower() in _RUN_BEGINNINGS
        longest = min(LONGEST_RUN, len(pieces) - at) if begins else 1
        for length in range(longest, 1, -1):
            window = pieces[at : at + length]
            if any(each.sort is not Sort.WORD for each in window):
                continue
            key = tuple(each.gist for each in window)
            meaning = RUNS.get(key) or RUNS.get(tuple(each.word.lower() for each in window))
            if meaning is None:
                continue
            for part in meaning.split():
                out.append(
                    replace(
                        window[0],
                        gist=part,
                        end=window[-1].end,
                        tokens=(window[0].tokens[0], window[-1].tokens[1]),
                    )
                )
            at += length
            break
        else:
            out.append(pieces[at])
            at += 1
    return out


def _hedged(pieces: list[Piece]) -> list[Piece]:
    """Take words such as "about" and "more than" before a number out and into the number."""
    out: list[Piece] = []
    for piece in pieces:
        stated = piece.quantity
        while piece.sort is Sort.NUMBER and stated and out and _hedges(out, stated):
            stated = stated.hedged(_HEDGES[out.pop().gist])
        out.append(piece if stated is piece.quantity else replace(piece, quantity=stated))
    return out


def _glossed(pieces: list[Piece]) -> list[Piece]:
    """Leave out a bracket that only says the word before it again: "up-convolution (transposed)"."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        inside = pieces[at + 1 : at + 4] if pieces[at].gist == "(" and out else []
        close = next((index for index, each in enumerate(inside) if each.gist == ")"), 0)
        words = {each.gist for each in inside[:close]}
        if close and out[-1].gist in words and words <= {out[-1].gist, "conv", "layer"}:
            at += close + 2
            continue
        out.append(pieces[at])
        at += 1
    return out


def _hedges(before: Sequence[Piece], stated: Quantity) -> bool:
    """Whether the last piece says how a number is meant. "Less than 2160" compares with another
    number; only a round one is a bound."""
    word = before[-1].gist
    if word in _BOUNDS:
        return stated.rounded or stated.coarse >= 1000
    if word in ("over", "some") and not stated.rounded and stated.value < 1000:
        return False
    if word in ("<", ">", "≤", "≥") and len(before) > 1 and before[-2].sort is not Sort.WORD:
        return False
    return word in _HEDGES


# ------------------------------------------------------------------ questions with their answers

_ASKING = frozenset("be do does did can could should have why which who whose is".split())
_COUNTS = frozenset(("parameter", "weight"))


def _carded(pieces: list[Piece]) -> tuple[list[Piece], bool]:
    """Read a flashcard, "parameters of ten 3×3×3 filters?::270", as one statement.

    Gives the pieces, and whether they only ask: the answer to "why …?" or "is it …?" is a text.
    """
    at = next(
        (
            index
            for index, (one, other) in enumerate(pairwise(pieces))
            if one.gist == other.gist == ":" and one.end == other.start
        ),
        0,
    )
    if not at:
        return pieces, False
    asks = pieces[at - 1].gist == "?"
    left, right = pieces[: at - asks], pieces[at + 2 :]
    if not left or not right:
        return pieces, asks
    if right[0].sort not in (Sort.NUMBER, Sort.SIZE) or left[0].gist in _ASKING:
        return (left, True) if asks else (pieces, False)
    return _answered(left, right, pieces[at]), False


def _answered(left: list[Piece], right: list[Piece], sign: Piece) -> list[Piece]:
    """Join what is described and the number said of it: "… have 270 parameters", "… → 28×28×10"."""
    words = [each.gist for each in left]
    last = next((each for each in reversed(words) if each in _COUNTS), "")
    named = len(right) > 1 and right[1].sort is Sort.WORD
    if not last or right[0].sort is not Sort.NUMBER or named:
        return [*left, replace(sign, gist="→"), *right]
    have = replace(sign, sort=Sort.WORD, gist="have", word="")
    counted = replace(right[0], gist=last, sort=Sort.WORD, quantity=None, expression=None, word="")
    return [*left, have, right[0], counted, *right[1:]]


# ------------------------------------------------------------------ bindings

_BINDING = pattern("<name:~> (?:=|:) <value:#>")


def _bindings(sentences: Sequence[Sentence]) -> dict[str, Fraction]:
    """Collect ``n = 6`` where the name has one value in the statement."""
    found: dict[str, set[Fraction]] = {}
    for sentence in sentences:
        for each in sentence.find(_BINDING):
            name, value = each["name"].expression, each["value"].quantity
            before = sentence.words_before(each["name"], 1)
            chained = bool(before) and before[0] in "=≈+-*/"
            after = sentence.words_after(each["value"], 1)
            continued = bool(after) and after[0] in ("=", "≈", "+", "-", "*", "/", "^")
            alone = not chained and not continued
            if isinstance(name, Name) and value is not None and value.exact and alone:
                found.setdefault(name.name, set()).add(value.value)
    return {name: values.pop() for name, values in sorted(found.items()) if len(values) == 1}
