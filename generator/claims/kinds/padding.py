"""The padding that keeps the size: "for a 5×5 filter, same padding means p = 2".

Lists are read pair by pair: "p = 1 for 3×3, p = 2 for 5×5", "3×3, 5×5 and 7×7 need 1, 2 and 3".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.described.layer import Layer
from generator.claims.described.senses import Sense
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired, paired_by_clause
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.scene import Role, Scene

KIND = "padding"

KEEPS = pattern(
    r"same (?:conv|pad|mode)|[\"'] same [\"']|not (?:change|shrink|alter)|"
    r"(?:keep|keeps|keeping|preserve|preserves|preserving|maintain|maintains|retain|"
    r"retains|unchanged|same|equal) <..5>(?:size|dimensions?|height|resolution|shape)|size "
    r"<..3>(?:unchanged|same|stays|preserved|kept)"
)


CHANGELESS = pattern(r"not (?:change|shrink|alter)")
NOT_ANOTHER = pattern(r"<a:#> (?:each side |pixels? )?, (?:and )?not <b:#>")
LARGEST_KERNEL = 31
AS_MODE = wordset("\" ' pad conv mode means be have use uses : = → (")
BEFORE = wordset(
    ", so and = → : — hence thus be of by need use have with just only it ( give to pad then get at"
)
AFTER = wordset(
    ", ; ) . and for with on in when if pixel pixels px pad zero zeros respectively resp each ( but "
    "around about at"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find paddings that should keep the size of a map."""
    known = context.scene
    listed = set()
    for number, sentence in enumerate(context.sentences):
        yield from _lettered(context, sentence)
        if not sentence.question and _meant(sentence) and not _excluded(known, number, sentence):
            for piece, window in _listed(known, sentence):
                listed.add((number, piece.start))
                yield _candidate(sentence, piece, window.size[0], used=(window.start,))
    for fact in known.of(Role.PAD):
        number, piece = fact.sentence, fact.piece
        if number < 0 or piece.sort is not Sort.NUMBER or (number, piece.start) in listed:
            continue
        sentence = context.sentences[number]
        if sentence.question or not _meant(sentence) or _excluded(known, number, sentence):
            continue
        kernel, contested = known.near(Role.KERNEL, number, fact.index)
        if kernel is None or contested or kernel.value[0] > LARGEST_KERNEL:
            continue
        if len(kernel.value) > 1 and kernel.value[1] != kernel.value[0]:
            continue
        listed.add((number, piece.start))
        side = 1 if _mode(sentence, fact.index) == "valid" else kernel.value[0]
        yield _candidate(sentence, piece, side, affirm_only=kernel.sentence < 0)
    yield from _described(context, listed)


def _mode(sentence: Sentence, index: int) -> str:
    """The mode that is named last before a padding; "valid" pads as for a window of one."""
    named = [
        one.gist
        for one, other in pairwise(sentence.pieces[:index])
        if one.gist == "same" or (one.gist == "valid" and other.gist in AS_MODE)
    ]
    return named[-1] if named and sentence.has("same") else ""


def _described(context: Context, seen: set[tuple[int, int]]) -> Iterator[Candidate]:
    """Paddings in other words: "needs two rows of zeros on each side", "with dilation 2 it is 2"."""
    for number, sentence in enumerate(context.sentences):
        layers = [e for e in context.course.layers if e.sentence == number and e.kernel]
        bare = [
            said.mention.piece
            for said in context.course.numbers
            if said.sentence == number
            and said.mention.sense is Sense.OTHER
            and (number, said.mention.piece.start) not in seen
            and sentence.pieces[said.mention.index - 1].gist == "be"
        ]
        spread = all(e.dilation for e in layers) and sentence.has("same", "pad")
        if spread and _meant(sentence) and len(layers) == len(bare) > 1 and not sentence.question:
            used = tuple(offset for each in layers for offset in each.used)
            for layer, piece in zip(layers, bare, strict=True):
                yield _candidate(sentence, piece, _reach(layer), used=used)
    for said in context.course.numbers:
        number, piece = said.sentence, said.mention.piece
        if said.mention.sense is not Sense.PAD or (number, piece.start) in seen:
            continue
        sentence = context.sentences[number]
        layers = [e for e in context.course.layers if e.sentence == number]
        if sentence.question or not _meant(sentence) or len(layers) != 1 or piece.quantity is None:
            continue
        kernel, stride = layers[0].kernel, layers[0].stride
        kind = layers[0].kind == "conv"
        if kind and stride in (None, (1, 1)) and kernel is not None and len(set(kernel)) == 1:
            used = layers[0].used
            needed = _needed(sentence)
            yield _candidate(sentence, piece, _reach(layers[0]), affirm_only=not needed, used=used)


def _reach(layer: Layer) -> int:
    """How many positions apart a window's first and last weight are, and one."""
    assert layer.kernel is not None
    return (layer.dilation or (1, 1))[0] * (layer.kernel[0] - 1) + 1


def _needed(sentence: Sentence) -> bool:
    return sentence.has("need", "requires", "require", "take", "takes", "means", "be", "pad")


LETTERS = pattern(r"(?P<f>~\d+) = <k:#> <*, so then give need →*>(?P<p>~\d+) = <p2:#>")


def _lettered(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "f = 7 → p = 3", alone in a line below one about "same" convolutions."""
    if not any(_meant(each) for each in context.earlier[-1:]) or context.scene.of(Role.STRIDE):
        return
    for found in sentence.find(LETTERS):
        if found.first != 0 or found.last != len(sentence.pieces):
            continue
        names = [sentence.piece_at(found.match.start(each)).expression for each in ("f", "p")]
        kernel, piece = found["k"].quantity, found["p2"]
        lettered = [each.name.lower() for each in names if isinstance(each, Name)]
        if kernel is None or piece.quantity is None or kernel.value.denominator != 1:
            continue
        if lettered in (["f", "p"], ["k", "p"]) and 0 < kernel.value <= LARGEST_KERNEL:
            yield _candidate(sentence, piece, int(kernel.value), used=(found["k"].start,))


def _excluded(known: Scene, number: int, sentence: Sentence) -> bool:
    """Whether a stride, a stated size or another sort of layer makes "same" mean something else."""
    strides = [e.value for e in known.of(Role.STRIDE) if e.sentence == number]
    sized = any(each.sentence == number for each in known.of(Role.OUTPUT))
    words = sentence.has("without", "transposed", "dilation", "pool")
    harmless = CHANGELESS.regex.search(sentence.gist) or NOT_ANOTHER.regex.search(sentence.gist)
    denied = sentence.has("not") and harmless is None
    return sized or words or denied or any(each != (1,) for each in strides)


def _listed(known: Scene, sentence: Sentence) -> Iterator[tuple[Piece, Piece]]:
    """Pair the paddings of a list with its kernels."""
    kernels = [
        at
        for at, each in enumerate(sentence.pieces)
        if len(each.size) == 2 and each.size[0] == each.size[1] <= LARGEST_KERNEL
    ]
    paddings = [
        at
        for at, each in enumerate(sentence.pieces)
        if each.quantity is not None
        and each.sort is Sort.NUMBER
        and (known.role_of(each) is Role.PAD or _alone(known, sentence, each))
        and each.quantity.value <= LARGEST_KERNEL
    ]
    pairs = paired(kernels, paddings) or paired_by_clause(kernels, paddings, sentence.clause_ends())
    if len(pairs) < 2 or not (sentence.has("pad", "same") or _letter(sentence)):
        return
    for kernel, padding in pairs:
        yield sentence.pieces[padding], sentence.pieces[kernel]


def _alone(known: Scene, sentence: Sentence, piece: Piece) -> bool:
    """Whether a number counts nothing else: "3×3 → 1", "for 7×7 it is 3"."""
    if known.role_of(piece) is not None:
        return False
    before, after = sentence.words_before(piece, 1), sentence.words_after(piece, 1)
    return (not before or before[0] in BEFORE) and (not after or after[0] in AFTER)


def _letter(sentence: Sentence) -> bool:
    """Whether the letter p stands in the sentence."""
    return any(
        isinstance(e.expression, Name) and e.expression.name in "pP" for e in sentence.pieces
    )


def _candidate(
    sentence: Sentence,
    piece: Piece,
    side: int,
    *,
    affirm_only: bool = False,
    used: tuple[int, ...] = (),
) -> Candidate:
    assert piece.quantity is not None
    value = Fraction(side - 1, 2)
    kept = f"assert conv_side(n=9, f={side}, p={(side - 1) // 2}) == 9"
    reading = Reading(
        value,
        f"({side}-1)/2 = {value}" if side > 1 else "without padding",
        f"Fraction({side} - 1) / 2",
        (kept,) if side % 2 and side <= 15 else (),
    )
    return claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        (reading,),
        expected=f"padding {piece.quantity.text}",
        affirm_only=affirm_only,
        used=used,
    )


def _meant(sentence: Sentence) -> bool:
    return next(iter(sentence.find(KEEPS)), None) is not None
