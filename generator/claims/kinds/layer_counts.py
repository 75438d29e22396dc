"""Lists of layers with their numbers of weights, where only the first says what is counted.

"A 3×3 has 36,864 weights, a 5×5 102,400", "depthwise 576 weights, the pointwise 64→128 has 8,192", "the
layer from 9216 to 4096 units holds 37.7M, the one from 4096 to 4096 16.8M": every number belongs to
what is described since the number before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, distinct, if_true
from generator.claims.context import Context
from generator.claims.kinds.parameters import (
    PER_CHANNEL,
    Target,
    bias_said,
    biases,
    channels_of,
    elements,
    make,
    otherwise,
)
from generator.claims.layers import (
    LARGEST,
    conv_parameters,
    linear_parameters,
    one_filter,
    separable_parameters,
)
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.scene import LARGEST_WINDOW, Role, Scene
from generator.claims.stack import count_of

# "a 200×200×3 image needs 120,000 weights for one neuron"; then "a smaller one (32×32×3) only 3072"
FOR_UNIT = pattern(
    r"<a:@> <*rgb gray input image volume map picture*>(?:[^\s#@%~.;]+ ){0,4}<n:#> <*parameter weight input "
    r"connections*>(?:for|in|into|of|at) (?:#\d+ |a |each |the |single )+<*hidden output fc first*>unit"
)
AS_WELL = pattern(
    r"<a:@> <*rgb gray input image volume map picture already : → = be that*>(?:#\d+ )?(?:(?:need|have|give|be|"
    r"would|→|only|just|even|already|:|=|,) )*<n:#>(?= ?$| [,;.)]| weight| parameter| and)"
)
# "the layer from 9216 to 4096 units holds 37.7M", "fc7 (4096 → 4096) 16.8M"
CONNECTED = pattern(
    r"(?:layer|#\d+|fc|fc\d|one|linear) (?:from |\( |: |with |of )*<a:#@> <*unit input*>(?:→|to|×|x) "
    r"<b:#> <*unit output \)*>(?:(?:have|need|be|hold|take|:|→|=|,|only|just|already|another|\)) )*<n:#>"
    r"(?= ?$| [,;.)(]| weight| parameter| and| but)"
)
LABELS = ("depthwise", "pointwise", "separable", "standard")
BEFORE = wordset(
    "have need use → : = size already only just even still be another ( about makes give gives with"
)
AFTER = wordset(
    "about see as that which because since when if [ note "
    ", ; . ) and but while whereas so weight parameter ( or (without respectively in each for"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find the counts of lists of layers."""
    yield from _per_unit(context)
    for number, sentence in enumerate(context.sentences):
        if sentence.question or not sentence.has("parameter", "weight") or sentence.has("not"):
            continue
        yield from _connected(context, number, sentence)
        if not sentence.has("conv", "filter", "filters", "channel", "pool"):
            yield from _perceptron(context, number, sentence)
        listed = _listed(context, number, sentence) or list(_clauses(context, number, sentence))
        # Several numbers of which none is right are no layers' counts.
        if len(listed) == 1 or any(if_true(each) for each in listed):
            yield from listed


# ------------------------------------------------------------------ convolutions


def _counted_after(sentence: Sentence, at: int) -> bool:
    """Whether a count in brackets follows, read with the number: "a 1×1 with 32 (2,048)"."""
    piece, following = sentence.pieces[at], sentence.pieces[at + 1 : at + 2]
    return bool(following) and following[0].start - piece.end > LONGEST_BLANK


LONGEST_BLANK = 3  # characters between two pieces with nothing but blanks and markup between them


def _listed(context: Context, number: int, sentence: Sentence) -> list[Candidate]:
    """Kernels paired with counts: "3×3, 5×5 and 7×7 have 9, 25 and 49 weights per channel"."""
    if sentence.has("dilation", "pool", *LABELS):
        return []
    known = context.scene
    sizes = [at for at, each in enumerate(sentence.pieces) if _square(each)]
    for numerals in (False, True):
        counts = [
            at
            for at, each in enumerate(sentence.pieces)
            if _open(known, sentence, each) and (numerals or not each.numeral)
        ]
        pairs = paired(sizes, counts)
        if len(pairs) > 1:
            break
    else:
        return []
    compared = sentence.has("instead", "against", "versus", "vs", "than", "compared")
    if compared or any(count_of(sentence, at) > 1 for at in sizes):
        return []
    flat = any(
        PER_CHANNEL.regex.match(" ".join(sentence.words_after(sentence.pieces[at], 6)))
        for _, at in pairs
    )
    found = []
    for size_at, at in pairs:
        kernel = sentence.pieces[size_at].size
        target = _target(sentence, number, at)
        if flat:
            readings, contested = [one_filter(kernel, 1, bias=False)], False
        else:
            readings, contested = _standard(known, target, kernel)
        candidate = _made(context, target, sentence, readings, contested=contested)
        if candidate is None:
            return []
        found.append(replace(candidate, used=(*candidate.used, *_starts(sentence, sizes))))
    return found


def _clauses(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    """Counts whose layer is described since the count before: its kernel, or its sort."""
    known = context.scene
    counts = [at for at, e in enumerate(sentence.pieces) if _counted(known, sentence, at, e)]
    for before, at in zip((-1, *counts), counts, strict=False):
        clause = range(before + 1, at)
        squares = [each for each in clause if _square(sentence.pieces[each])]
        label = next((e for e in LABELS if any(sentence.pieces[a].gist == e for a in clause)), "")
        if sentence.words_after(sentence.pieces[at], 1)[:1] in (("weight",), ("parameter",)):
            continue  # read with its noun
        if any(sentence.pieces[each].gist == "pool" for each in clause):
            continue
        if (not squares and label != "pointwise") or any(
            count_of(sentence, each) > 1 for each in squares
        ):
            continue
        kernel = sentence.pieces[squares[-1]].size if squares else (1, 1)
        target = _target(sentence, number, at)
        readings, contested = _labelled(known, target, kernel, label, clause)
        candidate = _made(context, target, sentence, readings, contested=contested)
        if candidate is not None:
            yield replace(
                candidate, used=(*candidate.used, *_starts(sentence, [*squares, *clause]))
            )


def _labelled(
    known: Scene, target: Target, kernel: tuple[int, ...], label: str, clause: range
) -> tuple[list[Reading], bool]:
    """The readings of a layer of one sort."""
    arrow = _arrow(known, target, clause)
    if label == "depthwise":
        channels, contested = channels_of(known, target, None)
        if channels is None:
            return [], contested
        return [
            conv_parameters(kernel, channels, channels, bias=bias, groups=channels)
            for bias in biases(target)
        ], contested
    if label == "pointwise":
        kernel = (1, 1)
    if arrow is None:
        readings, contested = _standard(known, target, kernel)
        return ([], contested) if label == "separable" else (readings, contested)
    count = separable_parameters if label == "separable" else conv_parameters
    return [count(kernel, *arrow, bias=bias) for bias in biases(target)], False


def _arrow(known: Scene, target: Target, clause: range) -> tuple[int, int] | None:
    """The channels of a clause, "64 → 128"."""
    pieces = known.sentences[target.sentence].pieces
    for at in clause:
        if pieces[at].gist in ("→", "to") and at - 1 in clause and at + 1 in clause:
            first, second = elements(pieces[at - 1]), elements(pieces[at + 1])
            if first and second and max(first, second) <= LARGEST:
                return first, second
    return None


def _standard(known: Scene, target: Target, kernel: tuple[int, ...]) -> tuple[list[Reading], bool]:
    filters, one = known.near(Role.FILTERS, target.sentence, target.index)
    channels, other = channels_of(known, target, None)
    if filters is None or channels is None or max(channels, filters.value[0]) > LARGEST:
        return [], False
    return [
        conv_parameters(kernel, channels, filters.value[0], bias=bias) for bias in biases(target)
    ], one or other


def _target(sentence: Sentence, number: int, at: int) -> Target:
    noun = "parameter" if sentence.has("parameter") else "weight"
    return Target(sentence.pieces[at], number, at, noun, bias_said(sentence, at))


def _made(
    context: Context,
    target: Target,
    sentence: Sentence,
    readings: Sequence[Reading],
    *,
    contested: bool,
) -> Candidate | None:
    if not readings or target.piece.quantity is None:
        return None
    # Nothing beside the number says what it counts.
    doubts = otherwise(context.scene, target, sentence, company=True)
    found = distinct([*readings, *doubts])
    return make(context.passage, target, sentence, found, affirm_only=contested)


def _starts(sentence: Sentence, places: Sequence[int]) -> tuple[int, ...]:
    return tuple(sentence.pieces[each].start for each in places)


def _square(piece: Piece) -> bool:
    return len(piece.size) == 2 and piece.size[0] == piece.size[1] <= LARGEST_WINDOW


def _open(known: Scene, sentence: Sentence, piece: Piece) -> bool:
    """Whether a number has no role: it may be a count."""
    if piece.sort is not Sort.NUMBER or known.role_of(piece) is not None:
        return False
    after = sentence.words_after(piece, 1)
    return not _counted_after(sentence, sentence.index_of(piece)) and not (
        after and after[0] in ("%", "x", "times", "bias", "percent", "layer", "channel", "of")
    )


def _counted(known: Scene, sentence: Sentence, at: int, piece: Piece) -> bool:
    """Whether a number stands where counts stand: after "has" or a colon, at the end of its clause."""
    if not _open(known, sentence, piece) or piece.numeral or piece.quantity is None:
        return False
    before = sentence.pieces[at - 1].gist if at else ""
    after = sentence.words_after(piece, 1)
    arrowed = before == "→" and at > 1 and sentence.pieces[at - 2].sort is Sort.NUMBER
    placed = before in BEFORE or (at > 0 and _square(sentence.pieces[at - 1]))
    return placed and not arrowed and (not after or after[0] in AFTER)


# ------------------------------------------------------------------ fully connected layers


def _perceptron(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    """Read "784 → 128 → 10 has 101,770 parameters": all layers of a chain together."""
    pieces = sentence.pieces
    chain: list[int] = []
    for at, piece in enumerate(pieces):
        joined = chain and "→" in [each.gist for each in pieces[chain[-1] + 1 : at]]
        if piece.sort in (Sort.NUMBER, Sort.SIZE) and (at + 1 < len(pieces)):
            arrow = "→" in [each.gist for each in pieces[at + 1 : at + 3]]
            if joined or (arrow and not chain):
                chain.append(at)
                if not arrow:
                    break
    sizes = [elements(pieces[at]) for at in chain]
    widths = [each for each in sizes if each]
    if len(widths) < 3 or len(widths) != len(sizes) or max(widths) > LARGEST:
        return
    for at, piece in enumerate(pieces):
        noun = sentence.words_after(piece, 1)[:1]
        if at <= chain[-1] or noun not in (("parameter",), ("weight",)) or not piece.quantity:
            continue
        target = _target(sentence, number, at)
        readings = []
        for bias in biases(target):
            value = sum(a * b + (b if bias else 0) for a, b in pairwise(widths))
            parts = [linear_parameters(a, b, bias=bias) for a, b in pairwise(widths)]
            how = " + ".join(each.how.split(" = ")[0] for each in parts) + f" = {value:,}"
            readings.append(Reading(Fraction(value), how, " + ".join(e.source for e in parts)))
        candidate = _made(context, target, sentence, readings, contested=False)
        if candidate is not None:
            yield replace(candidate, used=(*candidate.used, *_starts(sentence, chain)))


def _connected(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    """Fully connected layers by their numbers of units."""
    if sentence.has("conv", "filter", "filters", "channel"):
        return
    for found in sentence.find(CONNECTED):
        inputs, outputs = elements(found["a"]), elements(found["b"])
        if not inputs or not outputs or max(inputs, outputs) > 10**9 or found["n"].numeral:
            continue
        target = _target(sentence, number, sentence.index_of(found["n"]))
        readings = [linear_parameters(inputs, outputs, bias=bias) for bias in biases(target)]
        candidate = _made(context, target, sentence, readings, contested=False)
        if candidate is not None:
            used = (*candidate.used, found["a"].start, found["b"].start)
            yield replace(candidate, used=used)


def _per_unit(context: Context) -> Iterator[Candidate]:
    """Weights of one neuron for images of several sizes."""
    spoken = False
    for number, sentence in enumerate(context.sentences):
        pairs = [(each["a"], each["n"]) for each in sentence.find(FOR_UNIT)]
        spoken = spoken or bool(pairs)
        if spoken:
            pairs += [(each["a"], each["n"]) for each in sentence.find(AS_WELL)]
        for size, piece in {each[1].start: each for each in pairs}.values():
            inputs = elements(size)
            if inputs is None or piece.numeral or sentence.question or inputs > 10**9:
                continue
            target = Target(piece, number, sentence.index_of(piece), "weight", None)
            readings = tuple(linear_parameters(inputs, 1, bias=bias) for bias in (False, True))
            found = make(context.passage, target, sentence, readings)
            if found is not None:
                yield replace(found, used=(*found.used, size.start))
