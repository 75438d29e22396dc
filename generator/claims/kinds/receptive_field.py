"""Receptive fields: two 3×3 convolutions see what one 5×5 sees, with 18 weights instead of 25.

A stack of n convolutions k×k with stride 1 sees 1 + n·(k-1) pixels; a dilated kernel d·(k-1)+1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, fitting
from generator.claims.context import Context
from generator.claims.expression import Binary, Expression, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity
from generator.claims.scene import Role, whole

KIND = "receptive field"
LARGEST_FIELD = 300  # what a test measures in no time

CUES = wordset(
    "rf region see sees cover covers instead replace replaces replaced replacing equivalent same "
    "view "
    "views effective factorized factorised factorize window area as stack looks look"
)
STACK = pattern(
    r"<n:#> <*stack consecutive successive subsequent small smaller conv layer of such "
    r"non-linear cascaded sequential stride-1*><k:@>"
)
# "the receptive field is 7×7", "a receptive field of 7"
FIELD = pattern(
    r"rf (?:(?:of|be|=|:|size|is|the|a|an|one|grows|to|still|only|already|then|now|give|also|"
    r"just|we|stack|this|conv|layer|#\d+ @\d+|have|same|as|with|that|single|each) )*<f:@#>"
)
WEIGHTS = pattern(
    r"<w:#~> (?:parameter|weight)|\( <v:#~> (?:parameter|weight)|"
    r"@\d+ (?:filters?|conv|layer) (?:have|need|use) <*only just merely*><u:#>(?= ?$| [,;)])"
)
CHANNELS = pattern(r"<n:#> channel")
# "18 instead of 25 weights"
OPPOSED = pattern(
    r"<a:#~> (?:instead of|rather than|compared (?:to|with)|vs|versus|against) <b:#~> "
    r"(?:parameter|weight)"
)
PERCENT = pattern(
    r"<p:#> (?:% |percent )<*of the in number*>(?:fewer|less|reduction|savings?|cheaper|saved|"
    r"weight|parameter)"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements about receptive fields."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question:
            continue
        strides = {e.value[0] for e in context.scene.of(Role.STRIDE) if e.sentence == number}
        if len(strides) > 1 or sentence.has("pool"):
            continue
        yield from _stacked(context, sentence, *strides)


def _stacked(context: Context, sentence: Sentence, stride: int = 1) -> Iterator[Candidate]:
    stacks = []
    for found in sentence.find(STACK):
        count, kernel = whole(found["n"]), found["k"].size
        if count is None or len(kernel) != 2 or kernel[0] != kernel[1] or not 1 <= count[0] <= 64:
            continue
        stacks.append((count[0], kernel[0], found["k"]))
    many = [each for each in stacks if each[0] > 1]
    if len(many) != 1:
        return
    n, k, piece = many[0]
    steps = [stride**at for at in range(n)]
    whole_field = 1 + (k - 1) * sum(steps)
    if whole_field > LARGEST_FIELD:
        return
    terms = f"{n}·({k}-1)" if stride == 1 else f"({k}-1)·({'+'.join(map(str, steps))})"
    how = f"1+{terms} = {whole_field}"
    strided = "" if stride == 1 else f", stride={stride}"
    setup = (
        f"field = seen(*[nn.Conv2d(1, 1, {k}{strided}) for _ in range({n})], "
        f"size={2 * whole_field + 32})"
    )
    field = _field(sentence, piece)
    if field is not None and (CUES & sentence.words):
        yield _make(context, sentence, field, whole_field, how, setup)
    yield from _weights(context, sentence, n, k, piece, field)


def _field(sentence: Sentence, stack: Piece) -> Piece | None:
    """The size or number that states what is seen."""
    for found in sentence.find(FIELD):
        piece = found["f"]
        if piece is not stack and not piece.numeral and not _counted(sentence, piece):
            return piece
    others = [
        each
        for each in sentence.pieces
        if each.sort is Sort.SIZE and each is not stack and len(each.size) == 2
    ]
    kernel = others and set(sentence.words_after(others[0], 1)) & {"see", "sees", "looks", "covers"}
    return others[0] if len(others) == 1 and not kernel else None


def _counted(sentence: Sentence, piece: Piece) -> bool:
    following = sentence.words_after(piece, 1)
    return bool(following) and (
        following[0].startswith("@")
        or following[0] in ("layer", "conv", "parameter", "weight", "%")
    )


def _make(
    context: Context, sentence: Sentence, field: Piece, value: int, how: str, setup: str
) -> Candidate:
    stated = field.size or field.quantity
    assert stated is not None
    sized = bool(field.size)
    used = tuple(
        each.start for found in sentence.find(STACK) for each in found.groups.values()
    ) + tuple(each.start for each in sentence.pieces if each.numeral)
    reading = Reading(
        (value, value) if sized else Fraction(value),
        how,
        "(field, field)" if sized else "field",
        (setup,),
    )
    return claiming(
        KIND,
        sentence,
        field,
        stated,
        (reading,),
        expected="×".join(map(str, field.size))
        if sized
        else context.passage.text[field.start : field.end],
        used=used,
    )


def _weights(
    context: Context, sentence: Sentence, n: int, k: int, stack: Piece, field: Piece | None
) -> Iterator[Candidate]:
    """Read "18 weights against 25", "27C² weights", "28 % fewer": each number belongs to the size before."""
    side = field.size[0] if field is not None and field.size else None
    wide = any(True for _ in sentence.find(CHANNELS))
    opposed = list(_opposed(context, sentence, (n, k), (1, side or 1 + n * (k - 1))))
    yield from opposed
    for found in sentence.find(WEIGHTS):
        piece = found.get("w") or found.get("v") or found.get("u")
        if piece is None or piece.numeral or piece.start in [each.at for each in opposed]:
            continue
        stated = _coefficient(piece)
        if stated is None:
            continue
        before = [
            each for each in sentence.pieces[: sentence.index_of(piece)] if each.sort is Sort.SIZE
        ]
        many = not before or before[-1] is stack
        if side is None:
            continue
        both_before = field is not None and field in before and stack in before
        pairs = [(n, k), (1, side)] if both_before else [(n, k) if many else (1, side)]
        yield claiming(
            KIND,
            sentence,
            piece,
            stated,
            tuple(_filter_weights(count, size) for count, size in pairs),
            expected=context.passage.text[piece.start : piece.end].strip(),
            affirm_only=wide or not (before and len(before) <= 2),
            used=tuple(each.start for each in sentence.pieces if each.sort is Sort.SIZE),
        )
    if side is None:
        return
    for found in sentence.find(PERCENT):
        piece = found["p"]
        if piece.quantity is None:
            continue
        share = 1 - Fraction(n * k * k, side * side)
        yield claiming(
            KIND,
            sentence,
            piece,
            replace(piece.quantity, rounded=True),
            (
                Reading(
                    share * 100,
                    f"1 - {n}·{k}·{k}/({side}·{side}) = {float(share):.1%}",
                    f"100 * (1 - Fraction({n} * {k} * {k}, {side} * {side}))",
                ),
                Reading(
                    100 - share * 100,
                    f"{n}·{k}·{k}/({side}·{side}) = {float(1 - share):.1%}",
                    f"Fraction(100 * {n} * {k} * {k}, {side} * {side})",
                ),
            ),
            expected=f"{piece.quantity.text} %",
            affirm_only=True,
        )


def _opposed(
    context: Context, sentence: Sentence, stack: tuple[int, int], single: tuple[int, int]
) -> Iterator[Candidate]:
    """Judge "18 instead of 25 weights": one number is of the stack, the other of what it stands for. Where
    one of them is right, it is clear which the other is."""
    sizes = {each.size for each in sentence.pieces if each.sort is Sort.SIZE}
    known = {(side, side) for _, side in (stack, single)}
    if sizes != known or sentence.has("bias", "dilation", "depthwise", "separable", "group"):
        return
    for found in sentence.find(OPPOSED):
        pieces = (found["a"], found["b"])
        stated = [_coefficient(each) for each in pieces]
        for order in ((stack, single), (single, stack)):
            readings = [_filter_weights(*each) for each in order]
            right = [
                one is not None and bool(fitting(one, [other]))
                for one, other in zip(stated, readings, strict=True)
            ]
            if not any(right):
                continue
            for piece, own, reading in zip(pieces, stated, readings, strict=True):
                if own is not None:
                    yield claiming(
                        KIND,
                        sentence,
                        piece,
                        own,
                        (reading,),
                        expected=context.passage.text[piece.start : piece.end].strip(),
                        decisive=True,
                    )
            break


def _filter_weights(count: int, size: int) -> Reading:
    value = Fraction(count * size * size)
    how = f"{f'{count}·' if count > 1 else ''}{size}·{size} = {value}"
    times = f"{count} * " if count > 1 else ""
    return Reading(value, how, f"{times}parameters(nn.Conv2d(1, 1, {size}, bias=False))")


def _coefficient(piece: Piece) -> Quantity | None:
    """The number of ``27C²``, or a plain number."""
    if piece.quantity is not None:
        return piece.quantity
    expression: Expression | None = piece.expression
    match expression:
        case Binary("*", Number(value, place, text), Binary("^", Name(), Number(power))) if (
            power == 2
        ):
            return Quantity(value, place, place, False, text)
        case _:
            return None
