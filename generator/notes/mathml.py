"""Formulas: LaTeX as MathJax reads it in Obsidian, to MathML that needs no script.

math-core (Rust) converts; what it does not know of MathJax's LaTeX is rewritten first into what it
knows. Formulas are small, so a formula is read command by command, never by replacing text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.notes.chemistry import chemistry_to_tex

if TYPE_CHECKING:
    from math_core import LatexToMathML

# A command, an escaped character, a brace, a comment to the end of its line, or anything else.
_PIECE = re.compile(r"\\(?:[A-Za-z]+\*?|[\s\S])|[{}]|%[^\n]*\n?|[^\\{}%]+|\\$")
LONGEST = 20_000
DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Formula:
    """MathML of a formula, or what is wrong with it (``error``, then ``html`` is empty)."""

    html: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Macro:
    """A command that the note defines: how many arguments it takes and its replacement."""

    name: str
    arguments: int
    body: str

    def definition(self) -> str:
        """TeX that defines it, whatever was defined before."""
        marks = "".join(f"#{number}" for number in range(1, self.arguments + 1))
        return f"\\def{self.name}{marks}{{{self.body}}}"


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
        rewritten = rewrite(tex, display=display, coloured=coloured)
    except _TooLongError:
        return Formula("", "the formula grows too long")
    used = _used(rewritten, (*macros, *definitions(tex)))
    try:
        html = _converter().convert_with_local_state(
            "".join(m.definition() for m in used) + rewritten, displaystyle=display
        )
    except Exception as error:  # LatexError; also what the extension raises on odd input
        return Formula("", re.sub(r"^\d+: ", "", str(error)) or type(error).__name__)
    return Formula(str(html))


def definitions(tex: str) -> tuple[Macro, ...]:
    """Commands that ``tex`` defines for the formulas after it (``\\newcommand``, ``\\def`` …)."""
    if not any(name in tex for name in _DEFINING):
        return ()
    reader = _Reader(tex)
    found: list[Macro] = []
    while (piece := reader.next()) is not None:
        macro = _definition(piece, reader)
        if macro is not None:
            found.append(macro)
    return tuple(found)


_DEFINING = ("command", "\\def", "\\gdef", "\\DeclareMathOperator")


class _TooLongError(Exception):
    """Rewriting makes the formula longer than any sensible one."""


class _Reader:
    """Reads a formula piece by piece."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.pos = 0

    def next(self) -> str | None:
        match = _PIECE.match(self.tex, self.pos)
        if match is None:
            return None
        self.pos = match.end()
        return match[0]

    def peek(self) -> str:
        return self.tex[self.pos : self.pos + 1]

    def skip_blanks(self) -> None:
        while self.peek().isspace():
            self.pos += 1

    def argument(self) -> str:
        """The next argument without its braces: a group, a command or one character."""
        self.skip_blanks()
        if self.peek() == "{":
            return self._group("{", "}")
        if self.peek() == "\\":
            return self.next() or ""
        self.pos += 1
        return self.tex[self.pos - 1 : self.pos]

    def optional(self) -> str | None:
        """The next argument in square brackets, if there is one."""
        self.skip_blanks()
        return self._group("[", "]") if self.peek() == "[" else None

    def _group(self, opening: str, closing: str) -> str:
        start = self.pos + 1
        depth = 0
        while self.pos < len(self.tex):
            character = self.tex[self.pos]
            if character == "\\":
                self.pos += 1
            elif character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if depth == 0:
                    self.pos += 1
                    return self.tex[start : self.pos - 1]
            self.pos += 1
        self.pos = len(self.tex)
        return self.tex[start:]


_SIZES = tuple(
    f"\\{size}"
    for size in ("tiny", "Tiny", "scriptsize", "small", "normalsize", "large", "Large", "LARGE",
                 "huge", "Huge")
)  # fmt: skip
# Commands that MathJax knows and math-core does not: how many arguments they take, and what they
# become (``#1`` … are the arguments).
_REWRITES: dict[str, tuple[int, str]] = {
    "\\require": (1, ""),
    "\\label": (1, ""),
    "\\eqref": (1, "\\text{(#1)}"),
    "\\ref": (1, "\\text{#1}"),
    "\\mbox": (1, "\\text{#1}"),
    "\\hbox": (1, "\\text{#1}"),
    "\\textnormal": (1, "\\text{#1}"),
    "\\pmb": (1, "\\boldsymbol{#1}"),
    "\\mathds": (1, "\\mathbb{#1}"),
    "\\mathbbm": (1, "\\mathbb{#1}"),
    "\\llap": (1, "{#1}"),
    "\\rlap": (1, "{#1}"),
    "\\mathllap": (1, "{#1}"),
    "\\mathrlap": (1, "{#1}"),
    "\\smash": (1, "{#1}"),
    "\\strut": (0, ""),
    "\\class": (2, "{#2}"),
    "\\cssId": (2, "{#2}"),
    "\\style": (2, "{#2}"),
    "\\href": (2, "{#2}"),
    "\\colorbox": (2, "{\\text{#2}}"),
    "\\bbox": (1, "{#1}"),
    "\\substack": (1, "\\begin{subarray}{c}#1\\end{subarray}"),
    "\\rule": (2, ""),
    "\\shoveleft": (1, "#1"),
    "\\shoveright": (1, "#1"),
    "\\verb*": (0, ""),
    "\\middot": (0, "\\cdot "),
    "\\bold": (1, "\\mathbf{#1}"),
    "\\textvisiblespace": (0, "\\text{\u2423}"),
    "\\textbraceleft": (0, "\\{"),
    "\\textbraceright": (0, "\\}"),
    "\\R": (0, "\\mathbb{R}"),
    **dict.fromkeys(_SIZES, (0, "")),
}
_WITH_OPTION = frozenset({"\\bbox", "\\smash", "\\rule"})
# Named colours of CSS that math-core does not know (CSS Color Module Level 4, section 6.1).
_COLOURS = {
    "aqua": "00FFFF", "chocolate": "D2691E", "coral": "FF7F50", "cornflowerblue": "6495ED",
    "crimson": "DC143C", "darkblue": "00008B", "darkgreen": "006400", "darkorange": "FF8C00",
    "darkred": "8B0000", "deeppink": "FF1493", "deepskyblue": "00BFFF", "dodgerblue": "1E90FF",
    "firebrick": "B22222", "forestgreen": "228B22", "fuchsia": "FF00FF", "gold": "FFD700",
    "grey": "808080", "hotpink": "FF69B4", "indigo": "4B0082", "khaki": "F0E68C",
    "lightblue": "ADD8E6", "lightgreen": "90EE90", "limegreen": "32CD32", "maroon": "800000",
    "navy": "000080", "orchid": "DA70D6", "plum": "DDA0DD", "royalblue": "4169E1",
    "salmon": "FA8072", "seagreen": "2E8B57", "sienna": "A0522D", "silver": "C0C0C0",
    "skyblue": "87CEEB", "slateblue": "6A5ACD", "steelblue": "4682B4", "tan": "D2B48C",
    "tomato": "FF6347", "turquoise": "40E0D0",
}  # fmt: skip
_HEX_COLOUR = re.compile(r"#([0-9A-Fa-f]{6})")
# Environments by what they become. Obsidian's MathJax numbers no equations by itself.
_ENVIRONMENTS = {
    "align": "align*", "equation": "equation*", "gather": "gather*", "multline": "multline*",
    "alignat": "alignat*", "flalign": "align*", "flalign*": "align*", "split": "aligned",
    "smallmatrix": "matrix",
}  # fmt: skip


def rewrite(tex: str, *, display: bool, coloured: bool = True) -> str:
    """Give ``tex`` in the part of LaTeX that math-core reads; without ``coloured`` no colours."""
    state = _Rewriting(coloured)
    body = _rewrite(tex, state, depth=0)
    if state.tag and display:
        inner = _aligned(body.strip())
        return f"\\begin{{equation}}{inner}\\tag{{{state.tag}}}\\end{{equation}}"
    return _aligned(body) if display else body


@dataclass(slots=True)
class _Rewriting:
    """What holds for a formula as a whole: whether it keeps colours, its tag."""

    coloured: bool
    tag: str = ""


def _rewrite(tex: str, state: _Rewriting, depth: int) -> str:
    if depth > DEEPEST:
        raise _TooLongError
    reader = _Reader(tex)
    out: list[str] = []
    environments: list[str] = []
    length = 0
    while (piece := reader.next()) is not None:
        text = _rewritten(piece, reader, state, environments, depth)
        out.append(text)
        length += len(text)
        if length > 4 * LONGEST:
            raise _TooLongError
    return "".join(out)


def _rewritten(
    piece: str, reader: _Reader, state: _Rewriting, environments: list[str], depth: int
) -> str:
    """What one piece becomes; reads its arguments."""
    if piece.startswith("%"):
        return "\n"
    if not piece.startswith("\\"):
        return piece
    if piece == "\\\n":
        return "\\ "
    if _definition(piece, reader) is not None:
        return ""
    if piece in ("\\tag", "\\tag*") and not any(e in _NUMBERED for e in environments):
        state.tag = reader.argument()
        return ""
    if piece in ("\\begin", "\\end"):
        return _environment(piece, reader, environments)
    if piece in ("\\color", "\\textcolor"):
        return _colour(piece, reader, state, depth)
    if _BIG.fullmatch(piece):
        return piece + _delimiter(reader)
    if piece in ("\\ce", "\\pu"):
        return "{" + chemistry_to_tex(reader.argument()) + "}"
    if piece == "\\unicode":
        return _character(reader.argument())
    if piece in ("\\text", "\\textrm", "\\textbf", "\\textit"):
        return _text(piece, reader.argument(), state, depth)
    rule = _REWRITES.get(piece)
    if rule is None:
        return piece
    if piece in _WITH_OPTION:
        reader.optional()
    count, pattern = rule
    for number in range(1, count + 1):
        argument = _rewrite(reader.argument(), state, depth + 1)
        pattern = pattern.replace(f"#{number}", argument)
    return pattern


# Sizes of brackets: MathJax lets the bracket stand in braces.
_BIG = re.compile(r"\\[bB]igg?[lrm]?")
_NUMBERED = frozenset({"align*", "gather*", "equation*", "multline*", "alignat*"})


def _environment(piece: str, reader: _Reader, environments: list[str]) -> str:
    name = reader.argument()
    if name == "eqnarray" or name == "eqnarray*":
        return "\\begin{array}{rcl}" if piece == "\\begin" else "\\end{array}"
    if name == "alignedat":
        if piece == "\\begin":
            reader.argument()
        name = "aligned"
    name = _ENVIRONMENTS.get(name, name)
    if name == "gather*" and "&" in reader.tex:
        name = "align*"
    if piece == "\\begin":
        environments.append(name)
    elif environments:
        environments.pop()
    return f"{piece}{{{name}}}"


def _colour(piece: str, reader: _Reader, state: _Rewriting, depth: int) -> str:
    """A colour by CSS name or number; the text or the rest of the group takes it."""
    reader.optional()
    name = reader.argument().strip()
    number = _HEX_COLOUR.fullmatch(name)
    value = number[1] if number else _COLOURS.get(name.lower())
    command = f"\\color[HTML]{{{value}}} " if value else f"\\color{{{name}}}"
    if not state.coloured:
        command = ""
    if piece == "\\color":
        return command
    return f"{{{command}{{{_rewrite(reader.argument(), state, depth + 1)}}}}}"


def _delimiter(reader: _Reader) -> str:
    """The bracket after ``\\big`` without braces around it."""
    if reader.peek() != "{":
        return ""
    start = reader.pos
    inner = reader.argument().strip()
    if len(inner) == 1 or _PIECE.fullmatch(inner):
        return inner + " "
    reader.pos = start
    return ""


# Commands within text: those with an argument that math-core has outside of text only, and what
# becomes of signs that mean something in formulas.
_IN_TEXT = {
    "\\color": "",
    "\\textcolor": "",
    "\\underline": "\\underline",
    "\\boxed": "\\boxed",
    "\\emph": "",
    "\\mathrm": "",
    "\\mathbf": "",
    "\\texttt": "",
    "\\ensuremath": "",
}
_TEXT_SIGN = re.compile(r"\\.|[_#^&]", re.DOTALL)


def _text(piece: str, content: str, state: _Rewriting, depth: int) -> str:
    """Text, with the formulas and coloured words in it taken out of it."""
    if depth > DEEPEST:
        raise _TooLongError
    if "$" not in content and not any(name in content for name in _IN_TEXT):
        return f"{piece}{{{_TEXT_SIGN.sub(_literal, content)}}}"
    out: list[str] = []
    text: list[str] = []
    reader = _Reader(content)

    def end_text() -> None:
        if text:
            out.append(f"{piece}{{{''.join(text)}}}")
            text.clear()

    while (part := reader.next()) is not None:
        if part in _IN_TEXT:
            end_text()
            colour = reader.argument() if "color" in part else ""
            inner = _text(piece, reader.argument(), state, depth + 1)
            if colour:
                coloured = _Reader(f"{{{colour}}}{{{inner}}}")
                out.append(_colour("\\textcolor", coloured, _Rewriting(state.coloured), depth + 1))
            else:
                out.append(f"{_IN_TEXT[part]}{{{inner}}}")
        elif "$" in part and not part.startswith("\\"):
            before, _, rest = part.partition("$")
            text.append(_TEXT_SIGN.sub(_literal, before))
            reader.pos -= len(rest)
            end = content.find("$", reader.pos)
            if end < 0:
                text.append("\\$")
                continue
            end_text()
            out.append("{" + _rewrite(content[reader.pos : end], state, depth + 1) + "}")
            reader.pos = end + 1
        elif part.startswith("\\"):
            text.append(part + (" " if part[1:].isalpha() else ""))
        else:
            text.append(_TEXT_SIGN.sub(_literal, part))
    end_text()
    return "".join(out)


def _literal(match: re.Match[str]) -> str:
    sign = match[0]
    if sign.startswith("\\"):
        return sign
    return "\\textasciicircum{}" if sign == "^" else f"\\{sign}"


def _character(code: str) -> str:
    try:
        number = int(code[1:], 16) if code[:1] in "xX" else int(code)
        return f"\\text{{{chr(number)}}}" if 32 < number < 0xD800 or number > 0xDFFF else ""
    except (ValueError, OverflowError):
        return ""


def _aligned(tex: str) -> str:
    """Rows or columns outside an environment: MathJax breaks lines there."""
    depth = 0
    for match in _PIECE.finditer(tex):
        piece = match[0]
        if piece in ("{", "\\begin"):
            depth += 1
        elif piece in ("}", "\\end"):
            depth -= 1
        elif depth == 0 and (piece == "\\\\" or ("&" in piece and not piece.startswith("\\"))):
            return f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    return tex


def _definition(piece: str, reader: _Reader) -> Macro | None:
    """A definition that begins with ``piece``; reads it to its end."""
    if piece in ("\\newcommand", "\\renewcommand", "\\providecommand", "\\newcommand*"):
        name = reader.argument().strip()
        count = reader.optional()
        default = reader.optional()
        body = reader.argument()
        number = int(count) if count and count.strip() in set("123456789") else 0
        if default is not None and number:
            body, number = body.replace("#1", default), 0
    elif piece in ("\\DeclareMathOperator", "\\DeclareMathOperator*"):
        name = reader.argument().strip()
        star = "*" if piece.endswith("*") else ""
        body, number = f"\\operatorname{star}{{{reader.argument()}}}", 0
    elif piece in ("\\def", "\\gdef"):
        name = reader.argument().strip()
        number = 0
        while reader.peek() == "#":
            reader.pos += 2
            number += 1
        body = reader.argument()
    else:
        return None
    return Macro(name if re.fullmatch(r"\\[A-Za-z]+", name) else "\\unnamed", number, body)


def _used(tex: str, macros: tuple[Macro, ...]) -> list[Macro]:
    """The macros that ``tex`` uses, with those they use, last definition of each name."""
    known = {macro.name: macro for macro in macros}
    if not known:
        return []
    found: dict[str, Macro] = {}
    waiting = [tex]
    while waiting:
        for match in _PIECE.finditer(waiting.pop()):
            macro = known.get(match[0])
            if macro is not None and macro.name not in found:
                found[macro.name] = macro
                waiting.append(macro.body)
    return [found[name] for name in sorted(found)]


def _nesting(tex: str) -> int:
    depth = deepest = 0
    for match in _PIECE.finditer(tex):
        if match[0] in ("{", "\\left", "\\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in ("}", "\\right", "\\end"):
            depth -= 1
    return deepest


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)
