"""How a network is built: "5 convolutional layers and 3 fully connected ones", "152 layers deep",
"only 3×3 filters", "the first layer has 96 filters of 11×11".

Layers are those with weights; "deep" counts them along the longest path. Other ways to count are
known and keep a statement unchecked instead of making it false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.architectures.ir import (
    AdaptiveAvgPool2d,
    Add,
    Concat,
    Linear,
    MaxPool2d,
    RadialBasis,
)
from generator.claims import measures, networks
from generator.claims.candidate import Candidate, Reading, claiming, distinct, fitting, if_true
from generator.claims.context import Context
from generator.claims.figures import published
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Pattern, Piece, Sentence, Sort, pattern
from generator.claims.referring import ATTRIBUTED, Reference, clause, refer
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
    r"unit|basic block)"
)
BOTTLENECKS = pattern(
    r"<n:#> <*inverted residual linear such*>(?:bottlenecks|bottleneck <*residual*>(?:block|layer|"
    r"module|residual-blocks)|inverted (?:residuals|residual-blocks|residual (?:block|layer)))"
)
SEPARABLE = pattern(
    r"<n:#> (?:depthwise (?:separable )?|separable )(?:conv|layer|block)(?! <..4>(?:of|per) (?:each|#))"
)
MODULES = pattern(r"<n:#> (?:such )?inception (?:module|block|layer)")
ANY_MODULES = pattern(r"<n:#> (?:such |of these |of those )?module")
CLASSES = pattern(
    r"(?:softmax|classifier|output|outputs|distinguishes|classifies|predicts|logits|head|last fc "
    r"layer|final fc layer|last layer|final layer) <*layer over with for of into between among the "
    r"have give a all*><n:#> (?:different )?(?:class|way|logits|unit|object|categories)"
)
EACH_FC = pattern(
    r"(?:#\d+ )?<*big hidden large first the*>fc layer <*have with of be contain both*><n:#> "
    r"<*hidden*>unit(?: each)?"
)
FEATURES = (
    pattern(
        r"(?:feature|features|final|last|pool|pooled) (?:vector|features|embedding|representation) "
        r"<*have be of with a dimension length size*><n:#>"
    ),
    pattern(
        r"<n:#> (?:dimensional|dim|d) (?:final )?(?:feature|features|embedding|representation)"
    ),
)
EXPANSION = pattern(
    r"(?:expand|expands|expansion|expanding|expanded) (?:factor |ratio |rate |the channel )?<*t of "
    r"be = : by a factor uses with*><n:#>(?! (?:channel|map|fmap|input|filters|unit))"
)
ONLY = pattern(
    r"(?<!the )(?:only|exclusively|solely|entirely|purely|nothing but) <*use have with of small "
    r"conv filters performs*><k:@> (?:conv|filters?|layer)"
)
THROUGHOUT = pattern(
    r"<k:@> (?:conv|filters?) <..3>(?:throughout|everywhere|exclusively|all the way|"
    r"only(?! (?!and|in|with|but)[a-z#%]))"
)
ALL_ARE = pattern(
    r"(?:all|every|each) <*of the its in this that network model*>(?:conv|filters?|layer) <..4>"
    r"(?:be|have|use) <k:@>"
)

# Counts that stand beside each other: "13 conv layers, to which 3 dense ones are added".
PARALLEL = frozenset(("convolutional layers", "fully connected layers", "pooling layers"))
# Words that make a count a part's, or something else's.
LOCAL_BEFORE = wordset(
    "first last next each every another these those between after per other by additional extra "
    "second "
    "third final previous following same single to than not adds add added adding consecutive "
    "remaining "
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


# ------------------------------------------------------------------ counts of layers


def _counts(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    taken: set[int] = set()
    convolutions = False
    for form, count in COUNTS:
        for found in sentence.find(form):
            piece = found["n"]
            if piece.start in taken or whole(piece) is None or not count.applies(sentence, piece):
                continue
            reference = refer(context, sentence, sentence.index_of(piece), named)
            if reference is None or piece.quantity is None:
                continue
            readings = [r for each in reference.subjects for r in count.readings(each)]
            if (
                count is POOLING
                and "max" in context.passage.text[piece.end : piece.end + 5].lower()
            ):
                readings = [r for each in reference.subjects for r in _max_pools(each)]
            # "13 convolutional layers followed by 3 fully connected ones"
            joined = bool(taken) and sentence.words_before(piece, 2) == ("followed", "by")
            # "5 conv layers, …, and 3 fully connected ones"
            joined = joined or (convolutions and count.noun == "fully connected layers")
            # "1, 2, 3, 4, 3, 3, 1 = 17 bottlenecks"
            joined = joined or (
                count.noun == "bottleneck blocks" and sentence.words_before(piece, 1) == ("=",)
            )
            joined = joined or _totalled(sentence, piece)
            # "the first block has t = 1, all others expand 6 times"
            others = {"others", "rest"} & set(sentence.words_before(piece, 4))
            joined = joined or (count.noun == "times as wide" and bool(others))
            taken.add(piece.start)
            candidate = _made(context, sentence, piece, reference.subject, readings, count.noun)
            local = count.local and not (count is SEPARABLE_BLOCKS and _many(piece))
            sure = reference.certain or joined or (not local and count.local and reference.definite)
            if candidate is not None and count is LAYERS:
                used = _of_members(sentence, reference)
                used += _numerals(sentence) if piece.quantity.value > MOST_IN_A_PART else ()
                which = _attributed(sentence, sentence.index_of(piece)) and not named
                if (
                    which
                    and not sentence.has("version", "variant")
                    and _of_others(context, piece, reference)
                ):
                    continue
                candidate = replace(candidate, used=used, decisive=which and reference.certain)
            if candidate is not None and others:  # what came before is said of one block
                earlier = [e.start for e in sentence.pieces if e.quantity and e.end <= piece.start]
                candidate = replace(candidate, used=tuple(earlier))
            if candidate is not None and _called(sentence, piece, reference.subject, count):
                candidate = replace(candidate, decisive=True)
            elif candidate is not None and (
                not sure or (local and not joined and _may_be_local(sentence, piece, count.noun))
            ):
                listed = count.noun in PARALLEL and not sentence.has(
                    "block", "stage", "stages", "+"
                )
                parallel = replace(candidate, affirm_only=True, parallel=True)
                candidate = parallel if listed else if_true(candidate)
            if candidate is not None:
                convolutions = convolutions or count.noun == "convolutional layers"
                yield replace(candidate, end=sentence.pieces[found.last - 1].end)


def _totalled(sentence: Sentence, piece: Piece) -> bool:
    """Whether a number is said to be all there are: "all in all 16 bottleneck blocks"."""
    before = sentence.words_before(piece, 3)
    return (
        before == ("all", "in", "all")
        or before[-2:] in (("in", "total"), ("in", "all"))
        or before[-1:] in (("altogether",), ("overall",))
    )


def _of_members(sentence: Sentence, reference: Reference) -> tuple[int, ...]:
    """The numbers of parameters that networks of a family have: "the 152-layer network has 60.2M"."""
    every = [r for each in reference.subjects for r in measures.readings(each, "parameters")]
    return tuple(
        each.start
        for each in sentence.pieces
        if each.quantity is not None
        and (each.quantity.rounded or each.quantity.value >= 10**5)
        and fitting(each.quantity, every)
    )


def _called(sentence: Sentence, piece: Piece, subject: Subject, count: Count) -> bool:
    """Whether a sentence explains the number in a network's name: "the 16 stands for 16 conv layers"."""
    number = subject.name.lstrip("abcdefghijklmnopqrstuvwxyz_")
    same = piece.quantity is not None and number == str(piece.quantity.value)
    beside = {each.gist for each in sentence.pieces[sentence.index_of(piece) :][:6]}
    return (
        same
        and count.noun == "convolutional layers"
        and sentence.has("means", "mean", "stands", "refers", "owes", "name", "named")
        and not beside & {"and", "plus", "+", "or"}
    )


def _may_be_local(sentence: Sentence, piece: Piece, noun: str) -> bool:
    """Whether a count may be a part's: "two convolutional layers" is more often about a part than
    about the whole."""
    assert piece.quantity is not None
    after = sentence.words_after(piece, 9)
    part = {"of", "them", "which", "these"} & set(after[:5])
    followed = "followed" in after[:5] and "fc" not in after and not part
    few = piece.quantity.value <= 2 and not _says_has(sentence)
    many = noun == "layers" and piece.quantity.value > MOST_IN_A_PART
    return few or followed or _partial(sentence, piece, many=many)


# Words that make the sentence one about parts, or about other networks than the one described.
PARTIAL = wordset(
    "block blocks stage stages module modules bottleneck branch branches each first second last "
    "skip skips "
    "skipped skipping standard tried try residual-block residual-blocks shortcut deeper "
    "shallower stack"
)

SKIPPING = wordset("skip skips skipping")
RANKED = wordset("place prize rank to time")  # "it came in first place"
MOST_IN_A_PART = 9  # more layers than these are a network's, though it has "16 blocks" as well


def _partial(sentence: Sentence, piece: Piece, *, many: bool) -> bool:
    """Whether the words around a count, its own noun aside, are about parts; beside many layers, counted
    blocks are none, nor is "first place", nor what another clause skips."""
    at = sentence.index_of(piece)
    gists = [each.gist for each in sentence.pieces]
    if many and _attributed(sentence, at):
        return False
    first, last = clause(sentence, at) if many else (0, len(gists))
    return any(
        each in PARTIAL
        and not (
            many and (each == "stack" or any(g[0] == "#" for g in gists[max(0, here - 2) : here]))
        )
        for here, each in enumerate(gists)
        if not at <= here < at + 3
        and not (many and each == "first" and set(gists[here + 1 : here + 2]) & RANKED)
        and (first <= here < last or each not in SKIPPING)
    )


def _attributed(sentence: Sentence, at: int) -> bool:
    """Whether a number of layers says which network is meant: "the 101-layer net only differs in …"."""
    gists = [each.gist for each in sentence.pieces[at - 1 : at + 3]] if at else []
    return len(gists) == 4 and gists[0] == "the" and gists[2] == "layer" and gists[3] in ATTRIBUTED


def _of_others(context: Context, piece: Piece, reference: Reference) -> bool:
    """Whether a number of layers is that of a network of another family, too."""
    return any(
        each.family != reference.subject.family and fitting(piece.quantity, depth_readings(each))
        for each in context.catalogue.values()
        if piece.quantity is not None
    )


def _global(sentence: Sentence, piece: Piece, noun: str) -> bool:
    before, after = sentence.words_before(piece, 2), sentence.words_after(piece, 6)
    if before == ("followed", "by"):
        before = ()
    if noun == "layers" and sentence.has("pool", "counting", "input", "without"):
        return False  # another way to count
    if set(before[-1:]) & LOCAL_BEFORE or (set(before[:1]) & {"first", "last", "next", "not"}):
        return False
    end = next((at for at, each in enumerate(after) if each == "," or each[0] == "#"), len(after))
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


def _many(piece: Piece) -> bool:
    """More depthwise convolutions than a part of a network has."""
    return piece.quantity is not None and piece.quantity.exact and piece.quantity.value > 8


def _says_has(sentence: Sentence) -> bool:
    return sentence.has(
        "have", "consists", "contains", "total", "comprises", "made", "composed", "network"
    )


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
    noun = noun.removesuffix("s") if piece.quantity.value == 1 else noun
    return claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        distinct(readings),
        subject=subject.name,
        expected=f"{context.passage.text[piece.start : piece.end].strip()} {noun}",
        used=_numerals(sentence) if noun == "units" else (),
    )


def _numerals(sentence: Sentence) -> tuple[int, ...]:
    """Numbers in words: "the two fully connected layers"."""
    return tuple(each.start for each in sentence.pieces if each.numeral)


def depth_readings(subject: Subject) -> list[Reading]:
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
    return [*found, *published(subject, "depth")]


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
    found = [Reading(Fraction(value), f"{name} has {value} pooling layers", source)]
    if any(
        isinstance(node.op, AdaptiveAvgPool2d) and node.op.size == (1, 1)
        for _, node in networks.main_nodes(network)
    ):
        found.append(Reading(Fraction(value + 1), "global pooling counted too", doubtful=True))
    return found


def _blocks(subject: Subject) -> list[Reading]:
    value = networks.count(subject.network, Add)
    source = f'layers(model("{subject.name}"), {subject.network.input_shape}, "AddBackward")'
    return (
        [Reading(Fraction(value), f"{subject.name} adds {value} shortcuts", source)]
        if value
        else []
    )


def _max_pools(subject: Subject) -> list[Reading]:
    value = networks.count(subject.network, MaxPool2d)
    source = f'calls(model("{subject.name}"), {subject.network.input_shape}, (nn.MaxPool2d,))'
    return [Reading(Fraction(value), f"{subject.name} has {value} max-pooling layers", source)]


def _depthwise(subject: Subject) -> list[Reading]:
    value = len(networks.depthwise(subject.network))
    source = (
        f'sum(each.groups > 1 for each in used(model("{subject.name}"), '
        f"{subject.network.input_shape}, nn.Conv2d))"
    )
    how = f"{subject.name} has {value} depthwise convolutions"
    return [Reading(Fraction(value), how, source)] if value else []


def _bottlenecks(subject: Subject) -> list[Reading]:
    return [*(_depthwise(subject) or _blocks(subject)), *published(subject, "blocks")]


def _classes(subject: Subject) -> list[Reading]:
    widths = networks.widths(subject.network)
    if not widths:
        return []
    source = f"{_linear_layers(subject)}[-1].out_features"
    return [
        Reading(Fraction(widths[-1]), f"{subject.name} tells {widths[-1]} classes apart", source)
    ]


def _hidden_units(subject: Subject) -> list[Reading]:
    """The units of fully connected layers before the last, if they agree."""
    hidden = networks.widths(subject.network)[:-1]
    if len(set(hidden)) != 1:
        return []
    how = f"the hidden fully connected layers of {subject.name} have {hidden[0]} units"
    source = f"{_linear_layers(subject)}[0].out_features"
    return [Reading(Fraction(hidden[0]), how, source)]


def _features(subject: Subject) -> list[Reading]:
    value = networks.flat_size(subject.network)
    how = f"{subject.name} has {value} features before its first fully connected layer"
    source = f"{_linear_layers(subject)}[0].in_features"
    return [] if value is None else [Reading(Fraction(value), how, source)]


def _expansion(subject: Subject) -> list[Reading]:
    found = networks.expansions(subject.network)
    if len(found) != 1:
        return []
    (factor,) = found
    how = f"the bottlenecks of {subject.name} expand {factor} times"
    source = f'expansion(model("{subject.name}"), {subject.network.input_shape})'
    return [Reading(Fraction(factor), how, source)]


def _linear_layers(subject: Subject) -> str:
    return f'used(model("{subject.name}"), {subject.network.input_shape}, nn.Linear)'


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


def _inception_modules(subject: Subject) -> list[Reading]:
    """Modules, where the family has no others."""
    return _modules(subject) if subject.family == "inception" else []


@dataclass(frozen=True, slots=True)
class Count:
    """What can be counted: the noun, how it is computed, and whether a number of them may be a
    part's as well (``local``)."""

    noun: str
    readings: Callable[[Subject], list[Reading]]
    local: bool = True

    def applies(self, sentence: Sentence, piece: Piece) -> bool:
        """Whether a number of these may be the network's."""
        if not self.local:
            return not set(sentence.words_before(piece, 1)) & LOCAL_BEFORE
        if self.noun == "depthwise convolutions" and _many(piece):
            return True
        few = self.noun == "layers" and piece.quantity is not None and piece.quantity.value < 3
        return not few and _global(sentence, piece, self.noun)


POOLING = Count("pooling layers", _pools)
SEPARABLE_BLOCKS = Count("depthwise convolutions", _depthwise)
LAYERS = Count("layers", depth_readings)
COUNTS: tuple[tuple[Pattern, Count], ...] = (
    (ANY_MODULES, Count("inception modules", _inception_modules, local=False)),
    (MODULES, Count("inception modules", _modules, local=False)),
    (BLOCKS, Count("residual blocks", _blocks)),
    (BOTTLENECKS, Count("bottleneck blocks", _bottlenecks)),
    (SEPARABLE, SEPARABLE_BLOCKS),
    (EACH_FC, Count("units", _hidden_units, local=False)),
    (CLASSES, Count("classes", _classes, local=False)),
    *((form, Count("features", _features, local=False)) for form in FEATURES),
    (EXPANSION, Count("times as wide", _expansion, local=False)),
    (CONV_LAYERS, Count("convolutional layers", _convolutions)),
    (FC_LAYERS, Count("fully connected layers", _linears)),
    (POOL_LAYERS, POOLING),
    *((form, LAYERS) for form in DEPTHS),
)


def measured(subject: Subject, measure: str) -> list[Reading]:
    """Count layers of a kind: ``depth``, ``convolutions``, ``linears``, ``pools``, ``blocks`` or
    ``modules``."""
    return _MEASURES[measure](subject)


_MEASURES: dict[str, Callable[[Subject], list[Reading]]] = {
    "depth": depth_readings,
    "convolutions": _convolutions,
    "linears": _linears,
    "pools": _pools,
    "blocks": _blocks,
    "modules": _modules,
}


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
            reference = refer(context, sentence, sentence.index_of(piece), named)
            if reference is None:
                continue
            pair = (piece.size[0], piece.size[1])
            readings = [_only(each, pair) for each in reference.subjects]
            held = [each for each in readings if each.value is True]
            candidate = Candidate(
                KIND,
                sentence.start,
                found_end(sentence, piece),
                piece.start,
                True,
                (held[0] if held else readings[0],),
                subject=reference.subject.name,
                expected=f"only {pair[0]}×{pair[1]} filters",
                computed=_kernel_sizes(reference.subject),
            )
            if reference.certain or held:
                yield candidate
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
