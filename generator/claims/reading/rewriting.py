"""Pieces read together: runs of words with one meaning, hedges of numbers, glosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.lexicon import LONGEST_RUN, RUNS, wordset
from generator.claims.passage import Piece, Sort
from generator.claims.quantity import Hedge, Quantity

_HEDGES = {
    "about": Hedge.ABOUT,
    "~": Hedge.ABOUT,
    "≈": Hedge.ABOUT,
    "some": Hedge.ABOUT,
    "over": Hedge.OVER,
    "morethan": Hedge.OVER,
    ">": Hedge.OVER,
    "≥": Hedge.OVER,
    "lessthan": Hedge.UNDER,
    "upto": Hedge.UNDER,
    "<": Hedge.UNDER,
    "≤": Hedge.UNDER,
}
_BOUNDS = frozenset(("morethan", "lessthan", "upto"))
_BARELY = wordset("just slightly barely little bit")
_CLOSE = {Hedge.UNDER: Fraction(3, 4), Hedge.OVER: Fraction(5, 4)}
_RUN_BEGINNINGS = frozenset(key[0] for key in RUNS)


def runs(pieces: list[Piece]) -> list[Piece]:
    """Replace runs of words that mean one thing."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        begins = pieces[at].gist in _RUN_BEGINNINGS or pieces[at].word.lower() in _RUN_BEGINNINGS
        longest = min(LONGEST_RUN, len(pieces) - at) if begins else 1
        for length in range(longest, 1, -1):
            window = pieces[at : at + length]
            if any(each.sort is not Sort.WORD for each in window):
                continue
            key = tuple(each.gist for each in window)
            meaning = RUNS.get(key) or RUNS.get(tuple(each.word.lower() for each in window))
            if meaning is None:
                continue
            for part in meaning.split():
                out.append(
                    replace(
                        window[0],
                        gist=part,
                        end=window[-1].end,
                        tokens=(window[0].tokens[0], window[-1].tokens[1]),
                    )
                )
            at += length
            break
        else:
            out.append(pieces[at])
            at += 1
    return out


def hedged(pieces: list[Piece]) -> list[Piece]:
    """Take words such as "about" and "more than" before a number out and into the number."""
    out: list[Piece] = []
    for piece in pieces:
        stated = piece.quantity
        while piece.sort is Sort.NUMBER and stated and out and _hedges(out, stated):
            hedge = _HEDGES[out.pop().gist]
            close = hedge in _CLOSE and bool(out) and out[-1].gist in _BARELY
            stated = _beside(stated, hedge) if close else stated.hedged(hedge)
        out.append(piece if stated is piece.quantity else replace(piece, quantity=stated))
    return out


def _beside(stated: Quantity, hedge: Hedge) -> Quantity:
    """What "just under 24 million" leaves: not any number below it."""
    value = stated.value
    low, high = (
        (value * _CLOSE[hedge], value) if hedge is Hedge.UNDER else (value, value * _CLOSE[hedge])
    )
    return replace(stated, value=low, upper=high, place=Fraction(0), coarse=Fraction(1))


def glossed(pieces: list[Piece]) -> list[Piece]:
    """Leave out a bracket that only says the word before it again: "up-convolution (transposed)"."""
    if all(each.gist != "(" for each in pieces):
        return pieces
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        inside = pieces[at + 1 : at + 4] if pieces[at].gist == "(" and out else []
        close = next((index for index, each in enumerate(inside) if each.gist == ")"), 0)
        words = {each.gist for each in inside[:close]}
        if close and out[-1].gist in words and words <= {out[-1].gist, "conv", "layer"}:
            at += close + 2
            continue
        out.append(pieces[at])
        at += 1
    return out


def spread(pieces: list[Piece]) -> list[Piece]:
    """Take the rate of a dilated layer for its dilation: "atrous 3×3 with rate 2"."""
    words = [each.gist for each in pieces]
    if "rate" not in words or "dilation" not in words:
        return pieces
    return [
        replace(each, gist="dilation") if each.gist == "rate" and before != "dilation" else each
        for before, each in zip(["", *words], pieces, strict=False)
    ]


def _hedges(before: Sequence[Piece], stated: Quantity) -> bool:
    """Whether the last piece says how a number is meant. "Less than 2160" compares with another
    number; only a round one is a bound."""
    word = before[-1].gist
    if word in _BOUNDS:
        return stated.rounded or stated.coarse >= 1000
    if word in ("over", "some") and not stated.rounded and stated.value < 1000:
        return False
    if word in ("<", ">", "≤", "≥") and len(before) > 1 and before[-2].sort is not Sort.WORD:
        return False
    return word in _HEDGES
