"""Networks and numbers in parallel: "VGG-16 has 138M parameters, VGG-19 144M", "ResNet-50/101/152 have
25.6M, 44.5M and 60.2M", "25.6M (ResNet-50) vs 138M (VGG-16)", "V1 … 4.2M params and 569M MACs, V2 with
3.5M and 300M".

Each number is a candidate of its own, about its own network. What a number counts may be said once
for all of them. A sentence with fewer than two networks, or with a number that cannot be given to one,
is left to the recognisers that read one number at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from generator.claims import measures, varied
from generator.claims.candidate import Candidate, Reading, claiming, distinct, fitting
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import MULTIPLIERS, wordset
from generator.claims.listing import (
    BY_ADJECTIVE,
    NAME_JOINTS,
    Amount,
    amounts,
    groups,
    unit_at,
    with_scale,
)
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Sentence
from generator.claims.quantity import Quantity
from generator.claims.referring import asserted, candidates_of, subject_named

KIND = "totals"

# Words that may stand between a network and its number.
LIGHT = wordset(
    "have be need use with at : ( = , only just already even still about by on weighs in comes to "
    "give away goes merely counts reach reaches around its for → hold holds and as whereas while "
    "but total a the of respectively resp . now it clocks sits stands lands - also another thus "
    "therefore then does gets i , uses roughly over morethan lessthan under almost respective & ) "
    "end ends lightest heaviest largest biggest smallest deepest shallowest latter former both all each "
    "against vs versus compared instead than itself whole plain one altogether together"
)
NUMBER_FIRST = wordset("for in of (")
# Words that make a number that of a part, or a difference.
QUALIFIED = wordset(
    "without part parts stem backbone classifier head heads branch first last more fewer less times "
    "additional extra saved per each alone remaining rest body aux auxiliary block stage encoder top "
    "percent % layer conv fc conv-part embedding second third fourth stage stages"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find networks listed with their numbers."""
    for sentence in context.sentences:
        if len(sentence.pieces) > MAX_PIECES:
            continue
        named = context.mentions(sentence)
        known = [each for each in named if each.name]
        if sentence.question or len({each.name for each in known}) < 2 or len(known) < len(named):
            continue
        yield from _listed(context, sentence)


def owned_amounts(context: Context, sentence: Sentence) -> list[tuple[Amount, Mention]]:
    """Give the numbers of a sentence that belong to networks it names, with what they count."""
    named = context.mentions(sentence)
    found = amounts(context.passage, sentence, named)
    owned = [(each, owner) for each in found for owner in _owners(sentence, named, found, each)]
    return _inferred(context, sentence, _with_units(sentence, named, owned))


def _listed(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    owned = owned_amounts(context, sentence)
    if len({owner.name for _, owner in owned}) < 2 or not all(each.unit for each, _ in owned):
        return
    if any(each.unit in LARGE and each.stated.value < 10**4 for each, _ in owned):
        return  # multiples of something that is not said
    if any(each.unit not in LARGE and each.stated.place < 1 for each, _ in owned):
        return  # no number of layers: "depth 18: 69.8"
    for amount in dict.fromkeys(each for each, _ in owned):
        owners = [owner for each, owner in owned if each == amount]
        if len(owners) > 1 and amount.unit in LARGE:
            return
        candidate = _candidate(context, sentence, amount, owners)
        if candidate is not None and asserted(sentence, amount.index):
            yield candidate


LARGE = measures.COMPUTATION | {"parameters"}


def _candidate(
    context: Context, sentence: Sentence, amount: Amount, owners: Sequence[Mention]
) -> Candidate | None:
    """Judge a number that one network is said to have, or every one of several."""
    stated = measures.rounded(amount.stated, amount.unit)
    readings: tuple[Reading, ...] = ()
    setup: list[str] = []
    for owner in owners:
        subject = subject_named(context, owner.name)
        if subject is None or varied.speaks(sentence, amount.index, subject, amount.unit):
            return None
        found = _readings(context, subject, amount.unit)
        if not found:
            return None
        right = fitting(stated, found)
        if len(owners) == 1 or not right:
            readings, setup = found, []
            break
        readings = (replace(right[0], setup=tuple(setup)),)
        setup.append(f"assert {right[0].source} == {right[0].value}")
    if not readings:
        return None
    return claiming(
        KIND,
        sentence,
        amount,
        stated,
        readings,
        subject=owners[0].name,
        expected=_written(context, amount),
        decisive=True,
    )


def _readings(context: Context, subject: Subject, unit: str) -> tuple[Reading, ...]:
    every = candidates_of(context, subject, named=subject.name != subject.family)
    return distinct(reading for each in every for reading in measures.readings(each, unit))


def _written(context: Context, amount: Amount) -> str:
    written = context.passage.text[amount.start : amount.end].strip()
    said = written.lower().endswith(("macs", "flops", "mac", "flop"))
    return written if said else f"{written} {measures.noun(amount.unit)}"


# ------------------------------------------------------------------ whose number


def _owners(
    sentence: Sentence, named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> list[Mention]:
    """Find the network that a number is about, or several that share it."""
    gists = [each.gist for each in sentence.pieces]
    if _of_block(gists, amount):
        return []
    if everyone := _everyone(gists, named, found, amount):
        return everyone
    if _qualified(sentence, named, amount):
        return []
    one = (
        _listed_behind(gists, named, found, amount)
        or _behind(gists, named, amount)
        or _introduced(gists, named, amount)
        or _two_and_two(gists, named, found, amount)
        or _before(gists, named, found, amount)
    )
    return [one] if one is not None else _all_of(gists, named, found, amount)


def _everyone(
    gists: Sequence[str], named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> list[Mention]:
    """All networks of a sentence with one number: "…, and every one of them 3 FC layers", "plus 3 dense
    layers each"."""
    before = [each for each in named if each.last <= amount.index]
    distinct_names = {each.name: each for each in before}
    if len(distinct_names) < 2 or not amount.unit or amount.unit in LARGE:
        return []
    start = max((each.after for each in found if each.after <= amount.index), default=0)
    start = max(start, before[-1].last)
    between = gists[start : amount.index]
    behind = gists[amount.after : amount.after + 2]
    told = behind[:1] == ["each"] and behind[1:] in ([], [","], [")"])
    at = next((at for at, each in enumerate(between) if each in ("all", "each")), len(between))
    quantified = at < len(between) and all(
        each in EVERYONE or each[0] == "#" for each in between[at + 1 :]
    )
    return list(distinct_names.values()) if told or quantified else []


EVERYONE = wordset("of them these those have use with same the also networks models on top ends in")


def _of_block(gists: Sequence[str], amount: Amount) -> bool:
    """Whether a number is of what stands in a block: "16 blocks of 2 and 3 convs"."""
    before = gists[max(0, amount.index - 4) : amount.index]
    return any(
        one in ("block", "bottleneck", "module") and other in ("of", "with")
        for one, other in pairwise(before)
    )


def _all_of(
    gists: Sequence[str], named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> list[Mention]:
    """Several networks with one number: "ResNet-34 and ResNet-50 have 16 blocks"."""
    before = [each for each in groups(gists, named) if each[-1].last <= amount.index]
    run = [each for each in found if each.run == amount.run]
    if not before or len(before[-1]) < 2 or len(run) != 1:
        return []
    alone = amount.after >= len(gists) or gists[amount.after] in (",", ")", "and", ";")
    if not (amount.unit or alone) or amount.unit in LARGE or _part_of(gists, before[-1][0].first):
        return []
    return before[-1] if _light(gists, found, before[-1][-1].last, amount) else []


def _listed_behind(
    gists: Sequence[str], named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> Mention | None:
    """The network in the same place of a list behind: "8, 10 and 13 for VGG-11, 13 and 16"."""
    run = [each for each in found if each.run == amount.run]
    at = run[-1].after
    if len(run) < 2 or at >= len(gists) or gists[at] not in ("for", "in", "of"):
        return None
    while at + 1 < len(gists) and gists[at + 1] in ("the", "both"):
        at += 1
    group = next((each for each in groups(gists, named) if each[0].first == at + 1), [])
    return group[run.index(amount)] if len(group) == len(run) else None


def _qualified(sentence: Sentence, named: Sequence[Mention], amount: Amount) -> bool:
    """Whether the words after a number's unit make it a part's, or a difference."""
    starts = {each.first for each in named}
    at = amount.after
    while at < len(sentence.pieces) and at < amount.after + 6 and at not in starts:
        gist = sentence.pieces[at].gist
        if gist in (",", ";", "(", ")", "and", "vs", "while", "whereas", "but") or gist[0] in "#@%":
            return False
        if gist in QUALIFIED:
            return True
        at += 1
    return False


def _behind(gists: Sequence[str], named: Sequence[Mention], amount: Amount) -> Mention | None:
    """The network right after a number: "138M for VGG-16", "25.6M (ResNet-50)"."""
    at = amount.after
    if at >= len(gists) or gists[at] not in NUMBER_FIRST:
        return None
    bracket = gists[at] == "("
    at += 1
    while at < len(gists) and gists[at] in ("the", "a", "plain", "for", "in"):
        at += 1
    chosen = next((each for each in named if each.first == at), None)
    if chosen is None:
        return None
    closed = chosen.last < len(gists) and gists[chosen.last] == ")"
    return chosen if closed or not bracket else None


def _introduced(gists: Sequence[str], named: Sequence[Mention], amount: Amount) -> Mention | None:
    """The network after "with 138M parameters, VGG-16 …"."""
    opened = gists[max(0, amount.index - 2) : amount.index]
    if not {"with", "at", "having"} & set(opened):
        return None
    start = amount.index - len(opened)
    if start and gists[start - 1] not in (",", "and") and opened[0] not in ("with", "at"):
        return None
    at = amount.after + (gists[amount.after : amount.after + 1] == [","])
    chosen = next((each for each in named if each.first == at and amount.unit), None)
    first = min(each.first for each in named)
    return chosen if chosen is not None and chosen.first == first else None


def _before(
    gists: Sequence[str], named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> Mention | None:
    """The network before a number, or that of several which has its place in the list."""
    before = [each for each in groups(gists, named) if each[-1].last <= amount.index]
    if not before:
        return None
    group = before[-1]
    if _part_of(gists, group[0].first):
        return None
    run = [each for each in found if each.run == amount.run]
    paired = len(run) == len(group) > 1 and amount.unit
    if not paired and not _light(gists, found, group[-1].last, amount):
        return None
    if len(group) == 1:
        slashed = sum(each.index == amount.index for each in found) > 1  # "3/4/6/3 blocks"
        return None if slashed else group[0]
    return group[run.index(amount)] if len(run) == len(group) else None


def _part_of(gists: Sequence[str], at: int) -> bool:
    """Whether a network stands behind "the fc part of"."""
    before = gists[max(0, at - 5) : at]
    while before and before[-1] in ("the", "a"):
        before = before[:-1]
    if {"number", "numbers", "count", "counts"} & set(before):
        return False  # "the conv layer counts of VGG-11 and VGG-13"
    return bool(before) and before[-1] in ("of", "in") and bool(QUALIFIED & set(before))


def _light(gists: Sequence[str], found: Sequence[Amount], start: int, amount: Amount) -> bool:
    """Whether nothing but plain words, numbers and what they count stand before a number."""
    inside = {
        at for each in found for at in range(each.index, each.after) if each.index < amount.index
    }
    words = [at for at in range(start, amount.index) if at not in inside]
    heavy = [at for at in words if gists[at] not in LIGHT]
    if not heavy:
        return True
    if gists[amount.index - 1] in ("with", "at") and all(_relative(gists, at) for at in heavy):
        return True  # "ResNet-50 is only a bit bigger with 25.6M"
    if gists[amount.index - 1] not in (":", "of", "be", "(", "→", "=", ","):
        first = min((each.index for each in found if each.run == amount.run), default=0)
        if gists[first - 1] not in (":", "of", "be", "(", "→", "=", "parameter", "weight", "mac"):
            return False
    # "differ only in the number of conv layers: 8, 10, 13 and 16"
    return all(gists[at] in HEADING for at in heavy) and any(unit_at(gists, at)[0] for at in heavy)


def _relative(gists: Sequence[str], at: int) -> bool:
    """Whether a word belongs to "twice as big again", "1.5 times as heavy"."""
    return gists[at] in RELATIVE or gists[at + 1 : at + 2] == ["times"]


RELATIVE = wordset(
    "times twice thrice half as big large heavy again bit bigger smaller larger heavier lighter much far"
)
HEADING = wordset(
    "number numbers count counts conv fc layer weighted parameter weight mac flop mult operation pool "
    "differ differs difference trainable learnable network model their amount size depth every "
    "respective cost computation compute forward pass"
)


def _two_and_two(
    gists: Sequence[str], named: Sequence[Mention], found: Sequence[Amount], amount: Amount
) -> Mention | None:
    """Two networks compared, and two numbers: "A has twice the compute of B (7.8 vs 4.1 GMACs)"."""
    run = [each for each in found if each.run == amount.run]
    joints = set(gists[run[0].index : run[-1].index])
    if len(run) != 2 or not joints & {"vs", "versus", "against", "to", "compared", "→", "instead"}:
        return None
    opened = gists[run[0].index - 1] if run[0].index else ""
    if opened not in ("(", ":", "from", "about", "~", ","):
        return None
    before: dict[str, Mention] = {}
    for each in named:
        if each.last <= run[0].index:
            before[each.name] = each
    if len(before) != 2 or any(
        run[0].index < each.first < run[1].index for each in named if each.name in before
    ):
        return None
    first, second = sorted(before.values(), key=lambda each: (_object(gists, each), each.first))
    if joints & {"to", "→"} and "compared" not in joints:  # from what it is compared with
        first, second = sorted((first, second), key=lambda e: (not _object(gists, e), e.first))
        return (first, second)[run.index(amount)]
    between = set(gists[first.last : second.first])
    if between & CONTRASTS and not _object(gists, second):
        first, second = second, first  # "…, though B needs six times the MACs (4.1G vs 0.7G)"
    return (first, second)[run.index(amount)]


def _object(gists: Sequence[str], name: Mention) -> bool:
    """Whether another network is compared with this one: "than VGG-16", "unlike VGG-16, …"."""
    return bool(COMPARING & set(gists[max(0, name.first - 2) : name.first]))


CONTRASTS = wordset("though although but while whereas yet")
COMPARING = wordset(
    "with than compared unlike of against vs versus over beside beats lessthan morethan"
)


# ------------------------------------------------------------------ what it counts


def _with_units(
    sentence: Sentence, named: Sequence[Mention], owned: list[tuple[Amount, Mention]]
) -> list[tuple[Amount, Mention]]:
    """Give each number what it counts: its own noun, or that of its place in the list, or the one
    that all of them share."""
    entries: dict[tuple[str, int], list[Amount]] = {}
    for amount, owner in owned:
        entries.setdefault((owner.name, owner.first), []).append(amount)
    told = [each for each in entries.values() if all(amount.unit for amount in each)]
    shared = {amount.unit for amount, _ in owned if amount.unit}
    inside = {at for each in named for at in range(each.first, each.last)}
    gists = ["" if at in inside else each.gist for at, each in enumerate(sentence.pieces)]
    out: list[tuple[Amount, Mention]] = []
    for amount, owner in owned:
        if not amount.unit:
            entry = entries[owner.name, owner.first]
            like = next((each for each in told if len(each) == len(entry)), None)
            if like is not None and like is not entry:
                model = like[entry.index(amount)]
                unit = model.unit
            else:
                unit = _heading(gists, owned, amount)
                if not unit and out and not owned[len(out) - 1][0].unit:
                    unit = out[-1][0].unit  # "conv layers: VGG-11 8, VGG-13 10"
                if not unit and len(shared) == 1:
                    (unit,) = shared
                unit = unit or (out[-1][0].unit if out else "")
                if amount.stated.value >= 10**5 and unit not in LARGE:
                    unit = ""  # "one conv in each of three blocks, from 138.4M to 143.7M"
                unit = unit or _trailing(gists, owned) or _later(gists, owned, amount)
                model = next((each for each, _ in owned if each.unit == unit), amount)
            amount = replace(amount, unit=unit, stated=with_scale(amount.stated, model.stated))
        scale = _heading_scale(sentence, amount)
        if scale is not None and amount.unit in LARGE:
            amount = replace(amount, stated=with_scale(amount.stated, scale))
        out.append((amount, owner))
    return out


def _heading_scale(sentence: Sentence, amount: Amount) -> Quantity | None:
    """The multiple that words before a list give: "weights in millions: …", "M params → …"."""
    gists = [each.gist for each in sentence.pieces]
    for at in range(amount.index):
        expression = sentence.pieces[at].expression
        beside = gists[at + 1 : at + 2] + gists[max(0, at - 2) : at]
        if (
            isinstance(expression, Name)
            and expression.name in MULTIPLIERS
            and set(beside) & COUNTED
        ):
            value = Fraction(MULTIPLIERS[expression.name])
            return Quantity(value, value, value, True, "1")
        if gists[at] in PREFIXED:
            value = Fraction(10**9 if gists[at][0] == "g" else 10**6)
            return Quantity(value, value, value, True, "1")
        if at and gists[at] in ("million", "billion") and gists[at - 1] == "in":
            value = Fraction(10**6 if gists[at] == "million" else 10**9)
            return Quantity(value, value, value, True, "1")
    return None


COUNTED = wordset("parameter weight mac flop mult operation")
PREFIXED = wordset("gmacs mmacs gmac mmac gflops mflops gflop mflop")


def _inferred(
    context: Context, sentence: Sentence, owned: list[tuple[Amount, Mention]]
) -> list[tuple[Amount, Mention]]:
    """Take numbers that nobody says the meaning of for parameters, where most agree with them."""
    open_ones = [(each, owner) for each, owner in owned if not each.unit]
    if len(open_ones) < 2 or any(each.stated.value < 10**5 for each, _ in open_ones):
        return owned
    agreeing = 0
    for amount, owner in open_ones:
        subject = subject_named(context, owner.name)
        readings = _readings(context, subject, "parameters") if subject is not None else ()
        agreeing += bool(fitting(amount.stated, readings))
    total = len(open_ones) == 2 and (
        context.speaks_of("total", "size", "overall") or _beside_names(sentence, owned)
    )
    if (agreeing < 2 and not total) or 2 * agreeing <= len(open_ones) - total:
        return owned
    return [
        (each if each.unit else replace(each, unit="parameters"), owner) for each, owner in owned
    ]


def _beside_names(sentence: Sentence, owned: Sequence[tuple[Amount, Mention]]) -> bool:
    """Whether millions stand right behind their networks, which nothing makes others: "ResNet-50 (25.6M),
    ResNet-101 (44.5M)", "ResNet-50's 25.6M are less than a fifth of VGG-16's 138M"."""
    gists = [each.gist for each in sentence.pieces]
    return all(
        amount.stated.text.endswith(("M", "million"))
        and gists[owner.last : amount.index] in ([], ["("])
        and (owner.last == amount.index or gists[amount.after : amount.after + 1] == [")"])
        and (
            not owner.first or gists[owner.first - 1] in NAME_JOINTS | {"of", "than", ":", "<", ">"}
        )
        for amount, owner in owned
    )


def _later(gists: Sequence[str], owned: Sequence[tuple[Amount, Mention]], amount: Amount) -> str:
    """What the words between a number and the next say: "A (60.2M) is smaller than B (138M)"."""
    after = [each.index for each, _ in owned if each.index > amount.index]
    between = gists[amount.after : min(after, default=amount.after)]
    return next((BY_ADJECTIVE[each] for each in between if each in BY_ADJECTIVE), "")


def _trailing(gists: Sequence[str], owned: Sequence[tuple[Amount, Mention]]) -> str:
    """What the words behind all of them count: "138M (VGG-16) vs 144M (VGG-19) weights"."""
    last = max(max(amount.after, owner.last) for amount, owner in owned)
    return unit_at(gists, last + (gists[last : last + 1] == [")"]))[0]


def _heading(gists: Sequence[str], owned: Sequence[tuple[Amount, Mention]], amount: Amount) -> str:
    """What the words before a list say that it counts: "by parameters: …", "the multiply-adds (…",
    "smaller than VGG-16 (…"."""
    start = max(
        (each.after for each, _ in owned if each.run != amount.run and each.index < amount.index),
        default=0,
    )
    for at in range(amount.index - 1, start - 1, -1):
        unit, _ = unit_at(gists, at)
        if unit and not (at and gists[at] == "layer" and unit_at(gists, at - 1)[0]):
            return unit
        if gists[at] in BY_ADJECTIVE:
            return BY_ADJECTIVE[gists[at]]
    return ""
