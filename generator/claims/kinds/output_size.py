"""Sizes that a layer makes: "a 5×5 filter takes you from 32×32×3 to 28×28×6".

Convolutions, pooling and transposed convolutions with the stride and padding the statement gives.
What it leaves out is 1 and 0 (for pooling: the window); a map that keeps its size where no padding
is named was probably padded, and stays unchecked.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.calls import calls
from generator.claims.candidate import Candidate, Reading, Size, claiming, distinct
from generator.claims.context import Context
from generator.claims.layers import LARGEST, Window, arranged, output_size
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Piece, Sentence, Sort, pattern
from generator.claims.scene import SAME, Fact, Role, Scene, whole
from generator.claims.stack import count_of

KIND = "output size"

# The result as one number: "the output is 28", "gives a size of 28".
SIDES = tuple(
    pattern(text)
    for text in (
        r"output <*be of size width height length dimension will = : also again still side the a "
        r"an have fmap map image feature spatial then thus therefore is → give by we "
        r"formula*><n:#>",
        r"(?:give|→|results? in) <*a an the us output size width of new height in length spatial "
        r"side*>(?:size|width|height|length|output) <*of be =*><n:#>",
        r"(?:size|width|height|length) (?:(?:be|=|becomes|become|shrinks|drops|falls|grows|stays|"
        r"remains) )+(?:(?:to|at|then|thus|still|from #\d+ to) )*<n:#>",
    )
)
GIVES = pattern(r"(?:give|→) (?:us |a |an )*<n:#>")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find stated output sizes."""
    passage, known = context.passage, context.scene
    for number, sentence in enumerate(passage.sentences):
        if sentence.question:
            continue
        for piece in _stated(known, number, sentence):
            found = _candidate(context, number, piece)
            if found is not None:
                yield found


def _stated(known: Scene, number: int, sentence: Sentence) -> list[Piece]:
    """The pieces that state an output size, in order."""
    found = [each.piece for each in known.of(Role.OUTPUT) if each.sentence == number]
    lettered = [
        each
        for each in known.of(Role.INPUT)
        if each.sentence == number and len(each.value) == 1 and each.piece.sort is Sort.NUMBER
    ]
    for form in (*SIDES, GIVES) if lettered else SIDES:
        for match in sentence.find(form):
            piece = match["n"]
            if known.role_of(piece) is None and piece not in found and not piece.numeral:
                after = sentence.words_after(piece, 2)
                if not (set(after[:1]) & _OTHER_NOUNS) and after[:1] not in (("/",), ("*",)):
                    found.append(piece)
    return found


_LAYER_WORDS = ("conv", "filter", "filters", "pool", "stride", "pad", "cnn", "convnet", "layer")
_OTHER_NOUNS = wordset(
    "channel filters filter fmap map class parameter weight unit layer mult mac flop times x % "
    "percent million bit byte bytes dimensional neuron dimensions group groups - + of"
)


def _candidate(context: Context, number: int, piece: Piece) -> Candidate | None:
    passage, known = context.passage, context.scene
    sentence = passage.sentences[number]
    index = sentence.index_of(piece)
    volume, contested = known.near(Role.INPUT, number, index)
    if volume is None or volume.piece is piece:
        return None
    order = order_of(piece)
    if order is None:
        return None
    if sentence.has("global") and sentence.has("pool") and piece.size:
        return _pooled_away(passage, sentence, piece, volume, order)
    window, doubt, explained = _window(known, number, index, sentence, volume)
    if window is None:
        solid = len(volume.value) == len(piece.size) == 3
        layered = solid and context.speaks_of(*_LAYER_WORDS)
        if explained and layered and volume.sentence == number and piece.sort is Sort.SIZE:
            return _make(passage, sentence, piece, (), reason=explained)
        return None
    parts = _volume(volume)
    if parts is None:
        return None
    size, channels = parts
    stated = whole(piece)
    if stated is None:
        return None
    readings = _readings(known, number, index, window, size, channels, stated, order)
    if readings is None:
        return None
    if window.kind == "conv" and window.stride != (1, 1) and max(stated[:2]) > 2 * max(size) - 2:
        return None  # "upsamples 16×16 to 32×32": no convolution, whatever it is called
    if doubt and not any(each.value == _value(stated, order) for each in readings):
        readings = [*readings, *_padded(window, size, stated, order)]
        if window.kind == "conv" and window.stride == (1, 1):
            readings += _stepped(window, size, stated, order)
    inherited = known.inherits(
        Role.INPUT, Role.KERNEL, Role.POOL, Role.FILTERS, sentence=number, index=index
    )
    if inherited and not any(each.value == _value(stated, order) for each in readings):
        return None
    several = {each.value for each in known.of(Role.OUTPUT) if each.sentence == number}
    layers = {
        each.index
        for role in (Role.KERNEL, Role.POOL)
        for each in known.of(role)
        if each.sentence == number
    }
    crowded = len(several) > max(1, len(layers)) or len(layers) > 1
    return _make(passage, sentence, piece, distinct(readings), affirm_only=contested or crowded)


def _pooled_away(
    passage: Passage, sentence: Sentence, piece: Piece, volume: Fact, order: str
) -> Candidate | None:
    """Global pooling leaves 1×1."""
    parts = _volume(volume)
    if parts is None or order == "side":
        return None
    size, channels = parts
    shape = (channels, *size)
    value, source = arranged((channels, 1, 1), f"output(nn.AdaptiveAvgPool2d(1), {shape})", order)
    return _make(passage, sentence, piece, (Reading(value, "global pooling leaves 1×1", source),))


def _value(stated: tuple[int, ...], order: str) -> Fraction | Size:
    return Fraction(stated[0]) if order == "side" else stated


def _make(
    passage: Passage,
    sentence: Sentence,
    piece: Piece,
    readings: tuple[Reading, ...],
    *,
    reason: str = "",
    affirm_only: bool = False,
) -> Candidate:
    shown = passage.text[piece.start : piece.end].strip()
    return claiming(
        KIND,
        sentence,
        piece,
        piece.size if piece.size else piece.quantity,  # type: ignore[arg-type]
        readings,
        reason=reason,
        expected="" if piece.size else shown,
        affirm_only=affirm_only,
    )


def order_of(piece: Piece) -> str | None:
    """How a stated output is written: one side, height × width, or with its channels."""
    match piece.size:
        case ():
            return "side"
        case (_, _):
            return "hw"
        case (a, b, c):
            if a == b:
                return "hwc"
            return "chw" if b == c else "hwc"
        case _:
            return None


def _volume(fact: Fact) -> tuple[tuple[int, int], int] | None:
    """Split an input into (height, width) and channels."""
    match fact.value:
        case (side,):
            return (side, side), 1
        case (height, width):
            return (height, width), 1
        case (a, b, c) if a == b or b != c:
            return (a, b), c
        case (a, b, c):
            return (b, c), a
        case _:
            return None


# ------------------------------------------------------------------ the layer


def _window(
    known: Scene, number: int, index: int, sentence: Sentence, volume: Fact
) -> tuple[Window | None, bool, str]:
    """The layer: (window, whether padding is left open, why there is none)."""
    pool, _ = known.near(Role.POOL, number, index)
    kernel, contested = known.near(Role.KERNEL, number, index)
    transposed = known.says(number, "transposed")
    extra = known.says(number, "output-pad", "output_padding")
    if extra and "without output-pad" not in sentence.gist:
        return None, False, ""
    if pool is None and kernel is not None and _pools(known, number):
        pool, kernel = kernel, None
    if pool is not None and kernel is not None:
        nearest = max(
            (pool, kernel), key=lambda each: (each.sentence, each.index < index, each.index)
        )
        pool, kernel = (nearest, None) if nearest is pool else (None, nearest)
    chosen = pool or kernel
    written = [each for each in calls(sentence) if "kernel" in each.arguments]
    if len(written) > 1 and sum(e.sentence == number for e in known.of(Role.OUTPUT)) == 1:
        return None, False, ""  # see several_layers
    if chosen is not None and chosen.sentence == number and count_of(sentence, chosen.index) > 1:
        several = [e for e in known.of(Role.OUTPUT) if e.sentence == number]
        if len(several) == 1 and not sentence.has("each", "every"):
            return None, False, ""  # several layers in a row, see several_layers
    if chosen is None:
        return None, False, "the filter, stride and padding are not given here"
    if contested and kernel is not None:
        return None, False, ""
    window = chosen.value if len(chosen.value) > 1 else chosen.value * 2
    if len(window) > 3 or not all(0 < each < 4096 for each in window):
        return None, False, ""
    if len(window) == 3 and len(volume.value) == 3 and window[2] not in (*volume.value, 1):
        return None, False, "the filter's depth is not the input's"
    size = (window[0], window[1])
    stride, _ = known.near(Role.STRIDE, number, index)
    padding, _ = known.near(Role.PAD, number, index)
    dilation, _ = known.near(Role.DILATION, number, index)
    step = _pair(stride) if stride else (size if pool is not None else (1, 1))
    if 0 in step:
        return None, False, ""
    spread = _pair(dilation) if dilation else (1, 1)
    pads, open_padding = _padding(padding, size, step, spread, pool=pool is not None)
    if pads is None:
        return None, False, "the padding is not given here"
    kind = "pool" if pool is not None else "transposed" if transposed else "conv"
    if kind == "transposed" and (padding is not None and padding.value == SAME):
        return None, False, ""
    open_padding = open_padding and kind == "conv" and not sentence.has("valid")
    return Window(size, step, pads, spread, kind), open_padding, ""


def _pools(known: Scene, number: int) -> bool:
    here = known.sentences[number]
    return here.has("pool") and not here.has("conv")


def _pair(fact: Fact) -> tuple[int, int]:
    return (fact.value[0], fact.value[-1]) if len(fact.value) > 1 else (fact.value[0],) * 2


def _padding(
    fact: Fact | None,
    size: tuple[int, int],
    step: tuple[int, int],
    spread: tuple[int, int],
    *,
    pool: bool,
) -> tuple[tuple[int, int] | None, bool]:
    """The padding, and whether the statement leaves it open."""
    if fact is None:
        return (0, 0), not pool
    if fact.value == SAME:
        if any(each % 2 == 0 for each in size) or step != (1, 1):
            return None, False
        return ((size[0] - 1) // 2 * spread[0], (size[1] - 1) // 2 * spread[1]), False
    return _pair(fact), False


# ------------------------------------------------------------------ readings


def _readings(
    known: Scene,
    number: int,
    index: int,
    window: Window,
    size: tuple[int, int],
    channels: int,
    stated: tuple[int, ...],
    order: str,
) -> list[Reading] | None:
    filters, contested = known.near(Role.FILTERS, number, index)
    made = filters.value[0] if filters and not contested else None
    if made is None and order in ("hwc", "chw"):
        # Nobody says how many filters there are: the stated depth is taken for it.
        made = stated[-1] if order == "hwc" else stated[0]
    if max(channels, made or 1, *size) > LARGEST:
        return None
    found = output_size(window, size, channels=channels, filters=made or 1, order=order)
    if found is None:
        return None
    return [found]


def _padded(
    window: Window, size: tuple[int, int], stated: tuple[int, ...], order: str
) -> list[Reading]:
    """The reading that keeps the size (padding nobody mentions): it only casts doubt."""
    sides = stated[:2] if order == "hwc" else stated[-2:] if order == "chw" else stated
    if any(each % step for each, step in zip(size, window.stride, strict=True)):
        return []
    kept = tuple(each // step for each, step in zip(size, window.stride, strict=True))
    if order == "side":
        kept = kept[:1]
    if tuple(sides) != kept or window.kernel == (1, 1):
        return []
    return [Reading(_value(stated, order), "with padding that is not mentioned", doubtful=True)]


def _stepped(
    window: Window, size: tuple[int, int], stated: tuple[int, ...], order: str
) -> list[Reading]:
    """The reading that halves the size (a step nobody mentions): it only casts doubt."""
    sides = stated[:2] if order == "hwc" else stated[-2:] if order == "chw" else stated
    half = (size[0] // 2, size[1] // 2)[: 1 if order == "side" else 2]
    if size[0] % 2 or window.kernel == (1, 1) or tuple(sides) != half:
        return []
    return [Reading(_value(stated, order), "with a stride that is not mentioned", doubtful=True)]
