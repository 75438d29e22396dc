"""What sentences say of 1×1 and of separable convolutions: sizes, channels, cost."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import (
    CHANGING,
    CHANNELS,
    COSTS,
    DEARER,
    FALLING,
    HEIGHTS,
    RISING,
    SAVING,
)
from generator.claims.sayings.convolutions import SEEING
from generator.claims.sayings.sizes import KEPT, kept, strided
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

POINTS = wordset("1x1 pointwise 1x1s 1×1s")
COMPARED = wordset("narrower smaller larger wider bigger")


def _of_points(words: Words) -> bool:
    """Whether nothing but 1×1 convolutions is the subject."""
    if not words.has(POINTS) or words.has("pool", "depthwise", "if") or strided(words):
        return False
    windows = (each.piece.size for each in words.terms if len(each.piece.size) == 2)
    return all(each == (1, 1) for each in windows)


def point_keeps_size(said: Spoken) -> bool | None:
    """A 1×1 convolution keeps height and width."""
    apart = [each for each in said.clauses if each.has(HEIGHTS) and not each.has(CHANNELS)]
    for words in (*apart, said.whole) if _of_points(said.whole) else ():
        maps = wordset("map fmap image") if words.has(COMPARED) else frozenset[str]()
        sides = HEIGHTS if words.has("height", "spatial", "h", "n_h") else HEIGHTS - {"width"}
        nouns = sides | wordset("size") | maps  # a width alone is one of channels
        if (found := kept(words, nouns, by=POINTS)) is not None:
            return found
    return None


def point_changes_channels(said: Spoken) -> bool | None:
    """A 1×1 convolution gives as many channels as one wants."""
    if not _of_points(said.whole):
        return None
    told = (each for each in said.clauses if each.has(CHANNELS) or not each.has(HEIGHTS))
    words = Words(tuple(term for each in told for term in each.terms))
    if any(each.count > 1 for each in words.terms):
        return None  # "from 256 channels to 64": a layer of its own
    if not words.near(CHANGING | FALLING | RISING | KEPT, CHANNELS, 6) or words.has(
        forms("mix combine")
    ):
        return None
    keeps = kept(words, CHANNELS)
    if keeps is None or (keeps and words.has("this", "these", "here", "our")):
        return None
    return not keeps


def point_sees_one(said: Spoken) -> bool | None:
    """A 1×1 convolution sees one position at a time."""
    words = said.whole
    if not _of_points(words):
        return None
    around = wordset(
        "neighbouring neighboring neighbours neighbors neighbourhood neighborhood surrounding"
    )
    if words.has(around):
        found = words.relates(SEEING, around)
        return None if found is None else not found
    if words.has("rf"):
        if (found := kept(words, wordset("rf"), by=POINTS)) is not None:
            return found
        if words.has("contribute", "contributes", "add", "adds"):
            return words.has(NEGATIONS) or None
        wider = words.relates(RISING | CHANGING, wordset("rf"))
        return None if wider is None else not wider
    one = words.before(wordset("one single each"), wordset("position pixel location"), 2)
    return True if one and words.has(SEEING) and not words.has(NEGATIONS) else None


def cheaper(said: Spoken) -> bool | None:
    """1×1 convolutions before larger ones cut the cost."""
    for words in said.each():
        if words.has("depthwise", "separable", "than", "morethan", "lessthan", "if"):
            continue
        subject = said.whole.has("bottleneck", *POINTS) or (
            words.has("this", "which", "it", "that") and not any(e.count for e in said.whole.terms)
        )
        costs = words.has(COSTS)
        if not subject or not costs:
            continue
        if words.has("cheaper", "cheap"):
            return not words.has(NEGATIONS)
        for change, holds in ((SAVING, True), (DEARER, False)):
            found = words.relates(change, COSTS)
            dearer = said.whole.has(POINTS) and not words.before(
                wordset("number"), wordset("filters"), 3
            )
            if found is not None and (holds or dearer):
                return found is holds
    return None


def cheaper_separable(said: Spoken) -> bool | None:
    """Separable convolutions cut the cost."""
    words = said.whole
    if not words.has("separable") or words.has("pool", "if"):
        return None
    if words.has("cheaper"):
        return not words.has(NEGATIONS)
    return words.relates(SAVING, COSTS)
