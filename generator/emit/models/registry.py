"""Module plans to the package's own files: the registry, the command line, the typing marker.

The registry holds names only; every count stays in the module it belongs to, so editing one note's
values never touches it. No file knows the package's name: the folder works under any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from generator.emit.models.formatting import LINE_LENGTH, Format, format_sources
from generator.emit.models.header import with_header
from generator.emit.models.plan import ModulePlan
from generator.emit.models.render import environment

OWN_NAMES = ("ModelInfo", "create_model", "list_models", "model_info")


def render_package(
    plans: Iterable[ModulePlan],
    *,
    kept: Mapping[str, Sequence[str]] = MappingProxyType({}),
    format: Format = format_sources,
) -> dict[str, str]:
    """Render what the package needs besides its modules; gives file name to text.

    ``kept`` maps modules that stay as they are on disk to the names they provide.
    """
    provided = {plan.module: sorted(plan.names()) for plan in plans}
    provided = {**{module: sorted(names) for module, names in kept.items()}, **provided}
    modules = sorted(provided.items())
    registry = sorted((name, module) for module, names in modules for name in names)
    exported = sorted((*OWN_NAMES, *(name for name, _ in registry)))
    templates = environment(sandboxed=False)
    code = format(
        {
            "__init__.py": templates.get_template("package.py.jinja").render(
                modules=modules, registry=registry, exported=exported
            ),
            "__main__.py": templates.get_template("main.py.jinja").render(),
        }
    )
    # Other tools in the user's project keep their settings; these files keep their own layout.
    settings = f"line-length = {LINE_LENGTH}\n"
    bodies = {**code, "py.typed": "", "ruff.toml": settings}
    return {name: with_header(body, sources=(), spec=body) for name, body in bodies.items()}
