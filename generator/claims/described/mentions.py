"""The numbers of a sentence by what they count: "32 filters", "stride 2", "896 learnable numbers".

A number is told by the noun after it, across any adjectives, else by the label before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.claims.calls import calls
from generator.claims.described.company import alike
from generator.claims.described.senses import (
    CLOSED,
    GLUED,
    INCOMING,
    LABELS,
    LARGEST_KERNEL,
    LEARNED,
    LETTERS,
    LINKS,
    LOOSE,
    LOSING,
    NOUNS,
    OUTGOING,
    RESULTS,
    TABLES,
    Mention,
    Sense,
    phrase_after,
)
from generator.claims.described.sizes import sees, size
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort


def mentions(sentence: Sentence) -> tuple[Mention, ...]:
    """Give the numbers and sizes of a sentence with their senses, in order."""
    coded = {at for call in calls(sentence) for at in range(call.first, call.last)}
    found = []
    for at, piece in enumerate(sentence.pieces):
        if piece.sort not in (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION):
            continue
        if at in coded:
            found.append(Mention(at, piece, Sense.CODE))
        elif piece.sort is Sort.SIZE:
            found.append(size(sentence, at))
        else:
            found.append(_number(sentence, at))
    return tuple(alike(sentence, found))


def _bound(pieces: Sequence[Piece], at: int) -> Sense | None:
    """What a letter is given a value for: "f=3, s=2"; letters of another meaning are ``CODE``."""
    if at < 2 or pieces[at - 1].gist not in ("=", ":"):
        return None
    name = pieces[at - 2].expression
    if not isinstance(name, Name):
        return None
    following = {pieces[index].gist for index in phrase_after(pieces, at)}
    if following & (NOUNS.keys() | {"features"}):
        return None  # "over d = 768 features"
    if name.name == "d" and any(each.gist in (*TABLES, "vocab", "vocabulary") for each in pieces):
        return Sense.WIDTH
    sense = LETTERS.get(name.name.lower(), Sense.CODE)
    quantity = pieces[at].quantity
    small = quantity is not None and quantity.value <= LARGEST_KERNEL
    return Sense.CODE if sense is Sense.KERNEL and not small else sense


def _number(sentence: Sentence, at: int) -> Mention:
    pieces = sentence.pieces
    piece = pieces[at]
    bound = _bound(pieces, at)
    if bound is not None:
        return Mention(at, piece, bound, at - 2)
    if piece.numeral and pieces[at + 1 : at + 2] and pieces[at + 1].gist == "pad":
        return Mention(at, piece, Sense.CODE)  # "zero padding"
    if at > 1 and pieces[at - 1].gist == "/" and pieces[at - 2].size:
        return Mention(at, piece, Sense.STRIDE, at - 1)  # "3×3/2"
    if _flattened(pieces, at):
        return Mention(at, piece, Sense.VALUES)
    if at > 1 and pieces[at - 1].gist == "by" and any(e.gist in DILATING for e in pieces[:at]):
        return Mention(at, piece, Sense.DILATION, at - 1)
    if _hops(pieces, at):
        return Mention(at, piece, Sense.STRIDE, at - 1)
    if pieces[at + 1 : at + 2] and pieces[at + 1].gist == "tap":
        return Mention(at, piece, Sense.KERNEL, at + 1)  # "a 3-tap kernel"
    if piece.in_percent:
        return Mention(at, piece, Sense.RATIO)
    phrase = list(phrase_after(pieces, at))
    named = [index for index in phrase if pieces[index].gist in NOUNS]
    noun = _head(pieces, named)
    sense = NOUNS[pieces[noun].gist] if named else Sense.OTHER
    label = _label(pieces, at)
    if label >= 0 and pieces[label].gist in GLUED:
        weak = sense in (Sense.OTHER, Sense.SIDE, Sense.LAYERS)
        if weak or (label == at - 1 and sense not in RESULTS):
            return Mention(at, piece, LABELS[pieces[label].gist], label)
    many = piece.numeral and any(e.sort is Sort.SIZE for e in pieces[at + 1 : at + 4])
    seen = (Sense.OTHER, Sense.SIDE, Sense.VALUES, Sense.ROWS)
    if sense in seen and not many and sees(pieces, at):
        return Mention(at, piece, Sense.FIELD, noun)
    if _padding(pieces, at, sense):
        return Mention(at, piece, Sense.PAD, noun)
    if named:
        return Mention(at, piece, _told(pieces, at, phrase, noun, sense), noun)
    return _unnamed(sentence, at, phrase, label)


def _padding(pieces: Sequence[Piece], at: int, sense: Sense) -> bool:
    """Whether a number says how far something is padded: "one pixel of padding", "two rows of zeros",
    "padding a 6×6 image by 1", "padded with one pixel"."""
    if sense not in (Sense.SIDE, Sense.OTHER, Sense.ROWS, Sense.WIDTH, Sense.VALUES):
        return False
    before = [each.gist for each in pieces[max(0, at - 10) : at]]
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    if set(after) & ZEROS and not set(after[:-1]) & CLOSED - {"of"}:
        return True
    if (sense is Sense.SIDE and after[1:2] == ["pad"]) or after[1:3] == ["of", "pad"]:
        return True
    if sense is Sense.SIDE and _put_around(
        before, [each.gist for each in pieces[at + 1 : at + 10]]
    ):
        return True
    if set(before) & LOSING - {"need"}:
        return False
    if {"border", "rim", "frame", "margin"} & set(before[-3:]) and before[-1] == "of":
        return True
    verbs = [
        k
        for k, each in enumerate(before)
        if each == "pad" and before[max(0, k - 1)] not in ("without", "not")
    ]
    if not verbs or before[-1] not in ("by", "with"):
        return False
    between = before[verbs[-1] + 1 : -1]
    return not {"by", "with", ",", ";"} & set(between) and (
        sense is Sense.OTHER or (sense is Sense.SIDE and after[:1] != [])
    )


def _put_around(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether pixels are added around a map: "2 pixels have to be added on each side"."""
    end = next(
        (k for k, gist in enumerate(after) if gist in (",", ";", ")", "(") or gist[0] in "#@"), 10
    )
    near = after[:end]
    sides = [
        k for k, gist in enumerate(near) if gist in ("side", "sides", "border", "borders", "edge")
    ]
    every = bool(sides) and near[sides[0] - 1] in ("each", "every", "all", "both")
    return bool(ADDING & {*before[-4:], *near}) and (every or "around" in near)


ADDING = wordset("add adds added adding")
ZEROS = wordset("zero zeros zeroes")


def _head(pieces: Sequence[Piece], named: Sequence[int]) -> int:
    """The noun that counts in a noun phrase: the last, unless it says "times" at once."""
    if not named:
        return -1
    return named[0] if pieces[named[0]].gist in ("x", "%", "times") else named[-1]


def _told(
    pieces: Sequence[Piece], at: int, phrase: Sequence[int], noun: int, sense: Sense
) -> Sense:
    """A noun's sense with what the words around it say: learnt numbers, channels that come in."""
    words = {pieces[index].gist for index in phrase}
    before = {each.gist for each in pieces[max(0, at - 2) : at]}
    before |= {each.word.lower() for each in pieces[max(0, at - 2) : at]}
    following = [each.gist for each in pieces[noun + 1 : noun + 3]]
    if pieces[noun].gist == "positions" and following[:1] == ["each"] and following[1:] != ["word"]:
        return Sense.SIDE
    if sense is Sense.VALUES and (words | before) & LEARNED:
        return Sense.PARAMETERS
    if sense is Sense.CHANNELS:
        over = before & {"over", "on", "across"} and "and" not in before
        into = pieces[at - 1].gist in ("to", "into") and pieces[max(0, at - 2)]
        if into and (into.gist in ("conv", "pointwise") or len(into.size) == 2):
            return Sense.OUTPUTS  # "a 1×1 convolution to 32 channels"
        return Sense.INPUTS if over else _side(words, pieces, noun)
    return sense


def _unnamed(sentence: Sentence, at: int, phrase: Sequence[int], label: int) -> Mention:
    """A number without a noun of its own."""
    pieces = sentence.pieces
    piece = pieces[at]
    following = [each.gist for each in pieces[at + 1 : at + 3]]
    them = following in (["of", "them"], ["of", "those"], ["of", "these"])
    counted = {each.gist for each in pieces[max(0, at - 3) : at]} & {"have", "need", "be"}
    if them and not counted and sentence.has("filter", "filters"):
        return Mention(at, piece, Sense.FILTERS, at + 2)
    if following[:1] == ["out"]:
        return Mention(at, piece, Sense.OUTPUTS, at + 1)
    ends = len(following) < 2 or following[1] in (",", "and", "→", ")", "-")
    if following[:1] == ["in"] and ends:
        return Mention(at, piece, Sense.INPUTS, at + 1)
    for index in phrase:
        if pieces[index].gist in ("input", "features"):
            return Mention(at, piece, Sense.INPUTS, index)
        if pieces[index].gist in ("output", "class", "hidden"):
            return Mention(at, piece, Sense.UNITS, index)
    if label >= 0:
        long = {each.gist for each in pieces[label + 1 : at]} & {"length", "size", "side"}
        window = pieces[label].gist == "filters" and long  # "32 filters of length 5"
        return Mention(at, piece, Sense.KERNEL if window else LABELS[pieces[label].gist], label)
    return Mention(at, piece, Sense.OTHER)


def _flattened(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number is what a map is flattened to: "flatten: 1,960", "a vector of 1,960"."""
    before = [each.gist for each in pieces[max(0, at - 4) : at]]
    quantity = pieces[at].quantity
    if not before or pieces[at].sort is not Sort.NUMBER or quantity is None or quantity.value < 10:
        return False
    vector = "vector" in before and before[-1] in ("of", "with", "length")
    flat = FLATTENING & {each.gist for each in pieces[max(0, at - 10) : at]}
    led = before[-1] in (":", "→", "to", "into", "give", "=")
    channels = {each.gist for each in pieces[at + 1 : at + 3]} & COUNTED
    return vector or (bool(flat) and led and not channels)


COUNTED = wordset("channel unit class parameter weight mult mac")
FLATTENING = wordset("flatten flattens flattened flattening unroll unrolls unrolled unrolling")
DILATING = wordset("dilating dilate dilates dilated")
STEPS = wordset("pixel pixels px positions position steps step")
HOPS = wordset(
    "hop hops hopping move moves moving moved jump jumps jumping slides sliding shifts shifting"
)


def _hops(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a number says how far a window goes at a time: "hopping by 4", "moves 2 pixels",
    "two pixels at a time"."""
    before = [each.gist for each in pieces[max(0, at - 2) : at]]
    after = [each.gist for each in pieces[at + 1 : at + 5]]
    if after[1:] == ["at", "a", "time"] and after[0] in STEPS:
        return True
    return bool(before) and (before[-1] in HOPS or (before[-1] == "by" and before[0] in HOPS))


def _side(words: set[str], pieces: Sequence[Piece], noun: int) -> Sense:
    """Whether channels come in or go out."""
    after = {each.gist for each in pieces[noun + 1 : noun + 2]}
    if words & INCOMING or after & {"in", "input"}:
        beyond = {each.gist for each in pieces[noun + 2 : noun + 4]}
        return Sense.CHANNELS if beyond & OUTGOING and "and" in beyond else Sense.INPUTS
    if words & OUTGOING or after & {"out"}:
        return Sense.OUTPUTS
    return Sense.CHANNELS


def _label(pieces: Sequence[Piece], at: int) -> int:
    """The index of the label before a number, or -1: "padding of 2", "kernel 4"."""
    for back in range(at - 1, max(-1, at - 5), -1):
        piece = pieces[back]
        if piece.gist in LABELS and piece.sort is Sort.WORD:
            between = {each.gist for each in pieces[back + 1 : at]}
            if piece.gist in ("input", "inputs", "hidden", "filters") and between & LOOSE:
                return -1  # "an input with five 3×3 filters"
            denied = back > 0 and pieces[back - 1].gist in ("without", "same")
            return -1 if denied else back
        if piece.gist not in LINKS:
            return -1
    return -1
