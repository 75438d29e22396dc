"""What sentences say of positions: corners that few windows cover, fields that grow fast or slowly."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import PARAMETERS
from generator.claims.sayings.opposites import agreed, opposite, owns
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

# ------------------------------------------------------------------ corners

EDGES = wordset(
    "corner corners edge edges border borders boundary boundaries rim margin margins outermost"
)
MIDDLE = wordset("middle centre center central interior inner inside centres centers")
COVERED = forms(
    "cover use touch see visit count contribute hit overlap look influence enter appear"
) | wordset("used seen takes positions position outputs output windows")
FEWER = wordset("fewer less rarely seldom least once")
MORE = wordset("more often most")
ALIKE = wordset("equally just as")


def corners(said: Spoken) -> bool | None:
    """A pixel in a corner is under fewer positions of the window than one in the middle."""
    words = said.whole
    edges, middle = words.at(EDGES), words.at(MIDDLE)
    if not edges or not words.has(COVERED) or words.has("if", "with", "same"):
        return None
    if not words.has("pixel", "pixels", "corner", "corners", "information", "values", "edges"):
        return None
    fewer = words.at(FEWER) or [
        at for at in words.at(wordset("one")) if words.part(at - 1, at).has("only", "just")
    ]
    more = [at for at in words.at(MORE) if not words.part(at - 2, at).has(FEWER) or not fewer]
    alike = words.at(wordset("equally often many much"))
    if middle and alike and words.part(alike[0] - 1, alike[0] + 1).has(ALIKE):
        return words.denied(0, alike[0])
    if not middle:
        every = words.before(wordset("by"), wordset("all"), 1) and not words.has("not")
        few = fewer and edges[0] < fewer[0] and not words.has("than", "not", "never")
        return True if few else False if every else None
    signs = fewer or more
    if not signs:
        return None
    first = min(edges[0], middle[0])
    told = bool(fewer) is (first == edges[0])
    return told is not words.denied(first, signs[0])


# ------------------------------------------------------------------ how fast fields grow

STRIDING = wordset("stride strides striding downsample downsamples downsampling pool pools subsample subsampling "
                   "strided")  # fmt: skip
EARLY = wordset("sooner earlier early beginning first start")
LATE = wordset("later late end")
FAST = wordset(
    "faster quicker quickly fast rapidly steeper more larger bigger wider enlarges widens boosts"
) | forms("accelerate speed enlarge widen boost")
SLOW = wordset("slower slowly slow fewer smaller slows narrower shrinks less") | forms(
    "slow shrink delay"
)
GROWING = forms("grow growth increase enlarge widen shrink add") | wordset(
    "growth grows faster larger smaller slower"
)
UNMOVED = forms("influence affect effect change matter") | wordset("influence effect")


def early_growth(said: Spoken) -> bool | None:
    """Behind a stride or a pool, every layer adds more to the receptive field."""
    words = said.whole
    if not words.has("rf") or not words.has(STRIDING) or not words.has(GROWING):
        return None
    if words.has("if", "dilation") or any(each.count > 3 for each in words.terms):
        return None
    if words.has(UNMOVED) and not words.has(EARLY, LATE):
        return None if not words.has("fast", "growth", "grows") else not words.has(NEGATIONS)
    behind = words.has("after", "behind") and words.has("each", "every", "further")
    when = next((at for at in range(len(words.terms)) if words.terms[at].means(EARLY | LATE)), None)
    if when is None and not behind:
        return None
    early = behind if when is None else words.terms[when].means(EARLY)
    rest = Words(tuple(
        each for at, each in enumerate(words.terms)
        if at != when and not words.part(at - 1, at).has("more") and not each.means(STRIDING)
    ))  # fmt: skip
    speed = _speed(rest)
    return None if speed is None else speed is early


def _speed(words: Words) -> bool | None:
    """Whether a field is said to grow fast; "more slowly" is slowly, "faster than pooling early" once."""
    ends = words.at(wordset("than"))
    span = words.part(0, ends[0]) if ends else words
    return agreed(iter([opposite(span, FAST, SLOW)]))


def dilation_free(said: Spoken) -> bool | None:
    """Dilation widens the receptive field without more weights."""
    words = said.whole
    if (
        not words.has("dilation")
        or not words.has("rf", "view", "field", "context")
        or not words.has(PARAMETERS)
    ):
        return None
    if words.has("if") or words.has("same"):
        return True if words.has("same") and not words.has(NEGATIONS, "if") else None
    found = owns(words)
    return None if found is None else not found
