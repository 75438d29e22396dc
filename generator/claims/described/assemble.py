"""Layers that a sentence describes, put together from its numbers.

A layer begins at a word for one or at a window; what is said of it until the next one begins is its
own. A second window, or a word such as "then", begins the next layer. What stands before the first
word for a layer belongs to the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from generator.claims.calls import LayerCall, calls
from generator.claims.described.again import further, next_one, plain_again
from generator.claims.described.chains import Chains
from generator.claims.described.drafts import Draft, called
from generator.claims.described.layer import SAME, SLIDING, WINDOWLESS, Layer, Pair
from generator.claims.described.padded import paddings
from generator.claims.described.senses import LARGEST_KERNEL, RESULTS, Mention, Sense
from generator.claims.expression import Binary, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

KINDS = {
    "conv": "conv",
    "convolve": "conv",
    "filters": "conv",
    "filter": "conv",
    "pool": "pool",
    "fc": "fc",
    "ffn": "fc",
    "mlp": "fc",
    "feed-forward": "fc",
    "feedforward": "fc",
    "depthwise": "depthwise",
    "pointwise": "pointwise",
    "separable": "separable",
    "transposed": "transposed",
    "lstm": "lstm",
    "gru": "gru",
    "rnn": "rnn",
    "recurrent": "rnn",
    "embedding": "embedding",
    "embeddings": "embedding",
    "embedded": "embedding",
    "bn": "norm",
    "layernorm": "norm",
    "groupnorm": "norm",
}
# A more special kind takes the place of a general one: a "depthwise conv" is depthwise.
SPECIAL = {
    "conv": wordset("depthwise pointwise separable transposed"),
    "depthwise": wordset("separable"),
    "": frozenset(KINDS.values()),
}
NEXT = wordset(
    "then followed after behind next another second third while whereas against versus vs instead than "
    "replaced plus"
)
TABLES = ("embedding", "embeddings", "embedded", "lookup", "table", "vocabulary", "vocab")
# What is said before the first layer of a sentence holds for all of them.
SHARED = ("inputs", "filters", "channels", "colours")
CELLS = ("lstm", "gru", "rnn", "recurrent")
LARGEST_STEP = {"stride": 63, "pad": 63, "dilation": 1024}
ASIDE = wordset("aside ignored excluded excl apart not omitted")
LENGTHS = {"twice": 2, "thrice": 3, "both": 2}


def layers(number: int, sentence: Sentence, found: Sequence[Mention]) -> tuple[Layer, ...]:
    """Give the layers of a sentence, in order. ``number`` is the sentence's place in its statement, ``found``
    are its numbers."""
    coded = tuple(calls(sentence))
    said = list(_Reader(number, sentence, found, coded).read())
    if not coded:
        return tuple(said)
    whole = [each for each in said if each.inflow is not None and each.outflow is not None]
    written = [called(number, each) for each in coded]
    return tuple(sorted([*written, *whole], key=lambda each: each.first))


def _dimensions(sentence: Sentence) -> int:
    """How many axes the layers of a sentence slide along: "a 1-D convolution"."""
    for piece in sentence.pieces:
        if piece.gist in ("conv1d", "conv3d"):
            return int(piece.gist[4])
        match piece.expression:
            case Binary(_, Number(value), Name("D" | "d")) if value in (1, 3):
                return int(value)
            case _:
                pass
    return 2


class _Reader:
    """Reads the layers of a sentence from left to right."""

    def __init__(
        self, number: int, sentence: Sentence, found: Sequence[Mention], coded: Sequence[LayerCall]
    ) -> None:
        self.number, self.sentence, self.coded = number, sentence, coded
        self.pieces = sentence.pieces
        self.mentions = {each.index: each for each in found}
        self.drafts: list[Draft] = []
        self.early: list[tuple[str, int | Pair, Mention]] = []
        self.dimensions = _dimensions(sentence)
        self.padded = {each.mention.index: each for each in paddings(sentence, self.mentions)}
        self.others: list[tuple[Draft, Mention]] = []  # layers like one, with other filters
        self.counts: dict[int, Mention] = {}  # numbers of equal layers, by the index of their noun

    def read(self) -> Iterator[Layer]:
        counted = {
            index
            for each in self.mentions.values()
            if each.sense in RESULTS and each.noun > each.index
            for index in range(each.index, each.noun)
        }
        counted |= {index for each in self.coded for index in range(each.first - 2, each.last)}
        for at, piece in enumerate(self.pieces):
            mention = self.mentions.get(at)
            if mention is not None and at not in self.padded:
                self._mention(mention)
            elif piece.sort is Sort.WORD and at not in counted:  # "69,632 conv weights"
                self._word(at, piece)
        if not self.drafts and self.early and self.sentence.has("same", "it", "this"):
            self._begin(self.early[0][2].index, "again")
        self._listed_early()
        self._further()
        self._pad()
        if not self.drafts:
            return iter(())
        Chains(self.number, self.sentence, self.mentions, self.drafts).assign()
        self._windowless()
        return iter(
            each.finished()
            for nth, each in enumerate(self.drafts)
            if each.values or not (each.kind in SLIDING or self._named_again(nth))
        )

    def _named_again(self, nth: int) -> bool:
        """Whether a word only names a layer again: "10,000 words in 300 dimensions: … for the embedding"."""
        draft = self.drafts[nth]
        article = draft.first > 0 and self.pieces[draft.first - 1].gist in ("the", "this", "that")
        return article and any(e.kind == draft.kind and e.values for e in self.drafts[:nth])

    def _begin(self, at: int, kind: str = "") -> Draft:
        """Begin a layer; the first takes what has been said before it."""
        draft = Draft(self.number, at, at, kind)
        for name, value, mention in self.early:
            if (not self.drafts or name in SHARED) and name not in draft.values:
                draft.values[name] = value
                draft.used.append(mention.piece.start)
        self.drafts.append(draft)
        return draft

    def _listed_early(self) -> None:
        """Read "dilations of 1, 2 and 4 on three 3×3 layers": a layer each."""
        for name in ("stride", "dilation"):
            listed = [(value, mention) for early, value, mention in self.early if early == name]
            first = self.drafts[0] if self.drafts else None
            if first is None or len(listed) < 2 or first.values.get(name) != listed[0][0]:
                continue
            for nth, (value, mention) in enumerate(listed[1:], 1):
                again = Draft(self.number, first.first, first.last, first.kind)
                again.values, again.varies = {**first.values, name: value}, True
                again.named, again.used = first.named, [mention.piece.start]
                self.drafts.insert(nth, again)

    def _pad(self) -> None:
        """Add the layers that only pad, at their places."""
        for at, each in self.padded.items():
            pad = (each.mention.values[0], each.mention.values[0])
            draft = Draft(self.number, at, at, "pad", {"kernel": (1, 1), "pad": pad})
            draft.named, draft.used = each.told, [each.mention.piece.start]
            self.drafts.append(draft)
        self.drafts.sort(key=lambda draft: draft.first)

    # ------------------------------------------------------------ words

    def _word(self, at: int, piece: Piece) -> None:
        gist = piece.gist
        if KINDS.get(gist) == "norm" and self._left_out(at):
            return
        if self.drafts and plain_again(self.sentence, self.mentions, self.drafts[-1].first, at):
            last = self.drafts[-1]
            kind = "conv" if last.kind in SLIDING else last.kind
            values = {name: value for name, value in last.values.items() if name != "groups"}
            self.drafts.append(Draft(self.number, at, at, kind, values, named=True))
        elif gist == "another" and self._one_more(at):
            last = self.drafts[-1]
            values = {k: v for k, v in last.values.items() if k in ("kernel", "pad")}
            self.drafts.append(Draft(self.number, at, at, last.kind, values, named=True))
        elif gist in KINDS:
            self._kind(at, KINDS[gist])
        elif gist in ("rgb", "gray"):
            self._put("colours", 3 if gist == "rgb" else 1, Mention(at, piece, Sense.INPUTS))
        elif gist == "unit" and self._one(at):
            self._units(Mention(at, piece, Sense.UNITS), one=True)
        elif gist in ("valid", "unpadded", "same"):
            self._named_padding(at, piece)
        elif gist == "without" and self._follows(at, "pad", "zero"):
            self._put("pad", (0, 0), Mention(at, piece, Sense.PAD))

    def _one_more(self, at: int) -> bool:
        """Whether a word stands for a layer with the window of the one before it: "another with stride 2"."""
        following = [each.gist for each in self.pieces[at + 1 : at + 3]]
        stepped = following[:1] == ["with"] and following[1:] in (["stride"], ["pad"], ["dilation"])
        return stepped and bool(self.drafts) and "kernel" in self.drafts[-1].values

    def _left_out(self, at: int) -> bool:
        """Whether a layer is not counted: "BN aside", "without batch norm"."""
        after = self.pieces[at + 1].gist if at + 1 < len(self.pieces) else ""
        return after in ASIDE or (
            at > 0 and self.pieces[at - 1].gist in ("without", "no", "ignoring")
        )

    def _one(self, at: int) -> bool:
        return at > 0 and self.pieces[at - 1].gist in ("a", "an", "each", "one", "single")

    def _named_padding(self, at: int, piece: Piece) -> None:
        around = {each.gist for each in self.pieces[max(0, at - 2) : at + 3]}
        window = at > 0 and self.pieces[at - 1].sort is Sort.SIZE  # "16 filters 3×3 same"
        if piece.gist == "same" and not (window or around & {"conv", "pad", '"', "'"}):
            return
        value = SAME if piece.gist == "same" else (0, 0)
        self._put("pad", value, Mention(at, piece, Sense.PAD))

    def _follows(self, at: int, *words: str) -> bool:
        return any(each.gist in words for each in self.pieces[at + 1 : at + 3])

    def _kind(self, at: int, kind: str) -> None:
        draft = self.drafts[-1] if self.drafts else None
        if draft is None or self._parted(draft, at):
            # "3×3 filters": the window before the word began the layer.
            draft = self._begin(at, kind)
            counted = self.counts.get(at)
            if counted is not None and 1 < counted.values[0] < 20:
                draft.count = counted.values[0]
                draft.used.append(counted.piece.start)
            return
        if kind == draft.kind:
            draft.reaches(at)
        elif kind in SPECIAL.get(draft.kind, ()) and draft.kind and self._counted_since(draft, at):
            self.drafts.append(Draft(self.number, at, at, kind, {**draft.values}, named=True))
        elif kind in SPECIAL.get(draft.kind, ()):
            draft.kind = kind
            draft.reaches(at)
        elif draft.kind in SPECIAL.get(kind, ()):
            draft.reaches(at)
        elif self.pieces[at].gist not in ("filter", "filters"):
            self._begin(at, kind)

    def _counted_since(self, draft: Draft, at: int) -> bool:
        """Whether a count has been stated of a layer: "a 3×3 layer costs 462M, a separable one 52.3M"."""
        found = (each for each in self.mentions.values() if draft.first <= each.index < at)
        return any(each.sense in RESULTS for each in found)

    def _parted(self, draft: Draft, at: int) -> bool:
        """Whether a word for what comes next stands between a layer and here."""
        between = {each.gist for each in self.pieces[draft.last + 1 : at]}
        complete = "kernel" in draft.values or "inputs" in draft.values or draft.kind == "pool"
        return complete and bool(between & NEXT or "→" in between)

    # ------------------------------------------------------------ numbers

    def _mention(self, mention: Mention) -> None:
        match mention.sense:
            case Sense.KERNEL:
                self._window(mention)
            case Sense.LAYERS if mention.piece.numeral:
                self.counts[mention.noun] = mention
            case Sense.FILTERS | Sense.OUTPUTS:
                self._whole("filters", mention)
            case Sense.INPUTS:
                self._whole("inputs", mention)
            case Sense.CHANNELS:
                self._whole("channels", mention)
            case Sense.UNITS:
                self._units(mention)
            case Sense.ROWS | Sense.WIDTH:
                self._table(mention)
            case Sense.TABLE:
                if not self.drafts and self.sentence.has(*TABLES):
                    self._begin(mention.index, "embedding")
                self._put("inputs", mention.values[0], mention)
                self._put("filters", mention.values[1], mention)
            case Sense.GROUPS:
                self._whole("groups", mention)
            case Sense.STRIDE:
                self._pair("stride", mention)
            case Sense.PAD:
                self._pair("pad", mention)
            case Sense.DILATION:
                self._pair("dilation", mention)
            case Sense.MAP if self.drafts and self.drafts[-1].kind == "fc":
                self._flat(mention)
            case Sense.MAP if self.drafts and len(mention.values) == 3:
                self._from_to(mention)
            case Sense.OTHER if self.drafts and self._is_next(mention):
                self._begin(mention.index, self.drafts[-1].kind)
            case _:
                pass

    def _flat(self, mention: Mention) -> None:
        """Read "a dense layer from 32×32×3 to 28×28×6": all values of one map and of another."""
        draft = self.drafts[-1]
        before = self.pieces[mention.index - 1].gist
        if before == "from" and "inputs" not in draft.values:
            draft.note("inputs", prod(mention.values), mention)
        elif before in ("to", "→", "into") and "inputs" in draft.values:
            draft.note("filters", prod(mention.values), mention)

    def _from_to(self, mention: Mention) -> None:
        """Read "a 5×5 conv from 28×28×192 to 28×28×32": the channels of both maps."""
        draft, at = self.drafts[-1], mention.index
        before = [each.gist for each in self.pieces[max(0, at - 3) : at]]
        if draft.kind not in ("", "conv") or mention.values[0] != mention.values[1]:
            return
        if before[-1:] == ["from"] and draft.last >= at - 2:
            draft.note("inputs", mention.values[2], mention)
        elif before[:1] == ["from"] and before[2:] == ["to"] and "inputs" in draft.values:
            draft.note("filters", mention.values[2], mention)

    def _window(self, mention: Mention) -> None:
        values = mention.values
        if not values or not all(0 < each < 64 for each in values[:2]) or self.dimensions == 3:
            return
        draft = self.drafts[-1] if self.drafts else None
        if draft is not None and self._unfinished(draft, mention.index):
            draft.held = False
            draft.values.pop("kernel", None)
            draft.values.pop("depth", None)
        if draft is not None and len(values) == 3 and draft.values.get("depth") == values[2]:
            return  # "each 11×11×3 filter has 11 × 11 × 3 weights"
        if (
            draft is None
            or "kernel" in draft.values
            or draft.kind in WINDOWLESS
            or self._parted(draft, mention.index)
            or self._foreign(draft, mention)
        ):
            draft = self._begin(mention.index)
        flat = (values[0], 1) if self.dimensions == 1 else (values[0], values[0])
        kernel = (values[0], values[1]) if len(values) > 1 else flat
        if len(values) == 3:
            draft.values["depth"] = values[2]
            before = self.pieces[mention.index - 1] if mention.index else None
            noun = self.pieces[mention.noun].gist if mention.noun > mention.index else ""
            if noun == "filter" and before is not None and before.word.lower() in ("single", "one"):
                draft.values.setdefault("filters", 1)
        draft.note("kernel", kernel, mention)
        draft.named = draft.named or mention.noun >= 0
        self._counted(draft, mention)

    def _foreign(self, draft: Draft, mention: Mention) -> bool:
        """Whether a window has a noun of another kind: "pooling and … a 3×3 convolution"."""
        noun = self.pieces[mention.noun].gist if mention.noun > mention.index else ""
        kind = KINDS.get(noun, "")
        alike = kind in ("", draft.kind) or kind in SPECIAL.get(draft.kind, ())
        return bool(draft.kind) and not alike and draft.kind not in SPECIAL.get(kind, ())

    def _counted(self, draft: Draft, mention: Mention) -> None:
        """Read "sixteen 5×5 filters" (one layer) and "two 3×3 layers" (two)."""
        at = mention.index - 1
        while at > 0 and mention.index - at < 6 and self._between(self.pieces[at]):
            if self.pieces[at].gist in LENGTHS:
                draft.count = LENGTHS[self.pieces[at].gist]
                return
            at -= 1
        before = self.mentions.get(at)
        if before is None or before.sense not in (Sense.OTHER, Sense.LAYERS) or not before.values:
            return
        gist = self.pieces[mention.noun].gist if mention.noun > mention.index else ""
        if gist in ("filters", "filter"):
            draft.note("filters", before.values[0], before)
        elif (before.piece.numeral or before.sense is Sense.LAYERS) and 1 < before.values[0] < 20:
            draft.count = before.values[0]
            draft.used.append(before.piece.start)

    def _between(self, piece: Piece) -> bool:
        """Whether a piece may stand between a number and its window: "32 \"same\" 5×5 filters"."""
        letter = isinstance(piece.expression, Name)  # "10 layers with k = 3"
        return piece.sort is Sort.WORD or letter or piece.gist in ('"', "'", "=")

    def _whole(self, name: str, mention: Mention) -> None:
        values = mention.values
        if len(values) == 1 and values[0] > 0 and not self._again(name, values[0], mention):
            draft = self.drafts[-1] if self.drafts else None
            counted = mention.sense is Sense.FILTERS
            taken = draft is not None and name in draft.values and "kernel" in draft.values
            if counted and (draft is None or taken):
                self._begin(mention.index)
            if not (counted and self._one_each(mention)):
                self._put(name, values[0], mention)

    def _one_each(self, mention: Mention) -> bool:
        """Read "three 1×1 layers on 192 channels with 64, 96 and 16 filters": a layer each."""
        draft = self.drafts[-1]
        listed = [mention]
        while (before := self._listed_before(listed[0])) is not None:
            listed.insert(0, before)
        if "filters" in draft.values or not 1 < draft.count == len(listed):
            return False
        draft.count = 1
        draft.note("filters", listed[0].values[0], listed[0])
        self.others = [(draft, each) for each in listed[1:]]
        return True

    def _further(self) -> None:
        """Add the layers that a list of filters gives; what comes in is said of the first."""
        for draft, mention in reversed(self.others):
            values = {k: v for k, v in draft.values.items() if k not in SHARED}
            again = Draft(self.number, draft.first, draft.last, draft.kind, values)
            again.named, again.values["filters"] = draft.named, mention.values[0]
            again.used = [*draft.used, mention.piece.start]
            self.drafts.insert(self.drafts.index(draft) + 1, again)

    def _listed_before(self, mention: Mention) -> Mention | None:
        """The number without a noun that stands before another one of its list."""
        at = mention.index - 1
        while at > 0 and self.pieces[at].gist in (",", "and"):
            at -= 1
        before = self.mentions.get(at) if at < mention.index - 1 else None
        bare = before is not None and before.sense is Sense.OTHER and len(before.values) == 1
        return before if bare else None

    def _units(self, mention: Mention, *, one: bool = False) -> None:
        """Units make the outputs of connected and recurrent layers: "100 hidden units"."""
        following = [each.gist for each in self.pieces[mention.noun + 1 : mention.noun + 3]]
        beyond = self.mentions.get(mention.noun + 2)
        goes_on = following[:1] and following[0] in ("to", "→", "into")
        if goes_on and beyond is not None and beyond.sense is Sense.OTHER:
            return  # "from 512 units to 10"
        noun = self.pieces[mention.noun].gist if mention.noun >= 0 else ""
        if not self.drafts and not self.sentence.has(*CELLS) and noun != "class":
            self._begin(mention.index, "fc")
        elif (
            self.drafts
            and self.drafts[-1].kind in ("", "conv")
            and set(self.drafts[-1].values) == {"inputs"}
        ):
            self.drafts[-1].kind = "fc"  # "flattened to 3072 inputs and wired to 4704 hidden units"
        if not self.drafts and len(mention.values) == 1 and noun != "class":
            self.early.append(
                ("filters", mention.values[0], mention)
            )  # "hidden 128: an LSTM has …"
        if not self.drafts or self.drafts[-1].kind not in ("fc", *CELLS):
            return
        if "filters" in self.drafts[-1].values:
            self._begin(mention.index, self.drafts[-1].kind)
        if one:
            self.drafts[-1].values.setdefault("filters", 1)
        else:
            self._whole("filters", mention)

    def _table(self, mention: Mention) -> None:
        """An embedding's rows and its width: "65 tokens with 32 dimensions"."""
        if self.drafts and self.drafts[-1].kind == "norm" and mention.sense is Sense.WIDTH:
            self._whole("channels", mention)
        elif self.sentence.has(*TABLES):
            if not self.drafts and self.sentence.has("vocabulary", "vocab", "table", "lookup"):
                self._begin(mention.index, "embedding")
            self._whole("inputs" if mention.sense is Sense.ROWS else "filters", mention)

    def _pair(self, name: str, mention: Mention) -> None:
        values = mention.values
        if values and len(values) < 3 and max(values) <= LARGEST_STEP[name]:
            self._put(name, (values[0], values[-1]), mention)

    def _put(self, name: str, value: int | Pair, mention: Mention) -> None:
        if self._again(name, value, mention):
            return
        if self.drafts:
            draft = self.drafts[-1]
            told = name == "pad" and draft.values.get(name) == SAME
            if name in draft.values and name in ("stride", "pad", "dilation") and not told:
                self._filled_in(name, value, mention)
                listed = Draft(self.number, mention.index, mention.index, draft.kind)
                listed.values = {**draft.values, name: value}
                listed.used.append(mention.piece.start)
                listed.varies = True
                self.drafts.append(listed)  # "dilations 1, 2 and 4": a layer each
                return
            draft.note(name, value, mention)
        else:
            self.early.append((name, value, mention))

    def _filled_in(self, name: str, value: int | Pair, mention: Mention) -> None:
        """Add the layers that "1, 2, 4, … 512" leaves out: each has twice, or as many times, the one before."""
        runs = [each.values.get(name) for each in self.drafts if each.values.get(name)]
        before = self.pieces[mention.index - 1].gist if mention.index else ""
        doubled = before == "to" and self.sentence.has("doubling", "doubled", "doubles", "double")
        runs = [((1, 1)), *runs] if doubled and runs == [(1, 1)] else runs
        if (
            not (before == "…" or doubled)
            or len(runs) < 2
            or not all(isinstance(e, tuple) for e in (*runs, value))
        ):
            return
        (one, _), (other, _), (last, _) = runs[-2], runs[-1], value  # type: ignore[misc]
        factor = 2 if doubled else other // one if one else 0
        while factor > 1 and other * factor < last:
            other *= factor
            draft = self.drafts[-1]
            again = Draft(self.number, mention.index, mention.index, draft.kind)
            again.values, again.varies = {**draft.values, name: (other, other)}, True
            again.named = draft.named
            self.drafts.append(again)

    def _unfinished(self, draft: Draft, at: int) -> bool:
        """Whether a layer like the one before it is still being described: "10 filters of 3×3×3"."""
        between = (each for each in self.mentions.values() if draft.first <= each.index < at)
        return draft.held and not any(each.sense in (Sense.OTHER, *RESULTS) for each in between)

    def _is_next(self, mention: Mention) -> bool:
        return next_one(self.sentence, self.mentions, self.drafts[-1].first, mention)

    def _again(self, name: str, value: int | Pair, mention: Mention) -> bool:
        """Begin a layer like the last one but for one quality, if a number is said of such a one."""
        if not self.drafts:
            return False
        last = self.drafts[-1]
        place = further(self.sentence, self.mentions, last.first, mention)
        if place is None:
            return False
        again = Draft(self.number, place, place, last.kind, {**last.values, name: value})
        again.named, again.used, again.held = last.named, [mention.piece.start], True
        self.drafts.append(again)
        return True

    def _windowless(self) -> None:
        """Take a small size that nothing claims for the window of a convolution that has none: "a filter
        on a 3-channel picture, 7×7"."""
        small = [
            each
            for each in self.mentions.values()
            if each.sense is Sense.MAP and each.noun < 0 and len(each.values) == 2
            and max(each.values) <= LARGEST_KERNEL
        ]  # fmt: skip
        open_ones = [each for each in self.drafts if each.kind == "conv"]
        before = self.pieces[small[0].index - 1].gist if small and small[0].index else ""
        if len(small) == len(open_ones) == 1 and before == "," and not self._has_window():
            open_ones[0].note("kernel", (small[0].values[0], small[0].values[1]), small[0])

    def _has_window(self) -> bool:
        return any("kernel" in each.values for each in self.drafts)
