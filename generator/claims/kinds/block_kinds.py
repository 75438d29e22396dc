"""Which of two kinds of blocks a ResNet is built of: "ResNet-34 uses bottlenecks"; and how many
convolutions they have: "a bottleneck holds 3 convs and a basic block 2".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from generator.claims import behaviour
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence, Sort, pattern
from generator.claims.referring import asserted, subject_named
from generator.claims.scene import whole

KIND = "property"
_KIND = (
    r"(?:(?:already|also|too|still|then|only|'s|block) )*(?:use|have|be|:|consist|stack) (?:(?:consists|built|made|"
    r"composed|of|from|with|out|block|in|its|up) )*(?:(?:the|a|of|same|residual|stack|all|"
    r"@\d+|#\d+|%\d+|so-called|its|as|standard|"
    r"three-layer|in|stage|, |1x1|just) )*(?P<kind>bottlenecks?|basic)(?: |$)"
)
KINDS = pattern(rf"{_KIND}")
KINDS_LISTED = pattern(r"(?P<kind>bottlenecks?|basic)(?: block)?")


def _kinds(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "ResNet-34 uses bottlenecks": networks by the layers of their blocks."""
    named = context.mentions(sentence)
    if not sentence.has("bottleneck", "bottlenecks", "basic") or sentence.has(
        "not", "if", "would", "unlike", "replaced", "could", "instead", "replaces", "without"
    ):
        return
    listed = False
    for found in (*sentence.find(KINDS), *sentence.find(KINDS_LISTED)):
        if found.match.re is KINDS_LISTED.regex and not listed:
            continue
        owner = next((each for each in named if each.last == found.first), None)
        if owner is None and listed:
            owner = _slashed(context, sentence, found.first)
        kind = found.match.group("kind")
        candidate = _kind(context, sentence, owner, kind) if owner else None
        if candidate is None:
            continue
        listed = True
        inside, used = _made_of(sentence, found.last, _end(sentence, found.last))
        expected = BOTTLENECK if kind.startswith("bottleneck") else BASIC
        if inside and inside not in expected:
            reading = candidate.readings[0]
            candidate = replace(
                candidate, readings=(behaviour.denied(reading) if reading.value else reading,)
            )
        yield replace(candidate, at=sentence.pieces[found.first].start, used=used)


def _slashed(context: Context, sentence: Sentence, at: int) -> Mention | None:
    """The first of "50/101/152", where the sentence speaks of ResNets."""
    piece = sentence.pieces[at - 1] if at else None
    written = context.passage.text[piece.start : piece.end].split("/")[0].strip() if piece else ""
    name = f"resnet{written}"
    return Mention(name, at - 1, at) if written.isdecimal() and name in context.catalogue else None


INTRODUCING = wordset("made of with ( : built from out each")
INSIDE = wordset(", and conv filters → layer -")


def _end(sentence: Sentence, first: int) -> int:
    """Where what is said of a kind of block ends: "(two 3×3 convs)", "made of 1×1, 3×3, 1×1"."""
    pieces = sentence.pieces
    at = first + (first < len(pieces) and pieces[first].gist == "block")
    begin = at
    while at < len(pieces) and pieces[at].gist in INTRODUCING:
        at += 1
    if at == begin:
        return first
    while at < len(pieces) and (pieces[at].size or pieces[at].numeral or pieces[at].gist in INSIDE):
        at += 1
    return at


BASIC = (((3, 3),), ((3, 3), (3, 3)))
BOTTLENECK = (((1, 1), (3, 3), (1, 1)), ((1, 1), (1, 1)), ((1, 1),), ((3, 3),))


def _made_of(
    sentence: Sentence, first: int, last: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """The kernels said of a kind of block, repeated as often as said: "(two 3×3 convs)"."""
    sizes: list[tuple[int, ...]] = []
    used: list[int] = []
    pieces = sentence.pieces
    for at in range(first, last):
        size = pieces[at].size
        if len(size) != 2:
            continue
        before = pieces[at - 1]
        times = whole(before) if before.numeral else None
        sizes += [size] * (times[0] if times else 1)
        used += [pieces[at].start, *([before.start] if times else [])]
    return tuple(sizes), tuple(used)


def _kind(context: Context, sentence: Sentence, owner: Mention, kind: str) -> Candidate | None:
    subject = subject_named(context, owner.name) if owner.name else None
    if subject is None or subject.family != "resnet" or not subject.name[-1:].isdecimal():
        return None
    narrow, wide = _of(subject, 3), _of(subject, 2)
    if (narrow is None) == (wide is None):
        return None
    bottleneck = kind.startswith("bottleneck")
    reading = narrow if bottleneck else wide
    if reading is None:
        other = wide if bottleneck else narrow
        assert other is not None
        reading = behaviour.denied(other)
    return _made(
        sentence, reading, "bottleneck blocks" if bottleneck else "basic blocks", subject.name
    )


def _of(subject: Subject, layers: int) -> Reading | None:
    return behaviour.residual(subject, layers)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of the kind of a network's blocks."""
    for sentence in context.sentences:
        if not sentence.question:
            yield from _kinds(context, sentence)
            yield from _sizes(context, sentence)


# A network of the library with blocks of each kind, and how many convolutions they have.
SAMPLES = {"basic": ("resnet18", 2), "bottleneck": ("resnet50", 3), "bottlenecks": ("resnet50", 3)}
HOLDING = wordset("block have with of ( only just be use")


def _sizes(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """Read "a basic block has 2 convs, a bottleneck 3"."""
    told = sentence.has("basic") and sentence.has("bottleneck", "bottlenecks")
    if not told or not sentence.has("conv") or context.mentions(sentence):
        return
    for at, piece in enumerate(sentence.pieces):
        name, count = SAMPLES.get(piece.gist, ("", 0))
        here = at + 1
        while here < len(sentence.pieces) and sentence.pieces[here].gist in HOLDING:
            here += 1
        number = sentence.pieces[here] if here < len(sentence.pieces) else piece
        subject = context.catalogue.get(name)
        after = sentence.words_after(number, 1)
        counted = after[:1] in ((), ("conv",), (",",), ("and",), (")",))
        if subject is None or number.sort is not Sort.NUMBER or not counted:
            continue
        if number.quantity is None or not asserted(sentence, here):
            continue
        block = f'model("{name}").get_submodule("layer1.1")'
        source = f"sum(isinstance(each, nn.Conv2d) for each in {block}.modules())"
        yield claiming(
            "structure",
            sentence,
            number,
            number.quantity,
            (Reading(Fraction(count), f"a block of {name} has {count} convolutions", source),),
            subject=name,
            expected=context.passage.text[number.start : number.end].strip(),
            decisive=True,
        )


def _made(sentence: Sentence, reading: Reading, expected: str, subject: str = "") -> Candidate:
    return claiming(
        KIND,
        sentence,
        sentence,
        True,
        (reading,),
        subject=subject,
        expected=expected,
    )
