"""Values put into a formula: "with i = 7, k = 4, s = 2 and p = 1 we land on 14", "f = 3 needs p = 1".

The formula stands in the same statement. Letters that are given values in one clause make an instance
of it; the number that the clause gives next is what it comes to. A count may come with its biases
("900 weights and 912 numbers in all"), a share as a percentage or as so many times less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.expression import (
    Call,
    Name,
    Number,
    UncomputableError,
    evaluate,
    python,
    written,
)
from generator.claims.expression import names as letters_of
from generator.claims.formulas import Formula
from generator.claims.kinds import formula
from generator.claims.kinds.formula import Verdict
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Agreement, Hedge, Quantity, agreement, quantity, show

KIND = formula.KIND

_GIVING = wordset(
    "be give = ≈ → means mean makes lands land arrives arrive pays pay comes come has have gets "
    "returns evaluates reads so need cost costs"
)
_AGAINST = wordset("if not never than instead but while whereas unless")
_BEFORE = wordset("at for with when")
_FEWER = wordset("fewer less cheaper smaller lessthan")
_GAP, _REACH = 4, 8
_ROUNDED = Fraction(1, 20)  # how far values that were rounded before may lead astray


@dataclass(frozen=True, slots=True)
class Instance:
    """Values of letters, and the pieces that give them (first, last + 1)."""

    values: Mapping[str, Fraction]
    places: Mapping[str, int]
    first: int
    last: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers that a formula of the statement gives for values of its letters."""
    if not any(each.has("=") and _valued(each) for each in context.sentences):
        return
    known = list(formula.judged(context))
    for sentence in context.sentences:
        if sentence.question:
            continue
        found = list(_instances(sentence, {each.left for each, _ in known}))
        for instance, until in _bounded(found):
            yield from _given(sentence, instance, until, known)
    yield from _worked_out(context, known)


def _valued(sentence: Sentence) -> bool:
    """Whether letters have values, or a formula stands beside a number of layers."""
    layers = "~" in sentence.sorts and sentence.has("layer")
    return layers or bool(_places(sentence.pieces))


# ------------------------------------------------------------------ letters with values


def _instances(sentence: Sentence, results: set[str]) -> Iterator[Instance]:
    """Runs of letters with values: "N = 256 and k = 3"; a letter that a formula gives ends one."""
    pieces = sentence.pieces
    run: list[int] = []
    for at in _places(pieces):
        repeated = _name(pieces[at]) in {_name(pieces[each]) for each in run}
        ended = bool(run) and _name(pieces[run[-1]]) in results
        if run and (repeated or ended or not _joined(pieces[run[-1] + 3 : at])):
            yield _instance(pieces, run)
            run = []
        run.append(at)
    if run:
        yield _instance(pieces, run)


def _places(pieces: Sequence[Piece]) -> list[int]:
    """Give the letters that have a value."""
    return [at for at in range(len(pieces) - 2) if _binds(pieces, at)]


def _binds(pieces: Sequence[Piece], at: int) -> bool:
    if at + 3 > len(pieces):
        return False
    name, sign, value = pieces[at : at + 3]
    after = pieces[at + 3].gist if at + 3 < len(pieces) else ""
    before = pieces[at - 1].gist if at else ""
    return (
        _name(name) != ""
        and sign.gist == "="
        and value.sort is Sort.NUMBER
        and value.quantity is not None
        and after not in ("+", "-", "*", "/", "^", "=")
        and before not in ("+", "-", "*", "/", "^", "=")
    )


def _name(piece: Piece) -> str:
    if piece.word == "i":
        return "i"
    return piece.expression.name if isinstance(piece.expression, Name) else ""


def _joined(between: Sequence[Piece]) -> bool:
    words = [each.gist for each in between]
    plain = all(each.sort in (Sort.WORD, Sort.MARK) for each in between)
    return plain and len(words) <= _GAP and not set(words) & (_GIVING | _AGAINST)


def _instance(pieces: Sequence[Piece], run: Sequence[int]) -> Instance:
    values, places = {}, {}
    for at in run:
        stated = pieces[at + 2].quantity
        assert stated is not None
        values[_name(pieces[at])] = stated.value
        places[_name(pieces[at])] = at + 2
    return Instance(values, places, run[0], run[-1] + 3)


def _bounded(found: Sequence[Instance]) -> Iterator[tuple[Instance, int]]:
    """Join "f = 3" with the "p = 1" that it needs; give each instance up to the next."""
    for at, each in enumerate(found):
        yield each, found[at + 1].first if at + 1 < len(found) else 10**6


# ------------------------------------------------------------------ what they give


def _given(
    sentence: Sentence,
    instance: Instance,
    until: int,
    known: Sequence[tuple[Formula, Verdict | None]],
) -> Iterator[Candidate]:
    place = sentence.pieces[instance.first].start
    for stated, verdict in reversed(known):
        letters = letters_of(stated.expression)
        if verdict is not None and not verdict.right:
            continue
        if not letters <= set(instance.values) or stated.start > place:
            continue
        try:
            value = evaluate(stated.expression, instance.values)
        except UncomputableError:
            continue
        shown = ", ".join(f"{name} = {show(instance.values[name])}" for name in sorted(letters))
        how = f"{written(stated.expression)} = {show(value)} with {shown}"
        reading = Reading(value, how, python(stated.expression, dict(instance.values)))
        used = tuple(sentence.pieces[each].start for each in instance.places.values())
        yield from _results(sentence, instance, until, stated, verdict, reading, used)
        return


def _results(
    sentence: Sentence,
    instance: Instance,
    until: int,
    stated: Formula,
    verdict: Verdict | None,
    reading: Reading,
    used: tuple[int, ...],
) -> Iterator[Candidate]:
    """The numbers that an instance comes to: the formula's own letter, or what the clause gives."""
    pieces = sentence.pieces
    if stated.left in instance.places:
        piece = pieces[instance.places[stated.left]]
        yield _claim(sentence, piece, piece.quantity, reading, used)
        return
    at = _next(sentence, instance.last, stated.left)
    if at is not None and at >= until and stated.left != _name(pieces[at - 2]):
        at = None
    if at is None:
        at = _number_before(sentence, instance.first, stated)
        if at is None:
            return
    piece = pieces[at]
    between = {each.gist for each in pieces[instance.last : at]}
    scaled = _scaled(sentence, at, reading)
    if scaled is None:
        return
    number, compared = scaled
    candidate = _claim(sentence, piece, number, compared, used)
    given = bool(between & _GIVING) or between - {","} == {"that"}
    certain = verdict is not None and (given or at < instance.first)
    certain = certain or _name(pieces[at - 2]) == stated.left != ""
    found = candidate if certain else if_true(candidate)
    if found is not None:
        yield found
        yield from _further(sentence, at, until, instance, verdict, reading, used)


def _worked_out(
    context: Context, known: Sequence[tuple[Formula, Verdict | None]]
) -> Iterator[Candidate]:
    """ "α·β²·γ² ≈ 1.92" of letters with decimals, "5 layers have L(L+1)/2 = 15": what a formula is said to be."""
    values = _values(context)
    for stated, _ in known:
        letters = letters_of(stated.expression)
        piece = _equated(context, stated)
        if piece is None or piece.quantity is None or not letters <= set(values):
            continue
        if letters <= set(context.passage.bindings):
            continue  # plain arithmetic
        given = {name: values[name][0] for name in letters}
        try:
            value = evaluate(stated.expression, given)
        except UncomputableError:
            continue
        shown = ", ".join(f"{name} = {show(given[name])}" for name in sorted(letters))
        how = f"{written(stated.expression)} = {show(value)} with {shown}"
        off = abs(value - piece.quantity.value)
        near = (
            0 < off <= abs(value) * _ROUNDED and agreement(piece.quantity, value) is Agreement.FALSE
        )
        reading = Reading(value, how, python(stated.expression, given), doubtful=near)
        used = tuple(values[name][1] for name in letters)
        yield _claim(stated.sentence, piece, piece.quantity, reading, used)


def _values(context: Context) -> dict[str, tuple[Fraction, int]]:
    """Letters with one value each, decimals too, and L for a number of layers: where each stands."""
    found: dict[str, dict[Fraction, int]] = {}
    for sentence in context.sentences:
        pieces = sentence.pieces
        for at in range(len(pieces)):
            if at < len(pieces) - 2 and _binds(pieces, at):
                number = pieces[at + 2].quantity
                assert number is not None
                plain = number.upper is None and number.hedge is Hedge.NONE
                if plain:
                    found.setdefault(_name(pieces[at]), {})[number.value] = pieces[at + 2].start
            layers = at + 1 < len(pieces) and pieces[at + 1].gist == "layer"
            counted = pieces[at].quantity if pieces[at].sort is Sort.NUMBER else None
            if layers and counted is not None:
                found.setdefault("L", {})[counted.value] = pieces[at].start
    return {name: next(iter(each.items())) for name, each in found.items() if len(each) == 1}


def _equated(context: Context, stated: Formula) -> Piece | None:
    """The number that an equals sign gives to a formula."""
    after = context.passage.text[stated.end :].lstrip(" $)}")
    if not after.startswith(("=", "≈", "\\approx")):
        return None
    behind = (each for each in stated.sentence.pieces if each.end > stated.end)
    return next((each for each in behind if each.sort is Sort.NUMBER), None)


def _next(sentence: Sentence, first: int, left: str) -> int | None:
    """The first number after the values, unless the words before it turn away from them."""
    for at in range(first, min(len(sentence.pieces), first + _REACH)):
        piece = sentence.pieces[at]
        if piece.gist in _AGAINST or piece.sort is Sort.SIZE:
            return None
        if piece.sort is Sort.SYMBOLIC:
            if _name(piece) != left or not _binds(sentence.pieces, at):
                return None
        elif piece.quantity is not None and not piece.numeral:
            return at
    return None


def _number_before(sentence: Sentence, first: int, stated: Formula) -> int | None:
    """The number right before the values: "8d² weights, 2,097,152 at d = 512"."""
    pieces = sentence.pieces
    if first < 3 or pieces[first - 1].gist not in _BEFORE or pieces[first - 3].gist != ",":
        return None
    number = pieces[first - 2]
    own = stated.sentence is sentence and number.sort is Sort.NUMBER and not number.numeral
    return first - 2 if own else None


def _scaled(sentence: Sentence, at: int, reading: Reading) -> tuple[Quantity, Reading] | None:
    """The stated number, and what it is compared with: of a percentage a hundred times the value."""
    piece = sentence.pieces[at]
    after = [each.gist for each in sentence.pieces[at + 1 : at + 3]]
    if piece.quantity is None:
        return None
    match piece.expression:
        case Call("percent", Number(share, place, text)):
            given = replace(quantity(share, f"{text} %"), place=place, rounded=True)
            given = given.hedged(piece.quantity.hedge)
        case _ if after[:1] == ["percent"]:
            given = replace(piece.quantity, rounded=True)
        case _ if after[:1] and after[0] in ("times", "x", "*") and set(after) & _FEWER:
            return _inverted(piece.quantity, reading)
        case _:
            return piece.quantity, reading
    return given, replace(reading, value=100 * _number(reading), source=f"100 * ({reading.source})")


def _inverted(stated: Quantity, reading: Reading) -> tuple[Quantity, Reading] | None:
    if not _number(reading):
        return None
    source = f"1 / Fraction({reading.source})"
    value = 1 / _number(reading)
    how = f"1/({reading.how.partition(' with ')[0]}) = {show(value)}"
    return replace(stated, rounded=True), replace(reading, value=value, source=source, how=how)


def _number(reading: Reading) -> Fraction:
    assert isinstance(reading.value, Fraction)
    return reading.value


def _further(
    sentence: Sentence,
    at: int,
    until: int,
    instance: Instance,
    verdict: Verdict | None,
    reading: Reading,
    used: tuple[int, ...],
) -> Iterator[Candidate]:
    """What else the clause says of the same instance: with its biases, or as so many times less."""
    pieces = sentence.pieces
    for here in range(at + 1, min(len(pieces), until)):
        piece = pieces[here]
        if piece.sort is not Sort.NUMBER or piece.quantity is None or piece.numeral:
            continue
        after = {each.gist for each in pieces[here + 1 : here + 4]}
        if after & _FEWER and after & {"times", "x", "*"}:
            inverted = _inverted(piece.quantity, reading)
            if inverted is not None:
                yield _claim(sentence, piece, inverted[0], inverted[1], used)
        elif verdict is not None and verdict.match.form.bias is not None:
            readings = list(_forms(verdict, instance))
            total = bool(after & {"all", "total", "altogether", "parameter"})
            candidate = _claim(sentence, piece, piece.quantity, readings[0], used)
            candidate = replace(candidate, readings=tuple(readings))
            found = candidate if total else if_true(candidate)
            if found is not None:
                yield found
        return


def _forms(verdict: Verdict, instance: Instance) -> Iterator[Reading]:
    """The law's other forms at the same values: with biases, or with two of them."""
    roles = {
        role: instance.values[letter]
        for each in verdict.match.roles
        for letter, role in each.items()
    }
    given = {**verdict.match.law.defaults, **verdict.fixed, **roles}
    for form in verdict.match.law.forms:
        if form.meant and form is not verdict.match.form:
            value = Fraction(form.compute(**given))
            source = form.measure.format(**{role: str(each) for role, each in given.items()})
            yield Reading(value, f"{form.shown} = {show(value)}", source)


def _claim(
    sentence: Sentence,
    piece: Piece,
    stated: Quantity | None,
    reading: Reading,
    used: tuple[int, ...],
) -> Candidate:
    assert stated is not None
    return claiming(KIND, sentence, piece, stated, (reading,), expected=stated.text, used=used)
