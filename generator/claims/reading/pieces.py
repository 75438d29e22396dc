"""The pieces of one sentence so far, and the tokens they are read from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from generator.claims.expression import Expression, Number
from generator.claims.passage import Piece, Sort
from generator.claims.quantity import Quantity, coarse_place
from generator.claims.tokens import Token


class Pieces:
    """The state of reading a sentence: its tokens, the next one, the pieces so far."""

    def __init__(self, tokens: Sequence[Token], first: int, last: int) -> None:
        self.tokens, self.at, self.last = tokens, first, last
        self.out: list[Piece] = []

    def add(
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
        """Add a piece; the token after it is the next one."""
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

    def number(
        self, value: Fraction, place: Fraction, first: int, last: int, *, numeral: bool = False
    ) -> None:
        """Add a number."""
        token = self.tokens[first]
        stated = Quantity(value, place, coarse_place(value, place), place != 1, token.text)
        self.add(
            Sort.NUMBER,
            "#",
            first,
            last,
            quantity=stated,
            numeral=numeral,
            expression=Number(value, place, token.text),
        )

    def closing(self, at: int) -> int:
        """Give the index of the bracket that closes the one at ``at``, or -1."""
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
