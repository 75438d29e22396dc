"""Expressions as pieces: numbers, ranges, sizes, and what is computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from generator.claims.expression import (
    Binary,
    Expression,
    Number,
    UncomputableError,
    evaluate,
    names,
)
from generator.claims.passage import Sort
from generator.claims.quantity import Quantity, coarse_place
from generator.claims.reading.pieces import Pieces
from generator.claims.stated import expression_quantity, factors
from generator.claims.tokens import Kind


def add_expression(pieces: Pieces, expression: Expression, first: int, last: int) -> None:
    """Add what an expression is: a number, a range, a size, or something computed."""
    match expression:
        case Number(value, place):
            if _by_size(pieces, first):
                return
            pieces.number(value, place, first, last)
            return
        case _:
            pass
    if _range(pieces, expression, first, last) or _size(pieces, expression, first, last):
        return
    if names(expression):
        pieces.add(Sort.SYMBOLIC, "~", first, last, expression=expression)
        return
    try:
        value = evaluate(expression)
    except UncomputableError:
        pieces.add(Sort.MARK, "?", first, last)
        return
    stated = expression_quantity(expression, value, _source(pieces, first, last))
    pieces.add(Sort.EXPRESSION, "%", first, last, quantity=stated, expression=expression)


def _source(pieces: Pieces, first: int, last: int) -> str:
    return " ".join(each.text for each in pieces.tokens[first:last])


def _by_size(pieces: Pieces, first: int) -> bool:
    """Read "3 by 3 by 64"."""
    size, at = [], first
    while at < pieces.last and pieces.tokens[at].kind is Kind.NUMBER:
        size.append(pieces.tokens[at].value)
        following = pieces.tokens[at + 1] if at + 1 < pieces.last else None
        if following is None or following.text.lower() != "by" or at + 2 >= pieces.last:
            at += 1
            break
        behind = pieces.tokens[at + 3] if at + 3 < pieces.last else None
        # "284 by 2×2 pooling", "from 49 to 27 by 45 %"
        crossed = behind is not None and (behind.cross or behind.is_op("%"))
        if pieces.tokens[at + 2].kind is not Kind.NUMBER or crossed:
            at += 1
            break
        at += 2
    if len(size) < 2 or any(each.denominator != 1 for each in size):
        return False
    pieces.add(Sort.SIZE, "@", first, at, size=tuple(int(each) for each in size))
    return True


def _range(pieces: Pieces, expression: Expression, first: int, last: int) -> bool:
    """Read "25-26 million": two ascending numbers around an unspaced dash."""
    if not (isinstance(expression, Binary) and expression.operator == "-"):
        return False
    left, right = expression.left, expression.right
    if not (isinstance(left, Number) and isinstance(right, Number)) or last - first != 3:
        return False
    if any(each.spaced for each in pieces.tokens[first + 1 : last]) or pieces.tokens[first].math:
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
    pieces.add(Sort.NUMBER, "#", first, last, quantity=stated, expression=expression)
    return True


def _size(pieces: Pieces, expression: Expression, first: int, last: int) -> bool:
    """A product of plain whole numbers: a size. "2 × 3×3" is a count and a size."""
    if isinstance(expression, Binary) and expression.operator == "/":
        # "7×7/2": the size, then a stride.
        tail = pieces.tokens[last - 2 : last]
        if (
            not expression.bracketed
            and factors(expression.left)
            and len(tail) == 2
            and tail[0].is_op("/")
            and not tail[0].spaced
            and not tail[0].math
            and any(each.cross for each in pieces.tokens[first:last])
        ):
            return _size(pieces, expression.left, first, last - 2)
    size = factors(expression)
    if size is None:
        return False
    products = [index for index in range(first, last) if pieces.tokens[index].is_op("*")]
    if len(products) != len(size) - 1 or last - first != 2 * len(size) - 1:
        return False
    spaced = [_loose(pieces, index) for index in products]
    if all(spaced) and _convolved(pieces, products, size, last):
        spaced = [not pieces.tokens[index].cross for index in products]
    if True in spaced and False in spaced:
        if spaced.count(True) != 1:
            return False
        at = spaced.index(True)
        cut = products[at]
        for part, begin, end in ((size[: at + 1], first, cut), (size[at + 1 :], cut + 1, last)):
            if begin == cut + 1:
                pieces.add(Sort.MARK, "x", cut, cut + 1)
            if len(part) == 1:
                token = pieces.tokens[begin]
                pieces.number(token.value, token.place, begin, end)
            else:
                pieces.add(Sort.SIZE, "@", begin, end, size=part, expression=None)
        return True
    pieces.add(Sort.SIZE, "@", first, last, size=size, expression=expression)
    return True


def _convolved(pieces: Pieces, products: list[int], size: Sequence[int], last: int) -> bool:
    """Whether the one star among crosses convolves: "8 × 8 × 3 ∗ 3 × 3 × 3 = 6 × 6".

    Where the products of both sides are equal, it is arithmetic.
    """
    tokens = pieces.tokens
    stars = [index for index in products if not tokens[index].cross]
    if len(stars) != 1 or not products[0] < stars[0] < products[-1] or last + 3 > len(tokens):
        return False
    result = [tokens[last + 1].value]
    for cross, side in zip(tokens[last + 2 :: 2], tokens[last + 3 :: 2], strict=False):
        if not cross.cross or side.kind is not Kind.NUMBER:
            break
        result.append(side.value)
    return tokens[last].is_op("=", "→") and len(result) > 1 and prod(size) != prod(result)


def _loose(pieces: Pieces, index: int) -> bool:
    return pieces.tokens[index].spaced and pieces.tokens[index + 1].spaced
