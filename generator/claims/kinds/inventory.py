"""What else a network has a number of: auxiliary heads, parameters with and without them, inception
modules in groups of 2, 5 and 2 or on maps of a size, windows that all pooling layers share, layers
counted in other ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import groupby, pairwise

from generator.architectures.ir import Add, Concat, Conv2d, MaxPool2d, Op
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading, claiming, distinct, if_true
from generator.claims.context import Context
from generator.claims.described.mentions import mentions
from generator.claims.described.senses import Sense
from generator.claims.figures import published
from generator.claims.lexicon import wordset
from generator.claims.listing import squared
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort, pattern
from generator.claims.quantity import Quantity
from generator.claims.referring import candidates_of, refer
from generator.claims.scene import whole
from generator.claims.wording import forms

KIND = "structure"

HEADS = pattern(
    r"<n:#> <*extra small side intermediate additional of training-only softmax*>(?:auxiliary|side|extra|training) "
    r"(?:classifiers?|heads?|branch|branches|outputs?|losses|loss|softmax|logits|softmaxes)"
)
FOLLOWED = pattern(r"<n:#> of (?:them|which|these|those) <*be directly each*>followed by <*a*>pool")
# "all max-pools are 2×2 with stride 2"
UNIFORM = pattern(
    r"(?P<which>all|each) <*of the its max average \(*>(?P<what>conv|pool) <*layer be use have a an "
    r"window windows of with filters size*><k:@> (?:conv |filters? |window |windows )?(?:with |, |and |"
    r"\( |/ )*stride <*of be =*><s:#>(?: (?:and|,|with) pad <*of be =*><p:#>)?"
)
UNIFORM_AFTER = pattern(
    r"(?P<which>,|and) <*all the max*>(?P<what>pool) <*layer be use have windows of with size*><k:@> "
    r"(?:with |, |and |\( )*stride <*of be =*><s:#>"
)
UNIFORM_ONLY = pattern(
    r"(?P<which>each|all|only|exclusively) <*use*><k:@> (?P<what>conv) <*layer with of filters , and*>"
    r"stride <*of be =*><s:#>(?: (?:and|,|with) pad <*of be =*><p:#>)?"
)
OVERLAPPING = forms("overlap") | {"non-overlapping"}
# Words after which the windows are those of other networks.
OTHERS = wordset("instead compared unlike than others whereas while usual versus vs rather not")
STEP = pattern(r"stride <*of be = : \(*><s:#>|<t:#> (?:px|pixel|pixels) apart")
GLOBAL_POOL = pattern(
    r"global pool <*layer over on of the final last a map size window with*><k:@>"
)
DEPTH_WITHOUT_INPUT = pattern(
    r"<n:#> layer <*\( in total*>(?:without|not counting|with) <*the its*>(?:input|pool|subsampling)"
)
HALVED_AT = pattern(
    r"(?:halves|halved|halving|halve|shrinks|drops|reduced|downsample|downsampled) <*only just at in by "
    r"with after the its all*><n:#> <*max*>pool"
)
HALVED_TIMES = pattern(
    r"(?:halves|halved|halving|halve|downsample|downsampled) <*only just exactly*><n:#> times"
)
COUNTED_OTHERWISE = pattern(
    r"<n:#> <*layer deep only*>(?:if|when|as long as) <*you one we do not just*>count"
)
GROUPED_AS = pattern(
    r"(?:grouped|split|arranged|groups) <*as in into of be : groups*><a:#> (?:, |and |/ |\+ )+<b:#> "
    r"(?:, |and |/ |\+ )+<c:#>"
)
GROUPED = re.compile(r"\d+(?: ?[+/] ?\d+)+")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find further counts of a network's parts."""
    for sentence in context.sentences:
        named = context.mentions(sentence)
        if len(sentence.pieces) > MAX_PIECES:
            continue
        if sentence.question or (context.subject is None and not named):
            continue
        yield from _heads(context, sentence, named)

        yield from _groups(context, sentence, named)
        yield from _uniform(context, sentence, named)
        if any(each.has(*OVERLAPPING) and each.has("pool") for each in context.sentences):
            yield from _overlapping(context, sentence, named)
        yield from _otherwise(context, sentence, named)
        yield from _placed(context, sentence, named)
        yield from _pooled(context, sentence, named)


def _made(
    context: Context,
    sentence: Sentence,
    named: tuple[Mention, ...],
    piece: Piece,
    readings: Callable[[Subject], Sequence[Reading]],
    *,
    stated: Quantity | tuple[int, ...] | None = None,
    sure: bool = True,
    used: Sequence[Piece] = (),
) -> Candidate | None:
    reference = refer(context, sentence, sentence.index_of(piece), named)
    value = stated or piece.quantity
    if reference is None or value is None:
        return None
    subjects = list(reference.subjects)
    if not named and subjects[0].name == subjects[0].family:
        subjects += candidates_of(context, subjects[0], named=False)
    found = [reading for each in subjects for reading in readings(each)]
    if not found:
        return None
    candidate = claiming(
        KIND,
        sentence,
        piece,
        value,
        distinct(found),
        subject=reference.subject.name,
        expected=context.passage.text[piece.start : piece.end].strip(),
        decisive=sure,
        used=tuple(each.start for each in used),
    )
    return candidate if sure and reference.definite else if_true(candidate)


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'


# ------------------------------------------------------------------ auxiliary heads


def _heads(context: Context, sentence: Sentence, named: tuple[Mention, ...]) -> Iterator[Candidate]:
    for found in sentence.find(HEADS):
        candidate = _made(context, sentence, named, found["n"], _head_count)
        if candidate is not None:
            yield candidate


def _head_count(subject: Subject) -> list[Reading]:
    heads = len(subject.network.auxiliary)
    how = f"{subject.name} has {heads} auxiliary outputs in training"
    source = f"auxiliary_outputs({_model(subject)})"
    return [Reading(Fraction(heads), how, source)] if heads else []


# ------------------------------------------------------------------ modules in groups


def _groups(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "nine modules in 2 + 5 + 2 groups"."""
    if not sentence.has("module", "inception") or not sentence.has(
        "groups", "group", "grouped", "split", "pool", "stages", "stage", "arranged"
    ):
        return
    for found in sentence.find(GROUPED_AS):
        pieces = [found[each] for each in "abc"]
        values = tuple(value for each in pieces for value in whole(each) or ())
        candidate = _made(
            context, sentence, named, pieces[0], _module_groups, stated=values, used=pieces
        )
        if candidate is not None and len(values) == len(pieces):
            yield candidate
    for piece in sentence.pieces:
        written = context.passage.text[piece.start : piece.end].strip()
        if not GROUPED.fullmatch(written):
            continue
        stated = tuple(int(each) for each in re.findall(r"\d+", written))
        candidate = _made(context, sentence, named, piece, _module_groups, stated=stated)
        if candidate is not None:
            yield candidate


def _module_groups(subject: Subject) -> list[Reading]:
    network = subject.network
    known = networks.shapes(network) or ()
    heights = [
        known[at][1] for at, node in networks.main_nodes(network) if isinstance(node.op, Concat)
    ]
    value = tuple(len(list(group)) for _, group in groupby(heights))
    if len(value) < 2 or len(networks.concatenating_blocks(network)) != len(heights):
        return []
    how = f"{subject.name} has modules in groups of {', '.join(map(str, value))}"
    return [Reading(value, how, f"run_lengths(concatenation_heights({_model(subject)}))")]


# ------------------------------------------------------------------ blocks on maps of a size

AT = wordset("at on for with in → : @ of ( have")
BESIDE = wordset("the map maps fmap module modules inception block them these ones bottlenecks be")
JOINED: dict[str, tuple[type[Op], str]] = {
    "module": (Concat, "concatenation_heights"),
    "inception": (Concat, "concatenation_heights"),
    "block": (Add, "sum_heights"),
    "bottlenecks": (Add, "sum_heights"),
}


def _placed(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "two modules at 28×28, five at 14×14", "28² → 2", and "nine in total" behind them."""
    noun = next((each for each in JOINED if sentence.has(each)), "")
    pieces = squared(context.passage.text, sentence) if noun else []
    seen: list[Piece] = []
    for at, piece in enumerate(pieces):
        if len(piece.size) != 2 or piece.size[0] != piece.size[1]:
            continue
        count = _beside(pieces, at)
        if count is None or count.start in {each.start for each in seen}:
            continue
        readings = partial(_on_maps, noun=noun, side=piece.size[0])
        candidate = _made(context, sentence, named, count, readings, used=(piece,))
        if candidate is not None:
            seen.append(count)
            yield candidate
    for at, piece in enumerate(pieces):
        after = [each.gist for each in pieces[at + 1 : at + 3]]
        whole_of = after in (["in", "total"], ["in", "all"]) or after[:1] == ["altogether"]
        if seen and whole_of and piece.sort is Sort.NUMBER:
            readings = partial(_on_maps, noun=noun, side=0)
            if (candidate := _made(context, sentence, named, piece, readings)) is not None:
                yield candidate


def _beside(pieces: Sequence[Piece], at: int) -> Piece | None:
    """The number that stands before "… at 28×28", or behind "28×28: …"."""
    for step in (-1, 1):
        here, joined = at + step, False
        while 0 <= here < len(pieces) and abs(here - at) < 6:
            piece = pieces[here]
            if piece.sort is Sort.NUMBER and joined:
                few = piece.quantity is not None and piece.quantity.value < 100
                return piece if few else None
            joined = joined or piece.gist in AT
            if piece.gist not in AT | BESIDE:
                break
            here += step
    return None


def _on_maps(subject: Subject, *, noun: str, side: int) -> list[Reading]:
    """Count what is concatenated or added on maps of a side, or, for 0, on all maps."""
    kind, function = JOINED[noun]
    known = networks.shapes(subject.network) or ()
    heights = [
        known[at][1]
        for at, node in networks.main_nodes(subject.network)
        if isinstance(node.op, kind)
    ]
    modules = len(networks.concatenating_blocks(subject.network))
    if side not in (0, *heights) or (kind is Concat and modules != len(heights)):
        return []
    source = f"{function}({_model(subject)})"
    value = heights.count(side) if side else len(heights)
    how = f"{subject.name} has {value}" + (f" on maps of {side}×{side}" if side else "")
    return [Reading(Fraction(value), how, f"{source}.count({side})" if side else f"len({source})")]


# ------------------------------------------------------------------ what pooling leaves of a side

TO = (["to"], ["→"], ["down", "to"], ["into"], ["pixels", "to"], ["px", "to"], ["px", "→"])


def _pooled(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "five max pools halve 224 down to 7", "after five pools 7 of the 224 pixels are left"."""
    pieces = sentence.pieces
    numbers = [at for at, each in enumerate(pieces) if each.sort is Sort.NUMBER]
    if not sentence.has("pool") or sentence.has("conv", "→"):
        return
    for one, other in pairwise(numbers):
        between = [each.gist for each in pieces[one + 1 : other]]
        if between not in (*TO, ["of", "the"]):
            continue
        if other + 2 in numbers and pieces[other + 1].gist in (",", "and", "→"):
            continue  # "to 112, 56, 28, 14 and 7"
        given, left = (other, one) if between[0] == "of" else (one, other)
        times = next(
            (
                each
                for each in (pieces[at] for at in numbers if at not in (one, other))
                if "pool" in sentence.words_after(each, 2)
                or sentence.words_after(each, 1) == ("times",)
            ),
            None,
        )
        readings = partial(
            _after_pools, side=whole(pieces[given]), times=whole(times) if times else None
        )
        candidate = _made(context, sentence, named, pieces[left], readings, used=(pieces[given],))
        if candidate is not None:
            yield candidate


def _after_pools(
    subject: Subject, *, side: tuple[int, ...] | None, times: tuple[int, ...] | None
) -> list[Reading]:
    """The side that so many of a network's pooling layers leave, or all of them."""
    known = networks.shapes(subject.network) or ()
    left = [
        known[at][1]
        for at, node in networks.main_nodes(subject.network)
        if isinstance(node.op, networks.POOLS)
    ]
    count = times[0] if times else len(left)
    if side != (subject.network.input_shape[1],) or not 0 < count <= len(left):
        return []
    source = f"sides({_model(subject)}, nn.MaxPool2d, nn.AvgPool2d)[{count - 1}][1]"
    how = f"{count} pooling layers of {subject.name} leave {left[count - 1]} of {side[0]}"
    return [Reading(Fraction(left[count - 1]), how, source)]


# ------------------------------------------------------------------ windows that all layers share


def _uniform(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "all max-pools are 2×2 with stride 2", "all convolutions are 3×3 with stride 1 and pad 1"."""
    told = False
    for form in (UNIFORM, UNIFORM_AFTER, UNIFORM_ONLY):
        for found in sentence.find(form):
            told = told or found.match.group("which") not in (",", "and")
            kind = found.match.group("what")
            for group, attribute in (("k", "kernel"), ("s", "stride"), ("p", "padding")):
                piece = found.get(group)
                value = whole(piece) if piece is not None else None
                if piece is None or value is None or len(value) > 2 or not told:
                    continue
                candidate = _made(
                    context,
                    sentence,
                    named,
                    piece,
                    partial(_shared, kind=kind, attribute=attribute),
                    stated=value * 2 if len(value) == 1 else value,
                )
                if candidate is not None:
                    yield candidate
    for found in sentence.find(GLOBAL_POOL):
        piece = found["k"]
        if len(piece.size) == 2:
            candidate = _made(context, sentence, named, piece, _pooled_map, stated=piece.size)
            if candidate is not None:
                yield candidate


def _overlapping(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read the windows and the stride of overlapping pools: "overlapping pooling, window 3×3, step 2"."""
    if sentence.has("conv"):
        return
    windows = [
        each.piece
        for each in mentions(sentence)
        if each.sense is Sense.KERNEL and len(each.values) == 2
    ]
    ends = [at for at, each in enumerate(sentence.pieces) if each.gist in OTHERS]
    end = sentence.pieces[ends[0]].start if ends else sentence.end
    stated = [(each, each.size, "kernel") for each in windows]
    for found in sentence.find(STEP):
        piece = found.get("s") or found.get("t")
        side = whole(piece) if piece is not None else None
        if piece is not None and side is not None and len(side) == 1:
            stated.append((piece, side * 2, "stride"))
    for piece, value, attribute in stated:
        if piece.start > end:
            continue  # "…, instead of 2×2 windows"
        readings = partial(_shared, kind="pool", attribute=attribute)
        candidate = _made(context, sentence, named, piece, readings, stated=value)
        if candidate is not None:
            yield candidate


def _shared(subject: Subject, *, kind: str, attribute: str) -> list[Reading]:
    wanted, torch_kind = (Conv2d, "nn.Conv2d") if kind == "conv" else (MaxPool2d, "nn.MaxPool2d")
    values = {
        getattr(node.op, attribute)
        for _, node in networks.main_nodes(subject.network)
        if isinstance(node.op, wanted)
    }
    if not values:
        return []
    torch_name = {"kernel": "kernel_size"}.get(attribute, attribute)
    source = f'shared(used({_model(subject)}, {torch_kind}), "{torch_name}")'
    listed = ", ".join(
        f"{one}×{two}" if attribute == "kernel" else f"{one}" for one, two in sorted(values)
    )
    layers = "convolutions" if kind == "conv" else "max-pooling layers"
    how = f"the {layers} of {subject.name} have {torch_name} {listed}"
    value = values.pop() if len(values) == 1 else (-1, -1)
    return [Reading(value, how, source)]


def _pooled_map(subject: Subject) -> list[Reading]:
    last = networks.last_map(subject.network)
    if last is None:
        return []
    how = f"{subject.name} ends in {last[1][1]}×{last[1][2]}"
    return [Reading(last[1][1:], how, f"last_map({_model(subject)})[:2]")]


# ------------------------------------------------------------------ other ways to count


def _otherwise(
    context: Context, sentence: Sentence, named: tuple[Mention, ...]
) -> Iterator[Candidate]:
    """Read "three of them followed by pooling", "7 layers without the input", "5 if you do not count
    the pooling"."""
    for form, readings in (
        (FOLLOWED, _pools),
        (HALVED_AT, _pools),
        (HALVED_TIMES, _halvings),
        (DEPTH_WITHOUT_INPUT, _depths),
        (COUNTED_OTHERWISE, _depths),
        *(((DEEP, _weighted),) if _with_weights(sentence) else ()),
    ):
        for found in sentence.find(form):
            piece = found["n"]
            readings = _weighted if form in LAYERED and _with_weights(sentence) else readings
            if piece.quantity is None or (form in LAYERED and not sentence.has("layer")):
                continue
            candidate = _made(context, sentence, named, piece, readings)
            if candidate is not None:
                yield candidate


LAYERED = (DEPTH_WITHOUT_INPUT, COUNTED_OTHERWISE)
DEEP = pattern(r"<n:#> layer(?: deep)?")
COUNTING = wordset("count counting counted counts")


def _with_weights(sentence: Sentence) -> bool:
    """Whether layers are counted "if you count only those with parameters", "with depthwise and pointwise
    counted apart"."""
    gists = [each.gist for each in sentence.pieces]
    apart = sentence.has("apart", "separately", "individually")
    if apart and sentence.has("depthwise") and sentence.has("pointwise"):
        return True
    told = "with parameter" in sentence.gist or "with weight" in sentence.gist
    said = {each.word.lower() for each in sentence.pieces} | set(gists)
    return told and bool(COUNTING & said) and bool({"only", "just"} & said)


def _weighted(subject: Subject) -> list[Reading]:
    """Layers with weights on the longest path, however else people count."""
    deep = networks.depth(subject.network)
    how = f"{subject.name} has {deep} layers with weights on its longest path"
    return [Reading(Fraction(deep), how, f"depth({_model(subject)})")]


def _halvings(subject: Subject) -> list[Reading]:
    last = networks.last_map(subject.network)
    if last is None or not last[1][1]:
        return []
    side = subject.network.input_shape[1]
    value = (side // last[1][1]).bit_length() - 1
    how = f"{subject.name} makes {last[1][1]} of {side}, so halves it {value} times"
    source = f"({side} // last_map({_model(subject)})[0]).bit_length() - 1"
    return [Reading(Fraction(value), how, source)]


def _pools(subject: Subject) -> list[Reading]:
    network = subject.network
    if networks.branching(network):
        return []
    value = networks.count(network, *networks.POOLS)
    source = f"calls({_model(subject)}, (nn.MaxPool2d, nn.AvgPool2d))"
    return [Reading(Fraction(value), f"{subject.name} has {value} pooling layers", source)]


def _depths(subject: Subject) -> list[Reading]:
    """Layers with weights on the longest path, and those with the pooling layers."""
    network = subject.network
    deep = networks.depth(network)
    model = _model(subject)
    how = f"{subject.name} has {deep} layers with weights"
    found = [Reading(Fraction(deep), how, f"depth({model})")]
    if not networks.branching(network):
        pools = networks.count(network, *networks.POOLS)
        source = f"depth({model}) + calls({model}, (nn.MaxPool2d, nn.AvgPool2d))"
        both = Reading(Fraction(deep + pools), f"{how} and {pools} pooling layers", source)
        found.append(both)
    return [*found, *published(subject, "depth")]
