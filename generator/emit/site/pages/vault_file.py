"""The page of a canvas or base: for now its source, without what is not published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.emit.site.context import Site
from generator.emit.site.model import Area, Page, PageKind


@dataclass(frozen=True, slots=True)
class VaultFileView:
    """What the file is, and its source as highlighted HTML."""

    kind: str
    source: Markup


def plan(site: Site) -> Iterator[Page]:
    """Plan a page for each published canvas and base."""
    for path in site.extras:
        text = site.input.graph.snapshot.texts[path].decode("utf-8", "replace")
        is_canvas = path.lower().endswith(".canvas")
        shown = _canvas(site, text) if is_canvas else _base(site, text)
        yield Page(
            path=site.addresses.pages[path],
            title=site.name(path),
            area=Area.NOTES,
            crumbs=site.crumbs(path),
            view=VaultFileView(
                "Canvas" if is_canvas else "Base",
                Markup(site.highlight(shown, "json" if is_canvas else "yaml")),
            ),
        )


def _canvas(site: Site, text: str) -> str:
    """A canvas's JSON without cards and texts that name an unpublished note."""
    try:
        data = json.loads(text) if text.strip() else {}
        nodes = data.get("nodes", [])
        data["nodes"] = [
            each
            for each in nodes
            if not site.privacy.names_any(json.dumps(each, ensure_ascii=False))
        ]
        return json.dumps(data, indent=2, ensure_ascii=False)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return "" if site.privacy.names_any(text) else text


def _base(site: Site, text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not site.privacy.names_any(line))


KIND = PageKind("vault_file", "vault_file.html.jinja", plan)
