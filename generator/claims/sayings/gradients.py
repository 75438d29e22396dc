"""What sentences say of the way back through pooling: which inputs of a window the gradient goes to, and what
training does not change."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from generator.claims.lexicon import wordset
from generator.claims.wording import Spoken, Words, forms

GRADIENT = wordset(
    "gradient gradients error backward backprop backpropagation backpropagates delta signal"
)
MAXIMUM = wordset("max max-pool maxpool max-pooling maxpooling max-pools maxpools")
AVERAGE = wordset(
    "average avg mean average-pool avgpool average-pooling avg-pooling mean-pooling avg-pool"
)
LARGEST = wordset("maximum largest winner biggest highest argmax winning strongest")
EVENLY = wordset("evenly equally uniformly") | forms("spread distribute share divide split")
ONLY = wordset("only just solely exclusively single alone")
PLACES = wordset("input inputs position positions value values entry entries pixel pixels element elements each "
                 "cell cells of one unit")  # fmt: skip
PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "sixth": Fraction(1, 6),
         "eighth": Fraction(1, 8), "ninth": Fraction(1, 9), "sixteenth": Fraction(1, 16)}  # fmt: skip


def max_routes(said: Spoken) -> bool | None:
    """Max pooling passes the gradient to the largest input of a window only."""
    for words, pool in _pools(said):
        if pool != "max" or not words.has("pool"):
            continue
        spread = words.at(EVENLY) or words.at(wordset("all every"))
        if spread and words.has("window", "inputs", "input", *EVENLY):
            return words.denied(spread[0] - 4, spread[0])
        numbers = [each.count for each in words.terms if each.count and not each.piece.size]
        few = words.has(ONLY)
        if few and numbers and words.has(PLACES):
            return numbers[0] == 1
        if words.has(LARGEST) and (few or words.has("to", "the")):
            at = words.at(LARGEST)[0]
            return not words.denied(at - 6, at)
    return None


def average_spreads(said: Spoken) -> bool | None:
    """Average pooling gives each input of a window the same part of the gradient."""
    sizes = {each.piece.size for each in said.whole.terms if len(each.piece.size) == 2}
    for words, pool in _pools(said):
        if pool != "average" or not words.has("pool"):
            continue
        part = next((PARTS[each] for each in PARTS if words.has(each)), None)
        if part is not None and len(sizes) == 1:
            return part == Fraction(1, prod(sizes.pop()))
        even = words.at(EVENLY)
        if even:
            return not words.denied(even[0] - 4, even[0])
        if words.has(LARGEST) and words.has(ONLY):
            at = words.at(LARGEST)[0]
            return words.denied(at - 6, at)
    return None


def _pools(said: Spoken) -> Iterator[tuple[Words, str]]:
    """The clauses that say of one sort of pooling where the gradient goes."""
    if not said.whole.has(GRADIENT) or said.whole.has("if", "unpooling", "global", "conv"):
        return
    for words in said.clauses:
        maximum, average = words.has(MAXIMUM), words.has(AVERAGE)
        if maximum != average:
            yield words, "max" if maximum else "average"


STATISTICS = wordset("statistics running buffers")
LEARNT = wordset("trained learned learnt optimised optimized trainable learnable learns parameter")


BY_GRADIENTS = wordset("descent sgd adam optimizer optimiser trainable learnable parameter")


def statistics_untrained(said: Spoken) -> bool | None:
    """The running statistics of a batch norm are not learnt by gradient descent."""
    for words in said.clauses:
        if not words.has("statistics") and not words.before(
            wordset("running"), wordset("mean variance averages"), 2
        ):
            continue
        learnt = [at for at in words.at(LEARNT) if at > words.at(STATISTICS)[0]]
        if learnt and not words.has("if", "γ", "β", "gamma", "beta", "besides", "during"):
            denied = words.denied(learnt[0] - 6, learnt[0])
            # "Learnt at training time" may mean averaged over its batches.
            return denied if denied or words.has(GRADIENT, BY_GRADIENTS) else None
    return None
