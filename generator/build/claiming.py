"""Claims from the cache, where neither the note nor a network it speaks of has changed.

What a note states is judged from the note, the networks its sections are about, the names that
networks go by, and the networks that its sentences name. The last are known only afterwards, so they
are watched while the note is checked and stored beside the claims, each with its digest.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.build.cache import Cache
from generator.build.processes import spread
from generator.claims.check import check_note
from generator.claims.model import Claim, Subject
from generator.core.digest import digest
from generator.mapping.subjects import Stating

_ENOUGH_FOR_PROCESSES = 200  # notes; below, starting processes costs more than it saves
_BATCH = 32


@dataclass(frozen=True, slots=True)
class CachedCheck:
    """:func:`generator.mapping.subjects.check_notes` with a memory, in up to ``jobs`` processes.

    ``keys`` are those of the parsed notes.
    """

    cache: Cache
    keys: Mapping[str, str]
    jobs: int | None = None

    def __call__(
        self,
        stating: Sequence[Stating],
        catalogue: Mapping[str, Subject],
        spoken: Mapping[str, str],
    ) -> list[tuple[Claim, ...]]:
        """Give the claims of each note."""
        digests = _Digests()
        names = digest(repr((list(catalogue), sorted(spoken.items()))))
        keys = [self._key(each, names, digests) for each in stating]
        found = {key: self._known(key, catalogue, digests) for key in keys}
        missing = [
            (key, each) for key, each in zip(keys, stating, strict=True) if found[key] is None
        ]
        check = functools.partial(_checked, catalogue=catalogue, spoken=spoken)
        answers = spread(
            check,
            [each for _, each in missing],
            jobs=self.jobs,
            least=_ENOUGH_FOR_PROCESSES,
            batch=_BATCH,
        )
        for (key, _), (claims, named) in zip(missing, answers, strict=True):
            found[key] = claims
            looked_at = tuple((name, digests.of(catalogue[name])) for name in named)
            self.cache.put("claims", key, (claims, looked_at))
        return [found[key] or () for key in keys]

    def _key(self, each: Stating, names: str, digests: _Digests) -> str:
        about = (f"{index} {digests.of(each.subjects[index])}" for index in sorted(each.subjects))
        return "\n".join((self.keys[each.note.path], names, *about))

    def _known(
        self, key: str, catalogue: Mapping[str, Subject], digests: _Digests
    ) -> tuple[Claim, ...] | None:
        stored = self.cache.get("claims", key)
        if not isinstance(stored, tuple):
            return None
        claims, looked_at = stored
        same = all(digests.of(catalogue[name]) == before for name, before in looked_at)
        return tuple(claims) if same else None


def _checked(
    stating: Sequence[Stating], *, catalogue: Mapping[str, Subject], spoken: Mapping[str, str]
) -> list[tuple[tuple[Claim, ...], tuple[str, ...]]]:
    """Check notes; gives each one's claims and the names of the networks that were looked at."""
    found = []
    for each in stating:
        watched = _Watched(catalogue)
        claims = check_note(each.note, each.subjects, catalogue=watched, spoken=spoken)
        found.append((claims, tuple(sorted(watched.asked))))
    return found


class _Digests:
    """Digests of networks, each made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Subject, str]] = {}  # by identity; kept alive here

    def of(self, subject: Subject) -> str:
        known = self._known.get(id(subject))
        if known is None:
            known = self._known[id(subject)] = (subject, digest(repr(subject)))
        return known[1]


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
