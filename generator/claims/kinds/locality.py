"""On how many inputs an output of a convolution depends: "each output sees only 25 values a channel"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.quantity import quantity
from generator.claims.sayings.concepts import EACH, OUTPUTS
from generator.claims.sayings.convolutions import LARGEST_KERNEL, SEEING
from generator.claims.scene import Role, Scene
from generator.claims.wording import Words

KIND = "parameters"

VALUES = wordset("values value input pixel pixels numbers activations activation connections neighbours "
                 "unit positions entries places locations elements")  # fmt: skip
PLACES = wordset("positions places locations")
ONE = EACH | wordset("a an one single per")
STACKED = wordset("pool side stack stride dilation stacked")
TOTAL = wordset("give = be so i.e together")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of inputs that an output depends on."""
    if not context.speaks_of("conv", "filter", "filters", "cnn"):
        return
    for number, (sentence, words) in enumerate(zip(context.sentences, context.lines, strict=True)):
        if sentence.question:
            continue
        verb = _sees(words)
        if verb is None or words.has(STACKED):
            continue
        for at in range(verb + 1, len(words.terms)):
            piece = words.terms[at].piece
            after = words.part(at + 1, at + 4)
            if not (piece.quantity or piece.size) or words.part(at + 1, at + 2).has("="):
                continue
            whole = _all_of(words, at)
            if whole is not None:
                yield _whole(sentence, piece, whole)
            elif not after.has(VALUES) or (at - verb > 7 and not _total(words, at)):
                continue
            elif (found := _seen(context.scene, number, sentence, words, at)) is not None:
                yield found


def _total(words: Words, at: int) -> bool:
    """Whether a number further on is what the first one amounts to: "which makes 144 values"."""
    return words.part(at - 4, at).has(TOTAL) and not words.has("weight", "parameter")


def _sees(words: Words) -> int | None:
    """Where it is said of an output that it sees something."""
    for verb in words.at(SEEING):
        if words.terms[verb].means(wordset("input need have use")) and not words.part(
            verb, verb + 1
        ).has("use"):
            continue
        outputs = [at for at in words.at(OUTPUTS) if at < verb and words.part(at - 4, at).has(ONE)]
        if outputs:
            return verb
    return None


def _all_of(words: Words, at: int) -> Piece | None:
    """The volume of which a number says that it is all: "all 3,072 values of a 32×32×3 input"."""
    if not words.part(at - 3, at).has("all", "whole"):
        return None
    volumes = [
        each.piece for each in words.terms
        if len(each.piece.size) > 1 and min(each.piece.size[:2]) > LARGEST_KERNEL
    ]  # fmt: skip
    return volumes[0] if len(volumes) == 1 else None


def _whole(sentence: Sentence, piece: Piece, volume: Piece) -> Candidate:
    total = prod(volume.size)
    how = f"{'·'.join(map(str, volume.size))} = {total:,}"
    source = f'torch.empty({volume.size}, device="meta").numel()'
    return _candidate(sentence, piece, (Reading(Fraction(total), how, source),), (volume.start,))


def _seen(known: Scene, number: int, sentence: Sentence, words: Words, at: int) -> Candidate | None:
    piece = words.terms[at].piece
    index = sentence.index_of(piece)
    kernel, contested = known.near(Role.KERNEL, number, index)
    if kernel is None or contested or len(kernel.value) > 3 or kernel.piece is piece:
        return None
    window = kernel.value[:2] if len(kernel.value) > 1 else kernel.value * 2
    after = words.part(at + 1, at + 7)
    flat = after.has(PLACES) or (
        after.has("channel", "slice", "map") and after.has("each", "per", "a", "in")
        and not after.has("all")
    )  # fmt: skip
    channels = kernel.value[2] if len(kernel.value) == 3 else None
    if channels is None:
        given, _ = known.near(Role.IN_CHANNELS, number, index)
        channels = given.value[0] if given is not None else None
    if channels is None and words.has("gray"):
        channels = 1
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
        decisive=True,
    )
