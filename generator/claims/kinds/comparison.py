"""Two networks in order: "ResNet-50 has fewer parameters than VGG-16", "deeper than VGG-19, yet lighter".

Each comparative word says what is compared and which way. It is compared with the network after its
"than", or after the sentence's only other one; what is compared stands before it, or is the network of
the section. A family's name may stand for any of its networks: then only what holds for all of them, or
for none, gets a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from generator.claims import networks
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.lexicon import SUPPOSING, wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence, Sort
from generator.claims.quantity import show
from generator.claims.referring import candidates_of, indefinite, subject_named

KIND = "comparison"


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
# Words that compare by themselves: more of it, or less.
ADJECTIVES = {
    "deeper": (DEPTH, True),
    "shallower": (DEPTH, False),
    "heavier": (PARAMETERS, True),
    "lighter": (PARAMETERS, False),
    "costlier": (MACS, True),
    "cheaper": (MACS, False),
}
# What "more" and "fewer" may be said of.
NOUNS = {
    **dict.fromkeys(("parameter", "weight"), PARAMETERS),
    **dict.fromkeys(("mac", "flop", "mult", "operation", "computation", "compute"), MACS),
    "expensive": MACS,
    "layer": DEPTH,
}
QUALIFIERS = wordset("trainable learnable free of the computational")
THAN = wordset("than morethan lessthan")
FRONTED = wordset("compared against versus vs unlike from")
ENDS = wordset(", ; ( ) : — –")
JOINTS = wordset("although though but yet while whereas despite and because since as")
# What a clause may begin with that compares the network of its section.
THIS_NETWORK = wordset(
    "it this the network model architecture cnn have need use with and still also even so be that "
    "why hence therefore much far many slightly clearly significantly way yet but although though "
    "despite being while in spite of a lot only just indeed course layer is at same time"
)
MEASURED_IN = wordset("in terms of flop mac mult parameter compute computation number operation")
THE_OTHER = wordset("which latter other")
GENERALLY = wordset(
    "usually often generally normally typically nets networks models architectures mean means tend tends"
)
PARTS = wordset("fc conv part first last layer head stem convs classifier body block")


@dataclass(frozen=True, slots=True)
class Comparative:
    """A word that compares: its place, the place after what it says, by what, and which way."""

    first: int
    last: int
    measure: Measure
    more: bool
    denied: bool = False


def recognise(context: Context) -> Iterator[Candidate]:
    """Find comparisons of two networks."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        known = all(each.name for each in named)
        if sentence.question or not named or not known or sentence.has("if"):
            continue
        found = list(_comparatives(sentence, named))
        objects = {each: _object(sentence, named, each) for each in found}
        also = [_object(sentence, named, each) for each in _measured(sentence)]
        shared = {each.name: each for each in (*objects.values(), *also) if each is not None}
        fronted = _fronted(sentence, named)
        for each in found:
            other = objects[each] or fronted
            if other is None and len(shared) == 1 and not _compared_otherwise(sentence, each):
                other = next(iter(shared.values()))
            candidate = other and _candidate(context, sentence, named, each, other)
            if candidate:
                yield candidate


# ------------------------------------------------------------------ words that compare


def _comparatives(sentence: Sentence, named: Sequence[Mention]) -> Iterator[Comparative]:
    inside = {at for each in named for at in range(each.first, each.last)}
    gists = [each.gist for each in sentence.pieces]
    measure: Measure | None = None
    for at, gist in enumerate(gists):
        if at in inside or _counted(sentence, at) or not _stated(sentence, at):
            continue
        if _general(sentence, at):
            continue
        if gist in ADJECTIVES:
            measure, more = ADJECTIVES[gist]
            yield Comparative(at, at + 1, measure, more, "not" in gists[max(0, at - 2) : at])
        elif gist in ("morethan", "lessthan") and measure is not None and at + 1 in inside:
            yield Comparative(at, at, measure, gist == "morethan")
        elif gist in ("more", "fewer", "less", "morethan", "lessthan"):
            noun = at + 1
            while noun < len(gists) and gists[noun] in QUALIFIERS:
                noun += 1
            if noun < len(gists) and gists[noun] in NOUNS and gist not in THAN:
                measure = NOUNS[gists[noun]]
                yield Comparative(at, noun + 1, measure, gist == "more")


def _measured(sentence: Sentence) -> Iterator[Comparative]:
    """The adjectives with a number of times: "8x deeper than VGG-19 and …"."""
    for at, piece in enumerate(sentence.pieces):
        if piece.gist in ADJECTIVES and _counted(sentence, at):
            yield Comparative(at, at + 1, *ADJECTIVES[piece.gist])


def _counted(sentence: Sentence, at: int) -> bool:
    """Whether a number says how many times, or how much, more: that is another claim."""
    before = sentence.pieces[at - 1] if at else None
    return before is not None and (
        before.gist in ("times", "*", "x", "×", "percent", "%", "fold", "no", "any")
        or before.sort in (Sort.NUMBER, Sort.EXPRESSION, Sort.SYMBOLIC)
    )


def _stated(sentence: Sentence, at: int) -> bool:
    """Whether the clause of a word states what it says, and does not suppose or deny it."""
    first = last = at
    while first > 0 and sentence.pieces[first - 1].gist not in ENDS:
        first -= 1
    while last < len(sentence.pieces) and sentence.pieces[last].gist not in ENDS:
        last += 1
    words = {
        each for piece in sentence.pieces[first:last] for each in (piece.word.lower(), piece.gist)
    }
    adjective = sentence.pieces[at].gist in ADJECTIVES
    denials = {"never", "nor", "neither"} if adjective else {"not", "never", "nor", "neither"}
    before = {each.gist for each in sentence.pieces[first:at]}
    return not (words & SUPPOSING or before & denials)


def _general(sentence: Sentence, at: int) -> bool:
    """Whether a clause speaks of networks as such, or of parts of them: "deeper nets need more", "more weights
    in its conv layers"."""
    pieces = sentence.pieces
    first, last = at, at + 1
    while first > 0 and pieces[first - 1].gist not in ENDS | JOINTS:
        first -= 1
    while last < len(pieces) and pieces[last].gist not in ENDS | JOINTS | THAN:
        last += 1
    words = {each.word.lower() for each in pieces[first:last]}
    inside = [
        index for index in range(at, last) if pieces[index].gist in ("in", "per", "inside", "for")
    ]
    of_part = any(PARTS & {each.gist for each in pieces[index:last]} for index in inside)
    return bool(words & GENERALLY) or of_part


def _compared_otherwise(sentence: Sentence, each: Comparative) -> bool:
    """Whether a "than" of its own follows, with something that is no network."""
    for piece in sentence.pieces[each.last : each.last + 4]:
        if piece.gist in THAN or piece.gist in ENDS | JOINTS:
            return piece.gist in THAN
    return False


# ------------------------------------------------------------------ what is compared


def _object(sentence: Sentence, named: Sequence[Mention], each: Comparative) -> Mention | None:
    """The network after a comparative's "than"."""
    gists = [piece.gist for piece in sentence.pieces]
    at = each.last
    while at < len(gists) and gists[at] in MEASURED_IN:
        at += 1  # "cheaper in FLOPs than …"
    if at >= len(gists) or gists[at] not in THAN:
        return None
    here = at + 1
    while here < len(gists) and gists[here] in ("the", "that", "a", "in", "of", "does"):
        here += 1
    found = next((one for one in named if one.first == here), None)
    following = gists[found.last : found.last + 1] if found is not None else []
    return None if following and following[0] in PARTS else found


def _fronted(sentence: Sentence, named: Sequence[Mention]) -> Mention | None:
    """The network a sentence begins by comparing with: "Compared with VGG-16, …", "from VGG-16 to …"."""
    for each in named[:1]:
        before = {piece.gist for piece in sentence.pieces[max(0, each.first - 3) : each.first]}
        if each.first < 5 and before & FRONTED:
            return each
    return None


def _subject(
    context: Context,
    sentence: Sentence,
    named: Sequence[Mention],
    found: Comparative,
    other: Mention,
) -> tuple[Subject | None, Mention]:
    """The network that is compared and the mention of the one it is compared with, which change
    places in "than VGG-16, which is shallower"."""
    gists = [each.gist for each in sentence.pieces]
    free = [
        each
        for each in named
        if each.name != other.name and not {*gists[max(0, each.first - 1) : each.first]} & THAN
    ]
    before = [each for each in free if each.last <= found.first]
    first = found.first
    while first > 0 and gists[first - 1] not in ENDS | JOINTS:
        first -= 1
    own = [each for each in named if first <= each.first < found.first]
    opposite = bool(own) and own[-1].name == other.name
    if other.last <= found.first and (opposite or {*gists[first : found.first]} & THE_OTHER):
        back = before[-1:] or free[:1]
        return subject_named(context, other.name), back[0] if back else other
    if any(_joined(gists, one, two) for one, two in pairwise(before)):
        return None, other
    if before or (free and other.last <= found.first):
        return subject_named(context, (before[-1:] or free)[0].name), other
    start = first if gists[first : first + 1] else 0
    words = {
        gist
        for gist, piece in zip(gists[start : found.first], sentence.pieces[start:], strict=False)
        if piece.sort is not Sort.NUMBER
    }
    plain = words <= THIS_NETWORK or bool(words & {"it", "this"}) or other.last <= found.first
    return (context.subject if plain else None), other


def _moved(sentence: Sentence, named: Sequence[Mention], found: Comparative) -> Mention | None:
    """Where a sentence goes from one network to another before it compares them: the second one."""
    gists = [each.gist for each in sentence.pieces]
    for one, two in pairwise(named):
        between = gists[one.last : two.first]
        if gists[one.first - 1] == "from" and between in (["to"], ["→"]):
            return two if one.first and two.last <= found.first else None
    return None


def _joined(gists: Sequence[str], one: Mention, other: Mention) -> bool:
    """ "VGG-16 and VGG-19 have more …": of both."""
    return gists[one.last : other.first] == ["and"]


def _candidate(
    context: Context,
    sentence: Sentence,
    named: Sequence[Mention],
    found: Comparative,
    other: Mention,
) -> Candidate | None:
    one, mention = _subject(context, sentence, named, found, other)
    if moved := _moved(sentence, named, found):
        one, mention = subject_named(context, moved.name), other
    two = subject_named(context, mention.name) if one is None or mention.name != one.name else None
    if one is None or two is None or indefinite(one):
        return None
    sides = [candidates_of(context, each, named=each.name != each.family) for each in (one, two)]
    pairs = [(left, right) for left, right in product(*sides) if left.name != right.name]
    readings = [reading for left, right in pairs for reading in _ordered(found, left, right)]
    if len({each.value for each in readings}) != 1:
        return None
    first = sentence.pieces[found.first]
    end = max(found.last, mention.last if mention.first == found.last + 1 else 0)
    last = sentence.pieces[end - 1]
    return Candidate(
        KIND,
        sentence.start,
        last.end,
        first.start,
        True,
        (readings[0],),
        subject=one.name,
        expected=context.passage.text[first.start : last.end],
        decisive=True,
    )


def _ordered(found: Comparative, one: Subject, other: Subject) -> Iterator[Reading]:
    measure = found.measure
    first, second = measure.value(one), measure.value(other)
    if first is None or second is None:
        return
    sign = ">" if found.more else "<"
    how = f"{one.name}: {show(Fraction(first))}, {other.name}: {show(Fraction(second))}"
    denied = "not " if found.denied else ""
    line = f"assert {denied}{_source(measure, one)} {sign} {_source(measure, other)}"
    holds = first > second if found.more else first < second
    yield Reading(holds is not found.denied, how, "", (line,))


def _source(measure: Measure, subject: Subject) -> str:
    return measure.source.format(name=subject.name, shape=subject.network.input_shape)
