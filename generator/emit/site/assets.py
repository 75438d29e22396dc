"""The site's style sheet, scripts and fonts, as they lie in this package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from generator.emit.site.context import Site

_HERE = Path(__file__).parent / "assets"
_OWN = ("style.css", "print.css", "site.js", "finder.js", "mermaid.js", "icon.svg")
_LARGE = {"stix-two-math": "math", "mermaid-tiny": "mermaid"}
_MATH = "math.css"


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the assets with their site paths; what is large only where some page needs it."""
    needs = _needs(site)
    for name in (*_OWN, _MATH) if "math" in needs else _OWN:
        yield f"-/assets/{name}", _read(name)
    for folder, name in vendored():
        if all(need in needs for prefix, need in _LARGE.items() if folder.startswith(prefix)):
            yield f"-/assets/vendor/{folder}/{name}", _read(f"vendor/{folder}/{name}")


def shows_math(site: Site) -> bool:
    """Whether any page of the site shows a formula."""
    return "math" in _needs(site)


def _needs(site: Site) -> frozenset[str]:
    needs = {need for note in site.notes.values() for need in note.needs}
    return frozenset(needs | {"math"} if site.modules else needs)


@lru_cache(maxsize=1)
def vendored() -> tuple[tuple[str, str], ...]:
    """List (folder, file) of everything in the manifest of vendored files, licences included."""
    packages = json.loads((_HERE / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    return tuple((each["folder"], entry["to"]) for each in packages for entry in each["files"])


@lru_cache(maxsize=64)
def _read(name: str) -> bytes:
    return (_HERE / name).read_bytes()
