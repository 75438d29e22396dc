""""Did you mean": the nearest known name to one that is not known. Suggests, never decides."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA, JaroWinkler

from generator.mapping.folding import bare

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
