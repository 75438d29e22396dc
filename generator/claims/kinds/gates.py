"""Numbers of recurrent cells and of attention that follow from their equations: gates, sums, scales, tables.

An LSTM has three gates and a candidate, a GRU two and one; the weights of attention sum to 1, its scores
are divided by √d_k and make a table of queries × keys; a filter of a grouped convolution sees the channels
of its group.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming, number_reading
from generator.claims.context import Context
from generator.claims.kinds.attention import known_sizes
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import show
from generator.claims.sayings.convolutions import SEEING
from generator.claims.wording import NEGATIONS, STOPS, Term, Words

KIND = "sequence shape"


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of gates, sums and scales of attention, tables of scores, channels of a group."""
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        if sentence.question or words.has("if", "would", "could", "not", "never"):
            continue
        for find in (_gates, _gate_sizes, _sums, _tables, _grouped):
            yield from find(sentence, words)
        yield from _scales(context, sentence, words)


def _stated(
    sentence: Sentence, piece: Piece, readings: tuple[Reading, ...], *used: Piece
) -> Candidate:
    stated = piece.quantity if piece.quantity is not None else piece.size
    places = tuple(each.start for each in used)
    return claiming(KIND, sentence, piece, stated, readings, used=places)


# ------------------------------------------------------------------ gates

CELLS = {"lstm": 3, "lstms": 3, "gru": 2, "grus": 2}
UNITS = wordset("unit units hidden")
VALUES = wordset("values value dimensional dims dimensions wide entries numbers")
WIDE = UNITS | VALUES
TAKING = wordset("see sees take takes get gets receive receives input inputs")
TANH = wordset("tanh except candidate only most")
LISTED = wordset("output forget reset")  # gates by their names
_CONTENT = wordset("candidate cell content memory new modulation g tanh")
CANDIDATE = {"lstm": _CONTENT | {"update", "node"}, "gru": _CONTENT}
OTHER_CELLS = wordset(
    "peephole peepholes coupled minimal mgu bidirectional layers layer stacked more fewer than less"
)


def _gates(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "An LSTM has three gates, a GRU two"; by another count the candidate is a gate, too."""
    if not words.has("gate", "gates") or words.has(OTHER_CELLS):
        return
    cells = [at for at in range(len(words.terms)) if words.terms[at].spellings & CELLS.keys()]
    for nth, at in enumerate(cells):
        end = cells[nth + 1] if nth + 1 < len(cells) else len(words.terms)
        sized = _sizes_of_gates(words, at, end)
        numbers = [
            each
            for each in range(at + 1, end)
            if _plain(words.terms[each]) and words.terms[each] not in sized
        ]
        if len(numbers) != 1 or not _gated(words, numbers[0], end):
            continue
        cell = next(iter(words.terms[at].spellings & CELLS.keys())).removesuffix("s")
        count, piece = CELLS[cell], words.terms[numbers[0]].piece
        source = f"nn.{cell.upper()}(8, 16).weight_ih_l0.shape[0] // 16"
        how = f"{'an LSTM' if cell == 'lstm' else 'a GRU'} has {count} gates and a candidate"
        readings = [number_reading(count, how, f"{source} - 1")]
        listed = words.part(numbers[0] + 1, end).has(LISTED) and not words.has(CANDIDATE[cell])
        if not listed and (not words.has("sigmoid", "sigmoids") or words.has(TANH)):
            readings.append(Reading(Fraction(count + 1), how, source, doubtful=True))
        yield _stated(sentence, piece, tuple(readings), *(each.piece for each in sized))


def _sizes_of_gates(words: Words, at: int, end: int) -> list[Term]:
    """The numbers that say how wide a cell is, and so each of its gates: "128 units", "of 128 values each"."""
    return [
        words.terms[each]
        for each in range(at + 1, end)
        if words.terms[each].count and words.part(each + 1, each + 3).has(WIDE)
    ]


def _plain(term: Term) -> bool:
    return term.piece.quantity is not None and 0 < term.count < 100


def _gated(words: Words, at: int, end: int) -> bool:
    """Whether a number counts gates, or stands where the gates of a cell before it were counted."""
    if words.part(at + 1, at + 3).has("gate", "gates"):
        return True
    alone = at + 1 >= end or words.terms[at + 1].means(STOPS | {".", "and"})
    return alone and words.part(0, at).has("gate", "gates")


def _gate_sizes(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "With 128 hidden units the gates of an LSTM have 128 values each"."""
    cell = next((each for each in CELLS if words.has(each)), "").removesuffix("s")
    if not cell or not words.has("gate", "gates") or words.has(OTHER_CELLS, TAKING, "weight"):
        return
    units = [at for at in range(len(words.terms)) if _counts(words, at, UNITS)]
    sizes = [at for at in range(len(words.terms)) if _counts(words, at, VALUES)]
    gated = [
        at
        for at in sizes
        if words.part(at - 5, at).has("gate", "gates") or words.part(at + 2, at + 4).has("each")
    ]
    if len(units) != 1 or len(gated) != 1 or gated == units:
        return
    width, blocks = words.terms[units[0]], CELLS[cell] + 1
    source = f"nn.{cell.upper()}(8, {width.count}).weight_hh_l0.shape[0] // {blocks}"
    reading = number_reading(width.count, f"a gate for each of {width.count} units", source)
    yield _stated(sentence, words.terms[gated[0]].piece, (reading,), width.piece)


def _counts(words: Words, at: int, what: frozenset[str]) -> bool:
    term = words.terms[at]
    number = term.piece.sort is Sort.NUMBER and term.count > 0 and not term.piece.numeral
    return number and words.part(at + 1, at + 3).has(what)


# ------------------------------------------------------------------ sums of attention weights

SUMMING = wordset("sum sums add adds summing")
UNWEIGHED = wordset(
    "score scores logits logit before sigmoid sigmoids dropout unnormalized column columns"
)
ROWS = wordset("row rows query queries distributions")
CHOICES = wordset("token tokens positions words word classes class entries outputs options")
TABLE = wordset("matrix table map")
EVERY = wordset("all whole entire complete full together total")


def _sums(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "The attention weights of a query sum to 1", "all 20 rows sum to 20, the whole matrix to 20"."""
    weights = words.has("attention", "softmax", "alpha", "α") and words.has(
        "weight", "row", "rows", "softmax", "alpha", "probabilities"
    )
    verbs = words.at(SUMMING)
    if not weights or not verbs or words.has("head", "heads", "parameter", UNWEIGHED):
        return
    open_numbers = [e.piece for e in words.terms if len(e.piece.size) == 2]
    open_numbers += [
        one.piece for one, other in pairwise(words.terms) if other.means(KEYS | ROWS | CHOICES)
    ]
    again = [at for at in words.at(wordset("to")) if at > verbs[0] + 1 and at - 1 not in verbs]
    for at in verbs + again:
        elided = words.terms[at].means(frozenset({"to"}))
        number = next((e for e in words.terms[at + 1 : at + 4] if e.piece.quantity), None)
        summed = (
            elided or words.terms[at].piece.gist == "be" or words.part(at, at + 3).has("to", "up")
        )
        start = max((each + 1 for each in words.at(STOPS | {"and"}) if each < at), default=0)
        rows = _rows(words, words.part(start, at))
        if number is None or number.piece.numeral or not summed or rows is None:
            continue
        if elided and start < verbs[0]:
            continue
        of_rows = f" in each of {rows} rows" if rows > 1 else ""
        source = f"round(float(torch.softmax(torch.rand({rows}, 7), 1).sum()), 3)"
        reading = number_reading(rows, f"a softmax's outputs sum to 1{of_rows}", source)
        yield _stated(sentence, number.piece, (reading,), *open_numbers)


def _rows(words: Words, subject: Words) -> int | None:
    """How many rows of weights a clause sums up: one, all of them, or (``None``) nobody knows."""
    if not subject.has(EVERY) and (not subject.has(TABLE) or subject.has(ROWS, "each", "every")):
        return 1
    counted = [
        one.count for one, other in pairwise(subject.terms) if other.means(ROWS) and one.count
    ]
    sizes = {e.piece.size for e in words.terms if len(e.piece.size) == 2}
    if not counted and len(sizes) == 1 and subject.has(TABLE):
        counted = [next(iter(sizes))[0]]
    return counted[0] if len(counted) == 1 else None


# ------------------------------------------------------------------ the scale of scores

WIDTHS = wordset("d_k d_q d_head")
DIVIDED = wordset("divided divide divides scaled scale dividing")
PRODUCTS = wordset("score scores products product logits them qk^t qkt attention variance we")


def _scales(context: Context, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "d_k = 64, so the scores are divided by 8 and their variance by 64"."""
    places = [at for at in words.at(DIVIDED) if words.part(at + 1, at + 4).has("by")]
    if not places or not words.part(places[0] - 5, places[0] + 3).has(PRODUCTS):
        return
    begin = max(0, places[0] - 3)
    for at in [each for each in words.at(wordset("by")) if each > places[0]]:
        stated = next(
            (e for e in words.terms[at + 1 : at + 3] if e.piece.quantity is not None), None
        )
        squared = words.part(begin, at).has("variance")
        begin = at
        width = _head_width(context, sentence, words.part(0, at))
        if stated is None or width is None or (not stated.count and stated.piece.numeral):
            continue
        count, written, used = width
        value = count if squared else Fraction(str(round(float(count) ** 0.5, 9)))
        how = (
            f"(√{show(count)})² = {show(count)}"
            if squared
            else f"√{show(count)} = {float(value):g}"
        )
        source = written if squared else f"({written}) ** 0.5"
        yield _stated(sentence, stated.piece, (number_reading(value, how, source),), *used)


def _head_width(
    context: Context, sentence: Sentence, before: Words
) -> tuple[Fraction, str, tuple[Piece, ...]] | None:
    """d_k, as it was given last, or the width of the model shared out to its heads."""
    given = [
        before.terms[at + 2] for at in before.at(WIDTHS)
        if before.part(at + 1, at + 2).has("=", "be", "of") and _counted(before.part(at + 2, at + 3))
    ]  # fmt: skip
    if given:
        pieces = tuple(each.piece for each in given)
        return Fraction(given[-1].count), str(given[-1].count), pieces
    known = known_sizes(context.passage)
    if "width" not in known or "heads" not in known:
        return None
    here = [each[1] for each in known.values()]
    used = tuple(each for each in here if each is not None and each in sentence.pieces)
    width, heads = known["width"][0], known["heads"][0]
    return Fraction(width, heads), f"Fraction({width}, {heads})", used


def _counted(words: Words) -> bool:
    return bool(words.terms) and words.terms[0].count > 0


# ------------------------------------------------------------------ tables of scores

QUERIES = wordset("query queries")
KEYS = wordset("key keys")
SCORED = wordset("score scores table attention →")
OTHER_MATRICES = wordset("k v q k^t kt output values")


def _tables(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "QKᵀ for 20 queries and 50 keys is 20×50"; "KQᵀ" is the other way round."""
    counts = [_count_before(words, noun) for noun in (QUERIES, KEYS)]
    sizes = [each for each in words.terms if len(each.piece.size) == 2]
    if len(sizes) != 1 or counts[0] is None or counts[1] is None:
        return
    if any(name.startswith(("kq", "k^tq")) for name in words.known) or words.has("head", "heads"):
        return
    if not words.has(SCORED) and not any(name.startswith("qk") for name in words.known):
        return
    if words.has(OTHER_MATRICES):
        return
    shape = (counts[0].count, counts[1].count)
    source = (
        f'tuple((torch.empty({shape[0]}, 8, device="meta") @ '
        f'torch.empty({shape[1]}, 8, device="meta").T).shape)'
    )
    how = f"{shape[0]} queries for {shape[1]} keys"
    reading = Reading(shape, how, source)
    yield _stated(sentence, sizes[0].piece, (reading,), counts[0].piece, counts[1].piece)


def _count_before(words: Words, noun: frozenset[str]) -> Term | None:
    """The number right before a noun."""
    found = [words.terms[at - 1] for at in words.at(noun) if at and words.terms[at - 1].count > 0]
    return found[0] if len(found) == 1 else None


# ------------------------------------------------------------------ channels of a group

OF_CHANNELS = wordset("channel maps map fmap")


def _grouped(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """ "With 4 groups on 64 channels each filter sees 16 of them"."""
    number = _groups(words)
    if (
        number is None
        or not words.has("filter", "filters")
        or words.has("weight", "parameter", *NEGATIONS)
    ):
        return
    seen = [at for at in words.at(SEEING | wordset("covers cover spans depth deep")) if at]
    seen = [at for at in seen if words.part(at - 5, at).has("filter", "filters")]
    stated = next((place for at in seen if (place := _channels(words, at)) is not None), None)
    inputs = _inputs(words, stated, number)
    if stated is None or inputs is None or inputs.count % number.count:
        return
    value = inputs.count // number.count
    source = f"nn.Conv2d({inputs.count}, {inputs.count}, 3, groups={number.count}).weight.shape[1]"
    reading = number_reading(value, f"{inputs.count}/{number.count} = {value}", source)
    again = [e.piece for e in words.terms if e.count == inputs.count]
    yield _stated(sentence, words.terms[stated].piece, (reading,), number.piece, *again)


def _channels(words: Words, seen: int) -> int | None:
    """Where it stands how many channels are seen, behind a verb or "depth"."""
    after = range(seen + 1, min(seen + 5, len(words.terms)))
    stated = next((at for at in after if words.terms[at].piece.quantity is not None), None)
    if stated is None:
        return None
    depth = words.part(seen, stated).has("depth", "deep")
    return stated if depth or words.part(stated + 1, stated + 4).has(OF_CHANNELS, "of") else None


def _groups(words: Words) -> Term | None:
    """The number of groups: "groups=4", "in 2 groups"."""
    for at in words.at(wordset("groups group")):
        near = [*words.terms[at + 1 : at + 3], *words.terms[max(0, at - 1) : at]]
        if found := next((each for each in near if each.count > 1), None):
            return found
    return None


def _inputs(words: Words, stated: int | None, number: Term) -> Term | None:
    """The channels that go in: "64→64", "over 12 channels", all numbers of channels but the stated one."""
    arrows = [
        words.terms[at - 1] for at in words.at(wordset("→")) if at and words.terms[at - 1].count
    ]
    if len(arrows) == 1:
        return arrows[0]
    found = [
        each
        for at, each in enumerate(words.terms)
        if at != stated and each is not number and each.count > 1
        and words.part(at + 1, at + 3).has(OF_CHANNELS)
        and not words.part(at + 1, at + 3).has("output")
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None
