"""All names of all families, folded for look-up in headings, and the word tables likewise.

Built once a run from the families and the configuration's extra names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from generator.architectures.model import Family
from generator.mapping import words
from generator.mapping.folding import Token, bare, clean, fold, keys, name_keys, squeeze, tokenise


@dataclass(frozen=True, slots=True)
class Naming:
    """What one folded name stands for: a family, or one variant of it."""

    family: str
    variant: str | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded names to what they name.

    ``suffixes[family]`` maps what may follow a family's name (``16``, ``v3``) to a variant.
    ``sieve`` finds squeezed texts that may hold a name. ``kinds`` are the families whose only short
    name is the name of the whole kind (CNN).
    """

    families: Mapping[str, Family]
    names: Mapping[str, tuple[Naming, ...]]
    homonyms: frozenset[str]
    suffixes: Mapping[str, Mapping[str, str]]
    longest: int
    sieve: re.Pattern[str]

    def may_name(self, text: str) -> bool:
        """Whether a text can hold a name at all: fast, and never wrong when it says no."""
        return self.sieve.search(squeeze(text)) is not None

    def look_up(self, tokens: tuple[Token, ...]) -> tuple[Naming, ...]:
        """What a run of tokens names, if anything."""
        for each in keys(tokens):
            if found := self.names.get(each):
                return found
        return ()

    def spellings(self) -> tuple[tuple[str, str], ...]:
        """(name as written in the spec, family) pairs, for suggestions."""
        return tuple(
            (name, family.name)
            for family in self.families.values()
            for name in (*family.names, *_variant_names(family))
        )


def build_lexicon(
    families: Sequence[Family], extra_names: Mapping[str, tuple[str, ...]] | None = None
) -> Lexicon:
    """Index the families' names, their variants' names, and the configuration's extra names."""
    extra = extra_names or {}
    names: dict[str, list[Naming]] = {}
    suffixes: dict[str, dict[str, str]] = {}
    homonyms: set[str] = set()
    for family in families:
        plain = [family.name, *family.names, *extra.get(family.name, ())]
        own_keys = {each for name in plain for each in name_keys(name)}
        following = suffixes.setdefault(family.name, {})
        for network in family.networks:
            for variant in network.variants:
                for spelling in (variant.name, *variant.aliases):
                    for each in name_keys(spelling):
                        _add(names, each, Naming(family.name, variant.name))
                        for own in sorted(own_keys, key=lambda name: (-len(name), name)):
                            if each.startswith(own) and len(each) > len(own):
                                following.setdefault(each[len(own) :], variant.name)
                                break
        for each in own_keys:
            if not any(known.family == family.name for known in names.get(each, ())):
                _add(names, each, Naming(family.name, None))
        homonyms.update(each for name in family.homonyms for each in name_keys(name))
    names.pop("", None)
    squeezed = sorted({squeeze(each) for each in names} - {""})
    pattern = "|".join(re.escape(each) for each in _minimal(squeezed)) or r"(?!)"
    return Lexicon(
        families={family.name: family for family in families},
        names={each: tuple(found) for each, found in names.items()},
        homonyms=frozenset(homonyms),
        suffixes=suffixes,
        longest=max((len(each) for each in names), default=0) + 4,
        sieve=re.compile(pattern),
    )


def _add(names: dict[str, list[Naming]], name: str, naming: Naming) -> None:
    known = names.setdefault(name, [])
    # A spelling shared by several variants of one family names the first: spec order decides.
    if all(each.family != naming.family for each in known):
        known.append(naming)


def _minimal(texts: Iterable[str]) -> list[str]:
    """Those texts that contain no other: enough for a sieve."""
    kept: list[str] = []
    for text in sorted(texts, key=lambda each: (len(each), each)):
        if not any(shorter in text for shorter in kept):
            kept.append(text)
    return kept


def _variant_names(family: Family) -> tuple[str, ...]:
    return tuple(
        spelling
        for network in family.networks
        for variant in network.variants
        for spelling in (variant.name, *variant.aliases)
    )


# ------------------------------------------------------------------ word tables


def _words(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split()) - {""}


def _exact(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(bare(word) for line in lines for word in line.split()) - {""}


TECHNICAL = _words(words.TECHNICAL_NOISE)
PLAIN = _words(words.PLAIN_NOISE)
NOISE = TECHNICAL | PLAIN
KIND = _words(words.KIND)
COLLECTIVE = _words(words.COLLECTIVE)
LISTING = _exact(words.LISTING)
ASPECTS = _words(words.ASPECTS)
VERSION = _words((words.VERSION,))
LAYERS = _words((words.LAYERS,))


@cache
def phrases(table: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """A ``|``-separated phrase table as folded token texts."""
    return frozenset(
        tuple(token.text for token in tokenise(clean(phrase)))
        for line in table
        for phrase in line.split("|")
    ) - {()}
