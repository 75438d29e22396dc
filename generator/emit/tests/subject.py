"""What one module's tests are about: its networks in numbers and in small forms, from the IR.

Input: a :class:`ModulePlan`. Output: a :class:`Subject`, plain values for the test template: facts
per network, small forms, what one changed argument must do, and what must be refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.architectures.arithmetic import minimum_size, shapes, state_manifest
from generator.architectures.builder import ArchitectureError
from generator.architectures.ir import Network, Shape
from generator.architectures.lower import lower
from generator.architectures.model import Figure, Parameter, ParamType, ParamValue
from generator.architectures.operations import ShapeError
from generator.emit.models.plan import ModulePlan, RenderedVariant
from generator.emit.tests.altered import altered, classes_and_channels, head_names
from generator.emit.tests.small import Params, Small, on_small_image, small_forms
from generator.emit.tests.tables import Facts, facts, feature_node

UNBUILDABLE = (ArchitectureError, ShapeError)
# Parameters that can bring operations into a network which no published form has (besides a
# probability of zero).
SWITCHES = frozenset({ParamType.BOOL, ParamType.CHOICE})
# How much larger than a small image one for evaluation is, height and width.
OTHER_IMAGES = ((5, 12), (0, 16))
# Factors that make of usual widths some in every position between two multiples of eight.
UNEVEN = (1.3, 1.4)


@dataclass(frozen=True, slots=True)
class SmallForm:
    """A small form as the test file lists it: ``changed`` are the constructor arguments that differ
    from the class's defaults, ``smallest`` the least images in evaluation and training."""

    name: str
    changed: Params
    smallest: tuple[int, int]
    other_image: Shape
    network: Network


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value an argument cannot have, the exception's name, and what its message says, in order."""

    argument: str
    value: ParamValue
    error: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything the test template lays out. ``widest`` are networks at full
    size with a factor at its largest, ``changed`` pairs an argument of the first small form
    with the facts of the result; ``heads`` are key prefixes of the
    parameters that ``freeze_backbone`` leaves trainable."""

    facts: Mapping[str, Facts]
    published: tuple[tuple[str, Figure], ...]
    small: tuple[SmallForm, ...]
    widest: tuple[tuple[str, str, ParamValue, Facts], ...]
    changed: tuple[tuple[str, ParamValue, Facts], ...]
    refused: tuple[Refusal, ...]
    heads: tuple[str, ...]


def subject_of(plan: ModulePlan, *, heads: tuple[str, ...] = ()) -> Subject:
    """Compute what a module's tests expect. ``heads`` overrides the prefixes found from the IR."""
    small = small_forms(_forms(plan), _Lower(plan), UNBUILDABLE)
    return Subject(
        facts={each.name: facts(network) for each, network in networks_of(plan)},
        published=tuple(_published(plan)),
        small=tuple(_form(plan, each) for each in small),
        widest=tuple(_widest(plan)),
        changed=tuple(_changed(plan, small[0])),
        refused=tuple(_refused(plan)),
        heads=heads or _heads(small[0].network, auxiliary=not is_generic(plan)),
    )


def networks_of(plan: ModulePlan) -> Iterator[tuple[RenderedVariant, Network]]:
    """Pair what the module's factories build with its IR."""
    for each in plan.networks():
        network = each.ir
        if network is None:
            assert plan.network is not None
            size = each.info.input_size[1]
            network = lower(plan.network, each.params, input_size=size)
        yield each, network


def _forms(plan: ModulePlan) -> Iterator[tuple[str, Params, Network]]:
    """Give what to make small forms of: every network's constructor arguments and IR, and the first
    network with one argument changed, since no published form may use a switch."""
    if is_generic(plan):
        yield from ((each.name, classes_and_channels(ir), ir) for each, ir in networks_of(plan))
        return
    hidden = _hidden(plan)
    names = [each.name for each in _arguments(plan)]
    forms = [
        (each.name, {name: each.params[name] for name in names} | hidden, network)
        for each, network in networks_of(plan)
    ]
    yield from forms
    build = _Lower(plan)
    name, params, network = forms[0]
    for parameter in _arguments(plan):
        present = params[parameter.name]
        if parameter.type not in SWITCHES and present != 0.0:
            continue
        for tried in _changes(parameter, present):
            for value in tried[:1]:
                changed = {**params, parameter.name: value}
                try:
                    yield f"{name}, {parameter.name}={value}", changed, build(changed, network)
                except UNBUILDABLE:
                    continue


def _hidden(plan: ModulePlan) -> dict[str, ParamValue]:
    """Give the switches that the IR does not show, such as what starts at zero: off, so that small
    forms begin as their layers do. The family's own tests are about them."""
    build = _Lower(plan)
    each, network = next(iter(networks_of(plan)))
    found: dict[str, ParamValue] = {}
    for parameter in _arguments(plan):
        value = each.params[parameter.name]
        if parameter.type is ParamType.BOOL and isinstance(value, bool):
            try:
                same = build({**each.params, parameter.name: not value}, network) == build(
                    each.params, network
                )
            except UNBUILDABLE:
                continue
            if same:
                found[parameter.name] = False
    return found


class _Lower:
    """Other parameters to a network: by the family's rows, or, where the generic emitter wrote the
    class from the IR, by changing classes and input channels there, its only arguments."""

    def __init__(self, plan: ModulePlan) -> None:
        self._plan = plan

    def __call__(self, params: Params, network: Network) -> Network:
        if self._plan.network is None or is_generic(self._plan):
            return altered(network, params)
        return lower(self._plan.network, {**self._plan.defaults, **params})


def is_generic(plan: ModulePlan) -> bool:
    """Say whether the generic emitter writes the module: one class per network."""
    return not plan.template and not plan.template_source


def _published(plan: ModulePlan) -> Iterator[tuple[str, Figure]]:
    """Give the published figures of the named forms the module holds."""
    named = {each.name: each for each in plan.variants} if plan.named else {}
    own = plan.own.name if plan.own is not None else ""
    for variant in plan.network.variants if plan.network is not None else ():
        if variant.name in named and variant.name != own:
            for figure in variant.figures:
                yield variant.name, figure


def _form(plan: ModulePlan, small: Small) -> SmallForm:
    network = small.network
    smallest = (minimum_size(network, training=False), minimum_size(network, training=True))
    return SmallForm(
        name=small.name,
        changed={
            key: value for key, value in small.params.items() if plan.defaults.get(key) != value
        },
        smallest=smallest,
        other_image=_other_image(network),
        network=network,
    )


def _other_image(network: Network) -> Shape:
    """Choose an image for evaluation that is not square, or the network's own where it takes no
    other."""
    channels, size, _ = on_small_image(network, training=False).input_shape
    for more, wider in OTHER_IMAGES:
        if _takes(network, (channels, size + more, size + wider), training=False):
            return (channels, size + more, size + wider)
    return network.input_shape


def _takes(network: Network, image: Shape, *, training: bool = True) -> bool:
    try:
        shapes(network, image, training=training)
    except ShapeError:
        return False
    return True


def _widest(plan: ModulePlan) -> Iterator[tuple[str, str, ParamValue, Facts]]:
    """Set a factor to its largest, where rounding hides no number of the tables it multiplies, and to
    two others, for the rounding itself."""
    build = _Lower(plan)
    seen: list[tuple[str, object]] = []
    for each, network in () if is_generic(plan) else networks_of(plan):
        tables = [value for value in each.params.values() if isinstance(value, tuple)]
        for parameter in _arguments(plan):
            largest = parameter.maximum
            factor = parameter.type is ParamType.FLOAT and largest is not None and largest > 1
            if largest is not None and factor and (parameter.name, tables) not in seen:
                seen.append((parameter.name, tables))
                for value in (float(largest), *(v for v in UNEVEN if v < largest)):
                    widened = build({**each.params, parameter.name: value}, network)
                    image = replace(widened, input_shape=network.input_shape)
                    yield each.name, parameter.name, value, facts(image)


def _changed(plan: ModulePlan, small: Small) -> Iterator[tuple[str, ParamValue, Facts]]:
    """Change one argument of a small form at a time and say what that makes of it."""
    build = _Lower(plan)
    for parameter in _arguments(plan):
        for tried in _changes(parameter, small.params[parameter.name]):
            for value in tried:
                try:
                    network = build({**small.params, parameter.name: value}, small.network)
                except UNBUILDABLE:
                    continue
                image = (network.input_shape[0], *small.network.input_shape[1:])
                if _takes(network, image):
                    network = replace(network, input_shape=image)
                yield parameter.name, value, facts(network)
                break
    for name in ("num_classes", "in_channels") if is_generic(plan) else ():
        present = small.params.get(name)
        for value in (present + 2, 1) if isinstance(present, int) else ():
            try:
                yield name, value, facts(altered(small.network, {name: value}))
            except UNBUILDABLE:
                continue


def _arguments(plan: ModulePlan) -> tuple[Parameter, ...]:
    """List the parameters that are constructor arguments."""
    if plan.network is None or is_generic(plan):
        return ()
    return tuple(each for each in plan.network.parameters if each.argument)


def _changes(parameter: Parameter, value: ParamValue) -> Iterator[tuple[ParamValue, ...]]:
    """Give ways to change a value; of each, the first value that can be built will do."""
    least = parameter.minimum if parameter.minimum is not None else 0
    most = parameter.maximum if parameter.maximum is not None else float("inf")
    match parameter.type, value:
        case ParamType.BOOL, bool():
            yield (not value,)
        case ParamType.CHOICE, _:
            yield from ((each,) for each in parameter.choices if each != value)
        case ParamType.INT, int():
            others = (value + 1, value + 2, value * 2, value - 1)
            yield tuple(each for each in others if least <= each <= most)
            if "size" in parameter.name:  # sizes are divided, so one step may change nothing
                yield tuple(each for each in (value + 3, value - 1) if least <= each <= most)
            if int(least) != value:
                yield (int(least),)
        case ParamType.FLOAT, float() | int():
            between = (value / 2 + 0.125, value / 2, value * 2)
            yield tuple(each for each in between if least <= each <= most and each != value)
            yield from ((float(each),) for each in (least, most) if each not in (value, math.inf))
        case ParamType.INTS, tuple() if value and isinstance(value[0], int):
            yield ((value[0] + 1, *value[1:]), (value[0] + 2, *value[1:]))
            yield ((*value, value[-1]),)
        case ParamType.ROWS, tuple() if value and isinstance(value[0], Mapping):
            for column in parameter.columns:
                for tried in _changes(column, value[0].get(column.name, False)):
                    yield tuple(({**value[0], column.name: each}, *value[1:]) for each in tried)
        case _:
            return


def _refused(plan: ModulePlan) -> Iterator[Refusal]:
    """Give values that no network has: below the range, of another type, no choice."""
    if is_generic(plan):
        for name in ("num_classes", "in_channels"):
            yield from (Refusal(name, *each) for each in _no_counts(1))
    for parameter in _arguments(plan):
        for each in _impossible(parameter, plan.defaults.get(parameter.name)):
            yield Refusal(parameter.name, *each)


def _impossible(
    parameter: Parameter, value: ParamValue | None
) -> Iterator[tuple[ParamValue, str, tuple[str, ...]]]:
    """Give a value, the exception's name, and what the message has to say, in order."""
    least, most = parameter.minimum, parameter.maximum
    match parameter.type, value:
        case ParamType.INT, int() if least is not None:
            yield from _no_counts(int(least))
        case ParamType.FLOAT, float() | int() if least is not None and most is not None:
            for wrong in (least - 0.5, most + 0.5):
                yield wrong, "ValueError", ("from", str(least), "to", str(most), str(wrong))
            yield "half", "TypeError", ("half",)
        case ParamType.BOOL, bool():
            yield "yes", "TypeError", ("yes",)
        case ParamType.CHOICE, _:
            yield "unheard-of", "ValueError", ("unheard-of", *sorted(map(str, parameter.choices)))
        case ParamType.INTS, tuple() if value and least is not None and least >= 1:
            below = int(least) - 1
            yield (below, *value[1:]), "ValueError", (str(int(least)), str(below))
            yield (), "ValueError", ("at", "least", "one")
        case ParamType.ROWS, tuple() if value and isinstance(value[0], Mapping):
            for column in parameter.columns:
                for entry, error, told in _impossible(column, value[0].get(column.name)):
                    if entry in ((), "yes"):  # a row's list or flag that is left to the usual
                        continue
                    rows = ({**value[0], column.name: entry}, *value[1:])
                    # Where names tell rows apart, the message lists the names alone.
                    yield rows, error, told[1:] if column.type is ParamType.CHOICE else told
        case _:
            return


def _no_counts(least: int) -> Iterator[tuple[ParamValue, str, tuple[str, ...]]]:
    """Give what is no whole number of at least ``least``."""
    yield least - 1, "ValueError", (str(least), str(least - 1))
    yield 1.5, "TypeError", ("1.5",)
    yield True, "TypeError", ("True",)


def _heads(network: Network, *, auxiliary: bool) -> tuple[str, ...]:
    """Find the key prefixes of the parameters behind the last feature map and, with ``auxiliary``,
    of the auxiliary heads; where nothing is behind it, of the layers with one output per class."""
    owned = {key for key, _, kind in state_manifest(network) if kind == "parameter"}
    after = {feature_node(network)}
    found = []
    for index, node in enumerate(network.nodes):
        if (node.output and auxiliary) or after.intersection(node.inputs):
            after.add(index)
            found.append(f"{node.name}.")
    prefixes = _owning(found, owned)
    return prefixes or _owning([f"{name}." for name in head_names(network)], owned)


def _owning(prefixes: list[str], keys: set[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(each for each in prefixes if any(key.startswith(each) for key in keys))
    )
