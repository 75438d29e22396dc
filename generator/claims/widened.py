"""Networks with another width multiplier: MobileNet's α, which scales every layer's channels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.claims import measures, varied
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
