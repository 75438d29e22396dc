"""What sentences say of fully connected layers and the image's size, mostly against convolutions."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import PARAMETERS, STAYING
from generator.claims.sayings.convolutions import GROWTH, image_sizes, of_size
from generator.claims.sayings.opposites import opposite
from generator.claims.wording import NEGATIONS, Spoken, Words

DENSE = wordset("fc mlp")
CONVS = wordset("conv convs filter filters")
OTHERWISE = wordset(
    "global average embedding attention lstm if would flatten flattened hidden unit"
)
ELLIPTIC = wordset("does do be not doesn don isn aren so")
BRIEF = 9  # words of a clause that goes on with the verb of the one before


def dense_sized(said: Spoken) -> bool | None:
    """A fully connected layer's weights depend on the size of its image, a convolution's do not."""
    whole = said.whole
    if not whole.has(DENSE) or not whole.has(PARAMETERS) or whole.has(OTHERWISE):
        return None
    if not image_sizes(whole):
        return None
    told: dict[bool, bool] = {}  # of a fully connected layer, of a convolution: free of the size
    before: tuple[bool, bool] | None = None
    for words in said.clauses:
        if words.has(DENSE) == words.has(CONVS) and words.has(PARAMETERS | DENSE):
            continue  # of both, or of none
        free = _free(words, before)
        if free is None:
            continue
        before = free, _odd(words)
        if words.has(DENSE | CONVS):
            told[words.has(DENSE)] = free
    if True not in told:
        return None
    return not told[True] and told.get(False, True)


def _free(words: Words, before: tuple[bool, bool] | None) -> bool | None:
    """Whether a clause says that weights are free of the size, by itself or after the one before."""
    sized = image_sizes(words)
    if words.has(PARAMETERS) and sized:
        return of_size(words, sized, joined=False)
    if before is None and sized:
        return None
    found = opposite(words, STAYING, GROWTH)
    if found is None and before is not None and words.has(ELLIPTIC) and len(words.terms) < BRIEF:
        free, odd = before
        return free if _odd(words) == odd else not free
    return found


def _odd(words: Words) -> bool:
    return len(words.at(NEGATIONS)) % 2 == 1
