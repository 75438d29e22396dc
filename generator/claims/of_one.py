"""Two numbers that a sentence gives one network of a family, and that no network of it has both of.

"VGG has 138 million parameters, 19 layers": each is right of some VGG, but they stand beside each other,
and so they are one network's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from generator.claims.candidate import Candidate, Reading, agrees, fitting
from generator.claims.kinds import structure
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence
from generator.claims.quantity import Agreement, Hedge, Quantity

# What stands between two numbers of one network, theirs counted in.
BESIDE = wordset(
    "parameter weight layer conv fc mac mult operation , ; and ( ) with have weighted deep about ~ ≈"
)
# With these a sentence speaks of several networks.
SEVERAL = wordset(
    "up upto to or between versions version variants variant members respectively also depending each "
    "family families configurations one ones from vs versus than deepest largest smallest both"
)
JOINTS = wordset(", and / or & -")
_MODEL = re.compile(r'\bmodel\("(\w+)"\)')


def another(
    candidate: Candidate, beside: Sequence[Candidate], sentences: Sequence[Sentence]
) -> Reading | None:
    """What a network has of what a number counts, where it is only right of another network of the family
    than the number beside it."""
    here = next((e for e in sentences if e.start <= candidate.at < e.end), None)
    if here is None or here.words & SEVERAL or _lists(here) or not _plain(candidate):
        return None
    claimed = {candidate.at, *(each.at for each in beside)}
    if any(
        each.quantity and not each.numeral and each.start not in claimed for each in here.pieces
    ):
        return None  # "152 layers, 25.6M parameters with 50"
    if _twice([candidate, *(e for e in beside if here.start <= e.at < here.end)]):
        return None  # "18 layers, 11.7M parameters, 50 layers, 25.6M parameters"
    for other in beside:
        if other.subject != candidate.subject or not _plain(other):
            continue
        if not _joined(here, candidate.at, other.at):
            continue
        own, mine = _right_of(other), _right_of(candidate)
        if mine & own or not (_known(own, candidate) and _known(mine, other)):
            continue
        if not _sooner(candidate, mine, other, own):
            return next(e for e in candidate.readings if own & _networks([e]))
    return None


def _sooner(one: Candidate, mine: set[str], other: Candidate, own: set[str]) -> bool:
    """Whether of two numbers the other one is wrong: the family's name means its usual network first, and
    what comes first says which one is meant."""
    usual = one.subject
    return usual in mine or (usual not in own and one.at < other.at)


def _known(names: set[str], candidate: Candidate) -> bool:
    """Whether a number was compared with what networks have, or with what forms of them ("vgg19_bn") have."""
    known = tuple(names & _networks(candidate.readings))
    return bool(known) and all(each.startswith(known) for each in names)


def _right_of(candidate: Candidate) -> set[str]:
    """The networks that a number is right of."""
    return _networks(fitting(candidate.stated, candidate.readings))


def _plain(candidate: Candidate) -> bool:
    stated = candidate.stated
    counted = candidate.kind == structure.KIND
    if counted and any(
        agrees(stated, e.value) is not Agreement.FALSE for e in candidate.readings if e.doubtful
    ):
        return False  # published otherwise
    return isinstance(stated, Quantity) and stated.hedge not in (Hedge.OVER, Hedge.UNDER)


def _twice(claims: Sequence[Candidate]) -> bool:
    """Whether two numbers count the same."""
    counted = [{e.source for e in each.readings if e.source} for each in claims]
    return any(one & other for one, other in combinations(counted, 2))


def _lists(sentence: Sentence) -> bool:
    """Whether numbers of one kind follow each other: "50 and 101 layers, 25.6M and 44.5M parameters"."""
    gists = [each.gist for each in sentence.pieces]
    return any(
        one[:1] == "#" == other[:1] and joint in JOINTS
        for one, joint, other in zip(gists, gists[1:], gists[2:], strict=False)
    )


def _joined(sentence: Sentence, one: int, other: int) -> bool:
    """Whether two numbers stand beside each other, with nothing but what they count between them."""
    low, high = sorted((one, other))
    between = {each.gist for each in sentence.pieces if low < each.start < high}
    return low >= sentence.start and high < sentence.end and between <= BESIDE


def _networks(readings: Sequence[Reading]) -> set[str]:
    """The networks that readings are about."""
    return {
        name
        for each in readings
        if not each.doubtful
        for name in _MODEL.findall("\n".join((*each.setup, each.source)))
    }


__all__ = ["another"]
