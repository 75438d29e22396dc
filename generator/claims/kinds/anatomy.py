"""Parts of known networks in numbers: what a clause says of the layers it speaks of is measured there.

"AlexNet's first layer slides 11×11 kernels with stride 4", "the last stage holds 8,393,728 of them,
72 %", "module 3a puts out 256 channels", "`classifier.1` alone has 37,752,832 parameters": a number
belongs to the part before it in its clause, or to the one it is said to be in; a pronoun goes on
with the part of the sentence before. Its noun says what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from generator.claims import anatomy, coreference, images, measures, phrased, phrases
from generator.claims.calls import LayerCall, calls
from generator.claims.candidate import (
    Candidate,
    Reading,
    claiming,
    distinct,
    fitting,
    if_true,
)
from generator.claims.context import Context
from generator.claims.kinds.part_attributes import (
    Said,
    arguments_said,
    attribute,
    carried,
    stated_by,
)
from generator.claims.kinds.part_numbers import Measured, Owner, in_company, near
from generator.claims.lexicon import wordset
from generator.claims.listing import company, of_whole
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.phrases import Phrase
from generator.claims.quantity import Agreement, Quantity, agreement
from generator.claims.referring import (
    asserted,
    candidates_of,
    indefinite,
    rebuilt,
    refer,
    subject_named,
)

KIND = "structure"

# What makes a number between a part and the end of its clause another thing's.
TURNS = wordset(
    "than instead versus vs against compared would could if unlike times more fewer less "
    "cifar mnist respectively whereas while but though although not never nor replace replaces replaced rather "
    "half twice double same many much until because since rest between error my our your feed feeds feeding"
)
LINKS = wordset("in of from by inside within for")
LYING = wordset("lie lies sit sits live lives reside belong belongs are be")
VERBS = wordset("have need give be use make contain contains")
# Units that a part's number may leave unsaid, and what may stand around such a number.
AGAIN = ("parameters", "units", "filters", "maps", "channels")
HAVING = wordset("have be give also again just only even still too need , :")
ENDING = wordset(", ; . ) and as too also but while")
PORTIONS = wordset(
    "parameter weight mult mac flop operation percent % most half third quarter part share rest much many out"
)
APART = wordset("each apiece rest remaining")
NAMING = wordset(": be = → , nn . (")
PRONOUNS = wordset("it this these they its that which there together both here")
WHOLES = wordset("network model net architecture whole total everything altogether overall cnn")
# "Grad-CAM uses the last conv layer", "removing the last stage leaves", "on top of the classifier"
FOREIGN = wordset(
    "uses use using removing remove removed dropping without replacing replace my our your top after "
    "before behind into minus cutting discarding stripping deleting omitting"
)
# What several layers have together.
SHARED = ("parameters", "biases", "share", "mac share", *measures.COMPUTATION, *anatomy.LAYERS)
LEAST_TOTAL = 10**4
ADJACENT = wordset("give → : ( be at")
# What stands between the subject of a clause and a part that it only is related to.
RELATING = wordset("of from by between behind after before below above following on onto at")
HEADING = wordset(", ; : ( and but so the . that")
PARTING = wordset("; : while whereas but which whose where that (")
LARGEST_LIST = 8  # regions that "a 1×1 convolution" may mean


def recognise(context: Context) -> Iterator[Candidate]:
    """Find what is said of parts of networks."""
    before: Phrase | None = None
    spoken: str = ""
    for sentence in context.sentences:
        if sentence.question or len(sentence.pieces) > MAX_PIECES:
            before = None
            continue
        mentioned = context.mentions(sentence)
        found = phrases.find(sentence, context.passage.text, mentioned)
        found = coreference.resumed(sentence, found, before)
        yield from _Reader(context, sentence, mentioned, found, before, spoken).read()
        if mentioned:
            spoken = mentioned[0].name if len({each.name for each in mentioned}) == 1 else ""
        if found:
            before = next((each for each in reversed(found) if not each.listed), found[-1])
        elif mentioned or not sentence.has(*PRONOUNS):
            before = None


# ------------------------------------------------------------------ one sentence


# With these a layer may be spoken of as it would be without the one in front of it.
SAVING = wordset("front directly cuts drops saves saved cheaper fewer")
# With these a number may be of the network that another is compared with.
CONTRASTS = wordset("rather differs differ instead")


class _Reader:
    """The numbers of one sentence and the parts they belong to."""

    def __init__(
        self,
        context: Context,
        sentence: Sentence,
        mentioned: tuple[Mention, ...],
        found: Sequence[Phrase],
        before: Phrase | None,
        spoken: str,
    ) -> None:
        self.context, self.sentence, self.mentioned = context, sentence, mentioned
        self.found, self.before, self.spoken = found, before, spoken
        self.taken: frozenset[int] = frozenset()
        self.last: Said | None = None
        self.gists = [each.gist for each in sentence.pieces]
        self.inside = {at for each in mentioned for at in range(each.first, each.last)}

    def read(self) -> Iterator[Candidate]:
        """Give a candidate for each number that a part has."""
        if not self.found and self.before is None:
            return
        taken = {at for each in self.found for at in range(each.first, each.last)}
        self.taken = frozenset(taken)
        taken -= {
            self.sentence.index_of(each.count)
            for each in self.found
            if each.count is not None and each.listed and each.choice.sort in anatomy.GROUPS
        }
        for phrase in self.found:
            yield from self._facts(phrase)
        for call in calls(self.sentence):
            yield from self._arguments(call)
        measured: list[Measured] = []
        for at in range(len(self.gists)):
            piece = self.sentence.pieces[at]
            counted = piece.sort in (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION)
            if not counted or at in taken or at in self.inside or self._listed(at):
                continue
            large = piece.quantity is not None and piece.quantity.value >= LEAST_TOTAL
            whole = large and of_whole(self.gists, at, self.mentioned) and self._part_of_it(at)
            if whole and (total := self._whole(at)) is not None:
                yield total
            elif not whole and (found := self._number(at)) is not None:
                measured.append(found)
        for each in measured:
            if (candidate := self._judged(each, measured)) is not None:
                yield candidate

    def _number(self, at: int) -> Measured | None:
        piece = self.sentence.pieces[at]
        owner = self._owner(at)
        if owner is None or not asserted(self.sentence, at):
            return None
        if (
            owner.phrase.first > at
            and self.gists[at - 1 : at] == ["of"]
            and self.gists[at - 2] in phrases.NOUNS
        ):
            return None  # "a 5×5 layer of 10.0M multiplications in module 3a"
        if owner.phrase.vague and not self._only_one(owner.phrase, at):
            return None
        first = owner.phrase.first
        if first < at and "without" in self.gists[max(0, first - 5) : first]:
            return None  # "Inception-v3 without its head has 21.8M"
        new = at > 0 and self.gists[at - 1] in ("to", "for", "by", "with")  # "changed to 2 classes"
        if rebuilt(self.sentence) and (new or not owner.tight):
            return None
        pooled = owner.phrase.choice.sort == "pool" and not owner.tight
        said = stated_by(self.context, self.sentence, at)
        if (
            said is None
            and owner.phrase.first > at
            and set(self.gists[at + 1 : at + 2]) & {"in", "for"}
        ):
            said = carried(self.sentence, at)
        between = self.gists[owner.phrase.last : at]
        directly = owner.phrase.last <= at and not set(between) - HAVING
        if between[-2:] == ["the", "output"]:
            return None  # "F6 10,164 and the output 850"
        if said is None and directly:
            said = self._again(at)
        if said is not None and directly:
            self.last = said
        if said is not None and said.unit == "units" and between == ["have"]:
            said = replace(said, side="makes")
        if said is not None and owner.phrase.first > at:
            said = replace(said, side="")  # "takes the 96 maps of conv1": of those that it makes
        first = owner.phrase.first
        joined = len(company(self.gists, self.found, owner.phrase)) > 1
        joined = joined or (
            self.gists[first - 1 : first] == ["and"] and self.gists[first - 2] in phrases.ORDERS
        )  # "the first and the second dense layer"
        if said is None or ((pooled or joined) and said.unit in SHARED):
            return None  # "last pool → 25,088 → 4096, this matrix is 102.8M weights"
        subjects, definite = self._subjects(owner.phrase, at)
        if not definite:
            return None
        regions: list[tuple[Reading, ...]] = []
        single = True
        for subject in subjects:
            found = phrased.resolved(subject, owner.phrase)
            single = single and len(found) < 2
            if not (owner.phrase.choice.plural and said.unit not in SHARED):
                regions += [tuple(attribute(each, said)) for each in found[:LARGEST_LIST]]
        if not any(regions):
            return None
        following = self.gists[at + 1] if at + 1 < len(self.gists) else ""
        return Measured(at, piece, said, owner, tuple(subjects), tuple(regions), single, following)

    def _judged(self, number: Measured, others: Sequence[Measured]) -> Candidate | None:
        """Judge a number by the part it belongs to, or by those of several that others fit."""
        said, owner, subjects = number.said, number.owner, number.subjects
        regions = number.regions
        contrasted = self.sentence.words & CONTRASTS and len({e.name for e in self.mentioned}) > 1
        sure = number.single and (
            said.sure or owner.adjacent or near(number, self.context.sentences)
        )
        if not sure and said.sure and not number.fits:
            chosen = in_company(number, others)
            regions, sure = chosen or regions, bool(chosen)
        readings = [each for one in regions for each in one]
        mapped = isinstance(said.stated, tuple) or said.unit in ("side", "step")
        scaled = mapped and images.of_other_size(self.context.sentences, subjects)
        shortened = isinstance(said.stated, tuple) and bool(self.sentence.words & SAVING)
        sure = sure and not (contrasted or scaled or shortened)
        if not owner.tight and said.unit in ("parameters", *measures.COMPUTATION):
            readings += [each for one in subjects for each in measures.readings(one, said.unit)]
        computed = self.gists[max(0, number.at - 1)] == "="  # the sum before it is judged, too
        found = self._made(
            number.piece, said.stated, readings, subjects[0], sure=sure, decisive=not computed
        )
        if found is None or not computed:
            return found
        return replace(found, used=(self.sentence.pieces[number.at - 2].start,))

    def _part_of_it(self, at: int) -> bool:
        """Whether a part of the number behind "of" is spoken of: "96 % of 61M", but "a layer of 4.8M weights"."""
        of = max(here for here in range(at) if self.gists[here] == "of")
        before = self.gists[of - 1] if of else ""
        count = self.sentence.pieces[of - 1].quantity if of else None
        large = count is not None and count.value >= LEAST_TOTAL
        return at > of + 1 or large or before[:1] == "%" or before in PORTIONS

    def _again(self, at: int) -> Said | None:
        """Read "F6 has 84 as well" behind "C5 has 120 units": the number counts the same."""
        piece, following = self.sentence.pieces[at], self.sentence.pieces[at + 1 : at + 2]
        ends = all(each.gist in ENDING or each.titled for each in following)
        told = piece.sort is Sort.NUMBER and ends
        if self.last is None or not told or piece.quantity is None or piece.numeral:
            return None
        side = "makes" if self.last.unit == "units" else ""
        same = self.last.unit in AGAIN
        return replace(self.last, stated=piece.quantity, side=side) if same else None

    def _only_one(self, phrase: Phrase, at: int) -> bool:
        """Whether the network has no other such part: "fc with 2,049,000 parameters"."""
        subjects, _ = self._subjects(phrase, at)
        return (
            phrase.choice.sort == "fc"
            and not phrase.choice.plural
            and all(len(phrased.resolved(each, phrase)) == 1 for each in subjects)
        )

    def _whole(self, at: int) -> Candidate | None:
        """Judge the total that a part is compared with: "2,049,000 of 25,557,032 parameters"."""
        said = stated_by(self.context, self.sentence, at)
        if said is None or said.unit not in ("parameters", *measures.COMPUTATION) or not self.found:
            return None
        if not isinstance(said.stated, Quantity) or said.stated.value < LEAST_TOTAL:
            return None
        if "instead" in self.gists[max(0, at - 3) : at]:
            return None
        subjects, definite = self._subjects(self.found[0], at)
        readings = [each for one in subjects for each in measures.readings(one, said.unit)]
        if not definite or not readings or not asserted(self.sentence, at):
            return None
        piece = self.sentence.pieces[at]
        saved = bool(self.sentence.words & SAVING)  # "saves nearly all of the 2,049,000"
        return self._made(piece, said.stated, readings, subjects[0], sure=not saved)

    def _made(
        self,
        piece: Piece,
        stated: Quantity | tuple[int, ...],
        readings: Sequence[Reading],
        subject: Subject,
        *,
        sure: bool,
        decisive: bool = True,
    ) -> Candidate | None:
        found = self._sure(piece, stated, readings, subject, decisive=sure and decisive)
        return found if sure else if_true(found)

    def _sure(
        self,
        piece: Piece,
        stated: Quantity | tuple[int, ...],
        readings: Sequence[Reading],
        subject: Subject,
        *,
        decisive: bool = True,
    ) -> Candidate:
        return claiming(
            KIND,
            self.sentence,
            piece,
            stated,
            distinct(readings),
            subject=subject.name,
            expected=self.context.passage.text[piece.start : piece.end].strip(),
            decisive=decisive,
        )

    def _arguments(self, call: LayerCall) -> Iterator[Candidate]:
        """Check a layer as code against the one it is said to be: "features[0]: Conv2d(3, 64, 11)"."""
        phrase = next((each for each in reversed(self.found) if each.last <= call.first), None)
        if phrase is None or set(self.gists[phrase.last : call.first]) - NAMING:
            return
        subjects, definite = self._subjects(phrase, call.first)
        regions = [each for one in subjects for each in phrased.resolved(one, phrase)]
        alone = len({each.index for each in call.arguments.values()}) == len(call.arguments)
        if not definite or not alone or len(regions) > LARGEST_LIST:
            return  # in "Linear(2048, 1000)" both are one piece
        for name, argument in call.arguments.items():
            for said in arguments_said(name, argument.value, linear=call.layer == "fc"):
                readings = [reading for each in regions for reading in attribute(each, said)]
                if readings:
                    yield self._sure(argument.piece, said.stated, readings, subjects[0])

    # -------------------------------------------------------------- what a phrase itself states

    def _facts(self, phrase: Phrase) -> Iterator[Candidate]:
        """Check the channels of "the first dense layer (25,088 → 4,096)", and "its three convolutions"."""
        if not asserted(self.sentence, phrase.first) or rebuilt(self.sentence):
            return
        subjects, definite = self._subjects(phrase, phrase.first)
        if not definite or not subjects:
            return
        compared = bool({"than", "vs", "versus"} & set(self.gists[phrase.last :]))
        for piece, readings in self._stated_in(phrase, subjects):
            if compared and piece is phrase.count:
                continue
            stated = piece.quantity or piece.size
            if readings and stated:
                candidate = self._made(piece, stated, readings, subjects[0], sure=True)
                if candidate is not None:
                    yield candidate

    def _stated_in(
        self, phrase: Phrase, subjects: Sequence[Subject]
    ) -> Iterator[tuple[Piece, list[Reading]]]:
        told = phrase.choice.order is not None or bool(phrase.choice.name)
        if coreference.called(phrase) and phrase.ends is not None:
            yield (
                phrase.ends[0],
                [
                    Reading(pair, f"{region.label} has {pair[0]:,} → {pair[1]:,}", source)
                    for subject in subjects
                    for region in anatomy.regions(subject, phrase.choice)
                    if (pair := anatomy.ends(region.layer)) is not None
                    for source in (f"({region.module}.in_features, {region.module}.out_features)",)
                ],
            )
            return
        yield from self._only_inputs(phrase, subjects)
        for side, piece in enumerate(phrase.ends or ()):
            yield (
                piece,
                [
                    reading
                    for subject in subjects
                    for region in (
                        anatomy.regions(subject, phrase.choice)
                        if told
                        else phrased.resolved(subject, phrase)
                    )
                    if told or anatomy.ends(region.layer) == phrased.channels_of(phrase)
                    for reading in phrased.end(region, side)
                ],
            )
        if phrase.kernel is not None and not phrase.choice.plural:
            yield phrase.kernel, list(_windows(phrase, phrase.kernel, subjects))
        within = phrase.choice.within
        if phrase.count is not None and within is not None:
            kind = subjects[0].name == subjects[0].family and not self.mentioned
            counts = [
                reading
                for subject in (subjects if kind else subjects[:1])
                for region in anatomy.regions(subject, within)
                if within.order is not None or within.name
                for reading in phrased.counted(region, phrase)
            ]
            if kind and len({each.value for each in counts}) > 1:
                counts = []  # the networks of a family differ in this
            yield phrase.count, counts
            if phrase.width is not None:
                every = [e for one in subjects for e in phrased.resolved(one, phrase)]
                yield (
                    phrase.width,
                    [reading for each in every for reading in phrased.width_of_each(each)],
                )

    def _only_inputs(
        self, phrase: Phrase, subjects: Sequence[Subject]
    ) -> Iterator[tuple[Piece, list[Reading]]]:
        """The channels of a network's only dense layer, where one side is said as it is: the inputs, since
        other outputs may be another task's, and the outputs beside the number of its weights."""
        determined = self.gists[phrase.first] in ("the", "its")
        thinned = {"width", "α", "multiplier"} & set(self.gists)
        if phrase.ends is None or phrase.choice.sort != "fc" or thinned:
            return
        stated = phrased.channels_of(phrase)
        for subject in subjects[:1]:
            every = anatomy.regions(subject, phrase.choice)
            pair = anatomy.ends(every[0].layer) if len(every) == 1 else None
            if pair is None or stated is None or (stated[0] == pair[0]) == (stated[1] == pair[1]):
                continue
            side = int(stated[0] == pair[0])
            if self._weighed(every[0], phrase, stated) or (determined and not side):
                yield phrase.ends[side], list(phrased.end(every[0], side))

    def _weighed(self, region: anatomy.Region, phrase: Phrase, ends: tuple[int, int]) -> bool:
        """Whether a layer is said to have its number of weights, and none that others ends would give it:
        "the fc (1024 → 1300) has 1.0M"."""
        following = enumerate(self.sentence.pieces[phrase.last :], phrase.last)
        at = next((at for at, each in following if each.quantity is not None), None)
        stated = self.sentence.pieces[at].quantity if at is not None else None
        if stated is None or stated.value < LEAST_TOTAL:
            return False
        if set(self.gists[phrase.last : at]) - HAVING - {")", "another", "about"}:
            return False
        own = attribute(region, Said(stated, "parameters"))
        others = (Fraction(ends[0] * ends[1]), Fraction((ends[0] + 1) * ends[1]))
        return bool(fitting(stated, own)) and all(
            agreement(stated, each) is Agreement.FALSE for each in others
        )

    # -------------------------------------------------------------- whose number

    def _owner(self, at: int) -> Owner | None:
        if self._apart(at):
            return None
        ahead = self._ahead(at)
        if ahead is not None:
            return Owner(ahead, tight=True)
        behind = [each for each in self.found if each.last <= at]
        phrase = behind[-1] if behind else None
        subject = self._subject_of(behind, at)
        if subject is not None:
            return Owner(subject, tight=True)
        start = self._end(phrase) if phrase is not None else 0
        others = [each for each in self.mentioned if start <= each.first < at]
        if others and not (phrase is None and self._belongs(others[-1])):
            return None
        if phrase is None:
            if self.before is None or not PRONOUNS & set(self.gists[:at]):
                return None
            phrase = self.before
        between = self.gists[start:at]
        another = any(
            one in phrases.DETERMINERS and other in phrases.ORDERS and before != "be"
            for before, (one, other) in zip(["", *between], pairwise(between), strict=False)
        )
        if TURNS & set(between) or another or self._whole_since(start, at):
            return None
        if self._foreign(phrase, at):
            return None
        if "other" in between[:-1] or between[-1:] == ["others"]:
            return None  # "the other 14.7M" are its own
        loose = bool({",", "and", "(", ":"} & set(between) or PRONOUNS & set(between))
        if self._object(phrase, at) and {",", "and"} & set(between):
            return None
        return Owner(phrase, tight=not loose, adjacent=set(between) <= ADJACENT)

    def _subject_of(self, behind: Sequence[Phrase], at: int) -> Phrase | None:
        """The part a clause speaks of, where the nearest one only stands in relation to it: "F6 gets the
        120 outputs of C5 and has 10,164 parameters"."""
        place = len(behind) - 1
        while place > 0 and self._related(behind, place):
            place -= 1
        if not behind or place == len(behind) - 1:
            return None
        first, last = behind[place], behind[-1]
        between, since = self.gists[first.last : last.first], self.gists[last.last : at]
        opens = not first.first or self.gists[first.first - 1] in HEADING
        if not opens or first.choice.plural or _parted(between):
            return None
        if not since or since[0] in ("(", ":", "=") or _parted(since) or PRONOUNS & set(since):
            return None
        if TURNS & set(since) or self._whole_since(last.last, at):
            return None
        return first

    def _related(self, behind: Sequence[Phrase], place: int) -> bool:
        """Whether a part only stands in relation to another: "of C5", "between fc6 and fc8"."""
        between = self.gists[behind[place - 1].last : behind[place].first]
        while between and between[-1] in phrases.DETERMINERS:
            between.pop()
        if between and not set(between) & HEADING and self._owning(behind[place]):
            return True  # "S2 halves C1's maps"
        if between in (["and"], [","]):
            return place > 1 and self._related(behind, place - 1)
        return bool(between) and between[-1] in RELATING

    def _owning(self, phrase: Phrase) -> bool:
        last = self.sentence.pieces[phrase.last - 1]
        written = self.context.passage.text[last.start : last.end].rstrip("` ")
        return written.endswith(("'s", "’s"))

    def _ahead(self, at: int) -> Phrase | None:
        """The part that a number is said to be in: "64 filters in the first layer"."""
        phrase = next((each for each in self.found if each.first > at), None)
        if phrase is None:
            return None
        between = self.gists[at + 1 : phrase.first]
        if "half" in self.gists[max(0, at - 3) : at]:
            return None
        if not between or len(between) > 8 or between[-1] not in LINKS:
            return None
        lies = [here for here, each in enumerate(between) if each in LYING]
        if lies and between[lies[0] - 1] == ",":
            del between[lies[0] - 1]  # "1,281,000 or 36.5 %, lie in the classifier"
        both = bool(lies) and between[:1] == ["or"]
        for here in range(at + (3 if both else 1), phrase.first):
            if self.gists[here][0] in "#@%~" and not of_whole(self.gists, here, self.mentioned):
                return None  # another number is in that part
        said = set(between) - ({"be"} if between[-2:-1] == ["be"] else set())
        if (TURNS | VERBS | {",", "and", "("}) & said:
            return None
        return replace(phrase, vague=phrase.vague and not phrase.choice.plural)

    def _apart(self, at: int) -> bool:
        """Whether a number is said to be each one's, or the rest's."""
        for here in range(at + 1, min(len(self.gists), at + 5)):
            if self.gists[here] in (",", "and", ";", ")"):
                return False
            if self.gists[here] in APART:
                return True
        return False

    def _object(self, phrase: Phrase, at: int) -> bool:
        """Whether a phrase is no subject of its clause: "leaves its stem at …"."""
        if phrase.first == 0 or phrase.last > at or phrase not in self.found:
            return False
        before = self.gists[phrase.first - 1]
        return before not in phrases.OPENING and phrase.first - 1 not in self.inside

    def _foreign(self, phrase: Phrase, at: int) -> bool:
        """Whether a phrase is only what something else uses, or is left without; behind it are its
        maps."""
        before = {each.word.lower() for each in self.sentence.pieces[: phrase.first][-3:]}
        if self.sentence.pieces[at].sort is Sort.SIZE:
            before -= {"after", "behind"}
        return bool(before & FOREIGN)

    def _end(self, phrase: Phrase) -> int:
        """Where a phrase ends, with the network it is of: "the first layer of VGG-16"."""
        for each in self.mentioned:
            link = self.gists[phrase.last : each.first]
            if link in (["of"], ["in"], ["of", "the"], ["in", "the"]):
                return each.last
        return phrase.last

    def _belongs(self, mention: Mention) -> bool:
        """Whether a network's name only says whose part it is: "of ResNet-18"."""
        return mention.first > 0 and self.gists[mention.first - 1] in ("of", "in")

    def _whole_since(self, start: int, at: int) -> bool:
        """Whether the clause has turned to the whole network."""
        return any(
            self.gists[here] in WHOLES
            and self.gists[here - 1] != "a"  # "as a whole"
            and not self._of(here, start)
            for here in range(start, at)
        )

    def _of(self, here: int, start: int) -> bool:
        return bool({"of", "in"} & set(self.gists[max(start, here - 3) : here]))

    def _listed(self, at: int) -> bool:
        """Whether a number is one of a list, "64, 128 and 256 filters"."""

        pieces = self.sentence.pieces
        labelled = {"stride", "pad"} & {self.gists[here] for here in (at - 1, at - 3) if here >= 0}
        if labelled:
            return False  # "stride 2, 131,072 weights"

        def number(here: int) -> bool:
            inside = 0 <= here < len(pieces) and here not in self.taken
            share = self.gists[at][0] == "%" and inside and pieces[here].sort is Sort.NUMBER
            return inside and (share or pieces[here].sort is pieces[at].sort)

        def joined(here: int) -> bool:
            return 0 <= here < len(self.gists) and self.gists[here] in (",", "and", "/", "+")

        ahead = joined(at + 1) and (number(at + 2) or (joined(at + 2) and number(at + 3)))
        back = joined(at - 1) and (number(at - 2) or (joined(at - 2) and number(at - 3)))
        return ahead or back

    # -------------------------------------------------------------- of which network

    def _subjects(self, phrase: Phrase, at: int) -> tuple[tuple[Subject, ...], bool]:
        """The networks a part may be one of, the likeliest first; whether they are definite ones."""
        for each in self.mentioned:
            after = self.gists[phrase.last : each.first]
            if each.last == phrase.first or (after and after[0] in ("of", "in") and len(after) < 3):
                subject = subject_named(self.context, each.name)
                if subject is None:
                    return (), False
                named = subject.name != subject.family
                found = candidates_of(self.context, subject, named=named)
                return tuple(found), not indefinite(subject)
        if not self.mentioned and self.spoken:
            subject = subject_named(self.context, self.spoken)
            if subject is not None:
                named = subject.name != subject.family
                found = candidates_of(self.context, subject, named=named)
                return tuple(found), not indefinite(subject)
        reference = refer(self.context, self.sentence, at, self.mentioned)
        if reference is None:
            return (), False
        found = list(reference.subjects)
        own, recent = self.context.subject, self.context.catalogue.get(self.context.recent)
        if self.mentioned or own is not reference.subject:
            return tuple(found), reference.definite
        told = recent is not None and recent.family == own.family != recent.name
        if recent is None or not told or phrase.choice.sort == "label":
            return tuple(candidates_of(self.context, own, named=False)), reference.definite
        # The section's network, or the one that was named last: the heading names one, too.
        return (own, *candidates_of(self.context, recent, named=True)), reference.definite


def _parted(gists: Sequence[str]) -> bool:
    """Whether another clause begins among these words; brackets that end are none."""
    inside = gists.index(")") if ")" in gists else -1
    return bool(PARTING & set(gists[inside + 1 :]))


def _windows(phrase: Phrase, kernel: Piece, subjects: Sequence[Subject]) -> Iterator[Reading]:
    """The window of a layer that is known without it: the stem's, "the shortcut is a 1×1 conv"."""
    known = phrase.choice.within is not None and phrase.choice.order is None
    if not known and phrase.choice.kernel == kernel.size:
        return
    for subject in subjects:
        found = anatomy.regions(subject, replace(phrase.choice, kernel=()))
        if len(found) == 1:
            yield from attribute(found[0], Said(kernel.size, "kernel"))


__all__ = ["KIND", "recognise"]
