"""How people name networks: "VGG-16", "ResNet 50", "Inception-v3", "ResNeXt-50 (32×4d)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from generator.claims.ellipsis import shortened
from generator.claims.lexicon import NO_NETWORKS, OTHER_NETWORKS, WORDS
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence

# Folded spelling to registry name.
Spoken: TypeAlias = Mapping[str, str]

_SEPARATORS = re.compile(r"[\W_]+")
LONGEST = 6  # pieces a name may span


@dataclass(frozen=True, slots=True)
class Mention:
    """A network named in a sentence: its registry name, and the pieces (first, last + 1).

    A network that cannot be created here ("DenseNet-121") has no registry name: ``""``.
    """

    name: str
    first: int
    last: int


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Reduce a name to what its spellings share: letters and digits in lower case."""
    return _SEPARATORS.sub("", name.lower().replace("×", "x"))


def spoken_names(
    catalogue: Mapping[str, Subject], subjects: Iterable[Subject], more: Mapping[str, str]
) -> dict[str, str]:
    """Collect every spelling a sentence may use."""
    found = {fold(name): target for name, target in more.items()}
    for subject in subjects:
        found.setdefault(fold(subject.name), subject.name)
        for each in subject.names:
            found.setdefault(fold(each), subject.name)
    for name in catalogue:
        found[fold(name)] = name
    found.pop("", None)
    return found


def mentions(sentence: Sentence, text: str, names: Spoken, family: str = "") -> tuple[Mention, ...]:
    """Find the networks a sentence names, in full or in part, in order.

    ``family`` is the family of the section's network: there, "V2" is one of its networks.
    """
    found = _full_mentions(sentence, text, names)
    full = [(each.name, each.first, each.last) for each in found]
    parts = shortened(sentence, text, names, full, family)
    found += [Mention(each.name, each.first, each.last) for each in parts]
    return tuple(sorted(found, key=lambda each: (each.first, each.last)))


def _full_mentions(sentence: Sentence, text: str, names: Spoken) -> list[Mention]:
    """Find the networks named in full, longest names first."""
    beginnings = _beginnings(tuple(names))
    found: list[Mention] = []
    at = 0
    pieces = sentence.pieces
    while at < len(pieces):
        piece = pieces[at]
        begins = fold(text[piece.start : piece.end])[:3] in beginnings if piece.word else False
        for last in range(min(len(pieces), at + LONGEST), at, -1) if begins else ():
            name = _named(pieces[at:last], text, names)
            if name:
                found.append(Mention(name, at, last))
                at = last - 1
                break
        else:
            if piece.word and foreign(piece.word):
                found.append(Mention(_begun(fold(piece.word), names), at, at + 1))
        at += 1
    return found


def _begun(spelling: str, names: Spoken) -> str:
    """Give the only network whose name goes on with a word: "ResNet-20" for ``resnet20_cifar``."""
    if not spelling[-1:].isdecimal():
        return ""
    found = {
        target
        for name, target in names.items()
        if name.startswith(spelling) and name[len(spelling) :].isalpha()
    }
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def foreign(word: str) -> bool:
    """Whether a word that names no known network looks like the name of another one."""
    lower = word.lower().replace("’", "'").removesuffix("'s")
    base = re.match(r"[^\W\d_]*", lower)
    stem = base[0] if base else ""
    if OTHER_NETWORKS & {lower, stem, stem.removesuffix("s")}:
        return True
    plain = lower in WORDS or stem in WORDS or NO_NETWORKS & {stem, stem.removesuffix("s")}
    return not plain and _NAME_LIKE.fullmatch(word.replace("‑", "-")) is not None


# Capitals inside a word, capitals with digits, three capitals: EfficientNet-B7, R-CNN, GPT-3, BERT.
_NAME_LIKE = re.compile(
    r"(?:[A-Z]\w*[a-z]\w*[A-Z]\w*|[A-Z]{1,2}-[A-Z]\w+|[A-Z][A-Za-z]+-?v?\d\w*|[A-Z]{3,}\w*)(?:-\w+)*"
)


@cache
def _beginnings(names: tuple[str, ...]) -> frozenset[str]:
    """What a name can begin with, so that most words are not looked up at all."""
    return frozenset(each[:length] for each in names for length in (1, 2, 3))


def _named(pieces: Sequence[Piece], text: str, names: Spoken) -> str:
    first, last = pieces[0], pieces[-1]
    if last.end - first.start > 40 or any(each.gist in _PUNCTUATION for each in pieces):
        return ""
    if not fold(text[last.start : last.end]):
        return ""
    spelling = fold(text[first.start : last.end])
    for each in (spelling, spelling.removesuffix("s"), spelling.removesuffix("network")):
        if each in names:
            return names[each]
    return ""


_PUNCTUATION = frozenset(",.;:")
