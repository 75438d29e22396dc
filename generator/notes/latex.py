"""LaTeX as MathJax reads it in Obsidian, rewritten into the part of it that math-core reads.

Formulas are small, so a formula is read command by command, never by replacing text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generator.notes.chemistry import chemistry_to_tex
from generator.notes.latex_names import (
    ACCENTED,
    ACCENTS,
    BOXES,
    BRACED_ENVIRONMENTS,
    COLOURS,
    ENVIRONMENTS,
    HEX_COLOUR,
    IN_TEXT,
    REWRITES,
    SIGNS,
    TEXTS,
    WITH_COUNT,
    WITH_OPTION,
    WITH_PLACE,
)
from generator.notes.macros import PIECE, Macro, Reader, definition

# Longer formulas and deeper groups are not read.
LONGEST = 20_000
DEEPEST = 60
MOST_EXPANSIONS = 2000


class TooLongError(Exception):
    """Rewriting makes the formula longer than any sensible one."""


def rewrite(
    tex: str,
    *,
    display: bool,
    macros: Sequence[Macro],
    coloured: bool,
    is_read: Callable[[str], bool],
) -> str:
    """Give ``tex`` in the part of LaTeX that math-core reads, with ``macros`` replaced; without
    ``coloured`` no colours. ``is_read`` says which characters beyond ASCII math-core reads."""
    state = _Rewriting(coloured, display, {macro.name: macro for macro in macros}, is_read)
    body = _rewrite(tex, state, depth=0)
    if state.tag and display:
        inner = _aligned(body.strip())
        if not _PLAIN_TAG.fullmatch(state.tag):
            return f"{inner}{_written_tag(state.tag, state)}"
        return f"\\begin{{equation}}{inner}\\tag{{{state.tag}}}\\end{{equation}}"
    return _aligned(body) if display else body


# What math-core takes as the text of a tag.
_PLAIN_TAG = re.compile(r"[A-Za-z0-9 .,:;'()/+*-]+")


def _written_tag(tag: str, state: _Rewriting) -> str:
    """A tag with formulas or letters that math-core does not take, beside the formula."""
    written = _text("\\text", tag, state, 1)
    return f"\\qquad\\text{{(}}{written}\\text{{)}}"


@dataclass(slots=True)
class _Rewriting:
    """What holds for a formula as a whole: whether it keeps colours, is on lines of its own, its
    macros, its tag."""

    coloured: bool
    display: bool
    macros: dict[str, Macro]
    is_read: Callable[[str], bool]
    expansions: int = 0
    tag: str = ""


def _rewrite(tex: str, state: _Rewriting, depth: int) -> str:
    if depth > DEEPEST:
        raise TooLongError
    reader = Reader(tex)
    out: list[str] = []
    environments: list[str] = []
    length = 0
    while (piece := reader.next()) is not None:
        text = _rewritten(piece, reader, state, environments, depth)
        out.append(text)
        length += len(text)
        if length > 4 * LONGEST:
            raise TooLongError
    return "".join(out)


def _rewritten(
    piece: str, reader: Reader, state: _Rewriting, environments: list[str], depth: int
) -> str:
    """What one piece becomes; reads its arguments."""
    if piece.startswith("%"):
        return "\n"
    if not piece.startswith("\\"):
        return piece if piece.isascii() else _signs(piece, state.is_read)
    if piece == "\\\n":
        return "\\ "
    macro = state.macros.get(piece)
    if macro is not None:
        if not macro.final:
            _expand(macro, reader, state)
            return ""
        piece = macro.body
    macro = definition(piece, reader, state.macros)
    if macro is not None:
        state.macros[macro.name] = macro
        return ""
    if piece in ("\\tag", "\\tag*"):
        tag = reader.argument()
        if not any(e in _NUMBERED for e in environments):
            state.tag = tag
            return ""
        return f"{piece}{{{tag}}}" if _PLAIN_TAG.fullmatch(tag) else _written_tag(tag, state)
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
    if piece in TEXTS:
        return _text(TEXTS[piece], reader.argument(), state, depth)
    if piece in BOXES:
        for _ in range(BOXES[piece]):
            reader.argument()
        text = _text("\\text", reader.argument(), state, depth)
        return f"\\boxed{{{text}}}" if piece in ("\\fbox", "\\fcolorbox") else f"{{{text}}}"
    if piece in BRACED_ENVIRONMENTS and reader.peek() == "{":
        name = BRACED_ENVIRONMENTS[piece]
        inner = _rewrite(reader.argument(), state, depth + 1)
        return f"\\begin{{{name}}}{inner}\\end{{{name}}}"
    if piece == "\\mathop":
        return _operator(reader, state, depth)
    rule = REWRITES.get(piece)
    if rule is None:
        return piece
    if piece in WITH_OPTION:
        reader.optional()
    count, pattern = rule
    for number in range(1, count + 1):
        argument = _rewrite(reader.argument(), state, depth + 1)
        pattern = pattern.replace(f"#{number}", argument)
    return pattern


# Sizes of brackets: MathJax lets the bracket stand in braces.
_BIG = re.compile(r"\\[bB]igg?[lrm]?")
_NUMBERED = frozenset({"align*", "gather*", "equation*", "multline*", "alignat*"})


def _environment(piece: str, reader: Reader, environments: list[str]) -> str:
    name = reader.argument()
    if name == "eqnarray" or name == "eqnarray*":
        return "\\begin{array}{rcl}" if piece == "\\begin" else "\\end{array}"
    if name in ("subequations", "math", "displaymath"):
        return ""
    if piece == "\\begin":
        if WITH_PLACE.fullmatch(name):
            reader.optional()
        if name in WITH_COUNT:
            reader.argument()
    name = ENVIRONMENTS.get(name, name)
    if name == "gather*" and "&" in reader.tex:
        name = "align*"
    if piece == "\\begin":
        environments.append(name)
    elif environments:
        environments.pop()
    columns = ""
    if name == "array" and piece == "\\begin":
        columns = f"{{{_columns(reader.argument())}}}"
    return f"{piece}{{{name}}}{columns}"


_REPEATED = re.compile(r"\*\{(\d{1,2})\}\{([^{}]*)\}")
_COLUMN_TEXT = re.compile(r"[@!><]\{[^{}]*\}|(?<=[pmbw])(?:\[[^\]]*\])?\{[^{}]*\}(?:\{[^{}]*\})?")


def _columns(columns: str) -> str:
    """Columns of an array: what stands between them and their widths are left out."""
    columns = _REPEATED.sub(lambda match: match[2] * int(match[1]), columns)
    columns = _COLUMN_TEXT.sub("", columns)
    return re.sub("[pmbwX]", "l", columns)


def _operator(reader: Reader, state: _Rewriting, depth: int) -> str:
    """``\\mathop{x}\\limits_{a}^{b}``: on lines of its own, or where asked for, ``a`` is below."""
    base = _rewrite(reader.argument(), state, depth + 1)
    limits = state.display
    while match := _LIMITS.match(reader.tex, reader.pos):
        reader.pos = match.end()
        limits = match[1] == "\\limits"
    if not limits:
        return f"\\mathop{{{base}}}"
    while match := _SCRIPT.match(reader.tex, reader.pos):
        reader.pos = match.end()
        place = "\\underset" if match[1] == "_" else "\\overset"
        base = f"{place}{{{_rewrite(reader.argument(), state, depth + 1)}}}{{{base}}}"
    return f"\\mathop{{{base}}}"


_LIMITS = re.compile(r"\s*(\\(?:no|display)?limits)(?![A-Za-z])")
_SCRIPT = re.compile(r"\s*([_^])")


def _expand(macro: Macro, reader: Reader, state: _Rewriting) -> None:
    state.expansions += 1
    if state.expansions > MOST_EXPANSIONS or len(reader.tex) > 4 * LONGEST:
        raise TooLongError
    reader.expand(macro)


def _signs(text: str, is_read: Callable[[str], bool]) -> str:
    """Signs and accented letters of Unicode that math-core does not read."""
    text = ACCENTED.sub(lambda match: f"\\{ACCENTS[match[2]]}{{{match[1]}}}", text)
    return "".join(
        character if character.isascii() or is_read(character)
        else SIGNS.get(character, f"\\text{{{character}}}")
        for character in text
    )  # fmt: skip


def _colour(piece: str, reader: Reader, state: _Rewriting, depth: int) -> str:
    """A colour by CSS name or number; the text or the rest of the group takes it."""
    reader.optional()
    name = reader.argument().strip()
    number = HEX_COLOUR.fullmatch(name)
    value = number[1] if number else COLOURS.get(name.lower())
    command = f"\\color[HTML]{{{value}}} " if value else f"\\color{{{name}}}"
    if not state.coloured:
        command = ""
    if piece == "\\color":
        return command
    return f"{{{command}{{{_rewrite(reader.argument(), state, depth + 1)}}}}}"


def _delimiter(reader: Reader) -> str:
    """The bracket after ``\\big`` without braces around it."""
    if reader.peek() != "{":
        return ""
    start = reader.pos
    inner = reader.argument().strip()
    if len(inner) == 1 or PIECE.fullmatch(inner):
        return inner + " "
    reader.pos = start
    return ""


_TEXT_SIGN = re.compile(r"\\.|[_#^&]", re.DOTALL)


def _text(piece: str, content: str, state: _Rewriting, depth: int) -> str:
    """Text, with the formulas and coloured words in it taken out of it."""
    if depth > DEEPEST:
        raise TooLongError
    if "$" not in content and "\\" not in content:
        return f"{piece}{{{_TEXT_SIGN.sub(_literal, content)}}}"
    out: list[str] = []
    text: list[str] = []
    reader = Reader(content)

    def end_text() -> None:
        if text:
            out.append(f"{piece}{{{''.join(text)}}}")
            text.clear()

    while (part := reader.next()) is not None:
        macro = state.macros.get(part)
        if macro is not None and not macro.final:
            _expand(macro, reader, state)
        elif part == "\\\\":
            text.append("\\textbackslash{}" * 2)  # as MathJax shows it
        elif part in IN_TEXT:
            end_text()
            colour = reader.argument() if "color" in part else ""
            inner = _text(piece, reader.argument(), state, depth + 1)
            if colour:
                coloured = Reader(f"{{{colour}}}{{{inner}}}")
                out.append(_colour("\\textcolor", coloured, _plain(state), depth + 1))
            else:
                out.append(f"{IN_TEXT[part]}{{{inner}}}")
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
            text.append(part + " " if part[1:].isalpha() else _TEXT_SIGN.sub(_literal, part))
        else:
            text.append(_TEXT_SIGN.sub(_literal, part))
    end_text()
    return "".join(out)


def _plain(state: _Rewriting) -> _Rewriting:
    """For what is rewritten already: no macros."""
    return _Rewriting(state.coloured, state.display, {}, state.is_read)


def _literal(match: re.Match[str]) -> str:
    """A sign as text; braces keep the blank after it."""
    sign = match[0]
    if sign.startswith("\\"):
        return f"{sign}{{}}" if sign[1] in "#$%&_{}" else sign
    return "\\textasciicircum{}" if sign == "^" else f"\\{sign}{{}}"


def _character(code: str) -> str:
    try:
        number = int(code[1:], 16) if code[:1] in "xX" else int(code)
        return f"\\text{{{chr(number)}}}" if 32 < number < 0xD800 or number > 0xDFFF else ""
    except (ValueError, OverflowError):
        return ""


def _aligned(tex: str) -> str:
    """Rows or columns outside an environment: MathJax breaks lines there."""
    depth = 0
    for match in PIECE.finditer(tex):
        piece = match[0]
        if piece in ("{", "\\begin"):
            depth += 1
        elif piece in ("}", "\\end"):
            depth -= 1
        elif depth == 0 and (piece == "\\\\" or ("&" in piece and not piece.startswith("\\"))):
            return f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    return tex
