"""Blocks that a statement describes by their channels: a bottleneck "256-64-64-256", a fire module that
squeezes 96 to 16 and expands to 64 + 64, an inverted residual "24 → 144 → 24", a dense block that starts with
64 maps and adds 32 a layer.

The block is built from what is said, its weights counted, and what it hands on told. Nothing is asked about
a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.described.statement import states
from generator.claims.expression import Binary, Expression, Name, Number
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

KIND = "parameters"

COUNTED = wordset("parameter weight")
CHANNELS = wordset("channel map maps fmap")
AGAINST = wordset("than versus vs against instead lessthan morethan")
# What ends in "go out", or follows "puts out": the channels that a block hands on.
HANDING = wordset("out output outputs ends end leaves give hands so = → becoming")


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution of a block: its window, channels in and out, and groups."""

    kernel: int
    inputs: int
    filters: int
    groups: int = 1

    @property
    def weights(self) -> int:
        """How many weights it has, biases aside."""
        return self.kernel**2 * (self.inputs // self.groups) * self.filters

    def source(self, *, bias: bool) -> str:
        """Python that counts it."""
        groups = f", groups={self.groups}" if self.groups > 1 else ""
        layer = f"nn.Conv2d({self.inputs}, {self.filters}, {self.kernel}{groups}, bias={bias}"
        return f'parameters({layer}, device="meta"))'


@dataclass(frozen=True, slots=True)
class Block:
    """A described block: its convolutions, the last of which hand on, where its description ends."""

    convs: tuple[Conv, ...]
    ends: tuple[Conv, ...]
    sentence: int
    last: int
    used: tuple[int, ...]

    def out(self) -> Reading:
        """The channels it hands on."""
        widths = [each.filters for each in self.ends]
        how = (
            f"{' + '.join(map(str, widths))} = {sum(widths)}"
            if widths[1:]
            else f"{widths[0]} channels"
        )
        layers = [
            f'nn.Conv2d({e.inputs}, {e.filters}, {e.kernel}, device="meta")' for e in self.ends
        ]
        source = " + ".join(f"{each}.out_channels" for each in layers)
        return Reading(Fraction(sum(widths)), how, source)

    def count(self, *, bias: bool) -> Reading:
        """Its parameters."""
        values = [each.weights + (each.filters if bias else 0) for each in self.convs]
        how = f"{' + '.join(f'{each:,}' for each in values)} = {sum(values):,}"
        source = " + ".join(each.source(bias=bias) for each in self.convs)
        return Reading(Fraction(sum(values)), how, source)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find counts of blocks, and what they hand on."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question:
            continue
        blocks = [each for find in (_fire, _chain) if (each := find(number, sentence)) is not None]
        if len(blocks) == 1:
            yield from _results(context, blocks[0])
        yield from _dense(context, number)


def _number(piece: Piece) -> int:
    return piece.count if piece.sort is Sort.NUMBER else 0


# ------------------------------------------------------------------ fire modules

SQUEEZE = wordset("squeeze squeezed squeezes squeezing")
EXPAND = wordset("expand expanded expands expanding")
INWARD = wordset("in input channel incoming maps")


def _fire(number: int, sentence: Sentence) -> Block | None:
    """ "96 channels squeezed to 16, expanded to 64 + 64"."""
    pieces = sentence.pieces
    squeeze = next((at for at, each in enumerate(pieces) if each.gist in SQUEEZE), None)
    expand = next((at for at, each in enumerate(pieces) if each.gist in EXPAND), None)
    if squeeze is None or expand is None or not squeeze < expand:
        return None
    numbers = [at for at in range(expand) if _number(pieces[at]) > 1]
    inward = [at for at in numbers if pieces[at + 1].gist in INWARD]
    thin = [at for at in numbers if at > squeeze and at not in inward]
    wide = _sum_at(pieces, expand + 1)
    if len(inward) != 1 or len(thin) != 1 or wide is None:
        return None
    (one, other), last = wide
    c, s = _number(pieces[inward[0]]), _number(pieces[thin[0]])
    convs = (Conv(1, c, s), Conv(1, s, one), Conv(3, s, other))
    used = (pieces[inward[0]].start, pieces[thin[0]].start, pieces[last].start)
    return Block(convs, convs[1:], number, last, used)


def _sum_at(pieces: Sequence[Piece], first: int) -> tuple[tuple[int, int], int] | None:
    """Two equal parts that something is expanded to: "to 64 + 64", "2 × 64"."""
    for at in range(first, min(first + 4, len(pieces))):
        match pieces[at].expression:
            case Binary("+", Number(one), Number(other)):
                return (int(one), int(other)), at
            case _:
                pass
        if _number(pieces[at]) > 1:
            rest = pieces[at + 1 : at + 3]
            joined = len(rest) == 2 and rest[0].gist in ("+", "and", "plus")
            if joined and _number(rest[1]) > 1:
                return (_number(pieces[at]), _number(rest[1])), at + 2
            return None
    return None


# ------------------------------------------------------------------ bottlenecks

BOTTLENECK = wordset("bottleneck bottlenecks")
INVERTED = wordset("inverted mbconv")
DENSE = wordset("fc mlp unit autoencoder autoencoders hidden")


def _chain(number: int, sentence: Sentence) -> Block | None:
    """ "A 256-64-64-256 bottleneck", "an inverted residual 24 → 144 → 24"."""
    pieces = sentence.pieces
    inverted = sentence.has(*INVERTED)
    if (not inverted and not sentence.has(*BOTTLENECK)) or sentence.has(*DENSE):
        return None
    named = [at for at, e in enumerate(pieces) if e.gist in BOTTLENECK | INVERTED]
    for at in range(max(0, named[0] - 3), min(len(pieces), named[-1] + 8)):
        found = _channels(pieces, at)
        if found is None or not found[0]:
            continue
        channels, last = found
        convs = _convs(channels, inverted=inverted)
        if convs:
            used = tuple(each.start for each in pieces[at : last + 1] if each.sort is not Sort.WORD)
            return Block(convs, convs[-1:], number, last, used)
    return None


def _channels(pieces: Sequence[Piece], at: int) -> tuple[tuple[int, ...], int] | None:
    """A chain of channels that begins at a place: "256-64-64-256" or "24 → 144 → 24"."""
    if pieces[at].sort is Sort.EXPRESSION and pieces[at].expression is not None:
        return _split(pieces[at].expression), at
    chain, here = [], at
    while here < len(pieces) and _number(pieces[here]) > 1:
        chain.append(_number(pieces[here]))
        if here + 1 < len(pieces) and pieces[here + 1].gist in ("→", "-", "–"):
            here += 2
        else:
            break
    return (tuple(chain), min(here, len(pieces) - 1)) if len(chain) > 2 else None


def _split(expression: Expression | None) -> tuple[int, ...]:
    """The numbers of "256-64-64-256", which looks like a difference."""
    match expression:
        case Number(value) if value.denominator == 1:
            return (int(value),)
        case Binary("-", left, right) if not expression.bracketed:
            first, second = _split(left), _split(right)
            return (*first, *second) if first and second else ()
        case _:
            return ()


def _convs(channels: Sequence[int], *, inverted: bool) -> tuple[Conv, ...]:
    match tuple(channels):
        case (a, t, b) if inverted and t > max(a, b):
            return (Conv(1, a, t), Conv(3, t, t, t), Conv(1, t, b))
        case (a, t, u, b) if inverted and t == u > max(a, b):
            return (Conv(1, a, t), Conv(3, t, t, t), Conv(1, t, b))
        case (a, t, b) if not inverted and t < min(a, b):
            return (Conv(1, a, t), Conv(3, t, t), Conv(1, t, b))
        case (a, t, u, b) if not inverted and t == u < min(a, b):
            return (Conv(1, a, t), Conv(3, t, t), Conv(1, t, b))
        case _:
            return ()


# ------------------------------------------------------------------ what is said of them


def _results(context: Context, block: Block) -> Iterator[Candidate]:
    """Counts and outgoing channels that are stated behind a block's description."""
    for number in (block.sentence, block.sentence + 1):
        if number >= len(context.sentences):
            return
        sentence = context.sentences[number]
        if number > block.sentence and _other_layer(sentence):
            return
        first = block.last + 1 if number == block.sentence else 0
        for at in range(first, len(sentence.pieces)):
            if sentence.pieces[at].gist in AGAINST:
                return
            found = _result(sentence, at, block)
            sure = _alone(sentence) and _leads(sentence, first, at, own=number == block.sentence)
            kept = found if sure else if_true(found)
            if kept is not None:
                yield replace(kept, decisive=sure)


def _alone(sentence: Sentence) -> bool:
    """Whether a sentence speaks of one such block, and of nothing that belongs to it besides."""
    norm = sentence.has("bn", "batch", "norm") and not sentence.has("ignored", "without", "aside")
    several = any(
        each.numeral and each.quantity is not None and 1 < each.quantity.value < 20
        for each in sentence.pieces[:3]
    )
    return not (norm or several or sentence.has(*BESIDE))


def _leads(sentence: Sentence, first: int, at: int, *, own: bool) -> bool:
    """Whether the words from a block to a number say only that it has it, or hands it on."""
    if not own:
        return at < SHORT and len(sentence.pieces) < SHORT + 3
    return all(each.gist in LEADING or each.gist[0] == "#" for each in sentence.pieces[first:at])


def _other_layer(sentence: Sentence) -> bool:
    return (
        bool(sentence.sorts & {"@", "%"})
        or "→" in sentence.words
        or sentence.has("conv", "fc", "network", "total")
    )


SHORT = 5  # pieces of a sentence that only goes on with a count
BESIDE = wordset("projection se shortcut attention such each stage all")
LEADING = (
    HANDING
    | wordset("bottleneck bottlenecks inverted")
    | CHANNELS
    | wordset(
        "have with about in a the , : ( ) and go goes come puts residual block module only just conv"
    )
)


def _result(sentence: Sentence, at: int, block: Block) -> Candidate | None:
    piece = sentence.pieces[at]
    if piece.sort is not Sort.NUMBER or piece.quantity is None or piece.numeral:
        return None
    if not states(sentence, at):
        return None
    pieces = sentence.pieces
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    before = {each.gist for each in pieces[max(0, at - 4) : at]}
    if set(after[:2]) & COUNTED and not set(after[:2]) & AGAINST:
        readings = tuple(block.count(bias=each) for each in _biases(sentence, after))
        return claiming(
            KIND, sentence, piece, piece.quantity, readings, used=block.used,
            expected=f"{piece.quantity.text} parameters",
        )  # fmt: skip
    handed = after[:2] in (["go", "out"], ["come", "out"], ["channel", "out"]) or (
        after[:1] and after[0] in CHANNELS and before & HANDING
    )
    if not handed:
        return None
    return claiming("structure", sentence, piece, piece.quantity, (block.out(),), used=block.used)


def _biases(sentence: Sentence, after: Sequence[str]) -> tuple[bool, ...]:
    """Whether biases count: as said, else weights have none and parameters may have them."""
    gists = [each.gist for each in sentence.pieces]
    if "bias" in gists:
        near = gists[max(0, gists.index("bias") - 2) : gists.index("bias")]
        return ("without" not in near,)
    return (False,) if "weight" in after else (True, False)


# ------------------------------------------------------------------ dense blocks

THINNED = ("=", "compression", "factor", "without", "would", "keep", "keeps")
GROWING = wordset("adds add growth grows appends contributes")
STARTING = wordset("starts start enters enter begins with from")
ENDING = wordset("ends end gives give leaves leave out output with so → =")


def _dense(context: Context, number: int) -> Iterator[Candidate]:
    """ "Starts with 64 maps and adds 6·32, so it ends with 256; the transition leaves 128"."""
    sentence = context.sentences[number]
    if not (context.speaks_of("densenet", "growth") or "dense" in _written(sentence)):
        return
    if not sentence.has("block", "layer", "growth"):
        return
    pieces = sentence.pieces
    grown = _grown(pieces)
    numbers = [
        at for at in range(len(pieces)) if _number(pieces[at]) > 1 and not pieces[at].numeral
    ]
    maps = [at for at in numbers if at + 1 < len(pieces) and pieces[at + 1].gist in CHANNELS]
    if grown is None or not maps:
        return
    added, shown, places = grown
    start = maps[0]
    first = _number(pieces[start])
    value = first + added
    used = (pieces[start].start, *(pieces[at].start for at in places))
    open_ones = [at for at in numbers if at > start and at not in places]
    began = {each.gist for each in pieces[max(0, start - 4) : start]} & STARTING
    for at in open_ones[-1:]:
        before = {each.gist for each in pieces[max(0, at - 4) : at]}
        if not before & ENDING or not states(sentence, at):
            continue
        yield from _channels_stated(
            sentence,
            at,
            value,
            f"{first} + {shown}",
            used,
            sure=bool(began) and len(open_ones) == 1,
        )
    following = context.sentences[number + 1] if number + 1 < len(context.sentences) else None
    if following is not None and following.has("transition"):
        for at, each in enumerate(following.pieces):
            if _number(each) > 1 and not each.numeral and states(following, at):
                how = f"({first} + {shown}) / 2"
                yield from _channels_stated(
                    following, at, value // 2, how, (), sure=not following.has(*THINNED)
                )
                return


def _written(sentence: Sentence) -> set[str]:
    return {each.word.lower() for each in sentence.pieces}


def _channels_stated(
    sentence: Sentence, at: int, value: int, how: str, used: tuple[int, ...], *, sure: bool
) -> Iterator[Candidate]:
    piece = sentence.pieces[at]
    assert piece.quantity is not None
    source = f'torch.cat([torch.empty(1, {value}, 1, 1, device="meta")], 1).shape[1]'
    reading = Reading(Fraction(value), f"{how} = {value}", how.replace("·", " * ") or source)
    found = claiming("structure", sentence, piece, piece.quantity, (reading,), used=used)
    kept = found if sure else if_true(found)
    if kept is not None:
        yield kept


def _grown(pieces: Sequence[Piece]) -> tuple[int, str, tuple[int, ...]] | None:
    """How many maps a dense block adds: "adds 6·32", or a growth rate and a number of layers."""
    for at, piece in enumerate(pieces):
        before = {each.gist for each in pieces[max(0, at - 2) : at]}
        if len(piece.size) == 2 and before & GROWING:
            return piece.size[0] * piece.size[1], "·".join(map(str, piece.size)), (at,)
    rate = next((at for at in range(len(pieces)) if _rate(pieces, at)), None)
    layers = [
        at
        for at in range(len(pieces) - 1)
        if _number(pieces[at]) > 1 and pieces[at + 1].gist == "layer"
    ]
    if rate is None or len(layers) != 1:
        return None
    many, each_adds = _number(pieces[layers[0]]), _number(pieces[rate])
    return many * each_adds, f"{many}·{each_adds}", (rate, layers[0])


def _rate(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is a growth rate: "k = 32", "growth rate 32", "adds 32 maps a layer"."""
    if _number(pieces[at]) < 2:
        return False
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    letter = pieces[at - 2].expression if at > 1 else None
    named = before[-1:] == ["="] and isinstance(letter, Name) and letter.name == "k"
    return named or "growth" in before
