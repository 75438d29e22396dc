"""Lists of a network's layers by their names: "C1: 6 @ 5×5 → 28×28×6", and below it "156 p".

A line that begins with a layer's name speaks of that layer of the section's network: the map it makes,
its filters, its kernel. A line with nothing but a count goes on with the layer of the line above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from generator.architectures.ir import Conv2d
from generator.claims import networks, parts
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Quantity
from generator.claims.referring import candidates_of

KIND = "structure"

_LABEL = re.compile(r"(?:[cfs]|fc|conv)\d(?:_\d)?")
BEHIND = (":", "→", "(", "=", "⇒")
POOLS = "(nn.MaxPool2d, nn.AvgPool2d)"


def recognise(context: Context) -> Iterator[Candidate]:
    """Find what a line says of the layer it begins with, or the line above it."""
    if context.subject is None:
        return
    for sentence in context.sentences:
        if sentence.question or context.mentions(sentence) or sentence.has("not", "if"):
            continue
        label = _label(sentence)
        if label:
            yield from _described(context, sentence, label)
        elif context.earlier and (label := _label(context.earlier[-1])):
            yield from _counted(context, sentence, label)


def _label(sentence: Sentence) -> str:
    first = sentence.pieces[0].gist
    behind = len(sentence.pieces) > 1 and sentence.pieces[1].gist in BEHIND
    return first if behind and _LABEL.fullmatch(first) else ""


def _described(context: Context, sentence: Sentence, label: str) -> Iterator[Candidate]:
    pieces = sentence.pieces
    for at, piece in enumerate(pieces):
        before = pieces[at - 1].gist if at else ""
        after = [each.gist for each in pieces[at + 1 : at + 2]]
        if len(piece.size) == 3 and before in ("→", ":") and "→" not in after:
            yield from _stated(context, sentence, piece, piece.size, _map, label)
        elif piece.sort is Sort.NUMBER and after == ["@"] and piece.quantity is not None:
            yield from _stated(context, sentence, piece, piece.quantity, _filters, label)
        elif len(piece.size) == 2 and before == "@":
            yield from _stated(context, sentence, piece, piece.size, _kernel, label)


def _counted(context: Context, sentence: Sentence, label: str) -> Iterator[Candidate]:
    """ "156 p", with nothing else."""
    sign = next((at for at, each in enumerate(sentence.pieces) if each.gist in ("⇒", "=")), -1)
    pieces = sentence.pieces[sign + 1 :]
    ended = len(pieces) == 2 or (len(pieces) > 2 and pieces[2].gist == ",")
    if not ended or pieces[0].quantity is None or pieces[0].sort is not Sort.NUMBER:
        return
    unit = pieces[1].expression
    if pieces[1].gist not in ("parameter", "weight") and not (
        isinstance(unit, Name) and unit.name in ("p", "P")
    ):
        return
    part = parts.Part(label, 0, 1)
    yield from _stated(
        context,
        sentence,
        pieces[0],
        pieces[0].quantity,
        lambda subject, _: next(iter(parts.amounts(subject, part, "parameters", bias=True)), None),
        label,
    )


Measure = Callable[[Subject, str], "Reading | None"]


def _stated(
    context: Context,
    sentence: Sentence,
    piece: Piece,
    stated: Quantity | tuple[int, ...],
    measure: Measure,
    label: str,
) -> Iterator[Candidate]:
    assert context.subject is not None
    subjects = candidates_of(context, context.subject, named=False)
    readings = [reading for each in subjects if (reading := measure(each, label)) is not None]
    if readings:
        yield claiming(
            KIND,
            sentence,
            piece,
            stated,
            distinct(readings),
            subject=context.subject.name,
            expected=context.passage.text[piece.start : piece.end].strip(),
        )


def _map(subject: Subject, label: str) -> Reading | None:
    """The map that a layer makes, channels last."""
    known = networks.shapes(subject.network)
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    if known is None:
        return None
    if label.startswith("s"):
        kind, index = POOLS, {"s2": 0, "s4": 1}.get(label, -1)
        nodes = [
            at
            for at, node in networks.main_nodes(subject.network)
            if isinstance(node.op, networks.POOLS)
        ]
        if subject.family != "lenet" or not 0 <= index < len(nodes):
            return None
        node = nodes[index]
    else:
        chosen = parts.layers(subject, label)
        if chosen is None or chosen.index is None or chosen.kind != "nn.Conv2d":
            return None
        kind, index, node = chosen.kind, chosen.index, chosen.nodes[0]
    shape = known[node]
    if len(shape) != 3:
        return None
    value = (*shape[1:], shape[0])
    source = (
        f"[channels_last(tuple(made.shape[1:])) for _, each, _, made in calls_of({model}) "
        f"if isinstance(each, {kind})][{index}]"
    )
    return Reading(
        value, f"{label.upper()} of {subject.name} makes {'×'.join(map(str, value))}", source
    )


def _convolution(subject: Subject, label: str) -> tuple[Conv2d, str] | None:
    chosen = parts.layers(subject, label)
    if chosen is None or chosen.index is None:
        return None
    op = subject.network.nodes[chosen.nodes[0]].op
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    return (op, f"{chosen.listed(model)}[0]") if isinstance(op, Conv2d) else None


def _filters(subject: Subject, label: str) -> Reading | None:
    found = _convolution(subject, label)
    if found is None:
        return None
    op, source = found
    how = f"{label.upper()} of {subject.name} has {op.out_channels} filters"
    return Reading(Fraction(op.out_channels), how, f"{source}.out_channels")


def _kernel(subject: Subject, label: str) -> Reading | None:
    found = _convolution(subject, label)
    if found is None:
        return None
    op, source = found
    how = f"{label.upper()} of {subject.name} has {op.kernel[0]}×{op.kernel[1]} filters"
    return Reading(op.kernel, how, f"{source}.kernel_size")
