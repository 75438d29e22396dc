"""What changes along a network: "64, 128, 256, 512 and 512 filters", "3, 4, 6 and 3 blocks", "fully
connected layers of 120, 84 and 10 units", "28×28×6 → 14×14×6 → 10×10×16".

A list is true if the network has it in one of the ways people count. It is false only if it is as
long as one of them; maps only if they begin as the network's do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from generator.architectures.ir import Add, Conv2d
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, Size, distinct, if_true
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.referring import refer
from generator.claims.scene import whole

KIND = "structure"

JOINTS = wordset(", and → / - then to |")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find lists of counts and of maps."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or (context.subject is None and not named):
            continue
        for run in _runs(sentence):
            make = _maps if run[0].sort is Sort.SIZE and run[0].word != "tuple" else _counts
            candidate = make(context, sentence, run, named)
            if candidate is not None:
                yield candidate


def _runs(sentence: Sentence) -> Iterator[list[Piece]]:
    """Give the lists of a sentence: numbers or sizes with nothing but joints between."""
    run: list[Piece] = []
    for piece in (*sentence.pieces, None):
        if piece is not None and piece.sort in (Sort.NUMBER, Sort.SIZE) and whole(piece):
            if run and piece.sort is not run[0].sort:
                yield from _long_enough(run)
                run = []
            run.append(piece)
        elif piece is None or piece.gist not in JOINTS:
            yield from _long_enough(run)
            run = []


def _long_enough(run: list[Piece]) -> Iterator[list[Piece]]:
    if len(run) > 1 or (run and run[0].word == "tuple" and len(run[0].size) > 2):
        yield run


# ------------------------------------------------------------------ lists of counts


def _counts(
    context: Context, sentence: Sentence, run: Sequence[Piece], named: tuple[Mention, ...]
) -> Candidate | None:
    measure = _measure(sentence, run)
    reference = refer(context, sentence, sentence.index_of(run[0]), named)
    if measure is None or reference is None:
        return None
    if run[0].word == "tuple":
        stated: Size = run[0].size
    else:
        stated = tuple(value for piece in run for value in whole(piece) or ())
    readings = [
        each
        for subject in reference.subjects
        for each in measure(subject)
        if isinstance(each.value, tuple) and len(each.value) == len(stated)
    ]
    if not readings:
        return None
    values = [each.value for each in readings if isinstance(each.value, tuple)]
    true = stated if stated in values else values[0]
    first, last = run[0], run[-1]
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
    )
    return candidate if reference.certain else if_true(candidate)


def _lengths(sentence: Sentence, length: int) -> tuple[int, ...]:
    """Numbers that say how long a list is: "the four stages have 3, 4, 6 and 3 blocks"."""
    return tuple(each.start for each in sentence.pieces if whole(each) == (length,))


Measure = Callable[[Subject], list[Reading]]


def _measure(sentence: Sentence, run: Sequence[Piece]) -> Measure | None:
    """What a list counts: the noun right after it, else the nearest before it."""
    begin, end = sentence.index_of(run[0]), sentence.index_of(run[-1])
    after = [each.gist for each in sentence.pieces[end + 1 : end + 4]]
    before = [each.gist for each in sentence.pieces[max(0, begin - 8) : begin]]
    for word in (*after, *reversed(before)):
        for words, measure in _MEASURES:
            if word in words:
                return measure
    return None


def _blocks(subject: Subject) -> list[Reading]:
    """Sums at each height: the residual blocks of the stages."""
    network = subject.network
    known = networks.shapes(network) or ()
    heights = [
        known[at][1] for at, node in networks.main_nodes(network) if isinstance(node.op, Add)
    ]
    value = tuple(len(list(group)) for _, group in groupby(heights))
    source = f"run_lengths(sum_heights({_model(subject)}))"
    return _listed(subject, value, "has blocks in stages of", source) if len(value) > 1 else []


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
    ]


def _units(subject: Subject) -> list[Reading]:
    """Units of each fully connected layer, with or without the last."""
    widths = networks.widths(subject.network)
    layers = f"tuple(each.out_features for each in used({_model(subject)}, nn.Linear))"
    how = "has fully connected layers of"
    return [
        *_listed(subject, widths, how, layers),
        *_listed(subject, widths[:-1], how, f"{layers}[:-1]"),
    ]


_MEASURES: tuple[tuple[frozenset[str], Measure], ...] = (
    (wordset("block residual-block residual-blocks bottleneck bottlenecks"), _blocks),
    (wordset("filters channel fmap width widths"), _filters),
    (wordset("unit fc"), _units),
)


def _listed(subject: Subject, value: Size, how: str, source: str) -> list[Reading]:
    if len(value) < 2:
        return []
    return [Reading(value, f"{subject.name} {how} {', '.join(map(str, value))}", source)]


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'


# ------------------------------------------------------------------ lists of maps


def _maps(
    context: Context, sentence: Sentence, run: Sequence[Piece], named: tuple[Mention, ...]
) -> Candidate | None:
    sizes = [each.size for each in run]
    reference = refer(context, sentence, sentence.index_of(run[0]), named)
    if reference is None or len(run) < 3 or any(len(each) not in (2, 3) for each in sizes):
        return None
    best: tuple[int, Subject] | None = None
    for subject in reference.subjects:
        length = _followed(subject, sizes)
        if best is None or length > best[0]:
            best = (length, subject)
    if best is None or best[0] == 0 or (best[0] < len(sizes) and not reference.certain):
        return None
    length, subject = best
    piece = run[min(length, len(run) - 1)]
    held = length == len(sizes)
    line = f"assert passes({_model(subject)}, {sizes})"
    how = f"{subject.name} makes {' → '.join(_path(subject))}"
    return Candidate(
        KIND,
        sentence.start,
        run[-1].end,
        piece.start,
        True,
        (Reading(held, how, "", (line,)),),
        subject=subject.name,
        expected="×".join(map(str, piece.size)),
        computed="holds" if held else _following(subject, sizes[:length]),
        used=tuple(each.start for each in run),
    )


def _followed(subject: Subject, sizes: Sequence[Size]) -> int:
    """How many sizes of a list come in this order along a network, from its input on."""
    known = networks.shapes(subject.network) or ()
    maps = [(*shape[1:], shape[0]) for shape in known if len(shape) == 3]
    if not maps or maps[0][: len(sizes[0])] != sizes[0]:
        return 0
    found = 0
    for each in maps:
        if found < len(sizes) and each[: len(sizes[found])] == sizes[found]:
            found += 1
    return found


def _following(subject: Subject, sizes: Sequence[Size]) -> str:
    """The map that a network makes after maps of these sizes."""
    path = iter(_path(subject))
    for size in sizes:
        shown = "×".join(map(str, size))
        next((each for each in path if each.startswith(shown)), "")
    return next(path, "nothing more")


def _path(subject: Subject) -> list[str]:
    known = networks.shapes(subject.network) or ()
    maps = [(*shape[1:], shape[0]) for shape in known if len(shape) == 3]
    return ["×".join(map(str, each)) for each, _ in groupby(maps)]
