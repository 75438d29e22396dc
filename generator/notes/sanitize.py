"""Raw HTML of notes made harmless, with holes kept in place.

Obsidian cleans rendered notes with DOMPurify; here nh3 (Rust, ammonia) does it while building:
scripts, event handlers, style sheets, forms and dangerous addresses go, and so do ids and names,
which would clash with the page's own. Cleaned is one block of raw HTML, or the whole inline
content of a block that has inline HTML; what stands around it cannot be reached from within.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from generator.notes.writer import Piece

_TEXT_TAGS = """
    a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd
    del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i
    iframe img ins kbd li main mark nav ol p picture pre progress q rp rt ruby s samp section
    small source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt
    u ul var video audio wbr meter
"""
# MathML Core without the elements that can hold HTML again.
_MATH_TAGS = """
    math mrow mi mn mo ms mspace mtext mfrac msqrt mroot mstyle merror mpadded mphantom msub msup
    msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose semantics
"""
TAGS = frozenset((_TEXT_TAGS + _MATH_TAGS).split())
# Removed with what stands in them.
EMPTIED = frozenset("script style template noscript title textarea select object svg".split())

_EVERYWHERE = "class style title lang dir data-callout data-callout-fold data-callout-metadata"
_BY_TAG = {
    "a": "href",
    "audio": "src controls loop muted preload",
    "blockquote": "cite",
    "col": "span width align",
    "colgroup": "span width",
    "details": "open",
    "div": "align",
    "font": "color size face",
    "h1": "align", "h2": "align", "h3": "align", "h4": "align", "h5": "align", "h6": "align",
    "iframe": "src width height allowfullscreen",
    "img": "src alt width height align",
    "li": "value",
    "math": "display",
    "meter": "value min max low high optimum",
    "mo": "stretchy lspace rspace fence separator",
    "mspace": "width height depth",
    "mtable": "columnalign",
    "ol": "start type reversed",
    "p": "align",
    "progress": "value max",
    "source": "src type media",
    "table": "align width border",
    "td": "colspan rowspan align valign width",
    "th": "colspan rowspan align valign scope width",
    "time": "datetime",
    "tr": "align valign",
    "track": "src kind srclang label",
    "video": "src controls loop muted poster preload width height",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(_EVERYWHERE.split()),
    **{tag: set(names.split()) for tag, names in _BY_TAG.items()},
}
# No property that can load something, cover the page or run.
STYLES = frozenset(
    """
    background-color border border-bottom border-collapse border-color border-left border-radius
    border-right border-style border-top border-width clear color column-count columns direction
    display float font font-family font-size font-style font-variant font-weight height
    letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right
    margin-top max-height max-width min-height min-width opacity padding padding-bottom
    padding-left padding-right padding-top text-align text-decoration text-indent text-transform
    vertical-align white-space width word-break word-spacing
    """.split()
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Addresses a page may link to: the web, mail, telephone, and programs people link from notes.
SCHEMES = frozenset(
    """
    http https mailto tel sms ftp ftps sftp file obsidian zotero vscode vscodium things message
    evernote onenote notion slack magnet git ssh doi geo irc matrix xmpp calibre devonthink
    x-devonthink-item hook logseq bear ulysses omnifocus todoist spotify steam skype facetime maps
    shortcuts
    """.split()
)
# A foreign page in a note (Obsidian help: Embed web pages) runs apart from ours. One attribute
# only: nh3 writes several in no fixed order.
_SET = {
    "iframe": {"sandbox": "allow-scripts allow-same-origin allow-popups allow-presentation"},
    "img": {"loading": "lazy"},
}


@dataclass(frozen=True, slots=True)
class RelativeImage:
    """An image of the vault in raw HTML: ``target`` as written, decoded."""

    target: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


def clean(pieces: Sequence[Piece], nonce: str) -> list[Piece | RelativeImage]:
    """Give pieces with raw HTML in their strings cleaned; whatever is not a string stands as it was.

    Each such piece is a marker while the text is cleaned. The marker holds ``nonce``, a digest of
    the note's bytes, so a note cannot contain its own markers; one that ends up inside an
    attribute goes with the attribute.
    """
    marker = f"nt{nonce}x"
    text = "".join(p if isinstance(p, str) else f"{marker}{i}z" for i, p in enumerate(pieces))
    parts = _clean(text, nonce).split(marker)
    result: list[Piece | RelativeImage] = [*_with_images(parts[0], nonce)]
    for part in parts[1:]:
        number, _, rest = part.partition("z")
        result += [pieces[int(number)], *_with_images(rest, nonce)]
    return result


# Cleaned HTML is regular: attributes stand in double quotes, text has no bare `<`.
_IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_FRAME = re.compile(r'<iframe((?: [a-z-]+="[^"]*")*)>.*?</iframe>', re.DOTALL)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


def _with_images(html: str, nonce: str) -> Iterator[str | RelativeImage]:
    """Split where an image has a relative address (kept under ``nonce`` while cleaning)."""
    place = f"https://{nonce}/"
    done = 0
    for match in _IMAGE.finditer(html) if place in html else ():
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
        if values.get("src", "").startswith(place):
            yield html[done : match.start()]
            width, height = (
                int(values[side]) if values.get(side, "").isdecimal() else None
                for side in ("width", "height")
            )
            target = unquote(values["src"].removeprefix(place), errors="replace")
            yield RelativeImage(target, values.get("alt", ""), width, height)
            done = match.end()
    yield html[done:]


# Elements within each other beyond this cost more than any note is worth: shown as source.
DEEPEST = 400
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_UNNESTED = frozenset("br hr img input wbr source track col p li td th tr dt dd".split())


def _too_deep(html: str) -> bool:
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _UNNESTED:
            depth += -1 if match[1] else 1
            if depth > DEEPEST:
                return True
    return False


@lru_cache(maxsize=4096)
def _clean(html: str, nonce: str) -> str:
    if html.count("<") > DEEPEST and _too_deep(html):
        return escape(html)
    import nh3  # a note without raw HTML does not need it

    def keep(tag: str, name: str, value: str) -> str | None:
        if nonce in value:
            return None
        if name == "class":
            kept = " ".join(word for word in value.split() if not word.startswith("nt-"))
            return kept or None
        if name in ("src", "href", "poster", "cite"):
            address = value.strip()
            if _SCHEME.match(address):
                return None if tag == "iframe" and not address.startswith("https:") else address
            if tag == "img" and name == "src" and address and not address.startswith(("/", "#")):
                return f"https://{nonce}/{quote(unquote(address))}"
            return None
        return value

    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(EMPTIED),
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=set(SCHEMES),
        filter_style_properties=set(STYLES),
        set_tag_attribute_values=_SET,
        link_rel="noopener noreferrer",
    )
    return _FRAME.sub(_bare_frame, cleaned)


def _bare_frame(match: re.Match[str]) -> str:
    """A frame without what stands in it (text that no browser shows); none without an address."""
    return f"<iframe{match[1]}></iframe>" if ' src="' in match[1] else ""
