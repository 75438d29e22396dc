"""Claims from the cache, where neither the note nor a network it speaks of has changed.

What a note states is judged from the note, the networks its sections are about, the names that
networks go by, and the networks that its sentences name. The last are known only afterwards, so they
are watched while the note is checked and stored beside the claims, each with its digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.build.cache import Cache
from generator.claims.check import check_note
from generator.claims.model import Claim, Subject
from generator.core.digest import digest
from generator.notes.model import Note


class CachedCheck:
    """:func:`generator.claims.check.check_note` with a memory. ``keys`` are those of the notes."""

    def __init__(self, cache: Cache, keys: Mapping[str, str]) -> None:
        self._cache = cache
        self._keys = keys
        self._digests: dict[int, tuple[Subject, str]] = {}
        self._names: tuple[object, object, str] = (None, None, "")

    def __call__(
        self,
        note: Note,
        subjects: Mapping[int, Subject],
        /,
        *,
        catalogue: Mapping[str, Subject],
        spoken: Mapping[str, str],
    ) -> tuple[Claim, ...]:
        """Give the note's claims."""
        about = [f"{index} {self._digest(each)}" for index, each in sorted(subjects.items())]
        names = self._names_digest(catalogue, spoken)
        key = "\n".join((self._keys[note.path], names, *about))
        stored = self._cache.get("claims", key)
        if isinstance(stored, tuple):
            claims, named = stored
            if all(self._digest(catalogue[name]) == before for name, before in named):
                return tuple(claims)
        watched = _Watched(catalogue)
        claims = check_note(note, subjects, catalogue=watched, spoken=spoken)
        named = tuple((name, self._digest(catalogue[name])) for name in sorted(watched.asked))
        self._cache.put("claims", key, (claims, named))
        return claims

    def _digest(self, subject: Subject) -> str:
        known = self._digests.get(id(subject))
        if known is None:
            known = self._digests[id(subject)] = (subject, digest(repr(subject)))
        return known[1]

    def _names_digest(self, catalogue: Mapping[str, Subject], spoken: Mapping[str, str]) -> str:
        if self._names[0] is not catalogue or self._names[1] is not spoken:
            self._names = (
                catalogue,
                spoken,
                digest(repr((list(catalogue), sorted(spoken.items())))),
            )
        return self._names[2]


class _Watched(Mapping[str, Subject]):
    """A catalogue that notes which networks are looked at."""

    def __init__(self, catalogue: Mapping[str, Subject]) -> None:
        self._catalogue = catalogue
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Subject:
        found = self._catalogue[name]
        self.asked.add(name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._catalogue

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogue)

    def __len__(self) -> int:
        return len(self._catalogue)
