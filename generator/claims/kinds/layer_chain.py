"""Maps that go from layer to layer: "39 → 37 → 17 → 7 with 3×3, then twice 5×5 with stride 2".

Each map after the first is a claim of its own, computed from the first one. As many layers have to
be described as there are steps, or one for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.claims.calls import calls
from generator.claims.candidate import Candidate, Reading, Size, claiming, if_true
from generator.claims.context import Context
from generator.claims.kinds import output_size
from generator.claims.layers import LARGEST, Window
from generator.claims.layers import output_size as computed
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import LARGEST_WINDOW, Role, Scene
from generator.claims.stack import Layer, layers, with_padding

KIND = output_size.KIND

HALVING = wordset("halves halve halving halved")
DOUBLING = wordset("doubles double doubling doubled upsamples")
APART = wordset("while whereas but instead")
JOINED = wordset("→ to into give down up")
OTHERS = wordset(
    "channel filters filter class parameter weight unit layer mult mac flop times x % percent "
    "million steps step epochs epoch group groups bias layers block blocks blocks dims heads of "
    "images batch input hidden output value values neurons"
)

# What says that plain numbers are sides of maps, and what says that they are something else.
MAPS = wordset(
    "size wide width height resolution side map fmap pixel pixels px spatial shape image"
)
NO_MAPS = wordset("loss batch epoch epochs accuracy error lr rate")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find chains of maps with the layers between them."""
    for number, sentence in enumerate(context.sentences):
        if (
            sentence.question
            or not (sentence.words & JOINED)
            or sentence.has("not", "global", *NO_MAPS)
        ):
            continue
        runs = list(runs_of(context.scene, sentence))
        steps = sum(len(each) - 1 for each in runs)
        known = {each.role for each in context.scene.facts if each.sentence == number}
        given = any(True for _ in calls(sentence)) or {Role.STRIDE, Role.PAD} <= known
        alone = steps == 1 and given and not runs[0][0].size
        if 2 <= steps <= 12 or alone:
            yield from _steps(context, number, sentence, runs, steps)


def _steps(
    context: Context, number: int, sentence: Sentence, runs: Sequence[list[Piece]], steps: int
) -> Iterator[Candidate]:
    taken = [piece for run in runs for piece in run]
    transposed = context.speaks_of("transposed") or sentence.has(*DOUBLING)
    found = layers(context.scene, number, taken=taken, transposed=transposed)
    if found == () and steps > 1 and sentence.has("each", "every", "always"):
        found = _by_halves(sentence, taken)
    if not found or len(found) not in (1, steps):
        return
    if any(each.window.kind == "transposed" for each in found) and sentence.has("output-pad"):
        return
    if len(found) == 1 and steps > 1:
        # One layer for all steps is described before the second map or after the last.
        first, last = sentence.index_of(taken[1]), sentence.index_of(taken[-1])
        if first < found[0].index < last or (sentence.has("pool") and sentence.has("conv")):
            return
    windows = list(found) if len(found) == steps else list(found) * steps
    used = tuple(sentence.pieces[e.index].start for e in found) + tuple(
        start for each in found for start in each.used
    )
    counted = tuple(each.start for each in sentence.pieces if each.numeral)
    made_of: list[Candidate] = []
    for run in runs:
        size, channels = volume_of(run[0])
        before: Size = size
        for piece in run[1:]:
            layer = windows.pop(0)
            order = output_size.order_of(piece)
            made = piece.size[-1] if len(piece.size) == 3 else 1
            if order is None or max(made, channels, *before) > LARGEST:
                return
            reading = through(layer.window, before, channels, made, order)
            if reading is None:
                return
            readings = [reading]
            wider = with_padding(layer)
            if wider is not None:
                other = through(wider.window, before, channels, made, order)
                if other is not None and other.value != reading.value:
                    readings.append(
                        Reading(other.value, "with padding that is not mentioned", doubtful=True)
                    )
            explained = (*used, *counted, *(each.start for each in taken))
            made_of.append(map_candidate(sentence, piece, tuple(readings), explained))
            if len(readings) > 1 and stated_size(piece) == readings[1].value:
                break
            before = sides(reading, order)
            channels = made if layer.window.kind != "pool" else channels
    right = [each for each in made_of if if_true(each) is not None]
    coded = steps == 1 and any(True for _ in calls(sentence))
    sized = coded or sentence.has(*MAPS) or any(each.size for each in taken)
    late = any(start > made_of[0].at for each in found for start in each.used) if made_of else False
    if late and len(made_of) > 1 and not right:
        return  # every map wrong: a stride or padding behind them is not theirs
    if sized or 2 * len(right) >= len(made_of):
        yield from made_of


def _by_halves(sentence: Sentence, taken: Sequence[Piece]) -> tuple[Layer, ...]:
    """Read "each pooling halves the map" and "every step doubles it": one window for all steps.

    Half of an odd side may be rounded either way, but for pooling.
    """
    halves, doubles = sentence.has(*HALVING), sentence.has(*DOUBLING)
    if halves == doubles or sentence.has("channel", "filters", "parameter", "weight"):
        return ()
    if not sentence.has(*MAPS, "pool", "conv", "layer", "transposed"):
        return ()
    odd = any(volume_of(each)[0][0] % 2 for each in taken[:-1])
    if odd and halves and not sentence.has("pool"):
        return ()
    window = Window((2, 2), (2, 2), kind="pool" if halves else "transposed")
    return (Layer(window, False, 0, ()),)


def through(window: Window, size: Size, channels: int, made: int, order: str) -> Reading | None:
    """Compute what a window makes of a map, in the order a note states it."""
    return computed(window, size, channels=channels, filters=made, order=order)


def sides(reading: Reading, order: str) -> Size:
    """Give height and width of a reading's map."""
    value = reading.value
    if isinstance(value, Fraction):
        return int(value), int(value)
    assert isinstance(value, tuple)
    return value[-2:] if order == "chw" else value[:2]


def stated_size(piece: Piece) -> Fraction | Size | None:
    """Give what a piece states: a size or a side."""
    return piece.size or (piece.quantity.value if piece.quantity is not None else None)


def volume_of(piece: Piece) -> tuple[Size, int]:
    """Height and width, channels; a number is a side."""
    if not piece.size:
        assert piece.quantity is not None
        side = int(piece.quantity.value)
        return (side, side), 1
    channels = piece.size[2] if len(piece.size) == 3 else 1
    return piece.size[:2], channels


def map_candidate(
    sentence: Sentence, piece: Piece, readings: tuple[Reading, ...], used: tuple[int, ...]
) -> Candidate:
    """Make the candidate of a stated map."""
    stated = piece.size or piece.quantity
    assert stated is not None
    shown = "×".join(map(str, piece.size)) if piece.size else piece.quantity.text  # type: ignore[union-attr]
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        readings,
        expected=shown,
        used=used,
    )


# ------------------------------------------------------------------ the maps


def runs_of(known: Scene, sentence: Sentence) -> Iterator[list[Piece]]:
    """The maps of a sentence, in runs that arrows and "to" join."""
    run: list[Piece] = []
    last = -1
    for index, piece in enumerate(sentence.pieces):
        if not is_map(known, sentence, index, piece):
            continue
        between = {each.gist for each in sentence.pieces[last + 1 : index]}
        given = run and (_letter_input(known, run[-1]) or piece.size) and "be" in between
        by_layer = (
            run
            and index + 1 < len(sentence.pieces)
            and (sentence.pieces[index + 1].gist in ("after", "by", "through", "with"))
        )
        apart = between & APART
        alike = bool(run) and run[0].sort is piece.sort and len(run[0].size) == len(piece.size)
        if alike and not apart and (between & JOINED or given or by_layer):
            run.append(piece)
        else:
            if len(run) > 1:
                yield run
            run = [piece]
        last = index
    if len(run) > 1:
        yield run


def _letter_input(known: Scene, piece: Piece) -> bool:
    return known.role_of(piece) is Role.INPUT and piece.sort is Sort.NUMBER


def is_map(known: Scene, sentence: Sentence, index: int, piece: Piece) -> bool:
    """Whether a piece is the size or the side of a map."""
    role = known.role_of(piece)
    if role is Role.KERNEL and len(piece.size) == 3 and min(piece.size[:2]) > 7:
        role = None  # "after 5×5 filters, 14×14×6 after pooling"
    if role not in (None, Role.INPUT, Role.OUTPUT) or piece.numeral:
        return False
    after = sentence.pieces[index + 1].gist if index + 1 < len(sentence.pieces) else ""
    before = sentence.pieces[index - 1].gist if index else ""
    if after in OTHERS or before in ("/", "×", "by"):
        return False
    if piece.size:
        wide = min(piece.size[:2]) > 1 and len(piece.size) in (2, 3)
        arrows = "→" in (after, before)
        large = len(piece.size) == 3 or min(piece.size) > LARGEST_WINDOW
        return wide and (role is not None or arrows or large)
    quantity = piece.quantity
    if piece.sort is not Sort.NUMBER or quantity is None or not quantity.exact:
        return False
    if before == "=" and role is None:
        return False
    return quantity.value.denominator == 1 and 0 <= quantity.value <= 5000
