"""A network's parameter values from every level of the precedence, with where each stands.

Lowest to highest: family default, named variant, configuration, front matter, containers' fields,
fields of the section and its parts, fenced block. (A layer table sets rows, not parameters.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.architectures.builder import ArchitectureError
from generator.architectures.model import (
    Family,
    NetworkSpec,
    Parameter,
    ParamType,
    ParamValue,
    Variant,
)
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Block, Located
from generator.mapping.decide import Unit
from generator.mapping.explicit import RESERVED_FIELDS, frontmatter_settings
from generator.mapping.lexicon import Lexicon
from generator.mapping.model import Setting, Value
from generator.mapping.rows import Layers
from generator.mapping.suggest import nearest, one_edit_away
from generator.mapping.tokens import Verdict, read_heading
from generator.mapping.values import plain_text, read_value
from generator.notes.model import Note
from generator.vault.model import Config

OWN_LEVELS = frozenset({"frontmatter", "container", "field", "table", "block"})


@dataclass(slots=True)
class Collected:
    """Settings found so far, lowest level first, and what is wrong with them."""

    parameters: tuple[Parameter, ...]
    others: frozenset[str]  # names of the family's other networks' parameters
    found: dict[str, list[Setting]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def values(self) -> tuple[Value, ...]:
        """Each parameter's highest setting and those it shadows, highest first."""
        return tuple(
            Value(name, settings[-1], tuple(reversed(settings[:-1])))
            for name, settings in self.found.items()
        )

    def given(self) -> frozenset[str]:
        """The parameters that notes or the configuration set."""
        return frozenset(
            name
            for name, settings in self.found.items()
            if settings[-1].level not in ("family", "variant")
        )

    def parameter(self, key: str) -> Parameter | None:
        """The parameter that a key names, by its name or another spelling of it."""
        wanted = canonical(key)
        for each in self.parameters:
            if wanted == canonical(each.name):
                return each
        for each in self.parameters:
            if any(wanted == canonical(alias) for alias in each.aliases):
                return each
        return None

    def spellings(self) -> tuple[str, ...]:
        """All names and other spellings of the network's parameters."""
        return tuple(
            spelling for each in self.parameters for spelling in (each.name, *each.aliases)
        )


def canonical(key: str) -> str:
    """Fold a field's or key's name: ``Num Classes``, ``num-classes`` and ``num_classes`` are one."""
    return re.sub(r"[\s_-]+", "_", key.strip().casefold()).strip("_*`")


def collect(
    unit: Unit,
    note: Note,
    blocks: Sequence[Block],
    family: Family | None,
    variant: Variant | None,
    parameters: tuple[Parameter, ...],
    lexicon: Lexicon,
    config: Config,
    layers: Layers | None = None,
) -> Collected:
    """Collect the settings of one unit for the given parameters.

    ``layers`` is what its table or block says: parameters of the family's class, or the input.
    """
    others = {
        canonical(spelling)
        for each in (family.networks if family else ())
        for parameter in each.parameters
        for spelling in (parameter.name, *parameter.aliases)
    }
    collected = Collected(parameters, frozenset(others))
    _defaults(collected, variant)
    if family is not None:
        _configured(collected, family, config)
    _front_matter(collected, unit, note, lexicon)
    for container in unit.containers:
        _fields(collected, note, (container,), "container")
    _fields(collected, note, unit.sections, "field")
    if layers is not None:
        _tabulated(collected, layers)
    inside = frozenset(unit.sections)
    mine = [block for block in blocks if block.section in inside]
    given = [(key, located, "") for block in mine for key, located in block.params]
    _keyed(collected, given, "block", where="this block's `params`")
    order = {each.name: number for number, each in enumerate(parameters)}
    collected.found = dict(sorted(collected.found.items(), key=lambda each: order[each[0]]))
    return collected


def defaults_only(
    family: Family, network: NetworkSpec, variant: Variant, config: Config
) -> Collected:
    """The settings of a family's own network when no section gives it values."""
    collected = Collected(network.parameters, frozenset())
    _defaults(collected, variant)
    _configured(collected, family, config)
    return collected


# ------------------------------------------------------------------ levels


def _defaults(collected: Collected, variant: Variant | None) -> None:
    given = variant.params if variant is not None else {}
    for parameter in collected.parameters:
        if parameter.default is not None:
            collected.found[parameter.name] = [Setting(parameter.default, "family", None)]
        if variant is not None and parameter.name in given:
            collected.found.setdefault(parameter.name, []).append(
                Setting(given[parameter.name], "variant", None, variant.name)
            )


def _configured(collected: Collected, family: Family, config: Config) -> None:
    given = []
    for key, value in sorted(config.values.get(family.name, {}).items()):
        line = config.value_lines.get(f"{family.name}.{key}", 1)
        given.append((key, Located(value, Position(config.path or "notetorch.toml", line)), ""))
    for key, located, _ in given:
        parameter = collected.parameter(key)
        if parameter is not None:
            _put(collected, parameter, located, "config")


def _tabulated(collected: Collected, layers: Layers) -> None:
    """Parameters that a layer table gives: the class's, or the input it states."""
    reading = layers.reading
    stated: dict[str, ParamValue] = dict(reading.params)
    if layers.replace_rows:
        if reading.in_channels is not None:
            stated["in_channels"] = reading.in_channels
        if reading.input_size is not None and len(set(reading.input_size)) == 1:
            stated["input_size"] = reading.input_size[0]
    for name, value in stated.items():
        if any(each.name == name for each in collected.parameters):
            setting = Setting(value, layers.level, reading.position)
            collected.found.setdefault(name, []).append(setting)


def _front_matter(collected: Collected, unit: Unit, note: Note, lexicon: Lexicon) -> None:
    """``notetorch:`` of the note: for all its networks, then what stands under a family's name."""
    settings, paths, name = frontmatter_settings(note)
    if not settings:
        return
    general: list[tuple[str, Located]] = []
    special: list[tuple[str, Located]] = []
    for key, value in settings.items():
        path = f"{name}.{key}"
        if key.casefold() in RESERVED_FIELDS:
            continue
        if key.casefold() == "params" and isinstance(value, Mapping):
            general.extend(_located(value, path, paths, note.path))
        elif isinstance(value, Mapping):
            if unit.family is not None and family_key(key, lexicon) == unit.family:
                special.extend(_located(value, path, paths, note.path))
        else:
            general.append((key, Located(value, Position(note.path, paths.get(path, 1)))))
    for given in (general, special):
        for key, located in given:
            parameter = collected.parameter(key)
            if parameter is not None and located.value is not None:
                _put(collected, parameter, located, "frontmatter")


def _located(
    value: Mapping[str, object], path: str, paths: Mapping[str, int], note: str
) -> Iterator[tuple[str, Located]]:
    for key, each in value.items():
        if key.casefold() == "params" and isinstance(each, Mapping):
            yield from _located(each, f"{path}.{key}", paths, note)
        elif key.casefold() not in RESERVED_FIELDS:
            yield key, Located(each, Position(note, paths.get(f"{path}.{key}", 1)))


def family_key(key: str, lexicon: Lexicon) -> str | None:
    """The family that a key of ``notetorch:`` or of the configuration names."""
    if key in lexicon.families:
        return key
    reading = read_heading(key, lexicon)
    return reading.family if reading.verdict is Verdict.NAMES else None


def _fields(collected: Collected, note: Note, sections: Iterable[int], level: str) -> None:
    """Inline fields in the bodies of some sections, all of one level."""
    inside = frozenset(sections)
    given: dict[str, list[tuple[ParamValue, Setting]]] = {}
    for each in note.fields:
        if each.section not in inside or not each.page:
            continue
        if canonical(each.key) in RESERVED_FIELDS:
            continue
        parameter = collected.parameter(each.key)
        if parameter is None:
            if level == "field":
                _nearly(collected, each.key, each.position)
            continue
        if not plain_text(each.raw):
            continue  # an empty field is a form not filled in yet
        value = _typed(collected, parameter, Located(each.raw, each.position))
        if value is not None:
            setting = Setting(value, level, each.position, each.raw)
            given.setdefault(parameter.name, []).append((value, setting))
    for name, settings in given.items():
        parameter = collected.parameter(name)
        assert parameter is not None
        agreed = _agreed(collected, parameter, [setting for _, setting in settings])
        if agreed is not None:
            collected.found.setdefault(name, []).append(agreed)


def _agreed(collected: Collected, parameter: Parameter, settings: list[Setting]) -> Setting | None:
    """One setting of several on one level: all the same, or single items of a list."""
    first = settings[0]
    other = next((each for each in settings if each.value != first.value), None)
    if other is None:
        return first
    items = [each.value for each in settings if isinstance(each.value, tuple)]
    if parameter.type is ParamType.INTS and all(len(item) == 1 for item in items):
        joined = tuple(item[0] for item in items)
        return Setting(joined, first.level, first.position, ", ".join(s.text for s in settings))
    assert first.position is not None
    assert other.position is not None
    collected.problems.append(
        diagnostic(
            "NT406",
            other.position,
            f"{parameter.name} is {_show(other)} here, but {_show(first)} on line "
            f"{first.position.line}",
            found=_show(other),
            expected=_show(first),
            hint="remove one of the two",
        )
    )
    return None


def _show(setting: Setting) -> str:
    return setting.text.strip() or str(setting.value)


def _keyed(
    collected: Collected, given: Iterable[tuple[str, Located, str]], level: str, *, where: str
) -> None:
    """Keys that can be nothing but parameters: an unknown one is a warning."""
    seen: dict[str, Setting] = {}
    for key, located, _ in given:
        if located.value is None:
            continue
        parameter = collected.parameter(key)
        if parameter is None:
            if canonical(key) not in collected.others:
                collected.problems.append(unknown_key(key, located.position, collected, where))
            continue
        value = _typed(collected, parameter, located)
        if value is None:
            continue
        setting = Setting(value, level, located.position, str(located.value))
        if parameter.name not in seen:
            seen[parameter.name] = setting
            collected.found.setdefault(parameter.name, []).append(setting)
        else:
            _agreed(collected, parameter, [seen[parameter.name], setting])


def _put(collected: Collected, parameter: Parameter, located: Located, level: str) -> None:
    value = _typed(collected, parameter, located)
    if value is not None:
        setting = Setting(value, level, located.position, str(located.value))
        collected.found.setdefault(parameter.name, []).append(setting)


# ------------------------------------------------------------------ typing and messages


def _typed(collected: Collected, parameter: Parameter, located: Located) -> ParamValue | None:
    try:
        return read_value(parameter, located.value)
    except ArchitectureError as error:
        collected.problems.append(
            diagnostic(
                "NT405",
                located.position,
                error.message,
                found=error.found,
                expected=error.expected,
                hint=error.hint or parameter.doc,
            )
        )
        return None


def _nearly(collected: Collected, key: str, position: Position) -> None:
    """A field nobody knows is the user's own, unless it is one typing mistake from a parameter."""
    folded = canonical(key)
    if folded in collected.others:
        return
    near = one_edit_away(folded, [canonical(each) for each in collected.spellings()])
    if near:
        collected.problems.append(
            diagnostic(
                "NT407",
                position,
                f"the field {key!r} sets nothing",
                found=key,
                hint=f"did you mean {near!r}?",
            )
        )


def unknown_key(key: str, position: Position, collected: Collected, where: str) -> Diagnostic:
    """The warning for a key that no parameter has, where only parameters can stand."""
    near = nearest(canonical(key), collected.spellings())
    return diagnostic(
        "NT407",
        position,
        f"{where} sets {key!r}, which is no parameter",
        found=key,
        expected=", ".join(each.name for each in collected.parameters),
        hint=f"did you mean {near!r}?" if near else "",
    )
