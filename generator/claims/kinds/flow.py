"""What an image becomes on its way through a network: "28×28×6 → 14×14×6 → 10×10×16", "224 → 112 → 56",
"7×7×512 → 4096 → 4096 → 1000", "227 → 11×11/4 → 55 → pool 3/2 → 27".

A list is true if the network makes these maps in this order; layers between them are left out. It is
false where most of it is the network's, from its first map on, and the rest is not. Lists that begin
with no map of the network are those of another input, or of another network.
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
from generator.claims.listing import squared
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.referring import Reference, refer
from generator.claims.scene import LARGEST_WINDOW, whole

KIND = "structure"

JOINTS = wordset("→ , and / - then to | into flatten fc give")
# What describes the layers between the maps of a list with arrows.
LAYERS = wordset(
    "conv pool stride pad layer relu max average valid same … ... [ ] - – / * x × s k p"
)
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

    @property
    def maps(self) -> list[Size]:
        """The sizes of the maps, each at least (height, width)."""
        return [each.size or (whole(each) or ()) * 2 for each in self.pieces]


def recognise(context: Context) -> Iterator[Candidate]:
    """Find lists of maps and steps between maps."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if len(sentence.pieces) > MAX_PIECES:
            continue
        if sentence.question or (context.subject is None and not named):
            continue
        inside = {at for each in named for at in range(each.first, each.last)}
        pieces = squared(context.passage.text, sentence)
        for chain in _Reader(pieces, inside).chains(0, len(pieces)):
            candidate = _judged(context, sentence, chain, named)
            if candidate is not None:
                yield candidate


# ------------------------------------------------------------------ chains


class _Reader:
    """The lists of a sentence's pieces; ``inside`` are the places of networks' names."""

    def __init__(self, pieces: Sequence[Piece], inside: set[int]) -> None:
        self.pieces, self.inside = pieces, inside
        self.gists = [each.gist for each in pieces]
        # Where arrows lead from side to side, a small size is the window of a layer.
        self.arrows = self.gists.count("→") > 1
        self.sided = (
            self.arrows
            and sum(
                each.sort is Sort.NUMBER and "→" in self.gists[max(0, at - 1) : at + 2]
                for at, each in enumerate(pieces)
            )
            > 1
        )

    def chains(self, first: int, last: int) -> Iterator[Chain]:
        """Give the lists between two pieces. A bracket explains an element and is left out; what stands
        in it may be a list of its own."""
        run: list[Piece] = []
        arrows = after = False
        at = first
        while at < last:
            piece = self.pieces[at]
            if self._counts(at) and run:
                # "224 → 112 → 56, then 9 modules"
                yield Chain(tuple(run), arrows, after)
                run, arrows, after = [], False, False
            elif self._element(at) and not self._of_layer(at):
                if run and run[-1].sort is Sort.SIZE and piece.sort is Sort.NUMBER:
                    yield Chain(tuple(run), arrows, after)
                    after, run = arrows, []
                elif run and piece.sort is not run[-1].sort and len(piece.size) < 3:
                    yield Chain(tuple(run), arrows, after)
                    after, run = False, []
                run.append(piece)
            elif piece.gist == "(":
                close = self._closing(at, last)
                yield from self.chains(at + 1, close)
                goes_on = close + 1 < last and (self.arrows or self.gists[close + 1] == "→")
                if not (run and goes_on):
                    yield Chain(tuple(run), arrows, after)
                    run, arrows, after = [], False, False
                at = close
            elif run and (piece.gist in LABELS or self._label(at) or self._layer(at)):
                pass
            elif piece.gist in JOINTS and run:
                arrows = arrows or piece.gist == "→"
            elif run or after:
                yield Chain(tuple(run), arrows, after)
                run, arrows, after = [], False, False
            at += 1
        yield Chain(tuple(run), arrows, after)

    def _element(self, at: int) -> bool:
        piece = self.pieces[at]
        listed = piece.sort in (Sort.NUMBER, Sort.SIZE) and at not in self.inside
        return bool(listed and not piece.numeral and piece.word != "tuple" and whole(piece))

    def _counts(self, at: int) -> bool:
        return self.pieces[at].sort is Sort.NUMBER and tuple(self.gists[at + 1 : at + 2]) in COUNTED

    def _layer(self, at: int) -> bool:
        """Whether a piece describes a layer between two maps."""
        piece = self.pieces[at]
        if not self.arrows:
            return False
        return piece.gist in LAYERS or piece.sort is Sort.EXPRESSION or self._of_layer(at)

    def _of_layer(self, at: int) -> bool:
        """Whether a number is a layer's window, stride or padding, or says how many layers come."""
        piece = self.pieces[at]
        if piece.numeral:
            return True  # "three 3×3"
        if not self.arrows or not self._element(at) or max(whole(piece) or (0,)) > LARGEST_WINDOW:
            return False
        before, behind = self.gists[at - 1 : at], self.gists[at + 1 : at + 2]
        if piece.sort is Sort.SIZE and len(piece.size) == 2 and self.sided:
            return True
        return bool(set(before) & WITHIN) or bool(set(behind) & (LAYERS | {"filters"}))

    def _label(self, at: int) -> bool:
        """Whether a word after an arrow or a comma is a layer's name: "→ C1 28×28×6"."""
        joined = at and self.gists[at - 1] in ("→", ",")
        return bool(joined) and _NAME.fullmatch(self.gists[at]) is not None

    def _closing(self, at: int, last: int) -> int:
        depth = 0
        for index in range(at, last):
            depth += {"(": 1, ")": -1}.get(self.gists[index], 0)
            if depth == 0:
                return index
        return last


WITHIN = wordset("/ stride pad conv pool * x × s k p")


# ------------------------------------------------------------------ verdicts


def _judged(
    context: Context, sentence: Sentence, chain: Chain, named: tuple[Mention, ...]
) -> Candidate | None:
    if not chain.pieces:
        return None
    if chain.pieces[0].sort is Sort.SIZE:
        sizes = chain.maps
        fits = len(sizes) >= LEAST and all(len(each) in (2, 3) for each in sizes)
        return _maps(context, sentence, chain, named) if fits else None
    values = [each[0] for each in chain.maps]
    if chain.after:
        return _features(context, sentence, chain, named, tuple(values))
    if len(values) < LEAST or not _falling(values) or values[0] < 20:
        return None
    begin = _index(sentence, chain.pieces[0])
    before = {each.gist for each in sentence.pieces[max(0, begin - 6) : begin]}
    if not (chain.arrows or before & SIZE_WORDS) or _counted(sentence, chain):
        return None
    return _maps(context, sentence, chain, named)


def _index(sentence: Sentence, piece: Piece) -> int:
    return next(at for at, each in enumerate(sentence.pieces) if each.start == piece.start)


def _falling(values: list[int]) -> bool:
    """Whether numbers never grow, or all but one of them do not."""
    rests = [values, *(values[:at] + values[at + 1 :] for at in range(len(values)))]
    return any(each == sorted(each, reverse=True) for each in rests)


def _counted(sentence: Sentence, chain: Chain) -> bool:
    """Whether a noun after a list says that it counts something else."""
    end = _index(sentence, chain.pieces[-1])
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
) -> Candidate | None:
    reference = refer(context, sentence, _index(sentence, chain.pieces[0]), named)
    if reference is None:
        return None
    best = _best(reference, chain.maps)
    if best is None:
        return None
    subject, sizes, wrong = best
    if not sizes:
        return None
    held = not wrong
    right = len(sizes) - len(wrong)
    open_family = not reference.definite and len(reference.subjects) < 2
    begun = chain.arrows and sizes[0][:2] == subject.network.input_shape[1:]
    few = right < (LEAST - 1 if begun else LEAST)
    foreign = 0 in wrong and (len(sizes) == LEAST or len(wrong) > 1)
    if not held and (open_family or few or 3 * len(wrong) > len(sizes) or foreign):
        return None
    piece = chain.pieces[wrong[0] if wrong else len(sizes) - 1]
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


def _best(
    reference: Reference, sizes: Sequence[Size]
) -> tuple[Subject, list[Size], list[int]] | None:
    """The network that makes most of the maps: (network, the maps with their channels last, the places
    of those that it does not make)."""
    found: tuple[Subject, list[Size], list[int]] | None = None
    for subject in reference.subjects:
        known = networks.shapes(subject.network) or ()
        maps = [(*shape[1:], shape[0]) for shape in known if len(shape) == 3]
        last = [_channels_last(each, maps) for each in sizes]
        wrong = _missing(maps, last)
        beyond = _beyond(subject, last, wrong)
        last, wrong = last[: len(last) - beyond], wrong[: len(wrong) - beyond]
        if found is None or len(wrong) < len(found[2]):
            found = (subject, last, wrong)
    return found


def _beyond(subject: Subject, sizes: Sequence[Size], wrong: Sequence[int]) -> int:
    """How many elements at a list's end are what follows the maps: "…, 10, 5, 1", "…, 5, 120, 84"."""
    follows = {1, networks.flat_size(subject.network), *networks.widths(subject.network)}
    count = 0
    while count < len(wrong) and wrong[-1 - count] == len(sizes) - 1 - count:
        size = sizes[-1 - count]
        flat = size[:2] == (1, 1) if len(size) > 2 else True
        if not flat or size[-1] not in follows:
            break
        count += 1
    return count


def _channels_last(size: Size, maps: Sequence[Size]) -> Size:
    """Read 6×28×28 as 28×28×6, where a map is as high, or no map is 6 high and 28 wide."""
    if len(size) < 3 or size[1] != size[2] or size[0] == size[1] or size in maps:
        return size
    return (size[1], size[2], size[0])


def _missing(maps: Sequence[Size], sizes: Sequence[Size]) -> list[int]:
    """Places of a list that are no maps of a network in this order: as few as possible."""
    # For each end of the list, how many of it come in order, by where the last of them is.
    best: list[list[int]] = [[0] * (len(maps) + 1)]
    for size in sizes:
        row = [0]
        for at, each in enumerate(maps):
            fits = each[: len(size)] == size
            row.append(max(row[-1], best[-1][at + 1], best[-1][at] + fits))
        best.append(row)
    wrong: list[int] = []
    at = len(maps)
    for place in range(len(sizes), 0, -1):
        while at and best[place][at] == best[place][at - 1]:
            at -= 1
        if best[place][at] == best[place - 1][at]:
            wrong.insert(0, place - 1)
        else:
            at -= 1
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
    reference = refer(context, sentence, _index(sentence, chain.pieces[0]), named)
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
