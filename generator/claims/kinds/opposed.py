"""Totals of two networks beside each other, and by how much one is bigger: "compared to VGG-16 with its 138M
AlexNet is small: 61M", "it's not: 60.2M against 143.7M", "VGG-19 has 5.3M more".

Millions without a noun are parameters where one of them is what its network has; names and numbers go in one
order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, claiming, fitting
from generator.claims.context import Context
from generator.claims.described.statement import states
from generator.claims.kinds.totals import parameter_readings, published_readings
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.pairs import paired
from generator.claims.passage import Sentence, Sort
from generator.claims.proportions import proportions
from generator.claims.quantity import show
from generator.claims.referring import candidates_of

KIND = "totals"

OTHER_COUNTS = wordset(
    "mac flop mult operation image images activations bytes layer classifier fc conv"
)
AFTER = wordset(", ; ) : and against vs versus but while whereas .") | {""}
OPPOSING = wordset("against vs versus and")
# What would be counted instead of parameters: "20M more images", "5M more of them in layer 1".
COUNTED = wordset(
    "layer images image steps iterations examples samples words tokens times of in weight than"
)
MORE = wordset("more morethan bigger larger heavier")
FEWER = wordset("fewer less lessthan smaller lighter")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find totals and differences of two networks."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has(*OTHER_COUNTS):
            continue
        yield from _totals(context, number)
        yield from _differences(context, sentence)


def _networks(context: Context, named: Sequence[Mention]) -> list[Subject]:
    """The networks that are named, if all can be made and are two different ones."""
    found = [context.catalogue[e.name] for e in named if e.name in context.catalogue]
    definite = all(each.name == each.variant or each.name != each.family for each in found)
    different = len({each.name for each in found}) == len(named) == 2
    return found if definite and different else []


def _millions(sentence: Sentence, named: Sequence[Mention]) -> list[int]:
    """The places of rounded millions without a noun."""
    pieces = sentence.pieces
    names = {each.first for each in named}
    return [
        at
        for at, each in enumerate(pieces)
        if each.sort is Sort.NUMBER
        and each.quantity is not None
        and each.quantity.rounded
        and each.quantity.value >= 10**5
        and (at + 1 in names or (pieces[at + 1].gist if at + 1 < len(pieces) else "") in AFTER)
    ]


def _totals(context: Context, number: int) -> Iterator[Candidate]:
    sentence = context.sentences[number]
    named = context.mentions(sentence)
    numbers = _millions(sentence, named)
    if not named and number and sentence.has(*OPPOSING):
        before = context.mentions(context.sentences[number - 1])
        pairs = list(zip(_networks(context, before), numbers, strict=False))
    else:
        places = [each.first for each in named]
        found = dict(zip(places, _networks(context, named), strict=False))
        ahead = [  # "138M AlexNet is small": the number belongs to the name before it
            at for at in numbers if any(place < at for place in places)
        ]
        pairs = [(found[place], at) for place, at in paired(places, ahead) if place in found]
    if len(pairs) != 2 or len(numbers) != 2:
        return
    readings = [
        tuple(
            reading
            for form in candidates_of(context, each, named=True)
            for reading in (*parameter_readings(form, ""), *published_readings(form, "parameters"))
        )
        for each, _ in pairs
    ]
    stated = [sentence.pieces[at].quantity for _, at in pairs]
    right = [
        quantity is not None and bool(fitting(quantity, each))
        for quantity, each in zip(stated, readings, strict=True)
    ]
    if not any(right):
        return
    for (subject, at), each in zip(pairs, readings, strict=True):
        piece = sentence.pieces[at]
        assert piece.quantity is not None
        if _told(sentence, at):
            yield claiming(
                KIND, sentence, piece, piece.quantity, each, subject=subject.name, decisive=True,
                expected=f"{piece.quantity.text} parameters",
            )  # fmt: skip
    yield from _shares(sentence, [each for each, _ in pairs], pairs[-1][1])


def _shares(sentence: Sentence, subjects: Sequence[Subject], last: int) -> Iterator[Candidate]:
    """ "…: 61M, so less than half as many": what the last network has of the first one's."""
    for each in proportions(sentence):
        if each.index < last or each.change or each.inverse or sentence.has("deep", "deeper"):
            continue
        one, other = (networks.parameters(subject.network)[0] for subject in subjects)
        names = [
            f'evaluated_parameters(model("{subject.name}"), {subject.network.input_shape})'
            for subject in subjects
        ]
        value = each.of(Fraction(other, one))
        reading = Reading(
            value,
            f"{other:,} of {one:,}: {show(Fraction(other, one))}",
            each.source(f"Fraction({names[1]}, {names[0]})"),
        )
        yield claiming(
            "share", sentence, each.piece, each.quantity, (reading,), expected=each.quantity.text
        )


def _differences(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "VGG-16 has 138M parameters, VGG-19 has 5.3M more", "6.2M fewer than ResNet-50"."""
    named = context.mentions(sentence)
    subjects = _networks(context, named)
    if not subjects or not sentence.has("parameter"):
        return
    pieces = sentence.pieces
    for at, piece in enumerate(pieces[:-1]):
        large = piece.quantity is not None and piece.quantity.value >= 10**5
        sign = pieces[at + 1].gist
        if not large or piece.sort is not Sort.NUMBER or sign not in MORE | FEWER:
            continue
        order = _order(sentence, named, at)
        if order is None:
            continue
        one, other = (subjects[nth] for nth in order)
        counts = [networks.parameters(each.network)[0] for each in (one, other)]
        value = counts[0] - counts[1] if sign in MORE else counts[1] - counts[0]
        sources = [
            f'evaluated_parameters(model("{each.name}"), {each.network.input_shape})'
            for each in ((one, other) if sign in MORE else (other, one))
        ]
        how = f"{one.name} has {counts[0]:,} parameters, {other.name} {counts[1]:,}"
        reading = Reading(Fraction(value), how, " - ".join(sources))
        assert piece.quantity is not None
        if states(sentence, at):
            yield claiming(
                KIND, sentence, piece, piece.quantity, (reading,), subject=one.name, decisive=True,
                expected=f"{piece.quantity.text} parameters",
            )  # fmt: skip


def _order(sentence: Sentence, named: Sequence[Mention], at: int) -> tuple[int, int] | None:
    """Which of two networks has so much more, and than which: "…, VGG-19 has 5.3M more", "A has x, 5M fewer
    than B"."""
    first, second = named
    than = sentence.pieces[at + 1 : at + 3]
    if {each.gist for each in than} & {"than", "morethan", "lessthan"}:
        return (0, 1) if first.first <= 1 and at < second.first <= at + 3 else None
    ends = not {each.gist for each in sentence.pieces[at + 2 : at + 4]} & COUNTED
    return (1, 0) if second.last <= at <= second.last + 3 and ends else None


def _told(sentence: Sentence, at: int) -> bool:
    """Whether a number is stated; what is denied before a colon is not: "it's not: 60.2M against 143.7M"."""
    gists = [each.gist for each in sentence.pieces[:at]]
    first = at - gists[::-1].index(":") if ":" in gists else 0
    return states(replace(sentence, pieces=sentence.pieces[first:]), at - first)
