"""The token rule: what architecture, if any, a heading or title names.

Pure text in, a :class:`Reading` out. A family's name (or alias, or variant's name) must stand in the
heading as a run of tokens, and everything else must say nothing: noise words, numbering, years,
citations, tags, markup, other names of the same family. Anything left over makes the heading be
*about* something else. Similarity never decides; it only serves suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from generator.mapping.coverage import any_covered, is_scope, only_scope, pieces, spelling
from generator.mapping.designators import designators
from generator.mapping.folding import UNSPACED, Token, bare, clean, tokenise, uncovered
from generator.mapping.lexicon import (
    ASPECTS,
    COLLECTIVE,
    CONNECTIVES,
    GENERIC,
    KIND,
    LAYERS,
    LISTING,
    NOISE,
    TECHNICAL,
    Lexicon,
    phrases,
)
from generator.mapping.markup import strip_citations, strip_markup, strip_numbering
from generator.mapping.names import Run, cut_glued, find_names, is_year
from generator.mapping.words import MENTION_SCOPES, SOFT_NAMES, WHOLE_SCOPES

_LONGEST_TEXT = 400  # characters; what is longer is no name of anything


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

    ``families`` are all families named, in order. ``variant`` is set where a variant is named.
    ``used`` and ``leftover`` are words as written. ``homonym``: only names stand there that mean
    other things too, and no word beside them settles it; ``soft``: only names made of ordinary
    words. ``unknown`` is the spelling of a variant that the family does not have. ``collective``,
    ``aspect`` and ``scope`` say that the words announce several architectures, something about them,
    or a place where they are only mentioned.
    """

    verdict: Verdict
    families: tuple[str, ...] = ()
    variant: str | None = None
    used: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    homonym: bool = False
    soft: bool = False
    unknown: str = ""
    collective: bool = False
    aspect: bool = False
    scope: bool = False

    @property
    def family(self) -> str | None:
        """The one family named, if it is one."""
        return self.families[0] if len(self.families) == 1 else None


def read_heading(text: str, lexicon: Lexicon) -> Reading:
    """Apply the token rule to a heading's or title's text (raw Markdown or plain)."""
    if len(text) > _LONGEST_TEXT or not lexicon.may_name(text):
        return _nothing(text[:_LONGEST_TEXT])
    stripped = strip_markup(clean(text))
    stripped, academic = strip_citations(stripped, lambda words: _speaks(words, lexicon))
    stripped = strip_numbering(stripped)
    tokens = cut_glued(tokenise(stripped), lexicon)
    runs = find_names(tokens, lexicon)
    if not runs:
        return _nothing(text)
    return _judge(tokens, runs, lexicon, academic=academic)


def is_generic(text: str) -> bool:
    """Whether a heading says no more than "Architecture", "Layers", "The model", "Experiments"."""
    tokens = tokenise(strip_numbering(strip_markup(clean(text))))
    plain = not uncovered(tokens, range(len(tokens)), NOISE | KIND | LAYERS | GENERIC)
    return plain or only_scope(tokens)


def is_name(text: str) -> bool:
    """Whether a heading is a network's name, if one that nobody knows: "TinyNet", "My-Net v2"."""
    return _NET.search(strip_markup(clean(text))) is not None


# ImageNet is what networks are trained on.
_NET = re.compile(r"\b[A-Z]\w*(?:(?<!Image)Net|-[Nn]et)(?![a-z])")


@lru_cache(maxsize=16384)
def _nothing(text: str) -> Reading:
    """The reading of a text without any name; the same headings stand in many notes."""
    plain = text.replace(" ", "").isalpha()
    tokens = tokenise(text if plain else strip_numbering(strip_markup(clean(text))))
    silent = all(each.text not in _SPEAKING and each.script not in UNSPACED for each in tokens)
    return Reading(
        Verdict.NOTHING,
        leftover=tuple(each.original for each in tokens),
        collective=not silent and any_covered(tokens, COLLECTIVE),
        aspect=not silent and any_covered(tokens, ASPECTS),
        scope=not silent and is_scope(tokens),
    )


# Every word that makes a heading a collection, an aspect or a scope: most headings hold none.
_SPEAKING = (
    COLLECTIVE
    | ASPECTS
    | {
        word
        for table in (MENTION_SCOPES, WHOLE_SCOPES)
        for phrase in phrases(table)
        for word in phrase
    }
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


# ------------------------------------------------------------------ the verdict


def _judge(
    tokens: Sequence[Token], runs: list[Run], lexicon: Lexicon, *, academic: bool
) -> Reading:
    named = {index for run in runs for index in range(run.start, run.end)}
    runs, dropped = _without_kind(tokens, runs)
    families = tuple(dict.fromkeys(naming.family for run in runs for naming in run.namings))
    used = tuple(spelling(tokens[run.start : run.end]) for run in runs)
    free = [index for index in range(len(tokens)) if index not in named]
    collective = any_covered(tokens, COLLECTIVE)
    aspect = any_covered(tokens, ASPECTS)
    scope = is_scope(tokens)
    if len(families) > 1:
        return Reading(
            Verdict.TWO_FAMILIES,
            families,
            used=used,
            leftover=pieces(tokens, free),
            collective=collective,
            aspect=aspect,
            scope=scope,
        )
    marks = designators(tokens, runs, free, lexicon)
    rest = [index for index in free if index not in marks.indices]
    leftover_indices, technical = _drop_noise(tokens, rest)
    leftover_indices = _drop_shorts(tokens, leftover_indices, lexicon.shorts[families[0]])
    leftover = pieces(tokens, leftover_indices)
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
        soft=not marks.spelled
        and all(
            tuple(token.text for token in tokens[run.start : run.end]) in phrases((SOFT_NAMES,))
            for run in runs
        ),
        unknown=marks.whole,
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
    return not uncovered(tokens, range(run.start, run.end), KIND | NOISE)


def _modifies(tokens: Sequence[Token], kind: Run, other: Run) -> bool:
    first, last = sorted((kind, other), key=lambda each: each.start)
    for index in range(first.end, last.start + 1):
        token, before = tokens[index], tokens[index - 1]
        if token.group == before.group and token.separator not in ("", " "):
            return False
        if index < last.start and (token.text in CONNECTIVES or token.script == "sign"):
            return False
    return True


def _drop_noise(tokens: Sequence[Token], indices: Sequence[int]) -> tuple[list[int], bool]:
    """Leave what is neither year nor noise; also say whether technical noise was among it."""
    rest = [index for index in indices if not is_year(tokens[index])]
    left = uncovered(tokens, rest, NOISE | KIND)
    technical = len(uncovered(tokens, rest, TECHNICAL | KIND)) < len(rest)
    return left, technical


def _drop_shorts(tokens: Sequence[Token], leftover: list[int], shorts: frozenset[str]) -> list[int]:
    """Leave out what is the family's name again without its noise words."""
    for start in range(len(leftover)):
        for end in range(len(leftover), start + 1, -1):
            run = leftover[start:end]
            if run[-1] - run[0] == len(run) - 1 and (
                "".join(tokens[index].text for index in run) in shorts
            ):
                return leftover[:start] + leftover[end:]
    return leftover


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
    if any_covered([tokens[index] for index in leftover], ASPECTS):
        return False
    outside = [index for index, token in enumerate(tokens) if token.group not in groups]
    technical = len(uncovered(tokens, outside, TECHNICAL)) < len(outside)
    return technical or len({tokens[index].word for index in leftover}) == 1
