"""Two networks in order: "ResNet-50 has fewer parameters than VGG-16", "deeper than VGG-19".

Both have to be named, or one of them be the network of the section. A family's name may stand for
any of its networks: then only what holds for all of them, or for none, gets a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from generator.claims import networks
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Found, Sentence, Sort, pattern
from generator.claims.quantity import show
from generator.claims.referring import asserted, candidates_of, clause, subject_named

KIND = "comparison"

# What a sentence may begin with that compares the network of its section.
THIS_NETWORK = wordset(
    "it this the network model architecture cnn have need use with and still also even so"
)
PATTERNS = tuple(
    pattern(text)
    for text in (
        r"<*far many much even slightly clearly significantly way*>(?P<sign>more|fewer|less) "
        r"<*trainable learnable free*>(?P<noun>parameter|weight|layer|mac|flop|mult|operation) than",
        r"<*far much even slightly clearly significantly way*>(?P<sign>deeper|shallower)"
        r"(?P<noun>) than",
    )
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What networks are compared by: its value, and the Python that measures it."""

    value: Callable[[Subject], int | None]
    source: str


PARAMETERS = Measure(
    lambda each: networks.parameters(each.network)[0],
    'evaluated_parameters(model("{name}"), {shape})',
)
MACS = Measure(lambda each: networks.macs(each.network), 'macs(model("{name}"), {shape})')
DEPTH = Measure(lambda each: networks.depth(each.network), 'depth(model("{name}"), {shape})')
MEASURES = {"parameter": PARAMETERS, "weight": PARAMETERS, "layer": DEPTH, "": DEPTH}


def recognise(context: Context) -> Iterator[Candidate]:
    """Find comparisons of two networks."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or not named:
            continue
        taken: set[int] = set()
        for form in PATTERNS:
            for found in sentence.find(form):
                if found.last in taken:
                    continue
                taken.add(found.last)
                candidate = _candidate(context, sentence, named, found)
                if candidate is not None:
                    yield candidate


def _candidate(
    context: Context, sentence: Sentence, named: tuple[Mention, ...], found: Found
) -> Candidate | None:
    sides = _sides(context, sentence, named, found)
    if sides is None or not asserted(sentence, found.last - 1) or _counted(sentence, found):
        return None
    measure = MEASURES.get(found.match.group("noun"), MACS)
    more = found.match.group("sign") in ("more", "deeper")
    pairs = [(one, other) for one, other in product(*sides) if one.name != other.name]
    readings = [
        reading for one, other in pairs for reading in _ordered(measure, one, other, more=more)
    ]
    if len({each.value for each in readings}) != 1:
        return None
    first = sentence.pieces[found.first]
    name = next(each for each in named if each.first >= found.last)
    last = sentence.pieces[name.last - 1]
    return Candidate(
        KIND,
        sentence.start,
        last.end,
        first.start,
        True,
        (readings[0],),
        subject=sides[0][0].name,
        expected=context.passage.text[first.start : last.end],
        decisive=_reasoned(sentence, name.last),
    )


def _reasoned(sentence: Sentence, at: int) -> bool:
    """Whether all that follows is the reason, as "…, because its blocks use two 3×3 filters"."""
    following = [each.gist for each in sentence.pieces[at : at + 3]]
    return bool(following) and not {*following}.isdisjoint(("because", "since", "as", "though"))


def _counted(sentence: Sentence, found: Found) -> bool:
    """Whether a number says how many times, or how much, more: that is another claim."""
    before = sentence.pieces[found.first - 1] if found.first else None
    return before is not None and (
        before.gist in ("times", "*", "x", "×", "percent", "%", "fold")
        or before.sort in (Sort.NUMBER, Sort.EXPRESSION, Sort.SYMBOLIC)
    )


def _sides(
    context: Context, sentence: Sentence, named: tuple[Mention, ...], found: Found
) -> tuple[Sequence[Subject], Sequence[Subject]] | None:
    """The networks before and behind the comparison; each may be any of a family."""
    before = [each for each in named if each.last <= found.first]
    after = [each for each in named if each.first >= found.last]
    if not after or after[0].first > found.last + 1 or len(before) > 1:
        return None
    one = subject_named(context, before[0].name) if before else None
    if not before:
        first, _ = clause(sentence, found.first)
        words = {each.gist for each in sentence.pieces[first : found.first]}
        one = context.subject if words <= THIS_NETWORK else None
    other = subject_named(context, after[0].name)
    if one is None or other is None or one.name == other.name:
        return None
    return tuple(
        candidates_of(context, each, named=each.name != each.family) for each in (one, other)
    )  # type: ignore[return-value]


def _ordered(measure: Measure, one: Subject, other: Subject, *, more: bool) -> Iterator[Reading]:
    first, second = measure.value(one), measure.value(other)
    if first is None or second is None:
        return
    sign = ">" if more else "<"
    how = f"{one.name}: {show(Fraction(first))}, {other.name}: {show(Fraction(second))}"
    line = f"assert {_source(measure, one)} {sign} {_source(measure, other)}"
    yield Reading(first > second if more else first < second, how, "", (line,))


def _source(measure: Measure, subject: Subject) -> str:
    return measure.source.format(name=subject.name, shape=subject.network.input_shape)
