"""Raw HTML of notes made harmless, with holes kept in place.

Obsidian cleans rendered notes with DOMPurify; here nh3 (Rust, ammonia) does it while building:
scripts, event handlers, style sheets, forms and dangerous addresses go, and so do ids and names,
which would clash with the page's own. Cleaned is one block of raw HTML, or the whole inline
content of a block that has inline HTML; what stands around it cannot be reached from within.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

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
EMPTIED = frozenset("script style template noscript title textarea select object svg".split())  # noqa: SIM905

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
    """.split()  # noqa: SIM905
)
SCHEMES = frozenset({"http", "https", "mailto", "tel", "obsidian", "ftp", "zotero"})
# A foreign page in a note (Obsidian help: Embed web pages) runs apart from ours.
_IFRAME = {
    "sandbox": "allow-scripts allow-same-origin allow-popups allow-presentation",
    "loading": "lazy",
    "referrerpolicy": "no-referrer",
}


def clean_block(html: str, nonce: str) -> str:
    """Give one raw HTML block cleaned."""
    return _clean(html, nonce)


def clean_pieces(pieces: Sequence[Piece], nonce: str) -> list[Piece]:
    """Give rendered inline content cleaned; whatever is not a string stands as it was.

    Each such piece is a marker while the text is cleaned. The marker holds ``nonce``, a digest of
    the note's bytes, so a note cannot contain its own markers; one that ends up inside an
    attribute goes with the attribute.
    """
    marker = f"nt{nonce}x"
    text = "".join(p if isinstance(p, str) else f"{marker}{i}z" for i, p in enumerate(pieces))
    parts = _clean(text, nonce).split(marker)
    result: list[Piece] = [parts[0]]
    for part in parts[1:]:
        number, _, rest = part.partition("z")
        result += [pieces[int(number)], rest]
    return result


# Elements within each other beyond this cost more than any note is worth: shown as source.
DEEPEST = 400
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_UNNESTED = frozenset("br hr img input wbr source track col p li td th tr dt dd".split())  # noqa: SIM905


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
        if tag == "iframe" and name == "src":
            return value if value.lower().startswith("https://") else None
        return value

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(EMPTIED),
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=set(SCHEMES),
        filter_style_properties=set(STYLES),
        set_tag_attribute_values={"iframe": _IFRAME, "img": {"loading": "lazy"}},
        link_rel="noopener noreferrer",
    )
