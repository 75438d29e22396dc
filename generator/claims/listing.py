"""Numbers of a sentence with what they count, and its networks in groups: what lists are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Protocol, TypeVar

from generator.claims.lexicon import MULTIPLIER_WORDS, MULTIPLIERS, wordset
from generator.claims.naming import Mention
from generator.claims.passage import Passage, Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, coarse_place

# What stands between the numbers, or the networks, of one list.
NUMBER_JOINTS = wordset(
    "→ , and or & / | vs versus against to resp respectively . compared with about ~"
)
NAME_JOINTS = wordset("→ vs versus , and or & / | - both the")
_SKIPPED = wordset(
    "trainable learnable learned weighted different total max main free model of network hidden"
)
# What a number may count, by the word that says it.
UNITS = {
    "parameter": "parameters",
    "weight": "parameters",
    "mac": "mac",
    "flop": "flop",
    "mult": "mult",
    **dict.fromkeys(("gmacs", "mmacs", "gmac", "mmac"), "mac"),
    **dict.fromkeys(("gflops", "mflops", "gflop", "mflop"), "flop"),
    "operation": "operation",
    "conv": "convolutions",
    "fc": "linears",
    "pool": "pools",
    "max-pools": "pools",
    "layer": "depth",
    "block": "blocks",
    "bottleneck": "blocks",
    "bottlenecks": "blocks",
    "residual-block": "blocks",
    "residual-blocks": "blocks",
}
# What a comparison is about where no noun says it.
BY_ADJECTIVE = {
    **dict.fromkeys(("deeper", "shallower", "deep", "depth"), "depth"),
    **dict.fromkeys(
        ("bigger", "larger", "smaller", "lighter", "heavier", "big", "large"), "parameters"
    ),
    **dict.fromkeys(
        ("compute", "computation", "cheaper", "expensive", "costly", "costlier", "intensive"), "mac"
    ),
}
_LAYER_KINDS = wordset("conv fc pool")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a sentence: the index of its piece, its offsets, what it counts (``""``: not
    said), the index after that, and which run of numbers with joints between it belongs to."""

    index: int
    start: int
    end: int
    stated: Quantity
    unit: str
    after: int
    run: int


def unit_at(gists: Sequence[str], at: int) -> tuple[str, int]:
    """Read what is counted at a place: (measure, index after it), ``("", at)`` for nothing."""
    here = at
    while here < len(gists) and here < at + 3 and gists[here] in _SKIPPED:
        here += 1
    word = gists[here] if here < len(gists) else ""
    if word == "inception" and gists[here + 1 : here + 2] in (["module"], ["block"]):
        return "modules", here + 2
    if word not in UNITS:
        return "", at
    here += 1
    if word in _LAYER_KINDS:
        if gists[here : here + 1] in (["layer"], ["ones"]):
            here += 1
        elif gists[here : here + 1] and gists[here] in (
            "filters",
            "filter",
            "unit",
            "weight",
            "part",
        ):
            return "", at
    if word == "layer" and gists[here : here + 1] == ["deep"]:
        here += 1
    if word in ("flop", "mac") and gists[here : here + 3] in (
        ["(", "mac", ")"],
        ["(", "flop", ")"],
    ):
        here += 3
    return UNITS[word], here


def unit_around(gists: Sequence[str], at: int) -> str:
    """Read what the word at a place counts, with what leads up to it: "conv layers"."""
    if at and gists[at] in ("layer", "ones") and gists[at - 1] in _LAYER_KINDS:
        at -= 1
    return unit_at(gists, at)[0] or BY_ADJECTIVE.get(gists[at], "")


def amounts(passage: Passage, sentence: Sentence, named: Sequence[Mention]) -> list[Amount]:
    """List the numbers of a sentence that are no part of a network's name."""
    inside = {at for each in named for at in range(each.first, each.last)}
    gists = [each.gist for each in sentence.pieces]
    found: list[Amount] = []
    run = 0
    for index in range(len(sentence.pieces)):
        if sentence.pieces[index].sort in (Sort.WORD, Sort.MARK):
            continue
        times = index + 1 < len(gists) and gists[index + 1] in PROPORTION
        quantified = sentence.pieces[index].numeral and gists[index - 1 : index] in QUANTIFIERS
        if index in inside or times or quantified or _numeral_one(sentence, index):
            continue
        parts = list(_parts(passage, sentence, index))
        if not parts:
            continue
        unit, after = unit_at(gists, index + 1)
        joined = bool(found) and _joined(gists, found[-1], index)
        run = run if joined else run + 1
        for quantity, start, end in parts:
            found.append(Amount(index, start, end, quantity, unit, after, run))
    return _shared(found)


QUANTIFIERS = (["all"], ["each"])  # "all four have three FC layers"
PROPORTION = wordset("times * × x fold % percent px pixel pixels")


def _numeral_one(sentence: Sentence, index: int) -> bool:
    piece = sentence.pieces[index]
    return piece.numeral and piece.quantity is not None and piece.quantity.value == 1


def _parts(passage: Passage, sentence: Sentence, index: int) -> Iterator[tuple[Quantity, int, int]]:
    """The numbers of a piece: one, or several with slashes between, "138M/144M"."""
    piece = sentence.pieces[index]
    if piece.quantity is None or piece.sort not in (Sort.NUMBER, Sort.EXPRESSION):
        return
    if piece.sort is Sort.NUMBER:
        yield piece.quantity, piece.start, piece.end
        return
    written = passage.text[piece.start : piece.end]
    if not _SLASHED.fullmatch(written):
        return
    for found in _ONE.finditer(written):
        start = piece.start + found.start()
        digits = re.match(r"\d+(?:\.\d+)?", found[1])
        plain = Fraction(digits[0]) if digits else Fraction(0)
        place = Fraction(1, 10 ** len(found[1].partition(".")[2]))
        factor = (MULTIPLIERS | MULTIPLIER_WORDS).get(found[2], 1)
        stated = Quantity(
            plain * factor,
            place * factor,
            coarse_place(plain, place) * factor,
            place != 1 or factor != 1,
            found[0].strip(),
        )
        yield stated, start, start + len(found[0].rstrip())


_ONE = re.compile(r"(\d[\d.]*) ?([kMG]|thousand|million|billion)?")
_SLASHED = re.compile(rf"{_ONE.pattern}(?: ?/ ?{_ONE.pattern})+")


def _joined(gists: Sequence[str], before: Amount, index: int) -> bool:
    """Whether nothing but joints stands between two numbers; what the first counts may."""
    if before.unit and before.after > before.index + 1:
        return False  # its noun ends a list
    between = gists[before.after : index]
    opposed = list(between) in (["instead", "of"], ["rather", "than"], ["up", "from"])
    return opposed or (bool(between) and len(between) <= 4 and set(between) <= NUMBER_JOINTS)


def _shared(found: list[Amount]) -> list[Amount]:
    """Give numbers of a run the noun and the scale of the next one that has them."""
    out: list[Amount] = []
    for each in reversed(found):
        following = out[-1] if out else None
        if following is not None and following.run == each.run and not each.unit:
            each = replace(
                each, unit=following.unit, stated=with_scale(each.stated, following.stated)
            )
        out.append(each)
    return out[::-1]


def scale(stated: Quantity) -> Fraction:
    """What a number's unit multiplies it by: a million for "25.6M"."""
    written = re.match(r"[\d,]*\.?\d+", stated.text)
    plain = Fraction(written[0].replace(",", "")) if written else Fraction(0)
    return stated.value / plain if plain else Fraction(1)


def with_scale(stated: Quantity, like: Quantity) -> Quantity:
    """Read "25.6" beside "60.2 million" as millions."""
    factor = scale(like)
    if factor < 1000 or scale(stated) != 1 or stated.value >= 10**5:
        return stated
    return replace(
        stated,
        value=stated.value * factor,
        place=stated.place * factor,
        coarse=stated.coarse * factor,
        rounded=True,
    )


def groups(gists: Sequence[str], named: Sequence[Mention]) -> list[list[Mention]]:
    """Put networks together that have nothing but joints between them; two that only a comma
    separates stay apart ("unlike VGG-16, ResNet-50 …")."""
    found: list[list[Mention]] = []
    joints: list[set[str]] = []
    for each in named:
        between = gists[found[-1][-1].last : each.first] if found else [""]
        if found and set(between) <= NAME_JOINTS and (between or each.first < found[-1][-1].last):
            found[-1].append(each)
            joints[-1] |= set(between) or {"/"}
        else:
            found.append([each])
            joints.append(set())
    return [
        part
        for group, between in zip(found, joints, strict=True)
        for part in ([group] if len(group) > 2 or between - {","} else [[each] for each in group])
    ]


def of_whole(gists: Sequence[str], index: int, named: Sequence[Mention] = ()) -> bool:
    """Whether a number is said to be a network's whole: "96 % of its 61M parameters", "58.6M of
    AlexNet's 61M"."""
    at = index
    while at and gists[at - 1] in _ARTICLES:
        at -= 1
    for each in named:
        if each.last == at:
            at = each.first
    while at and gists[at - 1] in _ARTICLES:
        at -= 1
    return at > 0 and gists[at - 1] == "of"


class Span(Protocol):
    """Something with a place among the words of a sentence."""

    @property
    def first(self) -> int:
        """Index of its first word."""

    @property
    def last(self) -> int:
        """Index after its last word."""


Spanning = TypeVar("Spanning", bound=Span)


def company(gists: Sequence[str], found: Sequence[Spanning], one: Spanning) -> list[Spanning]:
    """The things that share one number with another: "fc6 and fc7 have 119.5M parameters"; it alone where no list
    of them ends in "and", or the list only says where something is: "between fc6 and fc7"."""
    ordered = sorted(found, key=lambda each: each.first)
    runs: list[list[Spanning]] = []
    for each in ordered:
        between = set(gists[runs[-1][-1].last : each.first]) if runs else set()
        if between and between <= LIST_JOINTS:
            runs[-1].append(each)
        else:
            runs.append([each])
    run = next((each for each in runs if one in each), [one])
    joints = {gist for a, b in pairwise(run) for gist in gists[a.last : b.first]}
    before = gists[max(0, run[0].first - 2) : run[0].first]
    related = any(each in RELATING for each in before) or "each" in gists or "both" in gists
    return [one] if related or not joints - {",", "the"} else run


LIST_JOINTS = wordset(", and + & the")
RELATING = wordset("between of from behind after before besides than to with compared unlike")


def of_difference(sentence: Sentence, index: int) -> bool:
    """Whether a number is a difference, or what it is one from: "0.1G multiply-adds less than 3.7G"."""
    pieces = sentence.pieces
    gists = [each.gist for each in pieces]
    after = unit_at(gists, index + 1)[1]
    return (after < len(pieces) and _bound(pieces[after])) or (
        _bound(pieces[index])
        and any(
            gists[at][0] == "#" and unit_at(gists, at + 1)[1] == index
            for at in range(max(0, index - 4), index)
        )
    )


def _bound(piece: Piece) -> bool:
    return piece.quantity is not None and piece.quantity.hedge in (Hedge.OVER, Hedge.UNDER)


def of_one_sort(gists: Sequence[str]) -> bool:
    """Whether the whole that shares are of is a sort of layers': "52 % of the conv weights"."""
    return any(
        gists[at] == "of"
        and gists[at + 1] in _ARTICLES
        and gists[at + 2] in ("conv", "fc")
        and gists[at + 3] in ("weight", "parameter")
        for at in range(len(gists) - 3)
    )


_ARTICLES = wordset("~ about the its all total some overall")


_SQUARE = re.compile(r"(\d+)(?:²|\^\{?2\}?)(?:\s?(?:[×x*·]|\\times|\\cdot)\s?(\d+))?")


def squared(text: str, sentence: Sentence) -> list[Piece]:
    """Give the pieces of a sentence, "56²×256" as the size 56×56×256."""
    found = []
    for piece in sentence.pieces:
        square = _SQUARE.fullmatch(text[piece.start : piece.end].strip("$ "))
        if piece.sort is Sort.EXPRESSION and square is not None:
            size = (int(square[1]), int(square[1]), *([int(square[2])] if square[2] else []))
            piece = replace(piece, sort=Sort.SIZE, size=size)
        found.append(piece)
    return found
