"""What convolutions cost: 672 multiplications depthwise-separably against 2,160.

A standard convolution multiplies H·W·N·f·f·c times; a depthwise one H·W·c·f·f, the pointwise one
after it H·W·c·N. Which of them a number is about, its own clause says; where nothing says it, any of
them may make it true, and only all of them together make it false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.layers import Window, conv_cost
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, pattern
from generator.claims.quantity import quantity, show
from generator.claims.scene import SAME, Role, Scene

KIND = "cost"

_MANY = r"<*total scalar elementary single floating-point float more such individual simple of*>"
TARGETS = tuple(
    pattern(text)
    for text in (
        rf"<n:#%@> {_MANY}(?:mult|mac|operation|flop)",
        r"(?:cost|mult|mac|operation|flop|computation) <..8>?(?:be|of|=|:|to|→|give|need|about|"
        r"for) <*only just a the merely*><n:#%>",
        r"(?:cost|mult|mac|operation|flop) <n:#%>",
    )
)
# A further number beside one that says what it counts: "the depthwise separable one 672".
LABELLED = tuple(
    pattern(text)
    for text in (
        r"(?:depthwise|pointwise|separable|standard|conv|one|version|part|step|layer|bottleneck|"
        r"total|instead of|against|versus|vs|lessthan|morethan|under|over|than) (?:(?:one|ones|"
        r"version|conv|separable|part|step|layer|be|of|:|=|only|just|need|cost|the|a|with|total|"
        r",|\(|'s|'|s|for|→|standard) )*<n:#%>",
        r"<n:#%> (?:for|in|with) <*the a its*>(?:depthwise|pointwise|separable|standard)",
    )
)
RATIO_WORDS = frozenset(("ratio", "times", "x", "factor", "percent", "%", "/"))
LABELS = ("separable", "depthwise", "pointwise", "standard")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find stated costs of convolutions."""
    passage, known = context.passage, context.scene
    if not any(
        each.has("mult", "mac", "operation", "flop", "cost", "computation")
        for each in passage.sentences
    ):
        return
    for number, sentence in enumerate(passage.sentences):
        if sentence.question:
            continue
        for piece in _targets(known, sentence):
            found = _candidate(context, known, number, sentence, piece)
            if found is not None:
                yield found


def _targets(known: Scene, sentence: Sentence) -> list[Piece]:
    found: list[Piece] = []
    for form in TARGETS:
        found += [each["n"] for each in sentence.find(form)]
    if found:
        for form in LABELLED:
            found += [each["n"] for each in sentence.find(form)]
    kept: list[Piece] = []
    for piece in found:
        after = sentence.words_after(piece, 1)
        roled = known.role_of(piece) is not None or piece.numeral
        if piece in kept or roled or (after and after[0] in _NOT_COST):
            continue
        before = sentence.words_before(piece, 1)
        if before and before[0] in ("by", "not", "×", "x"):
            continue
        kept.append(piece)
    return sorted(kept, key=lambda each: each.start)


_NOT_COST = RATIO_WORDS | wordset(
    "channel filters filter fmap map class parameter weight unit layer million-parameter input "
    "output "
    "image bit byte bytes mb gb kb"
)


def _candidate(
    context: Context, known: Scene, number: int, sentence: Sentence, piece: Piece
) -> Candidate | None:
    index = sentence.index_of(piece)
    if piece.quantity is None and not piece.size:
        return None
    label = _label(sentence, index)
    readings = _readings(known, number, index, label, context)
    if not readings:
        return None
    stated = piece.quantity or quantity(prod(piece.size))
    inherited = known.inherits(Role.KERNEL, Role.INPUT, sentence=number, index=index)
    contested = any(
        known.near(role, number, index)[1] for role in (Role.KERNEL, Role.FILTERS, Role.INPUT)
    )
    return claiming(
        KIND,
        sentence,
        piece,
        stated,
        distinct(readings),
        expected=f"{context.passage.text[piece.start : piece.end].strip()} multiplications",
        affirm_only=contested or inherited or _crowded(known, number),
    )


def _crowded(known: Scene, number: int) -> bool:
    """Whether several layers or maps stand in the sentence, so that a cost may be another's."""
    return any(
        len({each.value for each in known.of(role) if each.sentence == number}) > 1
        for role in (Role.KERNEL, Role.INPUT)
    )


def _label(sentence: Sentence, index: int) -> str:
    """Which convolution the number at ``index`` is about: the nearest label in its clause."""
    stops = {
        ",",
        ";",
        "while",
        "whereas",
        "but",
        "instead",
        "against",
        "versus",
        "vs",
        "lessthan",
        "morethan",
        "than",
        "compared",
    }
    first = index
    while first > 0 and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    before = [each.gist for each in sentence.pieces[first:index]]
    after = [each.gist for each in sentence.pieces[index + 1 : index + 8]]
    for stop in stops:
        if stop in after:
            after = after[: after.index(stop)]
    for words in (before[::-1], after):
        for position, word in enumerate(words):
            if word == "depthwise" and "separable" in words[max(0, position - 1) : position + 2]:
                return "separable"
            if word in LABELS:
                return word
    return ""


def _readings(known: Scene, number: int, index: int, label: str, context: Context) -> list[Reading]:
    kernel, _ = known.near(Role.KERNEL, number, index)
    volume, _ = known.near(Role.INPUT, number, index)
    filters, _ = known.near(Role.FILTERS, number, index)
    if kernel is None or volume is None or len(volume.value) not in (2, 3):
        return []
    height, width = volume.value[:2]
    depth = volume.value[2] if len(volume.value) == 3 else None
    if depth is None and len(kernel.value) == 3:
        depth = kernel.value[2]
    if depth is None:
        channels, _ = known.near(Role.IN_CHANNELS, number, index)
        depth = channels.value[0] if channels else None
    output, _ = known.near(Role.OUTPUT, number, index)
    made = filters.value[0] if filters else None
    if made is None and output is not None and len(output.value) == 3:
        made = output.value[2]
    if depth is None or made is None or len(kernel.value) > 3:
        return []
    k = kernel.value if len(kernel.value) > 1 else kernel.value * 2
    stride, _ = known.near(Role.STRIDE, number, index)
    step = stride.value[0] if stride else 1
    found: list[Reading] = []
    for padding in _paddings(known, number, index, (k[0], k[1])):
        window = Window((k[0], k[1]), (step, step), padding)
        found += _costs(window, (height, width), depth, made, label, context)
    return found


def _paddings(
    known: Scene, number: int, index: int, kernel: tuple[int, int]
) -> Sequence[tuple[int, int]]:
    """The paddings meant: the stated one, else none and the one that keeps the size."""
    fact, _ = known.near(Role.PAD, number, index)
    same = ((kernel[0] - 1) // 2, (kernel[1] - 1) // 2)
    if fact is not None:
        return [same] if fact.value == SAME else [(fact.value[0], fact.value[-1])]
    return [(0, 0), same] if same != (0, 0) else [(0, 0)]


def _costs(
    window: Window, size: tuple[int, int], depth: int, made: int, label: str, context: Context
) -> list[Reading]:
    standard = conv_cost(window, size, channels=depth, filters=made)
    deep = conv_cost(window, size, channels=depth, filters=depth, groups=depth)
    if standard is None or deep is None:
        return []
    top = (size[0] + 2 * window.padding[0] - window.kernel[0]) // window.stride[0] + 1
    side = (size[1] + 2 * window.padding[1] - window.kernel[1]) // window.stride[1] + 1
    point = conv_cost(Window((1, 1)), (top, side), channels=depth, filters=made)
    if point is None:
        return []
    total = deep[0] + point[0]
    both = (
        total,
        f"{deep[1].split(' = ')[0]} + {point[1].split(' = ')[0]} = {show(Fraction(total))}",
        f"{deep[2]} + {point[2]}",
    )
    by_label = {"standard": standard, "depthwise": deep, "pointwise": point, "separable": both}
    split = context.speaks_of("depthwise", "separable", "pointwise")
    if label:
        chosen = [by_label[label]]
    elif split:
        chosen = [standard, both, deep, point]
    else:
        chosen = [standard]
    return [Reading(Fraction(value), how, source) for value, how, source in chosen]
