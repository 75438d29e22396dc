"""What sentences say of convolutions: their weights and the image, sharing, sparsity, sizes, cost."""

from __future__ import annotations

from itertools import pairwise

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import (
    ALL,
    CHANGING,
    CHANNELS,
    EACH,
    FALLING,
    FEW,
    FILTERS,
    HEIGHTS,
    IMAGES,
    OUTPUTS,
    PARAMETERS,
    PLACES,
    RISING,
    SIZES,
    STAYING,
)
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

# ------------------------------------------------------------------ weights and the image's size

DENSE = wordset(
    "fc mlp perceptron hidden unit flatten flattened flattening classifier embedding attention lstm gru "
    "token tokens sequence vocabulary"
)
DEPENDING = forms(
    "influence affect change matter impact determine depend alter scale vary hinge hang rely care tie "
    "decide dictate govern relate link"
) | wordset(
    "difference proportional dependent effect bearing say function role matter influence effects tied bound"
)
FREE = wordset(
    "independent independently regardless irrespective unaffected however whatever blind agnostic "
    "untouched unmoved whichever irrelevant immaterial"
)
GROWN = RISING | wordset("twice wide high large big doubled tall times enlarge enlarged huge")
MORE = wordset("more times twice double quadruple additional extra further new quarter half")
GROWTH = forms("grow increase rise double triple quadruple multiply explode swell climb") | wordset(
    "up larger numerous more"
)
# With these, the sentence speaks of more than the weights.
OTHER_COUNTS = wordset("mult mac flop operation memory activation activations cost compute than")


def size_free(said: Spoken) -> bool | None:
    """The number of weights does not depend on the image's size."""
    if said.whole.has(DENSE) or not said.whole.has(PARAMETERS):
        return None
    for words in said.each():
        if words is said.whole and len(said.clauses) > 1 and words.has(OTHER_COUNTS):
            return None
        sized = image_sizes(words)
        if not words.has(PARAMETERS) or not sized:
            continue
        found = of_size(words, sized, joined=words is said.whole and len(said.clauses) > 1)
        if found is not None:
            return found
    return _on_it(said)


def _on_it(said: Spoken) -> bool | None:
    """ "The image may be any size: the number of parameters does not depend on it"."""
    for before, words in pairwise(said.clauses):
        verbs = words.at(DEPENDING)
        if not verbs or not words.has(PARAMETERS):
            continue
        objects = words.part(verbs[0], verbs[0] + 4)
        told = objects.has(IT) and before.has(IMAGES) and before.has(SIZES)
        if told or (objects.has(PARAMETERS | {"number"}) and before.has("resolution")):
            return words.denied(verbs[0] - 6, verbs[0] + 1)
    return None


IT = wordset("it this that")


def image_sizes(words: Words) -> list[int]:
    """Where an image's size is spoken of: "the size of the image", "64-px", "a larger picture"."""
    found = words.at(wordset("resolution px thumbnail thumbnails"))
    measures = SIZES | GROWN
    for at in words.at(IMAGES):
        near = [each for each in words.at(measures) if 0 < abs(each - at) <= 5]
        for each in near:
            between = words.part(min(at, each) + 1, max(at, each))
            channels = words.terms[at].means(wordset("input map fmap")) and words.part(
                at, at + 5
            ).has(CHANNELS)
            if not channels and not between.has(FILTERS, CHANNELS, "conv", "number", "layer"):
                found.append(at)
                break
    found += [
        at
        for at, term in enumerate(words.terms)
        if len(term.piece.size) >= 2 and min(term.piece.size[:2]) > LARGEST_KERNEL
    ]
    return sorted(found)


LARGEST_KERNEL = 15


def of_size(words: Words, sized: list[int], *, joined: bool) -> bool | None:
    """What is said of parameters and an image's size; over several clauses no verb relates them."""
    counts = words.at(PARAMETERS)
    if words.has(FREE):
        return not words.before(wordset("not"), FREE, 2)
    with_it = [at for at in words.at(GROWTH) if words.part(at + 1, at + 3).has("with")]
    for verb in (*words.at(DEPENDING), *with_it) if not joined else ():
        if counts and counts[0] > verb and sized[-1] > verb and words.denied(verb - 2, verb):
            return True
        for left, right in ((counts, sized), (sized, counts)):
            first = [each for each in left if each < verb]
            last = [each for each in right if each > verb]
            if first and last:
                return words.denied(first[-1] - 6, last[-1] + 1)
    found = _growing(words, counts, sized)
    found = _shrinking(words, counts, sized) if found is None else found
    return _staying(words, counts) if found is None else found


def _shrinking(words: Words, counts: list[int], sized: list[int]) -> bool | None:
    """ "A lower resolution cuts the number of weights"."""
    verbs = [at for at in words.at(FALLING) if counts and sized[0] < at < counts[0]]
    last = words.part(counts[-1] + 1, counts[-1] + 3) if counts else words
    halved = last.has(FALLING) and sized[0] < counts[-1]
    if not words.has("resolution") or not (verbs or halved):
        return None
    return words.denied(max(0, (verbs or counts)[0] - 3), counts[0] + 1)


def _growing(words: Words, counts: list[int], sized: list[int]) -> bool | None:
    """ "Larger images mean more weights"."""
    small = words.has("small", "smaller", "lower") or len(sized) > 1
    same = any(
        not words.part(at + 1, at + 2).has("layer", "conv") for at in words.at(wordset("same"))
    )
    if same or (words.has("than") and not small) or words.has("constant", "fixed"):
        return None
    if words.has("likewise"):
        return words.has(STAYING)
    others = wordset("filter filters kernels layers network networks model models")
    if words.near(GROWN - {"up", "more", "times"}, others, 2) or (
        words.has("networks", "network") and not words.has("conv")
    ):
        return None
    more = {
        each
        for at in counts
        for each in words.at(MORE | GROWTH | wordset("add adding single"))
        if -4 <= each - at <= 6 and min(abs(each - at) for at in sized) > 1
    }
    near = {at for at in words.at(GROWN) if any(abs(at - each) <= 6 for each in sized)}
    if not more or not (near - more or words.has("resolution") or len(sized) > 1):
        return None
    return words.denied(min(*more, *counts, *sized) - 4, max(*more, *counts) + 1)


def _staying(words: Words, counts: list[int]) -> bool | None:
    """ "The number of weights is the same whether …", "… will not move"."""
    same = [
        at
        for at in words.at(STAYING | wordset("many"))
        if any(-4 <= at - each <= 8 for each in counts)
        and not words.part(at + 1, at + 3).has("conv", "pad", "layer", "image", "filter")
    ]
    if same and not words.has("times"):
        return not words.denied(min(same[0], counts[0]) - 3, max(same[-1], counts[0]))
    changes = words.relates(CHANGING | forms("move budge shift"), PARAMETERS, ahead=0)
    return None if changes is None else not changes


# ------------------------------------------------------------------ sharing

SHARING = wordset(
    "same shared share shares sharing reuse reused reuses single identical unchanging recycled tied"
)
OWN = wordset("own different separate distinct individual unshared") | forms("differ vary")
SHARING_DOES = (
    FALLING
    | RISING
    | wordset("means mean = saves save work computation parameter : across so") - {"parameter"}
)
SLIDING = forms("slide sweep move apply scan") | wordset("slid across over")


def shared(said: Spoken) -> bool | None:
    """The same weights serve at every position."""
    for words in said.each():
        if any(each.startswith("equivarian") for each in words.known) and not words.has(
            "rotation", "rotations", "scale"
        ):
            return not words.has(NEGATIONS)
        if words.has("invariant") and words.has("conv") and said.whole.has("along", "moves"):
            return words.has(NEGATIONS)
        if not words.has(FILTERS):
            continue
        found = _shared(words)
        joined = (
            words is said.whole and len(said.clauses) > 1
        )  # "each has its own …, used everywhere"
        if found is not None and not (joined and not found):
            return found
    shared_ones = wordset("parameter weight weights parameters")
    for words in said.clauses:
        effect = words.has(SHARING_DOES) and not words.has(OWN, NEGATIONS)
        if effect and words.before(shared_ones, wordset("sharing"), 2):
            return True  # "parameter sharing saves computation"
    return None


def _shared(words: Words) -> bool | None:
    if useful_everywhere(words):
        return not any(words.denied(at - 3, at) for at in words.at(USING))
    if words.has("locally", "local", "untied"):
        return None
    if words.has("pad") and not words.has(PLACES):
        return None
    placed = words.has(PLACES, "unit") or (words.has(IMAGES) and words.has(SLIDING))
    if not placed or _among_filters(words):
        return None
    own = [at for at in words.at(OWN) if words.part(at + 1, at + 5).has(FILTERS)]
    own += [at for at in words.at(wordset("own")) if words.part(at - 4, at).has(FILTERS)]
    own += [at for at in words.at(forms("differ vary")) if words.part(0, at).has(FILTERS)]
    everyone = words.before(EACH, wordset("unit output"), 2)
    placed = words.before(EACH | wordset("at for per from between in"), PLACES, 3)
    if own and (placed or everyone) and not words.part(own[0] + 1, own[0] + 2).has(PLACES):
        return words.denied(own[0] - 6, own[0])
    same = [at for at in words.at(SHARING) if any(abs(at - f) <= 5 for f in words.at(FILTERS))]
    same = [
        at
        for at in same
        if not words.part(at + 1, at + 2).has("conv", "pad", "size", "number", ":")
    ]
    return not words.denied(same[0] - 3, same[0]) if same else None


USING = forms("use reuse apply share help") | wordset("useful")


def useful_everywhere(words: Words) -> bool:
    """ "A detector that is useful in one part of the image is useful in another"."""
    return words.has("useful") and words.has(PLACES) and words.has(IMAGES)


def _among_filters(words: Words) -> bool:
    """ "All filters of a layer use the same weights as each other"."""
    plural = words.has("filters") and words.has("weight", "parameter")
    among = words.before(wordset("each one"), wordset("other another"), 1)
    every = words.before(EACH, wordset("filters"), 2) or words.before(wordset("filters"), EACH, 8)
    return plural and words.has(SHARING) and (among or every) and not words.has(PLACES)


def one_for_all(said: Spoken) -> bool | None:
    """Each filter has weights of its own (``False``: all use the same)."""
    for words in said.clauses:
        if _among_filters(words):
            same = words.at(SHARING)[-1]
            return words.denied(same - 4, same)
    return None


# ------------------------------------------------------------------ sparsity

SEEING = forms(
    "depend see look hang hinge connect link wire compute read attend cover draw receive process "
    "influence sum reach tie affect combine access"
) | wordset("function seen input sees looks needs use need have reads hangs linked drawn fed by")
LINKS = wordset("connection connections connectivity interactions links")
WHOLE_INPUT = wordset("fc mlp attention global large big full same")  # where all inputs may be seen
INPUTS = wordset("input inputs pixel pixels image position positions unit units previous value map")


def sparse(said: Spoken) -> bool | None:
    """An output depends on few inputs."""
    if not said.whole.has(OUTPUTS, LINKS):
        return None
    sizes = [each.piece.size[:2] for each in said.whole.terms if each.piece.size]
    if len(sizes) > len(set(sizes)):
        return None  # a window as large as its input
    for words in said.each():
        if words.has("fc", "pool", "page", "file", "files", "channel") and not words.has("conv"):
            continue
        found = _seen(words)
        if found is False and said.whole.has(WHOLE_INPUT) and not words.has("conv"):
            return None
        if found is not None:
            return found
    for words in said.clauses:
        if words.has(LINKS) and words.has("sparse", "local", "sparsely", "locally", "sparsity"):
            return not words.has(NEGATIONS)
    return None


def _seen(words: Words) -> bool | None:
    outputs = [
        at for at in words.at(OUTPUTS)
        if words.part(at - 4, at).has(EACH, NEGATIONS, "a", "an", "one", "single", "per")
        or (at < 2 and words.terms[at].means(wordset("outputs units neurons activations")))
    ]  # fmt: skip
    outputs = [at for at in outputs if not words.part(at + 1, at + 3).has("they", "it", "we")]
    stacked = words.has(
        "here",
        "we",
        "deeper",
        "last",
        "layers",
        "stack",
        "finally",
        "eventually",
        "global",
        "later",
    )
    if not outputs or stacked or not words.has(SEEING):
        return None
    few = [at for at in words.at(FEW) if at > outputs[0]]
    whole = _all_inputs(words)
    if few and not words.denied(few[0] - 4, few[0]):
        return True if not whole or words.denied(whole[0] - 4, whole[0]) else None
    if whole and not few:
        return words.denied(min(whole[0], outputs[0]) - 4, max(whole[-1], outputs[0]))
    return None


def _all_inputs(words: Words) -> list[int]:
    """Where "all inputs", "the whole image" is said."""
    return [
        at
        for at in words.at(ALL)
        if words.part(at + 1, at + 5).has(INPUTS)
        and not any(each.count > 1 for each in words.terms[at + 1 : at + 2])
        and not words.part(at + 1, at + 4).has(CHANNELS, "output", "filter")
        and not (
            words.part(at + 1, at + 3).has("unit", "value") and not words.has("previous", "all")
        )
    ]


# ------------------------------------------------------------------ the shape of the whole

NO_PYRAMID = wordset(
    "pool 1x1 pointwise stride transposed decoder upsampling generator if module team communication"
)
COUNTED = wordset("channel n_c c nc fmap filters")
DEPTHWARD = wordset(
    "deeper deep layer layers network networks cnn cnns convnet generally depth further toward "
    "towards typical typically usual pattern end usually classifier"
)


def pyramid(said: Spoken) -> bool | None:
    """Height and width fall while channels rise."""
    words = said.whole
    if not words.has(FALLING, RISING) or words.has(NO_PYRAMID, NEGATIONS):
        return None
    spatial, channels = _directions(words)
    if len(spatial) != 1 or len(channels) != 1:
        return None
    if (spatial, channels) == ({"down"}, {"up"}):
        return True
    plain = not any(each.piece.quantity or each.piece.size for each in words.terms)
    return False if words.has(DEPTHWARD) or (plain and spatial != channels) else None


def _directions(words: Words) -> tuple[set[str], set[str]]:
    """What is said of heights and of channels, each noun with the direction beside it."""
    sized = words.near(SIZES - HEIGHTS, wordset("image spatial map fmap volume maps"), 4)
    nouns = HEIGHTS | wordset("maps pixels map images") | (SIZES if sized else frozenset())
    counted = COUNTED
    if words.near(wordset("larger smaller bigger"), wordset("fmap"), 3) or not words.has(nouns):
        nouns, counted = nouns | {"fmap"}, counted - {"fmap"}
    if words.has(CHANNELS):
        nouns, counted = nouns | {"fmap"}, counted - {"fmap"}
    if not words.has(counted):
        counted = counted | {"number"}
    if words.has(CHANNELS) and not words.has(nouns, "filter"):
        nouns = nouns | {"size", "sizes"}
    marks: list[str] = []
    for term in words.terms:
        found = (
            "S" if term.means(nouns) else "C" if term.means(counted) else
            "down" if term.means(FALLING) else
            "up" if term.means(RISING - wordset("deeper")) else ""
        )  # fmt: skip
        if found and marks[-1:] != [found]:
            marks.append(found)
    if len(marks) % 2 and marks[:1] == marks[2:3] == ["S"]:
        marks = marks[1:]  # "the maps lose resolution but gain channels"
    if len(marks) % 2 and marks[:1] in (["up"], ["down"]):
        marks = marks[1:]  # "deeper layers are smaller: …"
    told: dict[str, set[str]] = {"S": set(), "C": set()}
    at = 0
    while at + 1 < len(marks):
        pair = {marks[at], marks[at + 1]}
        noun, direction = pair & {"S", "C"}, pair & {"down", "up"}
        if not noun or not direction:
            at += 1
            continue
        told[noun.pop()] |= direction
        at += 2
    return told["S"], told["C"]
