"""Ratios of two amounts that a statement gives: "27C² against 49C², 45 % fewer", "672 compared to 2160,
about 31 %", "58.6M of the 61.1M parameters, 96 %", "This is 17 times what the other has, 69,632".

Which two amounts are meant, the words say in several ways: they put them side by side, give a part *of*
the other, point back ("of this"), or there are just two. Each way is a hypothesis; a ratio that fits
one of them is right, one that fits none is wrong where the words leave no other pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.amounts import UNITS, Amount, added, amounts
from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Expression,
    Name,
    Number,
    UncomputableError,
    evaluate,
    names,
    python,
)
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired, paired_by_clause
from generator.claims.passage import Sentence, Sort
from generator.claims.quantity import Hedge, show
from generator.claims.ratios import BACK, LESS, MORE, Stated, near_words, ratios

KIND = "share"

# Words that put two numbers side by side.
BESIDE = wordset(
    "instead against versus vs compared rather replacing replace replaces replaced down where whereas "
    "while than"
)
_SIDE_BY_SIDE = wordset("instead against versus vs compared")
# What else a ratio may be about.
OTHER_SHARES = wordset(
    "accuracy error errors top-1 top-5 time memory hours faster slower speed loss improvement points "
    "better worse validation test dropout probability momentum"
)
_EVERYTHING = wordset("everything whole entire network net model all")
_MEASURED = wordset("fewer less more many much larger bigger smaller lower cheaper")
# What may stand between an amount and a ratio of it.
_SMALL = wordset(
    ", ( ) : ; i.e or which that this be so about only just a an the mere merely factor of → = some thus "
    "hence for makes than as what and in it they again not even per pair both latter former trainable "
    "learnable we keep keeps pay need still remain together e.g total altogether work when "
    "where if with instead compared to"
)
_OWNING = wordset("the its their these all our those")
_PAIR = wordset("pair both sum together two total")
# How far a ratio in words ("a third") may be off, and from where it is wrong.
CLOSE, WIDE = Fraction(6, 100), Fraction(1, 4)
ROUND = Fraction(15, 100)  # "100 times" for 110
TOGETHER = wordset("together altogether total sum both combined")
_FEW = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two amounts that may be compared; ``said`` that words put them together, ``part`` that they make
    the first a part of the second."""

    first: Amount
    second: Amount
    said: bool
    part: bool = False


def recognise(context: Context) -> Iterator[Candidate]:
    """Find ratios of amounts."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", *OTHER_SHARES):
            continue
        stated = list(ratios(sentence))
        lettered = list(_lettered(sentence, stated))
        yield from lettered
        for each in () if lettered else stated:
            yield from _judged(context, number, each, frozenset(e.index for e in stated))


# ------------------------------------------------------------------ which two amounts


def _judged(
    context: Context, number: int, stated: Stated, skipped: frozenset[int]
) -> Iterator[Candidate]:
    sentence = context.sentences[number]
    own = _alike(amounts(context, number, skipped), _unit(sentence, stated))
    earlier: list[Amount] = []
    for at in range(max(0, number - 2), number):
        shares = frozenset(each.index for each in ratios(context.sentences[at]))
        earlier += _alike(amounts(context, at, shares), _unit(sentence, stated))
    if number and context.sentences[number - 1].question:
        earlier = []
    if _of_everything(sentence, stated):
        return
    pairs = [
        each
        for each in _distinct(_pairs(context, sentence, stated, own, earlier))
        if _counted(context, each)
    ]
    candidate = _candidate(sentence, stated, pairs)
    if candidate is None:
        return
    said = [each for each in pairs if each.said]
    own_two = _between_ratios(sentence, stated, own)
    if own_two is not None:
        said = [each for each in pairs if (each.first, each.second) == own_two]
        pairs = said or pairs
        candidate = _candidate(sentence, stated, pairs) or candidate
    elif _contested(sentence, stated):
        unit = _unit(sentence, stated)
        said = [each for each in said if unit and unit in (each.first.unit, each.second.unit)]
    clear = len(own) <= _FEW or sentence.has(*_SIDE_BY_SIDE) or own_two is not None
    linked = any(_linked(sentence, stated, each) for each in said)
    found = candidate if linked and clear else if_true(candidate)
    if found is not None:
        yield found


def _between_ratios(
    sentence: Sentence, stated: Stated, own: Sequence[Amount]
) -> tuple[Amount, Amount] | None:
    """The two amounts of a ratio's own in a list of ratios: "from 25 to 18, 28 % less, from 49 to 27, 45 %"."""
    places = sorted(each.index for each in ratios(sentence))
    if len(places) < 2 or len(own) != 2 * len(places):
        return None
    before = [each for each in places if each < stated.index]
    start = before[-1] if before else -1
    mine = [each for each in own if start < each.index < stated.index]
    return (mine[0], mine[1]) if len(mine) == 2 else None


def _linked(sentence: Sentence, stated: Stated, pair: Pair) -> bool:
    """Whether nothing but small words leads from an amount to the ratio, or words compare by it."""
    pieces = sentence.pieces
    if stated.scale == 1:
        more = next(
            (at for at in range(stated.index, len(pieces)) if pieces[at].gist in _MEASURED), None
        )
        noun = pieces[more + 1] if more is not None and more + 1 < len(pieces) else None
        return noun is None or noun.sort is not Sort.WORD or noun.gist in _SMALL | set(UNITS)
    told = near_words(sentence, stated.index) & (LESS | MORE)
    if pair.part or stated.scale == 0 or told or _moved(sentence, stated, pair):
        return True
    both = sorted((pair.first.index, pair.second.index))
    between = {each.gist for each in pieces[both[0] + 1 : both[1]]}
    if pair.first.sentence == pair.second.sentence and between & _SIDE_BY_SIDE:
        return True
    places = [
        each.index
        for each in (pair.first, pair.second)
        if each.index < stated.index and pieces[each.index] is each.piece
    ]
    if not places:
        return pieces[0].gist in BACK
    between = {each.gist for each in pieces[max(places) + 1 : stated.index]}
    return between <= _SMALL | set(UNITS)


def _moved(sentence: Sentence, stated: Stated, pair: Pair) -> bool:
    """Whether a share is a change from one amount to the other: "from 49 to 27 by 45 %"."""
    gists = [each.gist for each in sentence.pieces]
    if gists[stated.index - 1] != "by":
        return False
    places = [
        at
        for each in (pair.first, pair.second)
        for at, piece in enumerate(sentence.pieces[: stated.index])
        if piece is each.piece
    ]
    return [gists[at - 1] for at in places if at] == ["from", "to"]


def _of_everything(sentence: Sentence, stated: Stated) -> bool:
    """Whether a share is one of a whole that has no number: "74 % of the whole network"."""
    after = [each.gist for each in sentence.pieces[stated.index + 1 : stated.index + 5]]
    return "of" in after and bool(set(after) & _EVERYTHING)


def _contested(sentence: Sentence, stated: Stated) -> bool:
    """Whether another ratio of the sentence may be of the same amounts."""
    unit = _unit(sentence, stated)
    return any(
        each.index != stated.index and each.scale == stated.scale and _unit(sentence, each) == unit
        for each in ratios(sentence)
    )


def _unit(sentence: Sentence, stated: Stated) -> str:
    """What the ratio itself is said to be of: "8.5 times fewer parameters"."""
    after = sentence.pieces[stated.index + 1 : stated.index + 5]
    for each in after:
        if each.gist in UNITS:
            return UNITS[each.gist]
        if each.gist in (",", "(", ")", "and", ";"):
            break
    return ""


def _alike(found: Sequence[Amount], unit: str) -> list[Amount]:
    """The amounts of a unit, or without one, that are no bounds."""
    bounds = (Hedge.OVER, Hedge.UNDER)
    return [
        each
        for each in found
        if (not unit or each.unit in ("", unit))
        and not (each.piece.quantity is not None and each.piece.quantity.hedge in bounds)
    ]


def _pairs(
    context: Context,
    sentence: Sentence,
    stated: Stated,
    own: Sequence[Amount],
    earlier: Sequence[Amount],
) -> Iterator[Pair]:
    """Hypotheses, those that words say first."""
    pieces = sentence.pieces
    here = stated.index
    joined = [
        (one, other)
        for one, other in pairwise(own)
        if {each.gist for each in pieces[one.index + 1 : other.index]} & BESIDE
    ]
    before = [each for each in joined if each[1].index < here]
    for one, other in before[-1:] or joined[:1]:
        yield Pair(one, other, said=True)
    wholes = [each for each in own if _whole(sentence, each)]
    rest = [each for each in own if each not in wholes]
    told = {each.gist for each in pieces[max(0, here - 3) : here]} & TOGETHER
    before_it = [each for each in rest if each.index < here]
    if len(wholes) == 1 and told:
        if len(before_it) > 1:
            yield Pair(added(before_it), wholes[0], said=True, part=True)
    elif len(wholes) == 1 and rest:
        nearest = min(rest, key=lambda each: (each.index > here, abs(each.index - here)))
        yield Pair(nearest, wholes[0], said=True, part=True)
    elif len(own) == 2 and not joined:
        yield Pair(own[0], own[1], said=True)
    back = _points_back(sentence, stated)
    last = [each for each in own if each.index < here][-1:]
    if earlier and back and last and stated.scale != 1:
        yield Pair(last[0], earlier[-1], said=True)
    elif earlier and len(own) == 1 and not wholes:
        outer = [e for e in earlier if _whole(context.sentences[e.sentence], e)]
        if outer and stated.scale == 100:
            yield Pair(own[0], outer[-1], said=True)
        both = len(earlier) == 1 and stated.scale == 1
        yield Pair(own[0], earlier[-1], said=(back or both) and not outer)
    if not own and len(earlier) > 1:
        yield Pair(earlier[-2], earlier[-1], said=False)
        if len({each.sentence for each in earlier}) > 1:
            yield Pair(earlier[0], earlier[-1], said=False)
    for one in own:
        for other in own:
            if one.index < other.index and (one, other) not in joined:
                yield Pair(one, other, said=False)


def _distinct(pairs: Iterator[Pair]) -> list[Pair]:
    """Keep the first hypothesis of each two amounts."""
    found: dict[frozenset[tuple[int, int]], Pair] = {}
    for each in pairs:
        found.setdefault(frozenset((each.first.place, each.second.place)), each)
    return list(found.values())


def _whole(sentence: Sentence, amount: Amount) -> bool:
    """Whether an amount is what something is a part of: "of the 61,100,840 parameters"."""
    before = [each.gist for each in sentence.pieces[max(0, amount.index - 2) : amount.index]]
    return before[-1:] == ["of"] or (before[:1] == ["of"] and before[1] in _OWNING)


def _points_back(sentence: Sentence, stated: Stated) -> bool:
    """Whether the ratio, or its sentence's subject, is something said before."""
    pieces = sentence.pieces
    after = [each.gist for each in pieces[stated.index + 1 : stated.index + 4]]
    return (
        any(one.gist == "of" and other.gist in BACK for one, other in pairwise(pieces))
        or pieces[0].gist in BACK
        or (stated.scale == 1 and "this" in after)
    )


def _counted(context: Context, pair: Pair) -> bool:
    """Whether two amounts are known to count the same."""
    units = {each.unit for each in (pair.first, pair.second)} - {""}
    letters = pair.first.piece.sort is Sort.SYMBOLIC
    return len(units) < 2 and (
        bool(units)
        or letters
        or any(each.has(*UNITS, "cost", "bias") for each in context.sentences)
    )


# ------------------------------------------------------------------ comparing


def _candidate(sentence: Sentence, stated: Stated, pairs: Sequence[Pair]) -> Candidate | None:
    near = near_words(sentence, stated.index)
    readings: list[Reading] = []
    for pair in pairs:
        low, high = sorted(_scaled(pair.first, pair.second), key=lambda each: each.value)
        if low.value <= 0 or low.value == high.value or pair.first.place == pair.second.place:
            continue
        if len({pair.first.unit, pair.second.unit} - {""}) < 2:
            moved = not near & (LESS | MORE) and _moved(sentence, stated, pair)
            way = {"less" if pair.first.value > pair.second.value else "more"} if moved else set()
            found = _readings(sentence, stated, low, high, near | way)
            readings += [each for each in found if not (pair.part and each.doubtful)]
    if not readings:
        return None
    if stated.scale == 0:
        return _roughly(sentence, stated, readings)
    distinct = tuple(dict.fromkeys(readings))
    return _claim(sentence, stated, distinct)


def _readings(
    sentence: Sentence, stated: Stated, low: Amount, high: Amount, near: frozenset[str]
) -> list[Reading]:
    """What the words around a ratio make of two amounts."""
    part = f"Fraction({low.source}) / ({high.source})"
    over = f"Fraction({high.source}) / ({low.source})"
    shown = f"{show(low.value)} of {show(high.value)}"
    share = low.value / high.value
    if stated.scale == 0:
        found = [_reading(share, shown, part, sign="")]
    elif stated.scale == 1:
        found = [_reading(1 / share, shown, over, sign="")]
    elif near & LESS:
        found = [_reading(100 - 100 * share, shown, f"100 - 100 * {part}")]
    elif near & MORE:
        found = [_reading(100 / share - 100, shown, f"100 * {over} - 100")]
    else:
        found = [_reading(100 * share, shown, f"100 * {part}")]
        of_both = {each.gist for each in sentence.pieces[stated.index + 1 : stated.index + 4]}
        if of_both & _PAIR:
            for one in (low, high):
                value = 100 * one.value / (low.value + high.value)
                source = f"100 * Fraction({one.source}) / ({low.source} + {high.source})"
                found.append(_reading(value, f"{show(one.value)} of both", source))
        elif "saving" not in near:
            found += [
                replace(_reading(100 - 100 * share, shown, f"100 - 100 * {part}"), doubtful=True),
                replace(_reading(100 / share - 100, shown, f"100 * {over} - 100"), doubtful=True),
            ]
    loose = _within(stated, low, high, found[0].value)
    return [*found, *loose]


def _within(
    stated: Stated, low: Amount, high: Amount, exact: Fraction | bool | tuple[int, ...]
) -> list[Reading]:
    """A doubtful reading where rounded amounts may have the stated ratio after all."""
    if not isinstance(exact, Fraction):
        return []
    apart = abs(exact - stated.quantity.value)
    if stated.scale == 1 and stated.quantity.coarse >= 10 and apart <= exact * ROUND:
        return [Reading(stated.quantity.value, "a round factor", doubtful=True)]
    spread = low.slack / low.value + high.slack / high.value
    if abs(exact - stated.quantity.value) > spread * abs(exact) + stated.quantity.slack:
        return []
    return [Reading(stated.quantity.value, "the amounts are rounded", doubtful=True)]


def _roughly(sentence: Sentence, stated: Stated, readings: Sequence[Reading]) -> Candidate | None:
    """Judge a ratio in words: right when close, wrong when far."""
    part = stated.quantity.value
    for each in readings:
        assert isinstance(each.value, Fraction)
        match stated.quantity.hedge:
            case Hedge.OVER:
                right, sign = each.value >= part, ">="
            case Hedge.UNDER:
                right, sign = each.value <= part, "<="
            case _:
                apart = abs(each.value - part) / each.value
                if CLOSE < apart < WIDE:
                    return None
                right, sign = apart <= CLOSE, "~"
        shown = f"Fraction({part.numerator}, {part.denominator})"
        line = (
            f"assert abs({each.source} - {shown}) <= Fraction(6, 100) * {each.source}"
            if sign == "~"
            else f"assert {each.source} {sign} {shown}"
        )
        reading = Reading(right, each.how, "", (line,))
        if right or each is readings[-1]:
            return claiming(
                KIND,
                sentence,
                stated.piece,
                True,
                (reading,),
                expected=stated.quantity.text,
                computed=each.how.rpartition(": ")[2],
            )
    return None


def _scaled(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Take the unit of "3.6 against 19.6 GFLOPs" for both."""
    for power in (3, 6, 9):
        factor = Fraction(10) ** power
        if first.value and Fraction(1, 100) < second.value / (first.value * factor) < 100:
            scaled = replace(
                first, value=first.value * factor, source=f"{first.source} * 10**{power}"
            )
            return (first, second) if second.value < 1000 * first.value else (scaled, second)
    return first, second


def _claim(sentence: Sentence, stated: Stated, readings: tuple[Reading, ...]) -> Candidate:
    return claiming(
        KIND, sentence, stated.piece, stated.quantity, readings, expected=stated.quantity.text
    )


def _reading(value: Fraction, shown: str, source: str, *, sign: str = " %") -> Reading:
    rounded = show(
        Fraction(round(value * 1000), 1000) if not sign else Fraction(round(value * 10), 10)
    )
    return Reading(value, f"{shown}: {rounded}{sign}", source)


# ------------------------------------------------------------------ letters with several values


def _lettered(sentence: Sentence, stated: Sequence[Stated]) -> Iterator[Candidate]:
    """Read "2n instead of n², that is 33 % cheaper for n=3 and for n=7 ~71 %"."""
    pieces = sentence.pieces
    terms = _joined(
        sentence,
        [
            (at, each.expression)
            for at, each in enumerate(pieces)
            if each.sort is Sort.SYMBOLIC and each.expression is not None and _term(each.expression)
        ],
    )
    bound = {
        at: each.quantity.value
        for at, each in enumerate(pieces)
        if each.sort is Sort.NUMBER
        and each.quantity is not None
        and at
        and pieces[at - 1].gist == "="
    }
    letters = frozenset(name for _, each in terms for name in names(each))
    if not bound or len(letters) != 1:
        return
    (letter,) = letters
    shares = [each.index for each in stated]
    for value_at, at in paired(sorted(bound), shares) or paired_by_clause(
        sorted(bound), shares, sentence.clause_ends()
    ):
        values = {letter: bound[value_at]}
        try:
            both = [
                Amount(0, place, pieces[place], evaluate(each, values), python(each, values), "")
                for place, each in terms
            ]
        except UncomputableError:
            return
        found = next(each for each in stated if each.index == at)
        wide = _candidate(sentence, found, [Pair(both[0], both[1], said=True)])
        if wide is not None:
            yield wide


def _joined(
    sentence: Sentence, terms: Sequence[tuple[int, Expression]]
) -> list[tuple[int, Expression]]:
    """The two neighbours that a word puts side by side."""
    for one, other in pairwise(terms):
        between = {each.gist for each in sentence.pieces[one[0] + 1 : other[0]]}
        if between & BESIDE:
            return [one, other]
    return []


def _term(expression: Expression) -> bool:
    """``2n`` or ``n²``: one letter with a number."""
    match expression:
        case Binary("*", Number(), Name() | Binary("^", Name(), Number())):
            return True
        case Binary("^", Name(), Number()) | Binary("*", Name(), Name()):
            return True
        case _:
            return False
