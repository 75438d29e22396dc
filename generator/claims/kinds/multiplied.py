"""Networks with a width multiplier: "α = 0.75: 2.6M params, 325M mult-adds", "v1 0.5 has 1.3M".

A multiplier holds for the numbers behind it, up to the next; where nothing follows the last one, for
those before it ("4.2M at α = 1, 2.6M at α = 0.75"). A number without a noun counts what stands at its
place behind an earlier multiplier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims import measures, phrases, varied, widened
from generator.claims.candidate import Candidate, claiming, distinct, fitting
from generator.claims.context import Context
from generator.claims.expression import Binary, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.listing import unit_at
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.proportions import proportions
from generator.claims.quantity import Hedge, Quantity, coarse_place, quantity
from generator.claims.referring import PLAIN, candidates_of, clause, refer

KIND = "totals"

NAMES = frozenset(("α", "alpha", r"\alpha", "width_mult"))
SPOKEN = wordset("multiplier multiplicator")
LINKS = wordset("= : of be at a with factor")
LEAST = 10_000
WIDEST = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """A stated number that a multiplier holds for."""

    at: int
    stated: Quantity
    measure: str
    plain: bool = False  # of the network without the multiplier


def recognise(context: Context) -> Iterator[Candidate]:
    """Find totals of networks whose widths are multiplied."""
    for sentence in context.sentences:
        marks = _marks(context, sentence)
        plain = all(factor == 1 for _, factor in marks)
        if sentence.question or not marks or (plain and not sentence.has(*SPOKEN)):
            continue
        if len(marks) == 1:
            yield from _shares(context, sentence, marks[0][1])
        scopes = _scopes(sentence, marks)
        for factor, found in scopes:
            for each in found:
                candidate = _candidate(context, sentence, factor, each, scopes)
                if candidate is not None:
                    yield candidate


def _marks(context: Context, sentence: Sentence) -> list[tuple[int, Fraction]]:
    """The multipliers of a sentence: the place of each number, and the number."""
    found = []
    mentioned = {each.last for each in context.mentions(sentence)}
    for at, piece in enumerate(sentence.pieces):
        stated = piece.quantity
        if piece.sort is not Sort.NUMBER or stated is None or not 0 < stated.value <= WIDEST:
            continue
        here = at
        while here and sentence.pieces[here - 1].gist in LINKS:
            here -= 1
        before = sentence.pieces[here - 1] if here else None
        told = before is not None and (before.gist in SPOKEN or bool(_ending(before) & NAMES))
        told = told and (here < 2 or sentence.pieces[here - 2].gist != "resolution")
        told = told or _named_behind(sentence, at)
        behind = at in mentioned or (at - 1 in mentioned and sentence.pieces[at - 1].gist == "(")
        if told or (behind and stated.value.denominator > 1):
            found.append((at, stated.value))
    return found


def _named_behind(sentence: Sentence, at: int) -> bool:
    """Whether a number is called the multiplier behind it: "1.0 as width multiplier"."""
    gists = [each.gist for each in sentence.pieces[at + 1 : at + 5]]
    told = [nth for nth, each in enumerate(gists) if each in SPOKEN]
    words = set(gists[: told[0]]) if told else {""}
    return gists[:1] == ["as"] and words <= {"as", "a", "the", "its", "width"}


def _ending(piece: Piece) -> set[str]:
    """The name that a piece is, or ends in: "325M / α"."""
    found = piece.expression
    if isinstance(found, Binary):
        found = found.right
    return {found.name} if isinstance(found, Name) else {piece.gist}


def _scopes(
    sentence: Sentence, marks: Sequence[tuple[int, Fraction]]
) -> list[tuple[Fraction, list[Counted]]]:
    places = [at for at, _ in marks]
    ends = [*places[1:], len(sentence.pieces)]
    behind = [_counted(sentence, first + 1, last) for first, last in zip(places, ends, strict=True)]
    if not behind[-1]:
        behind = [
            _counted(sentence, first, last)
            for first, last in zip([0, *places], places, strict=False)
        ]
    return [(factor, found) for (_, factor), found in zip(marks, _carried(behind), strict=True)]


def _counted(sentence: Sentence, first: int, last: int) -> list[Counted]:
    gists = [each.gist for each in sentence.pieces]
    found = []
    for at in range(first, last):
        stated = _stated(sentence.pieces[at]) or _half_million(sentence, at)
        if stated is not None and stated.value >= LEAST:
            behind = at + 3 if gists[at] == "half" else at + 1
            unit = unit_at(gists, behind)[0] or _shared_unit(gists, first, at)
            found.append(Counted(at, stated, unit, plain=_unchanged(sentence, at)))
    return found


def _half_million(sentence: Sentence, at: int) -> Quantity | None:
    """ "Under half a million": 500,000, and on which side of it."""
    gists = [each.gist for each in sentence.pieces[at : at + 3]]
    if gists != ["half", "a", "million"]:
        return None
    before = {each.gist for each in sentence.pieces[max(0, at - 2) : at]}
    sides = (("lessthan", Hedge.UNDER), ("morethan", Hedge.OVER), ("over", Hedge.OVER))
    hedge = next((side for word, side in sides if word in before), Hedge.ABOUT)
    return replace(quantity(500_000, "half a million"), rounded=True, hedge=hedge)


def _shared_unit(gists: Sequence[str], first: int, at: int) -> str:
    """The unit of a number that is part of another, or stands in a row: "1.3M of V1's 4.2M parameters", "cuts
    the multiply-adds from 569M to 149M"."""
    if gists[at + 1 : at + 2] == ["of"]:
        other = next((k for k in range(at + 2, min(at + 6, len(gists))) if gists[k][0] == "#"), -1)
        return unit_at(gists, other + 1)[0] if other > 0 else ""
    if gists[at + 1 : at + 2] == ["to"] and at + 2 < len(gists):
        return unit_at(gists, at + 3)[0] or _spoken_unit(gists, first, at)
    return _spoken_unit(gists, first, at) if gists[at - 1] in ("from", "to") else ""


def _spoken_unit(gists: Sequence[str], first: int, at: int) -> str:
    """The unit that was spoken of last."""
    spoken = [unit for k in range(first, at) if (unit := unit_at(gists, k)[0])]
    return spoken[-1] if spoken else ""


def _unchanged(sentence: Sentence, at: int) -> bool:
    """Whether a number is of the network as it is: "1.3M of V1's 4.2M", "from 569M to 149M"."""
    gists = [each.gist for each in sentence.pieces]
    back = [k for k in range(max(0, at - 4), at) if gists[k] == "of"]
    part = bool(back) and back[-1] > 0 and gists[back[-1] - 1][0] == "#"
    follows = gists[at + 1 : at + 2] == ["to"] or "to" in gists[at + 2 : at + 4]
    return part or (gists[at - 1] == "from" and follows)


def _stated(piece: Piece) -> Quantity | None:
    """The number of a piece, also of "325M / α", where a stroke parts the items of a list."""
    if piece.sort is Sort.NUMBER:
        return piece.quantity
    found = piece.expression
    if isinstance(found, Binary) and found.operator == "/" and _ending(piece) & NAMES:
        left = found.left
        if isinstance(left, Number):
            rounded = left.place != 1
            return Quantity(
                left.value, left.place, coarse_place(left.value, left.place), rounded, left.text
            )
    return None


def _carried(scopes: Sequence[list[Counted]]) -> Iterator[list[Counted]]:
    """Give numbers without a noun that of the number at their place behind an earlier multiplier."""
    nouns: list[str] = []
    for found in scopes:
        told = [
            each.measure or (nouns[at] if at < len(nouns) else "") for at, each in enumerate(found)
        ]
        nouns = told if len(told) >= len(nouns) else nouns
        yield [
            replace(each, measure=measure)
            for each, measure in zip(found, told, strict=True)
            if measure in ("parameters", *measures.COMPUTATION)
        ]


def _candidate(
    context: Context,
    sentence: Sentence,
    factor: Fraction,
    counted: Counted,
    scopes: Sequence[tuple[Fraction, list[Counted]]],
) -> Candidate | None:
    named = context.mentions(sentence)
    reference = refer(context, sentence, counted.at, named)
    if reference is None:
        return None
    subject = reference.subject
    plain = all(each == 1 for each, _ in scopes)
    kind = subject.name == subject.family
    subjects = list(reference.subjects)
    if kind:
        family = candidates_of(context, subject, named=False)
        subjects = _fitting(family, scopes) or (family if plain and _alone(sentence) else [])
    if factor == 1 and not subjects:
        return None
    readings = [
        reading
        for each in subjects
        for reading in (
            measures.readings(each, counted.measure)
            if counted.plain
            else widened.readings(each, factor, counted.measure)
        )
    ]
    part = _of_part(context, sentence, counted.at)
    if part and factor == 1:
        return None
    if part or varied.speaks(sentence, counted.at, subject, counted.measure):
        readings = []
    piece = sentence.pieces[counted.at]
    return claiming(
        KIND,
        sentence,
        piece,
        measures.rounded(counted.stated, counted.measure),
        distinct(readings),
        expected=f"{counted.stated.text} {measures.noun(counted.measure)}",
        reason=f"of a network with other values: width {factor}",
        subject=subject.name,
        decisive=True,
    )


def _alone(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a network and its multiplier only: no other images, no other classes."""
    words = {each.gist for each in sentence.pieces if each.sort is Sort.WORD}
    return words <= PLAIN | SPOKEN | {"width", "α"}


def _of_part(context: Context, sentence: Sentence, at: int) -> bool:
    """Whether the clause of a number speaks of a part of the network."""
    first, last = clause(sentence, at)
    named = context.mentions(sentence)
    found = phrases.find(sentence, context.passage.text, named)
    return any(first <= each.first < last and not each.listed for each in found)


DENSE = wordset("classifier fc head dense")


def _shares(context: Context, sentence: Sentence, factor: Fraction) -> Iterator[Candidate]:
    """ "At α = 0.25 … nearly 55 % of which belong to the classifier": the share of the dense layers."""
    for each in proportions(sentence):
        following = [e.gist for e in sentence.pieces[each.index + 1 : each.index + 10]]
        behind = set(following)
        whole = following[1:2] and following[1] in ("which", "them", "these", "those")
        if following[:1] != ["of"] or not (whole or "parameter" in behind):
            continue
        reference = refer(context, sentence, each.index, context.mentions(sentence))
        if each.change or reference is None or not behind & DENSE or behind & {"mac", "without"}:
            continue
        subject = reference.subject
        reading = widened.dense_share(subject, factor)
        if reading is None or subject.name == subject.family:
            continue
        assert isinstance(reading.value, Fraction)
        reading = replace(reading, value=each.of(reading.value), source=each.source(reading.source))
        yield claiming(
            "share", sentence, each.piece, each.quantity, (reading,),
            expected=each.quantity.text, subject=subject.name,
        )  # fmt: skip


def _fitting(
    subjects: Sequence[Subject], scopes: Sequence[tuple[Fraction, list[Counted]]]
) -> list[Subject]:
    """The network of a family that has most of a statement's numbers; none where it gives none for a
    multiplier of one: then it does not say which it is about."""
    if not any(factor == 1 and found for factor, found in scopes):
        return []
    numbers = [(factor, each) for factor, found in scopes for each in found]
    fits = {
        subject.name: sum(
            bool(fitting(each.stated, widened.readings(subject, factor, each.measure)))
            for factor, each in numbers
        )
        for subject in subjects
    }
    most = max(fits.values())
    return [each for each in subjects if fits[each.name] == most and 2 * most > len(numbers)]
