"""What a change makes of a layer: "halving input and output channels cuts the weights to a quarter".

A cause (a factor and what it is applied to) and an effect (a factor and what it is said of) in one
clause. Weights and multiplications grow with each number of channels and with the square of the
kernel's side; multiplications also with the square of the map's; a matrix of scores with the square
of the sequence's length. Weights do not depend on the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.quantity import show

KIND = "scaling"

CAUSES: Mapping[str, Fraction] = {
    **dict.fromkeys(("halving", "halve"), Fraction(1, 2)),
    **dict.fromkeys(("doubling", "double"), Fraction(2)),
    **dict.fromkeys(("tripling", "triple"), Fraction(3)),
    **dict.fromkeys(("quadrupling", "quadruple"), Fraction(4)),
}
EFFECTS: Mapping[str, Fraction] = {
    **dict.fromkeys(("halves", "halve", "halved"), Fraction(1, 2)),
    **dict.fromkeys(("doubles", "double", "doubled", "twice"), Fraction(2)),
    **dict.fromkeys(("triples", "triple", "tripled"), Fraction(3)),
    **dict.fromkeys(("quadruples", "quadruple", "quadrupled", "fourfold"), Fraction(4)),
    **dict.fromkeys(("octuples", "eightfold"), Fraction(8)),
}
PARTS: Mapping[str, Fraction] = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
    "ninth": Fraction(1, 9),
}
FALLING = wordset("cuts cut reduces reduce reducing shrinks divides lowers drops falls fewer less")
UNCHANGED = wordset("unchanged same constant unaffected untouched alone keep keeps")
WEIGHTS = wordset("weight parameter")
WORK = wordset("mult mac flop operation cost computation compute")
SCORES = wordset("matrix scores attention score")


@dataclass(frozen=True, slots=True)
class Cause:
    """A factor and what it is applied to: ``channels`` (of one side, or ``both``), the ``kernel``'s
    side, the ``map``'s side, the sequence's ``length``."""

    factor: Fraction
    what: str
    both: bool = False

    def power(self, target: str) -> int:
        """With which power of the factor a count grows."""
        match self.what, target:
            case "channels", "weights" | "work":
                return 1 + self.both
            case ("kernel", "weights" | "work") | ("map", "work") | ("length", "scores"):
                return 2
            case _:
                return 0


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of how counts scale."""
    for sentence in context.sentences:
        if sentence.question or sentence.has("not", "if", "depthwise", "separable"):
            continue
        cause: Cause | None = None
        target = ""
        for clause in _clauses(sentence):
            words = [each.gist for each in clause]
            cause = _cause(words, cause)
            target = _target(words) or target
            if cause is None or not target or not context.speaks_of(*_TOPICS[target]):
                continue
            found = _effect(clause, cause)
            if found is not None:
                # "doubling them in two layers in a row": more changes than one
                crowded = any(
                    each.numeral and following.gist == "layer"
                    for each, following in pairwise(sentence.pieces)
                )
                yield from _candidate(sentence, cause, target, *found, crowded=crowded)


_TOPICS = {
    "weights": ("conv", "filter", "filters", "channel", "layer"),
    "work": ("conv", "filter", "filters", "channel", "layer"),
    "scores": ("attention", "sequence", "token", "tokens", "head", "heads"),
}


def _clauses(sentence: Sentence) -> Iterator[list[Piece]]:
    clause: list[Piece] = []
    for piece in sentence.pieces:
        if piece.gist in (",", ";", "while", "whereas", "but", "yet") and clause:
            yield clause
            clause = []
        clause.append(piece)
    yield clause


def _cause(words: Sequence[str], before: Cause | None) -> Cause | None:
    at = next((nth for nth, each in enumerate(words) if each in CAUSES), None)
    if at is None:
        return before
    factor = CAUSES[words[at]]
    changed = []
    for each in words[at + 1 :]:
        if each in EFFECTS or each in FALLING or each in ("give", "mean", "means", "leads"):
            break
        changed.append(each)
    said = set(changed)
    one = {"one", "either"} & {each.lower() for each in said} or any("#" in each for each in said)
    if said & {"them", "these"} and before is not None and one:
        return replace(before, factor=factor, both=False)
    if "channel" in said or "filters" in said:
        return _channels(factor, said)
    if said & {"height", "width"}:
        return Cause(factor, "map") if {"height", "width"} <= said else None
    if said & {
        "filter",
        "size",
        "side",
        "resolution",
        "height",
        "image",
        "map",
        "fmap",
        "length",
        "context",
        "sequence",
        "tokens",
    }:
        return _sides(factor, said)
    return None


def _channels(factor: Fraction, said: set[str]) -> Cause:
    both = {"input", "output"} <= said or "both" in said or "all" in said
    return Cause(factor, "channels", both)


def _sides(factor: Fraction, said: set[str]) -> Cause | None:
    if said & {"sequence", "context", "tokens"} or ("length" in said and "filter" not in said):
        return Cause(factor, "length")
    if "filter" in said:
        return Cause(factor, "kernel")
    if said & {"image", "map", "fmap", "input", "resolution"}:
        return Cause(factor, "map")
    return None


def _target(words: Sequence[str]) -> str:
    said = set(words)
    if said & WEIGHTS:
        return "weights"
    if said & WORK:
        return "work"
    return "scores" if said & SCORES else ""


def _effect(clause: Sequence[Piece], cause: Cause) -> tuple[Piece, Fraction] | None:
    """The factor that a clause states, and the piece that says it."""
    words = [each.gist for each in clause]
    start = next((nth + 1 for nth, each in enumerate(words) if each in CAUSES), 0)
    for nth in range(start, len(words)):
        word = words[nth]
        before = words[max(start, nth - 4) : nth]
        if word in PARTS and {"to", "by", "only", "a"} & set(before):
            by = "by" in before
            return clause[nth], 1 - PARTS[word] if by else PARTS[word]
        if word in EFFECTS and word not in ("double", "halve", "triple", "quadruple"):
            return clause[nth], EFFECTS[word]
        quantity = clause[nth].quantity
        after = words[nth + 1 : nth + 3]
        if quantity is None or quantity.value <= 1 or quantity.value.denominator != 1:
            continue
        if "factor" in before or (after[:1] in (["times"], ["x"]) and "as" in after):
            falling = any(each in FALLING for each in words)
            value = quantity.value
            return clause[nth], 1 / value if falling or cause.factor < 1 else value
    unchanged = [nth for nth in range(start, len(words)) if words[nth] in UNCHANGED]
    return (clause[unchanged[0]], Fraction(1)) if unchanged else None


def _candidate(
    sentence: Sentence,
    cause: Cause,
    target: str,
    piece: Piece,
    stated: Fraction,
    *,
    crowded: bool,
) -> Iterator[Candidate]:
    if (cause.what == "length") != (target == "scores"):
        return
    power = cause.power(target)
    value = cause.factor**power
    how = f"{show(cause.factor)}^{power} = {show(value)} times as many"
    line = f"assert {_measured(cause, target)} == {_literal(stated)}"
    yield claiming(
        KIND,
        sentence,
        piece,
        True,
        (Reading(stated == value, how, "", (line,)),),
        affirm_only=crowded,
        expected=f"{show(stated)} times as many",
        computed=f"{show(value)} times as many",
    )


def _measured(cause: Cause, target: str) -> str:
    """The ratio of the changed layer to the first, measured."""
    small, large = 12, int(12 * cause.factor)
    if target == "scores":
        return f"Fraction(torch.empty({large}, {large}).numel(), torch.empty({small}, {small}).numel())"
    inputs = large if cause.both else small
    kernels = (small, large) if cause.what == "kernel" else (1, 1)
    sides = (large, large) if cause.what == "map" else (small, small)
    filters = large if cause.what == "channels" else small
    before = f'nn.Conv2d({small}, {small}, {kernels[0]}, padding="same", bias=False, device="meta")'
    after = (
        f'nn.Conv2d({inputs}, {filters}, {kernels[1]}, padding="same", bias=False, device="meta")'
    )
    if target == "weights":
        return f"Fraction(parameters({after}), parameters({before}))"
    return (
        f"Fraction(multiply_adds({after}, ({inputs}, {sides[0]}, {sides[1]})), "
        f"multiply_adds({before}, ({small}, {small}, {small})))"
    )


def _literal(value: Fraction) -> str:
    return f"Fraction({value.numerator}, {value.denominator})"
