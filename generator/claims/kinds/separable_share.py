"""What share of a normal convolution a separable one costs, from its filters and the kernel: "with 3×3
kernels and 256 filters about a ninth", "with N = 512 and f = 3 we pay 11.3 %", "1/64 + 1/9".

The share is 1/N + 1/f². Words for a share ("a third", "one ninth") are rough: one close to the share is
right, one far from it is wrong, and what lies between is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Expression,
    Name,
    Number,
    evaluate,
    names,
    python,
    written,
)
from generator.claims.kinds.share import KIND, OTHER_SHARES
from generator.claims.passage import Piece, Sentence, pattern
from generator.claims.quantity import show
from generator.claims.ratios import LESS, MORE, Stated, near_words, ratios
from generator.claims.scene import Fact, Role, Scene, whole

PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
}  # fmt: skip
_OF = (
    r"of (?:the cost of |the price of |the mult of |the operation of |what )?(?:a|an|the) "
    r"(?:standard|full|usual|conv)"
)
SHARE = pattern(
    rf"(?:<w:#> |a |an |only )*(?P<part>{'|'.join(PARTS)}) (?:as much as|{_OF})|<e:%> {_OF}"
)
FILTERS = pattern(
    r"<n:#> (?:output )?(?:channel|filters|fmap)|(?:~\d+) = <m:#>|to <k:#> (?:output )?channel"
)
NEAR, FAR = Fraction(6, 100), Fraction(1, 4)


BOUND = pattern(r"<l:~> (?:=|:) <n:#>")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shares of the cost of separable convolutions."""
    for number, sentence in enumerate(context.sentences):
        if not sentence.question and not sentence.has("not", *OTHER_SHARES):
            yield from _separable(context, number, sentence, list(ratios(sentence)))
    yield from _in_words(context)


def _in_words(context: Context) -> Iterator[Candidate]:
    for sentence in context.sentences:
        if sentence.question or not sentence.has("separable") or sentence.has("not", "if"):
            continue
        given = _given(sentence)
        found = list(sentence.find(SHARE))
        if given is None or len(found) != 1:
            continue
        match = found[0]
        piece = match.get("e")
        if piece is not None and piece.quantity is not None:
            stated, place = piece.quantity.value, piece.start
            if "%" in context.passage.text[piece.start : piece.end]:
                continue  # an exact share: see share
        else:
            part = match.match.group("part")
            times = match.get("w")
            number = whole(times) if times is not None else (1,)
            if part is None or not number:
                continue
            at = sentence.index_at(match.match.start("part"))
            stated, place = Fraction(number[0], PARTS[part]), sentence.pieces[at].start
        filters, side, used = given
        share = Fraction(1, filters) + Fraction(1, side * side)
        apart = abs(stated - share) / share
        if NEAR < apart < FAR:
            continue
        line = (
            f"assert abs(separable_share(n={filters}, f={side}) - "
            f"Fraction({stated.numerator}, {stated.denominator})) <= Fraction(6, 100) * "
            f"separable_share(n={filters}, f={side})"
        )
        how = f"1/{filters} + 1/{side}² ≈ {show(share)}"
        every = tuple(each.start for each in sentence.pieces if each.numeral)
        yield Candidate(
            KIND,
            sentence.start,
            sentence.pieces[match.last - 1].end,
            place,
            True,
            (Reading(apart <= NEAR, how, "", (line,)),),
            expected=f"{stated.numerator}/{stated.denominator} of a normal convolution",
            computed=show(share),
            used=(*used, *every),
        )


def _given(sentence: Sentence) -> tuple[int, int, tuple[int, ...]] | None:
    """The filters and the side of the kernel, if the sentence gives each once."""
    sizes = [
        each for each in sentence.pieces if len(each.size) == 2 and each.size[0] == each.size[1]
    ]
    counts = []
    for found in sentence.find(FILTERS):
        piece = next(each for each in map(found.get, "nmk") if each is not None)
        value = whole(piece)
        if value is not None and value[0] > 8:
            counts.append(piece)
    if len({each.size for each in sizes}) != 1 or sizes[0].size[0] < 2:
        return None
    values = {whole(each) for each in counts}
    if len(values) != 1:
        return None
    value = values.pop()
    assert value is not None
    used = tuple(each.start for each in (*sizes, *counts))
    return value[0], sizes[0].size[0], used


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
    limit = _limit(sentence, f)
    for each in stated if len(sums) + len(stated) < 3 else ():
        near = near_words(sentence, each.index)
        if each.scale != 100 or near & MORE:
            continue
        if limit and each.piece.start < given.start:
            yield _judged(sentence, each, Fraction(1, f * f), f"1/{f}²", f"Fraction(1, {f} ** 2)")
            continue
        said = {"of", "standard", "only", "just", "pay", "cost", "need", "instead"}
        if not sentence.words & said:
            continue
        candidate = _judged(sentence, each, share, how, source, used)
        certain = sentence.has("standard", "full") or _ratio_formula(context) or limit
        found = candidate if certain else if_true(candidate)
        if found is not None:
            yield found


def _judged(
    sentence: Sentence,
    stated: Stated,
    share: Fraction,
    how: str,
    source: str,
    used: tuple[int, ...] = (),
) -> Candidate:
    """Judge per cent of a standard convolution's cost, or what is saved of it."""
    less = bool(near_words(sentence, stated.index) & LESS)
    return claiming(
        KIND,
        sentence,
        stated.piece,
        stated.quantity,
        (
            Reading(
                100 * (1 - share if less else share),
                how,
                f"100 * {'(1 - ' * less}{source}{')' * less}",
            ),
        ),
        expected=stated.quantity.text,
        used=used,
    )


def _limit(sentence: Sentence, f: int) -> bool:
    """Whether a sentence gives the share of very many filters, too: "1/9 for large N"."""
    return sentence.has("large", "many") and any(
        isinstance(each.expression, Binary)
        and not names(each.expression)
        and evaluate(each.expression) == Fraction(1, f * f)
        for each in sentence.pieces
    )


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
