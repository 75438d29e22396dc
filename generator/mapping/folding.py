"""Text to comparable tokens: letter case, accents, plurals, punctuation, glued words, scripts.

A heading and a family's name are folded by the same functions, so ``Réseaux``, ``reseau`` and
``RÉSEAU`` are one token. Nothing here knows about networks or families.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Scripts written without spaces between words: their characters become tokens of their own, and
# names and noise are found as runs.
UNSPACED = frozenset({"han", "kana", "hangul", "thai"})
_FOLDED_SCRIPTS = frozenset({"latin", "greek", "cyrillic", "arabic"})

_ASCII_LETTERS = re.compile(r"[A-Za-z]+")
_POSSESSIVE = re.compile(r"[’'ʼ]s\b")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or (in scripts without spaces) character of a heading.

    ``text`` is folded, ``original`` as written (after compatibility folding). ``separator`` is what
    stood between the token before it and this one: ``""`` when glued, ``" "``, ``"_"``, ``"-"``
    for any hyphen, ``"."``, or ``","`` for anything stronger. ``group`` numbers the innermost
    parentheses around it, 0 outside. ``word`` numbers the word it was cut from. A dash between
    blanks is a strong separator, as in a subtitle.
    """

    text: str
    original: str
    script: str
    separator: str
    group: int
    word: int


def clean(text: str) -> str:
    """Fold compatibility forms (full-width letters, ligatures), no-break and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    if folded.isascii():
        return folded
    folded = folded.replace("×", "x").replace("∗", "*")
    kept: list[str] = []
    for character in folded:
        category = unicodedata.category(character)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category in ("Zs", "Zl", "Zp") or character in "\n\t":
            kept.append(" ")
        elif category not in ("Cf", "Cc", "Cn", "Co", "Cs"):
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Fold one word: lower case, no accents (not in scripts where marks are letters), singular."""
    return singular(bare(word))


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """Fold letter case and accents, and keep letters and digits only."""
    lowered = unicodedata.normalize("NFKC", word).casefold()
    if lowered.isascii():
        return "".join(each for each in lowered if each.isalnum())
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", lowered):
        if unicodedata.category(character).startswith("M"):
            if base not in _FOLDED_SCRIPTS:
                kept.append(character)
        else:
            base = script_of(character)
            if character.isalnum():
                kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)).replace("ς", "σ")


def singular(word: str) -> str:
    """Drop a plural's ``s`` (``cnns``, ``networks``; not ``loss``, ``vs``, ``bus``)."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word.isascii():
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """Name a character's script: latin, digit, greek, cyrillic, han, kana, hangul, thai, … or ""."""
    if character.isdecimal() or character.isnumeric():
        return "digit"
    if not (character.isalpha() or unicodedata.category(character).startswith("M")):
        return ""
    name = unicodedata.name(character, "")
    first = name.split(" ", 1)[0].split("-", 1)[0]
    match first:
        case "CJK" | "IDEOGRAPHIC":
            return "han"
        case "HIRAGANA" | "KATAKANA":
            return "kana"
        case "COMBINING" | "MODIFIER" | "VARIATION":
            return ""
        case _:
            return first.lower()


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut cleaned text into tokens at blanks, punctuation, and where script or digits change."""
    text = _POSSESSIVE.sub("", text)
    tokens: list[Token] = []
    groups: list[int] = []
    opened = 0
    separator = ""
    word = 0
    position = 0
    while position < len(text):
        character = text[position]
        script = script_of(character)
        if not script:
            if text.startswith("()", position) and tokens:
                # A call, not a name: resnet18().
                tokens.append(Token("()", "()", "sign", "", groups[-1] if groups else 0, word))
                position += 1
            elif character in "([{（【「『〔":
                opened += 1
                groups.append(opened)
                separator = ","
            elif character in ")]}）】」』〕":
                if groups:
                    groups.pop()
                separator = ","
            elif character == "+" and not separator and tokens:
                # Glued to a name it makes another one: UNet++, the channel CNN+.
                tokens.append(Token("+", "+", "sign", "", groups[-1] if groups else 0, word))
            else:
                separator = _stronger(separator, character)
                if (
                    character in _DASHES
                    and text[position - 1 : position + 2].strip()
                    != (text[position - 1 : position + 2])
                ):
                    separator = ","
            position += 1
            continue
        end = position + 1
        if script == "latin" and (run := _ASCII_LETTERS.match(text, position)):
            end = run.end()
        if script not in UNSPACED:
            while end < len(text) and _continues(script, text[end]):
                end += 1
        original = text[position:end]
        if (
            separator
            or not tokens
            or tokens[-1].script not in UNSPACED
            or script != tokens[-1].script
        ):
            word += 1
        group = groups[-1] if groups else 0
        tokens.append(
            Token(
                fold(original),
                original,
                script,
                separator if tokens else ",",
                group,
                word,
            )
        )
        separator = ""
        position = end
    return tuple(each for each in tokens if each.text)


def _continues(script: str, character: str) -> bool:
    following = script_of(character)
    if following == script:
        return True
    # A combining mark stays with its letter; an inner apostrophe does not end a word's script.
    return script != "digit" and unicodedata.category(character).startswith("M")


_STRENGTH = {"": 0, " ": 1, "_": 2, "-": 2, ".": 3, ",": 4}
_WEAK = {" ": " ", "-": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "_": "_", ".": "."}
_DASHES = frozenset("-‐‑‒–—")
_IGNORED = frozenset("'’ʼ`´*~=\"“”„«»‹›·・")


def _stronger(separator: str, character: str) -> str:
    """Join a separating character to what already separates two tokens."""
    new = separator if character in _IGNORED else _WEAK.get(character, ",")
    return new if _STRENGTH[new] > _STRENGTH[separator] else separator


def camel_pieces(token: Token) -> tuple[Token, ...]:
    """Cut a Latin word at its inner capitals; the token itself if there is nowhere to cut."""
    if token.script != "latin":
        return (token,)
    pieces = _humps(token.original)
    if len(pieces) < 2:
        return (token,)
    return tuple(
        Token(
            fold(piece),
            piece,
            token.script,
            token.separator if index == 0 else "",
            token.group,
            token.word,
        )
        for index, piece in enumerate(pieces)
        if bare(piece)
    )


def _humps(word: str) -> list[str]:
    """Cut before each capital that follows a small letter, and before the last of several capitals
    that a small letter follows: ``Goog|Le|Net``, ``CNN|Model``."""
    if word.islower() or word.isupper():
        return [word]
    pieces = [word[0]]
    for index in range(1, len(word)):
        follows = index + 1 < len(word) and word[index + 1].islower()
        before = word[index - 1]
        if word[index].isupper() and (before.islower() or (before.isupper() and follows)):
            pieces.append("")
        pieces[-1] += word[index]
    return pieces


def keys(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """Spell a run of tokens as one word: each token folded, and the whole folded as one word."""
    if len(tokens) == 1:
        return (tokens[0].text,)
    each = "".join(token.text for token in tokens)
    whole = singular("".join(bare(token.original) for token in tokens))
    return (each,) if each == whole else (each, whole)


def name_keys(name: str) -> tuple[str, ...]:
    """Fold a name of one or more words to what :func:`keys` can give for it in a heading."""
    tokens = tokenise(clean(name))
    return keys(tokens) if tokens else ()


def squeeze(text: str) -> str:
    """Fold a text to one run of characters without blanks and without any ``s``.

    Whatever two tokens' folds agree on, their squeezed texts agree on: a quick sieve.
    """
    return bare(clean(text)).replace("s", "")


_LONGEST_WORD = 16  # characters, in scripts whose characters are tokens


def uncovered(tokens: Sequence[Token], indices: Iterable[int], table: frozenset[str]) -> list[int]:
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
