"""The lexer: prose, formulas and inline code of a text, character by character.

Prose and LaTeX come out alike: ``3x3``, ``3 × 3`` and ``$3 \\times 3$`` are the same three tokens.
Nothing is judged here. What arithmetic cannot contain (an unknown command, an ellipsis, a number
whose digits do not stand together in the source) becomes a ``STOP`` that no expression crosses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from generator.claims.lexing.cursor import Cursor
from generator.claims.lexing.latex import command, layer_index, remark, subscript
from generator.claims.lexing.letters import letters
from generator.claims.lexing.numbers import leading_point, number
from generator.claims.tokens import Kind, Token

MAX_TOKENS = 4000  # a statement longer than this is not prose about a number

# Single characters that mean an operator; the rest of punctuation stands for itself.
OPERATORS = {
    **dict.fromkeys("×✕✖⨯", "*"),
    **dict.fromkeys("·⋅∙∗*⁎", "*"),
    **dict.fromkeys("−-", "-"),
    **dict.fromkeys("–‒", "-"),
    **dict.fromkeys("÷/∕⁄", "/"),
    **dict.fromkeys("≈≃≅≒", "≈"),
    **dict.fromkeys("~∼～", "~"),
    **dict.fromkeys("→⇒⟶⟹↦➔➜▸▶►", "→"),
    **dict.fromkeys("≤⩽", "≤"),
    **dict.fromkeys("≥⩾", "≥"),
    **dict.fromkeys('“”„«»"', '"'),
    **dict.fromkeys("‘’'", "'"),
}
CROSSES = frozenset("×✕✖⨯xX")
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
# "i.e." and "e.g." part a sentence as a comma does.
THAT_IS = re.compile(r"(?<!\w)(?:i\. ?e|e\. ?g)\.,?(?=\s)", re.IGNORECASE)
LINK = re.compile(r"(?:https?://|www\.)\S+")


def tokenize(text: str, *, formula: bool, broken: Callable[[int, int], int]) -> tuple[Token, ...]:
    """Split a statement's text. ``formula`` says that all of it is one formula.

    ``broken(start, end)`` tells how many source characters of markup stand inside ``text[start:end]``
    (0: none): a reader sees "553" where ``5*5*3`` was written, and the writer meant a product.
    """
    tokens: list[Token] = []
    for start, end, math in _spans(text, formula=formula):
        cursor = Cursor(text, end, math=math, broken=broken, out=tokens)
        cursor.spaced = math or not (start and text[start - 1] == "$")  # "$36.8$M" is glued
        _run(cursor, start)
        if len(tokens) > MAX_TOKENS:
            return ()
    return tuple(_joined(tokens))


def _spans(text: str, *, formula: bool) -> list[tuple[int, int, bool]]:
    """Split into prose, formulas and inline code: (start, end, is formula)."""
    at = prose = len(text) - len(text.lstrip())  # lines are read where they stand
    if "$" not in text:
        return [(at, len(text), formula)] if at < len(text) else []
    spans: list[tuple[int, int, bool]] = []
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and text[at + 1] == "$":
            at += 2
            continue
        if text[at] != "$":
            at += 1
            continue
        fence = "$$" if text.startswith("$$", at) else "$"
        close = text.find(fence, at + len(fence))
        while close > 0 and text[close - 1] == "\\":
            close = text.find(fence, close + 1)
        inside = text[at + len(fence) : close] if close > 0 else ""
        glued = fence == "$$" or bool(
            inside and not inside[0].isspace() and not inside[-1].isspace()
        )
        if close < 0 or not inside.strip() or not glued:
            at += len(fence)
            continue
        spans.append((prose, at, False))
        spans.append((at + len(fence), close, True))
        at = prose = close + len(fence)
    spans.append((prose, len(text), False))
    return [each for each in spans if each[0] < each[1]]


def _run(cursor: Cursor, at: int) -> None:
    """Read from ``at`` to the end of the span."""
    while at < cursor.end and len(cursor.out) <= MAX_TOKENS:
        char = cursor.text[at]
        if char == "\n":
            at = cursor.newline(at)
        elif char.isspace() or (cursor.math and char in "~&"):
            cursor.spaced, at = True, at + 1
        elif char in INVISIBLE:
            # In a formula it is left from copying a rendered one, whose bars and powers are lost.
            at = cursor.add(Kind.STOP, char, at, at + 1) if cursor.math else at + 1
        elif char.isdecimal() or (char == "." and leading_point(cursor, at)):
            at = number(cursor, at)
        elif not cursor.math and char in "hw" and (link := LINK.match(cursor.text, at, cursor.end)):
            at = cursor.add(Kind.STOP, link[0], at, link.end())
        elif (
            not cursor.math
            and char in "ieIE"
            and (that_is := THAT_IS.match(cursor.text, at, cursor.end))
        ):
            at = cursor.add(Kind.OP, ",", at, that_is.end())
        elif char.isalpha():
            at = letters(cursor, at)
        elif char == "\\":
            at = command(cursor, at, _run)
        elif cursor.math and char in "_^" and (beyond := remark(cursor, at)):
            at = beyond
        elif cursor.math and char in "_":
            at = subscript(cursor, at)
        elif cursor.math and char == "^" and (layer := layer_index(cursor, at)):
            at = layer
        elif cursor.math and char == "'" and cursor.extend_name("'", at + 1):
            at += 1
        elif char == "`":
            at = _code(cursor, at)
        elif cursor.text.startswith("~~", at) and (close := cursor.text.find("~~", at + 2)) > 0:
            at = cursor.add(Kind.STOP, "~~", at, min(close + 2, cursor.end))
        else:
            at = _operator(cursor, at)


def _code(cursor: Cursor, at: int) -> int:
    """Inline code: arithmetic in it is read, anything else is one unreadable token."""
    close = cursor.text.find("`", at + 1, cursor.end)
    if close < 0 or at in cursor.read:
        return at + 1
    inside = cursor.text[at + 1 : close]
    if inside.strip() and re.fullmatch(r"[\w\s.,+*/()^=×·∗x−-]*", inside) and "==" not in inside:
        cursor.read.add(close)
        return at + 1
    cursor.add(Kind.STOP, "`", at, close + 1)
    return close + 1


def _operator(cursor: Cursor, at: int) -> int:
    text, char = cursor.text, cursor.text[at]
    for pair, meaning in (
        ("->", "→"), ("=>", "→"), ("==", "=="), ("!=", "≠"), ("<=", "≤"), (">=", "≥"),
        ("~=", "≈"), ("...", "…"), ("**", "**"), ("//", "//"),
    ):  # fmt: skip
        if text.startswith(pair, at) and at + len(pair) <= cursor.end:
            return cursor.add(Kind.OP, meaning, at, at + len(pair))
    if char in "…⋯":
        return cursor.add(Kind.OP, "…", at, at + 1)
    cross = char in CROSSES
    return cursor.add(Kind.OP, OPERATORS.get(char, char), at, at + 1, cross=cross)


def _side(before: Sequence[Token]) -> bool:
    """Whether the last number is a side of a size: "3×3 128" and "3 x 3 128" are a window and a number."""
    if len(before) < 3 or not before[-2].cross or before[-3].kind is not Kind.NUMBER:
        return False
    return not before[-1].spaced or before[-1].value == before[-3].value


def _joined(tokens: list[Token]) -> list[Token]:
    """Join thousands groups that plain blanks separate: ``61 100 840`` is one number.

    Only groups of three digits after one to three, none of them part of a product: "96 11×11" and
    "10 3x3" stay two numbers.
    """
    out: list[Token] = []
    for index, token in enumerate(tokens):
        last = out[-1] if out else None
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if (
            last is not None
            and last.kind is Kind.NUMBER
            and token.kind is Kind.NUMBER
            and token.start - last.end == 1
            and len(token.text) == 3
            and token.text.isdecimal()
            and re.fullmatch(r"\d{1,3}(?: \d{3})*", last.text)
            and not (following is not None and following.cross)
            and not _side(out)
        ):
            out[-1] = replace(
                last,
                text=f"{last.text} {token.text}",
                end=token.end,
                value=last.value * 1000 + token.value,
            )
        else:
            out.append(token)
    return out
