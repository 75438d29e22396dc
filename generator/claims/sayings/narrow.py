"""What sentences say of blocks' widths and shortcuts: where a bottleneck is thin, what a shortcut costs,
which layers shrink the maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import CHANNELS, FALLING, HEIGHTS, RISING, STAYING
from generator.claims.sayings.opposites import Told, agreed, opposite, owns
from generator.claims.wording import Spoken, Words, forms

# ------------------------------------------------------------------ thin and wide

THIN = wordset("thin narrow reduced small thinner narrower squeezed compressed few fewer low")
WIDE = wordset("wide thick expanded full wider thicker large fat many widened")
MIDDLE = wordset("3x3 3×3s middle inside depthwise inner")
ENDS = wordset("shortcut ends end skips outside") | forms("skip")
OUTER = wordset("1x1 1x1s 1×1s pointwise")
BLOCKS = wordset("bottleneck bottlenecks block residual shortcut skips inverted 1x1 1x1s 1×1s")


def thin_middle(said: Spoken) -> bool | None:
    """The middle of a bottleneck is its narrow part, so that the shortcut joins wide ends."""
    words = said.whole
    if not words.has(BLOCKS) or words.has(
        "if", "would", "separable", "million", "network", "networks"
    ):
        return None
    return agreed(each for clause in said.clauses for each in _widths(said, clause))


def _widths(said: Spoken, words: Words) -> Iterator[bool | None]:
    joins = words.has(ENDS - wordset("end")) and words.has(
        forms("join connect link run go add") | wordset("between sits lies goes")
    )
    if joins:
        widths = opposite(words, THIN | {"bottlenecks"}, WIDE)
        yield None if widths is None else not widths
        yield _joined_by_number(said, words)
        return
    width = words.has(CHANNELS, "depth", "width", "volume") and not words.has("stride")
    if words.has("first") and words.has(OUTER) and width and not words.has(MIDDLE):
        ends = words.at(wordset("last and"))
        yield opposite(words.part(0, ends[0]) if ends else words, FALLING, RISING)
        return
    runs = words.has(forms("run work operate act apply see sit filter")) or words.has(
        "on", "at", "be"
    )
    if words.has(MIDDLE) and runs and not _together(words):
        yield opposite(words, THIN, WIDE)
    elif words.has(OUTER) and words.has("only", "just") and words.has("on"):
        widths = opposite(words, THIN, WIDE)
        yield None if widths is None else not widths


def _together(words: Words) -> bool:
    """Whether the outer layers are spoken of before the middle ones are."""
    places, outer = words.at(MIDDLE), words.at(OUTER)
    if words.part(max(0, min(places) - 5), min(places)).has("between"):
        return True
    return bool(outer) and min(outer) < min(places)


def _joined_by_number(said: Spoken, words: Words) -> bool | None:
    """ "64 → 384 → 384 → 64, where the shortcut links the two 384-channel layers"."""
    places = said.whole.at(wordset("→"))
    if len(places) < 2:
        return None
    chain = [
        term.count
        for term in said.whole.terms[max(0, places[0] - 1) : places[-1] + 2]
        if term.count > 1
    ]
    ends = {chain[0], chain[-1]} if chain else set()
    if len(ends) != 1 or len(Counter(chain)) != 2:
        return None
    joined = {each.count for each in words.terms if each.count in chain}
    return joined == {max(chain)} if len(joined) == 1 else None


def wide_middle(said: Spoken) -> bool | None:
    """The middle of an inverted bottleneck is its wide part, so that the shortcut joins thin ends."""
    found = thin_middle(said)
    return None if found is None else not found


# ------------------------------------------------------------------ identity shortcuts

IDENTITY = wordset("identity")
SKIPS = wordset("shortcut skips") | forms("skip")


def identity_free(said: Spoken) -> bool | None:
    """An identity shortcut has no parameters."""
    whole = said.whole
    if not whole.has(IDENTITY) or not whole.has(SKIPS) or whole.has("if", "would", "zero"):
        return None
    spoken_of = whole.has("parameter", "weight", "learn")

    def told(words: Words) -> bool | None:
        if not words.has(IDENTITY) or words.has("than", "projection", "branch"):
            return None
        found = owns(words, weights=spoken_of)
        return None if found is None else not found

    return agreed(told(each) for each in said.clauses)


# ------------------------------------------------------------------ what shrinks the maps

SHRINKING = (
    FALLING | forms("downsample subsample") | wordset("shrinking downsampling reduction half")
)
KEEPING = (STAYING - {"alone", "same"}) | wordset("keeping leave leaves preserving")
CONVS = wordset("conv convs convolutions")
ONLY = Told(wordset("pool"), SHRINKING, KEEPING, others=CONVS)


def pools_shrink(said: Spoken) -> bool | None:
    """Height and width are reduced by the pools alone, and kept by the convolutions."""
    words = said.whole
    if not words.has(SHRINKING, KEEPING) or words.has(
        "if", "channel", "1x1", "valid", "padding", "global", "parameter", "twice"
    ):
        return None
    if any(
        e.count > 1 and not e.piece.numeral for e in words.terms if not e.piece.size
    ) and not words.has("left"):
        return None
    if not words.has(
        HEIGHTS, "left", "downsample", "downsamples", "downsampling", "shrinking", "size"
    ):
        return None
    strided = words.before(wordset("stride"), CONVS, 1)
    if not strided and not words.has("pool", "left", "job", "task", "done"):
        return None
    if strided and not words.has("pool"):
        if words.before(wordset("a"), wordset("stride"), 1):
            return None  # some convolution of that kind
        return opposite(words, frozenset(), SHRINKING)
    convs = Told(CONVS, KEEPING, SHRINKING, others=wordset("pool"))
    return agreed(iter([ONLY(said), convs(said)]))


OVERLAPPING = forms("overlap")
APART = wordset("non-overlapping disjoint nonoverlapping")


def overlapping(said: Spoken) -> bool | None:
    """Pooling windows are larger than their stride, so that they overlap."""
    words = said.whole
    if not words.has("pool", "windows") or words.has("if", "conv", "patch", "patches"):
        return None
    larger = words.before(
        wordset("window windows filter size"), wordset("larger bigger wider smaller"), 8
    )
    if larger and words.has("stride"):
        return opposite(words, wordset("larger bigger wider"), wordset("smaller"))
    return opposite(words, OVERLAPPING, APART)
