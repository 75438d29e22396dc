"""The page of one generated module: its networks, where they come from, drawing, layers, code, tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.architectures.arithmetic import LedgerRow, ReceptiveField, ledger, receptive_field
from generator.architectures.ir import Network, Shape
from generator.architectures.model import Family, NetworkSpec
from generator.claims.model import Claim
from generator.emit.site.body import claim_id
from generator.emit.site.context import Site
from generator.emit.site.diagram import diagram
from generator.emit.site.model import Area, Crumb, ModuleText, Page, PageKind, TestResult
from generator.emit.site.models import (
    ModelCard,
    ParameterDoc,
    ShownValue,
    VariantRow,
    architectures_in,
    model_card,
    network_spec,
    outcome,
    parameter_docs,
    shown_values,
    variant_network,
    variant_rows,
)
from generator.emit.site.note_parts import claim_text
from generator.emit.site.stages import words
from generator.notes.mathml import to_mathml

_BRIEF = 50  # layers that are shown without being asked for


@dataclass(frozen=True, slots=True)
class Layer:
    """One operation in the layer table."""

    name: str
    kind: str
    words: str
    output: Shape
    parameters: int
    macs: int


@dataclass(frozen=True, slots=True)
class LayerGroup:
    """The operations of one layer row; ``auxiliary`` names a head that exists in training only."""

    label: str
    auxiliary: str
    output: Shape
    parameters: int
    macs: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class ShownNetwork:
    """One network in full: drawing and layers; ``card`` is ``None`` for a family's default form.

    ``brief`` says that its layers are few enough to be shown at once.
    """

    name: str
    card: ModelCard | None
    values: tuple[ShownValue, ...]
    drawing: Markup
    layers: tuple[LayerGroup, ...]
    field: ReceptiveField
    brief: bool


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim about one of the module's networks."""

    id: str
    text: Markup
    status: str
    computed: str


@dataclass(frozen=True, slots=True)
class ModelView:
    """What the model template shows."""

    module: ModuleText
    class_name: str
    doc: str
    formula: Markup
    papers: tuple[str, ...]
    networks: tuple[ShownNetwork, ...]
    variants: tuple[VariantRow, ...]
    parameters: tuple[ParameterDoc, ...]
    claims: tuple[ShownClaim, ...]
    code: Markup
    test_code: Markup
    tests: TestResult | None
    outcome: str
    example: str


def plan(site: Site) -> Iterator[Page]:
    """Plan one page for each generated module."""
    for module in site.modules.values():
        found = network_spec(site, module)
        title = _title(site, module, found)
        yield Page(
            path=site.addresses.models[module.name],
            title=title,
            area=Area.MODELS,
            crumbs=(Crumb("Models", "-/models/index.html"),),
            description=f"{title}: generated PyTorch module, layers, tests and sources.",
            view=_view(site, module, found[1] if found else None),
        )


def _title(site: Site, module: ModuleText, found: tuple[Family, NetworkSpec] | None) -> str:
    if found is not None:
        family, spec = found
        return family.title if len(family.networks) == 1 else spec.class_name
    own = architectures_in(site, module)
    return own[0].sources[0].heading if own and own[0].sources[0].published else module.name


def _view(site: Site, module: ModuleText, spec: NetworkSpec | None) -> ModelView:
    tests = site.input.tests.get(module.name)
    networks = _networks(site, module, spec)
    return ModelView(
        module=module,
        class_name=spec.class_name if spec is not None else "",
        doc=spec.doc if spec is not None else "",
        formula=_formula(spec.formula) if spec is not None else Markup(),
        papers=spec.papers if spec is not None else (),
        networks=networks,
        variants=variant_rows(spec) if spec is not None else (),
        parameters=parameter_docs(spec) if spec is not None else (),
        claims=_claims(site, module),
        code=Markup(site.highlight(module.code, "python")),
        test_code=Markup(site.highlight(module.test_code, "python"))
        if module.test_code
        else Markup(),
        tests=tests,
        outcome=outcome(tests),
        example=networks[0].name if networks else module.name,
    )


def _formula(tex: str) -> Markup:
    """Give a family's formula as MathML, as its source where that fails."""
    if not tex:
        return Markup()
    converted = to_mathml(tex, display=True)
    return Markup(converted.html) if converted.html else Markup("<code>{}</code>").format(tex)


def _networks(site: Site, module: ModuleText, spec: NetworkSpec | None) -> tuple[ShownNetwork, ...]:
    own = tuple(
        _network(each.name, each.ir, model_card(site, each), shown_values(site, each))
        for each in architectures_in(site, module)
    )
    if own or spec is None or not spec.variants:
        return own
    first = spec.variants[0]
    network = variant_network(spec, first.params, input_size=first.input_size)
    return (_network(first.name, network, None, ()),) if network is not None else ()


def _network(
    name: str, network: Network, card: ModelCard | None, values: tuple[ShownValue, ...]
) -> ShownNetwork:
    layers = layer_groups(network)
    return ShownNetwork(
        name,
        card,
        values,
        Markup(diagram(network, title=name)),
        layers,
        receptive_field(network),
        sum(len(each.layers) for each in layers) <= _BRIEF,
    )


def layer_groups(network: Network) -> tuple[LayerGroup, ...]:
    """Give the ledger of a network, grouped by layer row; the input is left out."""
    groups: list[list[LedgerRow]] = []
    for each in ledger(network)[1:]:
        if groups and groups[-1][-1].row == each.row:
            groups[-1].append(each)
        else:
            groups.append([each])
    return tuple(
        LayerGroup(
            label=group[0].label or group[0].kind,
            auxiliary=group[0].auxiliary,
            output=group[-1].output,
            parameters=sum(each.parameters for each in group),
            macs=sum(each.macs for each in group),
            layers=tuple(_layer(each) for each in group),
        )
        for group in groups
    )


def _layer(row: LedgerRow) -> Layer:
    said = words((row.op,))
    function = getattr(row.op, "function", "")
    return Layer(
        row.name, row.kind, said[0] if said else function, row.output, row.parameters, row.macs
    )


def _claims(site: Site, module: ModuleText) -> tuple[ShownClaim, ...]:
    names = {each.name for each in architectures_in(site, module)} | set(module.models)
    found: list[Claim] = sorted(
        (claim for claims in site.said.values() for claim in claims if claim.subject in names),
        key=lambda each: (each.position, each.start, each.id),
    )
    return tuple(
        ShownClaim(
            claim_id(each),
            claim_text(site, each, longest=200),
            each.status,
            each.computed,
        )
        for each in found
    )


KIND = PageKind("model", "model.html.jinja", plan)
