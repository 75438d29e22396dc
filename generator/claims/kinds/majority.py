"""Where most of something is: "the bulk of the parameters is in the FC layers", "nearly all weights of a
separable 3×3 with 512 → 512 channels sit in the pointwise step".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from generator.claims import parts
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.kinds.properties import stated_part
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.parts import Part
from generator.claims.passage import Sentence
from generator.claims.quantity import show
from generator.claims.referring import about, candidates_of, indefinite
from generator.claims.sayings.convolutions import LARGEST_KERNEL
from generator.claims.wording import NEGATIONS, Words, spoken

KIND = "property"

MOST = wordset("most bulk majority")
ALL = wordset("all every")
WHATS = {
    "parameters": wordset("parameter weight memory"),
    "mac": wordset("compute computation cost mult mac flop operation work arithmetic"),
}
THEM = wordset("which them these those")
WITHIN = wordset("in into to by from inside")
HOLDING = wordset("have holds hold contain own make account need")
PARTS = (
    ("depthwise", wordset("depthwise")),
    ("pointwise", wordset("pointwise 1x1")),
    ("fc", wordset("fc classifier head")),
    ("conv", wordset("conv")),
)
NETWORK_PARTS = frozenset().union(*(nouns for _, nouns in PARTS)) | {"layer", "block", "stage"}
CHOOSING = wordset("first last second third final early deepest one two three")
NEARLY = Fraction(4, 5)  # from where on it is nearly all
EXAMPLE = (64, 64)  # channels of a separable layer that says nothing of them


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of where most weights or multiplications are."""
    for sentence, line in zip(context.sentences, context.lines, strict=True):
        said = None if sentence.question else stated_part(spoken(line))
        if said is None or said.whole.has("if", "than", *(NEGATIONS - {"nothing"})):
            continue
        words = said.whole
        starts = [at for at in range(len(words.terms)) if _begins(words, at)]
        for at, end in pairwise([*starts, len(words.terms)]):
            before = words.part(max([0, *(each for each in starts if each < at)]), at)
            candidate = _candidate(context, sentence, words, at, before, words.part(at, end))
            if candidate is not None:
                yield candidate


def _begins(words: Words, at: int) -> bool:
    """Whether "most of" or "nearly all" stands at a place."""
    nearly = words.terms[at].means(ALL) and words.part(at - 1, at).has("about")
    return nearly or words.terms[at].means(MOST)


def _candidate(
    context: Context, sentence: Sentence, words: Words, at: int, before: Words, after: Words
) -> Candidate | None:
    counted = next((each for each, nouns in WHATS.items() if after.part(0, 7).has(nouns)), "")
    if not counted and after.part(1, 4).has(THEM):
        counted = _spoken_of(before)
    name = _part(after, before) if counted else ""
    if not name:
        return None
    subject: Subject | None = None
    named = words.has("separable") or (words.has("depthwise") and context.subject is None)
    if named:
        found = _separable(words, name) if counted == "parameters" else None
        readings = [found] if found else []
    else:
        subject, explicit = about(
            context, sentence, sentence.index_of(words.terms[at].piece), context.mentions(sentence)
        )
        if subject is None or indefinite(subject):
            return None
        own = explicit and subject.name != subject.family
        readings = [
            each
            for one in candidates_of(context, subject, named=own)
            if (each := _share(one, name, counted)) is not None
        ]
    shares = [each.value for each in readings if isinstance(each.value, Fraction)]
    if _chosen(after) and any(each >= Fraction(1, 2) for each in shares):
        return None  # "in the last block": what all of them hold says nothing of one
    least = NEARLY if words.terms[at].means(ALL) else Fraction(1, 2)
    holds = {share > least for share in shares if share > least or share < Fraction(1, 2)}
    if len(holds) != 1 or len(shares) != len(readings):
        return None
    first = readings[0]
    line = f"assert {first.source} > Fraction({least.numerator}, {least.denominator})"
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        words.terms[at].piece.start,
        True,
        (Reading(holds.pop(), first.how, "", (*first.setup, line)),),
        subject=subject.name if subject is not None else "",
        expected=f"most are in the {name} layers",
        used=tuple(each.piece.start for each in words.terms if each.count or each.piece.size),
    )


def _chosen(after: Words) -> bool:
    """Whether only some layers of a part are spoken of: "in the first conv layer", "in the 512-channel ones"."""
    words = after.part(0, 14)
    return words.has(CHOOSING) or any(each.count > 1 for each in words.terms[:10])


def _spoken_of(before: Words) -> str:
    """What "most of which" takes up: the noun named last, where it is the only one that is counted."""
    found = [each for each, nouns in WHATS.items() if before.has(nouns)]
    return found[0] if len(found) == 1 and not before.has(NETWORK_PARTS) else ""


def _part(after: Words, before: Words) -> str:
    """The part that most of something is in, or that is said to hold most of it."""
    inside = [each for each in after.at(WITHIN) if _named(after.part(each, each + 6))]
    if inside and (len(inside) > 1 or after.part(0, inside[0]).has(NETWORK_PARTS)):
        return ""  # "most of the conv weights are in …": not of all the network has
    if inside:
        return _named(after.part(inside[0], inside[0] + 6))
    held = before.at(HOLDING)
    return _named(before.part(0, held[-1]), last=True) if held else ""


def _named(words: Words, *, last: bool = False) -> str:
    places = [(at, name) for name, nouns in PARTS for at in words.at(nouns)]
    if not places:
        return ""
    at, name = (max if last else min)(places)
    beside = {other for place, other in places if abs(place - at) <= 1}
    return next((each for each, _ in PARTS if each in beside), name)


# ------------------------------------------------------------------ shares


def _share(subject: Subject, name: str, counted: str) -> Reading | None:
    """What share of a network's parameters or multiply-adds a part has."""
    part = Part("conv 1x1" if name == "pointwise" else name, 0, 0)
    own = parts.amounts(subject, part, counted)[:1]
    every = parts.whole(subject, counted)[:1]
    if not own or not every:
        return None
    value, total = own[0].value, every[0].value
    if not isinstance(value, Fraction) or not isinstance(total, Fraction) or not total:
        return None
    how = f"{own[0].how} of {show(total)}: {show(100 * value / total)} %"
    return Reading(value / total, how, f"Fraction({own[0].source}, {every[0].source})")


def _separable(words: Words, name: str) -> Reading | None:
    """What share of a separable layer's weights its depthwise or its pointwise step has."""
    counts = [each.count for each in words.terms if each.count > LARGEST_KERNEL]
    taken, given = (counts * 2)[:2] if counts else EXAMPLE
    kernels = {each.piece.size for each in words.terms if each.piece.size} - {(1, 1)}
    if len(counts) > 2 or len(kernels) > 1 or name not in ("depthwise", "pointwise"):
        return None
    kernel = kernels.pop() if kernels else (3, 3)
    if len(kernel) != 2:
        return None
    deep, point = kernel[0] * kernel[1] * taken, taken * given
    own = deep if name == "depthwise" else point
    setup = (
        f"depthwise = nn.Conv2d({taken}, {taken}, {kernel}, groups={taken}, bias=False)",
        f"pointwise = nn.Conv2d({taken}, {given}, 1, bias=False)",
    )
    source = f"Fraction(parameters({name}), parameters(depthwise) + parameters(pointwise))"
    how = f"depthwise {deep:,}, pointwise {point:,} weights"
    return Reading(Fraction(own, deep + point), how, source, setup)
