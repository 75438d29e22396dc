"""A statement read: its sentences, each of pieces, and the values it binds to names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.expression import Name
from generator.claims.lexicon import ABBREVIATIONS
from generator.claims.lexing.lexer import tokenize
from generator.claims.passage import Passage, Piece, Sentence, Sort, pattern
from generator.claims.reading.cards import carded, is_card
from generator.claims.reading.grouping import grouped
from generator.claims.reading.rewriting import glossed, hedged, runs, spread
from generator.claims.tokens import Kind, Token
from generator.notes.model import Statement, StatementKind

_ENDS = frozenset("\n;.?!")
_BINDING = pattern("<name:~> (?:=|:) <value:#>")


def passage(statement: Statement) -> Passage:
    """Read a statement."""
    formula = statement.kind is StatementKind.MATH
    tokens = tokenize(statement.text, formula=formula, broken=_breaks(statement))
    sentences = []
    for first, last in _sentence_spans(tokens):
        pieces, asked = carded(spread(glossed(hedged(runs(grouped(tokens, first, last))))))
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
        if token.kind is not Kind.OP or token.text not in _ENDS:
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.is_op("\n"):
            if _is_field(tokens[line:index]) or is_card(tokens[line:index]):
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
