"""Chains of equal sides, ``a = b ≈ c``, found in a statement's tokens.

A side is the longest expression that ends or begins at the sign and that nothing beside it takes
part in: "half of 10 + 2 = 7" has no left side, because "of" grabs the 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.claims.expression import (
    Expression,
    Negative,
    Number,
    UncomputableError,
    evaluate,
    is_name,
    parse,
    written,
)
from generator.claims.lexicon import MULTIPLIER_WORDS, MULTIPLIERS, WORDS, wordset
from generator.claims.quantity import Quantity, coarse_place
from generator.claims.stated import expression_quantity
from generator.claims.tokens import Kind, Token

# Words before an expression that take its first number away from it ("half of 10 + 2").
GRABBING = wordset(
    "of per plus minus times over by divided mod log log2 log10 ln sqrt root square squared sum "
    "mean "
    "average half twice double triple sin cos tan tanh exp max min abs relu softmax sigmoid "
    "third quarter percent negative around version v chapter section figure fig table eq equation "
    "page step problem exercise question"
)
ARITHMETIC = ("+", "-", "*", "/", "^", "%")
BRACKETS = {")": "(", "]": "[", "}": "{", "⌋": "⌊", "⌉": "⌈"}
ENDS_BEFORE = frozenset(', ; : . ( [ { → " \' ! ? \n ** — | • ⟨ < > ≤ ≥ ~ ≈ = "'.split(" ")) | {
    "\n"
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a chain: its tokens (first, last + 1) and tree, ``None`` where unreadable.

    ``stated`` is the number it states; ``approximate`` that ``≈`` or "about" stands before it.
    """

    first: int
    last: int
    expression: Expression | None
    stated: Quantity | None = None
    approximate: bool = False


def chains(tokens: Sequence[Token]) -> Iterator[tuple[Side, ...]]:
    """Find the chains of equal sides in a statement's tokens."""
    at = 0
    while at < len(tokens):
        if not tokens[at].is_op("=", "≈"):
            at += 1
            continue
        left = _left(tokens, at)
        if left is None:
            left = Side(at, at, None)
        sides = [left]
        while at < len(tokens) and tokens[at].is_op("=", "≈"):
            right, after = _right(tokens, at, approximate=sides[-1].approximate)
            sides.append(right)
            at = max(after, at + 1)
            while at < len(tokens) and tokens[at].is_op("\n") and _continues(tokens, at + 1):
                at += 1
        yield tuple(sides)


def _continues(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].is_op("=", "≈")


def _left(tokens: Sequence[Token], equals: int) -> Side | None:
    """Read the expression that ends before ``tokens[equals]``."""
    end = equals
    while end and tokens[end - 1].is_op("\n"):
        end -= 1
    first = _run_start(tokens, end)
    here = first
    while here < end:
        found = parse(tokens, here, end)
        if found is None:
            return None
        scaled = found.end == end - 1 and isinstance(found.expression, Number)
        if scaled and _multiplies(tokens[found.end]):
            side, _ = _scaled(tokens, _side(here, found.end, found.expression))
            hedged = here > 0 and tokens[here - 1].is_op("~", "≈")
            return replace(side, approximate=hedged) if free(tokens, here) else None
        if found.end == end:
            return _side(here, end, found.expression) if free(tokens, here) else None
        here = found.end
    return None


def _multiplies(token: Token) -> bool:
    """Whether a word scales the number before it: "million", "M"."""
    letter = token.text in MULTIPLIERS and not token.math and not token.spaced
    return token.kind is Kind.WORD and (token.text.lower() in MULTIPLIER_WORDS or letter)


def _run_start(tokens: Sequence[Token], end: int) -> int:
    at = end - 1
    while at >= 0:
        token = tokens[at]
        if token.kind is Kind.OP and token.text in BRACKETS:
            opened = _opening(tokens, at)
            if opened < 0:
                break
            at = opened - 1
            if at >= 0 and tokens[at].text.lower() in ("floor", "ceil", "sqrt"):
                at -= 1
        elif (
            token.kind in (Kind.NUMBER, Kind.FUNCTION)
            or _multiplies(token)
            or token.is_op(*ARITHMETIC)
            or (token.kind is Kind.WORD and is_name(token) and token.text != "a")
        ):
            at -= 1
        else:
            break
    return at + 1


def _opening(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, -1, -1):
        text = tokens[index].text if tokens[index].kind is Kind.OP else ""
        depth += text in BRACKETS
        depth -= bool(text) and text in BRACKETS.values()
        if depth == 0:
            return index
    return -1


def free(tokens: Sequence[Token], first: int) -> bool:
    """Whether nothing before the expression takes part in it."""
    if first == 0:
        return True
    before, token = tokens[first - 1], tokens[first]
    match before.kind:
        case Kind.OP:
            if before.is_op("-") and before.spaced and token.spaced:
                return False
            return before.text in ENDS_BEFORE and not (
                before.is_op(":") and not token.spaced and not before.spaced
            )
        case Kind.WORD:
            called = token.is_op("(") and not token.spaced and not (token.math and is_name(before))
            single = is_name(before) and before.text not in ("a", "A")
            return not called and not single and before.text.lower() not in GRABBING
        case _:
            return False


def _right(tokens: Sequence[Token], equals: int, *, approximate: bool) -> tuple[Side, int]:
    """Read the expression that begins after ``tokens[equals]``."""
    at = equals + 1
    approximate = approximate or tokens[equals].is_op("≈")
    while at < len(tokens) and (
        tokens[at].is_op("~", "≈", "\n") or WORDS.get(tokens[at].text.lower()) == "about"
    ):
        approximate = approximate or not tokens[at].is_op("\n")
        at += 1
    found = parse(tokens, at)
    if found is None:
        return Side(equals, at, None, approximate=approximate), at
    side = _side(at, found.end, found.expression)
    side = replace(side, approximate=approximate)
    side, after = _scaled(tokens, side)
    if not _closed(tokens, after):
        side = replace(side, expression=None, stated=None)
    return side, after


def _side(first: int, last: int, expression: Expression) -> Side:
    match expression:
        case Number(value, place, text):
            stated = Quantity(value, place, coarse_place(value, place), place != 1, text)
        case Negative(Number(value, place, text)):
            stated = Quantity(-value, place, coarse_place(value, place), place != 1, f"-{text}")
        case _:
            try:
                value = evaluate(expression)
            except UncomputableError:
                return Side(first, last, expression)
            stated = expression_quantity(expression, value, written(expression))
    return Side(first, last, expression, stated)


def _scaled(tokens: Sequence[Token], side: Side) -> tuple[Side, int]:
    """Take "million" or "M" after a plain number into it."""
    after = side.last
    if not (isinstance(side.expression, Number) and side.stated and after < len(tokens)):
        return side, after
    word = tokens[after]
    factor = MULTIPLIER_WORDS.get(word.text.lower()) if word.kind is Kind.WORD else None
    if factor is None and word.kind is Kind.WORD and word.text in MULTIPLIERS and not word.math:
        factor = MULTIPLIERS[word.text]
    if factor is None:
        return side, after
    q = side.stated
    scaled = replace(
        q,
        value=q.value * factor,
        place=q.place * factor,
        coarse=q.coarse * factor,
        rounded=True,
        text=f"{q.text} {word.text}" if word.spaced else f"{q.text}{word.text}",
    )
    number = Number(scaled.value, scaled.place, scaled.text)
    return replace(side, last=after + 1, stated=scaled, expression=number), after + 1


def _closed(tokens: Sequence[Token], after: int) -> bool:
    """Whether nothing after the expression belongs to it."""
    if after >= len(tokens):
        return True
    token, last = tokens[after], tokens[after - 1]
    if token.kind in (Kind.NUMBER, Kind.STOP, Kind.FUNCTION):
        return token.kind is Kind.STOP and token.text == "`" and token.spaced
    if token.kind is Kind.WORD:
        return token.spaced or token.math != last.math or token.text in ("x", "px", "D", "d")
    following = tokens[after + 1] if after + 1 < len(tokens) else None
    if token.is_op("-") and token.spaced and following is not None and following.spaced:
        # A dash between clauses: "= 48,120 - so C5 has most of them".
        return following.kind is Kind.WORD and not is_name(following)
    if token.is_op("+", "-", "*", "/", "^", "±", "…", "|", "**", "//", "=="):
        return False
    if token.is_op("!", "'", "\\"):
        return token.spaced or token.is_op("'")
    glued = after + 1 < len(tokens) and not tokens[after + 1].spaced
    return not (token.is_op(",", ":", ".") and glued and tokens[after + 1].kind is Kind.NUMBER)
