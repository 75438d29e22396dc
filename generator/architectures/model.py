"""A family of architectures as data: what ``families/<family>/spec.yaml`` says, typed.

A *family* is what a heading names (``inception``). It has one or more *network classes*
(``googlenet``, ``inception_v3``), each one generated module, and each class has *variants*
(``googlenet``, ``googlenet_paper``): named, published settings of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

ParamValue: TypeAlias = (
    "bool | int | float | str | tuple[ParamValue, ...] | Mapping[str, ParamValue]"
)


class ParamType(StrEnum):
    """Types of parameters a note can set. ``ROWS`` is a tuple of mappings (stage tables)."""

    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    CHOICE = "choice"
    INTS = "ints"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One constructor argument of a network class that notes can set.

    ``minimum``/``maximum`` bound the number, or each element of ``INTS``. ``aliases`` are other
    spellings accepted in notes (``classes`` for ``num_classes``).
    """

    name: str
    type: ParamType
    default: ParamValue
    doc: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    # The columns of ROWS, each a parameter of its own; one without default must be given.
    columns: tuple[Parameter, ...] = ()
    # False for what scales the input only (MobileNet's resolution multiplier): no constructor
    # argument.
    argument: bool = True
    # For a column: it must be given.
    required: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number with its source: ``what`` is ``parameters`` or ``macs``."""

    what: str
    value: int
    source: str
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Variant:
    """A named, published form: parameter settings over the class's defaults.

    ``published`` says whether public weights exist for exactly this form. ``mean``, ``std`` and
    ``interpolation`` are their preprocessing.
    """

    name: str
    params: Mapping[str, ParamValue]
    doc: str
    aliases: tuple[str, ...] = ()
    published: bool = False
    input_size: int = 224
    figures: tuple[Figure, ...] = ()
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    interpolation: str = "bilinear"
    resize: int = 256


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a layer table: a block type of :mod:`generator.architectures.blocks` and its
    fields."""

    type: str
    fields: Mapping[str, ParamValue]
    name: str = ""


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One network class of a family, one generated module.

    ``rows`` are row templates: values may be expressions over the parameters (evaluated by
    :mod:`generator.architectures.lower`). ``template`` is the Jinja file that renders the class,
    ``""`` for the generic emitter.
    """

    module: str
    class_name: str
    parameters: tuple[Parameter, ...]
    variants: tuple[Variant, ...]
    rows: tuple[Mapping[str, object], ...]
    doc: str
    papers: tuple[str, ...]
    input_size: int = 224
    in_channels: int = 3
    template: str = ""
    formula: str = ""
    # (expression over the parameters that must hold, what to say when it does not)
    checks: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """Find a parameter by its name."""
        return next((each for each in self.parameters if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Family:
    """What a heading can name. ``names`` include the family name, aliases and localised names.

    ``homonyms`` are the names that are also ordinary words or other things ("Inception" the film,
    "CNN" the channel): they need a second sign in the note. ``default`` is the default variant.
    ``hints`` map a variant to words in a section's prose that select it (MobileNet's "bottleneck").
    """

    name: str
    title: str
    names: tuple[str, ...]
    default: str
    networks: tuple[NetworkSpec, ...]
    homonyms: tuple[str, ...] = ()
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    folder: str = ""  # vault path of a family from the vault, "" for built-in ones

    def variant(self, name: str) -> tuple[NetworkSpec, Variant] | None:
        """Find a variant and its network class by the variant's name or alias."""
        for network in self.networks:
            for variant in network.variants:
                if name == variant.name or name in variant.aliases:
                    return network, variant
        return None
