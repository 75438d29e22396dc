"""The token rule: what architecture, if any, a heading or title names.

Pure text in, a :class:`Reading` out. A family's name (or alias, or variant's name) must stand in the
heading as a run of tokens, and everything else must say nothing: noise words, numbering, years,
citations, tags, markup, other names of the same family. Anything left over makes the heading be
*about* something else. Similarity never decides; it only serves suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from generator.mapping.folding import (
    UNSPACED,
    Token,
    bare,
    camel_pieces,
    clean,
    singular,
    tokenise,
)
from generator.mapping.lexicon import (
    ASPECTS,
    COLLECTIVE,
    CONNECTIVES,
    GENERIC,
    KIND,
    LAYERS,
    LISTING,
    NETWORK,
    NOISE,
    PLAIN,
    TECHNICAL,
    VERSION,
    Lexicon,
    Naming,
    phrase_starts,
    phrases,
)
from generator.mapping.markup import strip_citations, strip_markup, strip_numbering
from generator.mapping.words import MENTION_SCOPES, WHOLE_SCOPES

_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_ALONG = frozenset({"", " ", "_", "-", "."})  # separators a name may run across
_TITLE_TOKENS = 5  # a name this long is a paper's title: it may hold any punctuation


class Verdict(StrEnum):
    """What the token rule says about a text."""

    NAMES = "names"  # one family, nothing left over
    LEFTOVER = "leftover"  # one family, but the text is about something else
    TWO_FAMILIES = "two-families"
    UNKNOWN_VARIANT = "unknown-variant"
    NOTHING = "nothing"  # no family's name at all


@dataclass(frozen=True, slots=True)
class Reading:
    """What a heading's words say.

    ``families`` are all families named, in order. ``variant`` is set where exactly one variant is
    named. ``used`` and ``leftover`` are words as written. ``homonym``: only names stand there that
    mean other things too, and no word beside them settles it. ``unknown`` is the spelling of a
    variant that the family does not have. ``collective`` and ``scope`` say that the words announce
    several architectures, or a place where they are only mentioned.
    """

    verdict: Verdict
    families: tuple[str, ...] = ()
    variant: str | None = None
    used: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    homonym: bool = False
    unknown: str = ""
    collective: bool = False
    aspect: bool = False
    scope: bool = False

    @property
    def family(self) -> str | None:
        """The one family named, if it is one."""
        return self.families[0] if len(self.families) == 1 else None


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``start`` to ``end`` (exclusive) that are a name."""

    start: int
    end: int
    namings: tuple[Naming, ...]
    homonym: bool


def read_heading(text: str, lexicon: Lexicon) -> Reading:
    """Apply the token rule to a heading's or title's text (raw Markdown or plain)."""
    if not lexicon.may_name(text):
        return _nothing(text)
    stripped = strip_markup(clean(text))
    stripped, academic = strip_citations(stripped, lambda words: _speaks(words, lexicon))
    stripped = strip_numbering(stripped)
    tokens = _cut_glued(tokenise(stripped), lexicon)
    runs = find_names(tokens, lexicon)
    if not runs:
        return _nothing(text)
    return _judge(tokens, runs, lexicon, academic=academic)


def is_generic(text: str) -> bool:
    """Whether a heading says no more than "Architecture", "Layers", "The model"."""
    tokens = tokenise(strip_numbering(strip_markup(clean(text))))
    return not _uncovered(tokens, range(len(tokens)), NOISE | KIND | LAYERS | GENERIC)


@lru_cache(maxsize=16384)
def _nothing(text: str) -> Reading:
    """The reading of a text without any name; the same headings stand in many notes."""
    plain = text.replace(" ", "").isalpha()
    tokens = tokenise(text if plain else strip_numbering(strip_markup(clean(text))))
    return Reading(
        Verdict.NOTHING,
        leftover=tuple(each.original for each in tokens),
        collective=_any_covered(tokens, COLLECTIVE),
        aspect=_any_covered(tokens, ASPECTS),
        scope=_has_phrase(tokens),
    )


def _speaks(text: str, lexicon: Lexicon) -> bool:
    """Whether supposed authors are words that matter: names, or what a section is about."""
    if not lexicon.may_name(text) and not any(
        each.text in ASPECTS or (each.text in NOISE and len(each.text) > 3)
        for each in tokenise(clean(text))
    ):
        return False
    tokens = tokenise(clean(text))
    return bool(find_names(tokens, lexicon)) or any(
        each.text in ASPECTS or (each.text in TECHNICAL and len(each.text) > 2) for each in tokens
    )


# ------------------------------------------------------------------ names


def _cut_glued(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Token, ...]:
    """Cut words glued from several (``ResNetModel``) unless the whole word is known."""
    cut: list[Token] = []
    for each in tokens:
        known = each.text in NOISE or each.text in lexicon.names or each.text in KIND
        cut.extend((each,) if known else camel_pieces(each))
    return tuple(cut)


def find_names(tokens: Sequence[Token], lexicon: Lexicon) -> list[Run]:
    """Find the families' and variants' names among tokens, the longest where several overlap."""
    candidates: list[Run] = []
    for start in range(len(tokens)):
        each = whole = ""  # the run's tokens folded one by one, and as one word
        close = True
        for end in range(start + 1, len(tokens) + 1):
            token = tokens[end - 1]
            close &= end - 1 == start or _runs_on(tokens[end - 2], token)
            each += token.text
            whole += bare(token.original)
            if close or end - start >= _TITLE_TOKENS:
                found = lexicon.names.get(each) or lexicon.names.get(singular(whole))
                if found:
                    homonym = each in lexicon.homonyms and not _ACRONYM_PLURAL.fullmatch(
                        "".join(one.original for one in tokens[start:end])
                    )
                    candidates.append(Run(start, end, found, homonym))
            if each not in lexicon.beginnings and whole not in lexicon.beginnings:
                break
    candidates.extend(_kind_names(tokens, lexicon))
    chosen: list[Run] = []
    for longest in sorted(candidates, key=lambda each: (each.start - each.end, each.start)):
        if all(longest.end <= other.start or longest.start >= other.end for other in chosen):
            chosen.append(longest)
    return sorted(chosen, key=lambda each: each.start)


def _kind_names(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Run]:
    """Names of the whole kind put together in any order and language: "sieć konwolucyjna".

    A stretch of nothing but words for "convolutional", for "network", and noise, with one of each.
    """
    if lexicon.kind is None:
        return
    left = set(_uncovered(tokens, range(len(tokens)), KIND | NOISE))
    start = 0
    while start < len(tokens):
        end = start
        while (
            end < len(tokens)
            and end not in left
            and (end == start or _runs_on(tokens[end - 1], tokens[end]))
        ):
            end += 1
        inside = range(start, end)
        kinds = sorted(set(inside) - set(_uncovered(tokens, inside, KIND)))
        networks = sorted(set(inside) - set(_uncovered(tokens, inside, NETWORK)))
        if kinds and networks:
            first, last = min(kinds + networks), max(kinds + networks)
            yield Run(first, last + 1, (Naming(lexicon.kind, None),), homonym=False)
        start = max(end, start + 1)


def _runs_on(before: Token, token: Token) -> bool:
    """Whether a name may go on across the gap between two tokens."""
    if token.separator not in _ALONG or token.group != before.group or token.script == "sign":
        return False
    # "AlexNet 2012" gives a year; "alexnet_2012" names the variant.
    return not (_is_year(token) and token.separator == " ")


def _is_year(token: Token) -> bool:
    return _YEAR.fullmatch(token.text) is not None


# ------------------------------------------------------------------ the verdict


def _judge(
    tokens: Sequence[Token], runs: list[Run], lexicon: Lexicon, *, academic: bool
) -> Reading:
    named = {index for run in runs for index in range(run.start, run.end)}
    runs, dropped = _without_kind(tokens, runs)
    families = tuple(dict.fromkeys(naming.family for run in runs for naming in run.namings))
    used = tuple(_spelling(tokens[run.start : run.end]) for run in runs)
    free = [index for index in range(len(tokens)) if index not in named]
    collective = _any_covered(tokens, COLLECTIVE)
    aspect = _any_covered(tokens, ASPECTS)
    scope = _has_phrase(tokens)
    if len(families) > 1:
        return Reading(
            Verdict.TWO_FAMILIES,
            families,
            used=used,
            leftover=_pieces(tokens, free),
            collective=collective,
            aspect=aspect,
            scope=scope,
        )
    marks = _designators(tokens, runs, free, lexicon)
    rest = [index for index in free if index not in marks.indices]
    leftover_indices, technical = _drop_noise(tokens, rest)
    leftover = _pieces(tokens, leftover_indices)
    if leftover and _only_another_script(tokens, runs, leftover_indices):
        leftover = ()
    if not leftover and _lists_a_kind(tokens, runs, free):
        leftover = tuple(tokens[i].original for i in free if bare(tokens[i].original) in LISTING)
    if marks.unknown and not leftover:
        verdict = Verdict.UNKNOWN_VARIANT
    else:
        verdict = Verdict.LEFTOVER if leftover else Verdict.NAMES
    return Reading(
        verdict,
        families,
        variant=_one_of(marks.variants, lexicon.families[families[0]].default),
        used=used + marks.spelled,
        leftover=leftover or ((marks.unknown,) if marks.unknown else ()),
        homonym=all(run.homonym for run in runs)
        and not (technical or dropped or academic or marks.spelled),
        unknown=f"{used[-1]} {marks.unknown}" if marks.unknown else "",
        collective=collective,
        aspect=aspect,
        scope=scope,
    )


def _one_of(variants: tuple[str, ...], default: str) -> str | None:
    """The variant a heading means that names several: the default if it is among them, else the
    first."""
    if default in variants:
        return default
    return variants[0] if variants else None


def _without_kind(tokens: Sequence[Token], runs: list[Run]) -> tuple[list[Run], bool]:
    """Leave out the name of the whole kind beside a particular name: "VGG CNN", "ResNet (CNN)".

    Not where something joins the two as equals: "CNN and ResNet", "CNN / ResNet", "CNN-ResNet".
    """
    kinds = [run for run in runs if _is_kind(tokens, run)]
    others = [run for run in runs if run not in kinds]
    if not kinds or not others:
        return runs, False
    for kind in kinds:
        if not any(_modifies(tokens, kind, other) for other in others):
            return runs, False
    return others, True


def _is_kind(tokens: Sequence[Token], run: Run) -> bool:
    return not _uncovered(tokens, range(run.start, run.end), KIND | NOISE)


def _modifies(tokens: Sequence[Token], kind: Run, other: Run) -> bool:
    first, last = sorted((kind, other), key=lambda each: each.start)
    for index in range(first.end, last.start + 1):
        token, before = tokens[index], tokens[index - 1]
        if token.group == before.group and token.separator not in ("", " "):
            return False
        if index < last.start and (token.text in CONNECTIVES or token.script == "sign"):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Marks:
    """Numbers and letters that say which variant is meant: those known, and one that is not."""

    indices: frozenset[int]
    variants: tuple[str, ...]
    spelled: tuple[str, ...]
    unknown: str


def _designators(
    tokens: Sequence[Token], runs: list[Run], free: list[int], lexicon: Lexicon
) -> _Marks:
    taken: set[int] = set()
    variants: list[str] = []
    completed: set[str] = set()
    spelled: list[str] = []
    unknown = ""
    available = set(free)
    suffixes = _suffixes_of(tokens, runs[0], lexicon)
    # "50-layer ResNet", "VGG (16 layers)"
    for index in free:
        token = tokens[index]
        if token.script == "digit" and index + 1 in available and tokens[index + 1].text in LAYERS:
            taken |= {index, index + 1}
            spelled.append(_spelling(tokens[index : index + 2]))
            if token.text in suffixes:
                variants.append(suffixes[token.text])
            else:
                unknown = unknown or spelled[-1]
    for run in runs:
        suffixes = _suffixes_of(tokens, run, lexicon)
        index = run.end
        if index in available and tokens[index].text in LAYERS and _ends_in_number(tokens, run):
            taken.add(index)  # "ResNet 50-layer"
        while index in available:
            if index in taken or (
                tokens[index].text in NOISE and not _is_letter_mark(tokens, index)
            ):
                index += 1
                continue
            begun = _begun(tokens, run, suffixes) if index == run.end else ("",)
            end, variant, replaced = _known_suffix(
                tokens, index, available - taken, suffixes, begun
            )
            if not variant:
                end = _unknown_suffix(tokens, index, available - taken)
                if end > index:
                    unknown = unknown or _spelling(tokens[index:end])
            if end == index:
                break
            taken |= set(range(index, end))
            if variant:
                variants.append(variant)
                completed |= {replaced, _replaceable(tokens, run, lexicon)} - {variant}
                spelled.append(_spelling(tokens[index:end]))
            index = end
    named = [each.variant for run in runs for each in run.namings if each.variant]
    variants = [each for each in (*named, *variants) if each not in completed]
    return _Marks(frozenset(taken), tuple(dict.fromkeys(variants)), tuple(spelled), unknown)


def _ends_in_number(tokens: Sequence[Token], run: Run) -> bool:
    return tokens[run.end - 1].script == "digit"


def _replaceable(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> str:
    """The variant that a name without a number stands for until one follows: "ResNeXt-101"."""
    inside = tokens[run.start : run.end]
    naming = run.namings[0]
    name = "".join(token.text for token in inside)
    plain = name in lexicon.plain_names(naming.family)
    numbered = any(token.script == "digit" for token in inside)
    return naming.variant or "" if plain or not numbered else ""


def _suffixes_of(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> Mapping[str, str]:
    name = "".join(token.text for token in tokens[run.start : run.end])
    return lexicon.suffixes_of(run.namings[0].family, name)


_LONGEST_SUFFIX = 8  # tokens: "50 32 x 4 d" has five


def _known_suffix(
    tokens: Sequence[Token],
    start: int,
    available: set[int],
    suffixes: Mapping[str, str],
    begun: tuple[str, ...],
) -> tuple[int, str, str]:
    """The longest run from ``start`` that completes the family's name to a variant's.

    ``begun`` is what the name before may already hold of the suffix. Gives the run's end, the
    variant, and the variant that the name before stood for when read without what follows.
    """
    best, variant, completed = start, "", ""
    spelling = ""
    for index in range(start, min(start + _LONGEST_SUFFIX, len(tokens))):
        token = tokens[index]
        if index not in available or (_is_year(token) and token.separator in (" ", ",")):
            break
        spelling += "v" if token.text in VERSION else token.text
        for each in begun:
            if each + spelling in suffixes:
                best, variant, completed = index + 1, suffixes[each + spelling], each
                break
    return best, variant, suffixes.get(completed, "")


def _begun(tokens: Sequence[Token], run: Run, suffixes: Mapping[str, str]) -> tuple[str, ...]:
    """The ends of a name that begin a longer suffix: "20" of ResNet-20, for "ResNet-20 (CIFAR)"."""
    name = "".join(token.text for token in tokens[run.start : run.end])
    return (*(each for each in suffixes if name.endswith(each)), "")


def _unknown_suffix(tokens: Sequence[Token], start: int, available: set[int]) -> int:
    """The end of what looks like a variant's mark at ``start``: "1001", "v4", "-D", "50d"."""
    end = start
    while end in available:
        token = tokens[end]
        number = token.script == "digit" and not (_is_year(token) and token.separator in (" ", ","))
        version = (
            token.text in VERSION and end + 1 in available and tokens[end + 1].script == "digit"
        )
        if not (number or version or _is_letter_mark(tokens, end)):
            break
        end += 1
    return end


def _is_letter_mark(tokens: Sequence[Token], index: int) -> bool:
    """One or two letters hung on a name: "ResNet-D", "VGG-M", "Inception A", "50d"."""
    token = tokens[index]
    if token.script not in ("latin", "greek") or len(token.original) > 2:
        return False
    if token.separator in ("", "_", "-"):
        return index > 0
    last = index + 1 == len(tokens) or tokens[index + 1].separator == ","
    return token.separator == " " and last and len(token.original) == 1 and token.original.isupper()


def _drop_noise(tokens: Sequence[Token], indices: Sequence[int]) -> tuple[list[int], bool]:
    """Leave what is neither year nor noise; also say whether technical noise was among it."""
    rest = [index for index in indices if not _is_year(tokens[index])]
    left = _uncovered(tokens, rest, NOISE | KIND)
    technical = len(_uncovered(tokens, rest, TECHNICAL | KIND)) < len(rest)
    return left, technical


def _lists_a_kind(tokens: Sequence[Token], runs: list[Run], free: Sequence[int]) -> bool:
    """Whether the text asks for several of a kind ("CNN architectures"), not for one network."""
    return all(_is_kind(tokens, run) for run in runs) and any(
        bare(tokens[index].original) in LISTING for index in free
    )


def _only_another_script(tokens: Sequence[Token], runs: list[Run], leftover: Sequence[int]) -> bool:
    """Whether what is left over is the name again in another script, one of the two in parentheses.

    "Остаточная нейросеть (ResNet)", "ResNet（残差网络）": a single unknown word, or one beside a
    word for network; never one that says what the section is about ("感知损失 (VGG)").
    """
    scripts = {tokens[i].script for run in runs for i in range(run.start, run.end)}
    groups = {tokens[i].group for run in runs for i in range(run.start, run.end)}
    for index in leftover:
        token = tokens[index]
        if token.script in scripts | {"latin", "digit", "sign"} or token.group in groups:
            return False
    if _any_covered([tokens[index] for index in leftover], ASPECTS):
        return False
    outside = [index for index, token in enumerate(tokens) if token.group not in groups]
    technical = len(_uncovered(tokens, outside, TECHNICAL)) < len(outside)
    return technical or len({tokens[index].word for index in leftover}) == 1


# ------------------------------------------------------------------ word tables on tokens

_LONGEST_WORD = 16  # characters, in scripts whose characters are tokens


def _uncovered(tokens: Sequence[Token], indices: Iterable[int], table: frozenset[str]) -> list[int]:
    """Indices of tokens that no word of the table covers; unspaced scripts by longest match."""
    wanted = list(indices)
    left: list[int] = []
    position = 0
    while position < len(wanted):
        index = wanted[position]
        size = 1 if tokens[index].text in table else 0
        if tokens[index].script in UNSPACED:
            spelling = ""
            for step in range(min(_LONGEST_WORD, len(wanted) - position)):
                token = tokens[wanted[position + step]]
                if wanted[position + step] != index + step or token.script not in UNSPACED:
                    break
                spelling += token.text
                if spelling in table:
                    size = step + 1
        if not size:
            left.append(index)
        position += max(1, size)
    return left


def _any_covered(tokens: Sequence[Token], table: frozenset[str]) -> bool:
    return len(_uncovered(tokens, range(len(tokens)), table)) < len(tokens)


def _has_phrase(tokens: Sequence[Token]) -> bool:
    texts = tuple(token.text for token in tokens)
    whole = phrases(WHOLE_SCOPES)
    if texts in whole or tuple(text for text in texts if text not in PLAIN) in whole:
        return True
    anywhere = phrase_starts(MENTION_SCOPES)
    return any(
        texts[start : start + len(phrase)] == phrase
        for start, text in enumerate(texts)
        for phrase in anywhere.get(text, ())
    )


# ------------------------------------------------------------------ spelling


def _spelling(tokens: Sequence[Token]) -> str:
    """Tokens as one text, as written (separators simplified)."""
    text = tokens[0].original
    for token in tokens[1:]:
        text += (" " if token.separator == "," else token.separator) + token.original
    return text


def _pieces(tokens: Sequence[Token], indices: Sequence[int]) -> tuple[str, ...]:
    """Tokens as written, neighbours that were one word joined again."""
    pieces: list[str] = []
    last = -2
    for index in indices:
        token = tokens[index]
        if index == last + 1 and token.separator == "" and token.script != "sign":
            pieces[-1] += token.original
        else:
            pieces.append(token.original)
        last = index
    return tuple(pieces)
