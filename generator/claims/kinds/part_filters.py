"""Filters of single convolutions of a network: "6 filters in C1, 16 in C3", "a final 1×1 conv to 1280
channels".

Counted in networks whose convolutions follow one another; of a list, each number is its own claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.architectures.ir import Conv2d
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, pattern
from generator.claims.referring import asserted, refer

KIND = "structure"

_PLACE = r"(?:the )?(?P<place>c\d|conv\d|first|second|third|fourth|fifth)"
FILTERS = pattern(rf"<n:#> (?:@\d+ )?filters (?:in|for) {_PLACE}(?: (?:conv|layer|#\d+))*")
MORE = pattern(rf"(?:,|and|then) <n:#> (?:in|for) {_PLACE}(?: (?:conv|layer|#\d+))*")
BRACKETED = pattern(r"(?P<place>c[13]) \( <n:#> (?:@\d+ )?filters")
LAST = pattern(
    r"(?:a |the )(?:final|last) (?:@\d+ |pointwise )?conv (?:layer )?(?:to|with|of) <n:#> "
    r"(?:output )?(?:channel|filters)"
)
START = pattern(
    r"(?:between|with|by) (?:the |a )?first conv (?:layer )?(?:with|of) <n:#> (?:@\d+ )?filters"
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4}
# Layers by the letters that a paper gives them: convolutions of LeNet are C1 and C3.
LETTERED = {"c1": 0, "c3": 1}
OTHERS = ("module", "branch", "inception", "stage", "not", "if", "each", "every", "wide", "would")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of filters of a network's convolutions."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if sentence.question or (context.subject is None and not named) or sentence.has(*OTHERS):
            continue
        listed = [*sentence.find(FILTERS), *sentence.find(BRACKETED)]
        for found in (*listed, *(sentence.find(MORE) if listed else ())):
            place = found.match.group("place")
            index = ORDINALS.get(place, LETTERED.get(place))
            if index is None and place.startswith("conv"):
                index = int(place[4:]) - 1
            if index is None or sentence.has("block") or not 0 <= index < 20:
                continue
            lettered = place in LETTERED
            yield from _stated(context, sentence, named, found["n"], index, lettered=lettered)
        for found in sentence.find(LAST):
            yield from _stated(context, sentence, named, found["n"], -1)
        for found in sentence.find(START):
            yield from _stated(context, sentence, named, found["n"], 0)


def _stated(
    context: Context,
    sentence: Sentence,
    named: tuple[Mention, ...],
    piece: Piece,
    index: int,
    *,
    lettered: bool = False,
) -> Iterator[Candidate]:
    at = sentence.index_of(piece)
    reference = refer(context, sentence, at, named)
    if reference is None or piece.quantity is None or piece.numeral or not asserted(sentence, at):
        return
    readings = [
        reading
        for each in reference.subjects
        if not lettered or each.family == "lenet"
        if (reading := _filters(each, index)) is not None
    ]
    if readings:
        yield claiming(
            KIND,
            sentence,
            piece,
            piece.quantity,
            distinct(readings),
            subject=reference.subject.name,
            expected=f"{piece.quantity.text} filters",
            used=tuple(each.start for each in sentence.pieces if each.numeral),
            decisive=lettered,
        )


def _filters(subject: Subject, index: int) -> Reading | None:
    network = subject.network
    convs = [node.op for _, node in networks.main_nodes(network) if isinstance(node.op, Conv2d)]
    if (networks.branching(network) and index > 0) or not -len(convs) <= index < len(convs):
        return None
    value = convs[index].out_channels
    which = "last" if index < 0 else f"{index + 1}."
    source = (
        f'used(model("{subject.name}"), {network.input_shape}, nn.Conv2d)[{index}].out_channels'
    )
    return Reading(
        Fraction(value), f"the {which} convolution of {subject.name} has {value} filters", source
    )
