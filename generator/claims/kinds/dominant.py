"""Where most of a network is, in words: "most of its parameters are in the fully connected layers", "the
convs do nearly all of the work", "hardly any of the weights sit in the first stage".

A quantifier, what it counts and a part make one statement; its share is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from generator.claims import parts
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import literal
from generator.claims.lexicon import wordset
from generator.claims.parts import Part
from generator.claims.passage import MAX_PIECES, Sentence, Sort
from generator.claims.quantity import show
from generator.claims.referring import asserted, refer

KIND = "totals"

COUNTED = wordset("parameter weight")
COMPUTED = wordset("mac flop mult operation compute computation computations work effort cost")
HOLDING = wordset("in into to by inside within")
TURNING = wordset("than not never without other rest remaining another if would")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantifier: the share it begins with where it holds, and where it certainly does not."""

    true: Fraction
    false: Fraction
    least: bool = True

    def judge(self, share: Fraction) -> bool | None:
        """Whether a share is so large, or so small; ``None`` where people may differ."""
        if not self.least:
            share = -share
        if share >= (self.true if self.least else -self.true):
            return True
        return False if share <= (self.false if self.least else -self.false) else None


MOST = Amount(Fraction(52, 100), Fraction(48, 100))
ALL = Amount(Fraction(8, 10), Fraction(6, 10))
LITTLE = Amount(Fraction(2, 10), Fraction(4, 10), least=False)
WORDS: tuple[tuple[tuple[str, ...], Amount], ...] = (
    (("about", "all"), ALL),
    (("practically", "all"), ALL),
    (("hardly", "any"), LITTLE),
    (("very", "little"), LITTLE),
    (("very", "few"), LITTLE),
    (("lion", "share"), MOST),
    (("bulk",), MOST),
    (("majority",), MOST),
    (("most",), MOST),
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find where a sentence says that most of something is."""
    for sentence in context.sentences:
        if sentence.question or len(sentence.pieces) > MAX_PIECES:
            continue
        said = _said(sentence)
        if not said or TURNING & sentence.words:
            continue
        mentioned = context.mentions(sentence)
        counted = any(each.sort is Sort.NUMBER for each in sentence.pieces)
        if not (mentioned or counted or len(said) > 1 or sentence.has("its", "it", "their")):
            continue  # may be said of networks in general
        named = parts.find(sentence, context.passage.text, mentioned)
        for number, (first, last, amount) in enumerate(said):
            end = said[number + 1][0] if number + 1 < len(said) else len(sentence.pieces)
            measure = _measure(sentence, last, end)
            part = _part(sentence, named, first, last, end)
            if measure and part is not None and asserted(sentence, first):
                yield from _judged(context, sentence, (first, last), amount, measure, part)


def _said(sentence: Sentence) -> list[tuple[int, int, Amount]]:
    gists = [each.gist for each in sentence.pieces]
    found: list[tuple[int, int, Amount]] = []
    for at in range(len(gists)):
        for words, amount in WORDS:
            if tuple(gists[at : at + len(words)]) == words and gists[at - 1 : at] != ["at"]:
                found.append((at, at + len(words), amount))
                break
    return found


def _measure(sentence: Sentence, first: int, last: int) -> str:
    """What is spoken of: the first noun of a count behind the quantifier."""
    for piece in sentence.pieces[first : min(last, first + 7)]:
        if piece.gist in COUNTED:
            return "parameters"
        if piece.gist in COMPUTED:
            return "mac"
    return ""


def _part(
    sentence: Sentence, named: Sequence[Part], first: int, last: int, end: int
) -> Part | None:
    """The part that most of something is in, behind it, or else the part that has most of it."""
    ahead = next((each for each in named if last <= each.first < end), None)
    if ahead is not None:
        between = {each.gist for each in sentence.pieces[last : ahead.first + 1]}
        return ahead if between & HOLDING else None
    before = [each for each in named if each.last <= first]
    return before[-1] if before else None


def _judged(
    context: Context,
    sentence: Sentence,
    place: tuple[int, int],
    amount: Amount,
    measure: str,
    part: Part,
) -> Iterator[Candidate]:
    reference = refer(context, sentence, part.first, context.mentions(sentence))
    if reference is None or not reference.definite or part.rest:
        return
    subject = reference.subject
    pairs = product(parts.amounts(subject, part, measure, bias=None), parts.whole(subject, measure))
    for one, every in pairs:
        if not (isinstance(one.value, Fraction) and isinstance(every.value, Fraction)):
            continue
        share = one.value / every.value
        held = amount.judge(share)
        if held is None:
            return
        sign, bound = (">=", amount.true) if amount.least else ("<=", amount.true)
        line = f"assert Fraction({one.source}, {every.source}) {sign} {literal(bound)}"
        how = f"{one.how}, {show(share)} of {show(every.value)}"
        piece = sentence.pieces[place[0]]
        yield claiming(
            KIND,
            sentence,
            piece,
            True,
            (Reading(held, how, "", (line,)),),
            subject=subject.name,
            expected=context.passage.text[piece.start : sentence.pieces[place[1] - 1].end].strip(),
            decisive=True,
        )
        return
