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
    for own in families:
        numbered = _numbered(sentence, text, names, own, taken) if own else []
        found += numbered
        taken |= {at for each in numbered for at in range(each.first, each.last)}
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


# ------------------------------------------------------------------ numbers alone


def _numbered(
    sentence: Sentence, text: str, names: Mapping[str, str], family: str, taken: set[int]
) -> list[Short]:
    """Read numbers that stand for networks of a family: "18: 11.7, 34: 21.8", "r50 = [3, 4, 6, 3]",
    "11/13/16/19 → …", "from 16 to 19"."""
    initials = re.compile(rf"({family[0]}|{family[0]}[a-z]{{1,2}})-?(\d+)(?:'s|’s)?", re.IGNORECASE)
    found: list[Short] = []
    keyed: list[Short] = []
    for at, piece in enumerate(sentence.pieces):
        if at in taken:
            continue
        written = text[piece.start : piece.end].strip()
        begun = initials.fullmatch(written)
        word = piece.sort is Sort.WORD
        if word and begun and _spells(begun[1].lower(), family) and f"{family}{begun[2]}" in names:
            found.append(Short(names[f"{family}{begun[2]}"], at, at + 1))
            continue
        known = [names.get(f"{family}{each}", "") for each in _members(piece, text)]
        if not known or not all(known):
            continue
        if len(known) > 1 and _introduces(sentence, at):
            found += [Short(each, at, at + 1) for each in known]
        elif len(known) == 1 and (_keyed(sentence, at) or _bracketed_key(sentence, at)):
            keyed.append(Short(known[0], at - _of_depth(sentence, at), at + 1))
        elif len(known) == 1 and _compared(sentence, text, names, family, at):
            found.append(Short(known[0], at, at + 1))
    found += _depths(sentence, text, names, family)
    return [*found, *(keyed if len({each.name for each in keyed}) > 1 else ())]


def _spells(letters: str, family: str) -> bool:
    """Whether letters abbreviate a family's name: r, rn and res a ResNet."""
    rest = iter(family)
    return all(each in rest for each in letters)


def _introduces(sentence: Sentence, at: int) -> bool:
    """Whether a list of numbers is what the clause speaks of, "11/13/16/19 → …"."""
    after = [each.gist for each in sentence.pieces[at + 1 : at + 2]]
    return after in (["→"], [":"], ["have"], ["="])


def _keyed(sentence: Sentence, at: int) -> bool:
    """Whether a value stands behind a number as its key's: "18: 11.7", "depth 18 → [2, 2, 2, 2]"."""
    after = sentence.pieces[at + 1 : at + 3]
    if len(after) < 2 or after[0].gist not in ("=", ":", "→"):
        return False
    first = at - _of_depth(sentence, at)
    before = sentence.pieces[first - 1] if first else None
    opened = before is None or (before.sort is Sort.MARK and before.gist not in ("=", "x", "*"))
    opened = opened or (before is not None and before.gist in ("and", "/"))
    return opened and after[1].sort in (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION)


def _of_depth(sentence: Sentence, at: int) -> bool:
    """Whether a number is said to be a depth: "depth 18"."""
    return at > 0 and sentence.pieces[at - 1].gist == "depth"


def _depths(sentence: Sentence, text: str, names: Mapping[str, str], family: str) -> list[Short]:
    """Read depths that as many values follow: "16 and 19 layers: 138M and 144M"."""
    pieces = sentence.pieces
    gists = [each.gist for each in pieces]
    numbers = [at for at, each in enumerate(pieces) if each.sort is Sort.NUMBER]
    last = next((at for at in numbers if gists[at + 1 : at + 2] == ["layer"]), -1)
    depths = [at for at in numbers if at <= last]
    if not 1 < len(depths) == len(numbers) - len(depths):
        return []
    joints = {gists[at] for at in range(depths[0], last) if at not in depths}
    known = [
        names.get(f"{family}{each}", "") for at in depths for each in _members(pieces[at], text)
    ]
    if gists[last + 2 : last + 3] not in ([":"], ["→"]) or not joints <= JOINTS or not all(known):
        return []
    return [Short(name, at, at + 1 + (at == last)) for name, at in zip(known, depths, strict=True)]


def _bracketed_key(sentence: Sentence, at: int) -> bool:
    """Whether a number names what the list before it is of: "3-4-6-3 (50)"."""
    around = [each.gist for each in sentence.pieces[max(0, at - 1) : at + 2]]
    before = sentence.pieces[at - 2] if at > 1 else None
    listed = before is not None and before.sort in (Sort.EXPRESSION, Sort.SIZE)
    return listed and around[:1] == ["("] and around[-1:] == [")"]


def _compared(
    sentence: Sentence, text: str, names: Mapping[str, str], family: str, at: int
) -> bool:
    """Whether a number is one of two networks compared: "from 16 to 19", "50 → 101:", "compared
    with 16"."""
    pieces = sentence.pieces
    gists = [each.gist for each in pieces]
    after = gists[at + 1 : at + 2]
    if after and after[0] in COUNTED:
        return False
    if gists[max(0, at - 2) : at] in (["compared", "with"], ["compared", "to"]):
        return True

    def network(place: int) -> bool:
        members = list(_members(pieces[place], text)) if 0 <= place < len(pieces) else []
        return len(members) == 1 and f"{family}{members[0]}" in names

    for first in (at, at - 2):
        if not (network(first) and network(first + 2)) or gists[first + 1] not in ("to", "→"):
            continue
        begun = gists[first - 1] == "from" if first else gists[first + 1] == "→"
        behind = gists[first + 3 : first + 4]
        if begun and not (behind and behind[0] in (*COUNTED, "to", "→")):
            return True
    return False


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
