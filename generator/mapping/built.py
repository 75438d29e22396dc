"""One unit to a network description: its variant, its values from all levels, its rows.

What is wrong with any of them is collected, so that the unit is either built or refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from generator.architectures.builder import ArchitectureError
from generator.architectures.ir import Network
from generator.architectures.lower import default_input_size, lower, resolve_params
from generator.architectures.model import (
    Family,
    NetworkSpec,
    Parameter,
    ParamValue,
    Row,
    Variant,
)
from generator.architectures.tables import lower_table
from generator.core.diagnostics import Diagnostic, Severity, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Located
from generator.mapping.decide import NoteMap, Unit
from generator.mapping.evidence import prose_variant
from generator.mapping.explicit import (
    find_variant,
    frontmatter_settings,
    unknown_arch,
    unknown_variant,
)
from generator.mapping.lexicon import Lexicon
from generator.mapping.model import Value
from generator.mapping.own import OWN_PARAMETERS, own_parameters
from generator.mapping.rows import Layers, section_layers
from generator.mapping.settings import OWN_LEVELS, Collected, collect, family_key
from generator.mapping.train import train_settings
from generator.notes.model import Note
from generator.vault.model import Config


@dataclass(frozen=True, slots=True)
class Vault:
    """What assembling needs of the whole vault."""

    notes: Mapping[str, Note]
    maps: Mapping[str, NoteMap]
    lexicon: Lexicon
    config: Config
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Built:
    """A unit with all it says: ready to become an architecture, or refused for its problems."""

    unit: Unit
    network: NetworkSpec | None
    variant: Variant | None
    values: tuple[Value, ...]
    layers: Layers | None
    train: Mapping[str, ParamValue] | None
    problems: tuple[Diagnostic, ...]
    variant_stated: bool  # by a field, block or property, not by heading or prose
    variant_reason: str = ""

    @property
    def broken(self) -> bool:
        """Whether an error keeps the unit from being built."""
        unreadable = self.layers is not None and self.layers.broken
        return unreadable or any(each.severity is Severity.ERROR for each in self.problems)

    @property
    def rows(self) -> tuple[Row, ...] | None:
        """The unit's own layer rows, where they replace the family's."""
        if self.layers is None or not self.layers.replace_rows:
            return None
        return self.layers.reading.rows

    @property
    def own(self) -> bool:
        """Whether the unit has values of its own."""
        return (
            self.layers is not None
            or self.variant_stated
            or any(
                setting.level in OWN_LEVELS
                for each in self.values
                for setting in (each.setting, *each.shadowed)
            )
        )

    def signature(self) -> object:
        """Equal for units that describe the very same network."""
        return (
            self.network.module if self.network else None,
            tuple((each.name, each.setting.value) for each in self.values),
            self.rows,
        )


def build(unit: Unit, vault: Vault) -> Built:
    """Collect all a unit says; errors are in ``problems``."""
    note = vault.notes[unit.path]
    blocks = vault.maps[unit.path].blocks
    problems = [*unit.problems]
    inside = frozenset(unit.sections)
    if any(block.broken for block in blocks if block.section in inside):
        # The block's own diagnostics are reported with the note; this refuses the unit.
        problems.extend(
            each
            for block in blocks
            if block.section in inside and block.broken
            for each in block.diagnostics
        )
    problems.extend(_unreadable(note, vault))
    family = vault.lexicon.families[unit.family] if unit.family else None
    network: NetworkSpec | None = None
    variant: Variant | None = None
    stated, reason = False, ""
    if family is not None:
        network, variant, stated, reason = _variant(unit, note, family, vault, problems)

    def collected(parameters: tuple[Parameter, ...], layers: Layers | None = None) -> Collected:
        return collect(
            unit, note, blocks, family, variant, parameters, vault.lexicon, vault.config, layers
        )

    parameters = network.parameters if network is not None else OWN_PARAMETERS
    said = collected(parameters)
    layers = section_layers(
        note,
        unit.sections,
        blocks,
        family,
        explicit=unit.explicit.arch is not None,
        # A table with a column per depth is read in the column of the variant, or of the heading's own
        # name where the library has no such family ("DenseNet-169").
        variant=variant.name if variant is not None else unit.name,
        given=said.given(),
    )
    if layers is not None:
        problems.extend(layers.diagnostics)
        if family is not None and not layers.replace_rows:
            network, variant = _class_of(layers, family, network, variant)
            parameters = network.parameters
        else:
            parameters = own_parameters(network, variant)
        said = collected(parameters, layers)
    elif family is None and unit.explicit.arch is not None:
        # A name nobody knows and no layers: refuse what was generated under the name meant.
        problems.append(unknown_arch(unit.explicit.arch, vault.lexicon))
        unit = replace(unit, family=unit.fallback)
        if unit.family is not None:
            found = vault.lexicon.families[unit.family]
            network, variant = found.variant(found.default) or (None, None)
    problems.extend(said.problems)
    train = train_settings(note, inside, blocks, problems)
    return Built(
        unit,
        network,
        variant,
        said.values(),
        layers,
        train,
        tuple(dict.fromkeys(problems)),
        stated,
        reason,
    )


def _class_of(
    layers: Layers, family: Family, network: NetworkSpec | None, variant: Variant | None
) -> tuple[NetworkSpec, Variant]:
    """The network class whose parameters a table gives, with the unit's variant or its first."""
    if network is not None and variant is not None and network.module == layers.reading.network:
        return network, variant
    found = next(each for each in family.networks if each.module == layers.reading.network)
    return found, found.variants[0]


_FRONT_MATTER_SPEAKS = re.compile(rb"^\s*[\"']?notetorch[\"']?\s*:", re.MULTILINE | re.IGNORECASE)
_FRONT_MATTER_BYTES = 16_384


def _unreadable(note: Note, vault: Vault) -> Iterable[Diagnostic]:
    """The error for front matter that could not be read, yet sets something here."""
    for each in note.diagnostics:
        if each.code in ("NT202", "NT203", "NT204", "NT205"):
            head = vault.texts.get(note.path, b"")[:_FRONT_MATTER_BYTES]
            end = head.find(b"\n---", 4)
            if _FRONT_MATTER_SPEAKS.search(head[:end] if end > 0 else head):
                yield diagnostic(
                    "NT412",
                    each.position,
                    "the note's values under `notetorch` cannot be read",
                    hint="correct the front matter; the note's models are left as they were",
                )
                return


def _variant(
    unit: Unit, note: Note, family: Family, vault: Vault, problems: list[Diagnostic]
) -> tuple[NetworkSpec, Variant, bool, str]:
    """The variant a unit is, whether it is stated (not just read from heading or prose), and why."""
    stated = unit.explicit.variant or _family_setting(note, family, "variant", vault.lexicon)
    arch = unit.explicit.arch
    name: str | None = None
    reason = ""
    if stated is not None:
        name = find_variant(str(stated.value), family.name, vault.lexicon)
        reason = f"`variant` on line {stated.position.line}"
        if name is None:
            problems.append(unknown_variant(stated, family.name, vault.lexicon))
    explicit = name is not None or (arch is not None and arch.variant is not None)
    if name is None and unit.variant is not None:
        name = unit.variant
        reason = "named by `arch`" if arch is not None and arch.variant else "named by the heading"
    if name is None:
        picked = prose_variant(note, unit.sections, family, vault.lexicon)
        if picked is not None:
            name, reason = picked[0], f"the section speaks of {picked[1]!r}"
    if name is None:
        name, reason = family.default, "the default"
    found = family.variant(name) or family.variant(family.default)
    assert found is not None
    return found[0], found[1], explicit, reason


def _family_setting(note: Note, family: Family, key: str, lexicon: Lexicon) -> Located | None:
    """A reserved key under the family's name in the ``notetorch`` property."""
    settings, paths, name = frontmatter_settings(note)
    for each, value in settings.items():
        if isinstance(value, Mapping) and key in value and family_key(each, lexicon) == family.name:
            line = paths.get(f"{name}.{each}.{key}", 1)
            return Located(value[key], Position(note.path, line))
    return None


def lowered(built: Built) -> Network | tuple[Diagnostic | ArchitectureError, ...]:
    """The unit's network: its own rows if it has any, else the family's for its values."""
    params = {each.name: each.setting.value for each in built.values}
    if built.rows is None:
        assert built.network is not None
        assert built.variant is not None
        try:
            values = resolve_params(built.network, params)
            size = None if "input_size" in values else _input_size(built, values)
            return lower(built.network, values, input_size=size)
        except ArchitectureError as error:
            return (error,)
    assert built.layers is not None
    norm = str(params.get("norm", "none"))
    network, problems = lower_table(
        built.layers.reading,
        in_channels=_whole(params, "in_channels"),
        input_size=_stated_side(built),
        num_classes=_whole(params, "num_classes") or None,
        norm="batch" if params.get("batch_norm") is True and norm == "none" else norm,
        activation=str(params.get("activation", "relu")),
    )
    return problems if network is None else network


def _input_size(built: Built, values: Mapping[str, ParamValue]) -> int:
    """The side of the input: the variant's, times the class's resolution multiplier if it has one."""
    assert built.network is not None
    assert built.variant is not None
    return default_input_size(replace(built.network, input_size=built.variant.input_size), values)


def _whole(params: Mapping[str, ParamValue], name: str) -> int | None:
    value = params.get(name)
    return value if isinstance(value, int) else None


def _stated_side(built: Built) -> int | None:
    """The input's side, unless the table states a size that is not square and nobody else does."""
    assert built.layers is not None
    for each in built.values:
        if each.name == "input_size":
            stated = each.setting.level not in ("family", "variant")
            if stated or built.layers.reading.input_size is None:
                return each.setting.value if isinstance(each.setting.value, int) else None
    return None


def changed(built: Built) -> bool:
    """Whether the network differs from the published variant it starts from."""
    if built.rows is not None or built.variant is None or built.network is None:
        return True
    published = resolve_params(built.network, built.variant.params)
    return any(published.get(each.name) != each.setting.value for each in built.values)
