"""Recurrent cells beside each other: parameters of LSTM, GRU and RNN of one size, their ratio, and what a
bidirectional layer makes.

A count belongs to the cell named before it, or cells and counts go in one order; sizes are those that the
statement gives once. What is said of biases around a count decides between one vector a gate and two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.described.senses import Sense
from generator.claims.described.statement import states
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.proportions import LESS, MORE, TIMES, Proportion, proportions
from generator.claims.quantity import show

KIND = "parameters"

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
NAMES = {each + s: each for each in GATES for s in ("", "s", "'s")}
COUNTED = wordset("parameter weight")
# What makes a layer another one than the plain cell of its sizes.
OTHER = wordset(
    "bidirectional layers stack peephole coupled projection embedding softmax classifier fc minimal attention"
)
LEADING = (
    LESS
    | MORE
    | TIMES
    | wordset("as many much of the a an what that number trainable learnable its standard simple")
)
LEAST = 200  # a count without a noun
MARKS = wordset(", ; ) ( and with instead vs versus against for in but while whereas") | {""}
BOTH = wordset("bilstm bigru birnn bi-lstm bi-gru")
JOINED = wordset(
    "concatenation concatenated concat concatenation concatenating joined stacked glued"
)
MADE = wordset("values numbers features dimensions dims channel output wide dimensional entries")


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a statement: its sentence and its index there."""

    sentence: int
    index: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find counts, ratios and outputs of recurrent cells."""
    if not any(each.has(*NAMES, *BOTH) for each in context.sentences):
        return
    yield from _counts(context)
    for sentence in context.sentences:
        if sentence.question:
            continue
        yield from _ratios(sentence, equal=_equal(context, sentence))
        yield from _sets(sentence)
        yield from _both_ways(context, sentence)


# ------------------------------------------------------------------ counts


def _counts(context: Context) -> Iterator[Candidate]:
    sentences = context.sentences
    sizes = [_only(context, Sense.INPUTS), _only(context, Sense.UNITS)]
    if not all(sizes) or any(each.has(*OTHER) for each in sentences):
        return
    (inputs, first), (units, second) = (each for each in sizes if each is not None)
    cells = [
        Place(number, at)
        for number, sentence in enumerate(sentences)
        for at, piece in enumerate(sentence.pieces)
        if piece.gist in NAMES
    ]
    taken = {first, second}
    counts = [
        Place(number, at)
        for number, sentence in enumerate(sentences)
        for at in range(len(sentence.pieces))
        if sentence.pieces[at].start not in taken and _counted(sentence, at)
    ]
    if len(counts) < 2:
        return  # one count is a described layer's
    told = _of_all(sentences, cells, (first, second))
    for place, cell, sure in _owners(sentences, cells, counts):
        sure = sure and (told or place == counts[0])
        sentence = sentences[place.sentence]
        if not states(sentence, place.index):
            continue
        stated = sentence.pieces[place.index].quantity
        assert stated is not None
        biases = _biases(sentence, place, counts)
        readings = tuple(
            _count(cell, inputs, units, each, doubtful=each not in biases) for each in (1, 2, 0)
        )
        readings = tuple(sorted(readings, key=lambda each: each.doubtful))
        yield claiming(
            KIND, sentence, sentence.pieces[place.index], stated, readings,
            expected=f"{stated.text} parameters", affirm_only=not sure, decisive=sure,
            used=(first, second, *_biased(sentence)),
        )  # fmt: skip


def _of_all(sentences: Sequence[Sentence], cells: Sequence[Place], sizes: Sequence[int]) -> bool:
    """Whether the sizes are those of all cells: said before the first, behind the last, or "the same"."""
    starts = [sentences[each.sentence].pieces[each.index].start for each in cells]
    outside = all(each < min(starts) for each in sizes) or all(each > max(starts) for each in sizes)
    return bool(starts) and (outside or any(each.has("same", "equal") for each in sentences))


def _only(context: Context, sense: Sense) -> tuple[int, int] | None:
    """The one value that the statement gives in a sense, and where."""
    found = {
        each.mention.values[0]: each.mention.piece.start
        for each in context.course.numbers
        if each.mention.sense is sense and len(each.mention.values) == 1
    }
    return next(iter(found.items())) if len(found) == 1 else None


def _counted(sentence: Sentence, at: int) -> bool:
    piece = sentence.pieces[at]
    if piece.sort is not Sort.NUMBER or piece.quantity is None or piece.numeral:
        return False
    following = sentence.pieces[at + 1] if at + 1 < len(sentence.pieces) else None
    after = following.gist if following is not None else ""
    titled = following is not None and following.titled
    bare = (after in MARKS or titled) and piece.quantity.value >= LEAST
    return after in COUNTED or bare


def _owners(
    sentences: Sequence[Sentence], cells: Sequence[Place], counts: Sequence[Place]
) -> Iterator[tuple[Place, str, bool]]:
    """Each count with its cell, and whether the words leave no other."""

    def order(place: Place) -> int:
        return place.sentence * 1000 + place.index

    def name(place: Place) -> str:
        return NAMES[sentences[place.sentence].pieces[place.index].gist]

    pairs = paired([order(each) for each in cells], [order(each) for each in counts])
    if pairs:
        of = {value: cell for (_, value), cell in zip(pairs, cells, strict=True)}
        yield from ((each, name(of[order(each)]), True) for each in counts)
        return
    for each in counts:
        before = [cell for cell in cells if order(cell) < order(each)]
        if before:
            here = before[-1].sentence == each.sentence
            alone = len({name(cell) for cell in cells}) == 1
            yield each, name(before[-1]), here or alone


def _biases(sentence: Sentence, place: Place, counts: Sequence[Place]) -> tuple[int, ...]:
    """How many vectors of biases a gate has: as said around the count, else one or two."""
    others = [each.index for each in counts if each.sentence == place.sentence]
    last = min((each for each in others if each > place.index), default=len(sentence.pieces))
    first = max((each for each in others if each < place.index), default=-1)
    after, before = (
        sentence.pieces[place.index + 1 : last],
        sentence.pieces[first + 1 : place.index],
    )
    for part in (after, before):
        gists = [each.gist for each in part]
        words = {each.word.lower() for each in part}
        if "pytorch" in words or "pytorch's" in words:
            return (2,)
        if "bias" not in gists:
            continue
        at = gists.index("bias")
        if "without" in gists[:at]:
            return (0,)
        number = next((e.quantity for e in reversed(part[:at]) if e.quantity is not None), None)
        if number is not None and number.value in (1, 2):
            return (int(number.value),)
        if set(gists[:at]) & {"each", "a"}:
            return (1,)
    return (1, 2)


def _biased(sentence: Sentence) -> Iterator[int]:
    """The small numbers of a sentence that speaks of biases."""
    for piece in sentence.pieces if sentence.has("bias") else ():
        if piece.numeral:
            yield piece.start


def _count(cell: str, inputs: int, units: int, biases: int, *, doubtful: bool) -> Reading:
    gates = GATES[cell]
    value = gates * (units * (inputs + units) + biases * units)
    shift = f" + {biases}·{units}" if biases else ""
    how = f"{gates}·({units}·({inputs} + {units}){shift}) = {value:,}"
    layer = f'nn.{cell.upper()}({inputs}, {units}, bias={biases > 0}, device="meta")'
    less = f" - {gates * units}" if biases == 1 else ""
    return Reading(Fraction(value), how, f"parameters({layer}){less}", doubtful=doubtful)


# ------------------------------------------------------------------ one cell beside another


def _pair(sentence: Sentence) -> tuple[str, str] | None:
    """The two cells that a sentence compares: what it speaks of, and what that is compared with."""
    places = [at for at, each in enumerate(sentence.pieces) if each.gist in NAMES]
    named = [NAMES[sentence.pieces[at].gist] for at in places]
    if len(named) != 2 or named[0] == named[1] or sentence.has(*(OTHER - {"layers"})):
        return None
    before = [each.gist for each in sentence.pieces[: places[0]]]
    turned = {"compared", "than", "against", "versus", "relative"} & set(before)
    return (named[1], named[0]) if turned else (named[0], named[1])


def _ratios(sentence: Sentence, *, equal: bool) -> Iterator[Candidate]:
    """ "A GRU has three quarters of an LSTM's parameters", "25 % fewer"."""
    pair = _pair(sentence)
    if pair is None or not sentence.has(*COUNTED) or sentence.has("not", "never"):
        return
    one, other = pair
    ratio = Fraction(GATES[one], GATES[other])
    layers = tuple(f'parameters(nn.{each.upper()}(8, 16, device="meta"))' for each in pair)
    how = f"{GATES[one]} sets of weights against {GATES[other]}"
    for each in proportions(sentence):
        if not states(sentence, each.index):
            continue
        source = each.source(f"Fraction({layers[0]}, {layers[1]})")
        value = each.of(ratio)
        reading = Reading(value, f"{how}: {show(value)}", source)
        found = _ratio(sentence, each, reading, equal=equal)
        if found is not None:
            yield found


def _equal(context: Context, sentence: Sentence) -> bool:
    """Whether nothing tells the sizes of two cells apart."""
    if not sentence.has("unit", "hidden", "layer", "two-layer") or sentence.has("same"):
        return True
    sizes = [_only(context, Sense.INPUTS), _only(context, Sense.UNITS)]
    places = [each.start for each in sentence.pieces if each.gist in NAMES]
    known = [place for each in sizes if each is not None for place in each[1:]]
    return (
        len(known) == 2 and bool(places) and (min(known) > max(places) or max(known) < min(places))
    )


def _ratio(
    sentence: Sentence, each: Proportion, reading: Reading, *, equal: bool
) -> Candidate | None:
    found = claiming(
        "share", sentence, each.piece, each.quantity, (reading,), expected=each.quantity.text
    )
    if not equal:
        return None
    return found if _of_parameters(sentence, each) else if_true(found)


def _of_parameters(sentence: Sentence, each: Proportion) -> bool:
    """Whether the words lead from a proportion straight to "parameters"."""
    for piece in sentence.pieces[each.index + 1 :]:
        if piece.gist in COUNTED:
            return True
        if piece.gist not in LEADING and piece.gist not in NAMES:
            return False
    return False


SETS = wordset("sets set copies")


def _sets(sentence: Sentence) -> Iterator[Candidate]:
    """ "It holds three sets of weights instead of four"."""
    pair = _pair(sentence)
    pieces = sentence.pieces
    places = [
        at
        for at, each in enumerate(pieces[:-1])
        if each.quantity is not None and pieces[at + 1].gist in SETS
    ]
    if pair is None or len(places) != 1 or not sentence.has("weight", "parameter", "matrices"):
        return
    stated = [places[0]]
    for at in range(places[0] + 1, len(pieces)):
        opposed = {each.gist for each in pieces[max(0, at - 2) : at]} & {
            "instead",
            "against",
            "than",
        }
        if pieces[at].quantity is not None and opposed:
            stated.append(at)
    for cell, at in zip(pair, stated, strict=False):
        number = pieces[at].quantity
        assert number is not None
        source = f'nn.{cell.upper()}(8, 16, device="meta").weight_ih_l0.shape[0] // 16'
        reading = Reading(Fraction(GATES[cell]), f"{cell} has {GATES[cell]} of them", source)
        yield claiming(KIND, sentence, pieces[at], number, (reading,))


# ------------------------------------------------------------------ both directions


def _both_ways(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "A bidirectional LSTM with 128 units gives 256 values once its directions are concatenated"."""
    words = {each.word.lower() for each in sentence.pieces}
    units = _only(context, Sense.UNITS)
    turned = sentence.has("bidirectional", *BOTH)
    if units is None or not turned or not words & JOINED or sentence.has(*COUNTED):
        return
    width, place = units
    for at, piece in enumerate(sentence.pieces):
        if piece.start == place or piece.quantity is None or piece.numeral:
            continue
        if not _made(sentence.pieces, at) or not states(sentence, at):
            continue
        source = (
            f"nn.LSTM(4, {width}, bidirectional=True, batch_first=True)"
            "(torch.zeros(1, 3, 4))[0].shape[-1]"
        )
        reading = Reading(Fraction(2 * width), f"2·{width} = {2 * width}", source)
        yield replace(
            claiming("sequence shape", sentence, piece, piece.quantity, (reading,), used=(place,)),
            decisive=True,
        )


def _made(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number counts what comes out of a layer."""
    return bool({each.gist for each in pieces[at + 1 : at + 3]} & MADE)
