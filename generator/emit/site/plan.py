"""The site as planned files: every page of every kind, the data its scripts load, its assets.

Pure: the same input gives the same bytes. Which kinds of pages there are is what lies in
:mod:`generator.emit.site.pages`; adding one is adding a module and its template there.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from generator.core.diagnostics import Diagnostic
from generator.emit.model import Output, Tree
from generator.emit.site import assets, data, pages
from generator.emit.site.context import prepare
from generator.emit.site.model import PageKind, SiteInput
from generator.emit.site.render import Renderer


def plan_site(site_input: SiteInput) -> tuple[tuple[Output, ...], tuple[Diagnostic, ...]]:
    """Plan every file of the site, sorted by path, with what is wrong with addresses and embeds."""
    site, renamed = prepare(site_input)
    found = list(renamed)
    renderer = Renderer(site, pages.__path__)
    outputs: dict[str, Output] = {}
    for kind in page_kinds():
        for page in kind.plan(site):
            assert page.path not in outputs, page.path
            content = renderer.render(kind, page)
            found.extend(page.findings)
            outputs[page.path] = Output(Tree.SITE, page.path, content)
    for path, content in (*data.files(site), *assets.files(site)):
        outputs[path] = Output(Tree.SITE, path, content)
    for path, place in site.addresses.files.items():
        outputs[place] = Output(Tree.SITE, place, copy_from=path)
    findings = sorted(set(found), key=Diagnostic.sort_key)
    return tuple(outputs[path] for path in sorted(outputs)), tuple(findings)


def page_kinds() -> Iterator[PageKind]:
    """The kinds of pages there are: each module of the ``pages`` package holds one as ``KIND``."""
    for module in sorted(each.name for each in pkgutil.iter_modules(pages.__path__)):
        kind = import_module(f"{pages.__name__}.{module}").KIND
        assert isinstance(kind, PageKind)
        yield kind
