"""What a network or a family is counted out in: the depths of a family's networks ("18, 34, 50, 101 or
152 layers"), blocks of so many convolutions ("8 basic blocks with two 3×3 convolutions each"),
convolutions by their channels ("two with 64, two with 128, three with 256").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from generator.architectures.ir import Conv2d
from generator.claims import anatomy, contents, networks
from generator.claims.anatomy import Choice
from generator.claims.candidate import Candidate, Reading, claiming, distinct, fitting, if_true
from generator.claims.context import Context
from generator.claims.figures import published
from generator.claims.kinds.structure import DEPTHS, depth_readings, measured
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort, pattern
from generator.claims.referring import Reference, rebuilt, refer
from generator.claims.scene import whole

KIND = "structure"

JOINTS = wordset(", and or / &")
BLOCKS_OF = pattern(
    r"<n:#> <*residual basic bottleneck building identical such*>(?:block|bottlenecks|"
    r"residual-blocks?|bottleneck block) <*each , \( that which are be*>(?:of|with|have|contain|"
    r"contains|hold|holds) <*each just only of*><m:#> (?:@\d+ )?<*stacked successive*>(?:conv|layer)"
)
WIDE = pattern(
    r"<n:#> <*conv convs layer of them*>(?:with|of|at|have|x|×) <c:#>(?! (?:conv|layer|block))"
)
# What makes a count of blocks a part's, or another network's.
ASIDE = wordset(
    "stage stages first second third fourth last layer1 layer2 layer3 layer4 instead more fewer other "
    "remaining additional extra per next than another if like"
)
LEAST_LIST = 3


def recognise(context: Context) -> Iterator[Candidate]:
    """Find what networks are counted out in."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or len(sentence.pieces) > MAX_PIECES or rebuilt(sentence):
            continue
        if context.subject is not None or named:
            yield from _depths(context, sentence, named)
            yield from _blocks(context, sentence, named)
            yield from _widths(context, sentence, named)
            yield from _stage_counts(context, sentence, named)


def _claimed(
    context: Context,
    sentence: Sentence,
    piece: Piece,
    reference: Reference,
    readings: Sequence[Reading],
    *,
    used: Sequence[Piece] = (),
) -> Candidate:
    assert piece.quantity is not None
    return claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        distinct(readings),
        subject=reference.subject.name,
        expected=context.passage.text[piece.start : piece.end].strip(),
        used=tuple(each.start for each in used),
    )


# ------------------------------------------------------------------ depths of a family


def _depths(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read the numbers before "… or 152 layers": depths of a family's networks, all but one of them
    right at least."""
    for found in (each for form in DEPTHS for each in sentence.find(form)):
        run = _run_before(sentence, sentence.index_of(found["n"]))
        reference = refer(context, sentence, sentence.index_of(found["n"]), named)
        if reference is None or len(run) < LEAST_LIST:
            continue
        if reference.subject.name != reference.subject.family:
            continue
        readings = [
            reading
            for each in reference.subjects
            for reading in (*depth_readings(each)[:1], *published(each, "depth"))
        ]
        right = [each for each in run if each.quantity and fitting(each.quantity, readings)]
        if len(right) >= max(LEAST_LIST - 1, len(run) - 1):
            for each in run[:-1]:
                yield _claimed(context, sentence, each, reference, readings, used=run)


def _run_before(sentence: Sentence, at: int) -> list[Piece]:
    """The list of whole numbers that ends at a place."""
    pieces = sentence.pieces
    run = [pieces[at]]
    here = at - 1
    while here > 0 and pieces[here].gist in JOINTS:
        while here > 0 and pieces[here].gist in JOINTS:
            here -= 1
        if pieces[here].sort is not Sort.NUMBER or whole(pieces[here]) is None:
            break
        run.insert(0, pieces[here])
        here -= 1
    return run


# ------------------------------------------------------------------ blocks of so many convolutions


def _blocks(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "16 blocks of 3 convolutions": how many there are, and how many each of them has."""
    for found in sentence.find(BLOCKS_OF):
        many, inside = found["n"], found["m"]
        clause = {each.gist for each in sentence.pieces[: found.last]}
        reference = refer(context, sentence, found.first, named)
        if reference is None or not reference.definite or clause & ASIDE:
            continue
        listed = len(_run_before(sentence, found.first)) > 1  # "3, 4, 6, 3 basic blocks of two"
        if listed or many.quantity is None or many.quantity.value < LEAST_LIST:
            continue
        counts = [r for each in reference.subjects for r in measured(each, "blocks")]
        sizes = [r for each in reference.subjects for r in _inside(each)]
        if not (counts and sizes):
            continue
        if fitting(many.quantity, counts) or (inside.quantity and fitting(inside.quantity, sizes)):
            yield _claimed(context, sentence, many, reference, counts)
            yield _claimed(context, sentence, inside, reference, sizes)


def _inside(subject: Subject) -> list[Reading]:
    """How many convolutions every block of a network has, its shortcut's aside."""
    found = [
        contents.counted(each, "conv")[:1] for each in anatomy.regions(subject, Choice("block"))
    ]
    values = {each.value for one in found for each in one}
    return found[-1] if len(values) == 1 else []


# ------------------------------------------------------------------ stages

STAGES = pattern(
    r"<n:#> <*conv big main*>(?P<what>block|stage|stages)(?! (?:of|with|that|have|at|on))"
)
CONSISTING = (["consists", "of"], ["made", "of"], ["composed", "of"], ["built", "of"])


def _stage_counts(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "it has 5 blocks" of a VGG, "in 4 stages" of a ResNet, where a sentence has one such count."""
    every = list(sentence.find(STAGES))
    for found in every if len(every) == 1 else ():
        piece = found["n"]
        reference = refer(context, sentence, found.first, named)
        before = list(sentence.words_before(piece, 2))
        told = before[-1:] in (["have"], [":"]) or before in CONSISTING
        if reference is None or piece.quantity is None or not told:
            continue
        block = found.match.group("what") == "block"
        readings = [r for each in reference.subjects for r in _staged(each, block=block)]
        if not readings or (ASIDE - {"stage", "stages"}) & sentence.words:
            continue
        candidate = _claimed(context, sentence, piece, reference, readings)
        found_true = if_true(candidate)
        if reference.certain or found_true is not None:
            yield candidate


def _staged(subject: Subject, *, block: bool) -> list[Reading]:
    """How many stages a network has; those of a VGG are called blocks, too."""
    value = len(anatomy.regions(subject, Choice("stage")))
    model = f'model("{subject.name}")'
    how = f"{subject.name} has {value} stages"
    if subject.family == "vgg":
        source = f"calls({model}, {subject.network.input_shape}, (nn.MaxPool2d,))"
        return [Reading(Fraction(value), f"{how} that end in pooling", source)]
    if subject.family != "resnet" or block:
        return []
    source = f'sum(name.startswith("layer") for name, _ in {model}.named_children())'
    return [
        Reading(Fraction(value), how, source),
        Reading(Fraction(value + 1), f"{how} behind its stem", doubtful=True),
    ]


# ------------------------------------------------------------------ convolutions by their channels


def _widths(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "two with 64, two with 128, three with 256 channels" for a chain of stages."""
    pairs = [
        (each["n"], each["c"])
        for each in sentence.find(WIDE)
        if whole(each["n"]) and whole(each["c"])
    ]
    if len(pairs) < LEAST_LIST or not sentence.has("conv", "channel", "filters"):
        return
    reference = refer(context, sentence, sentence.index_of(pairs[0][0]), named)
    known = (
        [each for each in reference.subjects if not networks.branching(each.network)]
        if (reference is not None and reference.definite)
        else []
    )
    stated = [(whole(n) or ()) + (whole(c) or ()) for n, c in pairs]
    for subject in known:
        stages = _stages(subject)
        wrong = [
            at for at, (one, other) in enumerate(zip(stated, stages, strict=False)) if one != other
        ]
        if len(stages) != len(stated) or len(wrong) > 1:
            continue
        for at, pair in enumerate(pairs):
            for side, piece in enumerate(pair):
                assert reference is not None
                yield _claimed(
                    context, sentence, piece, reference, [_stage(subject, stages, at, side)]
                )
        return


def _stages(subject: Subject) -> list[tuple[int, ...]]:
    """How many convolutions each stage has, and their channels; none where they differ."""
    found: list[tuple[int, ...]] = []
    for region in anatomy.regions(subject, Choice("stage")):
        widths = [each.out_channels for each in region.ops(Conv2d) if isinstance(each, Conv2d)]
        if len(list(groupby(widths))) != 1:
            return []
        found.append((len(widths), widths[0]))
    return found


def _stage(subject: Subject, stages: Sequence[tuple[int, ...]], at: int, side: int) -> Reading:
    first = sum(each[0] for each in stages[:at])
    last = first + stages[at][0]
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    widths = f"[each.out_channels for each in used({model}, nn.Conv2d)]"
    how = f"stage {at + 1} of {subject.name} has {stages[at][0]} convolutions with {stages[at][1]} channels"
    source = (
        f"{widths}[{first}:{last}].count({stages[at][1]})" if not side else f"{widths}[{first}]"
    )
    return Reading(Fraction(stages[at][side]), how, source)


__all__ = ["KIND", "recognise"]
