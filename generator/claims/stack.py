"""Layers that a sentence describes one after the other: "3×3 s1, then twice 5×5 with stride 2".

Each window begins a layer; stride, padding and dilation that follow it before the next one are its
own. What stands before the first, or with "everywhere", holds for every layer that says nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from generator.claims.calls import LayerCall, calls
from generator.claims.layers import Window
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence
from generator.claims.scene import SAME, Fact, Role, Scene

LARGEST_KERNEL = 31
MOST_LAYERS = 16
MULTIPLE = {"twice": 2, "thrice": 3}
ADJECTIVES = wordset(
    "x such stack consecutive successive more times further valid unpadded same max average small "
    "conv pool plain standard of these"
)
AGAIN = wordset("another again")
EVERYWHERE = wordset("everywhere anywhere all always each throughout both")
OWN = (Role.STRIDE, Role.PAD, Role.DILATION)


@dataclass(frozen=True, slots=True)
class Layer:
    """A described layer; ``index`` and ``used`` are its window's piece and the numbers that describe
    it."""

    window: Window
    index: int
    used: tuple[int, ...]


def layers(known: Scene, number: int, *, taken: Collection[Piece]) -> tuple[Layer, ...] | None:
    """Give the layers of a sentence in order, repetitions written out.

    ``taken`` are pieces that are maps. ``None`` where a description cannot be read.
    """
    sentence = known.sentences[number]
    written = [each for each in calls(sentence) if each.layer in ("conv2d", "transposed", "pool")]
    if written:
        return tuple(_called(each) for each in written)
    anchors = list(_anchors(known, number, taken))
    found: list[Layer] = []
    for nth, (index, kernel, pool) in enumerate(anchors):
        end = anchors[nth + 1][0] if nth + 1 < len(anchors) else len(sentence.pieces)
        own = _own(known, number, index, end, first=nth == 0)
        layer = _layer(own, index, kernel, pool=pool)
        if layer is None:
            return None
        count = count_of(sentence, index)
        found += [layer] * count + [layer] * _repeated(sentence, index, end)
        if len(found) > MOST_LAYERS:
            return None
    return tuple(found)


def _called(call: LayerCall) -> Layer:
    """A layer written as code, with torch's defaults."""
    kernel = call.pair("kernel", (1, 1))
    step = call.pair("stride", kernel if call.layer == "pool" else (1, 1))
    kind = "conv" if call.layer == "conv2d" else call.layer
    window = Window(kernel, step, call.pair("pad", (0, 0)), call.pair("dilation", (1, 1)), kind)
    used = tuple(each.piece.start for each in call.arguments.values())
    return Layer(window, call.first, used)


def _anchors(
    known: Scene, number: int, taken: Collection[Piece]
) -> Iterator[tuple[int, tuple[int, int], bool]]:
    """The windows of a sentence: (index, kernel, whether it pools)."""
    sentence = known.sentences[number]
    roles = {e.index: e for e in known.facts if e.sentence == number and e.piece not in taken}
    for index, piece in enumerate(sentence.pieces):
        fact = roles.get(index)
        role = fact.role if fact is not None and fact.piece is piece else None
        square = len(piece.size) == 2 and max(piece.size) <= LARGEST_KERNEL and piece not in taken
        if role in (Role.KERNEL, Role.POOL) and fact is not None:
            value = fact.value if len(fact.value) > 1 else fact.value * 2
            yield index, (value[0], value[1]), role is Role.POOL or _pools(sentence, index)
        elif square and role is None:
            yield index, (piece.size[0], piece.size[1]), _pools(sentence, index)


def _pools(sentence: Sentence, index: int) -> bool:
    around = {each.gist for each in sentence.pieces[max(0, index - 2) : index + 4]}
    return "pool" in around and "conv" not in around


def _own(known: Scene, number: int, index: int, end: int, *, first: bool) -> dict[Role, Fact]:
    """The stride, padding and dilation of the layer whose window stands at ``index``."""
    sentence = known.sentences[number]
    found: dict[Role, Fact] = {}
    for fact in known.facts:
        if fact.sentence != number or fact.role not in OWN:
            continue
        near = sentence.pieces[max(0, fact.index - 3) : fact.index + 4]
        general = any(each.gist in EVERYWHERE for each in near)
        before = first and fact.index < index
        if index < fact.index < end or ((general or before) and fact.role not in found):
            found[fact.role] = fact
    return found


def _layer(
    own: dict[Role, Fact], index: int, kernel: tuple[int, int], *, pool: bool
) -> Layer | None:
    stride = own.get(Role.STRIDE)
    step = _pair(stride.value) if stride else (kernel if pool else (1, 1))
    dilation = own.get(Role.DILATION)
    spread = _pair(dilation.value) if dilation else (1, 1)
    pad = own.get(Role.PAD)
    padding = _pair(pad.value) if pad else (0, 0)
    if pad is not None and pad.value == SAME:
        if step != (1, 1) or any(each % 2 == 0 for each in kernel):
            return None
        padding = ((kernel[0] - 1) // 2 * spread[0], (kernel[1] - 1) // 2 * spread[1])
    if 0 in step or 0 in spread or 0 in kernel:
        return None
    kind = "pool" if pool else "conv"
    used = tuple(each.piece.start for each in own.values())
    return Layer(Window(kernel, step, padding, spread, kind), index, used)


def _pair(value: tuple[int, ...]) -> tuple[int, int]:
    return value[0], value[-1]


def count_of(sentence: Sentence, index: int) -> int:
    """How often a layer is used: "two 5×5", "twice 5×5", "2× 5×5"."""
    following = sentence.pieces[index + 1 : index + 2]
    if following and following[0].gist in ("filters", "filter"):
        return 1  # "six 5×5 filters" are one layer
    before = sentence.pieces[max(0, index - 4) : index]
    for piece in reversed(before):
        if piece.gist in MULTIPLE:
            return MULTIPLE[piece.gist]
        quantity = piece.quantity
        if quantity is not None and piece.numeral and quantity.value.denominator == 1:
            return max(1, min(int(quantity.value), MOST_LAYERS))
        if piece.gist not in ADJECTIVES:
            break
    return 1


def _repeated(sentence: Sentence, start: int, end: int) -> int:
    """How often "another of those" repeats the layer; "then again a 3×3" begins the next one."""
    begins = end if end == len(sentence.pieces) else end - 3
    return sum(each.gist in AGAIN for each in sentence.pieces[start:begins])
