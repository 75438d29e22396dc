"""Formulas: LaTeX as MathJax reads it in Obsidian, to MathML that needs no script.

math-core (Rust) converts; what it does not know of MathJax's LaTeX is rewritten first
(:mod:`generator.notes.latex`). What would make it slow is refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.notes.latex import DEEPEST, LONGEST, TooLongError, rewrite
from generator.notes.macros import PIECE, Macro

if TYPE_CHECKING:
    from math_core import LatexToMathML

# math-core takes twice as long for each bracket that nothing closes.
MOST_UNCLOSED = 14


@dataclass(frozen=True, slots=True)
class Formula:
    """MathML of a formula, or what is wrong with it (``error``, then ``html`` is empty)."""

    html: str
    error: str = ""


@lru_cache(maxsize=8192)
def to_mathml(tex: str, *, display: bool, macros: tuple[Macro, ...] = ()) -> Formula:
    """Convert one formula; ``macros`` are the definitions that hold where it stands."""
    if len(tex) > LONGEST:
        return Formula("", f"the formula is longer than {LONGEST} characters")
    if _nesting(tex) > DEEPEST:
        return Formula("", f"braces are nested deeper than {DEEPEST}")
    formula = _converted(tex, display=display, macros=macros, coloured=True)
    if "color" in formula.error:
        return _converted(tex, display=display, macros=macros, coloured=False)
    return formula


def _converted(tex: str, *, display: bool, macros: tuple[Macro, ...], coloured: bool) -> Formula:
    try:
        rewritten = rewrite(
            tex, display=display, macros=macros, coloured=coloured, is_read=_is_read
        )
    except TooLongError:
        return Formula("", "the formula grows too long")
    if _nesting(rewritten) > DEEPEST:
        return Formula("", f"braces are nested deeper than {DEEPEST}")
    if _unclosed(rewritten) > MOST_UNCLOSED:
        return Formula("", f"more than {MOST_UNCLOSED} brackets are never closed")
    try:
        html = _converter().convert_with_local_state(rewritten, displaystyle=display)
    except Exception as error:  # LatexError; also what the extension raises on odd input
        return Formula("", re.sub(r"^\d+: ", "", str(error)) or type(error).__name__)
    return Formula(str(html))


@lru_cache(maxsize=4096)
def _is_read(character: str) -> bool:
    """Whether math-core reads a character outside of text."""
    try:
        _converter().convert_with_local_state(character, displaystyle=False)
    except Exception:  # as where formulas are converted
        return False
    return True


def _nesting(tex: str) -> int:
    depth = deepest = 0
    for match in PIECE.finditer(tex):
        if match[0] in ("{", "\\left", "\\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in ("}", "\\right", "\\end"):
            depth -= 1
    return deepest


# Brackets that math-core looks for the end of, and their ends.
_OPENING = re.compile(
    r"\\(?:\{|(?:l(?:Angle|Brace|Vert|ang|angle|brace|brack|ceil|floor|group|langle|lbracket|lcorner"
    r"|lparenthesis|moustache|paren|vert)|ulcorner|[bB]igg?l|mathopen)(?![A-Za-z]))"
    r"|[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼]"
)
_CLOSING = re.compile(
    r"\\(?:\}|(?:r(?:Angle|Brace|Vert|ang|angle|brace|brack|ceil|floor|group|rangle|rbracket"
    r"|rparenthesis|moustache|paren|vert)|[ul]rcorner|[bB]igg?r|mathclose)(?![A-Za-z]))"
    r"|[)\]⌉⌋⌝⌟⎱❳⟆⟧⟩⟫⟭⟯⦄⦆⦈⦊⦌⦎⦐⦒⦔⦖⦘⧙⧛⧽]"
)
_BRACKET_OR_GROUP = re.compile(
    rf"(?P<opening>{_OPENING.pattern})|(?P<closing>{_CLOSING.pattern})"
    r"|(?P<begin>\{|\\(?:left|begin)(?![A-Za-z]))|(?P<end>\}|\\(?:right|end)(?![A-Za-z]))"
    r"|(?P<cell>&|\\\\)|\\(?:[A-Za-z]+|.)",
    re.DOTALL,
)


def _unclosed(tex: str) -> int:
    """The most brackets that are open in one place of ``tex`` and closed nowhere in their group."""
    open_here, within, most = 0, 0, 0  # of this cell; of the worst group in it; of the cells before
    around: list[tuple[int, int, int]] = []
    for match in _BRACKET_OR_GROUP.finditer(tex):
        match match.lastgroup:
            case "opening":
                open_here += 1
            case "closing":
                open_here -= open_here > 0
            case "begin":
                around.append((open_here, within, most))
                open_here = within = most = 0
            case "end" if around:
                inner = max(most, open_here + within)
                open_here, within, most = around.pop()
                within = max(within, inner)
            case "cell":
                open_here, within, most = 0, 0, max(most, open_here + within)
            case _:
                pass
    for open_around, within_around, most_around in (*reversed(around), (0, 0, 0)):
        inner = max(most, open_here + within)
        open_here, within, most = open_around, max(within_around, inner), most_around
    return max(most, open_here + within)


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)
