"""Where a statement has formulas with letters: ``n+2p-f+1``, ``out = (in − 1)·s − 2p + k``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.claims.chains import ENDS_BEFORE, GRABBING
from generator.claims.expression import (
    FUNCTION_LETTERS,
    Binary,
    Call,
    Expression,
    Name,
    Number,
    is_name,
    names,
    parse,
)
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Sentence
from generator.claims.tokens import Kind, Token

# Words that stand for a value in a formula written in words.
SPOKEN = wordset(
    "in out input output kernel filter stride padding pad dilation size width height kernel_size "
    "in_channels out_channels"
)
_SIGNS = ("+", "-", "*", "/", "^")
_TAKING = wordset("half third quarter divided multiplied double square root times sum product")
_OPEN = GRABBING - wordset("of by around mean average version exp")


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression with letters, the name it is given to, and its place in the statement."""

    expression: Expression
    left: str
    sentence: Sentence
    start: int
    end: int
    equated: bool


def formulas(passage: Passage) -> tuple[Formula, ...]:
    """Find the formulas of a statement, in reading order."""
    tokens = prepared(passage.tokens)
    if not any(each.kind is Kind.WORD and _begins(tokens, at) for at, each in enumerate(tokens)):
        return ()  # no letter
    return tuple(
        each
        for sentence in passage.sentences
        if not sentence.question
        for each in _in_sentence(tokens, sentence)
    )


def _in_sentence(tokens: Sequence[Token], sentence: Sentence) -> Iterator[Formula]:
    last = next((at for at, t in enumerate(tokens) if t.start >= sentence.end), len(tokens))
    at = next((at for at, t in enumerate(tokens) if t.start >= sentence.start), last)
    while at < last:
        found = parse(tokens, at, last) if _begins(tokens, at) else None
        if found is None:
            at += 1
            continue
        expression = found.expression
        lettered = isinstance(expression, Binary | Call) and names(expression)
        if lettered and _stands_free(tokens, at, found.end):
            left, equated = _left(tokens, at)
            end = max(each.end for each in tokens[at : found.end])
            yield Formula(expression, left, sentence, tokens[at].start, end, equated)
        at = found.end


def _begins(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind is Kind.WORD:
        article = not token.math and token.text in ("a", "A", "I")
        return is_name(token) and not article
    return token.kind in (Kind.NUMBER, Kind.FUNCTION) or token.is_op("(", "[", "⌊", "⌈", "{", "-")


def _stands_free(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether nothing beside the expression takes part in it."""
    following = tokens[after] if after < len(tokens) else None
    if following is not None and (
        following.is_op(*_SIGNS, "…", "±", "**", "//")
        or following.kind in (Kind.NUMBER, Kind.STOP, Kind.FUNCTION)
    ):
        dash = following.is_op("-") and following.spaced
        closing = following.kind is Kind.STOP and following.text == "`"
        if not (dash or closing):
            return False
    if following is not None and following.kind is Kind.WORD and not following.spaced:
        return False
    if first == 0:
        return True
    before = tokens[first - 1]
    if before.kind is Kind.OP:
        return before.text in ENDS_BEFORE or (before.is_op("-") and not tokens[first].spaced)
    if before.kind is not Kind.WORD:
        return False
    word = before.text.lower()
    if word in ("of", "by"):
        return not (first > 1 and tokens[first - 2].text.lower() in (*_TAKING, "%", "percent"))
    single = is_name(before) and word != "a" and before.math == tokens[first].math
    return not single and word not in _OPEN


def _left(tokens: Sequence[Token], at: int) -> tuple[str, bool]:
    """The name before the equals sign, and whether there is a sign."""
    if at < 1 or not tokens[at - 1].is_op("=", "≈"):
        return "", False
    before = tokens[at - 2] if at > 1 else None
    if before is None or before.kind is not Kind.WORD:
        return "", True
    named = is_name(before) or before.text.lower() in SPOKEN | {"params", "parameters", "weights"}
    return (before.text if named else ""), True


# ------------------------------------------------------------------ tokens made ready


def prepared(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Write words that stand for values as names, and a letter that multiplies a bracket as a product."""
    spoken = [
        replace(each, math=True) if _is_value(tokens, at) else each
        for at, each in enumerate(tokens)
    ]
    called = FUNCTION_LETTERS & {
        each.text
        for at, each in enumerate(spoken)
        if each.kind is Kind.WORD and not _opens(spoken, at) and is_name(each)
    }
    out: list[Token] = []
    for at, token in enumerate(spoken):
        out.append(token)
        letter = token.kind is Kind.WORD and token.text in called
        if (letter and _opens(spoken, at)) or _goes_on(spoken, at):
            out.append(Token(Kind.OP, "*", token.end, token.end, math=token.math))
    return tuple(out)


def _opens(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bracket stands right after a token."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and following.is_op("(") and not following.spaced


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a letter stands right after a closing bracket, in prose: "(i − 1)s"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    glued = following is not None and not following.spaced and not following.math
    return glued and following is not None and tokens[at].is_op(")") and is_name(following)


def _is_value(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind is not Kind.WORD or token.math or token.text.lower() not in SPOKEN:
        return False
    before = tokens[at - 1] if at else None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    starts = before is None or before.is_op("(", "{", "=", "⌊", *_SIGNS)
    ends = following is None or following.is_op(")", "}", "⌋", ",", ".", *_SIGNS)
    if before is not None and before.is_op("{") and ends:
        return True  # \\frac{…}{\\text{stride}}
    signs = [each for each in (before, following) if each is not None and each.is_op(*_SIGNS)]
    return starts and ends and bool(signs)


def axes(expression: Expression) -> list[Expression]:
    """Split ``(n-f+1) × (n-f+1)`` into its axes; a depth after them is left out."""
    match expression:
        case Binary("*", left, right) if not expression.bracketed:
            first, second = axes(left), axes(right)
            if all(_sum(each) for each in (*first, *second)):
                return first + second
            if all(_sum(each) for each in first) and isinstance(right, Name | Number):
                return first
        case _:
            pass
    return [expression]


def _sum(expression: Expression) -> bool:
    match expression:
        case Binary("+" | "-", _, _) | Call():
            return True
        case _:
            return False


def only_size(expression: Expression) -> bool:
    """Whether letters and numbers are joined by crosses and nothing else, as sizes are."""
    match expression:
        case Name() | Number():
            return True
        case Binary("*", left, right):
            return expression.cross and only_size(left) and only_size(right)
        case _:
            return False
