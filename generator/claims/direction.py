"""Whether a number is of what goes into a layer or of what comes out, by the words around it."""

from __future__ import annotations

from collections.abc import Sequence

from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort

# Verbs and prepositions that say that what follows comes out, or goes in.
OUT = wordset(
    "give output → to into onto makes produces puts hands passes out down becomes ends emits expands "
    "delivers reaches returns generates outputs creates leaves ships spits yields converts leaving "
    "making producing giving emitting delivering returning"
)
IN = wordset(
    "takes take need reads gets get receives from over sees input turns brings reduces squeezes "
    "incoming accepts turn bring reduce receive eats swallows consumes expects wants fed looks applied "
    "taking reading receiving getting seeing sits runs works operates slides"
)
GIVING = wordset("hands passes delivers emits gives outputs returns feeds sends ships")
# What turns one thing into another: its object goes in.
TURNING = wordset(
    "makes make turns turn brings bring maps map takes take shrinks shrink converts transforms reduces "
    "squeezes halves compresses downsamples"
)
JOINTS = wordset("to into onto → becomes")
# What may stand between a verb and a number of its object.
OBJECT = wordset(
    "a an the its all of only about ~ ≈ some exactly whole entire full one again out on onto at just "
    "channel map maps fmap image input output volume features unit values x it measure measures"
)


def direction(sentence: Sentence, at: int) -> str:
    """Whether the words around a number say that it goes in or comes out.

    "Makes 227×227×3 into 55×55×96": what is turned into something goes in. Else the verb of which it is
    the object decides: "emits 512 maps of 28×28".
    """
    pieces = sentence.pieces
    words = [each.word.lower() or each.gist for each in pieces]
    if _incoming(words, at):
        return "takes"
    here = at - 1
    while here >= 0 and here > at - 9 and _within_object(pieces, words, here):
        here -= 1
    if here < 0:
        return ""
    word, gist = words[here], pieces[here].gist
    if word in TURNING and _turned(pieces, words, at):
        return "takes"
    if word in ("hands", "passes") or word in GIVING or word in OUT:
        return "makes"
    if word in IN:
        return "takes"
    if gist in OUT and gist != "give":
        return "makes"
    if gist == "give":
        return "takes" if word in IN else "makes"
    return "takes" if gist in IN else ""


def _within_object(pieces: Sequence[Piece], words: Sequence[str], here: int) -> bool:
    """Whether a piece is a word of a verb's object, or one of its numbers: "1024 maps of 14×14"."""
    if words[here] in TURNING | GIVING:
        return here > 0 and pieces[here - 1].sort is Sort.NUMBER  # "64 maps"
    if pieces[here].sort is Sort.NUMBER:
        return pieces[here + 1].gist in ("channel", "map", "fmap", "filters", "features", "of")
    return words[here] in OBJECT or pieces[here].gist in OBJECT


def _turned(pieces: Sequence[Piece], words: Sequence[str], at: int) -> bool:
    """Whether another number stands behind a joint: "… into 55×55×96"."""
    here = at + 1
    while here < len(words) and (words[here] in OBJECT or pieces[here].gist in OBJECT):
        here += 1
    if here >= len(words) or words[here] not in JOINTS:
        return False
    here += 1
    while here < len(words) and words[here] in OBJECT:
        here += 1
    return here < len(words) and pieces[here].sort in (Sort.NUMBER, Sort.SIZE)


def _incoming(words: Sequence[str], at: int) -> bool:
    """Whether the words after a number say that it goes in: "96 maps coming in", "3 input channels"."""
    after = list(words[at + 1 : at + 5])
    if after[:1] in (["incoming"], ["input"]):
        return True
    noun = after[:1] in (["maps"], ["channels"], ["map"])
    ended = [*after[2:], ")"]
    come = ended[:1] in (["coming"], ["going"], ["arriving"])
    return (
        noun
        and after[1:2] in (["in"], ["coming"], ["going"], ["arriving"])
        and (come or ended[0] in (")", ",", "in") or after[1] == "arriving")
    )
