"""Which network a number in a sentence is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.claims import networks
from generator.claims.candidate import Reading
from generator.claims.context import Context
from generator.claims.lexicon import SUPPOSING, wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence, Sort

COMPARISONS = wordset(
    "than unlike compared versus vs like instead over from beats outperforms deeper lessthan "
    "morethan"
)
# Words that lead up to a number of the network a sentence is about.
PLAIN = wordset(
    "it its this that which the a an all of in with at by as to from for and or but also there they "
    "network model architecture net cnn convnet version variant form design one "
    "have need use be give total contains consists comprises counts features boasts reaches made "
    "composed built comes weighs hold about only just already still now even then whole entire full "
    "original large huge big small deep famous popular well-known classic standard modern first last "
    "final layer layers conv fc pool block blocks filter filters channel number parameter weight "
    "parameters trainable learnable depth size learned overall altogether together has had was far "
    "up most least more than over under roughly almost nearly each every main different such these "
    "those their inception residual module modules input image output map fmap volume while with "
    "without auxiliary head heads stride pad max average exactly does do not vs against compared "
    "its' mult mac flop operation forward pass takes take takes costs cost computation ends in "
    "stage stages feature features flattened flatten convnets neural deeper parts part upto alone "
    "trained stem number goes go going vector alone expansion factor "
    "same uses "
    "way stack shape softmax class units so hence thus therefore expand expands "
    "factor means mean stands refers meaning"
)
# "Networks had 20 layers" speaks of no network in particular, "VGG networks have" of one kind.
PLURALS = wordset("networks nets models")
# What "a 60M-parameter" is an attribute of.
ATTRIBUTED = wordset("network model net cnn convnet one version variant")
# What may stand between a number and the network it belongs to: "60 million parameters in AlexNet".
LINKING = wordset("parameter weight mac flop in of for the trainable mult operation")

LISTED = LINKING | wordset(", and conv fc pool layer block module max")


def clause(sentence: Sentence, index: int) -> tuple[int, int]:
    """Bound the clause around a piece by commas, brackets and "but"."""
    stops = {",", "(", ")", "but", "while", "whereas", ":", "and", ";"}
    first = last = index
    while first > 0 and sentence.pieces[first - 1].gist not in stops:
        first -= 1
    while last < len(sentence.pieces) and sentence.pieces[last].gist not in stops:
        last += 1
    return first, last


@dataclass(frozen=True, slots=True)
class Reference:
    """The networks a number may be about, the likeliest first. Unless ``certain``, only agreement
    says anything: the sentence may speak of something else."""

    subjects: tuple[Subject, ...]
    certain: bool
    # Whether the likeliest is a network that others would mean, too, and no kind ("a CNN").
    definite: bool = True

    @property
    def subject(self) -> Subject:
        """The likeliest network."""
        return self.subjects[0]


def refer(
    context: Context, sentence: Sentence, index: int, named: tuple[Mention, ...]
) -> Reference | None:
    """Find the networks that piece ``index`` of a sentence may be about.

    ``None`` also where the sentence does not state its number: it supposes, reports or denies it.
    """
    if not asserted(sentence, index) or (not named and _of_words(sentence)):
        return None
    subject, explicit = about(context, sentence, index, named)
    found = (
        candidates_of(context, subject, named=explicit and subject.name != subject.family)
        if (subject is not None)
        else []
    )
    certain = _plain(sentence, index, named)
    carried, sure = ("", False) if named else _carried(context, sentence)
    spoken = carried or context.recent
    recent = context.catalogue.get(spoken) if spoken and not explicit else None
    if recent is not None and sure:
        subject, found = recent, candidates_of(context, recent, named=recent.name != recent.family)
    if recent is not None and (subject is None or recent.name != subject.name):
        others = candidates_of(context, recent, named=recent.name != recent.family)
        # "It" may be the network named last, or the one the section describes.
        found = (
            [*others, *found]
            if subject is None or recent.family != subject.family
            else [*found, *others]
        )
        certain = certain and (subject is None or recent.family == subject.family)
    if not found:
        return None
    definite = not indefinite(found[0])
    certain = certain and definite and not _one_of_many(sentence, found[0], named)
    if not certain and not named:
        # What agrees with some other network of the family by chance is no claim.
        found = [each for each in (subject, recent) if each is not None]
    return Reference(tuple({each.name: each for each in found}.values()), certain, definite)


def _carried(context: Context, sentence: Sentence) -> tuple[str, bool]:
    """The network that the sentence before in the same statement begins with, and whether a sentence goes on
    about it: "ResNet-18 isn't a monster like VGG-16; it has 11.7 million parameters"."""
    at = context.sentences.index(sentence)
    named = context.mentions(context.sentences[at - 1]) if at else ()
    if not named or not named[0].name:
        return "", False
    begins = named[0].first <= 1
    return named[0].name, begins and sentence.pieces[0].gist in ("it", "its", "this")


def asserted(sentence: Sentence, index: int) -> bool:
    """Whether a sentence states the number at ``index`` as a fact."""
    first, _ = clause(sentence, index)
    stated = [
        each
        for at, each in enumerate(sentence.pieces)
        if not (each.gist == "if" and _convention(sentence, at))
        and not (each.gist == "false" and at and sentence.pieces[at - 1].gist == "=")
    ]
    words = {each.word.lower() for each in stated} | {each.gist for each in stated}
    before = {each.gist for each in sentence.pieces[first:index]}
    return not (words & SUPPOSING or before & {"not", "never", "nor"})


def rebuilt(sentence: Sentence) -> bool:
    """Whether a sentence tells how to change a network: "chop off the FC layers, add your own head"."""
    words = {each.word.lower() for each in sentence.pieces}
    return bool(words & REBUILDING) or {"your", "own"} <= words or {"new", "head"} <= words


REBUILDING = wordset(
    "chop chopping replace replaces replaced replacing swap swaps swapped swapping remove removing "
    "discard discarding strip stripping exchange append appending attach changed changing removes removed"
)


def _convention(sentence: Sentence, at: int) -> bool:
    """Whether an "if" says how something is counted: "39 if you count both operations"."""
    after = {each.word.lower() for each in sentence.pieces[at + 1 : at + 8]}
    return bool(after & COUNTING)


COUNTING = wordset(
    "count counts counted counting include includes included ignore ignored leave excluded exclude"
)


def _one_of_many(sentence: Sentence, subject: Subject, named: tuple[Mention, ...]) -> bool:
    """ "A ResNet with 1202 layers": some network of a family."""
    return subject.name == subject.family and any(
        each.name == subject.name and sentence.pieces[each.first - 1].gist in ("a", "an")
        for each in named
        if each.first
    )


def _plain(sentence: Sentence, index: int, named: tuple[Mention, ...]) -> bool:
    """Whether nothing but plain words leads up to the number: "the network has about 60 …"."""
    inside = {at for each in named for at in range(each.first, each.last)}
    first, _ = clause(sentence, index)
    after = {each.gist for each in sentence.pieces[index + 1 : index + 4]}
    if index and sentence.pieces[index - 1].gist in ("a", "an") and after & ATTRIBUTED:
        return False  # "a 60M-parameter model"
    if first > 1 and sentence.pieces[first - 1].gist == "(":
        outer, _ = clause(sentence, first - 2)
        first = first if inside & set(range(outer, first)) else outer
    words = {
        piece.gist
        for at, piece in enumerate(sentence.pieces[first:index], first)
        if at not in inside and piece.sort is Sort.WORD and not _of_images(sentence, at)
    }
    return words <= (PLAIN | PLURALS if any(each.name for each in named) else PLAIN)


def _of_words(sentence: Sentence) -> bool:
    """Whether a sentence is about a table of words' embeddings, which no network of images has."""
    return sentence.has("embedding", "embeddings") and sentence.has(
        "matrix", "table", "vocabulary", "vocab", "words", "softmax"
    )


def _of_images(sentence: Sentence, at: int) -> bool:
    """Whether a word stands in front of the size of the images that go in: "on 1024×1024 images"."""
    following = sentence.pieces[at + 1 : at + 3]
    sized = len(following) == 2 and len(following[0].size) == 2 and min(following[0].size) > 64
    return sized and sentence.pieces[at].gist == "on" and following[1].gist in ("image", "input")


def indefinite(subject: Subject) -> bool:
    """Whether a network has no form that anyone else would mean: a kind, such as "CNN"."""
    kind = bool(subject.family) and subject.family == subject.variant
    others = set(subject.siblings) - {subject.name, subject.variant}
    return kind and not (subject.changed or others or subject.figures)


def about(
    context: Context, sentence: Sentence, index: int, named: tuple[Mention, ...]
) -> tuple[Subject | None, bool]:
    """Find the network a number is about: (subject, whether the sentence names it).

    The name right after it ("60 million parameters in AlexNet"), else the last name before it, else
    the only name of the sentence; without a name the section's network.
    """
    if not named:
        return context.subject, False
    for each in named:
        if each.first <= index < each.last:
            return subject_named(context, each.name), True
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
    listed_for = None if before else _closing(sentence, index, named)
    if after:
        chosen = after[0]
    elif listed_for is not None:
        chosen = listed_for
    elif before:
        chosen = before[-1]
    elif {piece.gist for piece in sentence.pieces[index : named[0].first]} & {"it", "this"}:
        return context.subject, False  # "with 7M parameters it is smaller than AlexNet"
    elif len(named) == 1:
        chosen = named[0]
        between = {piece.gist for piece in sentence.pieces[index + 1 : chosen.first]}
        if between & (COMPARISONS | {",", ";", "(", ":", "twice", "times", "half"}):
            return context.subject, False
    else:
        return None, True
    if _compared(sentence, chosen, index):
        return context.subject, False
    return subject_named(context, chosen.name), True


def _closing(sentence: Sentence, index: int, named: tuple[Mention, ...]) -> Mention | None:
    """The network behind a list of counts: "5 pools, 13 convs, 3 FCs in VGG-16"."""
    first = named[0]
    between = [each.gist for each in sentence.pieces[index + 1 : first.first]]
    listed = all(each in LISTED or each[0] == "#" for each in between[:-1])
    return first if between and between[-1] in ("in", "of", "for") and listed else None


def listed_mention(sentence: Sentence, index: int, named: tuple[Mention, ...]) -> Mention | None:
    """Read "VGG-16 and VGG-19 have 138 million and 144 million": names and numbers in one order.

    A mention without a name says that there are several networks and no such order.
    """
    before = [each for each in named if each.last <= index]
    if before and (paired := _paired(sentence, index, before)):
        return paired
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


def _paired(sentence: Sentence, index: int, before: list[Mention]) -> Mention | None:
    """Read "ResNet-50 has fewer parameters than VGG-16 (25.6M vs 138M)": two names, two numbers."""
    first, last = clause_in_brackets(sentence, index)
    if first == last:  # "VGG-16 is bigger than AlexNet: 138M vs. 61M parameters"
        first, last = before[-1].last, len(sentence.pieces)
    gists = [each.gist for each in sentence.pieces[first:last]]
    numbers = [at for at in range(first, last) if sentence.pieces[at].quantity is not None]
    opposed = bool(set(gists) & {"vs", "versus", "against"})
    if len(before) != 2 or len(numbers) != 2 or index not in numbers or not opposed:
        return None
    return before[numbers.index(index)]


def clause_in_brackets(sentence: Sentence, index: int) -> tuple[int, int]:
    """Bound the brackets around a piece; nothing where there are none."""
    gists = [each.gist for each in sentence.pieces]
    opened = [at for at in range(index) if gists[at] == "("]
    closed = [at for at in range(index, len(gists)) if gists[at] == ")"]
    if not opened or not closed or ")" in gists[opened[-1] : index]:
        return index, index
    return opened[-1] + 1, closed[0]


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


def _likened(sentence: Sentence, name: Mention) -> bool:
    """Whether a network is only likened to: "as in ResNet-50", "the other way round than in VGG"."""
    before = [each.gist for each in sentence.pieces[max(0, name.first - 2) : name.first]]
    return before[-1:] in (["like"], ["unlike"]) or before in (["as", "in"], ["than", "in"])


def property_reading(
    context: Context, sentence: Sentence, index: int, check: Callable[[Subject], Reading | None]
) -> tuple[Subject | None, Reading | None]:
    """Decide a property for the network meant, or one its family's name stands for."""
    named = tuple(each for each in context.mentions(sentence) if not _likened(sentence, each))
    subject, explicit = about(context, sentence, index, named)
    if subject is None:
        return None, None
    reading = check(subject)
    if reading is None or reading.value is not True:
        others = networks.alternatives(subject, named=explicit and subject.name != subject.family)
        for name in others:
            other = context.catalogue.get(name)
            found = check(other) if other is not None else None
            if other is not None and found is not None and found.value is True:
                return other, found
    return subject, reading
