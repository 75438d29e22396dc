"""Which layers a stated count is about.

A count is about the layers described since the count before it, or, where none are, about the same ones
again; lists of layers and of counts go by their order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from generator.claims.described.layer import Layer
from generator.claims.described.senses import Sense
from generator.claims.described.statement import Course, Place, Said, states
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence, Sort

COMPARED = wordset("fewer less more lessthan morethan saves save saving reduces")


@dataclass(frozen=True, slots=True)
class Count:
    """A stated count, the places of the counts beside it, and the layers it may be about.

    ``groups`` are layers taken together, the likeliest first; ``sure`` says that the first is what the
    words say. ``parts`` are counts before it that it is said to be the sum of.
    """

    read: Course
    said: Said
    before: Place
    following: Place
    groups: tuple[tuple[Layer, ...], ...]
    sure: bool
    parts: tuple[Said, ...] = ()

    @property
    def sentence(self) -> Sentence:
        """The sentence it stands in."""
        return self.read.sentences[self.said.sentence]


def counted(read: Course, senses: Collection[Sense]) -> Iterator[Count]:
    """Find what each count that a statement states in one of these senses is about."""
    results = [each for each in read.results() if each.mention.sense in senses]
    for nth, said in enumerate(results):
        if states(read.sentences[said.sentence], said.mention.index):
            yield _counted(read, results, nth)


def _counted(read: Course, results: Sequence[Said], nth: int) -> Count:
    """What the ``nth`` of a statement's counts is about."""
    said = results[nth]
    before = results[nth - 1].place if nth else (-1, -1)
    following = results[nth + 1].place if nth + 1 < len(results) else (len(read.sentences), 0)
    groups, sure = _about(read, results, nth, before)
    parts = tuple(results[:nth]) if _summed(read, results, nth) else ()
    return Count(read, said, before, following, groups, sure, parts)


def open_beside(count: Count) -> bool:
    """Whether something stands beside a count that may change what it is about."""
    worked_out = count.said.mention.noun < 0 and _worked_out(count)
    return _open_between(count) or worked_out or _changed(count)


def compared(count: Count) -> bool:
    """Whether a number is a difference: "27 fewer weights"."""
    at = count.said.mention.index
    return bool({each.gist for each in count.sentence.pieces[at + 1 : at + 3]} & COMPARED)


def _worked_out(count: Count) -> bool:
    """Whether a number is what an equation gives: "2·4·256 = 2,048"."""
    pieces, at = count.sentence.pieces, count.said.mention.index
    equal = at > 1 and pieces[at - 1].gist in ("=", "≈")
    return equal and pieces[at - 2].sort in (Sort.EXPRESSION, Sort.SIZE, Sort.NUMBER)


def _changed(count: Count) -> bool:
    """Whether something else than the layers described is spoken of: "from 36,864 …", "it would be"."""
    sentence, at = count.sentence, count.said.mention.index
    before = sentence.pieces[at - 1].gist if at else ""
    elsewhere = all(each.sentence != count.said.sentence for each in count.groups[0])
    supposed = elsewhere and bool({"would", "had", "without"} & _written(sentence))
    return before == "from" or supposed


def instead(count: Count) -> tuple[bool, bool]:
    """Whether a count is of what something stands for, "75,813 instead of 2,049,000", and whether the words
    behind it describe that: then what is said before it is of something else."""
    at = count.said.mention.index
    pieces = count.sentence.pieces[max(0, at - 3) : at]
    before = [each.gist for each in pieces]
    the_one = before[:1] == ["the"] and len(pieces) > 1 and pieces[1].numeral
    # "the one with 2,049,000", "nearly all of the 2,049,000"
    other = "instead" in before[-2:] or the_one or before[-2:] == ["of", "the"]
    layer = _named_behind(count.read, count.said)
    return other, layer is not None and layer.inflow is not None


def _written(sentence: Sentence) -> set[str]:
    return {each.word.lower() for each in sentence.pieces}


def _open_between(count: Count) -> bool:
    """Whether a number of which nothing is known stands between a count and the one before it."""
    taken = {offset for each in count.read.layers for offset in each.used}
    taken |= {each.mention.piece.start for each in (*count.read.pairs(), *repeated(count))}
    return any(
        each.mention.sense is Sense.OTHER
        and each.mention.piece.sort is Sort.NUMBER
        and each.mention.values != (1,)
        and count.before < each.place < count.said.place
        and each.sentence == count.said.sentence
        and each.mention.piece.start not in taken
        for each in count.read.numbers
    )


def repeated(count: Count) -> list[Said]:
    """The numbers of its sentence that only say again what makes up the layers, or a product: "for 37 breeds …
    nn.Linear(2048, 37)", "32 × 76 = 2,432, 76 being …"."""
    here = [each for each in count.read.numbers if each.sentence == count.said.sentence]
    known = {
        value
        for each in here
        if each.mention.piece.sort is Sort.SIZE
        for value in each.mention.values
    }
    known |= {each.outflow or 0 for group in count.groups[:1] for each in group if each.code}
    return [
        each
        for each in here
        if each.mention.sense is Sense.OTHER
        and each.mention.values
        and set(each.mention.values) <= known
    ]


def _about(
    read: Course, results: Sequence[Said], nth: int, before: Place
) -> tuple[tuple[tuple[Layer, ...], ...], bool]:
    """The layers a count may be about, likeliest first, and whether the words say so."""
    said = results[nth]
    known = tuple(each for each in read.before(said.place) if each.kind != "pool")
    listed = _in_one_order(read, results, nth)
    if listed is not None:
        return ((listed,),), True
    if _summed(read, results, nth) and len(known) == nth:
        return tuple(known[at:] for at in range(nth)), True
    if not known:
        here = tuple(each for each in read.layers if each.sentence == said.sentence)
        following = results[nth + 1 : nth + 2]
        of_next = any(_named_behind(read, each) in here[:1] for each in following)
        return (here[:1],) if here else (), bool(here) and not of_next
    named = _named_behind(read, said)
    if named is not None:
        others = tuple((each,) for each in reversed(known) if each is not named)
        return ((named,), *others), True
    fresh = tuple(each for each in known if (each.sentence, each.last) > before)
    fresh = fresh[:1] + tuple(each for each in fresh[1:] if not _in_passing(read, each))
    if len(fresh) == 2 and _feeding(read, *fresh):
        fresh = fresh[1:]
    groups = [fresh] if fresh else []
    groups += [(each,) for each in reversed(known) if (each,) not in groups]
    ahead = [
        e
        for e in read.layers
        if (said.sentence, e.first) > said.place and e.sentence == said.sentence
    ]
    groups += [(each,) for each in ahead[:1]]
    if len(known) > max(1, len(fresh)):
        groups.append(known)
    alone = len(groups) == 1
    every = tuple(each for each in read.layers if each.kind != "pool")
    if len(every) > 1 and every not in groups:
        groups.append(every)
    return tuple(groups), bool(fresh) or alone or _with_biases(read, said, before)


def _summed(read: Course, results: Sequence[Said], nth: int) -> bool:
    """Whether a count is said to be that of all layers together that have one before it: "144 weights,
    pointwise 512, so 656 altogether"."""
    said = results[nth]
    gists = [each.gist for each in read.sentences[said.sentence].pieces]
    at, noun = said.mention.index, max(said.mention.index, said.mention.noun)
    near = [*gists[max(0, at - 3) : at], *gists[noun + 1 : noun + 3]]
    parts = [each.mention.values[0] for each in results[:nth] if each.mention.values]
    if not {"together", "altogether"} & set(near) or "with" in near or not said.mention.values:
        return False
    same = all(each.sentence == said.sentence for each in results[:nth])
    return nth > 1 and same and max(parts) < said.mention.values[0] < 2 * sum(parts)


def _with_biases(read: Course, said: Said, before: Place) -> bool:
    """Whether a count goes on with the biases of what the count before it is about: "…, with biases 280",
    "864 weights and 32 biases"."""
    if before[0] != said.sentence:
        return False
    pieces = read.sentences[said.sentence].pieces
    near = [each.gist for each in pieces[before[1] + 1 : said.mention.index]]
    after = [each.gist for each in pieces[said.mention.index + 1 : said.mention.index + 4]]
    told = said.mention.sense is Sense.BIASES or ("bias" in near and "with" in near)
    return told or after[:2] == ["with", "bias"]


def _named_behind(read: Course, said: Said) -> Layer | None:
    """The layer named right behind its count: "25 of one 5×5", "4,096 for the 1×1 layer"."""
    pieces = read.sentences[said.sentence].pieces
    at = max(said.mention.index, said.mention.noun) + 1
    if at >= len(pieces) or pieces[at].gist not in ("of", "for", "in"):
        return None
    behind = [e for e in read.layers if e.sentence == said.sentence and at < e.first <= at + 3]
    between = {each.gist for each in pieces[at + 1 : behind[0].first]} if behind else set()
    plain = all(gist in ("the", "a", "an", "each", "this") or gist[0] == "#" for gist in between)
    return behind[0] if behind and plain and behind[0].kind != "pool" else None


def _in_passing(read: Course, layer: Layer) -> bool:
    """Whether a layer only says where another one stands: "batch norm after a layer of 64 filters"."""
    before = [each.gist for each in read.sentences[layer.sentence].pieces[: layer.first]]
    while before and before[-1] in ("a", "an", "the"):
        before.pop()
    return before[-1:] in (["after"], ["behind"], ["before"])


def _feeding(read: Course, one: Layer, other: Layer) -> bool:
    """Whether of the first layer only the outputs are spoken of, which another one takes: "84 outputs feed 10
    units"."""
    sentence = read.sentences[one.sentence]
    between = sentence.pieces[one.first : other.first]
    alone = one.inflow is None and one.outflow == other.inflow and not sentence.words & TOGETHER
    return alone and other.sentence == one.sentence and bool({e.gist for e in between} & FEEDING)


FEEDING = wordset("feed feeds into connect connects connected wired lead")
TOGETHER = wordset("together altogether both two total all sum")


def _in_one_order(read: Course, results: Sequence[Said], nth: int) -> Layer | None:
    """Read "3×3, 5×5 and 7×7 layers have 9,216, 25,600 and 50,176": layers and counts in one order."""
    first = nth
    while first and _joined(read, results[first - 1], results[first]):
        first -= 1
    last = nth
    while last + 1 < len(results) and _joined(read, results[last], results[last + 1]):
        last += 1
    known = [each for each in read.before(results[first].place) if each.kind != "pool"]
    here = [each for each in known if each.sentence == results[nth].sentence]
    return here[nth - first] if len(here) == last - first + 1 > 1 else None


def _joined(read: Course, one: Said, other: Said) -> bool:
    if one.sentence != other.sentence:
        return False
    between = read.sentences[one.sentence].pieces[one.mention.index + 1 : other.mention.index]
    return {each.gist for each in between} <= {",", "and"}
