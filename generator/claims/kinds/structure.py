"""How a network is built: "5 convolutional layers and 3 fully connected ones", "152 layers deep",
"only 3×3 filters", "the first layer has 96 filters of 11×11", "ends in 7×7×512".

Layers are those with weights; "deep" counts them along the longest path. Other ways to count are
known and keep a statement unchecked instead of making it false.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.architectures.ir import Add, Concat, Linear, RadialBasis
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, distinct
from generator.claims.context import Context
from generator.claims.figures import CIRCULATING
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.referring import about, candidates_of
from generator.claims.scene import whole

KIND = "structure"

_SOME = r"<*different separate total stack successive consecutive learned main big hidden large such deep*>"
CONV_LAYERS = pattern(rf"<n:#> {_SOME}conv(?: layer)?")
FC_LAYERS = pattern(rf"<n:#> {_SOME}fc(?: layer)?")
POOL_LAYERS = pattern(rf"<n:#> (?:max |average |{_SOME})?pool(?: layer)?")
DEPTHS = tuple(
    pattern(text)
    for text in (
        r"<n:#> <*weighted trainable learnable learned parameterised parameterized deep total "
        r"weight*>layer",
        r"(?:depth|layer) (?:of|be|=|:|count|number|→) <n:#>",
        r"<n:#> layer deep",
    )
)
BLOCKS = pattern(
    r"<n:#> <*residual basic building*>(?:residual-block|residual-blocks|residual block|residual "
    r"unit)"
)
MODULES = pattern(r"<n:#> (?:such )?inception (?:module|block|layer)")
ONLY = pattern(
    r"(?:only|exclusively|solely|just|entirely|purely|nothing but|all|every|throughout) "
    r"<..4><k:@> (?:conv|filters?|layer)"
)
THROUGHOUT = pattern(
    r"<k:@> (?:conv|filters?) <..3>(?:throughout|everywhere|only|exclusively|all the way)"
)
ALL_ARE = pattern(
    r"(?:all|every|each) (?:(?:of|the|its|conv|filters?|layer|in) )+(?:be|have|use) <k:@>"
)
FIRST = pattern(r"(?:first (?:conv )?(?:layer|conv|filters?)|conv1)(?: [^\s@%~.;]+){0,6}? <k:@>")
FIRST_FILTERS = pattern(
    r"(?:first (?:conv )?(?:layer|conv)|conv1) <..4><n:#> (?:@\d+ )?<*conv different*>filters"
)
FIRST_STRIDE = pattern(
    r"(?:first (?:conv )?(?:layer|conv)|conv1)(?: [^\s.;]+){0,9} stride <*of be =*><n:#>"
)
LAST_MAP = pattern(
    r"(?:last|final) <..6>(?:map|fmap|volume|activation|output|features|pool|conv|block|stage|"
    r"tensor) <..5><v:@>"
)
ENDS_IN = pattern(
    r"(?:ends|ending|end|finishes|arrives) <*in with at up a an the fmap map volume of size*><v:@>"
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
DEEP_WORDS = wordset("deep depth")

# Words that make a count a part's, or something else's.
LOCAL_BEFORE = wordset(
    "first last next each every another these those between after per other by additional extra "
    "second "
    "third final previous following same single to than not adds add added adding consecutive "
    "stack remaining "
    "replaces replaced instead deeper shallower"
)
LOCAL_AFTER = wordset("per each apart earlier later deeper before after ago")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements about how a network is built."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        named = context.mentions(sentence)
        if context.subject is None and not named:
            continue
        yield from _counts(context, sentence, named)
        yield from _kernels(context, sentence, named)
        yield from _first(context, sentence, named)
        yield from _maps(context, sentence, named)


# ------------------------------------------------------------------ counts of layers


def _counts(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    taken: set[int] = set()
    for form, readings, noun in (
        (MODULES, _modules, "inception modules"),
        (BLOCKS, _blocks, "residual blocks"),
        (CONV_LAYERS, _convolutions, "convolutional layers"),
        (FC_LAYERS, _linears, "fully connected layers"),
        (POOL_LAYERS, _pools, "pooling layers"),
        *((depth, _depths, "layers") for depth in DEPTHS),
    ):
        for found in sentence.find(form):
            piece = found["n"]
            value = whole(piece)
            if piece.start in taken or value is None or not _global(sentence, piece, noun):
                continue
            subject, explicit = about(context, sentence, sentence.index_of(piece), named)
            if subject is None or piece.quantity is None:
                continue
            if noun == "layers" and value[0] < 3:
                continue
            taken.add(piece.start)
            others = candidates_of(
                context, subject, named=explicit and subject.name != subject.family
            )
            candidate = _made(
                context,
                sentence,
                piece,
                subject,
                [r for each in others for r in readings(each)],
                noun,
            )
            # "two convolutional layers" is more often about a part than about the whole.
            small = value[0] <= 2 and not _says_has(sentence)
            small = (
                small or "followed" in sentence.words_after(piece, 5) or _partial(sentence, piece)
            )
            if candidate is not None and not (small and not _matches(candidate, value[0])):
                yield candidate


# Words that make the sentence one about parts, or about other networks than the one described.
PARTIAL = wordset(
    "block blocks stage stages module modules bottleneck branch branches each first second last "
    "skip skips "
    "skipped skipping standard tried try residual-block residual-blocks shortcut deeper "
    "shallower stack"
)


def _partial(sentence: Sentence, piece: Piece) -> bool:
    """Whether the words around a count, its own noun aside, are about parts."""
    at = sentence.index_of(piece)
    words = {each.gist for each in (*sentence.pieces[:at], *sentence.pieces[at + 3 :])}
    return bool(words & PARTIAL)


def _global(sentence: Sentence, piece: Piece, noun: str) -> bool:
    before, after = sentence.words_before(piece, 2), sentence.words_after(piece, 6)
    if before == ("followed", "by"):
        before = ()
    if noun == "layers" and sentence.has("pool", "counting", "input", "without"):
        return False  # another way to count
    if set(before[-1:]) & LOCAL_BEFORE or (set(before[:1]) & {"first", "last", "next", "not"}):
        return False
    end = after.index(",") if "," in after else len(after)
    if set(after[:end]) & LOCAL_AFTER:
        return False
    if after[1:2] in (("channel",), ("unit",), ("filters",), ("weight",)) or after[:1] in (
        ("channel",), ("unit",), ("filters",), ("million",),
    ):  # fmt: skip
        return False
    if piece.quantity is not None and (piece.quantity.rounded or piece.quantity.value > 2000):
        return False
    if noun == "layers" and before[-1:] == ("a",) and sentence.has("standard"):
        return False
    if noun == "layers":
        return not any(each in ("conv", "fc", "pool", "hidden") for each in after[:2])
    return not any(each.startswith("@") for each in after[:1])


def _says_has(sentence: Sentence) -> bool:
    return sentence.has(
        "have", "consists", "contains", "total", "comprises", "made", "composed", "network"
    )


def _matches(candidate: Candidate, value: int) -> bool:
    return any(each.value == value for each in candidate.readings if not each.doubtful)


def _made(
    context: Context,
    sentence: Sentence,
    piece: Piece,
    subject: Subject,
    readings: list[Reading],
    noun: str,
) -> Candidate | None:
    if not readings or piece.quantity is None:
        return None
    return Candidate(
        KIND,
        sentence.start,
        piece.end,
        piece.start,
        piece.quantity,
        distinct(readings),
        subject=subject.name,
        expected=f"{context.passage.text[piece.start : piece.end].strip()} {noun}",
    )


def _depths(subject: Subject) -> list[Reading]:
    name, network = subject.name, subject.network
    deep = networks.depth(network)
    found = [
        Reading(
            Fraction(deep),
            f"{name} has {deep} layers with weights on its longest path",
            f'depth(model("{name}"), {network.input_shape})',
        )
    ]
    layers = networks.count(network, *networks.WEIGHTED)
    if layers != deep:
        found.append(Reading(Fraction(layers), f"{layers} on all paths together", doubtful=True))
    for each in (*subject.figures, *CIRCULATING.get(subject.variant or name, ())):
        if each.what == "depth":
            found.append(
                Reading(Fraction(each.value), f"{each.value} in {each.source}", doubtful=True)
            )
    return found


def _convolutions(subject: Subject) -> list[Reading]:
    name, network = subject.name, subject.network
    every = networks.count(network, *networks.CONVOLUTIONS)
    deep = networks.longest(network, lambda op: isinstance(op, networks.CONVOLUTIONS))
    model = f'model("{name}"), {network.input_shape}'
    found = [
        Reading(
            Fraction(every), f"{name} has {every} convolutions", f'layers({model}, "Convolution")'
        )
    ]
    if deep != every:
        found.append(
            Reading(
                Fraction(deep),
                f"{name} has {deep} convolutions on its longest path",
                f'depth({model}, "Convolution")',
            )
        )
    return found


def _linears(subject: Subject) -> list[Reading]:
    name, network = subject.name, subject.network
    value = networks.count(network, Linear)
    found = [
        Reading(
            Fraction(value),
            f"{name} has {value} fully connected layers",
            f'layers(model("{name}"), {network.input_shape}, "Addmm")',
        )
    ]
    rbf = networks.count(network, RadialBasis)
    if rbf:
        found.append(Reading(Fraction(value + rbf), "with the output units", doubtful=True))
    return found


def _pools(subject: Subject) -> list[Reading]:
    name, network = subject.name, subject.network
    value = networks.count(network, *networks.POOLS)
    if networks.branching(network):
        return []
    source = f'calls(model("{name}"), {network.input_shape}, (nn.MaxPool2d, nn.AvgPool2d))'
    return [
        Reading(Fraction(value), f"{name} has {value} pooling layers", source),
        Reading(Fraction(value + 1), "global pooling counted too", doubtful=True),
    ]


def _blocks(subject: Subject) -> list[Reading]:
    value = networks.count(subject.network, Add)
    source = f'layers(model("{subject.name}"), {subject.network.input_shape}, "AddBackward")'
    return (
        [Reading(Fraction(value), f"{subject.name} adds {value} shortcuts", source)]
        if value
        else []
    )


def _modules(subject: Subject) -> list[Reading]:
    value = networks.count(subject.network, Concat)
    if not value:
        return []
    blocks = len(networks.concatenating_blocks(subject.network))
    source = f'layers(model("{subject.name}"), {subject.network.input_shape}, "CatBackward")'
    nested = blocks != value  # modules within modules: two ways to count
    how = f"{subject.name} concatenates {value} times"
    found = [Reading(Fraction(value), how, source, doubtful=nested)]
    if nested:
        found.append(Reading(Fraction(blocks), f"{how} in {blocks} modules", doubtful=True))
    return found


# ------------------------------------------------------------------ kernels


def _kernels(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    for form in (ONLY, THROUGHOUT, ALL_ARE):
        for found in sentence.find(form):
            piece = found["k"]
            before = sentence.words_before(piece, 5)
            if len(piece.size) != 2 or {"not", "instead", "first", "last", "almost"} & set(before):
                continue
            subject, explicit = about(context, sentence, sentence.index_of(piece), named)
            if subject is None:
                continue
            pair = (piece.size[0], piece.size[1])
            others = candidates_of(
                context, subject, named=explicit and subject.name != subject.family
            )
            readings = [_only(each, pair) for each in others]
            first = readings[0]
            held = [each for each in readings if each.value is True]
            yield Candidate(
                KIND,
                sentence.start,
                found_end(sentence, piece),
                piece.start,
                True,
                (held[0] if held else first,),
                subject=subject.name,
                expected=f"only {pair[0]}×{pair[1]} filters",
                computed=_kernel_sizes(subject),
            )
            return


def found_end(sentence: Sentence, piece: Piece) -> int:
    """Offset after a piece and the noun that follows it."""
    after = sentence.pieces[sentence.index_of(piece) + 1 : sentence.index_of(piece) + 2]
    return after[0].end if after and after[0].sort is Sort.WORD else piece.end


def _kernel_sizes(subject: Subject) -> str:
    sizes = sorted(set(networks.kernels(subject.network)))
    return ", ".join(f"{h}×{w}" for h, w in sizes) + " filters"


def _only(subject: Subject, pair: tuple[int, int]) -> Reading:
    sizes = set(networks.kernels(subject.network))
    line = (
        f'assert {{each.kernel_size for each in used(model("{subject.name}"), '
        f"{subject.network.input_shape}, nn.Conv2d)}} == {{{pair}}}"
    )
    return Reading(sizes == {pair}, f"{subject.name} has {_kernel_sizes(subject)}", "", (line,))


# ------------------------------------------------------------------ the first layer


def _first(context: Context, sentence: Sentence, named: tuple[Mention, ...]) -> Iterator[Candidate]:
    for form, group in ((FIRST, "k"), (FIRST_FILTERS, "n"), (FIRST_STRIDE, "n")):
        for found in sentence.find(form):
            piece = found[group]
            words = set(found.match.group(0).split())
            if words & {
                "second",
                "other",
                "fc",
                "pool",
                "parameter",
                "not",
                "after",
                "image",
                "output",
            }:
                continue
            subject, explicit = about(context, sentence, sentence.index_of(piece), named)
            value = whole(piece)
            if subject is None or value is None or len(piece.size) > 3:
                continue
            others = candidates_of(
                context, subject, named=explicit and subject.name != subject.family
            )
            readings = [
                reading
                for each in others
                if (
                    reading := _first_reading(
                        each, form is FIRST, form is FIRST_STRIDE, len(piece.size)
                    )
                )
            ]
            if not readings:
                continue
            yield Candidate(
                KIND,
                sentence.start,
                piece.end,
                piece.start,
                piece.size or piece.quantity or True,
                distinct(readings),
                subject=subject.name,
                expected=context.passage.text[piece.start : piece.end].strip(),
            )
            break


def _first_reading(subject: Subject, kernel: bool, stride: bool, axes: int) -> Reading | None:
    conv = networks.first_convolution(subject.network)
    if conv is None:
        return None
    layer = f'used(model("{subject.name}"), {subject.network.input_shape}, nn.Conv2d)[0]'
    label = f"the first convolution of {subject.name}"
    if kernel:
        value = (*conv.kernel, conv.in_channels)[:axes]
        source = f"(*{layer}.kernel_size, {layer}.in_channels)[:{axes}]"
        return Reading(value, f"{label} is {'×'.join(map(str, value))}", source)
    if stride:
        return Reading(
            Fraction(conv.stride[0]), f"{label} has stride {conv.stride[0]}", f"{layer}.stride[0]"
        )
    return Reading(
        Fraction(conv.out_channels),
        f"{label} has {conv.out_channels} filters",
        f"{layer}.out_channels",
    )


# ------------------------------------------------------------------ maps


def _maps(context: Context, sentence: Sentence, named: tuple[Mention, ...]) -> Iterator[Candidate]:
    for form in (LAST_MAP, ENDS_IN):
        for found in sentence.find(form):
            candidate = _map(context, sentence, found["v"], named)
            if candidate is not None:
                yield candidate
                break
    for found in sentence.find(FLAT):
        piece = found["n"]
        subject, explicit = about(context, sentence, sentence.index_of(piece), named)
        if subject is None or piece.quantity is None:
            continue
        others = candidates_of(context, subject, named=explicit and subject.name != subject.family)
        readings = [
            Reading(
                Fraction(value),
                f"{each.name} flattens to {value:,} values",
                f'used(model("{each.name}"), {each.network.input_shape}, nn.Linear)[0].in_features',
            )
            for each in others
            if (value := networks.flat_size(each.network)) is not None
        ]
        if readings and context.scene.role_of(piece) is None:
            yield Candidate(
                KIND, sentence.start, piece.end, piece.start, piece.quantity, distinct(readings),
                subject=subject.name, expected=f"{piece.quantity.text} values",
                affirm_only=any(each.sort is Sort.SIZE for each in sentence.pieces),
            )  # fmt: skip
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
    subject, explicit = about(context, sentence, sentence.index_of(piece), named)
    if subject is None:
        return None
    if any(each.groups and each["v"] is piece for each in sentence.find(INPUT)) and sentence.has(
        "input"
    ):
        return None
    readings = []
    for each in candidates_of(context, subject, named=explicit and subject.name != subject.family):
        last = networks.last_map(each.network)
        known = networks.shapes(each.network)
        if last is None or known is None:
            continue
        channels_last = (*last[1][1:], last[1][0])
        value = channels_last[: len(piece.size)]
        source = f'last_map(model("{each.name}"), {each.network.input_shape})[:{len(piece.size)}]'
        how = f"{each.name} ends in {'×'.join(map(str, channels_last))}"
        readings.append(Reading(value, how, source))
        for shape in {s for s in known if len(s) == 3}:
            other = (*shape[1:], shape[0])[: len(piece.size)]
            if other != value:
                readings.append(Reading(other, "an earlier feature map", doubtful=True))
    if not readings:
        return None
    size = piece.size
    if len(size) == 3 and size[1] == size[2] and size[0] != size[1]:
        size = (size[1], size[2], size[0])
    return Candidate(
        KIND, sentence.start, piece.end, piece.start, size, distinct(readings),
        subject=subject.name, expected="×".join(map(str, piece.size)),
    )  # fmt: skip


def _input(
    context: Context, sentence: Sentence, piece: Piece, named: tuple[Mention, ...]
) -> Candidate | None:
    """An input size: only where it is the network's own; others may work as well."""
    if len(piece.size) not in (2, 3) or piece.size[0] < 20:
        return None
    subject, explicit = about(context, sentence, sentence.index_of(piece), named)
    if subject is None or (
        context.scene.role_of(piece) not in (None,) and not sentence.has("input", "image")
    ):
        return None
    for each in candidates_of(context, subject, named=explicit and subject.name != subject.family):
        channels, height, width = each.network.input_shape
        own = (height, width, channels)[: len(piece.size)]
        if piece.size in (own, each.network.input_shape):
            source = f'output(model("{each.name}"), {each.network.input_shape})'
            return Candidate(
                KIND, sentence.start, piece.end, piece.start, True,
                (Reading(True, f"{each.name} takes {height}×{width}×{channels}", "", (f"assert {source}",)),),
                subject=each.name, expected="×".join(map(str, piece.size)),
                computed="×".join(map(str, own)),
            )  # fmt: skip
    return None
