"""Arithmetic with words in it: "5 × 5 × 3 weights + 1 bias = 76", "12 heads × 64 dims = 768".

The words are left out and the rest is judged as written-out arithmetic is. A sum of results that a
sentence computes ("432 … and 240, together 672") and a product with its value in brackets after it
("4096 × 4096 (16.8M)") are judged here, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.amounts import Amount, amounts
from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.chains import Side, chains
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Expression,
    Number,
    UncomputableError,
    evaluate,
    python,
)
from generator.claims.kinds import equality
from generator.claims.labels import LAYERED, SMALL, Bare, bare
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Piece, Sentence, Sort, pattern
from generator.claims.quantity import Agreement, Hedge, Quantity, agreement, quantity, show
from generator.claims.stated import factors

KIND = equality.KIND

# Words that make a number the sum of what was given before it.
SUMMING = wordset("together altogether sum both")
ALL_IN_ALL = wordset("total overall all")
ENDING = wordset("; .")
BRACKETED = pattern(
    r"<e:%@> <*weight mult mac operation parameter*>\( <*= about so i\.e that be*><n:#> "
    r"<*weight mult mac operation flop input connections*>\)"
)
WINDOWED = LAYERED | wordset(
    "filters fmap map layer block module"
)  # what a size of two numbers may be the size of
COUNTING = ("weight", "parameter", "mult", "mac", "operation", "flop", "fc", "connections", "unit")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find arithmetic with words between its numbers."""
    passage = context.passage
    if not equality.speaks_arithmetic(passage):
        return
    found = bare(passage.tokens)
    if found.tokens != passage.tokens:
        plain = replace(passage, tokens=found.tokens)
        for chain in chains(found.tokens):
            if _worded(passage, found, chain):
                for part in _parts(chain):
                    candidate = _judged(plain, found, part)
                    if candidate is not None:
                        yield candidate
    for number, sentence in enumerate(passage.sentences):
        if not sentence.question:
            yield from _together(context, number)
            yield from _spelled(sentence)
            yield from _bracketed(passage, sentence)


# ------------------------------------------------------------------ chains without their words


def _worded(passage: Passage, found: Bare, chain: Sequence[Side]) -> bool:
    """Whether something was left out in a chain: else it is judged as plain arithmetic."""
    first, last = found.tokens[chain[0].first], found.tokens[chain[-1].last - 1]
    inside = [each for each in passage.tokens if first.start <= each.start < last.end]
    return inside != list(found.tokens[chain[0].first : chain[-1].last])


def _parts(chain: Sequence[Side]) -> Iterator[tuple[Side, ...]]:
    """Split "3 + 4 = 7 blocks × 2 layers = 14": each sign goes on from the number before it."""
    start: list[Side] = []
    for at, side in enumerate(chain):
        leaf = _first(side.expression) if start and at < len(chain) - 1 else None
        before = start[-1].stated if start else None
        if (
            leaf is not None
            and before is not None
            and side.stated is not None
            and side.expression is not leaf
            and before.value == leaf.value != side.stated.value
        ):
            number = quantity(leaf.value, leaf.text)
            yield (*start, Side(side.first, side.first + 1, leaf, number, side.approximate))
            start = []
        start.append(side)
    yield tuple(start)


def _first(expression: Expression | None) -> Number | None:
    """The number an expression begins with."""
    match expression:
        case Number():
            return expression
        case Binary(_, left, _) if not expression.bracketed:
            return _first(left)
        case _:
            return None


def _judged(plain: Passage, found: Bare, chain: Sequence[Side]) -> Candidate | None:
    candidate = equality.judge(plain, chain)
    if candidate is None:
        return None
    layers = any(_layer(found, at) for at in range(chain[0].first, chain[0].last))
    said = not isinstance(chain[0].expression, Binary)  # "32 images = 256 / 8"
    unsure = layers or said or _bias_left_out(chain, candidate) or _goes_on(chain)
    unsure = unsure or _repeated(plain, found.tokens[chain[0].first].start)
    last = chain[-1].last
    if last < len(found.tokens) and found.tokens[last].text in ("times", "x", "×"):
        return None  # "a 5×5 layer is 2.8 times as expensive"
    return if_true(candidate) if unsure else candidate


def _repeated(passage: Passage, start: int) -> bool:
    """Whether a sum begins with what there are several of: "two blocks with 3 layers each plus one"."""
    before = passage.text[:start].rstrip()
    return bool(before) and before.split()[-1].lower() in ("with", "of", "à", "having")


def _goes_on(chain: Sequence[Side]) -> bool:
    """Whether more follows what a sum gives: "2 + 2 + 3 + 3 + 3 = 13 conv layers plus 3 dense ones"."""
    last = chain[-1].expression
    leaf = _first(last) if isinstance(last, Binary) else None
    before = chain[-2].stated
    return leaf is not None and before is not None and before.value == leaf.value


def _layer(found: Bare, at: int) -> bool:
    """Whether a size with the name of a layer ends here: a 5×5 kernel and a padding of 2 make no sum."""
    label = [each for each in found.dropped.get(at, ()) if each not in SMALL]
    if not label or label[0] not in WINDOWED or at == 0:
        return False
    following = found.tokens[at + 1] if at + 1 < len(found.tokens) else None
    size = found.tokens[at - 1].cross and at - 2 not in found.dropped
    return size and not (following is not None and following.is_op("*"))


def _bias_left_out(chain: Sequence[Side], candidate: Candidate) -> bool:
    expression, stated = chain[0].expression, candidate.stated
    parts = factors(expression) if expression else None
    if parts is None or not isinstance(stated, Quantity) or chain[0].stated is None:
        return False
    return stated.value - chain[0].stated.value in parts


# ------------------------------------------------------------------ values in brackets


def _bracketed(passage: Passage, sentence: Sentence) -> Iterator[Candidate]:
    """Read "28·28·16·192 (2.4M)": a product and its rounded value."""
    for found in sentence.find(BRACKETED):
        product, number = found["e"], found["n"]
        value, source = _computed(product)
        stated = number.quantity
        if value is None or stated is None or number.numeral or value < 1000:
            continue
        if stated.rounded:
            stated = stated.hedged(Hedge.NONE)
        candidate = Candidate(
            KIND,
            product.start,
            number.end,
            number.start,
            stated,
            (
                Reading(
                    value, f"{passage.text[product.start : product.end]} = {show(value)}", source
                ),
            ),
        )
        near = stated.value and Fraction(1, 5) < value / stated.value < 5
        yield from _certain(candidate, certain=bool(near and sentence.has(*COUNTING)))


def _certain(candidate: Candidate, *, certain: bool) -> Iterator[Candidate]:
    found = candidate if certain else if_true(candidate)
    if found is not None:
        yield found


def _computed(piece: Piece) -> tuple[Fraction | None, str]:
    if piece.expression is None:
        return None, ""
    try:
        return evaluate(piece.expression), python(piece.expression)
    except UncomputableError:
        return None, ""


# ------------------------------------------------------------------ signs in words

SIGNS = {"divided": "/", "multiplied": "*", "times": "*", "plus": "+", "minus": "-"}
SPELLED = pattern(
    r"<a:#> (?P<noun>[a-z]+ )?(?P<sign>divided by|multiplied by|times|plus|minus) <b:#> (?P<unit>[a-z]+ )??"
    r"(?:be|give|equals?|=|→) <c:#>(?! (?:times|more|less|%|-))"
)
WHOLE = ("floor", "rounded", "remainder", "integer", "rounding", "about")


def _spelled(sentence: Sentence) -> Iterator[Candidate]:
    """Read "512 divided by 64 makes 8"; with nouns between, another number may be meant."""
    for found in sentence.find(SPELLED):
        one, other, made = (found[each].quantity for each in "abc")
        sign = SIGNS[found.match["sign"].split()[0]]
        if one is None or other is None or made is None or sentence.has(*WHOLE):
            continue
        if sign == "/" and not other.value:
            continue
        left, right = (Number(each.value, each.place, each.text) for each in (one, other))
        computed = Binary(sign, left, right)
        value = evaluate(computed)
        how = f"{one.text} {sign} {other.text} = {show(value)}"
        nouns = found.match["noun"] or found.match["unit"]
        used = (found["a"].start, found["b"].start)
        reading = (Reading(value, how, python(computed)),)
        yield claiming(
            KIND, sentence, found["c"], made, reading, used=used, affirm_only=bool(nouns)
        )


# ------------------------------------------------------------------ sums of results


def _together(context: Context, number: int) -> Iterator[Candidate]:
    """Read "… has 864 weights, … 2,304. Together these are 3,168": a sum of the amounts before it."""
    sentence = context.sentences[number]
    for at, piece in enumerate(sentence.pieces):
        stated = piece.quantity
        if piece.sort is not Sort.NUMBER or stated is None or piece.numeral:
            continue
        summing = _summing(sentence, at)
        if not summing:
            continue
        results = frozenset(_results(context.passage))
        groups = _terms(context, number, at, results)
        terms = [each for group in groups for each in group]
        fits = [
            terms[-count:]
            for count in range(2, len(terms) + 1)
            if agreement(stated, sum((e.value for e in terms[-count:]), Fraction()))
            is Agreement.TRUE
        ]
        if len(terms) < 2:
            continue
        chosen = fits[0] if fits else next((e for e in reversed(groups) if len(e) > 1), terms)
        total = sum((each.value for each in chosen), Fraction())
        shown = " + ".join(show(each.value) for each in chosen)
        source = " + ".join(each.source for each in chosen)
        candidate = claiming(
            KIND,
            sentence,
            piece,
            stated,
            (Reading(total, f"{shown} = {show(total)}", source),),
        )
        exact = all(e.piece.quantity is not None and e.piece.quantity.exact for e in chosen)
        computed = any(each.piece.start in results for each in chosen)
        alike = computed or len({each.unit for each in chosen} - {""}) == 1
        certain = exact and stated.exact and alike and (summing == "sum" or computed)
        certain = certain and (bool(fits) or not _open_between(sentence, chosen, at))
        largest = max(each.value for each in chosen)
        yield from _certain(candidate, certain=certain and largest / 2 < stated.value < 2 * total)


def _open_between(sentence: Sentence, chosen: Sequence[Amount], at: int) -> bool:
    """Whether a number that may be an addend, too, stands behind one: "… 9,216, the shortcut 512, together"."""
    known = {each.piece.start for each in chosen}
    first = next((i for i, each in enumerate(sentence.pieces) if each.start in known), at)
    ends = ["" if i + 1 >= at else sentence.pieces[i + 1].gist for i in range(first, at)]
    return any(
        each.sort is Sort.NUMBER and each.start not in known and end in ("", ",", "and", ";")
        for each, end in zip(sentence.pieces[first:at], ends, strict=True)
    )


def _summing(sentence: Sentence, at: int) -> str:
    """Whether words say that a number sums up: "together 672", "48,120 parameters in all"."""
    words = [each.gist for each in sentence.pieces]
    after = words[at + 1 : at + 4]
    found = set(after) & SUMMING
    if "in" in after and set(after) & ALL_IN_ALL:
        return "sum"
    for here in range(at - 1, max(-1, at - 9), -1):
        if sentence.pieces[here].quantity is not None or words[here] in ENDING:
            break
        if words[here] in SUMMING or words[here : here + 2] == ["in", "all"]:
            return "sum"
        if words[here] in ALL_IN_ALL:
            return "total"
    return "sum" if found else ""


def _terms(context: Context, number: int, at: int, results: frozenset[int]) -> list[list[Amount]]:
    """The amounts before a number, sentence by sentence; where arithmetic gives several, those alone."""
    groups: list[list[Amount]] = []
    for here in range(max(0, number - 4), number + 1):
        until = at if here == number else 10**6
        own = [each for each in _countable(context, here, results) if each.index < until]
        unit = own[-1].unit if own else ""
        own = [each for each in own if not unit or each.unit in ("", unit)]
        given = [each for each in own if each.piece.start in results]
        groups.append(given if len(given) > 1 else own)
    return groups


def _countable(context: Context, number: int, results: frozenset[int]) -> list[Amount]:
    """The amounts of a sentence that are known to count something, biases among them."""
    pieces = context.sentences[number].pieces
    found = [
        each
        for each in amounts(context, number, frozenset())
        if each.unit or each.value >= 1000 or each.piece.start in results
    ]
    for at, piece in enumerate(pieces):
        nearby = [each.gist for each in pieces[at + 1 : at + 2]]
        before = [each.gist for each in pieces[max(0, at - 2) : at]]
        counted = nearby == ["bias"] or (before[-1:] == [":"] and before[:1] and before[0] in _BARE)
        if (
            piece.sort is Sort.NUMBER
            and piece.quantity is not None
            and not piece.numeral
            and counted
        ):
            value = piece.quantity.value
            found.append(Amount(number, at, piece, value, python(Number(value)), "weights"))
    distinct = {each.index: each for each in found}
    return [distinct[at] for at in sorted(distinct)]


_BARE = wordset("bias weight mult mac")


def _results(passage: Passage) -> Iterator[int]:
    """Where the numbers begin that arithmetic gives."""
    tokens = bare(passage.tokens).tokens
    for chain in chains(tokens):
        last = chain[-1]
        plain = last.stated is not None and isinstance(last.expression, Number)
        if plain and len(chain) > 1 and chain[0].stated is not None:
            yield tokens[last.first].start
