"""What an image becomes on its way through a network: "28×28×6 → 14×14×6 → 10×10×16", "224 → 112 → 56",
"7×7×512 → 4096 → 4096 → 1000", "the last pool takes 13 to 6".

A list is true if the network makes these maps in this order. It is false where most of it is the
network's, from its first map on, and the rest is not. Lists that begin with no map of the network are
those of another input, or of another network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, Size, distinct, if_true
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.referring import Reference, refer
from generator.claims.scene import whole

KIND = "structure"

JOINTS = wordset("→ , and / - then to | into ⇒ flatten fc ->")
SIZE_WORDS = wordset(
    "size sizes resolution resolutions side sides width widths height spatial at maps map fmap "
    "sequence sized takes need go goes shrinks halves pool image from output"
)
# What may stand between the maps of a list: where in the network they are.
LABELS = wordset("in the end finally again stem input image")
_NAME = re.compile(r"[cfspl]\d|(?:conv|pool|layer|block|stage)-?_?\d(?:[._]\d)?|conv|pool")
COUNTED = (("block",), ("module",), ("modules",), ("conv",), ("layer",), ("pool",))
LEAST = 3  # elements that show whose list it is


@dataclass(frozen=True, slots=True)
class Chain:
    """Sizes or numbers with joints between; ``arrows`` says that they are arrows, ``after`` that
    sizes lead up to it."""

    pieces: tuple[Piece, ...]
    arrows: bool
    after: bool = False


def recognise(context: Context) -> Iterator[Candidate]:
    """Find lists of maps and steps between maps."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if len(sentence.pieces) > MAX_PIECES:
            continue
        if sentence.question or (context.subject is None and not named):
            continue
        inside = {at for each in named for at in range(each.first, each.last)}
        for chain in _chains(sentence, 0, len(sentence.pieces), inside):
            candidate = _judged(context, sentence, chain, named)
            if candidate is not None:
                yield candidate


# ------------------------------------------------------------------ chains


def _chains(sentence: Sentence, first: int, last: int, inside: set[int]) -> Iterator[Chain]:
    """Give the lists between two pieces. A bracket after an element explains it and is left out; what
    stands in it may be a list of its own."""
    run: list[Piece] = []
    arrows = False
    after = False
    at = first
    while at < last:
        piece = sentence.pieces[at]
        element = piece.sort in (Sort.NUMBER, Sort.SIZE) and at not in inside and whole(piece)
        counting = piece.sort is Sort.NUMBER and sentence.words_after(piece, 1)[:1] in COUNTED
        if counting and run:
            # "224 → 112 → 56, then 9 modules"
            yield Chain(tuple(run), arrows, after)
            run, arrows, after = [], False, False
        elif element and piece.word != "tuple":
            if run and piece.sort is not run[-1].sort:
                yield Chain(tuple(run), arrows, after)
                after = arrows and run[-1].sort is Sort.SIZE
                run = []
            run.append(piece)
        elif piece.gist == "(":
            close = _closing(sentence, at, last)
            yield from _chains(sentence, at + 1, close, inside)
            goes_on = close + 1 < last and sentence.pieces[close + 1].gist == "→"
            if not (run and goes_on):
                yield Chain(tuple(run), arrows, after)
                run, arrows, after = [], False, False
            at = close
        elif run and (piece.gist in LABELS or _label(sentence, at)):
            pass
        elif piece.gist in JOINTS and run:
            arrows = arrows or piece.gist == "→"
        elif run or after:
            yield Chain(tuple(run), arrows, after)
            run, arrows, after = [], False, False
        at += 1
    yield Chain(tuple(run), arrows, after)


def _label(sentence: Sentence, at: int) -> bool:
    """Whether a word after an arrow or a comma is a layer's name: "→ C1 28×28×6"."""
    joined = at and sentence.pieces[at - 1].gist in ("→", ",")
    return bool(joined) and _NAME.fullmatch(sentence.pieces[at].gist) is not None


def _closing(sentence: Sentence, at: int, last: int) -> int:
    depth = 0
    for index in range(at, last):
        depth += {"(": 1, ")": -1}.get(sentence.pieces[index].gist, 0)
        if depth == 0:
            return index
    return last


# ------------------------------------------------------------------ verdicts


def _judged(
    context: Context, sentence: Sentence, chain: Chain, named: tuple[Mention, ...]
) -> Candidate | None:
    if not chain.pieces:
        return None
    if chain.pieces[0].sort is Sort.SIZE:
        sizes = [each.size for each in chain.pieces]
        fits = len(sizes) >= LEAST and all(len(each) in (2, 3) for each in sizes)
        return _maps(context, sentence, chain, named, sizes) if fits else None
    values = [value for each in chain.pieces for value in whole(each) or ()]
    if chain.after:
        return _features(context, sentence, chain, named, tuple(values))
    if len(values) < LEAST or values != sorted(values, reverse=True) or values[0] < 20:
        return None
    begin = sentence.index_of(chain.pieces[0])
    before = {each.gist for each in sentence.pieces[max(0, begin - 6) : begin]}
    if not (chain.arrows or before & SIZE_WORDS) or _counted(sentence, chain):
        return None
    return _maps(context, sentence, chain, named, [(each, each) for each in values])


def _counted(sentence: Sentence, chain: Chain) -> bool:
    """Whether a noun after a list says that it counts something else."""
    end = sentence.index_of(chain.pieces[-1])
    following = [each.gist for each in sentence.pieces[end + 1 : end + 3]]
    after = set() if following[:1] and following[0] in (",", "while", "whereas") else set(following)
    return bool(
        after
        & {"filters", "channel", "unit", "block", "fc", "layer", "class", "epochs", "output", "%"}
    )


def _maps(
    context: Context,
    sentence: Sentence,
    chain: Chain,
    named: tuple[Mention, ...],
    sizes: list[Size],
) -> Candidate | None:
    reference = refer(context, sentence, sentence.index_of(chain.pieces[0]), named)
    if reference is None:
        return None
    best = _best(reference, sizes)
    if best is None:
        return None
    subject, wrong = best
    held = not wrong
    right = len(sizes) - len(wrong)
    open_family = not reference.definite and len(reference.subjects) < 2
    if not held and (open_family or right < LEAST or 3 * len(wrong) > len(sizes) or 0 in wrong):
        return None
    piece = chain.pieces[wrong[0] if wrong else -1]
    line = f"assert passes({_model(subject)}, {sizes})"
    shown = " → ".join(_path(subject, sides=chain.pieces[0].sort is not Sort.SIZE))
    return Candidate(
        KIND,
        sentence.start,
        chain.pieces[-1].end,
        piece.start,
        True,
        (Reading(held, f"{subject.name} makes {shown}", "", (line,)),),
        subject=subject.name,
        expected=context.passage.text[piece.start : piece.end].strip(),
        computed="holds" if held else shown,
        used=tuple(each.start for each in chain.pieces),
        decisive=True,
    )


def _best(reference: Reference, sizes: Sequence[Size]) -> tuple[Subject, list[int]] | None:
    """The network that makes most of the maps: (network, the places of those it does not make)."""
    found: tuple[Subject, list[int]] | None = None
    for subject in reference.subjects:
        wrong = _missing(subject, sizes)
        if found is None or len(wrong) < len(found[1]):
            found = (subject, wrong)
    return found


def _missing(subject: Subject, sizes: Sequence[Size]) -> list[int]:
    """Places of a list that are no maps of a network in this order."""
    known = networks.shapes(subject.network) or ()
    maps = [(*shape[1:], shape[0]) for shape in known if len(shape) == 3]
    at, wrong = 0, []
    for place, size in enumerate(sizes):
        channels_last = [size]
        if len(size) == 3 and size[1] == size[2] != size[0]:
            channels_last.append((size[1], size[2], size[0]))
        following = next(
            (
                here
                for here in range(at, len(maps))
                if any(maps[here][: len(each)] == each for each in channels_last)
            ),
            None,
        )
        if following is None:
            wrong.append(place)
        else:
            at = following + 1
    return wrong


def _path(subject: Subject, *, sides: bool) -> list[str]:
    known = networks.shapes(subject.network) or ()
    maps = [(*shape[1:], shape[0]) for shape in known if len(shape) == 3]
    if sides:
        return [str(side) for side, _ in groupby(each[0] for each in maps)]
    return ["×".join(map(str, each)) for each, _ in groupby(maps)]


def _features(
    context: Context,
    sentence: Sentence,
    chain: Chain,
    named: tuple[Mention, ...],
    values: Size,
) -> Candidate | None:
    """Read what follows maps: "7×7×512 → 4096 → 4096 → 1000"."""
    reference = refer(context, sentence, sentence.index_of(chain.pieces[0]), named)
    if reference is None:
        return None
    readings = []
    for subject in reference.subjects:
        widths = networks.widths(subject.network)
        flat = networks.flat_size(subject.network)
        layers = f"tuple(each.out_features for each in used({_model(subject)}, nn.Linear))"
        how = f"{subject.name} goes on with {', '.join(map(str, widths))} features"
        readings.append(Reading(widths, how, layers))
        readings.append(Reading(widths[:-1], how, f"{layers}[:-1]"))
        if flat is not None:
            first = f"(used({_model(subject)}, nn.Linear)[0].in_features,)"
            readings.append(Reading((flat, *widths), how, f"{first} + {layers}"))
            readings.append(Reading((flat,), how, first))
            readings.append(Reading((flat, *widths[:-1]), how, f"{first} + {layers}[:-1]"))
    fitting = [
        each
        for each in readings
        if isinstance(each.value, tuple) and len(each.value) == len(values)
    ]
    if not fitting:
        return None
    candidate = Candidate(
        KIND,
        sentence.start,
        chain.pieces[-1].end,
        chain.pieces[0].start,
        values,
        distinct(fitting),
        subject=reference.subject.name,
        expected=context.passage.text[chain.pieces[0].start : chain.pieces[-1].end],
        used=tuple(each.start for each in chain.pieces),
        decisive=len(values) > LEAST - 1,
    )
    sure = reference.certain and reference.definite
    # One of a long list is another, and not the classes, which change with the data.
    slip = len(values) >= LEAST and any(
        sum(a != b for a, b in zip(values, each.value, strict=True)) == 1
        and values[-1] == each.value[-1]
        for each in fitting
        if isinstance(each.value, tuple)
    )
    sure = (sure or slip) and len(values) > 1
    return candidate if sure else if_true(candidate)


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'
