"""Networks changed in words: another number of classes, no dense layers, a pooled head with one layer; and
what the weights of a network take as bytes.

What the sentence changes is worked out on the network it names; each of its totals is then the network's own,
what remains, or what was saved, as the words beside it say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.architectures.ir import Linear
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.kinds.totals import published_readings
from generator.claims.lexicon import SUPPOSING, wordset
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, show
from generator.claims.referring import candidates_of

KIND = "totals"

SWAPPED = wordset(
    "replace replaces replaced replacing swap swaps swapped swapping exchange exchanged exchanging change changed "
    "changing adapt adapted retrain fine-tune"
)
REMOVED = wordset(
    "without remove removes removed removing drop drops dropped dropping discard discarded thrown throw throwing "
    "strip stripped cut chopped chop leave omit omitted"
)
HEADS = wordset("head output classifier class way softmax top final last")
DENSE = wordset("fc classifier head top")
PLACE = wordset("place instead replacing replaces replaced")
KEPT = wordset(
    "remain remains remaining left leaves give keep keeps have be stay stays come comes need still"
)
SAVED = wordset(
    "removes save saves saved saving fewer less lessthan smaller saving shrinks lighter drops"
)
OWN = wordset("of not from instead its originally")
LEAST = 10**5
WHICH = {"first": slice(1), "last": slice(-1, None)}
SHOWN = {"first": ":1", "last": "-1:"}
# A head of several layers, of which the words may mean all.
SEVERAL = wordset("head classifier top")
OTHER_CHANGES = wordset(
    "freeze frozen froze freezing new unit hidden train trained training trainable learnable prune pruned distilled "
    "width multiplier dropout bias biases first stem auxiliary aux input rgb gray channel"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a network's head: a layer in place of the last one, or of all dense ones; or none.

    ``classes`` are the outputs of the new last layer; ``layer`` is a new one, (in, out); ``which`` of the dense
    layers go. Unless ``sure``, more of the head may be meant.
    """

    classes: int = 0
    layer: tuple[int, int] = (0, 0)
    which: str = ""
    sure: bool = True

    def apply(self, subject: Subject) -> tuple[Reading, Reading] | None:
        """What remains, and what was saved."""
        linears = [
            node.op
            for _, node in networks.main_nodes(subject.network)
            if isinstance(node.op, Linear)
        ]
        counts = networks.parameters_of(subject.network, Linear)
        total, _ = networks.parameters(subject.network)
        if not linears:
            return None
        shape = subject.network.input_shape
        own = f'evaluated_parameters(model("{subject.name}"), {shape})'
        parts = f'layer_parameters(model("{subject.name}"), {shape}, nn.Linear)'
        new, added = self.layer, ""
        if self.which:
            counts, parts = counts[WHICH[self.which]], f"{parts}[{SHOWN[self.which]}]"
        if self.classes:
            if linears[-1].out_features == self.classes:
                return None
            new, counts = (linears[-1].in_features, self.classes), counts[-1:]
            parts = f"{parts}[-1:]"
        less = sum(counts)
        more = (new[0] + 1) * new[1]
        if more:
            added = f' + parameters(nn.Linear({new[0]}, {new[1]}, device="meta"))'
        how = f"{total:,} - {less:,}" + (f" + {more:,}" if more else "")
        left, saved = total - less + more, less - more
        return (
            Reading(Fraction(left), f"{how} = {left:,}", f"{own} - sum({parts}){added}"),
            Reading(
                Fraction(saved),
                f"{less:,} - {more:,} = {saved:,}" if more else f"{less:,} in dense layers",
                f"sum({parts}){added.replace('+', '-')}",
            ),
        )


def recognise(context: Context) -> Iterator[Candidate]:
    """Find totals of networks that a sentence changes, and sizes in bytes."""
    before: Change | None = None
    last = ""  # the network named last
    for sentence in context.sentences:
        yield from _sizes(context, sentence)
        if sentence.question or not _states(sentence):
            before = None
            continue
        change = _change(sentence)
        named = [each.name for each in context.mentions(sentence) if each.name]
        again = change is None and before is not None and _goes_on(sentence)
        change = before if again else change
        if change is None or len(set(named)) > 1 or sentence.words & OTHER_CHANGES:
            before = None
            continue
        last = named[0] if named else last
        yield from _totals(context, sentence, change, last, again=again)
        before = change


def _states(sentence: Sentence) -> bool:
    """Whether a sentence says what is: "if" and "would" only describe the change."""
    words = {each.word.lower() for each in sentence.pieces}
    return not words & (SUPPOSING - wordset("if would could")) - wordset("suppose")


def _goes_on(sentence: Sentence) -> bool:
    """Whether a sentence does the same to another network: "with ResNet-18 it's 11.2M"."""
    return len(sentence.pieces) < 8


# ------------------------------------------------------------------ what is changed


def _change(sentence: Sentence) -> Change | None:
    pieces = sentence.pieces
    layer = _new_layer(pieces)
    if layer is not None and sentence.has("fc") and sentence.has(*PLACE):
        return Change(layer=layer) if sentence.has("global pool", "global", "pool") else None
    classes = [
        each.count
        for at, each in enumerate(pieces[:-1])
        if pieces[at + 1].gist == "class" and 1 < each.count < 10**5
    ]
    if len(classes) == 1 and sentence.has(*SWAPPED) and sentence.has(*(HEADS - {"class"})):
        exact = sentence.has("output", "way", "softmax", "last", "final")
        return Change(classes=classes[0], sure=exact or not sentence.words & SEVERAL)
    for at, each in enumerate(pieces):
        near = pieces[at + 1 : at + 5]
        behind = pieces[max(0, at - 7) : at]
        if each.gist not in REMOVED or classes or sentence.has(*SWAPPED):
            continue
        object_ = (
            near if each.gist in ("without", "remove", "drop", "discard") else [*behind, *near]
        )
        for k in range(len(object_)):
            which = _dense(object_, k)
            if which is not None:
                return Change(which=which)
    return None


def _dense(pieces: Sequence[Piece], at: int) -> str | None:
    """Which dense layers are named at a place: "its dense layers", "the FC head", "the last dense layer"."""
    if pieces[at].gist not in DENSE:
        return None
    before = {each.gist for each in pieces[:at]}
    joined = {each.gist for each in pieces[at + 1 : at + 2]} | before
    if "and" in joined:
        return None  # "layer4 and the head"
    if before & {"one", "second", "conv", "auxiliary", "besides"}:
        return None
    order = before & WHICH.keys()
    if any(each.quantity is not None for each in pieces[:at]) and order:
        return None  # "the last two"
    return order.pop() if order else ""


def _new_layer(pieces: Sequence[Piece]) -> tuple[int, int] | None:
    """ "A single 512→1000 layer": what goes in and out of a layer."""
    for at in range(len(pieces) - 3):
        one, sign, other, noun = pieces[at : at + 4]
        if sign.gist in ("→", "to") and noun.gist in ("layer", "fc") and one.count and other.count:
            return one.count, other.count
    return None


# ------------------------------------------------------------------ totals


def _totals(
    context: Context, sentence: Sentence, change: Change, name: str, *, again: bool
) -> Iterator[Candidate]:
    subject = context.catalogue.get(name) if name else context.subject
    if subject is None or subject.changed:
        return
    definite = subject.name != subject.family or subject.name == subject.variant
    subjects = candidates_of(context, subject, named=bool(name))
    for at, piece in enumerate(sentence.pieces):
        stated = piece.quantity
        large = stated is not None and stated.value >= LEAST
        if not large or piece.sort is not Sort.NUMBER or stated is None:
            continue
        readings: dict[str, list[Reading]] = {"kept": [], "saved": [], "own": []}
        for each in subjects:
            found = change.apply(each)
            if found is None:
                continue
            readings["kept"].append(found[0])
            readings["saved"].append(found[1])
            readings["own"] += [_own(each), *published_readings(each, "parameters")]
        role = _role(sentence, at, again=again)
        told = readings[role] if role else [each for group in readings.values() for each in group]
        if not told:
            continue
        candidate = claiming(
            KIND, sentence, piece, stated, tuple(told), subject=subject.name,
            expected=f"{stated.text} parameters", decisive=True, used=_numbers(sentence),
        )  # fmt: skip
        single = change.sure or len(networks.widths(subject.network)) == 1
        kept = candidate if role and definite and single else if_true(candidate)
        if kept is not None:
            yield kept


def _own(subject: Subject) -> Reading:
    total, _ = networks.parameters(subject.network)
    source = f'evaluated_parameters(model("{subject.name}"), {subject.network.input_shape})'
    return Reading(Fraction(total), f"{subject.name} has {total:,} parameters", source)


def _numbers(sentence: Sentence) -> tuple[int, ...]:
    """The numbers that describe the change."""
    return tuple(
        each.start
        for each in sentence.pieces
        if each.quantity is not None and each.quantity.value < LEAST
    )


def _role(sentence: Sentence, at: int, *, again: bool) -> str:
    """Whose total a number is: what is "kept", "saved", or the network's "own"; "" where nothing tells."""
    pieces = sentence.pieces
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    for nth, gist in enumerate(reversed(before)):
        if gist in (",", ";", "(", ")") or gist[0] in "#%@":
            break
        if gist in SAVED:
            return "saved"
        if gist in OWN:
            if nth and not _possessive(pieces[at - 1]):
                break  # "the last layer of VGG-16 134.3M remain"
            return "own"
        if gist == "have":
            return _had(sentence, at)
        if gist in KEPT:
            return "kept"
    if set(after) & SAVED:
        return "saved"
    if set(after) & KEPT:
        return "kept"
    return "kept" if again and "be" in before else ""


def _possessive(piece: Piece) -> bool:
    """Whether a number behind a word is of what that names: "of VGG-16's 138M", "its 138M"."""
    return piece.word.lower().endswith(("'s", "’s")) or piece.gist in ("its", "the", "original")


def _had(sentence: Sentence, at: int) -> str:
    """Whose total a number is that a network has: its own, where the change is said behind a comma."""
    gists = [each.gist for each in sentence.pieces]
    changes = [k for k, gist in enumerate(gists) if gist in REMOVED | SWAPPED]
    if not changes or changes[0] < at:
        return "kept" if changes else ""
    return "own" if "," in gists[at : changes[0]] else "kept"


# ------------------------------------------------------------------ bytes

UNITS = {
    **dict.fromkeys(("mb", "megabytes", "megabyte"), 10**6),
    **dict.fromkeys(("mib", "mebibytes"), 2**20),
    **dict.fromkeys(("gb", "gigabytes"), 10**9),
}
WIDTHS = {
    "float32": 4, "fp32": 4, "32-bit": 4, "float16": 2, "fp16": 2, "bfloat16": 2, "bf16": 2, "int8": 1,
    "8-bit": 1, "16-bit": 2,
}  # fmt: skip
BESIDES = wordset(
    "adam optimizer optimiser gradients gradient activations momentum batch memory training"
)


def _sizes(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "Stored as float32 VGG-16 weighs 553 MB, or 528 MiB"."""
    named = {each.name for each in context.mentions(sentence) if each.name}
    pieces = sentence.pieces
    words = [each.word.lower() for each in pieces]
    if (
        len(named) != 1
        or sentence.question
        or not _states(sentence)
        or not set(words) & UNITS.keys()
    ):
        return
    subject = context.catalogue.get(named.pop())
    widths = {WIDTHS[each] for each in words if each in WIDTHS}
    if subject is None or subject.name == subject.family != subject.variant or len(widths) != 1:
        return
    (width,) = widths
    total, _ = networks.parameters(subject.network)
    told = not set(words) & BESIDES
    for at, piece in enumerate(pieces):
        unit = next((each for each in words[at + 1 : at + 7] if each in UNITS), "")
        if piece.sort is not Sort.NUMBER or piece.quantity is None or not unit or piece.numeral:
            continue
        if words[at + 1] not in UNITS and pieces[at - 1].gist not in ("or", "about", "="):
            continue
        mixed = unit == "mb" and "mib" not in words
        readings = tuple(
            _bytes(subject, total, width, scale, name)
            for name, scale in ((unit, UNITS[unit]), ("MiB", 2**20))
            if scale == UNITS[unit] or mixed
        )
        found = claiming(
            KIND, sentence, piece, _rounded(piece.quantity), readings, subject=subject.name,
            expected=f"{piece.quantity.text} {unit}",
        )  # fmt: skip
        kept = found if told else if_true(found)
        if kept is not None:
            yield kept


def _bytes(subject: Subject, total: int, width: int, scale: int, unit: str) -> Reading:
    value = Fraction(total * width, scale)
    how = f"{width}·{total:,} bytes are {show(value)} {unit}"
    source = f'evaluated_parameters(model("{subject.name}"), {subject.network.input_shape})'
    return Reading(value, how, f"{width} * {source} / {scale}")


def _rounded(stated: Quantity) -> Quantity:
    """Bytes are rounded to the digit that is written."""
    if stated.rounded or stated.hedge is not Hedge.NONE:
        return replace(stated, rounded=True)
    return replace(stated, rounded=True, coarse=stated.place)
