"""Phrases that go on with what was spoken of before: "the second one", "its batch norm", "the block"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.claims import anatomy, phrases
from generator.claims.anatomy import Choice
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence
from generator.claims.phrases import Phrase

# Parts that "its" may be said of.
HOLDERS = (*anatomy.GROUPS, "named", "stem", "shortcut")


def resumed(sentence: Sentence, found: Sequence[Phrase], before: Phrase | None) -> list[Phrase]:
    """Complete "the second one", "its batch norm", "the block" by what was spoken of before."""
    out: list[Phrase] = []
    last = before
    for phrase in found:
        choice = phrase.choice
        determiner = sentence.pieces[phrase.first].gist
        between = []
        if last is not None and last is not before:
            between = [each.gist for each in sentence.pieces[last.last : phrase.first]]
        outer_choice = full(last) if last is not None else None
        if last is not None and not choice.sort:
            choice = _another(last.choice, choice.order)
        elif last is not None and choice.within is None and (phrase.own or _norms(phrase, last)):
            if last.choice.sort in HOLDERS or choice.sort == "norm":
                choice = replace(choice, within=outer_choice)
        elif last is not None and determiner == "the" and _again(choice, last.choice):
            outer = last.choice.within
            inner = outer is not None and outer.sort == choice.sort
            choice = outer if inner and outer is not None else full(last)
        elif last is not None and last is not before and determiner in ("a", "an"):
            if between == ["be"]:  # "the shortcut is a 1×1 convolution"
                choice = full(last)
            elif last.choice.sort in HOLDERS and ":" in between:
                choice = replace(choice, within=outer_choice)
        elif last is not None and last is not before and phrase.listed and _holds(last, between):
            choice = replace(choice, within=outer_choice)  # "block 4 consists of three convs"
        elif last is not None and called(phrase) and between in (["be"], [","], ["("]):
            choice = last.choice  # "the classifier, Linear(1280, 1000)"
        vague = phrase.vague and choice is phrase.choice
        if choice.order is not None and choice.within is None and choice.sort in anatomy.LAYERS:
            vague = vague or any(_several(each) for each in out)
        out.append(replace(phrase, choice=choice, vague=vague))
        last = out[-1]
    return [each for each in out if each.choice.sort]


def _norms(phrase: Phrase, last: Phrase) -> bool:
    """Whether "the three batch norms" are those of the block that was spoken of."""
    return phrase.choice.sort == "norm" and not phrase.vague and last.choice.sort in HOLDERS


def _holds(last: Phrase, between: Sequence[str]) -> bool:
    """Whether a part is said to consist of what follows."""
    one = last.choice.sort in HOLDERS and not last.vague and not last.choice.plural
    return one and bool(between) and set(between) <= HOLDING


HOLDING = wordset(
    "have use be made up of composed built consists stacks stack features : = ( only just exactly"
)


def full(phrase: Phrase) -> Choice:
    """What a phrase chooses, with the channels it states."""
    return next(phrases.choices(phrase))


def _several(phrase: Phrase) -> bool:
    """Whether a phrase speaks of any of several blocks: layers after it are theirs."""
    grouped = phrase.choice.sort in anatomy.GROUPS
    return grouped and (phrase.vague or phrase.choice.plural)


def called(phrase: Phrase) -> bool:
    return phrase.ends is not None and bool(phrase.ends[0].size)


def _another(choice: Choice, order: int | None) -> Choice:
    """The layer that "the last one" is after "fc6"."""
    if choice.name:
        kind = next((each for each in ("fc", "conv") if choice.name.lower().startswith(each)), "")
        return Choice(kind, order)
    return replace(choice, order=order, plural=False, ends=None)


def _again(choice: Choice, last: Choice) -> bool:
    """Whether "the block" is the block that was spoken of."""
    plain = choice.order is None and not choice.plural and not choice.kernel and not choice.name
    outer = last.within
    return (plain and choice.sort in (last.sort, "layer") and last != choice) or (
        plain and outer is not None and outer.sort == choice.sort
    )
