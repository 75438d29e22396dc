"""Whole networks in numbers: "AlexNet has about 60 million parameters", "≈ 4.1 GFLOPs".

About the network the sentence names, else the one its section describes. A family's name stands for
any of its networks. FLOPs are multiply-adds to some and twice that to others; both are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.architectures.ir import Conv2d, Linear, SparseConv2d
from generator.claims import networks, phrases, varied
from generator.claims.candidate import Candidate, Reading, claiming, distinct, fitting, if_true
from generator.claims.context import Context
from generator.claims.figures import CIRCULATING
from generator.claims.lexicon import wordset
from generator.claims.listing import of_difference, of_whole
from generator.claims.model import Figure, Subject
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.quantity import Hedge, Quantity, show, with_noun
from generator.claims.referring import (
    Reference,
    candidates_of,
    clause,
    listed_mention,
    rebuilt,
    refer,
    subject_named,
)
from generator.claims.scene import Role

KIND = "totals"

_KINDS_OF = r"<*trainable learnable learned free total model network different of its in the*>"
PARAMETERS = tuple(
    pattern(text)
    for text in (
        rf"<n:#%> {_KINDS_OF}(?:parameter|weight)",
        r"(?:parameter|weight) (?:(?:count|number|total|size|be|of|:|=|→|at|in|the|for|whole|"
        r"network|model|overall|\()+ )*<n:#%>",
        # "fewer parameters than VGG-16 (25.6M vs 138M)"
        r"(?:parameter|weight) (?:[^\s.;]+ ){1,5}\( <n:#> (?:vs|versus|against) #\d+",
        r"(?:parameter|weight) (?:[^\s.;]+ ){1,5}\( #\d+ (?:vs|versus|against) <n:#>",
        r"number of <*trainable learnable free total*>(?:parameter|weight) <..6>(?:be|:|=|of|→) "
        r"<n:#%>",
    )
)
MACS = tuple(
    pattern(text)
    for text in (
        r"<n:#%> <*floating-point total of*>(?P<unit>mac|flop|mult|operation)",
        r"(?P<unit>mac|flop) (?:(?:count|be|of|:|=|→|about|at|for|the|whole|forward|pass|network|"
        r"\() )*<n:#%>",
    )
)
# Words before a number that make it no total of the network itself.
CHANGES = wordset("to from by than of versus vs not instead x × each per additional extra")
DIFFERENCE = wordset("bigger larger heavier smaller lighter")
COMPARED = wordset(
    "fewer less times reduces reduced reduction saves save saving savings drops cut cuts shrink "
    "shrinks "
    "difference additional extra respectively"
)
PARTS = wordset(
    "layer block module stage head branch first last final each per of-which of-them encoder "
    "decoder "
    "embedding unit filter filters bn bias stem backbone classifier tail remaining rest"
)
ONE_INPUT = pattern(
    r"(?:each|a|one|for) <*single @\d+ one a*>(?:image|input|forward|pass|sample|example|"
    r"inference|crop)"
)
_LAYER_NAME = re.compile(r"(?:fc|conv|layer|block|stage)-?\d+(?:[_.]\d+)?|[cfs]\d")
HEADS = wordset("fc classifier head top classification output")
UNITS = {
    "parameter": "parameters",
    "mac": "multiply-adds",
    "flop": "FLOPs",
    "mult": "multiplications",
    "operation": "operations",
}
WHOLE = wordset("total altogether overall network model together whole entire")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find totals of networks."""
    for number, sentence in enumerate(context.sentences):
        if sentence.question:
            continue
        named = context.mentions(sentence)
        seen: set[int] = set()
        for what, forms in (("parameters", PARAMETERS), ("macs", MACS)):
            for form in forms:
                for found in sentence.find(form):
                    piece = found["n"]
                    if piece.start in seen or piece.numeral:
                        continue
                    unit = found.match.group("unit") if what == "macs" else "parameter"
                    candidate = _candidate(context, number, sentence, piece, what, named, unit)
                    if candidate is not None:
                        seen.add(piece.start)
                        again = not named and _said_before(context, piece)
                        yield replace(candidate, affirm_only=candidate.affirm_only or again)
        yield from _unnamed(context, sentence, named, seen)


def _said_before(context: Context, piece: Piece) -> bool:
    """Whether a number stands in a statement before this one: then it may be of what that was about."""
    value = piece.quantity.value if piece.quantity is not None else None
    return value is not None and any(
        each.quantity is not None and each.quantity.value == value
        for sentence in context.earlier
        for each in sentence.pieces
    )


def _unnamed(
    context: Context, sentence: Sentence, named: tuple[Mention, ...], seen: set[int]
) -> Iterator[Candidate]:
    """Read "ResNet-50 (25.6M), ResNet-101 (44.5M)": millions right after a name are parameters."""
    spoken = sentence.has("parameter")
    for mention in named:
        index = _number_beside(sentence, mention, spoken=spoken)
        if index is None:
            continue
        piece = sentence.pieces[index]
        stated = piece.quantity
        after = sentence.words_after(piece, 1)
        if stated is None or not stated.rounded or stated.value < 10**5 or piece.start in seen:
            continue
        if not re.search(r"(?:M|million)$", stated.text) or (after and after[0] not in _CLOSES):
            continue
        listed = listed_mention(sentence, index, named)
        subject = subject_named(context, (listed or mention).name)
        if subject is None:
            continue
        readings = [
            reading
            for each in candidates_of(context, subject, named=subject.name != subject.family)
            for reading in (*parameter_readings(each, ""), *published_readings(each, "parameters"))
        ]
        if not spoken and not fitting(stated, readings):
            continue
        seen.add(piece.start)
        yield claiming(
            KIND,
            sentence,
            piece,
            stated,
            distinct(readings),
            subject=subject.name,
            expected=f"{stated.text} parameters",
        )


def _number_beside(sentence: Sentence, mention: Mention, *, spoken: bool) -> int | None:
    """The number right after a name, or in "138M (VGG-16)" right before it."""
    index, before = mention.last, mention.first - 2
    bracketed = before >= 0 and sentence.pieces[before + 1].gist == "("
    if spoken and bracketed and sentence.pieces[before].quantity is not None:
        return before
    while index < len(sentence.pieces) and sentence.pieces[index].gist in _BETWEEN:
        index += 1
    return None if index >= len(sentence.pieces) or index - mention.last > 3 else index


_BETWEEN = wordset("( : have with at be [ |")
_CLOSES = wordset(") ( , . ; ] | and vs while but / →")


def _candidate(
    context: Context,
    number: int,
    sentence: Sentence,
    piece: Piece,
    what: str,
    named: tuple[Mention, ...],
    unit: str,
) -> Candidate | None:
    stated = piece.quantity
    if stated is None or stated.value < (1000 if what == "parameters" else 10**6):
        return None
    index = sentence.index_of(piece)
    if set(sentence.words_after(piece, 3)) & DIFFERENCE or of_difference(sentence, index):
        return None  # "5.3M parameters bigger than …"
    if _layer_described(context, number, sentence, index):
        return None
    reference = refer(context, sentence, index, named)
    listed = listed_mention(sentence, index, named)
    told = listed is not None and bool(listed.name)
    if reference is None or (_vetoed(sentence, index, named) and not told):
        return None
    stated = _rounded(stated)
    readings = _readings(
        reference, what=what, sentence=sentence, index=index, unit=unit, named=named
    )
    if not readings:
        return None
    written = context.passage.text[piece.start : piece.end].strip()
    found = claiming(
        KIND,
        sentence,
        piece,
        stated,
        distinct(readings),
        subject=reference.subject.name,
        expected=_hedge(stated) + with_noun(written, UNITS[unit]),
        used=varied.places(sentence),
    )
    certain = reference.certain and (told or not _ends_a_list(sentence, index))
    certain = certain and not _of_part(context, sentence, index, named) and not rebuilt(sentence)
    return found if certain else if_true(found)


def _of_part(context: Context, sentence: Sentence, index: int, named: tuple[Mention, ...]) -> bool:
    """Whether the sentence speaks of a part before the number and names no network after it, or goes
    on with what an earlier sentence says of one."""
    before = [each for each in named if each.last <= index]
    start = before[-1].last if before else 0
    text = context.passage.text
    spoken = [
        each
        for each in phrases.find(sentence, text, named)
        if start <= each.first < index and not each.listed
    ]
    gists = {each.gist for each in sentence.pieces[:index]}
    of_all = gists & (WHOLE - {"together", "total"})
    if spoken or before or not gists & CONTINUED or of_all:
        return bool(spoken) and not of_all
    at = context.sentences.index(sentence)
    return any(
        not each.listed
        for other in context.sentences[:at]
        for each in phrases.find(other, text, context.mentions(other))
    )


CONTINUED = wordset("it this these they its that together so thus")


def _ends_a_list(sentence: Sentence, index: int) -> bool:
    """Whether a number is one of several: "the stages have 0.2M, 1.2M and 7.1M parameters"."""
    before = sentence.pieces[max(0, index - 2) : index]
    return len(before) == 2 and before[0].sort is Sort.NUMBER and before[1].gist in (",", "and")


def _hedge(stated: Quantity) -> str:
    return {Hedge.OVER: "over ", Hedge.UNDER: "under ", Hedge.ABOUT: "about "}.get(stated.hedge, "")


def _rounded(stated: Quantity) -> Quantity:
    """A total with three zeros at its end is a rounded one: 138,000,000."""
    if stated.exact and stated.coarse >= 1000:
        return replace(stated, rounded=True, place=min(stated.coarse, Fraction(10**6)))
    return stated


def _layer_described(context: Context, number: int, sentence: Sentence, index: int) -> bool:
    """Whether the number's own sentence describes one layer."""
    first, last = clause(sentence, index)
    own = [
        each
        for role in (Role.KERNEL, Role.FILTERS, Role.IN_CHANNELS)
        for each in context.scene.of(role)
        if each.sentence == number and first <= each.index < last
    ]
    return bool(own)


def _vetoed(sentence: Sentence, index: int, named: tuple[Mention, ...]) -> bool:
    before = [each.gist for each in sentence.pieces[max(0, index - 2) : index]]
    if before and before[-1] in CHANGES and "total" not in before:
        return not (before[-1] in ("than", "of") and any(each.last == index for each in named))
    first, last = clause(sentence, index)
    words = {each.gist for each in sentence.pieces[first:last]}
    if ONE_INPUT.regex.search(sentence.gist):
        words.discard("each")
    if any(_LAYER_NAME.fullmatch(each.gist) for each in sentence.pieces[: index + 3]):
        return True  # "fc6 alone: …", "with 102.8M weights fc6 …"
    if first and sentence.pieces[first - 1].gist == "(":
        outer, _ = clause(sentence, first - 1)  # "reduced the number of parameters (4M)"
        if {each.gist for each in sentence.pieces[outer:first]} & COMPARED:
            return True
    if words & COMPARED:
        return True
    if "auxiliary" in words:
        words -= {"head", "heads", "branch", "classifier"}
    return bool(words & PARTS) and not (words & WHOLE) and not words & {"fc", "conv"}


# ------------------------------------------------------------------ readings


def _readings(
    reference: Reference,
    *,
    what: str,
    sentence: Sentence,
    index: int,
    unit: str,
    named: tuple[Mention, ...],
) -> list[Reading]:
    first, last = clause(sentence, index)
    gists = [each.gist for each in sentence.pieces]
    parting = (at for at in range(index, last - 1) if gists[at : at + 2] == ["of", "which"])
    words = set(gists[first : next(parting, last)])  # "138.4M parameters, of which …"
    before = gists[max(0, index - 1) : index]
    whole = of_whole(gists, index, named)
    part = "" if whole else _part(words, before)
    everywhere = {each.gist for each in sentence.pieces}
    explicit_total = whole or bool(words & WHOLE)
    orders = [f"{order} " for order in ("first", "last") if order in everywhere]
    elsewhere = [
        f"{order}{kind}"
        for kind in ("fc", "conv")
        if kind in everywhere - words and "layer" in everywhere
        for order in (*orders, "")
    ]
    own = _varied(reference.subjects, sentence, index, what=what, unit=unit) if not part else []
    if own:
        return own
    if "without" in words and "auxiliary" not in words:
        if what != "parameters" or not words & HEADS:
            return []
        part = "body"
    found: list[Reading] = []
    for each in reference.subjects:
        if what == "parameters":
            found += parameter_readings(each, part)
            if not part and not explicit_total:
                found += [r for other in elsewhere for r in _part_readings(each, other)]
        elif not part:
            found += mac_readings(each, unit)
        if not part:
            found += published_readings(each, what)
    return found


def _varied(
    subjects: Sequence[Subject], sentence: Sentence, index: int, *, what: str, unit: str
) -> list[Reading]:
    """What networks have where the sentence gives them other classes, or images of another size: "ResNet-18
    with 10 classes has 11.2M parameters", "at 160×160"; nothing where it does not."""
    found: list[Reading] = []
    classes, side = varied.classes(sentence), varied.side(sentence, index)
    for each in subjects:
        if what == "parameters" and classes is not None and not each.changed:
            built = varied.build(each.variant or each.name, varied.CLASSES, classes)
            own = [] if built is None else parameter_readings(built, "")
            found += varied.told(own, each, varied.CLASSES, classes)
        elif what == "macs" and side is not None:
            found += mac_readings(each, unit, side)
    return found


def _part(words: set[str], before: list[str]) -> str:
    """Which part of the network the clause is about: ``conv``, ``fc``, ``first fc``, or all."""
    if "its" in before or "whose" in before:
        return ""
    if words & WHOLE and not words & {"layer"}:
        return ""
    for part in ("fc", "conv"):
        if part in words and "layer" in words:
            order = next((each for each in ("first", "last") if each in words), "")
            return f"{order} {part}".strip()
    return "" if not words & {"layer"} else "?"


def parameter_readings(subject: Subject, part: str) -> list[Reading]:
    name, network = subject.name, subject.network
    if part:
        return _part_readings(subject, part)
    main, everything = networks.parameters(network)
    found = [
        Reading(
            Fraction(main),
            f"{name} has {show(Fraction(main))} parameters",
            f'evaluated_parameters(model("{name}"), {network.input_shape})',
        )
    ]
    if everything != main:
        found.append(
            Reading(
                Fraction(everything),
                f"{name} has {show(Fraction(everything))} parameters with its auxiliary heads",
                f'parameters(model("{name}"))',
            )
        )
    return found


def _part_readings(subject: Subject, part: str) -> list[Reading]:
    kinds = (Linear,) if part.endswith("fc") else (Conv2d, SparseConv2d)
    if part == "?":
        return []
    if part == "body":
        return _body_reading(subject)
    counts = networks.parameters_of(subject.network, *kinds)
    if not counts:
        return []
    value = (
        counts[0]
        if part.startswith("first")
        else counts[-1]
        if part.startswith("last")
        else sum(counts)
    )
    pick = "[0]" if part.startswith("first") else "[-1]" if part.startswith("last") else ""
    kind = "nn.Linear" if part.endswith("fc") else "nn.Conv2d"
    layers = f'layer_parameters(model("{subject.name}"), {subject.network.input_shape}, {kind})'
    source = f"{layers}{pick}" if pick else f"sum({layers})"
    label = {"fc": "fully connected", "conv": "convolutional"}[part.split()[-1]]
    which = f"the {part.split()[0]} {label} layer" if pick else f"the {label} layers"
    verb = "has" if pick else "have"
    return [
        Reading(Fraction(value), f"{which} of {subject.name} {verb} {value:,} parameters", source)
    ]


def _body_reading(subject: Subject) -> list[Reading]:
    """What is left without the last fully connected layer."""
    counts = networks.parameters_of(subject.network, Linear)
    if len(counts) != 1:
        return []
    value = networks.parameters(subject.network)[0] - counts[0]
    model = f'model("{subject.name}"), {subject.network.input_shape}'
    source = f"evaluated_parameters({model}) - layer_parameters({model}, nn.Linear)[0]"
    how = f"{subject.name} has {value:,} parameters without its fully connected layer"
    return [Reading(Fraction(value), how, source)]


def mac_readings(subject: Subject, unit: str, side: int = 0) -> list[Reading]:
    plain = subject.network.input_shape
    shape = (plain[0], side, side) if side and len(plain) == 3 else plain
    value = networks.macs(subject.network, shape)
    if value is None:
        return []
    size = "×".join(str(each) for each in shape[1:])
    source = f'macs(model("{subject.name}"), {shape})'
    how = f"{subject.name} multiplies and adds {value:,} times at {size}"
    found = [Reading(Fraction(value), how, source)]
    if unit in ("flop", "operation"):
        found.append(Reading(Fraction(2 * value), f"{how}, two operations each", f"2 * {source}"))
    return found


def published_readings(subject: Subject, what: str) -> list[Reading]:
    figures: tuple[Figure, ...] = (
        *subject.figures,
        *CIRCULATING.get(subject.variant or subject.name, ()),
    )
    if subject.changed:
        return []
    return [
        Reading(
            Fraction(each.value),
            f"the published figure is {each.value:,} ({each.source})",
            doubtful=True,
        )
        for each in figures
        if each.what == what
    ]
