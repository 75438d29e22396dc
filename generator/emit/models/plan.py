"""From the mapped vault to the modules to render: which exist and what each one holds.

A family that any section describes gets a module for each of its network classes, with all their
named variants; the heading's own network joins the module of the variant it started from, under the
family's name. An architecture with a module of its own (values of its own beside another section's,
or layer rows that no class of its family expresses) gets a module that holds it alone.

Everything a template needs is here as plain values; nothing refers to a line of a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.architectures.ir import Network
from generator.architectures.model import Family, NetworkSpec, ParamValue


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


@dataclass(frozen=True, slots=True)
class RenderedVariant:
    """One factory function: ``params`` are all effective parameters, ``overrides`` those that differ
    from the class's defaults."""

    name: str
    doc: str
    params: Mapping[str, ParamValue]
    overrides: Mapping[str, ParamValue]
    info: Info


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """One module to render.

    ``template`` is the name of a built-in template, ``template_source`` the text of a trusted one
    from the vault; where both are empty the generic emitter writes the class from ``ir``.
    ``defaults`` are the class's defaults. ``named`` is false where the module holds ``own`` only.
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
    ir: Network | None = None

    def names(self) -> tuple[str, ...]:
        """Registry names this module provides, the own network's first."""
        own = (self.own.name,) if self.own is not None else ()
        return own + tuple(each.name for each in self.variants)


__all__ = ["Info", "ModulePlan", "RenderedVariant", "field"]
