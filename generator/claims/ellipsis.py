"""Networks that a sentence names by a part of their name: "VGG-11, 13 and 16", "ResNet-50/101", "V2".

What is left out stands in a name before it or is the family of the section: "the 152-layer one",
"the deepest configuration (E, 19 layers)". Only names of known networks come of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

_NUMBERED = re.compile(r"(.*?[^\d.])(\d+)(?:'s|’s)?$", re.DOTALL)
_VERSION = re.compile(r"v\d(?:-(?:large|small))?(?:'s|’s)?", re.IGNORECASE)
_SLASHED = re.compile(r"\d+(?:\s?[/|]\s?\d+)+")

JOINTS = wordset(", and or & / | - both")
# What a number counts if it does not end a name: "VGG-16, 13 convolutions and 3 dense layers".
COUNTED = wordset(
    "layer weighted conv fc pool block blocks parameter weight mac flop mult filters filter channel "
    "unit residual-block residual-blocks class epochs gpus x × * % percent times stage stages image "
    "crops points bottleneck bottlenecks"
)
LIKE_NAMES = wordset(
    "one ones network networks net model models version variant cnn config configuration"
)


@dataclass(frozen=True, slots=True)
class Short:
    """A part of a name with the network it stands for, and the pieces (first, last + 1)."""

    name: str
    first: int
    last: int


def shortened(
    sentence: Sentence,
    text: str,
    names: Mapping[str, str],
    named: Sequence[tuple[str, int, int]],
    family: str,
) -> list[Short]:
    """Find the parts of names in a sentence.

    ``named`` are the networks named in full (registry name, first and last + 1 piece), ``family`` is
    the family of the section's network, ``""`` for none. ``names`` maps spellings without blanks
    and signs to registry names.
    """
    found: list[Short] = []
    taken = {at for _, first, last in named for at in range(first, last)}
    for name, first, last in named:
        spelling = text[sentence.pieces[first].start : sentence.pieces[last - 1].end]
        begun = _NUMBERED.fullmatch(spelling)
        if name and begun is not None:
            found += _enumerated(sentence, text, names, _folded(begun[1]), last)
    taken |= {at for each in found for at in range(each.first, each.last)}
    families = sorted({_family(name) for name, _, _ in named if name} | {family})
    for at in range(len(sentence.pieces)):
        if at in taken:
            continue
        if sentence.pieces[at].word == "tuple":
            listed = _after_list(sentence, text, names, families, at)
            found += listed
            taken |= {each.first for each in listed}
            continue
        readings = [_described(sentence, text, names, own, at) for own in families if own]
        known = [each for each in readings if each is not None]
        if len(known) == 1:
            found += known
            taken |= set(range(known[0].first, known[0].last))
    return found


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _family(name: str) -> str:
    """What the names of a network's relatives begin with: ``mobilenet`` of ``mobilenet_v2``."""
    return re.split(r"_|\d", name)[0]


# ------------------------------------------------------------------ lists


def _enumerated(
    sentence: Sentence, text: str, names: Mapping[str, str], stem: str, start: int
) -> list[Short]:
    """Read what follows "VGG-11": ", 13, 16 and 19", "/13/16"."""
    found: list[Short] = []
    at, closed = start, False
    joint: list[str] = []
    while at < len(sentence.pieces):
        piece = sentence.pieces[at]
        if piece.gist in JOINTS:
            joint.append(piece.gist)
            at += 1
            continue
        members = list(_members(piece, text)) if joint else []
        registered = [_registered(names, f"{stem}{each}") for each in members]
        if not members or not all(registered):
            break
        if sentence.pieces[at + 1 : at + 2] and sentence.pieces[at + 1].gist in COUNTED:
            break
        closed = closed or bool({"and", "or", "&", "/", "|"} & set(joint)) or len(members) > 1
        found += [Short(each, at, at + 1) for each in registered]
        at, joint = at + 1, []
    return found if closed else []


def _registered(names: Mapping[str, str], spelling: str) -> str:
    """Give the network of a spelling, or the only one whose name goes on: ``resnet32_cifar``."""
    if spelling in names:
        return names[spelling]
    found = {
        target
        for name, target in names.items()
        if name.startswith(spelling) and name[len(spelling) :].isalpha()
    }
    return found.pop() if len(found) == 1 else ""


def _members(piece: Piece, text: str) -> Iterator[str]:
    """The numbers of a piece: one, or several with slashes between."""
    written = text[piece.start : piece.end]
    if piece.sort is Sort.NUMBER and written.isdecimal():
        yield written
    elif piece.sort is Sort.EXPRESSION and _SLASHED.fullmatch(written):
        yield from re.findall(r"\d+", written)


def _after_list(
    sentence: Sentence, text: str, names: Mapping[str, str], families: Sequence[str], at: int
) -> list[Short]:
    """Read "[3, 4, 6, 3] for both 34 and 50" as two networks of the section's family."""
    gists = [each.gist for each in sentence.pieces]
    here = at + 1
    if gists[here : here + 1] == ["block"]:
        here += 1
    if here >= len(gists) or gists[here] not in ("for", "in"):
        return []
    found: list[Short] = []
    while here + 1 < len(gists):
        here += 1
        piece = sentence.pieces[here]
        if gists[here] in ("both", "and", "/", "&", "the"):
            continue
        members = list(_members(piece, text))
        known = [names.get(f"{own}{each}", "") for own in families for each in members]
        known = [each for each in known if each]
        if not members or len(known) != len(members):
            break
        found += [Short(each, here, here + 1) for each in known]
    return found


# ------------------------------------------------------------------ descriptions


def _described(
    sentence: Sentence, text: str, names: Mapping[str, str], family: str, at: int
) -> Short | None:
    """Read "V2" and "the 152-layer one" as networks of a family."""
    piece, after = sentence.pieces[at], [each.gist for each in sentence.pieces[at + 1 : at + 4]]
    written = text[piece.start : piece.end]
    if _VERSION.fullmatch(written):
        spelling = _folded(re.sub(r"['’]s$", "", written))
        for last in (at + 2, at + 1):
            more = "".join(_folded(each.word) for each in sentence.pieces[at + 1 : last])
            if last > at + 1 and not more:
                continue
            if name := names.get(f"{family}{spelling}{more}", ""):
                return Short(name, at, last)
        return None
    if family == "vgg" and (name := _configuration(sentence, text, at)):
        return Short(name, at, at + 1)
    if piece.sort is not Sort.NUMBER or not written.isdecimal():
        return None
    name = names.get(f"{family}{written}", "")
    before = [each.gist for each in sentence.pieces[max(0, at - 4) : at]]
    if not name or after[:1] != ["layer"]:
        return None
    follower = sentence.pieces[at + 2] if len(after) > 1 else piece
    noun = text[follower.start : follower.end].lower()
    if noun in LIKE_NAMES and {"the", "a", "its", "an"} & set(before[-2:]):
        return Short(name, at, at + 3)
    return _bracketed(sentence, text, name, at)


# Simonyan and Zisserman 2014, Table 1.
CONFIGURATIONS = {"A": "vgg11", "B": "vgg13", "C": "vgg16_c", "D": "vgg16", "E": "vgg19"}


def _configuration(sentence: Sentence, text: str, at: int) -> str:
    """Read the D of "configuration D", and of "config A has 8 layers, D has 13"."""
    written = text[sentence.pieces[at].start : sentence.pieces[at].end]
    if written not in CONFIGURATIONS or not at:
        return ""
    nouns = {"config", "configuration", "column", "configs", "configurations"}
    before = sentence.pieces[at - 1]
    if text[before.start : before.end].lower() in nouns:
        return CONFIGURATIONS[written]
    after = sentence.pieces[at + 1].gist if at + 1 < len(sentence.pieces) else ""
    listed = before.gist in (",", "and", "while", "/") and after in ("have", "need", ":", "(")
    said = any(text[each.start : each.end].lower() in nouns for each in sentence.pieces[:at])
    return CONFIGURATIONS[written] if listed and said else ""


def _bracketed(sentence: Sentence, text: str, name: str, at: int) -> Short | None:
    """Read "the deepest config (E, 19 layers)": the number and "layers" stand at ``at``."""
    gists = [each.gist for each in sentence.pieces]
    if gists[at + 2 : at + 3] != [")"]:
        return None
    opened = at - 1 if gists[at - 1] == "(" else at - 3
    if opened < 1 or gists[opened] != "(":
        return None
    noun = sentence.pieces[opened - 1]
    if text[noun.start : noun.end].lower() not in LIKE_NAMES:
        return None
    first = opened - 1
    while first and gists[first - 1] in SUPERLATIVES:
        first -= 1
    return Short(name, first, at + 3)


SUPERLATIVES = wordset(
    "deepest shallowest largest biggest smallest lightest heaviest deeper shallower larger smaller "
    "original first last final plain"
)
