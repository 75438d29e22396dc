"""All units of the vault to architectures: which share a model, under which name, with which values.

A family that any section names has a network of its own under the family's name. Units without
values share it; a unit with other values becomes a model of its own. A unit with an error is
refused: whatever was generated for it before stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.architectures.builder import ArchitectureError
from generator.architectures.ir import Linear, Network
from generator.architectures.model import Family
from generator.core.diagnostics import Diagnostic, Severity, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Located
from generator.mapping.built import Built, Vault, build, changed, lowered
from generator.mapping.frontmatter import unknown_front_matter
from generator.mapping.lexicon import Lexicon
from generator.mapping.model import Architecture, Refused, Setting, Source, Value
from generator.mapping.naming import free_name, identifier, is_identifier, name_part
from generator.mapping.ranking import rank
from generator.mapping.settings import defaults_only
from generator.notes.model import Note


@dataclass(slots=True)
class _Result:
    architectures: list[Architecture]
    refused: list[Refused]
    diagnostics: list[Diagnostic]
    taken: set[str]


@dataclass(frozen=True, slots=True)
class Assembly:
    """All architectures by name, what is refused, and the units they came from."""

    architectures: tuple[Architecture, ...]
    refused: tuple[Refused, ...]
    diagnostics: tuple[Diagnostic, ...]
    built: tuple[Built, ...]


def assemble(vault: Vault) -> Assembly:
    """Build every architecture of the vault, sorted by name."""
    built = [build(unit, vault) for path in sorted(vault.maps) for unit in vault.maps[path].units]
    result = _Result([], [], [], _claimed(vault.lexicon))
    for each in built:
        result.diagnostics.extend(each.problems)
    _pinned(built, vault, result)
    for name, family in vault.lexicon.families.items():
        mine = [each for each in built if each.unit.family == name]
        if mine:
            _family(family, sorted(mine, key=lambda each: rank(each, vault)), vault, result)
    _nameless(
        sorted(
            (each for each in built if each.unit.family is None and _pin(each) is None),
            key=lambda each: rank(each, vault),
        ),
        vault,
        result,
    )
    result.diagnostics.extend(unknown_front_matter(built, vault))
    return Assembly(
        tuple(sorted(result.architectures, key=lambda each: each.name)),
        tuple(sorted(result.refused, key=lambda each: (each.name, each.source.path))),
        tuple(result.diagnostics),
        tuple(built),
    )


def _claimed(lexicon: Lexicon) -> set[str]:
    """Names that belong to the families: their own, their variants', their modules'."""
    names = set(lexicon.families)
    for family in lexicon.families.values():
        for network in family.networks:
            names.add(network.module)
            names.update(variant.name for variant in network.variants)
    return names


# ------------------------------------------------------------------ a family's units


def _pin(built: Built) -> Located | None:
    return built.unit.explicit.module


def _pinned(built: Sequence[Built], vault: Vault, result: _Result) -> None:
    """Units whose ``module`` gives them a name keep it, before all others."""
    for each in sorted(built, key=lambda one: rank(one, vault)):
        pin = _pin(each)
        if pin is None or str(pin.value) == each.unit.family:
            continue
        wanted = str(pin.value)
        name = wanted if is_identifier(wanted) else identifier(wanted)
        if name in result.taken:
            name = free_name(f"{name}_{name_part(vault.notes[each.unit.path].stem)}", result.taken)
        if name != wanted:
            result.diagnostics.append(
                diagnostic(
                    "NT409",
                    pin.position,
                    f"{wanted!r} cannot be a module's name here; {name!r} is used",
                    found=wanted,
                    expected="a Python identifier that no other model has",
                )
            )
        result.taken.add(name)
        _add(each, name, (each,), vault, result)


def _family(family: Family, built: list[Built], vault: Vault, result: _Result) -> None:
    free = [
        each
        for each in built
        if _pin(each) is None or str(_pin(each).value) == family.name  # type: ignore[union-attr]
    ]
    free.sort(key=lambda each: _pin(each) is None)
    if not free:
        _default(family, built, vault, result)
        return
    primary = free[0]
    if primary.broken:
        found = primary.network or family.networks[0]
        _refuse(primary, family.name, found.module, vault, result)
    sharing = [primary]
    groups: list[list[Built]] = []
    for each in free[1:]:
        same = not primary.broken and each.signature() == primary.signature()
        if not each.broken and (same or not each.own):
            sharing.append(each)
        elif group := next(
            (one for one in groups if not each.broken and one[0].signature() == each.signature()),
            None,
        ):
            group.append(each)
        else:
            groups.append([each])
    if not primary.broken:
        _add(primary, family.name, tuple(sharing), vault, result)
    for group in groups:
        _own_model(family, group, primary, vault, result)


def _own_model(
    family: Family, group: list[Built], primary: Built, vault: Vault, result: _Result
) -> None:
    """A unit whose values differ from the family's own network: named after its note."""
    first = group[0]
    note = vault.notes[first.unit.path]
    name = f"{family.name}_{name_part(note.stem)}"
    if name in result.taken or primary.unit.path == first.unit.path:
        name = f"{name}_{name_part(_heading_text(note, first.unit.section))}"
    name = free_name(name, result.taken)
    result.taken.add(name)
    if not first.broken:
        other = vault.notes[primary.unit.path]
        result.diagnostics.append(
            diagnostic(
                "NT408",
                _position(note, first.unit.section),
                f"{family.title} is described with other values in {primary.unit.path} "
                f"(line {_position(other, primary.unit.section).line}); "
                f"this one is generated as {name!r}",
                hint=f"`module:: {name}` keeps that name when the note is renamed",
            )
        )
    _add(first, name, tuple(group), vault, result)


def _default(family: Family, built: Sequence[Built], vault: Vault, result: _Result) -> None:
    """The family's own network where every section that names it has a name of its own."""
    found = family.variant(family.default)
    assert found is not None
    network, variant = found
    collected = defaults_only(family, network, variant, vault.config)
    bare = replace(
        built[0],
        network=network,
        variant=variant,
        values=collected.values(),
        layers=None,
        train=None,
        problems=tuple(collected.problems),
        variant_stated=False,
    )
    result.diagnostics.extend(collected.problems)
    _add(bare, family.name, tuple(built), vault, result)


def _nameless(built: Sequence[Built], vault: Vault, result: _Result) -> None:
    """Architectures of the notes' own, named after their headings."""
    for each in built:
        note = vault.notes[each.unit.path]
        name = identifier(each.unit.name)
        if name in result.taken:
            longer = free_name(f"{name}_{name_part(note.stem)}", result.taken)
            result.diagnostics.append(
                diagnostic(
                    "NT408",
                    _position(note, each.unit.section),
                    f"another model is called {name!r}; this one is generated as {longer!r}",
                    hint=f"`module:: {longer}` keeps that name when the note is renamed",
                )
            )
            name = longer
        result.taken.add(name)
        _add(each, name, (each,), vault, result)


# ------------------------------------------------------------------ building


def _add(built: Built, name: str, sharing: Sequence[Built], vault: Vault, result: _Result) -> None:
    """Build the network and add it under a name, or refuse it for what is wrong with it."""
    family = vault.lexicon.families[built.unit.family] if built.unit.family else None
    own_module = family is None or name != family.name
    module = name if own_module else built.network.module if built.network else name
    if built.broken:
        _refuse(built, name, module, vault, result)
        return
    if built.rows is not None and not own_module:
        # The family's modules hold its named variants; layers of the note's own get another.
        module, own_module = _table_module(name), True
    ir = lowered(built)
    if isinstance(ir, tuple):
        problems = tuple(
            each if isinstance(each, Diagnostic) else _unbuildable(name, each, built, vault)
            for each in ir
        )
        result.diagnostics.extend(problems)
        refused = replace(built, problems=(*built.problems, *problems))
        _refuse(refused, name, module, vault, result)
        return
    result.architectures.append(
        Architecture(
            name=name,
            module=module,
            family=family,
            network=built.network,
            variant=built.variant.name if built.variant else "",
            values=_with_classes(built, ir),
            rows=built.rows,
            sources=tuple(_sources(sharing, vault)),
            ir=ir,
            changed=changed(built),
            own_module=own_module,
            train=built.train,
        )
    )


def _with_classes(built: Built, ir: Network) -> tuple[Value, ...]:
    """The values, with the class count that a network of the note's own rows comes to."""
    if built.rows is None:
        return built.values
    result = ir.nodes[ir.result].op
    values: list[Value] = []
    for each in built.values:
        if each.name != "num_classes" or each.setting.value != 0:
            values.append(each)
        elif isinstance(result, Linear) and built.layers is not None:
            place = built.layers.reading.position
            values.append(Value("num_classes", Setting(result.out_features, "table", place)))
    return tuple(values)


def _table_module(name: str) -> str:
    return f"{name}_table"


def _unbuildable(name: str, error: ArchitectureError, built: Built, vault: Vault) -> Diagnostic:
    return diagnostic(
        "NT414",
        _error_place(built, error, vault),
        f"{name} cannot be built: {error.message}",
        found=error.found,
        expected=error.expected,
        hint=error.hint,
    )


def _refuse(built: Built, name: str, module: str, vault: Vault, result: _Result) -> None:
    source = next(iter(_sources((built,), vault)))
    errors = tuple(each for each in built.problems if each.severity is Severity.ERROR)
    modules = {module}
    if built.unit.family == name and built.layers is not None and built.network is not None:
        modules = {built.network.module, _table_module(name)}
    for each in sorted(modules):
        result.refused.append(Refused(name, each, source, errors))


def _error_place(built: Built, error: ArchitectureError, vault: Vault) -> Position:
    """Where to send the user: the value at fault, else the section."""
    for each in built.values:
        if each.name == error.field and each.setting.position is not None:
            return each.setting.position
    mine = [each for each in built.values if each.setting.position is not None]
    spoken = set(re.findall(r"\w+", f"{error.message} {error.expected}"))
    at_fault = [each for each in mine if each.name in spoken] or mine
    if at_fault and (len(mine) == 1 or at_fault is not mine):
        position = at_fault[-1].setting.position
        assert position is not None
        return position
    return _position(vault.notes[built.unit.path], built.unit.section)


def _sources(sharing: Sequence[Built], vault: Vault) -> Iterator[Source]:
    for built in sharing:
        note = vault.notes[built.unit.path]
        for index in built.unit.sources:
            number = note.sections[index].heading
            heading = None if number is None else note.headings[number]
            yield Source(
                path=note.path,
                section=index,
                heading=note.title if heading is None else heading.plain,
                slug="" if heading is None else heading.slug,
                line=1 if heading is None else heading.position.line,
                title=note.title,
            )


def _heading_text(note: Note, section: int) -> str:
    number = note.sections[section].heading
    return note.title if number is None else note.headings[number].plain


def _position(note: Note, section: int) -> Position:
    number = note.sections[section].heading
    return Position(note.path) if number is None else note.headings[number].position
