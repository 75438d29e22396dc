"""A note's statements as candidate claims: every recogniser, in the order they have precedence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from generator.claims.candidate import Candidate
from generator.claims.context import Context, context
from generator.claims.kinds import (
    added,
    anatomy,
    attention,
    block_kinds,
    borders,
    cells,
    channel_blocks,
    channel_powers,
    comparison,
    components,
    cost,
    counted,
    edge_filters,
    equality,
    expansion,
    explicit,
    flow,
    formula,
    gates,
    grids,
    inserted,
    inventory,
    labelled,
    letter_shapes,
    locality,
    majority,
    mapped,
    maps,
    membered,
    multiplied,
    opposed,
    padding,
    parts,
    placed,
    pooled,
    progression,
    properties,
    rebuilt,
    receptive_field,
    relations,
    residual,
    rosters,
    scaling,
    scores,
    seen,
    separable_share,
    sequence,
    share,
    skips,
    structure,
    sums,
    tables,
    tally,
    totals,
    transformer,
    valued,
    vectors,
    whole,
    window_shares,
    windows,
    worded,
)
from generator.claims.lexicon import WORDS, wordset
from generator.claims.lopsided import Squared, squares
from generator.claims.model import Subject
from generator.claims.naming import fold, spoken_names
from generator.claims.passage import Passage, Sentence, Sort
from generator.claims.reading.lines import parted
from generator.claims.reading.sentences import passage
from generator.claims.triage import may_count, may_describe, names_layers, of_layers
from generator.notes.model import Note, Statement, StatementKind


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """A number that no fact explains: where it begins, and the bounds of its sentence. A ``large``
    one counts something; small ones name parts ("the two layers", "3×3")."""

    at: int
    first: int
    last: int
    large: bool = True


@dataclass(frozen=True, slots=True)
class Recognised:
    """A statement with its candidates and its unexplained numbers."""

    statement: Statement
    candidates: tuple[Candidate, ...]
    open_numbers: tuple[OpenNumber, ...]
    sentences: tuple[Sentence, ...] = ()
    subjects: tuple[Subject, ...] = ()  # the networks it speaks of
    squared: tuple[tuple[Squared, Recognised], ...] = ()  # with a size's sides made the same


Recogniser: TypeAlias = Callable[[Context], Iterator[Candidate]]

# Where two recognisers read the same number, the first that has a verdict is taken.
RECOGNISERS: tuple[Recogniser, ...] = (
    anatomy.recognise,
    rebuilt.recognise,
    opposed.recognise,
    rosters.recognise,
    relations.recognise,
    parts.recognise,
    whole.recognise,
    totals.recognise,
    structure.recognise,
    membered.recognise,
    labelled.recognise,
    inventory.recognise,
    progression.recognise,
    flow.recognise,
    maps.recognise,
    formula.recognise,
    inserted.recognise,
    channel_powers.recognise,
    receptive_field.recognise,
    separable_share.recognise,
    share.recognise,
    window_shares.recognise,
    pooled.recognise,
    locality.recognise,
    padding.recognise,
    borders.recognise,
    sequence.recognise,
    scores.recognise,
    attention.recognise,
    gates.recognise,
    grids.recognise,
    cells.recognise,
    channel_blocks.recognise,
    vectors.recognise,
    transformer.recognise,
    windows.recognise,
    edge_filters.recognise,
    letter_shapes.recognise,
    expansion.recognise,
    residual.recognise,
    sums.recognise,
    equality.recognise,
    tally.recognise,
    worded.recognise,
    counted.recognise,
    mapped.recognise,
    valued.recognise,
    cost.recognise,
    seen.recognise,
)
QUALITATIVE: tuple[Recogniser, ...] = (
    comparison.recognise,
    skips.recognise,
    added.recognise,
    properties.recognise,
    components.recognise,
    placed.recognise,
    majority.recognise,
    block_kinds.recognise,
    scaling.recognise,
)

# What needs no layers to speak of: arithmetic, formulas and their values.
ARITHMETIC: tuple[Recogniser, ...] = (
    formula.recognise,
    inserted.recognise,
    share.recognise,
    windows.recognise,
    expansion.recognise,
    sums.recognise,
    equality.recognise,
    tally.recognise,
    worded.recognise,
    mapped.recognise,
    valued.recognise,
    seen.recognise,
)

# What can be said without a number: formulas, shapes in letters, how networks and cells compare.
UNNUMBERED: frozenset[Recogniser] = frozenset(
    (
        relations.recognise,
        parts.recognise,
        formula.recognise,
        letter_shapes.recognise,
        residual.recognise,
        equality.recognise,
        cells.recognise,
    )
)

EARLIER = 3  # statements of the section before it that a statement may refer to


def recognise(
    note: Note,
    subjects: Mapping[int, Subject],
    *,
    catalogue: Mapping[str, Subject],
    spoken: Mapping[str, str],
) -> Iterator[Recognised]:
    """Give each statement of a note that may hold claims, or each of its lines, with its candidates."""
    names = spoken_names(catalogue, subjects.values(), spoken)
    fields = [each for each in note.fields if each.key.casefold() == explicit.KEY]
    grid = tables.grid_of(note)
    before: dict[int, list[tuple[Sentence, ...]]] = {}
    recent: dict[int, str] = {}
    headings: dict[int, frozenset[str]] = {}
    near: dict[int, bool] = {}  # whether a section is about networks
    whole, bound = -1, dict[str, Fraction]()
    for statement in (part for each in note.statements for part in parted(each)):
        section = statement.section
        if section not in headings:
            headings[section] = heading_words(note, section)
            near[section] = section in subjects or any(map(names_layers, headings[section]))
        counting = tables.counts(statement, grid)
        numeric = may_count(statement.text, near=near[section], counting=counting)
        qualitative = may_describe(statement.text, near=near[section])
        if not numeric and (only := _only_name(statement.text, names)):
            recent[section] = only
        stated_so = bool(fields) and explicit.KEY in statement.text.casefold()
        if _heads(statement) or not (numeric or qualitative or stated_so):
            continue
        read = passage(statement)
        if whole == statement.index:  # what earlier lines of it call n is n
            read = replace(read, bindings=bound | read.bindings)
        whole, bound = statement.index, read.bindings
        earlier = before.setdefault(section, [])
        subject = subjects.get(section)
        stated = list(explicit.recognise(statement, fields, subject, catalogue, names))
        found = [each.candidate for each in stated]
        open_numbers: tuple[OpenNumber, ...] = ()
        squared: tuple[tuple[Squared, Recognised], ...] = ()
        spoken_networks = [subject] if subject is not None else []
        begin = len(statement.text) - len(statement.text.lstrip())
        if not any(each.start == begin for each in stated):
            heading = headings[section]
            put = partial(
                context,
                earlier=[sentence for group in earlier[-EARLIER:] for sentence in group],
                subject=subject,
                catalogue=catalogue,
                heading=heading,
                names=names,
                recent=recent.get(section, ""),
            )
            given = put(read)
            spoken_of = sorted({each.name for group in given.named for each in group})
            if spoken_of:  # several names leave open which "it" will be
                recent[section] = spoken_of[0] if len(spoken_of) == 1 else ""
            spoken_networks += [catalogue[each] for each in spoken_of if each in catalogue]
            open_numbers = _open_numbers(given)
            found += tables.recognise(statement, grid, given, names)
            topical = bool(spoken_networks) or of_layers(statement.text, *heading)
            widened = list(multiplied.recognise(given)) if numeric else []
            taken = {each.at for each in widened}
            found += widened
            recognisers = [
                *(_counting(read, topical=topical) if numeric else ()),
                *(QUALITATIVE if qualitative else ()),
            ]
            squared = tuple(
                (each, _counted(put(each.passage))) for each in squares(read) if numeric and topical
            )
            found += [
                each
                for recogniser in recognisers
                for each in recogniser(given)
                if each.at not in taken
                and not any(part.start <= each.at < part.end for part in stated)
            ]
        earlier.append(read.sentences)
        if found or squared:
            yield Recognised(
                statement,
                tuple(found),
                open_numbers,
                read.sentences,
                tuple(spoken_networks),
                squared,
            )


def _counted(given: Context) -> Recognised:
    """The numbers of a statement in its section, as far as described layers give them."""
    found = [each for recogniser in RECOGNISERS for each in recogniser(given)]
    sentences = given.sentences
    return Recognised(given.passage.statement, tuple(found), _open_numbers(given), sentences)


def _heads(statement: Statement) -> bool:
    """Whether a statement is a heading; "# of parameters: …" means their number."""
    counts = statement.text.startswith("of ")
    return statement.kind is StatementKind.HEADING and not counts


def _counting(read: Passage, *, topical: bool) -> Sequence[Recogniser]:
    """The recognisers of numbers and formulas that a statement leaves possible."""
    possible = RECOGNISERS if topical else ARITHMETIC
    return possible if read.numbered else [each for each in possible if each in UNNUMBERED]


def _open_numbers(given: Context) -> tuple[OpenNumber, ...]:
    """Collect the numbers that no fact and no network's name explains."""
    found = []
    for number, sentence in enumerate(given.sentences):
        named = {
            index for mention in given.named[number] for index in range(mention.first, mention.last)
        }
        text = given.passage.text
        spelled = " ".join(
            text[sentence.pieces[index].start : sentence.pieces[index].end]
            for index in sorted(named)
        )
        digits = set(re.findall(r"\d+", spelled))
        if given.subject is not None and sentence.has(*MEANING):
            digits |= set(re.findall(r"\d+$", given.subject.name))
        for index, piece in enumerate(sentence.pieces):
            if piece.sort not in (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION) or index in named:
                continue
            if piece.quantity is not None and piece.quantity.text in digits:
                continue  # "the 16 in VGG-16"
            if given.scene.explains(number, piece) or _harmless(sentence, index):
                continue
            counted = (
                (piece.quantity.value > 9 or text[piece.start : piece.end].endswith("%"))
                and not piece.numeral
                if piece.quantity
                else len(piece.size) > 2
            )
            found.append(OpenNumber(piece.start, sentence.start, sentence.end, counted))
    return tuple(found)


def _harmless(sentence: Sentence, index: int) -> bool:
    """The numeral "one", a year, a number of biases, the size of an image ("at 224×224")."""
    piece = sentence.pieces[index]
    if len(piece.size) == 2 and min(piece.size) > 64 and index:
        return sentence.pieces[index - 1].gist in ("at", "for", "on", "input")
    if piece.quantity is None:
        return False
    value = piece.quantity.value
    after = [each.gist for each in sentence.pieces[index + 1 : index + 4]]
    around = {each.gist for each in sentence.pieces[max(0, index - 2) : index]} | set(after)
    if piece.sort is Sort.EXPRESSION and ERRORS & around:
        return True  # "3.57 % error", "an error of 3.57 %"
    if after[:1] == ["of"] and after[1:2] and after[1] in THEIRS and after[2:] != ["total"]:
        return True  # "two of its 8 layers"
    labelled = index > 0 and sentence.pieces[index - 1].gist in LABELLED and value <= 20
    year = piece.quantity.text.isdecimal() and 1950 <= value <= 2099
    following = sentence.pieces[index + 1].gist if index + 1 < len(sentence.pieces) else ""
    if labelled and following in ("", ":", ")", "(", ",", "and", "have", "be", "give", "→", "of"):
        return True  # "conv 1: …", "in stage 3"
    return (piece.numeral and value == 1) or year or following == "bias"


MEANING = ("means", "stands", "refers")  # "the 16 means …"
ERRORS = wordset("error errors accuracy acc top-1 top-5")
THEIRS = wordset("its the these those their them")
LABELLED = frozenset(("conv", "fc", "layer", "block", "stage", "pool", "module", "group"))


def _only_name(text: str, names: Mapping[str, str]) -> str:
    """Give the network that a list item of a few words names: "**AlexNet**"."""
    return names.get(fold(text), "") if len(text.strip()) < 40 else ""


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


__all__ = ["RECOGNISERS", "OpenNumber", "Recognised", "Recogniser", "recognise"]
