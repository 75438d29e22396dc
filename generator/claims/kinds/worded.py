"""Arithmetic with words in it: "5 × 5 × 3 weights + 1 bias = 76", "12 heads × 64 dims = 768".

The words are left out and the rest is judged as written-out arithmetic is. A sum of results that a
sentence computes ("432 … and 240, together 672") and a product with its value in brackets after it
("4096 × 4096 (16.8M)") are judged here, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.chains import Side, chains
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Expression,
    Number,
    UncomputableError,
    evaluate,
    python,
)
from generator.claims.kinds import equality
from generator.claims.labels import LAYERED, SMALL, Bare, bare
from generator.claims.passage import Passage, Piece, Sentence, factors, pattern
from generator.claims.quantity import Agreement, Hedge, Quantity, agreement, quantity, show

KIND = equality.KIND

TOGETHER = pattern(
    r"(?:together|altogether|overall|total|in sum|in total|both|summing up to|sum) <*, : = be it that "
    r"this we of to give a have need about the cost only just so i\.e makes → and come*><n:#>|"
    r"(?:so|→|give|be|hence|i\.e|thus|therefore) <*, : the a we have need*><m:#> <*mult mac "
    r"operation weight parameter "
    r"multiplications flop*>(?:in total|together|altogether|overall|in all|in sum)"
)
BRACKETED = pattern(
    r"<e:%@> <*weight mult mac operation parameter*>\( <*= about so i\.e that be*><n:#> "
    r"<*weight mult mac operation flop input connections*>\)"
)
COUNTED_AFTER = pattern(r"(?:bias|weight|mult|mac) : <n:#>")
COUNTING = ("weight", "parameter", "mult", "mac", "operation", "flop", "fc", "connections", "unit")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find arithmetic with words between its numbers."""
    passage = context.passage
    if not equality.speaks_arithmetic(passage):
        return
    found = bare(passage.tokens)
    if found.tokens != passage.tokens:
        plain = replace(passage, tokens=found.tokens)
        for chain in chains(found.tokens):
            if _worded(passage, found, chain):
                for part in _parts(chain):
                    candidate = _judged(plain, found, part)
                    if candidate is not None:
                        yield candidate
    for sentence in passage.sentences:
        if not sentence.question:
            yield from _together(passage, sentence)
            yield from _bracketed(passage, sentence)


# ------------------------------------------------------------------ chains without their words


def _worded(passage: Passage, found: Bare, chain: Sequence[Side]) -> bool:
    """Whether something was left out in a chain: else it is judged as plain arithmetic."""
    first, last = found.tokens[chain[0].first], found.tokens[chain[-1].last - 1]
    inside = [each for each in passage.tokens if first.start <= each.start < last.end]
    return inside != list(found.tokens[chain[0].first : chain[-1].last])


def _parts(chain: Sequence[Side]) -> Iterator[tuple[Side, ...]]:
    """Split "3 + 4 = 7 blocks × 2 layers = 14": each sign goes on from the number before it."""
    start: list[Side] = []
    for at, side in enumerate(chain):
        leaf = _first(side.expression) if start and at < len(chain) - 1 else None
        before = start[-1].stated if start else None
        if (
            leaf is not None
            and before is not None
            and side.stated is not None
            and side.expression is not leaf
            and before.value == leaf.value != side.stated.value
        ):
            number = quantity(leaf.value, leaf.text)
            yield (*start, Side(side.first, side.first + 1, leaf, number, side.approximate))
            start = []
        start.append(side)
    yield tuple(start)


def _first(expression: Expression | None) -> Number | None:
    """The number an expression begins with."""
    match expression:
        case Number():
            return expression
        case Binary(_, left, _) if not expression.bracketed:
            return _first(left)
        case _:
            return None


def _judged(plain: Passage, found: Bare, chain: Sequence[Side]) -> Candidate | None:
    candidate = equality.judge(plain, chain)
    if candidate is None:
        return None
    layers = any(_layer(found, at) for at in range(chain[0].first, chain[0].last))
    said = not isinstance(chain[0].expression, Binary)  # "32 images = 256 / 8"
    unsure = layers or said or _bias_left_out(chain, candidate)
    return if_true(candidate) if unsure else candidate


def _layer(found: Bare, at: int) -> bool:
    """Whether a size with the name of a layer ends here: a 5×5 kernel and a padding of 2 make no sum."""
    label = [each for each in found.dropped.get(at, ()) if each not in SMALL]
    if not label or label[0] not in LAYERED or at == 0:
        return False
    following = found.tokens[at + 1] if at + 1 < len(found.tokens) else None
    size = found.tokens[at - 1].cross and at - 2 not in found.dropped
    return size and not (following is not None and following.is_op("*"))


def _bias_left_out(chain: Sequence[Side], candidate: Candidate) -> bool:
    expression, stated = chain[0].expression, candidate.stated
    parts = factors(expression) if expression else None
    if parts is None or not isinstance(stated, Quantity) or chain[0].stated is None:
        return False
    return stated.value - chain[0].stated.value in parts


# ------------------------------------------------------------------ values in brackets


def _bracketed(passage: Passage, sentence: Sentence) -> Iterator[Candidate]:
    """Read "28·28·16·192 (2.4M)": a product and its rounded value."""
    for found in sentence.find(BRACKETED):
        product, number = found["e"], found["n"]
        value, source = _computed(product)
        stated = number.quantity
        if value is None or stated is None or number.numeral or value < 1000:
            continue
        if stated.rounded:
            stated = stated.hedged(Hedge.NONE)
        candidate = Candidate(
            KIND,
            product.start,
            number.end,
            number.start,
            stated,
            (
                Reading(
                    value, f"{passage.text[product.start : product.end]} = {show(value)}", source
                ),
            ),
        )
        near = stated.value and Fraction(1, 5) < value / stated.value < 5
        yield from _certain(candidate, certain=bool(near and sentence.has(*COUNTING)))


def _certain(candidate: Candidate, *, certain: bool) -> Iterator[Candidate]:
    found = candidate if certain else if_true(candidate)
    if found is not None:
        yield found


def _computed(piece: Piece) -> tuple[Fraction | None, str]:
    if piece.expression is None:
        return None, ""
    try:
        return evaluate(piece.expression), python(piece.expression)
    except UncomputableError:
        return None, ""


# ------------------------------------------------------------------ sums of results


def _together(passage: Passage, sentence: Sentence) -> Iterator[Candidate]:
    """Read "… = 432, … = 240, together 672": the results of a sentence and their sum."""
    for found in sentence.find(TOGETHER):
        number = found.get("n") or found["m"]
        stated = number.quantity
        if stated is None or number.numeral:
            continue
        results = _results(passage, sentence.start, number)
        if len(results) < 2:
            results = _results(passage, 0, number)
        if len(results) < 2:
            continue
        for count in range(2, len(results) + 1):
            values = [each.value for each in results[-count:]]
            if agreement(stated, sum(values, Fraction())) is Agreement.TRUE:
                break
        else:
            values = [each.value for each in results]
        total = sum(values, Fraction())
        shown = " + ".join(show(each) for each in values)
        source = " + ".join(str(each) for each in values)
        candidate = claiming(
            KIND,
            sentence,
            number,
            stated,
            (Reading(total, f"{shown} = {show(total)}", source),),
        )
        plain = all(each.exact for each in (*results, stated))
        yield from _certain(candidate, certain=plain and max(values) < stated.value < 2 * total)


def _results(passage: Passage, first: int, number: Piece) -> list[Quantity]:
    """The values that arithmetic gives between an offset and a number, and counts after a colon:
    "biases: 32"."""
    found: list[tuple[int, Quantity]] = []
    tokens = bare(passage.tokens).tokens
    for chain in chains(tokens):
        last = chain[-1]
        if last.stated is None or not isinstance(last.expression, Number) or len(chain) < 2:
            continue
        if chain[0].stated is not None:
            found.append((tokens[last.last - 1].end, last.stated))
    for sentence in passage.sentences:
        for each in sentence.find(COUNTED_AFTER):
            piece, after = each["n"], sentence.words_after(each["n"], 1)
            if piece.quantity is not None and not (after and after[0] in ("=", "*", "+")):
                found.append((piece.end, piece.quantity))
    return [each for end, each in sorted(found, key=lambda e: e[0]) if first <= end <= number.start]
