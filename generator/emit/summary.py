"""Models as plain text, from the IR alone: the list of them and one model layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from generator.architectures.arithmetic import (
    ShapeError,
    activation_bytes,
    layer_rows,
    macs,
    minimum_size,
    parameters,
    receptive_field,
)
from generator.architectures.ir import Network, Shape
from generator.architectures.lower import lower, resolve_params
from generator.mapping.model import VaultMapping


class UnknownModelError(Exception):
    """No note and no family in use gives a model of this name; the message says which is near."""


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that can be created: a heading's own network or a family's published variant."""

    name: str
    family: str
    module: str
    origin: str
    network: Network


def named_models(mapping: VaultMapping) -> Iterator[NamedModel]:
    """Give the notes' own networks first, then the variants of their families, each name once."""
    seen: set[str] = set()
    for each in mapping.architectures:
        source = each.sources[0]
        seen.add(each.name)
        origin = f"{source.path} > {source.heading}"
        yield NamedModel(
            each.name, each.family.name if each.family else "", each.module, origin, each.ir
        )
    families = {each.family.name: each.family for each in mapping.architectures if each.family}
    for _, family in sorted(families.items()):
        for spec in family.networks:
            for variant in spec.variants:
                if variant.name not in seen:
                    seen.add(variant.name)
                    params = resolve_params(spec, variant.params)
                    network = lower(spec, params, input_size=variant.input_size)
                    yield NamedModel(variant.name, family.name, spec.module, "published", network)


def models_table(mapping: VaultMapping) -> list[str]:
    """One aligned line a model: name, family, parameters, multiply-adds, input, where from."""
    rows: list[tuple[str, ...]] = [
        ("model", "family", "parameters", "multiply-adds", "input", "from")
    ]
    rows += [
        (
            each.name,
            each.family or "-",
            f"{parameters(each.network):,}",
            f"{macs(each.network):,}",
            times(each.network.input_shape),
            each.origin,
        )
        for each in named_models(mapping)
    ]
    return aligned(rows, right={2, 3})


def layer_table(mapping: VaultMapping, name: str, *, size: int | None = None) -> list[str]:
    """One aligned line a layer row, then totals, for an input of ``size`` pixels squared.

    Raises :class:`UnknownModelError`, also for a size the network cannot take.
    """
    found = {each.name: each for each in named_models(mapping)}
    if name not in found:
        near = sorted(found, key=lambda each: -JaroWinkler.similarity(name, each))
        hint = f"; did you mean {near[0]!r}?" if near else " (the vault defines none)"
        raise UnknownModelError(f"there is no model {name!r}{hint}")
    network = found[name].network
    shape = (network.input_shape[0], size, size) if size else network.input_shape
    try:
        layers = layer_rows(network, shape)
        total = macs(network, shape)
    except ShapeError as error:
        least = minimum_size(network, training=False)
        raise UnknownModelError(
            f"{name} cannot take an input of {times(shape)}: {error} (the least is {least})"
        ) from None
    rows: list[tuple[str, ...]] = [("layer", "module", "output", "parameters", "multiply-adds")]
    rows += [
        (
            row.label + (f" ({row.auxiliary})" if row.auxiliary else ""),
            row.name or "-",
            times(row.output),
            f"{row.parameters:,}",
            f"{row.macs:,}",
        )
        for row in layers
    ]
    seen = receptive_field(network)
    kept, alive = (activation_bytes(network, shape, training=each) / 1e6 for each in (True, False))
    return [
        f"{name}: input {times(shape)}, from {found[name].origin}",
        *aligned(rows, right={3, 4}),
        f"parameters {parameters(network):,}, multiply-adds {total:,} (one image, evaluation)",
        f"activations {kept:.3g} MB kept for training, {alive:.3g} MB in evaluation (one image, float32)",
        f"receptive field {times(seen.size)} pixels, stride {times(seen.stride)}",
    ]


def times(shape: Shape) -> str:
    """Write a shape as people do: ``3×224×224``."""
    return "×".join(str(each) for each in shape)


def aligned(rows: list[tuple[str, ...]], *, right: set[int]) -> list[str]:
    """Lay out rows of cells in columns; those in ``right`` are aligned to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
