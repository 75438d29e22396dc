"""Numbers and letters beside a family's name: which variant they mean, if any.

"VGG-16", "MobileNet version 3 (Large)", "50-layer ResNet" name known variants; "ResNet-1001" and
"VGG-M" name variants that the family does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.mapping.coverage import spelling
from generator.mapping.folding import Token
from generator.mapping.lexicon import LAYERS, NOISE, VERSION, Lexicon
from generator.mapping.names import Run, is_year


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers and letters that say which variant is meant: those known, and one that is not."""

    indices: frozenset[int]
    variants: tuple[str, ...]
    spelled: tuple[str, ...]
    unknown: str
    whole: str  # the unknown mark with the name before it


def designators(
    tokens: Sequence[Token], runs: list[Run], free: list[int], lexicon: Lexicon
) -> Marks:
    taken: set[int] = set()
    variants: list[str] = []
    completed: set[str] = set()
    spelled: list[str] = []
    unknown = whole = ""
    available = set(free)
    suffixes = _suffixes_of(tokens, runs[0], lexicon)
    # "50-layer ResNet", "VGG (16 layers)"
    for index in free:
        token = tokens[index]
        if token.script == "digit" and index + 1 in available and tokens[index + 1].text in LAYERS:
            taken |= {index, index + 1}
            spelled.append(spelling(tokens[index : index + 2]))
            if token.text in suffixes:
                variants.append(suffixes[token.text])
            elif not unknown:
                unknown = spelled[-1]
                whole = f"{spelling(tokens[runs[0].start : runs[0].end])} ({unknown})"
    for run in runs:
        suffixes = _suffixes_of(tokens, run, lexicon)
        index = run.end
        if index in available and tokens[index].text in LAYERS and _ends_in_number(tokens, run):
            taken.add(index)  # "ResNet 50-layer"
        while index in available:
            if index in taken or (
                tokens[index].text in NOISE and not is_letter_mark(tokens, index)
            ):
                index += 1
                continue
            begun = _begun(tokens, run, suffixes) if index == run.end else ("",)
            end, variant, replaced = _known_suffix(
                tokens, index, available - taken, suffixes, begun
            )
            if not variant:
                end = _unknown_suffix(tokens, index, available - taken)
                if end > index and not unknown:
                    unknown = spelling(tokens[index:end])
                    whole = spelling(tokens[run.start : end])
            if end == index:
                break
            taken |= set(range(index, end))
            if variant:
                variants.append(variant)
                completed |= {replaced, _replaceable(tokens, run, lexicon)} - {variant}
                spelled.append(spelling(tokens[index:end]))
            index = end
    named = [each.variant for run in runs for each in run.namings if each.variant]
    variants = [each for each in (*named, *variants) if each not in completed]
    return Marks(frozenset(taken), tuple(dict.fromkeys(variants)), tuple(spelled), unknown, whole)


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
        if index not in available or (is_year(token) and token.separator in (" ", ",")):
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
        number = token.script == "digit" and not (is_year(token) and token.separator in (" ", ","))
        version = (
            token.text in VERSION and end + 1 in available and tokens[end + 1].script == "digit"
        )
        if not (number or version or is_letter_mark(tokens, end)):
            break
        end += 1
    return end


def is_letter_mark(tokens: Sequence[Token], index: int) -> bool:
    """One or two letters hung on a name: "ResNet-D", "VGG-M", "Inception A", "50d"."""
    token = tokens[index]
    if token.script not in ("latin", "greek") or len(token.original) > 2:
        return False
    if token.separator in ("", "_", "-"):
        return index > 0
    last = index + 1 == len(tokens) or tokens[index + 1].separator == ","
    return token.separator == " " and last and len(token.original) == 1 and token.original.isupper()
