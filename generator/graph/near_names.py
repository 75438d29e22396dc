"""A name that names nothing -> the name that was probably meant, for hints only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Similarity searches are linear in the number of files; a vault with thousands of links to notes
# not written yet gets hints by folding alone after this many.
_SEARCHES = 200
_SIMILAR = 0.93

_NOT_WORD = re.compile(r"[\W_]+")


class NearNames:
    """The names of some files of a vault, to be searched for similar ones."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._folded: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._found: dict[str, str] = {}
        self._searches = 0
        for path in sorted(paths, key=lambda each: (len(each), each)):
            name = _shown(path).rpartition("/")[2]
            self._folded.setdefault(fold(name), path)
            self._stems.setdefault(fold(name.rpartition(".")[0]), path)

    def with_extension(self, target: str) -> str:
        """Give the file whose name lacks only its extension in ``target``, or ``""``."""
        return self._stems.get(fold(target.rpartition("/")[2]), "")

    def suggest(self, target: str) -> str:
        """Give a link text for the most similar file name, or ``""``.

        Names equal but for case, punctuation, accents and blanks come first.
        """
        name = target.rpartition("/")[2]
        if name not in self._found:
            self._found[name] = self._search(fold(name.removesuffix(".md")))
        return self._found[name]

    def _search(self, folded: str) -> str:
        if not folded:
            return ""
        if folded in self._folded:
            return _shown(self._folded[folded])
        if self._searches >= _SEARCHES or len(folded) < 4:
            return ""
        self._searches += 1
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        found = process.extractOne(
            folded, self._folded.keys(), scorer=JaroWinkler.similarity, score_cutoff=_SIMILAR
        )
        return _shown(self._folded[found[0]]) if found else ""


def fold(name: str) -> str:
    """Reduce a name to its letters and digits: case, accents, blanks and punctuation go."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub("", plain)


def _shown(path: str) -> str:
    return path.removesuffix(".md")
