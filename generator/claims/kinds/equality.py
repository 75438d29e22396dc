"""Arithmetic that a note writes out: ``\\frac{64-4}{2}+1 = 31``, ``(5·5·3 + 1)·6 = 456``.

Reads chains of ``=`` and ``≈`` whose sides are numbers and operators; names count where the
statement gives them a value. Silent about anything else that has an equals sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading
from generator.claims.chains import GRABBING, Side, chains, free
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Negative,
    Number,
    UncomputableError,
    evaluate,
    names,
    python,
    written,
)
from generator.claims.lexicon import MULTIPLIER_WORDS, WORDS, wordset
from generator.claims.passage import Passage, Piece, Sort, pattern
from generator.claims.quantity import Agreement, Hedge, Quantity, agreement, quantity, show
from generator.claims.stated import expression_quantity, factors
from generator.claims.tokens import Kind, Token

KIND = "arithmetic"

# Words that say that numbers here do not add up as usual, or that the writer means it to be wrong.
OTHER_ARITHMETIC = wordset(
    "mod modulo modular binary boolean hex hexadecimal octal base xor gf congruent clock ring "
    "bitwise two's complement float32 float16 floating-point float rounding-error javascript "
    "string strings synergy vigesimal ternary nim"
)
MEANT_WRONG = wordset(
    "wrong wrongly incorrect incorrectly mistake mistaken mistakenly false falsely typo myth error "
    "errors erroneous erroneously bug misprint "
    "counterexample paradox joke nonsense supposedly allegedly misread bogus claims claimed"
)
# What units of measure, written or not, make of a number.
UNIT_FACTORS = tuple(Fraction(base**power) for base in (1000, 1024) for power in (1, 2, 3))
_JOINING = wordset("and so thus hence but then because as since")
_ROLES = wordset("filter filters conv parameter weight unit channel")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find written-out arithmetic in a statement."""
    passage = context.passage
    if not speaks_arithmetic(passage):
        return
    for chain in chains(passage.tokens):
        if _redefined(passage, chain):
            continue
        found = judge(passage, chain) or _monomials(passage, chain)
        if found is not None:
            yield found
    yield from _said(passage)


def speaks_arithmetic(passage: Passage) -> bool:
    """Whether numbers add up as usual in a statement."""
    words = {each.text.lower() for each in passage.tokens if each.kind is Kind.WORD}
    if words & OTHER_ARITHMETIC:
        return False
    if any(each.is_op("≡", "±") for each in passage.tokens):
        return False
    return not any(
        each.is_op("…") and _goes_through(passage.tokens, at)
        for at, each in enumerate(passage.tokens)
    )


def _redefined(passage: Passage, chain: Sequence[Side]) -> bool:
    """Whether a chain only gives a name another value, behind a stroke: "325M / α = 0.5: …"."""
    left = chain[0].expression
    if not isinstance(left, Binary) or left.operator != "/" or not isinstance(left.right, Name):
        return False
    texts = [each.text for each in passage.tokens]
    name = texts[chain[0].last - 1]
    return sum(pair == (name, "=") for pair in pairwise(texts)) > 1


def _goes_through(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sum or a list goes on through an ellipsis; between two sentences it is a pause."""
    around = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(each.is_op("+", "-", "*", "/", "=", ",", "^", "(", ")") for each in around)


# ------------------------------------------------------------------ judging a chain


def judge(passage: Passage, chain: Sequence[Side]) -> Candidate | None:
    """Compare the sides of a chain: a candidate for the first number that disagrees, else the last."""
    resolved = [_bound(side, passage.bindings) for side in chain]
    numeric = [each for each in resolved if each.stated is not None and each.expression is not None]
    if len(numeric) < 2:
        return None
    computed = [each for each in numeric if _has_operator(each.expression)]
    plain = [each for each in numeric if not _has_operator(each.expression)]
    if any(_date(each.expression) for each in computed):
        return None
    if not computed or any(len(each.text) > 15 and each.rounded for each in _stated(numeric)):
        return None
    summed = numeric[0].expression is not None and _sum(numeric[0].expression)
    mixed = len(set(map(_sizelike, numeric[1:]))) > 1 and not summed
    sizes = mixed or _sizelike(numeric[-1])
    if sizes and (_sizelike(numeric[0]) or len(numeric) > 2 or numeric[0] not in plain):
        return None  # "3×3 + 3×3 = 5×5" is no sum
    reversed_order = not _has_operator(numeric[0].expression)
    if reversed_order and len(numeric) > 2:
        return None
    if reversed_order:
        basis, others = numeric[1], [numeric[0]]
    else:
        basis, others = numeric[0], numeric[1:]
    return _candidate(passage, basis, others, reversed_order=reversed_order)


def _monomials(passage: Passage, chain: Sequence[Side]) -> Candidate | None:
    """Judge ``2·3²·C² = 18C²``: products of the same letters, of which the first is computed."""
    for left, right in pairwise(chain):
        if left.expression is None or right.expression is None:
            continue
        used = names(left.expression)
        if not used or used != names(right.expression) or _factor_count(left.expression) < 2:
            continue
        try:
            ratios = {
                evaluate(right.expression, point) / evaluate(left.expression, point)
                for point in _points(used)
            }
            ones = dict.fromkeys(used, Fraction(1))
            value, stated = evaluate(left.expression, ones), evaluate(right.expression, ones)
        except (UncomputableError, ZeroDivisionError):
            continue
        if len(ratios) != 1:
            continue
        first, last = passage.tokens[left.first], passage.tokens[right.last - 1]
        how = f"{written(left.expression)} = {show(value)} times {'·'.join(sorted(used))} alone"
        return Candidate(
            KIND,
            first.start,
            last.end,
            passage.tokens[right.first].start,
            quantity(stated, written(right.expression)),
            (Reading(value, how, python(left.expression, ones)),),
            expected=written(right.expression),
        )
    return None


def _points(used: frozenset[str]) -> Iterator[dict[str, Fraction]]:
    """Values for names at which different products differ."""
    for seed in (2, 3, 5):
        yield {name: Fraction(seed + 7 * at) for at, name in enumerate(sorted(used))}


def _factor_count(expression: Expression) -> int:
    """How many numbers, exponents aside, a product has; 0 for anything but a product."""
    match expression:
        case Number():
            return 1
        case Name():
            return 0
        case Binary("^", base, Number()):
            return _factor_count(base)
        case Binary("*", left, right):
            return _factor_count(left) + _factor_count(right)
        case _:
            return -100


def _bound(side: Side, bindings: Mapping[str, Fraction]) -> Side:
    """Evaluate a side with names that the statement binds."""
    if side.stated is not None or side.expression is None:
        return side
    unknown = names(side.expression)
    if not unknown or not unknown <= set(bindings) or not _has_operator(side.expression):
        return side
    try:
        value = evaluate(side.expression, bindings)
    except UncomputableError:
        return side
    return replace(side, stated=expression_quantity(side.expression, value, ""))


def _stated(sides: Sequence[Side]) -> list[Quantity]:
    return [each.stated for each in sides if each.stated is not None]


def _has_operator(expression: Expression | None) -> bool:
    match expression:
        case Binary("*", Number(), Binary("^", Number(base), Number())) if base == 10:
            return False  # scientific notation is a number
        case Call("percent", Number()):
            return False
        case Binary() | Call():
            return True
        case Negative(of):
            return _has_operator(of)
        case _:
            return False


def _date(expression: Expression | None) -> bool:
    """12/10/2022 and 2022-10-12 are no arithmetic, nor is a list: "blocks 3/4/6/3"."""
    match expression:
        case Binary("/", Binary("/", _, Number()), Number()):
            return not expression.bracketed
        case Binary("-", Binary("-", Number(first), Number()), Number(last)):
            return max(first, last) > 1900
        case _:
            return False


def _sum(expression: Expression) -> bool:
    """Whether a sum takes part in a product or stands by itself: no size is written so."""
    match expression:
        case Binary("+" | "-", _, _):
            return True
        case Binary(_, left, right):
            return _sum(left) or _sum(right)
        case _:
            return False


def _product(side: Side) -> bool:
    """Whether a side is a product of whole numbers and nothing else."""
    found = factors(side.expression) if side.expression else None
    return found is not None and len(found) > 1


LARGEST_SIDE = 8192


def _sizelike(side: Side) -> bool:
    """Whether a side is written as sizes are: whole numbers joined by x or ×, none of them huge."""
    crossed = _product(side) and isinstance(side.expression, Binary) and side.expression.cross
    sizes = factors(side.expression) if crossed and side.expression is not None else None
    return crossed and (sizes is None or max(sizes) <= LARGEST_SIDE)


def _candidate(
    passage: Passage, basis: Side, others: Sequence[Side], *, reversed_order: bool
) -> Candidate | None:
    assert basis.expression is not None
    assert basis.stated is not None
    value = basis.stated.value
    bindings = passage.bindings
    target = others[-1]
    setup = []
    for side in others:
        assert side.stated is not None
        assert side.expression is not None
        stated = _as_stated(side)
        if _agrees(stated, value, basis) is not Agreement.TRUE:
            target = side
            break
        if side is not others[-1] and stated.exact:
            setup.append(
                f"assert {python(basis.expression, bindings)} == "
                f"{python(side.expression, bindings)}"
            )
    assert target.stated is not None
    stated = _as_stated(target)
    shown = _shown(basis.expression, value, bindings)
    reading = Reading(value, shown, python(basis.expression, bindings), tuple(setup))
    first, last = passage.tokens[min(basis.first, target.first)], passage.tokens[target.last - 1]
    if reversed_order:
        first, last = passage.tokens[target.first], passage.tokens[basis.last - 1]
    end = max(last.end, passage.tokens[others[-1].last - 1].end)
    verdict = _agrees(stated, value, basis)
    reason = ""
    if verdict is not Agreement.TRUE:
        doubt = _doubt(passage, basis, stated, reversed_order=reversed_order)
        if doubt == "silent":
            return None
        reason = doubt
        if verdict is Agreement.DOUBTFUL:
            reason = reason or f"{shown}; {stated.text} only when rounded"
    return Candidate(
        KIND,
        first.start,
        end,
        passage.tokens[target.first].start,
        stated,
        readings=() if reason else (reading,),
        reason=reason,
        expected=stated.text or show(stated.value),
        computed=show(value) if reason else "",
    )


def _shown(expression: Expression, value: Fraction, bindings: Mapping[str, Fraction]) -> str:
    text = f"{written(expression)} = {show(value)}"
    used = sorted(names(expression))
    given = ", ".join(f"{name} = {show(bindings[name])}" for name in used)
    return f"{text} with {given}" if given else text


def _as_stated(side: Side) -> Quantity:
    assert side.stated is not None
    if place := _rounding(side.expression):  # "2.4M + 10.0M"
        rounded = replace(side.stated, rounded=True, place=place, coarse=place)
        return rounded.hedged(Hedge.ABOUT) if side.approximate else rounded
    return side.stated.hedged(Hedge.ABOUT) if side.approximate else side.stated


def _agrees(stated: Quantity, value: Fraction, basis: Side) -> Agreement:
    found = agreement(stated, value)
    if found is not Agreement.FALSE:
        return found
    if stated.value and (value == stated.value * 100 or value * 100 == stated.value):
        return Agreement.DOUBTFUL  # a share and a percentage
    loose = stated.hedged(Hedge.ABOUT)
    scaled = (value * scale for factor in UNIT_FACTORS for scale in (factor, 1 / factor))
    if any(agreement(loose, each) is Agreement.TRUE for each in scaled):
        return Agreement.DOUBTFUL  # thousands that are not written out, milliseconds, megabytes
    if basis.expression is not None and _rounded_inputs(basis.expression) and stated.value:
        close = abs(value - stated.value) <= abs(stated.value) / 50
        return Agreement.DOUBTFUL if close else Agreement.FALSE
    return Agreement.FALSE


def _rounding(expression: Expression | None) -> Fraction:
    """By how much a sum of figures with units may be off: a place of each; 0 for anything else."""
    match expression:
        case Binary("+" | "-", left, right):
            parts = (_rounding(left) or _unit_place(left), _rounding(right) or _unit_place(right))
            return sum(parts, Fraction(0)) if all(parts) else Fraction(0)
        case _:
            return Fraction(0)


def _unit_place(expression: Expression) -> Fraction:
    """The last place of a number with a unit ("2.4M"); 0 for any other number."""
    match expression:
        case Number(_, place) if place > 1:
            return place
        case _:
            return Fraction(0)


def _rounded_inputs(expression: Expression) -> bool:
    """Whether a decimal stands among the numbers: it may have been rounded itself."""
    match expression:
        case Number(_, place):
            return place != 1
        case Negative(of) | Call(_, of):
            return _rounded_inputs(of)
        case Binary(_, left, right):
            return _rounded_inputs(left) or _rounded_inputs(right)
        case _:
            return False


def _doubt(passage: Passage, basis: Side, stated: Quantity, *, reversed_order: bool) -> str:
    """Say why a mismatch is no verdict: ``silent`` for no claim at all, else a reason, else ``""``."""
    first = passage.tokens[basis.first].start
    words = {
        each.text.lower()
        for sentence in passage.sentences
        if sentence.start <= first <= sentence.end
        for each in passage.tokens
        if each.kind is Kind.WORD and sentence.start <= each.start <= sentence.end
    }
    match basis.expression:
        case Binary("-", Number(low), Number(high)) if low < high and stated.value > 0:
            return "silent"  # "pages 3–14 = 12 pages" is a range
        case _:
            pass
    if words & MEANT_WRONG or _denied(passage.tokens, basis) or _quoted(passage.tokens, basis):
        return "silent"  # the sentence may be about a wrong number
    if reversed_order:
        start = _first_of_chain(passage, basis)
        before = passage.tokens[start - 1] if start else None
        noun = before is not None and before.kind in (Kind.WORD, Kind.NUMBER)
        noun = noun and before is not None and before.text.lower() not in _JOINING
        # "5 > 3 = 2 + 5 > 2 + 3": the sign stands for "that is".
        ordered = before is not None and before.is_op("<", ">", "≤", "≥")
        if _sizelike(basis) or noun or ordered:
            return "silent"
    if _thousands_points(passage.tokens[basis.first : basis.last]):
        return "silent"  # 170.000 may be a hundred and seventy thousand
    # "10 filters of 3x3x3 = 270 parameters" is no false product, nor a false sum with biases after it.
    before = passage.tokens[basis.first - 1] if basis.first else None
    of_filter = before is not None and WORDS.get(before.text.lower(), before.text) in (
        "of", "filter", "filters", "conv", "size", "with", "layer",
    )  # fmt: skip
    single = passage.tokens[basis.first - 2].text.lower() if basis.first > 1 else ""
    of_filter = of_filter and (
        single != "each" or _counts(basis, stated)
    )  # "each with 11·11·3 = …"
    if of_filter and passage.tokens[min(basis.first + 1, basis.last - 1)].cross:
        return "silent"
    if _product(basis):
        spoken = {WORDS.get(each, each) for each in words}
        if spoken & _ROLES and (of_filter or (_sizelike(basis) and _counts(basis, stated))):
            return "silent"
    return ""


def _thousands_points(tokens: Sequence[Token]) -> bool:
    """Whether a number has a point before exactly three digits, as many countries group them."""
    return any(
        each.kind is Kind.NUMBER
        and len(each.text.partition(".")[2]) == 3
        and len(each.text.partition(".")[0]) <= 3
        and not each.text.startswith("0")
        for each in tokens
    )


def _denied(tokens: Sequence[Token], basis: Side) -> bool:
    """Whether a "not" stands right before or right after the chain."""
    last = basis.last
    while last < len(tokens) and (tokens[last].kind is not Kind.WORD or tokens[last].math):
        last += 1
    around = (*tokens[max(0, basis.first - 4) : basis.first], *tokens[last : last + 3])
    return any(
        each.kind is Kind.WORD and (each.text.lower() == "not" or each.text.lower().endswith("n't"))
        for each in around
    )


def _quoted(tokens: Sequence[Token], basis: Side) -> bool:
    """Whether the chain is a quotation."""
    before = tokens[basis.first - 1] if basis.first else None
    return before is not None and before.is_op('"') and not before.math


def _counts(basis: Side, stated: Quantity) -> bool:
    """Whether a number may count filters of a size: so many times the size, or with biases."""
    assert basis.stated is not None
    product = basis.stated.value
    return stated.value % product == 0 or stated.value % (product + 1) == 0


def _first_of_chain(passage: Passage, basis: Side) -> int:
    """Index of the plain number before the equals sign that precedes ``basis``."""
    at = basis.first - 1
    while at > 0 and not passage.tokens[at].is_op("=", "≈"):
        at -= 1
    scaled = (
        at > 1 and passage.tokens[at - 1].text.lower() in MULTIPLIER_WORDS
    )  # "37.7 million = …"
    return max(0, at - 1 - scaled)


# ------------------------------------------------------------------ arithmetic in words

_SAID = pattern(
    r"<e:%~> (?:(?:for|with|where|at) (?:~\d+ = #\d+ |, |and )+)?(?:which |that |this |it )?"
    r"(?:be|give|=|, i\.e|i\.e|→|, or) (?:a |the |total |size |just |only )*<n:#>|"
    r"<e2:%> (?:(?!(?:if|not|than|of|instead|plus) )[^\s#@%~.;]+ ){1,7}(?:hands|passes|leaves|outputs|"
    r"leads|arrives|ends|totals|makes|give|be|together|altogether|total|=|→) "
    r"<*on at with up to in a the of exactly us just it, *><n2:#>"
)
_NEXT_WORDS = frozenset(("times", "x", "percent", "of", "%", "/", "*", "-", "+", "to"))


def _said(passage: Passage) -> Iterator[Candidate]:
    """Find "(5·5·3+1)·6 is 456" and "… gives 456"."""
    for sentence in passage.sentences:
        if sentence.question:
            continue
        for found in sentence.find(_SAID):
            expression = found.get("e") or found["e2"]
            number = found.get("n") or found["n2"]
            joined = sentence.gist[found.match.start() : found.match.end()].split()
            chained = "=" in joined and expression.sort is not Sort.SYMBOLIC
            if chained or _operators(expression.expression) < 2:
                continue
            after = sentence.words_after(number, 1)
            before = sentence.words_before(expression, 1)
            if (after and after[0] in _NEXT_WORDS) or (before and before[0] in GRABBING):
                continue
            yield from _said_candidate(passage, expression, number)


def _said_candidate(passage: Passage, expression: Piece, number: Piece) -> Iterator[Candidate]:
    if expression.expression is None or number.quantity is None or number.numeral:
        return
    first, last = expression.tokens
    basis = _bound(Side(first, last, expression.expression, expression.quantity), passage.bindings)
    if basis.stated is None or not free(passage.tokens, first):
        return
    target = Side(*number.tokens, number.expression, number.quantity)
    found = _candidate(passage, basis, [target], reversed_order=False)
    if found is not None:
        yield found


def _operators(expression: Expression | None) -> int:
    match expression:
        case Binary(_, left, right):
            return 1 + _operators(left) + _operators(right)
        case Negative(of) | Call(_, of):
            return _operators(of)
        case _:
            return 0
