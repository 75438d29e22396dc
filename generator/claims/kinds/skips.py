"""Which blocks of a network have a shortcut: "10 of the 17 blocks have the residual add", "V1 has no skip
connections", "each of its 13 blocks has a shortcut", "four of the shortcuts are projections".

Blocks are counted by their depthwise convolutions, else by their sums; shortcuts by the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.architectures.ir import Add, Conv2d
from generator.claims import networks
from generator.claims.anatomy import projects
from generator.claims.candidate import Candidate, Reading, claiming, distinct
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.quantity import Quantity
from generator.claims.referring import Reference, refer

KIND = "structure"

BLOCKS = wordset(
    "block bottleneck bottlenecks residuals residual-block residual-blocks module modules"
)
RESIDUAL = wordset("connection connections add addition link links sum")
PROJECTING = wordset("projection projections weight weights parameter")
EVERY = wordset("each all every")
EXCEPT = wordset(
    "except but apart most some where whose if when unless like unlike replace instead"
)
AMONG = wordset("of the its them in all")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find how many blocks are said to have a shortcut."""
    spoken = False
    for sentence in context.sentences:
        places = _shortcuts(sentence)
        if sentence.question or len(sentence.pieces) > MAX_PIECES:
            continue
        if places or (spoken and sentence.has("of")):
            yield from _Reader(context, sentence, places).read()
        spoken = bool(places) and sentence.has(*BLOCKS)


def _shortcuts(sentence: Sentence) -> list[int]:
    """Where a sentence speaks of shortcuts."""
    gists = [each.gist for each in sentence.pieces]
    found = [at for at, each in enumerate(gists) if each == "shortcut"]
    found += [
        at
        for at, each in enumerate(gists[:-1])
        if each in ("residual", "identity") and gists[at + 1] in RESIDUAL
    ]
    if "residual" not in gists and {"add", "adds"} & set(gists) and "input" in gists:
        found += [at for at, each in enumerate(gists) if each in ("add", "adds")]
    return sorted(found)


class _Reader:
    """What one sentence says of blocks and shortcuts."""

    def __init__(self, context: Context, sentence: Sentence, places: Sequence[int]) -> None:
        self.context, self.sentence, self.places = context, sentence, places
        self.gists = [each.gist for each in sentence.pieces]
        self.taken: set[int] = set()

    def read(self) -> Iterator[Candidate]:
        """Give a candidate for each number of blocks, and for what is said of all or none."""
        projecting = bool(PROJECTING & set(self.gists))
        for at, piece in enumerate(self.sentence.pieces):
            if piece.sort is Sort.NUMBER and piece.quantity is not None:
                for number, what in self._counted(at, projecting=projecting):
                    yield from self._number(number, what)
        if not EXCEPT & set(self.gists):
            yield from self._quantified()

    # -------------------------------------------------------------- numbers

    def _counted(self, at: int, *, projecting: bool) -> Iterator[tuple[int, str]]:
        """What a number counts: "10 of the 17 blocks", "12 blocks have", "10 of them with"."""
        behind = self.gists[at + 1 : at + 4]
        here = at + 1
        while here < len(self.gists) and self.gists[here] in AMONG:
            here += 1
        inner = self.sentence.pieces[here] if here < len(self.gists) else None
        noun = here + (inner is not None and inner.sort is Sort.NUMBER)
        while noun < len(self.gists) and self.gists[noun] in ("inverted", "residual", "bottleneck"):
            noun += 1
        holder = self.gists[noun] if noun < len(self.gists) else ""
        if behind[:1] != ["of"]:
            if holder in BLOCKS and here == at + 1:
                quantified = at > 0 and bool(EVERY & set(self.gists[max(0, at - 3) : at]))
                follows = self.gists[noun + 1 : noun + 3]
                have = bool(self.places) and "have" in follows and not quantified
                yield at, self._having(noun) if have else "blocks"
            elif behind[:1] == ["with"] and set(self.places) & set(range(at + 2, at + 5)):
                yield at, self._having(at)
            elif at + 1 in self.places:
                yield at, "shortcuts"
            return
        if holder == "shortcut":
            if projecting:
                yield at, "projections"
                if noun > here:
                    yield here, "shortcuts"
        elif holder in BLOCKS or (behind[1:2] == ["them"] and self.places):
            beyond = self.gists[at : at + 7]
            yield at, "projections" if PROJECTING & set(beyond) else self._having(at)
            if noun > here:
                yield here, "blocks"

    def _having(self, at: int) -> str:
        """Whether blocks are said to have a shortcut, or to have none."""
        place = next((each for each in self.places if each > at), None)
        return "lacking" if place and self._denied(place) else "shortcuts"

    def _number(self, at: int, what: str) -> Iterator[Candidate]:
        piece = self.sentence.pieces[at]
        reference = self._reference(at)
        if reference is None or piece.quantity is None or at in self.taken:
            return
        readings = [each for one in reference.subjects for each in _count(one, what)]
        if not readings or not reference.definite:
            return
        self.taken.add(at)
        yield self._made(piece, piece.quantity, readings, reference)

    # -------------------------------------------------------------- all and none

    def _quantified(self) -> Iterator[Candidate]:
        for place in self.places:
            reference = self._reference(place)
            if reference is None or not reference.definite:
                continue
            every = bool(EVERY & set(self.gists)) and self.sentence.has(*BLOCKS)
            if self._denied(place):
                if not self._predicated(place):
                    continue
                readings = [_none(each) for each in reference.subjects] if not self.taken else []
            elif every:
                readings = [_all(each) for each in reference.subjects]
            else:
                readings = []
            held = [each for each in readings if each.value]
            if readings:
                yield self._made(
                    self.sentence.pieces[place], True, (held or readings)[:1], reference
                )
            return

    def _predicated(self, place: int) -> bool:
        """Whether "no shortcuts" is said of a network: "V1 has no …", "there are no … in V1"."""
        before = self.gists[:place]
        kind = {"net", "nets", "network", "networks"} & set(self.gists)
        vague = bool(kind) and bool({"a", "standard", "plain"} & set(before) or "nets" in kind)
        verbs = {"have", "use", "be", "works", "chain", "there"}
        return not vague and (bool(verbs & set(before)) or "anywhere" in self.gists)

    def _denied(self, place: int) -> bool:
        return bool({"without", "not"} & set(self.gists[max(0, place - 2) : place]))

    # -------------------------------------------------------------- common

    def _reference(self, at: int) -> Reference | None:
        return refer(self.context, self.sentence, at, self.context.mentions(self.sentence))

    def _made(
        self,
        piece: Piece,
        stated: Quantity | bool,
        readings: Sequence[Reading],
        reference: Reference,
    ) -> Candidate:
        return claiming(
            KIND,
            self.sentence,
            piece,
            stated,
            distinct(readings),
            expected=self.context.passage.text[piece.start : piece.end].strip(),
            subject=reference.subject.name,
            decisive=True,
        )


# ------------------------------------------------------------------ readings


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'


def _sums(subject: Subject) -> tuple[int, str]:
    return networks.count(subject.network, Add), f"len(sum_heights({_model(subject)}))"


def _blocks(subject: Subject) -> tuple[int, str]:
    deep = len(networks.depthwise(subject.network))
    source = f"sum(each.groups > 1 for each in used({_model(subject)}, nn.Conv2d))"
    return (deep, source) if deep else _sums(subject)


def _count(subject: Subject, what: str) -> list[Reading]:
    (sums, added), (blocks, source) = _sums(subject), _blocks(subject)
    if not sums and what != "shortcuts":
        return []
    if what == "shortcuts":
        return [Reading(Fraction(sums), f"{subject.name} has {sums} shortcuts", added)]
    if what == "lacking":
        how = f"{subject.name} has {sums} shortcuts in {blocks} blocks"
        return [Reading(Fraction(blocks - sums), how, f"{source} - {added}")]
    if what == "blocks":
        return [Reading(Fraction(blocks), f"{subject.name} has {blocks} blocks", source)]
    found = [
        at
        for at, node in networks.main_nodes(subject.network)
        if isinstance(node.op, Conv2d) and projects(subject.network, at)
    ]
    names = f"for name, each in {_model(subject).split(', (')[0]}.named_modules()"
    source = f"sum('downsample' in name and isinstance(each, nn.Conv2d) {names})"
    how = f"{subject.name} projects in {len(found)} shortcuts"
    return [Reading(Fraction(len(found)), how, source)]


def _all(subject: Subject) -> Reading:
    (sums, added), (blocks, source) = _sums(subject), _blocks(subject)
    how = f"{subject.name} has {sums} shortcuts" + (f" in {blocks} blocks" if blocks else "")
    return Reading(0 < sums == blocks, how, "", (f"assert 0 < {added} == {source}",))


def _none(subject: Subject) -> Reading:
    sums, added = _sums(subject)
    return Reading(not sums, f"{subject.name} has {sums} shortcuts", "", (f"assert {added} == 0",))
