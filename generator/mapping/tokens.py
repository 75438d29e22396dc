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

from generator.mapping.folding import (
    UNSPACED,
    Token,
    bare,
    camel_pieces,
    clean,
    tokenise,
)
from generator.mapping.lexicon import (
    ASPECTS,
    COLLECTIVE,
    KIND,
    LAYERS,
    LISTING,
    NOISE,
    TECHNICAL,
    VERSION,
    Lexicon,
    Naming,
    phrases,
)
from generator.mapping.markup import strip_citations, strip_markup, strip_numbering
from generator.mapping.words import MENTION_SCOPES

_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_ALONG = frozenset({"", " ", "-", "."})  # separators a name may run across
_CONNECTIVES = frozenset("and or und oder et ou y e o и или та або ve и 和 与 與 と 와 과 및".split())


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
class _Run:
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
    runs = _find_names(tokens, lexicon)
    if not runs:
        return _nothing(text)
    return _judge(tokens, runs, lexicon, academic=academic)


def is_scope(text: str) -> bool:
    """Whether a heading opens a place where architectures are only mentioned ("Related work")."""
    return _has_phrase(tokenise(clean(text)))


def _nothing(text: str) -> Reading:
    tokens = tokenise(strip_numbering(strip_markup(clean(text))))
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
        each.text in ASPECTS or each.text in NOISE and len(each.text) > 3
        for each in tokenise(clean(text))
    ):
        return False
    tokens = tokenise(clean(text))
    return bool(_find_names(tokens, lexicon)) or any(
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


def _find_names(tokens: Sequence[Token], lexicon: Lexicon) -> list[_Run]:
    """Find the names among tokens: longest first, none overlapping, in order."""
    candidates: list[_Run] = []
    for start in range(len(tokens)):
        length = 0
        for end in range(start + 1, len(tokens) + 1):
            token = tokens[end - 1]
            if end - 1 > start and not _runs_on(tokens[end - 2], token):
                break
            length += len(token.text)
            if length > lexicon.longest:
                break
            run = tuple(tokens[start:end])
            if found := lexicon.look_up(run):
                spelled = "".join(each.text for each in run)
                homonym = spelled in lexicon.homonyms and not _ACRONYM_PLURAL.fullmatch(
                    "".join(each.original for each in run)
                )
                candidates.append(_Run(start, end, found, homonym))
    chosen: list[_Run] = []
    for run in sorted(candidates, key=lambda each: (each.start - each.end, each.start)):
        if all(run.end <= other.start or run.start >= other.end for other in chosen):
            chosen.append(run)
    return sorted(chosen, key=lambda each: each.start)


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
    tokens: Sequence[Token], runs: list[_Run], lexicon: Lexicon, *, academic: bool
) -> Reading:
    named = [False] * len(tokens)
    for run in runs:
        for index in range(run.start, run.end):
            named[index] = True
    runs, dropped = _without_kind(tokens, runs)
    families = tuple(
        dict.fromkeys(naming.family for run in runs for naming in run.namings)
    )
    used = tuple(
        _spelling(tokens[run.start : run.end])
        for run in runs
    )
    free = [index for index in range(len(tokens)) if not named[index]]
    if len(families) > 1:
        return Reading(
            Verdict.TWO_FAMILIES,
            families,
            used=used,
            leftover=tuple(tokens[index].original for index in free),
            collective=_any_covered(tokens, COLLECTIVE),
            aspect=_any_covered(tokens, ASPECTS),
            scope=_has_phrase(tokens),
        )
    family = families[0]
    variants, free, unknown, suffix = _designators(tokens, runs, free, lexicon)
    free, technical = _drop_noise(tokens, free)
    listing = all(
        token.text in KIND or token.text in NOISE
        for run in runs
        for token in tokens[run.start : run.end]
    ) and any(bare(tokens[i].original) in LISTING for i in range(len(tokens)) if not named[i])
    leftover = _pieces(tokens, free)
    if leftover and _only_another_script(tokens, runs, free):
        leftover = ()
    if unknown and not leftover:
        verdict = Verdict.UNKNOWN_VARIANT
    elif leftover or unknown or listing:
        verdict = Verdict.LEFTOVER
    else:
        verdict = Verdict.NAMES
    homonym = (
        all(run.homonym for run in runs)
        and not (technical or dropped or academic or suffix)
    )
    return Reading(
        verdict,
        families,
        variant=next(iter(variants)) if len(variants) == 1 else None,
        used=used + suffix,
        leftover=leftover or ((unknown,) if unknown else ()),
        homonym=homonym,
        unknown=f"{used[-1]}{unknown}" if unknown else "",
        collective=_any_covered(tokens, COLLECTIVE),
        aspect=_any_covered(tokens, ASPECTS),
        scope=_has_phrase(tokens),
    )
