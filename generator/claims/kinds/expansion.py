"""Channels that a bottleneck expands: "24 channels get expanded ×6 to 144", "t = 6: 64 → 384 → 64"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import show

KIND = "expansion"

TOPIC = wordset("expand expands expanded expanding expansion inverted widens widened")
# The factor: "by six", "×6", "6×", "6-fold", "expansion factor 6", "t = 6".
FACTOR = tuple(
    pattern(text)
    for text in (
        r"(?:by|of|factor|ratio|\*|x|×|times|expansion|is) (?:(?:a|an|factor|ratio|of|be|=|:|the) )*<t:#>"
        r"(?! (?:channel|input|filters|→|fmap))",
        r"<t:#> (?:times|x|\*|×|fold|-fold)(?! #| @)",
    )
)
LETTER = pattern(r"<l:~> (?:=|:) <t:#>")
TO = wordset("to into → give become becomes making makes giving get gives yields")
CHANNELS = pattern(r"<c:#> (?:input )?(?:channel|fmap|d|dimensional|wide|filters)")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of expanded channels."""
    for sentence in context.sentences:
        if sentence.question or not (sentence.words & TOPIC) or sentence.has("not"):
            continue
        factor = _factor(sentence)
        if factor is None or factor.quantity is None or not 1 < factor.quantity.value <= 12:
            continue
        yield from _expanded(sentence, factor)


def _factor(sentence: Sentence) -> Piece | None:
    """The sentence's one expansion factor."""
    found = [
        each["t"]
        for each in sentence.find(LETTER)
        if isinstance(name := each["l"].expression, Name) and name.name in ("t", "e", "r", "T")
    ]
    for form in FACTOR:
        found += [each["t"] for each in sentence.find(form)]
    small = {each.start: each for each in found if each.quantity and each.quantity.value <= 12}
    return next(iter(small.values())) if len(small) == 1 else None


def _expanded(sentence: Sentence, factor: Piece) -> Iterator[Candidate]:
    """The number after "to" or an arrow, from the one before it; a third goes back or on."""
    assert factor.quantity is not None
    numbers = [
        at
        for at, each in enumerate(sentence.pieces)
        if each.sort is Sort.NUMBER and each is not factor and not each.numeral and _plain(each)
    ]
    for first, second in pairwise(numbers):
        between = [each.gist for each in sentence.pieces[first + 1 : second]]
        expands = any(each.gist in TOPIC for each in sentence.pieces[:second])
        told = bool(set(between) & TO) and (expands or "→" in between)
        if not told or len(between) > 10 or "project" in " ".join(between):
            continue
        if sentence.words_before(sentence.pieces[first], 1) == ("=",):
            continue  # a number of weights, not of channels
        piece, given = sentence.pieces[second], sentence.pieces[first]
        if (
            given.quantity is None
            or piece.quantity is None
            or not _channels(sentence, first, second)
        ):
            continue
        value = given.quantity.value * factor.quantity.value
        how = f"{show(factor.quantity.value)}·{show(given.quantity.value)} = {show(value)}"
        source = f"{int(given.quantity.value)} * {_literal(factor.quantity.value)}"
        used = (given.start, factor.start)
        yield claiming(
            KIND,
            sentence,
            piece,
            piece.quantity,
            (Reading(value, how, source),),
            expected=f"{piece.quantity.text} channels",
            used=used,
        )
        return


def _plain(piece: Piece) -> bool:
    return (
        piece.quantity is not None
        and piece.quantity.exact
        and piece.quantity.value.denominator == 1
        and piece.quantity.value > 1
    )


def _channels(sentence: Sentence, first: int, second: int) -> bool:
    """Whether these are numbers of channels: one of them says so, or an arrow joins them."""
    counted = {sentence.index_of(found["c"]) for found in sentence.find(CHANNELS)}
    arrows = "→" in [each.gist for each in sentence.pieces[first + 1 : second]]
    return bool(counted & {first, second}) or arrows


def _literal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"Fraction({str(value)!r})"
