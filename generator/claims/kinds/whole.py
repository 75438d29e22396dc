"""Totals of a network that its clause names: "V1 lands near 4.2M parameters and 569M multiply-adds",
"ResNet-18 (1.81 GMACs)", "VGG-16 has 13 convolutions …; it needs 15.5 GMACs".

The subject is certain: a network's name, or "it" after a sentence about one, and nothing between it and
the number that speaks of a part, of a difference or of another network. So no other number of the
sentence can leave it open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from generator.claims import measures, networks, phrases, varied
from generator.claims.candidate import Candidate, claiming, distinct
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.listing import amounts, of_difference, unit_at
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Sentence, Sort
from generator.claims.phrases import Phrase
from generator.claims.quantity import Hedge, Quantity, with_noun
from generator.claims.referring import asserted, candidates_of, indefinite, subject_named
from generator.claims.scene import LARGEST_WINDOW

KIND = "totals"

LARGE = ("parameters", *sorted(measures.COMPUTATION))
# Before a name: another network is compared with this one, or something is of it.
OBJECT = wordset(
    "than as of unlike like vs versus against compared to from lessthan morethan over beside between "
    "in into beyond for on by"
)
# Between a name and a number, or behind its unit: the number is a part's, a difference, or a ratio.
TURNED = wordset(
    "than instead versus vs against compared would could times more fewer less respectively whereas "
    "while although though not never rather half twice double same extra additional another other "
    "others rest remaining per each every without saves save saving reduces reduced cut cuts drops "
    "difference between auxiliary head heads encoder decoder backbone stem embedding optimizer "
    "optimiser adam gradients width multiplier pruned quantized quantised distilled trained only-the "
    "of if when until first last second third alone top variant variants smaller larger bigger"
)
BEHIND = wordset(
    "bigger larger heavier smaller lighter "
    "more fewer less extra additional without with in of per each for than saved instead apart from "
    "are sit lie go come"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find totals whose clause names its network."""
    spoken = ""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or len(sentence.pieces) > MAX_PIECES or any(not e.name for e in named):
            spoken = ""
            continue
        yield from _totals(context, sentence, named, spoken)
        if context.speaks_of("auxiliary"):
            yield from _headed(context, sentence, named, spoken)
        if named:
            spoken = named[0].name if len({each.name for each in named}) == 1 else ""


def _totals(
    context: Context, sentence: Sentence, named: Sequence[Mention], spoken: str
) -> Iterator[Candidate]:
    gists = [each.gist for each in sentence.pieces]
    parts = [
        each for each in phrases.find(sentence, context.passage.text, named) if not each.listed
    ]
    found = amounts(context.passage, sentence, named)
    for amount in found:
        piece = sentence.pieces[amount.index]
        unit, after = unit_at(gists, amount.index + 1)
        if piece.sort is not Sort.NUMBER or piece.numeral or unit not in LARGE:
            continue
        if sum(each.index == amount.index for each in found) > 1:
            continue
        name = _owner(gists, named, spoken, amount.index)
        subject = subject_named(context, name) if name else None
        if subject is None or indefinite(subject) or not asserted(sentence, amount.index):
            continue
        start = max((each.last for each in named if each.last <= amount.index), default=0)
        if any(
            start <= each.first < after + 4 and not _left(gists, each, start, amount.index)
            for each in parts
        ):
            continue
        if _turned(sentence, named, amount.index, after) or of_difference(sentence, amount.index):
            continue
        if _resized(sentence, subject, start, amount.index) or _listed(gists, amount.index):
            continue
        if varied.speaks(sentence, amount.index, subject, unit):
            continue
        stated = measures.rounded(_hedged(gists, amount.index, amount.stated), unit)
        candidate = _candidate(context, sentence, subject, stated, unit, amount.index)
        if candidate is not None:
            yield candidate


def _headed(
    context: Context, sentence: Sentence, named: Sequence[Mention], spoken: str
) -> Iterator[Candidate]:
    """Read "with its auxiliary heads it has 27.2M parameters, without them 23.8M"."""
    gists = [each.gist for each in sentence.pieces]
    for amount in amounts(context.passage, sentence, named):
        unit, after = unit_at(gists, amount.index + 1)
        how = _with_heads(gists, amount.index, after)
        if amount.stated.value < 10**5 or unit not in ("", "parameters") or not how:
            continue
        name = _owner(gists, named, spoken, amount.index) or (named[0].name if named else spoken)
        subject = subject_named(context, name) if name else context.subject
        if subject is None or not subject.network.auxiliary or not asserted(sentence, amount.index):
            continue
        main, every = networks.parameters(subject.network)
        readings = [
            each
            for each in measures.readings(subject, "parameters")
            if each.value != (every if how == "without" else main)
        ]
        piece = sentence.pieces[amount.index]
        yield claiming(
            KIND,
            sentence,
            piece,
            measures.rounded(amount.stated, "parameters"),
            distinct(readings),
            subject=subject.name,
            expected=context.passage.text[piece.start : piece.end].strip(),
            decisive=True,
        )


def _with_heads(gists: Sequence[str], at: int, after: int) -> str:
    """Whether a number is said to be with the heads, or without: the words before it or behind it."""
    before: list[str] = []
    here = at
    while here and len(before) < 8 and gists[here - 1][0] not in "#,;(":
        here -= 1
        before.append(gists[here])
    behind: list[str] = []
    for each in gists[after : after + 5]:
        if each in (",", ";", ".", "and"):
            break
        behind.append(each)
    if before[:1] == ["and"]:
        before = []
    for words in (behind, before):
        lacking = behind[behind.index("without") + 1 :][:1] if "without" in behind else []
        if words is behind and lacking and lacking[0] in OTHERS:
            return ""  # "without bias"
        if "without" in words or {"cut", "dropped", "removed"} & set(words):
            return "" if _more_left_out(words if words is behind else words[::-1]) else "without"
        if "with" in words and set(words) & HEADS:
            return "with"
    return ""


def _more_left_out(words: Sequence[str]) -> bool:
    """Whether something else is left out with the heads: "without the aux classifier and the head"."""
    lacking = words[words.index("without") :] if "without" in words else []
    joined = [at for at, each in enumerate(lacking) if each in ("and", "or", "nor", "+", "&")]
    return any({"with", "it", "they"}.isdisjoint(lacking[at : at + 2]) for at in joined)


OTHERS = wordset("bias pad bn fc dropout top layer loss training pre-training counting any stem")
HEADS = wordset("auxiliary heads head classifiers classifier them it both")


def _left(gists: Sequence[str], part: Phrase, start: int, at: int) -> bool:
    """Whether a part is only what the network has, and the clause has gone on: "V1 has a plain stem
    and lands near 4.2M parameters"."""
    resumed = bool({",", "and", "but"} & set(gists[part.last : at])) and part.last <= at
    return resumed and part.first > start and gists[part.first - 1] not in phrases.OPENING


def _candidate(
    context: Context, sentence: Sentence, subject: Subject, stated: Quantity, unit: str, at: int
) -> Candidate | None:
    named = subject.name != subject.family
    readings = [
        reading
        for each in candidates_of(context, subject, named=named)
        for reading in measures.readings(each, unit)
    ]
    piece = sentence.pieces[at]
    if stated.value < LEAST or not readings:
        return None
    written = context.passage.text[piece.start : piece.end].strip()
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        distinct(readings),
        subject=subject.name,
        expected=with_noun(written, measures.noun(unit)),
        decisive=True,
    )


LEAST = 10**4


def _owner(gists: Sequence[str], named: Sequence[Mention], spoken: str, at: int) -> str:
    """The network that a number is said of: the last name before it that nothing is compared with."""
    before = [each for each in named if each.last <= at]
    if not before:
        pronoun = gists[:1] and gists[0] in ("it", "this", "that")
        return spoken if pronoun else ""
    last = before[-1]
    direct = gists[last.last : at]
    if direct in (["("], ["(", "with"], ["(", "about"]):
        return last.name
    if not _object(gists, last):
        return last.name
    free = [each for each in before if not _object(gists, each)]
    resumed = direct[:1] in (["and"], ["but"], [","]) and len(direct) < 4
    return free[-1].name if free and resumed else ""


def _object(gists: Sequence[str], name: Mention) -> bool:
    before = list(gists[max(0, name.first - 2) : name.first])
    while before and before[-1] in ("the", "a", "both"):
        before.pop()
    return bool(before) and before[-1] in OBJECT


def _turned(sentence: Sentence, named: Sequence[Mention], at: int, after: int) -> bool:
    """Whether the words around a number make it a part's, a difference, or somebody's thought."""
    gists = [each.gist for each in sentence.pieces]
    start = max((each.last for each in named if each.last <= at), default=0)
    ahead = {each.word.lower() for each in sentence.pieces[: named[0].first if named else 0]}
    if TURNED & set(gists[start:at]) or ahead & (SUPPOSED | TURNED):
        return True
    behind = gists[after : after + 1]
    return bool(BEHIND & set(behind)) and not set(gists[after : after + 4]) & ONE_INPUT


SUPPOSED = wordset("i my our we think thought removing dropping replacing training fine-tuning")


def _resized(sentence: Sentence, subject: Subject, start: int, at: int) -> bool:
    """Whether an image of another size is spoken of: "VGG-16 on CIFAR-10 (32×32) has …"."""
    own = subject.network.input_shape[1:]
    sizes = [each.size for each in sentence.pieces[start:at] if each.sort is Sort.SIZE]
    return any(each[:2] != own for each in sizes if min(each) > LARGEST_WINDOW)


ONE_INPUT = wordset("image input forward pass inference crop sample")


def _listed(gists: Sequence[str], at: int) -> bool:
    """Whether a number without its own noun stands beside it: "138M and 144M parameters"."""
    pairs = list(pairwise(gists[max(0, at - 2) : at]))
    return any(one[0] in "#%" and other in (",", "and", "to", "→", "/") for one, other in pairs)


def _hedged(gists: Sequence[str], at: int, stated: Quantity) -> Quantity:
    """Take "near" before a number for "about", where the number has no other hedge."""
    near = at > 0 and gists[at - 1] in ("near", "around") and stated.hedge is Hedge.NONE
    return replace(stated, hedge=Hedge.ABOUT) if near else stated
