"""Shapes in letters: "Q and K are B × T × d, so QKᵀ is B × T × T", ``.view(B*T, V)`` as (32, 65).

A product of lettered shapes follows the rule of products, batched or not. Where the statement gives
the letters values, what a view or a whole shape comes to is computed from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import prod
from typing import TypeAlias

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Binary, Expression, Name, Number
from generator.claims.kinds.attention import KIND, number_stated, size_stated
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import show
from generator.claims.scene import whole

Axes: TypeAlias = tuple[str | int, ...]

TOPIC = wordset(
    "attention query queries key keys scores logits transformer transformers head heads token tokens "
    "embedding product matrix softmax gpt bert"
)
LINKS = wordset(
    "be have the a shape of size to give → = : with product matrix tensor scores , ∈ again also both "
    "attention then thus so result in ^ ? ' "
)
QUERIES, KEYS = wordset("Q query queries Queries"), wordset("K KT key keys Keys")
TIMES = wordset("times @ · * multiplied matmul")
GIVES = wordset("give → = be have in")
VIEW = pattern(
    r"(?:view|reshape|flatten|resh\w+) \( <a:~> , <b:~> \) <*to the shape be of give → = into as "
    r"size a have , form it now and becomes then*><v:@>"
)
VIEWED = pattern(
    r"<v:@> after (?:a |the |an )?(?:\. )?(?:view|reshape|flatten|resh\w+) \( <a:~> , <b:~> \)"
)
NOUNS = wordset("numbers values elements logits entries scores floats activations")
GROWN = pattern(
    r"(?P<letter>~\d+) = <a:#> to (?:~\d+ = )?<b:#>|"
    r"(?:doubling|tripling|raising|growing|going|double|doubles|raise|triple) "
    r"(?:~\d+|(?:the )?(?:sequence|context|input)(?: length| window)?|the length) from <c:#> to <d:#>"
)
TIMES_AS = pattern(r"<n:#> (?:times|x|×|\*) (?:as )?(?:big|large|larger|bigger|many|the)")
FOLD = {"triples": 3, "quadruples": 4}
PAIR = pattern(r"<a:#> (?:→|to|instead of) <b:#> (?:entries|scores|values|elements|numbers)")


@dataclass(frozen=True, slots=True)
class Shape:
    """A stated shape: its axes, the pieces it takes (first, last + 1), its offsets."""

    axes: Axes
    first: int
    last: int
    start: int
    end: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shapes in letters that follow from other ones."""
    if not context.speaks_of(*TOPIC) and not any("qk" in each.gist for each in context.sentences):
        return
    before: list[Shape] = []
    for sentence in context.sentences:
        if sentence.question or sentence.has("not", "never", "would"):
            continue
        yield from _grown(sentence)
        if sentence.has("if"):
            continue
        shapes = list(_shapes(sentence))
        yield from _scores(context, sentence, shapes)
        yield from _product(sentence, shapes)
        yield from _viewed(context, sentence)
        yield from _held(context, sentence, shapes, shapes or before)
        before = shapes


# ------------------------------------------------------------------ reading shapes


def _shapes(sentence: Sentence) -> Iterator[Shape]:
    """Shapes with at least one letter: ``B × T × d``, ``(B, T, 64)``; and sizes beside them."""
    pieces, at = sentence.pieces, 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.gist in ("(", "["):
            close = _close(pieces, at)
            axes = _listed(pieces[at + 1 : close]) if close else None
            if axes is not None and len(axes) > 1 and any(isinstance(e, str) for e in axes):
                yield Shape(axes, at, close + 1, piece.start, pieces[close].end)
                at = close + 1
                continue
        axes = _axes(piece.expression) if piece.sort is Sort.SYMBOLIC and piece.expression else None
        if axes is not None and len(axes) > 1 and _crossed(piece):
            yield Shape(axes, at, at + 1, piece.start, piece.end)
        at += 1


def _crossed(piece: Piece) -> bool:
    """Whether a product is one with signs between its letters: ``B × T``, not ``QK``."""
    return piece.tokens[1] - piece.tokens[0] >= 3


def _close(pieces: Sequence[Piece], at: int) -> int:
    for index in range(at + 1, min(len(pieces), at + 10)):
        if pieces[index].gist in (")", "]"):
            return index
        if pieces[index].gist in ("(", "["):
            return 0
    return 0


def _listed(inside: Sequence[Piece]) -> Axes | None:
    if len(inside) % 2 == 0 or any(each.gist != "," for each in inside[1::2]):
        return None
    found: list[str | int] = []
    for piece in inside[::2]:
        number = whole(piece) if piece.sort is Sort.NUMBER else None
        if isinstance(piece.expression, Name):
            found.append(piece.expression.name)
        elif number is not None and number[0] > 0:
            found.append(number[0])
        else:
            return None
    return tuple(found)


def _axes(expression: Expression) -> Axes | None:
    match expression:
        case Name(name) if len(name) < 8:
            return (name,)
        case Number(value) if value.denominator == 1 and value > 0:
            return (int(value),)
        case Binary("*", left, right) if not expression.bracketed:
            first, second = _axes(left), _axes(right)
            return first + second if first and second else None
        case _:
            return None


# ------------------------------------------------------------------ products


_OPERATOR = re.compile(r"[\s{}$^'\\]|top|ᵀ|\.|@|·|\*")


def _letters_of(context: Context, sentence: Sentence, at: int) -> str:
    """A piece as the operands it writes: "QK" for ``QKᵀ``, ``Q K^\\top``."""
    piece = sentence.pieces[at]
    return _OPERATOR.sub("", context.passage.text[piece.start : piece.end])


def _scores(context: Context, sentence: Sentence, shapes: Sequence[Shape]) -> Iterator[Candidate]:
    """Queries times transposed keys: the shape said of QKᵀ, from those said of Q and K."""
    taken = {index for each in shapes for index in range(each.first, each.last)}
    names = {
        at: _letters_of(context, sentence, at)
        for at in range(len(sentence.pieces))
        if at not in taken
    }
    product = _written(names)
    if product is None:
        product = next(
            (
                at
                for at, each in enumerate(sentence.pieces)
                if each.gist in ("product", "scores") and at > 4
            ),
            None,
        )
    if product is None:
        return
    given = [each for each in shapes if each.last <= product]
    stated = next((each for each in shapes if each.first > product), None)
    queries = [at for at, name in names.items() if name in QUERIES and at < product]
    keys = [at for at, name in names.items() if name in KEYS and at < product]
    if stated is None or not queries or not keys or not 1 <= len(given) <= 2:
        return
    between = {each.gist for each in sentence.pieces[product + 1 : stated.first]}
    if not all(each in LINKS or each.startswith("~") or "qk" in each for each in between):
        return
    a = given[0].axes
    b = given[-1].axes
    turned = (
        len(given) == 2
        and sentence.pieces[keys[-1]].end < given[1].start
        and _turned(context, sentence, keys[-1], given[1].first)
    )
    if len(given) == 2 and not (queries[0] < given[0].first < keys[-1] < given[1].first):
        return
    if not turned:
        b = (*b[:-2], b[-1], b[-2])
    yield from _multiplied(sentence, a, b, stated)


def _written(names: Mapping[int, str]) -> int | None:
    """Where QKᵀ is written, in one piece or as Q and Kᵀ side by side: its last piece."""
    for at, name in names.items():
        if at and name in ("QK", "QKT"):
            return at
        if at and name == "Q" and names.get(at + 1) in ("K", "KT"):
            return at + 1
    return None


def _turned(context: Context, sentence: Sentence, key: int, shape: int) -> bool:
    """Whether a shape is that of the transposed keys."""
    pieces = sentence.pieces
    written = context.passage.text[pieces[key].start : pieces[shape].start]
    return any(each in written for each in ("^", "ᵀ", "top", "ranspose"))


def _product(sentence: Sentence, shapes: Sequence[Shape]) -> Iterator[Candidate]:
    """ "(B, T, T) times (B, T, d) → (B, T, d)"."""
    if len(shapes) != 3:
        return
    a, b, c = shapes
    first = {each.gist for each in sentence.pieces[a.last : b.first]}
    second = {each.gist for each in sentence.pieces[b.last : c.first]}
    if first & TIMES and second & GIVES and not second & {"and", "but"}:
        yield from _multiplied(sentence, a.axes, b.axes, c)


def _multiplied(sentence: Sentence, a: Axes, b: Axes, stated: Shape) -> Iterator[Candidate]:
    if len(a) != len(b) or len(a) != len(stated.axes) or len(a) < 2:
        return
    if a[-1] != b[-2] or a[:-2] != b[:-2]:
        return
    value = (*a[:-1], b[-1])
    if not {e for e in stated.axes if isinstance(e, str)} <= {
        e for e in (*a, *b) if isinstance(e, str)
    }:
        return
    sizes = _sizes((*a, *b, *stated.axes))
    if a[-1] == value[-1] or len(set(map(str, (*a[-2:], b[-1])))) == 1:
        return  # nothing to tell apart
    one, other, result = (tuple(sizes[e] for e in axes) for axes in (a, b, stated.axes))
    line = (
        f'assert tuple((torch.empty({one}, device="meta") @ '
        f'torch.empty({other}, device="meta")).shape) == {result}'
    )
    shown = ["×".join(map(str, each)) for each in (a, b, value)]
    reading = Reading(stated.axes == value, f"({shown[0]})·({shown[1]}) = {shown[2]}", "", (line,))
    used = tuple(each.start for each in sentence.pieces if each.sort is Sort.NUMBER)
    yield claiming(
        KIND,
        sentence,
        stated,
        True,
        (reading,),
        expected="×".join(map(str, stated.axes)),
        computed=shown[2],
        used=used,
    )


def _sizes(axes: Axes) -> dict[str | int, int]:
    """A size for each axis, different ones for different letters."""
    numbers = {each for each in axes if isinstance(each, int)}
    free = (each for each in count(2) if each not in numbers)
    found: dict[str | int, int] = {each: each for each in numbers}
    for each in axes:
        if each not in found:
            found[each] = next(free)
    return found


# ------------------------------------------------------------------ letters with values


def _value(axes: Axes | None, context: Context) -> tuple[int, ...] | None:
    known = context.passage.bindings
    if axes is None:
        return None
    values = [Fraction(e) if isinstance(e, int) else known.get(e) for e in axes]
    if any(each is None or each.denominator != 1 or each <= 0 for each in values):
        return None
    return tuple(int(each) for each in values if each is not None)


def _viewed(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """``.view(B*T, V)``: each axis is the product of its letters."""
    for found in (match for form in (VIEW, VIEWED) for match in sentence.find(form)):
        parts = []
        for group in ("a", "b"):
            expression = found[group].expression
            parts.append(_value(_axes(expression) if expression else None, context))
        stated = found["v"]
        if any(each is None for each in parts) or len(stated.size) != 2:
            continue
        value = tuple(prod(each) for each in parts if each is not None)
        factors = tuple(each for part in parts if part is not None for each in part)
        source = f'tuple(torch.empty({factors}, device="meta").reshape({value}).shape)'
        how = "×".join("·".join(map(str, each)) for each in parts if each) + f" = {value}"
        yield size_stated(sentence, stated, value, how, source, _bound(sentence))


def _bound(sentence: Sentence) -> tuple[int, ...]:
    return tuple(each["n"].start for each in sentence.find(pattern(r"~\d+ (?:=|:) <n:#>")))


def _held(
    context: Context, sentence: Sentence, own: Sequence[Shape], shapes: Sequence[Shape]
) -> Iterator[Candidate]:
    """ "B × T × V with B = 4, T = 8 and V = 65: 2080 numbers", of its own shape or the one before."""
    if len(shapes) != 1:
        return
    value = _value(shapes[0].axes, context)
    if value is None:
        return
    first = own[0].last if own else 0
    for index, piece in enumerate(sentence.pieces[first:], first):
        after = sentence.pieces[index + 1].gist if index + 1 < len(sentence.pieces) else ""
        later = {each.gist for each in sentence.pieces[index + 2 : index + 4]}
        if (
            piece.sort is not Sort.NUMBER
            or piece.numeral
            or after not in NOUNS
            or later & {"each", "a"}
        ):
            continue
        assert piece.quantity is not None
        total = Fraction(prod(value))
        how = f"{'·'.join(map(str, value))} = {show(total)}"
        source = f'torch.empty({value}, device="meta").numel()'
        yield number_stated(sentence, piece, total, how, source, _bound(sentence))


def _grown(sentence: Sentence) -> Iterator[Candidate]:
    """ "From T = 512 to T = 1024 the attention matrix gets four times as big"."""
    matrix = sentence.has("matrix", "scores", "map", "matrices") and sentence.has(
        "attention", "scores"
    )
    if not matrix:
        return
    for found in sentence.find(GROWN):
        a, b = found.get("a") or found["c"], found.get("b") or found["d"]
        one, other = whole(a), whole(b)
        if not one or not other or not 0 < one[0] < other[0]:
            continue
        used = (a.start, b.start)
        factor = Fraction(other[0], one[0]) ** 2
        for each in sentence.find(TIMES_AS):
            if each["n"].quantity is not None:
                how = f"({other[0]}/{one[0]})² = {show(factor)}"
                source = f"Fraction({other[0]}, {one[0]}) ** 2"
                yield number_stated(sentence, each["n"], factor, how, source, used)
        word = next((each for each in sentence.pieces if each.gist in FOLD), None)
        if word is not None:
            how = f"({other[0]}/{one[0]})² = {show(factor)}"
            times = FOLD[word.gist]
            line = f"assert Fraction({other[0]}, {one[0]}) ** 2 == {times}"
            yield claiming(
                KIND,
                sentence,
                word,
                True,
                (Reading(factor == times, how, "", (line,)),),
                expected=f"{times} times as large",
                computed=show(factor),
                used=used,
            )
        for each in sentence.find(PAIR):
            for piece, side in ((each["a"], one[0]), (each["b"], other[0])):
                if piece.quantity is not None and piece is not a and piece is not b:
                    source = f'torch.empty({(side, side)}, device="meta").numel()'
                    how = f"{side}·{side} = {side * side:,}"
                    yield number_stated(sentence, piece, Fraction(side * side), how, source, used)
