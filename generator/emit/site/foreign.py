"""Pictures, films and pages of other hosts in a note's HTML: links, so that a page loads nothing.

Reading a note must not tell a stranger that it is read, and must work without a network. What is
within the note's own text is clean HTML by now (attributes in double quotes), so its tags can be
told apart by a pattern.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import escape

_ADDRESS = r'(?:https?:)?//[^"]*'
# A tag that would load something from another host while the page is shown.
_LOADING = re.compile(
    rf'<(img|iframe|video|audio|source|track|input)\b([^>]*?)\b(src|poster)="({_ADDRESS})"([^>]*)>'
    r"(?:\s*</(?:iframe|video|audio)>)?",
    re.IGNORECASE,
)
_ALT = re.compile(r'\balt="([^"]*)"')
_NAMES = {"img": "Image", "iframe": "Page", "video": "Video", "audio": "Sound"}


def without_foreign(html: str) -> str:
    """Give HTML in which nothing is loaded from another host."""
    if "//" not in html or ("src=" not in html and "poster=" not in html):
        return html
    return _LOADING.sub(_link, html)


def _link(match: re.Match[str]) -> str:
    tag, before, attribute, address, after = match.groups()
    name = _NAMES.get(tag.lower())
    if name is None:
        return ""
    if attribute == "poster":
        return without_foreign(f"<{tag}{before}{after}>")
    if address.startswith("//"):
        address = "https:" + address
    alt = _ALT.search(before + after)
    text = alt.group(1) if alt and alt.group(1) else ""
    host = str(escape(_host(address)))
    shown = f"{name}: {text} ({host})" if text else f"{name} at {host}"
    if _inside_link(match.string[: match.start()]):
        return f'<span class="nt-foreign">{shown}</span>'
    return f'<a class="external-link nt-foreign" rel="noopener noreferrer" href="{address}">{shown}</a>'


def _host(address: str) -> str:
    try:
        return urlsplit(address.replace("&amp;", "&")).hostname or "another site"
    except ValueError:
        return "another site"


def _inside_link(before: str) -> bool:
    return before.rfind("<a ") > before.rfind("</a>")
