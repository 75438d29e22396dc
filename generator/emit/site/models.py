"""What the site says about networks: the notes' own and their families' published variants.

Numbers come from the IR; nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.architectures.arithmetic import macs, parameters
from generator.architectures.builder import ArchitectureError
from generator.architectures.ir import Network, Shape
from generator.architectures.lower import lower, resolve_params
from generator.architectures.model import Family, NetworkSpec, Parameter, ParamType, ParamValue
from generator.emit.site.context import Site, count_words, natural
from generator.emit.site.model import ModuleText, TestResult
from generator.mapping.model import Architecture, Setting, Source


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A heading a network comes from. ``path`` is the site path of its note."""

    note: str
    heading: str
    path: str
    fragment: str
    line: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A network of the notes in one line. ``tests`` is ``passed``, ``failed`` or ``""``."""

    name: str
    title: str
    path: str
    fragment: str
    parameters: int
    macs: int
    input: Shape
    variant: str
    changed: bool
    stale: bool
    tests: str
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value the notes set: where it comes from, and what it replaces."""

    name: str
    value: str
    level: str
    note: str
    path: str
    fragment: str
    line: int
    shadowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A published form of a network class in numbers."""

    name: str
    doc: str
    parameters: int
    macs: int
    input: Shape
    published: bool


@dataclass(frozen=True, slots=True)
class ParameterDoc:
    """A parameter that notes can set: what it means, its default, and what is allowed.

    ``stages`` lists a default that is a table, one line a row; ``default`` then counts them.
    """

    name: str
    type: str
    default: str
    stages: tuple[str, ...]
    allowed: str
    doc: str
    aliases: tuple[str, ...]


def model_cards(site: Site) -> tuple[ModelCard, ...]:
    """Give every architecture whose module is on the site, by name."""
    return tuple(
        model_card(site, each)
        for each in sorted(site.input.mapping.architectures, key=lambda each: natural(each.name))
        if each.module in site.modules
    )


def model_card(site: Site, architecture: Architecture) -> ModelCard:
    """Give one architecture's card."""
    family = architecture.family
    return ModelCard(
        name=architecture.name,
        title=family.title if family is not None else architecture.sources[0].heading,
        path=site.addresses.models[architecture.module],
        fragment=f"nt-model-{architecture.name}",
        parameters=parameters(architecture.ir),
        macs=macs(architecture.ir),
        input=architecture.ir.input_shape,
        variant=architecture.variant,
        changed=architecture.changed,
        stale=site.modules[architecture.module].stale,
        tests=outcome(site.input.tests.get(architecture.module)),
        sources=source_links(site, architecture.sources),
    )


def outcome(result: TestResult | None) -> str:
    """Say how the last run of a test file ended: ``passed``, ``failed`` or ``""``."""
    if result is None or not result.cases:
        return ""
    return "failed" if result.count("failed") else "passed"


def source_links(site: Site, sources: tuple[Source, ...]) -> tuple[SourceLink, ...]:
    """Give the published sections behind a network, the primary first."""
    links = []
    for source in sources:
        note = site.notes.get(source.path)
        if note is None:
            continue
        heading = (
            note.sections[source.section].heading if source.section < len(note.sections) else None
        )
        links.append(
            SourceLink(
                note=note.title,
                heading=site.plain(source.path, source.heading) if heading is not None else "",
                path=site.addresses.pages[source.path],
                fragment="" if heading is None else site.fragment(source.path, heading),
                line=source.line,
            )
        )
    return tuple(links)


def shown_values(site: Site, architecture: Architecture) -> tuple[ShownValue, ...]:
    """Give the values that notes or the configuration set, not the family's own defaults."""
    shown = []
    for value in architecture.values:
        setting = value.setting
        if setting.level in ("family", "variant"):
            continue
        path = setting.position.path if setting.position is not None else ""
        line = setting.position.line if setting.position is not None else 0
        note = site.notes.get(path)
        if note is None and path in site.input.graph.notes:
            continue  # set by a note that is not published
        shown.append(
            ShownValue(
                name=value.name,
                value=literal(setting.value),
                level=setting.level,
                note=note.title if note is not None else "",
                path=site.addresses.pages.get(path, ""),
                fragment=site.fragment_at(path, line),
                line=line,
                shadowed=tuple(_shadow(each) for each in value.shadowed),
            )
        )
    return tuple(shown)


def _shadow(setting: Setting) -> str:
    return f"{literal(setting.value)} ({setting.level})"


def network_spec(site: Site, module: ModuleText) -> tuple[Family, NetworkSpec] | None:
    """Find the network class that a generated module holds."""
    for family in _families(site):
        for spec in family.networks:
            if spec.module == module.name:
                return family, spec
    for architecture in architectures_in(site, module):
        if architecture.family is not None and architecture.network is not None:
            return architecture.family, architecture.network
    return None


def _families(site: Site) -> Iterator[Family]:
    yield from site.input.mapping.families
    for architecture in site.input.mapping.architectures:
        if architecture.family is not None:
            yield architecture.family


def architectures_in(site: Site, module: ModuleText) -> tuple[Architecture, ...]:
    """Give the notes' own networks that lie in a module, by name."""
    found = (each for each in site.input.mapping.architectures if each.module == module.name)
    return tuple(sorted(found, key=lambda each: natural(each.name)))


def variant_rows(spec: NetworkSpec) -> tuple[VariantRow, ...]:
    """Give the published variants of a network class in numbers."""
    rows = []
    for variant in spec.variants:
        network = variant_network(spec, variant.params, input_size=variant.input_size)
        if network is not None:
            rows.append(
                VariantRow(
                    variant.name,
                    variant.doc,
                    parameters(network),
                    macs(network),
                    network.input_shape,
                    variant.published,
                )
            )
    return tuple(rows)


def variant_network(
    spec: NetworkSpec, params: Mapping[str, ParamValue], *, input_size: int
) -> Network | None:
    """Build a variant's IR; ``None`` when a family from the vault describes one that cannot be."""
    try:
        return lower(spec, resolve_params(spec, params), input_size=input_size)
    except ArchitectureError:
        return None


def parameter_docs(spec: NetworkSpec) -> tuple[ParameterDoc, ...]:
    """Give the documentation of every parameter of a network class."""
    docs = []
    for each in spec.parameters:
        stages: tuple[str, ...] = ()
        default = literal(each.default)
        if each.type is ParamType.ROWS and isinstance(each.default, tuple):
            stages = tuple(literal(row) for row in each.default)
            default = count_words(len(stages), "stage")
        docs.append(
            ParameterDoc(
                each.name,
                _TYPES[each.type],
                default,
                stages,
                _allowed(each),
                each.doc,
                each.aliases,
            )
        )
    return tuple(docs)


_TYPES = {
    ParamType.INT: "whole number",
    ParamType.FLOAT: "number",
    ParamType.BOOL: "yes or no",
    ParamType.CHOICE: "one of",
    ParamType.INTS: "list of whole numbers",
    ParamType.ROWS: "list of stages",
}


def _allowed(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f"{_bound(low)} to {_bound(high)}"
    if low is not None:
        return f"{_bound(low)} or more"
    if high is not None:
        return f"{_bound(high)} or less"
    return ""


def _bound(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def literal(value: ParamValue) -> str:
    """Write a parameter's value as a note would give it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | str():
            return str(value)
        case Mapping():
            return "{" + ", ".join(f"{key}: {literal(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(literal(each) for each in value) + "]"
