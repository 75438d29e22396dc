"""``[[Note#Heading|text]]`` and ``![[file|options]]`` (rules 1, 4; Obsidian help: Internal links,
Embed files)."""

from __future__ import annotations

import re
from html import escape

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from generator.notes.embeds import embed_hole
from generator.notes.keys import default_display
from generator.notes.model import LinkHole, LinkKind
from generator.notes.syntax import InlineRule, Syntax
from generator.notes.writer import Writer

# No bracket and no line break may stand inside, except around a footnote's name (`[[N#[^1]]]`).
_LINK = re.compile(r"\[\[([^\[\]\n]+|[^\[\]\n|]*#\[\^[^\[\]\s]+\](?:\|[^\[\]\n]*)?)\]\]")
_ONE_BRACKET = re.compile(r"(?<!\[)\[\Z")
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")
# Blanks at the ends of a target, with zero-width ones.
_BLANKS = " \t\u00a0\u200b\ufeff"


def wikilink(state: StateInline, silent: bool) -> bool:
    """Recognise a wiki-link or embed at ``state.pos``."""
    src, pos = state.src, state.pos
    embed = src[pos] == "!"
    match = _LINK.match(src, pos + embed)
    if match is None or match.end() > state.posMax or (state.linkLevel and not embed):
        return False
    indexed = not embed and _ONE_BRACKET.search(src, max(0, pos - 2), pos) is not None
    if indexed and src[match.end() : match.end() + 1] != "]":
        return False  # one bracket more on the left only: an index or a list in code
    inner = match[1]
    target, bar, display = inner.partition("|")
    target = target.rstrip("\\").strip(_BLANKS)
    path, hash_, subpath = target.partition("#")
    path = path.strip(_BLANKS)
    subpath = subpath.strip("#" + _BLANKS)
    if not (path or subpath) or _SCHEME.match(inner) or path.startswith("^^"):
        return False
    if not silent:
        token = state.push("embed" if embed else "wikilink", "", 0)
        token.content = display if bar and display.strip() else ""
        token.meta = {
            "target": path,
            "subpath": f"#{subpath}" if hash_ and subpath else "",
            "display": pos + embed + 2 + len(inner) - len(display),
        }
    state.pos = match.end()
    return True


def render_link(writer: Writer, token: Token) -> None:
    """Record the link and leave its hole."""
    display = token.content or None
    target, subpath = token.meta["target"], token.meta["subpath"]
    link = writer.add_link(
        LinkKind.WIKI, target, subpath, display=display, position=writer.position(token)
    )
    if display is None:
        _say_default(writer, token.map[0] + 2 if token.map else 0, target, subpath)
    else:
        writer.say(display, token.meta["display"])
    writer.put(LinkHole(link, escape(display) if display else ""))


def _say_default(writer: Writer, start: int, target: str, subpath: str) -> None:
    """Say ``Note > Heading``, each part at its own place."""
    content = writer.run.content
    between = ""
    for part in default_display(target, subpath).split(" > "):
        found = content.find(part, start)
        start = found if found >= 0 else start
        writer.say(between, start)
        writer.say(part, start)
        start += len(part)
        between = " > "


def render_embed(writer: Writer, token: Token) -> None:
    """Record the embed and leave its hole; its text is no text of the note."""
    target = token.meta["target"]
    link = writer.add_link(
        LinkKind.WIKI,
        target,
        token.meta["subpath"],
        display=token.content or None,
        position=writer.position(token),
        embed=True,
    )
    writer.put(embed_hole(link, target, token.content))


SYNTAX = Syntax(
    "wikilink",
    inline=(InlineRule("[!", wikilink),),
    render={"wikilink": render_link, "embed": render_embed},
    opaque=("wikilink", "embed"),
)
