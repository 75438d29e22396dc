"""From the mapped vault to the modules to render: which exist and what each one holds.

A family that any section describes gets a module for each of its network classes, with all their
named variants; the heading's own network joins the module of the variant it started from, under the
family's name. An architecture with a module of its own (values of its own beside another section's,
or layer rows that no class of its family expresses) gets a module that holds it alone.

Everything a template needs is here as plain values; nothing refers to a line of a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from generator.architectures import arithmetic
from generator.architectures.ir import Network
from generator.architectures.lower import lower
from generator.architectures.model import Family, NetworkSpec, ParamValue, Variant
from generator.mapping.model import Architecture, Source, VaultMapping


@dataclass(frozen=True, slots=True)
class Info:
    """What ``model_info`` says of a network.

    ``macs`` are the multiply-adds of one forward pass at ``input_size`` (channels, height, width);
    ``published`` says whether public weights exist for exactly this form; ``mean``, ``std``,
    ``interpolation`` and ``resize`` are the preprocessing it expects.
    """

    parameters: int
    macs: int
    input_size: tuple[int, int, int]
    published: bool = False
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    interpolation: str = "bilinear"
    resize: int = 256


TEST_TEMPLATE = "test.py.jinja"  # of a family folder: tests that its template adds


@dataclass(frozen=True, slots=True)
class RenderedVariant:
    """One factory function: ``params`` are all effective parameters, ``overrides`` those that differ
    from the class's defaults. ``ir`` is the network itself, for the generic emitter."""

    name: str
    doc: str
    params: Mapping[str, ParamValue]
    overrides: Mapping[str, ParamValue]
    info: Info
    ir: Network | None = field(default=None, repr=False)  # follows from the rest


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """One module to render.

    ``template`` is the name of a built-in template, ``template_source`` the text of a trusted one
    from the vault and ``test_source`` that of the tests it adds; where both templates are empty the
    generic emitter writes the class from the IR. ``ir`` is the notes' own network where no class of a
    family expresses it (then ``network`` is ``None``). ``defaults`` are the class's defaults.
    ``named`` is false where the module holds ``own`` only.
    """

    module: str
    class_name: str
    doc: str
    family: Family | None
    network: NetworkSpec | None
    defaults: Mapping[str, ParamValue]
    variants: tuple[RenderedVariant, ...]
    own: RenderedVariant | None
    named: bool
    sources: tuple[str, ...]
    papers: tuple[str, ...] = ()
    formula: str = ""
    template: str = ""
    template_source: str = ""
    test_source: str = ""
    ir: Network | None = None

    def networks(self) -> tuple[RenderedVariant, ...]:
        """What the module's factories build, the own network first; it replaces a variant of its
        name (``alexnet`` is both)."""
        if self.own is None:
            return self.variants
        own = self.own
        return (own, *(each for each in self.variants if each.name != own.name))

    def names(self) -> tuple[str, ...]:
        """Registry names this module provides."""
        return tuple(each.name for each in self.networks())

    def fingerprint(self) -> str:
        """Everything the rendered text depends on but the template, as text."""
        parameters = () if self.network is None else self.network.parameters
        texts = (self.module, self.class_name, self.doc, self.sources, self.papers, self.formula)
        irs = tuple(each.ir for each in self.networks()) if not self.template else ()
        return repr((texts, dict(self.defaults), self.networks(), parameters, irs))


def plan_modules(
    mapping: VaultMapping,
    *,
    trusted: bool = False,
    templates: Mapping[str, str] = MappingProxyType({}),
) -> tuple[ModulePlan, ...]:
    """Plan every module of the vault, sorted by module name.

    ``templates`` are the templates of families from the vault, by vault path; they are code and
    used only if ``trusted``.
    """
    if not trusted:
        templates = {}
    plans: dict[str, ModulePlan] = {}
    families: dict[str, list[Architecture]] = {}
    for each in mapping.architectures:
        if each.family is not None:
            families.setdefault(each.family.name, []).append(each)
    for members in families.values():
        for plan in _family_modules(members, templates):
            plans[plan.module] = plan
    for each in mapping.architectures:
        if _stands_alone(each):
            plan = _own_module(each, templates)
            if plan.module in plans:  # a layer table of a family's own: its class is another
                plan = replace(plan, module=f"{plan.module}_table")
            plans[plan.module] = plan
    return tuple(plans[name] for name in sorted(plans))


def _stands_alone(each: Architecture) -> bool:
    """Whether a network needs a module of its own."""
    return each.family is None or each.network is None or each.own_module or each.rows is not None


def kept_modules(mapping: VaultMapping) -> frozenset[str]:
    """Modules that must stay as they are on disk: those of sections that cannot be built, and their
    families' other modules."""
    kept: set[str] = set()
    for refused in mapping.refused:
        kept.add(refused.module)
        for family in mapping.families:
            modules = {network.module for network in family.networks}
            if refused.module in modules:
                kept |= modules
    return frozenset(kept)


def _family_modules(
    members: list[Architecture], templates: Mapping[str, str]
) -> Iterable[ModulePlan]:
    """Plan one module per network class of a family, with the sections' own networks."""
    family = members[0].family
    assert family is not None
    shared = [each for each in members if not _stands_alone(each)]
    sources = _sources(shared or members)
    own = {each.module: each for each in shared}
    for network in family.networks:
        architecture = own.get(network.module)
        defaults = _defaults(network)
        yield _plan(
            network,
            family,
            module=network.module,
            defaults=defaults,
            variants=tuple(
                _variant(
                    network,
                    each,
                    defaults,
                    trusted_figures=bool(network.template) and not family.folder,
                )
                for each in network.variants
            ),
            architecture=architecture,
            named=True,
            sources=sources,
            templates=templates,
        )


def _own_module(each: Architecture, templates: Mapping[str, str]) -> ModulePlan:
    """Plan a module that holds one section's network only; its values are the class's defaults."""
    sources = _sources([each])
    if each.family is not None and each.network is not None and each.rows is None:
        return _plan(
            each.network,
            each.family,
            module=each.module,
            defaults=_defaults(each.network, each.params()),
            variants=(),
            architecture=each,
            named=False,
            sources=sources,
            templates=templates,
        )
    return ModulePlan(
        module=each.module,
        class_name=class_name(_as_spelled(each.name, each.sources[0].heading)),
        doc=f"{each.sources[0].heading or each.name}, as its layer table in the notes has it.",
        family=each.family,
        network=None,
        defaults={},
        variants=(),
        own=_own(each, {}),
        named=False,
        sources=sources,
        papers=each.network.papers if each.network is not None else (),
        ir=each.ir,
    )


def _plan(
    network: NetworkSpec,
    family: Family,
    *,
    module: str,
    defaults: Mapping[str, ParamValue],
    variants: tuple[RenderedVariant, ...],
    architecture: Architecture | None,
    named: bool,
    sources: tuple[str, ...],
    templates: Mapping[str, str],
) -> ModulePlan:
    source, template = "", ""
    if family.folder:
        source = templates.get(f"{family.folder}/{network.template}", "")
    elif network.template:
        template = f"{family.name}/{network.template}"
    return ModulePlan(
        module=module,
        class_name=network.class_name,
        doc=network.doc,
        family=family,
        network=network,
        defaults=defaults,
        variants=variants,
        own=None if architecture is None else _own(architecture, defaults),
        named=named,
        sources=sources,
        papers=network.papers,
        formula=network.formula,
        template=template,
        template_source=source,
        test_source=templates.get(f"{family.folder}/{TEST_TEMPLATE}", "") if source else "",
    )


def _variant(
    network: NetworkSpec,
    variant: Variant,
    defaults: Mapping[str, ParamValue],
    *,
    trusted_figures: bool,
) -> RenderedVariant:
    params = {**_defaults(network), **variant.params}
    ir, costs = None, _exact_figures(variant) if trusted_figures else None
    if costs is None:
        ir = lower(network, params, input_size=variant.input_size)
        costs = arithmetic.parameters(ir), arithmetic.macs(ir)
    channels = params.get("in_channels", network.in_channels)
    assert isinstance(channels, int)
    shape = (channels, variant.input_size, variant.input_size)
    return RenderedVariant(
        name=variant.name,
        doc=variant.doc,
        params=params,
        overrides=_overrides(params, defaults),
        info=_info(costs, shape, variant, published=variant.published),
        ir=ir,
    )


def _exact_figures(variant: Variant) -> tuple[int, int] | None:
    """Give parameters and multiply-adds as the specification states them to the last digit.

    They save building the IR of networks that no note asks for; tests hold them to the arithmetic.
    """
    exact = {each.what: each.value for each in variant.figures if not each.tolerance}
    if "parameters" in exact and "macs" in exact:
        return exact["parameters"], exact["macs"]
    return None


def _own(each: Architecture, defaults: Mapping[str, ParamValue]) -> RenderedVariant:
    """Describe a heading's own network."""
    found = each.family.variant(each.variant) if each.family is not None else None
    variant = found[1] if found is not None and each.rows is None else None
    start = _defaults(each.network) if each.network is not None and each.rows is None else {}
    base = {**start, **(variant.params if variant is not None else {})}
    params = {**base, **each.params()}
    changed = {
        name: value for name, value in params.items() if name not in base or base[name] != value
    }
    return RenderedVariant(
        name=each.name,
        doc=_own_doc(each, changed),
        params=params,
        overrides=_overrides(params, defaults),
        info=_info(
            (arithmetic.parameters(each.ir), arithmetic.macs(each.ir)),
            each.ir.input_shape,
            variant,
            published=not each.changed and variant is not None and variant.published,
        ),
        ir=each.ir,
    )


def _own_doc(each: Architecture, changed: Mapping[str, ParamValue]) -> str:
    """Say what the notes' own network is, in terms of the variant it started from."""
    if each.rows is not None or not each.variant:
        return "The network of the notes' layer table"
    settings = ", ".join(
        name if isinstance(value, tuple) else f"{name}={value}" for name, value in changed.items()
    )
    return f"The notes' own network, {each.variant}" + (f" with {settings}" if settings else "")


def _overrides(
    params: Mapping[str, ParamValue], defaults: Mapping[str, ParamValue]
) -> dict[str, ParamValue]:
    return {
        name: value
        for name, value in params.items()
        if name in defaults and defaults[name] != value
    }


def _defaults(
    network: NetworkSpec, given: Mapping[str, ParamValue] = MappingProxyType({})
) -> dict[str, ParamValue]:
    """Give the constructor's arguments with their defaults, some replaced."""
    return {
        each.name: given.get(each.name, each.default)
        for each in network.parameters
        if each.argument
    }


def _info(
    costs: tuple[int, int],
    shape: tuple[int, ...],
    variant: Variant | None,
    *,
    published: bool,
) -> Info:
    channels, height, width = shape
    size = (channels, height, width)
    if variant is None or len(variant.mean) != channels:
        # Not an image as ImageNet has them: centred on the middle value.
        middle = (0.5,) * channels
        return Info(*costs, size, published, middle, middle, resize=max(height, width))
    return Info(
        *costs,
        size,
        published,
        variant.mean,
        variant.std,
        variant.interpolation,
        variant.resize,
    )


def _sources(members: Iterable[Architecture]) -> tuple[str, ...]:
    """Name the note sections, without line numbers: ``path > heading``."""
    names: list[str] = []
    for each in members:
        for source in each.sources:
            name = _source(source)
            if source.published and name not in names:
                names.append(name)
    return tuple(names)


def _source(source: Source) -> str:
    return f"{source.path} > {source.heading}" if source.slug else source.path


def _as_spelled(name: str, heading: str) -> str:
    """Give the heading in place of the registry name made from it, for its capitals: ``PebbleNet``."""
    letters = "".join(re.findall(r"[A-Za-z0-9]+", heading))
    same = letters.lower() == name.replace("_", "").lower()
    return heading if same and letters[:1].isalpha() else name


def class_name(name: str) -> str:
    """Turn a registry name into a class name: ``tiny_net`` to ``TinyNet``."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words) or "Network"
    return f"{joined}Network" if joined in IMPORTED_NAMES else joined


# Capitalised names that generated modules import or define themselves.
IMPORTED_NAMES = frozenset(
    {
        "F",
        "Iterable",
        "Mapping",
        "NamedTuple",
        "Never",
        "Options",
        "OrderedDict",
        "Outputs",
        "Self",
        "Sequence",
        "Tensor",
        "TypedDict",
        "Unpack",
    }
)
