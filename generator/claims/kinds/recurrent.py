"""Recurrent layers: "an LSTM with n_x = 128 and n_a = 256 has 394,240 parameters".

Gates times (hidden·(inputs + hidden) + bias); with one bias a gate, as textbooks write it, or with
two, as ``nn.LSTM`` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.scene import whole

KIND = "parameters"

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
CLASSES = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
INPUTS = wordset("n_x n_in d_in input_size n_i D")
HIDDEN = wordset("n_a n_h d_h hidden_size h n_hidden H")
SIZES = (
    (
        "in",
        pattern(
            r"<n:#> (?:input |dimensional |dim )+(?:features?|input|unit|values|vectors?|dims|"
            r"dimensions)?"
        ),
    ),
    ("in", pattern(r"input <*of size dimension dim with = :*><n:#>")),
    ("hidden", pattern(r"<n:#> (?:hidden )?unit")),
    ("hidden", pattern(r"<n:#> hidden")),
    ("hidden", pattern(r"hidden <*of size dimension dim state with = :*><n:#>")),
)
SAME_SIZE = pattern(r"(?:of|with) (?:that|the same|this) (?:size|sizes|dimensions)")
CODE = pattern(r"(?P<name>lstm|gru|rnn) <k:@>")
OTHERS = wordset("bidirectional layers stack embedding fc attention peephole")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find counts of parameters of recurrent layers."""
    sizes: tuple[int, int] | None = None
    for sentence in context.sentences:
        cells = [each for each in GATES if sentence.has(each)]
        if len(cells) != 1 or sentence.question or sentence.has("not", "if", *OTHERS):
            continue
        given = _sizes(sentence)
        if given is None and SAME_SIZE.regex.search(sentence.gist) is not None:
            before = [_sizes(e) for e in context.earlier[-3:] if e.has(*GATES)]
            sized = {each[0] for each in before if each is not None}
            given = (sized.pop(), ()) if len(sized) == 1 else None
        sizes = given[0] if given else None
        if given is not None and sizes is not None:
            yield from _stated(sentence, cells[0], sizes, given[1])


def _sizes(sentence: Sentence) -> tuple[tuple[int, int], tuple[Piece, ...]] | None:
    for found in sentence.find(CODE):
        size = found["k"].size
        if len(size) == 2:
            return (size[0], size[1]), (found["k"],)
    known: dict[str, tuple[int, Piece]] = {}
    for found in sentence.find(pattern(r"<l:~> (?:=|:|be) <n:#>")):
        name, value = found["l"].expression, whole(found["n"])
        if isinstance(name, Name) and value:
            role = "in" if name.name in INPUTS else "hidden" if name.name in HIDDEN else ""
            if role:
                known.setdefault(role, (value[0], found["n"]))
    for role, form in SIZES:
        for found in sentence.find(form):
            value = whole(found["n"])
            if value and found["n"] not in [piece for _, piece in known.values()]:
                known.setdefault(role, (value[0], found["n"]))
    if set(known) != {"in", "hidden"}:
        return None
    return (known["in"][0], known["hidden"][0]), (known["in"][1], known["hidden"][1])


def _stated(
    sentence: Sentence, cell: str, sizes: tuple[int, int], given: tuple[Piece, ...]
) -> Iterator[Candidate]:
    inputs, hidden = sizes
    gates = GATES[cell]
    weights = gates * hidden * (inputs + hidden)
    layer = f'nn.{CLASSES[cell]}({inputs}, {hidden}, device="meta")'
    without = f'nn.{CLASSES[cell]}({inputs}, {hidden}, bias=False, device="meta")'
    one, two = weights + gates * hidden, weights + 2 * gates * hidden
    named = f"{gates}·({hidden}·({inputs} + {hidden}) + {hidden}) = {one:,}"
    for piece in sentence.pieces:
        after = sentence.words_after(piece, 1)
        if piece.sort is not Sort.NUMBER or piece in given or piece.numeral or not piece.quantity:
            continue
        arrow = sentence.words_before(piece, 1) in (("→",), ("=",), (":",)) and not after
        reported = sentence.words_before(piece, 1)[:1] in (("reports",), ("report",), ("shows",))
        if after not in (("parameter",), ("weight",)) and not arrow and not reported:
            continue
        readings = [
            Reading(Fraction(one), named, f"parameters({without}) + {gates * hidden}"),
            Reading(Fraction(two), f"with two biases {two:,}", f"parameters({layer})"),
        ]
        plain = Reading(Fraction(weights), "without biases", f"parameters({without})")
        if after == ("weight",) or sentence.has("without"):
            readings.append(plain)
        else:
            readings.append(Reading(plain.value, plain.how, doubtful=True))
        yield claiming(
            KIND,
            sentence,
            piece,
            piece.quantity,
            tuple(readings),
            expected=f"{piece.quantity.text} parameters",
            used=tuple(each.start for each in given),
        )
