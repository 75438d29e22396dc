"""What can be counted of a whole network, under one name each: the readings of a stated number.

``parameters``, ``mac``, ``flop``, ``mult`` and ``operation`` (multiply-adds, in the unit that is
stated), ``depth``, ``convolutions``, ``linears``, ``pools``, ``blocks``, ``modules``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Reading
from generator.claims.kinds import structure, totals
from generator.claims.model import Subject
from generator.claims.quantity import Quantity

COMPUTATION = frozenset(("mac", "flop", "mult", "operation"))
_NOUNS = {
    "parameters": "parameters",
    "mac": "multiply-adds",
    "flop": "FLOPs",
    "mult": "multiplications",
    "operation": "operations",
    "depth": "layers",
    "convolutions": "convolutional layers",
    "linears": "fully connected layers",
    "pools": "pooling layers",
    "blocks": "residual blocks",
    "modules": "inception modules",
}


def noun(measure: str) -> str:
    """What a measure counts, for people."""
    return _NOUNS[measure]


def rounded(stated: Quantity, measure: str) -> Quantity:
    """Take zeros at the end of a large count as rounding: 138,000,000 parameters."""
    if measure in COMPUTATION | {"parameters"} and stated.exact and stated.coarse >= 1000:
        return replace(stated, rounded=True, place=min(stated.coarse, Fraction(10**6)))
    return stated


def readings(subject: Subject, measure: str) -> list[Reading]:
    """Give the ways to count something of a network; none where it has no such thing."""
    if measure == "parameters":
        return [
            *totals.parameter_readings(subject, ""),
            *totals.published_readings(subject, "parameters"),
        ]
    if measure in COMPUTATION:
        return [
            *totals.mac_readings(subject, measure),
            *totals.published_readings(subject, "macs"),
        ]
    return structure.measured(subject, measure)
