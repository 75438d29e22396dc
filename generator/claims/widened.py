"""Networks with another width multiplier: MobileNet's α, which scales every layer's channels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

from generator.architectures.ir import Linear
from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import built_in_families
from generator.claims import measures, networks
from generator.claims.candidate import Reading
from generator.claims.model import Figure, Subject

PARAMETER = "width_mult"
# Published numbers of these that arithmetic does not give.
PUBLISHED = {
    ("mobilenet_v2", Fraction(7, 5)): (
        Figure("parameters", 6_900_000, "the paper's table"),
        Figure("macs", 585_000_000, "the paper's table"),
    ),
}


def readings(subject: Subject, factor: Fraction, measure: str) -> list[Reading]:
    """Count something of a network whose widths are multiplied; nothing where it has no such factor."""
    wide = _widened(subject.variant or subject.name, factor)
    if wide is None or subject.changed:
        return []
    plain = f'model("{wide.name}")'
    built = f'model("{wide.name}", {PARAMETER}={float(factor)})'
    return [
        replace(
            each,
            how=f"with {PARAMETER} {float(factor):g}, {each.how}",
            source=each.source.replace(plain, built),
        )
        for each in measures.readings(wide, measure)
    ]


def dense_share(subject: Subject, factor: Fraction) -> Reading | None:
    """What part of the parameters is in dense layers, the widths multiplied."""
    wide = _widened(subject.variant or subject.name, factor)
    if wide is None or subject.changed:
        return None
    dense, (total, _) = (
        sum(networks.parameters_of(wide.network, Linear)),
        networks.parameters(wide.network),
    )
    built = f'model("{wide.name}", {PARAMETER}={float(factor)}), {wide.network.input_shape}'
    source = f"Fraction(sum(layer_parameters({built}, nn.Linear)), evaluated_parameters({built}))"
    how = (
        f"with {PARAMETER} {float(factor):g}, {dense:,} of {total:,} parameters are in dense layers"
    )
    return Reading(Fraction(dense, total), how, source)


@cache
def _widened(variant: str, factor: Fraction) -> Subject | None:
    for family in built_in_families():
        found = family.variant(variant)
        if found is None or found[0].parameter(PARAMETER) is None:
            continue
        network, known = found
        values = resolve_params(network, {**known.params, PARAMETER: float(factor)})
        built = lower(network, values, input_size=known.input_size)
        figures = PUBLISHED.get((known.name, factor), ())
        # No variant: what circulates of the plain network is not this one's.
        return Subject(known.name, built, "", family.name, figures=figures)
    return None
