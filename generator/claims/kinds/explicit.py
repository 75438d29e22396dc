"""``claim:: params(resnet18) == 11_689_512``: a claim in the author's own words for machines.

An inline field with the key ``claim`` in any of its forms. What follows is the language of
:mod:`generator.claims.language`; one that cannot be read is a claim that cannot be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.claims.candidate import Candidate, Reading
from generator.claims.language.grammar import read
from generator.claims.language.terms import ClaimError, Comparison, shown
from generator.claims.model import Subject
from generator.claims.naming import Spoken, fold
from generator.notes.model import Field, Statement

KIND = "explicit"
KEY = "claim"


@dataclass(frozen=True, slots=True)
class Explicit:
    """A claim field in a statement: the range of its text, and what it comes to."""

    start: int
    end: int
    candidate: Candidate


def recognise(
    statement: Statement,
    fields: Sequence[Field],
    subject: Subject | None,
    catalogue: Mapping[str, Subject],
    names: Spoken,
) -> Iterator[Explicit]:
    """Find the explicit claims of a statement."""
    text = statement.text
    at = text.casefold().find(KEY)
    places = {(each.position.line, each.position.column): each for each in fields}
    while at >= 0:
        position = statement.locate(at)
        field = places.get((position.line, position.column))
        if field is not None:
            start, end = _range(text, at, field)
            yield Explicit(start, end, _candidate(text, at, end, field, subject, catalogue, names))
            at = end
        at = text.casefold().find(KEY, at + 1)


def _range(text: str, at: int, field: Field) -> tuple[int, int]:
    """The field's text: to the end of its line, or to its closing bracket."""
    line = text.find("\n", at)
    line = len(text) if line < 0 else line
    if field.form == "line":
        return at, line
    closing = "]" if field.form == "bracket" else ")"
    depth = 0
    for here in range(at, line):
        if text[here] in "([":
            depth += 1
        elif text[here] in ")]":
            depth -= 1
            if depth < 0 and text[here] == closing:
                return at, here
    return at, line


def _candidate(
    text: str,
    at: int,
    end: int,
    field: Field,
    subject: Subject | None,
    catalogue: Mapping[str, Subject],
    names: Spoken,
) -> Candidate:
    raw = field.raw.strip()
    written = text.find(raw, at, end)
    begin = written if raw and written >= 0 else at

    def find(name: str) -> Subject | None:
        if subject is not None and name == subject.name:
            return subject
        known = catalogue.get(name)
        if known is not None or fold(name) not in names:
            return known
        return catalogue.get(names[fold(name)])

    known_names = sorted({*catalogue, *([subject.name] if subject else ())})
    try:
        comparisons = read(raw, find, known_names)
    except ClaimError as error:
        return Candidate(
            KIND, at, end, begin + (error.at if written >= 0 else 0), True,
            reason=error.message, expected=raw,
        )  # fmt: skip
    failed = next((each for each in comparisons if not each.holds), None)
    decisive = failed or comparisons[-1]
    how = ", ".join(_how(each) for each in ([failed] if failed else comparisons))
    lines = tuple(each.source for each in comparisons)
    models = sorted({name for each in comparisons for name in _models(each, known_names)})
    return Candidate(
        KIND,
        at,
        end,
        begin + (decisive.at if written >= 0 else 0),
        True,
        (Reading(failed is None, how, "", lines),),
        subject=models[0] if models else "",
        expected=_expected(decisive),
        computed=shown(decisive.left),
    )


def _expected(comparison: Comparison) -> str:
    sign = "" if comparison.operator == "==" else f"{comparison.operator} "
    return f"{sign}{shown(comparison.right)}"


def _how(comparison: Comparison) -> str:
    left = f"{comparison.left.text} = {shown(comparison.left)}"
    if comparison.right.plain:
        return left
    return f"{left}, {comparison.right.text} = {shown(comparison.right)}"


def _models(comparison: Comparison, known: Sequence[str]) -> set[str]:
    sources = comparison.left.source + comparison.right.source
    return {name for name in known if f'model("{name}")' in sources}
