"""Where a sentence goes on to a layer that differs in one thing from the one before it: "with 64 channels
576", "five have 135", "576 for 64 channels".

Such a layer has a count of its own. A quality that stands in front of its count begins the layer, one
that stands behind it belongs to the count in its clause, unless that is the sentence's first.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.claims.described.senses import Mention, Sense
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence, Sort

COUNTS = (Sense.PARAMETERS, Sense.WEIGHTS, Sense.PRODUCTS, Sense.FLOPS)
PARTING = wordset(", ; ( ) and or but while whereas : →")
PLAIN = wordset("standard normal ordinary regular usual full ungrouped plain dense conventional")
ORDERS = wordset("next second third other last following")
LEAST = 10  # a number without a noun that may be a count


def further(
    sentence: Sentence, found: Mapping[int, Mention], first: int, mention: Mention
) -> int | None:
    """Give the place of a further layer that a number is said of; ``None`` if it is the layer's own that
    begins at ``first``. ``found`` are the numbers of the sentence by their place."""
    earlier = [at for at in found if first <= at < mention.index and _countable(found[at])]
    if not earlier or not _counted(found, 0, mention.index):
        return None
    start, end = _clause(sentence, mention.index)
    here = [at for at in range(start, end) if at in found and _countable(found[at])]
    if any(at > mention.index for at in here):
        return mention.index
    behind = [at for at in here if at < mention.index]
    if behind and any(at < behind[0] for at in earlier):
        return behind[-1] - 1
    return None


def plain_again(sentence: Sentence, found: Mapping[int, Mention], first: int, at: int) -> bool:
    """Whether a word speaks of the usual layer in place of the one that begins at ``first``: "a depthwise
    layer needs 576 weights, a standard one 36,864"."""
    since = any(first <= k < at and _countable(found[k]) for k in found)
    return sentence.pieces[at].gist in PLAIN and since and _counted(found, 0, at)


def next_one(
    sentence: Sentence, found: Mapping[int, Mention], first: int, mention: Mention
) -> bool:
    """Whether a numeral stands for a layer of the same kind: "the next one 16.8M"."""
    before = sentence.pieces[mention.index - 1].gist if mention.index else ""
    numeral = mention.piece.numeral and mention.values == (1,) and before in ORDERS
    return numeral and _counted(found, first, mention.index)


def _counted(found: Mapping[int, Mention], first: int, last: int) -> bool:
    """Whether a count with its noun stands between two places."""
    return any(first <= at < last and found[at].sense in COUNTS for at in found)


def _clause(sentence: Sentence, at: int) -> tuple[int, int]:
    pieces = sentence.pieces
    start = next((k + 1 for k in range(at - 1, -1, -1) if pieces[k].gist in PARTING), 0)
    end = next((k for k in range(at + 1, len(pieces)) if pieces[k].gist in PARTING), len(pieces))
    return start, end


def _countable(mention: Mention) -> bool:
    piece = mention.piece
    if mention.sense in COUNTS:
        return True
    bare = mention.sense is Sense.OTHER and piece.sort is Sort.NUMBER and not piece.numeral
    return bare and piece.quantity is not None and piece.quantity.value >= LEAST
