"""What sentences say of attention and recurrent layers: order, length, heads, causal masks."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import CHANGING, PARAMETERS, STAYING
from generator.claims.sayings.convolutions import DEPENDING, FREE, GROWTH
from generator.claims.sayings.opposites import agreed, opposite
from generator.claims.wording import NEGATIONS, Spoken, Words, forms

# ------------------------------------------------------------------ order

ORDER = wordset("order permutation permutations permute permuted shuffle shuffled shuffling reorder reordered "
                "position positions positional ordering sequence first dog")  # fmt: skip
POSITIONAL = wordset("positional position positions encodings encoding embeddings")
BLIND = wordset(
    "equivariant equivariance invariant blind ignorant indifferent agnostic insensitive bag"
) | forms("ignore disregard neglect")
NOTICING = wordset("sensitive aware know knows knowing tell tells notices notice distinguish distinguishes care cares "
                   "difference detect matters matter sees see depends depend")  # fmt: skip


def order_blind(said: Spoken) -> bool | None:
    """Without positions, self-attention gives permuted outputs for permuted inputs."""
    words = said.whole
    if not words.has("attention", "transformer") or not words.has(ORDER) or words.has("if", "mask"):
        return None
    plain = words.before(wordset("without no"), POSITIONAL, 3) or words.has(
        "alone", "itself", "plain"
    )
    if not plain:
        return None
    rest = Words(tuple(
        each for at, each in enumerate(words.terms)
        if not words.part(at, at + 4).has(POSITIONAL) or not each.means(wordset("without no position"))
    ))  # fmt: skip
    return agreed(opposite(part, BLIND, NOTICING) for part in _parts(rest))


def _parts(words: Words) -> tuple[Words, ...]:
    """A sentence up to what explains it, since a colon or "because" begins a reason."""
    ends = words.at(wordset(": because since"))
    return (words.part(0, ends[0]), words.part(ends[0] + 1, len(words.terms))) if ends else (words,)


# ------------------------------------------------------------------ recurrent layers

RECURRENT = wordset("rnn rnns recurrent lstm lstms gru grus")
LENGTH = wordset("length longer sentence sequence steps step timestep timesteps long time shorter")
SEPARATE = wordset("separate own different distinct new individual")
SHARED = wordset("same reused shared reuse reuses shares share identical")


def length_free(said: Spoken) -> bool | None:
    """The number of a recurrent layer's parameters does not depend on the sequence's length."""
    words = said.whole
    if not words.has(RECURRENT) or not words.has(LENGTH) or not words.has(PARAMETERS):
        return None
    counted = any(
        e.count > 1 for at in words.at(PARAMETERS) for e in words.terms[max(0, at - 2) : at]
    )
    if counted or words.has("if", "attention", "hidden", "memory", "unit"):
        return None
    told = (_of_length(clause) for clause in (*said.clauses, words))
    return next((each for each in told if each is not None), None)


def _of_length(words: Words) -> bool | None:
    counts, lengths = words.at(PARAMETERS), words.at(LENGTH)
    if not counts or not lengths:
        return None
    if words.has(FREE):
        return not words.before(wordset("not"), FREE, 2)
    placed = words.has("step", "steps", "timestep", "timesteps")
    if placed and words.has(SHARED | SEPARATE):
        found = opposite(words, SHARED, SEPARATE)
        none = words.before(NEGATIONS, wordset("step steps timestep timesteps time"), 3)
        return found if found is None else found is not none
    first, last = min(*counts, *lengths) - 4, max(*counts, *lengths) + 1
    if words.has(GROWTH, DEPENDING) or words.has("proportional"):
        return words.denied(max(0, first), last)
    if words.has(STAYING | CHANGING):
        return opposite(words, STAYING, CHANGING)
    return None


# ------------------------------------------------------------------ heads

HEADS = wordset("heads head")
PROJECTIONS = wordset("projection projections q k v qkv w_q w_k w_v matrices")
GREATER = wordset("more double doubles doubled twice doubling grows grow larger increases increase quadruple halves "
                  "halve half proportional")  # fmt: skip


def heads_free(said: Spoken) -> bool | None:
    """With the same width of the model, the number of heads does not change the weights."""
    words = said.whole
    if not words.has(HEADS) or not words.has(PARAMETERS) or not words.has(PROJECTIONS, "attention"):
        return None
    if words.has("if", "scores", "feed", "ffn", "embedding", "pruned"):
        return None
    ends = words.at(PARAMETERS)
    rest = Words(tuple(
        each for at, each in enumerate(words.terms)
        if not (words.part(at, at + 4).has(HEADS) and at < max(words.at(HEADS)) + 1)
        and not words.part(at - 3, at + 2).has("d_model", "dmodel", "width")
    ))  # fmt: skip
    if not ends or not rest.has(PARAMETERS):
        return None
    return opposite(rest, STAYING | FREE, GREATER | forms("change double increase"))


# ------------------------------------------------------------------ masks

EARLIER = wordset("before earlier previous past preceding left itself")
LATER = wordset("after later future following next right subsequent ahead")
LOOKING = forms("attend look see peek reach access") | wordset("sees seeing see looking")
HIDING = forms("hide mask block prevent keep stop remove forbid") | wordset(
    "hidden kept hides blocks from"
)


def causal(said: Spoken) -> bool | None:
    """With a causal mask, a token sees itself and those before it."""
    words = said.whole
    if not words.has("causal", "autoregressive") or words.has("if", "without"):
        return None
    if not words.has("token", "tokens", "positions", "position", "words", "future") or any(
        e.count > 1 for e in words.terms
    ):
        return None
    hides = words.has(HIDING - wordset("mask masked masking"))
    if not hides and not words.has(LOOKING):
        return None
    found = opposite(words, EARLIER, LATER)
    return None if found is None else found is not hides
