"""Arithmetic that a note writes out: ``\\frac{64-4}{2}+1 = 31``, ``(5·5·3 + 1)·6 = 456``.

Reads chains of ``=`` and ``≈`` whose sides are numbers and operators; names count where the
statement gives them a value. Silent about anything else that has an equals sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Call,
    Expression,
    Negative,
    Number,
    Uncomputable,
    evaluate,
    is_name,
    names,
    parse,
    python,
    written,
)
from generator.claims.lexicon import MULTIPLIER_WORDS, MULTIPLIERS, WORDS, wordset
from generator.claims.passage import Passage, Piece, Sentence, expression_quantity, factors, pattern
from generator.claims.quantity import Agreement, Hedge, Quantity, agreement, coarse_place, show
from generator.claims.tokens import Kind, Token

KIND = "arithmetic"

# Words that say that numbers here do not add up as usual, or that the writer means it to be wrong.
OTHER_ARITHMETIC = wordset(
    "mod modulo modular binary boolean hex hexadecimal octal base xor gf congruent clock ring "
    "bitwise two's complement float32 float16 floating-point float rounding-error javascript "
    "concatenation concatenated string strings synergy vigesimal ternary nim"
)
MEANT_WRONG = wordset(
    "wrong wrongly incorrect incorrectly mistake mistaken mistakenly false falsely typo myth error "
    "errors erroneous erroneously bug misprint "
    "counterexample paradox joke nonsense supposedly allegedly misread bogus claims claimed"
)
# Words before an expression that take its first number away from it ("half of 10 + 2").
GRABBING = wordset(
    "of per plus minus times over by divided mod log log2 log10 ln sqrt root square squared sum mean "
    "average half twice double triple sin cos tan tanh exp max min choose abs relu softmax sigmoid "
    "third quarter percent negative around version v chapter section figure fig table eq equation "
    "page step problem exercise question"
)
_ROLES = wordset("filter filters conv parameter weight unit channel")
ARITHMETIC = ("+", "-", "*", "/", "^", "%")
BRACKETS = {")": "(", "]": "[", "}": "{", "⌋": "⌊", "⌉": "⌈"}
ENDS_BEFORE = frozenset(', ; : . ( [ { → " \' ! ? \n ** — | • ⟨ < > ≤ ≥ ~ ≈ = "'.split(" ")) | {
    "\n"
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a chain: its tokens (first, last + 1) and tree, ``None`` where unreadable.

    ``stated`` is the number it states; ``approximate`` that ``≈`` or "about" stands before it.
    """

    first: int
    last: int
    expression: Expression | None
    stated: Quantity | None = None
    approximate: bool = False


def recognise(context: Context) -> Iterator[Candidate]:
    """Find written-out arithmetic in a statement."""
    passage = context.passage
    words = {each.text.lower() for each in passage.tokens if each.kind is Kind.WORD}
    if words & OTHER_ARITHMETIC or any(each.is_op("≡", "…", "±") for each in passage.tokens):
        return
    for chain in chains(passage.tokens):
        found = _judge(passage, chain)
        if found is not None:
            yield found
    yield from _said(passage)


# ------------------------------------------------------------------ finding chains


def chains(tokens: Sequence[Token]) -> Iterator[tuple[Side, ...]]:
    """Find the chains of equal sides in a statement's tokens."""
    at = 0
    while at < len(tokens):
        if not tokens[at].is_op("=", "≈"):
            at += 1
            continue
        left = _left(tokens, at)
        if left is None:
            left = Side(at, at, None)
        sides = [left]
        while at < len(tokens) and tokens[at].is_op("=", "≈"):
            right, after = _right(tokens, at, approximate=sides[-1].approximate)
            sides.append(right)
            at = max(after, at + 1)
            while at < len(tokens) and tokens[at].is_op("\n") and _continues(tokens, at + 1):
                at += 1
        yield tuple(sides)


def _continues(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].is_op("=", "≈")


def _left(tokens: Sequence[Token], equals: int) -> Side | None:
    """Read the expression that ends before ``tokens[equals]``."""
    end = equals
    while end and tokens[end - 1].is_op("\n"):
        end -= 1
    first = _run_start(tokens, end)
    here = first
    while here < end:
        found = parse(tokens, here, end)
        if found is None:
            return None
        if found.end == end:
            return _side(tokens, here, end, found.expression) if _free(tokens, here) else None
        here = found.end
    return None


def _run_start(tokens: Sequence[Token], end: int) -> int:
    at = end - 1
    while at >= 0:
        token = tokens[at]
        if token.kind is Kind.OP and token.text in BRACKETS:
            opened = _opening(tokens, at)
            if opened < 0:
                break
            at = opened - 1
            if at >= 0 and tokens[at].text.lower() in ("floor", "ceil", "sqrt"):
                at -= 1
        elif (
            token.kind in (Kind.NUMBER, Kind.FUNCTION)
            or token.text.lower() in MULTIPLIER_WORDS
            or token.is_op(*ARITHMETIC)
            or (token.kind is Kind.WORD and is_name(token) and token.text != "a")
        ):
            at -= 1
        else:
            break
    return at + 1


def _opening(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, -1, -1):
        text = tokens[index].text if tokens[index].kind is Kind.OP else ""
        depth += text in BRACKETS
        depth -= bool(text) and text in BRACKETS.values()
        if depth == 0:
            return index
    return -1


def _free(tokens: Sequence[Token], first: int) -> bool:
    """Whether nothing before the expression takes part in it."""
    if first == 0:
        return True
    before, token = tokens[first - 1], tokens[first]
    match before.kind:
        case Kind.OP:
            if before.is_op("-") and before.spaced and token.spaced:
                return False
            return before.text in ENDS_BEFORE and not (
                before.is_op(":") and not token.spaced and not before.spaced
            )
        case Kind.WORD:
            called = token.is_op("(") and not token.spaced and not (token.math and is_name(before))
            single = is_name(before) and before.text not in ("a", "A")
            return not called and not single and before.text.lower() not in GRABBING
        case _:
            return False


def _right(tokens: Sequence[Token], equals: int, *, approximate: bool) -> tuple[Side, int]:
    """Read the expression that begins after ``tokens[equals]``."""
    at = equals + 1
    approximate = approximate or tokens[equals].is_op("≈")
    while at < len(tokens) and (
        tokens[at].is_op("~", "≈", "\n") or WORDS.get(tokens[at].text.lower()) == "about"
    ):
        approximate = approximate or not tokens[at].is_op("\n")
        at += 1
    found = parse(tokens, at)
    if found is None:
        return Side(equals, at, None, approximate=approximate), at
    side = _side(tokens, at, found.end, found.expression)
    side = replace(side, approximate=approximate)
    side, after = _scaled(tokens, side)
    if not _closed(tokens, after):
        side = replace(side, expression=None, stated=None)
    return side, after


def _side(tokens: Sequence[Token], first: int, last: int, expression: Expression) -> Side:
    match expression:
        case Number(value, place, text):
            stated = Quantity(value, place, coarse_place(value, place), place != 1, text)
        case Negative(Number(value, place, text)):
            stated = Quantity(-value, place, coarse_place(value, place), place != 1, f"-{text}")
        case _:
            try:
                value = evaluate(expression)
            except Uncomputable:
                return Side(first, last, expression)
            stated = expression_quantity(expression, value, written(expression))
    return Side(first, last, expression, stated)


def _scaled(tokens: Sequence[Token], side: Side) -> tuple[Side, int]:
    """Take "million" or "M" after a plain number into it."""
    after = side.last
    if not (isinstance(side.expression, Number) and side.stated and after < len(tokens)):
        return side, after
    word = tokens[after]
    factor = MULTIPLIER_WORDS.get(word.text.lower()) if word.kind is Kind.WORD else None
    if factor is None and word.kind is Kind.WORD and word.text in MULTIPLIERS and not word.math:
        factor = MULTIPLIERS[word.text]
    if factor is None:
        return side, after
    q = side.stated
    scaled = replace(
        q,
        value=q.value * factor,
        place=q.place * factor,
        coarse=q.coarse * factor,
        rounded=True,
        text=f"{q.text} {word.text}" if word.spaced else f"{q.text}{word.text}",
    )
    number = Number(scaled.value, scaled.place, scaled.text)
    return replace(side, last=after + 1, stated=scaled, expression=number), after + 1


def _closed(tokens: Sequence[Token], after: int) -> bool:
    """Whether nothing after the expression belongs to it."""
    if after >= len(tokens):
        return True
    token, last = tokens[after], tokens[after - 1]
    if token.kind in (Kind.NUMBER, Kind.STOP, Kind.FUNCTION):
        return token.kind is Kind.STOP and token.text == "`" and token.spaced
    if token.kind is Kind.WORD:
        return token.spaced or token.math != last.math or token.text in ("x", "px", "D", "d")
    if token.is_op("+", "-", "*", "/", "^", "±", "…", "|", "**", "//", "=="):
        return False
    if token.is_op("!", "'", "\\"):
        return token.spaced or token.is_op("'")
    glued = after + 1 < len(tokens) and not tokens[after + 1].spaced
    return not (token.is_op(",", ":", ".") and glued and tokens[after + 1].kind is Kind.NUMBER)


# ------------------------------------------------------------------ judging a chain


def _judge(passage: Passage, chain: Sequence[Side]) -> Candidate | None:
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
    if len(set(map(_sizelike, numeric[1:]))) > 1 or _sizelike(numeric[-1]):
        if _sizelike(numeric[0]) or len(numeric) > 2 or numeric[0] not in plain:
            return None
    reversed_order = not _has_operator(numeric[0].expression)
    if reversed_order and len(numeric) > 2:
        return None
    if reversed_order:
        basis, others = numeric[1], [numeric[0]]
    else:
        basis, others = numeric[0], numeric[1:]
    return _candidate(passage, basis, others, reversed_order=reversed_order)


def _bound(side: Side, bindings: Mapping[str, Fraction]) -> Side:
    """Evaluate a side with names that the statement binds."""
    if side.stated is not None or side.expression is None:
        return side
    unknown = names(side.expression)
    if not unknown or not unknown <= set(bindings) or not _has_operator(side.expression):
        return side
    try:
        value = evaluate(side.expression, bindings)
    except Uncomputable:
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
    """12/10/2022 and 2022-10-12 are no arithmetic."""
    match expression:
        case Binary("/", Binary("/", Number(), Number()), Number()):
            return not expression.bracketed
        case Binary("-", Binary("-", Number(first), Number()), Number(last)):
            return max(first, last) > 1900
        case _:
            return False


def _product(side: Side) -> bool:
    """Whether a side is a product of whole numbers and nothing else."""
    found = factors(side.expression) if side.expression else None
    return found is not None and len(found) > 1


def _sizelike(side: Side) -> bool:
    """Whether a side is written as sizes are: whole numbers joined by x or ×."""
    return _product(side) and isinstance(side.expression, Binary) and side.expression.cross


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
                f"assert {python(basis.expression, bindings)} == {python(side.expression, bindings)}"
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
    return side.stated.hedged(Hedge.ABOUT) if side.approximate else side.stated


def _agrees(stated: Quantity, value: Fraction, basis: Side) -> Agreement:
    found = agreement(stated, value)
    if found is not Agreement.FALSE:
        return found
    if stated.value and (value == stated.value * 100 or value * 100 == stated.value):
        return Agreement.DOUBTFUL  # a share and a percentage
    if basis.expression is not None and _rounded_inputs(basis.expression) and stated.value:
        close = abs(value - stated.value) <= abs(stated.value) / 50
        return Agreement.DOUBTFUL if close else Agreement.FALSE
    return Agreement.FALSE


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
    if words & MEANT_WRONG or _denied(passage.tokens, basis):
        return "silent"  # the sentence may be about a wrong number
    if reversed_order:
        start = _first_of_chain(passage, basis)
        before = passage.tokens[start - 1] if start else None
        noun = before is not None and before.kind in (Kind.WORD, Kind.NUMBER)
        if _sizelike(basis) or noun:
            return "silent"
    if _product(basis):
        # "10 filters of 3x3x3 = 270 parameters" is no false product.
        spoken = {WORDS.get(each, each) for each in words}
        before = passage.tokens[basis.first - 1] if basis.first else None
        of_filter = before is not None and WORDS.get(before.text.lower(), before.text) in (
            "of", "filter", "filters", "conv", "size", "with", "layer",
        )  # fmt: skip
        if spoken & _ROLES and (of_filter or (_sizelike(basis) and _counts(basis, stated))):
            return "silent"
    return ""


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
    return max(0, at - 1)


# ------------------------------------------------------------------ arithmetic in words

_SAID = pattern(
    "<e:%> (?:which |that |this |it )?(?:be|give|=) (?:a |the |total |size |just |only )*<n:#>"
)
_NEXT_WORDS = frozenset(("times", "x", "percent", "of", "%", "/", "*", "-", "+", "to"))


def _said(passage: Passage) -> Iterator[Candidate]:
    """Find "(5·5·3+1)·6 is 456" and "… gives 456"."""
    for sentence in passage.sentences:
        if sentence.question:
            continue
        for found in sentence.find(_SAID):
            expression, number = found["e"], found["n"]
            joined = sentence.gist[found.match.start() : found.match.end()].split()
            if "=" in joined or _operators(expression.expression) < 2:
                continue
            after = sentence.words_after(number, 1)
            before = sentence.words_before(expression, 1)
            if (after and after[0] in _NEXT_WORDS) or (before and before[0] in GRABBING):
                continue
            yield from _said_candidate(passage, sentence, expression, number)


def _said_candidate(
    passage: Passage, sentence: Sentence, expression: Piece, number: Piece
) -> Iterator[Candidate]:
    if expression.expression is None or number.quantity is None or number.numeral:
        return
    first, last = expression.tokens
    basis = Side(first, last, expression.expression, expression.quantity)
    if not _free(passage.tokens, first):
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
