"""A syntax is one file and one name in a list; the list is the order."""

from __future__ import annotations

import pkgutil

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes import rules
from generator.notes.engine import Parser
from generator.notes.grammar import GRAMMAR
from generator.notes.parse import parse_with
from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer
from generator.vault.model import ObsidianSettings
from tests.notes.views import rendered


def test_every_rule_file_is_in_the_list() -> None:
    files = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert files == {syntax.name for syntax in GRAMMAR}


def test_token_types_have_one_renderer_each() -> None:
    kinds = [kind for syntax in GRAMMAR for kind in syntax.render]
    assert len(kinds) == len(set(kinds))


# A syntax that Obsidian does not have, as a rule file would define it: `{+added+}`.


def added(state: StateInline, silent: bool) -> bool:
    end = state.src.find("+}", state.pos + 2, state.posMax)
    if not state.src.startswith("{+", state.pos) or end < 0:
        return False
    if not silent:
        state.push("added", "", 0).content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


def render(writer: Writer, token: Token) -> None:
    assert token.map is not None
    writer.say(token.content, token.map[0] + 2)
    writer.put(f"<ins>{token.content}</ins>")


ADDED = Syntax("added", inline=(InlineRule("{", added),), render={"added": render})


def test_a_new_syntax_is_one_value_in_the_list() -> None:
    parser = Parser((ADDED, *GRAMMAR))
    note = parse_with(
        parser,
        "Note.md",
        b"# A {+b+} [[C]]\n`{+d+}` **{+e 7+}**",
        settings=ObsidianSettings(),
    )
    assert note.headings[0].plain == "A b C"
    assert [link.target for link in note.links] == ["C"]
    html = "".join(rendered(block.html) for block in note.body)
    assert "<ins>b</ins>" in html
    assert "<code>{+d+}</code> <strong><ins>e 7</ins></strong>" in html
    statement = note.statements[-1]
    assert str(statement.locate(statement.text.index("7"))) == "Note.md:2:15"


def test_a_new_fence_language_is_one_renderer() -> None:
    def show(writer: Writer, token: Token) -> None:
        writer.put(f"<figure>{token.content.strip()}</figure>")

    parser = Parser((*GRAMMAR, Syntax("plot", fences={"plot": show})))
    note = parse_with(parser, "N.md", b"```plot\nx\n```", settings=ObsidianSettings())
    assert [rendered(block.html) for block in note.body] == ["<figure>x</figure>"]
