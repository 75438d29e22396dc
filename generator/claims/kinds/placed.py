"""Behind which convolutions something comes: "LRN comes after conv1 and conv2", "max pooling behind conv5"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.architectures.ir import Conv2d, Dropout, LocalResponseNorm, MaxPool2d, Network
from generator.claims import networks
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.kinds.components import KIND
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Sentence
from generator.claims.referring import candidates_of, indefinite
from generator.claims.wording import NEGATIONS, Words

PLACED = (
    ("local response norm", wordset("lrn response"), LocalResponseNorm),
    ("max pooling", wordset("pool"), MaxPool2d),
    ("dropout", wordset("dropout"), Dropout),
)
BEHIND = wordset("after behind follow follows following")
OPEN = wordset("if before except average global overlapping between relu bn size")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
LISTING = wordset("the and both also , & layer layers") | set(ORDINALS)
FEW = 8  # more convolutions are named by their stages


def recognise(context: Context) -> Iterator[Candidate]:
    """Find statements of what comes after which convolutions."""
    subject = context.subject
    if subject is None or indefinite(subject):
        return
    for sentence, words in zip(context.sentences, context.lines, strict=True):
        if sentence.question or words.has(OPEN, NEGATIONS) or context.mentions(sentence):
            continue
        meant = [
            each
            for each in candidates_of(context, subject, named=False)
            if len(networks_convs(each.network)) < FEW
        ]
        for name, concept, kind in PLACED:
            places = words.at(concept)
            behind = [at for at in words.at(BEHIND) if places and 0 < at - places[0] <= 4]
            stated = _convolutions(words.part(behind[0] + 1, len(words.terms))) if behind else set()
            if stated:
                candidate = _candidate(sentence, words, places[0], name, kind, stated, meant)
                if candidate is not None:
                    yield candidate


def networks_convs(network: Network) -> list[int]:
    """The places of a network's convolutions."""
    return [at for at, node in networks.main_nodes(network) if isinstance(node.op, Conv2d)]


def _convolutions(words: Words) -> set[int]:
    """The convolutions that a list names: "conv1 and conv2", "the first and the second conv layer"."""
    found: set[int] = set()
    for at, term in enumerate(words.terms):
        if not term.means(LISTING) and not any(e.startswith("conv") for e in term.spellings):
            break
        label = next((each for each in term.spellings if each.startswith("conv")), "")
        if label[4:].isdecimal():
            found.add(int(label[4:]))
        elif words.part(at, len(words.terms)).has("conv"):
            found |= {nth for nth, each in enumerate(ORDINALS, 1) if term.means(wordset(each))}
    return found


def _behind(network: Network, kind: type) -> set[int]:
    """Behind which convolutions, counted from 1, something of a kind comes."""
    convs = networks_convs(network)
    return {
        sum(each < at for each in convs)
        for at, node in networks.main_nodes(network)
        if isinstance(node.op, kind)
    }


def _candidate(
    sentence: Sentence,
    words: Words,
    at: int,
    name: str,
    kind: type,
    stated: set[int],
    meant: Sequence[Subject],
) -> Candidate | None:
    having = [each for each in meant if _behind(each.network, kind)]
    if not having:
        return None
    readings = []
    for each in having:
        actual = _behind(each.network, kind)
        shown = ", ".join(map(str, sorted(actual)))
        lines = (
            f'calls = calls_of(model("{each.name}"), {each.network.input_shape})',
            "convs = [nth for nth, call in enumerate(calls) if isinstance(call[1], nn.Conv2d)]",
            f"found = [nth for nth, call in enumerate(calls) if isinstance(call[1], nn.{kind.__name__})]",
            f"assert {stated} <= {{sum(conv < at for conv in convs) for at in found}}",
        )
        how = f"{each.name} has {name} after the convolutions {shown}"
        readings.append(Reading(stated <= actual, how, "", lines))
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        words.terms[at].piece.start,
        True,
        tuple(readings),
        subject=having[0].name,
        expected=f"{name} after the convolutions {', '.join(map(str, sorted(stated)))}",
    )
