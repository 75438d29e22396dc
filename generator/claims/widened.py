"""Networks with another width multiplier: MobileNet's α, which scales every layer's channels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.architectures.ir import Linear
from generator.claims import measures, networks, varied
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
    wide = varied.build(subject.variant or subject.name, PARAMETER, float(factor))
    if wide is None or subject.changed:
        return []
    wide = replace(wide, figures=PUBLISHED.get((wide.name, factor), ()))
    return varied.told(measures.readings(wide, measure), wide, PARAMETER, float(factor))


def dense_share(subject: Subject, factor: Fraction) -> Reading | None:
    """What part of the parameters is in dense layers, the widths multiplied."""
    wide = varied.build(subject.variant or subject.name, PARAMETER, float(factor))
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
