"""Markdown links and images, angle-bracket and bare addresses (rules 1.4, 4.2, 4.9; CommonMark)."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, unquote

from markdown_it.rules_block import reference
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token

from generator.notes.embeds import embed_hole, read_options
from generator.notes.model import EmbedHole, LinkHole, LinkKind, TagHole
from generator.notes.sanitize import SCHEMES
from generator.notes.syntax import BlockRule, InlineRule, Syntax
from generator.notes.writer import Safe, Writer, join

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# An address in running text (GFM autolinks): up to a blank or `<`.
_BARE = re.compile(r"://[^\s<>\u200b]+")
_BARE_SCHEME = re.compile(r"(?<![A-Za-z0-9])(https?|ftp)\Z", re.IGNORECASE)
_TRAILING = "?!.,:;*_~'\""
_OPENING = {")": "(", "]": "["}
# Pages that Obsidian shows as an embed when they are written as an image (Obsidian help: Embed
# web pages).
_VIDEO = re.compile(
    r"https?://(?:www\.|m\.)?(?:youtube\.com/watch|youtu\.be/|youtube\.com/(?:embed|shorts)/)", re.I
)
_POST = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/[^/]+/status/", re.I)
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]*\Z")


def bare_address(state: StateInline, silent: bool) -> bool:
    """Recognise ``https://…`` in running text, at its colon."""
    if silent or state.linkLevel:
        return False
    match = _BARE.match(state.src, state.pos, state.posMax)
    scheme = _BARE_SCHEME.search(state.pending[-6:]) if match else None
    if match is None or scheme is None:
        return False
    rest = _trimmed(match[0])
    if len(rest) <= 3:
        return False
    address = scheme[1] + rest
    state.pending = state.pending[: -len(scheme[1])]
    if state.pending:
        start = state.pos - len(scheme[1]) - len(state.pending)
        state.pushPending().map = [start, state.pos - len(scheme[1])]
    token = state.push("address", "", 0)
    token.content = address
    token.map = [state.pos - len(scheme[1]), state.pos + len(rest)]
    state.pos += len(rest)
    return True


def _trimmed(address: str) -> str:
    """Without the punctuation that ends the sentence around it."""
    end = len(address)
    while end:
        last = address[end - 1]
        if last not in _TRAILING and not (last in _OPENING and _unbalanced(address[:end])):
            break
        end -= 1
    return address[:end]


def _unbalanced(address: str) -> bool:
    """Whether the bracket at the end closes one that was opened before the address."""
    return address.count(address[-1]) > address.count(_OPENING[address[-1]])


def render_address(writer: Writer, token: Token) -> None:
    start = token.map[0] if token.map else 0
    writer.say(token.content, start)
    writer.external_links.append((token.content, writer.position(token)))
    writer.put(f'<a class="external-link" href="{_href(token.content)}">')
    writer.put(escape(token.content, quote=False) + "</a>")


def destination(href: str) -> tuple[str, str] | None:
    """Path and subpath of an internal destination; ``None`` for an address with a scheme."""
    if _SCHEME.match(href) or href.startswith("//"):
        return None
    path, hash_, subpath = href.partition("#")
    path = _decoded(path.split("?", 1)[0] if path.endswith("?") else path)
    subpath = _decoded(subpath).strip("# ")
    return path.strip(), f"#{subpath}" if hash_ and subpath else ""


def _decoded(text: str) -> str:
    return unquote(text, errors="replace") if "%" in text else text


def allowed(href: str) -> bool:
    """Whether a page may link to this address."""
    match = _SCHEME.match(href)
    return match is None or match[1].lower() in SCHEMES


def _href(address: str) -> str:
    """An address as an attribute's value: what is no part of an address is percent-encoded."""
    return escape(quote(address, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace"))


def render_open(writer: Writer, token: Token) -> None:
    """Begin a link: what it shows is collected until it ends."""
    stack = writer.store.setdefault("links", [])
    href = str(token.attrs.get("href", "")).strip()
    start = token.map[0] if token.map else 0
    stack.append((href, start, writer.pieces, writer.run.length, token.attrs.get("title")))
    writer.pieces = []


def render_close(writer: Writer, _token: Token) -> None:
    href, start, outer, length, title = writer.store["links"].pop()
    inner, writer.pieces = writer.pieces, outer
    target = destination(href)
    position = writer.position_at(start)
    if target is None and allowed(href):
        writer.external_links.append((href, position))
        hint = f' title="{escape(str(title))}"' if title else ""
        writer.put(f'<a class="external-link" href="{_href(href)}"{hint}>')
        writer.pieces += inner
        writer.put("</a>")
    elif target is None or not any(target):
        writer.pieces += inner  # a link to nowhere, or to where no page may link
    else:
        text = "".join(writer.run.text)[length:]
        index = writer.add_link(LinkKind.MARKDOWN, *target, display=text or None, position=position)
        pieces = join(writer.cleaned(inner) if writer.run.raw_html else inner)
        plain = all(isinstance(piece, str) for piece in pieces)
        html = "".join(_in_words(piece) for piece in pieces)
        writer.put(LinkHole(index, html, () if plain else pieces))


def _in_words(piece: object) -> str:
    match piece:
        case str():
            return piece
        case EmbedHole():
            return escape(piece.alt)
        case TagHole():
            return f"#{escape(piece.name)}"
        case _:
            return ""


def render_image(writer: Writer, token: Token) -> None:
    """An image in the vault, from the web, or a page that Obsidian embeds."""
    href = str(token.attrs.get("src", "")).strip()
    label = token.content
    target = destination(href)
    if target is not None:
        if any(target):
            link_index = writer.add_link(
                LinkKind.MARKDOWN,
                *target,
                display=label or None,
                position=writer.position(token),
                embed=True,
            )
            writer.put(embed_hole(link_index, target[0], label))
        return
    alt, size = read_options(label)
    if _VIDEO.match(href) or _POST.match(href):
        kind = "video" if _VIDEO.match(href) else "post"
        writer.external_links.append((href, writer.position(token)))
        text = escape(alt or href, quote=False)
        writer.put(f'<a class="external-link embed-{kind}" href="{_href(href)}">{text}</a>')
    elif href.lower().startswith(("http:", "https:")) or _DATA_IMAGE.match(href):
        if not href.startswith("data:"):
            writer.external_links.append((href, writer.position(token)))
        width = f' width="{size.width}"' if size.width else ""
        height = f' height="{size.height}"' if size.height else ""
        source = escape(href) if href.startswith("data:") else _href(href)
        writer.put(
            Safe(f'<img src="{source}" alt="{escape(alt)}"{width}{height} loading="lazy"'
                 ' referrerpolicy="no-referrer">')
        )  # fmt: skip
    else:
        writer.put(f'<span class="missing-image">{escape(alt or href, quote=False)}</span>')


SYNTAX = Syntax(
    "link",
    inline=(
        InlineRule("[", link),
        InlineRule("!", image),
        InlineRule("<", autolink),
        InlineRule(":", bare_address),
    ),
    block=(BlockRule(reference, "["),),
    render={
        "link_open": render_open,
        "link_close": render_close,
        "image": render_image,
        "address": render_address,
    },
    opaque=("address", "image"),
)
