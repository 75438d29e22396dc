"""Tables that compare networks: a row names one, a column says what is counted, or the other way
round. A table of two columns under a network's heading lists that network's own figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims import measures, parts
from generator.claims.candidate import Candidate, Reading, distinct
from generator.claims.context import Context
from generator.claims.kinds.totals import mac_readings, parameter_readings, published_readings
from generator.claims.lexicon import wordset
from generator.claims.listing import unit_at
from generator.claims.model import Subject
from generator.claims.naming import Spoken, fold
from generator.claims.parts import Part
from generator.claims.passage import Piece, Sort
from generator.claims.quantity import Quantity
from generator.claims.referring import candidates_of
from generator.notes.model import Cell, Note, Statement, StatementKind, Table

KIND = "totals"

_PARAMETERS = re.compile(
    r"(?:number of |no\. of |total |trainable |#\s*)*param(?:eter)?s?(?: count)?", re.I
)
_OPERATIONS = re.compile(
    r"(?:number of |#\s*)*[kMGB]?(?P<unit>FLOP|MAC|mult(?:iply)?[- ]add)s?(?: count)?", re.I
)
_CONVOLUTIONS = re.compile(r"(?:number of |#\s*)*conv(?:olution(?:al)?)?s?(?:[ .-]+layers?)?", re.I)
_LINEARS = re.compile(
    r"(?:number of |#\s*)*(?:fc|dense|fully[ -]connected|linear)(?:[ -]+layers?)?", re.I
)
_DEPTH = re.compile(r"(?:number of |#\s*)*(?:weighted |weight )?layers|depth", re.I)
# "params (w + b)": weights and biases.
_BIASED = re.compile(
    r"[(\[]?\s*(?:w(?:eights?)?\s*(?:\+|and|&)\s*b(?:iase?s?)?|incl\.? bias(?:es)?|with bias(?:es)?)"
    r"\s*[)\]]?",
    re.I,
)
_PART = re.compile(r"(fc|conv)[ -]?(\d)(?:[_-](\d))?", re.I)
# "(M)", "[millions]", "in billions": what the numbers of a column are multiples of.
_SCALE = re.compile(
    r"[(\[]?\s*(?:in |×|x)?\s*(?P<scale>10\^?6|10\^?9|k|M|G|B|millions?|billions?)\s*[)\]]?", re.I
)
PLAIN_HEADERS = wordset("value values number numbers count amount figure") | {""}
SCALE_WORDS = {10**3: " thousand", 10**6: " million", 10**9: " billion"}
SCALES: Mapping[str, int] = {
    "k": 10**3, "m": 10**6, "million": 10**6, "10^6": 10**6, "106": 10**6,
    "g": 10**9, "b": 10**9, "billion": 10**9, "10^9": 10**9, "109": 10**9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A cell with the texts of the first cell of its row and of its column, and its table's width."""

    row: str
    column: str
    width: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column counts, in which multiples (1: none given)."""

    what: str
    scale: int = 1
    unit: str = ""
    bias: bool | None = None


Grid = Mapping[int, tuple[tuple[int, Place], ...]]


def grid_of(note: Note) -> Grid:
    """Give the cells of a note's tables by line: (column, place)."""
    return {
        row[0].position.line: tuple(
            (cell.position.column, Place(row[0].plain, header.plain, len(row)))
            for header, cell in zip(table.header, row, strict=False)
        )
        for table in note.tables
        for row in _rows(table)
    }


def _rows(table: Table) -> Iterator[tuple[Cell, ...]]:
    return (row for row in table.rows if row)


def counts(statement: Statement, grid: Grid) -> bool:
    """Whether a statement is a cell whose row or column says what it counts."""
    here = _place(statement, grid)
    return here is not None and any(map(measured, (here.row, here.column)))


def _place(statement: Statement, grid: Grid) -> Place | None:
    """The place of the cell that a statement is."""
    if statement.kind is not StatementKind.CELL:
        return None
    here = [
        place
        for column, place in grid.get(statement.position.line, ())
        if column <= statement.position.column
    ]
    return here[-1] if here else None


def recognise(
    statement: Statement, grid: Grid, context: Context, names: Spoken
) -> Iterator[Candidate]:
    """Find the figure that a cell states."""
    here = _place(statement, grid)
    numbers = [each for sentence in context.sentences for each in sentence.pieces]
    if here is None or not numbers or numbers[0].sort is not Sort.NUMBER:
        return
    if len(numbers) > 1 and numbers[1].gist != "(":
        return
    for name, label in ((here.row, here.column), (here.column, here.row)):
        measure = measured(label)
        subjects = _subjects(name, here, context, names)
        if measure is not None and subjects:
            yield from _candidates(context, numbers, measure, subjects)
            return
        if measure is not None and measure.what == "parameters" and len(numbers) == 1:
            yield from _part(context, name, numbers[0], measure)


_LABELS = (
    ("parameters", _PARAMETERS),
    ("macs", _OPERATIONS),
    ("depth", _DEPTH),
    ("convolutions", _CONVOLUTIONS),
    ("linears", _LINEARS),
)


def measured(label: str) -> Measure | None:
    """Read the label of a column or row: "Params (M)", "GFLOPs", "Layers"."""
    for what, form in _LABELS:
        found = form.match(label.strip())
        if found is None:
            continue
        rest = label.strip()[found.end() :].strip()
        if what == "parameters" and _BIASED.fullmatch(rest):
            return Measure(what, unit="mac", bias=True)
        scaled = _SCALE.fullmatch(rest) if rest else None
        if rest and scaled is None:
            return None
        unit = (found.groupdict().get("unit") or "").lower()
        prefix = re.search(r"[kMGB](?=FLOP|MAC)", found[0])
        given = scaled["scale"] if scaled else prefix[0] if prefix else ""
        scale = SCALES.get(given.lower().removesuffix("s"), 1)
        return Measure(what, scale, "flop" if unit == "flop" else "mac")
    return None


def _subjects(name: str, place: Place, context: Context, names: Spoken) -> list[Subject]:
    known = names.get(fold(name))
    if known is not None and known in context.catalogue:
        subject = context.catalogue[known]
        return candidates_of(context, subject, named=subject.name != subject.family)
    own = place.width == 2 and name == place.column and name.strip().lower() in PLAIN_HEADERS
    if own and context.subject is not None:
        return candidates_of(context, context.subject, named=False)
    return []


def _candidates(
    context: Context, pieces: Sequence[Piece], measure: Measure, subjects: list[Subject]
) -> Iterator[Candidate]:
    """Judge a cell's number, and the counts in a bracket after it: "8 (5 conv + 3 fc)"."""
    candidate = _candidate(context, pieces[0], measure, subjects)
    if candidate is not None:
        yield candidate
    gists = [each.gist for each in pieces]
    for at, piece in enumerate(pieces):
        unit = unit_at(gists, at + 1)[0] if at else ""
        if piece.sort is Sort.NUMBER and unit in ("convolutions", "linears", "pools"):
            inside = _candidate(context, piece, Measure(unit), subjects)
            if inside is not None:
                yield inside


def _part(context: Context, name: str, piece: Piece, measure: Measure) -> Iterator[Candidate]:
    """Judge a row about one layer of the section's network: "fc1 | 102,764,544"."""
    label = _PART.fullmatch(name.strip())
    stated = _scaled(piece.quantity, replace(measure, what="part"))
    if label is None or stated is None or context.subject is None:
        return
    part = Part(f"{label[1].lower()}{label[2]}" + (f"_{label[3]}" if label[3] else ""), 0, 1)
    subjects = candidates_of(context, context.subject, named=False)
    readings = [
        reading
        for each in subjects
        for reading in parts.amounts(each, part, "parameters", bias=measure.bias)
    ]
    # A note's own network may differ from the published one that a table repeats.
    published = context.catalogue.get(context.subject.variant) if context.subject.changed else None
    if published is not None:
        found = parts.amounts(published, part, "parameters", bias=measure.bias)
        readings += [replace(each, doubtful=True) for each in found]
    if readings:
        yield Candidate(
            KIND,
            piece.start,
            piece.end,
            piece.start,
            stated,
            distinct(readings),
            subject=context.subject.name,
            expected=f"{context.passage.text[piece.start : piece.end].strip()} parameters",
            decisive=True,
        )


def _candidate(
    context: Context, piece: Piece, measure: Measure, subjects: list[Subject]
) -> Candidate | None:
    stated = _scaled(piece.quantity, measure)
    if stated is None:
        return None
    readings: list[Reading] = []
    for each in subjects:
        match measure.what:
            case "parameters":
                readings += [*parameter_readings(each, ""), *published_readings(each, "parameters")]
            case "macs":
                readings += [*mac_readings(each, measure.unit), *published_readings(each, "macs")]
            case _:
                readings += measures.readings(each, measure.what)
    if not readings:
        return None
    written = context.passage.text[piece.start : piece.end].strip()
    scaled = "" if stated is piece.quantity else SCALE_WORDS.get(measure.scale, "")
    noun = measures.noun("mac" if measure.what == "macs" else measure.what)
    return Candidate(
        KIND,
        piece.start,
        piece.end,
        piece.start,
        stated,
        distinct(readings),
        subject=subjects[0].name,
        expected=f"{written}{scaled} {noun}",
    )


def _scaled(stated: Quantity | None, measure: Measure) -> Quantity | None:
    """The number in full, or nothing where its multiples are not given."""
    if stated is None or measure.what not in ("parameters", "macs", "part"):
        least = 3 if measure.what == "depth" else 1
        return stated if stated and stated.exact and stated.value >= least else None
    if measure.scale > 1 and stated.value < 10**5:
        factor = Fraction(measure.scale)
        return replace(
            stated,
            value=stated.value * factor,
            place=stated.place * factor,
            coarse=stated.coarse * factor,
            rounded=True,
        )
    return stated if stated.value >= (100 if measure.what == "part" else 10**4) else None
