"""markdown-it with two changes: rules are found by first character, and inline tokens know their place.

markdown-it tries every rule at every line and every special character. Here a table maps a
character to the few rules that can begin with it, which pays for what this project adds to plain
Markdown. An inline token's ``map`` holds the start and end of its source in the inline content
(markdown-it leaves it empty there).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, link_pairs
from markdown_it.token import Token
from markdown_it.utils import EnvType

from generator.notes.syntax import BlockFunction, BlockRule, InlineFunction, Syntax

# Deeper quotes and lists than this are not parsed; no sensible note comes near it, and it bounds
# the depth of recursion.
MAX_NESTING = 60


class InlineParser(ParserInline):
    """Inline parsing by first character."""

    def __init__(self, grammar: Sequence[Syntax]) -> None:
        super().__init__()
        by_character: dict[str, list[InlineFunction]] = {}
        for syntax in grammar:
            for rule in syntax.inline:
                for character in rule.starts:
                    by_character.setdefault(character, []).append(rule.parse)
        self.by_character = {key: tuple(rules) for key, rules in by_character.items()}
        # Text stops at `]` too: markdown-it looks for the end of a link's label there.
        stops = sorted({*by_character, "]"})
        self.special = re.compile("[" + re.escape("".join(stops)) + "]")
        self.pairs = (link_pairs, *(s.pairs for s in grammar if s.pairs is not None))

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Give the flat list of inline tokens of ``src``, each with its ``map``."""
        state = StateInline(src, md, env, tokens)
        self.tokenize(state)
        for pair in self.pairs:
            pair(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Turn ``state.src[state.pos:state.posMax]`` into tokens."""
        src, end, tokens = state.src, state.posMax, state.tokens
        by_character, search = self.by_character, self.special.search
        too_deep = state.level >= state.md.options["maxNesting"]
        text_start = -1  # where the text not yet made into a token begins
        while state.pos < end:
            pos = state.pos
            rules = by_character.get(src[pos])
            if rules is None or too_deep:
                found = search(src, pos + 1, end)
                state.pos = found.start() if found else end
                state.append_pending(src[pos : state.pos])
                if text_start < 0:
                    text_start = pos
                continue
            before = len(tokens)
            for rule in rules:
                if rule(state, False):
                    break
            else:
                state.append_pending(src[pos])
                state.pos += 1
                if text_start < 0:
                    text_start = pos
                continue
            if len(tokens) == before:
                if text_start < 0:
                    text_start = pos
                continue
            if text_start >= 0:
                if tokens[before].type == "text":
                    tokens[before].map = [text_start, pos]
                text_start = -1
            place = [pos, state.pos]
            for token in tokens[before:]:
                if token.map is None:
                    token.map = place
        if state.pending:
            state.pushPending().map = [max(text_start, 0), end]

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 (markdown-it's name)
        """Move ``state.pos`` behind the token that begins there (used while looking for ``]``)."""
        pos, cache = state.pos, state.cache
        known = cache.get(pos)
        if known is not None:
            state.pos = known
            return
        rules = self.by_character.get(state.src[pos])
        if rules is None:
            found = self.special.search(state.src, pos + 1, state.posMax)
            state.pos = found.start() if found else state.posMax
        elif state.level >= state.md.options["maxNesting"]:
            state.pos = state.posMax
        else:
            state.level += 1
            for rule in rules:
                if rule(state, True):
                    break
            else:
                state.pos = pos + 1
            state.level -= 1
        cache[pos] = state.pos


class BlockRuler(Ruler[BlockFunction]):
    """markdown-it's ruler, answering with one function that chooses rules by first character."""

    def __init__(self, rules: Sequence[BlockRule]) -> None:
        super().__init__()
        self.chains: dict[str, list[BlockFunction]] = {}
        for chain in ("paragraph", "reference", "blockquote", "list"):
            chosen = [rule for rule in rules if chain in rule.interrupts]
            self.chains[chain] = [interruption(chosen)]

    def getRules(self, chainName: str = "") -> list[BlockFunction]:  # noqa: N802, N803
        """Rules that can end a block of kind ``chainName``."""
        return self.chains[chainName]

    def get_active_rules(self) -> list[str]:
        """Names that markdown-it asks for: whether indented code is on."""
        return ["code"]


def by_first_character(
    rules: Sequence[BlockRule],
) -> tuple[dict[str, tuple[BlockFunction, ...]], tuple[BlockFunction, ...]]:
    """Rules by the character a line begins with, and those for all other characters."""
    characters = sorted({character for rule in rules for character in rule.starts})
    table = {
        character: tuple(r.parse for r in rules if not r.starts or character in r.starts)
        for character in characters
    }
    return table, tuple(r.parse for r in rules if not r.starts)


def interruption(rules: Sequence[BlockRule]) -> BlockFunction:
    """One rule that holds when any of ``rules`` does (silently)."""
    table, others = by_first_character(rules)

    def interrupts(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        pos = state.bMarks[line] + state.tShift[line]
        character = state.src[pos : pos + 1]
        return any(rule(state, line, end, silent) for rule in table.get(character, others))

    return interrupts


class BlockParser(ParserBlock):
    """Block parsing by first character."""

    def __init__(self, grammar: Sequence[Syntax]) -> None:
        super().__init__()
        rules = [rule for syntax in grammar for rule in syntax.block]
        self.table, self.others = by_first_character(rules)
        self.ruler = BlockRuler(rules)

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Push the tokens of the blocks in lines ``startLine`` to ``endLine``."""
        table, others, src = self.table, self.others, state.src
        line = startLine
        seen_empty = False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= MAX_NESTING:
                state.env.setdefault("too_deep", line)
                state.line = endLine
                break
            for rule in table.get(src[state.bMarks[line] + state.tShift[line]], others):
                if rule(state, line, endLine, False):
                    break
            state.tight = not seen_empty
            line = state.line
            # A list item's last paragraph may have taken the empty line after it.
            if line - 1 < endLine and state.isEmpty(line - 1):
                seen_empty = True
            if line < endLine and state.isEmpty(line):
                seen_empty = True
                line += 1
                state.line = line


class Parser:
    """A grammar made ready: markdown-it with its rules, and the renderers by token type."""

    def __init__(self, grammar: Sequence[Syntax]) -> None:
        self.grammar = tuple(grammar)
        self.md = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
        self.md.inline = InlineParser(grammar)
        self.md.block = BlockParser(grammar)
        # Destinations are judged where they are rendered (rules 1.4); none makes text of a link.
        judged_later: Any = _unchanged
        self.md.normalizeLink = judged_later  # type: ignore[method-assign]
        self.md.normalizeLinkText = judged_later  # type: ignore[method-assign]
        self.md.validateLink = _always  # type: ignore[method-assign]
        self.renderers = {kind: f for syntax in grammar for kind, f in syntax.render.items()}
        self.fences = {kind: f for syntax in grammar for kind, f in syntax.fences.items()}
        self.opaque = frozenset(kind for syntax in grammar for kind in syntax.opaque)

    def blocks(self, text: str, env: dict[str, Any]) -> list[Token]:
        """Block tokens of ``text``; inline content is left unparsed in them."""
        return self.md.block.parse(text, self.md, env, []) or []

    def inline(self, content: str, env: dict[str, Any]) -> list[Token]:
        """Inline tokens of one block's content."""
        return self.md.inline.parse(content, self.md, env, [])


def _unchanged(url: str) -> str:
    return url


def _always(url: str) -> bool:  # noqa: ARG001
    return True
