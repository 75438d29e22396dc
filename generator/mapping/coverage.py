"""Word tables on tokens: which tokens a table's words cover, and tokens spelled as text again."""

from __future__ import annotations

from collections.abc import Sequence

from generator.mapping.folding import Token, uncovered
from generator.mapping.lexicon import PLAIN, phrase_starts, phrases
from generator.mapping.words import MENTION_SCOPES, WHOLE_SCOPES


def any_covered(tokens: Sequence[Token], table: frozenset[str]) -> bool:
    return len(uncovered(tokens, range(len(tokens)), table)) < len(tokens)


def only_scope(tokens: Sequence[Token]) -> bool:
    """Whether tokens say no more than "Experiments", "The results"."""
    return _telling(tokens) in phrases(MENTION_SCOPES)


def _telling(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens if token.text not in PLAIN)


def is_scope(tokens: Sequence[Token]) -> bool:
    texts = tuple(token.text for token in tokens)
    whole = phrases(WHOLE_SCOPES)
    if texts in whole or _telling(tokens) in whole:
        return True
    anywhere = phrase_starts(MENTION_SCOPES)
    return any(
        texts[start : start + len(phrase)] == phrase
        for start, text in enumerate(texts)
        for phrase in anywhere.get(text, ())
    )


def spelling(tokens: Sequence[Token]) -> str:
    """Tokens as one text, as written (separators simplified)."""
    text = tokens[0].original
    for token in tokens[1:]:
        text += (" " if token.separator == "," else token.separator) + token.original
    return text


def pieces(tokens: Sequence[Token], indices: Sequence[int]) -> tuple[str, ...]:
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
