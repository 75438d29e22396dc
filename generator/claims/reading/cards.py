"""Flashcards, ``question::answer``: questions with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from generator.claims.passage import Piece, Sort
from generator.claims.tokens import Token

_ASKING = frozenset("be do does did can could should have why which who whose is".split())
_COUNTS = frozenset(("parameter", "weight"))


def is_card(line: Sequence[Token]) -> bool:
    """Whether a line is a flashcard, ``question::answer``: the next line is another one."""
    return any(
        one.is_op(":") and other.is_op(":") and one.end == other.start
        for one, other in pairwise(line)
    )


def carded(pieces: list[Piece]) -> tuple[list[Piece], bool]:
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
