"""A note's statements as candidate claims: every recogniser, in the order they have precedence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from generator.claims.candidate import Candidate
from generator.claims.context import Context, context
from generator.claims.kinds import (
    cost,
    equality,
    explicit,
    formula,
    output_size,
    parameters,
    properties,
    receptive_field,
    sequence,
    structure,
    totals,
)
from generator.claims.lexicon import WORDS
from generator.claims.model import Subject
from generator.claims.naming import Spoken, spoken_names
from generator.claims.passage import Sentence, passage
from generator.notes.model import Note, Statement, StatementKind

Recogniser: TypeAlias = Callable[[Context], Iterator[Candidate]]

# Where two recognisers read the same number, the first that has a verdict is taken.
RECOGNISERS: tuple[Recogniser, ...] = (
    totals.recognise,
    structure.recognise,
    formula.recognise,
    receptive_field.recognise,
    cost.recognise,
    output_size.recognise,
    sequence.recognise,
    parameters.recognise,
    properties.recognise,
    equality.recognise,
)

# A statement with neither digit and sign nor one of these words states nothing checkable.
_PROMISING = re.compile(
    r"→|\\to\b|rightarrow|\d.*(?:[=≈]|\\approx)|(?:[=≈]|\\approx).*\d|[=+].*[A-Za-z]|param|weight|filter|kernel|conv|layer|stride|"
    r"padd|pool|channel|flop|mac|multipl|operation|output|input|neuron|unit|skip|residual|"
    r"shortcut|bottle|branch|sparsity|sharing|height|receptive|shape|embed|downarrow|dropout|auxiliar|softmax|branch|\d *[x×] *\d|\\frac|~|claim::",
    re.IGNORECASE | re.DOTALL,
)
EARLIER = 3  # statements of the section before it that a statement may refer to


def recognise(
    note: Note,
    subjects: Mapping[int, Subject],
    *,
    catalogue: Mapping[str, Subject],
    spoken: Mapping[str, str],
) -> Iterator[tuple[Statement, list[Candidate]]]:
    """Give each statement of a note that may hold claims, with its candidates."""
    names = spoken_names(catalogue, subjects.values(), spoken)
    fields = [each for each in note.fields if each.key.casefold() == explicit.KEY]
    before: dict[int, list[tuple[Sentence, ...]]] = {}
    for statement in note.statements:
        if statement.kind is StatementKind.HEADING or not _PROMISING.search(statement.text):
            continue
        read = passage(statement)
        earlier = before.setdefault(statement.section, [])
        subject = subjects.get(statement.section)
        stated = list(explicit.recognise(statement, fields, subject, catalogue, names))
        found = [each.candidate for each in stated]
        if not any(each.start == 0 for each in stated):
            given = context(
                read,
                [sentence for group in earlier[-EARLIER:] for sentence in group],
                subject=subject,
                catalogue=catalogue,
                heading=heading_words(note, statement.section),
                names=names,
            )
            found += [
                each
                for recogniser in RECOGNISERS
                for each in recogniser(given)
                if not any(part.start <= each.at < part.end for part in stated)
            ]
        earlier.append(read.sentences)
        if found:
            yield statement, found


def heading_words(note: Note, section: int) -> frozenset[str]:
    """Give the canonical words of the headings above a section, and of the note's title."""
    words = note.title.lower().split()
    index: int | None = section
    while index is not None:
        part = note.sections[index]
        if part.heading is not None:
            words += re.findall(r"\w+", note.headings[part.heading].plain.lower())
        index = part.parent
    return frozenset(WORDS.get(each, each) for each in words)


__all__ = ["RECOGNISERS", "Recogniser", "Spoken", "recognise"]
