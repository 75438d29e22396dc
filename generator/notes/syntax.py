"""What one Obsidian syntax is made of: how it is recognised and what it turns into.

A :class:`Syntax` is a value; a rule file defines one (or a few close ones) and the ordered list in
:mod:`generator.notes.grammar` names them all. Recognising is done by markdown-it rules, turning
into results by renderers that are called once per token, in the order of the note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

if TYPE_CHECKING:
    from generator.notes.writer import Writer

InlineFunction: TypeAlias = Callable[[StateInline, bool], bool]
PairFunction: TypeAlias = Callable[[StateInline], None]
BlockFunction: TypeAlias = Callable[[StateBlock, int, int, bool], bool]
Renderer: TypeAlias = "Callable[[Writer, Token], None]"


@dataclass(frozen=True, slots=True)
class InlineRule:
    """A markdown-it inline rule and the characters it can begin with."""

    starts: str
    parse: InlineFunction


@dataclass(frozen=True, slots=True)
class BlockRule:
    """A markdown-it block rule.

    ``starts`` are the characters its first line can begin with after the indentation (empty: any).
    ``interrupts`` names the blocks it may end: ``paragraph``, ``reference``, ``blockquote``, ``list``.
    """

    parse: BlockFunction
    starts: str = ""
    interrupts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Syntax:
    """One syntax: rules that make tokens, renderers by token type.

    ``pairs`` runs over the delimiters of a finished inline run (emphasis and its like).
    ``fences`` are renderers for fenced blocks by language. In tokens of the ``opaque`` types no
    inline field is looked for.
    """

    name: str
    inline: tuple[InlineRule, ...] = ()
    pairs: PairFunction | None = None
    block: tuple[BlockRule, ...] = ()
    render: Mapping[str, Renderer] = field(default_factory=dict)
    fences: Mapping[str, Renderer] = field(default_factory=dict)
    opaque: tuple[str, ...] = ()
