"""What changes along a network: "64, 128, 256, 512 and 512 filters", "3, 4, 6 and 3 blocks", "fully
connected layers of 120, 84 and 10 units", "[2, 2, 2, 2] for ResNet-18, [3, 4, 6, 3] for 34 and 50".

A list is true if the network has it in one of the ways people count. It is false only if it is as
long as one of them; where the sentence may speak of something else, only if one number of four or more
differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from generator.architectures.ir import Add, Conv2d, Linear
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, Size, distinct, if_true
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.parts import ORDERS
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.referring import (
    Reference,
    asserted,
    candidates_of,
    refer,
    subject_named,
)
from generator.claims.scene import whole

KIND = "structure"

JOINTS = wordset(", and → / - – then to |")
_WRITTEN = re.compile(r"\d+(?:\s?[-–−/+]\s?\d+){2,}")  # "2-2-3-3-3", "2/2/2/2", "2 + 2 + 3"
SHORT = 4  # a list this long agrees with a network's by no chance


def recognise(context: Context) -> Iterator[Candidate]:
    """Find lists of counts and of maps."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or (context.subject is None and not named):
            continue

        for run in _runs(_spelled_out(context.passage.text, sentence, named)):
            if run[0].sort is Sort.SIZE and run[0].word != "tuple":
                continue
            if owners := _owners(sentence, run, named):
                yield from _owned(context, sentence, run, owners)
                continue
            candidate = _counts(context, sentence, run, named)
            if candidate is not None:
                yield candidate


def _spelled_out(text: str, sentence: Sentence, named: Sequence[Mention]) -> Iterator[Piece]:
    """Give the pieces of a sentence, "2-2-3-3-3" as the list it is in brackets, networks as words."""
    inside = {at for each in named for at in range(each.first, each.last)}
    for at, piece in enumerate(sentence.pieces):
        written = text[piece.start : piece.end].strip()
        if at in inside:
            yield replace(piece, sort=Sort.WORD)
        elif piece.sort is Sort.EXPRESSION and _WRITTEN.fullmatch(written):
            size = tuple(int(each) for each in re.findall(r"\d+", written))
            yield replace(piece, sort=Sort.SIZE, word="tuple", size=size)
        else:
            yield piece


def _runs(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """Give the lists among pieces: numbers or sizes with nothing but joints between."""
    run: list[Piece] = []
    joint = ""
    for piece in (*pieces, None):
        scaled = piece is not None and piece.quantity is not None and piece.quantity.rounded
        if piece is not None and piece.sort in (Sort.NUMBER, Sort.SIZE) and whole(piece):
            if scaled:  # "0.2M, 1.2M and 7.1M" are no channels or blocks
                yield from _long_enough(run)
                run = []
                continue
            if run and piece.sort is not run[0].sort:
                yield from _long_enough(run)
                run = []
            run.append(piece)
        elif piece is None or piece.gist not in JOINTS:
            yield from _long_enough(run)
            run, joint = [], ""
        else:
            if piece.gist == "→" and joint == ",":
                run = run[-1:]  # "with t = 6, 32 → 192 → 32"
            elif piece.gist == "," and joint == "→":
                yield from _long_enough(run)  # "25088 → 4096, 102,764,544 weights"
                run = []
            joint = piece.gist


def _index(sentence: Sentence, piece: Piece) -> int:
    return next(at for at, each in enumerate(sentence.pieces) if each.start == piece.start)


def _long_enough(run: list[Piece]) -> Iterator[list[Piece]]:
    if len(run) > 1 or (run and run[0].word == "tuple" and len(run[0].size) > 2):
        yield run


# ------------------------------------------------------------------ lists of counts


def _counts(
    context: Context, sentence: Sentence, run: Sequence[Piece], named: tuple[Mention, ...]
) -> Candidate | None:
    measure = _measure(sentence, run)
    if measure is _units and len(run) == 2 and "→" in _joints(sentence, run):
        measure = _mapping(sentence, run)
    reference = refer(context, sentence, _index(sentence, run[0]), named)
    if measure is None or reference is None:
        return None
    if measure is _convolutions and reference.subject.name == reference.subject.family:
        return None  # a family's networks differ in this
    stated = _stated(run)
    if len(stated) >= SHORT and context.subject is not None and not named:
        every = candidates_of(context, context.subject, named=False)
        reference = replace(reference, subjects=(*reference.subjects, *every))
    readings = [
        each
        for subject in reference.subjects
        for each in measure(subject)
        if isinstance(each.value, tuple) and len(each.value) == len(stated)
    ]
    readings = readings or _part_of_list(measure, reference, stated)
    if not readings:
        return None
    values = [each.value for each in readings if isinstance(each.value, tuple)]
    true = stated if stated in values else values[0]
    first, last = run[0], run[-1]
    slip = reference.definite and any(_slip(stated, each) for each in values)
    candidate = Candidate(
        KIND,
        sentence.start,
        last.end,
        first.start,
        stated,
        distinct(readings),
        subject=reference.subject.name,
        expected=context.passage.text[first.start : last.end],
        computed=", ".join(map(str, true)),
        used=(*(each.start for each in run), *_lengths(sentence, len(stated))),
        decisive=slip and stated not in values,
    )
    deep = sentence.has("depth") and measure is _filters  # perhaps of networks
    return candidate if (reference.certain and not deep) or slip else if_true(candidate)


def _slip(stated: Size, value: Size) -> bool:
    """Whether one number of a list is another than the network's, and all others are the network's."""
    return len(stated) >= SHORT and sum(a != b for a, b in zip(stated, value, strict=True)) == 1


def _part_of_list(measure: Measure, reference: Reference, stated: Size) -> list[Reading]:
    """Find a list of three or more within one of a network's: "384, 384 and 256 filters"."""
    if len(stated) < 3:
        return []
    for subject in reference.subjects:
        for each in measure(subject):
            if not isinstance(each.value, tuple):
                continue
            for at in range(len(each.value) - len(stated) + 1):
                if each.value[at : at + len(stated)] == stated:
                    return [
                        replace(
                            each, value=stated, source=f"({each.source})[{at}:{at + len(stated)}]"
                        )
                    ]
    return []


def _owners(sentence: Sentence, run: Sequence[Piece], named: tuple[Mention, ...]) -> list[Mention]:
    """The networks right after a list: "(3, 4, 6, 3) for both ResNet-34 and ResNet-50"."""
    gists = [each.gist for each in sentence.pieces]
    begin = _index(sentence, run[0])
    while begin and gists[begin - 1] in ("with", ":", "have", "use", "(", "=", "→", "be"):
        begin -= 1
    if run[0].word == "tuple" and (known := [e for e in named if e.last == begin and e.name]):
        apart = len(known) == len(run[0].size)  # "18/34/50/101 → 8/16/16/33"
        return [] if apart else known  # "ResNet-34 [3, 4, 6, 3]"
    at = _index(sentence, run[-1]) + 1
    if gists[at : at + 1] == ["block"]:
        at += 1
    if at >= len(gists) or gists[at] not in ("for", "in", "of", "("):
        return []
    found: list[Mention] = []
    at += 1
    while at < len(gists):
        here = [each for each in named if each.first == at]
        if here:
            found += here
            at = here[-1].last
        elif gists[at] in ("both", "the", "and", "/", ",", "&") and gists[at] != ",":
            at += 1
        else:
            break
    return [each for each in found if each.name]


def _owned(
    context: Context, sentence: Sentence, run: Sequence[Piece], owners: Sequence[Mention]
) -> Iterator[Candidate]:
    """Judge a list that is said to be that of certain networks: of every one of them."""
    measure = _measure(sentence, run, near=True) or _spoken_measure(sentence, run)
    if measure is None and run[0].word == "tuple" and len(run[0].size) == 4:
        measure = _blocks
    if measure is None or not asserted(sentence, _index(sentence, run[0])):
        return
    stated = _stated(run)
    wrong: list[Reading] = []
    right: list[Reading] = []
    for owner in owners:
        subject = subject_named(context, owner.name)
        readings = [
            each
            for each in (measure(subject) if subject is not None else [])
            if isinstance(each.value, tuple) and len(each.value) == len(stated)
        ]
        if not readings:
            return
        held = [each for each in readings if each.value == stated]
        (right if held else wrong).append((held or readings)[0])
    if wrong:
        readings = wrong[:1]
    else:
        *others, last = right
        setup = tuple(f"assert {each.source} == {stated}" for each in others)
        readings = [replace(last, setup=setup)]
    value = readings[0].value
    first, last_piece = run[0], run[-1]
    yield Candidate(
        KIND,
        sentence.start,
        last_piece.end,
        first.start,
        stated,
        tuple(readings),
        subject=owners[0].name,
        expected=context.passage.text[first.start : last_piece.end],
        computed=", ".join(map(str, value)) if isinstance(value, tuple) else "",
        used=tuple(each.start for each in run),
        decisive=True,
    )


def _stated(run: Sequence[Piece]) -> Size:
    if run[0].word == "tuple":
        return run[0].size
    return tuple(value for piece in run for value in whole(piece) or ())


def _spoken_measure(sentence: Sentence, run: Sequence[Piece]) -> Measure | None:
    """What the sentence says before all its lists: "blocks per stage: [2, 2, 2, 2] for …"."""
    before = [each.gist for each in sentence.pieces[: _index(sentence, run[0])]]
    return _each(before) or next(
        (measure for words, measure in _MEASURES if words & set(before)), None
    )


def _each(before: Sequence[str]) -> Measure | None:
    """What "convs per block", "conv layers in the blocks" and "blocks of each stage" count."""
    for at in range(len(before) - 1, 0, -1):
        if before[at] not in HOLDERS:
            continue
        start = at
        while start and before[start - 1] in ("each", "in", "of", "the", "a", "#"):
            start -= 1
        if start == at or not start:
            continue
        if before[start - 1] == "conv" or before[start - 2 : start] == ["conv", "layer"]:
            return _convolutions
        return next((measure for words, measure in _MEASURES if before[start - 1] in words), None)
    return None


HOLDERS = wordset("block stage stages group groups")


def _lengths(sentence: Sentence, length: int) -> tuple[int, ...]:
    """Numbers that say how long a list is: "the four stages have 3, 4, 6 and 3 blocks"."""
    return tuple(each.start for each in sentence.pieces if whole(each) == (length,))


Measure = Callable[[Subject], list[Reading]]


def _measure(sentence: Sentence, run: Sequence[Piece], *, near: bool = False) -> Measure | None:
    """What a list counts: the noun right after it, else the nearest before it; with ``near``, only
    the noun after it."""
    begin, end = _index(sentence, run[0]), _index(sentence, run[-1])
    after = [each.gist for each in sentence.pieces[end + 1 : end + 4]]
    after = [] if after[:1] == [","] and "→" in _joints(sentence, run) else after
    before = [
        each.expression.name if isinstance(each.expression, Name) else each.gist
        for each in sentence.pieces[max(0, begin - 8) : begin]
    ]
    if after[:2] == ["conv", "layer"] or (after[:1] == ["conv"] and len(after) == 1):
        return _convolutions
    if not after or after[0] in (",", "=", ")", "("):
        after = []
        if measure := _each(before):
            return measure
    stated = _stated(run)
    falling = len(stated) > 2 and stated == tuple(sorted(set(stated), reverse=True))
    for word in (*after, *(() if near else reversed(before))):
        if word == "fmap" and falling:
            return None  # their sides
        for words, measure in _MEASURES:
            if measure is _filters and falling and stated[0] <= 224 and word not in after[:1]:
                continue  # sides again: "256 and 512 channels at 56 and 28"
            if word in words:
                return measure
    return None


def _joints(sentence: Sentence, run: Sequence[Piece]) -> set[str]:
    begin, end = _index(sentence, run[0]), _index(sentence, run[-1])
    return {each.gist for each in sentence.pieces[begin:end]}


def _blocks(subject: Subject) -> list[Reading]:
    """Sums at each height: the residual blocks of the stages."""
    network = subject.network
    known = networks.shapes(network) or ()
    heights = [
        known[at][1] for at, node in networks.main_nodes(network) if isinstance(node.op, Add)
    ]
    value = tuple(len(list(group)) for _, group in groupby(heights))
    source = f"run_lengths(sum_heights({_model(subject)}))"
    if networks.depthwise(network):
        return _rows(subject)
    return _listed(subject, value, "has blocks in stages of", source) if len(value) > 1 else []


def _rows(subject: Subject) -> list[Reading]:
    """Blocks in a row that put out equally many channels: the repeats of a table's rows."""
    convs = [
        node.op for _, node in networks.main_nodes(subject.network) if isinstance(node.op, Conv2d)
    ]
    widths = [two.out_channels for one, two in pairwise(convs) if one.groups > 1]
    value = tuple(len(list(group)) for _, group in groupby(widths))
    layers = f"used({_model(subject)}, nn.Conv2d)"
    source = f"run_lengths([two.out_channels for one, two in pairwise({layers}) if one.groups > 1])"
    return _listed(subject, value, "repeats its blocks", source)


def _bottlenecks(subject: Subject) -> list[Reading]:
    """The same, where the blocks narrow their maps with 1×1 convolutions."""
    kernels = networks.kernels(subject.network)
    narrowed = zip(kernels, kernels[1:], kernels[2:], strict=False)
    found = any(a == c == (1, 1) != b for a, b, c in narrowed)
    return _blocks(subject) if found else []


def _convolutions(subject: Subject) -> list[Reading]:
    """Convolutions between one pooling and the next."""
    network = subject.network
    if networks.branching(network):
        return []
    known = networks.shapes(network) or ()
    heights = [
        known[at][1] for at, node in networks.main_nodes(network) if isinstance(node.op, Conv2d)
    ]
    value = tuple(len(list(group)) for _, group in groupby(heights))
    source = f"run_lengths(convolution_heights({_model(subject)}))"
    return _listed(subject, value, "has convolutions at each height", source)


def _filters(subject: Subject) -> list[Reading]:
    """Filters of each convolution, each width once, the last at each height."""
    network = subject.network
    convs = [
        (at, node.op) for at, node in networks.main_nodes(network) if isinstance(node.op, Conv2d)
    ]
    known = networks.shapes(network) or ()
    widths = [op.out_channels for _, op in convs]
    layers = f"[each.out_channels for each in used({_model(subject)}, nn.Conv2d)]"
    per_height = [
        (height, [op.out_channels for _, op in group][-1])
        for height, group in groupby(convs, key=lambda each: known[each[0]][1])
    ]
    return [
        *_listed(subject, tuple(widths), "has convolutions with filters", f"tuple({layers})"),
        *_listed(
            subject,
            tuple(width for width, _ in groupby(widths)),
            "has convolutions with filters",
            f"without_repeats({layers})",
        ),
        *_listed(
            subject,
            tuple(width for _, width in per_height),
            "has, at each height, filters",
            f"tuple(width for _, width in convolution_levels({_model(subject)}))",
        ),
        *_summed(subject),
    ]


def _summed(subject: Subject) -> list[Reading]:
    """Channels that the stages of residual blocks give, with and without the stem's before them."""
    network = subject.network
    known = networks.shapes(network) or ()
    sums = [known[at][0] for at, node in networks.main_nodes(network) if isinstance(node.op, Add)]
    stages = tuple(width for width, _ in groupby(sums))
    first = networks.first_convolution(network)
    source = f"without_repeats(sum_channels({_model(subject)}))"
    found = _listed(subject, stages, "has stages with output channels", source)
    if found and first is not None:
        stem = f"(used({_model(subject)}, nn.Conv2d)[0].out_channels,) + {source}"
        found += _listed(
            subject, (first.out_channels, *stages), "has a stem and stages of channels", stem
        )
    return found


def _units(subject: Subject) -> list[Reading]:
    """Units of each fully connected layer, with or without the last."""
    widths = networks.widths(subject.network)
    layers = f"tuple(each.out_features for each in used({_model(subject)}, nn.Linear))"
    how = "has fully connected layers of"
    return [
        *_listed(subject, widths, how, layers),
        *_listed(subject, widths[:-1], how, f"{layers}[:-1]"),
    ]


def _mapping(sentence: Sentence, run: Sequence[Piece]) -> Measure:
    """What goes into a fully connected layer and comes out, of the one that an order chooses: "first fc:
    25088 → 4096"; without an order, of each."""
    before = sentence.pieces[: _index(sentence, run[0])]
    order = next((ORDERS[each.gist] for each in before if each.gist in ORDERS), None)

    def measured(subject: Subject) -> list[Reading]:
        ops = [node.op for _, node in networks.main_nodes(subject.network)]
        pairs = [(op.in_features, op.out_features) for op in ops if isinstance(op, Linear)]
        layers = f"[(e.in_features, e.out_features) for e in used({_model(subject)}, nn.Linear)]"
        how = "has a fully connected layer of"
        chosen = range(len(pairs)) if order is None else [order]
        found = [
            each
            for at in chosen
            if -len(pairs) <= at < len(pairs)
            for each in _listed(subject, pairs[at], how, f"{layers}[{at}]")
        ]
        return found + (_units(subject) if order is None else [])

    return measured


_MEASURES: tuple[tuple[frozenset[str], Measure], ...] = (
    (wordset("repeats repeat repeated n"), _rows),
    (wordset("bottleneck bottlenecks"), _bottlenecks),
    (wordset("block residual-block residual-blocks"), _blocks),
    (wordset("filters channel fmap width widths depth"), _filters),
    (wordset("unit fc"), _units),
)


def _listed(subject: Subject, value: Size, how: str, source: str) -> list[Reading]:
    if len(value) < 2:
        return []
    return [Reading(value, f"{subject.name} {how} {', '.join(map(str, value))}", source)]


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'
