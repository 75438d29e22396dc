"""Whether a number that does not fit what it was compared with is another number of the statement's.

Before a number of a network is called false it is looked for among everything else that can be counted of
the networks the statement speaks of, and among the products of the numbers beside it: what fits there was
read amiss.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import prod

from generator.claims import measures
from generator.claims.candidate import Candidate, fitting
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import fold
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity
from generator.claims.referring import ATTRIBUTED

MEASURES = ("parameters", "mac", "depth", "convolutions", "linears", "blocks", "modules")
COMPARING = wordset(
    "rather instead differs differ different than vs versus unlike whereas while only"
)
ADAPTATIONS = wordset(
    "versions implementations re-implementations reimplementations tutorials ports variants adaptations"
)
# Who made a network as it is known, where the note's own is another.
MAKERS = wordset(
    "torchvision pytorch keras tensorflow timm caffe original official published paper papers authors"
)
LEAST = 1000  # what is smaller agrees with something by chance
LEAST_PRODUCT = 1000
MOST_NUMBERS = 14


def of_another(
    candidate: Candidate, sentences: Sequence[Sentence], subjects: Sequence[Subject]
) -> str:
    """Say what else a stated number is; nothing where it is nothing else."""
    stated = candidate.stated
    here = next((e for e in sentences if e.start <= candidate.at < e.end), None)
    meant = _meant(here, candidate, subjects) if here is not None else ""
    if meant or not isinstance(stated, Quantity) or not candidate.subject:
        return meant
    bound = stated.hedge in (Hedge.OVER, Hedge.UNDER)
    compared = any(each.words & COMPARING for each in sentences)
    for subject in subjects if stated.value >= LEAST and not bound else ():
        for measure in MEASURES:
            same = _measures(candidate, subject, measure)
            if same and (subject.name == candidate.subject or not compared):
                continue
            if fitting(stated, measures.readings(subject, measure)):
                return f"it is {subject.name}'s number of {measures.noun(measure)}"
    return _product(candidate, stated, here) if here is not None else ""


def _meant(sentence: Sentence, candidate: Candidate, subjects: Sequence[Subject]) -> str:
    """Say what a sentence's words leave possible that a number is of."""
    changed = any(each.changed and each.name == candidate.subject for each in subjects)
    if candidate.subject and _adapted(sentence, changed=changed):
        return "it may be of another version"
    if _called(sentence, candidate.at):
        return "it may tell which network is meant"
    if candidate.subject and candidate.kind == "totals" and _share_of(sentence, candidate):
        return "it may be a part's"
    return ""


def _share_of(sentence: Sentence, candidate: Candidate) -> bool:
    """Whether a number is said to be some per cent of the network: "14,964,736 parameters, 59 % of ResNet-50"."""
    behind = [each for each in sentence.pieces if each.start > candidate.at]
    return any(
        of.gist == "of" and fold(whole.word) == fold(candidate.subject) and _in_percent(share)
        for share, of, whole in zip(behind, behind[1:], behind[2:], strict=False)
    )


def _in_percent(piece: Piece) -> bool:
    return piece.gist in ("%", "percent") or piece.in_percent


def _called(sentence: Sentence, at: int) -> bool:
    """Whether a number only calls a network by its depth: "the 34-layer thing took ages"."""
    index = next((i for i, each in enumerate(sentence.pieces) if each.start == at), 0)
    before, after = sentence.pieces[max(0, index - 1) : index], sentence.pieces[index + 1 :]
    definite = any(each.gist in ("the", "this", "that", "these", "our", "their") for each in before)
    single = bool(after) and after[0].word.lower() == "layer"
    return definite and single and not any(e.titled or e.gist in ATTRIBUTED for e in after[1:2])


def _adapted(sentence: Sentence, *, changed: bool) -> bool:
    """Whether a sentence speaks of what others make of a network: "many implementations", "CIFAR versions
    of", and where the note's is ``changed``, "torchvision's"."""
    meant = ADAPTATIONS | MAKERS if changed else ADAPTATIONS
    words = (each.word.lower().partition("'")[0].partition("’")[0] for each in sentence.pieces)
    return any(each in meant for each in words)


def _measures(candidate: Candidate, subject: Subject, measure: str) -> bool:
    """Whether a number was compared with the same measure: of one network or another."""
    own = {each.value for each in candidate.readings}
    if subject.name == candidate.subject:
        return any(each.value in own for each in measures.readings(subject, measure))
    return measures.noun(measure).split()[-1] in candidate.expected


def _product(candidate: Candidate, stated: Quantity, here: Sentence) -> str:
    """The numbers beside it whose product it is: "192→96 (18,432 weights)"."""
    if not stated.exact or stated.value < LEAST_PRODUCT:
        return ""
    numbers = [
        int(each.quantity.value)
        for each in here.pieces
        if each.sort is Sort.NUMBER
        and each.quantity is not None
        and each.start != candidate.at
        and each.quantity.value.denominator == 1
        and each.quantity.value > 1
    ]
    numbers += [prod(each.size[:2]) for each in here.pieces if len(each.size) > 1]
    if len(numbers) > MOST_NUMBERS:
        return ""
    for count in (2, 3):
        for chosen in combinations(sorted(set(numbers)), count):
            if prod(chosen) == stated.value:
                return f"it is {'·'.join(map(str, chosen))}"
    return ""
