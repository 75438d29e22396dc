"""LaTeX: commands by what they become, their arguments, subscripts and indices."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.claims.lexicon import wordset
from generator.claims.lexing.cursor import Cursor
from generator.claims.tokens import Kind

COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)

# LaTeX commands by what they become.
COMMAND_OPERATORS = {
    **dict.fromkeys(("times", "cdot", "ast", "cdotp", "bullet", "star"), "*"),
    "div": "/",
    **dict.fromkeys(("approx", "simeq", "cong", "thickapprox", "approxeq"), "≈"),
    **dict.fromkeys(("sim", "thicksim"), "~"),
    **dict.fromkeys(("to", "rightarrow", "Rightarrow", "longrightarrow", "implies"), "→"),
    **dict.fromkeys(("Longrightarrow", "mapsto", "leadsto", "rightsquigarrow"), "→"),
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("lt", "ll"), "<"),
    **dict.fromkeys(("gt", "gg"), ">"),
    **dict.fromkeys(("ne", "neq"), "≠"),
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
    "%": "%",
    "downarrow": "↓",
    "searrow": "↓",
    "uparrow": "↑",
    "nearrow": "↑",
    "pm": "±",
    "equiv": "≡",
}
BLANK_COMMANDS = wordset(
    ", ; : ! quad qquad left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle "
    "limits nolimits thinspace space enspace hfill noindent boxed phantom"
) | {" ", "\n"}
TEXT_COMMANDS = wordset("text textrm textbf textit textsf texttt textnormal mbox")
UPRIGHT_COMMANDS = wordset(
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr operatorname boldsymbol bm mathnormal"
)
BRACED = frozenset(("underbrace", "overbrace", "underbracket", "overbracket"))
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "sfrac"))
NAMED_LETTERS = wordset(
    "alpha beta gamma delta epsilon eta theta kappa lambda mu nu rho sigma tau phi chi psi "
    "omega Gamma Delta Theta Lambda Phi Psi Omega ell varepsilon varphi"
)


def command(cursor: Cursor, at: int, run: Callable[[Cursor, int], None]) -> int:
    """Read a command; ``run`` reads the words of its argument."""
    found = COMMAND.match(cursor.text, at, cursor.end)
    if found is None:
        return at + 1
    name, end = found[1], found.end()
    if name in BLANK_COMMANDS:
        cursor.spaced = True
        end = end + 1 if name in ("left", "right") and cursor.text[end : end + 1] == "." else end
    elif name == "\\":
        return cursor.newline(at) + 1
    elif name in ("begin", "end"):
        cursor.spaced = True
        close = cursor.text.find("}", end, cursor.end)
        return close + 1 if close > 0 else end
    elif name in COMMAND_OPERATORS:
        cursor.add(Kind.OP, COMMAND_OPERATORS[name], at, end, cross=name == "times")
    elif name in BRACED and (brace := cursor.closing(end)) is not None:
        cursor.remarked.add(brace)
        return cursor.add(Kind.OP, "{", at, end + 1)
    elif name in FRACTIONS:
        cursor.add(Kind.FUNCTION, "frac", at, end)
    elif name == "sqrt":
        cursor.add(Kind.FUNCTION, "sqrt", at, end)
    elif name in ("log", "ln", "lg", "sin", "cos", "tan", "exp", "max", "min", "det", "gcd"):
        cursor.add(Kind.STOP, name, at, end)
    elif name in TEXT_COMMANDS | UPRIGHT_COMMANDS:
        return _words(cursor, end, run, math=name in UPRIGHT_COMMANDS)
    elif name in NAMED_LETTERS:
        cursor.add(Kind.WORD, name, at, end)
    elif name in "{}[]()$#&_":
        cursor.add(Kind.OP, name, at, end)
    else:
        cursor.add(Kind.STOP, "\\" + name, at, end)
    return end


def _words(cursor: Cursor, at: int, run: Callable[[Cursor, int], None], *, math: bool) -> int:
    """Read a braced argument as words."""
    close = cursor.closing(at)
    if close is None:
        return at
    inner = Cursor(
        cursor.text, close, math=math, broken=cursor.broken, out=cursor.out, upright=True
    )
    inner.spaced = cursor.spaced
    run(inner, at + 1)
    cursor.spaced = False
    return close + 1


def remark(cursor: Cursor, at: int) -> int:
    """Skip what is written under or over a brace: ``\\underbrace{5·5}_{\\text{weights}}``."""
    last = cursor.text[:at].rstrip()
    if len(last) - 1 not in cursor.remarked:
        return 0
    start = (
        at
        + 1
        + len(cursor.text[at + 1 : cursor.end])
        - len(cursor.text[at + 1 : cursor.end].lstrip())
    )
    close = cursor.closing(start)
    if close is not None:
        return close + 1
    found = COMMAND.match(cursor.text, start, cursor.end)
    group = cursor.closing(found.end()) if found else None
    return group + 1 if group is not None else min(start + 1, cursor.end)


def subscript(cursor: Cursor, at: int) -> int:
    """Join a subscript to the name before it; a number with a subscript is no number."""
    close = cursor.closing(at + 1)
    end = close + 1 if close else at + 2
    written = cursor.text[at + 1 : end]
    if written.startswith("\\") and not close:
        found = COMMAND.match(cursor.text, at + 1, cursor.end)
        end = found.end() if found else end
        close = cursor.closing(end)  # "k_\\textrm{h}"
        end = close + 1 if close else end
        written = cursor.text[at + 1 : end]
    plain = "".join(each for each in re.sub(r"\\[A-Za-z]+", "", written) if each.isalnum())
    if not cursor.extend_name("_" + plain, end):
        cursor.add(Kind.STOP, written, at, end)
    return end


def layer_index(cursor: Cursor, at: int) -> int:
    """Join a layer index, ``a^{[l]}`` or ``a^{(i)}``, to its name: it is no power."""
    close = cursor.closing(at + 1)
    inside = cursor.text[at + 2 : close].strip() if close else ""
    index = inside.replace(" ", "").replace("(", "[").replace(")", "]")
    if close and index[:1] == "[" and index[-1:] == "]" and cursor.extend_name(index, close + 1):
        return close + 1
    star = cursor.text[at + 1 : at + 2] in ("'", "*")
    return at + 2 if star and cursor.extend_name("'", at + 2) else 0
