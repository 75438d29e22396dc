"""Letters: words, the names of formulas, and the letter x where it multiplies."""

from __future__ import annotations

import re

from generator.claims.lexing.cursor import SUPERSCRIPTS, Cursor
from generator.claims.lexing.latex import COMMAND, FRACTIONS
from generator.claims.tokens import Kind

# Words: letters and digits, joined by hyphens from the second letter on ("top-1", "VGG-16").
WORD = re.compile(
    r"[^\W\d_]\w*(?:[-‐‑]\w+(?:\.\w+)*)*(?:[.]\d+\w*)*(?:['’](?:t|s|re|ve|ll|d|m)\b)?"
)
# A word that nothing else can be: no digit in it, no x as its first or second letter.
PLAIN_WORD = re.compile(r"[A-WYZa-wyz](?!x)[A-Za-z]+(?![\w'’‐‑-]|\.\d)")
# Short forms whose points end no sentence and whose strokes divide nothing.
SHORT = re.compile(r"(?:i\.e|e\.g)\b\.?|w/o?(?=\s)", re.IGNORECASE)
LETTER_MINUS = re.compile(r"[^\W\d_](?:[-‐‑]|\d[-‐‑](?![^\W\d_]{3}))")
WORDLIKE = re.compile(r"\w+")
# "conv3×3" is a layer's name as "conv3x3" is; with blanks, "conv3 × 3", only where the sides are equal.
NAMED_WINDOW = re.compile(
    r"(?:conv|deconv|maxpool|avgpool|pool|dw|kernel)-?"
    r"(?:\d{1,2}×\d{1,2}|(\d{1,2}) [×x] \1)(?![\w×])",
    re.IGNORECASE,
)
SYMBOLIC_DIMS = re.compile(r"(?:[A-Za-z]|\d+)(?:[x×][A-Za-z]|[x×]\d+)+$")


def letters(cursor: Cursor, at: int) -> int:
    """Read what begins with a letter."""
    if (not cursor.math or cursor.upright) and (
        plain := PLAIN_WORD.match(cursor.text, at, cursor.end)
    ):
        return cursor.add(Kind.WORD, plain[0], at, plain.end())
    if _is_times(cursor, at):
        return cursor.add(Kind.OP, "*", at, at + 1, cross=True)
    if cursor.math and not cursor.upright:
        return _math_letters(cursor, at)
    if short := SHORT.match(cursor.text, at, cursor.end):
        return cursor.add(Kind.WORD, short[0][:3].lower(), at, short.end())
    if dims := _symbolic_dims(cursor, at):
        return dims
    if window := NAMED_WINDOW.match(cursor.text, at, cursor.end):
        return cursor.add(Kind.WORD, window[0].replace(" ", ""), at, window.end())
    powered = cursor.text[at + 1 : at + 2] in SUPERSCRIPTS  # C² is a letter and its exponent
    if powered or (LETTER_MINUS.match(cursor.text, at, cursor.end) and not _after_word(cursor, at)):
        end = at + 1
    else:
        found = WORD.match(cursor.text, at, cursor.end)
        end = found.end() if found else at + 1
        while end > at + 1 and cursor.text[end - 1] in SUPERSCRIPTS:  # D_k² is a name and its power
            end -= 1
    cursor.add(Kind.WORD, cursor.text[at:end], at, end)
    return cursor.superscript(end)


def _after_word(cursor: Cursor, at: int) -> bool:
    """Whether a one-letter word before a hyphen is a word part ("x-axis", "t-test")."""
    found = WORD.match(cursor.text, at, cursor.end)
    tail = found[0][2:] if found else ""
    return len(re.match(r"[^\W\d_]*", tail)[0]) > 1  # type: ignore[index]


def _math_letters(cursor: Cursor, at: int) -> int:
    end = at
    while end < cursor.end and cursor.text[end].isalpha():
        end += 1
    run = cursor.text[at:end]
    if len(run) > 2 and run.isascii():  # a word that lacks \text, such as "stride"
        return cursor.add(Kind.WORD, run, at, end)
    for here in range(at, end):
        if _is_times(cursor, here):
            cursor.add(Kind.OP, "*", here, here + 1, cross=True)
        else:
            cursor.add(Kind.WORD, cursor.text[here], here, here + 1)
            cursor.superscript(here + 1)
    return _skip_superscript(cursor, end)


def _skip_superscript(cursor: Cursor, at: int) -> int:
    while at < cursor.end and cursor.text[at] in SUPERSCRIPTS:
        at += 1
    return at


def _is_times(cursor: Cursor, at: int) -> bool:
    """Whether the letter x multiplies: between numbers, brackets, or single letters."""
    if cursor.text[at] not in "xX" or not cursor.out:
        return False
    before, after = cursor.out[-1], _next_visible(cursor, at + 1)
    if not after:
        return False
    glued_right = at + 1 < cursor.end and cursor.text[at + 1] == after
    left_number = before.kind is Kind.NUMBER or before.is_op(")", "]", "}", "⌋", "⌉")
    if left_number and (after.isdecimal() or after in "(⌊"):
        return True
    if left_number and after in "\\" and cursor.math:
        return _command_after(cursor, at + 1) in FRACTIONS | {"lfloor", "left"}
    # "3 x C" and "n x n": blanks on both sides, and a single letter beyond.
    letter = before.kind is Kind.WORD and len(before.text) == 1 and not before.is_op("x")
    beyond = re.compile(r"\s+(?:[A-Za-z](?![A-Za-z])|\d)").match(cursor.text, at + 1, cursor.end)
    if (left_number or letter) and beyond and cursor.spaced:
        return not (left_number and after.isalpha() and after.lower() in "ai")
    single = re.compile(r"[A-Z](?![A-Za-z])").match(cursor.text, at + 1, cursor.end)
    if (left_number or letter) and single and not cursor.spaced:  # "3x3xC"
        return True
    return letter and not cursor.spaced and glued_right and after.isdecimal() and cursor.math


def _command_after(cursor: Cursor, at: int) -> str:
    found = COMMAND.match(cursor.text, at + (cursor.text[at] == " "), cursor.end)
    return found[1] if found else ""


def _next_visible(cursor: Cursor, at: int) -> str:
    while at < cursor.end and cursor.text[at] in " \u00a0\u2009":
        at += 1
    return cursor.text[at] if at < cursor.end else ""


def _symbolic_dims(cursor: Cursor, at: int) -> int:
    """Read "nxn", "HxWxC", "BxTxV": single letters joined by x."""
    found = WORDLIKE.match(cursor.text, at, cursor.end)
    if found is None or not SYMBOLIC_DIMS.match(found[0]):
        return 0
    parts = re.split("[x×]", found[0])
    letters = [each for each in parts if each.isalpha()]
    same = len(set(letters)) == 1 and len(letters) == len(parts)
    if not all(parts) or not (same or all(each.isupper() for each in letters)):
        return 0  # "xxx" is a word
    here = at
    for index, part in enumerate(parts):
        if index:
            cursor.add(Kind.OP, "*", here, here + 1, cross=True)
            here += 1
        if part.isdecimal():
            cursor.value(part, here, here + len(part))
        else:
            cursor.add(Kind.WORD, part, here, here + 1)
        here += len(part)
    return here
