"""Feature maps of whole networks: "the last feature map is 7×7×512", "ends in 6×6×256", "flattened
to 9,216 values", "takes 224×224 images".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

from generator.claims import images, networks
from generator.claims.candidate import Candidate, Reading, claiming, distinct, if_true
from generator.claims.context import Context
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.referring import refer

KIND = "structure"

LAST_MAP = pattern(
    r"(?:last|final) <..6>(?:map|fmap|volume|activation|features|pool|conv|block|stage|"
    r"tensor) <..5><v:@>"
)
ENDS_IN = pattern(
    r"(?:ends|ending|end|finishes|arrives) <*in with at on up a an the fmap map volume grid of size*><v:@>"
)
FLAT = pattern(
    r"flatten(?:ed|ing|s)?(?: [^\s#%~.;,]+){0,6} (?:to|into|give|→|of|be|a) <*a the vector of "
    r"length size to*><n:#>"
)
INPUT = pattern(
    r"(?:takes?|need|expects?|accepts?|input|wants|on|for|trained on|with) <*a an the rgb input "
    r"inputs of size be : image crops? at resolution fixed fixed-size have images*><v:@>(?: "
    r"(?:rgb|image|input|pixel|pixels|crops?|resolution))*"
)

DENSER = ("dilat", "atrous", "segment", "detect")  # networks that keep larger maps to their end


def recognise(context: Context) -> Iterator[Candidate]:
    """Find stated shapes of a network's maps."""
    for sentence in context.sentences:
        if not sentence.question:
            yield from _found(context, sentence, context.mentions(sentence))


def _found(context: Context, sentence: Sentence, named: tuple[Mention, ...]) -> Iterator[Candidate]:
    for form in (LAST_MAP, ENDS_IN):
        for found in sentence.find(form):
            candidate = _map(context, sentence, found["v"], named)
            if candidate is not None:
                yield candidate
                break
    for found in sentence.find(FLAT):
        piece = found["n"]
        reference = refer(context, sentence, sentence.index_of(piece), named)
        if reference is None or piece.quantity is None:
            continue
        readings = [
            Reading(
                Fraction(value),
                f"{each.name} flattens to {value:,} values",
                f'used(model("{each.name}"), {each.network.input_shape}, nn.Linear)[0].in_features',
            )
            for each in reference.subjects
            if (value := networks.flat_size(each.network)) is not None
        ]
        if not readings or context.scene.role_of(piece) is not None:
            continue
        candidate = claiming(
            KIND,
            sentence,
            piece,
            piece.quantity,
            distinct(readings),
            subject=reference.subject.name,
            expected=f"{piece.quantity.text} values",
            affirm_only=any(each.sort is Sort.SIZE for each in sentence.pieces),
        )
        settled = candidate if reference.certain else if_true(candidate)
        if settled is not None:
            yield settled
    for found in sentence.find(INPUT):
        candidate = _input(context, sentence, found["v"], named)
        if candidate is not None:
            yield candidate


def _map(
    context: Context, sentence: Sentence, piece: Piece, named: tuple[Mention, ...]
) -> Candidate | None:
    after = sentence.words_after(piece, 2)
    if len(piece.size) not in (2, 3) or set(after) & {"filters", "filter", "conv", "pool", "input"}:
        return None
    reference = refer(context, sentence, sentence.index_of(piece), named)
    if reference is None:
        return None
    if any(each.groups and each["v"] is piece for each in sentence.find(INPUT)) and sentence.has(
        "input"
    ):
        return None
    readings = []
    scaled = images.of_other_size(context.sentences, reference.subjects)
    for each, shape in product(reference.subjects, scaled or (None,)):
        taken = each.network.input_shape if shape is None else (each.network.input_shape[0], *shape)
        last = networks.last_map(each.network, taken)
        known = networks.shapes(each.network, taken)
        if last is None or known is None:
            continue
        channels_last = (*last[1][1:], last[1][0])
        value = channels_last[: len(piece.size)]
        source = f'last_map(model("{each.name}"), {taken})[:{len(piece.size)}]'
        how = f"{each.name} ends in {'×'.join(map(str, channels_last))}"
        how += f" on {shape[0]}×{shape[1]}" if shape else ""
        readings.append(Reading(value, how, source))
        for earlier in {s for s in known if len(s) == 3}:
            other = (*earlier[1:], earlier[0])[: len(piece.size)]
            if other != value:
                readings.append(Reading(other, "an earlier feature map", doubtful=True))
    if not readings:
        return None
    size = piece.size
    if len(size) == 3 and size[1] == size[2] and size[0] != size[1]:
        size = (size[1], size[2], size[0])
    candidate = claiming(
        KIND,
        sentence,
        piece,
        size,
        distinct(readings),
        subject=reference.subject.name,
    )
    sure = reference.certain or (bool(scaled) and reference.definite and _ends(sentence, piece))
    candidate = replace(candidate, used=images.places(sentence)) if scaled else candidate
    return candidate if sure else if_true(candidate)


def _ends(sentence: Sentence, piece: Piece) -> bool:
    """Whether it is the network that ends in a map: "fed with 448×448 images it ends in 14×14×2048"."""
    before = sentence.words_before(piece, 3)
    if any(each.word.lower().startswith(DENSER) for each in sentence.pieces):
        return False
    return before[-1:] == ("in",) and before[-2:-1] in (("ends",), ("end",)) and before[0] == "it"


def _input(
    context: Context, sentence: Sentence, piece: Piece, named: tuple[Mention, ...]
) -> Candidate | None:
    """An input size: only where it is the network's own; others may work as well."""
    if len(piece.size) not in (2, 3) or piece.size[0] < 20:
        return None
    reference = refer(context, sentence, sentence.index_of(piece), named)
    spoken = context.scene.role_of(piece) is None or sentence.has("input", "image")
    if reference is None or not spoken:
        return None
    for each in reference.subjects:
        channels, height, width = each.network.input_shape
        own = (height, width, channels)[: len(piece.size)]
        if piece.size in (own, each.network.input_shape):
            source = f'output(model("{each.name}"), {each.network.input_shape})'
            how = f"{each.name} takes {height}×{width}×{channels}"
            return claiming(
                KIND,
                sentence,
                piece,
                True,
                (Reading(True, how, "", (f"assert {source}",)),),
                subject=each.name,
                expected="input " + "×".join(map(str, piece.size)),
                computed="×".join(map(str, own)),
            )
    return None
