"""Why something is what it is, in lines of plain text: for ``notetorch explain TARGET``.

TARGET is a note, ``note#heading``, a model, or ``model.parameter``.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.architectures.model import Parameter
from generator.architectures.parameters import expected
from generator.architectures.tables import read_table, why_ordinary
from generator.graph.model import Graph
from generator.mapping.lexicon import build_lexicon
from generator.mapping.model import (
    Architecture,
    Decision,
    Outcome,
    Refused,
    Setting,
    Value,
    VaultMapping,
)
from generator.mapping.own import OWN_PARAMETERS
from generator.mapping.settings import canonical
from generator.mapping.suggest import nearest
from generator.notes.keys import heading_key
from generator.notes.model import Note

_NEAR = 0.5  # Jaro-Winkler similarity from which another family is worth naming
_LEVELS = {
    "family": "the family's default",
    "variant": "the variant",
    "config": "the configuration",
    "frontmatter": "front matter",
    "container": "a field of the collection around it",
    "field": "a field",
    "table": "a layer table",
    "block": "a notetorch block",
}


def explain(mapping: VaultMapping, graph: Graph, target: str) -> tuple[str, ...]:
    """Explain a note, a heading, a model or a model's parameter; empty if nothing is called so.

    Names are found in any letter case: a model by its name or module, a note by its path, file
    name, title or alias. Where both exist, both are explained. What is neither is looked for among
    the headings of all notes.
    """
    target = target.strip()
    lines = [*_model(mapping, target)]
    note, _, heading = target.partition("#")
    for path in _notes(graph, note):
        if heading:
            lines.extend(_heading(mapping, graph, path, heading))
        else:
            lines.extend(_note(mapping, graph, path))
    if not lines:
        heading = target if note else heading
        for path in sorted(graph.notes):
            lines.extend(_heading(mapping, graph, path, heading))
    return tuple(lines)


def like(mapping: VaultMapping, graph: Graph, target: str) -> str:
    """Give what can be explained and is nearest to a target that cannot; "" if nothing is near."""
    names = {each.name for each in mapping.architectures}
    networks = [each for family in mapping.families for each in family.networks]
    names |= {variant.name for network in networks for variant in network.variants}
    names |= {note.stem for note in graph.notes.values()}
    names |= {each.text for each in mapping.decisions if each.level}
    return nearest(target.strip(), sorted(names))


# ------------------------------------------------------------------ notes and headings


def _notes(graph: Graph, name: str) -> list[str]:
    name = name.strip().strip("/")
    if not name:
        return []
    if name in graph.notes:
        return [name]
    if f"{name}.md" in graph.notes:
        return [f"{name}.md"]
    wanted = name.casefold().removesuffix(".md")
    by_path = [path for path in graph.notes if path.casefold().removesuffix(".md") == wanted]
    if by_path:
        return sorted(by_path)
    return sorted(
        path
        for path, note in graph.notes.items()
        if wanted in (note.stem.casefold(), note.title.casefold())
        or any(wanted == alias.casefold() for alias in note.aliases)
    )


def _note(mapping: VaultMapping, graph: Graph, path: str) -> Iterator[str]:
    yield path
    for each in mapping.decisions:
        if each.path == path:
            yield from _decision(mapping, graph, each, details=each.outcome is not Outcome.NONE)
    for refused in mapping.refused:
        if refused.source.path == path:
            yield from _refused(refused)


def _heading(mapping: VaultMapping, graph: Graph, path: str, heading: str) -> Iterator[str]:
    note = graph.notes[path]
    parts = [heading_key(part) for part in heading.split("#") if heading_key(part)]
    for each in mapping.decisions:
        if each.path == path and each.level and parts and _matches(note, each, parts):
            yield f"{path}#{each.text}"
            yield from _decision(mapping, graph, each, details=True)
            for architecture in mapping.architectures:
                if any(
                    source.path == path and source.section == each.section
                    for source in architecture.sources
                ):
                    yield ""
                    yield from _architecture(architecture)
            for refused in mapping.refused:
                if refused.source.path == path and refused.source.section == each.section:
                    yield from _refused(refused)


def _matches(note: Note, decision: Decision, parts: list[str]) -> bool:
    """Whether the last part is the section's heading and the others stand above it, in order."""
    section: int | None = decision.section
    waiting = list(reversed(parts))
    first = True
    while section is not None and waiting:
        number = note.sections[section].heading
        key = heading_key(note.headings[number].text) if number is not None else ""
        if key == waiting[0]:
            waiting.pop(0)
        elif first:
            return False
        first = False
        section = note.sections[section].parent
    return not waiting


def _decision(
    mapping: VaultMapping, graph: Graph, decision: Decision, *, details: bool
) -> Iterator[str]:
    name = decision.text if decision.level else f"(the note) {decision.text}"
    what = decision.outcome.value
    if decision.family:
        what += (
            f" of {decision.family}" if decision.outcome is Outcome.PART else f" {decision.family}"
        )
    if decision.variant:
        what += f" ({decision.variant})"
    yield f"  line {decision.line}: {name}"
    yield f"    {what} — {decision.rule}: {decision.reason}"
    if not details:
        return
    if decision.used:
        yield f"    tokens used: {', '.join(decision.used)}"
    if decision.leftover:
        yield f"    left over: {', '.join(decision.leftover)}"
    rejected = decision.rejected or _nearest_other(mapping, decision)
    if rejected:
        yield f"    nearest rejected: {rejected}"
    note = graph.notes[decision.path]
    section = note.sections[decision.section]
    family = next((each for each in mapping.families if each.name == decision.family), None)
    for table in note.tables:
        if table.section == decision.section and read_table(table, family, explicit=False) is None:
            why = why_ordinary(table)
            yield from [f"    table on line {table.position.line}: {why}"] if why else []
    for each in mapping.diagnostics:
        inside = section.line <= each.position.line <= section.own_end_line
        if each.position.path == decision.path and inside:
            yield f"    {each.severity.value} {each.code} line {each.position.line}: {each.message}"
            if each.hint:
                yield f"      {each.hint}"


def _nearest_other(mapping: VaultMapping, decision: Decision) -> str:
    """The family that the section's text comes nearest to, beside the one it has, with the name."""
    spellings = {
        name: family
        for name, family in build_lexicon(mapping.families).spellings()
        if family != decision.family
    }
    near = nearest(decision.text, sorted(spellings), least=_NEAR)
    return f"{spellings[near]}, for its name {near!r}" if near else ""


def _refused(refused: Refused) -> Iterator[str]:
    yield f"  {refused.name} is not built; what was generated before is kept:"
    for each in refused.diagnostics:
        expected = f" (expected {each.expected})" if each.expected else ""
        yield f"    {each.code} {each.position}: {each.message}{expected}"


# ------------------------------------------------------------------ models


def _model(mapping: VaultMapping, target: str) -> Iterator[str]:
    name, _, parameter = target.casefold().partition(".")
    found = [each for each in mapping.architectures if each.name.casefold() == name] or [
        each for each in mapping.architectures if each.module.casefold() == name
    ]
    for architecture in found:
        if parameter:
            yield from _parameter(architecture, parameter)
        else:
            yield from _architecture(architecture)
    for refused in mapping.refused:
        if refused.name == name:
            yield from _refused(refused)
    if not found:
        yield from _published(mapping, name, parameter)


def _published(mapping: VaultMapping, name: str, parameter: str) -> Iterator[str]:
    """A named variant: always the published form, whatever notes say."""
    for family in mapping.families:
        found = family.variant(name)
        if found is None:
            continue
        network, variant = found
        if not parameter:
            yield f"{variant.name}: {variant.doc}"
            yield f"  a published form of {family.title}"
            yield f"  class {network.class_name}, module {network.module}"
            yield "  notes never change it; the notes' own network is " + family.name
        for each in network.parameters:
            if not parameter or canonical(parameter) == canonical(each.name):
                value = variant.params.get(each.name, each.default)
                yield f"  {each.name} = {_shown(value)} — {each.doc}; {expected(each)}"


def _architecture(architecture: Architecture) -> Iterator[str]:
    yield f"{architecture.name} (module {architecture.module})"
    if architecture.family is not None:
        start = "the published form" if not architecture.changed else "changed by the notes from"
        yield f"  {architecture.family.title}: {start} {architecture.variant}"
    else:
        yield "  an architecture of the note's own, defined by its layers"
    for number, source in enumerate(architecture.sources):
        where = f"{source.path}:{source.line} {source.heading}"
        yield f"  {'from' if number == 0 else 'also'} {where}"
    if architecture.rows is not None:
        yield f"  layers: {len(architecture.rows)} rows of the note's own"
    for value in architecture.values:
        yield from _value(architecture, value)
    if architecture.train:
        entries = ", ".join(f"{key} = {_shown(each)}" for key, each in architecture.train.items())
        yield f"  train: {entries}"


def _parameter(architecture: Architecture, name: str) -> Iterator[str]:
    parameters = _parameters(architecture)
    wanted = canonical(name)
    for each in parameters:
        if wanted in (canonical(each.name), *(canonical(alias) for alias in each.aliases)):
            yield f"{architecture.name}.{each.name}"
            for value in architecture.values:
                if value.name == each.name:
                    yield from _value(architecture, value)
            if each.aliases:
                yield f"    also written: {', '.join(each.aliases)}"
            yield f"    default: {_shown(each.default)}"
            return
    near = nearest(wanted, [each.name for each in parameters])
    yield f"{architecture.name} has no parameter {name!r}"
    if near:
        yield f"  did you mean {near!r}?"
    yield f"  it has {', '.join(each.name for each in parameters)}"


def _parameters(architecture: Architecture) -> tuple[Parameter, ...]:
    return architecture.network.parameters if architecture.network else OWN_PARAMETERS


def _value(architecture: Architecture, value: Value) -> Iterator[str]:
    parameter = next((each for each in _parameters(architecture) if each.name == value.name), None)
    yield f"  {value.name} = {_shown(value.setting.value)} from {_where(value.setting)}"
    if parameter is not None:
        yield f"    {parameter.doc}; {expected(parameter)}"
    for shadowed in value.shadowed:
        yield f"    shadows {_shown(shadowed.value)} from {_where(shadowed)}"


def _where(setting: Setting) -> str:
    level = _LEVELS.get(setting.level, setting.level)
    if setting.level == "variant" and setting.text:
        return f"{level} {setting.text}"
    return level if setting.position is None else f"{level} at {setting.position}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        if value and not isinstance(value[0], int | float | str):
            return f"{len(value)} rows"
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
