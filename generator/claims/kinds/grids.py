"""What a detector on a grid gives: "19×19 grid, 5 anchor boxes, 80 classes → 19×19×425".

Each cell has, for each of its anchor boxes, whether there is something, four numbers of a box, and the
classes. Without anchors a cell may share its classes among its boxes, as in the first YOLO.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.claims.candidate import Candidate, Reading, Size, claiming, distinct
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Pattern, Piece, Sentence, pattern
from generator.claims.scene import whole

KIND = "output size"

TOPIC = ("yolo", "yolov2", "yolov3", "anchor", "anchors", "p_c")
BOX = 5  # whether there is an object, and the box's middle and sides
MOST = 1000
OTHERS = ("ssd", "retinanet", "rpn", "faster", "head", "heads", "subnet", "branch")
INCOMING = wordset("feature features map maps fmap input image from backbone darknet conv")
GRID = pattern(r"<g:@> <*output yolo of*>(?:grid|cells)|grid <*of size cells with :*><h:@>")
ANCHORS = pattern(
    r"<n:#> <*prior*>(?:anchor|anchors)|<m:#> (?:boxes|box) (?:per|in each|for each|a) cell"
)
CLASSES = pattern(r"<n:#> <*object different*>(?:class|classes)")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find the size of what a detector gives."""
    if not context.speaks_of(*TOPIC):
        return
    for sentence in context.sentences:
        sides = {each.size for each in _grids(sentence)}
        classes, boxes = _number(sentence, CLASSES), _number(sentence, ANCHORS)
        if sentence.question or len(sides) != 1 or classes is None or sentence.has("not"):
            continue
        high, wide = sides.pop()
        used = [each.start for each in _grids(sentence)] + [classes[1]]
        count, at = boxes if boxes is not None else (1, -1)
        if not 0 < count * (BOX + classes[0]) < MOST or (at < 0 and sentence.has(*_BOXES)):
            continue
        found = list(_readings(high, wide, count, classes[0], shared=not _anchored(sentence)))
        own = _anchored(sentence) and context.speaks_of("yolo", "p_c")
        if not own or sentence.has(*OTHERS):
            found += _bare(high, wide, count, classes[0])
        for piece in sentence.pieces:
            readings = tuple(one for one in distinct(found) if _rank(one) == len(piece.size))
            if piece.size[:2] == (high, wide) and readings and not _taken(sentence, piece):
                early = piece.start < max(used)
                places = (*used, at)
                yield claiming(
                    KIND, sentence, piece, piece.size, readings, used=places, affirm_only=early
                )


_BOXES = ("anchor", "anchors", "boxes", "box")


def _anchored(sentence: Sentence) -> bool:
    return sentence.has("anchor", "anchors")


def _bare(high: int, wide: int, boxes: int, classes: int) -> list[Reading]:
    """What other detectors give: no value for whether there is an object, classes or boxes alone."""
    depths = {each: f"{each} values a box" for each in (4 + classes, classes, classes + 1, 4)}
    sizes: list[tuple[Size, str]] = [
        ((high, wide, boxes * each), how) for each, how in depths.items()
    ]
    sizes += [((high, wide, boxes, each), how) for each, how in depths.items()]
    return [Reading(size, how, doubtful=True) for size, how in sizes]


def _taken(sentence: Sentence, piece: Piece) -> bool:
    """Whether a size is of what goes in: "the 13×13×1024 feature map"."""
    at = sentence.index_of(piece)
    near = {each.gist for each in sentence.pieces[max(0, at - 4) : at + 4]}
    return bool(near & INCOMING)


def _rank(reading: Reading) -> int:
    return len(reading.value) if isinstance(reading.value, tuple) else 0


def _grids(sentence: Sentence) -> Iterator[Piece]:
    for found in sentence.find(GRID):
        piece = found.get("g") or found.get("h")
        if piece is not None and len(piece.size) == 2:
            yield piece


def _number(sentence: Sentence, form: Pattern) -> tuple[int, int] | None:
    """The only number of a form, and where it stands."""
    pieces = [each for found in sentence.find(form) for each in found.groups.values()]
    values = [(number[0], piece.start) for piece in pieces if (number := whole(piece))]
    return values[0] if len({each for each, _ in values}) == 1 else None


def _readings(high: int, wide: int, boxes: int, classes: int, *, shared: bool) -> Iterator[Reading]:
    """The output with a value a box and class in its depth, or with the boxes on an axis of their own."""
    each = BOX + classes
    deep = [(boxes * each, f"{boxes}·({BOX} + {classes})")]
    if shared:
        deep.append((boxes * BOX + classes, f"{boxes}·{BOX} + {classes}"))
    for depth, how in deep:
        layer = f'nn.Conv2d(8, {depth}, 1, device="meta")'
        source = f"channels_last(output({layer}, (8, {high}, {wide})))"
        yield Reading((high, wide, depth), f"{how} = {depth} for each cell", source)
    layer = f'nn.Conv2d(8, {boxes * each}, 1, device="meta")'
    cells = f"output({layer}, (8, {high}, {wide}))"
    source = f"(*{cells}[1:], {boxes}, {cells}[0] // {boxes})"
    yield Reading((high, wide, boxes, each), f"{BOX} + {classes} = {each} for each box", source)
