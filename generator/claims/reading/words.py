"""Words as pieces: numerals, variables, multipliers, and what is glued to a number."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from generator.claims.expression import Number, parse
from generator.claims.lexicon import (
    MULTIPLIER_WORDS,
    MULTIPLIERS,
    NUMERALS,
    RATE_PREFIX,
    RATE_UNITS,
    WORDS,
    meaning,
)
from generator.claims.passage import Sort
from generator.claims.reading.pieces import Pieces
from generator.claims.reading.values import add_expression
from generator.claims.tokens import Kind, Token

_COUNTED = frozenset(("stride", "pad", "dilation", "groups"))
_LAYER_SIZE = re.compile(r"(conv|deconv|maxpool|avgpool|pool|dw|kernel)-?(\d{1,2})[x×](\d{1,2})")
_LETTER_VALUE = re.compile(r"([sp])([0-9])")


def read_word(pieces: Pieces) -> None:
    """Read the next token, a word, as what it means here."""
    token = pieces.tokens[pieces.at]
    lower = token.text.lower().replace("’", "'")
    if lower.endswith("n't") or lower == "cannot":
        pieces.add(Sort.WORD, "not", pieces.at, pieces.at + 1, word=token.text)
        return
    lower = lower.partition("'")[0]
    if _multiplied(pieces, token):
        return
    if lower in NUMERALS and not token.math:
        value = Fraction(NUMERALS[lower])
        pieces.number(value, Fraction(1), pieces.at, pieces.at + 1, numeral=True)
        return
    single = len(token.text.partition("_")[0].partition("[")[0].rstrip("'")) == 1
    article = not token.math and lower in ("a", "i")
    if (single or (token.math and lower not in WORDS and len(lower) < 9)) and not article:
        found = parse(pieces.tokens, pieces.at, pieces.last)
        if found is not None and not _slack_letter(pieces, token, found.end):
            add_expression(pieces, found.expression, pieces.at, found.end)
            return
    if not lower.isalpha() and (_numbered(pieces, token, lower) or _glued(pieces, token)):
        return
    at = pieces.at
    for part in meaning(lower).split():
        pieces.add(Sort.WORD, part, at, at + 1, word=token.text)


def _numbered(pieces: Pieces, token: Token, lower: str) -> bool:
    """Read "stride-2" as a word and its number."""
    head, dash, tail = lower.rpartition("-")
    if not (dash and tail.isdecimal() and WORDS.get(head, head) in _COUNTED):
        return False
    at = pieces.at
    pieces.add(Sort.WORD, WORDS.get(head, head), at, at + 1, word=token.text)
    pieces.number(Fraction(int(tail)), Fraction(1), at, at + 1)
    return True


def _glued(pieces: Pieces, token: Token) -> bool:
    """Read "conv3x3" as a layer and its size, "3x3 s2" and "(s2, p1)" with stride and padding."""
    at = pieces.at
    if found := _LAYER_SIZE.fullmatch(token.text.lower()):
        pieces.add(Sort.WORD, WORDS.get(found[1], found[1]), at, at + 1, word=token.text)
        pieces.add(Sort.SIZE, "@", at, at + 1, size=(int(found[2]), int(found[3])))
        return True
    last = pieces.out[-1] if pieces.out else None
    listed = last is not None and (last.sort is Sort.SIZE or last.gist in ("(", ","))
    if not (listed and (found := _LETTER_VALUE.fullmatch(token.text))):
        return False
    meaning = "stride" if found[1] == "s" else "pad"
    pieces.add(Sort.WORD, meaning, at, at + 1, word=token.text)
    pieces.number(Fraction(int(found[2])), Fraction(1), at, at + 1)
    return True


def _slack_letter(pieces: Pieces, token: Token, end: int) -> bool:
    """A lone letter x in prose is a sign or a ratio ("5x fewer"), not a variable."""
    return not token.math and token.text in "xX" and end == pieces.at + 1


def _multiplied(pieces: Pieces, token: Token) -> bool:
    """Scale the number before by "million", "M", "GFLOPs"; say whether the word was used up."""
    last = pieces.out[-1] if pieces.out else None
    if last is None or last.sort is not Sort.NUMBER or last.tokens[1] != pieces.at:
        return False
    factor, rest = _factor(token)
    if factor is None or last.quantity is None:
        return False
    following = pieces.tokens[pieces.at + 1] if pieces.at + 1 < pieces.last else None
    if token.spaced and len(token.text) == 1:
        role = following is not None and WORDS.get(following.text.lower()) in (
            "parameter", "weight", "mac", "flop", "mult", "operation",
        )  # fmt: skip
        apart = following is None or following.is_op(",", ")", ";", ".", "/", "&", "|")
        named = following is not None and following.kind is Kind.WORD and not token.math
        alone = following is None and len(pieces.out) < 3 and not token.math  # a table's cell
        counted = any(each.gist in ("parameter", "mac", "flop") for each in pieces.out)
        fraction = (last.quantity.place < 1 and (apart or named)) or alone
        fraction = fraction or (counted and apart and not token.math)  # "params: VGG-16 138 M"
        if token.text not in "MGB" or not (role or fraction):
            return False
    q = last.quantity
    scaled = replace(
        q,
        value=q.value * factor,
        place=q.place * factor,
        coarse=q.coarse * factor,
        upper=None if q.upper is None else q.upper * factor,
        rounded=True,
        text=f"{q.text}{' ' if token.spaced else ''}{token.text}",
    )
    pieces.out[-1] = replace(
        last,
        quantity=scaled,
        end=token.end,
        tokens=(last.tokens[0], pieces.at + 1),
        expression=Number(scaled.value, scaled.place, scaled.text),
    )
    pieces.at += 1
    if rest:
        pieces.add(Sort.WORD, rest, pieces.at - 1, pieces.at, word=token.text)
    return True


def _factor(token: Token) -> tuple[Fraction | None, str]:
    """What a word after a number multiplies it by, and the word that is left ("GFLOPs" → flop)."""
    text, lower = token.text, token.text.lower()
    if lower in MULTIPLIER_WORDS:
        return Fraction(MULTIPLIER_WORDS[lower]), ""
    if text in MULTIPLIERS:
        return Fraction(MULTIPLIERS[text]), ""
    head, dash, tail = text.partition("-")
    if dash and head in MULTIPLIERS and not token.spaced and tail:
        return Fraction(MULTIPLIERS[head]), WORDS.get(tail.lower(), tail.lower())
    if lower[:1] in RATE_PREFIX and lower[1:] in RATE_UNITS and lower not in WORDS:
        return Fraction(RATE_PREFIX[lower[:1]]), RATE_UNITS[lower[1:]]
    return None, ""
