"""Numbers of single windows: how many cover a pixel, what pooling makes of written values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming, number_reading
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

MEASURES: Mapping[str, str] = {"max": "max", "largest": "max", "min": "min", "smallest": "min",
                               "mean": "mean", "average": "mean", "avg": "mean"}  # fmt: skip
MEASURED = re.compile("|".join(MEASURES))
LEADING = wordset("= : be → give pool of")
TAKEN_FROM = wordset("of from out the values value numbers : { [ (")
NOT_VALUES = wordset(
    "stride channel layer layers block blocks stage conv filter filters unit kernel"
)


def _pooled(text: str, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "Window {1, 3, 2, 9}: max = 9, mean = 3.75", "max pooling keeps 9 of 1, 3, 2, 9"."""
    if words.has(NOT_VALUES) or not MEASURED.search(text[sentence.start : sentence.end].lower()):
        return
    pieces = sentence.pieces
    run = _values(pieces)
    used = tuple(pieces[each].start for each in run)
    for at, piece in enumerate(pieces):
        said = MEASURED.findall(text[sentence.start : piece.start].lower())
        if not run or at in run or piece.quantity is None or piece.sort is not Sort.NUMBER:
            continue
        before = {each.gist for each in pieces[max(0, at - 2) : at]}
        between = {each.gist for each in pieces[at + 1 : run[0]]}
        ahead = at < run[0] and {"of", "from"} & between and between <= TAKEN_FROM
        behind = at > run[-1] and before & LEADING | {*said} & before
        if said and (ahead or behind):
            reading = _measured(MEASURES[said[-1]], [_exact(pieces[each]) for each in run])
            yield claiming(KIND, sentence, piece, piece.quantity, (reading,), used=used)


def _measured(measure: str, values: Sequence[Fraction]) -> Reading:
    """The largest, the smallest or the mean of a window's values."""
    value = {"max": max(values), "min": min(values), "mean": sum(values, Fraction(0)) / len(values)}
    side = 2 if len(values) == 4 else 3
    listed = ", ".join(str(float(each)) for each in values)
    window = f"torch.tensor([{listed}]).reshape(1, 1, {side}, {side})"
    sources = {
        "max": f"float(nn.MaxPool2d({side})({window}))",
        "min": f"-float(nn.MaxPool2d({side})(-{window}))",
        "mean": f"float(nn.AvgPool2d({side})({window}))",
    }
    word = {"max": "largest", "min": "smallest", "mean": "mean"}[measure]
    how = f"the {word} of {', '.join(map(show, values))} is {show(value[measure])}"
    return number_reading(value[measure], how, sources[measure])


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
