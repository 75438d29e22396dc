"""Arithmetic that is right as arithmetic and wrong as the count that its words make of it.

"64·256 + 256 = 16,640 parameters, bias included" for a layer from 256 to 64 channels: a bias belongs
to each output. Which numbers are outputs, the words say: "to 64", "128 units", "32 filters".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.chains import Side, chains
from generator.claims.context import Context
from generator.claims.expression import Binary, Expression, Number, written
from generator.claims.kinds import equality
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence, Sort
from generator.claims.quantity import show
from generator.claims.stated import factors

KIND = equality.KIND

_OUTPUTS = wordset("unit class filters outputs neurons")
_TOWARDS = wordset("to → into")
_COUNTED = wordset("included including with counted counting incl in all")
_LEFT_OUT = wordset("without ignored off aside excluded no free not")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find written-out counts of a layer's parameters whose biases do not fit its words."""
    for chain in chains(context.passage.tokens):
        first, last = chain[0], chain[-1]
        if len(chain) != 2 or first.expression is None or last.stated is None:
            continue
        start = context.passage.tokens[last.first].start
        number = next(
            (at for at, e in enumerate(context.sentences) if e.start <= start < e.end), None
        )
        if number is not None and first.stated is not None:
            yield from _judged(context, number, first, last)


def _judged(context: Context, number: int, first: Side, last: Side) -> Iterator[Candidate]:
    sentence = context.sentences[number]
    start = context.passage.tokens[last.first].start
    at = next((at for at, each in enumerate(sentence.pieces) if each.start == start), None)
    assert first.expression is not None
    weights, extra = _split(first.expression)
    if at is None or len(weights) < 2 or sentence.question:
        return
    piece = sentence.pieces[at]
    after = {each.gist for each in sentence.pieces[at + 1 : at + 3]}
    outputs = _outputs(context, number)
    if "parameter" not in after or piece.quantity is None or len(outputs) != 1:
        return
    (out,) = outputs
    biases = _biases(sentence)
    product = prod(weights)
    if out not in weights or biases is None or (extra is not None and extra not in weights):
        return
    if biases and extra is None and _folded(context, weights, out):
        return
    right = product + out if biases else product
    stated = product + (extra or 0)
    if stated == right or piece.quantity.value != stated:
        return
    terms = "·".join(map(str, weights))
    how = f"{terms} + {out} = {right:,}" if biases else f"{terms} = {right:,}"
    source = " * ".join(map(str, weights)) + (f" + {out}" if biases else "")
    yield claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        (Reading(Fraction(right), f"one bias for each output: {how}", source),),
        expected=f"{written(first.expression)} = {show(piece.quantity.value)}",
    )


def _split(expression: Expression) -> tuple[tuple[int, ...], int | None]:
    """A product of plain numbers, and the lone number added to it."""
    match expression:
        case Binary("+", left, Number(value)) if value.denominator == 1:
            return factors(left) or (), int(value)
        case _:
            return factors(expression) or (), None


def _outputs(context: Context, number: int) -> set[int]:
    """The numbers of outputs that the sentence and the one before it name."""
    found = set()
    for sentence in context.sentences[max(0, number - 1) : number + 1]:
        pieces = sentence.pieces
        for at, piece in enumerate(pieces):
            if piece.sort is not Sort.NUMBER or piece.quantity is None:
                continue
            after = [each.gist for each in pieces[at + 1 : at + 3]]
            if "hidden" in after[:1] or "output" in after[:1]:
                after = after[1:]
            led = (
                at > 0
                and pieces[at - 1].gist in _TOWARDS
                and any(each.quantity is not None for each in pieces[max(0, at - 5) : at])
            )
            if led or (after and after[0] in _OUTPUTS):
                found.add(int(piece.quantity.value))
    return found


def _biases(sentence: Sentence) -> bool | None:
    """Whether the sentence says that biases are counted, or left out; ``None`` if it says neither."""
    if not sentence.has("bias"):
        return None
    if sentence.words & _LEFT_OUT:
        return False
    return True if sentence.words & _COUNTED else None


def _folded(context: Context, weights: tuple[int, ...], out: int) -> bool:
    """Whether a factor counts the bias as one more input: 785 · 128 for 784 inputs."""
    said = {
        int(each.quantity.value)
        for sentence in context.sentences
        for each in sentence.pieces
        if each.quantity is not None and each.quantity.value.denominator == 1
    } | {prod(each.size) for sentence in context.sentences for each in sentence.pieces if each.size}
    rest = list(weights)
    rest.remove(out)
    return any(each - 1 in said for each in rest) or prod(rest) - 1 in said
