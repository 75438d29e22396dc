"""Shares and ratios of two numbers a sentence gives: "27C² against 49C², 45 % fewer", "672 compared
to 2160, about 31 %", "6 instead of 9 weights saves a third".

The two numbers have to be put side by side by a word ("instead of", "against", "compared to"). What
the share says of them, the words around it tell: fewer, more, or so much of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    UncomputableError,
    evaluate,
    names,
    python,
    written,
)
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired, paired_by_clause
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity, quantity, show
from generator.claims.scene import Fact, Role, Scene, whole

KIND = "share"

# Words that put two numbers side by side; the weak ones may join other things.
BESIDE = wordset(
    "instead against versus vs compared rather replacing replace replaces replaced down"
)
WEAKLY = wordset("than where whereas while but from to over standard")
# What else a percentage may be about.
OTHER_SHARES = wordset(
    "accuracy error errors top-1 top-5 time memory hours faster slower speed loss improvement points "
    "better worse validation test training dropout probability"
)
LESS = wordset(
    "fewer less lessthan cheaper save saves saved saving savings reduction reduces reduce reducing smaller lower "
    "cut cuts drop drops shrinks falls down off"
)
MORE = wordset("more morethan larger bigger higher extra additional heavier expensive greater")
PART = wordset("of keep keeps pay only just merely still remains remaining costs")
PERCENT = pattern(r"<p:#> percent|<e:%>")
FACTOR = pattern(
    r"<f:#> (?:x|times|\*|fold) (?:<*so as about the parameter weight number of mult*>)(?:fewer|less|lessthan|cheaper|"
    r"smaller|more|many|much|larger|bigger|expensive|lower)|factor (?:of )?<g:#>"
)
BOUND = pattern(r"<l:~> (?:=|:) <n:#>")
COUNTS = (
    "weight",
    "parameter",
    "mult",
    "mac",
    "operation",
    "flop",
    "cost",
    "computation",
    "compute",
)
NOT_COUNTS = wordset(
    "layer layers channel filters filter x times percent epoch epochs image images block blocks unit "
    "head heads gpu class bias pixel pixels stride dim dims step steps"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated share in per cent (``scale`` 100) or as a factor (1), with its piece and index."""

    piece: Piece
    index: int
    quantity: Quantity
    scale: int


@dataclass(frozen=True, slots=True)
class Amount:
    """One of the two numbers: index of its piece, value, Python."""

    index: int
    value: Fraction
    source: str


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shares and ratios."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", *OTHER_SHARES):
            continue
        stated = list(_stated(sentence))
        sums = any(_unit_fractions(each.expression) for each in sentence.pieces)
        if not stated and not sums:
            continue
        lettered = list(_lettered(sentence, stated))
        yield from lettered
        if len(stated) == 1 and not lettered:
            yield from _of_that(context, number, sentence, stated[0]) or _ratio(
                context, sentence, stated[0]
            )
        if not lettered:
            yield from _separable(context, number, sentence, stated)


def _stated(sentence: Sentence) -> Iterator[Stated]:
    for found in sentence.find(PERCENT):
        piece = found.get("p") or found["e"]
        share = piece.expression
        if piece.sort is Sort.EXPRESSION:
            if not (isinstance(share, Call) and share.function == "percent"):
                continue
            inner = share.of
            if not isinstance(inner, Number) or piece.quantity is None:
                continue
            hedge = piece.quantity.hedge
            given = replace(
                quantity(inner.value, f"{inner.text} %"), place=inner.place, rounded=True
            )
            yield Stated(piece, sentence.index_of(piece), given.hedged(hedge), 100)
        elif piece.quantity is not None:
            yield Stated(
                piece, sentence.index_of(piece), replace(piece.quantity, rounded=True), 100
            )
    for found in sentence.find(FACTOR):
        piece = found.get("f") or found["g"]
        if piece.quantity is not None and piece.quantity.value > 1:
            given = replace(piece.quantity, rounded=True)
            yield Stated(piece, sentence.index_of(piece), given, 1)


# ------------------------------------------------------------------ two amounts


def _ratio(context: Context, sentence: Sentence, stated: Stated) -> Iterator[Candidate]:
    amounts = list(_amounts(context.scene, sentence, stated))
    pair = _beside(sentence, amounts, stated.index, BESIDE)
    weak = pair is None
    pair = pair or _beside(sentence, amounts, stated.index, WEAKLY)
    two = sentence.has("separable", "bottleneck", "factorised", "factorized")
    if pair is None and two and len(amounts) == 2:
        pair = (amounts[0], amounts[1])
    as_many = stated.scale == 1 and sentence.has("as") and sentence.has("many", "much")
    if pair is None and as_many and len(amounts) == 2:
        pair = (amounts[0], amounts[1])
    symbols = [sentence.pieces[each.index].sort is Sort.SYMBOLIC for each in amounts]
    more = {"more", "fewer", "less", "saved"} & {
        each.gist for each in sentence.pieces[stated.index + 1 : stated.index + 3]
    }
    if pair is None and symbols == [True, True] and more and sentence.has("weight", "parameter"):
        pair, weak = (amounts[0], amounts[1]), False
    if pair is None:
        return
    labelled = len(amounts) == 2 and (two or as_many or sentence.has("standard"))
    letters = all(sentence.pieces[each.index].sort is Sort.SYMBOLIC for each in pair)
    certain = (letters and not weak) or (
        sentence.has(*COUNTS) and (not weak or letters or labelled)
    )
    low, high = sorted(_scaled(*pair), key=lambda each: each.value)
    if low.value <= 0 or low.value == high.value:
        return
    candidate = _candidate(sentence, stated, low, high)
    found = candidate if certain else if_true(candidate)
    if found is not None:
        yield found


def _of_that(context: Context, number: int, sentence: Sentence, stated: Stated) -> list[Candidate]:
    """Read "… = 33,920 weights, which is 11.5 % of that": of the amount of the sentence before."""
    after = [each.gist for each in sentence.pieces[stated.index + 1 : stated.index + 3]]
    if number == 0 or after != ["of", "that"]:
        return []
    earlier = context.sentences[number - 1]
    outside = Stated(stated.piece, -1, stated.quantity, stated.scale)
    before = list(_amounts(context.scene, earlier, outside))
    here = [e for e in _amounts(context.scene, sentence, stated) if e.index < stated.index]
    if not before or not here or before[-1].value <= 0:
        return []
    low, high = here[-1], before[-1]
    shown = f"{show(low.value)} of {show(high.value)}"
    source = f"100 * Fraction({low.source}) / ({high.source})"
    reading = _reading(100 * low.value / high.value, shown, source)
    return [_claim(sentence, stated, (reading,), ())]


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


def _amounts(known: Scene, sentence: Sentence, stated: Stated) -> Iterator[Amount]:
    """The numbers that may be compared: results of sums, counts, products of the same letters."""
    pieces = sentence.pieces
    letters = {names(e.expression) for e in pieces if _monomial(e) and e.expression is not None}
    for at, piece in enumerate(pieces):
        after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
        before = pieces[at - 1].gist if at else ""
        beyond = pieces[at + 2] if after == ")" and at + 2 < len(pieces) else None
        inside = beyond is not None and (beyond.gist in _GOING_ON or beyond.sort is Sort.NUMBER)
        if at == stated.index or after in _GOING_ON or before in _SIGNS or inside:
            continue
        if _monomial(piece) and len(letters) == 1 and piece.expression is not None:
            ones = dict.fromkeys(names(piece.expression), Fraction(1))
            yield Amount(at, evaluate(piece.expression, ones), python(piece.expression, ones))
        elif letters:
            continue
        elif piece.sort is Sort.NUMBER and not piece.numeral and piece.quantity is not None:
            free = (known.role_of(piece) is None and before != "=") or before in ("=", "≈")
            bound = before == "=" and at > 1 and pieces[at - 2].sort is Sort.SYMBOLIC
            if free and not bound and after not in NOT_COUNTS and before not in ("factor",):
                yield Amount(at, piece.quantity.value, python(Number(piece.quantity.value)))


_SIGNS = ("+", "-", "*", "/")
_GOING_ON = ("+", "-", "*", "/", "=", "≈", "x", "%")


def _monomial(piece: Piece) -> bool:
    """``27C²``, ``18C^2``: a number times one letter."""
    match piece.expression:
        case Binary("*", _, Name() | Binary("^", Name(), Number())) if piece.sort is Sort.SYMBOLIC:
            return len(names(piece.expression)) == 1 if piece.expression else False
        case _:
            return False


def _beside(
    sentence: Sentence, amounts: Sequence[Amount], index: int, joining: frozenset[str]
) -> tuple[Amount, Amount] | None:
    """The two amounts that a word puts side by side: the last such pair before the share, else after."""
    found = []
    for first, second in pairwise(amounts):
        between = {each.gist for each in sentence.pieces[first.index + 1 : second.index]}
        if between & joining:
            found.append((first, second))
    before = [each for each in found if each[1].index < index]
    return before[-1] if before else found[0] if found else None


def _candidate(sentence: Sentence, stated: Stated, low: Amount, high: Amount) -> Candidate:
    """Give the readings that the words around the share leave."""
    near = _near(sentence, stated.index)
    part = f"Fraction({low.source}) / ({high.source})"
    over = f"Fraction({high.source}) / ({low.source})"
    shown = f"{show(low.value)} of {show(high.value)}"
    readings = {
        "part": _reading(100 * low.value / high.value, shown, f"100 * {part}"),
        "less": _reading(100 - 100 * low.value / high.value, shown, f"100 - 100 * {part}"),
        "more": _reading(100 * high.value / low.value - 100, shown, f"100 * {over} - 100"),
        "factor": _reading(high.value / low.value, shown, over, sign=""),
    }
    if stated.scale == 1:
        chosen = ["factor"]
    elif near & LESS:
        chosen = ["less"]
    elif near & MORE:
        chosen = ["more"]
    else:
        chosen = ["part"]
    others = [replace(readings[each], doubtful=True) for each in readings if each not in chosen]
    sure = [readings[each] for each in chosen]
    doubtful = [each for each in others if stated.scale == 100 and each.value != sure[0].value]
    if stated.scale == 100 and near & (LESS | MORE):
        doubtful = []  # the word says which share it is
    return _claim(sentence, stated, (*sure, *doubtful), ())


def _claim(
    sentence: Sentence, stated: Stated, readings: tuple[Reading, ...], used: tuple[int, ...]
) -> Candidate:
    return claiming(
        KIND,
        sentence,
        stated.piece,
        stated.quantity,
        readings,
        expected=stated.quantity.text,
        used=used,
    )


def _reading(value: Fraction, shown: str, source: str, *, sign: str = " %") -> Reading:
    rounded = show(Fraction(round(value * 10), 10))
    return Reading(value, f"{shown}: {rounded}{sign}", source)


def _near(sentence: Sentence, index: int) -> frozenset[str]:
    """The words beside a share, in its own clause."""
    stops = (",", ";", "(", ")", "instead", "against", "versus", "vs", "compared")
    first = last = index
    while first > max(0, index - 6) and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    end = min(len(sentence.pieces), index + 5)
    while last + 1 < end and sentence.pieces[last + 1].gist not in stops:
        last += 1
    return frozenset(each.gist for each in sentence.pieces[first : last + 1])


# ------------------------------------------------------------------ letters with several values


def _lettered(sentence: Sentence, stated: Sequence[Stated]) -> Iterator[Candidate]:
    """Read "2n instead of n², that is 33 % cheaper for n=3 and for n=7 ~71 %"."""
    terms = [
        (at, each.expression)
        for at, each in enumerate(sentence.pieces)
        if each.sort is Sort.SYMBOLIC and each.expression is not None and _term(each.expression)
    ]
    bound = {}
    for at, piece in enumerate(sentence.pieces):
        before = [each.gist for each in sentence.pieces[max(0, at - 1) : at]]
        if piece.sort is Sort.NUMBER and piece.quantity is not None and before == ["="]:
            bound[at] = piece.quantity.value
    terms = _joined(sentence, terms)
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
            amounts = [
                Amount(place, evaluate(each, values), python(each, values)) for place, each in terms
            ]
        except UncomputableError:
            return
        low, high = sorted(amounts, key=lambda each: each.value)
        if low.value <= 0 or low.value == high.value:
            return
        found = next(each for each in stated if each.index == at)
        near = {each.gist for each in sentence.pieces if each.sort is Sort.WORD}
        wide = _candidate(sentence, found, low, high)
        if found.scale == 100 and near & LESS:
            share = Fraction(100) - 100 * low.value / high.value
            source = f"100 - 100 * Fraction({low.source}) / ({high.source})"
            reading = _reading(share, f"{show(low.value)} of {show(high.value)}", source)
            wide = replace(wide, readings=(reading,))
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


# ------------------------------------------------------------------ separable convolutions


def _separable(
    context: Context, number: int, sentence: Sentence, stated: Sequence[Stated]
) -> Iterator[Candidate]:
    """What a separable convolution costs of a standard one, from N and the kernel."""
    known = context.scene
    if not (context.speaks_of("depthwise", "separable") or _ratio_formula(context)):
        return
    sums = [each for each in sentence.pieces if _unit_fractions(each.expression)]
    filters, kernel = _only(known, number, Role.FILTERS), _only(known, number, Role.KERNEL)
    given = filters.piece if filters is not None else _named(sentence, "N")
    count = whole(given) if given is not None else None
    if given is None or count is None or kernel is None or len(set(kernel.value[:2])) > 1:
        return
    n, f = count[0], kernel.value[0]
    if not (1 < n < 100_000 and 1 < f <= 31):
        return
    share = Fraction(1, n) + Fraction(1, f * f)
    how = f"1/{n} + 1/{f}² = {float(share):.1%}"
    source = f"separable_share(n={n}, f={f})"
    used = (given.start, kernel.piece.start)
    for piece in sums:
        assert piece.expression is not None
        line = f"assert {python(piece.expression)} == {source}"
        right = evaluate(piece.expression) == share
        reading = Reading(right, how, "", (line,))
        yield claiming(KIND, sentence, piece, True, (reading,),
            expected=written(piece.expression), used=used,
        )  # fmt: skip
    for each in stated if len(sums) + len(stated) < 3 else ():
        near = _near(sentence, each.index)
        if each.scale != 100:
            continue
        said = {"of", "standard", "only", "just", "pay", "cost", "need", "instead"}
        if not (sentence.words & said) or near & MORE:
            continue
        value = 100 - 100 * share if near & LESS else 100 * share
        compared = f"100 - 100 * {source}" if near & LESS else f"100 * {source}"
        candidate = _claim(sentence, each, (Reading(value, how, compared),), used)
        certain = sentence.has("standard", "full") or _ratio_formula(context)
        found = candidate if certain else if_true(candidate)
        if found is not None:
            yield found


def _unit_fractions(expression: Expression | None) -> bool:
    """``1/64 + 1/9`` in numbers."""
    match expression:
        case Binary("+", Binary("/", Number(one), first), Binary("/", Number(other), second)):
            return one == other == 1 and not names(first) | names(second)
        case _:
            return False


def _ratio_formula(context: Context) -> bool:
    """Whether the statement gives the ratio of costs in letters, ``1/N + 1/f²``."""
    for sentence in context.sentences:
        for piece in sentence.pieces:
            match piece.expression:
                case Binary("+", Binary("/", Number(), Name()), Binary("/", Number(), Binary("^"))):
                    return True
                case Binary("+", Binary("/", Number(), Binary("^")), Binary("/", Number(), Name())):
                    return True
                case Binary("+", Binary("/", Number(), Number()), Binary("/", Number(), Name())):
                    return True  # 1/25 + 1/N
                case _:
                    pass
    return False


def _only(known: Scene, number: int, role: Role) -> Fact | None:
    """The sentence's only value in a role."""
    facts = [each for each in known.of(role) if each.sentence == number]
    return facts[0] if len({each.value for each in facts}) == 1 else None


def _named(sentence: Sentence, letter: str) -> Piece | None:
    """The number that a letter is given: "N = 512"."""
    for found in sentence.find(BOUND):
        name = found["l"].expression
        if isinstance(name, Name) and name.name == letter:
            return found["n"]
    return None
