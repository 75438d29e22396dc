"""What a network is built of or lacks: "V1 has no skip connections", "LeNet-5 averages", "uses ReLU".

Each clause speaks of the network it names, else of the one before it, else of the section's. That
something is there is verified only where nothing is said of how much or where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.architectures.ir import (
    Activation,
    AdaptiveAvgPool2d,
    Add,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    LocalResponseNorm,
    MaxPool2d,
    Network,
    SparseConv2d,
    TrainableSubsample,
)
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.kinds.properties import stated_part
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.naming import Mention
from generator.claims.passage import Sentence
from generator.claims.referring import candidates_of, indefinite, subject_named
from generator.claims.wording import Concept, Term, Words, forms, spoken

KIND = "property"

POOLING = wordset("pool pools subsample subsamples subsampling downsamples")


@dataclass(frozen=True, slots=True)
class Component:
    """Something networks have: its words (of ``beside`` one has to stand in the clause, too), whether
    a network has it (``None``: in part), and Python that is true where it does."""

    name: str
    words: Concept
    has: Callable[[Network], bool | None]
    source: str
    beside: Concept = frozenset()
    own: bool = False  # said of a network only where it is named, or its "own"


def _any(*kinds: type) -> Callable[[Network], bool]:
    return lambda network: any(
        isinstance(each.op, kinds) for _, each in networks.main_nodes(network)
    )


def _activates(*functions: str) -> Callable[[Network], bool]:
    return lambda network: any(
        isinstance(each.op, Activation) and each.op.function in functions
        for _, each in networks.main_nodes(network)
    )


def _padded(network: Network) -> bool | None:
    """Whether all convolutions with a window are padded; ``None`` for some of them."""
    found = {
        isinstance(each.op, Conv2d) and each.op.padding != (0, 0)
        for _, each in networks.main_nodes(network)
        if isinstance(each.op, Conv2d | SparseConv2d) and each.op.kernel != (1, 1)
    }
    return found.pop() if len(found) == 1 else None


def _strides(network: Network) -> bool:
    return any(
        isinstance(each.op, Conv2d) and max(each.op.stride) > 1
        for _, each in networks.main_nodes(network)
    )


def _averages(network: Network) -> bool | None:
    """Whether pooling averages; ``None`` where that may be said of the global one at the end."""
    found = _any(AvgPool2d, TrainableSubsample)(network)
    return found or (None if _any(AdaptiveAvgPool2d)(network) else False)


COMPONENTS = (
    Component("skip connections", wordset("shortcut skips residual residuals"), _any(Add),
              "bool(sum_shapes({model}))"),
    Component("max pooling", wordset("max maximum maxima maxpool max-pool max-pools max-pooling maxpools maxpooling"),
              _any(MaxPool2d), "bool(used({model}, nn.MaxPool2d))", POOLING),
    Component("average pooling", forms("average") | wordset("mean avg avg-pool avgpool average-pooling avg-pooling"),
              _averages, "not used({model}, nn.MaxPool2d)", POOLING),
    Component("ReLU", wordset("relu relus"), _activates("relu", "relu6"),
              'bool(made_by({model}, ("relu", "relu_", "relu6", "hardtanh", "hardtanh_")))'),
    Component("tanh", wordset("tanh"), _activates("tanh", "scaled_tanh"), 'bool(made_by({model}, ("tanh", "tanh_")))'),
    Component("batch norm", wordset("bn"), _any(BatchNorm2d), "bool(used({model}, nn.BatchNorm2d))"),
    Component("dropout", wordset("dropout"), _any(Dropout), "bool(used({model}, nn.Dropout))"),
    Component("local response norm", wordset("lrn response"), _any(LocalResponseNorm),
              "bool(used({model}, nn.LocalResponseNorm))"),
    Component("strided convolutions", wordset("strided"), _strides,
              "any(max(each.stride) > 1 for each in used({model}, nn.Conv2d))", wordset("conv")),
    Component("padding", wordset("pad padded pads"), _padded,
              "all(any(each.padding) for each in used({model}, nn.Conv2d))", own=True),
)  # fmt: skip
PLACING = forms("precede follow sit")
HAVING = forms(
    "have use add contain rely employ include apply introduce bring wrap surround take pool subsample "
    "feature"
) | wordset("with + by be already uses had on around of need comes")
THERE = wordset("used employed applied present there")  # fmt: skip
# Words that say how much of something there is, or where.
MEASURED = wordset(
    "each every all only always after before between inside first last most many some few throughout "
    "behind around of one half if when"
)
DENYING = wordset("no not none never nor neither without")
PLAIN = wordset("plain net nets networks models one you block without a an deeper deep that which")
NETWORK = wordset("network net model version architecture original")
# Clauses of other networks than the one that is described, or of the usual.
ELSEWHERE = wordset(
    "today todays today's nowadays modern current currently later newer recent tutorials tutorial others people often "
    "commonly usually implementations implementation re-implementations reimplementations versions variants ports "
    "most instead now successors"
)
# What is padded where it is not a convolution: "the digits are padded to 32×32".
INPUTS = wordset(
    "image input digits digit mnist data dataset samples sample crop crops frame frames pictures they them one "
    "border borders edges"
)
DATING = wordset("came comes published introduced invented appeared dates long years predates")
AGAIN = wordset("them it those none neither also too")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of what a network has or lacks."""
    for sentence, line in zip(context.sentences, context.lines, strict=True):
        if sentence.question:
            continue
        said = stated_part(spoken(_without_rates(line)))
        if said is None or said.whole.has("if", "would", "than", "more", "number"):
            continue
        if said.whole.has(DATING) and any(
            said.whole.before(wordset("before until"), each.words, 3) for each in COMPONENTS
        ):
            continue  # "it came before ReLU, batch norm and dropout"
        mention: Mention | None = None
        before: Component | None = None
        for words in said.clauses:
            own = _mentioned(context, sentence, words)
            mention = own or mention
            found = [each for each in COMPONENTS if _place(each, words, said.whole) is not None]
            again = not found and before is not None and own and words.has(AGAIN | DENYING)
            for each in [before] if again and before else found:
                at = _place(each, words, said.whole)
                candidate = _candidate(context, sentence, words, each, mention, at)
                if candidate is not None:
                    yield candidate
            before = found[0] if found else before


def _without_rates(words: Words) -> Words:
    """Leave out the rate of a dropout: "Dropout(0.5)"."""
    rates = {
        at + step
        for at in words.at(wordset("dropout"))
        if words.part(at + 1, at + 2).has("(") and words.part(at + 3, at + 4).has(")")
        for step in (1, 2, 3)
    }
    return Words(tuple(each for at, each in enumerate(words.terms) if at not in rates))


def _mentioned(context: Context, sentence: Sentence, words: Words) -> Mention | None:
    """The network that a clause names first."""
    places = {each.piece.start for each in words.terms}
    return next(
        (
            each
            for each in context.mentions(sentence)
            if sentence.pieces[each.first].start in places
        ),
        None,
    )


def _place(each: Component, words: Words, whole: Words) -> int | None:
    """Where a clause speaks of a component; global pooling is something else."""
    places = words.at(each.words)
    if not places or (each.beside and not whole.has(each.beside)) or words.has("global", "mask"):
        return None
    following = words.part(places[0] + 1, places[0] + 2)
    return (
        None
        if following.has("network", "networks", "net", "nets", "learning", "error")
        else places[0]
    )


def _denied(words: Words, at: int | None) -> bool | None:
    """Whether a clause says that something is not there; ``None`` where "without" leaves it open."""
    span = words.terms[max(0, at - 5) : at + 1] if at is not None else words.terms
    found = [each for each in span if not each.spellings.isdisjoint(DENYING)]
    if any(each.means(wordset("neither nor")) for each in found):
        return True
    if len(found) > 1 or any("no" not in e.spellings and "without" in e.spellings for e in found):
        return None
    return bool(found)


def _candidate(
    context: Context,
    sentence: Sentence,
    words: Words,
    each: Component,
    mention: Mention | None,
    at: int | None,
) -> Candidate | None:
    denied = _denied(words, at)
    if denied is None:
        return None
    if each.name == "padding" and (
        words.has(INPUTS) or not (words.has("same") or denied or words.has(forms("pad")))
    ):
        return None
    if words.has(ELSEWHERE) or (at is not None and _of_its_own(words, at)):
        return None
    subject = subject_named(context, mention.name) if mention is not None else context.subject
    if subject is None or (mention is None and not _speaks_of_it(words, each, subject)):
        return None
    affirmed = not denied
    if affirmed and at is not None and not _there(words, at):
        return None
    meant = candidates_of(
        context, subject, named=mention is not None and subject.name != subject.family
    )
    values = {each.has(one.network) for one in meant}
    if len(values) != 1 or None in values:
        return None
    holds = values.pop() is affirmed
    sized = any(e.piece.size for e in words.terms) and not each.beside
    measured = sized or words.has(MEASURED) or any(e.count in range(2, 999) for e in words.terms)
    if measured and (denied or holds):
        return None
    return _claim(sentence, words.terms[at or 0], each, meant[0], affirmed=affirmed, holds=holds)


def _of_its_own(words: Words, at: int) -> bool:
    """Whether a clause says something of such layers, and not that a network has one: "a max pool has none",
    "before ReLU was used"."""
    before = words.part(at - 3, at)
    articles = [k for k in range(max(0, at - 3), at) if words.terms[k].means(wordset("a an"))]
    subject = bool(articles) and not words.part(0, articles[0]).has(HAVING)
    return subject or before.has("before", "until")


def _there(words: Words, at: int) -> bool:
    """Whether a clause says that something is had or used: "uses ReLU", "dropout is used"."""
    if words.terms[at].means(wordset("pads padded")):
        return True
    if words.part(at - 1, at).has("the"):
        return False  # "even with the skip"
    return (
        words.part(at - 6, at + 1).has(HAVING)
        or words.part(at + 1, at + 4).has(PLACING)
        or (words.part(at, at + 6).has(THERE) and not words.part(at, at + 6).has(DENYING))
    )


def _speaks_of_it(words: Words, each: Component, subject: Subject) -> bool:
    """Whether a clause that names no network speaks of the section's."""
    if indefinite(subject) or (each.own and not words.has("its")):
        return False
    named = each.words | NETWORK
    places = words.at(each.words)
    fixed = places and words.part(places[0] + 1, places[0] + 2).has(
        PLACING
    )  # "dropout precedes the …"
    articles = [at for at in words.at(wordset("the this")) if not fixed or at < places[0]]
    told = all(words.part(at + 1, at + 3).has(named) for at in articles)
    before = {at - step for at in words.at(each.words) for step in (1, 2)}
    rest = Words(
        tuple(
            e
            for at, e in enumerate(words.terms)
            if at not in before or e.piece.word.lower() not in ("a", "an")
        )
    )
    plain = rest.has(PLAIN) and not words.before(wordset("the this"), wordset("net"), 2)
    return told and not plain


def _claim(
    sentence: Sentence,
    term: Term,
    each: Component,
    subject: Subject,
    *,
    affirmed: bool,
    holds: bool,
) -> Candidate:
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    line = f"assert {'' if affirmed else 'not '}{each.source.format(model=model)}"
    there = affirmed is holds
    how = f"{subject.name} has {'' if there else 'no '}{each.name}"
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        term.piece.start,
        True,
        (Reading(holds, how, "", (line,)),),
        subject=subject.name,
        expected=f"{'' if affirmed else 'no '}{each.name}",
    )


__all__ = ["KIND", "recognise"]
