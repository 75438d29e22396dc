"""What the lexer knows while it reads a span: where it ends, its mode, the tokens so far."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from generator.claims.tokens import Kind, Token

SUPERSCRIPTS = {each: str(index) for index, each in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


class Cursor:
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

    def add(self, kind: Kind, text: str, start: int, end: int, *, cross: bool = False) -> int:
        """Add a token; gives where the next one begins."""
        self.out.append(
            Token(kind, text, start, end, math=self.math, spaced=self.spaced, cross=cross)
        )
        self.spaced = False
        return end

    def newline(self, at: int) -> int:
        """Add the end of a line."""
        self.add(Kind.OP, "\n", at, at + 1)
        self.spaced = True
        return at + 1

    def value(self, literal: str, start: int, end: int) -> None:
        """Add a number."""
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

    def superscript(self, at: int) -> int:
        """Add the power that raised digits write, if they stand here."""
        end = at
        while end < self.end and self.text[end] in SUPERSCRIPTS:
            end += 1
        if end > at:
            self.add(Kind.OP, "^", at, at)
            self.value("".join(SUPERSCRIPTS[each] for each in self.text[at:end]), at, end)
        return end

    def closing(self, at: int) -> int | None:
        """Find the brace that closes the one at ``at``."""
        if self.text[at : at + 1] != "{":
            return None
        depth = 0
        for here in range(at, self.end):
            depth += {"{": 1, "}": -1}.get(self.text[here], 0)
            if depth == 0:
                return here
        return None

    def extend_name(self, suffix: str, end: int) -> bool:
        """Join a suffix to the name before it; say whether there is one."""
        last = self.out[-1] if self.out else None
        if last is None or last.kind is not Kind.WORD or not last.math:
            return False
        self.out[-1] = replace(last, text=last.text + suffix, end=max(last.end, end))
        return True
