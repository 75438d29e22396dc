"""What sentences say of how filters are laid on a map: flipped or not, with which zeros, with which biases."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import EACH, FILTERS
from generator.claims.sayings.opposites import agreed
from generator.claims.sayings.sizes import kept
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

# ------------------------------------------------------------------ convolution and cross-correlation

FLIPPING = forms("flip mirror rotate reverse") | wordset("flips mirroring rotation reversal")
SKIPPING = forms("skip omit drop avoid ignore leave") | wordset("shortcut skips") | NEGATIONS
CORRELATION = wordset("correlation cross-correlation crosscorrelation correlations")
MATHEMATICS = wordset(
    "mathematics maths math mathematical mathematically mathematicians true textbook textbooks signal proper real"
)
LEARNING = wordset("learning pytorch torch tensorflow keras framework frameworks library libraries conv2d nn.conv2d "
                   "cnn cnns network networks layer dl nn")  # fmt: skip


def correlated(said: Spoken) -> bool | None:
    """The convolution of deep learning is a cross-correlation: it does not flip its filter."""
    whole = said.whole
    if not whole.has("conv", "conv2d", "convolve", *CORRELATION) or whole.has("augmentation", "if"):
        return None
    learning = whole.has(LEARNING, CORRELATION)
    return agreed(_correlated(words, learning=learning) for words in said.clauses)


def _correlated(words: Words, *, learning: bool) -> bool | None:
    flips = words.at(FLIPPING) if words.has(FILTERS) else []
    textbook = words.has(MATHEMATICS) and not words.has(LEARNING)
    if flips:
        denied = words.part(flips[0] - 4, flips[0]).has(SKIPPING)
        if textbook:
            return None if denied else True
        return denied if learning and (denied or words.has(LEARNING)) else None
    names = words.at(CORRELATION)
    if names and words.has("conv", "conv2d") and words.has(LEARNING) and words.has("be", "call"):
        return not words.denied(names[0] - 4, names[0])
    return None


# ------------------------------------------------------------------ what valid and same mean

ADDED = forms("add") | wordset("enough pads padded with")


def valid_means(said: Spoken) -> bool | None:
    """ "Valid" convolutions have no padding, "same" ones have as much as keeps the size."""
    words = said.whole
    if not words.has("valid") or not words.has("pad", "p", "zeros") or words.has("if"):
        return _same_means(words)
    return _of_valid(said)


def _of_valid(said: Spoken) -> bool | None:
    """What the clause that "valid" is the subject of says of zeros; a label's is the one after it."""
    for nth, clause in enumerate(said.clauses):
        places = clause.at(wordset("valid"))
        if not places or places[0] > 1:
            continue
        brief = len(clause.terms) < 3 and nth + 1 < len(said.clauses)
        rest = said.clauses[nth + 1] if brief else clause.part(places[0] + 1, len(clause.terms))
        return None if rest.has(CONTRASTS) else _padded(rest)
    return None


CONTRASTS = wordset("versus vs same instead not or we unlike mode")


def _same_means(words: Words) -> bool | None:
    if not words.has("same") or words.at(wordset("same"))[0] > 1:
        return None
    first = words.at(wordset("same"))[0] + 1
    named = words.part(first, first + 2).has("means", "pad", "conv", "=", ":", "be")
    return False if named and _padded(words.part(first, first + 7)) is True else None


def _padded(words: Words) -> bool | None:
    """Whether a padding of nothing is spoken of, or (``False``) zeros that are added."""
    for at in words.at(wordset("p pad")):
        equal = words.part(at + 1, at + 3).has("=", ":", "be", "of")
        stated = next((e for e in words.terms[at + 1 : at + 4] if e.piece.quantity), None)
        if equal and stated is not None:
            return stated.means(wordset("zero"))
        lacking = wordset("no without any")
        if words.part(at - 2, at).has(lacking) and not words.part(at - 1, at).has("symmetric"):
            return True
        if words.part(at + 1, at + 2).has("nothing") and words.terms[at].piece.word == "pads":
            return True
    zeros = words.at(wordset("zeros"))
    if zeros and words.part(0, zeros[0]).has(ADDED):
        return words.denied(0, zeros[0])
    return None


# ------------------------------------------------------------------ even filters

ONE_SIDED = wordset("asymmetric asymmetrically uneven unevenly extra left right same transposed pool if unless "
                    "depthwise downsample half halves odd more rare")  # fmt: skip
BOTH = wordset("side sides symmetric symmetrically p")
OBJECTS = wordset("size map resolution height width dimension")


def even_filters(said: Spoken) -> bool | None:
    """At stride 1 no symmetric padding keeps the size of a map under an even filter."""
    words = said.whole
    if words.has(ONE_SIDED - {"same"}) or not words.has("filter", "filters") or not _even(words):
        return None
    after = (words.terms[at + 1 : at + 4] for at in words.at(wordset("stride s")))
    strides = [next((e.count for e in each if e.count), 2) for each in after]
    if any(each > 1 for each in strides) or not (words.has("even") or 1 in strides):
        return None
    if not words.has(BOTH, "pad") or words.before(wordset("one"), wordset("side"), 1):
        return None
    rest = Words(tuple(e for e in words.terms if not e.means(wordset("same"))))
    found = kept(rest, OBJECTS)
    both = words.has("symmetric", "p") or words.before(EACH | {"both"}, wordset("side sides"), 1)
    return None if found is None or (found and not both) else not found


def _even(words: Words) -> bool:
    """Whether a filter is said to be even, or has even sides."""
    sides = {each.piece.size for each in words.terms if len(each.piece.size) == 2}
    if any(each[0] != each[1] or each[0] % 2 for each in sides) or len(sides) > 1:
        return False
    near = wordset("filter filters sized size sizes")
    return bool(sides) or any(words.part(at, at + 3).has(near) for at in words.at(wordset("even")))


# ------------------------------------------------------------------ biases

OWNERS = wordset("filter filters")
WRONG_OWNERS = wordset("weight position positions pixel pixels location locations")
HAVING = wordset("have give has gets own one a need carries")
MANY = wordset("many")


def bias_each(said: Spoken) -> bool | None:
    """A convolution has one bias for each of its filters."""
    if not said.whole.has("bias", "b^l", "b") or said.whole.has(
        "if", "unit", "fc", "gate", "gates", "lstm", "bn"
    ):
        return None
    found = [told for words in said.clauses if (told := _bias(words, said.whole)) is not None]
    return all(found) if found else None


def _bias(words: Words, whole: Words) -> bool | None:
    """Whose bias a clause speaks of; ``b^{[l]}`` are all biases of a layer."""
    letters = words.at(wordset("b^l b"))
    biases = words.at(wordset("bias")) or (letters if words.has("number", "value", "entry") else [])
    if not biases:
        return (
            _how_many(words) if whole.terms and whole.terms[0].means(wordset("b^l bias")) else None
        )
    if words.has("share", "shares", "shared") and words.before(wordset("all"), OWNERS, 2):
        return words.denied(0, biases[0])
    for at in words.at(EACH - {"any", "all"}):
        near = words.part(at + 1, at + 3)
        behind = 0 <= at - biases[-1] <= 2 or (bool(letters) and at > biases[0])
        ahead = at < biases[0] and not words.part(at, biases[0]).has("weight", "and", "number")
        if behind or (ahead and words.part(at, biases[0]).has(HAVING)):
            return _owner(near, denied=words.denied(0, max(at, biases[0])))
    for at in words.at(MANY):
        tail = words.part(at + 1, at + 6)
        if words.part(at - 1, at).has("as") and tail.has("as") and tail.has("bias"):
            return _owner(tail, denied=words.denied(0, at))
    return None


def _owner(words: Words, *, denied: bool) -> bool | None:
    """Whether what is said to have a bias of its own is a filter."""
    if words.has(WRONG_OWNERS) or (words.has("input") and words.has("channel")):
        return denied
    if words.has(OWNERS) or (words.has("output") and words.has("channel")):
        return not denied
    return None


def _how_many(words: Words) -> bool | None:
    """ "I.e. n_C^{[l]} of them": as many as this layer's channels, not as the layer's before it."""
    names = {name for each in words.terms for name in each.spellings if name.startswith("n_c^")}
    if len(names) != 1 or not words.has("them", "number", "many"):
        return None
    return names == {"n_c^l"}
