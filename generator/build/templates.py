"""Templates of families in the vault: which there are, whether they may run, what is wrong with them.

A template is code. It runs, in Jinja's sandbox, only if the person who builds says so outside the
vault; without that the family's layers are written out, and the build says that the template is there.
One that fails gives a diagnostic at its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.emit.models.plan import TEST_TEMPLATE, ModulePlan
from generator.emit.models.render import template_problem
from generator.emit.tests.render import tests_problem
from generator.vault.model import Config, Snapshot
from generator.vault.read import FAMILIES


def trusted(config: Config, config_path: Path | None, vault: Path) -> tuple[bool, list[Diagnostic]]:
    """Say whether a configuration lets templates run: one inside the vault cannot vouch for it."""
    if not config.trust_templates or config_path is None:
        return False, []
    if not config_path.resolve().is_relative_to(vault.resolve()):
        return True, []
    finding = diagnostic(
        "NT112",
        Position(config.path),
        "a vault cannot trust its own templates; `trust_templates` is ignored here",
        found="trust_templates = true",
        hint="build with --trust-templates, or with a configuration that lies outside the vault",
    )
    return False, [finding]


def vault_templates(snapshot: Snapshot) -> Mapping[str, str]:
    """Give the templates of the vault's families, by vault path."""
    return {
        f"{FAMILIES}/{family}/{name}": content.decode("utf-8", "replace")
        for family, files in snapshot.families.items()
        for name, content in files.items()
        if name.endswith(".jinja")
    }


def checked(
    plans: Iterable[ModulePlan], templates: Mapping[str, str], *, trust: bool
) -> tuple[list[ModulePlan], frozenset[str], list[Diagnostic]]:
    """Try each module's own template. Gives the plans, those whose template fails without it, the names
    of these, and what to report."""
    kept: list[ModulePlan] = []
    failing: set[str] = set()
    found: dict[tuple[str, int], Diagnostic] = {}
    for plan in plans:
        problem = _problem(plan, templates, trust=trust)
        if problem is not None:
            found.setdefault((problem.position.path, problem.position.line), problem)
            if plan.template_source:
                failing.add(plan.module)
                plan = replace(plan, template_source="", test_source="")
        kept.append(plan)
    return kept, frozenset(failing), list(found.values())


def _problem(plan: ModulePlan, templates: Mapping[str, str], *, trust: bool) -> Diagnostic | None:
    network, family = plan.network, plan.family
    if network is None or family is None or not family.folder or not network.template:
        return None
    path = f"{family.folder}/{network.template}"
    if path not in templates:
        return diagnostic(
            "NT505",
            Position(f"{family.folder}/spec.yaml"),
            f"there is no template {network.template}",
            found=network.template,
            expected="a file beside spec.yaml whose name ends in .jinja",
        )
    if not trust:
        return diagnostic(
            "NT504",
            Position(path),
            "this template is code and is not used; the family's layers are written out instead",
            hint="if you trust it, build with --trust-templates",
        )
    problem = template_problem(plan)
    if problem is None:
        path, problem = f"{family.folder}/{TEST_TEMPLATE}", tests_problem(plan)
    if problem is None:
        return None
    return diagnostic("NT505", Position(path, problem[0]), f"the template fails: {problem[1]}")
