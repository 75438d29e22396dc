"""On how many inputs an output of a convolution depends: "each output sees only 25 values a channel"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.passage import Piece, Sentence, pattern
from generator.claims.quantity import quantity
from generator.claims.scene import Role, Scene

KIND = "parameters"

_SEES = (
    r"(?:depend on|depends on|depending on|see|sees|look at|looks at|(?:be )?connected to|reads|"
    r"(?:be )?linked to|(?:be )?computed from|use|be a function of|combines|sums over|draws on)"
)
_VALUES = r"(?:values|value|input|pixel|pixels|numbers|activations|activation|connections|neighbours|unit)"
SEES = pattern(
    rf"(?:each|a|an|one|single|#\d+) <..2>(?:output|unit|value|pixel|activation) <..5>{_SEES} <*only just merely "
    rf"exactly the a mere of*><n:#%@>(?: {_VALUES}| of)"
)
PER_CHANNEL = pattern(r"(?:each|in each|a) (?:input )?(?:channel|slice|map)|channel")
ALL_OF = pattern(rf"all <*the of*><n:#%> <*{'values value input pixel pixels numbers activations unit'}*>"
                 r"<*of in the a input whole*><v:@>")  # fmt: skip


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of inputs that an output depends on."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or not context.speaks_of("conv", "filter", "filters", "cnn"):
            continue
        for found in sentence.find(SEES):
            candidate = _seen(context.scene, number, sentence, found["n"])
            if candidate is not None:
                yield candidate
        for found in sentence.find(ALL_OF):
            total, stated = prod(found["v"].size), found["n"].quantity
            if stated is not None and not found["n"].numeral:
                how = f"{'·'.join(map(str, found['v'].size))} = {total:,}"
                source = f'torch.empty({found["v"].size}, device="meta").numel()'
                reading = Reading(Fraction(total), how, source)
                yield _candidate(sentence, found["n"], (reading,), (found["v"].start,))


def _seen(known: Scene, number: int, sentence: Sentence, piece: Piece) -> Candidate | None:
    index = sentence.index_of(piece)
    kernel, contested = known.near(Role.KERNEL, number, index)
    if kernel is None or contested or len(kernel.value) > 3 or piece.numeral:
        return None
    window = kernel.value[:2] if len(kernel.value) > 1 else kernel.value * 2
    if kernel.piece is piece or not (piece.quantity or piece.size):
        return None
    after = " ".join(sentence.words_after(piece, 8)[1:])
    flat = PER_CHANNEL.regex.match(after) is not None
    channels = kernel.value[2] if len(kernel.value) == 3 else None
    if channels is None:
        given, _ = known.near(Role.IN_CHANNELS, number, index)
        channels = given.value[0] if given is not None else None
    readings = []
    if flat or channels is None or channels == 1:
        readings.append(_reading(window, 1))
    if channels is not None and not flat:
        readings.append(_reading(window, channels))
    stated = piece.quantity.value if piece.quantity else Fraction(prod(piece.size))
    if channels is None and not flat and stated % prod(window) == 0 and stated != prod(window):
        return None  # so many channels, which nobody mentions
    return _candidate(sentence, piece, tuple(readings), (kernel.piece.start,))


def _reading(window: tuple[int, ...], channels: int) -> Reading:
    value = prod(window) * channels
    factors = (*window, channels) if channels > 1 else window
    how = f"{'·'.join(map(str, factors))} = {value}"
    source = f"parameters(nn.Conv2d({channels}, 1, {tuple(window)}, bias=False))"
    return Reading(Fraction(value), how, source)


def _candidate(
    sentence: Sentence, piece: Piece, readings: tuple[Reading, ...], used: tuple[int, ...]
) -> Candidate:
    stated = piece.quantity or quantity(prod(piece.size))
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        readings,
        expected=f"{stated.text} inputs",
        used=used,
    )
