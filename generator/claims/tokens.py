"""A statement's text, prose with ``$…$`` formulas, as tokens: what all recognisers read.

Prose and LaTeX come out alike: ``3x3``, ``3 × 3`` and ``$3 \\times 3$`` are the same three tokens.
Nothing is judged here. What arithmetic cannot contain (an unknown command, an ellipsis, a number
whose digits do not stand together in the source) becomes a ``STOP`` that no expression crosses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from generator.claims.lexicon import wordset

MAX_TOKENS = 4000  # a statement longer than this is not prose about a number
MAX_DIGITS = 24


class Kind(StrEnum):
    """What a token is. ``WORD`` is a word or, with one letter, perhaps a variable; ``FUNCTION``
    a LaTeX command with arguments (``frac``, ``sqrt``); ``OP`` an operator or punctuation."""

    NUMBER = "number"
    WORD = "word"
    OP = "op"
    FUNCTION = "function"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its offsets in the statement's text.

    ``text`` is normalised (``*`` for every multiplication sign, words as written), ``value`` and
    ``place`` (of the last digit) are a number's. ``math`` says that it stands in a formula,
    ``spaced`` that white space stands before it, ``cross`` that a ``*`` was written as x or ×.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    place: Fraction = Fraction(1)
    math: bool = False
    spaced: bool = False
    cross: bool = False

    def is_op(self, *texts: str) -> bool:
        """Whether this is one of these operators."""
        return self.kind is Kind.OP and self.text in texts


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
SUPERSCRIPTS = {each: str(index) for index, each in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")

# A number: thousands groups by comma, apostrophe, underscore or a narrow blank, then decimals and
# an exponent. A plain blank separates groups only in a longer number (61 100 840), see _joined.
NUMBER = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f'’]\d{3})+(?!\d)|\d+(?:_\d+)*)"
    r"(?:\.\d+)?(?:[eE][+-]?\d{1,3}(?![\d.]))?"
)
HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]+(?![\w.])")  # no product: 0x200000
LEADING_POINT = re.compile(r"\.\d+")
DECIMAL_COMMA = re.compile(r"(?:0,\d+|\d+,\d{1,2})(?![\d,.])")
# Words: letters and digits, joined by hyphens from the second letter on ("top-1", "VGG-16").
WORD = re.compile(
    r"[^\W\d_]\w*(?:[-‐‑]\w+(?:\.\w+)*)*(?:[.]\d+\w*)*(?:['’](?:t|s|re|ve|ll|d|m)\b)?"
)
# Short forms whose points end no sentence and whose strokes divide nothing.
SHORT = re.compile(r"(?:i\.e|e\.g)\b\.?|w/o?(?=\s)", re.IGNORECASE)
LETTER_MINUS = re.compile(r"[^\W\d_](?:[-‐‑]|\d[-‐‑](?![^\W\d_]{3}))")
WORDLIKE = re.compile(r"\w+")
SYMBOLIC_DIMS = re.compile(r"(?:[A-Za-z]|\d+)(?:[x×][A-Za-z]|[x×]\d+)+$")
# "i.e." and "e.g." part a sentence as a comma does.
THAT_IS = re.compile(r"(?<!\w)(?:i\. ?e|e\. ?g)\.,?(?=\s)", re.IGNORECASE)
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b")
VERSION = re.compile(r"\d+\.\d+\.\d+(?:\.\d+)*")
LINK = re.compile(r"(?:https?://|www\.)\S+")
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


def tokenize(text: str, *, formula: bool, broken: Callable[[int, int], int]) -> tuple[Token, ...]:
    """Split a statement's text. ``formula`` says that all of it is one formula.

    ``broken(start, end)`` tells how many source characters of markup stand inside ``text[start:end]``
    (0: none): a reader sees "553" where ``5*5*3`` was written, and the writer meant a product.
    """
    tokens: list[Token] = []
    for start, end, math in _spans(text, formula=formula):
        lexer = _Lexer(text, end, math=math, broken=broken, out=tokens)
        lexer.spaced = math or not (start and text[start - 1] == "$")  # "$36.8$M" is glued
        lexer.run(start)
        if len(tokens) > MAX_TOKENS:
            return ()
    return tuple(_joined(tokens))


def _spans(text: str, *, formula: bool) -> list[tuple[int, int, bool]]:
    """Split into prose, formulas and inline code: (start, end, is formula)."""
    if formula and "$" not in text:
        return [(0, len(text), True)]
    spans: list[tuple[int, int, bool]] = []
    at = prose = 0
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


class _Lexer:
    """The lexer's state over one span: position, output, mode."""

    def __init__(
        self,
        text: str,
        end: int,
        *,
        math: bool,
        broken: Callable[[int, int], int],
        out: list[Token],
        upright: bool = False,
    ) -> None:
        self.text, self.end, self.math = text, end, math
        self.broken, self.out, self.upright = broken, out, upright
        self.spaced = True
        self.read: set[int] = set()  # where inline code that is read ends
        self.remarked: set[int] = set()  # where the arguments of \\underbrace end

    def run(self, at: int) -> None:
        """Read from ``at`` to the end of the span."""
        while at < self.end and len(self.out) <= MAX_TOKENS:
            char = self.text[at]
            if char == "\n":
                at = self._newline(at)
            elif char.isspace() or (self.math and char in "~&"):
                self.spaced, at = True, at + 1
            elif char in INVISIBLE:
                # In a formula it is left from copying a rendered one, whose bars and powers are lost.
                at = self._add(Kind.STOP, char, at, at + 1) if self.math else at + 1
            elif char.isdecimal() or (char == "." and self._leading_point(at)):
                at = self._number(at)
            elif not self.math and (link := LINK.match(self.text, at, self.end)):
                at = self._add(Kind.STOP, link[0], at, link.end())
            elif not self.math and (that_is := THAT_IS.match(self.text, at, self.end)):
                at = self._add(Kind.OP, ",", at, that_is.end())
            elif char.isalpha():
                at = self._letters(at)
            elif char == "\\":
                at = self._command(at)
            elif self.math and char in "_^" and (remark := self._remark(at)):
                at = remark
            elif self.math and char in "_":
                at = self._subscript(at)
            elif self.math and char == "^" and (layer := self._layer_index(at)):
                at = layer
            elif self.math and char == "'" and self._extend_name("'", at + 1):
                at += 1
            elif char == "`":
                at = self._code(at)
            elif self.text.startswith("~~", at) and (close := self.text.find("~~", at + 2)) > 0:
                at = self._add(Kind.STOP, "~~", at, min(close + 2, self.end))
            else:
                at = self._operator(at)

    # ------------------------------------------------------------ kinds of token

    def _add(self, kind: Kind, text: str, start: int, end: int, *, cross: bool = False) -> int:
        self.out.append(
            Token(kind, text, start, end, math=self.math, spaced=self.spaced, cross=cross)
        )
        self.spaced = False
        return end

    def _newline(self, at: int) -> int:
        self._add(Kind.OP, "\n", at, at + 1)
        self.spaced = True
        return at + 1

    def _leading_point(self, at: int) -> bool:
        before = self.text[at - 1] if at else " "
        return bool(LEADING_POINT.match(self.text, at, self.end)) and not before.isalnum()

    def _number(self, at: int) -> int:
        for odd in (VERSION, ORDINAL, HEXADECIMAL):
            if found := odd.match(self.text, at, self.end):
                return self._add(Kind.STOP, found[0], at, found.end())
        found = NUMBER.match(self.text, at, self.end) or LEADING_POINT.match(
            self.text, at, self.end
        )
        if found is None:  # digits of another script
            return self._add(Kind.STOP, self.text[at], at, at + 1)
        literal, end = found[0], found.end()
        latex_groups = re.compile(r"(?:\{,\}|\\[,;! ])(\d{3})(?!\d)")
        while self.math and (more := latex_groups.match(self.text, end, self.end)):
            literal, end = literal + more[1], more.end()
        if comma := self._decimal_comma(at):
            literal, end = comma.replace(",", "."), at + len(comma)
        elif self._pair(at, end):
            end = at + len(literal.split(",")[0])
            literal = literal.split(",")[0]
        gaps = [self.broken(here - 1, here + 1) for here in range(at + 1, end)]
        digits = sum(each.isdecimal() for each in literal)
        if max(gaps, default=0) > 1 or digits > MAX_DIGITS:
            return self._add(Kind.STOP, literal, at, end)
        if any(gaps):
            return self._starred(at, end)
        self._value(literal, at, end)
        return self._superscript(end)

    def _value(self, literal: str, start: int, end: int) -> None:
        plain = re.sub(r"[,\u00a0\u2009\u202f'’_]", "", literal)
        mantissa, _, power = plain.lower().partition("e")
        decimals = len(mantissa.partition(".")[2])
        scale = Fraction(10) ** int(power or 0)
        self.out.append(
            Token(
                Kind.NUMBER,
                literal,
                start,
                end,
                value=Fraction(mantissa) * scale,
                place=Fraction(1, 10**decimals) * scale,
                math=self.math,
                spaced=self.spaced,
            )
        )
        self.spaced = False

    def _decimal_comma(self, at: int) -> str:
        """A number with a decimal comma ("0,89"): not inside brackets, where commas list things."""
        found = DECIMAL_COMMA.match(self.text, at, self.end)
        if found is None or (at and self.text[at - 1] in "([{,"):
            return ""
        return found[0] if self._depth(at) == 0 else ""

    def _pair(self, at: int, end: int) -> bool:
        """Whether "224,224" in brackets is two numbers and no thousands group."""
        groups = self.text[at:end].split(",")
        opened = at > 0 and self.text[at - 1] in "([,"
        return opened and len(groups) > 1 and len(set(groups)) < len(groups)

    def _depth(self, at: int) -> int:
        before = self.text[max(0, at - 60) : at]
        return sum(before.count(each) for each in "([{") - sum(before.count(each) for each in ")]}")

    def _starred(self, at: int, end: int) -> int:
        """Digits with one source character of markup between them: emphasis was a product."""
        start = at
        for here in range(at + 1, end + 1):
            if here == end or self.broken(here - 1, here + 1):
                self._value(self.text[start:here], start, here)
                if here < end:
                    self._add(Kind.OP, "*", here, here)
                start = here
        return end

    def _superscript(self, at: int) -> int:
        end = at
        while end < self.end and self.text[end] in SUPERSCRIPTS:
            end += 1
        if end > at:
            self._add(Kind.OP, "^", at, at)
            self._value("".join(SUPERSCRIPTS[each] for each in self.text[at:end]), at, end)
        return end

    def _letters(self, at: int) -> int:
        if self._is_times(at):
            return self._add(Kind.OP, "*", at, at + 1, cross=True)
        if self.math and not self.upright:
            return self._math_letters(at)
        if short := SHORT.match(self.text, at, self.end):
            return self._add(Kind.WORD, short[0][:3].lower(), at, short.end())
        if dims := self._symbolic_dims(at):
            return dims
        powered = self.text[at + 1 : at + 2] in SUPERSCRIPTS  # C² is a letter and its exponent
        if powered or (LETTER_MINUS.match(self.text, at, self.end) and not self._after_word(at)):
            end = at + 1
        else:
            found = WORD.match(self.text, at, self.end)
            end = found.end() if found else at + 1
            while (
                end > at + 1 and self.text[end - 1] in SUPERSCRIPTS
            ):  # D_k² is a name and its power
                end -= 1
        self._add(Kind.WORD, self.text[at:end], at, end)
        return self._superscript(end)

    def _after_word(self, at: int) -> bool:
        """Whether a one-letter word before a hyphen is a word part ("x-axis", "t-test")."""
        found = WORD.match(self.text, at, self.end)
        tail = found[0][2:] if found else ""
        return len(re.match(r"[^\W\d_]*", tail)[0]) > 1  # type: ignore[index]

    def _math_letters(self, at: int) -> int:
        end = at
        while end < self.end and self.text[end].isalpha():
            end += 1
        run = self.text[at:end]
        if len(run) > 2 and run.isascii():  # a word that lacks \text, such as "stride"
            return self._add(Kind.WORD, run, at, end)
        for here in range(at, end):
            if self._is_times(here):
                self._add(Kind.OP, "*", here, here + 1, cross=True)
            else:
                self._add(Kind.WORD, self.text[here], here, here + 1)
                self._superscript(here + 1)
        return self._skip_superscript(end)

    def _skip_superscript(self, at: int) -> int:
        while at < self.end and self.text[at] in SUPERSCRIPTS:
            at += 1
        return at

    def _is_times(self, at: int) -> bool:
        """Whether the letter x multiplies: between numbers, brackets, or single letters."""
        if self.text[at] not in "xX" or not self.out:
            return False
        before, after = self.out[-1], self._next_visible(at + 1)
        if not after:
            return False
        glued_right = at + 1 < self.end and self.text[at + 1] == after
        left_number = before.kind is Kind.NUMBER or before.is_op(")", "]", "}", "⌋", "⌉")
        if left_number and (after.isdecimal() or after in "(⌊"):
            return True
        if left_number and after in "\\" and self.math:
            return self._command_after(at + 1) in FRACTIONS | {"lfloor", "left"}
        # "3 x C" and "n x n": blanks on both sides, and a single letter beyond.
        letter = before.kind is Kind.WORD and len(before.text) == 1 and not before.is_op("x")
        beyond = re.compile(r"\s+(?:[A-Za-z](?![A-Za-z])|\d)").match(self.text, at + 1, self.end)
        if (left_number or letter) and beyond and self.spaced:
            return not (left_number and after.isalpha() and after.lower() in "ai")
        single = re.compile(r"[A-Z](?![A-Za-z])").match(self.text, at + 1, self.end)
        if (left_number or letter) and single and not self.spaced:  # "3x3xC"
            return True
        return letter and not self.spaced and glued_right and after.isdecimal() and self.math

    def _command_after(self, at: int) -> str:
        found = COMMAND.match(self.text, at + (self.text[at] == " "), self.end)
        return found[1] if found else ""

    def _next_visible(self, at: int) -> str:
        while at < self.end and self.text[at] in " \u00a0\u2009":
            at += 1
        return self.text[at] if at < self.end else ""

    def _symbolic_dims(self, at: int) -> int:
        """Read "nxn", "HxWxC", "BxTxV": single letters joined by x."""
        found = WORDLIKE.match(self.text, at, self.end)
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
                self._add(Kind.OP, "*", here, here + 1, cross=True)
                here += 1
            if part.isdecimal():
                self._value(part, here, here + len(part))
            else:
                self._add(Kind.WORD, part, here, here + 1)
            here += len(part)
        return here

    # ------------------------------------------------------------ LaTeX

    def _command(self, at: int) -> int:
        found = COMMAND.match(self.text, at, self.end)
        if found is None:
            return at + 1
        name, end = found[1], found.end()
        if name in BLANK_COMMANDS:
            self.spaced = True
            end = end + 1 if name in ("left", "right") and self.text[end : end + 1] == "." else end
        elif name == "\\":
            return self._newline(at) + 1
        elif name in ("begin", "end"):
            self.spaced = True
            close = self.text.find("}", end, self.end)
            return close + 1 if close > 0 else end
        elif name in COMMAND_OPERATORS:
            self._add(Kind.OP, COMMAND_OPERATORS[name], at, end, cross=name == "times")
        elif name in BRACED and (brace := self._closing(end)) is not None:
            self.remarked.add(brace)
            return self._add(Kind.OP, "{", at, end + 1)
        elif name in FRACTIONS:
            self._add(Kind.FUNCTION, "frac", at, end)
        elif name == "sqrt":
            self._add(Kind.FUNCTION, "sqrt", at, end)
        elif name in ("log", "ln", "lg", "sin", "cos", "tan", "exp", "max", "min", "det", "gcd"):
            self._add(Kind.STOP, name, at, end)
        elif name in TEXT_COMMANDS | UPRIGHT_COMMANDS:
            return self._group(end, upright=True, math=name in UPRIGHT_COMMANDS)
        elif name in NAMED_LETTERS:
            self._add(Kind.WORD, name, at, end)
        elif name in "{}[]()$#&_":
            self._add(Kind.OP, name, at, end)
        else:
            self._add(Kind.STOP, "\\" + name, at, end)
        return end

    def _group(self, at: int, *, upright: bool, math: bool) -> int:
        """Read a braced argument as words."""
        close = self._closing(at)
        if close is None:
            return at
        inner = _Lexer(
            self.text, close, math=math, broken=self.broken, out=self.out, upright=upright
        )
        inner.spaced = self.spaced
        inner.run(at + 1)
        self.spaced = False
        return close + 1

    def _remark(self, at: int) -> int:
        """Skip what is written under or over a brace: ``\\underbrace{5·5}_{\\text{weights}}``."""
        last = self.text[:at].rstrip()
        if len(last) - 1 not in self.remarked:
            return 0
        start = (
            at + 1 + len(self.text[at + 1 : self.end]) - len(self.text[at + 1 : self.end].lstrip())
        )
        close = self._closing(start)
        if close is not None:
            return close + 1
        found = COMMAND.match(self.text, start, self.end)
        group = self._closing(found.end()) if found else None
        return group + 1 if group is not None else min(start + 1, self.end)

    def _closing(self, at: int) -> int | None:
        """Find the brace that closes the one at ``at``."""
        if self.text[at : at + 1] != "{":
            return None
        depth = 0
        for here in range(at, self.end):
            depth += {"{": 1, "}": -1}.get(self.text[here], 0)
            if depth == 0:
                return here
        return None

    def _subscript(self, at: int) -> int:
        """Join a subscript to the name before it; a number with a subscript is no number."""
        close = self._closing(at + 1)
        end = close + 1 if close else at + 2
        written = self.text[at + 1 : end]
        if written.startswith("\\") and not close:
            found = COMMAND.match(self.text, at + 1, self.end)
            end = found.end() if found else end
            close = self._closing(end)  # "k_\\textrm{h}"
            end = close + 1 if close else end
            written = self.text[at + 1 : end]
        plain = "".join(each for each in re.sub(r"\\[A-Za-z]+", "", written) if each.isalnum())
        if not self._extend_name("_" + plain, end):
            self._add(Kind.STOP, written, at, end)
        return end

    def _layer_index(self, at: int) -> int:
        """Join a layer index, ``a^{[l]}`` or ``a^{(i)}``, to its name: it is no power."""
        close = self._closing(at + 1)
        inside = self.text[at + 2 : close].strip() if close else ""
        index = inside.replace(" ", "").replace("(", "[").replace(")", "]")
        if close and index[:1] == "[" and index[-1:] == "]" and self._extend_name(index, close + 1):
            return close + 1
        star = self.text[at + 1 : at + 2] in ("'", "*")
        return at + 2 if star and self._extend_name("'", at + 2) else 0

    def _extend_name(self, suffix: str, end: int) -> bool:
        last = self.out[-1] if self.out else None
        if last is None or last.kind is not Kind.WORD or not last.math:
            return False
        self.out[-1] = replace(last, text=last.text + suffix, end=max(last.end, end))
        return True

    # ------------------------------------------------------------ the rest

    def _code(self, at: int) -> int:
        """Inline code: arithmetic in it is read, anything else is one unreadable token."""
        close = self.text.find("`", at + 1, self.end)
        if close < 0 or at in self.read:
            return at + 1
        inside = self.text[at + 1 : close]
        if (
            inside.strip()
            and re.fullmatch(r"[\w\s.,+*/()^=×·∗x−-]*", inside)
            and "==" not in inside
        ):
            self.read.add(close)
            return at + 1
        self._add(Kind.STOP, "`", at, close + 1)
        return close + 1

    def _operator(self, at: int) -> int:
        text, char = self.text, self.text[at]
        for pair, meaning in (
            ("->", "→"), ("=>", "→"), ("==", "=="), ("!=", "≠"), ("<=", "≤"), (">=", "≥"),
            ("~=", "≈"), ("...", "…"), ("**", "**"), ("//", "//"),
        ):  # fmt: skip
            if text.startswith(pair, at) and at + len(pair) <= self.end:
                return self._add(Kind.OP, meaning, at, at + len(pair))
        if char in "…⋯":
            return self._add(Kind.OP, "…", at, at + 1)
        cross = char in CROSSES
        return self._add(Kind.OP, OPERATORS.get(char, char), at, at + 1, cross=cross)


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
