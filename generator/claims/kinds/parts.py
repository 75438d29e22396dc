"""Parts of networks in numbers: "the FC layers hold 123.6M (~89 %)", "without them 14.7M are left",
"about 75 % of the parameters sit in the 1×1 convolutions", "fc6 alone has 102.8M weights".

A number belongs to the part before it in its clause, or to the one it is said to be in. A share is
one of the parameters unless the sentence speaks of multiply-adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from generator.architectures.ir import Conv2d
from generator.claims import anatomy, measures, networks, parts
from generator.claims.candidate import Candidate, Reading, claiming, distinct, if_true
from generator.claims.context import Context
from generator.claims.described.counts import added
from generator.claims.expression import literal
from generator.claims.lexicon import wordset
from generator.claims.listing import company, of_one_sort, of_whole, unit_at
from generator.claims.naming import Mention
from generator.claims.parts import Part
from generator.claims.passage import MAX_PIECES, Piece, Sentence, Sort
from generator.claims.quantity import Hedge, Quantity, show
from generator.claims.referring import Reference, candidates_of, refer

KIND = "totals"

FRACTIONS = {
    "half": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
    "third": Fraction(1, 3),
    "thirds": Fraction(1, 3),
    "fifth": Fraction(1, 5),
    "fifths": Fraction(1, 5),
    "tenth": Fraction(1, 10),
    "tenths": Fraction(1, 10),
}
HEDGES = {
    **dict.fromkeys(("about", "~", "≈", "some"), Hedge.ABOUT),
    **dict.fromkeys(("morethan", "over", ">", "≥"), Hedge.OVER),
    **dict.fromkeys(("lessthan", "under", "<", "≤", "upto"), Hedge.UNDER),
}
# Between a part and its number, and between a number and the part it is in.
HOLDING = wordset(
    "have need use be make give up account accounts for contribute contributes alone together only "
    "just merely already still even about ~ ≈ over morethan lessthan under , ( : = own owns eat eats "
    "holds hold come comes to at with a the total of about which dominate dominates on average take "
    "takes sum sums represents constitute constitutes form makes spend spends cost it almost whole "
    "responsible roughly carry carries bring brings amount store thus so therefore add adds but "
    "reduces net network from shrinks brings cuts model thing layer behind after front connects "
    "connect input output unit maps → lion share lion's most biggest largest do does other "
    "where there also spends though . 's and an is are left remain remains around"
)
INSIDE = wordset(
    "of them these those the parameter weight mac flop mult operation its all sit sits live lives lie "
    "lies be in found come comes from belong belongs to go goes into due concentrated stored located "
    "reside resides spent happen happens are inside within by made up network model entire whole "
    "overall total trainable learnable net that out about only just alone left without after over "
    "remain remains even with ( ) ~ compute computation here contained"
)
VERBS = wordset(
    "have need use be make give account accounts for ( : contribute contributes alone up own owns eat "
    "eats left remain remains spend spends dominate do does connects reduces shrinks brings cuts"
)
COUNTED = wordset("parameter weight mac flop mult operation compute computation")
COMPUTED = wordset("mac flop mult operation compute computation")
BREAKS = wordset(", ; while whereas but and though although vs against")


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a sentence: index of its piece, index after it, whether it is a share."""

    index: int
    after: int
    stated: Quantity
    share: bool


def recognise(context: Context) -> Iterator[Candidate]:
    """Find what parts of networks have."""
    for sentence in context.sentences:
        if sentence.question or len(sentence.pieces) > MAX_PIECES:
            continue
        named = parts.find(sentence, context.passage.text, context.mentions(sentence))
        if not named or _thinned(sentence):
            continue
        for said in _numbers(context, sentence, named):
            candidate = _candidate(context, sentence, named, said)
            if candidate is not None:
                yield candidate


def _thinned(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a thinner network: "width 0.5: a quarter of the weights"."""
    stated = (each.quantity.value for each in sentence.pieces if each.quantity is not None)
    return sentence.has("width", "α", "multiplier") and any(0 < each < 1 for each in stated)


# ------------------------------------------------------------------ numbers


def _numbers(context: Context, sentence: Sentence, named: Sequence[Part]) -> Iterator[Said]:
    inside = {at for each in named for at in range(each.first, each.last)}
    inside |= {at for each in context.mentions(sentence) for at in range(each.first, each.last)}
    for at, piece in enumerate(sentence.pieces):
        if at in inside:
            continue
        single = any(e.name[-1:].isdecimal() and _adjacent(sentence, e, at) for e in named)
        listed = any(_listed_behind(sentence, each, at) for each in named)
        told = single and sentence.has("parameter", "weight")
        told = told or (listed and _of_weights(sentence, at))
        said = _share(context, sentence, at) or _amount(sentence, at, piece, told=told)
        if said is not None:
            hedge = HEDGES.get(sentence.pieces[at - 1].gist, Hedge.NONE) if at else Hedge.NONE
            yield replace(said, stated=said.stated.hedged(hedge))


def _of_weights(sentence: Sentence, at: int) -> bool:
    """Whether weights are spoken of before a number, or where its list ends: not "the dense layers 4096, 4096 and
    1000 hold 123.6M weights"."""
    gists = [each.gist for each in sentence.pieces]
    end = at
    while end < len(gists) and (gists[end][0] == "#" or gists[end] in (",", "and", "&", "/")):
        end += 1
    spoken = bool({"parameter", "weight"} & set(gists[:at])) and gists[end : end + 1] != ["unit"]
    return spoken or unit_at(gists, end)[0] == "parameters"


def _adjacent(sentence: Sentence, part: Part, at: int) -> bool:
    between = [each.gist for each in sentence.pieces[part.last : at]]
    return part.last <= at and between in ([], [":"], ["("], ["="])


def _listed_behind(sentence: Sentence, part: Part, at: int) -> bool:
    """Whether a number stands in a list right behind a part: "the dense ones 120, 84 and 10"."""
    between = sentence.pieces[part.last : at]
    return part.last <= at and all(
        each.sort is Sort.NUMBER or each.gist in (",", "and", "have") for each in between
    )


def _share(context: Context, sentence: Sentence, at: int) -> Said | None:
    """Read "89 %", "three quarters", "a third", "3/4 of"."""
    piece = sentence.pieces[at]
    if of_one_sort([each.gist for each in sentence.pieces]):
        return None
    written = context.passage.text[piece.start : piece.end].rstrip()
    after = [each.gist for each in sentence.pieces[at + 1 : at + 3]]
    if piece.quantity is not None and piece.sort is Sort.EXPRESSION and written.endswith("%"):
        return Said(at, at + 1, piece.quantity, share=True)
    stated = piece.quantity
    if stated is not None and piece.sort is Sort.NUMBER:
        if after[:1] in (["percent"], ["%"]):
            place = stated.place / 100
            share = Quantity(stated.value / 100, place, place, True, f"{stated.text} percent")
            return Said(at, at + 2, share.hedged(stated.hedge), share=True)
        if after and after[0] in FRACTIONS and stated.value.denominator == 1:
            return Said(
                at, at + 2, _fraction(stated.value * FRACTIONS[after[0]], written), share=True
            )
    before = sentence.pieces[at - 1].gist if at else ""
    if piece.gist in FRACTIONS and (before == "a" or piece.gist == "half"):
        of = after[:1] == ["of"] or piece.gist == "half"
        return (
            Said(at, at + 1, _fraction(FRACTIONS[piece.gist], piece.word), share=True)
            if of
            else None
        )
    return None


def _fraction(value: Fraction, text: str) -> Quantity:
    return Quantity(value, Fraction(1, 20), Fraction(1, 20), True, text)


def _amount(sentence: Sentence, at: int, piece: Piece, *, told: bool) -> Said | None:
    stated = piece.quantity
    if piece.sort is not Sort.NUMBER or stated is None or stated.value < 100 or piece.numeral:
        return None
    unit, after = unit_at([each.gist for each in sentence.pieces], at + 1)
    if unit in ("parameters", "mac", "flop", "mult", "operation"):
        return Said(at, after, stated, share=False)
    gists = [each.gist for each in sentence.pieces]
    told = told and gists[at + 1 : at + 2] in ([], [","], ["and"], [")"], [";"])
    enough = (stated.value >= 10**5 or told) and sentence.pieces[at - 1].gist != "="
    return Said(at, at + 1, stated, share=False) if not unit and enough else None


# ------------------------------------------------------------------ whose number


def _candidate(
    context: Context, sentence: Sentence, named: Sequence[Part], said: Said
) -> Candidate | None:
    mentioned = context.mentions(sentence)
    if not said.share and of_whole([e.gist for e in sentence.pieces], said.index, mentioned):
        return _whole(context, sentence, said, mentioned)
    if not said.share and _adds_up(sentence, named, said.index):
        return _whole(context, sentence, said, mentioned, summed=True)
    if said.share and (restated := _restated(context, sentence, said)) is not None:
        return restated
    owner = _owner(sentence, named, said, mentioned)
    if owner is None:
        return None
    part, sure = owner
    if gists_before(sentence, said.index, 1) == ("from",):
        return None  # "from 138M to 14.7M"
    if gists_before(sentence, said.index, 2) == ("all", "but"):
        part = replace(part, rest=True)  # "all but 14.7M sit in the dense layers"
    measure = _measure(sentence, said)
    reference = refer(context, sentence, said.index, context.mentions(sentence))
    if reference is None or not measure:
        return None
    run = None if said.share else _run(sentence, said.index)
    if run is not None:
        part = _one_of(reference, part, *run) or part
        units = {n for each in reference.subjects for n in networks.widths(each.network)}
        if said.stated.exact and said.stated.value in units:
            return None  # "the dense layers 4096, 4096 and 1000 have 89 % of the weights"
        if " " not in part.name:
            return None  # "the conv layers have 156 and 2,416 parameters"
    kind = reference.subject.name == reference.subject.family and not mentioned
    if kind or reference.subject.family == "lenet":  # its C3 has two numbers
        every = candidates_of(context, reference.subject, named=False)
        reference = replace(reference, subjects=(*reference.subjects, *every))
    sure = sure and reference.definite
    nth = part.name.startswith(("conv ", "fc ")) and part.name not in ("fc -1", "conv 1x1")
    if nth and not reference.certain:
        sure = sure and (
            bool(mentioned) or run is not None
        )  # "the first convolution" of an example
    gists = [each.gist for each in sentence.pieces]
    own = next(each for each in named if each.first == part.first)
    together = company(gists, named, own) if run is None else [part]
    before = gists[max(0, together[0].first - 2) : together[0].first]
    if len(together) > 1 and (part.rest or "but" in before):
        return None  # "without fc6 and fc7 18.8M are left"
    together = [*together[:-1], part] if own is together[-1] else together
    readings = _readings(sentence, reference, together, said, measure)
    described = _channels(sentence) if part.name in FILTERING and not said.share else ()
    if described and measure == "parameters":
        readings += _of_layers(reference, part, described)
    if not readings:
        return None
    piece = sentence.pieces[said.index]
    end = sentence.pieces[min(len(sentence.pieces), said.after) - 1].end
    found = Candidate(
        KIND,
        sentence.start,
        end,
        piece.start,
        said.stated,
        distinct(readings),
        subject=reference.subject.name,
        expected=context.passage.text[piece.start : end].strip(),
        decisive=sure,
    )
    return found if sure else if_true(found)


# Layers of one kind, which a statement may describe by their channels.
FILTERING = wordset("depthwise pointwise") | {"conv 1x1", "conv 3x3"}


def _channels(sentence: Sentence) -> tuple[tuple[int, ...], ...]:
    """The channels of the layers that a sentence describes: "at 512→512", "its 512-channel blocks"."""
    found: list[tuple[int, ...]] = []
    pieces = sentence.pieces
    for at, piece in enumerate(pieces):
        here = _width(piece)
        after = pieces[at + 1 : at + 3]
        other = _width(after[1]) if len(after) == 2 and after[0].gist in ("→", "to", "into") else 0
        if here and other:
            found.append((here, other))
        elif here and after and after[0].gist == "channel":
            found.append((here,))
    return tuple(found)


def _width(piece: Piece) -> int:
    stated = piece.quantity
    plain = piece.sort is Sort.NUMBER and stated is not None and stated.exact
    return int(stated.value) if plain and stated is not None and 1 < stated.value < 5000 else 0


def _of_layers(
    reference: Reference, part: Part, described: Sequence[tuple[int, ...]]
) -> list[Reading]:
    """Count the weights of each single layer of a part that has the channels described."""
    found: list[Reading] = []
    for subject in reference.subjects:
        chosen = parts.layers(subject, part.name)
        for at in chosen.nodes if chosen is not None else ():
            op = subject.network.nodes[at].op
            ends = anatomy.ends(op)
            if (
                not isinstance(op, Conv2d)
                or ends is None
                or chosen is None
                or not any(_fits(ends, e) for e in described)
            ):
                continue
            one = replace(chosen, nodes=(at,), index=chosen.nodes.index(at))
            weights = Fraction(prod(op.kernel) * ends[1] * ends[0] // op.groups)
            how = f"a layer of {subject.name} with {ends[0]} → {ends[1]} channels has {show(weights)} weights"
            model = f'model("{subject.name}"), {subject.network.input_shape}'
            source = f"sum(each.weight.numel() for each in {one.listed(model)})"
            found.append(Reading(weights, how, source))
    return found


def _fits(ends: tuple[int, int], described: tuple[int, ...]) -> bool:
    """Whether a layer leads from and to these channels, or a depthwise one keeps the first of them."""
    if len(described) == 1:
        return described[0] in ends
    return ends == described or (ends[0] == ends[1] == described[0])


def _adds_up(sentence: Sentence, named: Sequence[Part], at: int) -> bool:
    """Whether a number is the sum of what two parts have: "convs 14.7M + classifier 123.6M = 138.4M"."""
    beside = [
        each
        for each in named
        if each.last < at
        and any(
            0 <= here < at and sentence.pieces[here].sort is Sort.NUMBER
            for here in (each.last, each.first - 2)
        )
    ]
    before = sentence.pieces[at - 1].gist if at else ""
    stated = sentence.pieces[at].quantity
    signed = stated is not None and stated.hedge is Hedge.ABOUT and before[:1] == "#"
    kinds = {each.name for each in beside}
    return kinds == {"conv", "fc"} and (signed or before in ("=", "≈", "give", "total", "together"))


def _restated(context: Context, sentence: Sentence, said: Said) -> Candidate | None:
    """Judge the share behind an amount: "102.8M parameters (with biases), three quarters of the whole"."""
    gists = [each.gist for each in sentence.pieces]
    near = gists[said.after : said.after + 4]
    of_all = near[:2] == ["of", "all"] or (near[:1] == ["of"] and bool(ALL_OF & set(near)))
    at = said.index - 1
    while at > 0 and gists[at] in BETWEEN:
        at -= 1
    stated = sentence.pieces[at].quantity
    if not of_all or stated is None or stated.value < 10**5 or COMPUTED & set(near):
        return None
    reference = refer(context, sentence, said.index, context.mentions(sentence))
    if reference is None or not reference.definite:
        return None
    readings = [
        Reading(stated.value / each.value, f"{show(stated.value)}/{show(each.value)}", source)
        for subject in reference.subjects
        for each in parts.whole(subject, "parameters")
        if isinstance(each.value, Fraction)
        for source in (f"Fraction({literal(stated.value)}, {each.source})",)
    ]
    piece = sentence.pieces[said.index]
    end = sentence.pieces[min(len(gists), said.after) - 1].end
    return claiming(
        KIND,
        sentence,
        piece,
        said.stated,
        distinct(readings),
        subject=reference.subject.name,
        expected=context.passage.text[piece.start : end].strip(),
        decisive=True,
    )


BETWEEN = wordset(
    "parameter weight ( ) bias counted included , about ~ or so that be i.e. thus hence a with without"
)
ALL_OF = wordset("whole network model net total entire")


def _whole(
    context: Context,
    sentence: Sentence,
    said: Said,
    mentioned: Sequence[Mention],
    *,
    summed: bool = False,
) -> Candidate | None:
    """Judge the total that a part is compared with: "58.6M of the 61M parameters"."""
    before = gists_before(sentence, said.index, 5)
    told = summed or any(each[0] in "#%" for each in before) or sentence.pieces[0].gist == "of"
    if not told or said.stated.value < 10**4 or "instead" in before:
        return None
    reference = refer(context, sentence, said.index, tuple(mentioned))
    measure = _measure(sentence, said)
    if reference is None or not measure:
        return None
    readings = [r for each in reference.subjects for r in measures.readings(each, measure)]
    piece = sentence.pieces[said.index]
    return claiming(
        KIND,
        sentence,
        piece,
        said.stated,
        distinct(readings),
        subject=reference.subject.name,
        expected=context.passage.text[piece.start : piece.end].strip(),
        decisive=reference.definite,
    )


def gists_before(sentence: Sentence, index: int, count: int) -> tuple[str, ...]:
    return tuple(each.gist for each in sentence.pieces[max(0, index - count) : index])


def _run(sentence: Sentence, index: int) -> tuple[int, int] | None:
    """The place of a number in a list of numbers, and the list's length; nothing for one alone."""

    def joined(at: int) -> bool:
        return sentence.pieces[at].gist in (",", "and", "&", "/") and not _clause(at)

    def _clause(at: int) -> bool:
        return at + 1 >= len(sentence.pieces)

    def number(at: int) -> bool:
        return 0 <= at < len(sentence.pieces) and sentence.pieces[at].sort is Sort.NUMBER

    place, first = 0, index
    while first >= 2 and joined(first - 1):
        step = 3 if first >= 3 and joined(first - 2) else 2
        if not number(first - step):
            break
        first, place = first - step, place + 1
    last, length = index, place + 1
    while last + 2 < len(sentence.pieces) and joined(last + 1):
        step = 3 if joined(last + 2) else 2
        if not number(last + step):
            break
        last, length = last + step, length + 1
    return (place, length) if length > 1 else None


def _one_of(reference: Reference, part: Part, place: int, length: int) -> Part | None:
    """The layer of a part that a number of a list is about: as many numbers as layers."""
    for subject in reference.subjects:
        chosen = parts.layers(subject, part.name)
        if chosen is not None and len(chosen.nodes) == length and part.name in ("fc", "conv"):
            return replace(part, name=f"{part.name} {place}")
    return None


def _owner(
    sentence: Sentence, named: Sequence[Part], said: Said, mentioned: Sequence[Mention]
) -> tuple[Part, bool] | None:
    """The part that a number belongs to, and whether nothing else is possible."""
    gists = [each.gist for each in sentence.pieces]
    networks = {at for each in mentioned for at in range(each.first, each.last)}
    at = said.after
    words: list[str] = []
    while at < len(gists) and (gists[at] in INSIDE or gists[at][0] in "#@%" or at in networks):
        if any(each.first == at for each in named):
            break
        if gists[at][0] == "#" and not of_whole(gists, at, mentioned):
            break  # another number has the part
        words.append(gists[at])
        at += 1
    ahead = next((each for each in named if each.first == at), None)
    if ahead is not None and words == ["("] and gists[ahead.last : ahead.last + 1] == [")"]:
        return ahead, True  # "14.7M (convs)"
    if ahead is not None and {
        "in",
        "into",
        "from",
        "to",
        "by",
        "without",
        "inside",
        "within",
    } & set(words):
        return ahead, True
    before = [each for each in named if each.last <= said.index]
    if not before:
        return None
    part = before[-1]
    between = [gists[at] for at in range(part.last, said.index) if at not in networks]
    if _broken(between):
        return None
    heavy = [each for each in between if each not in HOLDING | COUNTED and each[0] not in "#@%~("]
    verbs = VERBS & set(between)
    near = gists[said.after : said.after + 4]
    if part.rest:
        verbs |= LEFT & set(near)
    single = part.name[-1:].isdecimal() and " " not in part.name
    ellipsis = len(before) > 1 and set(between) <= ELLIPTIC
    listed = bool(between) or _run(sentence, said.index) is not None
    if not said.share and listed and _listed_behind(sentence, part, said.index):
        return part, True
    if not said.share and not between and said.stated.value >= 10**5:
        return part, near[:1] != ["*"]  # "conv part 14.7M + classifier 123.6M"
    if between.count(",") and not said.share and not part.rest:
        return None if heavy or between.count(",") > 1 else (part, False)
    if heavy and said.share and not SHARED & set(near):
        return None
    return part, not heavy and (bool(verbs) or ellipsis or (single and not between))


def _broken(between: Sequence[str]) -> bool:
    """Whether a number stands in another clause than the part before it."""
    for at, gist in enumerate(between):
        if gist in ("but", "and") and set(between[at + 1 : at + 3]) & RESUMED:
            continue  # "have only 2.5M parameters but do 90 % of the multiplications"
        if gist == "but" and set(between[at + 1 :]) <= ELLIPTIC | HEDGING:
            continue  # "1 % of the multiply-adds but almost 90 % of the weights"
        if gist in BREAKS - {",", "and"}:
            return True
    return False


HEDGING = wordset("over morethan lessthan under")
LEFT = wordset("left give remain remains stay")
SHARED = wordset("parameter weight network net model mult mac flop operation compute")
ELLIPTIC = wordset("the other only just about ~ ≈ merely a still at")
RESUMED = wordset("do does have need use make spend")


def _measure(sentence: Sentence, said: Said) -> str:
    gists = [each.gist for each in sentence.pieces]
    near = gists[said.after : said.after + 5]
    if not said.share:
        unit = unit_at(gists, said.index + 1)[0]
        if unit:
            return "parameters" if unit == "parameters" else unit
        computing = sentence.has("mac", "flop", "mult", "operation", "cost", "compute")
        return "" if computing else "parameters"
    for word in near:
        if word in (",", "and", "while", "but"):
            break
        if word in ("mac", "flop", "mult", "operation", "compute", "computation", "work"):
            return "mac"
        if word in ("parameter", "weight", "network", "net", "model"):
            return "parameters"
    if near[:1] == ["of"] and not any(each[0] in "#%" for each in near):
        return ""  # a share of something else: of the time, of the memory
    words = set(gists)
    other = {"mac", "flop", "mult", "operation", "compute", "computation", "time"}
    return "parameters" if not words & other else ""


# ------------------------------------------------------------------ readings


def _readings(
    sentence: Sentence,
    reference: Reference,
    together: Sequence[Part],
    said: Said,
    measure: str,
) -> list[Reading]:
    found: list[Reading] = []
    kind = "parameters" if measure == "parameters" else "mac"
    for subject in reference.subjects:
        bias = _biased(sentence, said)
        amounts = parts.amounts(subject, together[-1], kind, bias=bias)
        if len(together) > 1:
            each_one = [parts.amounts(subject, each, kind, bias=bias) for each in together]
            amounts = [added(each) for each in zip(*each_one, strict=False)]
        if not said.share:
            found += amounts
            if measure in ("flop", "operation"):
                found += [
                    Reading(
                        2 * each.value, f"{each.how}, two operations each", f"2 * ({each.source})"
                    )
                    for each in amounts
                    if isinstance(each.value, Fraction)
                ]
            continue
        wholes = [*parts.whole(subject, kind), *_stated_whole(sentence, said)]
        for one, every in product(amounts, wholes):
            if isinstance(one.value, Fraction) and isinstance(every.value, Fraction):
                found.append(
                    Reading(
                        one.value / every.value,
                        f"{show(one.value)}/{show(every.value)} = {show(one.value / every.value)}",
                        f"Fraction({one.source}, {every.source})",
                    )
                )
    return found


def _biased(sentence: Sentence, said: Said) -> bool | None:
    """Whether the words after a number say that it counts biases, or that it does not."""
    after = [each.gist for each in sentence.pieces[said.after : said.after + 4]]
    if "bias" not in after:
        return None
    return not {"without", "not"} & set(after)


def _stated_whole(sentence: Sentence, said: Said) -> Iterator[Reading]:
    """The total that a share is said to be of: "about 80 % of the ~60k"."""
    gists = [each.gist for each in sentence.pieces]
    for at in range(said.after, min(len(gists), said.after + 5)):
        stated = sentence.pieces[at].quantity
        if gists[said.after] == "of" and stated is not None and stated.value >= 1000:
            yield Reading(stated.value, "", literal(stated.value))
            return
