"""The pieces of a formula, and the commands that formulas define for those after them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

# A command, an escaped character, a brace, a comment to the end of its line, or anything else.
PIECE = re.compile(r"\\(?:[A-Za-z]+\*?|[\s\S])|[{}]|%[^\n]*\n?|[^\\{}%]+|\\$")


@dataclass(frozen=True, slots=True)
class Macro:
    """A command that the note defines: how many arguments it takes and its replacement.

    Its first argument may be left out where it has a ``default``. A ``final`` one is another name
    for a command of TeX, whatever that is redefined as later.
    """

    name: str
    arguments: int
    body: str
    default: str | None = None
    final: bool = False


def definitions(tex: str) -> tuple[Macro, ...]:
    """Commands that ``tex`` defines for the formulas after it (``\\newcommand``, ``\\def`` …)."""
    if not any(name in tex for name in _DEFINING):
        return ()
    reader = Reader(tex)
    found: list[Macro] = []
    while (piece := reader.next()) is not None:
        macro = definition(piece, reader, {each.name: each for each in found})
        if macro is not None:
            found.append(macro)
    return tuple(found)


_DEFINING = ("command", "\\def", "\\gdef", "\\let", "\\DeclareMathOperator")


_PARAMETER = re.compile(r"#([1-9])")
_ENDS_WITH_COMMAND = re.compile(r"\\[A-Za-z]+\Z")


def _glued(before: str, after: str) -> str:
    """Two texts as one, in which a command at the end of the first keeps its name."""
    apart = after[:1].isalpha() and _ENDS_WITH_COMMAND.search(before) is not None
    return f"{before} {after}" if apart else before + after


class Reader:
    """Reads a formula piece by piece."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.pos = 0

    def next(self) -> str | None:
        match = PIECE.match(self.tex, self.pos)
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

    def expand(self, macro: Macro) -> None:
        """Put a macro's replacement in the place of its call, whose name was read last."""
        arguments: list[str] = []
        if macro.default is not None:
            option = self.optional()
            arguments.append(macro.default if option is None else option)
        while len(arguments) < macro.arguments:
            arguments.append(self.argument())
        body = ""
        parts = _PARAMETER.split(macro.body)  # text, number, text, number, text …
        for text, number in zip(parts[::2], [*parts[1::2], ""], strict=True):
            body = _glued(body, text)
            if number and int(number) <= len(arguments):
                body = _glued(body, arguments[int(number) - 1])
        self.tex, self.pos = _glued(body, self.tex[self.pos :]), 0

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


def definition(piece: str, reader: Reader, known: Mapping[str, Macro]) -> Macro | None:
    """A definition that begins with ``piece``; reads it to its end."""
    default = None
    if piece.rstrip("*") in ("\\newcommand", "\\renewcommand", "\\providecommand"):
        name = reader.argument().strip()
        count = reader.optional()
        default = reader.optional()
        body = reader.argument()
        number = int(count) if count and count.strip() in set("123456789") else 0
        if not number:
            default = None
    elif piece == "\\let":
        name = reader.argument().strip()
        reader.skip_blanks()
        if reader.peek() == "=":
            reader.pos += 1
        body = reader.argument()
        number = 0
        if body in known:
            return replace(known[body], name=name)
        if re.fullmatch(r"\\[A-Za-z]+", name):
            return Macro(name, 0, body, final=True)
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
    return Macro(name if re.fullmatch(r"\\[A-Za-z]+", name) else "\\unnamed", number, body, default)
