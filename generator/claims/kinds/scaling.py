"""What a change makes of a layer: "halving input and output channels cuts the weights to a quarter".

A sentence is read as factors, as quantities that can be changed (channels, the kernel's side, the
image, the stride, a sequence's length, heads …) and as counts (weights, multiplications, attention
scores). A factor beside a quantity is a cause, one beside a count an effect; for each quantity and
count it is known with which power the one grows with the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.factors import Factor, factors
from generator.claims.growth import QUANTITIES, Change, measured, power
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.quantity import show
from generator.claims.sayings.concepts import CHANGING, STAYING
from generator.claims.wording import Concept, Words, forms

KIND = "scaling"

DENSE = wordset("fc mlp hidden unit rnn recurrent")
OTHERWISE = wordset(
    "depthwise separable group groups grouped dilation lstm gru batch rate than-usual"
)
OTHER_COUNTS = wordset(
    "activation activations pixel pixels values memory time area size neurons positions output bias"
)
ENDS = wordset(", ; while whereas but yet —")
COUNTS: dict[str, Concept] = {
    "weights": wordset("weight parameter"),
    "work": wordset("mult mac flop operation cost computation compute work expensive"),
    "scores": wordset("scores attention-matrix score"),
}
LAWS = {
    Fraction(1): wordset("linearly linear proportional proportionally"),
    Fraction(2): wordset("square squared quadratic quadratically"),
    Fraction(3): wordset("cube cubic cubically"),
}
GROWTH = forms("grow scale rise increase") | wordset("proportional proportionally with")
TOPICS = {
    "conv": wordset("conv filter filters channel layer kernel"),
    "attention": wordset("attention head heads sequence token tokens transformer scores context"),
    "embedding": wordset("embedding vocabulary embeddings"),
}


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of how counts scale."""
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        deeper = words.before(wordset("number more"), wordset("layers"), 3)
        dense = words.has(DENSE - {"hidden"} if words.has("conv") else DENSE)
        if sentence.question or deeper or dense or words.has(OTHERWISE, "would", "could"):
            continue
        layer = _layer(context, words)
        if layer:
            yield from _Reader(sentence, words, layer).read()


def _layer(context: Context, words: Words) -> str:
    """What kind of layer a sentence is about."""
    for kind in ("embedding", "attention", "conv"):
        if words.has(TOPICS[kind]):
            return kind
    return next((k for k in ("conv", "attention") if context.speaks_of(*TOPICS[k])), "")


@dataclass(frozen=True, slots=True)
class Effect:
    """A factor stated of a count, and the piece that says it."""

    factor: Fraction
    piece: Piece


class _Reader:
    """Reads a sentence clause by clause; a clause may go on with the change or the count before."""

    def __init__(self, sentence: Sentence, words: Words, layer: str) -> None:
        self.sentence, self.words, self.layer = sentence, words, layer
        self.change: Change | None = None
        self.target = ""
        self.crowded = any(
            one.piece.numeral and other.means(wordset("layer"))
            for one, other in zip(words.terms, words.terms[1:], strict=False)
        )

    def read(self) -> Iterator[Candidate]:
        first = 0
        for last in [*self.words.at(ENDS), len(self.words.terms)]:
            yield from self._clause(self.words.part(first, last))
            first = last + 1

    def _clause(self, words: Words) -> Iterator[Candidate]:
        counts = _counts(words, self.layer)
        found = factors(words)
        again = _said_again(words, found, counts)
        if again is not None:
            yield self._contradiction(words, *again)
            return
        yield from self._law(words, counts, found)
        causes, effects = self._assigned(words, found, counts)
        effects = [each for each in effects if not each.step]
        if causes:
            self.change = self._changed(words, causes)
        if len({each for each, _ in counts}) > 1:
            return  # of two counts either may be meant
        if counts:
            self.target = counts[0][0]
        elif words.has(OTHER_COUNTS):
            return
        if self.change is None or not self.target:
            return
        if not effects and (stay := _unchanged(words)) is not None and counts:
            effects = [Factor(Fraction(1), stay, stay)]
        for each in effects[:1]:
            yield from self._candidate(self.change, Effect(each.value, words.terms[each.at].piece))

    def _contradiction(self, words: Words, told: Factor, step: Factor) -> Candidate:
        """Numbers that do not stand in the ratio said before them: "doubles the weights from 270 to 570"."""
        before, after = words.terms[step.at].piece, words.terms[step.noun].piece
        assert before.quantity is not None
        assert after.quantity is not None
        one, other = before.quantity.value, after.quantity.value
        ratio = f"Fraction({other}) / Fraction({one})"
        line = f"assert {ratio} == Fraction({told.value.numerator}, {told.value.denominator})"
        how = f"{after.quantity.text} is {show(other / one)} times {before.quantity.text}"
        return claiming(
            KIND,
            self.sentence,
            after,
            True,
            (Reading(False, how, "", (line,)),),
            expected=f"{show(told.value)} times as many",
            computed=f"{show(other / one)} times as many",
        )

    def _assigned(
        self, words: Words, found: list[Factor], counts: list[tuple[str, int]]
    ) -> tuple[list[Factor], list[Factor]]:
        """Which factors are causes and which are effects: each goes with the noun beside it."""
        quantities = [at for concept in QUANTITIES.values() for at in words.at(concept)]
        taken = {at for _, at in counts}
        quantities = [each for each in quantities if each not in taken]
        if not quantities and not words.has("both", "either", "one", "only"):
            return [], found
        if not counts:
            more = self.change is not None and len(found) > 1
            return (found[:1], found[1:]) if more else (found, [])
        places = [at for _, at in counts]
        if len(found) == 1:
            only = found[0]
            cause = only.step or _distance(only, quantities) < _distance(only, places)
            return (found, []) if cause else ([], found)
        if len(found) == 3 and words.has("height") and words.has("width"):
            found = found[1:] if found[0].value == found[1].value else found
        if len(found) != 2:
            return [], []
        chosen = min(
            ((cause, effect) for cause, effect in (found, found[::-1]) if not effect.step),
            key=lambda pair: _distance(pair[0], quantities) + _distance(pair[1], places),
            default=None,
        )
        return ([chosen[0]], [chosen[1]]) if chosen else ([], [])

    def _changed(self, words: Words, causes: list[Factor]) -> Change | None:
        """What is changed, and by which factor."""
        cause = causes[0]
        if any(each.value != cause.value for each in causes):
            return None
        reach = 3 if cause.step else 9
        near = sorted(
            (distance, name)
            for name, concept in QUANTITIES.items()
            if (distance := _distance(cause, words.at(concept))) <= reach
        )
        if not near:
            if self.change is None or self.change.what != "channels":
                return None
            return replace(self.change, factor=cause.value, sides=2 if words.has("both") else 1)
        windows = bool(words.terms[cause.at].piece.size) and words.has(
            QUANTITIES["kernel"], "filters"
        )
        return Change.of("kernel" if windows else near[0][1], cause.value, words, self.layer)

    def _law(
        self, words: Words, counts: list[tuple[str, int]], found: list[Factor]
    ) -> Iterator[Candidate]:
        """ "The attention matrix grows with the square of the length", "is independent of the heads"."""
        if found or not counts:
            return
        nouns = [(at, name) for name, concept in QUANTITIES.items() for at in words.at(concept)]
        nouns = [each for each in nouns if each[0] not in {at for _, at in counts}]
        if len({name for _, name in nouns}) != 1:
            return
        change = Change.of(nouns[0][1], Fraction(2), words, self.layer)
        for exponent, concept in LAWS.items():
            if (
                words.has(concept)
                and words.has(GROWTH, "in")
                and not words.has("not", "no", "never")
            ):
                place = words.terms[words.at(concept)[0]].piece
                self.target = counts[0][0]
                yield from self._candidate(change, Effect(2**exponent.numerator, place))
                return
        if (
            change is None
            or change.what == "map"
            or power(self.layer, change, counts[0][0]) != (0,)
        ):
            return
        told = _dependent(words, nouns[0][0], counts[0][1])
        if told is not None:
            self.target = counts[0][0]
            value = Fraction(2 if told else 1)
            yield from self._candidate(change, Effect(value, words.terms[counts[0][1]].piece))

    def _candidate(self, change: Change | None, effect: Effect) -> Iterator[Candidate]:
        powers = power(self.layer, change, self.target) if change is not None else ()
        if change is None or not powers:
            return
        readings = []
        for each in powers:
            value = change.factor**each
            how = f"{show(change.factor)}^{each} = {show(value)} times as many"
            sides = replace(change, sides=each) if change.what == "channels" else change
            source = measured(self.layer, sides, self.target)
            text = f"Fraction({effect.factor.numerator}, {effect.factor.denominator})"
            readings.append(
                Reading(effect.factor == value, how, "", (f"assert {source} == {text}",))
            )
        yield claiming(
            KIND,
            self.sentence,
            effect.piece,
            True,
            tuple(readings),
            affirm_only=self.crowded,
            expected=f"{show(effect.factor)} times as many",
            computed=f"{show(change.factor ** powers[0])} times as many",
        )


def _said_again(
    words: Words, found: list[Factor], counts: list[tuple[str, int]]
) -> tuple[Factor, Factor] | None:
    """A factor of a count, and the numbers right behind its noun that do not have that ratio."""
    for told, step in pairwise(found):
        noun = next((at for _, at in counts if told.at < at < step.at), None)
        if told.step or not step.step or noun is None or told.value == step.value:
            continue
        between = {each.piece.gist for each in words.terms[noun + 1 : step.at]}
        named = words.terms[step.noun + 1 : step.noun + 2]
        counted = any(each.means(concept) for each in named for concept in QUANTITIES.values())
        plain = all(words.terms[at].piece.quantity is not None for at in (step.at, step.noun))
        if between <= {":", "from", "(", ","} and plain and not counted:
            return told, step
    return None


def _distance(factor: Factor, places: list[int]) -> float:
    """How far a factor stands from the nearest of some nouns; one after it is nearer."""
    return min(
        (min(abs(at - factor.at), abs(at - factor.noun)) + (at < factor.at) / 2 for at in places),
        default=99,
    )


def _counts(words: Words, layer: str) -> list[tuple[str, int]]:
    """The counts a clause speaks of: what they are and where."""
    found = [(name, at) for name, concept in COUNTS.items() for at in words.at(concept)]
    if layer == "attention" and not words.has(
        "parameter", "projections", "projection", "number", "many"
    ):
        found = [each for each in found if each[0] != "weights"]
    if layer == "attention":
        found += [
            ("scores", at)
            for at in words.at(wordset("matrix entries attention"))
            if words.has("matrix", "map", "scores", "score") and not words.has("projections")
        ]
    if layer == "embedding" and not found:
        found = [("weights", at) for at in words.at(wordset("table matrix"))]
    return sorted(found, key=lambda each: each[1])


def _unchanged(words: Words) -> int | None:
    """Where a clause says that a count stays as it is."""
    stays = [at for at in words.at(STAYING) if not words.part(at + 1, at + 2).has("pad", "conv")]
    for at in stays:  # "same padding" says nothing of a count
        return None if words.denied(at - 4, at) else at
    for at in words.at(CHANGING):
        if words.denied(at - 3, at + 2):
            return at
    more = words.at(wordset("more additional extra"))
    return next((at for at in more if words.denied(at - 1, at)), None)


def _dependent(words: Words, quantity: int, count: int) -> bool | None:
    """Whether a count is said to depend on a quantity."""
    first, last = min(quantity, count), max(quantity, count)
    if words.part(first, last).has("independent", "regardless", "irrespective", "whatever"):
        return False
    if words.part(first, last + 2).has(forms("add")) and words.denied(first - 3, last + 1):
        return False
    depends = forms("depend influence affect change determine alter matter") | wordset(
        "influence effect same"
    )
    if words.has(forms("grow increase rise")) and words.has("with"):
        return not words.denied(first - 6, last + 1)
    if not words.part(first, last + 4).has(depends):
        return None
    if words.has("same"):
        return words.denied(first - 6, last + 1)
    return not words.denied(first - 6, last + 1)
