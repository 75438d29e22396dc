"""What layers and blocks do, said in one short sentence: "a same convolution does not change height and
width", "the skip connection concatenates", "ResNet-34 uses bottlenecks", "a 1×1 convolution keeps the
number of channels".

Each sentence has to be of nothing else: a stride, another layer or an unknown word that could matter
leaves it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.claims import behaviour
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence, pattern
from generator.claims.referring import property_reading, subject_named
from generator.claims.scene import whole

KIND = "property"

HEIGHTS = r"(?:height|width|spatial|resolution|size|sizes|dimension|dimensions|heights|widths|n_h|n_w|h|w|~\d+)"
CHANGE = r"(?:changes?|alters?|affects?|touch|touches|modify|modifies|shrinks?|reduces?|halves?)"
NOT = r"(?:not|never|(?:do|does) not|will not)"
KEEP = rf"(?:{NOT} {CHANGE}|keeps?|preserves?|maintains?|retains?|leaves?|give|unchanged|constant)"
MANY = r"(?:the |its |all |their )?(?:number |amount |count )?(?:of )?(?:the |its |all )?"
# A sentence begins with its layer; "the same convolution" is another one.
SAME = r"(?:(?:a|an|with|each|\" |'|in) )*(?:\" |')?same (?:\" |')?(?:conv|pad)"
POOL = r"(?:(?:a|an|the|max|average|with|each|@\d+|conv|:|layer|operation) )*pool (?:layer |operation )?"
POINT = r"(?:(?:a|an|with|each|in|the) )*(?:@\d+|pointwise) (?:conv|filters?) (?:layer )?"
ADVERBS = (
    r"(?:(?:always|also|only|still|really|simply|just|usually|itself|that|do|will|layer|"
    r"with stride #\d+|without pad) )*"
)

SAME_KEEPS = pattern(
    rf"{SAME} {ADVERBS}(?:{KEEP}) {MANY}(?:spatial )?{HEIGHTS}|{SAME} {ADVERBS}give <*an a the output of*>same"
)
SAME_CHANGES = pattern(
    rf"{SAME} {ADVERBS}(?:changes|halves|shrinks|reduces|doubles|alters) {MANY}(?:spatial )?{HEIGHTS}"
)
POOL_KEEPS = pattern(rf"{POOL}{ADVERBS}{KEEP} {MANY}(?:channel|fmap|map|depth|~\d+)")
POOL_CHANGES = pattern(
    rf"{POOL}{ADVERBS}(?:changes|halves|shrinks|reduces|doubles|alters) {MANY}(?:channel|fmap|maps|depth)"
)
POINT_KEEPS = pattern(
    rf"{POINT}{ADVERBS}(?:{NOT} (?:change|changes|alter|alters|affect|affects|touch)|keeps?|"
    rf"preserves?|cannot change|not change) {MANY}channel"
)
POINT_CHANGES = pattern(
    rf"{POINT}(?:can|may|lets you|allows you to|helps to|be used to|serves to|use to) "
    rf"(?:also |only |cheaply |therefore )*"
    rf"(?:change|alter|reduce|shrink|increase|grow|adjust) {MANY}channel"
)
OPEN = wordset(
    "stride global depthwise if when unless here this block only dilation valid except but"
)

LAYERS = {
    "same": Reading(
        True,
        "a same convolution of stride 1 pads (k − 1)/2 on each side",
        "",
        ('assert output(nn.Conv2d(3, 5, 3, padding="same"), (3, 9, 7)) == (5, 9, 7)',),
    ),
    "pool": behaviour.LAYERS["pool keeps channels"],
    "1x1": Reading(
        True,
        "a 1×1 convolution gives as many channels as it has filters",
        "",
        ('assert output(nn.Conv2d(16, 4, 1, device="meta"), (16, 9, 7)) == (4, 9, 7)',),
    ),
}
ABOUT_LAYERS = (
    (SAME_KEEPS, "same", True),
    (SAME_CHANGES, "same", False),
    (POOL_KEEPS, "pool", True),
    (POOL_CHANGES, "pool", False),
    (POINT_KEEPS, "1x1", False),
    (POINT_CHANGES, "1x1", True),
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find short statements about layers and blocks."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        yield from _about_layers(sentence)
        yield from _about_blocks(context, sentence)
        yield from _kinds(context, sentence)
        yield from _arrows(context, sentence)


def _made(sentence: Sentence, reading: Reading, expected: str, subject: str = "") -> Candidate:
    return claiming(
        KIND,
        sentence,
        sentence,
        True,
        (reading,),
        subject=subject,
        expected=expected,
    )


# ------------------------------------------------------------------ layers


def _about_layers(sentence: Sentence) -> Iterator[Candidate]:
    for form, key, holds in ABOUT_LAYERS:
        found = next((each for each in sentence.find(form) if each.first == 0), None)
        if found is None:
            continue
        rest = {each.gist for each in sentence.pieces} - ({"stride"} if key == "pool" else set())
        if rest & OPEN or (key == "1x1" and not _point(sentence)):
            continue
        reading = LAYERS[key] if holds else behaviour.denied(LAYERS[key])
        yield _made(sentence, reading, LAYERS[key].how)
        return


def _point(sentence: Sentence) -> bool:
    sizes = [each.size for each in sentence.pieces if each.size]
    return all(each == (1, 1) for each in sizes) and bool(sizes or sentence.has("pointwise"))


# ------------------------------------------------------------------ blocks

_NOUN = r"(?:shortcut|shortcut path|identity path|residual-block|residual block)"
CONCATENATES = pattern(
    rf"{_NOUN} (?:connection )?(?:also |then |simply |just )*(?:concat\w*) (?:the )?(?:~\d+|"
    rf"x|input|inputs|its|it|output)|"
    rf"(?:~\d+|x|input) (?:and|with) f \( (?:~\d+|x) \) be concat\w*|"
    rf"{_NOUN} be (?:then |simply |just )*concat\w* (?:with|to|onto)"
)
ADDS = pattern(
    rf"{_NOUN} (?:connection )?(?:also |then |simply |just |only )*(?:adds|add|plus) (?:the "
    rf")?(?:~\d+|x|input|its input|identity) (?:back )?(?:to|onto|and) "
    r"(?:f|the output|the residual|the branch|~\d+|what)|f \( (?:~\d+|x) \) \+ (?:~\d+|x) "
    r"be (?:what )?(?:the )?residual-block"
)
ZEROS = wordset("zero zeros vanishes")
AFTER_PROJECTION = pattern(
    r"(?:the |each |this |linear )*(?:projection|projecting) (?:layer |conv )?(?:itself )?"
    r"(?:ends|end|closes) (?:with|in) (?:a |an |another )?(?:relu6|relu)|"
    r"after (?:the |each |this |that )*(?:linear )?(?:projection|projecting)(?: (?:[^\s.;,]+)){0,7} "
    r"(?:comes|come|follows|follow|be|there be|use|we have|have) (?:again |another |a |an |"
    r"still |also |then |there )*(?:relu6|relu)"
)


def _about_blocks(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    if sentence.has("not", "unlike", "without", "instead", "unet", "densenet", "rather"):
        return
    if any(True for _ in sentence.find(CONCATENATES)):
        yield from _held(context, sentence, "the shortcut is concatenated", denied=True)
    elif any(True for _ in sentence.find(ADDS)):
        yield from _held(context, sentence, "a block adds its input to its branch")
    elif _zero(sentence):
        yield from _held(context, sentence, "a block whose branch is zero gives zero", denied=True)
    elif any(True for _ in sentence.find(AFTER_PROJECTION)):
        subject, reading = property_reading(context, sentence, 0, behaviour.inverted)
        if reading is not None:
            yield _made(
                sentence,
                behaviour.denied(reading),
                "an activation follows the projection",
                subject.name if subject else "",
            )


def _held(
    context: Context, sentence: Sentence, expected: str, *, denied: bool = False
) -> Iterator[Candidate]:
    subject, reading = property_reading(context, sentence, 0, behaviour.residual)
    if reading is not None:
        reading = behaviour.denied(reading) if denied else reading
        yield _made(sentence, reading, expected, subject.name if subject else "")


def _zero(sentence: Sentence) -> bool:
    """ "If the branch gives zero, the whole block gives zero": said of the block at the end."""
    zeros = [
        at
        for at, each in enumerate(sentence.pieces)
        if each.gist in ZEROS or (each.quantity is not None and each.quantity.value == 0)
    ]
    gists = [each.gist for each in sentence.pieces]
    blocks = [at for at, each in enumerate(gists) if each in ("block", "residual-block")]
    if len(zeros) != 2 or not blocks or sentence.has("identity", "input", "unchanged", "weight"):
        return False
    branch = {"branch", "f", "residual", "path"} & set(gists[: zeros[0]])
    said = [each for each in gists[: zeros[1]] if each not in ("also", "only", "just", "then")][-1:]
    gives = said[0] in ("give", "output", "outputs", "be", "→") if said else False
    return bool(branch) and zeros[0] < blocks[-1] < zeros[1] and gives


# ------------------------------------------------------------------ bottlenecks and basic blocks

_KIND = (
    r"(?:(?:already|also|too|still|then|only|'s|block) )*(?:use|have|be|:|consist|stack) (?:(?:consists|built|made|"
    r"composed|of|from|with|out|block|in|its|up) )*(?:(?:the|a|of|same|residual|stack|all|"
    r"@\d+|#\d+|so-called|its|as|standard|"
    r"three-layer|in|stage|, |1x1|just) )*(?P<kind>bottlenecks?|basic)(?: |$)"
)
KINDS = pattern(rf"{_KIND}")
KINDS_LISTED = pattern(r"(?P<kind>bottlenecks?|basic)(?: block)?")


def _kinds(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "ResNet-34 uses bottlenecks": networks by the layers of their blocks."""
    named = context.mentions(sentence)
    if not sentence.has("bottleneck", "bottlenecks", "basic") or sentence.has(
        "not", "if", "would", "unlike", "replaced", "could", "instead", "replaces", "without"
    ):
        return
    listed = False
    for found in (*sentence.find(KINDS), *sentence.find(KINDS_LISTED)):
        if found.match.re is KINDS_LISTED.regex and not listed:
            continue
        owner = next((each for each in named if each.last == found.first), None)
        if owner is None and listed:
            owner = _slashed(context, sentence, found.first)
        kind = found.match.group("kind")
        candidate = _kind(context, sentence, owner, kind) if owner else None
        if candidate is None:
            continue
        listed = True
        inside, used = _made_of(sentence, found.last, _end(sentence, found.last))
        expected = BOTTLENECK if kind.startswith("bottleneck") else BASIC
        if inside and inside not in expected:
            reading = candidate.readings[0]
            candidate = replace(
                candidate, readings=(behaviour.denied(reading) if reading.value else reading,)
            )
        yield replace(candidate, at=sentence.pieces[found.first].start, used=used)


def _slashed(context: Context, sentence: Sentence, at: int) -> Mention | None:
    """The first of "50/101/152", where the sentence speaks of ResNets."""
    piece = sentence.pieces[at - 1] if at else None
    written = context.passage.text[piece.start : piece.end].split("/")[0].strip() if piece else ""
    name = f"resnet{written}"
    return Mention(name, at - 1, at) if written.isdecimal() and name in context.catalogue else None


INTRODUCING = wordset("made of with ( : built from out each")
INSIDE = wordset(", and conv filters → layer -")


def _end(sentence: Sentence, first: int) -> int:
    """Where what is said of a kind of block ends: "(two 3×3 convs)", "made of 1×1, 3×3, 1×1"."""
    pieces = sentence.pieces
    at = first + (first < len(pieces) and pieces[first].gist == "block")
    begin = at
    while at < len(pieces) and pieces[at].gist in INTRODUCING:
        at += 1
    if at == begin:
        return first
    while at < len(pieces) and (pieces[at].size or pieces[at].numeral or pieces[at].gist in INSIDE):
        at += 1
    return at


BASIC = (((3, 3),), ((3, 3), (3, 3)))
BOTTLENECK = (((1, 1), (3, 3), (1, 1)), ((1, 1), (1, 1)), ((1, 1),), ((3, 3),))


def _made_of(
    sentence: Sentence, first: int, last: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """The kernels said of a kind of block, repeated as often as said: "(two 3×3 convs)"."""
    sizes: list[tuple[int, ...]] = []
    used: list[int] = []
    pieces = sentence.pieces
    for at in range(first, last):
        size = pieces[at].size
        if len(size) != 2:
            continue
        before = pieces[at - 1]
        times = whole(before) if before.numeral else None
        sizes += [size] * (times[0] if times else 1)
        used += [pieces[at].start, *([before.start] if times else [])]
    return tuple(sizes), tuple(used)


def _kind(context: Context, sentence: Sentence, owner: Mention, kind: str) -> Candidate | None:
    subject = subject_named(context, owner.name) if owner.name else None
    if subject is None or subject.family != "resnet" or not subject.name[-1:].isdecimal():
        return None
    narrow, wide = _of(subject, 3), _of(subject, 2)
    if (narrow is None) == (wide is None):
        return None
    bottleneck = kind.startswith("bottleneck")
    reading = narrow if bottleneck else wide
    if reading is None:
        other = wide if bottleneck else narrow
        assert other is not None
        reading = behaviour.denied(other)
    return _made(
        sentence, reading, "bottleneck blocks" if bottleneck else "basic blocks", subject.name
    )


def _of(subject: Subject, layers: int) -> Reading | None:
    return behaviour.residual(subject, layers)


# ------------------------------------------------------------------ sizes and channels by arrows

_DOWN, _UP = (
    r"(?:↓|falls|fall|shrinks?|decreases?|goes down|go down|drops?)",
    r"(?:↑|rises?|grows?|increases?|goes up|go up)",
)
_WHILE = r"(?: (?:,|while|and|but|whereas|;|/|as))?"
FALLING = pattern(
    rf"<a:~>(?: (?:and|,|/|x) <b:~>)? (?:(?:both|together) )?{_DOWN}{_WHILE} <c:~> {_UP}"
)
RISING = pattern(
    rf"<a:~>(?: (?:and|,|/|x) <b:~>)? (?:(?:both|together) )?{_UP}{_WHILE} <c:~> {_DOWN}"
)
ALIKE = pattern(
    rf"<a:~>(?: (?:and|,|/|x) <b:~>)? {_DOWN}{_WHILE} <c:~> {_DOWN}|"
    rf"<d:~>(?: (?:and|,|/|x) <e:~>)? {_UP}{_WHILE} <f:~> {_UP}"
)
EXAMPLE = "vgg16"
GENERIC = "convnet"  # "a ConvNet" is any of them


def _arrows(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """ "n_H, n_W ↓ and n_C ↑": of the section's network, or of convolutional networks in general."""
    if sentence.has("not", "if", "decoder", "upsampling", "transposed", "generator"):
        return
    deeper = sentence.has("deeper", "deep")
    forms = [(FALLING, True), (RISING, False), *(((ALIKE, False),) if deeper else ())]
    for form, holds in forms:
        for found in sentence.find(form):
            texts = [
                context.passage.text[each.start : each.end].casefold()
                for each in map(found.get, "abcdef")
                if each is not None
            ]
            spatial = all(set(each) & set("hw") and not set(each) & set("c") for each in texts[:-1])
            if not spatial or "c" not in texts[-1] or len(texts[-1]) > 6:
                continue
            subject, reading = property_reading(context, sentence, 0, behaviour.pyramid)
            generic = subject is None or (subject.name == GENERIC and context.subject is None)
            if generic and all(each.name == GENERIC for each in context.mentions(sentence)):
                subject = None
                example = context.catalogue.get(EXAMPLE)
                reading = behaviour.pyramid(example) if example is not None else None
            if reading is not None and reading.value is True:
                reading = reading if holds else behaviour.denied(reading)
                short = "height and width fall, channels rise"
                yield _made(sentence, reading, short, subject.name if subject else "")
            return
