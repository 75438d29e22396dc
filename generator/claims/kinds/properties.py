"""What a note says a network does: "the image size doesn't influence the number of parameters".

Qualitative statements with one meaning that can be run: parameter sharing, sparse connections, maps
that shrink while channels grow, blocks that keep the size, concatenated branches, auxiliary outputs,
bottlenecks. Each is recognised by the concepts its sentence brings together, in any order; a "not"
that is no part of the concept leaves the sentence alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from generator.claims import behaviour
from generator.claims.candidate import Candidate, Reading, claiming
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence
from generator.claims.referring import property_reading
from generator.claims.scene import LARGEST_WINDOW

KIND = "property"

# ------------------------------------------------------------------ concepts, as sets of words

NEGATIONS = wordset("not never without unlike neither nor")
PARAMETERS = wordset("parameter weight")
IMAGES = wordset("image input inputs")
SIZES = wordset("size sizes dimension dimensions resolution height width big large larger")
DEPENDING = wordset(
    "influence influences affect affects change changes changing matter matters impact impacts "
    "determine determines depend depends dependent alter alters grow grows increase increases "
    "scale scales effect bearing"
)
FREE = wordset("independent independently regardless irrespective unaffected however whatever")
STAYING = wordset("same constant fixed unchanged stays stay remains remain")
FALLING = wordset(
    "decline declines declining decrease decreases decreasing shrink shrinks shrinking fall falls "
    "falling drop drops reduce reduces reduced smaller down halve halves halved ↓ diminish "
    "diminishes lower fewer"
)
RISING = wordset(
    "increase increases increasing rise rises rising grow grows growing double doubles doubled up "
    "more larger ↑ higher"
)
HEIGHTS = wordset("height width heights widths spatial resolution n_h n_w h w")
CHANNELS = wordset("channel channels fmap filters n_c c")
PLACES = wordset("position positions location locations region regions patch patches everywhere")
LEARNING = wordset("parameter weight learn learnable trainable")
CUTTING = wordset(
    "minimizes minimises minimize minimise reduces reduce reducing cuts cut cutting lowers lower "
    "saves save saving shrinks shrink decreases decrease cheaper"
)
COSTS = wordset("cost costs computation computational operation compute mult expense expensive")
BRANCHES = wordset(
    "branch branches output outputs filter filters results result feature features channel channels "
    "conv operation paths maps map fmap path layer activations"
)
HEADS = wordset("softmax classifier classifiers branch branches head heads output outputs logits")
EXTRA = wordset("auxiliary additional extra side intermediate aux")
PROJECTING = wordset("pointwise project projects projected projection projecting")
EXPANDING = wordset("expand expands expanded expansion expanding")
KEEPING = wordset(
    "keep keeps keeping preserve preserves preserving maintain maintains retain retains same equal "
    "identical unchanged match matches matching"
)
ALL = wordset("all whole entire complete")
ADDING = wordset("add adds added adding shortcut sum summed")
ACTIVATING = wordset(
    "relu relu6 activation activations nonlinearity non-linearity nonlinear nonlinearities"
)
EVALUATING = wordset("test testing inference evaluation eval validation deployment")


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence's words in order, asked for concepts."""

    all: tuple[str, ...]
    known: frozenset[str]

    def has(self, *concepts: frozenset[str] | str) -> bool:
        """Whether a word of one of the concepts occurs."""
        return any(
            concept in self.known
            if isinstance(concept, str)
            else not self.known.isdisjoint(concept)
            for concept in concepts
        )

    def near(self, first: frozenset[str], second: frozenset[str], distance: int) -> bool:
        """Whether words of two concepts stand at most so far apart."""
        if self.known.isdisjoint(first) or self.known.isdisjoint(second):
            return False
        ones = [at for at, each in enumerate(self.all) if each in first]
        others = [at for at, each in enumerate(self.all) if each in second]
        return any(0 < abs(a - b) <= distance for a in ones for b in others)

    def before(self, first: frozenset[str], second: frozenset[str], distance: int) -> bool:
        """Whether a word of the first concept stands shortly before one of the second."""
        if self.known.isdisjoint(first) or self.known.isdisjoint(second):
            return False
        ones = [at for at, each in enumerate(self.all) if each in first]
        others = [at for at, each in enumerate(self.all) if each in second]
        return any(0 < b - a <= distance for a in ones for b in others)


def _words(sentence: Sentence) -> Words:
    words = tuple(_spoken(each) for each in sentence.pieces if each.gist != '"')
    return Words(words, frozenset(words))


def _spoken(piece: Piece) -> str:
    """A piece as a word; a variable by its name (``n_H`` → ``n_h``), a size as ``1x1``."""
    if isinstance(piece.expression, Name):
        return piece.expression.name.lower()
    if piece.numeral and piece.quantity is not None:
        return piece.quantity.text.lower()
    return "x".join(str(each) for each in piece.size) or piece.gist


# ------------------------------------------------------------------ statements about networks


def _shared(words: Words) -> bool:
    if words.before(PARAMETERS, wordset("sharing shared"), 2) or words.before(
        wordset("sharing shares shared share"), PARAMETERS, 4
    ):
        return True
    if any(each.startswith("equivarian") for each in words.all):
        return True
    detector = words.has(wordset("filter filters feature features detector weight"))
    useful = words.has("useful") and words.has(
        wordset("part parts elsewhere place places") | PLACES
    )
    if useful and detector and words.has(IMAGES):
        return True
    same = words.before(wordset("same"), PARAMETERS | wordset("filter filters"), 4)
    return same and words.has(PLACES) and not words.has("pad")


def _sparse(words: Words) -> bool:
    links = wordset("connection connections connectivity interactions")
    if words.before(wordset("sparse local"), links, 2):
        return True
    if words.has("sparsity") and words.has(links, "output"):
        return True
    each = words.before(wordset("each"), wordset("output unit"), 5) or words.before(
        wordset("a"), wordset("unit"), 1
    )
    few = words.has(wordset("small few handful tiny patch local subset limited window part"))
    sees = words.has(wordset("depend depends connected sees see looks look use input"))
    return each and few and sees and not words.has(wordset("file files page"))


def _dense(words: Words) -> bool:
    each = words.before(wordset("each"), wordset("output unit fmap activation"), 5)
    sees = words.has(wordset("depend depends connected sees see looks"))
    every = words.before(ALL, wordset("input pixel pixels image position positions"), 4)
    return each and sees and (every or words.before(wordset("each"), wordset("pixel"), 2))


def _depthwise(words: Words) -> bool:
    one = words.before(wordset("one each"), wordset("filter"), 3) or words.has("separately")
    own = words.before(wordset("its"), wordset("own"), 1) and words.has("filter")
    return words.has("depthwise") and (one or own) and words.has("channel")


def _keeps_size(words: Words) -> bool:
    same = words.before(wordset("same"), wordset("conv pad convolve"), 1)
    sizes = words.has(wordset("dimension dimensions size sizes shape height resolution"))
    kept = words.has(KEEPING - wordset("same")) or words.all.count("same") > 1
    return same and sizes and kept


def _concatenated(words: Words) -> bool:
    joined = any(each.startswith("concat") for each in words.all)
    along = words.before(wordset("stack joined merged combined"), wordset("along"), 3)
    if (joined or (along and words.has("channel"))) and words.has(BRANCHES):
        return True
    glued = words.has(wordset("glue glued stick stuck stack stacked join joined combine put"))
    parallel = words.has(wordset("branch branches parallel paths"))
    if glued and parallel and words.has(wordset("together depthwise depth channel outputs output")):
        return True
    # "different convolutions combined through same padding and 1×1 convolutions"
    return words.has("combined") and words.before(wordset("same"), wordset("pad"), 1)


def _summed(words: Words) -> bool:
    outputs = words.has(wordset("branch branches paths")) and not words.has("residual", "shortcut")
    summed = words.has(wordset("summed sum")) or words.before(wordset("be"), wordset("added"), 2)
    return outputs and summed and not words.has(EXTRA, "concatenated")


def _cheaper(words: Words) -> bool:
    if words.has(wordset("depthwise separable")):
        return False
    if not words.near(CUTTING, COSTS, 10) and not words.has("cheaper"):
        return False
    return words.has(wordset("bottleneck pointwise this which it that 1x1"))


def _cheaper_separable(words: Words) -> bool:
    return (
        words.has("separable")
        and (words.near(CUTTING, COSTS, 6) or words.has("cheaper"))
        and not words.has("pool")
    )


def _auxiliary(words: Words) -> bool:
    return _auxiliary_heads(words) and not _auxiliary_always(words)


def _auxiliary_heads(words: Words) -> bool:
    return words.before(EXTRA, HEADS, 4)


def _auxiliary_always(words: Words) -> bool:
    still = words.has(wordset("also too well even both still"))
    later = words.before(wordset("at during in after for"), EVALUATING, 2)
    return _auxiliary_heads(words) and later and still


def _inverted(words: Words) -> bool:
    if _reversed(words):
        return False
    named = words.has("bottleneck") or words.before(wordset("bottle"), wordset("neck"), 1)
    named = named or words.before(wordset("inverted"), wordset("residual residual-block"), 1)
    return named and (words.has(PROJECTING) and (words.has("depthwise") or words.has(EXPANDING)
        or words.has("fc")))  # fmt: skip


def _reversed(words: Words) -> bool:
    """The parts of a bottleneck in the other order."""
    first = next((each for each in words.all if each in PROJECTING | EXPANDING), "")
    return first in PROJECTING and words.has("depthwise") and words.has(EXPANDING)


def _linear(words: Words) -> bool:
    return words.before(wordset("not without"), ACTIVATING, 3) and words.has(PROJECTING)


def _nonlinear(words: Words) -> bool:
    followed = words.before(PROJECTING, wordset("followed"), 5)
    return followed and words.before(wordset("followed"), ACTIVATING, 5)


def _adds_first(words: Words) -> bool:
    return (
        not any(each.startswith("concat") for each in words.all)
        and words.before(ADDING, wordset("before"), 10)
        and words.before(wordset("before"), ACTIVATING, 6)
    )


def _adds_last(words: Words) -> bool:
    return words.before(ADDING, wordset("after"), 5) and words.before(
        wordset("after"), ACTIVATING, 4
    )


def _adds_input(words: Words) -> bool:
    zero = words.has(wordset("zero zeros"))
    if zero and words.has(wordset("identity input unchanged")):
        return words.has(wordset("weight branch block shortcut residual-block residual layer"))
    if words.has("identity") and words.has(wordset("residual residual-block block shortcut")):
        return words.has(wordset("learn easy mapping function"))
    adding = words.near(wordset("add adds added adding plus summed"), wordset("input"), 8)
    return adding and words.has(wordset("output branch block shortcut residual-block residual"))


Check = Callable[[Subject], "Reading | None"]


@dataclass(frozen=True, slots=True)
class Saying:
    """A property as sentences state it: the words, the check, the reading for a layer by itself where
    no network is described (a key of ``behaviour.LAYERS``), the statement in short.

    ``denied`` sayings state that the property does not hold. ``negative`` ones are said with a
    "not", which leaves all others alone.
    """

    says: Callable[[Words], bool]
    check: Check
    short: str
    layer: str = ""
    denied: bool = False
    negative: bool = False


SAYINGS: tuple[Saying, ...] = (
    Saying(_shared, behaviour.shared, "the same weights at every position", "shared"),
    Saying(_sparse, behaviour.sparse, "an output depends on few inputs", "sparse"),
    Saying(_dense, behaviour.sparse, "an output depends on all inputs", "sparse", denied=True),
    Saying(_keeps_size, behaviour.keeps_size, "same convolutions keep the size"),
    Saying(_cheaper, behaviour.cheaper, "1×1 convolutions cut the cost"),
    Saying(_cheaper_separable, behaviour.separable, "separable convolutions cut the cost"),
    Saying(_depthwise, behaviour.depthwise, "one filter a channel", "depthwise"),
    Saying(_concatenated, behaviour.concatenated, "branches are concatenated"),
    Saying(_summed, behaviour.concatenated_only, "branches are added", denied=True),
    Saying(_auxiliary, behaviour.auxiliary, "auxiliary outputs in training only"),
    Saying(_auxiliary_always, behaviour.auxiliary, "auxiliary outputs after training", denied=True),
    Saying(_inverted, behaviour.inverted, "the bottleneck expands, filters and projects"),
    Saying(_reversed, behaviour.inverted, "the bottleneck projects first", denied=True),
    Saying(_linear, behaviour.inverted, "the projection is linear", negative=True),
    Saying(_nonlinear, behaviour.inverted, "an activation follows the projection", denied=True),
    Saying(_adds_input, behaviour.residual, "a block adds its input to its branch"),
    Saying(_adds_first, behaviour.activated_sum, "the sum comes before the activation"),
    Saying(_adds_last, behaviour.activated_sum, "the sum comes after the activation", denied=True),
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find qualitative statements that can be run."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        words = _words(sentence)
        yield from _size_grown(context, sentence, words)
        yield from _size_free(context, sentence, words)
        yield from _pyramid(context, sentence, words)
        yield from _layers(sentence, words)
        negative = words.has(NEGATIONS)
        for nth, saying in enumerate(SAYINGS):
            if saying.negative == negative and saying.says(words):
                candidate = _candidate(context, sentence, nth, saying)
                if candidate is not None:
                    yield candidate


def _candidate(context: Context, sentence: Sentence, nth: int, saying: Saying) -> Candidate | None:
    """Several properties of one sentence begin at different characters, so that each is kept."""
    subject, reading = property_reading(context, sentence, 0, saying.check)
    convolutional = context.speaks_of("conv", "filter", "filters", "cnn", "cnns", "convnet")
    if reading is None and saying.layer and convolutional:
        reading = behaviour.LAYERS[saying.layer]
    if reading is None:
        return None
    if saying.denied:
        reading = behaviour.denied(reading)
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        min(sentence.start + nth, sentence.end - 1),
        True,
        (reading,),
        subject=subject.name if subject else "",
        expected=saying.short,
    )


# ------------------------------------------------------------------ parameters and image size


# What to say is found in more than one way, below.
SIZE_FREE = Saying(
    lambda _: True,
    behaviour.size_free,
    "the number of parameters does not depend on the image's size",
    "size free",
)
SIZE_BOUND = replace(
    SIZE_FREE, short="the number of parameters depends on the image's size", denied=True
)


def _size_free(context: Context, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """Whether the parameters depend on the image's size, either way round."""
    convolutional = context.speaks_of("conv", "filter", "filters", "cnn", "convnet", "cnns")
    if not (convolutional or context.subject is not None) or words.has(
        wordset("fc mlp perceptron")
    ):
        return
    sized = words.near(IMAGES, SIZES, 5) or words.has("resolution") or _imagesize(sentence)
    if not (words.has(PARAMETERS) and sized) or words.near(wordset("filter filters"), SIZES, 1):
        return
    verb = words.has(DEPENDING)
    denied = words.before(wordset("not never without"), DEPENDING, 4)
    free = words.has(FREE) or words.before(wordset("no without"), wordset("matter"), 1)
    staying = words.has(STAYING) and not words.near(wordset("same"), SIZES | wordset("conv pad"), 2)
    if (verb and denied) or free or (staying and not words.has(NEGATIONS)):
        found = _candidate(context, sentence, 0, SIZE_FREE)
    elif verb and not words.has(NEGATIONS) and _directed(words):
        found = _candidate(context, sentence, 0, SIZE_BOUND)
    else:
        return
    if found is not None:
        shown = tuple(e.start for e in sentence.pieces if e.size and e.size[0] > LARGEST_WINDOW)
        yield replace(found, used=shown)


GROWN = wordset(
    "twice wide wider high higher larger bigger large big doubled doubles double tall taller"
)
GROWING = wordset(
    "grows grow increases increase rises rise doubles quadruples multiplies explodes larger"
)
MORE = wordset("more times larger twice double doubles quadruple quadruples quadrupled additional")


def _size_grown(context: Context, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """Whether a larger image is said to give a convolution more parameters."""
    conv = sentence.has("conv", "filter", "filters")
    if not conv or words.has(NEGATIONS, FREE, STAYING, "fc", "unit", "hidden"):
        return
    grown = words.near(wordset("image resolution"), GROWN, 5)
    more = words.before(MORE, PARAMETERS, 4) or words.before(PARAMETERS, GROWING, 8)
    if grown and more and words.before(GROWN, PARAMETERS, 25):
        found = _candidate(context, sentence, 0, SIZE_BOUND)
        if found is not None:
            yield found


def _imagesize(sentence: Sentence) -> bool:
    """ "With a 1000×1000 image": a size that an image noun follows."""
    pieces = sentence.pieces
    sizes = [at for at, each in enumerate(pieces) if each.size and each.size[0] > LARGEST_WINDOW]
    return any(
        {each.gist for each in (*pieces[max(0, at - 3) : at], *pieces[at + 1 : at + 2])} & IMAGES
        for at in sizes
    )


def _directed(words: Words) -> bool:
    """Whether parameters, a verb and the size come in an order that states a dependence."""
    verb = next(at for at, each in enumerate(words.all) if each in DEPENDING)
    left, right = set(words.all[:verb]), set(words.all[verb + 1 :])
    return bool(
        (left & PARAMETERS and right & IMAGES and right & SIZES)
        or (left & IMAGES and left & SIZES and right & PARAMETERS)
    )


# ------------------------------------------------------------------ the shape of the whole


def _pyramid(context: Context, sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """Height and width fall while channels rise: the direction said of each."""
    nouns = HEIGHTS
    if words.near(
        wordset("size dimensions dimension sizes"), wordset("image spatial map fmap volume"), 4
    ):
        nouns = HEIGHTS | wordset("size dimensions dimension sizes")
    counted = CHANNELS
    if words.near(wordset("larger smaller bigger"), wordset("fmap"), 3):
        nouns, counted = nouns | {"fmap"}, counted - {"fmap"}
    spatial = _direction(words.all, nouns)
    channels = _direction(words.all, counted)
    if not spatial or not channels or words.has(NEGATIONS):
        return
    falls = (spatial, channels) == ("falling", "rising")
    rises = (spatial, channels) == ("rising", "falling")
    general = words.has(wordset("deeper deep layer network networks cnn cnns convnet generally"))
    general = general or not any(piece.quantity or piece.size for piece in sentence.pieces)
    if not (falls or (rises and general)):
        return
    subject, reading = property_reading(context, sentence, 0, behaviour.pyramid)
    if reading is None or (rises and reading.value is not True):
        return
    if rises:
        reading = behaviour.denied(reading)
    yield claiming(
        KIND,
        sentence,
        sentence,
        True,
        (reading,),
        subject=subject.name if subject else "",
        expected=(
            "height and width fall, channels rise"
            if falls
            else "height and width rise, channels fall"
        ),
    )


def _direction(words: Sequence[str], nouns: frozenset[str]) -> str:
    """The direction said of the first of these nouns: "the smaller the height", else the nearest
    word after it, else before."""
    for at, word in enumerate(words):
        if word not in nouns:
            continue
        ahead = words[max(0, at - 3) : at]
        near = [each for each in ahead if each in FALLING or each in RISING]
        after = [each for each in words[at + 1 : at + 9] if each in FALLING or each in RISING]
        before = [each for each in words[max(0, at - 5) : at] if each in FALLING or each in RISING]
        comparative = near[-1:] if "the" in ahead and near and near[-1].endswith("er") else []
        for chosen in (*comparative, *after[:1], *before[-1:]):
            return "falling" if chosen in FALLING else "rising"
    return ""


# ------------------------------------------------------------------ layers of a kind


CHANGING = wordset("changes change shrinks shrink reduces reduce halves alters")


def _denied_layer(sentence: Sentence, key: str) -> Candidate:
    """A sentence that says the opposite of what holds for every layer of a kind."""
    reading = behaviour.denied(behaviour.LAYERS[key])
    return claiming(KIND, sentence, sentence, True, (reading,), expected=reading.how)


def _layers(sentence: Sentence, words: Words) -> Iterator[Candidate]:
    """Statements true of every layer of a kind."""
    none = wordset("without not nothing zero")
    heights = words.has(wordset("height width spatial size resolution"))
    found = ""
    if words.has("pool"):
        if words.before(none, LEARNING, 3):
            found = "pool without parameters"
        elif words.before(wordset("same"), wordset("pad conv"), 1):
            pass
        elif words.near(wordset("unchanged same keeps preserves keep preserve"), CHANNELS, 4):
            found = "" if heights else "pool keeps channels"
    elif words.has("1x1") and words.has("conv") and heights:
        contrast = words.has("channel") and words.before(wordset("not only"), HEIGHTS | CHANNELS, 4)
        found = "1x1 keeps size" if words.has(KEEPING) or contrast else ""
        if (
            not found
            and words.before(CHANGING, HEIGHTS, 3)
            and not words.has("only", NEGATIONS, "pool", "stride")
        ):
            yield _denied_layer(sentence, "1x1 keeps size")
    elif words.has("dropout") and words.has(wordset("training train")):
        tested = words.before(wordset("not off disabled"), EVALUATING, 4)
        found = "dropout in training" if words.has("only") or tested else ""
    if found:
        reading = behaviour.LAYERS[found]
        yield claiming(
            KIND,
            sentence,
            sentence,
            True,
            (reading,),
            expected=reading.how,
        )
