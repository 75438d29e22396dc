"""Which network a number in a sentence is about."""

from __future__ import annotations

from generator.claims import networks
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence

COMPARISONS = wordset(
    "than unlike compared versus vs like instead over from beats outperforms deeper lessthan "
    "morethan"
)
# What may stand between a number and the network it belongs to: "60 million parameters in AlexNet".
LINKING = wordset("parameter weight mac flop in of for the trainable mult operation")


def clause(sentence: Sentence, index: int) -> tuple[int, int]:
    """Bound the clause around a piece by commas, brackets and "but"."""
    stops = {",", "(", ")", "but", "while", "whereas", ":", "and"}
    first = last = index
    while first > 0 and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    while last < len(sentence.pieces) and sentence.pieces[last].gist not in stops:
        last += 1
    return first, last


def about(
    context: Context, sentence: Sentence, index: int, named: tuple[Mention, ...]
) -> tuple[Subject | None, bool]:
    """Find the network a number is about: (subject, whether the sentence names it).

    The name right after it ("60 million parameters in AlexNet"), else the last name before it, else
    the only name of the sentence; without a name the section's network.
    """
    if not named:
        return context.subject, False
    listed = listed_mention(sentence, index, named)
    if listed is not None:
        return (subject_named(context, listed.name) if listed.name else None), True
    after = [
        each
        for each in named
        if each.first > index
        and {piece.gist for piece in sentence.pieces[index + 1 : each.first]} <= LINKING
        and any(
            piece.gist in ("in", "of", "for") for piece in sentence.pieces[index + 1 : each.first]
        )
    ]
    before = [each for each in named if each.last <= index]
    if after:
        chosen = after[0]
    elif before:
        chosen = before[-1]
    elif len(named) == 1:
        chosen = named[0]
        between = {piece.gist for piece in sentence.pieces[index + 1 : chosen.first]}
        if between & (COMPARISONS | {",", ";", "(", ":"}):
            return context.subject, False
    else:
        return None, True
    if _compared(sentence, chosen, index):
        return context.subject, False
    return subject_named(context, chosen.name), True


def listed_mention(sentence: Sentence, index: int, named: tuple[Mention, ...]) -> Mention | None:
    """Read "VGG-16 and VGG-19 have 138 million and 144 million": names and numbers in one order.

    A mention without a name says that there are several networks and no such order.
    """
    before = [each for each in named if each.last <= index]
    group, joined = before[-1:], False
    for each in reversed(before[:-1]):
        between = [piece.gist for piece in sentence.pieces[each.last : group[0].first]]
        if not between or not set(between) <= {",", "and"}:
            break
        joined = joined or "and" in between
        group.insert(0, each)
    if len(group) < 2 or not joined:
        return None
    numbers = [
        at
        for at in range(group[-1].last, len(sentence.pieces))
        if (quantity := sentence.pieces[at].quantity) is not None and quantity.rounded
    ]
    if len(numbers) == len(group) and index in numbers:
        return group[numbers.index(index)]
    return Mention("", 0, 0)


def _compared(sentence: Sentence, name: Mention, index: int) -> bool:
    """Whether a name only stands for comparison: "unlike VGG-16, it has 25.6M parameters"."""
    before = {piece.gist for piece in sentence.pieces[max(0, name.first - 3) : name.first]}
    between = [piece.gist for piece in sentence.pieces[name.last : index]]
    return bool(before & COMPARISONS) and ("," in between or "it" in between or "this" in between)


def subject_named(context: Context, name: str) -> Subject | None:
    if context.subject is not None and context.subject.name == name:
        return context.subject
    return context.catalogue.get(name)


def candidates_of(context: Context, subject: Subject, *, named: bool) -> list[Subject]:
    """The subject and the other networks its name may mean."""
    found = [subject]
    for name in networks.alternatives(subject, named=named):
        other = context.catalogue.get(name)
        if other is not None:
            found.append(other)
    return found
