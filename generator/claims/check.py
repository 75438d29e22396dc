"""A note's claims: recognised, judged, named, and each with its test.

``check_note`` is pure: the note and the networks its sections are about go in, claims come out. A
verdict is reached by exact arithmetic and the networks' IR; torch runs later, in the generated test
that every verified or false claim carries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.claims import of_one
from generator.claims.candidate import Candidate, Reading, agrees
from generator.claims.elsewhere import of_another
from generator.claims.expression import literal
from generator.claims.kinds import (
    cost,
    equality,
    expansion,
    explicit,
    formula,
    properties,
    scaling,
    share,
)
from generator.claims.lopsided import Squared, one_side_wrong
from generator.claims.model import Claim, Status, Subject
from generator.claims.quantity import Agreement, Hedge, Quantity, show
from generator.claims.recognise import OpenNumber, Recognised, recognise
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.digest import digest
from generator.notes.keys import slug
from generator.notes.model import Note, Statement


def check_note(
    note: Note,
    subjects: Mapping[int, Subject],
    *,
    catalogue: Mapping[str, Subject] | None = None,
    spoken: Mapping[str, str] | None = None,
) -> tuple[Claim, ...]:
    """Find and judge everything a note states that can be checked.

    ``subjects`` gives the network each section is about, by section index (sections without one are
    left out). ``catalogue`` holds every network a sentence may name, by registry name; ``spoken``
    maps further names ("Inception v1") to registry names. Claims come in reading order.
    """
    judged: dict[int, tuple[Statement, list[Judged]]] = {}
    for each in recognise(note, subjects, catalogue=catalogue or {}, spoken=spoken or {}):
        found = settle(each)
        if found:  # a statement may be read in parts
            whole = note.statements[each.statement.index]
            judged.setdefault(whole.index, (whole, []))[1].extend(found)
    return tuple(_named(note, judged.values()))


def claim_diagnostics(claims: Iterable[Claim]) -> tuple[Diagnostic, ...]:
    """Report false claims at their number, and explicit claims that cannot be read."""
    found = []
    for claim in claims:
        if claim.status is Status.FALSE:
            found.append(
                diagnostic(
                    "NT601",
                    claim.position,
                    f"stated {claim.expected}, {claim.how}",
                    found=claim.expected,
                    expected=claim.computed,
                    hint="correct the number, or what it is computed from",
                )
            )
        elif claim.status is Status.UNCHECKED and claim.kind == explicit.KIND:
            found.append(
                diagnostic(
                    "NT602",
                    claim.position,
                    f"this claim cannot be checked: {claim.how}",
                    found=claim.expected,
                    hint="docs/claims.md lists the functions and comparisons",
                )
            )
    return tuple(sorted(found, key=Diagnostic.sort_key))


# ------------------------------------------------------------------ verdicts


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its outcome: status, words for people, and the reading that decided."""

    candidate: Candidate
    status: Status
    computed: str
    how: str
    reading: Reading | None = None


def decide(candidate: Candidate) -> Judged | None:
    """Compare what is stated with every reading. ``None``: no claim after all."""
    if not candidate.readings:
        if not candidate.reason:
            return None
        return Judged(candidate, Status.UNCHECKED, candidate.computed, candidate.reason)
    doubt: Reading | None = None
    for reading in candidate.readings:
        match agrees(candidate.stated, reading.value):
            case Agreement.TRUE if not reading.doubtful:
                computed = candidate.computed or shown(reading)
                return Judged(candidate, Status.VERIFIED, computed, reading.how, reading)
            case Agreement.FALSE:
                pass
            case _:
                doubt = doubt or reading
    sure = [each for each in candidate.readings if not each.doubtful]
    first = sure[0] if sure else candidate.readings[0]
    computed = candidate.computed or shown(first)
    if doubt is not None:
        how = f"can be read two ways: {doubt.how}"
        return Judged(candidate, Status.UNCHECKED, computed, how)
    if candidate.affirm_only:
        how = candidate.reason or f"can be read two ways; in one, {first.how}"
        return Judged(candidate, Status.UNCHECKED, computed, how)
    how = " or ".join(dict.fromkeys(each.how for each in sure[:3])) or first.how
    return Judged(candidate, Status.FALSE, computed, how, first)


def shown(reading: Reading) -> str:
    """Write a reading's value for people."""
    value = reading.value
    if isinstance(value, bool):
        return "holds" if value else "does not hold"
    if isinstance(value, Fraction):
        return show(value)
    return "×".join(str(each) for each in value)


# Kinds whose verdict does not depend on what else the sentence says.
SELF_CONTAINED = frozenset(
    each.KIND for each in (equality, expansion, explicit, formula, properties, scaling, share)
)
# What a sentence says of a network in words is verified only where nothing else in it is open.
DOUBTED = {properties.KIND: Status.VERIFIED}


def settle(recognised: Recognised) -> list[Judged]:
    """Judge a statement's candidates, and a size of unequal sides by what is said of it."""
    settled = _settled(recognised)
    if any(each.status is Status.FALSE for each in settled):
        return settled
    uneven = [
        one
        for squared, read in recognised.squared
        for one in _uneven(squared, settled, _settled(read))
    ]
    if len({each.computed for each in uneven}) == 1:
        settled = sorted([*settled, uneven[0]], key=lambda each: each.candidate.at)
    return settled


# Kinds whose numbers follow from the sides of windows and maps.
BY_SIDES = frozenset(("parameters", "output size", "receptive field", "padding", "cost"))


def _uneven(
    squared: Squared, settled: Sequence[Judged], others: Sequence[Judged]
) -> Iterator[Judged]:
    """Call a size of unequal sides false where a number beside it is right if they are the same, and only
    then: "an 11×14 filter has a same padding of 5"."""
    right = {each.candidate.at for each in settled if each.status is Status.VERIFIED}
    if any(each.status is Status.FALSE for each in others):
        return
    for each in others:
        reading, place = each.reading, squared.place(each.candidate.at)
        by_sides = each.candidate.kind in BY_SIDES and each.status is Status.VERIFIED
        if reading is None or not by_sides or place in right or place == squared.piece.start:
            continue
        shown_size = "×".join(map(str, squared.size))
        line = (_assertion(reading.source, each.candidate.stated),) if reading.source else ()
        how = f"with {shown_size}, {reading.how}"
        square = Reading(squared.size, how, repr(squared.size), (*reading.setup, *line))
        piece = squared.piece
        stated = Candidate(
            each.candidate.kind,
            piece.start,
            piece.end,
            piece.start,
            squared.stated,
            (square,),
            expected="×".join(map(str, squared.stated)),
        )
        yield Judged(stated, Status.FALSE, shown_size, how, square)


def _settled(recognised: Recognised) -> list[Judged]:
    """Judge a statement's candidates and keep one for each stated number.

    Written-out arithmetic that is wrong is wrong, whatever else the number means. Where it is right
    but the sentence makes it a wrong count, two readings remain, and so no verdict. A count is
    called false only when no number of its sentence is left unexplained.
    """
    by_place: dict[tuple[int, str], list[Judged]] = {}  # a property has a place of its own
    explained: set[int] = set()
    covered: list[tuple[int, int]] = []
    for candidate in recognised.candidates:
        explained |= {candidate.at, *candidate.used}
        if candidate.kind in (equality.KIND, explicit.KIND, formula.KIND):
            covered.append((candidate.start, candidate.end))
        found = decide(candidate)
        if found is not None:
            told = candidate.expected if candidate.kind == properties.KIND else ""
            by_place.setdefault((candidate.at, told), []).append(found)
    left = [
        each
        for each in recognised.open_numbers
        if each.at not in explained and not any(a <= each.at < b for a, b in covered)
    ]
    places = [_decided(by_place[at]) for at in sorted(by_place)]
    others = [_one(found) for found in places]
    settled = [
        _doubted(_one([_answered_elsewhere(each, others) for each in found]), left)
        for found in places
    ]
    settled = [_lopsided(each, recognised) for each in settled]
    settled = [_of_one(each, settled, recognised) for each in settled]
    return _together(_once([_elsewhere(each, recognised) for each in settled]))


def _once(settled: list[Judged]) -> list[Judged]:
    """Leave out "1024 → 1000" where one of its numbers is judged by itself."""
    single = {e.candidate.at for e in settled if isinstance(e.candidate.stated, Quantity)}
    return [
        each
        for each in settled
        if not isinstance(each.candidate.stated, tuple)
        or len(each.candidate.stated) > 2
        or "→" not in each.candidate.expected
        or single.isdisjoint({*each.candidate.used} - {each.candidate.at})
    ]


def _of_one(judged: Judged, settled: Sequence[Judged], recognised: Recognised) -> Judged:
    """Call a number false that is only right of another network than the number beside it."""
    beside = [e.candidate for e in settled if e is not judged and e.status is Status.VERIFIED]
    if judged.status is not Status.VERIFIED or not judged.candidate.subject or not beside:
        return judged
    own = of_one.another(judged.candidate, beside, recognised.sentences)
    if own is None:
        return judged
    return Judged(judged.candidate, Status.FALSE, shown(own), own.how, own)


def _lopsided(judged: Judged, recognised: Recognised) -> Judged:
    """Call a size false that is right but for one of two sides that have to be the same."""
    if judged.status is not Status.UNCHECKED:
        return judged
    square = one_side_wrong(judged.candidate, recognised.sentences)
    if square is None:
        return judged
    return Judged(judged.candidate, Status.FALSE, shown(square), square.how, square)


def _elsewhere(judged: Judged, recognised: Recognised) -> Judged:
    """Keep a number of a network from being false that is another number of the statement's."""
    if judged.status is not Status.FALSE or judged.candidate.kind in SELF_CONTAINED:
        return judged
    other = of_another(judged.candidate, recognised.sentences, recognised.subjects)
    if not other:
        return judged
    how = f"can be read two ways: {other}, but {judged.how}"
    return Judged(judged.candidate, Status.UNCHECKED, judged.computed, how)


def _decided(found: list[Judged]) -> list[Judged]:
    """Leave only what the sentence says in so many words, where it does, and sums that are wrong.

    Where that is false and another reading of the number true, both remain.
    """
    if not any(each.candidate.decisive for each in found):
        return found
    told = [each for each in found if each.candidate.decisive]
    fits = any(
        each.status is Status.VERIFIED and each.candidate.kind != equality.KIND for each in found
    )
    if fits and not any(each.status is Status.VERIFIED for each in told):
        first = next((each for each in told if each.status is Status.FALSE), told[0])
        how = f"can be read two ways; in one, {first.how}"
        return [Judged(first.candidate, Status.UNCHECKED, first.computed, how)]
    return [
        each
        for each in found
        if each.candidate.decisive
        or (each.candidate.kind == equality.KIND and each.status is Status.FALSE)
    ]


def _doubted(judged: Judged, left: Sequence[OpenNumber]) -> Judged:
    """Keep a count from being false while a number beside it is unexplained."""
    candidate = judged.candidate
    if judged.status is not DOUBTED.get(candidate.kind, Status.FALSE) or candidate.decisive:
        return judged
    if candidate.kind in SELF_CONTAINED and candidate.kind not in DOUBTED:
        return judged
    if candidate.kind in DOUBTED:
        left = [each for each in left if each.large]
    if not any(each.first <= candidate.at <= each.last for each in left):
        return judged
    how = f"the sentence has other numbers that may matter; without them, {judged.how}"
    return Judged(candidate, Status.UNCHECKED, judged.computed, how)


def _together(settled: list[Judged]) -> list[Judged]:
    """Keep an item of a list from being verified while one beside it contradicts."""
    open_items = [
        each.candidate
        for each in settled
        if each.candidate.parallel and each.status is Status.UNCHECKED
    ]
    found = []
    for each in settled:
        candidate = each.candidate
        beside = [
            other
            for other in open_items
            if other.kind == candidate.kind and other.start == candidate.start
        ]
        if candidate in open_items:
            like = [
                other
                for other in settled
                if other.candidate.kind == candidate.kind
                and other.candidate.start == candidate.start
                and other.candidate not in open_items
            ]
            if like:
                found.append(each)
        elif beside and each.status is Status.VERIFIED:
            how = f"another number of the sentence is not clear; for this one, {each.how}"
            found.append(Judged(candidate, Status.UNCHECKED, each.computed, how))
        else:
            found.append(each)
    return found


def _answered_elsewhere(judged: Judged, settled: Sequence[Judged]) -> Judged:
    """Keep a number from being false by what another number of the statement is compared with.

    One computation answers one number. Where each of a number's readings is what another one is
    judged by, and the two are different, this one is about something else.
    """
    candidate = judged.candidate
    if judged.status is not Status.FALSE or candidate.kind in SELF_CONTAINED or candidate.decisive:
        return judged
    others = [
        (each.reading.setup, each.reading.source)
        for each in settled
        if each.reading is not None
        and (each.reading.source or each.reading.setup)
        and each.candidate.at != candidate.at
        and each.candidate.kind == candidate.kind
        and each.candidate.stated != candidate.stated
    ]
    sure = [each for each in candidate.readings if not each.doubtful]
    if not sure or any((each.setup, each.source) not in others for each in sure):
        return judged
    how = f"the statement gives another number for {judged.how}"
    return Judged(candidate, Status.UNCHECKED, judged.computed, how)


def _one(found: list[Judged]) -> Judged:
    sums = [each for each in found if each.candidate.kind == equality.KIND]
    facts = [each for each in found if each.candidate.kind != equality.KIND]
    wrong = [each for each in sums if each.status is Status.FALSE]
    if wrong:
        return wrong[0]
    for status in (Status.VERIFIED, Status.FALSE, Status.UNCHECKED):
        for each in facts:
            if each.status is not status:
                continue
            right = [other for other in sums if other.status is Status.VERIFIED]
            told = right and (_same_numbers(right[0], each) or _contradicted(right[0], each))
            if status is Status.FALSE and right and not told:
                how = f"can be read two ways: {right[0].how}, but {each.how}"
                return Judged(each.candidate, Status.UNCHECKED, each.computed, how)
            return right[0] if status is Status.UNCHECKED and right else each
    return sums[0]


def _same_numbers(total: Judged, fact: Judged) -> bool:
    """Whether a calculation takes the numbers of what is counted, and small ones: "six 5×5 filters on three
    channels: (5·5 + 1)·6 = 156" is right arithmetic and a wrong count."""
    taken = {int(each) for each in _DIGITS.findall(total.how.partition("=")[0])}
    known = {int(each) for each in _DIGITS.findall(fact.how)}
    return bool(taken) and taken <= known | {1, 2, 3, 4}


def _contradicted(total: Judged, fact: Judged) -> bool:
    """Whether a cost is worked out for another layer than the one described: "64 filters of 5×5 …:
    28·28·32·5·5·192", or added up from costs that are as wrong: "2.4M + 10.0M = 12.4M"."""
    if fact.candidate.kind != cost.KIND:
        return False
    written, meant = (
        [int(each) for each in _DIGITS.findall(side.how.partition("=")[0])]
        for side in (total, fact)
    )
    if re.search(r"\d ?[MG]\b", total.how.partition("=")[0]):
        return True
    other, own = Counter(written) - Counter(meant), Counter(meant) - Counter(written)
    one = len(other) == len(own) == 1 and other.total() == own.total()
    return len(meant) == FACTORS and one and not own.keys() & set(meant[:2])


FACTORS = 6  # of a cost: the map's sides, the filters, the window's sides, the channels
_DIGITS = re.compile(r"\d+")


# ------------------------------------------------------------------ names, places, tests


def _named(note: Note, judged: Iterable[tuple[Statement, list[Judged]]]) -> Iterable[Claim]:
    used: dict[str, int] = {}
    for statement, group in judged:
        headings = heading_path(note, statement.section)
        masked = _masked(statement.text, [each.candidate.at for each in group])
        end = 0
        for each in group:
            candidate = each.candidate
            start = _trimmed(statement.text, max(candidate.start, min(end, candidate.at)))
            stop = _with_noun(statement.text, max(candidate.end, candidate.at))
            place = len(_masked(statement.text[: candidate.at], []))
            key = digest("\0".join((note.path, *headings, masked, str(place))), length=10)
            used[key] = used.get(key, 0) + 1
            nth = f"-{used[key]}" if used[key] > 1 else ""
            name = slug(headings[-1] if headings else note.stem)
            yield Claim(
                id=f"{name[:48].rstrip('-')}-{key}{nth}",
                path=note.path,
                section=statement.section,
                statement=statement.index,
                start=start,
                end=stop,
                position=statement.locate(candidate.at),
                text=" ".join(statement.text[start:stop].split()),
                kind=candidate.kind,
                subject=candidate.subject,
                expected=_expected(candidate, statement.text),
                computed=each.computed,
                how=each.how,
                status=each.status,
                check=_check(each),
            )
            end = stop


def _expected(candidate: Candidate, text: str) -> str:
    """What is stated, in the note's words, without half a formula: "156$ params" is "156 params"."""
    told = candidate.expected
    if not told:
        told = " ".join(text[candidate.at : candidate.end].split())
    return told.replace("$", "") if told.count("$") % 2 else told


def heading_path(note: Note, section: int) -> tuple[str, ...]:
    """Give the keys of the headings above a section, outermost first."""
    found: list[str] = []
    index: int | None = section
    while index is not None:
        part = note.sections[index]
        if part.heading is not None:
            found.append(note.headings[part.heading].key)
        index = part.parent
    return tuple(reversed(found))


_NUMBER = re.compile(r"[\d][\d.,_×xX∗*\s]*(?<=\d)|\d")


def _masked(text: str, places: Sequence[int]) -> str:
    """Normalise a statement, its stated numbers blanked: a corrected number keeps the claim's name."""
    out, at = [], 0
    for place in places:
        found = _NUMBER.match(text, place)
        if found is None or place < at:
            continue
        out += [text[at:place], "#"]
        at = found.end()
    out.append(text[at:])
    return " ".join("".join(out).casefold().split())


_NOUN = re.compile(
    r"[ \u00a0](?:trainable |learnable |convolutional |fully connected |inception |residual )?(?:param\w*|"
    r"weights?|layers?|mult\w*|MACs?|G?FLOPs|operations|filters?|values|blocks|modules|volume|output|"
    r"image|units|biases)\b"
)


def _with_noun(text: str, end: int) -> int:
    """Extend a phrase by the noun of its number."""
    found = _NOUN.match(text, end)
    return found.end() if found else end


def _trimmed(text: str, start: int) -> int:
    while start < len(text) and (text[start].isspace() or text[start] in ",;:."):
        start += 1
    return start


def _check(judged: Judged) -> str:
    """Write the body of the test that asserts what the note states."""
    reading, stated = judged.reading, judged.candidate.stated
    if reading is None:
        return ""
    lines = list(reading.setup)
    if reading.source:
        lines.append(_assertion(reading.source, stated))
    return "\n".join(lines)


def _assertion(source: str, stated: Quantity | tuple[int, ...] | bool) -> str:
    if isinstance(stated, Quantity):
        value = literal(stated.value)
        if stated.upper is not None:
            low = literal(stated.value - stated.place / 2)
            return f"assert {low} <= {source} <= {literal(stated.upper + stated.place / 2)}"
        if stated.hedge is Hedge.OVER:
            return f"assert {source} >= {value}"
        if stated.hedge is Hedge.UNDER:
            return f"assert {source} <= {value}"
        if stated.slack:
            return f"assert abs({source} - {value}) <= {literal(stated.slack)}"
        return f"assert {source} == {value}"
    return f"assert {source} == {stated!r}"
