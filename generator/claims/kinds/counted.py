"""Parameters, weights and biases of the layers that a statement describes.

A count is about the layers described since the count before it, or, where none are, about the same ones
again ("500 weights, or 520 numbers once its biases are in"). What else it may be of (one of several
layers, all of them, one filter) makes it true as well; it is false only if nothing of that agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.described.about import (
    Count,
    compared,
    counted,
    instead,
    open_beside,
    repeated,
)
from generator.claims.described.counts import (
    GATES,
    added,
    filter_count,
    inputs_of,
    layer_counts,
    one_bias,
)
from generator.claims.described.layer import Layer
from generator.claims.described.senses import Sense
from generator.claims.described.statement import Said
from generator.claims.expression import literal
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence
from generator.claims.quantity import Agreement, Quantity, agreement, show, with_noun
from generator.claims.referring import rebuilt
from generator.claims.wording import forms

KIND = "parameters"

COUNTS = (Sense.PARAMETERS, Sense.WEIGHTS, Sense.BIASES)
TOPIC = ("parameter", "weight", "bias", "numbers", "values", "entries", "learnable")
DENIED = wordset(
    "off aside ignored excluded false False free dropped omitted neglected not left disabled apart out away "
    "removed skipped discarded forgotten"
)
LEAVING = forms(
    "leave ignore drop skip omit neglect forget remove disregard exclude discard strip"
) | {"left"}
THINNED = forms("prune zero mask sparsify") | wordset("sparse sparsity")  # not all of them are left
HYPERPARAMETERS = (2, 3)  # of pooling: the window, the stride, the padding
EACH = wordset("each filter")
OF_OTHERS = wordset("of for with without in from at on when if that per a an as")
MOST_FLAT = 20  # more than so many windows' weights are those of a layer
CLAUSE_ENDS = (",", "or", "and", "but", ";", "while", ")", "(", "-", "–", "—")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find counts of described layers."""
    if not context.speaks_of(*TOPIC):
        return
    for count in counted(context.course, COUNTS):
        found = _candidate(count)
        if found is not None:
            yield found


def _candidate(count: Count) -> Candidate | None:
    sentence, mention = count.sentence, count.said.mention
    stated = mention.piece.quantity
    one = stated is not None and stated.value == 1
    bare_one = one and (mention.piece.numeral or mention.sense is Sense.BIASES)
    if stated is None or bare_one or compared(count):
        return None
    if _nothing_learnt(count, stated):
        none = Reading(Fraction(0), "a pooling layer has no weights", "parameters(nn.MaxPool2d(2))")
        return claiming(KIND, sentence, mention.piece, stated, (none,))
    if sentence.has("pool") and not sentence.has("conv", "filter", "filters", "fc", "unit"):
        return None  # a pooling window has no weights
    readings = [each for group in count.groups for each in _together(count, group)]
    expected = with_noun(stated.text, mention.sense.value)
    if not readings:
        reason = _missing(count)
        return claiming(
            KIND, sentence, mention.piece, stated, (), reason=reason, expected=expected
        ) if reason else None  # fmt: skip
    certain = count.sure and bool(_together(count, count.groups[0])) and _complete(count)
    contrasted, described = instead(count)
    certain = certain and not (rebuilt(sentence) and _of_rest(stated, readings))
    if contrasted and not described:
        certain = _replaced(count)
    certain = certain and not open_beside(count)
    certain = certain and not any(each.has(*THINNED) for each in count.read.sentences)
    if _flat(count.groups[0]) and not count.sentence.has("each"):
        readings += _deeper(count.groups[0], stated)
    readings += _sum(count)
    readings += [*_multiples(count, readings), *_repetitions(count, readings)]
    if sentence.words & EACH:
        readings += _single(count)
    used = {offset for group in count.groups for each in group for offset in each.used}
    used |= {e.mention.piece.start for e in (*count.read.maps(), *count.read.pairs())}
    layers = sum(each.sentence == count.said.sentence for each in count.read.layers)
    used |= {e.mention.piece.start for e in count.read.numbers if _beside(e, layers)}
    used |= {each.mention.piece.start for each in repeated(count)}
    return claiming(
        KIND,
        sentence,
        mention.piece,
        stated,
        distinct(readings),
        expected=expected,
        affirm_only=not certain,
        used=tuple(sorted(used)),
        decisive=certain and contrasted and described,
    )


def _of_rest(stated: Quantity, readings: Sequence[Reading]) -> bool:
    """Whether a number is far more than layers have: "replacing nn.Linear(512, 1000) leaves 11.2M"."""
    values = [each.value for each in readings if isinstance(each.value, Fraction)]
    return not stated.exact and stated.value > 2 * max(values)


def _replaced(count: Count) -> bool:
    """Whether "instead of" sets a number beside that of the same layer without its biases, or of the layer that
    stands in for it: "32 filters of 5×5×3 have 2,432 instead of 2,400", "nn.Linear(2048, 37) by …"."""
    read, sentence, place = count.read, count.sentence, count.said.place
    before = [e.mention for e in read.results() if (place[0], 0) <= e.place < place]
    stated = before[-1].piece.quantity if before else None
    behind = [each.gist for each in sentence.pieces[place[1] + 1 :] if each.gist not in TOPIC]
    biased = len(read.layers) == 1 and sentence.has("bias")
    coded = len(read.layers) == 2 and all(each.code for each in read.layers)
    if stated is None or not stated.exact or not (biased or coded) or set(behind[:1]) & OF_OTHERS:
        return False
    values = {
        reading.value
        for layer in read.layers
        for bias in (False, True)
        for reading in layer_counts(read, layer, Sense.PARAMETERS, place, bias=bias)
    }
    return stated.value in values


def _beside(said: Said, layers: int) -> bool:
    """Whether a number has no part in a count: an image's side, "three times that = 87,936", the number of
    layers that are named."""
    times = said.mention.sense is Sense.RATIO and said.mention.piece.numeral
    named = said.mention.sense is Sense.LAYERS and said.mention.values == (layers,)
    return times or named or said.mention.sense is Sense.SIDE


def _nothing_learnt(count: Count, stated: Quantity) -> bool:
    """Whether a count is one of a pooling layer, which has none: zero, or what is no number of its
    hyperparameters."""
    sentence = count.sentence
    around = any(each.has("pool") for each in count.read.sentences) and not count.groups
    if not (sentence.has("pool") or around):
        return False
    learnt = sentence.has("learn", "learns", "learned", "learnable", "trainable", "trained")
    few = stated.value < 10 and (learnt or stated.value not in HYPERPARAMETERS)
    return stated.value == 0 or (few and not sentence.has("conv", "fc", "filters"))


def _missing(count: Count) -> str:
    """Why a count of filters cannot be checked, if that is what it is."""
    if not count.groups or len(count.groups[0]) != 1:
        return ""
    layer = count.groups[0][0]
    filters = layer.kind == "conv" and layer.kernel is not None and layer.inflow is None
    return "how many channels a filter sees is not given here" if filters else ""


def _complete(count: Count) -> bool:
    """Whether all layers say how many channels they make, or one filter is spoken of."""
    place = count.said.place
    return all(
        each.outflow is not None
        or each.depth is not None
        or (each.count > 1 and each.inflow is not None)  # "two 3×3 layers on 256 channels"
        or (count.sentence.has("filter") and each.inflow is not None)
        or not inputs_of(count.read, each, place)
        for each in count.groups[0]
    )


def _flat(group: Sequence[Layer]) -> bool:
    """Whether nothing is said of a filter's depth."""
    return any(
        each.kind == "conv" and each.inflow is None and each.outflow is None for each in group
    )


def _deeper(group: Sequence[Layer], stated: Quantity) -> list[Reading]:
    """The count of filters over more channels, of which nothing is said: it only casts doubt."""
    how = "how many channels a filter sees is not given here"
    for layer in group:
        kernel = prod(layer.kernel) if layer.kernel is not None else 0
        for bias in (0, 1):
            channels = round((stated.value - bias) / kernel) if kernel else 0
            if channels > MOST_FLAT:
                return [Reading(stated.value, how, doubtful=True)]
            if (
                channels > 1
                and agreement(stated, Fraction(channels * kernel + bias)) is not Agreement.FALSE
            ):
                return [Reading(stated.value, how, doubtful=True)]
    return []


# ------------------------------------------------------------------ biases


def bias_said(count: Count) -> bool | None:
    """What the words around a count say of biases: up to the counts beside it."""
    said, sentence = count.said, count.sentence
    first = _clause_end(sentence, count.before[1]) if count.before[0] == said.sentence else 0
    last = len(sentence.pieces)
    if count.following[0] == said.sentence:
        last = min(count.following[1], _clause_end(sentence, said.mention.index))
    own = [each.gist for each in sentence.pieces[first:last]]
    for at, gist in enumerate(own):
        if gist != "bias" or at + first == said.mention.noun:
            continue
        near = own[max(0, at - 3) : at]
        leaving = {
            each.word.lower() for each in sentence.pieces[first + max(0, at - 3) : first + at]
        } & LEAVING
        behind_it = sentence.pieces[first + at + 1 : first + at + 4]
        after = {each.word for each in behind_it} | {each.gist for each in behind_it}
        behind = at + first > said.mention.index
        if behind and said.mention.sense is Sense.WEIGHTS and set(near) & {"plus", "and", "+"}:
            return False  # "75 weights plus one bias"
        return not ("without" in near or "not" in near or leaving or after & DENIED)
    return None


def _clause_end(sentence: Sentence, at: int) -> int:
    """Where the clause of a count ends that another one follows."""
    for index in range(at + 1, len(sentence.pieces)):
        if sentence.pieces[index].gist in CLAUSE_ENDS:
            return index
    return len(sentence.pieces)


def _conventions(count: Count, group: Sequence[Layer]) -> tuple[bool, ...]:
    """The readings of the bias: as said, else as the noun, the code or people have it."""
    said = bias_said(count)
    mention = count.said.mention
    if mention.sense is Sense.BIASES:
        return (True,)
    if said is not None:
        return (said,)
    if mention.sense is Sense.WEIGHTS and not (mention.noun < 0 and count.sentence.has("bias")):
        return (False,)
    if any(
        each.mention.sense is Sense.BIASES and each.mention.values == (1,)
        for each in count.read.numbers
        if each.sentence == count.said.sentence
    ):
        return (True,)  # "… weights + 1 bias per filter"
    if all(each.code for each in group):
        return tuple({bool(each.bias) for each in group})
    if _flat(group) and not count.sentence.has("bias"):
        return (False,)
    if any(each.kind in GATES for each in group):
        return (True,)
    return (False, True)


# ------------------------------------------------------------------ readings


def _together(count: Count, group: Sequence[Layer]) -> list[Reading]:
    """A group's count, in each convention of the bias; none if one of its layers is not known."""
    found = []
    single = bool(count.sentence.words & EACH)
    said = count.said
    for bias in _conventions(count, group):
        parts = [
            layer_counts(count.read, each, said.mention.sense, said.place, bias=bias, single=single)
            for each in group
        ]
        if not all(parts):
            return []
        repeated = [
            part[0] for part, each in zip(parts, group, strict=True) for _ in range(each.count)
        ]
        found.append(added(repeated))
        if len(group) > 1 and any(each.inherited for each in group):
            found.append(
                added([part[min(1, len(part) - 1)] for part in parts])
            )  # beside each other
        if len(group) == 1:
            found += parts[0]
        if len(group) == 1 and group[0].kind in GATES and bias and not group[0].code:
            found += one_bias(group[0], parts[0][0])
    return found


def _multiples(count: Count, found: Sequence[Reading]) -> list[Reading]:
    """The count of several equal layers: "the ten of them", "the pair"."""
    times = {
        int(each.quantity.value)
        for each in count.sentence.pieces
        if each.numeral and each.quantity is not None and 1 < each.quantity.value <= 20
        if each is not count.said.mention.piece
    }
    if count.sentence.has("pair", "both", "twice"):
        times.add(2)
    return [
        Reading(each.value * many, f"{many}·({each.how})", f"{many} * ({each.source})")
        for many in sorted(times)
        for each in found
        if isinstance(each.value, Fraction)
    ]


def _sum(count: Count) -> list[Reading]:
    """The sum of the counts before one that is said to be that."""
    values = [Fraction(value) for each in count.parts for value in each.mention.values]
    if not values:
        return []
    shown = " + ".join(show(each) for each in values)
    total = sum(values, Fraction())
    return [Reading(total, f"{shown} = {show(total)}", " + ".join(map(literal, values)))]


def _repetitions(count: Count, found: Sequence[Reading]) -> list[Reading]:
    """What a number said again casts doubt by: there may be as many layers, "for 10 users nn.Linear(84, 10)"."""
    times = {each.mention.values[0] for each in repeated(count)}
    return [
        Reading(each.value * many, f"{many}·({each.how})", doubtful=True)
        for many in sorted(times)
        for each in found
        if isinstance(each.value, Fraction)
    ]


def _single(count: Count) -> list[Reading]:
    """One filter's count: "each of the 16 filters has 75 weights"."""
    found = []
    for layer in dict.fromkeys(each for group in count.groups for each in group):
        if layer.kind != "conv":
            continue
        for inflow in inputs_of(count.read, layer, count.said.place):
            for bias in _conventions(count, (layer,)):
                reading = filter_count(layer, inflow, bias=bias)
                found += [reading] if reading is not None else []
    return found
