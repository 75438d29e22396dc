"""Two networks in proportion: "27 times less compute than VGG-16", "~74 % more parameters", "almost
twice the multiply-adds", "18 % of VGG-19's 19.6 billion", "three more convolutions", "11M more".

Both networks have to be clear: named, or one of them the network of the section. What the sentence
states about them counts as well as what they have, so that rounded numbers may be divided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product

from generator.claims import measures
from generator.claims.candidate import Candidate, Reading, claiming, distinct, fitting
from generator.claims.context import Context
from generator.claims.expression import literal
from generator.claims.kinds.rosters import owned_amounts
from generator.claims.lexicon import wordset
from generator.claims.listing import Amount, amounts, unit_around, unit_at
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, show
from generator.claims.referring import asserted, candidates_of, indefinite, subject_named

KIND = "comparison"

MORE = wordset(
    "more as the what that bigger larger deeper heavier morethan greater higher big deep large costlier"
)
LESS = wordset("fewer less smaller lighter cheaper shallower lessthan lower")
FRACTIONS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "sixth": Fraction(1, 6),
    "eighth": Fraction(1, 8),
    "tenth": Fraction(1, 10),
}
WORDS_FOR = {
    "twice": Fraction(2),
    "double": Fraction(2),
    "twofold": Fraction(2),
    "thrice": Fraction(3),
    "threefold": Fraction(3),
    "half": Fraction(1, 2),
}
# "Going from ResNet-18 to ResNet-34 doubles the multiply-adds."
FACTORS = {
    **dict.fromkeys(("doubles", "double", "doubling"), Fraction(2)),
    **dict.fromkeys(("triples", "triple", "tripling"), Fraction(3)),
    **dict.fromkeys(("quadruples", "quadruple", "quadrupling"), Fraction(4)),
    **dict.fromkeys(("halves", "halve", "halving"), Fraction(1, 2)),
}
HEDGES = {
    **dict.fromkeys(("about", "~", "≈", "some"), Hedge.ABOUT),
    **dict.fromkeys(("morethan", "over", ">", "≥"), Hedge.OVER),
    **dict.fromkeys(("lessthan", "under", "<", "≤"), Hedge.UNDER),
}
LINKS = wordset("than as of what lessthan morethan compared against vs versus over in to for")
FILLERS = wordset("the that those of a with to in its plain does has have be one")
OBJECT_MARKS = wordset(
    "what than lessthan morethan of as unlike against versus vs compared over to"
)
CLAUSES = wordset("though but while whereas yet although ; because since")
# What a network's name is followed by where a part of it is meant.
PARTS = wordset("fc conv part first last layer head stem convs classifier body")
PRONOUNS = wordset("it this network model architecture net its")


@dataclass(frozen=True, slots=True)
class Proportion:
    """A stated proportion: the piece it begins with, the index after it, the number, and the form:
    ``times`` and ``share`` of the other network, ``percent`` more or less, ``amount`` more."""

    first: int
    after: int
    stated: Quantity
    form: str
    less: bool
    measure: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the sentence before spoke of: its one network, and what it counted of it."""

    name: str = ""
    units: frozenset[str] = frozenset()


def recognise(context: Context) -> Iterator[Candidate]:
    """Find networks compared by a number."""
    before = Spoken()
    for sentence in context.sentences:
        if len(sentence.pieces) > MAX_PIECES:
            continue
        named = context.mentions(sentence)
        known = [each for each in named if each.name]
        if sentence.question or len(known) < len(named):
            continue
        if known:
            owned = owned_amounts(context, sentence)
            for found in _proportions(context, sentence, named, owned, before):
                candidate = _candidate(context, sentence, named, owned, found, before)
                if candidate is not None:
                    yield candidate
                    yield from _bracketed(context, sentence, found, candidate)
        before = _spoken(sentence, named, before)


def _spoken(sentence: Sentence, named: Sequence[Mention], before: Spoken) -> Spoken:
    gists = [each.gist for each in sentence.pieces]
    units = _units(sentence)
    subjects = [each.name for each in named if not _marked(gists, each)]
    name = subjects[0] if len(set(subjects)) == 1 else ""
    if not named and PRONOUNS & set(gists):
        name = before.name
    return Spoken(name, frozenset(units) or before.units)


def _units(sentence: Sentence, before: int | None = None) -> set[str]:
    """What of a whole network a sentence counts before a place: parameters, multiply-adds."""
    gists = [each.gist for each in sentence.pieces]
    found = {unit_at(gists, at)[0] for at in range(len(gists))[:before]}
    return found & (measures.COMPUTATION | {"parameters"})


def _marked(gists: Sequence[str], name: Mention) -> bool:
    """Whether a network stands behind a word that compares another one with it."""
    return bool(OBJECT_MARKS & set(gists[max(0, name.first - 1) : name.first]))


# ------------------------------------------------------------------ what is stated


def _proportions(
    context: Context,
    sentence: Sentence,
    named: Sequence[Mention],
    owned: Sequence[tuple[Amount, Mention]],
    before: Spoken,
) -> Iterator[Proportion]:
    inside = {at for each in named for at in range(each.first, each.last)}
    for at in range(len(sentence.pieces)):
        if at in inside:
            continue
        found = _number(context, sentence, at)
        if found is None:
            continue
        stated, form, after = found
        stated = stated.hedged(_hedge(sentence, at))
        begun = Proportion(at, after, stated, form, False, "")
        proportion = _direction(sentence, begun, inside) or _moved(sentence, begun, named)
        if proportion is None:
            continue
        if form == "amount" and _in_a_stage(sentence, after):
            continue
        if not proportion.measure:
            spoken = {each.unit for each, _ in owned if each.unit} or _units(sentence, at)
            spoken = spoken or set(before.units)
            if len(spoken) != 1 or (form == "amount" and not _elliptic(sentence, after)):
                continue
            proportion = replace(proportion, measure=spoken.pop())
        yield proportion


def _elliptic(sentence: Sentence, at: int) -> bool:
    """Whether what is counted has been said before: "VGG-19 has 5M more"."""
    gists = [each.gist for each in sentence.pieces[at : at + 2]]
    return gists[:1] in (["more"], ["fewer"], ["less"]) and (
        len(gists) == 1 or gists[1] in ENDS | {"."}
    )


def _in_a_stage(sentence: Sentence, at: int) -> bool:
    """Whether a number is only of one stage: "13 more blocks in conv4_x and four in conv3_x"."""
    ahead = [each.gist for each in sentence.pieces[at : at + 12]]
    return not sentence.has("all", "each", "only") and any(_STAGE.fullmatch(each) for each in ahead)


_STAGE = re.compile(r"conv\d_x|layer\d")


def _number(context: Context, sentence: Sentence, at: int) -> tuple[Quantity, str, int] | None:
    """Read a proportion's number: (what is stated, its form, the index after it)."""
    piece = sentence.pieces[at]
    after = [each.gist for each in sentence.pieces[at + 1 : at + 4]]
    if {"each", "apiece"} & set(after) or sentence.words_before(piece, 1) == ("each",):
        return None  # "one conv to each of the last three blocks"
    written = context.passage.text[piece.start : piece.end]
    fraction = FRACTIONS.get(piece.gist)
    counted = piece.gist == "half" or (at > 0 and sentence.pieces[at - 1].gist == "a")
    if fraction is not None and counted and after[:1] in (["of"], ["the"], ["its"], ["as"]):
        return _share(fraction, piece.word), "share", at + 1
    if piece.gist in FACTORS and after[:1] not in (["that"], ["what"]):
        return _multiple(FACTORS[piece.gist], piece.word), "factor", at + 1
    if piece.gist in WORDS_FOR:
        return _multiple(WORDS_FOR[piece.gist], piece.word), "times", at + 1
    named = [each.gist for each in sentence.pieces[max(0, at - 3) : at] if each.gist not in HEDGES]
    if named[-2:] == ["factor", "of"] and piece.sort is Sort.NUMBER and piece.quantity is not None:
        value = _multiple(piece.quantity.value, piece.quantity.text)
        return value.hedged(piece.quantity.hedge), "ratio", at + 1
    if piece.sort is Sort.EXPRESSION and written.rstrip().endswith("%") and piece.quantity:
        return piece.quantity, "percent", at + 1
    if piece.sort is Sort.SYMBOLIC and (plain := re.fullmatch(r"(\d+(?:\.\d+)?) ?[xX×]", written)):
        return _multiple(Fraction(plain[1]), plain[1]), "times", at + 1
    stated = piece.quantity
    if piece.sort is not Sort.NUMBER or stated is None or stated.upper is not None:
        return None
    if after[:1] in (["times"], ["*"], ["x"], ["×"], ["fold"]):
        before = [each.gist for each in sentence.pieces[max(0, at - 3) : at]]
        value = _multiple(stated.value, stated.text)
        return value.hedged(stated.hedge) if "factor" not in before else None, "times", at + 2  # type: ignore[return-value]
    if after[:1] in (["percent"], ["%"]):
        share = replace(
            stated, value=stated.value / 100, place=stated.place / 100, coarse=stated.coarse / 100
        )
        return replace(share, rounded=True), "percent", at + 2
    if (
        after[:1] in (["more"], ["fewer"], ["less"], ["additional"], ["extra"])
        or stated.rounded
        or unit_at([each.gist for each in sentence.pieces], at + 1)[0]
    ):
        return stated, "amount", at + 1
    return None


def _share(value: Fraction, text: str) -> Quantity:
    """A part in words, which is a rounded one: a third, half."""
    return Quantity(value, value / 8, value / 8, True, text)


def _multiple(value: Fraction, text: str) -> Quantity:
    """A number of times, as people round it: to a whole number, or a tenth of a small one."""
    place = Fraction(1, 10 ** len(text.partition(".")[2])) if "." in text else Fraction(1)
    if place == 1:
        place = min(Fraction(1), value / (5 if value <= 3 else 10))
    return Quantity(value, place, place, True, text)


def _hedge(sentence: Sentence, at: int) -> Hedge:
    before = [each.gist for each in sentence.pieces[max(0, at - 2) : at]]
    if before[-1:] == ["a"]:
        before.pop()  # "about a fifth"
    return HEDGES.get(before[-1], Hedge.NONE) if before else Hedge.NONE


def _direction(sentence: Sentence, found: Proportion, inside: set[int]) -> Proportion | None:
    """Read "fewer parameters" behind a number: which way, and what is counted."""
    gists = [each.gist for each in sentence.pieces]
    words = []
    for at in range(found.after, min(len(gists), found.after + 6)):
        if gists[at] in ENDS or gists[at][0] in "#@":
            break
        if at in inside and found.form == "amount":
            break
        if at in inside:
            continue  # "18 % of VGG-16's parameters"
        words.append((at, gists[at]))
        if gists[at] in ("lessthan", "morethan"):
            break
    less = more = False
    measure = ""
    for at, word in words:
        less = less or word in LESS
        more = more or word in MORE
        measure = measure or unit_around(gists, at)
    if found.form == "factor":
        return None
    if found.form == "ratio":
        return replace(found, measure=measure)
    if found.form == "share":
        return replace(found, measure=measure)
    if found.form == "percent":
        first = words[0][1] if words else ""
        if first == "of":
            return replace(found, form="share", measure=measure)
        if first in ("more", "fewer", "less", "deeper", "bigger", "larger", "smaller", "lighter"):
            return replace(found, less=less, measure=measure)
        return None
    if found.form == "amount":
        compared = {word for _, word in words} & {
            "more", "fewer", "less", "morethan", "lessthan", "additional", "extra",
        }  # fmt: skip
        told = measure or _elliptic(sentence, found.after)
        return replace(found, less=less, measure=measure) if compared and told else None
    own = [word for _, word in words[:1]] == ["its"]  # "twice its parameters"
    return replace(found, less=less, measure=measure) if less or more or own else None


ENDS = wordset(", ; ) ( : than but and though although while whereas")


def _moved(sentence: Sentence, found: Proportion, named: Sequence[Mention]) -> Proportion | None:
    """Read "from VGG-16 to VGG-19 the parameters go up by 4 %"."""
    gists = [each.gist for each in sentence.pieces]
    frame = _from_to(gists, named)
    if found.form == "times" or frame is None:
        return None
    if found.form == "factor":
        ahead = range(found.after, min(len(gists), found.after + 5))
        back = range(found.first - 1, max(-1, found.first - 4), -1)
        measure = next((u for at in (*ahead, *back) if (u := unit_around(gists, at))), "")
        return replace(found, form="times", measure=measure) if measure else None
    verbs = [each for each in gists[frame[1].last : found.first] if each in UP | DOWN | PAYING]
    if not verbs or gists[found.first - 1] in ("from", "to", "→"):
        return None
    if found.form == "amount" and gists[found.after : found.after + 1] in (["→"], ["to"]):
        return None  # "… adds 5.3M parameters: 138.4M → 143.7M"
    down = verbs[-1] in DOWN
    around = [
        *range(found.after, min(len(gists), found.after + 6)),
        *range(found.first - 1, -1, -1),
    ]
    measure = next((unit for at in around if (unit := unit_at(gists, at)[0])), "")
    return replace(found, less=down, measure=measure) if measure else None


UP = wordset("up grow grows growing rise rises rising increase increases add adds plus gain gains")
PAYING = wordset("pay pays paying need costs buys spend spends")
DOWN = wordset("down drop drops fall falls shrink shrinks decrease decreases reduces saves save")


# ------------------------------------------------------------------ between which networks


def _candidate(
    context: Context,
    sentence: Sentence,
    named: Sequence[Mention],
    owned: Sequence[tuple[Amount, Mention]],
    found: Proportion,
    before: Spoken,
) -> Candidate | None:
    sides = _sides(context, sentence, named, found, before)
    if sides is None or not asserted(sentence, found.first):
        return None
    one, other = sides
    stated = {
        name: [each.stated for each, owner in owned if owner.name == name and _same(each, found)]
        for name in (one.name, other.name)
    }
    unnamed = _before(context, sentence, named, found)
    every = [_forms(context, each, found.measure) for each in (one, other)]
    having = [
        _having(forms, found.measure, own)
        for forms, own in zip(every, (stated[one.name] or unnamed, stated[other.name]), strict=True)
    ]
    forms = [own or other for own, other in zip(having, every, strict=True)]
    unknown = bool(unnamed) and not having[0]
    pairs = [(first, second) for first, second in product(*forms) if first.name != second.name]
    readings = [reading for first, second in pairs for reading in _readings(first, second, found)]
    gists = [each.gist for each in sentence.pieces]
    own = "its" in gists[found.after : found.after + 1]  # what has it is spoken of
    if not own and _behind(gists, named, found) is None and _from_to(gists, named) is None:
        # Nothing says which of the two is compared with which.
        readings += [
            replace(reading, doubtful=True)
            for first, second in pairs
            for reading in _readings(second, first, found)
        ]
    if found.form != "amount":
        readings += [
            _computed(first.value, second.value, found, spoken=True)
            for first, second in product(stated[one.name], stated[other.name])
        ]
    if not readings:
        return None
    piece = sentence.pieces[found.first]
    last = sentence.pieces[min(len(sentence.pieces), max(found.after, found.first + 1)) - 1]
    return Candidate(
        KIND,
        sentence.start,
        last.end,
        piece.start,
        found.stated,
        () if unknown else distinct(readings),
        reason=f"no {one.family} has what is compared" if unknown else "",
        subject=one.name,
        expected=_phrase(context, sentence, found),
        decisive=True,
    )


def _before(
    context: Context, sentence: Sentence, named: Sequence[Mention], found: Proportion
) -> list[Quantity]:
    """What the words before a proportion count of a network that they do not name: "it is 152 layers
    deep, 8 times deeper than …"."""
    if any(each.last <= found.first for each in named):
        return []
    return [
        each.stated
        for each in amounts(context.passage, sentence, named)
        if each.after <= found.first and each.unit == found.measure
    ]


def _having(forms: Sequence[Subject], measure: str, stated: Sequence[Quantity]) -> list[Subject]:
    """The forms of a network that have what is stated of it."""
    return [
        form
        for form in forms
        if any(fitting(each, measures.readings(form, measure)) for each in stated)
    ]


def _bracketed(
    context: Context, sentence: Sentence, found: Proportion, compared: Candidate
) -> Iterator[Candidate]:
    """The count in brackets behind a proportion: "less than half its parameters (60.2M)"."""
    subject = context.catalogue.get(compared.subject)
    gists = [each.gist for each in sentence.pieces]
    for at in range(found.after, min(len(gists) - 2, found.after + 5)):
        stated = sentence.pieces[at + 1].quantity
        bracketed = gists[at] == "(" and gists[at + 2] == ")"
        if subject is None or not bracketed or stated is None or not stated.rounded:
            continue
        readings = [
            each
            for form in _forms(context, subject, found.measure)
            for each in measures.readings(form, found.measure)
        ]
        yield claiming(
            KIND,
            sentence,
            sentence.pieces[at + 1],
            stated,
            distinct(readings),
            subject=subject.name,
            decisive=True,
        )


def _forms(context: Context, subject: Subject, measure: str) -> list[Subject]:
    """The networks a name stands for: of a network's other forms those that hardly differ."""
    found = candidates_of(context, subject, named=subject.name != subject.family)
    if subject.name == subject.family:
        return found
    found = [each for each in found if not each.name.endswith("_c")]
    own = _amount(subject, measure)
    return [each for each in found if each is subject or _close(_amount(each, measure), own)]


def _amount(subject: Subject, measure: str) -> Fraction | None:
    found = [each.value for each in measures.readings(subject, measure)[:1]]
    return next((each for each in found if isinstance(each, Fraction)), None)


def _close(one: Fraction | None, other: Fraction | None) -> bool:
    """Whether two counts differ by a twelfth at most."""
    return one is not None and other is not None and abs(one - other) <= other / 12


def _phrase(context: Context, sentence: Sentence, found: Proportion) -> str:
    start = sentence.pieces[found.first].start
    end = sentence.pieces[min(len(sentence.pieces) - 1, found.after)].end
    return context.passage.text[start:end].strip()


def _same(amount: Amount, found: Proportion) -> bool:
    computing = measures.COMPUTATION
    return amount.unit == found.measure or {amount.unit, found.measure} <= computing


def _sides(
    context: Context,
    sentence: Sentence,
    named: Sequence[Mention],
    found: Proportion,
    before: Spoken,
) -> tuple[Subject, Subject] | None:
    """The network that is compared, and the one it is compared with."""
    gists = [each.gist for each in sentence.pieces]
    moved = _from_to(gists, named)
    if moved is not None and moved[1].last <= found.first:
        return _subjects(context, moved[1], moved[0])
    other = _behind(gists, named, found)
    if other is None and found.form == "share" and gists[found.after : found.after + 1] == ["its"]:
        # "deeper than VGG-19, yet it has less than half its parameters"
        objects = [each for each in named if each.last <= found.first and _marked(gists, each)]
        other = objects[-1] if objects else None
    if other is None and _compares(gists, found) and not _of_it(gists, found):
        return None
    one = _in_front(gists, named, found, other)
    names = list(dict.fromkeys(each.name for each in named))
    if other is None and one is None:
        # "next to ResNet-50 it has 7.3 times fewer"
        fronted = [each for each in named if each.last <= found.first and _marked(gists, each)]
        other = fronted[-1] if fronted else None
        if other is None:
            return None
    if other is None and one is not None and (len(names) == 1 or _of_it(gists, found)):
        first, second = subject_named(context, one.name), context.catalogue.get(before.name)
        different = first is not None and second is not None and first.name != second.name
        return (first, second) if different and first and second else None
    if other is None:
        others = [name for name in names if one is not None and name != one.name]
        if len(others) != 1 or one is None:
            return None
        other = next(each for each in named if each.name == others[0])
    if one is None and found.form == "amount" and len(names) == 2:
        one = next(each for each in named if each.name != other.name)
    if one is None:
        first = subject_named(context, other.name)
        own = context.catalogue.get(before.name) or context.subject
        if own is None or first is None or own.name == first.name or indefinite(own):
            return None
        return (own, first) if _speaks_of_it(gists, found) else None
    return _subjects(context, one, other)


def _subjects(context: Context, one: Mention, other: Mention) -> tuple[Subject, Subject] | None:
    first, second = subject_named(context, one.name), subject_named(context, other.name)
    if first is None or second is None or first.name == second.name:
        return None
    return first, second


def _from_to(gists: Sequence[str], named: Sequence[Mention]) -> tuple[Mention, Mention] | None:
    """Read "from VGG-16 to VGG-19", "compared with VGG-16, VGG-19 …": (where it begins, where it
    ends)."""
    for first, second in pairwise(named):
        between = list(gists[first.last : second.first])
        started = first.first and gists[first.first - 1] == "from"
        if (started and between in (["to"], ["→"])) or between == ["→"]:
            return first, second
        opened = list(gists[max(0, first.first - 2) : first.first])
        if opened in (["compared", "with"], ["compared", "to"]) and between[:1] == [","]:
            return first, second
    return None


def _behind(gists: Sequence[str], named: Sequence[Mention], found: Proportion) -> Mention | None:
    """The network after "than", "as" or "of"."""
    for at in range(found.after, min(len(gists), found.after + 12)):
        if gists[at] in (",", ";", ":") or gists[at] in CLAUSES:
            return None
        if gists[at] == "of" and found.form == "amount":
            continue  # "the 13 extra blocks of ResNet-152 over ResNet-101"
        if gists[at] in LINKS:
            here = at + 1
            while here < len(gists) and gists[here] in FILLERS:
                here += 1
            for each in named:
                if each.first == here:
                    following = gists[each.last : each.last + 2]
                    return None if following and following[0] in PARTS else each
    return None


def _of_it(gists: Sequence[str], found: Proportion) -> bool:
    """Whether the number is compared with what the sentence before spoke of: "a third of this"."""
    ahead = gists[found.after : found.after + 6]
    return any(
        link in ("of", "than", "as") and word in ("this", "that", "it", "these", "those")
        for link, word in pairwise(ahead)
    )


def _compares(gists: Sequence[str], found: Proportion) -> bool:
    """Whether the number is compared with something that is no network."""
    for at in range(found.after, min(len(gists), found.after + 10)):
        if gists[at] in (",", ";", ":", "(", ")", "and") or gists[at] in CLAUSES:
            return False
        if gists[at] in ("than", "lessthan", "morethan", "of", "compared"):
            return True
    return False


def _in_front(
    gists: Sequence[str],
    named: Sequence[Mention],
    found: Proportion,
    other: Mention | None,
) -> Mention | None:
    """The network that the proportion is said of: the last one before it that is no object."""
    clause = max((at for at in range(found.first) if gists[at] in CLAUSES), default=-1)
    free = [
        each
        for each in named
        if each.last <= found.first
        and (other is None or each.name != other.name)
        and not OBJECT_MARKS & set(gists[max(0, each.first - 1) : each.first])
    ]
    within = [each for each in free if each.first > clause]
    if within or free:
        return (within or free)[-1]
    if other is not None and any(
        word in gists[: found.first] for word in ("despite", "being", "with", "although", "at")
    ):
        after = [each for each in named if each.first >= other.last and each.name != other.name]
        if after and gists[other.last : after[0].first] in ([","], [",", "the"]):
            return after[0]
    return None


def _speaks_of_it(gists: Sequence[str], found: Proportion) -> bool:
    """Whether the words before a proportion speak of the section's network."""
    before = set(gists[: found.first])
    return bool(before & PRONOUNS) or len(before) <= 3


# ------------------------------------------------------------------ readings


def _readings(one: Subject, other: Subject, found: Proportion) -> Iterator[Reading]:
    first = measures.readings(one, found.measure)
    second = measures.readings(other, found.measure)
    for left, right in product(first, second):
        if not (isinstance(left.value, Fraction) and isinstance(right.value, Fraction)):
            continue
        if not left.value or not right.value:
            continue
        if (left is not first[0] or right is not second[0]) and not (
            left.doubtful or right.doubtful
        ):
            continue
        doubtful = left.doubtful or right.doubtful
        coarse = any(each % 10**6 == 0 for each in (left.value, right.value))
        if found.form == "amount" and coarse and found.stated.place < 10**6:
            continue  # the rounding of a published figure would be much of the difference
        value = _computed(left.value, right.value, found)
        source = "" if doubtful else _source(left.source, right.source, found)
        if found.form == "ratio" and left.value < right.value and source:
            source = f"(1 / {source})"
        yield Reading(value.value, value.how, source, doubtful=doubtful)
        plain = found.form == "times" and found.stated.hedge is Hedge.NONE
        if plain and isinstance(value.value, Fraction) and value.value > 1:
            yield Reading(Fraction(round(value.value)), value.how, doubtful=True)


def _computed(
    first: Fraction, second: Fraction, found: Proportion, *, spoken: bool = False
) -> Reading:
    """Put two counts in proportion."""
    one, other = show(first), show(second)
    source = ""
    if spoken:
        source = _source(f"Fraction({literal(first)})", f"Fraction({literal(second)})", found)
    match found.form:
        case "ratio":
            high, low = max(first, second), min(first, second)
            if first < second:
                source = f"(1 / {source})" if source else ""
            return Reading(high / low, f"{show(high)}/{show(low)} = {show(high / low)}", source)
        case "times":
            high, low = (second, first) if found.less else (first, second)
            return Reading(high / low, f"{show(high)}/{show(low)} = {show(high / low)}", source)
        case "share":
            return Reading(first / second, f"{one}/{other} = {show(first / second)}", source)
        case "percent":
            value = 1 - first / second if found.less else first / second - 1
            how = f"1 - {one}/{other}" if found.less else f"{one}/{other} - 1"
            return Reading(value, f"{how} = {show(value)}", source)
        case _:
            value = second - first if found.less else first - second
            how = f"{other} - {one}" if found.less else f"{one} - {other}"
            return Reading(value, f"{how} = {show(value)}", source)


def _source(first: str, second: str, found: Proportion) -> str:
    """Write the proportion in Python."""
    ratio = f"(Fraction({first}) / Fraction({second}))"
    match found.form:
        case "times":
            return f"(1 / {ratio})" if found.less else ratio
        case "share" | "ratio":
            return ratio
        case "percent":
            return f"(1 - {ratio})" if found.less else f"({ratio} - 1)"
        case _:
            return f"({second} - {first})" if found.less else f"({first} - {second})"


__all__ = ["KIND", "Piece", "recognise"]
