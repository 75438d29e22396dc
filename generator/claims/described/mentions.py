"""The numbers of a sentence by what they count: "32 filters", "stride 2", "896 learnable numbers".

A number is told by the noun after it, across any adjectives, else by the label before it. Only the
closed classes of words are listed here (prepositions, conjunctions, verbs): whatever else stands
between a number and its noun is an adjective.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from generator.claims.calls import calls
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

LARGEST_KERNEL = 11


class Sense(StrEnum):
    """What a number or a size says."""

    KERNEL = "kernel"
    FILTERS = "filters"
    INPUTS = "input channels"
    OUTPUTS = "output channels"
    CHANNELS = "channels"
    UNITS = "units"
    STRIDE = "stride"
    PAD = "pad"
    DILATION = "dilation"
    GROUPS = "groups"
    LAYERS = "layers"
    BATCH = "batch"
    ROWS = "rows"
    WIDTH = "width"
    MAP = "map"
    SIDE = "side"
    PARAMETERS = "parameters"
    WEIGHTS = "weights"
    BIASES = "biases"
    PRODUCTS = "multiplications"
    FLOPS = "flops"
    VALUES = "values"
    BYTES = "bytes"
    FIELD = "receptive field"
    TABLE = "table"
    RATIO = "ratio"
    CODE = "code"
    OTHER = "other"


RESULTS = frozenset(
    (Sense.PARAMETERS, Sense.WEIGHTS, Sense.BIASES, Sense.PRODUCTS, Sense.FLOPS, Sense.VALUES)
)

# Words that end a noun phrase: whatever else stands before a noun describes it.
CLOSED = wordset(
    "of in on at to from with without by for over into onto through per as than then so and or but if "
    "when while which that this these those it its they is be have give need use can may will would a an "
    "the each all both after before behind followed leads maps map's where whereas because since only "
    "just still not no plus minus between under above across against via until there here once also "
    "too more fewer less another other own make take add adds stay stays keep keeps "
    "becomes goes go comes come brings bring turns turn leaves reduces reduce shrinks shrink drops drop "
    "learns learn trains train lessthan morethan about whose what how per"
)
# Nouns of numbers, by sense; the last one in a noun phrase counts.
NOUNS: dict[str, Sense] = {
    **dict.fromkeys(("parameter", "learnables"), Sense.PARAMETERS),
    "weight": Sense.WEIGHTS,
    "taps": Sense.WEIGHTS,
    "bias": Sense.BIASES,
    **dict.fromkeys(("mult", "mac", "operation", "products"), Sense.PRODUCTS),
    "flop": Sense.FLOPS,
    **dict.fromkeys(
        (
            "number", "numbers", "value", "values", "float", "floats", "element", "elements",
            "entry", "entries", "activation", "activations", "scalar", "scalars", "score",
            "scores", "logits", "features-values", "cells",
        ),
        Sense.VALUES,
    ),
    **dict.fromkeys(
        ("byte", "bytes", "kb", "mb", "gb", "kib", "mib", "gib", "kilobytes", "megabytes",
         "gigabytes", "kilobyte", "megabyte", "gigabyte"),
        Sense.BYTES,
    ),
    **dict.fromkeys(("filter", "filters", "detectors"), Sense.FILTERS),
    **dict.fromkeys(("channel", "fmap", "plane", "planes"), Sense.CHANNELS),
    **dict.fromkeys(("unit", "node", "nodes"), Sense.UNITS),
    **dict.fromkeys(("px", "pixel", "pixels", "wide", "high", "tall"), Sense.SIDE),
    **dict.fromkeys(("group", "groups"), Sense.GROUPS),
    **dict.fromkeys(("layer", "conv", "pool", "fc", "bottlenecks", "convs"), Sense.LAYERS),
    **dict.fromkeys(
        ("word", "words", "token", "tokens", "entries-of", "symbols", "characters", "subwords",
         "positions", "vocabulary", "vocab", "places"),
        Sense.ROWS,
    ),
    **dict.fromkeys(("dimension", "dimensions", "dims", "dim", "columns", "d"), Sense.WIDTH),
    **dict.fromkeys(("times", "x", "percent", "%", "fold"), Sense.RATIO),
    "pad": Sense.PAD,
    "stride": Sense.STRIDE,
}  # fmt: skip
LEARNED = wordset("learnable learned learn learns train trains trained trainable free tunable")
INCOMING = wordset("input in incoming")
OUTGOING = wordset("output out outgoing")
# Labels before a number.
LABELS: dict[str, Sense] = {
    "stride": Sense.STRIDE,
    **dict.fromkeys(("pad", "padding"), Sense.PAD),
    "dilation": Sense.DILATION,
    **dict.fromkeys(("filter", "kernel_size", "ksize", "window", "kernel-size"), Sense.KERNEL),
    **dict.fromkeys(("groups", "group"), Sense.GROUPS),
    **dict.fromkeys(("in_channels", "c_in"), Sense.INPUTS),
    **dict.fromkeys(("out_channels", "c_out"), Sense.OUTPUTS),
    "filters": Sense.FILTERS,
    "side": Sense.SIDE,
    **dict.fromkeys(("vocabulary", "vocab"), Sense.ROWS),
    **dict.fromkeys(("dimension", "dimensions", "dim", "dims", "width"), Sense.WIDTH),
    **dict.fromkeys(("input", "inputs"), Sense.INPUTS),
    "hidden": Sense.UNITS,
    "batch": Sense.BATCH,
    "parameter": Sense.PARAMETERS,
    "weight": Sense.WEIGHTS,
}
# Letters with a usual meaning.
LETTERS: dict[str, Sense] = {
    **dict.fromkeys(("f", "k"), Sense.KERNEL),
    "s": Sense.STRIDE,
    "p": Sense.PAD,
    "d": Sense.DILATION,
    **dict.fromkeys(("n", "w", "h", "n_h", "n_w"), Sense.SIDE),
    **dict.fromkeys(("n_x", "n_in", "d_in", "input_size"), Sense.INPUTS),
    **dict.fromkeys(("n_a", "n_h", "d_h", "hidden_size", "n_hidden"), Sense.UNITS),
}
LINKS = wordset(
    "doubling doubled from of = : be a an the about size rate to with factor window side length"
)
LOOSE = wordset("with a an the to be")
MAP_NOUNS = wordset(
    "image input map maps fmap volume output grid frame frames activation activations crop crops "
    "feature features pixel pixels px patch tensor field resolution picture"
)
WINDOW_NOUNS = wordset(
    "filter filters conv window windows kernel-size depthwise pointwise mask stencil"
)
GLUED = wordset("stride pad dilation")
SPREAD = wordset(
    "acts act behaves behave effective spans span stretches stretch covers cover sees see seen reaches "
    "reach look looks view views rf"
)
POOL_NOUNS = wordset("pool")
# What may stand between a window and the word for one before it.
ASIDE = wordset("( , layer each with shape that which have them in")
TABLES = ("embedding", "embeddings", "lookup", "table")
# Words after which a map stands, and no window.
TURNING = wordset(
    "give → to into becomes become leaves stays stay remains remain turns turn need map maps doubles "
    "double halves reduces reduce brings bring feeding feed from on over onto down output shrinks "
    "shrink takes take"
)
THEM = wordset("the these those its them which")


@dataclass(frozen=True, slots=True)
class Mention:
    """A number or size of a sentence, by its index; ``noun`` is the index of what names it, or -1."""

    index: int
    piece: Piece
    sense: Sense
    noun: int = -1

    @property
    def values(self) -> tuple[int, ...]:
        """Its whole numbers; none where it has a fraction."""
        if self.piece.size:
            return self.piece.size
        quantity = self.piece.quantity
        if quantity is None or quantity.value.denominator != 1 or quantity.upper is not None:
            return ()
        return (int(quantity.value),)


def mentions(sentence: Sentence) -> tuple[Mention, ...]:
    """Give the numbers and sizes of a sentence with their senses, in order."""
    coded = {at for call in calls(sentence) for at in range(call.first, call.last)}
    found = []
    for at, piece in enumerate(sentence.pieces):
        if piece.sort not in (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION):
            continue
        if at in coded:
            found.append(Mention(at, piece, Sense.CODE))
        elif piece.sort is Sort.SIZE:
            found.append(_size(sentence, at))
        else:
            found.append(_number(sentence, at))
    return tuple(_alike(sentence, found))


def phrase_after(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """The words of the noun phrase that goes on behind a number."""
    start = at + 1
    if start + 1 < len(pieces) and pieces[start].gist == "of" and pieces[start + 1].gist in THEM:
        start += 2
    if start + 1 < len(pieces) and _labels(pieces, start):
        start += 2  # "three stride-2 convolutions"
    for index in range(start, min(len(pieces), start + 5)):
        piece = pieces[index]
        if piece.sort is not Sort.WORD or piece.gist in CLOSED:
            if piece.sort is Sort.MARK and piece.gist in ("x", "%") and index == start:
                yield index
            return
        yield index


def _bound(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What a letter is given a value for: "f=3, s=2"; letters of another meaning are ``CODE``."""
    if at < 2 or pieces[at - 1].gist not in ("=", ":"):
        return None
    name = pieces[at - 2].expression
    if not isinstance(name, Name):
        return None
    following = {pieces[index].gist for index in phrase_after(pieces, at)}
    if following & (NOUNS.keys() | {"features"}):
        return None  # "over d = 768 features"
    if name.name == "d" and any(each.gist in (*TABLES, "vocab", "vocabulary") for each in pieces):
        return Sense.WIDTH
    sense = LETTERS.get(name.name.lower(), Sense.CODE)
    quantity = pieces[at].quantity
    small = quantity is not None and quantity.value <= LARGEST_KERNEL
    return Sense.CODE if sense is Sense.KERNEL and not small else sense


def _number(sentence: Sentence, at: int) -> Mention:
    pieces = sentence.pieces
    piece = pieces[at]
    bound = _bound(pieces, at)
    if bound is not None:
        return Mention(at, piece, bound, at - 2)
    if piece.numeral and pieces[at + 1 : at + 2] and pieces[at + 1].gist == "pad":
        return Mention(at, piece, Sense.CODE)  # "zero padding"
    if at > 1 and pieces[at - 1].gist == "/" and pieces[at - 2].size:
        return Mention(at, piece, Sense.STRIDE, at - 1)  # "3×3/2"
    if _flattened(pieces, at):
        return Mention(at, piece, Sense.VALUES)
    if at > 1 and pieces[at - 1].gist == "by" and any(e.gist in DILATING for e in pieces[:at]):
        return Mention(at, piece, Sense.DILATION, at - 1)
    if _hops(pieces, at):
        return Mention(at, piece, Sense.STRIDE, at - 1)
    if pieces[at + 1 : at + 2] and pieces[at + 1].gist == "tap":
        return Mention(at, piece, Sense.KERNEL, at + 1)  # "a 3-tap kernel"
    phrase = list(phrase_after(pieces, at))
    named = [index for index in phrase if pieces[index].gist in NOUNS]
    noun = _head(pieces, named)
    sense = NOUNS[pieces[noun].gist] if named else Sense.OTHER
    label = _label(pieces, at)
    if label >= 0 and pieces[label].gist in GLUED:
        weak = sense in (Sense.OTHER, Sense.SIDE, Sense.LAYERS)
        if weak or (label == at - 1 and sense not in RESULTS):
            return Mention(at, piece, LABELS[pieces[label].gist], label)
    many = piece.numeral and any(e.sort is Sort.SIZE for e in pieces[at + 1 : at + 4])
    seen = (Sense.OTHER, Sense.SIDE, Sense.VALUES, Sense.ROWS)
    if sense in seen and not many and _sees(pieces, at):
        return Mention(at, piece, Sense.FIELD, noun)
    if _padding(pieces, at, sense):
        return Mention(at, piece, Sense.PAD, noun)
    if named:
        return Mention(at, piece, _told(pieces, at, phrase, noun, sense), noun)
    return _unnamed(sentence, at, phrase, label)


def _padding(pieces: Sequence[Piece], at: int, sense: Sense) -> bool:
    """Whether a number says how far something is padded: "one pixel of padding", "two rows of zeros",
    "padding a 6×6 image by 1", "padded with one pixel"."""
    if sense not in (Sense.SIDE, Sense.OTHER, Sense.ROWS, Sense.WIDTH, Sense.VALUES):
        return False
    before = [each.gist for each in pieces[max(0, at - 10) : at]]
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    if set(after) & ZEROS and not set(after[:-1]) & CLOSED - {"of"}:
        return True
    if (sense is Sense.SIDE and after[1:2] == ["pad"]) or after[1:3] == ["of", "pad"]:
        return True
    if {"border", "rim", "frame", "margin"} & set(before[-3:]) and before[-1] == "of":
        return True
    verbs = [k for k, each in enumerate(before) if each == "pad"]
    if not verbs or before[-1] not in ("by", "with"):
        return False
    between = before[verbs[-1] + 1 : -1]
    return not {"by", "with", ",", ";"} & set(between) and (
        sense is Sense.OTHER or (sense is Sense.SIDE and after[:1] != [])
    )


ZEROS = wordset("zero zeros zeroes")


def _head(pieces: Sequence[Piece], named: Sequence[int]) -> int:
    """The noun that counts in a noun phrase: the last, unless it says "times" at once."""
    if not named:
        return -1
    return named[0] if pieces[named[0]].gist in ("x", "%", "times") else named[-1]


def _told(
    pieces: Sequence[Piece], at: int, phrase: Sequence[int], noun: int, sense: Sense
) -> Sense:
    """A noun's sense with what the words around it say: learnt numbers, channels that come in."""
    words = {pieces[index].gist for index in phrase}
    before = {each.gist for each in pieces[max(0, at - 2) : at]}
    before |= {each.word.lower() for each in pieces[max(0, at - 2) : at]}
    if sense is Sense.VALUES and (words | before) & LEARNED:
        return Sense.PARAMETERS
    if sense is Sense.CHANNELS:
        over = before & {"over", "on", "across"} and "and" not in before
        return Sense.INPUTS if over else _side(words, pieces, noun)
    return sense


def _unnamed(sentence: Sentence, at: int, phrase: Sequence[int], label: int) -> Mention:
    """A number without a noun of its own."""
    pieces = sentence.pieces
    piece = pieces[at]
    following = [each.gist for each in pieces[at + 1 : at + 3]]
    them = following in (["of", "them"], ["of", "those"], ["of", "these"])
    counted = {each.gist for each in pieces[max(0, at - 3) : at]} & {"have", "need", "be"}
    if them and not counted and sentence.has("filter", "filters"):
        return Mention(at, piece, Sense.FILTERS, at + 2)
    if following[:1] == ["out"]:
        return Mention(at, piece, Sense.OUTPUTS, at + 1)
    ends = len(following) < 2 or following[1] in (",", "and", "→", ")", "-")
    if following[:1] == ["in"] and ends:
        return Mention(at, piece, Sense.INPUTS, at + 1)
    for index in phrase:
        if pieces[index].gist in ("input", "features"):
            return Mention(at, piece, Sense.INPUTS, index)
        if pieces[index].gist in ("output", "class", "hidden"):
            return Mention(at, piece, Sense.UNITS, index)
    if label >= 0:
        long = {each.gist for each in pieces[label + 1 : at]} & {"length", "size", "side"}
        window = pieces[label].gist == "filters" and long  # "32 filters of length 5"
        return Mention(at, piece, Sense.KERNEL if window else LABELS[pieces[label].gist], label)
    return Mention(at, piece, Sense.OTHER)


def _flattened(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is what a map is flattened to: "flatten: 1,960", "a vector of 1,960"."""
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    quantity = pieces[at].quantity
    if not before or pieces[at].sort is not Sort.NUMBER or quantity is None or quantity.value < 10:
        return False
    vector = "vector" in before and before[-1] in ("of", "with", "length")
    flat = FLATTENING & {each.gist for each in pieces[max(0, at - 10) : at]}
    led = before[-1] in (":", "→", "to", "into", "give", "=")
    channels = {each.gist for each in pieces[at + 1 : at + 3]} & COUNTED
    return vector or (bool(flat) and led and not channels)


COUNTED = wordset("channel unit class parameter weight mult mac")
FLATTENING = wordset("flatten flattens flattened flattening unroll unrolls unrolled unrolling")
DILATING = wordset("dilating dilate dilates dilated")
HOPS = wordset(
    "hop hops hopping move moves moving moved jump jumps jumping slides sliding shifts shifting"
)


def _hops(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number says how far a window goes at a time: "hopping by 4", "moves 2 pixels"."""
    before = [each.gist for each in pieces[max(0, at - 2) : at]]
    return bool(before) and (before[-1] in HOPS or (before[-1] == "by" and before[0] in HOPS))


def _labels(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a noun is the label of a number behind it: "three stride-2 convolutions"."""
    following = pieces[at + 1 : at + 2]
    return pieces[at].gist in ("stride", "pad") and bool(following) and following[0].gist[0] == "#"


def _side(words: set[str], pieces: Sequence[Piece], noun: int) -> Sense:
    """Whether channels come in or go out."""
    after = {each.gist for each in pieces[noun + 1 : noun + 2]}
    if words & INCOMING or after & {"in", "input"}:
        beyond = {each.gist for each in pieces[noun + 2 : noun + 4]}
        return Sense.CHANNELS if beyond & OUTGOING and "and" in beyond else Sense.INPUTS
    if words & OUTGOING or after & {"out"}:
        return Sense.OUTPUTS
    return Sense.CHANNELS


def _label(pieces: Sequence[Piece], at: int) -> int:
    """The index of the label before a number, or -1: "padding of 2", "kernel 4"."""
    for back in range(at - 1, max(-1, at - 5), -1):
        piece = pieces[back]
        if piece.gist in LABELS and piece.sort is Sort.WORD:
            between = {each.gist for each in pieces[back + 1 : at]}
            if piece.gist in ("input", "inputs", "hidden", "filters") and between & LOOSE:
                return -1  # "an input with five 3×3 filters"
            denied = back > 0 and pieces[back - 1].gist in ("without", "same")
            return -1 if denied else back
        if piece.gist not in LINKS:
            return -1
    return -1


def _size(sentence: Sentence, at: int) -> Mention:
    pieces = sentence.pieces
    piece = pieces[at]
    phrase = list(phrase_after(pieces, at))
    words = {pieces[index].gist for index in phrase}
    last = phrase[-1] if phrase else -1
    small = len(piece.size) in (2, 3) and max(piece.size[:2]) <= LARGEST_KERNEL
    if len(piece.size) == 4:
        return Mention(at, piece, Sense.MAP)
    worked_out = at + 1 < len(pieces) and pieces[at + 1].gist in ("=", "≈")
    if len(piece.size) == 2 and not worked_out and _sees(pieces, at):
        return Mention(at, piece, Sense.FIELD)
    if words & MAP_NOUNS and not words & WINDOW_NOUNS:
        return Mention(at, piece, Sense.MAP, last)
    written = len(piece.size) == 3 and "weight" in words  # "3×3×256 weights per filter"
    if written and min(piece.size) <= LARGEST_KERNEL:
        return Mention(at, piece, Sense.KERNEL, last)
    windows = WINDOW_NOUNS | POOL_NOUNS | {"layer"}
    noun = next((index for index in phrase if pieces[index].gist in windows), -1)
    if small and noun >= 0:
        return Mention(at, piece, Sense.KERNEL, noun)
    convolved = _convolved(pieces, at)
    if convolved is not None:
        return Mention(at, piece, convolved)
    label = _said_before(pieces, at)
    if len(piece.size) == 3 and _goes_on(pieces, at) and _window_behind(pieces, at):
        return Mention(at, piece, Sense.MAP)
    if label is Sense.KERNEL and small:
        return Mention(at, piece, Sense.KERNEL, at - 1)
    if label is Sense.MAP:
        return Mention(at, piece, Sense.MAP)
    if len(piece.size) == 2 and (sentence.has(*TABLES) or "fc" in words):
        return Mention(at, piece, Sense.TABLE)
    flat = len(piece.size) == 2 and small and not _goes_on(pieces, at)
    return Mention(at, piece, Sense.KERNEL if flat else Sense.MAP)


def _sees(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number stands behind a word for seeing: "look at a 7×7 patch", "covers 9 pixels", or is
    what a receptive field is said to be: "the receptive field after the first 3×3 is 3"."""
    before = [each.gist for each in pieces[:at]]
    if before[-1:] in (["be"], ["="], ["→"]) and "rf" in before and before.count("be") <= 1:
        return True
    for back in range(at - 1, max(-1, at - 7), -1):
        piece = pieces[back]
        if piece.gist in SPREAD:
            return True
        product = piece.sort is Sort.SIZE and pieces[back + 1].gist in ("=", "≈")
        stops = piece.gist[0] in "#@%~" and not product
        if stops or piece.gist in (",", ";", ".", ")", "than", "with", "after"):
            return False
    return False


def _said_before(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What the words before a size make of it: "filters of size 3×3", "an image of 6×6", "into 28×28"."""
    for back in range(at - 1, max(-1, at - 7), -1):
        gist = pieces[back].gist
        if gist in WINDOW_NOUNS or gist in POOL_NOUNS:
            said = back > 0 and pieces[back - 1].sort is Sort.SIZE and back == at - 1
            return Sense.MAP if said else Sense.KERNEL  # "after the 3×3 convolution 6×6"
        if gist in MAP_NOUNS or gist in TURNING:
            earlier = {each.gist for each in pieces[max(0, back - 4) : back]}
            spread = gist == "on" and "dilation" in earlier
            return Sense.KERNEL if spread else Sense.MAP  # "dilation 2 on a 3×3"
        if gist not in LINKS and gist not in ASIDE:
            return None
    return None


def _convolved(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What a size is in the notation of a convolution: "6×6×3 ∗ 3×3×3 = 4×4"."""
    sizes = [index for index, piece in enumerate(pieces) if piece.sort is Sort.SIZE]
    for one, other in pairwise(sizes):
        between = [each.gist for each in pieces[one + 1 : other]]
        starred = [gist for gist in between if gist in ("x", "*")]
        if len(starred) != 1 or len(between) > 5 or {"=", "→", "+", ","} & set(between):
            continue
        result = next((each for each in sizes if each > other), -1)
        links = {each.gist for each in pieces[other + 1 : max(result, other + 1)]}
        if result < 0 or not links & {"=", "→", "give", "be"}:
            continue
        if at == other:
            return Sense.KERNEL
        if at in (one, result):
            return Sense.MAP
    return None


def _window_behind(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a sentence names its window later: "conv 6×6×3 → 4×4×5 with 3×3 filters"."""
    return any(
        piece.sort is Sort.SIZE and pieces[index + 1].gist in WINDOW_NOUNS
        for index, piece in enumerate(pieces[:-1])
        if index > at + 2
    )


def _goes_on(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a size is followed by what it becomes: "7×7 → 14×14"."""
    following = [each.gist for each in pieces[at + 1 : at + 3]]
    counted = at > 0 and pieces[at - 1].numeral  # "one 5×5 → two 3×3"
    goes = len(following) == 2 and following[0] in ("→", "to", "into") and following[1][0] in "#@"
    return goes and not counted


def _alike(sentence: Sentence, found: Sequence[Mention]) -> Iterator[Mention]:
    """Let numbers of a list share a sense: "dilations 1, 2 and 4", "896 weights, … and another 32"."""
    pieces = sentence.pieces
    before: Mention | None = None
    counting: Mention | None = None
    sized: Mention | None = None
    field: Mention | None = None
    for each in found:
        if sized is not None and _another_map(pieces, sized, each):
            each = Mention(each.index, each.piece, Sense.MAP)
        if field is not None and _another_field(pieces, field, each):
            each = Mention(each.index, each.piece, Sense.FIELD, each.noun)
        if each.sense is Sense.FIELD:
            field = each
        if each.piece.sort is Sort.SIZE:
            sized = each
        if (
            before is not None
            and each.sense is Sense.OTHER
            and before.sense in (Sense.DILATION, Sense.STRIDE, Sense.PAD, Sense.CHANNELS)
            and before.noun < before.index
            and not (before.sense is not Sense.DILATION and goes_to(pieces, each.index))
            and {e.gist for e in pieces[before.index + 1 : each.index]} <= _joints(before.sense)
        ):
            each = Mention(each.index, each.piece, before.sense, before.noun)
        elif counting is not None and each.sense is Sense.OTHER and _counts(pieces, each.index):
            each = Mention(each.index, each.piece, counting.sense, counting.noun)
        before = each
        if each.sense in (Sense.FILTERS, Sense.UNITS, Sense.LAYERS):
            counting = each
        yield each


def goes_on_seeing(pieces: Sequence[Piece], mention: Mention) -> bool:
    """Whether a square of a later sentence is what is seen, too: "three of them → 7×7"."""
    size, at = mention.piece.size, mention.index
    if len(size) != 2 or mention.noun >= 0 or not at:
        return False
    after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
    return after in FIELD_ENDS and pieces[at - 1].gist in FIELD_WORDS


def _another_field(pieces: Sequence[Piece], one: Mention, other: Mention) -> bool:
    """Whether a number goes on with what is seen: "3, 5 and 7", "two see 5×5, three of them 7×7"."""
    before = pieces[other.index - 1]
    labelled = 0 <= other.noun < other.index and before.sort is not Sort.SIZE
    counted = other.noun > other.index and pieces[other.noun].gist not in PIXELS
    if counted or labelled or other.piece.numeral:
        return False
    if other.piece.sort is not one.piece.sort:
        return False
    if other.piece.size and len(other.piece.size) != 2:
        return False
    if other.sense not in (Sense.OTHER, Sense.KERNEL, Sense.MAP, Sense.SIDE):
        return False
    between = [each.gist for each in pieces[one.index + 1 : other.index]]
    if between and set(between) <= {",", "and", "or", "→", "then", "to", "("}:
        return True
    after = pieces[other.index + 1].gist if other.index + 1 < len(pieces) else ""
    told = before.gist in FIELD_WORDS or (
        before.numeral
        or (
            bool(other.piece.size)
            and (before.sort is Sort.SIZE or before.gist in ("layer", "conv"))
        )
    )
    ends = FIELD_ENDS - ({"with", "in", "if", "when", "as"} if before.numeral else set())
    return after in ends and told


PIXELS = wordset("px pixel pixels patch region area")
FIELD_WORDS = wordset(
    "→ to into it already even only just then give become becomes them : first second third fourth fifth last"
)
FIELD_ENDS = wordset(", ; ) ( and but px pixel pixels already in when if with again as") | {""}


def _another_map(pieces: Sequence[Piece], one: Mention, other: Mention) -> bool:
    """Whether a small size is a map like the one before it: "gives 5×5 at stride 1 and 3×3 at stride 2"."""
    if one.sense is not Sense.MAP or other.sense is not Sense.KERNEL or other.noun >= 0:
        return False
    made = one.index > 0 and pieces[one.index - 1].gist in TURNING
    between = [each.gist for each in pieces[one.index + 1 : other.index]]
    joined = bool({"and", ",", "but"} & set(between[-2:]))
    return made and joined and all(e[0] == "#" or e in BESIDE for e in between)


BESIDE = wordset("at with for stride pad and , but = of when without px pixels")


def goes_to(pieces: Sequence[Piece], at: int) -> bool:
    """Whether an arrow leads on from a number."""
    return at + 1 < len(pieces) and pieces[at + 1].gist == "→"


def _joints(sense: Sense) -> set[str]:
    """What may stand in a list of one sense: dilations go "from 1 to 512"."""
    return {",", "and", "then", "…"} | ({"to"} if sense is Sense.DILATION else set())


def _counts(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number stands for so many of what has been counted: "two filters have 54 weights, five
    have 135"."""
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    return after[:1] == ["have"]
