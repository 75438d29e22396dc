"""Parts of networks that notes speak of: "the FC part", "fc6", "conv1_2", "the 1×1 convolutions".

A part is a choice of a network's layers, made twice: from its IR, and in Python on the generated
model. What it has and what it costs follow from the choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.architectures import arithmetic
from generator.architectures.ir import Conv2d, Linear, MaxPool2d, Network, SparseConv2d
from generator.claims import networks
from generator.claims.candidate import Reading
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.quantity import show

CONVOLUTIONS = (Conv2d, SparseConv2d)
DETERMINERS = wordset("the its all these those both whole entire big only their")
ORDERS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "final": -1,
}  # fmt: skip
_NODES = wordset("layer layers ones part parts section stack half portion block head stage")
_WITHOUT = wordset(
    "without dropping removing drop remove minus cutting discarding stripping deleting omitting "
    "away off"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A choice of layers by name (``fc``, ``conv``, ``fc 0``, ``conv 1x1``, ``depthwise``), what is
    left without them (``rest``), and the pieces (first, last + 1) that say it."""

    name: str
    first: int
    last: int
    rest: bool = False


def find(sentence: Sentence, text: str, mentioned: Sequence[Mention] = ()) -> list[Part]:
    """Find the parts that a sentence speaks of, in order."""
    if sentence.words.isdisjoint(_KINDS) and not _NUMBERED.search(
        text, sentence.start, sentence.end
    ):
        return []
    found: list[Part] = []
    at = 0
    while at < len(sentence.pieces):
        # "VGG-16's FC layers", "in 1×1 convolutions"
        before_it = sentence.pieces[at - 1].gist if at else ""
        owned = any(each.last == at for each in mentioned) or before_it in ("in", "of")
        part = _part(sentence, text, at, told=owned)
        if part is None:
            at += 1
            continue
        before = {each.gist for each in sentence.pieces[max(0, part.first - 4) : part.first]}
        rest = bool(before & _WITHOUT) or bool(
            _WITHOUT
            & {each.word.lower() for each in sentence.pieces[max(0, part.first - 4) : part.first]}
        )
        found.append(Part(part.name, part.first, part.last, rest))
        at = part.last
    return found


_KINDS = wordset("conv fc depthwise pointwise classifier")
_NUMBERED = re.compile(r"[fc]-?\d|conv-?\d", re.IGNORECASE)
_SINGLE = re.compile(r"(fc|conv|c|f)-?(\d)(?:[_-](\d))?(?:'s|’s)?", re.IGNORECASE)


def _part(sentence: Sentence, text: str, at: int, *, told: bool) -> Part | None:
    pieces = sentence.pieces
    gists = [each.gist for each in pieces[at : at + 8]]
    written = text[pieces[at].start : pieces[at].end]
    if single := _SINGLE.fullmatch(written):
        kind, number, index = single[1].lower(), single[2], single[3]
        if len(kind) == 1 and not written[0].isupper():
            return None
        return Part(f"{kind}{number}" + (f"_{index}" if index else ""), at, at + 1)
    here, order = at, None
    while here < at + 5 and here < len(pieces):
        gist = pieces[here].gist
        if gist in ORDERS:
            order = ORDERS[gist]
        elif pieces[here].sort is Sort.NUMBER and told:
            pass  # "the three dense layers"
        elif gist in DETERMINERS:
            told = True
        else:
            break
        here += 1
    gists = [each.gist for each in pieces[here : here + 4]]
    if not gists:
        return None
    name, length = _kind(sentence, here, gists)
    if not name:
        return None
    told = told or (at == 0 and name not in ("fc", "conv"))
    behind = gists[length : length + 1]
    bracketed = at > 1 and pieces[at - 1].gist == "(" and behind == [")"]
    told = told or (bracketed and _large(pieces[at - 2]))  # "14.7M (convs)"
    if gists[length : length + 1] and gists[length] in _NODES:
        told = told or gists[length] in ("part", "section", "portion")
        length += 1
    told = told or (here + length < len(pieces) and _large(pieces[here + length]))  # "convs 14.7M"
    if order is not None and name in ("fc", "conv"):
        return Part(f"{name} {order}", at, here + length) if told else None
    return Part(name, at, here + length) if told and order is None else None


def _large(piece: Piece) -> bool:
    """Whether a piece is a number as large as counts of parameters are."""
    return (
        piece.sort is Sort.NUMBER and piece.quantity is not None and piece.quantity.value >= 10**5
    )


def _kind(sentence: Sentence, here: int, gists: Sequence[str]) -> tuple[str, int]:
    """Read what layers a phrase speaks of: (name, number of pieces)."""
    size = sentence.pieces[here].size
    if len(size) == 2 and gists[1:2] == ["conv"]:
        return f"conv {size[0]}x{size[1]}", 2
    if len(size) == 2 and gists[1:2] == ["depthwise"]:
        return "depthwise", 3 if gists[2:3] in (["conv"], ["ones"]) else 2
    if gists[0] in ("depthwise", "pointwise"):
        return gists[0], 2 if gists[1:2] in (["conv"], ["ones"]) else 1
    if gists[0] == "fc":
        return "fc", 1
    if gists[0] == "conv" and gists[1:2] not in (["filters"], ["filter"]):
        return "conv", 1
    if gists[0] == "classifier":
        return "fc", 1
    return "", 0


# ------------------------------------------------------------------ layers


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a part: their nodes, what to call them, and how Python chooses them: a kind of
    module, a condition on ``each`` (``""``: none), and which of those (``None``: all)."""

    nodes: tuple[int, ...]
    label: str
    kind: str
    condition: str = ""
    index: int | None = None

    def listed(self, model: str) -> str:
        """Write the list of layers in Python; ``model`` are the model and its input shape."""
        found = f"used({model}, {self.kind})"
        if self.condition:
            found = f"[each for each in {found} if {self.condition}]"
        return found if self.index is None else f"[{found}[{self.index}]]"

    def spent(self, model: str) -> str:
        """Write the multiply-adds of the layers in Python."""
        condition = f", lambda each: {self.condition}" if self.condition else ""
        found = f"spent({model}, {self.kind}{condition})"
        return f"sum({found})" if self.index is None else f"{found}[{self.index}]"


def layers(subject: Subject, name: str) -> Layers | None:
    """Choose a part's layers; ``None`` where the network has no such part."""
    network = subject.network
    kind, _, which = name.partition(" ")
    if kind == "pointwise":
        return layers(subject, "conv 1x1") if networks.depthwise(network) else None
    if kind == "depthwise":
        return _chosen(
            network,
            lambda op: isinstance(op, Conv2d) and op.groups == op.in_channels > 1,
            Layers(
                (), "the depthwise convolutions", "nn.Conv2d", "each.groups == each.in_channels > 1"
            ),
        )
    if kind == "conv" and "x" in which:
        size = tuple(int(each) for each in which.split("x"))
        return _chosen(
            network,
            lambda op: isinstance(op, Conv2d) and op.kernel == size and op.groups == 1,
            Layers(
                (),
                f"the {which.replace('x', '×')} convolutions",
                "nn.Conv2d",
                f"each.kernel_size == {size} and each.groups == 1",
            ),
        )
    if kind not in ("fc", "conv"):
        return _numbered(subject, name)
    every = _every(network, kind)
    return every if every is None or not which else _picked(every, int(which))


def _every(network: Network, kind: str) -> Layers | None:
    if kind == "fc":
        wanted = Layers((), "the fully connected layers", "nn.Linear")
        return _chosen(network, lambda op: isinstance(op, Linear), wanted)
    wanted = Layers((), "the convolutional layers", "nn.Conv2d")
    return _chosen(network, lambda op: isinstance(op, CONVOLUTIONS), wanted)


def _chosen(network: Network, choose: Callable[[object], bool], wanted: Layers) -> Layers | None:
    nodes = tuple(at for at, node in networks.main_nodes(network) if choose(node.op))
    return replace(wanted, nodes=nodes) if nodes else None


def _picked(every: Layers | None, index: int, label: str = "") -> Layers | None:
    """Choose one layer of several."""
    if every is None or not -len(every.nodes) <= index < len(every.nodes):
        return None
    which = {0: "first", 1: "second", 2: "third", -1: "last"}.get(index, f"{index + 1}th")
    kind = every.label.removeprefix("the ").removesuffix("s")
    return replace(
        every, nodes=(every.nodes[index],), label=label or f"the {which} {kind}", index=index
    )


def _numbered(subject: Subject, name: str) -> Layers | None:
    """Choose one layer by its usual name: fc6, conv1_2, C5."""
    found = _SINGLE.fullmatch(name)
    if found is None:
        return None
    kind, number, index = found[1].lower(), int(found[2]), found[3]
    family = subject.family
    linear, conv = layers(subject, "fc"), layers(subject, "conv")
    if kind in ("fc", "f") and family == "lenet":
        # LeNet-5 numbers its pooling layers, too: C5, F6 are its first two dense layers.
        return _picked(linear, number - 5) if number in (6, 7) else None
    if kind == "c" and family == "lenet":
        if number == 5:
            original = conv is not None and len(conv.nodes) == 3
            return _picked(conv, 2) if original else _picked(linear, 0)
        return _picked(conv, number // 2) if number in (1, 3) else None
    if kind == "fc" and linear is not None:
        first = 6 if number > len(linear.nodes) and len(linear.nodes) == 3 else 1
        within = 0 <= number - first < len(linear.nodes)
        return _picked(linear, number - first) if within else None
    if kind == "conv" and conv is not None:
        if index:
            return _in_block(subject, conv, number, int(index))
        plain = not networks.branching(subject.network) and family != "vgg"
        within = 1 <= number <= len(conv.nodes)
        return _picked(conv, number - 1) if plain and within else None
    return None


def _in_block(subject: Subject, conv: Layers, block: int, index: int) -> Layers | None:
    """Choose VGG's conv3_2: the second convolution after the second pooling."""
    if subject.family != "vgg":
        return None
    pools = 0
    seen: dict[tuple[int, int], int] = {}
    place = 0
    for at, node in networks.main_nodes(subject.network):
        if isinstance(node.op, MaxPool2d):
            pools, place = pools + 1, 0
        elif isinstance(node.op, Conv2d):
            place += 1
            seen[pools + 1, place] = at
    node_index = seen.get((block, index))
    if node_index is None:
        return None
    return _picked(conv, conv.nodes.index(node_index), f"conv{block}_{index}")


# ------------------------------------------------------------------ what a part has


def amounts(
    subject: Subject, part: Part, measure: str, *, bias: bool | None = None
) -> list[Reading]:
    """Give how much of a network a part has: ``parameters`` or ``mac``.

    ``bias`` says whether biases count; ``None`` accepts both.
    """
    chosen = layers(subject, part.name)
    network = subject.network
    if chosen is None:
        return []
    if measure == "mac":
        return _costs(subject, part, chosen)
    model = f'model("{subject.name}"), {network.input_shape}'
    verb = "has" if len(chosen.nodes) == 1 and chosen.index is not None else "have"
    counts = arithmetic.node_parameters(network)
    weights = Fraction(sum(counts[at] for at in chosen.nodes))
    biases = sum(_bias(network.nodes[at].op) for at in chosen.nodes)
    found = []
    if bias is not False:
        how = f"{chosen.label} of {subject.name} {verb} {show(weights)} parameters"
        source = f"sum(parameters(each) for each in {chosen.listed(model)})"
        # C3 of 1998 has another number than that of most who call it so.
        sparse = any(isinstance(network.nodes[at].op, SparseConv2d) for at in chosen.nodes)
        found.append(Reading(weights, how, source, doubtful=sparse and len(chosen.nodes) == 1))
    if bias is not True and biases:
        plain = weights - biases
        how = f"{chosen.label} of {subject.name} {verb} {show(plain)} weights without biases"
        source = f"sum(each.weight.numel() for each in {chosen.listed(model)})"
        found.append(Reading(plain, how, source))
    if part.rest:
        whole = Fraction(networks.parameters(network)[0])
        return [
            Reading(
                whole - each.value,
                f"{subject.name} has {show(whole - each.value)} parameters without {chosen.label}",
                f"evaluated_parameters({model}) - {each.source}",
            )
            for each in found
            if isinstance(each.value, Fraction)
        ]
    if part.name == "conv":
        found += _body(subject)
    return found


def _bias(op: object) -> int:
    if isinstance(op, Conv2d):
        return op.out_channels if op.bias else 0
    if isinstance(op, Linear):
        return op.out_features if op.bias else 0
    return 0


def _body(subject: Subject) -> list[Reading]:
    """The convolutional part with what stands between its convolutions, such as batch norm."""
    dense = layers(subject, "fc")
    if dense is None:
        return []
    counts = arithmetic.node_parameters(subject.network)
    value = networks.parameters(subject.network)[0] - sum(counts[at] for at in dense.nodes)
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    source = (
        f"evaluated_parameters({model}) - sum(parameters(each) for each in {dense.listed(model)})"
    )
    how = f"all of {subject.name} but its fully connected layers has {value:,} parameters"
    return [Reading(Fraction(value), how, source)]


def _costs(subject: Subject, part: Part, chosen: Layers) -> list[Reading]:
    network = subject.network
    known = networks.macs(network)
    if known is None:
        return []
    model = f'model("{subject.name}"), {network.input_shape}'
    every = arithmetic.node_macs(network)
    value = Fraction(sum(every[at] for at in chosen.nodes))
    how = f"{chosen.label} of {subject.name}: {show(value)} multiply-adds"
    if not part.rest:
        return [Reading(value, how, chosen.spent(model))]
    return [Reading(known - value, f"all but {how}", f"macs({model}) - {chosen.spent(model)}")]


def whole(subject: Subject, measure: str) -> list[Reading]:
    """What the whole network has."""
    network = subject.network
    shape = f'model("{subject.name}"), {network.input_shape}'
    if measure == "mac":
        value = networks.macs(network)
        if value is None:
            return []
        how = f"{subject.name} multiplies and adds {value:,} times"
        return [Reading(Fraction(value), how, f"macs({shape})")]
    main, _ = networks.parameters(network)
    how = f"{subject.name} has {main:,} parameters"
    found = [Reading(Fraction(main), how, f"evaluated_parameters({shape})")]
    plain = sum(networks.parameters_of(network, *CONVOLUTIONS, Linear))
    if plain != main:
        source = f"sum(parameters(each) for each in used({shape}, nn.Conv2d, nn.Linear))"
        how = f"{subject.name} has {plain:,} parameters without batch norm"
        found.append(Reading(Fraction(plain), how, source))
    return found
