"""Rows and columns of known edge filters: "Sobel's first column is 1, 2, 1, its middle one 0, 0, 0".

Such a filter is a smoothing (outer, middle, outer) in one direction times a difference (1, 0, -1) in the
other; which is which, and the sign, is left to the note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.claims.candidate import Candidate, claiming, number_reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import quantity, show
from generator.claims.wording import STOPS, Words

KIND = "output size"

SMOOTHING: Mapping[str, tuple[int, int]] = {"sobel": (1, 2), "scharr": (3, 10), "prewitt": (1, 1)}
OTHER_FILTERS = wordset("roberts laplace laplacian gaussian canny box blur")
VARIANTS = wordset(
    "like similar variant modified custom learned own 5x5 7x7 scaled divided normalized"
)
CENTRAL = wordset("middle central centre center second")
ENDS = wordset("outer outside first last third left right top bottom upper lower")
WEIGHED = wordset("ones be have get gets weigh weighs weight weights with by of : = a the only ,")
LINES = wordset("row rows column columns")
PLACED_IN = wordset("in on for at down along as")
MINUS = wordset("- −")
GOES_ON = MINUS | {"and"}
OTHER_VALUES = wordset(
    "patch pixel pixels image input give gives output response intensity intensities"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers in a row, with their signs: from term ``first`` up to ``end``."""

    first: int
    end: int
    values: tuple[int, ...]
    pieces: tuple[Piece, ...]


def recognise(context: Context) -> Iterator[Candidate]:
    """Find weights that a sentence gives the rows and columns of an edge filter."""
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        doubtful = sentence.question or words.has("if", "would", "could", VARIANTS)
        if not doubtful and words.has(*SMOOTHING):
            yield from _weights(sentence, words)


def _weights(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    begin = end = 0
    for run in _runs(words):
        goes_on = all(each.means(GOES_ON) for each in words.terms[end : run.first])
        begin, end = (begin if goes_on else end), run.end
        name, said = _name(words, run.first), words.part(begin, run.first)
        if not name or said.has(OTHER_VALUES) or said.has("instead"):
            continue
        where = _place(words, run, said)
        line = _line(SMOOTHING[name], run, where) if where is not None else ()
        for piece, stated, value in zip(run.pieces, run.values, line, strict=False):
            how = f"{name.title()}'s filter has {', '.join(map(str, line))} there"
            reading = number_reading(value, how, _weight(SMOOTHING[name], value))
            written = quantity(Fraction(stated), show(Fraction(stated)))
            yield claiming(KIND, sentence, piece, written, (reading,), decisive=True)


def _weight(smoothing: tuple[int, int], value: int) -> str:
    """The Python for the entry of the filter that a value is."""
    outer, middle = smoothing
    entries = f"torch.outer(torch.tensor([{outer}, {middle}, {outer}]), torch.tensor([1, 0, -1]))"
    return f"int({entries}[{int(abs(value) != outer)}, {1 - (value > 0) + (value < 0)}])"


def _runs(words: Words) -> Iterator[Run]:
    """One number, or three with commas between."""
    values: list[int] = []
    pieces: list[Piece] = []
    first = end = 0
    for at, term in enumerate([*words.terms, None]):
        if term is not None and term.piece.sort is Sort.NUMBER and not term.piece.numeral:
            first = first if values else at
            values.append(-term.count if words.part(at - 1, at).has(MINUS) else term.count)
            pieces.append(term.piece)
            end = at + 1
        elif term is None or not (values and term.means(MINUS | {","})):
            if len(values) in (1, 3):
                yield Run(first, end, tuple(values), tuple(pieces))
            values, pieces = [], []


def _name(words: Words, at: int) -> str:
    """The filter named last before a place, or the only one of the sentence."""
    named = [(place, name) for name in SMOOTHING for place in words.at(frozenset({name}))]
    before = [each for each in named if each[0] < at] or (named if len(named) == 1 else [])
    if not before:
        return ""
    place, name = max(before)
    return "" if words.part(place, at).has(OTHER_FILTERS) else name


def _place(words: Words, run: Run, said: Words) -> str | None:
    """Which of the lines numbers are said of, "" for any: behind them ("1, 2, 1 in its first column"),
    else before; ``None`` where they are said of no line."""
    behind = words.part(run.end, run.end + 5)
    stop = next(iter(behind.at(STOPS | {"and", "."})), len(behind.terms))
    behind = behind.part(0, stop) if behind.part(0, 1).has(PLACED_IN) else Words(())
    chosen = behind if behind.has(CENTRAL | ENDS | LINES) else said
    single = len(run.values) == 1
    places = chosen.at(CENTRAL | ENDS)
    if single and not (places and chosen.has(LINES) and (behind.terms or stop == 0)):
        return None
    if not places:
        return "" if chosen.has(LINES) else None
    told = all(each.means(LINES | WEIGHED) for each in chosen.terms[places[-1] + 1 :])
    if single and not told:
        return None
    central = chosen.terms[places[-1]].means(CENTRAL)
    return ("weight" if single and chosen.has("weight") else "middle") if central else "outer"


def _line(smoothing: tuple[int, int], run: Run, where: str) -> tuple[int, ...]:
    """The row or column that numbers are, but for one of them; none where they are a multiple of one."""
    outer, middle = smoothing
    if len(run.values) == 1:
        zero = where == "middle" and run.values[0] in (0, 1)
        return (0,) if zero else (outer if where == "outer" else middle,)
    ends = [(outer, middle, outer), (outer, 0, -outer)]
    inner = [(middle, 0, -middle), (0, 0, 0)]
    lines = {"middle": inner, "outer": ends}.get(where, ends + inner)
    lines += [tuple(-each for each in line) for line in lines]  # type: ignore[misc]
    wrong = {line: sum(a != b for a, b in zip(line, run.values, strict=True)) for line in lines}
    nearest = min(lines, key=lambda each: wrong[each])
    taken_twice = wrong[nearest] and _multiple(run.values, lines)
    return nearest if wrong[nearest] < 2 and not taken_twice else ()


def _multiple(values: tuple[int, ...], lines: list[tuple[int, int, int]]) -> bool:
    """Whether numbers are a row or column taken several times: "2, 4, 2"."""
    return any(
        values == tuple(factor * each for each in line) for line in lines for factor in range(2, 9)
    )
