"""What sentences say of channels: which steps mix them, how deep filters and outputs are."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import (
    CHANNELS,
    EACH,
    FALLING,
    PARAMETERS,
    SIZES,
    STAYING,
)
from generator.claims.sayings.opposites import Told, agreed
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

# ------------------------------------------------------------------ mixing

POINTS = wordset("1x1 pointwise 1x1s 1×1s")
MIXING = forms("mix combine blend merge interact fuse recombine") | wordset(
    "sum together across combination exchange mixer mixers flow flows"
)
APART = forms("separate") | wordset(
    "itself own separately individually independently apart separate isolated isolation"
)
OTHER_STEPS = wordset("depthwise pool 3x3 5x5 standard spatial")

points_mix = Told(POINTS, MIXING, APART, others=OTHER_STEPS, about=(CHANNELS,),
                  never=wordset("separable branch branches module shortcut"))  # fmt: skip
depthwise_apart = Told(wordset("depthwise"), APART, MIXING | wordset("once"),
                       others=POINTS | wordset("standard separable pool"), about=(CHANNELS,),
                       never=wordset("followed"))  # fmt: skip


def one_filter_a_channel(said: Spoken) -> bool | None:
    """A depthwise convolution has one filter for each channel, which sees no other."""
    words = said.whole
    every = words.before(EACH, wordset("filter"), 2) and words.before(wordset("all"), CHANNELS, 2)
    if words.has("depthwise") and every and not words.has("not"):
        return False
    if (found := depthwise_apart(said)) is not None:
        return found
    if not words.has("depthwise") or not words.has("channel") or words.has(NEGATIONS, *POINTS):
        return None
    return words.before(wordset("one each single"), wordset("filter"), 3) or None


MULTIPLIER = wordset("multiplier")
NOT_AFFECTING = wordset("same unchanged untouched alone constant") | forms("keep")

thinner_is_lighter = Told(MULTIPLIER, FALLING | forms("change affect"), NOT_AFFECTING,
                          about=(wordset("width"), PARAMETERS),
                          never=wordset("resolution ρ rho image than linear linearly proportional "
                                        "proportionally cubic cubically"))  # fmt: skip


# ------------------------------------------------------------------ depth

DEEP = wordset("deep depth channel slices thick")
AS_MANY = STAYING | wordset(
    "as equals equal = spans covers span cover extends reaches goes through"
)
ENTIRE = wordset("full whole entire all complete")
GIVING = forms(
    "set determine decide fix define equal give produce make control dictate govern match"
) | wordset("as same = be")
NOT_PLAIN = wordset("depthwise separable group groups grouped residual shortcut bottleneck pool if block "
                    "stride classes branch branches")  # fmt: skip


def filter_depth(said: Spoken) -> bool | None:
    """A filter is as deep as its input."""
    if said.whole.has(NOT_PLAIN) or _sized(said.whole):
        return None
    return agreed(_depth(words) for words in said.clauses)


def _depth(words: Words) -> bool | None:
    kinds = words.at(wordset("filter filters"))
    if not kinds or _numbered(words) or not words.has(DEEP):
        return None
    rest = words.part(kinds[0] + 1, len(words.terms))
    relations = rest.at(AS_MANY)
    if not relations:
        return None
    ends = [at for at in rest.at(wordset("input output previous")) if at > relations[0]]
    if not ends:
        return None
    partly = rest.has("half", "part", "only")
    if not partly and not rest.has(ENTIRE, STAYING, "as", "equals", "equal", "=", "match"):
        return None
    told = rest.terms[ends[0]].means(wordset("input previous")) and not partly
    return told is not words.denied(0, kinds[0] + ends[0])


def output_depth(said: Spoken) -> bool | None:
    """There is one output channel for each filter."""
    if said.whole.has(NOT_PLAIN) or _sized(said.whole) or not said.whole.has("filters"):
        return None
    whole = said.whole
    if whole.has("regardless") and whole.has("output") and whole.has(DEEP):
        return False
    return agreed(_outputs(words) for words in said.clauses)


def _outputs(words: Words) -> bool | None:
    outputs = [
        at for at in words.at(wordset("output volume comes"))
        if words.part(at - 5, at + 6).has(DEEP)
    ]  # fmt: skip
    inputs = [at for at in words.at(wordset("input")) if words.part(at - 4, at + 4).has(DEEP)]
    effect = words.has(forms("effect influence")) and words.has(NEGATIONS)
    if _numbered(words) and words.has(GIVING) | effect and bool(outputs) != bool(inputs):
        return bool(outputs) is not words.denied(0, len(words.terms))
    if outputs and words.has("as", "same"):
        last = max((*words.at(wordset("filters")), *(each for each in inputs)), default=0)
        if last > outputs[0]:
            told = words.terms[last].means(wordset("filters"))
            return told is not words.denied(0, len(words.terms))
    return None


def _numbered(words: Words) -> bool:
    """Whether it is the number of filters that is spoken of."""
    many = wordset("number many count")
    return words.before(many, wordset("filters"), 3)


def _sized(words: Words) -> bool:
    """Whether numbers or a map's height and width are spoken of, too."""
    return words.has(SIZES - wordset("shape")) or any(
        each.count > 1 or each.piece.size for each in words.terms
    )
