"""Shapes of sequence models: ``B × T × V`` with B = 4, T = 8, V = 65; products of matrices.

Sizes with letters count where the statement gives every letter a value. "A (3×4) matrix times a
(4×5) one gives (3×5)" is checked by the rule of products.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod

from generator.claims.candidate import Candidate, Reading, Size, claiming
from generator.claims.context import Context
from generator.claims.expression import Binary, Expression, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity, show

KIND = "sequence shape"

# "B × T × V … 4 × 8 × 65": a size in letters, then one in numbers.
SPELLED = pattern(
    r"<s:~> (?:(?:=|→|be|\(|,|i\.e|ie|here|so|that|which|give|shape|a|of|with|:|thus|hence|\)) "
    r")*<v:@>"
)
ELEMENTS = pattern(
    r"<s:~> (?:(?:=|→|be|\(|,|tensor|so|that|which|volume|give|have|with|:|thus|hence|\)|in|"
    r"total|shape|logits|output|holds) )*<n:#> (?:numbers|values|elements|logits|entries|scores|"
    r"floats|activations)"
)
_OPERAND = (
    r"(?:(?:a|an|the|matrix|by|weight|tensor|query|queries|key|keys|value|values|transposed|scores|"
    r"attention|softmax|of|shape|size|\(|~\d+|\^|\?|'|input|activations|vector|volume) )*"
)
PRODUCT = pattern(
    rf"(?:(?P<verb>multiplying|multiply|matmul) {_OPERAND})?<a:@> {_OPERAND}(?:\) )?(?:times|@|x|multiplied by|\*|"
    rf"and|with|by|·|:) {_OPERAND}<b:@> (?:\) )?<*matrix tensor weight one product vector is be it ,*>"
    rf"(?:give|=|→|be|has|have|of) {_OPERAND}<*result in to*>{_OPERAND}<c:@>"
)
_IN_LETTERS = r"(?:\( (?:~\d+ |, )+\) = )?"
SIDE_BY_SIDE = pattern(r"<e:%> (?:=|give|be) <*of a shape matrix*><c:@>")
RESHAPED_TO = pattern(
    rf"<a:@> <*tensor volume batch logits be then get gets are*>(?:reshap\w*|view\w*|flatten\w*|"
    rf"fold\w*) <*to into as the a an shape of vector*>{_IN_LETTERS}<b:@#>"
)
# "the logits are 4×8×65, and we flatten them into 32×65"
AFTER_RESHAPING = pattern(
    r"<b:@> after (?:reshap\w*|view\w*|flatten\w*) <*a an the tensor volume of shape batch logits*><a:@>"
)
THEN_RESHAPED = pattern(
    r"<a:@> (?:[^\s#@%~.;]+ ){0,6}(?:reshap\w*|view\w*|flatten\w*|fold\w*|collaps\w*) (?:them|it|these|this|that|"
    r"those) <*all again to into as a an the shape of vector size*><b:@#>"
)
RESHAPED = pattern(
    r"(?:reshap\w*|view\w*|flatten\w*|fold\w*) <*a an the tensor volume of shape from batch "
    r"logits we as it , input output size it's its this all*><a:@> <*tensor volume batch logits "
    r"shape , volume image map fmap*>(?:to|into|as|gives?|give|→) <*a an the shape of tensor "
    r"volume vector length size us*><b:@#>"
)


# "a 32×32×3 image flattened is a vector of 3072 values", "a 7×7×40 volume has 1960 values"
# "flattening the 7×7×40 volume gives a vector with 1960 units"
FLATTENED = pattern(
    r"(?:flatten\w*|unroll\w*) <*a an the volume map maps fmap tensor output last of from into to "
    r"we us*><a:@> <*volume map fmap tensor output maps , then that this it will*>(?:to|into|as|give|→|=|be|have) "
    r"<*us a an the vector of with have to in total*><b:#> <*hidden input*>(?:values?|numbers|elements|input|entries|"
    r"features?|feature|activations|dimensional|dimensions|unit|nodes)"
)
HOLDS = pattern(
    r"<a:@> <*rgb image volume map fmap input output maps tensor be , when once is if "
    r"already just*>(?:flatten\w*|have|=|be|→|"
    r"give|hold|contain|unrolled) <*to into be give have a an vector of length size only exactly "
    r"= → total in long input with*><b:#> <*input*>(?:values?|numbers|elements|inputs?|entries|features?|"
    r"activations|unit|dimensional|dimensions)"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shapes of sequence models and matrix products."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        yield from _spelled(context, sentence)
        yield from _products(context, sentence)
        yield from _reshaped(sentence)
        yield from _flattened(sentence)


def _letters(expression: Expression) -> tuple[str | int, ...] | None:
    """Split ``B × T × V`` into its factors: letters and whole numbers."""
    match expression:
        case Name(name):
            return (name,)
        case Number(value) if value.denominator == 1:
            return (int(value),)
        case Binary("*", left, right) if not expression.bracketed:
            first, second = _letters(left), _letters(right)
            return first + second if first and second else None
        case _:
            return None


def _values(context: Context, piece: Piece) -> tuple[int, ...] | None:
    if piece.expression is None:
        return None
    parts = _letters(piece.expression)
    if parts is None or len(parts) < 2:
        return None
    known = context.passage.bindings
    found = []
    for each in parts:
        value = Fraction(each) if isinstance(each, int) else known.get(each)
        if value is None or value.denominator != 1:
            return None
        found.append(int(value))
    return tuple(found)


def _spelled(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    for found in sentence.find(SPELLED):
        value = _values(context, found["s"])
        stated = found["v"]
        if value is None or len(value) != len(stated.size):
            continue
        how = f"{'×'.join(map(str, value))} from the values given"
        yield claiming(
            KIND,
            sentence,
            stated,
            stated.size,
            (Reading(value, how, f'tuple(torch.empty({value}, device="meta").shape)'),),
            used=_binding_numbers(sentence),
        )
    for found in sentence.find(ELEMENTS):
        value = _values(context, found["s"])
        stated_number = found["n"].quantity
        if value is None or stated_number is None:
            continue
        total = Fraction(prod(value))
        how = f"{'·'.join(map(str, value))} = {show(total)}"
        yield replace(
            _number(sentence, found["n"], stated_number, total, how, value),
            used=_binding_numbers(sentence),
        )


def _binding_numbers(sentence: Sentence) -> tuple[int, ...]:
    """The numbers given to letters: "B = 4"."""
    return tuple(found["n"].start for found in sentence.find(pattern(r"~\d+ (?:=|:) <n:#>")))


def _number(
    sentence: Sentence,
    piece: Piece,
    stated: Quantity,
    total: Fraction,
    how: str,
    shape: tuple[int, ...],
    *used: Piece,
) -> Candidate:
    source = f'torch.empty({shape}, device="meta").numel()'
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        (Reading(total, how, source),),
        used=tuple(each.start for each in used),
    )


def _products(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    if not context.speaks_of(
        "matrix",
        "tensor",
        "multiplied",
        "matmul",
        "attention",
        "embedding",
        "@",
        "matrices",
        "product",
    ):
        return
    for found in sentence.find(SIDE_BY_SIDE):
        yield from _side_by_side(sentence, found["e"], found["c"])
    for found in sentence.find(PRODUCT):
        a, b, c = found["a"].size, found["b"].size, found["c"].size
        value = _multiplied(a, b)
        if value is None or len(c) != len(value):
            continue
        source = f'tuple((torch.empty({a}, device="meta") @ torch.empty({b}, device="meta")).shape)'
        yield claiming(
            KIND,
            sentence,
            found["c"],
            c,
            (Reading(value, f"({'×'.join(map(str, a))})·({'×'.join(map(str, b))})", source),),
            used=(found["a"].start, found["b"].start),
        )


def _side_by_side(sentence: Sentence, pair: Piece, stated: Piece) -> Iterator[Candidate]:
    """Read "(128 × 64)(64 × 128) = 128 × 128"."""
    match pair.expression:
        case Binary("*", left, right, bracketed=False):
            pass
        case _:
            return
    if not (_bracketed(left) and _bracketed(right)):
        return
    a, b = _whole(left), _whole(right)
    value = _multiplied(a, b) if a and b else None
    if value is None or len(stated.size) != len(value):
        return
    source = f'tuple((torch.empty({a}, device="meta") @ torch.empty({b}, device="meta")).shape)'
    yield claiming(
        KIND,
        sentence,
        stated,
        stated.size,
        (Reading(value, f"rows of the first, columns of the second: {value}", source),),
        used=(pair.start,),
    )


def _bracketed(expression: Expression) -> bool:
    return isinstance(expression, Binary) and expression.bracketed


def _whole(expression: Expression) -> Size:
    """The factors of a bracketed product of whole numbers."""
    match expression:
        case Number(value) if value.denominator == 1:
            return (int(value),)
        case Binary("*", left, right):
            first, second = _whole(left), _whole(right)
            return first + second if first and second else ()
        case _:
            return ()


def _multiplied(a: Size, b: Size) -> Size | None:
    """The shape of a product of matrices, or of batches of them; ``None`` where there is none."""
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-2]:
        return None
    if len(b) > 2 and a[:-2] != b[:-2]:
        return None
    return (*a[:-1], b[-1])


def _reshaped(sentence: Sentence) -> Iterator[Candidate]:
    """A reshaped tensor keeps its number of elements."""
    for found in (match for form in (HOLDS, FLATTENED) for match in sentence.find(form)):
        a, b = found["a"].size, found["b"]
        if len(a) == 2 and "rgb" in found.match.group(0).split():
            a = (*a, 3)
        if b.quantity is not None and not b.numeral:
            total = Fraction(prod(a))
            how = f"{'·'.join(map(str, a))} = {show(total)}"
            yield _number(sentence, b, b.quantity, total, how, a, found["a"])
    forms = (RESHAPED, RESHAPED_TO, THEN_RESHAPED, AFTER_RESHAPING)
    for found in (match for form in forms for match in sentence.find(form)):
        a, b = found["a"].size, found["b"]
        if b.sort is Sort.NUMBER and RESIZING & {*found.match.group(0).split()}:
            continue
        if b.sort is Sort.NUMBER and b.quantity is not None:
            total = Fraction(prod(a))
            how = f"{'·'.join(map(str, a))} = {show(total)}"
            yield _number(sentence, b, b.quantity, total, how, a, found["a"])
        elif b.size:
            held = prod(a) == prod(b.size)
            line = f'torch.empty({a}, device="meta").reshape({b.size})'
            yield claiming(
                KIND,
                sentence,
                b,
                True,
                (Reading(held, f"{prod(a):,} elements against {prod(b.size):,}", "", (line,)),),
                used=(found["a"].start, *(each.start for each in _targets(sentence))),
            )
            if held and len(b.size) == 2:
                yield from _one_a_row(sentence, b)


def _targets(sentence: Sentence) -> Iterator[Piece]:
    """The number of targets a sentence states: "32 targets"."""
    for one, other in pairwise(sentence.pieces):
        if one.sort is Sort.NUMBER and other.gist in ("targets", "target", "labels"):
            yield one


def _one_a_row(sentence: Sentence, rows: Piece) -> Iterator[Candidate]:
    """As many targets as rows of logits: "(32, 65) logits and 32 targets"."""
    value = rows.size[0]
    for each in _targets(sentence):
        assert each.quantity is not None
        source = f'torch.empty({rows.size}, device="meta").shape[0]'
        reading = Reading(Fraction(value), f"one a row: {value}", source)
        yield claiming(KIND, sentence, each, each.quantity, (reading,), used=(rows.start,))


# What makes a vector of a map, what may stand between that and the vector's length, and what follows it.
FLATTENING = re.compile(r"(?:flat(?:ten\w*)?|unroll\w*|unfold\w*)$")
VECTOR = wordset(
    "to into in as be give it them this that we a an the = → : vector of length with have would hand hold long"
)
COMPONENTS = wordset(
    "values value numbers elements entries features feature activations inputs input dimensional "
    "dimensions vector dims . , ; ) ("
)
RESIZING = wordset("pool conv stride global fc layer linear dense then after before")


def _flattened(sentence: Sentence) -> Iterator[Candidate]:
    """Read "5×5×16 unrolls into 400 values", "where flattening the 7×7×512 would give 25,088"."""
    pieces = sentence.pieces
    sizes = [at for at, each in enumerate(pieces) if len(each.size) in (3, 4)]
    for verb, said in enumerate(pieces):
        if not FLATTENING.match(said.gist) or not sizes:
            continue
        number = next((at for at in range(verb + 1, len(pieces)) if pieces[at].quantity), 0)
        stated = pieces[number].quantity
        own = [at for at in sizes if verb < at < number] or [at for at in sizes if at < verb][-1:]
        if not number or stated is None or not own or pieces[number].sort is not Sort.NUMBER:
            continue
        between = {each.gist for each in pieces[verb + 1 : number] if not each.size}
        following = {each.gist for each in pieces[number + 1 : number + 2]}
        if (
            pieces[number].numeral
            or len(own) > 1
            or not between <= VECTOR
            or not following <= COMPONENTS
        ):
            continue
        size = pieces[own[0]].size
        resized = {each.gist for each in pieces[own[0] + 1 : verb]} & RESIZING
        others = {prod(pieces[at].size) for at in sizes if at != own[0]}
        sides = size[-3:]  # behind the batch
        how = f"{'·'.join(map(str, sides))} = {prod(sides):,}"
        source = f'torch.empty({size}, device="meta").flatten({len(size) - 3}).shape[-1]'
        readings = [Reading(Fraction(prod(sides)), how, source)]
        readings += [
            Reading(Fraction(each), "another map's values", "", doubtful=True) for each in others
        ]
        yield claiming(
            KIND,
            sentence,
            pieces[number],
            stated,
            tuple(readings),
            affirm_only=bool(resized),
            used=(pieces[own[0]].start,),
            decisive=not resized,
        )
