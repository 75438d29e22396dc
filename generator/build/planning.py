"""From a compiled vault to every planned output: modules, tests, registry, pages.

What is kept: outputs of sections that are refused, and of notes the disk did not give, stay as the last
good build left them. They are found on disk, in the registry and the headers of the models folder.
"""

from __future__ import annotations

import ast
import functools
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.architectures.spec import VAULT_FOLDER
from generator.build.cache import Cache
from generator.build.rendering import render
from generator.build.results import load as load_results
from generator.build.templates import checked, vault_templates
from generator.claims.model import Claim
from generator.core.diagnostics import Diagnostic, Severity, diagnostic
from generator.core.digest import digest
from generator.core.source import Position
from generator.emit.model import Output, Tree
from generator.emit.models.formatting import format_sources
from generator.emit.models.header import is_ours
from generator.emit.models.plan import ModulePlan, kept_modules, plan_modules
from generator.emit.models.registry import render_package
from generator.emit.queries import query_renderer
from generator.emit.site import plan_site
from generator.emit.site.highlight import highlight
from generator.emit.site.model import CaseResult, ModuleText, SiteInput, TestResult
from generator.emit.tests.claims import render_claims_tests
from generator.emit.tests.render import shared_files
from generator.graph.dataviewjs.process import ScriptProcess
from generator.graph.model import Graph

if TYPE_CHECKING:
    from generator.build.pipeline import Compilation, Folders

_UNREADABLE = "NT106"


@dataclass(frozen=True, slots=True)
class Planned:
    """Outputs of one tree. ``keep`` are paths on disk that stay although nothing plans them."""

    outputs: tuple[Output, ...]
    keep: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    modules: tuple[ModuleText, ...] = ()


def plan_models(
    compilation: Compilation,
    folders: Folders,
    cache: Cache,
    *,
    trust: bool = False,
    jobs: int | None = None,
) -> Planned:
    """Plan the package: a module and a test file each, the registry, shared files, claims.

    ``jobs`` limits the processes used.
    """
    mapping, templates = compilation.mapping, vault_templates(compilation.graph.snapshot)
    plans, failing, problems = checked(
        plan_modules(mapping, trusted=trust, templates=templates), templates, trust=trust
    )
    kept, found = _kept_modules(compilation, folders.models, failing)
    found += problems
    plans = [plan for plan in plans if plan.module not in kept]
    codes = _cached_texts("modules", plans, cache)
    tests = _cached_texts("tests", plans, cache)
    missing = [plan for plan in plans if plan.module not in codes or plan.module not in tests]
    for plan, new in zip(missing, render(missing, jobs=jobs), strict=True):
        codes[plan.module], tests[plan.module] = new.code, new.test
        cache.put("modules", _key(plan), new.code)
        cache.put("tests", _key(plan), new.test)
        cache.put("highlight", _colour_key(new.code, "python"), new.coloured_code)
        cache.put("highlight", _colour_key(new.test, "python"), new.coloured_test)
    format = functools.partial(_formatted, cache=cache)
    files: dict[str, str] = {}
    if plans or kept:
        names = {module: tuple(sorted(names)) for module, names in kept.items()}
        files |= render_package(plans, kept=names, format=format)
        files |= {f"tests/{name}": text for name, text in shared_files().items()}
    files |= {f"{name}.py": text for name, text in codes.items()}
    files |= {f"tests/test_{name}.py": text for name, text in tests.items()}
    claims = render_claims_tests(_stated(compilation), format=format)
    files |= {f"tests/{name}": text for name, text in claims.items()}
    outputs = tuple(
        Output(Tree.MODELS, path, text.encode("utf-8")) for path, text in sorted(files.items())
    )
    keep = {path for name in kept for path in (f"{name}.py", f"tests/test_{name}.py")}
    texts = [
        ModuleText(
            name=plan.module,
            path=f"{plan.module}.py",
            code=codes[plan.module],
            test_path=f"tests/test_{plan.module}.py",
            test_code=tests[plan.module],
            models=plan.names(),
        )
        for plan in plans
    ]
    texts += [_stale(folders.models, name, models) for name, models in sorted(kept.items())]
    return Planned(outputs, frozenset(keep), tuple(found), tuple(texts))


def plan_pages(
    compilation: Compilation, models: Planned, folders: Folders, cache: Cache
) -> Planned:
    """Plan the site."""
    graph = compilation.graph
    results = load_results(folders.state, folders.models)
    tests = {
        stem.removeprefix("test_"): TestResult(
            tuple(
                CaseResult(each.name, each.outcome, each.seconds, each.message)
                for each in run.cases
            )
        )
        for stem, run in results.items()
    }

    def highlighted(code: str, language: str) -> str:
        key = _colour_key(code, language)
        known = cache.get("highlight", key)
        if not isinstance(known, str):
            known = highlight(code, language)
            cache.put("highlight", key, known)
        return known

    now = _now(graph)
    queried: list[Diagnostic] = []
    with closing(ScriptProcess(_Reports(cache))) as process:
        outputs, found = plan_site(
            SiteInput(
                graph=graph,
                mapping=compilation.mapping,
                claims=compilation.claims,
                modules=models.modules,
                tests=tests,
                diagnostics=(*compilation.diagnostics, *models.diagnostics),
                queries=query_renderer(graph, now=now, report=queried, process=process),
                highlight=highlighted,
                now=now,
            )
        )
    unique = dict.fromkeys((*found, *queried))  # an embedded query is asked once per page
    return Planned(outputs, frozenset(), tuple(unique))


@dataclass(frozen=True, slots=True)
class _Reports:
    """What scripts reported in this build and the last one."""

    cache: Cache

    def get(self, key: str, /) -> str | None:
        known = self.cache.get("scripts", key)
        return known if isinstance(known, str) else None

    def put(self, key: str, report: str, /) -> None:
        self.cache.put("scripts", key, report)


def _now(graph: Graph) -> str:
    """The moment queries call now: `SOURCE_DATE_EPOCH` (reproducible-builds.org), else the newest time
    that git knows of a file, else none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return max((each.modified for each in graph.snapshot.files if each.modified), default="")


def _stated(compilation: Compilation) -> dict[str, tuple[Claim, ...]]:
    """Claims of the published notes that state something a test can check."""
    return {
        path: claims
        for path, claims in compilation.claims.items()
        if path in compilation.graph.published and any(each.check for each in claims)
    }


def _formatted(sources: Mapping[str, str], *, cache: Cache) -> dict[str, str]:
    """Format Python files; those formatted before come from the cache."""
    keys = {name: digest(text, length=32) for name, text in sources.items()}
    known = {name: cache.get("formatted", key) for name, key in keys.items()}
    found = {name: text for name, text in known.items() if isinstance(text, str)}
    missing = {name: text for name, text in sources.items() if name not in found}
    if missing:
        found |= format_sources(missing)
    for name in missing:
        cache.put("formatted", keys[name], found[name])
    return found


def _cached_texts(kind: str, plans: list[ModulePlan], cache: Cache) -> dict[str, str]:
    found = {plan.module: cache.get(kind, _key(plan)) for plan in plans}
    return {name: text for name, text in found.items() if isinstance(text, str)}


def _colour_key(code: str, language: str) -> str:
    return f"{language}\n{digest(code, length=32)}"


def _key(plan: ModulePlan) -> str:
    return digest(plan.fingerprint() + plan.template_source + plan.test_source, length=32)


# ------------------------------------------------------------------ what stays


def _kept_modules(
    compilation: Compilation, folder: Path, failing: frozenset[str]
) -> tuple[dict[str, tuple[str, ...]], list[Diagnostic]]:
    """Modules on disk whose section is refused, whose note is unreadable or whose template is
    ``failing``, with their names; all that nothing plans while a family of the vault cannot be read,
    for they may be its."""
    registry = _registry(folder)
    mapping = compilation.mapping
    kept = {
        module: registry[module]
        for module in sorted((failing | kept_modules(mapping)) & registry.keys())
        if (folder / f"{module}.py").is_file()
    }
    found = [
        diagnostic(
            "NT807",
            Position(refused.source.path, refused.source.line),
            f"`{refused.source.heading}` cannot be built; the last good module "
            f"{refused.module} is kept.",
            hint="correct the errors reported for this section",
        )
        for refused in mapping.refused
        if refused.module in kept
    ]
    planned = {each.module for each in mapping.architectures}
    lost = {each.position.path for each in compilation.diagnostics if each.code == _UNREADABLE}
    broken_families = any(
        each.severity is Severity.ERROR and each.position.path.startswith(f"{VAULT_FOLDER}/")
        for each in compilation.diagnostics
    )
    for module, names in registry.items():
        path = folder / f"{module}.py"
        if module in planned or module in kept or not path.is_file():
            continue
        if broken_families:
            kept[module] = names
            continue
        first = path.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        if any(each in first for each in lost):
            kept[module] = names
    return kept, found


def _registry(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Module names to model names, as the package on disk registers them; empty if it is not ours."""
    try:
        text = (folder / "__init__.py").read_text(encoding="utf-8")
        tree = ast.parse(text) if is_ours(text) else ast.Module([], [])
    except (OSError, ValueError, SyntaxError):
        return {}
    found: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "_MODULES":
            try:
                pairs = dict(ast.literal_eval(node.value or ast.Dict([], [])))
            except (ValueError, TypeError):
                return {}
            for name, module in pairs.items():
                found.setdefault(str(module), []).append(str(name))
    return {module: tuple(names) for module, names in found.items()}


def _stale(folder: Path, name: str, models: tuple[str, ...]) -> ModuleText:
    test = folder / "tests" / f"test_{name}.py"
    return ModuleText(
        name=name,
        path=f"{name}.py",
        code=(folder / f"{name}.py").read_text(encoding="utf-8", errors="replace"),
        test_path=f"tests/test_{name}.py",
        test_code=test.read_text(encoding="utf-8", errors="replace") if test.is_file() else "",
        models=models,
        stale=True,
    )
