"""Footnotes: ``[^id]``, ``[^id]: text`` and ``^[text]`` (rules 8.3; Obsidian help: Footnotes)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.model import AnchorHole, Block, FootnoteHole
from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Piece, Writer, join

_DEFINITION = re.compile(r"\[\^([^\]\[\s^]+)\]:[ \t]*")
_REFERENCE = re.compile(r"\[\^([^\]\[\s^]+)\]")
# Continuation lines of a definition are indented by at least this much.
INDENT = 2


@dataclass(slots=True)
class Notes:
    """Footnotes of a note: numbers by label in the order of first reference."""

    numbers: dict[str, int] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)
    texts: dict[str, list[Piece]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    inline: int = 0


def definition(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Recognise ``[^id]: text`` with its indented continuation."""
    if state.is_code_block(line):
        return False
    start = state.bMarks[line] + state.tShift[line]
    match = _DEFINITION.match(state.src, start, state.eMarks[line])
    if match is None:
        return False
    if silent:
        return True
    label = match[1].lower()
    state.env.setdefault("footnotes", set()).add(label)
    opening = state.push("footnote_open", "", 1)
    opening.info = label
    opening.map = lines = [line, line + 1]
    indent, shift, mark = state.blkIndent, state.tShift[line], state.bMarks[line]
    count, around = state.sCount[line], state.parentType
    state.bMarks[line], state.tShift[line] = match.end(), 0
    state.sCount[line] = state.blkIndent = indent + INDENT
    state.parentType = "footnote"
    state.md.block.tokenize(state, line, end)
    if state.line == line:
        state.line = line + 1
    state.blkIndent, state.parentType = indent, around
    state.bMarks[line], state.tShift[line], state.sCount[line] = mark, shift, count
    lines[1] = state.line
    state.push("footnote_close", "", -1)
    return True


def reference(state: StateInline, silent: bool) -> bool:
    """Recognise ``[^id]``; when the note does not define it, it is text."""
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        label = match[1].lower()
        if label in state.env.get("footnotes", ()):
            state.push("footnote_reference", "", 0).info = label
        else:
            state.push("footnote_unknown", "", 0).content = match[0]
    state.pos = match.end()
    return True


def inline_note(state: StateInline, silent: bool) -> bool:
    """Recognise ``^[text]``."""
    start = state.pos + 2
    if not state.src.startswith("^[", state.pos) or state.env.get("in_note"):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end < 0 or not state.src[start:end].strip():
        return False
    if not silent:
        after, state.posMax, state.pos = state.posMax, end, start
        state.push("inline_note_open", "", 1)
        state.env["in_note"] = True
        state.md.inline.tokenize(state)
        state.env["in_note"] = False
        state.push("inline_note_close", "", -1)
        state.posMax = after
    state.pos = end + 1
    return True


def _notes(writer: Writer) -> Notes:
    notes = writer.store.get("footnotes")
    if notes is None:
        notes = writer.store["footnotes"] = Notes()
        writer.at_end.append(finish)
    assert isinstance(notes, Notes)
    return notes


def _refer(writer: Writer, label: str) -> None:
    notes = _notes(writer)
    number = notes.numbers.setdefault(label, len(notes.numbers) + 1)
    notes.uses[label] = notes.uses.get(label, 0) + 1
    writer.put(FootnoteHole(number, notes.uses[label]))


def render_reference(writer: Writer, token: Token) -> None:
    _refer(writer, token.info)


def render_unknown(writer: Writer, token: Token) -> None:
    writer.say(token.content, token.map[0] if token.map else 0)
    writer.put(escape(token.content, quote=False))
    writer.complain(
        "NT216",
        writer.position(token),
        f"the note has no footnote {token.content}",
        hint=f"add a line {token.content}: with its text",
    )


def render_open(writer: Writer, token: Token) -> None:
    frame = writer.open("footnote", token)
    frame.data = {"label": token.info}
    _notes(writer).lines.setdefault(token.info, frame.line)


def render_close(writer: Writer, _token: Token) -> None:
    """Keep the definition's pieces for the end of the note."""
    frame = writer.frames[-1]
    notes = _notes(writer)
    label: str = frame.data["label"]
    notes.texts.setdefault(label, list(frame.pieces))
    frame.pieces.clear()
    frame.block_ids = ()
    writer.close()


def render_inline_open(writer: Writer, _token: Token) -> None:
    notes = _notes(writer)
    notes.inline += 1
    label = f"^{notes.inline}"  # no written label has a caret
    _refer(writer, label)
    writer.store["inline_note"] = (label, writer.pieces, writer.spoken())
    writer.pieces = []


def render_inline_close(writer: Writer, _token: Token) -> None:
    label, outer, spoken = writer.store.pop("inline_note")
    pieces = writer.cleaned(writer.pieces) if writer.run.raw_html else writer.pieces
    _notes(writer).texts[label] = ["<p>", *pieces, "</p>\n"]
    writer.pieces = outer
    writer.take_back(spoken)


def finish(writer: Writer) -> None:
    """Add the list of footnotes, in the order of their numbers, as the note's last block."""
    notes = _notes(writer)
    pieces: list[Piece] = ['<section class="footnotes">\n<hr>\n<ol>\n']
    for label, number in notes.numbers.items():
        pieces += ["<li>", AnchorHole(f"fn-{number}"), *_with_returns(notes, label, number)]
        pieces.append("</li>\n")
    pieces.append("</ol>\n</section>\n")
    if notes.numbers:
        last = len(writer.source)
        writer.body.append(Block(last, last, join(pieces)))
    for label in notes.texts:
        if label not in notes.numbers:
            writer.complain(
                "NT217",
                writer.line_position(notes.lines[label]),
                f"nothing refers to the footnote [^{label}]; it is not shown",
            )


def _with_returns(notes: Notes, label: str, number: int) -> list[Piece]:
    """The text with its links back, inside its last paragraph."""
    text = list(notes.texts.get(label, []))
    returns: list[Piece] = []
    for nth in range(1, notes.uses[label] + 1):
        returns += [" ", FootnoteHole(number, nth, back=True)]
    if text and text[-1] == "</p>\n":
        return [*text[:-1], *returns, text[-1]]
    return [*text, *returns]


SYNTAX = Syntax(
    "footnote",
    inline=(InlineRule("[", reference), InlineRule("^", inline_note)),
    block=(BlockRule(definition, "[", ("paragraph", "reference")),),
    render={
        "footnote_reference": render_reference,
        "footnote_unknown": render_unknown,
        "footnote_open": render_open,
        "footnote_close": render_close,
        "inline_note_open": render_inline_open,
        "inline_note_close": render_inline_close,
    },
)
