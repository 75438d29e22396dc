"""The list of models: what the notes define, and the published variants that come with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.emit.site.context import Site, natural
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.models import ModelCard, model_cards


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A generated module and the registry names in it."""

    name: str
    path: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelsIndexView:
    """The notes' own networks and all modules."""

    models: tuple[ModelCard, ...]
    modules: tuple[ModuleEntry, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``-/models/index.html``."""
    modules = tuple(
        ModuleEntry(
            each.name, site.addresses.models[each.name], tuple(sorted(each.models, key=natural))
        )
        for each in site.modules.values()
    )
    view = ModelsIndexView(model_cards(site), modules)
    yield Page("-/models/index.html", "Models", view, Area.MODELS)


KIND = PageKind("models_index", "models_index.html.jinja", plan)
