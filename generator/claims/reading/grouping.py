"""The tokens of a sentence grouped into pieces; marks and brackets."""

from __future__ import annotations

from collections.abc import Sequence

from generator.claims.expression import parse
from generator.claims.passage import Piece, Sort
from generator.claims.reading.pieces import Pieces
from generator.claims.reading.values import add_expression
from generator.claims.reading.words import read_word
from generator.claims.tokens import Kind, Token


def grouped(tokens: Sequence[Token], first: int, last: int) -> list[Piece]:
    """Group the tokens of one sentence into pieces."""
    pieces = Pieces(tokens, first, last)
    while pieces.at < pieces.last:
        token = pieces.tokens[pieces.at]
        if token.kind is Kind.NUMBER or token.kind is Kind.FUNCTION:
            _computed(pieces)
        elif token.is_op("(", "[", "⌊", "⌈", "{"):
            if not _tuple(pieces) and not _wider_than_group(pieces):
                _mark(pieces)
        elif token.kind is Kind.WORD:
            read_word(pieces)
        else:
            _mark(pieces)
    return pieces.out


def _mark(pieces: Pieces) -> None:
    token = pieces.tokens[pieces.at]
    text = "?" if token.kind is Kind.STOP else token.text
    if token.is_op("\n"):
        text = ","
    elif token.is_op("-") and _hyphen(pieces):
        pieces.at += 1
        return
    if token.is_op("'") and _plural(pieces):
        pieces.at += 2
        return
    if text == "," and pieces.out and pieces.out[-1].gist == ",":
        pieces.at += 1  # "…, i.e. …"
        return
    pieces.add(Sort.MARK, text, pieces.at, pieces.at + 1)
    _unwrap(pieces)


def _plural(pieces: Pieces) -> bool:
    """The ending of "two 3×3's"."""
    following = pieces.tokens[pieces.at + 1] if pieces.at + 1 < pieces.last else None
    sized = bool(pieces.out) and pieces.out[-1].sort in (Sort.SIZE, Sort.NUMBER)
    glued = following is not None and not following.spaced and following.text == "s"
    return sized and glued and not pieces.tokens[pieces.at].spaced


def _unwrap(pieces: Pieces) -> None:
    """A size in brackets is the size: "(3×4)"."""
    if len(pieces.out) > 2 and pieces.out[-1].gist in (")", "]"):
        opening, size, _ = pieces.out[-3:]
        if opening.gist in ("(", "[") and size.sort is Sort.SIZE:
            pieces.out[-3:] = [size]


def _hyphen(pieces: Pieces) -> bool:
    """A hyphen between a number and a word ("152-layer") joins nothing that matters."""
    token = pieces.tokens[pieces.at]
    following = pieces.tokens[pieces.at + 1] if pieces.at + 1 < pieces.last else None
    return (
        not token.spaced
        and following is not None
        and following.kind is Kind.WORD
        and not following.spaced
    )


def _computed(pieces: Pieces) -> None:
    found = parse(pieces.tokens, pieces.at, pieces.last)
    if found is None:
        _mark_number(pieces)
        return
    add_expression(pieces, found.expression, pieces.at, found.end)


def _mark_number(pieces: Pieces) -> None:
    token = pieces.tokens[pieces.at]
    if token.kind is Kind.NUMBER:
        pieces.number(token.value, token.place, pieces.at, pieces.at + 1)
    else:
        pieces.add(Sort.MARK, "?", pieces.at, pieces.at + 1)


def _wider_than_group(pieces: Pieces) -> bool:
    """Read an expression that begins with a bracket, unless the bracket is all of it."""
    found = parse(pieces.tokens, pieces.at, pieces.last)
    if found is None:
        return False
    closes = pieces.tokens[pieces.at].text in "⌊⌈"
    if not closes and pieces.closing(pieces.at) == found.end - 1:
        return False
    add_expression(pieces, found.expression, pieces.at, found.end)
    return True


def _tuple(pieces: Pieces) -> bool:
    """Read "(64, 56, 56)" as a size."""
    if pieces.tokens[pieces.at].text not in "([":
        return False
    close = pieces.closing(pieces.at)
    inside = pieces.tokens[pieces.at + 1 : close] if close > 0 else ()
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
    pieces.add(Sort.SIZE, "@", pieces.at, close + 1, size=size, word="tuple")
    return True
