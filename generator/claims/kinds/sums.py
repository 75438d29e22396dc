"""Sums with words between the numbers: "13 conv layers + 3 dense ones = 16 weight layers", "3 + 4 + 6 + 3
= 16 bottlenecks × 3 convs = 48, plus the stem and the fc = 50", "64 channels expanded ×6 to 384".

Only layers are added up, and only where every word is known: "the stem" is one layer, "16 bottlenecks
of 3 convs each" are 48. Nothing is asked about the network; that is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, if_true
from generator.claims.context import Context
from generator.claims.expression import literal
from generator.claims.kinds import equality
from generator.claims.lexicon import wordset
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort, pattern
from generator.claims.quantity import show
from generator.claims.referring import asserted

KIND = equality.KIND

NOUNS = wordset(
    "conv fc layer block blocks bottleneck bottlenecks stem pool module modules classifier projection "
    "residual-block residual-blocks weighted ones convolution transition "
    "transitions unit weight bias parameter channel maps"
)
ADJECTIVES = wordset(
    "the a an first last final initial full depthwise separable residual basic inverted inception "
    "plain standard in total of them these hidden max average output dense big learned single other "
    "one weighted with its stage stages"
)
WEIGHTS = wordset("weight parameter bias")
# Nouns of one thing: "plus the stem and the fc".
ONE = wordset("conv fc layer stem classifier block pool transition")
# Layers a product counts: "16·3 convs".
LAYERS = wordset("conv layer")
MODULES = wordset(
    "module modules block blocks bottleneck bottlenecks residual-block residual-blocks"
)
LARGEST_WINDOW = 12
SIGNS = wordset("= → give")
PLUS = wordset("+ plus and")
TIMES = wordset("× x * times of with à")
PLACING = wordset(", each at start beginning end")


@dataclass(frozen=True, slots=True)
class Side:
    """What stands between two signs: its first number, its value, and how many terms it has."""

    head: Piece
    value: Fraction
    terms: int
    worded: bool
    noun: str
    tail: str
    end: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find sums of layers, and channels that are expanded."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or len(sentence.pieces) > MAX_PIECES:
            continue
        yield from _sums(sentence)
        yield from _listed(sentence)
        if number and sentence.pieces[0].gist == "plus":
            yield from _continued(context.sentences[number - 1], sentence)
        yield from _expanded(context, sentence)


# ------------------------------------------------------------------ sums


def _sums(sentence: Sentence) -> Iterator[Candidate]:
    signs = [at for at in range(len(sentence.pieces)) if _is_sign(sentence.pieces, at)]
    bounds = [-1, *signs, len(sentence.pieces)]
    for place in range(1, len(bounds) - 1):
        left = _side(sentence, bounds[place - 1] + 1, bounds[place], backwards=True)
        if place > 1 and left is not None and _two_clauses(sentence, bounds[place - 1], left):
            continue
        right = _side(sentence, bounds[place] + 1, bounds[place + 1], backwards=False)
        if left is None or right is None or not asserted(sentence, bounds[place]):
            continue
        equal = sentence.pieces[bounds[place]].gist == "="
        reverse = equal and left.terms == 1 < right.terms and place == 1 and len(signs) == 1
        if reverse and left.head.sort is Sort.EXPRESSION:
            # "152 layers: 3 + 8 + 36 + 3 = 50 blocks of three layers each, plus …"
            left = _announced(sentence, left)
            if left is None:
                continue
        basis, stated = (right, left) if reverse else (left, right)
        if not basis.worded or basis.terms < 2 or stated.head.quantity is None:
            continue
        last_term = sentence.pieces[basis.end - 1]
        if last_term.sort is Sort.EXPRESSION and last_term.quantity is not None:
            continue  # "3 heads and 4 + 2 = 6"
        first, last = min(left.head.start, right.head.start), right.head.end
        yield Candidate(
            KIND,
            first,
            last,
            stated.head.start,
            stated.head.quantity,
            (Reading(basis.value, f"{basis.tail} = {show(basis.value)}", literal(basis.value)),),
            expected=stated.head.quantity.text,
        )


def _is_sign(pieces: Sequence[Piece], at: int) -> bool:
    """Whether what is said before comes to what follows: "… plus the classifier are 22 layers"."""
    if pieces[at].gist in SIGNS:
        return True
    counted = at + 2 < len(pieces) and pieces[at + 2].gist in LAYERS
    added = {each.gist for each in pieces[max(0, at - 6) : at]} & {"+", "plus"}
    return pieces[at].gist == "be" and counted and bool(added)


def _announced(sentence: Sentence, sum_: Side) -> Side | None:
    """Give the number of layers that a colon before a sum announces."""
    at = sentence.index_of(sum_.head)
    if at < 3 or [each.gist for each in sentence.pieces[at - 2 : at]] != ["layer", ":"]:
        return None
    head = sentence.pieces[at - 3]
    if head.sort is not Sort.NUMBER or head.quantity is None:
        return None
    return Side(head, head.quantity.value, 1, False, "layer", "", at)


def _listed(sentence: Sentence) -> Iterator[Candidate]:
    """ "Blocks of 6, 12, 24 and 16 make 58 layers of two convs each": numbers of a list, added up."""
    pieces = sentence.pieces
    for at, piece in enumerate(pieces):
        run = _run_before(pieces, at) if piece.gist in SIGNS else []
        if len(run) < 3 or at + 2 >= len(pieces) or not asserted(sentence, at):
            continue
        stated = pieces[at + 1].quantity
        after = [each.gist for each in pieces[at + 2 : at + 8]]
        counted = after[0] in NOUNS and "of" in after and "each" in after
        if stated is None or pieces[at + 1].sort is not Sort.NUMBER:
            continue
        values = [each.quantity.value for each in run if each.quantity is not None]
        value = sum(values, Fraction())
        how = f"{' + '.join(map(show, values))} = {show(value)}"
        reading = Reading(value, how, " + ".join(map(literal, values)))
        found = Candidate(
            KIND, run[0].start, pieces[at + 1].end, pieces[at + 1].start, stated, (reading,),
            expected=stated.text, used=tuple(each.start for each in run),
        )  # fmt: skip
        kept = found if counted else if_true(found)
        if kept is not None:
            yield kept


def _run_before(pieces: Sequence[Piece], at: int) -> list[Piece]:
    """The numbers of a list that ends before a place."""
    run: list[Piece] = []
    while at and (pieces[at - 1].sort is Sort.NUMBER or pieces[at - 1].gist in (",", "and")):
        at -= 1
        if pieces[at].sort is Sort.NUMBER:
            run.insert(0, pieces[at])
    plain = all(each.quantity is not None and not each.quantity.rounded for each in run)
    return run if plain else []


def _continued(before: Sentence, sentence: Sentence) -> Iterator[Candidate]:
    """ "… 58 layers of two convs each; plus the stem, 3 transitions and the classifier that's 121"."""
    base = next(
        (
            value
            for at, each in enumerate(before.pieces)
            if each.sort is Sort.NUMBER and each.quantity is not None
            for value, end, said in [_product(before, at, len(before.pieces))]
            if said in LAYERS and end == len(before.pieces) and value != each.quantity.value
        ),
        None,
    )
    pieces = sentence.pieces
    terms, at = [base] if base is not None else [], 1
    while at < len(pieces) and terms:
        if pieces[at].gist in {",", *PLUS}:
            at += 1
            continue
        single = _single(sentence, at, len(pieces))
        number = pieces[at].quantity
        if single is not None:
            terms, at = [*terms, Fraction(1)], single
        elif number is not None and _noun(sentence, at + 1, len(pieces))[1]:
            value, at, _ = _product(sentence, at, len(pieces))
            terms.append(value)
        else:
            break
    ahead = range(at, min(at + 4, len(pieces)))
    stated = next((k for k in ahead if pieces[k].sort is Sort.NUMBER), None)
    led = {each.gist for each in pieces[at : stated or at]} & {"that", "be", *SIGNS, "so"}
    if len(terms) < 2 or stated is None or not led or not asserted(sentence, stated):
        return
    number = pieces[stated].quantity
    assert number is not None
    value = sum(terms, Fraction())
    how = f"{' + '.join(map(show, terms))} = {show(value)}"
    reading = Reading(value, how, " + ".join(map(literal, terms)))
    yield Candidate(
        KIND, sentence.start, pieces[stated].end, pieces[stated].start, number, (reading,),
        expected=number.text,
    )  # fmt: skip


def _two_clauses(sentence: Sentence, sign: int, left: Side) -> bool:
    """Whether "and" begins anew: "… = 20 weights and 4 + 2 = 6 biases"."""
    start = sentence.index_of(left.head)
    for at in range(max(sign, start), left.end):
        following = sentence.pieces[at + 1] if at + 1 < left.end else None
        number = following is not None and following.quantity is not None
        if sentence.pieces[at].gist == "and" and number:
            return True
    return False


def _side(sentence: Sentence, first: int, last: int, *, backwards: bool) -> Side | None:
    """Read the terms of one side; a left side begins where its words stop being known."""
    if backwards:
        at = last
        while at > first and _known(sentence.pieces[at - 1]):
            at -= 1
        first = at
        while first < last and not _opens(sentence, first, last):
            first += 1
    found = _terms(sentence, first, last)
    if found is None or not backwards or found.end == last:
        return found
    return None  # words before the sign are not understood


def _known(piece: Piece) -> bool:
    return piece.gist in NOUNS | ADJECTIVES | PLUS | TIMES | PLACING or piece.sort in (
        Sort.NUMBER,
        Sort.EXPRESSION,
        Sort.SIZE,
    )


def _opens(sentence: Sentence, at: int, last: int) -> bool:
    """Whether a term can begin here."""
    piece = sentence.pieces[at]
    if piece.sort in (Sort.NUMBER, Sort.EXPRESSION):
        return True
    if piece.sort is Sort.SIZE:
        return _noun(sentence, at + 1, last)[1] in WEIGHTS or _layers(sentence, at, last)
    return piece.gist in ("the", "a") and _single(sentence, at, last) is not None


def _layers(sentence: Sentence, at: int, last: int) -> bool:
    """Whether a size is a number of layers and no window: "16·3 convs"."""
    size = sentence.pieces[at].size
    window = len(size) != 2 or size[0] == size[1] or max(size) < LARGEST_WINDOW
    return not window and _noun(sentence, at + 1, last)[1] in LAYERS


def _single(sentence: Sentence, at: int, last: int) -> int | None:
    """Index after "the 7×7 stem"; ``None`` for anything but one layer."""
    here = at
    while here < last and (
        sentence.pieces[here].gist in ADJECTIVES or sentence.pieces[here].sort is Sort.SIZE
    ):
        here += 1
    if here >= last or sentence.pieces[here].gist not in ONE:
        return None
    while here < last and sentence.pieces[here].gist in ONE:
        here += 1
    return here


def _terms(sentence: Sentence, first: int, last: int) -> Side | None:
    head: Piece | None = None
    value = Fraction(0)
    terms, worded = 0, False
    noun = ""
    shown: list[str] = []
    at = first
    while at < last:
        piece = sentence.pieces[at]
        if terms:
            joined = at
            while joined < last and sentence.pieces[joined].gist == ",":
                joined += 1
            if joined >= last or sentence.pieces[joined].gist not in PLUS:
                break
            at = joined + 1
            if at >= last:
                break
            piece = sentence.pieces[at]
        number = piece.quantity
        if piece.sort is Sort.SIZE:
            after, said = _noun(sentence, at + 1, last)
            if said not in WEIGHTS and not _layers(sentence, at, last):
                return (
                    None if terms == 0 else _finished(head, value, terms, worded, noun, shown, at)
                )
            value += prod(piece.size)
            head, noun, worded, at = head or piece, noun or said, True, after
            terms += 1
            shown.append("·".join(map(str, piece.size)))
            continue
        single = _single(sentence, at, last) if number is None or piece.numeral else None
        if number is None or (piece.numeral and number.value == 1):
            if single is None:
                return (
                    None if terms == 0 else _finished(head, value, terms, worded, noun, shown, at)
                )
            amount, at, worded = Fraction(1), single, True
        else:
            amount, at, said = _product(sentence, at, last)
            worded = worded or bool(said)
            noun = noun or said
            head = head or piece
        value += amount
        terms += 1
        shown.append(show(amount))
    return _finished(head, value, terms, worded, noun, shown, at)


def _finished(
    head: Piece | None,
    value: Fraction,
    terms: int,
    worded: bool,
    noun: str,
    shown: Sequence[str],
    end: int,
) -> Side | None:
    if head is None:
        return None
    return Side(head, value, terms, worded, noun, " + ".join(shown), end)


def _product(sentence: Sentence, at: int, last: int) -> tuple[Fraction, int, str]:
    """Read "16 bottlenecks × 3 convs" and "16 blocks of 3 convs each": (value, index after, noun)."""
    piece = sentence.pieces[at]
    value = piece.quantity.value if piece.quantity is not None else Fraction(0)
    at, said = _noun(sentence, at + 1, last)
    while at + 1 < last and sentence.pieces[at].gist in TIMES:
        factor = sentence.pieces[at + 1]
        if factor.quantity is None or factor.sort is not Sort.NUMBER:
            break
        after, more = _noun(sentence, at + 2, last)
        each = sentence.pieces[after].gist == "each" if after < last else False
        parts = said in MODULES and more in LAYERS  # "nine modules of 2 layers"
        if sentence.pieces[at].gist in ("of", "with") and not (each or parts):
            break
        value *= factor.quantity.value
        at, said = after + each, said or more
    return value, at, said


def _noun(sentence: Sentence, at: int, last: int) -> tuple[int, str]:
    said = ""
    while at < last:
        gist = sentence.pieces[at].gist
        if gist in NOUNS:
            said = gist
        elif (gist == "at" or (gist in ("in", "of") and said)) and _place(sentence, at + 1, last):
            at = _place(sentence, at + 1, last) - 1  # "48 convolutions in the blocks"
        elif gist not in ADJECTIVES - {"the", "a", "an", "with", "of", "one", "in"}:
            break
        at += 1
    return at, said


def _place(sentence: Sentence, at: int, last: int) -> int:
    """Index after "the blocks" or "the stages"; 0 for anything else."""
    while at < last and sentence.pieces[at].gist in (
        "the",
        "its",
        "all",
        "these",
        "those",
        "residual",
    ):
        at += 1
    there = at < last and sentence.pieces[at].gist in (
        "block",
        "blocks",
        "stages",
        "stem",
        "bottlenecks",
        "start",
        "beginning",
        "end",
    )
    return at + 1 if there else 0


# ------------------------------------------------------------------ expansion

EXPANDED = tuple(
    pattern(text)
    for text in (
        r"(?:expand|expands|expanding|widens|widen|blows) (?:up )?<*the a from its input*><a:#> "
        r"<*channel map fmap input*>(?:up )?(?:by|\*|×|x) <*a factor of*><n:#> "
        r"<*times channel up*>(?:to|→|into) <b:#>",
        r"<a:#> <*channel map fmap input*><*give be are up*>(?:expanded|widened) "
        r"(?:by|\*|×|x) <*a factor of*><n:#> <*times*>(?:to|→|into) <b:#>",
    )
)


def _expanded(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    for form in EXPANDED:
        for found in sentence.find(form):
            first, factor, result = (found[each].quantity for each in "anb")
            if first is None or factor is None or result is None:
                continue
            value = first.value * factor.value
            how = f"{show(first.value)}·{show(factor.value)} = {show(value)}"
            source = f"{literal(first.value)} * {literal(factor.value)}"
            yield Candidate(
                KIND,
                found["a"].start,
                found["b"].end,
                found["b"].start,
                result,
                (Reading(value, how, source),),
                expected=context.passage.text[found["b"].start : found["b"].end].strip(),
            )
