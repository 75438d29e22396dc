"""Pages to bytes: the one place that knows the template engine.

Templates only arrange text: undefined names are errors, everything is escaped unless it comes as
``Markup``. A page kind's template lies beside its module; shared ones are in ``templates/``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from generator.emit.compiled import CompiledTemplates
from generator.emit.site.assets import shows_math
from generator.emit.site.context import Site
from generator.emit.site.model import Page, PageKind
from generator.emit.site.numbers import exact, short, times
from generator.emit.site.prose import prose
from generator.emit.site.urls import root_of, url

_TEMPLATES = Path(__file__).parent / "templates"

# Runs before anything is painted, so that a chosen theme does not flash.
THEME_SCRIPT = (
    "document.documentElement.classList.add('js');"
    "try{var t=localStorage.getItem('nt-theme');if(t)document.documentElement.dataset.theme=t}"
    "catch(e){}"
)
_THEME_HASH = base64.b64encode(hashlib.sha256(THEME_SCRIPT.encode()).digest()).decode()

# Only the site's own files load, from a server or from disk; text of notes cannot run.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' file: 'sha256-{_THEME_HASH}'",
        "style-src 'self' file: 'unsafe-inline'",
        "img-src 'self' file: data:",
        "font-src 'self' file:",
        "media-src 'self' file:",
        "frame-src 'self' file:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)


class Renderer:
    """Renders the pages of one site; ``folders`` are where templates of page kinds lie."""

    def __init__(self, site: Site, folders: Iterable[str]) -> None:
        self.site = site
        self.math = shows_math(site)
        self.environment = _environment(tuple(folders))

    def render(self, kind: PageKind, page: Page) -> bytes:
        """Give one page as UTF-8."""
        root = root_of(page.path)

        def link(path: str, fragment: str = "") -> str:
            if fragment and path == page.path:
                return url("", fragment)
            return root + url(path, fragment)

        text = self.environment.get_template(kind.template).render(
            page=page, view=page.view, site=self.site, root=root, link=link, math=self.math
        )
        return text.encode("utf-8", "replace")


def without_policy(page: bytes) -> bytes:
    """Give a rendered page without its content policy, for a server that adds a script of its own."""
    return _POLICY_LINE.sub(b"", page, count=1)


# The layout's own line; a note's text cannot look like it, since its quotes are escaped.
_POLICY_LINE = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="[^"]*">\n?')


@lru_cache(maxsize=4)
def _environment(folders: tuple[str, ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([*folders, str(_TEMPLATES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=CompiledTemplates("pages"),
    )
    environment.globals.update(policy=POLICY, theme_script=Markup(THEME_SCRIPT))
    environment.filters.update(short=short, exact=exact, times=times, prose=prose)
    return environment
