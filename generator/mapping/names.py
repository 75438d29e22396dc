"""Finding names of families and variants among a heading's tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.mapping.folding import Token, bare, camel_pieces, singular, uncovered
from generator.mapping.lexicon import KIND, NETWORK, NOISE, Lexicon, Naming

_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_ALONG = frozenset({"", " ", "_", "-", "."})  # separators a name may run across
_TITLE_TOKENS = 5  # a name this long is a paper's title: it may hold any punctuation


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``start`` to ``end`` (exclusive) that are a name."""

    start: int
    end: int
    namings: tuple[Naming, ...]
    homonym: bool


def cut_glued(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Token, ...]:
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
    candidates.extend(_put_together(tokens, lexicon))
    chosen: list[Run] = []
    for longest in sorted(candidates, key=lambda each: (each.start - each.end, each.start)):
        if all(longest.end <= other.start or longest.start >= other.end for other in chosen):
            chosen.append(longest)
    return sorted(chosen, key=lambda each: each.start)


def _put_together(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Run]:
    """Names put together from a distinctive word and a word for network, in any order and language:
    "sieć konwolucyjna", "残差神经网络".

    A stretch of nothing but such words and noise, with one of each.
    """
    everything = range(len(tokens))
    tables = dict(lexicon.cores)
    if lexicon.kind is not None:
        tables[lexicon.kind] = tables.get(lexicon.kind, frozenset()) | KIND
    for family, cores in tables.items():
        found = set(everything) - set(uncovered(tokens, everything, cores))
        if not found:
            continue
        left = set(uncovered(tokens, everything, cores | NOISE))
        for start, end in _stretches(tokens, left):
            inside = range(start, end)
            networks = set(inside) - set(uncovered(tokens, inside, NETWORK))
            mine = found & set(inside)
            if mine and networks:
                first, last = min(mine | networks), max(mine | networks)
                yield Run(first, last + 1, (Naming(family, None),), homonym=False)


def _stretches(tokens: Sequence[Token], left: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of tokens that are not among ``left`` and across which a name may go on."""
    start = 0
    while start < len(tokens):
        end = start
        while (
            end < len(tokens)
            and end not in left
            and (end == start or _runs_on(tokens[end - 1], tokens[end]))
        ):
            end += 1
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _runs_on(before: Token, token: Token) -> bool:
    """Whether a name may go on across the gap between two tokens."""
    if token.separator not in _ALONG or token.group != before.group or token.script == "sign":
        return False
    # "AlexNet 2012" gives a year; "alexnet_2012" names the variant.
    return not (is_year(token) and token.separator == " ")


def is_year(token: Token) -> bool:
    return _YEAR.fullmatch(token.text) is not None
