""" "Did you mean": the nearest known name to one that is not known. Suggests, never decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler

from generator.mapping.folding import bare, clean, fold
from generator.mapping.words import OTHER_ARCHITECTURES

_SIMILAR = 0.85


def nearest(word: str, known: Iterable[str], *, least: float = _SIMILAR) -> str:
    """The known name most like ``word`` (Jaro-Winkler on folded letters), "" if none is near."""
    folded = bare(word)
    best, score = "", least
    if not folded:
        return best
    for each in known:
        similarity = JaroWinkler.similarity(folded, bare(each), score_cutoff=score)
        if similarity > score or (similarity == score and not best and similarity >= least):
            best, score = each, similarity
    return best


def one_edit_away(word: str, known: Iterable[str]) -> str:
    """The first known name that one typing mistake turns into ``word``, "" if there is none.

    Names of up to three letters are left out: there everything is one edit from everything.
    """
    if len(word) <= 3:
        return ""
    for each in known:
        if len(each) > 3 and each != word and OSA.distance(word, each, score_cutoff=1) == 1:
            return each
    return ""


_OTHERS = frozenset(fold(word) for word in OTHER_ARCHITECTURES.split())
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class NearNames:
    """Names one typing mistake away, found without comparing a heading to every name.

    ``reduced`` maps names, and names with one letter left out, to the names: two words are one edit
    apart only if they, or they without one letter, meet there (symmetric deletion).
    """

    reduced: dict[str, tuple[str, ...]]
    longest: int

    def find(self, text: str) -> str:
        """The name (as written) that a heading misspells, "" if none."""
        if len(text) > 60 or text.count(" ") > 2:
            return ""
        word = fold(clean(text))
        if len(word) < _SHORTEST or len(word) > self.longest or word in _OTHERS:
            return ""
        for each in (word, *_without_one(word)):
            for name in self.reduced.get(each, ()):
                if OSA.distance(word, fold(clean(name)), score_cutoff=1) == 1:
                    return name
        return ""


def near_names(names: Iterable[str]) -> NearNames:
    """Index names for :meth:`NearNames.find`; short ones are left out."""
    reduced: dict[str, dict[str, None]] = {}
    for name in names:
        word = fold(clean(name))
        if len(word) >= _SHORTEST:
            for each in (word, *_without_one(word)):
                reduced.setdefault(each, {})[name] = None
    longest = max((len(each) for each in reduced), default=0) + 1
    return NearNames({key: tuple(found) for key, found in reduced.items()}, longest)


def _without_one(word: str) -> tuple[str, ...]:
    return tuple(word[:index] + word[index + 1 :] for index in range(len(word)))
