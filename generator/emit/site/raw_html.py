"""Addresses in a note's own HTML: nothing of another host is loaded, nothing leads nowhere.

Reading a note must not tell a stranger that it is read, and must work without a network: pictures,
films and pages of other hosts become links. Relative addresses in raw HTML mean nothing in a vault,
so what they would show is labelled as missing. The HTML is clean by now (attributes in double
quotes), so its tags can be told apart by a pattern.
"""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urlsplit

from markupsafe import escape

# Attributes of a tag; a value in quotes may hold a ">".
_ATTRIBUTES = r'(?:[^>"]|"[^"]*")*'
# A tag that would load something while the page is shown.
_LOADING = re.compile(
    rf'<(img|iframe|video|audio|source|track)\b({_ATTRIBUTES}?)\s(src|poster)="([^"]*)"'
    rf"({_ATTRIBUTES})>(?:\s*</(?:iframe|video|audio)>)?",
    re.IGNORECASE,
)
# A link of raw HTML to somewhere in the vault or the page.
_LEADING = re.compile(
    rf'<a\b({_ATTRIBUTES}?)\shref="(?![A-Za-z][A-Za-z0-9+.-]*:|//)[^"]*"', re.IGNORECASE
)
_ALT = re.compile(r'\balt="([^"]*)"')
_NAMES = {"img": "Image", "iframe": "Page", "video": "Video", "audio": "Sound"}


def tame(html: str, *, in_link: bool = False) -> str:
    """Give HTML of a note that loads nothing and has no link without an end.

    What stands ``in_link`` (a link's text) gets no links of its own.
    """
    if "src=" in html or "poster=" in html:
        html = _LOADING.sub(partial(_shown, in_link), html)
    if "href=" in html:
        html = _LEADING.sub(r"<a\1", html)
    return html


def _shown(in_link: bool, match: re.Match[str]) -> str:
    tag, before, attribute, address, after = match.groups()
    if address.startswith("data:image/") and attribute == "src" and tag.lower() == "img":
        return match.group()
    name = _NAMES.get(tag.lower())
    if name is None:
        return ""
    if attribute == "poster":
        return tame(f"<{tag}{before}{after}>", in_link=in_link)
    alt = _ALT.search(before + after)
    text = alt.group(1) if alt else ""
    if address.startswith("//"):
        address = "https:" + address
    if not address.lower().startswith(("https://", "http://")):
        return f'<span class="nt-missing is-unresolved">{name} {text or address}</span>'
    host = str(escape(_host(address)))
    shown = f"{name}: {text} ({host})" if text else f"{name} at {host}"
    if in_link or _inside_link(match.string[: match.start()]):
        return f'<span class="nt-foreign">{shown}</span>'
    return f'<a class="external-link nt-foreign" rel="noopener noreferrer" href="{address}">{shown}</a>'


def _host(address: str) -> str:
    try:
        return urlsplit(address.replace("&amp;", "&")).hostname or "another site"
    except ValueError:
        return "another site"


def _inside_link(before: str) -> bool:
    return before.rfind("<a ") > before.rfind("</a>")
