"""What the tests of this stage share: every named variant, built once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from generator.architectures.ir import Network
from generator.architectures.lower import lower, resolve_params
from generator.architectures.model import Family, NetworkSpec, Variant
from generator.architectures.spec import load_families

FIXTURES = Path(__file__).parent / "fixtures"


@cache
def families() -> Mapping[str, Family]:
    """The built-in families by name."""
    found, diagnostics = load_families()
    assert not diagnostics
    return {each.name: each for each in found}


def variants() -> Iterator[tuple[NetworkSpec, Variant]]:
    """Every network class with every variant of it."""
    for family in families().values():
        for network in family.networks:
            for variant in network.variants:
                yield network, variant


VARIANTS = {variant.name: (network, variant) for network, variant in variants()}


def build(variant: str, /, **overrides: object) -> Network:
    """Build a variant, some parameters changed."""
    network, named = VARIANTS[variant]
    params = resolve_params(network, {**named.params, **overrides})
    size = None if "resolution_mult" in overrides or "input_size" in overrides else named.input_size
    return lower(network, params, input_size=size)
