"""The vault's graph and the families to a :class:`VaultMapping`: the whole stage on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from generator.architectures.model import Family
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.graph.model import Graph
from generator.mapping.assemble import assemble
from generator.mapping.blocks import Block
from generator.mapping.built import Built, Vault
from generator.mapping.decide import NoteMap, decide_note
from generator.mapping.lexicon import Lexicon, build_lexicon
from generator.mapping.model import Decision, VaultMapping
from generator.mapping.rows import section_layers
from generator.mapping.settings import canonical
from generator.mapping.statements import Surroundings, note_subject
from generator.mapping.suggest import near_names, nearest
from generator.notes.model import Note
from generator.vault.model import Config


def map_vault(graph: Graph, families: tuple[Family, ...], *, config: Config) -> VaultMapping:
    """Decide what every section of the vault is, and build the architectures they describe.

    Never raises for what notes say: whatever is wrong is in the diagnostics, and a section that
    names an architecture but cannot be built is in ``refused``. Time is linear in the notes' size.
    """
    lexicon = build_lexicon(families, config.names)
    maps = _decide(graph, lexicon)
    mapped = {path: each for path, each in maps.items() if not _closed(graph, path)}
    vault = Vault(graph.notes, mapped, lexicon, config, graph.snapshot.texts)
    assembly = assemble(vault)
    found = list(assembly.diagnostics)
    found.extend(each for path in sorted(mapped) for each in mapped[path].diagnostics)
    found.extend(_configuration(config, lexicon))
    built = {(each.unit.path, each.unit.section): each for each in assembly.built}
    decisions = tuple(
        _with_variant(each, built) for path in sorted(maps) for each in maps[path].decisions
    )
    return VaultMapping(
        decisions=decisions,
        architectures=assembly.architectures,
        refused=assembly.refused,
        families=families,
        diagnostics=tuple(sorted(dict.fromkeys(found), key=Diagnostic.sort_key)),
    )


def _with_variant(decision: Decision, built: dict[tuple[str, int], Built]) -> Decision:
    """The decision with the variant that fields, heading, prose or the default gave in the end."""
    network = built.get((decision.path, decision.section))
    if network is None or network.variant is None or network.unit.family != decision.family:
        return decision
    reason = decision.reason
    if network.variant_reason:
        reason += f"; {network.variant.name}: {network.variant_reason}"
    return replace(decision, variant=network.variant.name, reason=reason)


def _decide(graph: Graph, lexicon: Lexicon) -> dict[str, NoteMap]:
    near = near_names(dict.fromkeys(name for name, _ in lexicon.spellings()))

    @cache
    def subject(path: str) -> str | None:
        note = graph.notes.get(path)
        return None if note is None or _closed(graph, path) else note_subject(note, lexicon)

    def has_rows(
        note: Note, section: int, blocks: Sequence[Block], family: str | None, explicit: bool
    ) -> bool:
        known = lexicon.families[family] if family else None
        return section_layers(note, (section,), blocks, known, explicit=explicit) is not None

    around = Surroundings(lexicon, near, (), subject, has_rows)
    return {
        path: decide_note(
            graph.notes[path],
            replace(around, destinations=graph.destinations[path], closed=_closed(graph, path)),
        )
        for path in sorted(graph.notes)
    }


def _closed(graph: Graph, path: str) -> str:
    """Why nothing may be generated from a note, "" if something may.

    An unpublished note leaves no byte in any output, so it cannot define a model either.
    """
    if path not in graph.mapped:
        return "unmapped"
    return "" if path in graph.published else "unpublished"


def _configuration(config: Config, lexicon: Lexicon) -> list[Diagnostic]:
    """What the configuration says about architectures that do not exist."""
    found: list[Diagnostic] = []
    path = config.path or "notetorch.toml"
    for family in sorted({*config.names, *config.values}):
        if family not in lexicon.families:
            near = nearest(family, lexicon.families)
            lines = [
                line for key, line in config.value_lines.items() if key.startswith(f"{family}.")
            ]
            found.append(
                diagnostic(
                    "NT413",
                    Position(path, min(lines, default=1)),
                    f"there is no architecture {family!r}",
                    found=family,
                    expected=", ".join(lexicon.families),
                    hint=f"did you mean {near!r}?" if near else "",
                )
            )
            continue
        known = {
            canonical(spelling): parameter.name
            for network in lexicon.families[family].networks
            for parameter in network.parameters
            for spelling in (parameter.name, *parameter.aliases)
        }
        for key in sorted(config.values.get(family, {})):
            if canonical(key) not in known:
                near = nearest(canonical(key), known)
                found.append(
                    diagnostic(
                        "NT407",
                        Position(path, config.value_lines.get(f"{family}.{key}", 1)),
                        f"[values.{family}] sets {key!r}, which is no parameter",
                        found=key,
                        expected=", ".join(sorted(set(known.values()))),
                        hint=f"did you mean {near!r}?" if near else "",
                    )
                )
    return found
