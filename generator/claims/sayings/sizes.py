"""What sentences say of sizes that are kept or changed, by same and by unpadded convolutions."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import (
    CHANGING,
    CHANNELS,
    FALLING,
    IMAGES,
    RISING,
    SIZES,
    STAYING,
)
from generator.claims.sayings.convolutions import LARGEST_KERNEL
from generator.claims.wording import NEGATIONS, Concept, Spoken, Words

SAME = wordset("same")
KEPT = STAYING | wordset("leave")
LEAVING = wordset("leave leaves leaving give")
STATES = wordset("same constant fixed unchanged unaffected identical alone untouched equal intact")


ASIDE = wordset("when if once where as with after so you we")


OTHER_SUBJECTS = wordset("block stage stages network decoder next following unit")


def kept(
    words: Words, nouns: Concept, *, growing: bool = True, by: Concept = frozenset()
) -> bool | None:
    """Whether something is said to keep what the nouns name, or (one of ``by``, if given) to change it."""
    changing = CHANGING | FALLING | (RISING if growing else frozenset())
    for noun in words.at(nouns):
        verb = words.verb_of(KEPT | changing, noun, objects=SIZES | CHANNELS, states=STATES)
        if verb is None:
            continue
        keeps = words.terms[verb].means(KEPT)
        if words.terms[verb].means(LEAVING) and words.part(noun + 1, noun + 5).has(changing):
            keeps = words.part(noun + 1, noun + 5).has(STATES)  # "leaves height and width halved"
        found = words.says(verb, noun) is keeps
        if found or not by or _done_by(words, by, verb):
            return found
    return None


def _done_by(words: Words, subject: Concept, verb: int) -> bool:
    """Whether a verb has a subject: "1×1 convolutions change …", "is changed by 1×1 convolutions"."""
    before = [at for at in words.at(subject) if at < verb]
    if before and not words.part(before[-1] + 1, verb).has(ASIDE, OTHER_SUBJECTS):
        return True
    agents = wordset("by with through under after behind")
    return any(words.part(at - 4, at).has(agents) for at in words.at(subject) if at > verb)


def keeps_size(said: Spoken) -> bool | None:
    """A same convolution keeps height and width."""
    several = said.whole.has("valid", "unpadded")
    for words in said.clauses if several else (said.whole,):
        found = _same(words)
        if found is not None:
            return found
    return None


def _same(words: Words) -> bool | None:
    marks = [
        at for at in words.at(SAME)
        if words.part(at + 1, at + 2).has("conv", "pad", "convolve")
        or (at < 2 and words.part(at + 1, at + 2).has(":", "=", "means"))
    ]  # fmt: skip
    if words.has("doubling", "halving", "twice", "times"):
        return None
    if words.near(SIZES, wordset("filter filters batch kernels"), 4):
        return None
    if not marks or words.has("if", "dilation", "global", "transposed", "pool") or strided(words):
        return None
    rest = Words(tuple(each for at, each in enumerate(words.terms) if at not in marks))
    nouns = SIZES | wordset("image map fmap maps input as")
    if rest.has("smaller", "larger", "bigger") and rest.has(IMAGES, "output"):
        return rest.denied(0, len(rest.terms))
    if rest.before(wordset("half third quarter"), wordset("as"), 1) and rest.has(IMAGES, "output"):
        return rest.denied(0, len(rest.terms))
    equal = rest.has("=") and rest.has("output") and rest.has("input")
    if equal or (len(rest.at(wordset("as"))) > 1 and rest.has(IMAGES)):
        return not rest.has(NEGATIONS)
    return kept(rest, nouns)


def strided(words: Words) -> bool:
    """Whether a stride larger than one is spoken of."""
    return any(
        any(each.count != 1 for each in words.terms[at + 1 : at + 3] if each.piece.quantity)
        or not any(each.piece.quantity for each in words.terms[at + 1 : at + 3])
        for at in words.at(wordset("stride"))
    )


def unpadded(said: Spoken) -> bool | None:
    """A convolution without padding makes the map smaller."""
    words = said.whole
    plain = words.has("valid", "unpadded") or words.before(NEGATIONS, wordset("pad"), 2)
    windows = [each.piece.size for each in words.terms if each.piece.size]
    if (
        not plain
        or not words.has("conv", "filter", "valid")
        or words.has("same", "pool", "transposed", "if", "even", "symmetric", "amount")
    ):
        return None
    if any(len(each) > 2 or min(each) < 2 or max(each) > LARGEST_KERNEL for each in windows):
        return None
    rest = Words(tuple(
        each for at, each in enumerate(words.terms)
        if not words.part(at + 1, at + 3).has("pad") or not each.means(NEGATIONS)
    ))  # fmt: skip
    if rest.before(wordset("as"), wordset("large big"), 1) and rest.has("output", "input"):
        return rest.denied(0, len(rest.terms))
    found = kept(rest, SIZES | wordset("image map fmap maps"))
    return None if found is None else not found
