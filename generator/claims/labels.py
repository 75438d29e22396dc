"""Arithmetic with words between its numbers, as bare arithmetic.

``5 × 5 × 3 weights + 1 bias`` becomes ``5 × 5 × 3 + 1``, ``12 heads times 64 dims each makes 768``
becomes ``12 * 64 = 768``. Only words that say what a number counts are left out, and only between a
number and a sign; what was left out is kept beside the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from generator.claims.lexicon import MULTIPLIER_WORDS, MULTIPLIERS, NUMERALS, WORDS, wordset
from generator.claims.tokens import Kind, Token

# What numbers of layers count, and the small words around it.
COUNTED = wordset(
    "weight bias parameter filters channel unit input output layer head heads dim dims dimension "
    "dimensions d pixel pixels mult mac flop operation fc block blocks module class bottleneck "
    "bottlenecks fmap map token tokens hidden position positions value values feature features "
    "row rows column columns entries numbers connection connections group "
    "groups gate gates score scores embedding embeddings term terms multiply-add step steps element "
    "elements projection projections expert experts slice slices word words vocab"
)
# Nouns and adjectives of layers: a size before one of them may be no product.
LAYERED = wordset(
    "filter conv depthwise pointwise separable kernel window pool stem bottleneck expand expansion "
    "expanding project projecting gray rgb volume wide high deep standard reduce"
)
SMALL = wordset("each of the in out its for a an at additional extra more all to from learnable "
                "trainable spatial input output one ones such per")  # fmt: skip
COUNTED_ONE = wordset("filter unit neuron head channel layer block weight parameter")
SIGNS = {"plus": "+", "times": "*", "minus": "-", "x": "*"}
BETWEEN = wordset(
    "a an the total of about just only exactly altogether us in sum already even some"
)
OPERATORS = ("+", "-", "*", "/", "=", "≈")
MAX_LABEL = 5


@dataclass(frozen=True, slots=True)
class Bare:
    """Tokens without labels. ``dropped`` gives the label left out after a token, by its index."""

    tokens: tuple[Token, ...]
    dropped: Mapping[int, tuple[str, ...]]


def bare(tokens: Sequence[Token]) -> Bare:
    """Leave out the labels between numbers and signs, and write spoken signs as signs."""
    out: list[Token] = []
    dropped: dict[int, tuple[str, ...]] = {}
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if out and _value(out[-1]) and token.kind in (Kind.WORD, Kind.OP):
            label, after = _label(tokens, at)
            sign, rest = _sign(tokens, after, labelled=bool(label))
            if sign is not None and (label or sign is not tokens[after]):
                if label:
                    dropped[len(out) - 1] = label
                out.append(sign)
                at = rest
                continue
        if out and out[-1].is_op(*OPERATORS, "(") and (spoken := _numeral(token)) is not None:
            token = spoken
        out.append(token)
        at += 1
    return Bare(tuple(out), MappingProxyType(dropped))


def _value(token: Token) -> bool:
    return token.kind is Kind.NUMBER or token.is_op(")", "}")


def _word(token: Token) -> str:
    lower = token.text.lower()
    return WORDS.get(lower, lower)


def _label(tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], int]:
    """Read the label that begins at ``at``, perhaps in brackets: (words, index after it)."""
    here = at + 1 if tokens[at].is_op("(") else at
    words: list[str] = []
    while here < len(tokens) and tokens[here].kind is Kind.WORD and len(words) < MAX_LABEL:
        parts = _word(tokens[here]).split()
        if not all(each in COUNTED or each in LAYERED or each in SMALL for each in parts):
            break
        words += parts
        here += 1
        if (
            here + 1 < len(tokens)
            and tokens[here].is_op("/")
            and _word(tokens[here + 1]) in COUNTED_ONE
        ):
            here += 1  # "parameters/filter"
    if tokens[at].is_op("("):
        if words and here < len(tokens) and tokens[here].is_op(")"):
            return tuple(words), here + 1
        return _result(tokens, at)
    if words and not (set(words) & (COUNTED | LAYERED)):
        return (), at
    return tuple(words), here


def _result(tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], int]:
    """Read "(2.4M)" or "(3×3)" in brackets: a rounded value, or the size of what is counted."""
    if (
        len(tokens) > at + 4
        and tokens[at + 2].cross
        and tokens[at + 4].is_op(")")
        and tokens[at + 1].kind is tokens[at + 3].kind is Kind.NUMBER
        and tokens[at].spaced
    ):
        return ("size",), at + 5
    inside = tokens[at + 1 : at + 4]
    scaled = len(inside) == 3 and inside[0].kind is Kind.NUMBER and inside[2].is_op(")")
    if scaled and inside[1].text.lower() in (*MULTIPLIERS, *MULTIPLIER_WORDS, "m", "g"):
        return (inside[1].text.lower(),), at + 4
    return (), at


def _sign(tokens: Sequence[Token], at: int, *, labelled: bool) -> tuple[Token | None, int]:
    """Read the sign at ``at``: (operator token, index after it), ``None`` if there is none."""
    if at >= len(tokens):
        return None, at
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.is_op(*OPERATORS):
        return (None if token.text == "-" and not token.spaced else token), at + 1
    if token.is_op(")"):
        return token, at + 1
    if token.kind is not Kind.WORD or following is None:
        return None, at
    word = token.text.lower()
    if word in SIGNS and (_opens(following) or _numeral(following) is not None):
        return replace(token, kind=Kind.OP, text=SIGNS[word]), at + 1
    if _word(token) not in ("give", "be") or not labelled:
        return None, at
    here = at + 1
    while here < len(tokens) and tokens[here].text.lower() in BETWEEN:
        here += 1
    if here < len(tokens) and _opens(tokens[here]):
        return replace(token, kind=Kind.OP, text="="), here
    return None, at


def _opens(token: Token) -> bool:
    return token.kind is Kind.NUMBER or token.is_op("(")


def _numeral(token: Token) -> Token | None:
    """A number word as a number."""
    value = NUMERALS.get(token.text.lower()) if token.kind is Kind.WORD else None
    if value is None or token.math:
        return None
    return replace(
        token, kind=Kind.NUMBER, text=str(value), value=Fraction(value), place=Fraction(1)
    )
