"""Transformers in numbers: heads and their widths, the two parts of an encoder layer.

Lists of heads, of widths and of what each head gets go together by their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isqrt

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.described.statement import states
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.proportions import proportions
from generator.claims.quantity import show
from generator.claims.scene import number

KIND = "sequence shape"

WIDTH = wordset("d_model d_m n_embd D d_{model}")
INNER = wordset("d_ff d_{ff} d_mlp d_inner")
DIMS = wordset("dims dim dimensions dimension dimensional features channel")
SPREAD = wordset("over across into between among onto")
LINKS = wordset("= : be of goes rises grows from to")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of transformers."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        if sentence.has("heads"):
            yield from _heads(sentence)
        if sentence.has("attention") and sentence.has("feed-forward", "ffn", "mlp"):
            yield from _layer(context, sentence)


def _name(piece: Piece) -> str:
    return piece.expression.name if isinstance(piece.expression, Name) else piece.gist


# ------------------------------------------------------------------ heads


def _heads(sentence: Sentence) -> Iterator[Candidate]:
    """ "8 heads of 64, the big one 16 heads, still of 64, as d_model goes from 512 to 1024"."""
    pieces = sentence.pieces
    heads = [at for at in range(len(pieces) - 1) if _counts(pieces, at, "heads")]
    shares = [at for at in range(2, len(pieces)) if _of_heads(pieces, at)]
    widths = [at for at in range(len(pieces)) if at not in shares and _is_width(pieces, at)]
    if not heads or not len(heads) == len(widths) == len(shares):
        return
    for many, wide, at in zip(heads, widths, shares, strict=True):
        width, several = number(pieces[wide]), number(pieces[many])
        value = Fraction(width, several)
        how = f"{width}/{several} = {value}"
        used = tuple(pieces[each].start for each in (*heads, *widths))
        yield from _claim(sentence, at, value, how, f"Fraction({width}, {several})", used)
    stated = {number(pieces[at]) for at in shares}
    computed = {
        number(pieces[wide]) // number(pieces[many])
        for many, wide in zip(heads, widths, strict=True)
        if number(pieces[wide]) % number(pieces[many]) == 0
    }
    if len(stated) == 1:
        yield from _scale(sentence, (*stated, *sorted(computed - stated)))


def _claim(
    sentence: Sentence, at: int, value: Fraction, how: str, source: str, used: tuple[int, ...]
) -> Iterator[Candidate]:
    yield from _stating(sentence, at, (Reading(value, how, source),), used)


def _stating(
    sentence: Sentence, at: int, readings: tuple[Reading, ...], used: tuple[int, ...] = ()
) -> Iterator[Candidate]:
    piece = sentence.pieces[at]
    if readings and piece.quantity is not None and states(sentence, at):
        yield claiming(KIND, sentence, piece, piece.quantity, readings, used=used)


def _counts(pieces: Sequence[Piece], at: int, noun: str) -> bool:
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    named = after[:1] == [noun] or after == ["attention", noun] or after == ["parallel", noun]
    return bool(named) and 0 < number(pieces[at]) <= 256


def _of_heads(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is the width of a head: "heads of 64", "heads, still of 64"."""
    if number(pieces[at]) < 2:
        return False
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    behind = before[before.index("heads") :] if "heads" in before else []
    return before[-1] in ("of", "with") and bool(behind) and not any(g[0] == "#" for g in behind)


def _is_width(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is the width of the model: "d_model = 512", "from 512 to 1024", "512 dims over"."""
    if number(pieces[at]) < 2 or pieces[at].numeral:
        return False
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    if len(after) == 2 and after[0] in DIMS and after[1] in SPREAD:
        return True
    back = at - 1
    while back >= 0 and (pieces[back].gist in LINKS or number(pieces[back])):
        back -= 1
    return back >= 0 and _name(pieces[back]) in WIDTH


def _scale(sentence: Sentence, widths: Sequence[int]) -> Iterator[Candidate]:
    """What scores are divided by: the root of the heads' width, as stated and as it follows."""
    if not sentence.has("divided", "divides", "scaled"):
        return
    roots = tuple(
        Reading(Fraction(isqrt(width)), f"√{width} = {isqrt(width)}", f"{width} ** 0.5")
        for width in widths
        if isqrt(width) ** 2 == width
    )
    for at, piece in enumerate(sentence.pieces[:-1]):
        if piece.gist == "by":
            yield from _stating(sentence, at + 1, roots)


# ------------------------------------------------------------------ an encoder layer

PARTS = {"attention": "attention", **dict.fromkeys(("feed-forward", "ffn", "mlp"), "feed-forward")}


def _layer(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "With d_model = 512 and d_ff = 2048 attention has 1,048,576 weights, the feed-forward part twice that"."""
    pieces = sentence.pieces
    given = {role: found for role in "df" if (found := _letter(context, role)) is not None}
    if set(given) != {"d", "f"}:
        return
    d, f = (number(given[role]) for role in ("d", "f"))
    used = tuple(each.start for each in given.values())
    for at, piece in enumerate(pieces):
        part = _spoken_of(pieces, at)
        if piece in given.values() or not part or number(piece) < 1000 or piece.numeral:
            continue
        if piece.quantity is not None and states(sentence, at):
            readings = tuple(_part(part, d, f, bias=bias) for bias in _biases(sentence))
            yield claiming("parameters", sentence, piece, piece.quantity, readings, used=used)
    whole_layer = {part: _part(part, d, f, bias=False) for part in ("attention", "feed-forward")}
    for each in proportions(sentence):
        after = [e.gist for e in pieces[each.index + 1 : each.index + 8]]
        named = [PARTS[gist] for gist in after if gist in PARTS]
        if after[:1] != ["of"] or "layer" not in after or len(named) != 1:
            continue
        values = [Fraction(e.value) for e in whole_layer.values() if isinstance(e.value, Fraction)]
        own = whole_layer[named[0]]
        assert isinstance(own.value, Fraction)
        share = own.value / sum(values)
        total = " + ".join(e.source for e in whole_layer.values())
        source = each.source(f"Fraction({own.source}, {total})")
        how = f"{own.how} of {show(sum(values, Fraction()))}"
        reading = Reading(each.of(share), how, source)
        yield claiming(
            "share", sentence, each.piece, each.quantity, (reading,), expected=each.quantity.text,
            used=used,
        )  # fmt: skip


def _spoken_of(pieces: Sequence[Piece], at: int) -> str:
    """The part that the words before a number lead up to."""
    for piece in reversed(pieces[:at]):
        if piece.gist in PARTS:
            return PARTS[piece.gist]
        if piece.gist in ("layer", "total", "together", "block", "all", "embedding", "norm"):
            return ""
    return ""


def _letter(context: Context, role: str) -> Piece | None:
    """The one number that a statement gives to d_model, or to d_ff."""
    names = {"d": WIDTH, "f": INNER}[role]
    found = [
        pieces[at + 2]
        for pieces in (each.pieces for each in context.sentences)
        for at in range(len(pieces) - 2)
        if _name(pieces[at]) in names and pieces[at + 1].gist in ("=", "of", "be", ":")
    ]
    return found[0] if len(found) == 1 and number(found[0]) else None


def _biases(sentence: Sentence) -> tuple[bool, ...]:
    gists = [each.gist for each in sentence.pieces]
    if "bias" not in gists:
        return (False, True)
    return ("without" not in gists[max(0, gists.index("bias") - 2) : gists.index("bias")],)


def _part(part: str, d: int, f: int, *, bias: bool) -> Reading:
    """What one part of an encoder layer has."""
    if part == "attention":
        value = 4 * d * d + (4 * d if bias else 0)
        source = f'parameters(nn.MultiheadAttention({d}, 1, bias={bias}, device="meta"))'
        return Reading(Fraction(value), f"4·{d}²{f' + 4·{d}' if bias else ''} = {value:,}", source)
    value = 2 * d * f + (d + f if bias else 0)
    source = " + ".join(
        f'parameters(nn.Linear({a}, {b}, bias={bias}, device="meta"))' for a, b in ((d, f), (f, d))
    )
    extra = f" + {d} + {f}" if bias else ""
    return Reading(Fraction(value), f"2·{d}·{f}{extra} = {value:,}", f"({source})")
