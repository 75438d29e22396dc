"""Numbers of single windows: how many cover a pixel, what pooling makes of written values, known edge filters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, claiming, number_reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import show
from generator.claims.wording import STOPS, Words

KIND = "output size"


def recognise(context: Context) -> Iterator[Candidate]:
    """Find how many windows cover a pixel, and values of windows that are written out."""
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        if sentence.question or words.has("if", "would", "could", "not"):
            continue
        yield from _coverage(sentence, words)
        yield from _pooled(context.passage.text, sentence, words)
        yield from _edges(sentence, words)


# ------------------------------------------------------------------ windows over a pixel

CORNER = wordset("corner corners")
INNER = wordset("middle centre center central interior inner")
WINDOWS = wordset("window windows positions position outputs output times patches placements")


def _coverage(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "Without padding a corner pixel falls into 1 window, one in the middle into nine (3×3 filter)"."""
    if not words.has(CORNER) or words.has("pool", "stride", "dilation", "same"):
        return
    if words.has("pad") and not words.has("without", "no", "unpadded"):
        return
    sides = {e.piece.size for e in words.terms if len(e.piece.size) == 2 and max(e.piece.size) < 16}
    side = next(iter(sides))[0] if len(sides) == 1 and len(set(next(iter(sides)))) == 1 else 0
    for at, term in enumerate(words.terms):
        if term.piece.sort is not Sort.NUMBER or not term.count or not _of_windows(words, at):
            continue
        places = [each for each in words.at(CORNER | INNER) if each < at]
        if not places:
            continue
        inner = words.terms[places[-1]].means(INNER)
        if inner and not side:
            continue
        size = side or 3
        value = size * size if inner else 1
        spot = size if inner else 0
        source = f"coverage(nn.Conv2d(1, 1, {size}), {3 * size})[{spot}][{spot}]"
        how = f"{size}·{size} = {value} windows cover it" if inner else "1 window covers a corner"
        used = tuple(e.piece.start for e in words.terms if e.piece.size in sides)
        reading = (number_reading(value, how, source),)
        assert term.piece.quantity is not None
        yield claiming(KIND, sentence, term.piece, term.piece.quantity, reading, used=used)


def _of_windows(words: Words, at: int) -> bool:
    """Whether a number counts windows: "1 window", "nine of them", "in 25"."""
    if words.part(at - 2, at).has("of", "the", "all"):
        return False
    after = words.part(at + 1, at + 3)
    if after.has(WINDOWS) or (after.has("of") and after.has("them") and words.has(WINDOWS)):
        return True
    ends = at + 1 >= len(words.terms) or words.terms[at + 1].means(STOPS)
    return ends and words.part(at - 1, at).has("in", "into", "under", "inside")


# ------------------------------------------------------------------ values of a window

HOW = re.compile(r"max|mean|average|avg")
LEADING = wordset("= : be → give pool of")
NOT_VALUES = wordset(
    "stride channel layer layers block blocks stage conv filter filters unit kernel"
)


def _pooled(text: str, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "Window {1, 3, 2, 9}: max = 9, mean = 3.75"."""
    if words.has(NOT_VALUES) or not HOW.search(text[sentence.start : sentence.end].lower()):
        return
    run = _values(sentence.pieces)
    if not run:
        return
    values = [_exact(sentence.pieces[at]) for at in run]
    side = 2 if len(run) == 4 else 3
    used = tuple(sentence.pieces[each].start for each in run)
    for at in range(run[-1] + 1, len(sentence.pieces)):
        piece = sentence.pieces[at]
        said = HOW.findall(text[sentence.start : piece.start].lower())
        before = {each.gist for each in sentence.pieces[max(0, at - 2) : at]}
        if (
            piece.quantity is None
            or piece.sort is not Sort.NUMBER
            or not said
            or not before & LEADING | {*said}
        ):
            continue
        largest = said[-1] == "max"
        value = max(values) if largest else sum(values, Fraction(0)) / len(values)
        listed = ", ".join(str(float(each)) for each in values)
        layer = f"nn.{'Max' if largest else 'Avg'}Pool2d({side})"
        source = f"float({layer}(torch.tensor([{listed}]).reshape(1, 1, {side}, {side})))"
        how = f"the {'largest' if largest else 'mean'} of {', '.join(map(show, values))} is {show(value)}"
        reading = (number_reading(value, how, source),)
        yield claiming(KIND, sentence, piece, piece.quantity, reading, used=used)


def _values(pieces: Sequence[Piece]) -> list[int]:
    """The places of four or nine numbers in a row, between commas."""
    numbers = [
        at
        for at, each in enumerate(pieces)
        if each.sort is Sort.NUMBER and each.quantity is not None
    ]
    runs: list[list[int]] = [[]]
    for one, other in pairwise([*numbers, None]):
        assert one is not None
        runs[-1].append(one)
        between = {each.gist for each in pieces[one + 1 : other]} if other is not None else {"end"}
        if other is None or not between <= {",", ";", "and", "|"}:
            runs.append([])
    found = [each for each in runs if len(each) in (4, 9)]
    return found[0] if len(found) == 1 else []


def _exact(piece: Piece) -> Fraction:
    assert piece.quantity is not None
    return piece.quantity.value


# ------------------------------------------------------------------ edge filters

EDGE_FILTERS: Mapping[str, tuple[int, int]] = {
    "sobel": (1, 2),
    "scharr": (3, 10),
}  # outer, middle weight
CENTRAL = wordset("middle central centre center")
ENDS = wordset("outer outside")


def _edges(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "Sobel: the middle row gets weight 2, the outer rows 1", "Scharr's first column is 3, 10, 3"."""
    names = [each for each in EDGE_FILTERS if words.has(each)]
    if len(names) != 1:
        return
    outer, middle = EDGE_FILTERS[names[0]]
    for at, term in enumerate(words.terms):
        piece = term.piece
        if piece.sort is not Sort.NUMBER or piece.quantity is None or piece.numeral:
            continue
        place = next((e for e in reversed(words.at(CENTRAL | ENDS)) if e < at), None)
        listed = _listed(words, at)
        if (
            listed is not None
            and words.has("column", "row")
            and not words.part(0, at).has("instead")
        ):
            value = middle if listed == 1 else outer
        elif (
            place is not None
            and words.part(place, at).has("row", "rows", "column", "weight")
            and at - place < 6
        ):
            value = middle if words.terms[place].means(CENTRAL) else outer
        else:
            continue
        how = f"a column of {names[0].title()}'s filter is {outer}, {middle}, {outer}"
        source = f"[{outer}, {middle}, {outer}][{1 if value == middle else 0}]"
        yield claiming(KIND, sentence, piece, piece.quantity, (number_reading(value, how, source),))


def _listed(words: Words, at: int) -> int | None:
    """Which of three numbers in a row one is: "1, 2, 1"; none where a nought is among them."""
    for first in range(at, at - 5, -2):
        run = words.terms[max(0, first) : first + 5]
        numbers, commas = run[::2], run[1::2]
        if (
            len(run) == 5
            and all(e.count for e in numbers)
            and all(e.means(frozenset({","})) for e in commas)
        ):
            return (at - first) // 2
    return None
