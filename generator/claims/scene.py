"""What a statement says about a layer: facts with a role, before anything is computed.

"6 filters of 5×5 over a 32×32×3 image, stride 1" has the facts filters 6, kernel 5×5, input
32×32×3, stride 1. Recognisers ask for the fact that belongs to the number they look at; where a
sentence gives two, the one before the number is taken and the answer is marked as contested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from generator.claims.calls import calls
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Found, Pattern, Piece, Sentence, Sort, pattern

LARGEST_WINDOW = 15  # a kernel larger than that is an image


class Role(StrEnum):
    """What a number or size is to a layer."""

    KERNEL = "kernel"
    POOL = "pool"
    FILTERS = "filters"
    IN_CHANNELS = "in channels"
    CHANNELS = "channels"
    INPUT = "input"
    OUTPUT = "output"
    STRIDE = "stride"
    PAD = "pad"
    DILATION = "dilation"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in a role, and the piece that says it (by sentence and index)."""

    role: Role
    value: tuple[int, ...]
    index: int
    piece: Piece
    sentence: int = 0


_KERNEL_ADJECTIVES = (
    r"<*conv same valid depthwise pointwise separable transposed standard normal regular learned "
    r"spatial dilation stride 2d full square big large small ordinary usual plain single sized "
    r"trainable learnable individual different separate such layer size*>"
)
_OF = (
    r"(?:(?:of|with|be|size|sizes|have|that|which|dimension|dimensions|shape|a|an|the|sized|each|"
    r"spatial|window|use|both|layer|:|\(|,|=|measuring|shaped) )*"
)
_VOLUME = (
    r"(?:image|input|volume|map|fmap|matrix|grid|array|activation|activations|frame|feature|slice)"
)
_VOLUME_ADJECTIVES = (
    r"<*pixel pixels rgb gray input square padded pad colour whole large small big px ,*>"
)
_GIVES = (
    r"(?:(?:a|an|the|output|fmap|map|volume|size|sizes|of|us|you|image|:|shape|new|smaller|in|be|"
    r"it|to|into|only|again|just|exactly|still|feature|result|dimension|dimensions|\(|that|which|"
    r"will|have|spatial|square) )*"
)

# A size that names a window is no map, whatever verb stands before it.
_NO_WINDOW = (
    r"(?! <*conv max average same valid depthwise big small sized square overlapping "
    r"learned*>(?:filters?|conv|pool|windows?))"
)

# (role, pattern, group), first match of a piece wins.
PATTERNS: tuple[tuple[Role, Pattern, str], ...] = tuple(
    (role, pattern(text), group)
    for role, text, group in (
        (Role.INPUT, r"<v:@> x @\d+ (?:=|→|give) @\d+", "v"),
        (Role.INPUT, r"<v:@> in (?:,|→|and)", "v"),
        (
            Role.INPUT,
            r"(?:feeding|feed|fed|pass|passing|putting|sending|send) (?:a |an |the )?<v:@>",
            "v",
        ),
        (Role.OUTPUT, r"<v:@> out", "v"),
        (Role.INPUT, r"<v:@> → #\d+ (?:@\d+ )?filters", "v"),
        (Role.KERNEL, r"@\d+ x <k:@> (?:=|→|give) @\d+", "k"),
        (Role.OUTPUT, r"@\d+ x @\d+ (?:=|→|give) <v:@>", "v"),
        (
            Role.INPUT,
            rf"use (?:[^\s.;]+ ){{0,12}}(?:to|on|onto|over) {_GIVES}<v:@>{_NO_WINDOW}",
            "v",
        ),
        (
            Role.OUTPUT,
            rf"@\d+ (?:{_VOLUME} |pixel |pixels )*(?:down )?(?:up )?(?:to|into|→) "
            rf"{_GIVES}<v:@>{_NO_WINDOW}",
            "v",
        ),
        (
            Role.OUTPUT,
            rf"output {_GIVES}(?:will |therefore |then |thus |, )*{_GIVES}<v:@>{_NO_WINDOW}",
            "v",
        ),
        (Role.OUTPUT, r"<v:@> (?:square )?(?:output|result|response)", "v"),
        (Role.OUTPUT, rf"@\d+ {_VOLUME} be (?:a |an )?<v:@>", "v"),
        (Role.OUTPUT, rf"(?:give|→|into|=|output|returns) {_GIVES}<v:@>{_NO_WINDOW}", "v"),
        (
            Role.INPUT,
            rf"<v:@> {_VOLUME_ADJECTIVES}(?:image|input|volume|matrix|grid|frame|feature|fmap|map)",
            "v",
        ),
        (Role.INPUT, rf"<v:@> (?:{_VOLUME} )?(?:be )?convolve (?:with|by)", "v"),
        (Role.INPUT, r"convolve (?:a |an |the )?<v:@>(?! (?:filters?|conv))", "v"),
        (Role.OUTPUT, rf"to {_GIVES}<v:@>{_NO_WINDOW}", "v"),
        (Role.INPUT, r"(?:pool|conv|convolve) <v:@> (?:with|by|use|to|into)", "v"),
        (Role.OUTPUT, r"(?:stays?|remains?|kept|keeps) <*at a the same size of*><v:@>", "v"),
        (Role.POOL, r"<k:@> <*global stride overlapping non-overlapping window*>pool", "k"),
        (
            Role.POOL,
            r"pool (?:(?:layer|window|filter|filters|size|with|of|over|a|an|the|use|,|:|\(|"
            r"non-overlapping|in|region|regions|be|have|be|=) )*<k:@>",
            "k",
        ),
        (
            Role.KERNEL,
            rf"<k:@> {_KERNEL_ADJECTIVES}(?:filters?|conv|window|windows|patch|mask|template)",
            "k",
        ),
        (Role.KERNEL, rf"(?:filters?|conv) (?:size|sizes) {_OF}<k:@#>", "k"),
        (
            Role.KERNEL,
            r"(?:kernel_size|filter-size|kernel-size|ksize|filter_size) <*= : of be*><k:@#>",
            "k",
        ),
        (Role.KERNEL, rf"(?:filters?|conv|depthwise|pointwise) {_OF}<k:@>", "k"),
        (Role.KERNEL, r"stride #\d+ (?:, |and )+filter (?:size )?(?:of |= )?<k:#>", "k"),
        (
            Role.KERNEL,
            r"filter <*of = : be*><k:#> (?:, |and |with )*(?=stride|pad|dilation)",
            "k",
        ),
        (Role.KERNEL, r"filters? (?:\*|x) <k:@>", "k"),
        (
            Role.KERNEL,
            r"filters? (?:of|in) \S+ (?:layer )?(?:be|have) (?:of size |size )?<k:@>",
            "k",
        ),
        (
            Role.KERNEL,
            r"filters? (?:of|be|have) (?:(?:size|width|side) )?<k:#> (?:pixel|pixels)",
            "k",
        ),
        (
            Role.FILTERS,
            rf"<n:#> (?:x )?(?:@\d+ )?{_KERNEL_ADJECTIVES}(?:filters?|feature detectors)",
            "n",
        ),
        (Role.FILTERS, r"(?<!have )(?<!always )(?<!just )<n:#> (?:of them|of those|such)", "n"),
        (Role.FILTERS, r"(?<!\d )(?:number of |num )?filters (?:=|:) <n:#>", "n"),
        (Role.FILTERS, r"number of filters (?:be|of) <n:#>", "n"),
        (Role.IN_CHANNELS, r"<n:#> (?:rgb )?input (?:channel|fmap|map|plane|planes|feature)", "n"),
        (Role.IN_CHANNELS, r"<n:#> (?:input|in)(?: -)? and #\d+ (?:output|out) channel", "n"),
        (Role.FILTERS, r"<n:#> (?:output|out) and #\d+ (?:input|in) channel", "n"),
        (Role.IN_CHANNELS, r"<n:#> channel (?:input|image|volume)", "n"),
        (
            Role.IN_CHANNELS,
            r"input (?:image |volume |map |fmap )?(?:with|have|of) <n:#> channel",
            "n",
        ),
        (Role.IN_CHANNELS, r"(?:in_channels|input_channels|c_in) (?:=|:|be) <n:#>", "n"),
        (Role.IN_CHANNELS, r"input channel (?:=|:|be|of) <n:#>", "n"),
        (Role.FILTERS, r"(?:out_channels|output_channels|c_out) (?:=|:|be) <n:#>", "n"),
        (Role.FILTERS, r"output channel (?:=|:|be|of) <n:#>", "n"),
        (
            Role.IN_CHANNELS,
            r"from <n:#> (?:input )?(?:channel )?to #\d+ (?:output )?(?:channel|filters?|fmap|map)",
            "n",
        ),
        (
            Role.FILTERS,
            r"from #\d+ (?:input )?(?:channel )?to <n:#> (?:output )?(?:channel|filters?|fmap|map)",
            "n",
        ),
        (Role.IN_CHANNELS, r"from <n:#> (?:input )?channel to #\d+", "n"),
        (Role.FILTERS, r"from #\d+ (?:input )?channel to <n:#>", "n"),
        (
            Role.FILTERS,
            r"(?:map|mapping|maps|turn|take|takes|bring) #\d+ channel to <n:#>(?! unit)",
            "n",
        ),
        (
            Role.IN_CHANNELS,
            r"(?:map|mapping|maps|turn|take|takes|bring) <n:#> channel to #\d+(?! unit)",
            "n",
        ),
        (
            Role.IN_CHANNELS,
            r"<n:#> (?:input )?(?:channel )?(?:→|to|into) #\d+ (?:output )?channel",
            "n",
        ),
        (
            Role.FILTERS,
            r"#\d+ (?:input )?(?:channel )?(?:→|to|into) <n:#> (?:output )?channel",
            "n",
        ),
        (Role.IN_CHANNELS, r"<n:#> (?:channel )?in (?:and|,|→) #\d+ (?:channel )?out", "n"),
        (Role.FILTERS, r"#\d+ (?:channel )?in (?:and|,|→) <n:#> (?:channel )?out", "n"),
        (
            Role.IN_CHANNELS,
            r"(?:conv|filters?) (?:layer |, |\( |: |from |@\d+ )*<n:#> (?:→|to|-) #\d+",
            "n",
        ),
        (
            Role.FILTERS,
            r"(?:conv|filters?) (?:layer |, |\( |: |from |@\d+ )*#\d+ (?:→|to|-) <n:#>",
            "n",
        ),
        (Role.FILTERS, r"<n:#> (?:output |feature )(?:channel|fmap|map|plane|planes)", "n"),
        (Role.FILTERS, r"(?:give|to|into|→|produces|output) <n:#> (?:channel|fmap|map)", "n"),
        (
            Role.IN_CHANNELS,
            r"(?:over|on|across|take|taking|reads?) (?:a |an |the )?(?:input (?:with|of|have) "
            r")?<n:#> channel",
            "n",
        ),
        (Role.CHANNELS, r"<n:#> channel", "n"),
        (Role.FILTERS, r"<n:#> fmap", "n"),
        (Role.STRIDE, r"stride <*of be = : length size a the to set*><n:#>", "n"),
        (Role.STRIDE, r"stride <*of be = :*>\( <n:#> , #\d+ \)", "n"),
        (Role.STRIDE, r"stride <*of be = :*><n:@>", "n"),
        (Role.STRIDE, r"@\d+ / <n:#>", "n"),
        (Role.STRIDE, r"<n:#> stride", "n"),
        (Role.PAD, r"pad <*of be = : with by size a the border zeros to set*><n:#>", "n"),
        (Role.PAD, r"<n:#> <*pixel pixels of zero border px*>pad", "n"),
        (
            Role.DILATION,
            r"dilation <*rate factor of = be : conv with a filter size @\d+*><n:#>",
            "n",
        ),
        (Role.GROUPS, r"<n:#> (?:group|groups)", "n"),
        (Role.GROUPS, r"groups (?:=|:|of) <n:#>", "n"),
        (
            Role.INPUT,
            rf"(?:turn|turns|turning|halves|halve|halving|doubles|doubling|need|takes|map|maps|"
            rf"reduces|reduce|reducing|shrinks|shrink|converts|transforms|brings|bring|"
            rf"downsamples|upsamples|downsample|upsample|changes|enlarges|from) {_GIVES}<v:@> "
            rf"(?:{_VOLUME} |pixel |pixels )?(?:down )?(?:up )?(?:to|into|→)",
            "v",
        ),
        (Role.INPUT, rf"<v:@> (?:{_VOLUME} |pixel |pixels )*(?:to|into|→) {_GIVES}@\d+", "v"),
        (Role.INPUT, rf"<v:@> (?:then |just |, )?give {_GIVES}@\d+", "v"),
        (Role.INPUT, rf"from {_GIVES}<v:@>", "v"),
        (Role.INPUT, r"<v:@> through", "v"),
        (Role.KERNEL, r"<k:@> transposed", "k"),
        (Role.INPUT, r"(?:on|onto|over|across) (?:a |an |the )?<v:@>", "v"),
        (Role.INPUT, rf"(?:input|image|volume|map|fmap) {_OF}<v:@>", "v"),
        (Role.OUTPUT, r"be (?:again |still |then |also |now )?(?:a |an |of )?<v:@>", "v"),
    )
)

# Words of which one stands in each pattern that has no size.
LAYERS = wordset(
    "filter filters conv conv2d depthwise pointwise pool stride pad dilation group groups channel "
    "feature fmap map plane planes input output in out such them in_channels input_channels c_in "
    "out_channels output_channels c_out kernel_size filter-size kernel-size ksize filter_size"
)
# Letters with a usual meaning, for "n = 6, f = 3, p = 0, s = 1".
LETTERS = {
    Role.INPUT: wordset("n N W H w h i n_H n_W W_in H_in n_in i_h W_1 H_1 L"),
    Role.KERNEL: wordset("f F k K"),
    Role.PAD: wordset("p P"),
    Role.STRIDE: wordset("s S"),
}
_BOUND = pattern(r"<l:~> (?:=|:) <n:#>")


@dataclass(frozen=True, slots=True)
class Scene:
    """The facts of a statement, in reading order."""

    sentences: tuple[Sentence, ...]
    facts: tuple[Fact, ...]

    def of(self, role: Role) -> tuple[Fact, ...]:
        """All facts in a role."""
        return tuple(each for each in self.facts if each.role is role)

    def near(self, role: Role, sentence: int, index: int) -> tuple[Fact | None, bool]:
        """Find the fact that goes with piece ``index`` of a sentence: (fact, contested).

        The sentence's own facts come first: its only one, else the nearest before, else the nearest
        after. Then the nearest earlier sentence that has exactly one value.
        """
        facts = self.of(role)
        own = [each for each in facts if each.sentence == sentence]
        if own:
            before = [each for each in own if each.index < index]
            chosen = before[-1] if before else own[0]
            one = len({each.value for each in own}) == 1
            return chosen, not one and not self._beside(chosen, sentence, index)
        first = min((each.sentence for each in facts), default=sentence)
        for earlier in range(sentence - 1, first - 1, -1):
            there = [each for each in facts if each.sentence == earlier]
            if there:
                values = {each.value for each in there}
                return (there[-1], len(values) > 1) if len(values) == 1 else (None, True)
        return None, False

    def _beside(self, fact: Fact, sentence: int, index: int) -> bool:
        """Whether a fact stands in the same clause as piece ``index``, a bracket left open."""
        if sentence < 0:
            return False
        pieces = self.sentences[sentence].pieces
        between = {each.gist for each in pieces[min(fact.index, index) : max(fact.index, index)]}
        return fact.index < index and not between & CLAUSE_ENDS

    def explains(self, sentence: int, piece: Piece) -> bool:
        """Whether a piece has a role."""
        return any(each.sentence == sentence and each.piece is piece for each in self.facts)

    def says(self, sentence: int, *words: str) -> bool:
        """Whether a word stands in the sentence, or in the one before it."""
        return any(each.has(*words) for each in self.sentences[max(0, sentence - 1) : sentence + 1])

    def role_of(self, piece: Piece) -> Role | None:
        """Give the role a piece has."""
        return next((each.role for each in self.facts if each.piece is piece), None)


def scene(sentences: Sequence[Sentence], earlier: Sequence[Sentence] = ()) -> Scene:
    """Collect the facts of a statement's sentences, and of those before it in its section.

    Sentences of the statement count from 0, earlier ones down from -1.
    """
    facts: list[Fact] = []
    for number, sentence in enumerate(earlier):
        at = number - len(earlier)
        facts.extend(replace(each, sentence=at) for each in _facts(sentence))
    for number, sentence in enumerate(sentences):
        facts.extend(replace(each, sentence=number) for each in _facts(sentence))
    return Scene(tuple(sentences), tuple(facts))


@lru_cache(maxsize=256)
def _facts(sentence: Sentence) -> tuple[Fact, ...]:
    """The facts of a sentence, which is asked for again by the statements after it."""
    taken: dict[int, Fact] = {}
    counted = "@" in sentence.sorts or (
        "#" in sentence.sorts and not sentence.words.isdisjoint(LAYERS)
    )
    for role, form, group in PATTERNS if counted else ():
        for found in sentence.find(form):
            piece = found[group]
            index = sentence.index_of(piece)
            value = whole(piece)
            if index in taken or value is None or not _plausible(role, value, found):
                continue
            taken[index] = Fact(role, value, index, piece)
    forms = (_called, _both_sides, _onwards, _written_out)
    for each in (fact for form in forms for fact in form(sentence)):
        taken[each.index] = each
    for each in _letters(sentence):
        taken.setdefault(each.index, each)
    for each in _words(sentence):
        taken.setdefault(each.index, each)
    return tuple(taken[index] for index in sorted(taken))


def _plausible(role: Role, value: tuple[int, ...], found: Found) -> bool:
    """Windows are small, maps that stand right after "pooling" are not."""
    if role in (Role.KERNEL, Role.POOL):
        return min(value[:2]) <= LARGEST_WINDOW and len(value) < 4
    if role in (Role.STRIDE, Role.PAD):
        return len(value) < 3 and (role is Role.STRIDE or max(value) <= LARGEST_WINDOW + 1)
    if role is Role.INPUT and found.match.group(0).startswith(("pool ", "conv ")):
        return min(value[:2]) > LARGEST_WINDOW or (len(value) == 3 and min(value[:2]) > 3)
    return True


def whole(piece: Piece) -> tuple[int, ...] | None:
    """Give a piece's whole numbers, if it has any that a layer could have."""
    if piece.sort is Sort.SIZE:
        return piece.size
    if piece.quantity is None or piece.quantity.value.denominator != 1:
        return None
    if piece.quantity.upper is not None or not 0 <= piece.quantity.value < 10**9:
        return None
    return (int(piece.quantity.value),)


def number(piece: Piece) -> int:
    """Give the whole number that a piece is, if a layer could have it, or nought."""
    found = whole(piece) if piece.sort is Sort.NUMBER else None
    return found[0] if found is not None else 0


_CALLED = {
    "in": Role.IN_CHANNELS,
    "out": Role.FILTERS,
    "kernel": Role.KERNEL,
    "stride": Role.STRIDE,
    "pad": Role.PAD,
    "dilation": Role.DILATION,
    "groups": Role.GROUPS,
}


def _called(sentence: Sentence) -> Iterator[Fact]:
    """``nn.Conv2d(3, 10, 5)``: input channels, filters, kernel."""
    for call in calls(sentence):
        if call.layer not in ("conv2d", "transposed", "pool"):
            continue
        for nth, (name, argument) in enumerate(call.arguments.items()):
            role = Role.POOL if (name, call.layer) == ("kernel", "pool") else _CALLED.get(name)
            # Several facts of one piece: the others are kept before it.
            place = argument.index - nth if argument.piece.word == "tuple" else argument.index
            if role is not None:
                yield Fact(role, argument.value, place, argument.piece)


_BOTH_SIDES = pattern(
    r"<n:#> (?P<after>channel|input) <*channel on at the side sides*>(?:(?:in|input) )?(?:and|as well as) "
    r"<*the channel*>(?:out|output)|(?:input|in) and (?:output|out) (?:channel )?"
    r"(?:be |= |: |both |have |of |are )*<m:#>|<c:#> channel (?:on )?(?:both sides|both ends|each)|"
    r"(?:from|of) <s:#> (?:channel )?to (?:also |again |as many|the same number)(?! #)"
)


def _both_sides(sentence: Sentence) -> Iterator[Fact]:
    """ "64 channels in and out": as many inputs as filters."""
    for found in sentence.find(_BOTH_SIDES):
        for piece in found.groups.values():
            value, index = whole(piece), sentence.index_of(piece)
            if value is not None:
                yield Fact(Role.IN_CHANNELS, value, index, piece)
                yield Fact(Role.FILTERS, value, index + 1, piece)


_ONWARDS = pattern(r"(?:then|and|,|next) from <a:#> to <b:#>")


def _onwards(sentence: Sentence) -> Iterator[Fact]:
    """ "From 3 to 64 channels …, then from 64 to 64": the channels of the next layer."""
    for found in sentence.find(_ONWARDS) if sentence.has("channel") else ():
        for piece, role in ((found["a"], Role.IN_CHANNELS), (found["b"], Role.FILTERS)):
            value = whole(piece)
            if value is not None:
                yield Fact(role, value, sentence.index_of(piece), piece)


_WRITTEN_OUT = pattern(
    r"<k:@> weight (?:(?:\+|plus|and|with) (?:#\d+ |a |an |its |the )*bias|(?:for |in )?(?:each|a) filter)"
)


def _written_out(sentence: Sentence) -> Iterator[Fact]:
    """ "5 × 5 × 3 weights + 1 bias": the filter they are the weights of."""
    for found in sentence.find(_WRITTEN_OUT):
        piece = found["k"]
        if len(piece.size) == 3 and max(piece.size[:2]) <= LARGEST_WINDOW:
            yield Fact(Role.KERNEL, piece.size, sentence.index_of(piece), piece)


def _letters(sentence: Sentence) -> Iterator[Fact]:
    for found in sentence.find(_BOUND):
        name, piece = found["l"].expression, found["n"]
        value = whole(piece)
        if not isinstance(name, Name) or value is None:
            continue
        for role, letters in LETTERS.items():
            small = role is not Role.KERNEL or value[0] <= LARGEST_WINDOW
            if name.name in letters and small:
                yield Fact(role, value, sentence.index_of(piece), piece)


_WORDED = frozenset(("rgb", "gray", "valid", "without", "unpadded", "same"))


def _words(sentence: Sentence) -> Iterator[Fact]:
    """Facts without a digit: RGB images, padding by name."""
    if sentence.words.isdisjoint(_WORDED):
        return
    for index, piece in enumerate(sentence.pieces):
        following = sentence.pieces[index + 1].gist if index + 1 < len(sentence.pieces) else ""
        before = sentence.pieces[index - 1].gist if index else ""
        if piece.gist == "rgb":
            yield Fact(Role.IN_CHANNELS, (3,), index, piece)
        elif piece.gist == "gray":
            yield Fact(Role.IN_CHANNELS, (1,), index, piece)
        elif piece.gist == "valid" and (
            following in ("conv", "pad", '"', "'") or before in ("pad", "=")
        ):
            yield Fact(Role.PAD, (0,), index, piece)
        elif piece.gist == "without" and following in ("pad", "zero"):
            yield Fact(Role.PAD, (0,), index, piece)
        elif piece.gist == "unpadded":
            yield Fact(Role.PAD, (0,), index, piece)
        elif piece.gist == "same" and (
            following in ("conv", "pad", '"', "'") or before in ("pad", "=")
        ):
            yield Fact(Role.PAD, SAME, index, piece)


CLAUSE_ENDS = frozenset((",", ";", ")", "and", "but", "while", "whereas", "then", "where"))
SAME = (-1,)  # "same" padding: whatever keeps the size at stride 1
