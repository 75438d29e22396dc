"""All names of all families, folded for look-up in headings, and the word tables likewise.

Built once a run from the families and the configuration's extra names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from generator.architectures.model import Family
from generator.mapping import words
from generator.mapping.folding import (
    UNSPACED,
    bare,
    clean,
    fold,
    name_keys,
    squeeze,
    tokenise,
    uncovered,
)

# ------------------------------------------------------------------ word tables


def _words(lines: Iterable[str]) -> frozenset[str]:
    """Folded words; a hyphenated one also part by part, a word in an unspaced script as a whole."""
    spelled = [word for line in lines for word in line.split()]
    parts = [part for word in spelled for part in word.split("-")]
    return frozenset(fold(word) for word in (*spelled, *parts)) - {""}


def _exact(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(bare(word) for line in lines for word in line.split()) - {""}


NETWORK = _words(words.NETWORK)
TECHNICAL = _words(words.TECHNICAL_NOISE) | NETWORK
PLAIN = _words(words.PLAIN_NOISE)
NOISE = TECHNICAL | PLAIN
CONNECTIVES = _words((words.CONNECTIVES,))
KIND = _words(words.KIND)
COLLECTIVE = _words(words.COLLECTIVE)
LISTING = _exact(words.LISTING)
ASPECTS = _words(words.ASPECTS)
VERSION = _words((words.VERSION,))
GENERIC = _words((words.GENERIC,))
LAYERS = _words((words.LAYERS,))


@cache
def phrases(table: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """A ``|``-separated phrase table as folded token texts."""
    return frozenset(
        tuple(token.text for token in tokenise(clean(phrase)))
        for line in table
        for phrase in line.split("|")
    ) - {()}


@cache
def phrase_starts(table: tuple[str, ...]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a table by their first token."""
    starts: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases(table)):
        starts.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(found) for first, found in starts.items()}


# ------------------------------------------------------------------ names


@dataclass(frozen=True, slots=True)
class Naming:
    """What one folded name stands for: a family, or one variant of it."""

    family: str
    variant: str | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded names to what they name.

    ``suffixes[family]`` maps a family's names to what may follow them (``16``, ``v3``) and the
    variant that gives. ``beginnings`` are all beginnings of names. ``sieve`` finds squeezed texts
    that may hold a name. ``kind`` is the family that the whole kind of network is called (CNN), if
    it is among the families.

    ``cores`` are words that name a family together with any word for network ("残差", "residual");
    ``shorts`` are names without their noise words: they say nothing new beside another name of the
    family ("VGG (Visual Geometry Group)").
    """

    families: Mapping[str, Family]
    names: Mapping[str, tuple[Naming, ...]]
    homonyms: frozenset[str]
    suffixes: Mapping[str, Mapping[str, Mapping[str, str]]]
    beginnings: frozenset[str]
    sieve: re.Pattern[str]
    kind: str | None
    cores: Mapping[str, frozenset[str]]
    shorts: Mapping[str, frozenset[str]]

    def may_name(self, text: str) -> bool:
        """Whether a text can hold a name at all: fast, and never wrong when it says no."""
        return self.sieve.search(squeeze(text)) is not None

    def suffixes_of(self, family: str, name: str) -> Mapping[str, str]:
        """What may follow a (folded) name of a family, and the variant that gives.

        A name no variant begins with takes what may follow the family's own: "VGGNet-16".
        """
        tables = self.suffixes.get(family, {})
        fitting = [own for own in tables if name.startswith(own)]
        own = max(fitting, key=len) if fitting else next(iter(tables), "")
        return tables.get(own, {})

    def plain_names(self, family: str) -> frozenset[str]:
        """The folded names that name the family as a whole, whatever variant they also name."""
        found = self.families[family]
        return frozenset(each for name in (family, *found.names) for each in name_keys(name))

    def spellings(self) -> tuple[tuple[str, str], ...]:
        """(name as written in the spec, family) pairs, for suggestions."""
        return tuple(
            (name, family.name)
            for family in self.families.values()
            for name in (*family.names, *(each for each, _ in _variant_spellings(family)))
        )


def build_lexicon(
    families: Sequence[Family], extra_names: Mapping[str, tuple[str, ...]] | None = None
) -> Lexicon:
    """Index the families' names, their variants' names, and the configuration's extra names."""
    extra = extra_names or {}
    names: dict[str, list[Naming]] = {}
    suffixes: dict[str, dict[str, dict[str, str]]] = {}
    homonyms: set[str] = set()
    for family in families:
        plain = (family.name, *family.names, *extra.get(family.name, ()))
        own_keys = tuple(dict.fromkeys(each for name in plain for each in name_keys(name)))
        spellings = _variant_spellings(family)
        for spelling, variant in spellings:
            for each in name_keys(spelling):
                _add(names, each, Naming(family.name, variant))
        for each in own_keys:
            if not any(known.family == family.name for known in names.get(each, ())):
                _add(names, each, Naming(family.name, _narrower(each, family, spellings)))
        suffixes[family.name] = _suffixes(own_keys, spellings)
        homonyms.update(each for name in family.homonyms for each in name_keys(name))
    for title, naming in _papers(families):
        for each in name_keys(title):
            names.setdefault(each, [naming])
    names.pop("", None)
    kind = _kind(families, names)
    cores = {family.name: _cores(family) for family in families}
    sieved = [*names, *(KIND if kind else ()), *(each for own in cores.values() for each in own)]
    squeezed = sorted({squeeze(each) for each in sieved} - {""})
    pattern = "|".join(re.escape(each) for each in _minimal(squeezed)) or r"(?!)"
    return Lexicon(
        families={family.name: family for family in families},
        names={each: tuple(found) for each, found in names.items()},
        homonyms=frozenset(homonyms),
        suffixes=suffixes,
        beginnings=frozenset(each[:end] for each in names for end in range(1, len(each) + 1)),
        sieve=re.compile(pattern),
        kind=kind,
        cores=cores,
        shorts={family.name: _shorts(family) for family in families},
    )


def _kind(families: Sequence[Family], names: Mapping[str, list[Naming]]) -> str | None:
    """The family that a name of the whole kind names."""
    for family in families:
        for name in KIND:
            if any(each.family == family.name for each in names.get(name, ())):
                return family.name
    return None


# "Simonyan and Zisserman 2014, Very Deep …, https://…": a paper as specifications cite it.
_PAPER = re.compile(r"\b(?:19|20)\d\d[a-z]?,\s*(.+?),?\s*(?:https?://\S+)?\s*$", re.DOTALL)
_TITLE_WORDS = 4


def _papers(families: Sequence[Family]) -> Iterator[tuple[str, Naming]]:
    """Titles of the papers that network classes come from (the first each cites), and what they name.

    The family where the class holds its default variant, else the class's first variant. A title
    that two families cite names neither.
    """
    found: dict[str, list[Naming]] = {}
    for family in families:
        for network in family.networks:
            match = _PAPER.search(network.papers[0]) if network.papers else None
            if match is None or len(tokenise(clean(match.group(1)))) < _TITLE_WORDS:
                continue
            first = network.variants[0].name if network.variants else None
            default = any(variant.name == family.default for variant in network.variants)
            found.setdefault(match.group(1), []).append(
                Naming(family.name, None if default else first)
            )
    for title, namings in found.items():
        if len({naming.family for naming in namings}) == 1:
            yield title, min(namings, key=lambda each: each.variant or "")


# "Mobile Net" is a name, "mobile networks" are none: only whole words for network can be exchanged.
_CLIPPED = frozenset({"net", "ネット", "넷"})


def _cores(family: Family) -> frozenset[str]:
    """The single words of names that have a word for network beside them."""
    found: set[str] = set()
    for name in family.names:
        tokens = tokenise(clean(name))
        left = uncovered(tokens, range(len(tokens)), NOISE)
        networks = len(tokens) - len(uncovered(tokens, range(len(tokens)), NETWORK - _CLIPPED))
        run = [tokens[index] for index in left]
        if networks and run and (len(run) == 1 or all(t.script in UNSPACED for t in run)):
            found.add("".join(token.text for token in run))
    return frozenset(found)


def _shorts(family: Family) -> frozenset[str]:
    """Names without the noise words at their ends, where something of two words is left."""
    found: set[str] = set()
    for name in family.names:
        tokens = tokenise(clean(name))
        left = uncovered(tokens, range(len(tokens)), NOISE)
        if len(left) >= 2:
            found.add("".join(token.text for token in tokens[left[0] : left[-1] + 1]))
    return frozenset(found)


def _variant_spellings(family: Family) -> tuple[tuple[str, str], ...]:
    """(spelling, variant) pairs: the variants' own names first, then their aliases."""
    variants = [variant for network in family.networks for variant in network.variants]
    return (
        *((variant.name, variant.name) for variant in variants),
        *((alias, variant.name) for variant in variants for alias in variant.aliases),
    )


def _narrower(name: str, family: Family, spellings: tuple[tuple[str, str], ...]) -> str | None:
    """The variant that a name of the family means when it names only some of its variants.

    "ResNeXt" is a name of the ResNet family, but stands for its first variant called so, not for
    the default. The family's own name stands for the whole.
    """
    if name in name_keys(family.name):
        return None
    begun = [
        (variant, key)
        for spelling, variant in spellings
        for key in name_keys(spelling)
        if key.startswith(name)
    ]
    if not begun or any(variant == family.default for variant, _ in begun):
        return None
    return begun[0][0]


def _suffixes(
    own_keys: tuple[str, ...], spellings: tuple[tuple[str, str], ...]
) -> dict[str, dict[str, str]]:
    """For each name of the family that variants begin with: what follows it, to the variant.

    What follows may be cut after a number where that leaves no doubt by itself: "ResNet-20" for
    ``resnet20_cifar``. Whole spellings win over cut ones, earlier variants over later ones.
    """
    tables: dict[str, dict[str, str]] = {}
    cut: list[tuple[str, str, str]] = []
    for spelling, variant in spellings:
        tokens = tokenise(clean(spelling))
        whole = "".join(token.text for token in tokens)
        own = max((each for each in own_keys if whole.startswith(each)), key=len, default="")
        if not own:
            continue
        table = tables.setdefault(own, {})
        if len(whole) > len(own):
            table.setdefault(whole[len(own) :], variant)
        for end in range(1, len(tokens)):
            begun = "".join(token.text for token in tokens[:end])
            if len(begun) > len(own) and tokens[end - 1].script == "digit":
                cut.append((own, begun[len(own) :], variant))
    for own, suffix, variant in cut:
        tables[own].setdefault(suffix, variant)
    # The family's own name first: other names borrow its table.
    return {own: tables[own] for own in own_keys if own in tables}


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
