"""What sentences say of single layers: those without parameters, pooling, dropout."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.blocks import trained_only
from generator.claims.sayings.concepts import (
    CHANNELS,
    FALLING,
    HEIGHTS,
    LEARNED,
    PARAMETERS,
    RISING,
)
from generator.claims.sayings.sizes import kept, strided
from generator.claims.wording import NEGATIONS, Spoken, Term, Words, forms

PLAIN_LAYERS = wordset("pool relu relus dropout softmax flatten flattening sigmoid tanh gelu activation "
                       "activations nonlinearity reshaping upsampling")  # fmt: skip
WEIGHTED = wordset("conv fc bn layernorm embedding lstm gru attention prelu classifier filter filters network "
                   "transposed 1x1 model vgg resnet")  # fmt: skip
NORMS = wordset("bn layernorm embedding")
TRAINED_POOLS = wordset("scale coefficient coefficients 1998")  # those of the first LeNet
AWAY = wordset("without after before behind with than between following unlike")
HAVING = forms("bring contribute add store own learn train cost come introduce keep carry include update "
               "find") | wordset("have need be use give adds adding comes there")  # fmt: skip
NONE = NEGATIONS | wordset("zero free")
MANY = 4  # fewer "parameters" may be a window and a stride


def parameter_free(said: Spoken) -> bool | None:
    """A layer such as pooling has no parameters."""
    if said.whole.has(TRAINED_POOLS):
        return None
    if _counted(said.whole) or _learned_after(said):
        return False
    for words in said.each():
        if not words.has(PLAIN_LAYERS) or words.has("if", "prelu"):
            continue
        if words.before(LEARNED | wordset("attention monte"), PLAIN_LAYERS, 1):
            continue
        counts = words.at(PARAMETERS)
        learned = words.at(LEARNED | forms("adjust tune"))
        if not counts and not learned:
            continue
        if words.has("bias") and any(each.count or each.piece.size for each in words.terms):
            continue
        layer = _layer(words)
        if layer is None:
            continue
        place = (counts or learned)[0]
        if not _subject(words, layer, place):
            continue
        found = _owning(words, layer, place)
        if found:
            return True
        if found is False and counts and (words is not said.whole or len(said.clauses) == 1):
            return False
    return None


def _learned_after(said: Spoken) -> bool:
    """ "Pool layers: …, but a weight per window to learn"."""
    first = said.clauses[0] if said.clauses else said.whole
    if not first.has("pool") or said.whole.has(WEIGHTED, "if"):
        return False
    return any(
        each.has(LEARNED) and each.has("weight", "parameter") and not each.has(NONE)
        for each in said.clauses[1:]
        if not each.has(PLAIN_LAYERS)
    )


def _layer(words: Words) -> int | None:
    """Where a layer without parameters is named; an activation may be a value."""
    values = wordset("activation activations")
    for at in words.at(PLAIN_LAYERS):
        named = words.part(at + 1, at + 2).has("function", "functions", "layer")
        if named or not words.terms[at].means(values):
            return at
    return None


def _counted(words: Words) -> bool:
    """ "Max pooling has nothing to learn, that is 3 parameters"."""
    nothing = words.before(NONE, LEARNED, 3) and words.has(PLAIN_LAYERS)
    return nothing and not words.has(WEIGHTED) and any(each.count for each in _counts(words))


def _counts(words: Words) -> list[Term]:
    """The words right before parameters, where their number would stand."""
    return [each for at in words.at(PARAMETERS) for each in words.terms[max(0, at - 2) : at]]


def _subject(words: Words, layer: int, place: int) -> bool:
    """Whether it is the layer that has parameters or none."""
    if words.part(0, max(layer, place)).has(WEIGHTED) or words.part(layer - 2, layer).has(
        AWAY - wordset("without")
    ):
        return False
    if layer < place:
        return not words.part(layer - 3, layer).has("without", "of")
    led = words.part(max(place, layer - 4), layer)
    return led.has("in", "for", "to", "from", "of", "with") or words.has("neither")


def _owning(words: Words, layer: int, place: int) -> bool | None:
    first, last = min(layer, place), max(layer, place)
    span = words.part(max(0, first - 6), last + 4)
    none = [at for at in span.at(NONE) if not span.part(at + 1, at + 3).has("pad", "bias")]
    if none and not words.part(place, place + 4).has("for", "of"):
        return not any(each.count > 1 for each in _counts(span)) or span.has("zero")
    if none:
        return True
    if not words.part(first, last).has(HAVING) and not words.has(HAVING):
        return None
    if span.has(forms("reduce cut lower save shrink decrease")):
        return None
    counted = max((each.count for each in words.part(place - 4, place).terms), default=0)
    learned = words.has(LEARNED)
    weights = words.has("weight") and words.has(PARAMETERS)
    if (
        counted >= MANY
        or learned
        or (weights and (counted or words.has("few", "some", "many", "own", "have")))
    ):
        return False
    return False if words.before(wordset("many"), PARAMETERS, 2) and words.has("have") else None


def norms_learn(said: Spoken) -> bool | None:
    """A norm or an embedding has parameters."""
    for words in said.clauses:
        if not words.has(NORMS) or words.has("bias", "affine", "if"):
            continue
        if words.has("conv", "fc", "pool") or not words.has(PARAMETERS | wordset("learn train")):
            continue
        place = words.at(PARAMETERS | wordset("learn train"))[0]
        norm = words.at(NORMS)[0]
        if norm < place and words.part(norm, place).has(NEGATIONS) and words.has(LEARNED):
            return False
    return None


def pool_keeps_channels(said: Spoken) -> bool | None:
    """Pooling keeps the number of channels."""
    for words in said.each():
        if not _of_pool(words) or not words.has(CHANNELS) or words.has("→", "while"):
            continue
        if words.before(wordset("over across along"), CHANNELS, 2):
            continue
        alone = words.has("separately", "independently", "individually")
        alone = alone or words.before(wordset("by"), wordset("itself"), 1)
        if alone or words.before(wordset("per"), CHANNELS, 1):
            return not words.has(NEGATIONS)
        nouns = CHANNELS | (wordset("maps fmap") if words.has("number") else frozenset())
        found = kept(words, nouns, by=wordset("pool it this they that"))
        if found is not None and not (words.has(HEIGHTS) and words.has("not", "but", "only")):
            return found
        if found is not None and words is said.whole and words.has(HEIGHTS):
            return _after(words)
    return None


def _after(words: Words) -> bool | None:
    """ "Pooling shrinks height and width, not the channels"."""
    channels = words.at(CHANNELS)[0]
    return True if words.part(channels - 5, channels).has("not") else None


def _of_pool(words: Words) -> bool:
    return words.has("pool") and not words.has(
        "conv", "1x1", "global", "if", "branch", "branches", "module", "same", "than"
    )


def pool_halves(said: Spoken) -> bool | None:
    """Pooling with a window and a stride of two halves height and width."""
    words = said.whole
    if not _of_pool(words) or not words.has(HEIGHTS) or words.has("channel", "pad"):
        return None
    windows = [each.piece.size for each in words.terms if each.piece.size]
    marked = (
        words.terms[at].piece.word == "" and words.part(at + 1, at + 2).has("=")
        for at in words.at(wordset("s"))
    )
    two = (any(marked) and any(each.count == 2 for each in words.terms)) or any(
        each.count == 2 for at in words.at(wordset("stride")) for each in words.terms[at : at + 3]
    )
    if any(each != (2, 2) for each in windows) or not (windows or two):
        return None
    if strided(words) and not two:
        return None
    if words.has("half", "halve", "halves", "halved", "halving"):
        return not words.has(NEGATIONS)
    if words.has("quarter", "third", "quarters", "thirds"):
        return None
    found = kept(words, HEIGHTS | wordset("size"), growing=False)
    if found is None and words.relates(RISING, HEIGHTS):
        return False
    if found is None:
        return None
    return not found if found or not words.has(FALLING) else True


def dropout_off(said: Spoken) -> bool | None:
    """Dropout drops in training only."""
    for words in said.each():
        if words.has("dropout") and not words.has("if", "parameter", "weight", "monte", "mc"):
            rest = Words(
                tuple(each for each in words.terms if not each.means(wordset("dropout dropped")))
            )
            active = rest.has(forms("drop zero remove")) or rest.has("unit", "half")
            active = active and not rest.has(NEGATIONS)
            if (
                active
                and rest.has("test", "inference", "evaluation", "evaluating")
                and not rest.has("only")
            ):
                return False
            found = trained_only(rest)
            if found is not None:
                return found
    return None
