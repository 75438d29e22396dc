"""Parameters of one layer: "10 filters of 3×3×3 … 270 parameters, with a bias this would be 280".

Reads convolutions (filters, kernel, channels), depthwise and separable ones, and fully connected
layers. Where a note does not say whether biases count, both are right; where it does not say how
many channels a filter sees, only the flat filter is taken for granted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from generator.claims.calls import calls
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.layers import (
    LARGEST,
    brief,
    conv_parameters,
    linear_parameters,
    one_filter,
    separable_parameters,
)
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Piece, Sentence, Sort, pattern
from generator.claims.scene import Fact, Role, Scene

KIND = "parameters"

_KINDS_OF = (
    r"<*trainable learnable learned free total different shared unique distinct such extra "
    r"individual model layer conv network additional more in*>"
)
# The number of parameters, wherever it stands.
TARGETS = tuple(
    pattern(text)
    for text in (
        rf"<n:#%@> {_KINDS_OF}(?P<noun>parameter|weight)",
        r"(?P<noun>parameter|weight) <*count counts number total be of : = → would will thus "
        r"therefore then here now is for this the that layer conv we have give filters? per each "
        r"equal to a*><n:#%>",
        r"number of <*trainable learnable learned free total*>(?P<noun>parameter|weight) "
        r"(?:[^\s.;]+ ){0,14}?(?:be|:|=|→|give) <n:#%>",
        r"(?:the|all) (?P<noun>parameter|weight) of (?:[^\s.;]+ ){1,16}?be <n:#%>",
    )
)
# "with a bias this would be 280", "280 with a bias", "280 if biases are counted"
BIASED_AFTER = pattern(
    r"(?P<how>with|without|and|plus|if|when|once) <*a the an each one its their you we add count "
    r"counting include*>(?:#\d+ )?bias (?:(?:[^\s#@%~.;]+) ){0,6}<n:#%>"
)
BIASED_BEFORE = pattern(
    r"<n:#%> (?:\( )?(?:if |when )?(?P<how>with|without|plus) <*a the an its their any one "
    r"each*>bias"
)
# "so 270 in total"
TOTAL_AFTER = pattern(r"<n:#%> (?:in total|altogether|together|overall|total|in all)")
# "6 of them need 456", where the sentence has said what has weights; "456 of them"
OF_THEM = pattern(
    r"#\d+ (?:of them|of those|of these|such filters|such|of such filters) <..3>(?:cost|need|have|give|be|→|"
    r"sum|total) <*us only just already a total of to then*><n:#>(?! (?:\*|x|×|channel|map|fmap))|"
    r"(?:have|need|be|with) <*always only just exactly still then*><m:#> of them"
)
OF_THEM_NEED = re.compile(r"of (?:them|those|these) (?:\S+ )?(?:cost|need|have|give|be)\b")
WITH_BIAS = pattern(
    r"(?:with|and|plus|\+|have|include|includes|count|counting|add|adds) <*a an the one its "
    r"their each all also own shared #\d+ for*>bias|bias (?:be )?(?:included|counted|too|each|"
    r"per|as|also)|#\d+ bias|bias = true"
)
ADDED = pattern(r"weight (?:\( )?with <*a the one its their each*>bias")
WITHOUT_BIAS = pattern(
    r"without <*the a any its counting use all and*>bias|not (?:counting|with) (?:the )?bias|"
    r"bias = false|without counting (?:the )?bias|bias (?:not|without) (?:counted|included)|"
    r"no-bias|bias-free|biasless|bias (?:be )?(?:not|ignored|excluded|omitted|dropped|off|"
    r"disabled|neglected|left)"
)
EACH = pattern(
    r"(?:a|an|each|one) <*such of the these conv each only @\d+*>filter(?! bank| size)|each "
    r"(?:of (?:the|these) )?(?:#\d+ )?filters|(?<!bias )each (?:#\d+ |of them |of these "
    r")?(?:have|need)"
)
EACH_OF_THEM = pattern(r"(?<!bias )each (?:filter|of them|one|have|with|need|give|be)")
PER_CHANNEL = pattern(
    r"(?:parameter|weight) (?:for )?(?:each|a|one) (?:input |single )*(?:channel|depth|slice)"
)
PER_FILTER = pattern(
    r"(?:parameter|weight) (?:\+ #\d+ bias )?(?:for )?(?:each|a|one) (?:@\d+ )?filter"
)
FC_FORMS = tuple(
    pattern(text)
    for text in (
        r"(?:from )?<a:#@> <*fully densely input unit hidden feature features node value values flattened "
        r"image vector dimensional pixel pixels activation activations map volume rgb "
        r"gray*>(?:to|→|and|into|with|onto|×|x|on) <*a an the layer of fc with have "
        r"hidden*><b:#>(?! (?:input|pixel)) <*output unit hidden feature features class node nodes "
        r"value values logits fc*>",
        r"<a:#@> (?:input|unit|node|features|activations) <*be fc connected fully each , all are "
        r"a the and wired linked fed joined that which then*>(?:to|and|with|,|→|into) <*each every of "
        r"the a layer with , all*><b:#> (?:output|unit|"
        r"hidden|node|nodes|features|class)",
        r"<a:@> <*image rgb input pixel map volume fmap*>(?:[^\s@.;]+ ){0,12}?(?:layer|unit) (?:of|with) "
        r"<b:#> <*hidden fc output*>(?:unit|output|node|nodes)",
        r"<b:#> <*hidden output fc*>(?:unit|output|node|nodes) (?:(?:on|over|on top of|top|of|"
        r"after|reading|for|each|see|sees|fed|by|with|from|connected|to|fc|and|that|a|an|the|in|"
        r"one|taking|take|need|image|input|behind|flattened) )*<a:#@>",
    )
)
EMBEDDING = pattern(
    r"(?:vocab|vocabulary) <*size of be = : with*><v2:#> <..6><d2:#> (?:dimensions?|dims?|dimensional|dim)|"
    r"<v:#> (?:(?:token|tokens|words?|entries|symbols|vocabulary|vocab|row|rows) )+<..5><d:#> "
    r"(?:(?:-) )?(?:dimensions?|dims?|dimensional|dim|d|columns?|numbers|features?|vector)"
)
NORM = pattern(r"bn")
EACH_UNIT = pattern(r"(?:each|a) <*hidden output single such fc*>unit <..10><a:@#>")
IN_MATRIX = pattern(r"\( <r:#> (?:,|x|×|by|\*) <c:#> \) <*weight*>matrix")

# Words that make the number about something else than the layer described.
ABOUT_OTHERS = wordset(
    "fewer less more reduces reduced reduction saves save saving savings instead compared ratio "
    "factor "
    "times percent"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A stated number of parameters: the piece, its noun, and what is said about the bias."""

    piece: Piece
    sentence: int
    index: int
    noun: str
    bias: bool | None


def recognise(context: Context) -> Iterator[Candidate]:
    """Find stated parameter counts of layers."""
    yield from _beside(context)
    stated = targets(context.passage)
    for target in stated:
        company = sum(each.sentence == target.sentence for each in stated) > 1
        company = company or _open_beside(context.scene, target)
        found = _candidate(context.passage, context.scene, target, company=company)
        if found is not None:
            yield found


# ------------------------------------------------------------------ the stated numbers


def targets(passage: Passage) -> list[Target]:
    """Find every stated number of parameters or weights."""
    found: dict[tuple[int, int], Target] = {}
    for number, sentence in enumerate(passage.sentences):
        if sentence.question:
            continue
        for form in TARGETS:
            for match in sentence.find(form):
                _note(found, sentence, number, match["n"], match.match.group("noun"))
        before = passage.sentences[number - 1] if number else sentence
        if sentence.has("parameter", "weight") or before.has("parameter", "weight"):
            for match in sentence.find(OF_THEM):
                _note(found, sentence, number, match.get("n") or match["m"], "parameter")
    if not found:
        return []
    for number, sentence in enumerate(passage.sentences):
        for match in sentence.find(BIASED_AFTER):
            bias = match.match.group("how") != "without"
            _note(found, sentence, number, match["n"], "parameter", bias=bias)
        for match in sentence.find(BIASED_BEFORE):
            bias = match.match.group("how") == "with"
            _note(found, sentence, number, match["n"], "parameter", bias=bias)
        for match in sentence.find(TOTAL_AFTER):
            _note(found, sentence, number, match["n"], "parameter")
    return [_asked(passage, found[key]) for key in sorted(found)]


def _asked(passage: Passage, target: Target) -> Target:
    """Take what a question says about biases for the answer after it."""
    if target.bias is not None or target.sentence == 0:
        return target
    before = passage.sentences[target.sentence - 1]
    if before.question and WITH_BIAS.regex.search(before.gist):
        return replace(target, bias=True)
    return target


def _note(
    found: dict[tuple[int, int], Target],
    sentence: Sentence,
    number: int,
    piece: Piece,
    noun: str,
    *,
    bias: bool | None = None,
) -> None:
    index = sentence.index_of(piece)
    before = sentence.words_before(piece, 3)
    if "not" in before or (before and before[-1] in ("by", "x", "×")):
        return
    after = sentence.words_after(piece, 1)
    if after and after[0] in ("bias", "filters", "filter", "channel", "layer", "x", "times", "@"):
        return
    if piece.numeral or OF_THEM_NEED.match(" ".join(sentence.words_after(piece, 4))):
        return
    if piece.sort is Sort.SIZE and piece.word == "tuple":
        return
    known = found.get((number, index))
    if known is not None and (bias is None or known.bias is not None):
        return
    said = bias if bias is not None else bias_said(sentence, index)
    if noun == "weight" and said and not ADDED.regex.search(sentence.gist):
        said = None
    found[(number, index)] = Target(piece, number, index, known.noun if known else noun, said)


def bias_said(sentence: Sentence, index: int) -> bool | None:
    """What the number's own clause says about biases, else the sentence if it says one thing."""
    first, last = _clause(sentence, index)
    here = " ".join(each.gist for each in sentence.pieces[first:last])
    for part in (here, sentence.gist):
        no = bool(WITHOUT_BIAS.regex.search(part))
        yes = bool(WITH_BIAS.regex.search(WITHOUT_BIAS.regex.sub(" ", part)))
        if yes != no:
            # "270 parameters, with a bias this would be 280": the second clause is another number's.
            if part is sentence.gist and part != here and _others_bias(sentence, index, last):
                return None
            return yes
    return None


def _clause(sentence: Sentence, index: int) -> tuple[int, int]:
    stops = {",", "(", ")", "but", "while", "whereas", ":"}
    first = last = index
    while first > 0 and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    while last < len(sentence.pieces) and sentence.pieces[last].gist not in stops:
        last += 1
    if last < len(sentence.pieces) and sentence.pieces[last].gist == "(":
        depth_end = next(
            (i for i in range(last, len(sentence.pieces)) if sentence.pieces[i].gist == ")"), last
        )
        inside = [each.sort for each in sentence.pieces[last:depth_end]]
        if Sort.NUMBER not in inside and Sort.EXPRESSION not in inside:
            last = depth_end  # "280 parameters (including biases)"
    return first, last


def _others_bias(sentence: Sentence, index: int, last: int) -> bool:
    """Whether the sentence's words about a bias belong to another number than piece ``index``."""
    for form in (BIASED_BEFORE, BIASED_AFTER):
        if any(sentence.index_of(found["n"]) != index for found in sentence.find(form)):
            return True
    gist = " ".join(each.gist for each in sentence.pieces[last:])
    tail = WITH_BIAS.regex.search(gist) or WITHOUT_BIAS.regex.search(gist)
    return bool(tail and ("#" in gist[tail.end() :] or "%" in gist[tail.end() :]))


# ------------------------------------------------------------------ what they are numbers of


def _candidate(
    passage: Passage, known: Scene, target: Target, *, company: bool
) -> Candidate | None:
    sentence = passage.sentences[target.sentence]
    first, last = _clause(sentence, target.index)
    around = sentence.pieces[first : min(last, target.index + 5)]
    said = {each.gist for each in around}
    if target.index + 2 < last and sentence.pieces[target.index + 2].gist in (
        "instead",
        "compared",
    ):
        said -= {"instead", "compared"}  # "has 6156 parameters instead of 513,000"
    if said & ABOUT_OTHERS:
        return None
    if target.piece.quantity is not None and target.piece.quantity.value == 0:
        return _pooling(passage, target, sentence) if sentence.has("pool") else None
    readings: list[Reading] | str | None
    if sentence.has("pool") and not sentence.has("conv", "filter", "filters", "fc"):
        return _pooling(passage, target, sentence)
    if NORM.regex.search(sentence.gist):
        readings, contested = _norm(known, target), False
    elif sentence.has("embedding", "embeddings"):
        readings, contested = _embedding(sentence), False
    elif called := _called(target, sentence) or _neuron(sentence, target):
        readings, contested = called, False
    elif _fully_connected(known, target, sentence) or (
        not known.of(Role.KERNEL) and not known.of(Role.FILTERS)
    ):
        readings = _connected(passage, target)
        contested = company and not _described_before(sentence, target)
    else:
        readings, contested = _convolution(known, target, sentence)
    if readings is None:
        return None
    if isinstance(readings, str):
        if known.inherits(Role.KERNEL, sentence=target.sentence, index=target.index):
            return None
        return make(passage, target, sentence, (), reason=readings)
    value = target.piece.quantity.value if target.piece.quantity else None
    readings = [*readings, *otherwise(known, target, sentence, company=company)]
    inherited = known.inherits(
        Role.KERNEL, Role.FILTERS, Role.INPUT, sentence=target.sentence, index=target.index
    )
    if inherited and not any(each.value == value for each in readings):
        return None
    return make(passage, target, sentence, distinct(readings), affirm_only=contested)


def otherwise(known: Scene, target: Target, sentence: Sentence, *, company: bool) -> list[Reading]:
    """What else the number may be of: one filter or all of them where "each" or "per" is said, the
    biases alone, the depthwise or the pointwise part, another layer of a sentence with ``company``.
    It only casts doubt."""
    stated = target.piece.quantity
    if stated is None:
        return []
    facts = {
        role: {
            each.value
            for each in known.of(role)
            if max(0, target.sentence - 1) <= each.sentence <= target.sentence
        }
        for role in (Role.KERNEL, Role.FILTERS, Role.IN_CHANNELS, Role.CHANNELS, Role.OUTPUT)
    }
    filters = {value[0] for value in facts[Role.FILTERS]}
    depths = {value[0] for role in (Role.IN_CHANNELS, Role.CHANNELS) for value in facts[role]}
    areas = {prod(v) if len(v) > 1 else v[0] ** 2 for v in facts[Role.KERNEL] if len(v) < 3}
    volumes = {prod(value) for value in facts[Role.KERNEL] if len(value) == 3}
    found: set[int] = set()
    one = volumes | {area * depth for area in areas for depth in depths}
    if company or len(facts[Role.KERNEL]) > 1:
        filters, depths = filters | _whole_numbers(target, sentence), depths | filters
        one |= {area * count for area in areas for count in filters}
    if company or max(len(facts[Role.KERNEL]), len(depths), len(filters)) > 1:
        # Several layers or numbers in one sentence: any of the layers with any of the numbers.
        one |= {area * count for area in areas for count in filters}
        found |= _multiples(one, {1} | filters | depths, _layers_counted(sentence), target)
    elif sentence.has("each", "per") or _layers_counted(sentence) != {1}:
        found |= _multiples(one, {1} | filters, _layers_counted(sentence), target)
    if sentence.has("bias"):
        found |= filters
        if re.search(r"bias (?:be |vector |= )*[\[(] ?#", sentence.gist):
            found |= {int(stated.value)}
    if sentence.has("depthwise", "pointwise", "separable"):
        counts = filters | depths
        found |= {area * count for area in areas for count in counts}
        found |= {one * other for one in counts for other in counts}
    return [
        Reading(Fraction(value), "it may be another number of this layer", doubtful=True)
        for value in sorted(found)
        if value == stated.value
    ]


def _multiples(one: set[int], counts: set[int], layers: set[int], target: Target) -> set[int]:
    """The weights of so many filters in so many layers, with and without biases unless it is said."""
    said = (0, 1) if target.bias is None else (int(target.bias),)
    return {
        layer * count * (weights + bias)
        for weights in one
        for count in counts
        for layer in layers
        for bias in said
    }


def _open_beside(known: Scene, target: Target) -> bool:
    """Whether the sentence has several numbers without a role, so that there may be more layers."""
    roled = {each.piece.start for each in known.facts if each.sentence == target.sentence}
    numbers = known.sentences[target.sentence].pieces
    return (
        sum(
            each.sort is Sort.NUMBER and not each.numeral and each.start not in roled
            for each in numbers
            if each is not target.piece
        )
        >= 2
    )


def _whole_numbers(target: Target, sentence: Sentence) -> set[int]:
    """The other plain numbers of a sentence that may count channels, "64 → 16"."""
    return {
        int(each.quantity.value)
        for each in sentence.pieces
        if each is not target.piece
        and each.quantity is not None
        and each.quantity.exact
        and each.quantity.value.denominator == 1
        and 1 < each.quantity.value <= 4096
    }


def _layers_counted(sentence: Sentence) -> set[int]:
    """How many equal layers the numbers of a sentence may be of: the numerals without a unit."""
    found = {1} | {2 for each in sentence.pieces if each.gist in ("both", "twice", "pair")}
    for piece in sentence.pieces:
        quantity = piece.quantity
        if quantity is not None and piece.numeral and quantity.value.denominator == 1:
            found.add(int(quantity.value))
    return found


def _pooling(passage: Passage, target: Target, sentence: Sentence) -> Candidate | None:
    """A pooling layer has none; another number is about its settings."""
    if target.piece.quantity is None or target.piece.quantity.value != 0:
        return None
    source = "parameters(nn.MaxPool2d(2))"
    reading = Reading(Fraction(0), "a pooling layer has no weights", source)
    return make(passage, target, sentence, (reading,))


def _fully_connected(known: Scene, target: Target, sentence: Sentence) -> bool:
    """Whether the number is a fully connected layer's: what was named last before it."""
    words = [each.gist for each in sentence.pieces[: target.index]]
    if "fc" not in words:
        return sentence.has("fc") and not known.of(Role.KERNEL)
    connected = len(words) - 1 - words[::-1].index("fc")
    kernels = [
        each.index
        for each in known.of(Role.KERNEL)
        if each.sentence == target.sentence and each.index < target.index
    ]
    return not kernels or connected > kernels[-1]


def make(
    passage: Passage,
    target: Target,
    sentence: Sentence,
    readings: tuple[Reading, ...],
    *,
    reason: str = "",
    affirm_only: bool = False,
) -> Candidate | None:
    """Make the candidate of a stated number with its readings."""
    piece = target.piece
    stated = piece.quantity
    if stated is None:
        return None
    after = sentence.pieces[target.index + 1 : target.index + 2]
    end = after[0].end if after and after[0].gist in ("parameter", "weight") else piece.end
    return Candidate(
        KIND,
        sentence.start,
        end,
        piece.start,
        stated,
        readings,
        reason,
        expected=f"{passage.text[piece.start : piece.end].strip()} {target.noun}s",
        affirm_only=affirm_only,
        used=_explained(sentence),
    )


def biases(target: Target) -> tuple[bool, ...]:
    """The readings of the bias: as said, else weights first."""
    if target.bias is not None:
        return (target.bias,)
    return (False,) if target.noun == "weight" else (False, True)


def _convolution(
    known: Scene, target: Target, sentence: Sentence
) -> tuple[list[Reading] | str | None, bool]:
    kernel, contested = known.near(Role.KERNEL, target.sentence, target.index)
    if kernel is None:
        return None, False
    window = _window(kernel)
    if window is None:
        return None, False
    size, depth = window
    filters, other = known.near(Role.FILTERS, target.sentence, target.index)
    contested |= other
    channels, contested_channels = channels_of(known, target, depth)
    count = filters.value[0] if filters else None
    if _per_filter(sentence, target, filters):
        count, filters = None, None
    if max(count or 1, channels or 1, *size) > LARGEST:
        return None, False
    if PER_CHANNEL.regex.match(" ".join(sentence.words_after(target.piece, 6))):
        return [one_filter(size, 1, bias=False)], contested
    deep = sentence.has("depthwise") or known.says(target.sentence, "depthwise")
    if sentence.has("separable"):
        if channels is None or count is None:
            return "the channels and filters are not given here", contested
        return [
            separable_parameters(size, channels, count, bias=b) for b in biases(target)
        ], contested
    if deep and not sentence.has("pointwise"):
        return _depthwise(size, channels, target), contested
    groups, _ = known.near(Role.GROUPS, target.sentence, target.index)
    if channels is None:
        return _flat(size, count, target), contested or contested_channels
    if count is None:
        if not (_per_filter(sentence, target, None) or _one_filter(sentence)):
            return "the number of filters is not given here", contested
        return [one_filter(size, channels, bias=b) for b in biases(target)], contested
    split = groups.value[0] if groups else 1
    if split < 1 or channels % split or count % split:
        return None, False
    return (
        [conv_parameters(size, channels, count, bias=b, groups=split) for b in biases(target)],
        contested or contested_channels,
    )


def _window(kernel: Fact) -> tuple[tuple[int, int], int | None] | None:
    """Split a stated kernel into its window and, for k×k×c, its depth."""
    match kernel.value:
        case (side,):
            return (side, side), None
        case (height, width):
            return (height, width), None
        case (height, width, depth):
            return (height, width), depth
        case _:
            return None


def channels_of(known: Scene, target: Target, depth: int | None) -> tuple[int | None, bool]:
    """How many channels a filter sees: its depth, or what the statement says of the input."""
    found, contested = known.near(Role.IN_CHANNELS, target.sentence, target.index)
    if depth is not None:
        if found is not None and found.value[0] != depth:
            return None, True  # a 3-D convolution, or a slip: no reading
        return depth, False
    if found is not None:
        return found.value[0], contested
    volume, contested = known.near(Role.INPUT, target.sentence, target.index)
    if volume is not None and len(volume.value) == 3:
        height, width, last = volume.value
        if height == width:
            return last, contested
        if width == last:
            return height, contested
        return last, True
    general, contested = known.near(Role.CHANNELS, target.sentence, target.index)
    if general is not None:
        return general.value[0], contested
    return None, False


def _per_filter(sentence: Sentence, target: Target, filters: Fact | None) -> bool:
    """Whether the number is one filter's: "each filter has 27 weights", "27 weights per filter"."""
    first, last = _clause(sentence, target.index)
    clause = [each.gist for each in sentence.pieces[first:last]]
    if set(clause) & {"total", "together", "altogether", "all", "overall"}:
        return False
    before = " ".join(clause[: target.index - first])
    after = " ".join(clause[target.index - first + 1 :])
    if PER_FILTER.regex.match(after):
        return True
    counted = filters is not None and filters.sentence == target.sentence
    if counted and filters is not None and first <= filters.index < target.index:
        between = " ".join(clause[filters.index - first : target.index - first])
        return bool(EACH_OF_THEM.regex.search(between))
    return bool(EACH.regex.search(before))


def _one_filter(sentence: Sentence) -> bool:
    words = sentence.words
    return "filters" not in words and ("filter" in words or "conv" not in words)


def _flat(size: tuple[int, int], count: int | None, target: Target) -> list[Reading] | str:
    """A filter whose depth nobody gives: k·k weights, doubtful for any other depth."""
    stated = target.piece.quantity
    n = count or 1
    if count and count > 1 and target.piece.sort is not Sort.EXPRESSION:
        return "how many channels a filter sees is not given here"
    readings = [
        conv_parameters(size, 1, n, bias=b) if count else one_filter(size, 1, bias=b)
        for b in biases(target)
    ]
    if stated is None or any(each.value == stated.value for each in readings):
        return readings
    if not stated.exact:
        return "how many channels a filter sees is not given here"
    value = stated.value
    for bias in (False, True):
        rest = value - n * bias
        if rest > 0 and rest % (n * prod(size)) == 0:
            return "how many channels a filter sees is not given here"
    return readings


def _depthwise(size: tuple[int, int], channels: int | None, target: Target) -> list[Reading] | str:
    if channels is None:
        return "the number of channels is not given here"
    return [
        conv_parameters(size, channels, channels, bias=b, groups=channels) for b in biases(target)
    ]


# "7×7 [~49 params]", "a 1×7 followed by a 7×1 (14 weights)"
BESIDE = pattern(
    r"(?P<sizes>(?:#\d+ )?@\d+(?: (?:conv|filters?|layer))?(?: (?:(?:and|\+|,|then|plus|followed|"
    r"by|a|an|one|with|conv|filters?|the|×|x|stack) )+(?:#\d+ )?@\d+(?: (?:conv|filters?|"
    r"layer))?)*) [\[(] <n:#> (?P<noun>parameter|weight)"
)


def _beside(context: Context) -> Iterator[Candidate]:
    """Flat filters with their number of weights in brackets after them."""
    passage = context.passage
    for sentence in passage.sentences:
        if sentence.question:
            continue
        for found in sentence.find(BESIDE):
            if found["n"].quantity is None:
                continue
            if found.first and sentence.pieces[found.first - 1].gist in ("filters", "filter"):
                continue  # so many filters of that size
            # Only the group nearest to the bracket: "a 7×7 … as a 1×7 then a 7×1 [14]".
            group = sentence.pieces[found.first : sentence.index_of(found["n"])]
            sizes, count = [], 1
            for piece in group:
                if piece.size:
                    sizes.append((count, piece.size))
                    count = 1
                elif piece.quantity is not None and piece.quantity.value.denominator == 1:
                    count = int(piece.quantity.value)
            if not sizes or any(len(size) != 2 or max(size) > 15 for _, size in sizes):
                continue
            candidate = _flat_group(passage, sentence, found["n"], sizes, found.match.group("noun"))
            yield replace(candidate, used=tuple(each.start for each in group))


def _flat_group(
    passage: Passage,
    sentence: Sentence,
    piece: Piece,
    sizes: list[tuple[int, tuple[int, ...]]],
    noun: str,
) -> Candidate:
    assert piece.quantity is not None
    readings = []
    for bias in (0, 1) if sentence.has("bias") else (0,):
        value = sum(count * (prod(size) + bias) for count, size in sizes)
        how = " + ".join(
            f"{f'{count}·' if count > 1 else ''}{size[0]}·{size[1]}{' + 1' if bias else ''}"
            for count, size in sizes
        )
        source = " + ".join(
            f"{f'{count} * ' if count > 1 else ''}parameters(nn.Conv2d(1, 1, {brief(size)}, "
            f"bias={bool(bias)}))"
            for count, size in sizes
        )
        readings.append(Reading(Fraction(value), f"{how} = {value}", source))
    return claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        tuple(readings),
        expected=f"{passage.text[piece.start : piece.end].strip()} {noun}s",
    )


# ------------------------------------------------------------------ other layers


def _called(target: Target, sentence: Sentence) -> list[Reading] | None:
    """``nn.Linear(400, 120)`` as code."""
    found = [each for each in calls(sentence) if {"in", "out"} <= set(each.arguments)]
    before = [each for each in found if each.last <= target.index] or found
    if not before or before[-1].layer != "fc":
        return None
    call = before[-1]
    inputs, outputs = call.value("in", 1), call.value("out", 1)
    if max(inputs, outputs) > LARGEST:
        return None
    counted = biases(target) if call.bias else (False,)
    return [linear_parameters(inputs, outputs, bias=bias) for bias in counted]


def _neuron(sentence: Sentence, target: Target) -> list[Reading] | None:
    """Read "Each neuron … on a 200×200×3 image has 120,000 weights"."""
    for found in sentence.find(EACH_UNIT):
        inputs = elements(found["a"])
        if found["a"] is target.piece or not inputs or inputs > 10**9:
            continue
        return [linear_parameters(inputs, 1, bias=bias) for bias in biases(target)]
    return None


def _connected(passage: Passage, target: Target) -> list[Reading] | None:
    """A fully connected layer: the last pair of sizes before the number."""
    for back in range(target.sentence, max(-1, target.sentence - 2), -1):
        sentence = passage.sentences[back]
        if not (
            sentence.has("fc", "unit", "hidden")
            or (sentence.has("input") and sentence.has("output"))
        ):
            continue
        found = list(_fc_pairs(sentence, target))
        before = [each for each in found if back < target.sentence or each[0] < target.index]
        if found:
            _, inputs, outputs = before[0] if before else found[0]
            return [linear_parameters(inputs, outputs, bias=bias) for bias in biases(target)]
    return None


def _described_before(sentence: Sentence, target: Target) -> bool:
    """Whether the sentence's first fully connected layer is described before the number."""
    places = [each[0] for each in _fc_pairs(sentence, target)]
    return not places or min(places) < target.index


def _fc_pairs(sentence: Sentence, target: Target) -> Iterator[tuple[int, int, int]]:
    """The fully connected layers of a sentence: index of the last number, inputs, outputs."""
    for form in FC_FORMS:
        for found in sentence.find(form):
            a, b = found["a"], found["b"]
            after = sentence.words_after(b, 1)
            if target.piece in (a, b) or after[:1] in (("parameter",), ("weight",)):
                continue
            inputs, outputs = elements(a), elements(b)
            if not inputs or not outputs or max(inputs, outputs) > 10**9:
                continue
            if sentence.has("rgb") and len(a.size) == 2:
                inputs *= 3
            yield max(sentence.index_of(a), sentence.index_of(b)), inputs, outputs


def _explained(sentence: Sentence) -> tuple[int, ...]:
    """The numbers that describe fully connected layers and tables: they have no role of their own."""
    called = (each.piece.start for call in calls(sentence) for each in call.arguments.values())
    described = (
        piece.start
        for form in (*FC_FORMS, EMBEDDING, EACH_UNIT, IN_MATRIX)
        for found in sentence.find(form)
        for piece in found.groups.values()
    )
    return (*called, *described)


def elements(piece: Piece) -> int | None:
    """Give the product of a size, or a whole number."""
    if piece.size:
        return prod(piece.size)
    if piece.quantity is None or piece.quantity.value.denominator != 1:
        return None
    return int(piece.quantity.value)


def _embedding(sentence: Sentence) -> list[Reading] | None:
    for found in sentence.find(EMBEDDING):
        vocabulary = found.get("v") or found["v2"]
        rows, columns = elements(vocabulary), elements(found.get("d") or found["d2"])
        if rows and columns and max(rows, columns) < 10**9:
            how = f"{rows:,}·{columns} = {rows * columns:,}"
            source = f'parameters(nn.Embedding({rows}, {columns}, device="meta"))'
            return [Reading(Fraction(rows * columns), how, source)]
    return None


def _norm(known: Scene, target: Target) -> list[Reading] | None:
    channels, _ = known.near(Role.CHANNELS, target.sentence, target.index)
    channels = channels or known.near(Role.IN_CHANNELS, target.sentence, target.index)[0]
    channels = channels or known.near(Role.FILTERS, target.sentence, target.index)[0]
    if channels is None:
        return None
    count = channels.value[0]
    source = f'parameters(nn.BatchNorm2d({count}, device="meta"))'
    how = f"a scale and a shift for each of {count} channels: 2·{count} = {2 * count}"
    return [Reading(Fraction(2 * count), how, source)]
