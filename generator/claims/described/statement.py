"""A statement as a course of layers and maps: what stands where, over all its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

from generator.claims.described.again import PLAIN
from generator.claims.described.assemble import layers
from generator.claims.described.layer import Layer, connected
from generator.claims.described.mentions import mentions
from generator.claims.described.senses import NOUNS, RESULTS, Mention, Sense
from generator.claims.lexicon import SUPPOSING, wordset
from generator.claims.passage import Sentence, Sort

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """A mention with the sentence it stands in."""

    sentence: int
    mention: Mention

    @property
    def place(self) -> Place:
        """Sentence and index, for comparing."""
        return self.sentence, self.mention.index


@dataclass(frozen=True, slots=True)
class Course:
    """The layers and numbers of a statement, in reading order; ``heading`` are the words of the headings
    above it."""

    sentences: tuple[Sentence, ...]
    layers: tuple[Layer, ...]
    numbers: tuple[Said, ...]
    heading: frozenset[str] = frozenset()

    def results(self) -> tuple[Said, ...]:
        """The numbers that state a count: those named so, and bare ones in their company."""
        named = [
            self._learned(each)
            for each in self.numbers
            if each.mention.sense in RESULTS and not self._term(each)
        ]
        shared = [each for each in named if each.mention.sense is not Sense.BIASES]
        taken = {offset for each in self.layers for offset in each.used}
        found = list(named)
        for each in self.numbers:
            before = [one for one in shared if one.sentence in (each.sentence, each.sentence - 1)]
            spoken = _nearest(before, each).mention.sense if before else self._spoken(each)
            stated = spoken and (self._bare(each, taken) or self._in_list(each))
            if each.mention.sense is Sense.OTHER and spoken and stated:
                sense = spoken
                found.append(
                    Said(each.sentence, Mention(each.mention.index, each.mention.piece, sense))
                )
        return tuple(sorted(found, key=lambda said: said.place))

    def _learned(self, said: Said) -> Said:
        """ "500 weights, or 520 numbers with biases": numbers beside weights are parameters."""
        mention = said.mention
        beside = any(
            each.sentence == said.sentence
            and each.mention.sense in (Sense.PARAMETERS, Sense.WEIGHTS)
            for each in self.numbers
        )
        learns = any(
            each.sentence == said.sentence
            and each.kind in ("norm", "embedding", "lstm", "gru", "rnn")
            for each in self.layers
        )
        if mention.sense is not Sense.VALUES:
            return said
        before = self.sentences[said.sentence].pieces[max(0, mention.index - 3) : mention.index]
        window = any(  # "one 3×3×3 filter = 27 numbers"
            len(each.mention.values) == 3 and each.mention.sense is Sense.KERNEL
            and each.mention.piece in before
            for each in self.numbers
        ) and {each.gist for each in before} & {"=", "have", "hold", "holds", "be"}  # fmt: skip
        if not window and (not (beside or learns) or self.maps()):
            return said
        sense = Sense.WEIGHTS if window and not beside else Sense.PARAMETERS
        return replace(said, mention=replace(mention, sense=sense))

    def _spoken(self, said: Said) -> Sense | None:
        """What a sentence says it counts before the number: "the number of weights in … is 432"."""
        pieces = self.sentences[said.sentence].pieces[: said.mention.index]
        for piece in reversed(pieces):
            sense = Sense.PRODUCTS if piece.gist == "cost" else NOUNS.get(piece.gist)
            if sense in (Sense.PARAMETERS, Sense.WEIGHTS, Sense.PRODUCTS):
                return sense
        headed = bool(self.heading & {"parameter", "weight"}) and bool(pieces)
        told = headed and pieces[-1].gist in (":", "=")  # "## Parameters": "3×3, 64 → 128: 73,856"
        return Sense.PARAMETERS if told or self.sentences[said.sentence].has("bias") else None

    def _in_list(self, said: Said) -> bool:
        """Whether a number stands in a list that ends in a count: "1, 9 and 25 weights"."""
        after = [each for each in self.numbers if each.place > said.place]
        before = self.sentences[said.sentence].pieces[: said.mention.index]
        made = bool(before) and before[-1].gist == "→"  # "25088 → 4096, 102,764,544 weights"
        if made or not after or after[0].sentence != said.sentence:
            return False
        between = self.sentences[said.sentence].pieces[
            said.mention.index + 1 : after[0].mention.index
        ]
        if not between or not {each.gist for each in between} <= {",", "and"}:
            return False
        return after[0].mention.sense in RESULTS or self._in_list(after[0])

    def _term(self, said: Said) -> bool:
        """Whether a number is no result: a numeral, or what an equation works out."""
        piece = said.mention.piece
        pieces = self.sentences[said.sentence].pieces
        after = pieces[said.mention.index + 1].gist if said.mention.index + 1 < len(pieces) else ""
        small = piece.quantity is not None and piece.quantity.value < 20
        return (piece.numeral and small) or (piece.sort is not Sort.NUMBER and after in ("=", "≈"))

    def _bare(self, said: Said, taken: set[int]) -> bool:
        """Whether a number without a noun stands where counts stand."""
        piece = said.mention.piece
        if piece.start in taken or piece.sort is Sort.SIZE or piece.quantity is None:
            return False
        pieces = self.sentences[said.sentence].pieces
        at = said.mention.index
        following = [each.gist for each in pieces[at + 1 : at + 3]]
        if following[:1] in (["before"], ["after"]):
            following = following[1:]  # "9,216 before, 82,944 after"
        after = following[0] if following else ""
        before = [each.gist for each in pieces[max(0, at - 3) : at]]
        if said in self.pairs():
            return False
        plain = [
            each for each in before if each not in ("only", "just", "layer", "conv", "one", "a")
        ]
        if self._counts(said.sentence) and after in ENDING and self._ends_phrase(said, at - 1):
            return not piece.numeral and piece.quantity.value >= 10
        opposed = before[-1:] in OPPOSED or before[-2:] in (["place", "of"], ["instead", "of"])
        if self._counts(said.sentence) and opposed and after in ENDING:
            return not piece.numeral and piece.quantity.value >= 10
        if self._counts(said.sentence) and (plain[-1:] == ["@"] or (plain and plain[-1][0] == "@")):
            return after in ENDING  # "a 5×5 102,400"
        if piece.numeral or piece.quantity.value < 10:
            return False
        if before[-1:] and before[-1] in STEPS and after in ENDING | {"+", "="}:
            return self._counts(said.sentence)  # "depthwise 432 + pointwise 240 = 672"
        cost = before[-2:] == ["cost", "of"] or (before[-1:] == ["with"] and before[-2:-1] in DOING)
        reached = {"to", "with"} & set(before) and piece.quantity.value >= 1000
        listed = before[-1:] and before[-1] in LISTED and self._counts(said.sentence)
        return after in ENDING and bool(set(before) & STATING or reached or listed or cost)

    def _ends_phrase(self, said: Said, at: int) -> bool:
        """Whether the words before a number name a layer, and so it is what that has: "with 64 channels
        576", "a standard one 36,864", "ten of them 270"."""
        pieces = self.sentences[said.sentence].pieces
        if at < 1:
            return False
        quantity = pieces[at].quantity
        one = pieces[at].numeral and quantity is not None and quantity.value == 1
        named = any(
            each.sentence == said.sentence
            and (
                each.mention.noun == at
                or (each.mention.sense is Sense.MAP and each.mention.index == at)
            )
            for each in self.numbers
        )
        return one or named or pieces[at].gist == "them" or pieces[at].gist in PLAIN

    def _counts(self, sentence: int) -> bool:
        """Whether a sentence has a count with a noun."""
        return any(e.sentence == sentence and e.mention.sense in RESULTS for e in self.numbers)

    def before(self, place: Place) -> tuple[Layer, ...]:
        """The layers described before a place."""
        return tuple(each for each in self.layers if (each.sentence, each.first) < place)

    def maps(self) -> tuple[Said, ...]:
        """The sizes of maps."""
        return tuple(
            each
            for each in self.numbers
            if each.mention.sense is Sense.MAP and not self.product(each)
        )

    def pairs(self) -> tuple[Said, ...]:
        """Numbers of a pair in brackets: "a (1000, 3M) matrix"."""
        found = []
        for one, other in pairwise(self.numbers):
            pieces = self.sentences[one.sentence].pieces
            first, last = one.mention.index, other.mention.index
            alone = first and last == first + 2 and pieces[first - 1].gist == "("
            closed = last + 1 < len(pieces) and pieces[last + 1].gist == ")"
            if one.sentence == other.sentence and alone and closed:
                found += [one, other]
        return tuple(found)

    def product(self, said: Said) -> bool:
        """Whether a size is a product that is worked out: "192 × 32 = 6,144"."""
        pieces = self.sentences[said.sentence].pieces
        at = said.mention.index
        after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
        before = pieces[at - 1].gist if at else ""
        result = len(said.mention.values) > 2 and after.startswith("#")  # "16·112·112 ≈ 200k"
        return result or after in WORKED_OUT or before in ("+", "-", "*", "/", "x")


WORKED_OUT = wordset("= ≈ weight mult mac parameter operation + - * /")
OPPOSED = (["instead"], ["against"], ["versus"], ["vs"])  # "18 instead of 25"
DOING = (["it"], ["do"], ["by"], ["along"], ["away"])  # "six filters get by with 456"
# What may follow a bare count; "" is the end of its sentence.
ENDING = wordset(
    ", ) ; ( with without if once when of and for because in on over others altogether together to "
    "instead against about while"
) | {""}
# What may stand before a bare count in company with others: "…, the depthwise part 432".
LISTED = wordset(", ( and part step one version")
STEPS = wordset("depthwise pointwise separable")
STATING = wordset(
    "have be need give another still = → : or bias cost costs counts total only already just alone reports "
    "prints print returns return takes from altogether together so thus hence"
)


def _nearest(found: Sequence[Said], said: Said) -> Said:
    """The last before a place, else the first after it."""
    before = [each for each in found if each.place < said.place]
    return before[-1] if before else found[0]


def course(sentences: tuple[Sentence, ...], heading: frozenset[str]) -> Course:
    """Read a statement, below headings of these words."""
    numbers: list[Said] = []
    found: list[Layer] = []
    for number, sentence in enumerate(sentences):
        told = mentions(sentence)
        numbers += [Said(number, each) for each in told]
        found += layers(number, sentence, told)
    return Course(sentences, connected(found, sentences), tuple(numbers), heading)


# Words that suppose a layer, not what is said of it.
DESCRIBING = wordset(
    "if would could suppose supposing assume assuming imagine hypothetically let's say"
)


def states(sentence: Sentence, index: int) -> bool:
    """Whether a number of a described layer is stated. "If" and "would" only describe the layer."""
    pieces = sentence.pieces
    words = {
        each.word.lower()
        for at, each in enumerate(pieces)
        if not (at and pieces[at - 1].gist == "=")  # bias=False
    }
    denied = {each.gist for each in pieces[max(0, index - 4) : index]} & {"not", "never"}
    asked = any(each.gist == "whether" for each in pieces[:index])
    supposed = words & (SUPPOSING - DESCRIBING - {"whether"})
    return not (sentence.question or supposed or denied or asked)


def elements(mention: Mention) -> int:
    """How many values a map has."""
    return prod(mention.values)
