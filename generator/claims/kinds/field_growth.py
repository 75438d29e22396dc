"""Receptive fields that grow: "3 after the first 3×3, 5 after the second", "dilation 4 reaches 9×9".

Depths are paired with the fields a sentence gives for them; a stack of different windows, with
strides and pooling, sees 1 + Σ (k-1)·(strides before it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.kinds import receptive_field
from generator.claims.layers import Window, brief
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity
from generator.claims.scene import LARGEST_WINDOW, Role, Scene
from generator.claims.stack import layers

KIND = receptive_field.KIND
LARGEST_FIELD = receptive_field.LARGEST_FIELD

ORDINALS = {
    each: nth
    for nth, each in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 1
    )
}
SEEING = wordset("rf see sees seen cover covers looks look view views reach reaches spans span")
DEPTH_NOUNS = wordset("layer conv of such stack")
GROWTH = pattern(
    r"(?:by|adds?|plus|\+) <g:#> <*pixel pixels more further*>(?:(?:for|with|at|in|each|a|every) "
    r")*(?:layer|conv|step|time|one)"
)
GROWTH_FIRST = pattern(
    r"(?:each|a|every) <*further additional more extra next new such of these layer*>(?:@\d+ )(?:<*conv layer filter*>)"
    r"(?:[^\s#@%~.;]+ ){1,6}<g:#>"
)
FIELD = pattern(
    r"(?:rf|see|sees|look at|looks at|cover|covers|depend on|depends on|view|views|span|spans) "
    r"(?:(?:of|be|=|:|size|is|the|a|an|at|to|unit|then|have|total|exactly|just|region|patch|area|"
    r"window|here|in|→|on|input|image|that|so|give|overall|all|together|it|grows) )*<f:@#>"
)
FIELD_PIXELS = pattern(r"→ <f:#> (?:px|pixels?)")
FIELD_BEFORE = pattern(
    r"<f:@#> <*pixel pixels input*>(?:rf|region of the input|patch of the input)"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find receptive fields of growing, mixed and dilated stacks."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question or sentence.has("not", "transposed"):
            continue
        dilated = any(e.sentence == number for e in context.scene.of(Role.DILATION))
        dilated = dilated or (sentence.has("dilation") and bool(_plural(sentence)))
        if dilated:
            yield from _dilations(context.scene, number, sentence)
        elif context.speaks_of("rf", "receptive") or sentence.words & SEEING:
            yield from _uniform(context, number, sentence)
        seeing = sentence.words & SEEING or context.speaks_of("receptive")
        if seeing and (dilated or sentence.has("→", "then", "followed", "pool")):
            yield from _mixed(context, number, sentence)


# ------------------------------------------------------------------ one kernel, growing depth


@dataclass(frozen=True, slots=True)
class Stack:
    """Equal convolutions with stride 1 of kernel ``side``, and the piece that names it."""

    side: int
    piece: Piece

    def field(self, depth: int) -> int:
        """What so many of them see."""
        return 1 + depth * (self.side - 1)


def _uniform(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    known = context.scene
    strides = {e.value for e in known.of(Role.STRIDE) if e.sentence == number}
    if strides - {(1,)} or sentence.has("pool", "parameter"):
        return
    stack = _kernel(sentence)
    if stack is None:
        return
    growth = [found["g"] for found in sentence.find(GROWTH)]
    if sentence.has("rf"):
        growth += [found["g"] for found in sentence.find(GROWTH_FIRST) if _grows(sentence)]
    for piece in growth:
        if piece.quantity is not None:
            how = f"{stack.side}-1 = {stack.side - 1}"
            source = f"{_seen(stack, 3)} - {_seen(stack, 2)}"
            yield _field(sentence, piece, stack.side - 1, how, source, (stack.piece.start,))
    depths = [
        at for at, e in enumerate(sentence.pieces) if _depth(sentence, at, e) and e not in growth
    ]
    fields = [
        at
        for at, each in enumerate(sentence.pieces)
        if _is_field(sentence, each, stack) and at not in depths and each not in growth
    ]
    pairs = paired(depths, fields) or _steps(sentence, stack, depths, fields)
    used = (stack.piece.start, *(sentence.pieces[at].start for at in depths))
    if len(pairs) > 1 or any(sentence.pieces[at].gist in ORDINALS for at in depths):
        for depth_at, at in pairs:
            depth = _depth(sentence, depth_at, sentence.pieces[depth_at]) if depths else depth_at
            field = stack.field(depth)
            if field > LARGEST_FIELD:
                return
            how = f"1+{depth}·({stack.side}-1) = {field}"
            yield _field(
                sentence, sentence.pieces[at], field, how, _seen(stack, depth), used, area=True
            )


def _grows(sentence: Sentence) -> bool:
    return sentence.has(
        "adds", "add", "plus", "increases", "enlarges", "grows", "extends", "widens"
    )


def _kernel(sentence: Sentence) -> Stack | None:
    """The kernel that all layers have: the first small square, where no other can be one."""
    sizes = [each for each in sentence.pieces if each.size]
    squares = [e for e in sizes if len(e.size) == 2 and e.size[0] == e.size[1] <= LARGEST_WINDOW]
    if not squares or squares[0] is not sizes[0] or squares[0].size[0] < 2:
        return None
    return Stack(squares[0].size[0], squares[0])


def _depth(sentence: Sentence, at: int, piece: Piece) -> int:
    """How many layers a piece counts; 0 for none."""
    if piece.gist in ORDINALS:
        return ORDINALS[piece.gist]
    quantity = piece.quantity
    if piece.sort is not Sort.NUMBER or quantity is None or not quantity.exact:
        return 0
    if quantity.value.denominator != 1 or not 1 <= quantity.value <= 32:
        return 0
    following = sentence.pieces[at + 1] if at + 1 < len(sentence.pieces) else None
    before = sentence.pieces[at - 1].gist if at else ""
    counts = following is not None and (
        following.gist in DEPTH_NOUNS or following.sort is Sort.SIZE
    )
    pronoun = piece.numeral and quantity.value == 1 and before in (*ORDINALS, "this", "each", "the")
    return int(quantity.value) if (piece.numeral or counts) and not pronoun else 0


def _is_field(sentence: Sentence, piece: Piece, stack: Stack) -> bool:
    if piece.size:
        square = len(piece.size) == 2 and piece.size[0] == piece.size[1]
        return square and piece is not stack.piece and piece.size != stack.piece.size
    quantity = piece.quantity
    if piece.sort is not Sort.NUMBER or quantity is None or piece.numeral:
        return False
    following = sentence.words_after(piece, 1)
    if set(sentence.words_after(piece, 2)) & {"channel", "values", "value", "positions"}:
        return False
    return quantity.value.denominator == 1 and following[:1] not in (
        ("weight",), ("%",), ("channel",), ("filters",), ("times",),
    )  # fmt: skip


def _steps(
    sentence: Sentence, stack: Stack, depths: Sequence[int], fields: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Read "3 → 5 → 7": depths by place, from 1 or the kernel's own side on."""
    if depths or len(fields) < 3 or not sentence.has("rf"):
        return ()
    for first, second in pairwise(fields):
        if [each.gist for each in sentence.pieces[first + 1 : second]] != ["→"]:
            return ()
    piece = sentence.pieces[fields[0]]
    side = piece.size[0] if piece.size else int(piece.quantity.value)  # type: ignore[union-attr]
    if side not in (1, stack.side):
        return ()
    return tuple((nth + (side != 1), at) for nth, at in enumerate(fields))


def _seen(stack: Stack, depth: int) -> str:
    size = 2 * stack.field(depth) + 32
    return f"seen(*[nn.Conv2d(1, 1, {stack.side}) for _ in range({depth})], size={size})"


def _field(
    sentence: Sentence,
    piece: Piece,
    value: int,
    how: str,
    source: str,
    used: tuple[int, ...],
    *,
    area: bool = False,
) -> Candidate:
    """A stated field; ``area`` says that a plain number may count all its pixels."""
    stated = piece.size or piece.quantity
    assert stated is not None
    sized = bool(piece.size)
    reading = Reading(
        (value, value) if sized else Fraction(value),
        how,
        "(field, field)" if sized else "field",
        (f"field = {source}",),
    )
    readings = [reading]
    if area and not sized and value > 1:
        readings.append(
            Reading(Fraction(value * value), f"{how} a side", "field ** 2", reading.setup)
        )
    shown = "×".join(map(str, piece.size)) if sized else piece.quantity.text  # type: ignore[union-attr]
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        tuple(readings),
        expected=shown,
        used=used,
    )


# ------------------------------------------------------------------ dilation


SPANNING = SEEING | wordset("effective stretches")
WINDOW = pattern(
    r"<k:#> <*- tap wide px pixel pixels*>(?:filters?|kernel)|filters? <*of size width side :*><k2:#>|"
    r"k = <k3:#>"
)


def _dilations(scene: Scene, number: int, sentence: Sentence) -> Iterator[Candidate]:
    """What one kernel sees with a dilation, or a stack of it with several: "spans 9 pixels"."""
    window = _kernel(sentence) or _written_kernel(sentence)
    facts = [e for e in scene.of(Role.DILATION) if e.sentence == number]
    places = [each.index for each in facts] or _plural(sentence)
    if window is None or not places:
        return
    if len(places) == 1:
        places = _list(sentence, places[0])
    first = [
        at
        for at, each in enumerate(sentence.pieces)
        if at not in places and each is not window.piece and _spanned(sentence, at, each)
    ]
    fields = sorted({at for each in first for at in _list(sentence, each)} - set(places))
    known = {window.piece, *(sentence.pieces[at] for at in fields)}
    if any(each.size and each not in known for each in sentence.pieces):
        return
    if len(places) > 1 and len(fields) == 1 and not sentence.has("respectively"):
        yield from _dilated_stack(sentence, window, places, sentence.pieces[fields[0]])
    seen = 1
    for place, at in paired(places, fields):
        quantity = sentence.pieces[place].quantity
        dilation = int(quantity.value) if quantity is not None else 0
        value = dilation * (window.side - 1) + 1
        seen += value - 1
        if dilation > 0 and value <= LARGEST_FIELD:
            how = f"{dilation}·({window.side}-1)+1 = {value}"
            source = (
                f"seen(nn.Conv2d(1, 1, {window.side}, dilation={dilation}), size={2 * value + 32})"
            )
            used = (window.piece.start, *(sentence.pieces[each].start for each in places))
            found = _field(sentence, sentence.pieces[at], value, how, source, used)
            if len(places) > 1 and seen != value:  # or each on top of those before
                stacked = Fraction(seen) if isinstance(found.stated, Quantity) else (seen, seen)
                reading = replace(found.readings[0], value=stacked, doubtful=True)
                found = replace(found, readings=(*found.readings, reading))
            yield replace(found, decisive=len(places) == 1)


def _written_kernel(sentence: Sentence) -> Stack | None:
    """A kernel by its side alone: "a 3-tap kernel", "kernel size 5"."""
    found = [e for match in sentence.find(WINDOW) for e in match.groups.values()]
    sides = {each.quantity.value for each in found if each.quantity is not None}
    if len(sides) != 1 or not 1 < (side := min(sides)) <= LARGEST_WINDOW or side.denominator != 1:
        return None
    return Stack(int(side), found[0])


def _plural(sentence: Sentence) -> list[int]:
    """The first number of "dilations of 1, 2 and 4"."""
    for at, piece in enumerate(sentence.pieces):
        if piece.gist == "dilation":
            for here in range(at + 1, min(at + 4, len(sentence.pieces))):
                if sentence.pieces[here].sort is Sort.NUMBER:
                    return [here]
                if sentence.pieces[here].gist not in ("of", "rates", "rate", "=", ":", "being"):
                    break
    return []


def _spanned(sentence: Sentence, at: int, piece: Piece) -> bool:
    """Whether a number or a square is what a word of seeing leads to: "spans 9", "effective 5×5"."""
    square = len(piece.size) == 2 and piece.size[0] == piece.size[1]
    plain = piece.sort is Sort.NUMBER and piece.quantity is not None and not piece.numeral
    if not (square or (plain and piece.quantity is not None and piece.quantity.value > 1)):
        return False
    for here in range(at - 1, max(-1, at - 7), -1):
        before = sentence.pieces[here]
        into = square and before.gist == "into" and sentence.has("effective")
        if before.gist in SPANNING or into:
            return True
        if before.sort not in (Sort.WORD, Sort.MARK) or before.gist in ("pad", "stride", ",", ";"):
            return False
    return False


def _dilated_stack(
    sentence: Sentence, stack: Stack, places: Sequence[int], field: Piece
) -> Iterator[Candidate]:
    """Read "dilations 1, 2, 4 and 8 with 3×3 kernels see 31×31": one layer for each dilation."""
    dilations = [int(sentence.pieces[each].quantity.value) for each in places]  # type: ignore[union-attr]
    windows = [Window((stack.side, stack.side), dilation=(each, each)) for each in dilations]
    value, terms = _reach(windows)
    if value <= LARGEST_FIELD and all(dilations):
        source = f"seen({', '.join(map(_window, windows))}, size={3 * value + 32})"
        numerals = tuple(each.start for each in sentence.pieces if each.numeral)
        used = (stack.piece.start, *numerals, *(sentence.pieces[each].start for each in places))
        yield _field(sentence, field, value, f"1+{'+'.join(terms)} = {value}", source, used)


def _list(sentence: Sentence, at: int) -> list[int]:
    """The numbers of a list that begins at ``at``: "1, 2 and 4"."""
    found = [at]
    while at + 2 < len(sentence.pieces) and sentence.pieces[at + 1].gist in (",", "and", "or", "/"):
        at += 2
        at += sentence.pieces[at].gist == "and"
        same = (
            at < len(sentence.pieces) and sentence.pieces[at].sort is sentence.pieces[found[0]].sort
        )
        if not same:
            break
        found.append(at)
    return found


# ------------------------------------------------------------------ different windows


def _mixed(context: Context, number: int, sentence: Sentence) -> Iterator[Candidate]:
    """Read "conv 3×3 → pool 2×2 → conv 3×3: an output sees 8×8"."""
    stated = [e["f"].start for form in (FIELD, FIELD_PIXELS) for e in sentence.find(form)]
    if len(set(stated)) > 1 or not sentence.has("conv", "layer", "filter", "filters", "pool"):
        return
    for form in (FIELD, FIELD_BEFORE, FIELD_PIXELS):
        for found in sentence.find(form):
            piece = found["f"]
            if piece.numeral or (piece.size and len(piece.size) != 2):
                continue
            stack = layers(context.scene, number, taken=(piece,))
            if not stack or len(stack) < 2:
                continue
            place = sentence.index_of(piece)
            sides = {each.index < place for each in stack}
            if len(sides) > 1:  # a field between two layers
                continue
            windows = [each.window for each in stack]
            if len(set(windows)) < 2 and all(each.stride == (1, 1) for each in windows):
                continue
            value, terms = _reach(windows)
            if value > LARGEST_FIELD:
                continue
            used = tuple(sentence.pieces[e.index].start for e in stack) + tuple(
                start for each in stack for start in each.used
            )
            source = f"seen({', '.join(map(_window, windows))}, size={3 * value + 32})"
            how = f"1+{'+'.join(terms)} = {value}"
            stated_field = _field(sentence, piece, value, how, source, used, area=True)
            late = any(start > piece.start for each in stack for start in each.used)
            others = {e.start for e in sentence.pieces if e.size or e.quantity} - {*used}
            # "sees 7×7, with dilation 2 in the second it is 9×9"
            doubtful = late and any(start > piece.start for start in others)
            yield replace(stated_field, affirm_only=doubtful)
            return


def _reach(windows: Sequence[Window]) -> tuple[int, list[str]]:
    """What one output sees: the field and its terms."""
    field, jump, terms = 1, 1, []
    for each in windows:
        reach = each.dilation[0] * (each.kernel[0] - 1)
        field += reach * jump
        terms.append(f"{reach}·{jump}" if jump > 1 else str(reach))
        jump *= each.stride[0]
    return field, terms


def _window(window: Window) -> str:
    stride = f", stride={brief(window.stride)}"
    if window.kind == "pool":
        return f"nn.AvgPool2d({brief(window.kernel)}{stride})"
    dilation = "" if window.dilation == (1, 1) else f", dilation={brief(window.dilation)}"
    return f"nn.Conv2d(1, 1, {brief(window.kernel)}{stride}{dilation})"
