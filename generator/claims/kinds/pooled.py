"""What pooling leaves of a map: "2×2 max pooling keeps a quarter of the activations"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Call, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity, quantity, show
from generator.claims.scene import Role, Scene

KIND = "share"

KEEPS = wordset("keep keeps keeping retain retains preserve preserves remain remains remaining survive "
                "survives left give passes leaves pass")  # fmt: skip
DROPS = wordset(
    "discard discards discarding throw throws throwing drop drops dropping lose loses losing remove "
    "removes removing discarded thrown dropped lost removed ignores saves reduce reduces reduced"
)
VALUES = wordset(
    "activation activations values value numbers elements entries pixel pixels neurons unit data "
    "information positions input output them"
)
PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "thirds": Fraction(1, 3),
         "quarter": Fraction(1, 4),
         "quarters": Fraction(1, 4), "ninth": Fraction(1, 9), "sixteenth": Fraction(1, 16)}  # fmt: skip
OUT_OF = pattern(r"<a:#> (?:out of|in|of|from)(?: each)? <b:#>")


@dataclass(frozen=True, slots=True)
class Part:
    """A stated part in per cent, its first piece and its index."""

    stated: Quantity
    piece: Piece
    index: int


def recognise(context: Context) -> Iterator[Candidate]:
    """Find what pooling keeps or throws away."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or not sentence.has("pool") or sentence.has("not", "global"):
            continue
        valued = False
        for part in _parts(sentence):
            left = _left(context.scene, number, sentence, part.index)
            if left is None:
                continue
            share, how, source, used = left
            before = [each.gist for each in sentence.pieces[max(0, part.index - 6) : part.index]]
            after = [each.gist for each in sentence.pieces[part.index + 1 : part.index + 7]]
            valued = valued or bool(set(after[:4]) & VALUES)
            if not valued:
                continue
            kept = _verb(before, after)
            if kept is None:
                continue
            value = 100 * share if kept else 100 - 100 * share
            yield claiming(
                KIND,
                sentence,
                part.piece,
                part.stated,
                (Reading(value, how, f"100 * {source}" if kept else f"100 - 100 * {source}"),),
                used=used,
            )


def _verb(before: list[str], after: list[str]) -> bool | None:
    """Whether the nearest verb keeps (``True``) or drops what is stated."""
    for words in (before[::-1], after):
        for word in words:
            if word in KEEPS:
                return True
            if word in DROPS:
                return False
    return None


def _left(
    known: Scene, number: int, sentence: Sentence, index: int
) -> tuple[Fraction, str, str, tuple[int, ...]] | None:
    """The share of a map that pooling leaves: from sizes before and after, else from the stride."""
    sizes = [each for each in sentence.pieces if len(each.size) == 3]
    if len(sizes) == 2 and all(sizes[0].size) and prod(sizes[1].size) <= prod(sizes[0].size):
        first, second = prod(sizes[0].size), prod(sizes[1].size)
        how = f"{second:,} of {first:,}: {show(Fraction(100 * second, first))} %"
        return (
            Fraction(second, first),
            how,
            f"Fraction({second}, {first})",
            tuple(each.start for each in sizes),
        )
    windows = [
        at
        for at, each in enumerate(sentence.pieces)
        if len(each.size) == 2 and all(1 < side < 9 for side in each.size)
    ]
    before = [at for at in windows if at < index]
    if not windows:
        return None
    start = before[-1] if before else windows[0]
    pool = sentence.pieces[start]
    end = next((at for at in windows if at > start), len(sentence.pieces))
    window = (pool.size[0], pool.size[1])
    strides = [e for e in known.of(Role.STRIDE) if e.sentence == number and start < e.index < end]
    if any((each.value[0], each.value[-1]) != window for each in strides):
        return None
    how = f"one value for {window[0]}·{window[1]} = {prod(window)}"
    side = 12 * prod(window)
    shape = f"output(nn.MaxPool2d({window}), (1, {side}, {side}))"
    source = f'Fraction(torch.empty({shape}, device="meta").numel(), {side} * {side})'
    return Fraction(1, prod(window)), how, source, (pool.start,)


def _parts(sentence: Sentence) -> Iterator[Part]:
    """The shares of a sentence: "75 %", "three quarters", "one in four"."""
    for at, piece in enumerate(sentence.pieces):
        share = piece.expression
        if isinstance(share, Call) and share.function == "percent" and isinstance(share.of, Number):
            inner = share.of
            stated = replace(
                quantity(inner.value, f"{inner.text} %"), place=inner.place, rounded=True
            )
            yield Part(stated, piece, at)
        elif piece.gist in PARTS and piece.sort is Sort.WORD:
            before = sentence.pieces[at - 1] if at else None
            count = before.quantity.value if before is not None and before.quantity else Fraction(1)
            value = PARTS[piece.gist] * count
            first = before if before is not None and before.quantity else piece
            yield Part(quantity(100 * value, f"{show(100 * value)} %"), first, at)
    for found in sentence.find(OUT_OF):
        a, b = found["a"].quantity, found["b"].quantity
        if a is not None and b is not None and 0 < a.value < b.value < 100:
            value = 100 * a.value / b.value
            yield Part(
                quantity(value, f"{show(value)} %"), found["a"], sentence.index_of(found["b"])
            )
