"""Plans by hand: what a vault would have mapped, without reading one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.architectures.ir import Network
from generator.architectures.lower import lower, lower_rows
from generator.architectures.model import Family, ParamValue, Row
from generator.architectures.spec import built_in_families
from generator.emit.models.plan import ModulePlan, plan_modules
from generator.emit.models.registry import render_package
from generator.emit.models.render import render_modules
from generator.mapping.model import Architecture, Setting, Source, Value, VaultMapping

NOTE = Source("Notes/Nets.md", 1, "Nets", "nets", 3, "Nets")


def family(name: str) -> Family:
    """Give a built-in family."""
    return next(each for each in built_in_families() if each.name == name)


def own(
    name: str,
    *,
    variant: str = "",
    given: Mapping[str, ParamValue] | None = None,
    called: str = "",
    source: Source = NOTE,
) -> Architecture:
    """Describe a section's network: a family's default (or ``variant``) with values ``given``;
    ``called`` gives it a module of its own."""
    of = family(name)
    found = of.variant(variant or of.default)
    assert found is not None
    network, start = found
    params = {each.name: each.default for each in network.parameters}
    params |= {**start.params, **(given or {})}
    return Architecture(
        name=called or of.name,
        module=called or network.module,
        family=of,
        network=network,
        variant=start.name,
        values=tuple(Value(key, Setting(each, "field", None)) for key, each in params.items()),
        rows=None,
        sources=(source,),
        ir=lower(network, params, input_size=None if given else start.input_size),
        changed=bool(given),
        own_module=bool(called),
    )


def table(name: str, rows: Sequence[Row], *, size: int = 32, source: Source = NOTE) -> Architecture:
    """Describe a network that only a layer table defines."""
    ir = lower_rows(rows, input_size=size)
    assert isinstance(ir, Network), [each.message for each in ir]
    return Architecture(name, name, None, None, "", (), tuple(rows), (source,), ir, own_module=True)


def mapped(*architectures: Architecture) -> VaultMapping:
    """Put architectures into a mapping."""
    ordered = tuple(sorted(architectures, key=lambda each: each.name))
    return VaultMapping((), ordered, (), built_in_families(), ())


def plans(*architectures: Architecture) -> dict[str, ModulePlan]:
    """Plan the modules of some architectures, by module name."""
    return {each.module: each for each in plan_modules(mapped(*architectures))}


def all_families() -> tuple[Architecture, ...]:
    """Every built-in family as a heading without values would give it."""
    return tuple(own(each.name) for each in built_in_families())


def without_templates(architecture: Architecture) -> Architecture:
    """Take the family's templates away, as a family in a vault may have none."""
    assert architecture.family is not None
    bare = tuple(replace(each, template="") for each in architecture.family.networks)
    return replace(architecture, family=replace(architecture.family, networks=bare))


def files(*architectures: Architecture) -> dict[str, str]:
    """Render a whole package; gives file name to text."""
    planned = list(plans(*architectures).values())
    modules = {f"{name}.py": text for name, text in render_modules(planned).items()}
    return {**modules, **render_package(planned)}
