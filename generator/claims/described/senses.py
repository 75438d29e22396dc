"""What numbers of a statement can say, and the words that tell: nouns behind a number, labels before it,
letters with a usual meaning.

Only the closed classes of words are listed (prepositions, conjunctions, verbs): whatever else stands between
a number and its noun is an adjective.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sort

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
# Verbs of what is taken off a map.
LOSING = wordset(
    "lose loses lost losing need cost costs eat eats eating shave shaves trim trims cut cuts crop crops shrink "
    "shrinks shrinking smaller swallow swallows"
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


def phrase_after(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """The words of the noun phrase that goes on behind a number."""
    start = at + 1
    if start + 1 < len(pieces) and pieces[start].gist == "of" and pieces[start + 1].gist in THEM:
        start += 2
    if start + 1 < len(pieces) and labelled(pieces, start):
        start += 2  # "three stride-2 convolutions"
    for index in range(start, min(len(pieces), start + 5)):
        piece = pieces[index]
        if piece.sort is not Sort.WORD or piece.gist in CLOSED:
            if piece.sort is Sort.MARK and piece.gist in ("x", "%") and index == start:
                yield index
            return
        yield index


def labelled(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a noun is the label of a number behind it: "three stride-2 convolutions"."""
    following = pieces[at + 1 : at + 2]
    return pieces[at].gist in ("stride", "pad") and bool(following) and following[0].gist[0] == "#"
